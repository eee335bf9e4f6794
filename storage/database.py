"""One database: how it is opened, what holds on every connection, and the ways in, reading and writing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from time import perf_counter
from typing import Any

import sqlalchemy as sa
from filelock import FileLock, Timeout
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

import storage.register  # noqa: F401  it hears of what is written
from storage.one_trip import connector
from storage.straight import Look, S, Straight, T, Work

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

SERVER_SETTINGS = {
    "application_name": "kaoping",
    "timezone": "UTC",
    "jit": "off",
    # A process that was frozen amid a transaction is cut off, so that the others wait for this long at most.
    "idle_in_transaction_session_timeout": "5s",
    "lock_timeout": "8s",
    "statement_timeout": "60s",
    # A commit is acknowledged once it is on the disk, whatever the server's own file says.
    "synchronous_commit": "on",
}
"""What holds on every PostgreSQL connection."""

CONNECT_WITHIN = 5.0
"""Seconds."""

WRITING, ARRIVING = 0x6B616F01, 0x6B616F02
"""The keys of PostgreSQL's advisory locks: one writes at a time, and one takes updates in at a time."""

PASSING = ("08", "40001", "40P01", "53", "55P03", "57", "58", "25P03")
"""PostgreSQL's codes, or their first letters, for what may go through later: away, full, locked, cut off."""


WORKER = sa.table("worker", sa.column("id"))


