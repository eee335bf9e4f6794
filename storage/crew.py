"""The processes that work on one PostgreSQL database: who lives, who leads, which chats each has in hand.

A process is alive while its lifeline, a connection of its own, holds its lock and says so every second. Who is killed
loses the lock at once; who is frozen is not heard of any more. Either is buried: its row is deleted, and with it go its
lead and its chats. Whatever it tries to write after that is refused (`Database.transaction`).

No clock is compared with another: each process counts, in seconds of its own, for how long it saw no new beat of another.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.database import CONNECT_WITHIN, SERVER_SETTINGS, Database, DatabaseAway
from storage.inbox import Kept
from storage.tables import InboxRow, LaneRow, UpdateState

STALE = 6.0
"""Seconds without a new beat after which another takes a process for dead."""

LIVING, BURYING = 0x6B616F, 0x6B616F03
"""The keys of PostgreSQL's advisory locks: held by a lifeline with its number; by who buries."""

CHANNEL = "kaoping"

AT_ONCE = 20
"""Updates of one chat that are read at a time."""


@dataclass(frozen=True, slots=True)
class Beat:
    """What a process learns by saying that it lives: whether it was counted on until now, and whether it leads."""

    counted: bool
    leads: bool
    term: int
    buried: tuple[int, ...] = ()


class Lifeline:
    """The connection by which a process lives. Every method raises DatabaseFault once it is cut."""

    def __init__(self, number: int, driver: Any, *, seconds: Callable[[], float]) -> None:
        self.number = number
        """The number under which the process is known while it lives."""
        self._driver = driver
        self._seconds = seconds
        self._heard: dict[int, tuple[datetime, float]] = {}
        """Of each other process the last beat, and since when it is the last."""

    @classmethod
    async def cast(
        cls, database: Database, news: Callable[[str], None], *, seconds: Callable[[], float]
    ) -> "Lifeline":
        """Be counted from now on; `news` is called with the name of each table that has new rows."""
        import asyncpg  # 3.6 MB that SQLite does not need

        settings = {**SERVER_SETTINGS, "application_name": "kaoping lifeline"}
        # The driver itself: it has to listen, and nothing here is for a pool.
        with _cut():
            driver = await asyncpg.connect(
                **database.driver_options,
                server_settings=settings,
                timeout=CONNECT_WITHIN,
                command_timeout=STALE,
            )
            await driver.add_listener(CHANNEL, lambda *heard: news(heard[-1]))
            number = await driver.fetchval("SELECT nextval(pg_get_serial_sequence('worker', 'id'))")
            # The lock before the row: a row without one is a dead process's.
            await driver.execute("SELECT pg_advisory_lock($1::int, $2::int)", LIVING, number)
            await driver.execute("INSERT INTO worker (id, seen_at) VALUES ($1, clock_timestamp())", number)
        return cls(number, driver, seconds=seconds)

    async def beat(self) -> Beat:
        """Say that the process lives, bury who does not, and lead where nobody does."""
        with _cut():
            return await self._beat()

    async def _beat(self) -> Beat:
        seen = await self._driver.execute(
            "UPDATE worker SET seen_at = clock_timestamp() WHERE id = $1", self.number
        )
        if seen != "UPDATE 1":
            return Beat(counted=False, leads=False, term=0)
        buried = await self._bury()
        await self._driver.execute(
            "UPDATE leadership SET worker_id = $1, term = term + 1 WHERE id = 1 AND worker_id IS NULL",
            self.number,
        )
        leader, term = await self._driver.fetchrow("SELECT worker_id, term FROM leadership WHERE id = 1")
        return Beat(counted=True, leads=leader == self.number, term=term, buried=buried)

    async def _bury(self) -> tuple[int, ...]:
        """Take the dead off the list. What they may have had in hand counts one try more: its answer may be out.

        Who is frozen amid a transaction is left until the server has cut it off: its row is locked so long.
        """
        async with self._driver.transaction():
            if not await self._driver.fetchval("SELECT pg_try_advisory_xact_lock($1::bigint)", BURYING):
                return ()
            silent = await self._silent()
            rows = await self._driver.fetch(
                "SELECT id FROM worker w WHERE id <> $1 AND (EXISTS (SELECT FROM unnest($2::bigint[], $3::timestamptz[])"
                " AS s (id, seen_at) WHERE s.id = w.id AND s.seen_at = w.seen_at)"
                " OR pg_try_advisory_xact_lock($4::int, id::int)) FOR UPDATE SKIP LOCKED",
                self.number, list(silent), list(silent.values()), LIVING,
            )  # fmt: skip
            dead = [row["id"] for row in rows]
            if dead:
                await self._driver.execute(
                    "UPDATE inbox SET tries = tries + 1 WHERE id IN (SELECT min(i.id) FROM inbox i"
                    " JOIN lane l ON l.chat_id = i.chat_id WHERE i.state = 'waiting' AND l.worker_id = ANY($1)"
                    " GROUP BY i.chat_id)",
                    dead,
                )
                await self._driver.execute("DELETE FROM worker WHERE id = ANY($1)", dead)
        if dead:
            await self._driver.execute("SELECT pg_notify($1, 'inbox')", CHANNEL)
        return tuple(dead)

    async def _silent(self) -> dict[int, datetime]:
        """The processes of which no new beat was seen for too long, and the last one of each."""
        rows = await self._driver.fetch("SELECT id, seen_at FROM worker WHERE id <> $1", self.number)
        now, before = self._seconds(), self._heard
        self._heard = {}
        for row in rows:
            last, since = before.get(row["id"], (None, now))
            self._heard[row["id"]] = (row["seen_at"], since if row["seen_at"] == last else now)
        return {id_: last for id_, (last, since) in self._heard.items() if now - since > STALE}

    async def leave(self) -> None:
        """Say good-bye: the lead and the chats go to the others at once."""
        with _cut():
            await self._driver.execute("DELETE FROM worker WHERE id = $1", self.number)
            await self._driver.execute("SELECT pg_notify($1, 'inbox')", CHANNEL)

    def cut(self) -> None:
        """Let go of the connection, whatever state it is in."""
        self._driver.terminate()


