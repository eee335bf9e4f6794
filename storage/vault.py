"""Evidence kept by the hash of its content: looked over before it is kept, written so that it is there whole or not at all."""

import asyncio
import hashlib
import io
import os
import re
import secrets
import struct
import zipfile
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

LARGEST = 20 * 1024 * 1024
"""Bytes of one file, Telegram's own limit for a bot."""

MOST_PIXELS = 50_000_000
MOST_INFLATED = 200 * 1024 * 1024
STEEPEST = 100
"""How many times its size an archive may grow, beyond STEEP_FROM bytes."""
STEEP_FROM = 10 * 1024 * 1024
MOST_MEMBERS = 5_000
LARGEST_NESTED = 1024 * 1024


class UnfitKind(Enum):
    """Why a file is not kept."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    TOO_MANY_PIXELS = "too_many_pixels"
    ARCHIVE_BOMB = "archive_bomb"
    UNKNOWN_KIND = "unknown_kind"


class Unfit(Exception):
    """The file is not kept."""

    def __init__(self, fault: UnfitKind) -> None:
        super().__init__(fault.value)
        self.fault = fault


class Damaged(Exception):
    """The bytes in the vault are not those that were kept."""

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest


class Media(Enum):
    """The kinds of file that are kept; the value is the word on screen."""

    JPEG = "JPEG 图片"
    PNG = "PNG 图片"
    GIF = "GIF 图片"
    WEBP = "WebP 图片"
    BMP = "BMP 图片"
    HEIC = "HEIC 图片"
    PDF = "PDF"
    DOCX = "Word 文档"
    XLSX = "Excel 工作簿"
    PPTX = "演示文稿"
    OLE = "Office 97 文档"
    ZIP = "ZIP 压缩包"
    TEXT = "文本"
    MP4 = "视频"

    @property
    def is_photo(self) -> bool:
        """Whether Telegram shows it as a photo."""
        return self in {Media.JPEG, Media.PNG, Media.WEBP}


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the vault: SHA-256 in hexadecimal, bytes, kind."""

    digest: str
    size: int
    media: Media


def inspect(content: bytes) -> Media:
    """What kind of file it is, from its first bytes and its directory; nothing is unpacked or decoded. Unfit."""
    if not content:
        raise Unfit(UnfitKind.EMPTY)
    if len(content) > LARGEST:
        raise Unfit(UnfitKind.TOO_BIG)
    picture = _picture(content)
    if picture is not None:
        media, width, height = picture
        if width * height > MOST_PIXELS:
            raise Unfit(UnfitKind.TOO_MANY_PIXELS)
        return media
    if content.startswith(b"PK\x03\x04") or content.startswith(b"PK\x05\x06"):
        return _archive(content)
    for start, media in ((b"%PDF-", Media.PDF), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Media.OLE)):
        if content.startswith(start):
            return media
    if content[4:8] == b"ftyp":
        return _boxed(content[8:12])
    if _is_text(content):
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
    while at + 9 <= len(content):
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


def _archive(content: bytes) -> Media:
    """A zip, by its directory alone: how large it would become, and what it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error, UnicodeError):
        raise Unfit(UnfitKind.UNKNOWN_KIND) from None
    total = sum(member.file_size for member in members)
    steep = total > STEEP_FROM and total > STEEPEST * len(content)
    nested = any(
        re.search(r"\.(zip|7z|rar|gz|bz2|xz|tar)$", member.filename.lower())
        and member.file_size > LARGEST_NESTED
        for member in members
    )
    if total > MOST_INFLATED or len(members) > MOST_MEMBERS or steep or nested:
        raise Unfit(UnfitKind.ARCHIVE_BOMB)
    names = {member.filename for member in members}
    for part, media in (("word/", Media.DOCX), ("xl/", Media.XLSX), ("ppt/", Media.PPTX)):
        if "[Content_Types].xml" in names and any(name.startswith(part) for name in names):
            return media
    return Media.ZIP


def _boxed(brand: bytes) -> Media:
    if brand in {b"heic", b"heix", b"mif1", b"msf1", b"hevc"}:
        return Media.HEIC
    if brand in {b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"M4V ", b"qt  "}:
        return Media.MP4
    raise Unfit(UnfitKind.UNKNOWN_KIND)


def _is_text(content: bytes) -> bool:
    head = content[:4096].lstrip(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith((b"<", b"#!", b"{\\rtf", b"mz")):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return all(sign.isprintable() or sign in "\t\r\n　﻿" for sign in text)
    return False


class Vault:
    """A folder of files by their hash."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, content: bytes) -> Stored:
        """Keep a file; when this returns it is on the disk, whole. Unfit where it is not to be kept."""
        media = await asyncio.to_thread(inspect, content)
        digest = await asyncio.to_thread(self._write, content)
        return Stored(digest, len(content), media)

    def _write(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if path.exists() and path.stat().st_size == len(content):
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{digest[:16]}.{secrets.token_hex(4)}")
        try:
            with draft.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        _sync_folder(path.parent)
        return digest

    async def read(self, digest: str) -> bytes | None:
        """A file's bytes, None where there is none. Damaged where they are not what was kept."""
        path = self._path(digest)
        try:
            content = await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError:
            return None
        if hashlib.sha256(content).hexdigest() != digest:
            raise Damaged(digest)
        return content

    def has(self, digest: str, size: int) -> bool:
        """Whether a file is there in its size (bytes); its content is not read. It asks the disk and may block."""
        path = self._path(digest)
        return path.is_file() and path.stat().st_size == size

    def _path(self, digest: str) -> Path:
        if re.fullmatch(r"[0-9a-f]{64}", digest) is None:
            raise ValueError("not a digest")
        return self._folder / digest[:2] / digest


def _sync_folder(folder: Path) -> None:
    """Have the folder's entry of the file on the disk as well."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
