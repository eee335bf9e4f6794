"""The ledger: entries are added and read, never changed (R11). Scores are derived from it on reading."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.calendar import Quarter
from rules.entries import Basis, Deduction, Reversal
from storage import hash_chain, running_totals
from storage.running_totals import Tally
from storage.tables import EntryKind, EntryRow, PersonRow

Sums = dict[str, dict[str, Decimal]]
"""Points taken by living entries: unit code → item → exact sum, before the floor."""


COLUMNS = (
    "id", "unit_code", "item", "points", "quarter", "at", "inspected_on", "author_id", "reason", "chain",
    "criterion", "criterion_text", "times", "veto", "replaces_id",
)  # fmt: skip
"""What a deduction is made of: columns and no rows of the mapper, which take twice as long."""

PIECE = 250
"""Rows that are taken from a long reading at a time."""


@dataclass(frozen=True, slots=True)
class Written:
    """An entry's number; `fresh` is False where what the person did had been written before."""

    number: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken from units in quarters: exact sums, who has a living veto (一票否决), the last changes in UTC."""

    sums: dict[Quarter, Sums]
    vetoed: dict[Quarter, frozenset[str]]
    changes: dict[tuple[Quarter, str], datetime]
    """By quarter and unit; without the ones that have no entry."""


@dataclass(frozen=True, slots=True)
class Used:
    """An item of a unit in a quarter that has entries."""

    quarter: Quarter
    unit: str
    item: str


@dataclass(frozen=True, slots=True)
class New:
    """A deduction that is to be added. `at` is the aware moment it counts from."""

    key: str
    unit: str
    item: str
    points: Decimal
    quarter: Quarter
    inspected_on: date
    author_id: int
    reason: str | None
    at: datetime
    group: str
    basis: Basis | None = None
    replaces: int | None = None


FEW = 200
"""Entries that are sooner taken off a sum than all the others are added up."""

AT_ONCE = 50
"""Rows that are sealed and written together: few enough that nobody else waits."""


async def deduct(
    session: AsyncSession,
    *,
    key: str,
    unit: str,
    item: str,
    points: Decimal,
    quarter: Quarter,
    inspected_on: date,
    author_id: int,
    reason: str | None,
    at: datetime,
    now: datetime,
    group: str,
    basis: Basis | None = None,
    replaces: int | None = None,
    known_new: bool = False,
) -> Written:
    """Add a deduction, once for a key; a key that is `known_new` in this transaction is not looked for again.

    `at` is the moment it counts from, `now` when it is written; both aware.
    `group` is the group whose part of the ledger it goes to; `replaces` the reversed entry in whose place it stands.
    """
    new = New(key, unit, item, points, quarter, inspected_on, author_id, reason, at, group, basis, replaces)
    row = _row(new, now)
    return await _write(session, row) if known_new else await _add(session, row)


async def deduct_all(session: AsyncSession, several: Sequence[New], *, now: datetime) -> list[int]:
    """Add deductions whose keys are known to be new, in this order; their numbers. `now` is aware."""
    numbers: list[int] = []
    for start in range(0, len(several), AT_ONCE):
        rows = [_row(new, now) for new in several[start : start + AT_ONCE]]
        numbers += await hash_chain.add_all(session, rows)
        await running_totals.count_in(session, rows)
    return numbers


def _row(new: New, now: datetime) -> EntryRow:
    basis = new.basis
    return EntryRow(
        key=new.key,
        kind=EntryKind.DEDUCTION,
        unit_code=new.unit,
        item=new.item,
        points=new.points,
        quarter=new.quarter,
        inspected_on=new.inspected_on,
        author_id=new.author_id,
        reason=new.reason,
        at=new.at,
        recorded_at=now,
        chain=new.group,
        replaces_id=new.replaces,
        criterion=basis.code if basis else None,
        criterion_text=basis.text if basis else None,
        times=basis.times if basis else 1,
        veto=basis.veto if basis else False,
    )


async def reverse(
    session: AsyncSession,
    deduction: Deduction,
    *,
    key: str,
    author_id: int,
    reason: str,
    at: datetime,
    now: datetime,
) -> Written:
    """Take a deduction back with a trace: a second reversal of the same one finds the first (R11)."""
    row = EntryRow(
        kind=EntryKind.REVERSAL, points=-deduction.points, key=key, author_id=author_id, reason=reason, at=at,
        recorded_at=now, veto=deduction.vetoes, **_same_place(deduction),
    )  # fmt: skip
    return await _add(session, row)


async def reverse_all(
    session: AsyncSession,
    several: Sequence[Deduction],
    *,
    key: str,
    author_id: int,
    reason: str,
    at: datetime,
    now: datetime,
) -> None:
    """Take living deductions back, each with a reversal of its own, in this order. `at` and `now` are aware (R11)."""
    for start in range(0, len(several), AT_ONCE):
        rows = [
            EntryRow(
                kind=EntryKind.REVERSAL, points=-entry.points, key=f"{key}:{entry.number}", author_id=author_id,
                reason=reason, at=at, recorded_at=now, veto=entry.vetoes, **_same_place(entry),
            )
            for entry in several[start : start + AT_ONCE]
        ]  # fmt: skip
        await hash_chain.add_all(session, rows)
        await running_totals.count_in(session, rows)


async def give_reason(
    session: AsyncSession,
    deduction: Deduction,
    *,
    key: str,
    author_id: int,
    reason: str,
    at: datetime,
    now: datetime,
) -> Written:
    """Add the reason that a deduction was logged without, as a row of its own (R12)."""
    row = EntryRow(
        kind=EntryKind.REASON, points=Decimal(0), key=key, author_id=author_id, reason=reason, at=at,
        recorded_at=now, **_same_place(deduction),
    )  # fmt: skip
    return await _add(session, row)


def _same_place(deduction: Deduction) -> dict[str, Any]:
    """What a row that follows a deduction repeats of it, so that sums need no join."""
    return {
        "target_id": deduction.number,
        "unit_code": deduction.unit,
        "item": deduction.item,
        "quarter": deduction.quarter,
        "chain": deduction.group,
    }


async def _add(session: AsyncSession, row: EntryRow) -> Written:
    same = select(EntryRow.id).where(EntryRow.key == row.key)
    if row.target_id is not None:
        same = select(EntryRow.id).where(EntryRow.target_id == row.target_id, EntryRow.kind == row.kind)
    number = (await session.exec(same)).one_or_none()
    if number is not None:
        return Written(number, fresh=False)
    return await _write(session, row)


async def _write(session: AsyncSession, row: EntryRow) -> Written:
    """Add a row that is known to be new: to its chain, and to what the quarter comes to."""
    number = await hash_chain.add(session, row)
    await running_totals.count_in(session, [row])
    return Written(number, fresh=True)


async def written_by(session: AsyncSession, key: str) -> int | None:
    """The number of the entry that this deed wrote, None where it wrote none."""
    found: int | None = (await session.exec(_WRITTEN_BY, params={"key": key})).scalar_one_or_none()
    return found


async def numbers_of(session: AsyncSession, keys: Collection[str]) -> dict[str, int]:
    """The numbers of the entries that these deeds wrote."""
    query = select(EntryRow.key, EntryRow.id).where(col(EntryRow.key).in_(sorted(keys)))
    return {key: number for key, number in await session.exec(query) if number is not None}


async def sums(
    session: AsyncSession, quarter: Quarter, units: Collection[str], *, through: int | None = None
) -> Sums:
    """What was taken from the units in a quarter; `through` counts entries up to that number only."""
    later = None if through is None else await _later(session, through)
    if later is None:
        return (await taken(session, [quarter], units, through=through)).sums[quarter]
    # A card shows the moment right after its entry: few have been added since.
    found = (await taken(session, [quarter], units)).sums[quarter]
    for of, unit, item, points in later:
        if of == quarter and unit in found:
            found[unit][item] -= points
    return found


async def _later(session: AsyncSession, through: int) -> list[tuple[Quarter, str, str, Decimal]] | None:
    """The entries after a number, None where they are many."""
    rows = await session.exec(_LATER, params={"through": through})
    found = [(quarter, unit, item, points) for quarter, unit, item, points in rows]
    return found if len(found) <= FEW else None


async def taken(
    session: AsyncSession, quarters: Collection[Quarter], units: Collection[str], *, through: int | None = None
) -> Taken:
    """What was taken from the units in the quarters, their vetoes and last changes, in one reading.

    `through` counts entries up to that number only.
    """
    return _taken(quarters, await running_totals.of(session, quarters, units, through=through))


async def recounted(session: AsyncSession, quarters: Collection[Quarter], units: Collection[str]) -> Taken:
    """The same, counted entry by entry whatever is kept of it elsewhere."""
    return _taken(quarters, await running_totals.counted(session, quarters, units))


def _taken(quarters: Collection[Quarter], tallies: Sequence[Tally]) -> Taken:
    found = Taken({quarter: defaultdict(dict) for quarter in quarters}, {}, {})
    vetoes: defaultdict[tuple[Quarter, str], int] = defaultdict(int)
    # Unit by unit, as they lie: a quarter is looked up once for all items of a unit.
    for place, items in groupby(tallies, key=attrgetter("quarter", "unit")):
        quarter, unit = place
        of_unit = list(items)
        found.sums[quarter][unit] |= {one.item: one.points for one in of_unit}
        last = max(one.changed_at for one in of_unit)
        found.changes[place] = max(last, found.changes.get(place, last))
        vetoes[place] += sum(one.vetoes for one in of_unit)
    for quarter in quarters:
        found.vetoed[quarter] = frozenset(unit for (q, unit), n in vetoes.items() if n > 0 and q == quarter)
    return found


def _there(
    quarters: Collection[Quarter], units: Collection[str], through: int | None
) -> list[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = [
        col(EntryRow.quarter).in_(list(quarters)),
        col(EntryRow.unit_code).in_(sorted(units)),
    ]
    return where if through is None else [*where, col(EntryRow.id) <= through]


async def logged(session: AsyncSession, quarter: Quarter, units: Collection[str]) -> dict[str, int]:
    """How many living deductions each of the units has in the quarter; a unit without any is not in it."""
    count: defaultdict[str, int] = defaultdict(int)
    for one in await running_totals.of(session, [quarter], units):
        count[one.unit] += one.living
    return {unit: number for unit, number in count.items() if number > 0}


async def unexplained(session: AsyncSession, quarter: Quarter, units: Collection[str]) -> list[Deduction]:
    """The living deductions of these units that lack a reason, and so block the submission (R7, R12)."""
    found = await _deductions(
        session,
        col(EntryRow.quarter) == quarter,
        col(EntryRow.unit_code).in_(sorted(units)),
        col(EntryRow.reason).is_(None),
    )
    return [entry for entry in found if entry.lives and entry.reason is None]


async def last_change(session: AsyncSession, quarter: Quarter, units: Collection[str]) -> datetime | None:
    """When the last entry on these units in the quarter was written, UTC; None before the first."""
    return max((one.changed_at for one in await running_totals.of(session, [quarter], units)), default=None)


async def naming(session: AsyncSession, units: Collection[str], name: str) -> list[int]:
    """The numbers of the entries on these units in whose reasons a name stands: what was written there stays (R11)."""
    number = sa.func.coalesce(col(EntryRow.target_id), col(EntryRow.id))
    query: Any = sa.select(number).where(
        col(EntryRow.unit_code).in_(sorted(units)), col(EntryRow.reason).contains(name, autoescape=True)
    )
    return sorted({row[0] for row in await session.exec(query)})


async def deduction(session: AsyncSession, number: int) -> Deduction | None:
    """The deduction of a number, None where the number is none or another kind of entry's."""
    row = (await session.exec(_BY_NUMBER, params={"number": number})).one_or_none()
    return None if row is None else _value(row)


