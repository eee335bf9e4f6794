"""Confirmed results: stored once, as they stood, and never changed (R7)."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.bureau import Unit
from rules.calendar import Quarter
from rules.results import Result, Results
from rules.scheme import Item
from rules.score import ItemScore, UnitScore
from storage.tables import AuditRow, ResultRow, StepRow

WHOLE = 32
"""The length of the digest that is written today."""

_DIGEST = re.compile(rf"校验 ([0-9a-f]{{{WHOLE}}}|[0-9a-f]{{16}})$")


async def store(session: AsyncSession, results: Iterable[Result], *, now: datetime) -> str:
    """Keep the results; their digest, for the trail."""
    rows = [_row(result, now) for result in results]
    session.add_all(rows)
    await session.flush()
    return digest(rows, WHOLE)


def digest(rows: Iterable[ResultRow], length: int) -> str:
    """What stands in the trail for the results of a confirmation, in the order in which they were stored.

    Its length says what it is made of: the older and shorter one left out where a unit was ranked.
    """
    whole = length == WHOLE
    lines = []
    for row in rows:
        # The older one has the total as it was added up, the items know how.
        total = f"{row.total:.2f}" if whole else str(_value(row).score.total)
        line = f"{row.unit_code} {total} {row.inspected} {row.vetoed} {row.items}"
        place = f" {row.unit_name} {row.category} {row.sequence} {row.group_name}"
        lines.append(line + place if whole else line)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:length]


async def unlike_the_trail(session: AsyncSession) -> list[tuple[Quarter, str]]:
    """The quarters and groups whose results are not those that the trail says were confirmed."""
    of_step = sa.and_(col(AuditRow.key) == "step:" + col(StepRow.key), col(AuditRow.act) == "confirmed")
    confirmed: Any = (
        sa.select(col(StepRow.quarter), col(StepRow.group_name), col(AuditRow.detail))
        .outerjoin(AuditRow, of_step)
        .where(col(StepRow.move) == "CONFIRM")
        .order_by(col(StepRow.id))
    )
    said = {(quarter, group): detail or "" for quarter, group, detail in await session.exec(confirmed)}
    wrong = []
    for quarter in await _quarters(session, said):
        query = select(ResultRow).where(ResultRow.quarter == quarter).order_by(col(ResultRow.id))
        stored: dict[str, list[ResultRow]] = {group: [] for q, group in said if q == quarter}
        for row in (await session.exec(query)).all():
            stored.setdefault(row.group_name, []).append(row)
            session.expunge(row)
        wrong += [
            (quarter, group)
            for group, rows in stored.items()
            if not _is_said(said.get((quarter, group), ""), rows)
        ]
    return wrong


async def _quarters(session: AsyncSession, said: Collection[tuple[Quarter, str]]) -> list[Quarter]:
    query: Any = sa.select(col(ResultRow.quarter)).distinct()
    stored: Sequence[Quarter] = (await session.exec(query)).scalars().all()
    return sorted({*stored, *(quarter for quarter, _ in said)})


def _is_said(detail: str, rows: Sequence[ResultRow]) -> bool:
    """Whether a line of the trail has the digest of these rows."""
    found = _DIGEST.search(detail)
    return found is not None and digest(rows, len(found[1])) == found[1]


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
