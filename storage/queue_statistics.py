"""The few numbers by which it shows whether the bot keeps up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.pushes import CLAIMED, PLANNED
from storage.tables import InboxRow, PushRow, UpdateState


@dataclass(frozen=True, slots=True)
class Vitals:
    """How much waits, and since when (UTC)."""

    waiting: int
    oldest: datetime | None
    dead: int
    due: int
    """Messages that should be out by now."""

    def waits(self, now: datetime) -> float:
        """The age of the oldest waiting update in seconds, 0 where none waits."""
        return max((now - self.oldest).total_seconds(), 0.0) if self.oldest is not None else 0.0


async def read(session: AsyncSession, *, now: datetime) -> Vitals:
    """Everything in one reading, by indexes; `now` is aware."""
    waiting = col(InboxRow.state) == UpdateState.WAITING
    dead = col(InboxRow.state) == UpdateState.DEAD
    due = sa.and_(col(PushRow.state).in_([PLANNED, CLAIMED]), col(PushRow.due_at) <= now)
    query: Any = sa.select(
        sa.select(sa.func.count()).select_from(InboxRow).where(waiting).scalar_subquery(),
        sa.select(sa.func.min(InboxRow.received_at)).where(waiting).scalar_subquery(),
        sa.select(sa.func.count()).select_from(InboxRow).where(dead).scalar_subquery(),
        sa.select(sa.func.count()).select_from(PushRow).where(due).scalar_subquery(),
    )
    return Vitals(*(await session.exec(query)).one())
