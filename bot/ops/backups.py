"""Backups while the bot runs: the command, and by the clock in a process of its own."""

import asyncio
import logging
import pickle
import shutil
import sys
import tomllib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.config.load import Config
from bot.ops import backup_files, backup_folder, backup_text
from bot.ops.backup_folder import DATABASE, FORMAT, Busy, Manifest
from storage import backup, backup_check
from storage.backup import Away, NamedFile, NotOurs
from storage.backup_check import Check, CopyDiffers
from storage.chain_ends import EndsFolder
from storage.database import DatabaseFault
from storage.migrate import is_known
from storage.postgres_tools import CopyFailed, ToolMissing, ToolTooOld
from storage.recount import FaultKind

log = logging.getLogger(__name__)

PROJECT = Path(__file__).parents[2]
AGAIN_AFTER = timedelta(hours=1)
"""After a backup that failed: whoever has to put something right is not told every minute."""


LONGEST = timedelta(hours=6)
"""After which a backup hangs, as on a network disk that is gone: it is ended, and others may begin."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a backup by the clock: why there is none, or what is wrong with what is in it, counted."""

    why_not: str = ""
    faults: dict[FaultKind, int] = field(default_factory=dict)
    lacking: int = 0
    """Files of evidence."""

    @property
    def well(self) -> bool:
        """Nothing is to be told."""
        return not self.why_not and not self.faults and not self.lacking


class NotMade(Exception):
    """No backup was made; the text is a sentence without its end."""


async def back_up(config: Config, folder: Path, *, now: datetime) -> int:
    """Make a backup by hand and say what became of it. The exit code.

    0 where all is well, 1 where it was made but something is missing or does not hold, 2 where none was made.
    """
    try:
        path, manifest = await make(config, folder, now=now)
    except NotMade as error:
        sys.stderr.write(backup_text.not_made(str(error)) + "\n")
        return 2
    out = sys.stdout if manifest.whole else sys.stderr
    out.write("\n".join(backup_text.made(path, manifest, config.organisation.calendar.zone)) + "\n")
    return 0 if manifest.whole else 1


async def make(
    config: Config, folder: Path, *, now: datetime, keep: int | None = None
) -> tuple[Path, Manifest]:
    """A new backup in the folder, looked over; its place and its manifest. `now` is aware. NotMade.

    With `keep` it is one by the clock, and those by the clock that are past so many are let go of.
    """
    database = backup.file_of(config.database.url)
    if database is not None and not database.exists():
        raise NotMade(backup_text.NO_DATABASE.format(path=database))
    try:
        with backup_folder.held(folder):
            made = await _make(config, folder, now, by_clock=keep is not None)
            if keep is not None:
                await asyncio.to_thread(_prune, folder, keep)
            return made
    except NotMade:
        raise
    except Exception as error:
        why = _why(error, folder)
        if why is None:
            raise
        raise NotMade(why) from error


def _why(error: Exception, folder: Path) -> str | None:
    """Why there is no backup, in words; None where it is a fault of ours."""
    words = backup_text
    if backup.is_full(error):
        return words.FULL
    match error:
        case Busy():
            return words.BUSY
        case NotOurs():
            return words.NOT_OURS
        case CopyDiffers():
            return words.DIFFERS.format(what=error)
        case CopyFailed():
            return words.COPY_FAILED.format(what=error)
        case ToolMissing():
            return words.TOOL_MISSING.format(name=error.name)
        case ToolTooOld():
            return words.TOOL_OLD.format(name=error.name, tool=error.tool, server=error.server)
        case DatabaseFault() | Away():
            return words.UNREADABLE
        case OSError():
            return words.FOLDER.format(path=folder, what=error.strerror)
    return None


