"""Zip archives and the Office files that are such: how large they would become, what they are, what in them acts by itself."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree import ElementTree

from documents.kinds import OLE_START, Media, Unfit, UnfitKind

MOST_INFLATED = 100 * 1024 * 1024
STEEPEST = 200
"""How many times its size a file in an archive may grow, beyond STEEP_FROM bytes."""
STEEP_FROM = 1024 * 1024
MOST_MEMBERS = 5_000

_PKG = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"

_MAIN = {
    "wordprocessingml.document.main+xml": Media.DOCX,
    "spreadsheetml.sheet.main+xml": Media.XLSX,
    "presentationml.presentation.main+xml": Media.PPTX,
    "presentationml.slideshow.main+xml": Media.PPTX,
}
_MACRO_TYPES = re.compile(r"macroenabled|vbaproject|vbadata|macrosheet|dialogsheet|keymapcustomizations", re.I)
_ACTIVE_TYPES = re.compile(r"activex|ms-office\.webextension|vnd\.ms-office\.customui", re.I)
_MACRO_PARTS = re.compile(r"(?:^|/)(?:vba[^/]*\.bin|vbaData\.xml|macrosheets/|dialogsheets/)", re.I)
_ACTIVE_PARTS = re.compile(r"(?:^|/)(?:activeX/|webextensions/)", re.I)

_EXTERNAL_ALLOWED = frozenset({"hyperlink", "externalLinkPath"})
"""What may lie outside: an address to click on, and the workbook that a formula was taken from."""
_LINKS = frozenset({"", "http", "https", "mailto", "tel", "ftp"})
_WEB_PARTS = frozenset({"aFChunk", "subDocument", "frame"})

_FIELDS = frozenset({
    "DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "INCLUDE", "IMPORT", "LINK", "RD", "DATABASE", "MACROBUTTON",
    "QUOTE",
})  # fmt: skip
"""Fields of a Word document that fetch, or run, what lies elsewhere."""
_LINK_FIELD = re.compile(r'\s*HYPERLINK\s+"?([^"\s]+)', re.I)
_TEXT_PARTS = re.compile(r"^word/[^/]+\.xml$|^ppt/(?:slides|slideLayouts|slideMasters)/[^/]+\.xml$", re.I)


_DECLARATION = re.compile(rb"<!(?!--|\[CDATA\[)")


class Archive:
    """A zip archive whose directory was looked over; its members are read one by one, none beyond its stated size."""

    def __init__(self, content: bytes) -> None:
        """Unfit: it is no archive, it would become too large, or it is encrypted."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            self.members = [info for info in self._zip.infolist() if not info.is_dir()]
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error, UnicodeError):
            raise Unfit(UnfitKind.UNKNOWN_KIND) from None
        steep = any(
            m.file_size > STEEP_FROM and m.file_size > STEEPEST * max(1, m.compress_size) for m in self.members
        )
        if len(self.members) > MOST_MEMBERS or sum(m.file_size for m in self.members) > MOST_INFLATED or steep:
            raise Unfit(UnfitKind.ARCHIVE_BOMB)
        if any(m.flag_bits & 1 for m in self.members):
            raise Unfit(UnfitKind.ENCRYPTED)
        self.names = {info.filename.replace("\\", "/"): info for info in self.members}

    def read(self, info: zipfile.ZipInfo) -> bytes:
        """A member's bytes. Unfit where they are not what the directory says."""
        try:
            return self._zip.read(info)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            ValueError,
            NotImplementedError,
            EOFError,
            struct.error,
        ):
            raise Unfit(UnfitKind.BROKEN, info.filename) from None

    def xml(self, info: zipfile.ZipInfo) -> ElementTree.Element:
        """A part that is XML. Unfit where it is none, or brings a document type of its own."""
        content = self.read(info)
        if b"\0" in content or _DECLARATION.search(content):
            raise Unfit(UnfitKind.BROKEN)
        try:
            return ElementTree.fromstring(content)  # noqa: S314  no document type, hence no entities
        except (ElementTree.ParseError, ValueError, LookupError):
            raise Unfit(UnfitKind.BROKEN) from None


def is_office(archive: Archive) -> bool:
    """Whether an archive is meant to be an Office file."""
    return "[Content_Types].xml" in archive.names


def check_office(archive: Archive) -> Media:
    """The kind of an Office file in which nothing acts by itself. Unfit."""
    if len(archive.names) != len(archive.members):
        raise Unfit(UnfitKind.BROKEN)
    media = _main(_content_types(archive))
    check_parts(archive)
    if media is None:
        raise Unfit(UnfitKind.UNKNOWN_KIND)
    return media


