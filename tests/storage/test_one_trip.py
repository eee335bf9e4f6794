"""SQLite behind its thread: every row comes, and a transaction begins, ends and is taken back as with the plain driver."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from storage.database import Database, DatabaseFault
from storage.one_trip import AHEAD, Connection

LONG = AHEAD * 2 + 7


@pytest.fixture
async def database(tmp_path: Path) -> Any:
    """A database with a table of one column."""
    made = Database(f"sqlite+aiosqlite:///{tmp_path / 'trips.db'}")
    async with made.transaction() as session:
        await session.exec(sa.text("CREATE TABLE n (id INTEGER PRIMARY KEY)"))
    yield made
    await made.close()


async def _fill(database: Database, count: int = LONG) -> None:
    async with database.transaction() as session:
        rows = [{"id": number} for number in range(count)]
        await session.exec(sa.text("INSERT INTO n VALUES (:id)"), params=rows)


@pytest.mark.parametrize("count", [1, 2, AHEAD - 1, AHEAD, AHEAD + 1, AHEAD * 2, LONG])
async def test_every_row_of_a_reading_comes_once_and_in_order(database: Database, count: int) -> None:
    await _fill(database, count)
    async with database.reading() as session:
        found = (await session.exec(sa.text("SELECT id FROM n ORDER BY id"))).scalars().all()
    assert found == list(range(count))


@pytest.mark.parametrize("piece", [1, 100, AHEAD, LONG])
async def test_a_reading_piece_by_piece_brings_the_same(database: Database, piece: int) -> None:
    await _fill(database)
    async with database.reading() as session:
        query = sa.text("SELECT id FROM n ORDER BY id").execution_options(yield_per=piece)
        rows = await session.stream(query)
        found = [row.id async for part in rows.partitions() for row in part]
    assert found == list(range(LONG))


async def test_a_reading_that_is_left_halfway_keeps_no_writer_out(database: Database) -> None:
    await _fill(database)
    async with database.reading() as session:
        rows = await session.stream(sa.text("SELECT id FROM n").execution_options(yield_per=10))
        await anext(aiter(rows))
    async with database.transaction() as session:
        await session.exec(sa.text("DELETE FROM n"))
    async with database.reading() as session:
        assert (await session.exec(sa.text("SELECT count(*) FROM n"))).scalar_one() == 0


async def test_what_a_failed_transaction_wrote_is_taken_back(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as session:
            await session.exec(sa.text("INSERT INTO n VALUES (1)"))
            raise ZeroDivisionError
    async with database.reading() as session:
        assert (await session.exec(sa.text("SELECT count(*) FROM n"))).scalar_one() == 0


async def test_a_reading_sees_one_state_from_its_first_query_to_its_last(database: Database) -> None:
    async with database.reading() as session:
        assert (await session.exec(sa.text("SELECT count(*) FROM n"))).scalar_one() == 0
        await _fill(database, 3)
        assert (await session.exec(sa.text("SELECT count(*) FROM n"))).scalar_one() == 0


async def test_who_writes_locks_the_file_before_the_first_look(database: Database, tmp_path: Path) -> None:
    async with database.transaction() as session:
        await session.exec(sa.text("SELECT 1"))
        beside = sqlite3.connect(tmp_path / "trips.db", timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            beside.execute("BEGIN IMMEDIATE")
        beside.close()


async def test_a_transaction_in_which_nothing_was_done_leaves_nothing_open(database: Database) -> None:
    async with database.transaction():
        pass
    async with database.transaction() as session:
        driver = (await (await session.connection()).get_raw_connection()).driver_connection
        assert isinstance(driver, Connection)
        assert not driver._conn.in_transaction


async def test_a_statement_that_fails_says_so_and_the_connection_serves_on(database: Database) -> None:
    with pytest.raises(DatabaseFault):
        async with database.transaction() as session:
            await session.exec(sa.text("SELECT * FROM nowhere"))
    await _fill(database, 1)


async def test_who_is_cancelled_amid_a_transaction_has_it_taken_back(database: Database) -> None:
    begun = asyncio.Event()

    async def write() -> None:
        async with database.transaction() as session:
            await session.exec(sa.text("INSERT INTO n VALUES (1)"))
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await _fill(database, 2)
    async with database.reading() as session:
        assert (await session.exec(sa.text("SELECT count(*) FROM n"))).scalar_one() == 2
