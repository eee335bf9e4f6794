"""A unit's officers in a month, with all that makes their results: method, entries, marks, coefficients (R9)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.bureau import Unit
from rules.methods import CommonPart, common_part, scheme_of_unit
from rules.months import Month
from rules.officers import Duties, Service, UnitMonth, tabulate_month, unit_in
from rules.scheme import Scheme
from storage import methods, officer_ledger, roster
from storage.tables import ServiceRow


async def schemes(
    session: AsyncSession, units: Sequence[Unit], year: int, common: Iterable[CommonPart]
) -> dict[str, Scheme]:
    """What the officers of these units are scored by in a year; a unit whose method is not whole is not in it."""
    parts = tuple(common)
    own = await methods.in_force(session, year, [unit.code for unit in units])
    found = {
        unit.code: scheme_of_unit(unit.code, common_part(parts, unit.category, year), own.get(unit.code))
        for unit in units
    }
    return {code: scheme for code, scheme in found.items() if scheme is not None}


async def unit_month(
    session: AsyncSession, unit: Unit, month: Month, *, common: Iterable[CommonPart], duties: Duties
) -> UnitMonth | None:
    """The unit's officers in a month in order of place; None while the unit has no whole method for the year."""
    scheme = (await schemes(session, [unit], month.year, common)).get(unit.code)
    if scheme is None:
        return None
    return tabulate_month(
        unit,
        month,
        scheme,
        await roster.in_month(session, unit.code, month),
        sums=await officer_ledger.sums(session, unit.code, month),
        marks=await officer_ledger.marks(session, unit.code, month),
        duties=duties,
        changed=await officer_ledger.last_change(session, unit.code, month),
    )


async def unit_months(
    session: AsyncSession,
    units: Sequence[Unit],
    months: Sequence[Month],
    *,
    common: Iterable[CommonPart],
    duties: Duties,
) -> list[UnitMonth]:
    """The same for all of these units in all of these months, by unit and month, in as many queries as for one.

    A unit without a whole method for a month's year, and one without an officer in the month, is not in it.
    """
    codes, parts = [unit.code for unit in units], tuple(common)
    methods_ = {year: await schemes(session, units, year, parts) for year in {month.year for month in months}}
    people = await roster.in_months(session, codes, months)
    sums = await officer_ledger.sums_of(session, codes, months)
    marks = await officer_ledger.marks_of(session, codes, months)
    changed = await officer_ledger.last_changes(session, codes, months)
    return [
        tabulate_month(
            unit,
            month,
            methods_[month.year][unit.code],
            people[unit.code, month],
            sums=sums.get((unit.code, month), {}),
            marks=marks.get((unit.code, month), {}),
            duties=duties,
            changed=changed.get((unit.code, month)),
        )
        for unit in units
        for month in months
        if unit.code in methods_[month.year] and (unit.code, month) in people
    ]


async def staffed(session: AsyncSession, month: Month) -> frozenset[str]:
    """The units that have officers to assess in a month."""
    query = select(ServiceRow).where(
        roster.standing(),
        ServiceRow.since <= month.last,
        (col(ServiceRow.until).is_(None)) | (col(ServiceRow.until) >= month.first),
    )
    services: defaultdict[int, list[Service]] = defaultdict(list)
    for row in await session.exec(query):
        services[row.officer_id].append(roster.service_of(row))
    units = (unit_in(found, month) for found in services.values())
    return frozenset(unit for unit in units if unit is not None)
