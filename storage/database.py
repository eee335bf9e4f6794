"""One database: how it is opened, what holds on every connection, and the two ways in, reading and writing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock, Timeout
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

Session = AsyncSession
"""What a transaction hands out; only storage speaks SQL through it."""

DatabaseFault = SQLAlchemyError
"""Whatever goes wrong between us and the database."""

PRAGMAS = {
    "journal_mode": "wal",
    # On a simulated power cut WAL with NORMAL lost commits that were acknowledged; FULL lost none.
    "synchronous": 2,
    "busy_timeout": 5000,
    "foreign_keys": 1,
    # Without it INSERT OR REPLACE deletes rows behind the back of the ledger's triggers.
    "recursive_triggers": 1,
    # What is cleared is gone from the file, too, not only from its tables (Guard).
    "secure_delete": 1,
}
"""What has to hold on every SQLite connection; it is set, then read back."""


class DatabaseInUse(Exception):
    """Another process serves this database."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class DatabaseUnsafe(Exception):
    """SQLite did not take a setting that durability depends on."""


class Database:
    """The bureau's database. `transaction()` writes, `reading()` reads; nothing else touches it."""

    def __init__(self, url: str) -> None:
        self.url: URL = make_url(url)
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        # One connection writes: SQLite has one writer anyway, and waiting here is fair and silent.
        self._writer = self._engine(pool_size=1, begin="BEGIN IMMEDIATE")
        self._readers = self._engine(pool_size=4, begin="BEGIN")
        self._turn = asyncio.Lock()
        self._lock: FileLock | None = None

    @property
    def path(self) -> Path | None:
        """The SQLite file, None for a database in memory or on a server."""
        if self.url.get_backend_name() != "sqlite" or self.url.database in (None, "", ":memory:"):
            return None
        return Path(str(self.url.database))

    def _engine(self, *, pool_size: int, begin: str) -> AsyncEngine:
        engine = create_async_engine(self.url, pool_size=pool_size, max_overflow=0, hide_parameters=True)
        if self.url.get_backend_name() == "sqlite":
            sa.event.listen(engine.sync_engine, "connect", _prepare)
            sa.event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql(begin))
        return engine

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session whose writes are committed, fully synced, when the block ends, or all taken back."""
        async with self._turn, AsyncSession(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that sees one state of the database and writes nothing."""
        async with AsyncSession(self._readers, expire_on_commit=False) as session:
            yield session

    async def run_sync(self, work: Any) -> Any:
        """Run `work(connection)` on the writing connection, for the migrations."""
        async with self._turn, self._writer.connect() as connection:
            return await connection.run_sync(work)

    def claim(self) -> None:
        """Take the database for this process until `close`; DatabaseInUse when another has it."""
        if self.path is None:
            return
        lock = FileLock(self.path.with_name(self.path.name + ".lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise DatabaseInUse(self.path) from None
        self._lock = lock

    async def close(self) -> None:
        """Let go of every connection and of the claim."""
        await self._writer.dispose()
        await self._readers.dispose()
        if self._lock is not None:
            self._lock.release()


def will_pass(error: Exception) -> bool:
    """Whether the database is only busy, full or away, and the same may go through later."""
    return isinstance(error, OperationalError | PoolTimeout)


def plainly(error: Exception) -> str:
    """What the database said, without the statement and what people wrote in it."""
    if isinstance(error, DBAPIError):
        return f"{type(error.orig).__name__}: {error.orig}"
    return str(error)


def _prepare(connection: Any, record: object) -> None:
    connection.isolation_level = None  # transactions begin where SQLAlchemy says so, as the engine says how
    cursor = connection.cursor()
    for name, value in PRAGMAS.items():
        cursor.execute(f"PRAGMA {name}={value}")
    for name, value in PRAGMAS.items():
        cursor.execute(f"PRAGMA {name}")
        row = cursor.fetchone()
        if row is None or str(row[0]).lower() != str(value):
            raise DatabaseUnsafe(f"PRAGMA {name} is {row and row[0]}, not {value}")
    cursor.close()
