"""The inbox: updates kept before they are acknowledged, handled in order a chat, done when answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import BindingRow, InboxRow, PersonRow, PostRow, UpdateState


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update as it came: what names it for ever, the chat whose order it keeps, and its JSON."""

    key: str
    chat_id: int
    payload: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An update in the inbox that waits. `received_at` is UTC."""

    id: int
    chat_id: int
    payload: str
    received_at: datetime
    tries: int
    waits: int = 0
    """How often this process had to put it off because Telegram or the database was away."""
    unwritten: str = ""
    """What went wrong with the last try, where the database was not to be had for it."""


_INBOX: Any = InboxRow.__table__  # type: ignore[attr-defined]
_PERSON: Any = PersonRow.__table__  # type: ignore[attr-defined]
_POST: Any = PostRow.__table__  # type: ignore[attr-defined]
_BINDING: Any = BindingRow.__table__  # type: ignore[attr-defined]
# Made once, of the table: every message asks them.
_KEEPING: dict[str, Any] = {
    name: insert(_INBOX).on_conflict_do_nothing(index_elements=["key"]).returning(_INBOX.c.id, _INBOX.c.key)
    for name, insert in (("sqlite", insert_sqlite), ("postgresql", insert_postgresql))
}
_DONE: Any = (
    sa.update(_INBOX)
    .where(_INBOX.c.id.in_(sa.bindparam("ids", expanding=True)), _INBOX.c.state == UpdateState.WAITING)
    .values(state=UpdateState.DONE, done_at=sa.bindparam("now"), error=None)
)


async def keep(session: AsyncSession, arrivals: Sequence[Arrival], *, now: datetime) -> list[Kept]:
    """Add the updates that are not there yet, and return those, in order."""
    if not arrivals:
        return []
    rows = [
        {
            "key": arrival.key,
            "chat_id": arrival.chat_id,
            "payload": arrival.payload,
            "state": UpdateState.WAITING,
            "tries": 0,
            "received_at": now,
        }
        for arrival in arrivals
    ]
    added = (await session.exec(_KEEPING[session.get_bind().dialect.name], params=rows)).all()
    by_key = {arrival.key: arrival for arrival in arrivals}
    return [
        Kept(id=id_, chat_id=by_key[key].chat_id, payload=by_key[key].payload, received_at=now, tries=0)
        for id_, key in sorted(added)
    ]


async def waiting(session: AsyncSession, *, chat_id: int | None = None, limit: int | None = None) -> list[Kept]:
    """What is not done, oldest first; of one chat, and the first `limit`, where these are given."""
    query = sa.select(_INBOX).where(_INBOX.c.state == UpdateState.WAITING).order_by(_INBOX.c.id).limit(limit)
    if chat_id is not None:
        query = query.where(_INBOX.c.chat_id == chat_id)
    rows: Any = await session.exec(query)  # type: ignore[call-overload]
    return [Kept(row.id, row.chat_id, row.payload or "", row.received_at, row.tries) for row in rows]


async def chats_waiting(session: AsyncSession) -> list[int]:
    """The chats in which anything is not done: those of people in the list and bound groups first, the oldest first."""
    oldest = sa.func.min(_INBOX.c.id)
    query = (
        sa.select(_INBOX.c.chat_id)
        .where(_INBOX.c.state == UpdateState.WAITING)
        .group_by(_INBOX.c.chat_id)
        .order_by(sa.case((_known(_INBOX.c.chat_id), 0), else_=1), oldest)
    )
    rows: Any = await session.exec(query)  # type: ignore[call-overload]
    return [row.chat_id for row in rows]


def _known(chat_id: Any) -> Any:
    """Whether a chat is a person's in the list, or a bound group."""
    listed = sa.select(_PERSON.c.telegram_id).join(_POST, _POST.c.person_id == _PERSON.c.id)
    bound = sa.select(_BINDING.c.chat_id)
    return sa.or_(chat_id.in_(listed.where(_POST.c.until.is_(None))), chat_id.in_(bound))


async def count_interrupted(session: AsyncSession) -> int:
    """Count one try for the oldest waiting update of each chat: it may have been in hand when the process died.

    Thus an update that kills the process is given up in the end, and the ones behind it are handled.
    """
    oldest = (
        sa.select(sa.func.min(col(InboxRow.id)))
        .where(col(InboxRow.state) == UpdateState.WAITING)
        .group_by(col(InboxRow.chat_id))
    )
    statement = sa.update(InboxRow).where(col(InboxRow.id).in_(oldest)).values(tries=col(InboxRow.tries) + 1)
    result = await session.exec(statement)
    return int(result.rowcount)


async def mark_done(session: AsyncSession, ids: Sequence[int], *, now: datetime) -> None:
    """These were handled and their answers are out; what was given up stays given up."""
    await session.exec(_DONE, params={"ids": list(ids), "now": now})


async def mark_failed(
    session: AsyncSession, id_: int, *, tries: int, error: str, dead: bool, now: datetime
) -> None:
    """One more try failed; `dead` gives the update up, so that it blocks nothing behind it."""
    state = UpdateState.DEAD if dead else UpdateState.WAITING
    await session.exec(
        sa.update(InboxRow)
        .where(col(InboxRow.id) == id_)
        .values(state=state, tries=tries, error=error[:2000], done_at=now if dead else None)
    )


async def forget(session: AsyncSession, ids: Sequence[int]) -> None:
    """Clear what these updates said, at once (Guard)."""
    if ids:
        await session.exec(sa.update(InboxRow).where(col(InboxRow.id).in_(ids)).values(payload=None))


async def clear_payloads(session: AsyncSession, *, done_before: datetime, dead_before: datetime) -> int:
    """Forget what updates said that were handled, or given up, before aware moments; how many.

    The rows stay, so that the same update is never taken twice.
    """
    ended = sa.or_(
        sa.and_(col(InboxRow.state) == UpdateState.DONE, col(InboxRow.done_at) < done_before),
        sa.and_(col(InboxRow.state) == UpdateState.DEAD, col(InboxRow.done_at) < dead_before),
    )
    result = await session.exec(
        sa.update(InboxRow).where(ended, col(InboxRow.payload).is_not(None)).values(payload=None, error=None)
    )
    return int(result.rowcount)


async def dead_count(session: AsyncSession) -> int:
    """How many updates were given up."""
    query = select(sa.func.count()).select_from(InboxRow).where(col(InboxRow.state) == UpdateState.DEAD)
    return int((await session.exec(query)).one())
