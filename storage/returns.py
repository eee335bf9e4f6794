"""What units returned of their officers' months, and what their heads said to it: added, never changed (R9)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.orm import aliased, defer
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.calendar import Year
from rules.months import Month, months_of
from rules.returns import Return, ReturnedOfficer
from storage import audit
from storage.audit import Act
from storage.tables import (
    EntryKind,
    MarkRow,
    MonthReturnRow,
    OfficerEntryRow,
    PersonRow,
    SignatureRow,
)

CONTENT: TypeAdapter[tuple[ReturnedOfficer, ...]] = TypeAdapter(tuple[ReturnedOfficer, ...])

Versions = tuple[Return, ...]


async def send(
    session: AsyncSession,
    *,
    key: str,
    unit: str,
    month: Month,
    officers: Sequence[ReturnedOfficer],
    reason: str | None,
    needs_signature: bool,
    by: int,
    at: datetime,
    now: datetime,
) -> Return:
    """Add the next version of a unit's month, once for a key. `at` is the moment of the press; both are aware."""
    made = await made_by(session, key)
    if made is not None:
        return made
    before = await of_month(session, unit, month)
    version = before[-1].version + 1 if before else 1
    session.add(
        MonthReturnRow(
            key=key, unit_code=unit, month=month, version=version, content=CONTENT.dump_json(tuple(officers)).decode(),
            reason=reason, needs_signature=needs_signature, by=by, at=at,
        )
    )  # fmt: skip
    await session.flush()
    await audit.record(
        session,
        Act.REPORTED,
        at=now,
        person_id=by,
        unit=unit,
        detail=f"{month} 第 {version} 版",
        key=f"sent:{key}",
    )
    return (await of_month(session, unit, month))[-1]


async def sign(session: AsyncSession, sent: Return, *, by: int, at: datetime, now: datetime) -> bool:
    """The head's signature; False where the version was signed or given back before."""
    return await _decide(session, sent, accepted=True, reason=None, by=by, at=at, now=now)


async def give_back(
    session: AsyncSession, sent: Return, *, reason: str, by: int, at: datetime, now: datetime
) -> bool:
    """The head gives it back: it counts as not sent; False where it was signed or given back before."""
    return await _decide(session, sent, accepted=False, reason=reason, by=by, at=at, now=now)


async def _decide(
    session: AsyncSession,
    sent: Return,
    *,
    accepted: bool,
    reason: str | None,
    by: int,
    at: datetime,
    now: datetime,
) -> bool:
    same = select(SignatureRow.id).where(SignatureRow.return_id == sent.id)
    if (await session.exec(same)).first() is not None:
        return False
    session.add(SignatureRow(return_id=sent.id, accepted=accepted, reason=reason, by=by, at=at))
    await session.flush()
    act = Act.SIGNED if accepted else Act.GIVEN_BACK
    detail = f"{sent.month} 第 {sent.version} 版"
    await audit.record(session, act, at=now, person_id=by, unit=sent.unit, detail=detail, key=f"sign:{sent.id}")
    return True


async def find(session: AsyncSession, number: int) -> Return | None:
    """The version of an id."""
    return next(iter(await _returns(session, col(MonthReturnRow.id) == number)), None)


async def made_by(session: AsyncSession, key: str) -> Return | None:
    """The version that this deed sent."""
    return next(iter(await _returns(session, col(MonthReturnRow.key) == key)), None)


async def of_month(session: AsyncSession, unit: str, month: Month) -> Versions:
    """Every version of a unit's month, oldest first."""
    return await _returns(session, col(MonthReturnRow.unit_code) == unit, col(MonthReturnRow.month) == month)


async def of_unit(session: AsyncSession, unit: str) -> dict[Month, Versions]:
    """Every version that a unit sent, by month."""
    found = await _returns(session, col(MonthReturnRow.unit_code) == unit)
    return {month: versions for (_, month), versions in _grouped(found).items()}


async def in_month(session: AsyncSession, month: Month) -> dict[str, Versions]:
    """Every unit's versions of a month."""
    found = await _returns(session, col(MonthReturnRow.month) == month)
    return {unit: versions for (unit, _), versions in _grouped(found).items()}


async def of_year(session: AsyncSession, year: int) -> dict[tuple[str, Month], Versions]:
    """Every unit's versions of the months of a year, in one query."""
    return await of_months(session, months_of(Year(year)))


async def of_months(session: AsyncSession, months: Collection[Month]) -> dict[tuple[str, Month], Versions]:
    """Every unit's versions of these months, in one query."""
    return _grouped(await _returns(session, col(MonthReturnRow.month).in_(sorted(months))))


async def content(session: AsyncSession, number: int) -> tuple[ReturnedOfficer, ...]:
    """The officers of a version, as they were frozen."""
    text = (await session.exec(select(MonthReturnRow.content).where(MonthReturnRow.id == number))).one()
    return CONTENT.validate_json(text)


async def changes_since(session: AsyncSession, unit: str, month: Month, since: datetime) -> int:
    """How many entries, reversals and marks were written in the unit's month after an aware moment."""
    entries = select(sa.func.count()).where(
        OfficerEntryRow.unit_code == unit,
        OfficerEntryRow.month == month,
        OfficerEntryRow.recorded_at > since,
        col(OfficerEntryRow.kind) != EntryKind.REASON,
    )
    marks = select(sa.func.count()).where(MarkRow.unit_code == unit, MarkRow.month == month, MarkRow.at > since)
    return int((await session.exec(entries)).one() + (await session.exec(marks)).one())


def _grouped(found: Versions) -> dict[tuple[str, Month], Versions]:
    by_place: defaultdict[tuple[str, Month], list[Return]] = defaultdict(list)
    for one in found:
        by_place[one.unit, one.month].append(one)
    return {place: tuple(versions) for place, versions in by_place.items()}


async def _returns(session: AsyncSession, *where: Any) -> Versions:
    sender, head = aliased(PersonRow), aliased(PersonRow)
    query: Any = (
        sa.select(MonthReturnRow, col(sender.name), SignatureRow, col(head.name))
        .options(defer(MonthReturnRow.content))  # type: ignore[arg-type]
        .join(sender, col(sender.id) == MonthReturnRow.by)
        .outerjoin(SignatureRow, col(SignatureRow.return_id) == MonthReturnRow.id)
        .outerjoin(head, col(head.id) == SignatureRow.by)
        .where(*where)
        .order_by(col(MonthReturnRow.version), col(MonthReturnRow.id))
    )
    return tuple(_value(*row) for row in await session.exec(query))


def _value(row: MonthReturnRow, sender: str, verdict: SignatureRow | None, head: str | None) -> Return:
    assert row.id is not None
    signed = verdict if verdict is not None and verdict.accepted else None
    refused = verdict if verdict is not None and not verdict.accepted else None
    return Return(
        row.id, row.unit_code, row.month, row.version, sender, row.at, row.needs_signature, row.reason,
        signed_by=head if signed else None,
        signed_at=signed.at if signed else None,
        refused_by=head if refused else None,
        refused_at=refused.at if refused else None,
        refusal=refused.reason if refused else None,
    )  # fmt: skip
