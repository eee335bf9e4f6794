"""The life of a quarter: the steps that were made, extensions, leads, and who acknowledged its results (R6, R7)."""

import json
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.calendar import Calendar, Quarter
from rules.stages import Course, Move, Step
from rules.timetable import Timetable
from storage import audit
from storage.audit import Act
from storage.tables import AcknowledgementRow, ExtensionRow, LeadRow, PersonRow, StepRow

ACTS = {
    Move.SUBMIT: Act.SUBMITTED,
    Move.RETURN: Act.RETURNED,
    Move.CONFIRM: Act.CONFIRMED,
    Move.PUBLISH: Act.PUBLISHED,
}


_STEP: Any = StepRow.__table__  # type: ignore[attr-defined]
_EXTENSION: Any = ExtensionRow.__table__  # type: ignore[attr-defined]
_PERSON: Any = PersonRow.__table__  # type: ignore[attr-defined]
# Made once, of tables and not of the mapper's rows: they are asked with every update.
_EXTENSIONS: Any = sa.select(_EXTENSION.c.group_name, _EXTENSION.c.quarter, _EXTENSION.c.last_day).order_by(
    _EXTENSION.c.id
)
_STEPS: Any = (
    sa.select(_STEP, _PERSON.c.name).join_from(_STEP, _PERSON, _PERSON.c.id == _STEP.c.by).order_by(_STEP.c.id)
)
_STEPS_OF: Any = _STEPS.where(
    _STEP.c.group_name == sa.bindparam("group_name"), _STEP.c.quarter == sa.bindparam("quarter")
)


async def timetable(session: AsyncSession, calendar: Calendar, begins: Quarter) -> Timetable:
    """Every group's calendar, and where its quarters stand."""
    return Timetable(calendar, begins, await _extensions(session), await _courses(session, _STEPS))


async def _extensions(session: AsyncSession) -> dict[tuple[str, Quarter], date]:
    rows = await session.exec(_EXTENSIONS)
    return {(row.group_name, row.quarter): row.last_day for row in rows}


async def _courses(session: AsyncSession, query: Any, **which: Any) -> dict[tuple[str, Quarter], Course]:
    found: dict[tuple[str, Quarter], Course] = {}
    for row in await session.exec(query, params=which):
        before = found.get((row.group_name, row.quarter))
        steps = before.steps if before is not None else ()
        found[row.group_name, row.quarter] = Course(row.group_name, row.quarter, (*steps, _step(row)))
    return found


async def course(session: AsyncSession, group: str, quarter: Quarter) -> Course:
    """A group's quarter as it stands in this transaction."""
    found = await _courses(session, _STEPS_OF, group_name=group, quarter=quarter)
    return found.get((group, quarter), Course(group, quarter))


async def made_by(session: AsyncSession, key: str) -> tuple[str, Quarter] | None:
    """The group and the quarter of the step that this deed made."""
    row = (await session.exec(select(StepRow).where(StepRow.key == key))).one_or_none()
    return None if row is None else (row.group_name, row.quarter)


async def move(
    session: AsyncSession, course: Course, step: Step, *, key: str, by: int, now: datetime, detail: str = ""
) -> None:
    """Add a step; `detail` goes with it into the trail."""
    session.add(
        StepRow(
            key=key, group_name=course.group, quarter=course.quarter, move=step.move.name, by=by, at=step.at,
            reason=step.reason, waved=json.dumps(step.waved), lead=step.lead, late=step.late,
        )
    )  # fmt: skip
    said = " ".join(part for part in (course.group, str(course.quarter), step.reason or "", detail) if part)
    await audit.record(session, ACTS[step.move], at=now, person_id=by, detail=said, key=f"step:{key}")


async def extend(
    session: AsyncSession,
    *,
    key: str,
    group: str,
    quarter: Quarter,
    last_day: date,
    reason: str,
    by: int,
    now: datetime,
) -> bool:
    """Give a group's quarter another last day; False where this deed did so before (Extension)."""
    if (await session.exec(select(ExtensionRow.id).where(ExtensionRow.key == key))).first() is not None:
        return False
    session.add(
        ExtensionRow(
            key=key, group_name=group, quarter=quarter, last_day=last_day, reason=reason, by=by, at=now
        )
    )
    await audit.record(
        session, Act.EXTENDED, at=now, person_id=by, detail=f"{group} {quarter} {last_day} {reason}"
    )
    return True


async def extended_by(session: AsyncSession, key: str) -> tuple[str, Quarter, date, str] | None:
    """Group, quarter, last day and reason of the extension that this deed made."""
    row = (await session.exec(select(ExtensionRow).where(ExtensionRow.key == key))).one_or_none()
    return None if row is None else (row.group_name, row.quarter, row.last_day, row.reason)


async def name_lead(
    session: AsyncSession, *, key: str, quarter: Quarter, person_id: int, by: int, now: datetime
) -> bool:
    """Make somebody the lead of a quarter; False where this deed did so before."""
    if (await session.exec(select(LeadRow.id).where(LeadRow.key == key))).first() is not None:
        return False
    session.add(LeadRow(key=key, quarter=quarter, person_id=person_id, by=by, at=now))
    await audit.record(session, Act.LED, at=now, person_id=by, detail=f"{quarter} 编号 {person_id}")
    return True


async def leads(session: AsyncSession) -> dict[Quarter, tuple[int, str]]:
    """The id and name of the leads that were named, by quarter."""
    query: Any = (
        sa.select(col(LeadRow.quarter), col(PersonRow.id), col(PersonRow.name))
        .join(PersonRow, col(PersonRow.id) == LeadRow.person_id)
        .order_by(col(LeadRow.id))
    )
    return {quarter: (person_id or 0, name) for quarter, person_id, name in await session.exec(query)}


async def acknowledge(
    session: AsyncSession, *, quarter: Quarter, unit: str, person_id: int, now: datetime
) -> bool:
    """签收, once a unit and quarter; False where somebody of the unit did so before."""
    if unit in await acknowledged(session, quarter):
        return False
    session.add(AcknowledgementRow(quarter=quarter, unit_code=unit, person_id=person_id, at=now))
    await audit.record(session, Act.ACKNOWLEDGED, at=now, person_id=person_id, unit=unit, detail=str(quarter))
    return True


async def acknowledged(session: AsyncSession, quarter: Quarter) -> dict[str, tuple[str, datetime]]:
    """Who acknowledged the results for each unit that did, and when (UTC)."""
    query = (
        select(AcknowledgementRow.unit_code, PersonRow.name, AcknowledgementRow.at)
        .join(PersonRow, col(PersonRow.id) == AcknowledgementRow.person_id)
        .where(AcknowledgementRow.quarter == quarter)
    )
    return {unit: (name, at) for unit, name, at in await session.exec(query)}


def _step(row: Any) -> Step:
    return Step(Move[row.move], row.at, row.name, row.reason, tuple(json.loads(row.waved)), row.lead, row.late)
