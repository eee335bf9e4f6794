"""What kind of file some bytes are, and why a file is not taken."""

import re
import struct
from enum import Enum

LARGEST = 20 * 1024 * 1024
"""Bytes of one file, Telegram's own limit for a bot."""

MOST_PIXELS = 50_000_000
MOST_PARTS = 50_000
"""Parts of a picture: whole ones have some thousand, and each costs the event loop its time."""
LARGEST_BOX = 4096
"""Bytes of a film's first box: what is there instead of a length is the beginning of something else."""

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF_START = b"%PDF-"


class UnfitKind(Enum):
    """Why a file is not taken; the value says so, and what to do is for whoever asked for it to add."""

    EMPTY = "这个文件是空的"
    TOO_BIG = "文件超过 20 MB"
    TOO_MANY_PIXELS = "图片的像素太大，打不开"
    ARCHIVE_BOMB = "这个文件解开后大得不正常，不能收"
    UNKNOWN_KIND = "不是能收的文件种类"
    BROKEN = "文件不完整，或者已经损坏"
    ENCRYPTED = "文件有密码或使用限制，看不到里面有什么"
    MACRO = "文件里有宏"
    SCRIPT = "文件里有脚本，或会自己执行的内容"
    PROGRAM = "里面有程序、网页或脚本"
    EMBEDDED = "文件里夹带了别的文件"
    EXTERNAL = "文件会引用别处的内容（外部模板、链接的图片或数据、本机路径）"
    TOO_SLOW = "文件太复杂，在规定的时间和内存里检查不完"
    ODD_NAME = "里面的文件名不正常（带路径、控制字符，或是指向别处的快捷方式）"
    NOT_LOOKED_AT = "服务器现在检查不了文件"


class Unfit(Exception):
    """The file is not taken; `member` names the file within it that is the reason, where it is one."""

    def __init__(self, kind: UnfitKind, member: str = "") -> None:
        super().__init__(kind.name)
        self.kind = kind
        self.member = member


class Media(Enum):
    """The kinds of file that are taken; the value is the extension they are kept and sent under."""

    JPEG = "jpg"
    PNG = "png"
    GIF = "gif"
    WEBP = "webp"
    BMP = "bmp"
    HEIC = "heic"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    DOC = "doc"
    XLS = "xls"
    PPT = "ppt"
    ZIP = "zip"
    TEXT = "txt"
    MP4 = "mp4"


EXTENSIONS = {media: frozenset({media.value}) for media in Media} | {
    Media.JPEG: frozenset({"jpg", "jpeg", "jpe", "jfif"}),
    Media.HEIC: frozenset({"heic", "heif"}),
    Media.TEXT: frozenset({"txt", "csv", "log", "md"}),
    Media.MP4: frozenset({"mp4", "m4v", "mov"}),
}
"""The extensions under which such a file may lie in an archive."""

PROGRAMS = frozenset({
    "apk", "app", "asp", "aspx", "bat", "chm", "cmd", "com", "cpl", "dll", "dmg", "exe", "gadget", "hta", "htm", "html",
    "inf", "iso", "jar", "js", "jse", "jsp", "lnk", "mht", "mhtml", "msc", "msi", "msp", "php", "pif", "pl", "ps1",
    "psm1", "py", "rb", "reg", "scf", "scr", "sct", "sh", "shtml", "svg", "swf", "sys", "url", "vb", "vbe", "vbs", "wsf",
    "wsh", "xhtml", "xll", "xml", "xsl",
})  # fmt: skip
"""What a system runs, or a browser opens, by its extension."""

_MARKUP = re.compile(rb"<\s*(?:!doctype|html|head|body|script|iframe|object|hta:|svg|meta|\?php|\?xml|%)", re.I)
"""How pages and scripts begin that hide in a file of another kind."""

PROGRAM_STARTS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"#!",
)
"""How programs begin: Windows, Linux, macOS, Java, scripts."""


def is_program(content: bytes) -> bool:
    """Whether it begins as a program or a page does."""
    return content.startswith(PROGRAM_STARTS) or has_markup(content[:4096])


def has_markup(content: bytes) -> bool:
    """Whether these bytes hold what makes a browser, or Windows' script host, take the file for its own."""
    return _MARKUP.search(content) is not None