@contextmanager
def _cut() -> Iterator[None]:
    """Have whatever the driver says of a connection that broke told as a fault of the database."""
    import asyncpg

    try:
        yield
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        raise DatabaseAway(type(error).__name__) from error


async def line_up(session: AsyncSession, kept: Sequence[Kept]) -> None:
    """Have the chats of these new updates taken up by whoever is free; in the transaction that keeps them."""
    if not kept:
        return
    oldest: dict[int, int] = {}
    newest: dict[int, int] = {}
    for update in kept:
        oldest.setdefault(update.chat_id, update.id)
        newest[update.chat_id] = update.id
    rows = [{"chat_id": chat, "oldest": oldest[chat], "newest": newest[chat]} for chat in sorted(oldest)]
    statement = insert(LaneRow).values(rows)
    await session.exec(
        statement.on_conflict_do_update(index_elements=["chat_id"], set_={"newest": statement.excluded.newest})
    )


async def take(session: AsyncSession, worker: int, places: int) -> list[Kept]:
    """Take so many chats that nobody has in hand, the ones that wait longest; the first updates of each, in order."""
    free = (
        sa.select(col(LaneRow.chat_id))
        .where(col(LaneRow.worker_id).is_(None))
        .order_by(col(LaneRow.oldest))
        .limit(places)
        .with_for_update(skip_locked=True)
        .cte("free")
    )
    taken: Any = (
        sa.update(LaneRow)
        .where(col(LaneRow.chat_id) == free.c.chat_id)
        .values(worker_id=worker)
        .returning(col(LaneRow.chat_id), col(LaneRow.newest))
    )
    newest = {row.chat_id: row.newest for row in await session.exec(taken)}
    found = await ahead(session, list(newest))
    # Who died between giving up an update and leaving its chat has left a chat in which nothing waits.
    empty = set(newest).difference(update.chat_id for update in found)
    await leave_lanes(session, worker, {chat: newest[chat] for chat in sorted(empty)})
    return found


async def ahead(session: AsyncSession, chats: Sequence[int]) -> list[Kept]:
    """The next updates of these chats, in order, at most AT_ONCE of each."""
    if not chats:
        return []
    place = sa.func.row_number().over(partition_by=col(InboxRow.chat_id), order_by=col(InboxRow.id))
    waiting = (
        sa.select(
            col(InboxRow.id), col(InboxRow.chat_id), col(InboxRow.payload), col(InboxRow.received_at),
            col(InboxRow.tries), place.label("place"),
        )
        .where(col(InboxRow.state) == UpdateState.WAITING, col(InboxRow.chat_id).in_(chats))
        .subquery()
    )  # fmt: skip
    query: Any = sa.select(waiting).where(waiting.c.place <= AT_ONCE).order_by(waiting.c.id)
    return [
        Kept(row.id, row.chat_id, row.payload or "", row.received_at, row.tries)
        for row in await session.exec(query)
    ]


async def leave_lanes(session: AsyncSession, worker: int, done: dict[int, int]) -> list[int]:
    """Give up the chats (chat → last update that was done) in which nothing came in since; the ones where it did."""
    if not done:
        return []
    finished = sa.values(
        sa.column("chat_id", sa.BigInteger), sa.column("last", sa.BigInteger), name="finished"
    ).data(list(done.items()))
    statement: Any = (
        sa.delete(LaneRow)
        .where(
            col(LaneRow.chat_id) == finished.c.chat_id,
            col(LaneRow.newest) <= finished.c.last,
            col(LaneRow.worker_id) == worker,
        )
        .returning(col(LaneRow.chat_id))
    )
    left = {chat for (chat,) in await session.exec(statement)}
    return [chat for chat in done if chat not in left]


async def line_up_again(session: AsyncSession) -> None:
    """Have every chat with waiting updates taken up that is not lined up: a database that was moved has none lined up."""
    waiting = (
        sa.select(col(InboxRow.chat_id), sa.func.min(col(InboxRow.id)), sa.func.max(col(InboxRow.id)))
        .where(col(InboxRow.state) == UpdateState.WAITING)
        .group_by(col(InboxRow.chat_id))
    )
    statement = insert(LaneRow).from_select(["chat_id", "oldest", "newest"], waiting)
    await session.exec(statement.on_conflict_do_nothing(index_elements=["chat_id"]))
