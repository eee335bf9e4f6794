"""The roster: who is an officer of which unit, from when until when (R9). Personal data stand in one table."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.months import Month
from rules.officers import ERASED, Officer, Service, unit_in
from rules.roster import Plan
from rules.services import Member, Version, changes, spelled
from storage import audit
from storage.audit import Act
from storage.tables import (
    MarkRow,
    MonthReturnRow,
    OfficerEntryRow,
    OfficerRow,
    PersonRow,
    ServiceRow,
    SignatureRow,
)

_LATER = aliased(ServiceRow)


def standing(at: datetime | None = None) -> sa.ColumnElement[bool]:
    """Which services stand: now, or by what was known at an aware moment. What has no moment was always known."""
    superseded = sa.select(col(_LATER.id)).where(col(_LATER.supersedes_id) == ServiceRow.id)
    known: sa.ColumnElement[bool] = sa.true()
    if at is not None:
        superseded = superseded.where(col(_LATER.at) <= at)
        known = sa.or_(col(ServiceRow.at).is_(None), col(ServiceRow.at) <= at)
    return sa.and_(known, sa.not_(col(ServiceRow.removed)), sa.not_(superseded.exists()))


async def officers(session: AsyncSession, ids: Collection[int]) -> dict[int, Officer]:
    """The officers of these ids."""
    rows = await session.exec(select(OfficerRow).where(col(OfficerRow.id).in_(sorted(ids))))
    return {row.id or 0: officer_of(row) for row in rows}


async def in_month(session: AsyncSession, unit: str, month: Month) -> list[Officer]:
    """Whom the unit assesses in a month, in the roster's order: who moved meanwhile stands with one unit only."""
    return [officer for officer, _ in await _serving(session, unit, month)]


async def in_months(
    session: AsyncSession, units: Collection[str], months: Collection[Month]
) -> dict[tuple[str, Month], list[Officer]]:
    """Whom each of the units assesses in each of the months, as `in_month` says; where it is nobody, it is not in it."""
    if not months:
        return {}
    here = select(ServiceRow.officer_id).where(
        standing(),
        col(ServiceRow.unit_code).in_(sorted(units)),
        ServiceRow.since <= max(months).last,
        (col(ServiceRow.until).is_(None)) | (col(ServiceRow.until) >= min(months).first),
    )
    rows = await session.exec(
        select(OfficerRow).where(col(OfficerRow.id).in_(here)).order_by(col(OfficerRow.id))
    )
    people = [officer_of(row) for row in rows]
    served = await _services(session, col(ServiceRow.officer_id).in_(here))
    found: defaultdict[tuple[str, Month], list[Officer]] = defaultdict(list)
    for month in months:
        for officer in people:
            unit = unit_in(served[officer.id], month)
            if unit is not None and unit in units:
                found[unit, month].append(officer)
    return dict(found)


async def on_day(session: AsyncSession, unit: str, day: date) -> list[tuple[Officer, Service]]:
    """Who belongs to the unit on a day of the bureau, in the roster's order, each with the service it stands in.

    Who moves later in the month still stands here, though the new unit assesses it.
    """
    found = await _of_unit(session, unit, ServiceRow.since <= day, _not_over(day))
    return [(officer, s) for officer, services in found for s in services if s.unit == unit and s.covers(day)]


async def members(session: AsyncSession, unit: str) -> list[Member]:
    """Who is, was or will be of the unit and was not erased, with every service, in the roster's order."""
    found = await _of_unit(session, unit)
    return [Member(officer, tuple(services)) for officer, services in found if not officer.erased]


async def member(session: AsyncSession, officer: int) -> Member | None:
    """An officer who was not erased, with every service."""
    row = await session.get(OfficerRow, officer)
    if row is None or row.erased_at is not None:
        return None
    return Member(officer_of(row), tuple((await services_of(session, [officer]))[officer]))


async def _of_unit(
    session: AsyncSession, unit: str, *where: sa.ColumnElement[bool] | bool
) -> list[tuple[Officer, list[Service]]]:
    here = select(ServiceRow.officer_id).where(standing(), ServiceRow.unit_code == unit, *where)
    query = select(OfficerRow).where(col(OfficerRow.id).in_(here)).order_by(col(OfficerRow.id))
    rows = (await session.exec(query)).all()
    services = await services_of(session, [row.id or 0 for row in rows])
    return [(officer_of(row), services[row.id or 0]) for row in rows]


def _not_over(day: date) -> sa.ColumnElement[bool]:
    return sa.or_(col(ServiceRow.until).is_(None), col(ServiceRow.until) >= day)