async def of_unit(
    session: AsyncSession, unit: str, quarter: Quarter, *, through: int | None = None
) -> list[Deduction]:
    """A unit's deductions in a quarter, reversed ones with their reversal, oldest first.

    `through` shows them as they stood when the ledger ended with that number.
    """
    found = await _deductions(session, col(EntryRow.unit_code) == unit, col(EntryRow.quarter) == quarter)
    return found if through is None else [_as_of(entry, through) for entry in found if entry.number <= through]


async def of_units(
    session: AsyncSession, units: Collection[str], quarters: Collection[Quarter], *, through: int | None = None
) -> list[Deduction]:
    """The deductions of all these units in these quarters, oldest first: one reading, however many units there are.

    It is taken piece by piece, so that twenty thousand entries keep nobody else waiting. `through` as with `of_unit`.
    """
    query = _query(col(EntryRow.unit_code).in_(sorted(units)), col(EntryRow.quarter).in_(sorted(quarters)))
    if through is not None:
        query = query.where(col(EntryRow.id) <= through)
    rows = await session.stream(query.execution_options(yield_per=PIECE))
    found: list[Deduction] = []
    async for piece in rows.partitions():
        values = [_value(row) for row in piece]
        found += values if through is None else [_as_of(entry, through) for entry in values]
    return found


