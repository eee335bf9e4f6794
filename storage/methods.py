"""The methods by which units assess their officers: versions that were filed, and what the office said of them (R9)."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.methods import Method, Verdict
from rules.scheme import Item
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
