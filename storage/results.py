"""Confirmed results: stored once, as they stood, and never changed (R7)."""

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.bureau import Unit
from rules.calendar import Quarter
from rules.results import Result, Results
from rules.scheme import Item
from rules.score import ItemScore, UnitScore
from storage.tables import ResultRow


async def store(session: AsyncSession, results: Iterable[Result], *, now: datetime) -> str:
    """Keep the results; their digest, for the trail."""
    rows = [_row(result, now) for result in results]
    session.add_all(rows)
    await session.flush()
    lines = [f"{row.unit_code} {row.total} {row.inspected} {row.vetoed} {row.items}" for row in rows]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


async def of(session: AsyncSession, quarters: Collection[Quarter]) -> dict[Quarter, Results]:
    """The results of these quarters, as far as they are confirmed."""
    query = select(ResultRow).where(col(ResultRow.quarter).in_(list(quarters))).order_by(col(ResultRow.id))
    found: dict[Quarter, dict[str, Result]] = {quarter: {} for quarter in quarters}
    for row in await session.exec(query):
        found[row.quarter][row.unit_code] = _value(row)
    return dict(found)


async def units(session: AsyncSession) -> list[Unit]:
    """Every unit that stands in a confirmed quarter, as it was in the newest."""
    rows = await session.exec(select(ResultRow).order_by(col(ResultRow.id)))
    return list({row.unit_code: _unit(row) for row in rows}.values())


def _row(result: Result, now: datetime) -> ResultRow:
    items = [[i.item.name, str(i.item.points), str(i.deducted)] for i in result.score.items]
    unit = result.unit
    return ResultRow(
        quarter=result.quarter,
        unit_code=unit.code,
        unit_name=unit.name,
        category=unit.category,
        sequence=unit.sequence,
        group_name=result.group,
        items=json.dumps(items, ensure_ascii=False),
        total=result.score.total,
        inspected=result.inspected,
        vetoed=result.vetoed,
        at=now,
    )


def _unit(row: ResultRow) -> Unit:
    return Unit(row.unit_code, row.unit_name, row.category, row.sequence)


def _value(row: ResultRow) -> Result:
    items = tuple(
        ItemScore(Item(name, Decimal(points)), Decimal(deducted))
        for name, points, deducted in json.loads(row.items)
    )
    return Result(
        _unit(row), row.group_name, row.quarter, UnitScore(row.unit_code, items), row.inspected, row.vetoed
    )
