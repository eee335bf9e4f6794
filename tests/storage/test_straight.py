"""Work in one trip: committed whole or taken back whole, alone in its turn, and refused where it waits for anything else."""

import asyncio
import threading
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from storage.database import Database, DatabaseFault, Session
from storage.migrate import migrate
from storage.tables import PersonRow

NOW = datetime(2026, 11, 10, 1, tzinfo=UTC)
COUNT: Any = sa.text("SELECT count(*) FROM person")


@pytest.fixture
async def database(tmp_path: Path) -> Any:
    """A database with its tables."""
    made = Database(f"sqlite+aiosqlite:///{tmp_path / 'straight.db'}")
    await migrate(made)
    yield made
    await made.close()


def person(number: int) -> PersonRow:
    return PersonRow(telegram_id=number, name=f"某{number}", joined_at=NOW)


async def count(session: Session) -> int:
    return int((await session.exec(COUNT)).scalar_one())


async def test_what_work_writes_is_there_for_every_way_of_reading(database: Database) -> None:
    async def work(session: Session) -> int:
        session.add(person(1))
        await session.flush()
        session.add(person(2))
        # What was added and not written yet is seen by statements of either kind, as in every session.
        assert len((await session.exec(select(PersonRow))).all()) == 2
        return await count(session)

    assert await database.write(work) == 2
    assert await database.read(count) == 2
    async with database.reading() as session:
        assert await count(session) == 2


async def test_work_that_fails_leaves_nothing_and_the_next_one_goes_on(database: Database) -> None:
    async def fails(session: Session) -> None:
        session.add(person(1))
        await session.flush()
        raise ValueError("on purpose")

    async def wrong(session: Session) -> None:
        session.add(person(1))
        await session.flush()
        await session.exec(sa.text("SELECT no_such_column FROM person"))  # type: ignore[call-overload]

    for work, error in ((fails, ValueError), (wrong, DatabaseFault)):
        with pytest.raises(error):
            await database.write(work)
        assert await database.read(count) == 0
    async with database.transaction() as session:
        session.add(person(3))
    assert await database.read(count) == 1


async def test_work_that_waits_for_anything_else_is_refused_and_taken_back(database: Database) -> None:
    async def waits(session: Session) -> None:
        session.add(person(1))
        await session.flush()
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waited for something else"):
        await database.write(waits)
    assert await database.read(count) == 0


async def test_who_writes_has_its_turn_among_all_that_write(database: Database) -> None:
    async def by_work(session: Session) -> None:
        session.add(person(await count(session)))

    async def by_transaction() -> None:
        async with database.transaction() as session:
            before = await count(session)
            await asyncio.sleep(0)
            session.add(person(before))

    await asyncio.gather(*(database.write(by_work) for _ in range(20)), *(by_transaction() for _ in range(20)))
    assert await database.read(count) == 40


async def test_what_is_to_be_written_first_goes_before_the_others_that_wait(database: Database) -> None:
    order: list[str] = []

    async def by_work(name: str, **way: bool) -> None:
        async def work(session: Session) -> None:
            order.append(name)

        await database.keep(work, **way)

    async def by_transaction(name: str, **way: bool) -> None:
        async with database.keeping(**way):
            order.append(name)

    async with asyncio.TaskGroup() as group, database.transaction():
        for task in (
            by_work("c"),
            by_transaction("d"),
            by_work("a", first=True),
            by_transaction("b", first=True),
        ):
            group.create_task(task)
            await asyncio.sleep(0.01)
    assert order == ["a", "b", "c", "d"]


async def test_what_is_to_be_written_first_keeps_nobody_from_writing(database: Database) -> None:
    order: list[str] = []

    async def mark(number: int) -> None:
        async def work(session: Session) -> None:
            order.append("first")

        for _ in range(number):
            await database.keep(work, first=True)

    async def other(session: Session) -> None:
        order.append("other")

    await asyncio.gather(mark(20), mark(20), database.write(other))
    assert order.index("other") <= 3


async def test_a_writer_that_is_cancelled_while_it_waits_leaves_the_turn_to_the_next(
    database: Database,
) -> None:
    async def add(session: Session) -> None:
        session.add(person(await count(session)))

    # Who holds the turn keeps the others in the line, or has the head of the line wait beside it.
    for holds, first in ((False, False), (False, True), (True, False), (True, True)):
        async with database.keeping(first=holds):
            waiting = [asyncio.ensure_future(database.keep(add, first=first)) for _ in range(3)]
            await asyncio.sleep(0.01)
            waiting[0].cancel()
            await asyncio.sleep(0)
            waiting[1].cancel()
        await asyncio.wait_for(waiting[2], 5)
    assert await database.read(count) == 4


async def test_a_reading_that_is_cancelled_or_writes_nothing_leaves_the_connection_fit(
    database: Database,
) -> None:
    task = asyncio.ensure_future(database.write(count))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await asyncio.wait_for(database.write(count), 5) == 0
    assert await asyncio.gather(*(database.read(count) for _ in range(30))) == [0] * 30


async def test_work_sees_the_variables_of_who_asked_and_runs_beside_the_loop(database: Database) -> None:
    variable: ContextVar[str] = ContextVar("variable")
    variable.set("mine")

    async def work(session: Session) -> tuple[str, int]:
        return variable.get(), threading.get_ident()

    said, thread = await database.read(work)
    assert said == "mine" and thread != threading.get_ident()


async def test_work_in_one_trip_and_step_by_step_do_not_keep_each_other_from_the_connections(
    database: Database,
) -> None:
    async def add(number: int) -> None:
        async def work(session: Session) -> None:
            session.add(person(number))

        if number % 2:
            await database.write(work)
        else:
            async with database.transaction() as session:
                session.add(person(number))

    async def step_by_step() -> int:
        async with database.reading() as session:
            await asyncio.sleep(0.01)
            return await count(session)

    async with asyncio.timeout(20):
        await asyncio.gather(
            *(add(number) for number in range(20)),
            *(database.read(count) for _ in range(20)),
            *(step_by_step() for _ in range(20)),
        )
    assert await database.read(count) == 20


async def test_what_was_written_is_looked_at_in_the_same_trip_and_stays_where_the_look_fails(
    database: Database,
) -> None:
    async def work(session: Session) -> int:
        session.add(person(await count(session)))
        return await count(session) + 100

    async def look(session: Session, done: int) -> tuple[int, int]:
        return done, await count(session)

    async def fails(session: Session, done: int) -> None:
        raise ValueError("on purpose")

    assert await database.write_and_look(work, look) == (101, (101, 1))
    with pytest.raises(ValueError, match="on purpose"):
        await database.write_and_look(work, fails)
    assert await database.read(count) == 2
