"""Messages that the bot sends of itself: planned in the transaction of what they tell, claimed, sent, marked.

The promise: never missed, never planned twice, at most one marked repeat where the process dies while sending.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import PushRow

PLANNED, CLAIMED, SENT, DROPPED = "planned", "claimed", "sent", "dropped"

Rows = tuple[tuple[tuple[str, str], ...], ...]
"""Buttons as (label, data), row by row."""


class Kind(Enum):
    """What a message is to its reader; the value is kept."""

    NOTICE = "notice"
    REMINDER = "reminder"
    STEP = "step"
    PUBLICATION = "publication"
    SEALS = "seals"


@dataclass(frozen=True, slots=True)
class Push:
    """A message that is due. `again` says that it may have gone out before."""

    id: int
    chat_id: int
    text: str
    buttons: Rows
    together: bool
    tries: int
    again: bool
    due_at: datetime
    chart: str | None = None
    """The picture above the text, packed."""


async def plan(
    session: AsyncSession,
    *,
    key: str,
    chat_id: int,
    text: str,
    due_at: datetime,
    buttons: Rows = (),
    together: bool = False,
    entry: int | None = None,
    kind: Kind = Kind.NOTICE,
    day: date | None = None,
    chart: str | None = None,
) -> bool:
    """Plan a message, once for a key; False where it is planned already. `due_at` is aware."""
    if (await session.exec(select(PushRow.id).where(PushRow.key == key))).first() is not None:
        return False
    session.add(
        PushRow(
            key=key, chat_id=chat_id, text=text, buttons=json.dumps(buttons, ensure_ascii=False), together=together,
            entry_id=entry, due_at=due_at, kind=kind.value, day=day, chart=chart,
        )
    )  # fmt: skip
    await session.flush()
    return True


async def claim(session: AsyncSession, *, now: datetime, limit: int = 30) -> list[Push]:
    """Take what is due, so that nobody else sends it; committed before anything is sent."""
    query = (
        select(PushRow)
        .where(PushRow.state == PLANNED, PushRow.due_at <= now)
        .order_by(col(PushRow.due_at), col(PushRow.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = []
    for row in (await session.exec(query)).all():
        claimed.append(_value(row))
        row.state, row.claimed_at = CLAIMED, now
        session.add(row)
    return claimed


async def take_up(session: AsyncSession) -> int:
    """What an earlier process had claimed and not marked is due again, and will say so; how many."""
    result = await session.exec(sa.update(PushRow).where(col(PushRow.state) == CLAIMED).values(state=PLANNED))
    return int(result.rowcount)


async def mark_sent(session: AsyncSession, ids: list[int], *, now: datetime) -> None:
    """These are out."""
    await session.exec(
        sa.update(PushRow).where(col(PushRow.id).in_(ids)).values(state=SENT, sent_at=now, error=None)
    )


async def put_back(
    session: AsyncSession, ids: list[int], *, due_at: datetime, error: str, perhaps_out: bool
) -> None:
    """These did not go out, as far as we know, and are due again at an aware moment; `perhaps_out` marks the repeat."""
    values: dict[str, Any] = {"state": PLANNED, "due_at": due_at, "tries": col(PushRow.tries) + 1}
    if not perhaps_out:
        values["claimed_at"] = None
    await session.exec(sa.update(PushRow).where(col(PushRow.id).in_(ids)).values(**values, error=error[:500]))


async def drop(session: AsyncSession, ids: list[int], *, error: str) -> None:
    """These cannot be delivered: the chat is gone, or its person keeps the bot out."""
    await session.exec(
        sa.update(PushRow).where(col(PushRow.id).in_(ids)).values(state=DROPPED, error=error[:500])
    )


async def withhold(session: AsyncSession, chat_id: int) -> int:
    """What was planned for somebody who may no longer see it does not go out; how many messages."""
    result = await session.exec(
        sa.update(PushRow)
        .where(col(PushRow.chat_id) == chat_id, col(PushRow.state) == PLANNED)
        .values(state=DROPPED, error="removed")
    )
    return int(result.rowcount)


def _value(row: PushRow) -> Push:
    assert row.id is not None
    buttons = tuple(tuple((label, data) for label, data in line) for line in json.loads(row.buttons))
    again = row.claimed_at is not None
    return Push(row.id, row.chat_id, row.text, buttons, row.together, row.tries, again, row.due_at, row.chart)


async def known(session: AsyncSession, keys: list[str]) -> set[str]:
    """Which of the keys are planned already, or were sent."""
    return set((await session.exec(select(PushRow.key).where(col(PushRow.key).in_(keys)))).all())