async def _make(config: Config, folder: Path, now: datetime, *, by_clock: bool) -> tuple[Path, Manifest]:
    """In a folder of another name, which gets its own once all in it was looked over."""
    name = backup_folder.free_name(folder, now)
    part = folder / f".{name}.part"
    # What is in it is for nobody but who runs the bot.
    await asyncio.to_thread(part.mkdir, mode=0o700)
    try:
        manifest = await _fill(config, part, now, by_clock=by_clock)
        await asyncio.to_thread(backup_folder.write_manifest, part, manifest)
        await asyncio.to_thread(part.rename, folder / name)
        await asyncio.to_thread(backup.sync, folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    if not manifest.faults and Check.SEALS in manifest.checks:
        await asyncio.to_thread(_note_sound, config, manifest, now)
    return folder / name, manifest


def _note_sound(config: Config, manifest: Manifest, now: datetime) -> None:
    try:
        EndsFolder(config.ends_folder).note_sound(manifest.heads, now)
    except OSError as error:
        # The backup is there all the same, and its manifest has the ends, too.
        log.error("the ends of the chains could not be remembered: %s", error.strerror)


async def _fill(config: Config, part: Path, now: datetime, *, by_clock: bool) -> Manifest:
    url = config.database.url
    source = backup.source_of(url)
    file = part / DATABASE[source]
    # Before the moment that is copied: whatever is remembered later need not be in it.
    memory = await asyncio.to_thread(EndsFolder(config.ends_folder).read)
    async with backup.snapshot(url) as session:
        contents = await backup.contents(session)
        if not is_known(contents.revision):
            raise NotMade(backup_text.NEWER_DATABASE.format(revision=contents.revision))
        files = await backup.named_files(session)
        await backup.copy(session, url, file)
        at_source = await backup_check.recounted_at_source(session, source, contents.revision, memory)
    findings = await backup_check.look_over(source, file, contents, url=url, memory=memory, at_source=at_source)
    lines, lacking = await asyncio.to_thread(_gather, config, part, files)
    lines.insert(0, await asyncio.to_thread(backup_folder.line_of, part, file))
    return Manifest(
        format=FORMAT,
        program=_version(),
        source=source,
        made_at=now.astimezone(UTC),
        revision=contents.revision,
        tables=contents.tables,
        heads=contents.heads,
        files=tuple(lines),
        checks=(*findings.checks, Check.EVIDENCE),
        chains=findings.chains,
        results=findings.results,
        faults=findings.faults,
        lacking=tuple(lacking),
        not_restored_because=findings.why_not,
        by_clock=by_clock,
    )


def _gather(
    config: Config, part: Path, files: list[NamedFile]
) -> tuple[list[backup_folder.Line], list[backup_folder.Lacking]]:
    before = backup_folder.finished(part.parent)
    newest = before[-1].path if before else None
    return backup_files.gather(part, files, vault=config.evidence_folder, before=newest)


def _version() -> str:
    with (PROJECT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def _prune(folder: Path, keep: int) -> None:
    for path in backup_folder.let_go(backup_folder.finished(folder), keep):
        backup_folder.remove(path)


def log_failure(outcome: Outcome) -> None:
    """Where nobody else is told of a backup that failed, or is not whole."""
    log.error("the backup by the clock is not as it should be: %s", outcome)


class Keeper:
    """Makes a backup whenever one is due, in a process of its own, one at a time; it never raises."""

    def __init__(
        self,
        config: Config,
        clock: Callable[[], datetime],
        on_failed: Callable[[Outcome], Awaitable[None] | None] = log_failure,
    ) -> None:
        self._config, self._clock, self._on_failed = config, clock, on_failed
        self._task: asyncio.Task[None] | None = None
        self._not_before: datetime | None = None

    async def look(self) -> None:
        """Begin a backup where one is due and none is being made; nobody waits for it."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._keep(), name="backup")

    async def idle(self) -> None:
        """Wait until what was begun is done."""
        if self._task is not None:
            await self._task

    async def _keep(self) -> None:
        try:
            now = self._clock()
            if self._not_before is not None and now < self._not_before:
                return
            outcome = await self._looked(now)
            self._not_before = None if outcome.well else now + AGAIN_AFTER
            if not outcome.well:
                await self._tell(outcome)
        except Exception as error:
            # The exception's own text may hold what people wrote.
            log.error("nobody could be told of the backup by the clock: %s", type(error).__name__)

    async def _looked(self, now: datetime) -> Outcome:
        """What became of the backup that was due, if any."""
        try:
            if not await asyncio.to_thread(due, self._config, now):
                return Outcome()
            async with asyncio.timeout(LONGEST.total_seconds()):
                return await self._run(now)
        except TimeoutError:
            return Outcome(backup_text.not_made(backup_text.HANGS))
        except OSError as error:
            why = _why(error, self._config.backup_folder) or type(error).__name__
            return Outcome(backup_text.not_made(why))
        except Exception as error:
            log.error("the backup by the clock could not be made: %s", type(error).__name__)
            return Outcome(backup_text.not_made(backup_text.OUR_FAULT))

    async def _run(self, now: datetime) -> Outcome:
        """What became of a backup."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.ops.backup_child", cwd=PROJECT,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            said, _ = await process.communicate(pickle.dumps((self._config, Path.cwd(), now)))
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            # Its traceback is in the log: it writes where we write.
            return Outcome(backup_text.not_made(backup_text.OUR_FAULT))
        outcome: Outcome = pickle.loads(said)  # noqa: S301  written by our own child
        return outcome

    async def _tell(self, outcome: Outcome) -> None:
        told = self._on_failed(outcome)
        if told is not None:
            await told


def due(config: Config, now: datetime) -> bool:
    """Whether a backup by the clock is due at an aware moment: the folder says so, not the memory."""
    if not config.backup.every:
        return False
    made = backup_folder.finished(config.backup_folder)
    return backup_folder.is_due(made, every=timedelta(hours=config.backup.every), now=now)
