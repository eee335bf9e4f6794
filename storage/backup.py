"""One moment of the database for a backup: what it holds in figures, its copy, and whether a copy is sound."""

import asyncio
import errno
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import postgres_tools
from storage.hash_chain import End
from storage.postgres_tools import CopyFailed

PAGES_AT_ONCE = 2000
"""Of 4 KiB: the copying thread lets others run in between."""

SEALED = {"chain", "chain_no", "seal"}
"""The columns that make a table a chain."""


class Source(Enum):
    """What kind of database a backup is of."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class Away(Exception):
    """The server cannot be reached, or does not let us in; the text is what it said."""


class NotOurs(Exception):
    """The database was never used by this program."""


@dataclass(frozen=True)
class Contents:
    """A database in figures: the migration it is at, the rows of every table, where the chains end."""

    revision: str
    tables: dict[str, int]
    heads: tuple[End, ...]


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file of evidence that the database names; `number` is its first id there."""

    number: int
    digest: str
    size: int
    name: str


def source_of(url: str) -> Source:
    """The kind of database that an address leads to."""
    return Source.SQLITE if make_url(url).get_backend_name() == "sqlite" else Source.POSTGRESQL


def file_of(url: str) -> Path | None:
    """The file of a SQLite database, None on a server."""
    address = make_url(url)
    return Path(str(address.database)) if address.get_backend_name() == "sqlite" else None


def name_of(url: str) -> str:
    """What a database is called on its server."""
    return str(make_url(url).database)


@asynccontextmanager
async def snapshot(url: str) -> AsyncIterator[AsyncSession]:
    """A session that sees one moment of the database, however long it takes, while others go on writing. Away."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        # While this reading lasts the copy cannot change under way, or be begun anew by every write.
        async with _session(_file_url(Path(str(address.database)), mode="rw")) as session:
            await run(session, "SELECT count(*) FROM sqlite_schema")
            yield session
    else:
        # It idles while the dump is made; whoever set a limit to that meant others.
        settings = {"application_name": "kaoping backup", "idle_in_transaction_session_timeout": "0"}
        async with _session(
            address, isolation_level="REPEATABLE READ", connect_args={"server_settings": settings}
        ) as session:
            yield session


@asynccontextmanager
async def opened_copy(path: Path) -> AsyncIterator[AsyncSession]:
    """A copied SQLite file, from which is only read: not even a lock is left beside it."""
    async with _session(_file_url(path, mode="ro", immutable="1")) as session:
        yield session


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[AsyncSession]:
    """A reading session on a database that nobody else uses. Away."""
    async with _session(make_url(url)) as session:
        yield session


def _file_url(path: Path, **options: str) -> URL:
    query = {**options, "uri": "true"}
    return URL.create("sqlite+aiosqlite", database=f"file:{quote(str(path.resolve()))}", query=query)


@asynccontextmanager
async def _session(url: URL, **options: Any) -> AsyncIterator[AsyncSession]:
    engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True, **options)
    if url.get_backend_name() == "sqlite":
        sa.event.listen(engine.sync_engine, "connect", _only_read)
        sa.event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    try:
        async with AsyncSession(engine, expire_on_commit=False) as session:
            await _reach(session)
            yield session
    finally:
        await engine.dispose()


async def _reach(session: AsyncSession) -> None:
    import asyncpg  # 3.6 MB that SQLite does not need before its first backup

    try:
        await session.connection()
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise Away(str(error) or type(error).__name__) from error


def _only_read(connection: Any, record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA query_only=1")
    cursor.close()


async def run(session: AsyncSession, statement: Any) -> Any:
    """The rows of a statement, or of its text, that is about tables of any migration: no models, plain rows."""
    text = sa.text(statement) if isinstance(statement, str) else statement
    return await (await session.connection()).execute(text)


async def contents(session: AsyncSession) -> Contents:
    """The figures of what the session sees, at whatever migration it is. NotOurs without one."""
    columns = await (await session.connection()).run_sync(_columns)
    revision = None
    if "alembic_version" in columns:
        revision = (await run(session, "SELECT version_num FROM alembic_version")).scalar()
    if revision is None:
        raise NotOurs
    tables = {}
    heads: list[End] = []
    for name in sorted(columns):
        table = sa.table(name, *map(sa.column, sorted(columns[name])))
        tables[name] = int((await run(session, sa.select(sa.func.count()).select_from(table))).scalar_one())
        if columns[name] >= SEALED:
            heads += await _heads(session, table)
    return Contents(str(revision), tables, tuple(heads))


def _columns(connection: sa.Connection) -> dict[str, set[str]]:
    inspector = sa.inspect(connection)
    return {
        name: {str(column["name"]) for column in inspector.get_columns(name)}
        for name in inspector.get_table_names()
    }


async def _heads(session: AsyncSession, table: Any) -> list[End]:
    newest = sa.select(table.c.chain, sa.func.max(table.c.chain_no).label("last")).group_by(table.c.chain)
    last = newest.subquery()
    query = sa.select(table.c.chain, table.c.chain_no, table.c.seal).join(
        last, sa.and_(last.c.chain == table.c.chain, last.c.last == table.c.chain_no)
    )
    return sorted(
        (End(table.name, *row) for row in await run(session, query)), key=lambda end: (end.table, end.chain)
    )


async def named_files(session: AsyncSession) -> list[NamedFile]:
    """The files that the database names, each content once. An older database may have none."""
    columns = await (await session.connection()).run_sync(_columns)
    if "evidence" not in columns:
        return []
    query = "SELECT id, digest, size, name FROM evidence ORDER BY id"
    found: dict[str, NamedFile] = {}
    for id_, digest, size, name in await run(session, query):
        found.setdefault(str(digest), NamedFile(int(id_), str(digest), int(size), str(name)))
    return list(found.values())


async def copy(session: AsyncSession, url: str, path: Path) -> None:
    """Write what the snapshot sees into a new file, synced. CopyFailed, ToolMissing, ToolTooOld."""
    if session.get_bind().dialect.name == "sqlite":
        await _copy_file(session, path)
    else:
        exported = (await run(session, "SELECT pg_export_snapshot()")).scalar_one()
        version = int((await run(session, "SHOW server_version_num")).scalar_one())
        await postgres_tools.dump(make_url(url), path, snapshot=str(exported), server=version // 10000)
    await asyncio.to_thread(sync, path)


async def _copy_file(session: AsyncSession, path: Path) -> None:
    raw = await (await session.connection()).get_raw_connection()
    source: Any = raw.driver_connection
    target = await asyncio.to_thread(sqlite3.connect, path, check_same_thread=False, isolation_level=None)
    try:
        # It is synced once, whole; before that nothing relies on it.
        await asyncio.to_thread(target.execute, "PRAGMA synchronous=OFF")
        await source.backup(target, pages=PAGES_AT_ONCE, sleep=0)
        # The copy is one file: it is read where nothing may be written beside it.
        await asyncio.to_thread(target.execute, "PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise CopyFailed(str(error), full=is_full(error)) from error
    finally:
        await asyncio.to_thread(target.close)


def sync(path: Path) -> None:
    """Have a file's content, or a folder's entries, on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def is_full(error: BaseException) -> bool:
    """Whether the disk, or one's share of it, was full."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    if isinstance(error, CopyFailed):
        return error.full
    if isinstance(error, DBAPIError):
        return error.orig is not None and is_full(error.orig)
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
