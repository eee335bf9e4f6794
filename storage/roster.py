"""The roster: who is an officer of which unit, from when until when (R9). Personal data stand in one table."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.months import Month
from rules.officers import ERASED, Officer, Service, unit_in
from storage.tables import OfficerRow, ServiceRow


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
    """Who belongs to the unit on a day of the bureau, in the roster's order, each with the service it stands in."""
    found = await _serving(session, unit, Month.of(day))
    return [(officer, s) for officer, services in found for s in services if s.unit == unit and s.covers(day)]


async def _serving(session: AsyncSession, unit: str, month: Month) -> list[tuple[Officer, list[Service]]]:
    here = select(ServiceRow.officer_id).where(
        ServiceRow.unit_code == unit,
        ServiceRow.since <= month.last,
        (col(ServiceRow.until).is_(None)) | (col(ServiceRow.until) >= month.first),
    )
    rows = (
        await session.exec(select(OfficerRow).where(col(OfficerRow.id).in_(here)).order_by(col(OfficerRow.id)))
    ).all()
    services = await services_of(session, [row.id or 0 for row in rows])
    return [
        (officer_of(row), services[row.id or 0])
        for row in rows
        if unit_in(services[row.id or 0], month) == unit
    ]


async def services_of(session: AsyncSession, ids: Collection[int]) -> dict[int, list[Service]]:
    """The services of these officers, oldest first."""
    return await _services(session, col(ServiceRow.officer_id).in_(sorted(ids)))


async def _services(session: AsyncSession, where: sa.ColumnElement[bool]) -> dict[int, list[Service]]:
    query = select(ServiceRow).where(where).order_by(col(ServiceRow.since), col(ServiceRow.id))
    found: defaultdict[int, list[Service]] = defaultdict(list)
    for row in await session.exec(query):
        found[row.officer_id].append(Service(row.officer_id, row.unit_code, row.since, row.until))
    return found


def officer_of(row: OfficerRow) -> Officer:
    """The value of a row; an erased officer has no name any more."""
    assert row.id is not None
    erased = row.erased_at is not None
    return Officer(row.id, f"{ERASED}{row.id}" if erased else row.name, row.number, row.duty, erased)
