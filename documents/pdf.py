"""PDF files: whole, unlocked, and with nothing in them that acts by itself."""

import io
import re
from typing import Any

import pypdf.filters  # noqa: F401  otherwise loaded with the first compressed stream
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from documents.kinds import Unfit, UnfitKind, has_markup
from documents.references import check_link

_HEAD = re.compile(rb"%PDF-[12]\.\d")
_END = re.compile(rb"startxref\s+\d+\s*%%EOF\s*\Z")
_TAIL = 2048
_HEAD_LENGTH = 1024
"""Where a browser looks for what a file is."""

_KEYS = {
    "/JS": UnfitKind.SCRIPT,
    "/JavaScript": UnfitKind.SCRIPT,
    "/XFA": UnfitKind.SCRIPT,
    "/RichMediaContent": UnfitKind.SCRIPT,
    "/RichMediaSettings": UnfitKind.SCRIPT,
    "/EF": UnfitKind.EMBEDDED,
    "/EmbeddedFiles": UnfitKind.EMBEDDED,
}
_VALUES = {
    "/JavaScript": UnfitKind.SCRIPT,
    "/Launch": UnfitKind.PROGRAM,
    "/ImportData": UnfitKind.SCRIPT,
    "/SubmitForm": UnfitKind.SCRIPT,
    "/Rendition": UnfitKind.SCRIPT,
    "/RichMedia": UnfitKind.SCRIPT,
    "/RichMediaExecute": UnfitKind.SCRIPT,
    "/Movie": UnfitKind.EMBEDDED,
    "/Sound": UnfitKind.EMBEDDED,
    "/3D": UnfitKind.EMBEDDED,
    "/GoToR": UnfitKind.EXTERNAL,
    "/Thread": UnfitKind.EXTERNAL,
    "/GoToE": UnfitKind.EMBEDDED,
    "/EmbeddedFile": UnfitKind.EMBEDDED,
    "/FileAttachment": UnfitKind.EMBEDDED,
}
"""What an action, an annotation or a stream is, by the names under these keys."""
_NAMING = ("/S", "/Type", "/Subtype")
_ACTING_LINKS = ("javascript:", "vbscript:", "data:")
_UNASKED = ("/OpenAction", "/AA")
"""What happens by itself: on opening, on turning a page."""
_HARMLESS = frozenset({"/GoTo", "/Named", "/Hide", "/SetOCGState", "/Trans", "/GoTo3DView"})
"""Actions that stay within the document."""
_DEEPEST = 200


def prepare() -> None:
    """Have the library load what it loads when it is first needed."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Title": "一"})
    writer.write(out)
    check(out.getvalue())


def check(content: bytes) -> None:
    """Refuse a PDF that is broken or locked, or that holds a script, an attachment or a call to run something. Unfit."""
    if not _HEAD.match(content) or not _END.search(content[-_TAIL:].rstrip(b"\0 \t\r\n")):
        raise Unfit(UnfitKind.BROKEN)
    if has_markup(content[:_HEAD_LENGTH]):
        raise Unfit(UnfitKind.PROGRAM)
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise Unfit(UnfitKind.ENCRYPTED)
        pages = len(reader.pages)
        _check(reader.trailer)
        for number, generation in _numbers(reader):
            _check(reader.get_object(IndirectObject(number, generation, reader)))
    except (Unfit, MemoryError):
        raise
    except Exception:  # whatever the file does to the library, the answer is that it is broken
        raise Unfit(UnfitKind.ENCRYPTED if b"/Encrypt" in content else UnfitKind.BROKEN) from None
    if not pages:
        raise Unfit(UnfitKind.BROKEN)


def _numbers(reader: PdfReader) -> list[tuple[int, int]]:
    """Every object there is, also one that no page leads to."""
    plain = [(number, generation) for generation, found in reader.xref.items() for number in found if number]
    return [*plain, *((number, 0) for number in reader.xref_objStm)]


def _check(value: Any, depth: int = 0) -> None:
    """Look through what lies within one object; what it refers to is an object of its own."""
    if depth > _DEEPEST:
        raise Unfit(UnfitKind.BROKEN)
    if isinstance(value, DictionaryObject):
        # A stream whose bytes lie in another file, and a drawing that is taken from another document.
        if isinstance(value, StreamObject) and ("/F" in value or "/Ref" in value):
            raise Unfit(UnfitKind.EXTERNAL)
        for key, part in value.items():
            if key in _KEYS:
                raise Unfit(_KEYS[key])
            # What names an action may itself be an object of its own.
            meant = part.get_object() if key in (*_NAMING, "/URI") else None
            if isinstance(meant, NameObject) and meant in _VALUES:
                raise Unfit(_VALUES[meant])
            if key == "/URI" and isinstance(meant, DictionaryObject):
                meant = meant.get("/Base", "")
            if key == "/URI" and str(meant).strip().lower().startswith(_ACTING_LINKS):
                raise Unfit(UnfitKind.SCRIPT)
            if key == "/URI":
                check_link(str(meant))
            if key in _UNASKED:
                _check_unasked(part, depth)
            _check(part, depth + 1)
    elif isinstance(value, ArrayObject):
        for part in value:
            _check(part, depth + 1)


def _check_unasked(value: Any, depth: int) -> None:
    """Refuse an action that nobody asked for and that leaves the document; what follows on one, too."""
    value = value.get_object()
    if depth > _DEEPEST:
        raise Unfit(UnfitKind.BROKEN)
    if isinstance(value, ArrayObject):
        for part in value:
            _check_unasked(part, depth + 1)
    elif isinstance(value, DictionaryObject) and "/S" in value:
        if (action := str(value["/S"])) not in _HARMLESS:
            raise Unfit(_VALUES.get(action, UnfitKind.SCRIPT))
        _check_unasked(value.get("/Next", ArrayObject()), depth + 1)
    elif isinstance(value, DictionaryObject) and "/Type" not in value:
        for part in value.values():
            _check_unasked(part, depth + 1)