def _as_of(entry: Deduction, through: int) -> Deduction:
    if entry.reversal is not None and entry.reversal.number > through:
        return replace(entry, reversal=None, replaced_by=None)
    return entry


async def living(session: AsyncSession, quarter: Quarter, units: Collection[str]) -> list[Deduction]:
    """The living deductions of these units in a quarter, oldest first."""
    found = await _deductions(
        session, col(EntryRow.quarter) == quarter, col(EntryRow.unit_code).in_(sorted(units))
    )
    return [entry for entry in found if entry.lives]


async def logged_since(
    session: AsyncSession,
    since: datetime,
    *,
    quarters: Collection[Quarter],
    units: Collection[str],
    items: Collection[str],
    points: Collection[Decimal],
) -> list[Deduction]:
    """The deductions of any of these that count from `since` (aware) or later, oldest first."""
    return await _deductions(
        session,
        *_there(quarters, units, None),
        col(EntryRow.item).in_(sorted(items)),
        col(EntryRow.points).in_(sorted(points)),
        col(EntryRow.at) >= since,
    )


async def times_found(session: AsyncSession, entry: Deduction) -> int:
    """How many living deductions by the entry's criterion its unit has in its quarter, up to the entry itself."""
    assert entry.criterion is not None
    params = {
        "quarter": entry.quarter, "unit": entry.unit, "item": entry.item, "criterion": entry.criterion,
        "number": entry.number,
    }  # fmt: skip
    return int((await session.exec(_TIMES_FOUND, params=params)).scalar_one())


