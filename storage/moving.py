"""A bureau carried from one database to another, row by row, in one transaction, and compared afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import hash_chain
from storage.database import Database
from storage.hash_chain import Head
from storage.tables import EntryRow, LaneRow, LeadershipRow, OfficerEntryRow, ResultRow, StrangerRow, WorkerRow

STAYS = {row.__tablename__ for row in (WorkerRow, LeadershipRow, LaneRow, StrangerRow)}
"""What is about processes and not about the bureau."""

PIECE = 500
"""Rows that are carried at a time."""

Scores = dict[tuple[Any, ...], Any]


@dataclass(frozen=True, slots=True)
class Holding:
    """What a database holds, as far as it has to be the same after a move."""

    counts: dict[str, int]
    scores: Scores
    """Exact sums by quarter or month, unit, officer and item, and confirmed results."""
    heads: tuple[Head, ...]

    @property
    def rows(self) -> int:
        """How many there are in all."""
        return sum(self.counts.values())


def _tables() -> Iterator[sa.Table]:
    """Every table that is carried, those that others point at first."""
    return (table for table in SQLModel.metadata.sorted_tables if table.name not in STAYS)


async def is_empty(database: Database) -> bool:
    """Whether nothing of a bureau is in it; it has to be migrated."""
    async with database.reading() as session:
        for table in _tables():
            query: Any = sa.select(sa.literal(1)).select_from(table).limit(1)
            if (await session.exec(query)).first() is not None:
                return False
    return True


async def carry(source: Database, target: Database) -> None:
    """Copy every row, all or none; the target is migrated and empty. DatabaseFault where either gives way."""
    async with source.reading() as reading, target.transaction() as writing:
        for table in _tables():
            await _carry(reading, writing, table)
        if target.shared:
            await _count_on(writing)


async def _carry(reading: AsyncSession, writing: AsyncSession, table: sa.Table) -> None:
    # In the order of their keys: an entry that takes another back has the higher number.
    query = sa.select(table).order_by(*table.primary_key.columns).execution_options(yield_per=PIECE)
    rows = await (await reading.connection()).stream(query)
    target = await writing.connection()
    async for piece in rows.partitions():
        await target.execute(table.insert(), [dict(row._mapping) for row in piece])


async def _count_on(session: AsyncSession) -> None:
    """Have PostgreSQL's sequences go on after the rows that came with their numbers."""
    connection = await session.connection()
    for table in _tables():
        for column in table.primary_key.columns:
            if not isinstance(column.type, sa.Integer):
                continue
            sequence = (
                await connection.execute(sa.select(sa.func.pg_get_serial_sequence(table.name, column.name)))
            ).scalar()
            last = (await connection.execute(sa.select(sa.func.max(column)))).scalar()
            if sequence is not None and last is not None:
                await connection.execute(sa.select(sa.func.setval(sequence, last)))


async def holding(database: Database) -> Holding:
    """Count and add up everything, in one state of the database."""
    async with database.reading() as session:
        counts: dict[str, int] = {}
        for table in _tables():
            counted: Any = sa.select(sa.func.count()).select_from(table)
            counts[table.name] = int((await session.exec(counted)).one()[0])
        scores = await _scores(session)
        heads = await hash_chain.heads(session)
    return Holding(counts, scores, tuple(heads))


async def _scores(session: AsyncSession) -> Scores:
    found: Scores = {}
    for row, by in (
        (EntryRow, (EntryRow.quarter, EntryRow.unit_code, EntryRow.item)),
        (OfficerEntryRow, (OfficerEntryRow.month, OfficerEntryRow.unit_code, OfficerEntryRow.officer_id, OfficerEntryRow.item)),
    ):  # fmt: skip
        columns = [col(column) for column in by]
        query: Any = sa.select(*columns, sa.func.sum(col(row.points))).group_by(*columns)
        found |= {(row.__tablename__, *key): points for *key, points in await session.exec(query)}
    confirmed: Any = sa.select(col(ResultRow.quarter), col(ResultRow.unit_code), col(ResultRow.total))
    found |= {("result", quarter, unit): total for quarter, unit, total in await session.exec(confirmed)}
    return found
