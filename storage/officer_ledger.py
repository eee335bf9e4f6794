"""The ledger of the officers' months: entries and marks are added and read, never changed (R9, R11)."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.entries import Reversal
from rules.mentions import resolved
from rules.months import Month
from rules.officers import OfficerDeduction
from storage import hash_chain, mentions
from storage.ledger import Written
from storage.tables import EntryKind, MarkRow, OfficerEntryRow, PersonRow

CHAIN = "民警台账"
"""One chain for all units: what they write is little, and its end is told to people every day."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: whose, in which month, assessed by which unit."""

    officer: int
    unit: str
    month: Month


async def deduct(
    session: AsyncSession,
    place: Place,
    *,
    key: str,
    item: str,
    points: Decimal,
    author_id: int,
    reason: str | None,
    at: datetime,
    now: datetime,
    found_on: date | None = None,
    replaces: int | None = None,
) -> Written:
    """Add a deduction, once for a key. `at` is the moment of the message, `now` when it is written; both aware."""
    row = OfficerEntryRow(
        key=key, kind=EntryKind.DEDUCTION, officer_id=place.officer, unit_code=place.unit, month=place.month,
        item=item, points=points, found_on=found_on, author_id=author_id, reason=reason, at=at,
        recorded_at=now, replaces_id=replaces, chain=CHAIN,
    )  # fmt: skip
    return await _add(session, row)


async def reverse(
    session: AsyncSession,
    entry: OfficerDeduction,
    *,
    key: str,
    author_id: int,
    reason: str,
    at: datetime,
    now: datetime,
) -> Written:
    """Take a deduction back with a trace: a second reversal of the same one finds the first (R11)."""
    return await _add(
        session, _after(entry, EntryKind.REVERSAL, -entry.points, key, author_id, reason, at, now)
    )


async def give_reason(
    session: AsyncSession,
    entry: OfficerDeduction,
    *,
    key: str,
    author_id: int,
    reason: str,
    at: datetime,
    now: datetime,
) -> Written:
    """Add the reason that a deduction was logged without, as a row of its own (R12)."""
    return await _add(session, _after(entry, EntryKind.REASON, Decimal(0), key, author_id, reason, at, now))


def _after(  # noqa: PLR0917  the columns of a row that follows an entry, in their order
    entry: OfficerDeduction,
    kind: EntryKind,
    points: Decimal,
    key: str,
    author_id: int,
    reason: str,
    at: datetime,
    now: datetime,
) -> OfficerEntryRow:
    return OfficerEntryRow(
        key=key, kind=kind, target_id=entry.number, officer_id=entry.officer, unit_code=entry.unit, month=entry.month,
        item=entry.item, points=points, author_id=author_id, reason=reason, at=at, recorded_at=now, chain=CHAIN,
    )  # fmt: skip


async def _add(session: AsyncSession, row: OfficerEntryRow) -> Written:
    same = select(OfficerEntryRow.id).where(OfficerEntryRow.key == row.key)
    if row.target_id is not None:
        same = select(OfficerEntryRow.id).where(
            OfficerEntryRow.target_id == row.target_id, OfficerEntryRow.kind == row.kind
        )
    number = (await session.exec(same)).one_or_none()
    if number is not None:
        return Written(number, fresh=False)
    if row.reason is not None:
        row.reason = await mentions.mark(session, row.reason)
    return Written(await hash_chain.add(session, row), fresh=True)


async def written_by(session: AsyncSession, key: str) -> int | None:
    """The number of the entry that this deed wrote, None where it wrote none."""
    return (await session.exec(select(OfficerEntryRow.id).where(OfficerEntryRow.key == key))).one_or_none()


async def target_of(session: AsyncSession, key: str) -> int | None:
    """The number of the deduction that this deed reversed or gave a reason to, None where it did neither."""
    return (
        await session.exec(select(OfficerEntryRow.target_id).where(OfficerEntryRow.key == key))
    ).one_or_none()


async def sums(session: AsyncSession, unit: str, month: Month) -> dict[int, dict[str, Decimal]]:
    """What was taken from the unit's officers in a month by living entries: officer → item → exact sum, before the floor."""
    query = (
        select(OfficerEntryRow.officer_id, OfficerEntryRow.item, sa.func.sum(col(OfficerEntryRow.points)))
        .where(OfficerEntryRow.unit_code == unit, OfficerEntryRow.month == month)
        .group_by(col(OfficerEntryRow.officer_id), col(OfficerEntryRow.item))
    )
    taken: defaultdict[int, dict[str, Decimal]] = defaultdict(dict)
    for officer, item, points in await session.exec(query):
        taken[officer][item] = points
    return dict(taken)