async def living_of(
    session: AsyncSession, quarters: Collection[Quarter], units: Collection[str], *, through: int | None = None
) -> list[Deduction]:
    """The same of several quarters at once; `through` as they stood when the ledger ended with that number."""
    found = await _deductions(session, *_there(quarters, units, through))
    return [entry for e in found if (entry := e if through is None else _as_of(e, through)).lives]


async def of_quarters(session: AsyncSession, quarters: Collection[Quarter]) -> list[Deduction]:
    """Every deduction of these quarters, reversed ones with their reversal, oldest first, in one query."""
    return await _deductions(session, col(EntryRow.quarter).in_(sorted(quarters)))


async def of_author(session: AsyncSession, author_id: int, quarter: Quarter) -> list[Deduction]:
    """What a person logged for a quarter, oldest first."""
    return await _deductions(session, col(EntryRow.author_id) == author_id, col(EntryRow.quarter) == quarter)


async def of_author_since(session: AsyncSession, author_id: int, since: datetime) -> list[Deduction]:
    """What a person logged that counts from `since` (aware) or later, oldest first."""
    return await _deductions(session, col(EntryRow.author_id) == author_id, col(EntryRow.at) >= since)


async def several(session: AsyncSession, numbers: Collection[int]) -> list[Deduction]:
    """The deductions of these numbers, oldest first."""
    return await _deductions(session, col(EntryRow.id).in_(sorted(numbers)))


async def of_import(session: AsyncSession, digest: str) -> list[Deduction]:
    """What was imported from the file of a digest, oldest first, however often."""
    return await _deductions(session, col(EntryRow.key).startswith(f"i:{digest[:32]}:", autoescape=True))


async def last_import(session: AsyncSession, author_id: int) -> str | None:
    """The first half of the digest of the file that a person imported last; None where there is none."""
    query = (
        select(EntryRow.key)
        .where(
            EntryRow.author_id == author_id,
            EntryRow.kind == EntryKind.DEDUCTION,
            col(EntryRow.key).startswith("i:", autoescape=True),
        )
        .order_by(col(EntryRow.id).desc())
        .limit(1)
    )
    key = (await session.exec(query)).first()
    return key.split(":")[1] if key is not None else None


