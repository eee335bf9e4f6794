"""The seals: each row of a chain carries the hash of itself and of the one before, so that a change below the triggers shows.

A chain a group, one for the officers' entries, one for the audit trail and one for the register. The head, told to people
outside the database, fixes all before it. What was added last is kept beside the chains, too (`chain_end`): whoever takes
rows off a chain, or seals it anew, leaves an end that does not fit, and the next row is chained to the end as it was.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.calendar import Quarter
from rules.months import Month
from storage.stored import Stored
from storage.tables import AuditRow, ChainEndRow, EntryRow, OfficerEntryRow, RegisterRow
from storage.upserts import overwriting

Sealed = EntryRow | AuditRow | OfficerEntryRow | RegisterRow

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
    RegisterRow: ("id", "table_name", "row_id", "content", "chain", "chain_no"),
}  # fmt: skip
"""What a seal holds, in this order for ever: a column that is added later goes to the end, and only where it says more."""

KINDS: tuple[type[Any], ...] = (EntryRow, OfficerEntryRow, AuditRow, RegisterRow)
"""The chained tables, the ledgers first."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends."""

    chain: str
    count: int
    seal: str


@dataclass(frozen=True, slots=True)
class End:
    """Where a chain of a table ends."""

    table: str
    chain: str
    count: int
    seal: str

    @property
    def head(self) -> Head:
        """The same without its table."""
        return Head(self.chain, self.count, self.seal)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a recount of a chain found. `broken` is the id of the first row that does not fit, None where all do."""

    table: str
    head: Head
    broken: int | None
    gap: bool = False
    """Whether it does not fit because rows before it are missing."""


async def add(session: AsyncSession, row: Sealed) -> int:
    """Add a row at the end of its chain, sealed; its id."""
    return (await add_all(session, [row]))[0]


async def add_all(session: AsyncSession, rows: Sequence[Sealed]) -> list[int]:
    """Add rows of one table, each at the end of its chain, in this order; their ids."""
    if not rows:
        return []
    kind, ends = type(rows[0]), {}
    for chain in dict.fromkeys(row.chain for row in rows):
        ends[chain] = (await session.exec(_last_of(kind), params={"chain": chain})).one()
    values, kept = _sealed(rows, ends)
    await session.exec(_insert(kind), params=values)
    await session.exec(_KEEPING[session.get_bind().dialect.name], params=kept)
    return [value["id"] for value in values]


def add_all_within(connection: sa.Connection, rows: Sequence[Sealed]) -> None:
    """The same within a flush, which has the connection in hand."""
    kind = type(rows[0])
    chains = dict.fromkeys(row.chain for row in rows)
    values, kept = _sealed(rows, {c: connection.execute(_last_of(kind), {"chain": c}).one() for c in chains})
    connection.execute(_insert(kind), values)
    connection.execute(_KEEPING[connection.dialect.name], kept)


def _sealed(
    rows: Sequence[Sealed], lasts: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows with their ids, numbers and seals, ready to be inserted, and where their chains end then.

    `lasts` is what `_last_of` brought for each chain.
    """
    table: Any = type(rows[0]).__table__  # type: ignore[union-attr]
    last, ends = 0, dict[str, tuple[int, str]]()
    for chain, found in lasts.items():
        last = found.last
        ends[chain] = _goes_on_from(found)
    # Counted on from the last, and not drawn from a sequence: what was taken back would leave a gap, and a number that is
    # missing looks like a record that was taken away. One writes at a time (`Database.transaction`).
    for id_, row in enumerate(rows, start=last + 1):
        number, before = ends[row.chain]
        row.id, row.chain_no = id_, number + 1
        row.seal = seal(row, before)
        ends[row.chain] = row.chain_no, row.seal
    values = [{column.name: getattr(row, column.name) for column in table.columns} for row in rows]
    kept = [
        {"table_name": table.name, "chain": chain, "count": count, "seal": seal_}
        for chain, (count, seal_) in ends.items()
    ]
    return values, kept


def _goes_on_from(found: Any) -> tuple[int, str]:
    """Number and seal of the row before the next.

    Where the chain does not end as we left it, the next row follows ours: the break stays, whatever is added.
    """
    if found.kept_count is None:
        return (0, FIRST) if found.chain_no is None else (found.chain_no, found.seal)
    return max(found.kept_count, found.chain_no or 0), found.kept_seal


@cache
def _insert(kind: Any) -> Any:
    """Made once, of the table: the rows are complete, and the mapper would only look them over once more."""
    return sa.insert(kind.__table__)


_ENDS: Any = ChainEndRow.__table__  # type: ignore[attr-defined]
_KEEPING = overwriting(_ENDS)


