"""When the bureau began, and which units were inspected in a quarter (Beginning, R7)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.calendar import Quarter
from storage import audit
from storage.audit import Act
from storage.tables import BeginningRow, InspectionRow

_INSPECTION: Any = InspectionRow.__table__  # type: ignore[attr-defined]
# Made once, of the table: every card asks it.
_MARKS: Any = (
    sa.select(_INSPECTION.c.quarter, _INSPECTION.c.unit_code, _INSPECTION.c.inspected)
    .where(
        _INSPECTION.c.quarter.in_(sa.bindparam("quarters", expanding=True)),
        _INSPECTION.c.unit_code.in_(sa.bindparam("units", expanding=True)),
    )
    .order_by(_INSPECTION.c.id)
)


async def begin(session: AsyncSession, quarter: Quarter, *, now: datetime) -> Quarter:
    """The quarter that the bureau begins with: this one where the database is new (Beginning)."""
    row = await session.get(BeginningRow, 1)
    if row is None:
        row = BeginningRow(id=1, quarter=quarter, at=now)
        session.add(row)
        await session.flush()
    return row.quarter


async def beginning(session: AsyncSession) -> Quarter | None:
    """The quarter that the bureau began with; None where the database is new."""
    row = await session.get(BeginningRow, 1)
    return None if row is None else row.quarter


async def mark_inspected(
    session: AsyncSession, *, unit: str, quarter: Quarter, person_id: int, at: datetime
) -> bool:
    """Mark a unit as inspected; False where it was marked before."""
    if unit in await inspected(session, quarter, [unit]):
        return False
    session.add(InspectionRow(quarter=quarter, unit_code=unit, person_id=person_id, at=at))
    await session.flush()
    await audit.record(session, Act.INSPECTED, at=at, person_id=person_id, unit=unit, detail=str(quarter))
    return True


async def take_mark_back(
    session: AsyncSession, *, unit: str, quarter: Quarter, person_id: int, at: datetime
) -> None:
    """Take back that a unit was inspected; the mark stays in the past (R11)."""
    session.add(InspectionRow(quarter=quarter, unit_code=unit, person_id=person_id, at=at, inspected=False))
    await session.flush()
    await audit.record(session, Act.UNINSPECTED, at=at, person_id=person_id, unit=unit, detail=str(quarter))


async def inspected(
    session: AsyncSession, quarter: Quarter, units: Collection[str], *, before: datetime | None = None
) -> frozenset[str]:
    """Those of the units that were inspected in the quarter, up to an aware moment where one is given."""
    return (await inspected_of(session, [quarter], units, before=before))[quarter]


async def inspected_of(
    session: AsyncSession,
    quarters: Collection[Quarter],
    units: Collection[str],
    *,
    before: datetime | None = None,
) -> dict[Quarter, frozenset[str]]:
    """The same of several quarters at once."""
    query = _MARKS if before is None else _MARKS.where(_INSPECTION.c.at < before)
    where = {"quarters": list(quarters), "units": sorted(units)}
    newest = {(quarter, unit): mark for quarter, unit, mark in await session.exec(query, params=where)}
    marked = [place for place, mark in newest.items() if mark]
    return {quarter: frozenset(unit for q, unit in marked if q == quarter) for quarter in quarters}