async def through(session: AsyncSession, moment: datetime) -> int:
    """The last number that was written before an aware moment; 0 before the first."""
    query = select(sa.func.max(col(EntryRow.id))).where(col(EntryRow.recorded_at) < moment)
    return int((await session.exec(query)).one() or 0)


async def habits(
    session: AsyncSession, author_id: int, item: str, limit: int = 3
) -> tuple[list[Decimal], list[str]]:
    """The points and the reasons that a person used last on an item, newest first, each once."""
    query: Any = (
        sa.select(col(EntryRow.points), col(EntryRow.reason))
        .where(
            col(EntryRow.author_id) == author_id,
            col(EntryRow.kind) == EntryKind.DEDUCTION,
            col(EntryRow.item) == item,
        )
        .order_by(col(EntryRow.id).desc())
        .limit(30)
    )
    rows = (await session.exec(query)).all()
    points = list(dict.fromkeys(points for points, _ in rows if points > 0))
    reasons = list(dict.fromkeys(reason for _, reason in rows if reason))
    return points[:limit], reasons[:limit]


async def last_of_author(session: AsyncSession, author_id: int, *, since: datetime) -> Deduction | None:
    """The author's latest living deduction that counts from `since` (aware) or later."""
    reversal = aliased(EntryRow)
    undone = (
        sa.select(sa.literal(1))
        .where(col(reversal.target_id) == col(EntryRow.id), col(reversal.kind) == EntryKind.REVERSAL)
        .exists()
    )
    query = (
        select(EntryRow.id)
        .where(
            EntryRow.author_id == author_id,
            EntryRow.kind == EntryKind.DEDUCTION,
            EntryRow.at >= since,
            ~undone,
        )
        .order_by(col(EntryRow.id).desc())
        .limit(1)
    )
    number = (await session.exec(query)).one_or_none()
    return None if number is None else await deduction(session, number)


async def without_reason(
    session: AsyncSession, author_id: int, *, since: datetime | None = None
) -> list[Deduction]:
    """The author's living deductions, from `since` (aware) on where one is given, that wait for their reason (R12)."""
    recent = [col(EntryRow.at) >= since] if since is not None else []
    found = await _deductions(
        session, col(EntryRow.author_id) == author_id, col(EntryRow.reason).is_(None), *recent
    )
    return [deduction for deduction in found if deduction.lives and deduction.reason is None]


async def target_of(session: AsyncSession, key: str) -> Deduction | None:
    """The deduction that this deed reversed or gave a reason to, None where it did neither."""
    number = (await session.exec(select(EntryRow.target_id).where(EntryRow.key == key))).one_or_none()
    return None if number is None else await deduction(session, number)


async def used(session: AsyncSession, quarters: Collection[Quarter]) -> list[Used]:
    """Which items of which units have entries in the quarters (R13)."""
    return [
        Used(one.quarter, one.unit, one.item) for one in await running_totals.of_quarters(session, quarters)
    ]


async def first_numbers(session: AsyncSession, place: Used, limit: int) -> list[int]:
    """The numbers of the first deductions on an item of a unit in a quarter."""
    query = (
        select(EntryRow.id)
        .where(
            EntryRow.quarter == place.quarter,
            EntryRow.unit_code == place.unit,
            EntryRow.item == place.item,
            EntryRow.kind == EntryKind.DEDUCTION,
        )
        .order_by(col(EntryRow.id))
        .limit(limit)
    )
    return [number for number in await session.exec(query) if number is not None]


_ENTRY: Any = EntryRow.__table__  # type: ignore[attr-defined]
_PERSON: Any = PersonRow.__table__  # type: ignore[attr-defined]
# Made once: an alias is a copy of the whole table's columns, and took more time than the query. Of tables and not of the
# mapper's rows, which ask for a look at each result.
_REVERSAL, _REASON, _SUCCESSOR = _ENTRY.alias(), _ENTRY.alias(), _ENTRY.alias()
_AUTHOR, _UNDOER = _PERSON.alias(), _PERSON.alias()


async def _deductions(session: AsyncSession, *where: sa.ColumnElement[bool]) -> list[Deduction]:
    return [_value(row) for row in await session.exec(_query(*where))]