@cache
def _last_of(kind: Any) -> Any:
    """The last row of a chain, the end that was kept of it, and the table's last id, for the ids are in the seals.

    One question, as all others wait for the turn meanwhile.
    """
    table = kind.__table__.c
    last = sa.select(sa.func.coalesce(sa.func.max(table.id), 0)).scalar_subquery().label("last")
    of_chain = sa.select(table.chain_no, table.seal).where(table.chain == sa.bindparam("chain"))
    end = of_chain.order_by(table.chain_no.desc()).limit(1).subquery()
    always = sa.select(sa.literal(1)).subquery()
    kept = sa.and_(_ENDS.c.table_name == kind.__tablename__, _ENDS.c.chain == sa.bindparam("chain"))
    return sa.select(
        last, end.c.chain_no, end.c.seal, _ENDS.c.count.label("kept_count"), _ENDS.c.seal.label("kept_seal")
    ).select_from(always.outerjoin(end, sa.true()).outerjoin(_ENDS, kept))


def seal(row: Sealed, before: str) -> str:
    """The seal of a row that follows the one with the seal `before`."""
    return digest(before, [getattr(row, column) for column in COLUMNS[type(row)]])


def digest(before: str, values: Sequence[Any]) -> str:
    """The hash of a row's values and of what stands before it, in hexadecimal."""
    text = json.dumps([before, *map(plain, values)], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: Any) -> Any:
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
    """Every chain that has rows, or should have them, as its table and its name, the ledgers' first."""
    return await _names(session, KINDS, await ends(session))


async def older_names(session: AsyncSession) -> list[tuple[str, str]]:
    """The same in a database of a migration that kept no ends and had no register."""
    return await _names(session, KINDS[:-1], [])


async def _names(
    session: AsyncSession, kinds: Sequence[type[Any]], kept: Sequence[End]
) -> list[tuple[str, str]]:
    found = []
    for kind in kinds:
        chains = set((await session.exec(select(kind.chain).distinct())).all())
        chains |= {end.chain for end in kept if end.table == kind.__tablename__}
        found += [(str(kind.__tablename__), chain) for chain in sorted(chains, key=str)]
    return found


async def ends(session: AsyncSession) -> list[End]:
    """Where each chain ended when the last row was added to it, as it was kept beside it."""
    query = sa.select(*_ENDS.columns).order_by(*_ENDS.primary_key)
    return [End(*row) for row in (await (await session.connection()).execute(query)).all()]


async def kept_end(session: AsyncSession, table: str, chain: str) -> End | None:
    """The same of one chain; None where nothing was kept of it."""
    query = sa.select(*_ENDS.columns).where(_ENDS.c.table_name == table, _ENDS.c.chain == chain)
    row = (await (await session.connection()).execute(query)).first()
    return None if row is None else End(*row)


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
    of = kind.__table__.c
    stored = Stored([of.seal, *(of[column] for column in COLUMNS[kind])], session.get_bind().dialect)
    query: Any = (
        sa.select(*stored.columns)
        .where(kind.chain == head.chain, kind.chain_no > head.count)
        .order_by(kind.chain_no)
        .limit(limit)
    )
    for row in (await session.exec(query)).all():
        values, strange = stored.read(row)
        if strange or row.chain_no != head.count + 1 or row.seal != digest(head.seal, values[1:]):
            gap = not strange and isinstance(row.chain_no, int) and row.chain_no > head.count + 1
            return Verdict(table, head, row.id, gap=gap)
        head = Head(head.chain, row.chain_no, row.seal)
    return Verdict(table, head, None)


async def rows_of(session: AsyncSession, table: str, chain: str) -> int:
    """How many rows a chain has, whatever their numbers: one that has a number of its own is in no recount."""
    kind = _kind(table)
    query: Any = sa.select(sa.func.count()).select_from(kind).where(kind.chain == chain)
    return int((await session.exec(query)).one()[0])


async def all_stand(session: AsyncSession, ends: Sequence[End]) -> bool:
    """Whether each chain still has the row that it ended with once."""
    for kind in KINDS:
        seals = {(e.chain, e.count): e.seal for e in ends if e.table == kind.__tablename__ and e.count > 0}
        if not seals:
            continue
        place = sa.tuple_(col(kind.chain), col(kind.chain_no))
        query: Any = sa.select(kind.chain, kind.chain_no, kind.seal).where(place.in_(list(seals)))
        found = {(chain, number): seal_ for chain, number, seal_ in (await session.exec(query)).all()}
        if found != seals:
            return False
    return True


async def seals_at(session: AsyncSession, table: str, chain: str, numbers: Sequence[int]) -> dict[int, str]:
    """The seals of some rows of a chain by their numbers; without what is not there."""
    kind, found = _kind(table), dict[int, str]()
    for start in range(0, len(numbers), 500):
        query: Any = sa.select(kind.chain_no, kind.seal).where(
            kind.chain == chain, col(kind.chain_no).in_(numbers[start : start + 500])
        )
        found |= dict((await session.exec(query)).all())
    return found


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
