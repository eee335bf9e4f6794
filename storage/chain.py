"""The seals: each row of a chain carries the hash of itself and of the one before, so that a change below the triggers shows.

A chain a group, and one for the audit trail. The head, told to people outside the database, fixes all before it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.calendar import Quarter
from rules.months import Month
from storage.tables import AuditRow, EntryRow, OfficerEntryRow

Sealed = EntryRow | AuditRow | OfficerEntryRow

FIRST = "0" * 64
"""What stands before the first row of a chain."""

COLUMNS: dict[type[Any], tuple[str, ...]] = {
    EntryRow: (
        "id", "key", "kind", "target_id", "unit_code", "item", "points", "quarter", "inspected_on", "author_id", "reason",
        "at", "recorded_at", "replaces_id", "criterion", "criterion_text", "times", "veto", "chain", "chain_no",
    ),
    OfficerEntryRow: (
        "id", "key", "kind", "target_id", "officer_id", "unit_code", "month", "item", "points", "found_on", "author_id",
        "reason",
        "at", "recorded_at", "replaces_id", "chain", "chain_no",
    ),
    AuditRow: (
        "id", "key", "act", "person_id", "telegram_id", "unit_code", "entry_id", "detail", "at", "chain", "chain_no",
    ),
}  # fmt: skip
"""What a seal holds, in this order for ever: a column that is added later goes to the end, and only where it says more."""

KINDS: tuple[type[Any], ...] = (EntryRow, OfficerEntryRow, AuditRow)
"""The chained tables, the ledgers first."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends."""

    chain: str
    count: int
    seal: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a recount of a chain found. `broken` is the id of the first row that does not fit, None where all do."""

    table: str
    head: Head
    broken: int | None


async def add(session: AsyncSession, row: Sealed) -> int:
    """Add a row at the end of its chain, sealed; its id."""
    return (await add_all(session, [row]))[0]


async def add_all(session: AsyncSession, rows: Sequence[Sealed]) -> list[int]:
    """Add rows of one table, each at the end of its chain, in this order; their ids."""
    if not rows:
        return []
    kind: Any = type(rows[0])
    last, ends = 0, dict[str, tuple[int, str]]()
    for chain in dict.fromkeys(row.chain for row in rows):
        last, number, before = await _end(session, kind, chain)
        ends[chain] = number, before
    # Counted on from the last, and not drawn from a sequence: what was taken back would leave a gap, and a number that is
    # missing looks like a record that was taken away. One writes at a time (`Database.transaction`).
    ids = list(range(last + 1, last + 1 + len(rows)))
    for id_, row in zip(ids, rows, strict=True):
        number, before = ends[row.chain]
        row.id, row.chain_no = id_, number + 1
        row.seal = seal(row, before)
        ends[row.chain] = row.chain_no, row.seal
    table = kind.__table__
    values = [{column.name: getattr(row, column.name) for column in table.columns} for row in rows]
    await session.exec(_insert(kind), params=values)
    return ids


@cache
def _insert(kind: Any) -> Any:
    """Made once, of the table: the rows are complete, and the mapper would only look them over once more."""
    return sa.insert(kind.__table__)


@cache
def _last_of(kind: Any) -> Any:
    """The last row of a chain beside the table's last id: one question, as all others wait for the turn meanwhile."""
    table = kind.__table__.c
    last = sa.select(sa.func.coalesce(sa.func.max(table.id), 0)).scalar_subquery()
    of_chain = sa.select(table.chain_no, table.seal).where(table.chain == sa.bindparam("chain"))
    end = of_chain.order_by(table.chain_no.desc()).limit(1).subquery()
    always = sa.select(sa.literal(1)).subquery()
    return sa.select(last, end.c.chain_no, end.c.seal).select_from(always.outerjoin(end, sa.true()))


async def _end(session: AsyncSession, kind: Any, chain: str) -> tuple[int, int, str]:
    """The last id of the table, for the ids are in the seals, and number and seal of the chain's last row."""
    last, number, before = (await session.exec(_last_of(kind), params={"chain": chain})).one()
    return (last, 0, FIRST) if number is None else (last, number, before)


def seal(row: Sealed, before: str) -> str:
    """The seal of a row that follows the one with the seal `before`."""
    return digest(before, [getattr(row, column) for column in COLUMNS[type(row)]])


def digest(before: str, values: Sequence[Any]) -> str:
    """The hash of a row's values and of what stands before it, in hexadecimal."""
    text = json.dumps([before, *map(_plain, values)], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A value as it is hashed: the same on every database."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return int(value * 100)
    if isinstance(value, Quarter | Month):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value


async def verify(session: AsyncSession) -> list[Verdict]:
    """Recount every chain."""
    return [await _verify(session, table, chain) for table, chain in await names(session)]


async def names(session: AsyncSession) -> list[tuple[str, str]]:
    """Every chain there is, as its table and its name, the ledgers' first."""
    found = []
    for kind in KINDS:
        chains = (await session.exec(select(kind.chain).distinct().order_by(kind.chain))).all()
        found += [(str(kind.__tablename__), chain) for chain in chains]
    return found


async def _verify(session: AsyncSession, table: str, chain: str) -> Verdict:
    head = beginning(chain)
    while True:
        verdict = await verify_part(session, table, head)
        if verdict.broken is not None or verdict.head == head:
            return verdict
        head = verdict.head


def beginning(chain: str) -> Head:
    """Where a chain stands before its first row."""
    return Head(chain, 0, FIRST)


async def verify_part(session: AsyncSession, table: str, head: Head, *, limit: int = 1000) -> Verdict:
    """Recount the rows of a chain that follow `head`, at most so many, so that ten years fit in memory.

    The verdict's head is where it got to: `head` itself where nothing follows it.
    """
    kind = _kind(table)
    # Plain columns: rows that are only read need not become objects, which takes most of the time.
    query: Any = (
        sa.select(kind.seal, *(getattr(kind, column) for column in COLUMNS[kind]))
        .where(kind.chain == head.chain, kind.chain_no > head.count)
        .order_by(kind.chain_no)
        .limit(limit)
    )
    for row in (await session.exec(query)).all():
        if row.chain_no != head.count + 1 or row.seal != digest(head.seal, row[1:]):
            return Verdict(table, head, row.id)
        head = Head(head.chain, row.chain_no, row.seal)
    return Verdict(table, head, None)


async def stands(session: AsyncSession, table: str, head: Head) -> bool:
    """Whether a chain still has the row that it ended with once: rows taken off its end leave no other trace."""
    kind = _kind(table)
    query = select(kind.seal).where(kind.chain == head.chain, kind.chain_no == head.count)
    return head.count == 0 or (await session.exec(query)).first() == head.seal


def _kind(table: str) -> Any:
    return next(kind for kind in KINDS if kind.__tablename__ == table)


async def heads(session: AsyncSession) -> list[Head]:
    """Where each chain ends, the ledger's first."""
    found = []
    for kind in KINDS:
        newest: Any = (
            sa.select(kind.chain, sa.func.max(kind.chain_no).label("number")).group_by(kind.chain).subquery()
        )
        query: Any = (
            sa.select(kind.chain, kind.chain_no, kind.seal)
            .join(newest, sa.and_(newest.c.chain == kind.chain, newest.c.number == kind.chain_no))
            .order_by(kind.chain)
        )
        found += [Head(*row) for row in await session.exec(query)]
    return found
