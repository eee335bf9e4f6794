"""The folder that backups lie in: their names, the manifest of each, what is left over, and which are let go."""

import hashlib
import json
import logging
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import AwareDatetime, TypeAdapter, ValidationError

from storage.backup import Contents, Source, sync
from storage.backup_check import Check
from storage.hash_chain import End
from storage.recount import Fault

log = logging.getLogger(__name__)

FORMAT = 1
NAME = re.compile(r"kaoping-\d{8}T\d{6}Z(-\d+)?")
MANIFEST = "manifest.json"
SUM = "manifest.json.sha256"
"""As `sha256sum --check` reads it: the manifest holds all other sums, so nothing may change in it either."""
DATABASE = {Source.SQLITE: "kaoping.db", Source.POSTGRESQL: "kaoping.dump"}
EVIDENCE = "evidence"
PIECE = 1 << 20
CLOCKS_DIFFER = timedelta(hours=1)


class Loss(Enum):
    """What is the matter with a file of evidence."""

    GONE = "gone"
    CHANGED = "changed"
    EARLIER = "earlier"
    """Not where it should be; the backup has it from the one before."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """A file of evidence that is not as it should be; `number` is its id in the database."""

    number: int
    name: str
    digest: str
    loss: Loss


@dataclass(frozen=True, slots=True)
class Line:
    """A file of a backup: its path in there, bytes, SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. `made_at` is UTC."""

    format: int
    program: str
    source: Source
    made_at: AwareDatetime
    revision: str
    tables: dict[str, int]
    heads: tuple[End, ...]
    files: tuple[Line, ...]
    checks: tuple[Check, ...]
    chains: int
    results: int
    faults: tuple[Fault, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    not_restored_because: str = ""
    by_clock: bool = False
    """Whether it was made by the clock, which lets go of its own; what was made by hand stays."""

    @property
    def whole(self) -> bool:
        """Nothing is missing in it, and everything in it holds."""
        return not self.faults and not self.lacking


ADAPTER: TypeAdapter[Manifest] = TypeAdapter(Manifest)


class BadManifest(Exception):
    """The manifest is missing, or is not what was written. `newer`: of a program that came later."""

    def __init__(self, *, newer: bool = False) -> None:
        super().__init__()
        self.newer = newer


class Busy(Exception):
    """Another process makes a backup in this folder."""


@dataclass(frozen=True)
class Finished:
    """A backup that was finished."""

    path: Path
    manifest: Manifest


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """The folder for us alone, with what killed backups left in it cleared away. Busy, OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Busy from None
    try:
        for left in folder.glob(".kaoping-*"):
            shutil.rmtree(left)
        yield
    finally:
        lock.release()


def free_name(folder: Path, now: datetime) -> str:
    """A name for a backup of an aware moment that none has yet."""
    name = f"kaoping-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    others = (f"{name}-{number}" for number in range(2, 1000))
    return next(free for free in (name, *others) if not (folder / free).exists())


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest and its sum, synced with the folder."""
    text = json.dumps(ADAPTER.dump_python(manifest, mode="json"), ensure_ascii=False, indent=1) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    (folder / SUM).write_text(f"{hashlib.sha256(text.encode()).hexdigest()}  {MANIFEST}\n", encoding="utf-8")
    for path in (folder / MANIFEST, folder / SUM, folder):
        sync(path)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup. BadManifest."""
    try:
        content = (folder / MANIFEST).read_bytes()
        expected = (folder / SUM).read_bytes()
    except OSError:
        raise BadManifest from None
    if expected != f"{hashlib.sha256(content).hexdigest()}  {MANIFEST}\n".encode():
        raise BadManifest
    try:
        return _understood(content)
    except (ValidationError, ValueError):
        raise BadManifest from None


def _understood(content: bytes) -> Manifest:
    raw = json.loads(content)
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise BadManifest(newer=isinstance(raw, dict))
    return ADAPTER.validate_json(content)


def contents_of(manifest: Manifest) -> Contents:
    """The figures that a backup's database has to have."""
    return Contents(manifest.revision, manifest.tables, manifest.heads)


def finished(folder: Path) -> list[Finished]:
    """The finished backups of a folder, oldest first; what is no backup of ours is passed over."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        if NAME.fullmatch(path.name) is None:
            continue
        try:
            found.append(Finished(path, read_manifest(path)))
        except BadManifest:
            log.warning("the backup %s has no manifest that fits, and is left alone", path)
    return sorted(found, key=lambda backup: (backup.manifest.made_at, backup.path.name))


def is_due(made: list[Finished], *, every: timedelta, now: datetime) -> bool:
    """Whether the newest backup is older than it may be, or of a time to come, as a clock set wrong leaves it."""
    if not made:
        return True
    newest = made[-1].manifest.made_at
    return now - newest >= every or newest - now > CLOCKS_DIFFER


def let_go(made: list[Finished], keep: int) -> list[Path]:
    """Those made by the clock that are past its newest `keep`; never the newest whole one, and none made by hand."""
    whole = [backup.path for backup in made if backup.manifest.whole][-1:]
    by_clock = [backup for backup in made if backup.manifest.by_clock]
    return [backup.path for backup in by_clock[:-keep] if backup.path not in whole]


def remove(path: Path) -> None:
    """Remove a backup: first its name, so that a half removed one looks like nothing."""
    gone = path.with_name(f".{path.name}.gone")
    path.rename(gone)
    sync(path.parent)
    shutil.rmtree(gone)


def sha256(path: Path) -> str:
    """The hash of a file, read piece by piece. OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def line_of(folder: Path, path: Path) -> Line:
    """A file of a backup as the manifest has it."""
    return Line(path.relative_to(folder).as_posix(), path.stat().st_size, sha256(path))


def changed(folder: Path, manifest: Manifest) -> list[str]:
    """The files of a backup that are gone or are not as the manifest has them."""
    found = []
    for line in manifest.files:
        path = folder / line.path
        try:
            fits = _is_named_right(line) and path.stat().st_size == line.size and sha256(path) == line.sha256
        except OSError:
            fits = False
        if not fits:
            found.append(line.path)
    return found


def _is_named_right(line: Line) -> bool:
    digest = line.sha256
    return line.path in DATABASE.values() or line.path == f"{EVIDENCE}/{digest[:2]}/{digest}"