async def _serving(session: AsyncSession, unit: str, month: Month) -> list[tuple[Officer, list[Service]]]:
    found = await _of_unit(session, unit, ServiceRow.since <= month.last, _not_over(month.first))
    return [(officer, services) for officer, services in found if unit_in(services, month) == unit]


async def services_of(
    session: AsyncSession, ids: Collection[int], *, at: datetime | None = None
) -> dict[int, list[Service]]:
    """The services of these officers, oldest first: as they stand now, or as they were known at an aware moment."""
    return await _services(session, col(ServiceRow.officer_id).in_(sorted(ids)), at=at)


async def _services(
    session: AsyncSession, where: sa.ColumnElement[bool], *, at: datetime | None = None
) -> dict[int, list[Service]]:
    query = select(ServiceRow).where(where, standing(at)).order_by(col(ServiceRow.since), col(ServiceRow.id))
    found: defaultdict[int, list[Service]] = defaultdict(list)
    for row in await session.exec(query):
        found[row.officer_id].append(service_of(row))
    return found


def service_of(row: ServiceRow) -> Service:
    """The value of a row."""
    return Service(row.officer_id, row.unit_code, row.since, row.until)


async def history(session: AsyncSession, officer: int) -> list[Version]:
    """Every service of an officer that was ever written, in the order of writing, with what came in its place."""
    query: Any = (
        sa.select(ServiceRow, col(PersonRow.name))
        .outerjoin(PersonRow, col(PersonRow.id) == ServiceRow.by)
        .where(col(ServiceRow.officer_id) == officer)
        .order_by(col(ServiceRow.id))
    )
    return [
        Version(row.id, service_of(row), row.supersedes_id, row.removed, name or "", row.at)
        for row, name in await session.exec(query)
    ]


def officer_of(row: OfficerRow) -> Officer:
    """The value of a row; an erased officer has no name any more."""
    assert row.id is not None
    erased = row.erased_at is not None
    return Officer(row.id, f"{ERASED}{row.id}" if erased else row.name, row.number, row.duty, erased)


async def elsewhere(session: AsyncSession, unit: str, numbers: Collection[str]) -> dict[str, list[Service]]:
    """Other units' services of whoever has one of these badge numbers, whenever that was."""
    query = (
        select(OfficerRow.number, ServiceRow)
        .join(ServiceRow, col(ServiceRow.officer_id) == OfficerRow.id)
        .where(
            standing(),
            col(OfficerRow.number).in_(sorted(set(numbers) - {""})),
            ServiceRow.unit_code != unit,
        )
        .order_by(col(ServiceRow.since))
    )
    found: defaultdict[str, list[Service]] = defaultdict(list)
    for number, row in await session.exec(query):
        found[number].append(service_of(row))
    return dict(found)


async def write(
    session: AsyncSession, plans: Sequence[Plan], *, key: str, unit: str, by: int, now: datetime
) -> list[int]:
    """Write what was planned, in the transaction of the draft that it comes of; the officers' ids, in order."""
    ids = []
    for plan in plans:
        row = await session.get(OfficerRow, plan.officer.id) if plan.officer.id else OfficerRow(name="")
        assert row is not None
        row.name, row.number, row.duty = plan.officer.name, plan.officer.number, plan.officer.duty
        session.add(row)
        await session.flush()
        assert row.id is not None
        ids.append(row.id)
        moved = await serve(session, row.id, plan.services, act=Act.ROSTER, key=key, by=by, now=now)
        if unit not in moved:
            await audit.record(
                session, Act.ROSTER, at=now, person_id=by, unit=unit, detail=f"民警 {row.id}",
                key=f"roster:{key}:{row.id}:{unit}",
            )  # fmt: skip
    return ids


async def serve(
    session: AsyncSession,
    officer: int,
    services: Sequence[Service],
    *,
    act: Act,
    key: str,
    by: int,
    now: datetime,
) -> set[str]:
    """Have the officer's services be exactly these, the former ones superseded; the units in which something changed.

    The trail tells for each unit the former dates and the new ones, once for a key.
    """
    query = select(ServiceRow).where(ServiceRow.officer_id == officer, standing())
    rows = (await session.exec(query.order_by(col(ServiceRow.since), col(ServiceRow.id)))).all()
    before = [service_of(row) for row in rows]
    ids = {service: row.id for service, row in zip(before, rows, strict=True)}
    for change in changes(before, services):
        stands = change.stands
        session.add(
            ServiceRow(
                officer_id=officer, unit_code=stands.unit, since=stands.since, until=stands.until,
                supersedes_id=ids[change.old] if change.old is not None else None, removed=change.new is None,
                act=act.value, by=by, at=now,
            )
        )  # fmt: skip
    await session.flush()
    changed = told(before, services)
    for unit, parts in changed.items():
        await audit.record(
            session, act, at=now, person_id=by, unit=unit, detail=f"民警 {officer}：{'；'.join(parts)}",
            key=f"roster:{key}:{officer}:{unit}",
        )  # fmt: skip
    return set(changed)


