"""Officers and methods as if they had been filed and accepted, for dialogs that are about something else."""

import json
from datetime import date
from typing import Any

from conversation import Town

from storage import people
from storage.tables import MethodRow, MethodVerdictRow, OfficerRow, ServiceRow

OWN_PART = (("社区警务", "30"), ("接处警", "20"), ("执法办案", "10"))
WHOLE = (("政治学习", "10"), ("本职业务", "60"), ("工作纪律", "30"))


async def method(town: Town, unit: str = "chengguan", year: int = 2026, items: Any = OWN_PART) -> None:
    """The unit's own part for a year, accepted."""
    content = json.dumps(
        [{"name": name, "points": points, "aliases": [], "criteria": []} for name, points in items]
    )
    async with town.app.database.transaction() as session:
        row = await people.meet(session, telegram_id=1, name="报送人", now=town.clock())
        filed = MethodRow(
            key=f"m:{unit}:{year}",
            unit_code=unit,
            year=year,
            version=1,
            items=content,
            by=row.id or 0,
            at=town.clock(),
        )
        session.add(filed)
        await session.flush()
        session.add(
            MethodVerdictRow(
                key=f"v:{unit}:{year}", method_id=filed.id or 0, accepted=True, by=row.id or 0, at=town.clock()
            )
        )


async def enrol(
    town: Town, *names: str, unit: str = "chengguan", since: date = date(2026, 1, 1), duty: str = ""
) -> list[int]:
    """Officers of a unit; their ids."""
    ids = []
    async with town.app.database.transaction() as session:
        for name in names:
            row = OfficerRow(name=name, duty=duty)
            session.add(row)
            await session.flush()
            session.add(ServiceRow(officer_id=row.id or 0, unit_code=unit, since=since))
            ids.append(row.id or 0)
    return ids