def simple(content: bytes, extension: str) -> Media | None:
    """The kind of a file that needs no opening: a picture, a video, a text. None for one that must be opened. Unfit.

    `extension` is that of the name it came under: a script is a text in all but its name.
    """
    if not content:
        raise Unfit(UnfitKind.EMPTY)
    if len(content) > LARGEST:
        raise Unfit(UnfitKind.TOO_BIG)
    picture = _picture(content)
    if picture is not None:
        media, width, height = picture
        if width * height > MOST_PIXELS:
            raise Unfit(UnfitKind.TOO_MANY_PIXELS)
        if not _complete(media, content):
            raise Unfit(UnfitKind.BROKEN)
        return media
    if content.startswith((*ZIP_STARTS, OLE_START, PDF_START)):
        return None
    if content[4:8] == b"ftyp" and 16 <= int.from_bytes(content[:4], "big") <= LARGEST_BOX:
        return _boxed(content[8:12])
    if is_program(content):
        raise Unfit(UnfitKind.PROGRAM)
    if _is_text(content):
        if extension in PROGRAMS:
            raise Unfit(UnfitKind.PROGRAM)
        return Media.TEXT
    raise Unfit(UnfitKind.UNKNOWN_KIND)


def _picture(content: bytes) -> tuple[Media, int, int] | None:
    """Kind, width and height as the header says them; None for no picture. Unfit for a header that says nothing."""
    readers = (
        (b"\x89PNG\r\n\x1a\n", Media.PNG, _png),
        (b"\xff\xd8\xff", Media.JPEG, _jpeg),
        (b"GIF8", Media.GIF, _gif),
        (b"BM", Media.BMP, _bmp),
        (b"RIFF", Media.WEBP, _webp),
    )
    for start, media, reader in readers:
        if content.startswith(start) and not (media is Media.BMP and content[6:10] != b"\0\0\0\0"):
            try:
                size = reader(content)
            except (struct.error, IndexError):
                size = None
            if size is None or min(size) <= 0:
                raise Unfit(UnfitKind.UNKNOWN_KIND)
            return media, *size
    return None


def _png(content: bytes) -> tuple[int, int] | None:
    if content[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", content, 16)
    return width, height


def _gif(content: bytes) -> tuple[int, int] | None:
    if content[:6] not in (b"GIF87a", b"GIF89a"):
        return None
    width, height = struct.unpack_from("<HH", content, 6)
    return width, height


def _bmp(content: bytes) -> tuple[int, int] | None:
    width, height = struct.unpack_from("<ii", content, 18)
    return width, abs(height)


def _webp(content: bytes) -> tuple[int, int] | None:
    if content[8:12] != b"WEBP":
        return None
    kind = content[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", content, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg(content: bytes) -> tuple[int, int] | None:
    at = 2
    for _ in range(MOST_PARTS):
        if at + 9 > len(content):
            break
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF or 0xD0 <= marker <= 0xD9:
            at += 1 if marker == 0xFF else 2
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        (length,) = struct.unpack_from(">H", content, at + 2)
        at += 2 + max(2, length)
    return None


def _complete(media: Media, content: bytes) -> bool:
    """Whether a picture goes on to its end, as far as can be told without decoding it."""
    if media is Media.PNG:
        return _png_is_whole(content)
    if media is Media.JPEG:
        # Telephones put more behind the end: a second picture, a short film.
        return b"\xff\xda" in content and content.rfind(b"\xff\xd9") > content.find(b"\xff\xda")
    if media is Media.GIF:
        return b";" in content[13:]
    if media is Media.WEBP:
        return int.from_bytes(content[4:8], "little") + 8 <= len(content) + 1
    return int.from_bytes(content[10:14], "little") < len(content)


def _png_is_whole(content: bytes) -> bool:
    at, has_pixels = 8, False
    for _ in range(MOST_PARTS):
        if at + 12 > len(content):
            break
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        at += 12 + length
        if kind == b"IEND":
            return has_pixels
        has_pixels = has_pixels or kind == b"IDAT"
    return False


def _boxed(brand: bytes) -> Media:
    if brand in {b"heic", b"heix", b"mif1", b"msf1", b"hevc"}:
        return Media.HEIC
    if brand in {b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"M4V ", b"qt  "}:
        return Media.MP4
    raise Unfit(UnfitKind.UNKNOWN_KIND)


_LAYOUT = "\t\r\n\u3000\ufeff"


def _is_text(content: bytes) -> bool:
    if content.lstrip(b"\xef\xbb\xbf").lstrip().lower().startswith((b"<", b"{\\rtf")):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # All in C: twenty million signs one by one would hold the event loop for seconds.
        for sign in _LAYOUT:
            text = text.replace(sign, "")
        return text.isprintable()
    return False
