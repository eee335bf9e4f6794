"""Opens a copied database anew and looks whether it is what was copied, and sound; puts a copy into an empty database."""

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import backup, postgres_tools
from storage.backup import Contents, Source
from storage.chain_ends import Memory
from storage.database import Database, DatabaseFault, plainly
from storage.migrate import migrate, newest
from storage.recount import Fault, FaultKind, Recount, damage, recount

MARK = 9317
"""The limit of connections of a scratch database of ours, told in the statement that makes it: no other is dropped."""


class Check(Enum):
    """What a copy was put to."""

    PAGES = "pages"
    DIRECTORY = "directory"
    RESTORED = "restored"
    COUNTS = "counts"
    SEALS = "seals"
    REGISTER = "register"
    RESULTS = "results"
    EVIDENCE = "evidence"


@dataclass(frozen=True)
class Findings:
    """What a copy was put to, and what came of it. `why_not` says why a dump was not restored to be looked at."""

    checks: tuple[Check, ...]
    faults: tuple[Fault, ...] = ()
    chains: int = 0
    results: int = 0
    why_not: str = ""


NO_RIGHT = "no CREATEDB"
"""Why no scratch database can be made: the account may make none."""


class NoScratch(Exception):
    """A dump cannot be restored to be looked at; the text says why."""


class CopyDiffers(Exception):
    """The copy is not what was copied, or is broken in itself."""


async def may_make_databases(session: AsyncSession) -> bool:
    """Whether the account of a PostgreSQL session could make a scratch database."""
    query = "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
    return bool((await backup.run(session, query)).scalar_one())


async def recounted_at_source(
    session: AsyncSession, source: Source, revision: str, memory: Memory
) -> Recount | None:
    """The recount of the moment that is copied, where its copy cannot be opened to be recounted itself; else None."""
    if source is Source.SQLITE or revision != newest() or await may_make_databases(session):
        return None
    return await recount(lambda: nullcontext(session), memory)


async def look_over(
    source: Source,
    path: Path,
    expected: Contents,
    *,
    url: str,
    memory: Memory,
    at_source: Recount | None = None,
) -> Findings:
    """Open the copy from itself and compare it; for a dump in a scratch database of the server at `url`.

    The ends of the `memory` have to stand in it.

    With what was recounted `at_source` a dump's directory alone is looked at. CopyDiffers, CopyFailed, ToolMissing.
    """
    if source is Source.SQLITE:
        return await look_over_file(path, expected, memory)
    return await _look_over_dump(path, expected, url=make_url(url), memory=memory, at_source=at_source)


async def look_over_file(path: Path, expected: Contents, memory: Memory | None = None) -> Findings:
    """The same of a SQLite file. Nothing is written beside it, but in the system's temporary folder."""
    try:
        async with backup.opened_copy(path) as session:
            broken = await damage(session)
            if any(fault.kind is FaultKind.PAGES for fault in broken):
                raise CopyDiffers(broken[0].where)
            found = await backup.contents(session)
            _compare(found, expected)
            current = found.revision == newest()
            count = await recount(lambda: nullcontext(session), memory) if current else None
    except (backup.NotOurs, DatabaseFault, sqlite3.Error) as error:
        raise CopyDiffers(plainly(error)) from error
    if count is None:
        count = await _recount_older(path, memory)
    return _findings((Check.PAGES,), count, broken)


def _compare(found: Contents, expected: Contents) -> None:
    if found != expected:
        different = [name for name, rows in expected.tables.items() if found.tables.get(name) != rows]
        raise CopyDiffers("、".join(different) or found.revision)


def _findings(checks: tuple[Check, ...], count: Recount, broken: Sequence[Fault] = ()) -> Findings:
    all_ = (*checks, Check.COUNTS, Check.SEALS, Check.REGISTER, Check.RESULTS)
    return Findings(all_, (*broken, *count.faults), count.chains, count.results)