async def sums_of(
    session: AsyncSession, units: Collection[str], months: Collection[Month]
) -> dict[tuple[str, Month], dict[int, dict[str, Decimal]]]:
    """The same for every unit and month of these."""
    row = OfficerEntryRow
    query: Any = (
        sa.select(
            col(row.unit_code), col(row.month), col(row.officer_id), col(row.item), sa.func.sum(col(row.points))
        )
        .where(col(row.unit_code).in_(sorted(units)), col(row.month).in_(sorted(months)))
        .group_by(col(row.unit_code), col(row.month), col(row.officer_id), col(row.item))
    )
    taken: dict[tuple[str, Month], dict[int, dict[str, Decimal]]] = {}
    for unit, month, officer, item, points in await session.exec(query):
        taken.setdefault((unit, month), {}).setdefault(officer, {})[item] = points
    return taken


async def last_changes(
    session: AsyncSession, units: Collection[str], months: Collection[Month]
) -> dict[tuple[str, Month], datetime]:
    """When the last entry or mark of each unit's month was written, UTC; before the first it is not in it."""
    found: dict[tuple[str, Month], datetime] = {}
    for table, at in ((OfficerEntryRow, OfficerEntryRow.recorded_at), (MarkRow, MarkRow.at)):
        query: Any = (
            sa.select(col(table.unit_code), col(table.month), sa.func.max(col(at)))
            .where(col(table.unit_code).in_(sorted(units)), col(table.month).in_(sorted(months)))
            .group_by(col(table.unit_code), col(table.month))
        )
        for unit, month, moment in await session.exec(query):
            found[unit, month] = max(moment, found.get((unit, month), moment))
    return found


async def last_change(session: AsyncSession, unit: str, month: Month) -> datetime | None:
    """When the last entry or mark of the unit's month was written, UTC; None before the first."""
    entry = select(sa.func.max(col(OfficerEntryRow.recorded_at))).where(
        OfficerEntryRow.unit_code == unit, OfficerEntryRow.month == month
    )
    mark = select(sa.func.max(col(MarkRow.at))).where(MarkRow.unit_code == unit, MarkRow.month == month)
    moments = [(await session.exec(entry)).one(), (await session.exec(mark)).one()]
    return max((moment for moment in moments if moment is not None), default=None)


async def entry(session: AsyncSession, number: int) -> OfficerDeduction | None:
    """The deduction of a number, None where the number is none or another kind of entry's."""
    found = await _deductions(session, col(OfficerEntryRow.id) == number)
    return found[0] if found else None


async def of_month(
    session: AsyncSession, unit: str, month: Month, officer: int | None = None
) -> list[OfficerDeduction]:
    """The deductions of a unit's month, of one officer or of all, reversed ones with their reversal, oldest first."""
    one = [col(OfficerEntryRow.officer_id) == officer] if officer is not None else []
    return await _deductions(
        session, col(OfficerEntryRow.unit_code) == unit, col(OfficerEntryRow.month) == month, *one
    )


async def by_author(session: AsyncSession, author_id: int, *, since: datetime) -> list[OfficerDeduction]:
    """What a person logged since an aware moment, oldest first."""
    return await _deductions(
        session, col(OfficerEntryRow.author_id) == author_id, col(OfficerEntryRow.at) >= since
    )


async def of_officers(session: AsyncSession, officers: Collection[int]) -> list[OfficerDeduction]:
    """The deductions on these officers, in whatever month and unit, oldest first."""
    return await _deductions(session, col(OfficerEntryRow.officer_id).in_(sorted(officers)))


async def naming(session: AsyncSession, units: Collection[str], name: str) -> list[int]:
    """The numbers of these units' entries in whose reasons a name stands that was not kept by its mark (R11)."""
    number = sa.func.coalesce(col(OfficerEntryRow.target_id), col(OfficerEntryRow.id))
    query: Any = sa.select(number).where(
        col(OfficerEntryRow.unit_code).in_(sorted(units)),
        col(OfficerEntryRow.reason).contains(name, autoescape=True),
    )
    return sorted({row[0] for row in await session.exec(query)})


async def items_in_use(session: AsyncSession, unit: str, months: Collection[Month]) -> dict[str, list[int]]:
    """The items with living entries in these months of the unit, and the numbers of the entries."""
    found = await _deductions(
        session, col(OfficerEntryRow.unit_code) == unit, col(OfficerEntryRow.month).in_(sorted(months))
    )
    used: defaultdict[str, list[int]] = defaultdict(list)
    for one in found:
        if one.lives:
            used[one.item].append(one.number)
    return dict(used)


