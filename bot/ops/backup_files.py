"""Evidence into a backup and out of it: links where that is possible, copies elsewhere, every hash recounted."""

import errno
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from bot.ops.backup_folder import EVIDENCE, Lacking, Line, Loss, sha256
from storage.backup import NamedFile, sync

DIGEST = re.compile(r"[0-9a-f]{64}")
NO_LINK = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP, errno.EACCES}
"""Another disk, a file system without links, or no more of them: a copy will do."""


def gather(
    part: Path, files: Iterable[NamedFile], *, vault: Path, before: Path | None
) -> tuple[list[Line], list[Lacking]]:
    """Put the named files into a backup, each hash recounted; what is there, and what is not as it should be.

    `before` is the backup before: its files are taken where the vault lies on another disk, or lacks them.
    """
    lines, lacking = [], []
    for file in files:
        if DIGEST.fullmatch(file.digest) is None:
            lacking.append(Lacking(file.number, file.name, file.digest, Loss.GONE))
            continue
        place = Path(file.digest[:2]) / file.digest
        kept = vault / place
        target = part / EVIDENCE / place
        target.parent.mkdir(parents=True, exist_ok=True)
        taken = _take(file, target, _candidates(part, kept, before / EVIDENCE / place if before else None))
        loss = _loss(file, kept, taken)
        if taken is not None:
            lines.append(Line(target.relative_to(part).as_posix(), file.size, file.digest))
        if loss is not None:
            lacking.append(Lacking(file.number, file.name, file.digest, loss))
    for folder in [part / EVIDENCE, *(part / EVIDENCE).glob("*")] if (part / EVIDENCE).exists() else []:
        sync(folder)
    return lines, lacking


def _candidates(part: Path, kept: Path, earlier: Path | None) -> list[Path]:
    """Where to take a file from, what costs no space first."""
    if earlier is None:
        return [kept]
    try:
        near = kept.stat().st_dev == part.stat().st_dev
    except OSError:
        near = False
    return [kept, earlier] if near else [earlier, kept]


def _take(file: NamedFile, target: Path, candidates: Iterable[Path]) -> Path | None:
    """Where a file with the right content was taken from, None where there is none."""
    for source in candidates:
        if not source.is_file():
            continue
        _link_or_copy(source, target)
        if target.stat().st_size == file.size and sha256(target) == file.digest:
            return source
        target.unlink()
    return None


def _loss(file: NamedFile, kept: Path, taken: Path | None) -> Loss | None:
    sound = kept.is_file() and kept.stat().st_size == file.size
    if taken == kept or (taken is not None and sound and kept.stat().st_dev != taken.stat().st_dev):
        return None
    if taken is not None:
        return Loss.EARLIER
    return Loss.CHANGED if kept.is_file() else Loss.GONE


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in NO_LINK:
            raise
        copy_synced(source, target)


def copy_synced(source: Path, target: Path) -> None:
    """Copy a file, and have the copy on the disk. OSError."""
    shutil.copyfile(source, target)
    sync(target)


def in_the_way(lines: Iterable[Line], vault: Path) -> list[Path]:
    """The files of a vault that have a backup's name and another content."""
    found = []
    for line in lines:
        path = vault / Path(line.path).relative_to(EVIDENCE)
        if path.exists() and not (path.is_file() and sha256(path) == line.sha256):
            found.append(path)
    return found


def put_back(backup: Path, lines: Iterable[Line], vault: Path) -> list[str]:
    """Copy a backup's evidence into a vault, each whole or not at all; the files whose hash does not fit afterwards."""
    wrong = []
    for line in lines:
        path = vault / Path(line.path).relative_to(EVIDENCE)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f".{path.name[:16]}.restoring")
            copy_synced(backup / line.path, draft)
            draft.replace(path)
            sync(path.parent)
        if sha256(path) != line.sha256:
            wrong.append(line.path)
    return wrong