async def _recount_older(path: Path, memory: Memory | None) -> Recount:
    """An older migration is recounted as the program will see it: brought up to date, in a copy of the copy."""
    with tempfile.TemporaryDirectory(prefix="kaoping-") as folder:
        scratch = Path(folder) / "scratch.db"
        await asyncio.to_thread(shutil.copyfile, path, scratch)
        return await _recount_migrated(f"sqlite+aiosqlite:///{scratch}", memory)


async def _recount_migrated(url: str, memory: Memory | None) -> Recount:
    database = Database(url)
    try:
        await migrate(database)
        return await recount(database.reading, memory)
    finally:
        await database.close()


async def _look_over_dump(
    path: Path, expected: Contents, *, url: URL, memory: Memory, at_source: Recount | None
) -> Findings:
    named = await postgres_tools.listed(path)
    if not set(expected.tables) <= named:
        raise CopyDiffers("、".join(sorted(set(expected.tables) - named)))
    if at_source is not None:
        checks = (Check.DIRECTORY, Check.SEALS, Check.REGISTER, Check.RESULTS)
        return Findings(checks, at_source.faults, at_source.chains, at_source.results, why_not=NO_RIGHT)
    try:
        async with _scratch(url) as scratch:
            await postgres_tools.load(scratch, path)
            count = await _recount_restored(_text(scratch), expected, memory)
    except NoScratch as error:
        return Findings((Check.DIRECTORY,), why_not=str(error))
    return _findings((Check.DIRECTORY, Check.RESTORED), count)


async def look_over_restored(url: str, expected: Contents) -> Findings:
    """Compare and recount a PostgreSQL database that a dump was put into. CopyDiffers."""
    return _findings((Check.RESTORED,), await _recount_restored(url, expected, None, migrated=False))


async def _recount_restored(
    url: str, expected: Contents, memory: Memory | None, *, migrated: bool = True
) -> Recount:
    async with backup.opened(url) as session:
        found = await backup.contents(session)
        _compare(found, expected)
        if found.revision == newest():
            return await recount(lambda: nullcontext(session), memory)
    return await _recount_migrated(url, memory) if migrated else Recount((), 0, ())


@asynccontextmanager
async def _scratch(url: URL) -> AsyncIterator[URL]:
    """An empty database of the same server, dropped afterwards. NoScratch."""
    name = _scratch_name(url)
    engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        async with engine.connect() as connection:
            await connection.execute(sa.text("SELECT pg_advisory_lock(hashtext(:name))"), {"name": name})
            quoted = engine.dialect.identifier_preparer.quote(name)
            try:
                await _make_room(connection, name, quoted)
            except DBAPIError as error:
                raise NoScratch(str(error.orig).splitlines()[0].split(">: ")[-1]) from error
            try:
                yield url.set(database=name)
            finally:
                await connection.execute(sa.text(f"DROP DATABASE {quoted} WITH (FORCE)"))
    finally:
        await engine.dispose()


def _scratch_name(url: URL) -> str:
    return f"{url.database}_backup_check"[-63:]


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


async def _make_room(connection: AsyncConnection, name: str, quoted: str) -> None:
    """Make the scratch database anew; what a killed backup left is dropped. NoScratch where the name is taken."""
    query = sa.text("SELECT datconnlimit FROM pg_database WHERE datname = :name")
    row = (await connection.execute(query, {"name": name})).first()
    if row is not None and row[0] != MARK:
        raise NoScratch(f"{name} already exists")
    if row is not None:
        await connection.execute(sa.text(f"DROP DATABASE {quoted} WITH (FORCE)"))
    await connection.execute(
        sa.text(
            f"CREATE DATABASE {quoted} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
            f" CONNECTION LIMIT {MARK}"
        )
    )


async def is_empty(url: str) -> bool:
    """Whether nobody has made a table, a view or a sequence in a PostgreSQL database."""
    query = (
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'"
    )
    async with backup.opened(url) as session:
        return bool((await backup.run(session, query)).scalar_one() == 0)


async def load(url: str, path: Path) -> None:
    """Put a dump into the empty PostgreSQL database, whole or not at all. CopyFailed, ToolMissing."""
    await postgres_tools.load(make_url(url), path)
