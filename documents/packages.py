"""Zip archives and the Office files that are such: how large they would become, what they are, what in them acts by itself."""

import codecs
import io
import re
import struct
import zipfile
import zlib
from xml.etree import ElementTree
from zipfile import ZipInfo

from documents.kinds import OLE_START, PDF_START, PROGRAM_STARTS, ZIP_STARTS, Media, Unfit, UnfitKind
from documents.references import LINKS, check_field, check_formula, check_link

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
_FILE_LINKS = frozenset({"", "file"})
_WEB_PARTS = frozenset({"aFChunk", "subDocument", "frame"})
_MACRO_RELATIONS = frozenset({
    "vbaproject", "wordvbadata", "xlmacrosheet", "xlintlmacrosheet", "keymapcustomizations",
})  # fmt: skip
_ACTIVE_RELATIONS = frozenset({"control", "activexcontrolbinary", "webextension", "taskpanes", "extensibility"})

_ELSEWHERE = frozenset(
    {"ddeLink", "oleLink", "connection", "webPr", "dbPr", "olapPr", "mailMerge", "DataMashup"}
)
"""Elements by which a workbook or a document fetches data, or has another program bring them."""
_FORMULAS = frozenset({
    "f", "definedName", "formula", "formula1", "formula2", "calculatedColumnFormula", "totalsRowFormula",
})  # fmt: skip
_CODES = frozenset({"instrText", "delInstrText"})
_ACTING_SPACES = ("", "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xhtml}")


_DECLARATION = re.compile(rb"<!(?!--|\[CDATA\[)")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ACTIONS = ("ppaction://program", "ppaction://macro", "ppaction://ole")
_NOWHERE = frozenset({""})