def told(before: Sequence[Service], after: Sequence[Service]) -> dict[str, list[str]]:
    """What the trail tells of other dates, by unit."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for change in changes(before, after):
        found[change.stands.unit].append(spelled(change))
    return dict(found)


async def end(
    session: AsyncSession, officer: int, services: Sequence[Service], *, key: str, by: int, now: datetime
) -> None:
    """Write the services of an officer who leaves a unit."""
    await serve(session, officer, services, act=Act.ROSTER_LEFT, key=key, by=by, now=now)


async def rename(
    session: AsyncSession, officer: Officer, *, key: str, unit: str, by: int, now: datetime
) -> None:
    """Write an officer's new name; the trail says whose it was changed, and no name."""
    row = await session.get(OfficerRow, officer.id)
    assert row is not None
    row.name = officer.name
    session.add(row)
    await audit.record(
        session,
        Act.ROSTER,
        at=now,
        person_id=by,
        unit=unit,
        detail=f"民警 {officer.id} 改名",
        key=f"roster:{key}",
    )


async def erase(
    session: AsyncSession, officer: int, *, unit: str, key: str, by: int, today: date, now: datetime
) -> bool:
    """Forget name, number and duty; the id and all that was assessed stay. False where that was done before.

    Who still serves leaves today; who was entered and never assessed counts nowhere any more.
    """
    row = await session.get(OfficerRow, officer)
    if row is None or row.erased_at is not None:
        return False
    row.name = row.number = row.duty = row.salt = ""
    row.erased_at = now
    session.add(row)
    services = (await services_of(session, [officer]))[officer]
    kept = services if await _was_assessed(session, services) else []
    moved = await serve(
        session, officer, [_over(s, today) for s in kept if s.since <= today],
        act=Act.ROSTER_ERASED, key=key, by=by, now=now,
    )  # fmt: skip
    if unit not in moved:
        await audit.record(
            session, Act.ROSTER_ERASED, at=now, person_id=by, unit=unit, detail=f"民警 {officer}",
            key=f"roster:{key}:{officer}:{unit}",
        )  # fmt: skip
    return True


def _over(service: Service, day: date) -> Service:
    return replace(service, until=min(service.until or day, day))


async def _was_assessed(session: AsyncSession, services: Sequence[Service]) -> bool:
    """Whether anything hangs on an officer: an entry, a mark, or a month that its unit returned while it was there."""
    ids = {service.officer for service in services}
    for row in (OfficerEntryRow, MarkRow):
        if (
            await session.exec(select(row.id).where(col(row.officer_id).in_(ids)).limit(1))
        ).first() is not None:
            return True
    for service in services:
        last = Month.of(service.until) if service.until is not None else Month(9999, 12)
        query = select(MonthReturnRow.id).where(
            MonthReturnRow.unit_code == service.unit,
            MonthReturnRow.month >= Month.of(service.since),
            MonthReturnRow.month <= last,
        )
        if (await session.exec(query.limit(1))).first() is not None:
            return True
    return False


async def assessed(session: AsyncSession, officers: Collection[int]) -> dict[int, set[tuple[str, Month]]]:
    """In which units' months each of the officers has entries or marks."""
    found: defaultdict[int, set[tuple[str, Month]]] = defaultdict(set)
    for row in (OfficerEntryRow, MarkRow):
        query: Any = sa.select(col(row.officer_id), col(row.unit_code), col(row.month)).distinct()
        for officer, unit, month in await session.exec(query.where(col(row.officer_id).in_(sorted(officers)))):
            found[officer].add((unit, month))
    return dict(found)


async def returned(session: AsyncSession, units: Collection[str]) -> set[tuple[str, Month]]:
    """Which months these units returned; one that their head gave back is none."""
    refused = select(SignatureRow.return_id).where(sa.not_(col(SignatureRow.accepted)))
    query: Any = sa.select(col(MonthReturnRow.unit_code), col(MonthReturnRow.month)).where(
        col(MonthReturnRow.unit_code).in_(sorted(units)), col(MonthReturnRow.id).not_in(refused)
    )
    return {(unit, month) for unit, month in await session.exec(query)}
