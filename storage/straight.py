"""Work on SQLite in one trip: a whole transaction is done in its connection's thread, and no step of it waits for another.

A step that goes to the thread and comes back takes several times as long as what is done there. Work is written as it is
for every database, as a coroutine that asks its session and nothing else; here each answer is there at once, so that the
coroutine runs from its first line to its last without a pause.
"""

import threading
from collections.abc import Callable, Coroutine, Iterable
from contextvars import copy_context
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import SingletonThreadPool
from sqlalchemy.util import greenlet_spawn
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select, SelectOfScalar

from storage.one_trip import Connection

T = TypeVar("T")
S = TypeVar("S")

Work = Callable[[AsyncSession], Coroutine[Any, Any, T]]
"""What is done with a session, and asks nobody else: not Telegram, not another thread, no lock."""

Look = Callable[[AsyncSession, T], Coroutine[Any, Any, S]]
"""The same, with what was done before."""

AT_HAND = 2
"""Connections at most that are not given back: the others are for who reads step by step."""

_here = threading.local()
"""In a connection's thread, the driver's connection, and SQLAlchemy's over it."""


class Straight:
    """Does work in the thread of a connection, one transaction each."""

    def __init__(self, engine: AsyncEngine, begin: str) -> None:
        self._engine, self._begin = engine, begin
        # No driver opens anything here: each thread of the engine's connections has its own.
        self._in_thread = sa.create_engine(
            "sqlite://",
            creator=lambda: _here.raw,
            poolclass=SingletonThreadPool,
            pool_size=64,
            hide_parameters=True,
            pool_reset_on_return=None,
        )
        self._at_hand: list[Any] = []
        """Connections out of the engine's pool, for the next work: to give one back and take it out takes as long as two
        statements."""

    async def do(self, work: Work[T]) -> T:
        """What the work brings, committed; all of it is taken back where it fails."""
        done: T = await self._in_its_thread(lambda pooled: self._do(pooled, self._begin, work))
        return done

    async def do_and_look(self, work: Work[T], look: Look[T, S]) -> tuple[T, S]:
        """The same, and then what is seen of it in a transaction of its own."""

        def both(pooled: Connection) -> tuple[T, S]:
            done = self._do(pooled, self._begin, work)
            return done, self._do(pooled, "BEGIN", lambda session: look(session, done))

        found: tuple[T, S] = await self._in_its_thread(both)
        return found

    async def _in_its_thread(self, what: Callable[[Connection], Any]) -> Any:
        pooled = self._at_hand.pop() if self._at_hand else await self._engine.raw_connection()
        try:
            connection = cast(Connection, pooled.driver_connection)
            found = await connection.in_thread(copy_context().run, what, connection)
        except BaseException:
            await greenlet_spawn(pooled.close)
            raise
        if len(self._at_hand) < AT_HAND:
            self._at_hand.append(pooled)
        else:
            await greenlet_spawn(pooled.close)
        return found

    async def let_go(self) -> None:
        """Give back what is at hand."""
        while self._at_hand:
            await greenlet_spawn(self._at_hand.pop().close)

    def _do(self, pooled: Connection, begin: str, work: Work[T]) -> T:
        if getattr(_here, "raw", None) is not pooled.raw:
            _here.raw = pooled.raw
            _here.connection = self._in_thread.connect()
        connection: sa.Connection = _here.connection
        try:
            connection.exec_driver_sql(begin)
            with AtOnce(connection) as session:
                done = _driven(work(cast(AsyncSession, session)))
            connection.commit()
            return done
        except BaseException:
            connection.rollback()
            raise


def _driven(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine brings that never has to wait."""
    try:
        work.send(None)
    except StopIteration as end:
        return cast(T, end.value)
    work.close()
    raise RuntimeError("work on the database waited for something else")


class AtOnce:
    """A session as work knows it, whose answers are there when they are asked for.

    The mapper is only asked where its rows are meant, by SQLModel's `select` or as objects; it takes as long again.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._mapper: Session | None = None

    def __enter__(self) -> "AtOnce":
        """Nothing is to be opened."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Write what was added, and let go of the rows."""
        if self._mapper is not None:
            with self._mapper as session:
                if kind is None:
                    session.flush()

    @property
    def _session(self) -> Session:
        if self._mapper is None:
            self._mapper = Session(self._connection, expire_on_commit=False)
        return self._mapper

    async def exec(self, statement: Any, *, params: Any = None) -> Any:
        """The rows of a statement."""
        if self._mapper is None and not isinstance(statement, Select | SelectOfScalar):
            return self._connection.execute(statement, params)
        return self._session.exec(statement, params=params)

    def get_bind(self) -> sa.Connection:
        """The connection below, for who asks of which kind it is."""
        return self._connection

    def add(self, row: Any) -> None:
        """Have a row written."""
        self._session.add(row)

    def add_all(self, rows: Iterable[Any]) -> None:
        """Have several rows written."""
        self._session.add_all(rows)

    async def get(self, entity: Any, key: Any) -> Any:
        """The row of a key, None where there is none."""
        return self._session.get(entity, key)

    async def flush(self) -> None:
        """Write what was added."""
        self._session.flush()

    async def merge(self, row: Any) -> Any:
        """Put a row in the place of the one with its key."""
        return self._session.merge(row)

    async def delete(self, row: Any) -> None:
        """Take a row away."""
        self._session.delete(row)

    async def connection(self) -> "ConnectionAtOnce":
        """The connection below."""
        if self._mapper is not None:
            self._mapper.flush()
        return ConnectionAtOnce(self._connection)


class ConnectionAtOnce:
    """A connection as work knows it."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect

    async def execute(self, statement: Any, parameters: Any = None) -> Any:
        """The rows of a statement."""
        return self._connection.execute(statement, parameters)
