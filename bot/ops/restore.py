"""`restore`: put a backup where nothing is yet, and look over what was put there."""

import asyncio
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.app import utc_now
from bot.config.load import Config
from bot.ops import backup_files, backup_folder, backup_text
from bot.ops.backup_folder import DATABASE, BadManifest, Line, Manifest
from storage import backup, backup_check
from storage.backup import Away
from storage.backup_check import CopyDiffers
from storage.chain_ends import EndsFolder
from storage.database import Database, DatabaseFault, DatabaseInUse
from storage.migrate import is_known
from storage.postgres_tools import CopyFailed, ToolMissing

BESIDE = ("", "-wal", "-shm", "-journal")
"""What belongs to a SQLite database: any of it that is left over would be taken for the restored one's."""


class NotRestored(Exception):
    """Nothing was put back; the text is a sentence without its end."""


async def restore(config: Config, folder: Path, *, clock: Callable[[], datetime] = utc_now) -> int:
    """Put a backup back and say what became of it; the bot tells of it when it is started next.

    The exit code: 0 where all is well, 1 where something was missing in the backup already, 2 where nothing was done.
    """
    try:
        manifest = await asyncio.to_thread(_sound, folder)
        wrong = await _restore(config, folder, manifest)
    except NotRestored as error:
        return _say(str(error))
    except (OSError, Away, CopyFailed, ToolMissing, CopyDiffers, DatabaseFault, DatabaseInUse) as error:
        return _say(_why(error, config))
    kept = await asyncio.to_thread(_note, config, manifest, clock())
    database = backup.file_of(config.database.url)
    lines = backup_text.restored(
        manifest,
        database=str(database) if database is not None else backup.name_of(config.database.url),
        evidence=config.evidence_folder,
        zone=config.organisation.calendar.zone,
        wrong=wrong,
    )
    if not kept:
        lines.append(backup_text.RESTORATION_UNKEPT.format(path=config.ends_folder))
    fine = manifest.whole and not wrong and kept
    (sys.stdout if fine else sys.stderr).write("\n".join(lines) + "\n")
    return 0 if fine else 1


def _note(config: Config, manifest: Manifest, now: datetime) -> bool:
    """Note outside the database that it was restored, for who starts it next; False where that cannot be written."""
    try:
        EndsFolder(config.ends_folder).note_restored(manifest.heads, now, made_at=manifest.made_at)
    except OSError:
        return False
    return True


def _say(why: str) -> int:
    sys.stderr.write(backup_text.not_restored(why) + "\n")
    return 2


def _why(error: Exception, config: Config) -> str:
    if backup.is_full(error):
        return backup_text.FULL
    match error:
        case CopyFailed():
            return backup_text.COPY_FAILED.format(what=error)
        case ToolMissing():
            return backup_text.TOOL_MISSING.format(name=error.name)
        case CopyDiffers():
            return backup_text.UNFIT.format(what=error)
        case DatabaseInUse():
            return backup_text.IN_USE.format(path=error.path)
        case FileExistsError():
            return backup_text.THERE.format(path=error.filename2 or error.filename)
        case OSError() if error.filename is not None:
            return backup_text.FOLDER.format(path=error.filename, what=error.strerror)
    return backup_text.UNREADABLE


def _sound(folder: Path) -> Manifest:
    """The manifest of a backup that is as it was written, and that this program understands. NotRestored."""
    try:
        manifest = backup_folder.read_manifest(folder)
    except BadManifest as error:
        words = backup_text.NEWER_FORMAT if error.newer else backup_text.NOT_A_BACKUP
        raise NotRestored(words.format(path=folder)) from None
    if not is_known(manifest.revision):
        raise NotRestored(backup_text.NEWER_SCHEMA.format(revision=manifest.revision))
    changed = backup_folder.changed(folder, manifest)
    if changed:
        raise NotRestored(backup_text.CHANGED.format(files="、".join(changed[:5])))
    return manifest


async def _restore(config: Config, folder: Path, manifest: Manifest) -> list[str]:
    """Evidence first, so that no database names what is not there yet; the files that do not fit afterwards."""
    if backup.source_of(config.database.url) is not manifest.source:
        raise NotRestored(backup_text.OTHER_KIND.format(source=backup_text.kind(manifest)))
    database = Database(config.database.url)
    try:
        database.claim()
        evidence = [line for line in manifest.files if line.path != DATABASE[manifest.source]]
        await _check_free(config, evidence)
        wrong = await asyncio.to_thread(backup_files.put_back, folder, evidence, config.evidence_folder)
        if database.path is not None:
            await _put_file(folder, manifest, database.path)
        else:
            await backup_check.load(config.database.url, folder / DATABASE[manifest.source])
            await backup_check.look_over_restored(config.database.url, backup_folder.contents_of(manifest))
        return wrong
    finally:
        await database.close()


async def _check_free(config: Config, evidence: list[Line]) -> None:
    """Nothing is there that would be overwritten. NotRestored."""
    file = backup.file_of(config.database.url)
    if file is None:
        if not await backup_check.is_empty(config.database.url):
            raise NotRestored(backup_text.NOT_EMPTY.format(name=backup.name_of(config.database.url)))
    else:
        for path in (file.with_name(file.name + end) for end in BESIDE):
            if path.exists():
                raise NotRestored(backup_text.THERE.format(path=path))
    others = await asyncio.to_thread(backup_files.in_the_way, evidence, config.evidence_folder)
    if others:
        raise NotRestored(backup_text.THERE.format(path=others[0]))


async def _put_file(folder: Path, manifest: Manifest, target: Path) -> None:
    """The database's file under another name, looked over, then under its own, which nobody may have taken meanwhile."""
    draft = target.with_name(f".{target.name}.restoring")
    try:
        await asyncio.to_thread(backup_files.copy_synced, folder / DATABASE[manifest.source], draft)
        await backup_check.look_over_file(draft, backup_folder.contents_of(manifest))
        await asyncio.to_thread(_give_name, draft, target)
    finally:
        draft.unlink(missing_ok=True)
    await asyncio.to_thread(backup.sync, target.parent)


def _give_name(draft: Path, target: Path) -> None:
    """FileExistsError where the name is taken: a link, unlike a renaming, replaces nothing."""
    try:
        os.link(draft, target)
    except OSError as error:
        if error.errno not in backup_files.NO_LINK:
            raise
        if target.exists():
            raise FileExistsError(error.errno, "", str(target)) from None
        draft.rename(target)
