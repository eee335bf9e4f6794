"""When units' months of their officers first came in (R9)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.months import Month
from storage.tables import MonthReturnRow, SignatureRow


async def first(session: AsyncSession, months: Collection[Month]) -> dict[tuple[str, Month], datetime]:
    """(unit, month) → when its first version came in, UTC: sent, and signed where a head has to. One query."""
    query: Any = (
        sa.select(
            col(MonthReturnRow.unit_code),
            col(MonthReturnRow.month),
            col(MonthReturnRow.needs_signature),
            col(MonthReturnRow.at),
            col(SignatureRow.at),
        )
        .outerjoin(
            SignatureRow,
            sa.and_(col(SignatureRow.return_id) == MonthReturnRow.id, col(SignatureRow.accepted).is_(True)),
        )
        .where(col(MonthReturnRow.month).in_(sorted(months)))
    )
    found: dict[tuple[str, Month], datetime] = {}
    for unit, month, needs_signature, sent_at, signed_at in await session.exec(query):
        came = signed_at if needs_signature else sent_at
        if came is not None:
            found[unit, month] = min(came, found.get((unit, month), came))
    return found