class Archive:
    """A zip archive whose directory was looked over; its members are read one by one, none beyond its stated size."""

    def __init__(self, content: bytes) -> None:
        """Unfit: it is no archive, it would become too large, or it is encrypted."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            self.members = [info for info in self._zip.infolist() if not info.is_dir()]
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error, UnicodeError):
            raise Unfit(UnfitKind.UNKNOWN_KIND) from None
        # What stands before the first member may be another archive, which other programs would open instead.
        if min((info.header_offset for info in self._zip.infolist()), default=0):
            raise Unfit(UnfitKind.BROKEN)
        steep = any(
            m.file_size > STEEP_FROM and m.file_size > STEEPEST * max(1, m.compress_size) for m in self.members
        )
        if len(self.members) > MOST_MEMBERS or sum(m.file_size for m in self.members) > MOST_INFLATED or steep:
            raise Unfit(UnfitKind.ARCHIVE_BOMB)
        if any(m.flag_bits & 1 for m in self.members):
            raise Unfit(UnfitKind.ENCRYPTED)
        self.names = {info.filename.replace("\\", "/"): info for info in self.members}

    def read(self, info: ZipInfo) -> bytes:
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

    def xml(self, info: ZipInfo) -> ElementTree.Element:
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


def check_office(archive: Archive) -> tuple[Media, list[ZipInfo]]:
    """The kind of an Office file in which nothing acts by itself, and the files that lie within it. Unfit."""
    media = _main(_content_types(archive))
    within = check_parts(archive)
    if media is None:
        raise Unfit(UnfitKind.UNKNOWN_KIND)
    return media, within


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


def check_parts(archive: Archive) -> list[ZipInfo]:
    """Refuse an Office file with macros, controls, scripts, or references to what lies elsewhere; the files within it. Unfit.

    A part is what it holds: the relations between parts, and not their names, say what each is for.
    """
    if len({name.lower() for name in archive.names}) != len(archive.members):
        raise Unfit(UnfitKind.BROKEN)
    types = _content_types(archive)
    if any(map(_MACRO_TYPES.search, types)) or any(map(_MACRO_PARTS.search, archive.names)):
        raise Unfit(UnfitKind.MACRO)
    if any(map(_ACTIVE_TYPES.search, types)) or any(map(_ACTIVE_PARTS.search, archive.names)):
        raise Unfit(UnfitKind.SCRIPT)
    within = []
    for name, info in archive.names.items():
        if name.lower().endswith(".rels"):
            _check_relations(archive.xml(info))
            continue
        content = archive.read(info)
        if content.startswith((OLE_START, PDF_START, *ZIP_STARTS)) or "/embeddings/" in f"/{name.lower()}":
            within.append(info)
        elif content.removeprefix(codecs.BOM_UTF8).lstrip().startswith((b"<", *_WIDE)):
            _check_markup(content, name)
        elif content.startswith(PROGRAM_STARTS):
            raise Unfit(UnfitKind.PROGRAM)
    return within


def _check_relations(root: ElementTree.Element) -> None:
    for relation in root.iter(f"{_PKG}Relationship"):
        kind = relation.get("Type", "").rstrip("/").rpartition("/")[2]
        target = relation.get("Target", "")
        if kind in _WEB_PARTS:
            raise Unfit(UnfitKind.EMBEDDED)
        if kind.lower() in _MACRO_RELATIONS:
            raise Unfit(UnfitKind.MACRO)
        if kind.lower() in _ACTIVE_RELATIONS:
            raise Unfit(UnfitKind.SCRIPT)
        if relation.get("TargetMode", "").strip().lower() != "external":
            check_link(target, _NOWHERE)
        elif kind not in _EXTERNAL_ALLOWED:
            raise Unfit(UnfitKind.EXTERNAL)
        else:
            check_link(target, LINKS if kind == "hyperlink" else _FILE_LINKS)


def _check_markup(content: bytes, name: str) -> None:
    """A part in XML, read from its beginning to its end without being kept."""
    if b"\0" in content or _DECLARATION.search(content):
        raise Unfit(UnfitKind.BROKEN)
    parser = ElementTree.XMLParser(target=_Reader())  # noqa: S314  no document type, hence no entities
    try:
        parser.feed(content)
        parser.close()
    except (ElementTree.ParseError, ValueError, LookupError):
        # Old Excel writes the boxes of its comments in markup that is no XML.
        if not name.lower().endswith(".vml"):
            raise Unfit(UnfitKind.BROKEN) from None


class _Reader:
    """Looks at every element as it comes: the fields of texts, the formulas of sheets, the actions of slides."""

    def __init__(self) -> None:
        self._fields: list[list[str]] = []
        """What the fields say that are open, the innermost last: they are spread over runs and into one another."""
        self._text: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        space, _, tag = name.rpartition("}")
        if tag in _ELSEWHERE:
            raise Unfit(UnfitKind.EXTERNAL)
        if tag == "script" and f"{space}}}".lstrip("}") in _ACTING_SPACES:
            raise Unfit(UnfitKind.SCRIPT)
        if attributes.get("action", "").strip().lower().startswith(_ACTIONS):
            raise Unfit(UnfitKind.PROGRAM)
        if tag == "fldSimple":
            check_field(next((value for key, value in attributes.items() if key.endswith("}instr")), ""))
        elif tag == "fldChar":
            self._turn(next((value for key, value in attributes.items() if key.endswith("}fldCharType")), ""))
        elif tag in _CODES or tag in _FORMULAS:
            self._text = []

    def _turn(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append([])
        elif kind == "end" and self._fields:
            check_field("".join(self._fields.pop()))

    def data(self, text: str) -> None:
        """A piece of text."""
        if self._text is not None:
            self._text.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        if self._text is None:
            return
        tag = name.rpartition("}")[2]
        if tag in _FORMULAS:
            check_formula("".join(self._text))
        elif tag in _CODES:
            if not self._fields:
                self._fields.append([])
            self._fields[-1] += self._text
        else:
            return
        self._text = None

    def close(self) -> None:
        """The part ends, whatever is open."""
        for field in self._fields:
            check_field("".join(field))


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