async def mark(session: AsyncSession, place: Place, *, key: str, mark: str, by: int, now: datetime) -> bool:
    """Mark an officer's month; an empty mark takes the one before back. False where this deed did so before."""
    if (await session.exec(select(MarkRow.id).where(MarkRow.key == key))).first() is not None:
        return False
    session.add(
        MarkRow(
            key=key, officer_id=place.officer, unit_code=place.unit, month=place.month, mark=mark, by=by, at=now
        )
    )
    await session.flush()
    return True


async def marks(session: AsyncSession, unit: str, month: Month) -> dict[int, str]:
    """The marks of the unit's officers in a month; who has none is not in it."""
    query = (
        select(MarkRow.officer_id, MarkRow.mark)
        .where(MarkRow.unit_code == unit, MarkRow.month == month)
        .order_by(col(MarkRow.id))
    )
    newest = dict((await session.exec(query)).all())
    return {officer: word for officer, word in newest.items() if word}


async def marks_of(
    session: AsyncSession, units: Collection[str], months: Collection[Month]
) -> dict[tuple[str, Month], dict[int, str]]:
    """The same for every unit and month of these."""
    query: Any = (
        sa.select(col(MarkRow.unit_code), col(MarkRow.month), col(MarkRow.officer_id), col(MarkRow.mark))
        .where(col(MarkRow.unit_code).in_(sorted(units)), col(MarkRow.month).in_(sorted(months)))
        .order_by(col(MarkRow.id))
    )
    newest = {(unit, month, officer): word for unit, month, officer, word in await session.exec(query)}
    found: dict[tuple[str, Month], dict[int, str]] = {}
    for (unit, month, officer), word in newest.items():
        if word:
            found.setdefault((unit, month), {})[officer] = word
    return found


# Made once: an alias is a copy of the whole table's columns, and takes more time than the query.
_REVERSAL, _REASON, _SUCCESSOR = aliased(OfficerEntryRow), aliased(OfficerEntryRow), aliased(OfficerEntryRow)
_AUTHOR, _UNDOER = aliased(PersonRow), aliased(PersonRow)


async def _deductions(session: AsyncSession, *where: sa.ColumnElement[bool]) -> list[OfficerDeduction]:
    reversal, reason, successor, author, undoer = _REVERSAL, _REASON, _SUCCESSOR, _AUTHOR, _UNDOER
    query: Any = (
        sa.select(
            OfficerEntryRow, col(author.name), col(reason.reason), reversal, col(undoer.name), col(successor.id)
        )
        .join(author, col(author.id) == OfficerEntryRow.author_id)
        .outerjoin(
            reason, sa.and_(col(reason.target_id) == OfficerEntryRow.id, col(reason.kind) == EntryKind.REASON)
        )
        .outerjoin(
            reversal,
            sa.and_(col(reversal.target_id) == OfficerEntryRow.id, col(reversal.kind) == EntryKind.REVERSAL),
        )
        .outerjoin(undoer, col(undoer.id) == reversal.author_id)
        .outerjoin(successor, col(successor.replaces_id) == OfficerEntryRow.id)
        .where(col(OfficerEntryRow.kind) == EntryKind.DEDUCTION, *where)
        .order_by(col(OfficerEntryRow.id))
    )
    found = [_value(*row) for row in await session.exec(query)]
    texts = [
        text for entry in found for text in (entry.reason, entry.reversal.reason if entry.reversal else None)
    ]
    names = await mentions.names(session, texts)
    return [_named(entry, names) for entry in found]


def _named(entry: OfficerDeduction, names: Mapping[int, str]) -> OfficerDeduction:
    """The entry with the officers whom its words name, as they are known today."""
    back = entry.reversal
    if back is not None and back.reason:
        back = replace(back, reason=resolved(back.reason, names))
    return replace(entry, reason=resolved(entry.reason, names) if entry.reason else entry.reason, reversal=back)


def _value(  # noqa: PLR0917  a row of the query, column by column
    row: OfficerEntryRow,
    author: str,
    later_reason: str | None,
    reversal: OfficerEntryRow | None,
    undoer: str | None,
    successor: int | None,
) -> OfficerDeduction:
    assert row.id is not None
    taken_back = None
    if reversal is not None and reversal.id is not None:
        taken_back = Reversal(reversal.id, undoer or "", reversal.at, reversal.reason or "")
    return OfficerDeduction(
        number=row.id, officer=row.officer_id, unit=row.unit_code, item=row.item, points=row.points, month=row.month,
        at=row.at, author_id=row.author_id, author=author, reason=row.reason or later_reason,
        found_on=row.found_on, reversal=taken_back,
        replaces=row.replaces_id, replaced_by=successor,
    )  # fmt: skip
