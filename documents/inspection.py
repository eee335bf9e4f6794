"""What a file is, by its content, and whether it may be taken: nothing in it acts by itself. In the documents' process."""

import json
import re

from documents import kinds, old_office, packages, pdf
from documents.kinds import EXTENSIONS, OLE_START, PDF_START, PROGRAMS, ZIP_STARTS, Media, Unfit, UnfitKind
from documents.naming import extension_of
from documents.packages import Archive
from documents.process import FOREIGN, Failed, Limits, Why, run

DEEPEST = 2
"""How deep files may lie in files."""

_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini)$", re.I)
"""What systems leave in archives by themselves: it is not looked at."""

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
        media = packages.check_office(archive)
        _check_embedded(archive, depth)
        return media
    _check_members(archive, depth)
    return Media.ZIP


def _check_embedded(archive: Archive, depth: int) -> None:
    """What lies in an Office file beside its parts: sheets behind charts, objects of other programs."""
    for name, info in archive.names.items():
        if "/embeddings/" not in f"/{name.lower()}":
            continue
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
    for info in archive.members:
        name = info.filename
        if _LITTER.search(name) or not info.file_size:
            continue
        extension = extension_of(name)
        if extension in PROGRAMS:
            raise Unfit(UnfitKind.PROGRAM, name)
        if depth == DEEPEST:
            raise Unfit(UnfitKind.ARCHIVE_BOMB, name)
        content = archive.read(info)
        try:
            media = kinds.simple(content, extension) or opened(content, depth + 1)
        except Unfit as unfit:
            raise Unfit(unfit.kind, unfit.member or name) from None
        if extension not in EXTENSIONS[media]:
            raise Unfit(UnfitKind.UNKNOWN_KIND, name)
