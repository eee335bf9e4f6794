"""That updates are answered, written in one statement: PostgreSQL's way.

Each trip more to the server is time in which a process that is killed leaves behind an answer that goes out again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.cards import Card
from storage.tables import CardRow, InboxRow, UpdateState, WorkerRow

_INBOX: Any = InboxRow.__table__  # type: ignore[attr-defined]
_CARD: Any = CardRow.__table__  # type: ignore[attr-defined]
_WORKER: Any = WorkerRow.__table__  # type: ignore[attr-defined]

_CARDS = ("chat_id", "message_id", "entry_id", "asks", "sent_at")


def _marking() -> Any:
    # Locked as by every write: until it is written nobody buries this process, and a buried one writes nothing.
    here = (
        sa.select(_WORKER.c.id)
        .where(_WORKER.c.id == sa.bindparam("worker"))
        .with_for_update(key_share=True, read=True)
        .cte("here")
    )
    counted = sa.exists(sa.select(here.c.id))
    done = (
        sa.update(_INBOX)
        .where(
            _INBOX.c.id == sa.any_(sa.bindparam("ids", type_=ARRAY(_INBOX.c.id.type))),
            _INBOX.c.state == UpdateState.WAITING,
            counted,
        )
        .values(state=UpdateState.DONE, done_at=sa.bindparam("now"), error=None)
        .returning(_INBOX.c.id)
        .cte("done")
    )
    columns = [sa.bindparam(f"cards_{name}", type_=ARRAY(_CARD.c[name].type)) for name in _CARDS]
    sent = (
        sa.func.unnest(*columns)
        .table_valued(*(sa.column(name, _CARD.c[name].type) for name in _CARDS))
        .render_derived()
    )
    cards = insert(_CARD).from_select(_CARDS, sa.select(*(sent.c[name] for name in _CARDS)).where(counted))
    kept = (
        cards.on_conflict_do_update(
            index_elements=["chat_id", "message_id"],
            set_={name: cards.excluded[name] for name in _CARDS[2:]},
        )
        .returning(_CARD.c.chat_id)
        .cte("kept")
    )
    return sa.select(sa.func.count()).select_from(here).add_cte(done, kept)


_MARKING = _marking()
"""Made once: every answer asks it."""


async def mark_done(
    session: AsyncSession,
    worker: int,
    ids: Sequence[int],
    sent: Sequence[tuple[Card, datetime]],
    *,
    now: datetime,
) -> bool:
    """`inbox.mark_done` and `cards.remember_all` by this process; False, and nothing is written, where it was buried."""
    last = {(card.chat_id, card.message_id): (card, at) for card, at in sent}.values()
    rows = [(card.chat_id, card.message_id, card.number, card.asks, at) for card, at in last]
    columns = zip(*rows, strict=True) if rows else [()] * len(_CARDS)
    params = {f"cards_{name}": list(values) for name, values in zip(_CARDS, columns, strict=True)}
    found = await session.exec(_MARKING, params={"worker": worker, "ids": list(ids), "now": now, **params})
    return bool(found.scalar_one())
