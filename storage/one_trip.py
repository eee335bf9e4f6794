"""SQLite behind its thread with one trip a statement: aiosqlite makes four, and each waits for the interpreter twice."""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import aiosqlite
from sqlalchemy.engine import URL

AHEAD = 256
"""Rows that come along with a statement; of a longer reading the others are fetched as they are asked for."""

Row = tuple[Any, ...]


def connector(url: URL) -> Any:
    """What opens a connection to the database of this address."""
    arguments, options = url.get_dialect()().create_connect_args(url)
    opened: Callable[[], sqlite3.Connection] = partial(sqlite3.connect, *arguments, **options)

    def connect() -> "Connection":
        connection = Connection(opened, AHEAD)
        # As SQLAlchemy does with aiosqlite's own: whoever ends without closing is not kept alive.
        connection._thread.daemon = True
        return connection

    return connect


class Connection(aiosqlite.Connection):
    """aiosqlite's connection with other cursors; a transaction begins along with its first statement."""

    _begin: str | None = None
    _reading: sqlite3.Cursor | None = None
    """A statement that has more rows: as long as it is open, the connection sees what it saw."""

    def cursor(self) -> "Cursor":  # type: ignore[override]
        """A cursor; none is made in the thread before it is used."""
        return Cursor(self)

    async def in_thread(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """What this brings, done in the connection's thread in its turn."""
        return await self._execute(work, *arguments)  # type: ignore[no-untyped-call]

    @property
    def raw(self) -> sqlite3.Connection:
        """In the thread: the connection itself."""
        return self._conn

    def begin_with(self, statement: str) -> None:
        """Begin when something is done: until then nothing is locked or seen, with or without."""
        self._begin = statement

    def begun(self) -> sqlite3.Connection:
        """In the thread: the connection, in the transaction that was asked for."""
        if self._begin is not None:
            statement, self._begin = self._begin, None
            self._conn.execute(statement)
        return self._conn

    async def commit(self) -> None:
        """Commit what was begun."""
        if self._ended():
            return
        await super().commit()

    async def rollback(self) -> None:
        """Take back what was begun; a reading that was left halfway is over, too."""
        reading, self._reading = self._reading, None
        if reading is not None:
            await self.in_thread(reading.close)
        if self._ended():
            return
        await super().rollback()

    def _ended(self) -> bool:
        """Whether nothing was begun, or nothing but asked for."""
        self._begin = None
        return self._connection is not None and not self._connection.in_transaction


class Cursor:
    """A statement and its rows, brought back together."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cursor: sqlite3.Cursor | None = None
        """The statement as long as it has more rows."""
        self._rows: list[Row] = []
        self.arraysize = 1
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> "Cursor":
        """Nothing is to be opened."""
        return self

    async def execute(self, sql: str, parameters: Any = ()) -> "Cursor":
        """Run a statement, and take the first of its rows along."""
        if sql.startswith("BEGIN"):
            self._connection.begin_with(sql)
        else:
            await self._connection.in_thread(self._run, sql, parameters)
        return self

    def _run(self, sql: str, parameters: Any) -> None:
        cursor = self._connection.begun().execute(sql, parameters)
        self._rows = cursor.fetchmany(AHEAD) if cursor.description else []
        self._keep(cursor)

    async def executemany(self, sql: str, parameters: Any) -> "Cursor":
        """Run a statement for each of several sets of values."""
        await self._connection.in_thread(self._run_many, sql, parameters)
        return self

    def _run_many(self, sql: str, parameters: Any) -> None:
        self._keep(self._connection.begun().executemany(sql, parameters))

    def _keep(self, cursor: sqlite3.Cursor) -> None:
        self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
        self._cursor = self._connection._reading = cursor if len(self._rows) == AHEAD else None
        if self._cursor is None:
            cursor.close()

    async def _fetch(self, count: int | None) -> None:
        """Have so many rows more at hand, or all."""
        if self._cursor is None:
            return
        more = self._cursor.fetchall if count is None else lambda: self._more(count)
        rows: list[Row] = await self._connection.in_thread(more)
        self._rows += rows
        if count is None or len(rows) < count:
            await self.close()

    def _more(self, count: int) -> list[Row]:
        assert self._cursor is not None
        return self._cursor.fetchmany(count)

    async def fetchone(self) -> Row | None:
        """The next row, None after the last."""
        rows = await self.fetchmany(1)
        return rows[0] if rows else None

    async def fetchmany(self, size: int | None = None) -> Sequence[Row]:
        """The next rows."""
        size = size or self.arraysize
        if len(self._rows) < size:
            await self._fetch(max(size, AHEAD))
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    async def fetchall(self) -> Sequence[Row]:
        """All rows that are left."""
        await self._fetch(None)
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Let the statement go."""
        cursor, self._cursor = self._cursor, None
        if self._connection._reading is cursor:
            self._connection._reading = None
        if cursor is not None:
            await self._connection.in_thread(cursor.close)
