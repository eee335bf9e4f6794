"""Word, Excel and PowerPoint files of before 2007: what they are, and what in them acts by itself."""

import io
import re
import struct
from collections.abc import Iterator

import olefile

from documents.kinds import Media, Unfit, UnfitKind
from documents.references import check_field

_MAIN = {
    "worddocument": Media.DOC,
    "workbook": Media.XLS,
    "book": Media.XLS,
    "powerpoint document": Media.PPT,
}

_FIELD = re.compile(r"\x13([^\x13-\x15]{1,2000})")
"""What a field of a Word document says."""

FILE_PASS, BOUND_SHEET, SUP_BOOK = 0x002F, 0x0085, 0x01AE
"""Records of a workbook: it is encrypted; a sheet and its kind; a link."""
MACRO_SHEET, VISUAL_BASIC = 1, 6
CRYPTED, VBA_INFO, CONTROL = 0x2F14, 0x03FF, 0x0FEE
"""Records of a presentation: it is encrypted; it has macros; it has a control."""


def check(content: bytes) -> Media:
    """The kind of an old Office file in which nothing acts by itself. Unfit."""
    ole = _opened(content)
    paths = ["/".join(path).lower() for path in ole.listdir(streams=True, storages=True)]
    media = next((_MAIN[path] for path in paths if path in _MAIN), None)
    if "encryptedpackage" in paths:
        raise Unfit(UnfitKind.ENCRYPTED)
    if media is None:
        raise Unfit(UnfitKind.UNKNOWN_KIND)
    check_streams(paths)
    look = {Media.DOC: _check_document, Media.XLS: _check_workbook, Media.PPT: _check_slides}[media]
    # There may be several, and programs differ in which they open.
    for path in ole.listdir():
        if _MAIN.get("/".join(path).lower()) is media:
            look(_read(ole, path))
    return media


def check_embedded(content: bytes) -> None:
    """An object within another file: of any kind, but nothing that acts by itself. Unfit."""
    check_streams(["/".join(path).lower() for path in _opened(content).listdir(streams=True, storages=True)])


def check_streams(paths: list[str]) -> None:
    """Refuse macros, controls and packed files by the names of the streams. Unfit."""
    for name in (name for path in paths for name in path.split("/")):
        if name in {"macros", "vba", "_vba_project", "_vba_project_cur", "vba_project_cur"}:
            raise Unfit(UnfitKind.MACRO)
        if name.lstrip("\x01\x03") in {"ocxname", "ocxdata", "ocxinfo"}:
            raise Unfit(UnfitKind.SCRIPT)
        if name in {"\x01ole10native", "equation native", "package"}:
            raise Unfit(UnfitKind.EMBEDDED)


def _opened(content: bytes) -> olefile.OleFileIO:
    try:
        return olefile.OleFileIO(io.BytesIO(content))
    except (OSError, ValueError, IndexError, struct.error, RecursionError, TypeError):
        raise Unfit(UnfitKind.BROKEN) from None


def _read(ole: olefile.OleFileIO, path: list[str]) -> bytes:
    try:
        found: bytes = ole.openstream(path).read()
    except (OSError, ValueError, IndexError, struct.error, TypeError):
        raise Unfit(UnfitKind.BROKEN) from None
    return found


def _check_document(stream: bytes) -> None:
    if len(stream) < 12:
        raise Unfit(UnfitKind.BROKEN)
    (flags,) = struct.unpack_from("<H", stream, 10)
    if flags & 0x0100:
        raise Unfit(UnfitKind.ENCRYPTED)
    wide = (stream[odd:].decode("utf-16-le", errors="replace") for odd in (0, 1))
    for text in (stream.decode("latin-1"), *wide):
        for field in _FIELD.finditer(text):
            check_field(field[1])


def _check_workbook(stream: bytes) -> None:
    for kind, body in _biff(stream):
        if kind == FILE_PASS:
            raise Unfit(UnfitKind.ENCRYPTED)
        if kind == BOUND_SHEET and len(body) > 5 and body[5] in (MACRO_SHEET, VISUAL_BASIC):
            raise Unfit(UnfitKind.MACRO)
        if kind == SUP_BOOK and _is_dde(body):
            raise Unfit(UnfitKind.EXTERNAL)


def _is_dde(body: bytes) -> bool:
    """Whether a link names an application and a topic; one to a workbook begins with a sign of its own."""
    if len(body) < 6:
        return False
    text = body[5:].decode("utf-16-le" if body[4] & 1 else "latin-1", errors="replace")
    return text[0] > "\x02" and "\x03" in text


def _biff(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _check_slides(stream: bytes) -> None:
    """Records lie within records: those that hold others are gone into by reading on."""
    at = 0
    while at + 8 <= len(stream):
        version, kind, length = struct.unpack_from("<HHI", stream, at)
        if kind == CRYPTED:
            raise Unfit(UnfitKind.ENCRYPTED)
        if kind == VBA_INFO:
            raise Unfit(UnfitKind.MACRO)
        if kind == CONTROL:
            raise Unfit(UnfitKind.SCRIPT)
        at += 8 if version & 0xF == 0xF else 8 + length
