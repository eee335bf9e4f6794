"""Which message of ours shows which entry: a reply to it is about that entry, and it can be brought up to date."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import CardRow


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


def _value(row: CardRow) -> Card:
    return Card(row.chat_id, row.message_id, row.entry_id, row.asks)