def _query(*where: sa.ColumnElement[bool]) -> Any:
    entry, reversal, reason, successor = _ENTRY.c, _REVERSAL.c, _REASON.c, _SUCCESSOR.c
    author, undoer = _AUTHOR.c, _UNDOER.c
    joined = (
        _ENTRY.join(_AUTHOR, author.id == entry.author_id)
        .outerjoin(_REASON, sa.and_(reason.target_id == entry.id, reason.kind == EntryKind.REASON))
        .outerjoin(_REVERSAL, sa.and_(reversal.target_id == entry.id, reversal.kind == EntryKind.REVERSAL))
        .outerjoin(_UNDOER, undoer.id == reversal.author_id)
        .outerjoin(_SUCCESSOR, successor.replaces_id == entry.id)
    )
    return (
        sa.select(
            *(entry[name] for name in COLUMNS),
            author.name.label("author"),
            reason.reason.label("later_reason"),
            reversal.id.label("reversal_id"),
            reversal.at.label("reversed_at"),
            reversal.reason.label("reversed_because"),
            undoer.name.label("undoer"),
            successor.id.label("successor"),
        )
        .select_from(joined)
        .where(entry.kind == EntryKind.DEDUCTION, *where)
        .order_by(entry.id)
    )


_BY_NUMBER: Any = _query(_ENTRY.c.id == sa.bindparam("number"))
_LATER: Any = (
    sa.select(_ENTRY.c.quarter, _ENTRY.c.unit_code, _ENTRY.c.item, _ENTRY.c.points)
    .where(_ENTRY.c.id > sa.bindparam("through"))
    .limit(FEW + 1)
)
_TIMES_FOUND: Any = (
    sa.select(sa.func.count())
    .select_from(
        _ENTRY.outerjoin(
            _REVERSAL, sa.and_(_REVERSAL.c.target_id == _ENTRY.c.id, _REVERSAL.c.kind == EntryKind.REVERSAL)
        )
    )
    .where(
        _ENTRY.c.quarter == sa.bindparam("quarter"),
        _ENTRY.c.unit_code == sa.bindparam("unit"),
        _ENTRY.c.item == sa.bindparam("item"),
        _ENTRY.c.kind == EntryKind.DEDUCTION,
        _ENTRY.c.criterion == sa.bindparam("criterion"),
        _ENTRY.c.id <= sa.bindparam("number"),
        _REVERSAL.c.id.is_(None),
    )
)
_WRITTEN_BY: Any = sa.select(_ENTRY.c.id).where(_ENTRY.c.key == sa.bindparam("key"))


def _value(row: Any) -> Deduction:
    """The value of a row of the query."""
    taken_back = None
    if row.reversal_id is not None:
        taken_back = Reversal(row.reversal_id, row.undoer or "", row.reversed_at, row.reversed_because or "")
    basis = Basis(row.criterion, row.criterion_text or "", row.times, row.veto) if row.criterion else None
    return Deduction(
        number=row.id,
        unit=row.unit_code,
        item=row.item,
        points=row.points,
        quarter=row.quarter,
        at=row.at,
        inspected_on=row.inspected_on or row.at.date(),
        author_id=row.author_id,
        author=row.author,
        reason=row.reason or row.later_reason,
        group=row.chain,
        reversal=taken_back,
        basis=basis,
        replaces=row.replaces_id,
        replaced_by=row.successor,
    )


async def alike(
    session: AsyncSession, quarter: Quarter, units: Collection[str]
) -> dict[tuple[str, str, Decimal, date | None, str | None], int]:
    """The living deductions of these units in a quarter by what they say: unit, item, points, day, reason."""
    reversal = aliased(EntryRow)
    undone = (
        sa.select(sa.literal(1))
        .where(col(reversal.target_id) == col(EntryRow.id), col(reversal.kind) == EntryKind.REVERSAL)
        .exists()
    )
    query: Any = sa.select(
        col(EntryRow.unit_code), col(EntryRow.item), col(EntryRow.points), col(EntryRow.inspected_on),
        col(EntryRow.reason), col(EntryRow.id),
    ).where(
        col(EntryRow.kind) == EntryKind.DEDUCTION, col(EntryRow.quarter) == quarter,
        col(EntryRow.unit_code).in_(sorted(units)), ~undone,
    )  # fmt: skip
    return {
        (unit, item, points, day, reason): number
        for unit, item, points, day, reason, number in await session.exec(query)
    }
