"""What the ledger comes to, by quarter, unit and item: kept beside it, so that reading it never takes longer.

The ledger is right: whatever is kept here is compared with it, and made from it anew.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.calendar import Quarter
from storage.stored import Stored
from storage.tables import EntryKind, EntryRow, TallyRow

SIGNS = {EntryKind.DEDUCTION: 1, EntryKind.REVERSAL: -1, EntryKind.REASON: 0}

TALLY: Any = TallyRow.__table__  # type: ignore[attr-defined]
COLUMNS = tuple(TALLY.columns)
PLACE = ("quarter", "unit_code", "item")


class Tally(NamedTuple):
    """A row of the sums, made a hundred times for each ranking: a tuple is made faster than a frozen dataclass.

    An item of a unit in a quarter: exact points, living deductions, living vetoes, the last change (UTC).
    """

    quarter: Quarter
    unit: str
    item: str
    points: Decimal
    living: int
    vetoes: int
    changed_at: datetime


def _adding(insert: Any) -> Any:
    statement = insert(TALLY)
    new = statement.excluded
    later = sa.case((new.changed_at > TALLY.c.changed_at, new.changed_at), else_=TALLY.c.changed_at)
    sums = {name: TALLY.c[name] + new[name] for name in ("points", "living", "vetoes")}
    return statement.on_conflict_do_update(index_elements=PLACE, set_={**sums, "changed_at": later})


ADDING = {"sqlite": _adding(insert_sqlite), "postgresql": _adding(insert_postgresql)}
"""Made once: the statement is the same for every entry."""


async def count_in(session: AsyncSession, entries: Iterable[EntryRow]) -> None:
    """Count these new entries in; in the transaction that adds them, which has its turn over all others."""
    rows = [
        {
            "quarter": entry.quarter,
            "unit_code": entry.unit_code,
            "item": entry.item,
            "points": entry.points,
            "living": SIGNS[entry.kind],
            "vetoes": SIGNS[entry.kind] if entry.veto else 0,
            "changed_at": entry.recorded_at,
        }
        for entry in entries
    ]
    if rows:
        connection = await session.connection()
        await connection.execute(ADDING[connection.dialect.name], rows if len(rows) > 1 else rows[0])


_OF: Any = sa.select(*COLUMNS).where(
    TALLY.c.quarter.in_(sa.bindparam("quarters", expanding=True)),
    TALLY.c.unit_code.in_(sa.bindparam("units", expanding=True)),
)


async def of(
    session: AsyncSession, quarters: Collection[Quarter], units: Collection[str], *, through: int | None = None
) -> list[Tally]:
    """What the entries on these units in these quarters come to, in one reading; without what has none.

    `through` counts entries up to that number only, in the ledger itself.
    """
    if through is None:
        where = {"quarters": list(quarters), "units": sorted(units)}
        return [Tally(*row) for row in (await session.exec(_OF, params=where)).all()]
    return await counted(session, quarters, units, through=through)


async def of_quarters(session: AsyncSession, quarters: Collection[Quarter]) -> list[Tally]:
    """The same of every unit, in order."""
    query = sa.select(*COLUMNS).where(TALLY.c.quarter.in_(list(quarters))).order_by(*TALLY.primary_key)
    return [Tally(*row) for row in (await (await session.connection()).execute(query)).all()]


async def counted(
    session: AsyncSession, quarters: Collection[Quarter], units: Collection[str], *, through: int | None = None
) -> list[Tally]:
    """The same, counted in the ledger, entry by entry."""
    where: list[Any] = [col(EntryRow.quarter).in_(list(quarters)), col(EntryRow.unit_code).in_(sorted(units))]
    if through is not None:
        where.append(col(EntryRow.id) <= through)
    return [Tally(*row) for row in (await session.exec(_counted(*where))).all()]


async def quarters(session: AsyncSession) -> list[Quarter]:
    """Every quarter that has entries, or something kept here."""
    known: set[Quarter] = set()
    columns: tuple[Any, ...] = (TALLY.c.quarter, col(EntryRow.quarter))
    for column in columns:
        first = sa.select(sa.func.min(column, type_=column.type)).scalar_subquery()
        following: Any = sa.select(first.label("quarter")).cte("following", recursive=True)
        # From each to the next by the index: ten million entries are of forty quarters.
        after = sa.select(sa.func.min(column, type_=column.type)).where(column > following.c.quarter)
        step = sa.select(after.scalar_subquery()).where(following.c.quarter.is_not(None))
        following = following.union_all(step)
        query: Any = sa.select(following.c.quarter).where(following.c.quarter.is_not(None))
        known |= {quarter for (quarter,) in await session.exec(query)}
    return sorted(known)


def _counted(*where: sa.ColumnElement[bool]) -> Any:
    """What the ledger itself says, in the order of the columns."""
    sign = sa.case(
        (col(EntryRow.kind) == EntryKind.DEDUCTION, 1), (col(EntryRow.kind) == EntryKind.REVERSAL, -1), else_=0
    )
    vetoes = sa.case((col(EntryRow.veto).is_(True), sign), else_=0)
    place = [col(getattr(EntryRow, name)) for name in PLACE]
    return (
        sa.select(
            *place,
            sa.func.sum(col(EntryRow.points)).label("points"),
            sa.func.sum(sign).label("living"),
            sa.func.sum(vetoes).label("vetoes"),
            sa.func.max(col(EntryRow.recorded_at)).label("changed_at"),
        )
        .where(*where)
        .group_by(*place)
    )


async def differences(session: AsyncSession, quarter: Quarter) -> list[tuple[str, str]]:
    """The units and items of a quarter of which something else is kept here than the ledger says."""
    stored = Stored(COLUMNS, session.get_bind().dialect)
    query: Any = sa.select(*stored.columns).where(TALLY.c.quarter == quarter)
    rows = [stored.read(row) for row in await session.exec(query)]
    # What is kept otherwise than it is written is no sum of any entries, however it is read.
    kept = {tuple(values[:3]): None if strange else tuple(values) for values, strange in rows}
    counted = {row[:3]: tuple(row) for row in await session.exec(_counted(col(EntryRow.quarter) == quarter))}
    places = sorted(kept.keys() | counted.keys(), key=str)
    return [place[1:] for place in places if kept.get(place) != counted.get(place)]


async def make_anew(session: AsyncSession, quarter: Quarter) -> None:
    """Make what is kept of a quarter from the ledger."""
    connection = await session.connection()
    await connection.execute(sa.delete(TALLY).where(TALLY.c.quarter == quarter))
    names: Sequence[str] = [column.name for column in COLUMNS]
    await connection.execute(
        sa.insert(TALLY).from_select(names, _counted(col(EntryRow.quarter) == quarter), include_defaults=False)
    )