class DatabaseInUse(Exception):
    """Another process serves this database."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class DatabaseUnsafe(Exception):
    """SQLite did not take a setting that durability depends on."""


class DatabaseAway(SQLAlchemyError):
    """The server cannot be reached."""


class Buried(SQLAlchemyError):
    """The others took this process for dead and do its work: what it was about to write is not written."""


class Database:
    """The bureau's database. `transaction()` writes, `keeping()` keeps what is no record, `reading()` reads.

    On SQLite one connection writes. On PostgreSQL any number of processes may work at once; whoever writes records
    takes its turn over all of them, so that whatever was looked up before a write still holds when it is written.
    """

    def __init__(self, url: str) -> None:
        # DatabaseFault, whatever is wrong with the address.
        try:
            self.url: URL = make_url(url)
        except ValueError as error:
            raise ArgumentError("the address of the database cannot be read") from error
        self.shared = self.url.get_backend_name() == "postgresql"
        """Whether several processes may work on it."""
        self.worker: int | None = None
        """The number under which this process works among others, once it does."""
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        # One connection writes: SQLite has one writer anyway, and waiting here is fair and silent.
        self._writer = self._engine(pool_size=1, begin="BEGIN IMMEDIATE")
        self._readers = self._engine(pool_size=8 if self.shared else 4, begin="BEGIN", reads=True)
        self._keepers = self._engine(pool_size=4, begin="") if self.shared else self._writer
        self._staters = self._keepers.execution_options(isolation_level="AUTOCOMMIT")
        self._straight_writer = None if self.shared else Straight(self._writer, "BEGIN IMMEDIATE")
        self._straight_reader = None if self.shared else Straight(self._readers, "BEGIN")
        self._turn, self._line = asyncio.Lock(), asyncio.Lock()
        self._arriving = asyncio.Lock()
        self.timed: Callable[[float], None] = lambda seconds: None
        """Told how many seconds each transaction took, the wait for its turn included."""
        self._lock: FileLock | None = None

    @property
    def path(self) -> Path | None:
        """The SQLite file, None for a database in memory or on a server."""
        if self.shared or self.url.database in (None, "", ":memory:"):
            return None
        return Path(str(self.url.database))

    @property
    def driver_options(self) -> dict[str, Any]:
        """What PostgreSQL's driver needs to reach the same database without a pool."""
        _, options = self._writer.dialect.create_connect_args(self.url)
        return dict(options)

    def _engine(self, *, pool_size: int, begin: str, reads: bool = False) -> AsyncEngine:
        if self.shared:
            return self._server_engine(pool_size=pool_size, reads=reads)
        engine = create_async_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=0,
            hide_parameters=True,
            async_creator=connector(self.url),
        )
        sa.event.listen(engine.sync_engine, "connect", _prepare)
        sa.event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql(begin))
        return engine

    def _server_engine(self, *, pool_size: int, reads: bool) -> AsyncEngine:
        # Who reads sees one state from the first query to the last, as on SQLite; who writes sees what was written
        # by the one before it.
        settings = {**SERVER_SETTINGS, **({"default_transaction_read_only": "on"} if reads else {})}
        return create_async_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=0,
            hide_parameters=True,
            isolation_level="REPEATABLE READ" if reads else "READ COMMITTED",
            connect_args={"server_settings": settings, "timeout": CONNECT_WITHIN},
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session whose writes are committed, fully synced, when the block ends, or all taken back.

        One at a time, over all processes. Buried where the others took this one for dead.
        """
        async with self._transaction() as session:
            yield session

    @asynccontextmanager
    async def _transaction(self, *, first: bool = False) -> AsyncIterator[AsyncSession]:
        with self._timing():
            async with (
                self._stepwise(first=first),
                AsyncSession(self._writer, expire_on_commit=False) as session,
                session.begin(),
            ):
                if self.shared:
                    await reached(self._enter(session, WRITING))
                yield session

    @asynccontextmanager
    async def _writing(self, *, first: bool = False) -> AsyncIterator[None]:
        """The turn at the writing connection, in the order of asking; what is to be written `first` goes ahead.

        That is the mark of what is out: while it waits, a kill makes it go out again. The others wait in line, and only
        the head of the line waits for the turn: a mark passes all of them but that one, and never keeps it from writing.
        """
        async with nullcontext() if first else self._line, self._turn:
            yield

    @asynccontextmanager
    async def _stepwise(self, *, first: bool = False) -> AsyncIterator[None]:
        """The turn at the writing connection, which is in the pool."""
        async with self._writing(first=first):
            if self._straight_writer is not None:
                await self._straight_writer.let_go()
            yield

    @contextmanager
    def _timing(self) -> Iterator[None]:
        began = perf_counter()
        try:
            yield
        finally:
            self.timed(perf_counter() - began)

    @asynccontextmanager
    async def keeping(self, *, arriving: bool = False, first: bool = False) -> AsyncIterator[AsyncSession]:
        """The same for what is no record: updates on their way, messages that go out, pictures.

        Its rows are each one's own, so that several may write at once; `arriving` updates get their order one by one.
        Where one writes at a time, what is to be written `first` goes before the others; on PostgreSQL nobody waits here.
        """
        if not self.shared:
            async with self._transaction(first=first) as session:
                yield session
            return
        with self._timing():
            async with (
                # Else what arrives would wait with every connection, and nothing could be marked meanwhile.
                self._arriving if arriving else nullcontext(),
                AsyncSession(self._keepers, expire_on_commit=False) as session,
                session.begin(),
            ):
                await reached(self._enter(session, ARRIVING if arriving else None))
                yield session

    async def _enter(self, session: AsyncSession, key: int | None) -> None:
        """Wait for the turn, and make sure that the others count on this process: until the end nobody buries it."""
        turn: Any = sa.func.pg_advisory_xact_lock(key) if key is not None else sa.literal(1)
        if self.worker is None:
            alone: Any = sa.select(turn)
            await session.exec(alone)
            return
        here: Any = (
            sa.select(turn)
            .select_from(WORKER)
            .where(WORKER.c.id == self.worker)
            .with_for_update(key_share=True, read=True)
        )
        if (await session.exec(here)).first() is None:
            raise Buried

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that sees one state of the database and writes nothing."""
        async with AsyncSession(self._readers, expire_on_commit=False) as session:
            if self.shared:
                await reached(session.connection())
            yield session

    async def write(self, work: Work[T]) -> T:
        """What work brings in a `transaction()` of its own. It asks its session and nothing else, and may run in another thread.

        For what is done with every message: on SQLite the whole of it takes one trip to the connection's thread.
        """
        if self._straight_writer is None:
            async with self.transaction() as session:
                return await work(session)
        return await self._straight(self._straight_writer, work)

    async def write_and_look(self, work: Work[T], look: Look[T, S]) -> tuple[T, S]:
        """What work brings in a `write`, and then what is seen of it in a `read`: on SQLite one trip for both."""
        if self._straight_writer is None:
            done = await self.write(work)
            return done, await self.read(lambda session: look(session, done))
        with self._timing():
            async with self._writing():
                return await self._straight_writer.do_and_look(work, look)

    async def keep(self, work: Work[T], *, arriving: bool = False, first: bool = False) -> T:
        """The same in `keeping()`."""
        if self._straight_writer is not None:
            return await self._straight(self._straight_writer, work, first=first)
        async with self.keeping(arriving=arriving) as session:
            return await work(session)

    async def _straight(self, writer: Straight, work: Work[T], *, first: bool = False) -> T:
        with self._timing():
            async with self._writing(first=first):
                return await writer.do(work)

    async def at_once(self, work: Work[T]) -> T:
        """What work brings that is a single statement, written as soon as it is said. Only on PostgreSQL."""
        with self._timing():
            async with AsyncSession(self._staters, expire_on_commit=False) as session:
                await reached(session.connection())
                return await work(session)

    async def read(self, work: Work[T]) -> T:
        """The same in `reading()`."""
        if self._straight_reader is not None:
            return await self._straight_reader.do(work)
        async with self.reading() as session:
            return await work(session)

    async def run_sync(self, work: Any) -> Any:
        """Run `work(connection)` on the writing connection, for the migrations."""
        async with self._stepwise():
            connection = await reached(self._writer.connect().start())
            try:
                return await connection.run_sync(work)
            finally:
                await connection.close()

    def claim(self) -> None:
        """Take the database for this process until `close`; DatabaseInUse when another has it.

        A database on a server is shared: there is nothing to take.
        """
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
        for straight in filter(None, (self._straight_writer, self._straight_reader)):
            await straight.let_go()
        for engine in {id(e): e for e in (self._writer, self._readers, self._keepers)}.values():
            await engine.dispose()
        if self._lock is not None:
            self._lock.release()


async def reached(step: Awaitable[Any]) -> Any:
    """What the first step on a connection brings: the driver passes on the socket's own error where none answers."""
    try:
        return await step
    except OSError as error:
        raise DatabaseAway(type(error).__name__) from error


def will_pass(error: Exception) -> bool:
    """Whether the database is only busy, full or away, and the same may go through later."""
    if isinstance(error, OperationalError | PoolTimeout | DatabaseAway | Buried):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or (isinstance(code, str) and code.startswith(PASSING))


def plainly(error: Exception) -> str:
    """What the database said, without the statement and what people wrote in it."""
    if isinstance(error, DBAPIError):
        return f"{type(error.orig).__name__}: {error.orig}"
    return str(error) or type(error).__name__


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
