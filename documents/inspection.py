"""What a file is, by its content, and whether it may be taken: nothing in it acts by itself. In the documents' process."""

import json
import re
from zipfile import ZipInfo

from documents import kinds, old_office, packages, pdf
from documents.kinds import EXTENSIONS, OLE_START, PDF_START, PROGRAMS, ZIP_STARTS, Media, Unfit, UnfitKind
from documents.naming import extension_of
from documents.packages import Archive
from documents.process import FOREIGN, Failed, Limits, Why, run

DEEPEST = 2
"""How deep files may lie in files."""

_LITTER = (
    (re.compile(r"(?:^|/)__MACOSX/(?:.*/)?\._[^/]+$"), b"\0\5\x16\7"),
    (re.compile(r"(?:^|/)\.DS_Store$"), b"\0\0\0\1Bud1"),
    (re.compile(r"(?:^|/)Thumbs\.db$", re.I), OLE_START),
)
"""What systems leave in archives by themselves, and how it begins: it is not looked at."""

_ODD_NAME = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069:]|^[/\\]|(?:^|[/\\])\.\.(?:[/\\]|$)"
)
"""Names by which unpacking writes elsewhere, or that show another extension than they have."""
_SYMLINK = 0o120000

_FORMULA = re.compile(r"(?:^|[,;\t\"\r\n])[\s\"]*(?:[=@][^,;\t\r\n]*[|(]|[+\-][^,;\t\r\n]*\|)|^ID;")
"""What a spreadsheet calculates in a table of plain text, and the beginning of another kind of table."""

_WHY = {
    Why.NOT_STARTED: UnfitKind.NOT_LOOKED_AT,
    Why.TOO_SLOW: UnfitKind.TOO_SLOW,
    Why.TOO_MUCH_MEMORY: UnfitKind.TOO_SLOW,
    Why.BROKE_OFF: UnfitKind.BROKEN,
}


async def inspect(content: bytes, name: str = "", *, limits: Limits = FOREIGN) -> Media:
    """What kind of file it is, whatever its name says; one that has to be opened for it is, elsewhere. Unfit."""
    media = kinds.simple(content, extension_of(name))
    if media is not None:
        return media
    try:
        found = json.loads(await run("documents.inspection", content, limits))
    except Failed as failed:
        raise Unfit(_WHY[failed.why]) from None
    if "unfit" in found:
        raise Unfit(UnfitKind[found["unfit"]], found["member"])
    return Media[found["media"]]


def prepare() -> None:
    """Have the libraries load what they load when it is first needed: later they cannot."""
    pdf.prepare()


def answer(content: bytes) -> bytes:
    """The kind of a file that had to be opened, or why it is not taken, as JSON."""
    try:
        found = {"media": opened(content).name}
    except Unfit as unfit:
        found = {"unfit": unfit.kind.name, "member": unfit.member}
    return json.dumps(found).encode()


def opened(content: bytes, depth: int = 0) -> Media:
    """The kind of a PDF, an Office file or an archive. Unfit."""
    if content.startswith(PDF_START):
        pdf.check(content)
        return Media.PDF
    if content.startswith(OLE_START):
        return old_office.check(content)
    assert content.startswith(ZIP_STARTS)
    archive = Archive(content)
    if packages.is_office(archive):
        media, within = packages.check_office(archive)
        _check_embedded(archive, within, depth)
        return media
    _check_members(archive, depth)
    return Media.ZIP


def _check_embedded(archive: Archive, within: list[ZipInfo], depth: int) -> None:
    """What lies in an Office file beside its parts: sheets behind charts, objects of other programs."""
    for info in within:
        content = archive.read(info)
        if content.startswith(OLE_START):
            old_office.check_embedded(content)
        elif content.startswith((*ZIP_STARTS, PDF_START)) and depth < DEEPEST:
            opened(content, depth + 1)
        else:
            raise Unfit(UnfitKind.EMBEDDED)


def _check_members(archive: Archive, depth: int) -> None:
    """Every file of an archive is one that would be taken by itself, under an extension of its kind. Unfit."""
    if not archive.members:
        raise Unfit(UnfitKind.EMPTY)
    if len(archive.names) != len(archive.members):
        raise Unfit(UnfitKind.BROKEN)
    for info in archive.members:
        name = info.filename
        extension = extension_of(name)
        content = archive.read(info)
        litter = any(pattern.search(name) and content.startswith(start) for pattern, start in _LITTER)
        if extension in PROGRAMS and not litter:
            raise Unfit(UnfitKind.PROGRAM, name)
        if _ODD_NAME.search(name) or info.external_attr >> 16 & 0o170000 == _SYMLINK:
            raise Unfit(UnfitKind.ODD_NAME, name)
        if litter or not content:
            continue
        if depth == DEEPEST:
            raise Unfit(UnfitKind.ARCHIVE_BOMB, name)
        try:
            media = kinds.simple(content, extension) or opened(content, depth + 1)
        except Unfit as unfit:
            raise Unfit(unfit.kind, unfit.member or name) from None
        if extension not in EXTENSIONS[media]:
            raise Unfit(UnfitKind.UNKNOWN_KIND, name)
        if extension == "csv" and _FORMULA.search(content.decode("utf-8-sig", errors="replace")):
            raise Unfit(UnfitKind.SCRIPT, name)
