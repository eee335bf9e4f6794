"""The methods by which units assess their officers: versions that were filed, and what the office said of them (R9)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.calendar import Year
from rules.methods import Method, Verdict
from rules.months import months_of
from rules.scheme import Item
from storage import audit, officer_ledger, roster
from storage.audit import Act
from storage.tables import MethodRow, MethodVerdictRow, PersonRow

ITEMS: TypeAdapter[tuple[Item, ...]] = TypeAdapter(tuple[Item, ...])


async def of_year(session: AsyncSession, year: int, units: Collection[str] | None = None) -> list[Method]:
    """Every version for the year, of these units or of all, oldest first."""
    author, decider = aliased(PersonRow), aliased(PersonRow)
    query: Any = (
        sa.select(MethodRow, col(author.name), MethodVerdictRow, col(decider.name))
        .join(author, col(author.id) == MethodRow.by)
        .outerjoin(MethodVerdictRow, col(MethodVerdictRow.method_id) == MethodRow.id)
        .outerjoin(decider, col(decider.id) == MethodVerdictRow.by)
        .where(col(MethodRow.year) == year)
        .order_by(col(MethodRow.id))
    )
    if units is not None:
        query = query.where(col(MethodRow.unit_code).in_(sorted(units)))
    return [_value(*row) for row in await session.exec(query)]


async def in_force(session: AsyncSession, year: int, units: Collection[str]) -> dict[str, Method]:
    """The newest accepted version of each of these units for the year."""
    found = await of_year(session, year, units)
    return {method.unit: method for method in found if method.verdict is Verdict.ACCEPTED}


async def find(session: AsyncSession, id_: int) -> Method | None:
    """The version of an id, with what the office said of it."""
    row = await session.get(MethodRow, id_)
    if row is None:
        return None
    return next((m for m in await of_year(session, row.year, [row.unit_code]) if m.id == id_), None)


async def sent_by(session: AsyncSession, key: str) -> Method | None:
    """The version that this deed sent."""
    id_ = (await session.exec(select(MethodRow.id).where(MethodRow.key == key))).one_or_none()
    return await find(session, id_) if id_ is not None else None


async def send(
    session: AsyncSession, *, key: str, unit: str, year: int, items: tuple[Item, ...], by: int, now: datetime
) -> Method:
    """Add a version of a unit's own part, once for a key; it waits for the office."""
    known = await sent_by(session, key)
    if known is not None:
        return known
    version = 1 + len(await of_year(session, year, [unit]))
    content = ITEMS.dump_json(items).decode()
    row = MethodRow(key=key, unit_code=unit, year=year, version=version, items=content, by=by, at=now)
    session.add(row)
    await session.flush()
    detail = f"{year} 年第 {version} 版，{len(items)} 项"
    await audit.record(session, Act.METHOD_SENT, at=now, person_id=by, unit=unit, detail=detail)
    made = await find(session, row.id or 0)
    assert made is not None
    return made


async def decide(
    session: AsyncSession,
    method: Method,
    *,
    key: str,
    accepted: bool,
    reason: str | None,
    by: int,
    now: datetime,
) -> bool:
    """Add the office's word on a version; False where it has one already."""
    known = select(MethodVerdictRow.id).where(MethodVerdictRow.method_id == method.id)
    if (await session.exec(known)).first() is not None:
        return False
    session.add(MethodVerdictRow(key=key, method_id=method.id, accepted=accepted, reason=reason, by=by, at=now))
    await session.flush()
    act = Act.METHOD_ACCEPTED if accepted else Act.METHOD_RETURNED
    detail = f"{method.year} 年第 {method.version} 版" + (f"：{reason}" if reason else "")
    await audit.record(session, act, at=now, person_id=by, unit=method.unit, detail=detail)
    return True


async def items_needed(session: AsyncSession, unit: str, year: int) -> dict[str, list[int]]:
    """The items with living entries in the months of a year that the unit did not return yet, and the entries' numbers."""
    returned = await roster.returned(session, [unit])
    months = [month for month in months_of(Year(year)) if (unit, month) not in returned]
    return await officer_ledger.items_in_use(session, unit, months)


def _value(row: MethodRow, author: str, verdict: MethodVerdictRow | None, decider: str | None) -> Method:
    assert row.id is not None
    method = Method(
        row.id, row.unit_code, row.year, row.version, ITEMS.validate_json(row.items), author, row.at
    )
    if verdict is None:
        return method
    return Method(
        method.id, method.unit, method.year, method.version, method.items, method.by, method.at,
        Verdict.ACCEPTED if verdict.accepted else Verdict.RETURNED, verdict.reason, decider, verdict.at,
    )  # fmt: skip