def _main(types: list[str]) -> Media | None:
    return next((media for kind in types for end, media in _MAIN.items() if kind.endswith(end)), None)


def _content_types(archive: Archive) -> list[str]:
    info = archive.names.get("[Content_Types].xml")
    if info is None:
        return []
    root = archive.xml(info)
    return [
        element.get("ContentType", "")
        for element in root
        if element.tag in (f"{_TYPES}Override", f"{_TYPES}Default")
    ]


def check_parts(archive: Archive) -> None:
    """Refuse an Office file with macros, controls, scripts, or references to what lies elsewhere. Unfit."""
    types = _content_types(archive)
    if any(map(_MACRO_TYPES.search, types)) or any(map(_MACRO_PARTS.search, archive.names)):
        raise Unfit(UnfitKind.MACRO)
    if any(map(_ACTIVE_TYPES.search, types)) or any(map(_ACTIVE_PARTS.search, archive.names)):
        raise Unfit(UnfitKind.SCRIPT)
    for name, info in archive.names.items():
        low = name.lower()
        if low.endswith(".rels"):
            _check_relations(archive.xml(info))
        elif _TEXT_PARTS.match(name):
            _check_text(archive.xml(info))
        elif re.match(r"xl/externallinks/[^/]+\.xml$", low):
            _check_links(archive.xml(info))


def _check_relations(root: ElementTree.Element) -> None:
    for relation in root.iter(f"{_PKG}Relationship"):
        kind = relation.get("Type", "").rstrip("/").rpartition("/")[2]
        if kind in _WEB_PARTS:
            raise Unfit(UnfitKind.EMBEDDED)
        if kind.lower() in {"vbaproject", "wordvbadata", "xlmacrosheet", "xlintlmacrosheet"}:
            raise Unfit(UnfitKind.MACRO)
        if relation.get("TargetMode", "").strip().lower() != "external":
            continue
        if kind not in _EXTERNAL_ALLOWED:
            raise Unfit(UnfitKind.EXTERNAL)
        if kind == "hyperlink":
            _check_link(relation.get("Target", ""))


def _check_link(target: str) -> None:
    """An address to click on leads to a page or a mailbox, not to a file or a script."""
    target = "".join(sign for sign in target if sign > " ")
    try:
        scheme = urlsplit(target).scheme.lower()
    except ValueError:
        scheme = "?"
    if scheme not in _LINKS or target.startswith(("\\\\", "//")):
        raise Unfit(UnfitKind.EXTERNAL)


def _check_text(root: ElementTree.Element) -> None:
    """The fields of a Word part, and the actions of a slide."""
    for code in _field_codes(root):
        if (code.split() or [""])[0].upper() in _FIELDS:
            raise Unfit(UnfitKind.EXTERNAL)
        link = _LINK_FIELD.match(code)
        if link is not None:
            _check_link(link[1])
    for element in root.iter():
        action = element.get("action", "").strip().lower()
        if action.startswith(("ppaction://program", "ppaction://macro", "ppaction://ole")):
            raise Unfit(UnfitKind.PROGRAM)


def _field_codes(root: ElementTree.Element) -> Iterator[str]:
    """What each field says: whole ones, and those that are spread over runs and into one another."""
    opened: list[list[str]] = []
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "fldSimple":
            yield next((value for key, value in element.items() if key.endswith("}instr")), "")
        elif tag == "fldChar":
            kind = next((value for key, value in element.items() if key.endswith("}fldCharType")), "")
            if kind == "begin":
                opened.append([])
            elif kind == "end" and opened:
                yield "".join(opened.pop())
        elif tag in {"instrText", "delInstrText"}:
            if not opened:
                opened.append([])
            opened[-1].append(element.text or "")
    yield from ("".join(code) for code in opened)


def _check_links(root: ElementTree.Element) -> None:
    if any(element.tag.rpartition("}")[2] in {"ddeLink", "oleLink"} for element in root.iter()):
        raise Unfit(UnfitKind.EXTERNAL)


def check_workbook(content: bytes) -> None:
    """Refuse a workbook that must not be opened, and what is none. Unfit."""
    if content.startswith(OLE_START):
        encrypted = "EncryptedPackage".encode("utf-16-le") in content
        raise Unfit(UnfitKind.ENCRYPTED if encrypted else UnfitKind.UNKNOWN_KIND)
    archive = Archive(content)
    # Some programs pack the parts in other letters, or at the root.
    if not any(name.rpartition("/")[2].casefold() == "workbook.xml" for name in archive.names):
        raise Unfit(UnfitKind.UNKNOWN_KIND)
    check_parts(archive)
