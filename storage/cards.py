"""Which message of ours shows which entry: a reply to it is about that entry, and it can be brought up to date."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import CardRow
from storage.upserts import overwriting


@dataclass(frozen=True, slots=True)
class Card:
    """A message that shows an entry. `asks` marks one that only asks for its reason."""

    chat_id: int
    message_id: int
    number: int
    asks: bool


async def remember(session: AsyncSession, card: Card, *, now: datetime) -> None:
    """Keep which entry the message is about."""
    await session.merge(
        CardRow(
            chat_id=card.chat_id, message_id=card.message_id, entry_id=card.number, asks=card.asks, sent_at=now
        )
    )


_REMEMBERING = overwriting(CardRow.__table__)  # type: ignore[attr-defined]
"""Made once: every answer asks it."""


async def remember_all(session: AsyncSession, sent: Sequence[tuple[Card, datetime]]) -> None:
    """The same of several that went out at these aware moments."""
    if not sent:
        return
    last = {(card.chat_id, card.message_id): (card, at) for card, at in sent}
    rows = [
        {"chat_id": c.chat_id, "message_id": c.message_id, "entry_id": c.number, "asks": c.asks, "sent_at": at}
        for c, at in last.values()
    ]
    await session.exec(_REMEMBERING[session.get_bind().dialect.name], params=rows)


async def find(session: AsyncSession, chat_id: int, message_id: int) -> Card | None:
    """The card that a message is, None where it is none."""
    row = await session.get(CardRow, (chat_id, message_id))
    return None if row is None else _value(row)


async def latest(session: AsyncSession, number: int) -> Card | None:
    """The newest card of an entry."""
    query = (
        select(CardRow)
        .where(CardRow.entry_id == number, col(CardRow.asks).is_(False))
        .order_by(col(CardRow.sent_at).desc(), col(CardRow.message_id).desc())
        .limit(1)
    )
    row = (await session.exec(query)).one_or_none()
    return None if row is None else _value(row)


async def shown_in(session: AsyncSession, chat_id: int, numbers: Collection[int]) -> dict[int, int]:
    """The newest message in a chat that shows each of the entries, by their numbers; one that is not shown there is not in it."""
    query = (
        select(CardRow.entry_id, sa.func.max(col(CardRow.message_id)))
        .where(
            CardRow.chat_id == chat_id, col(CardRow.entry_id).in_(sorted(numbers)), col(CardRow.asks).is_(False)
        )
        .group_by(col(CardRow.entry_id))
    )
    return dict((await session.exec(query)).all())


async def last_asking(session: AsyncSession, chat_id: int, *, since: datetime) -> Card | None:
    """The newest message that asks for the reason of an entry, if it was sent after this aware moment."""
    query = (
        select(CardRow)
        .where(CardRow.chat_id == chat_id, col(CardRow.asks).is_(True), col(CardRow.sent_at) >= since)
        .order_by(col(CardRow.sent_at).desc(), col(CardRow.message_id).desc())
        .limit(1)
    )
    row = (await session.exec(query)).one_or_none()
    return None if row is None else _value(row)


def _value(row: CardRow) -> Card:
    return Card(row.chat_id, row.message_id, row.entry_id, row.asks)
