"""Messages that the bot sends of itself: planned in the transaction of what they tell, claimed, sent, marked.

The promise: never missed, never planned twice; where the process dies while sending, what was on its way goes out once
more and says so, at most one a chat; so does what was claimed and may have been on its way.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from html import escape
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.mentions import resolved
from storage import mentions
from storage.tables import PushRow, WatchRow, WorkerRow

PLANNED, CLAIMED, SENT, DROPPED = "planned", "claimed", "sent", "dropped"

REMOVED = "removed"
"""Why a message was withheld whose reader may no longer see it."""

STALE = "stale"
"""Why a message was dropped whose day was over before it could go out."""

FARTHEST = timedelta(days=2)
"""How far ahead a message is planned at most: until the next daily digest, or as long as Telegram has it wait."""

Rows = tuple[tuple[tuple[str, str], ...], ...]
"""Buttons as (label, data), row by row."""


class Kind(Enum):
    """What a message is to its reader; the value is kept."""

    NOTICE = "notice"
    REMINDER = "reminder"
    STEP = "step"
    PUBLICATION = "publication"
    SEALS = "seals"
    ALARM = "alarm"


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
    about: Collection[int] = (),
) -> bool:
    """Plan a message, once for a key; False where it is planned already. `due_at` is aware.

    The officers whom it is `about` stand in the text by their marks (`rules/mentions.py`), and so do those of the reader's
    unit once it is kept: it goes out with the names that they have then.
    """
    if (await session.exec(select(PushRow.id).where(PushRow.key == key))).first() is not None:
        return False
    (text,) = await mentions.mark_message(session, [text], reader=chat_id, about=about)
    session.add(
        PushRow(
            key=key, chat_id=chat_id, text=text, buttons=json.dumps(buttons, ensure_ascii=False), together=together,
            entry_id=entry, due_at=due_at, kind=kind.value, day=day, chart=chart,
        )
    )  # fmt: skip
    await session.flush()
    return True


async def plan_digest(
    session: AsyncSession, *, chat_id: int, lines: Sequence[tuple[str, str, int]], due_at: datetime
) -> None:
    """Plan what a chat is told in one message of entries that were written just now: each one's key, text and number."""
    texts = await mentions.mark_message(session, [text for _, text, _ in lines], reader=chat_id)
    session.add_all(
        PushRow(key=key, chat_id=chat_id, text=text, buttons="[]", together=True, entry_id=entry, due_at=due_at)
        for (key, _, entry), text in zip(lines, texts, strict=True)
    )
    await session.flush()


async def claim(
    session: AsyncSession,
    *,
    now: datetime,
    today: date,
    limit: int = 30,
    worker: int | None = None,
    without: Collection[int] = (),
) -> list[Push]:
    """Take what is due, so that nobody else sends it; committed before anything is sent.

    `worker` is the process that takes it, where there are several; what is for the chats in `without` stays. A reminder of
    a day before `today`, the bureau's, says what is no longer so: it waits to be dropped; one of a later day waits for
    its day. Whatever else seems to be due beyond FARTHEST was planned while the clock was wrong, and is due.
    """
    due = sa.or_(
        sa.and_(col(PushRow.due_at) <= now, sa.or_(col(PushRow.day).is_(None), col(PushRow.day) >= today)),
        sa.and_(col(PushRow.due_at) > now + FARTHEST, col(PushRow.day).is_(None)),
    )
    query = (
        select(PushRow)
        .where(PushRow.state == PLANNED, due, col(PushRow.chat_id).not_in(without))
        .order_by(col(PushRow.due_at), col(PushRow.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = list((await session.exec(query)).all())
    chats = {row.chat_id for row in rows if row.together}
    if chats and len(rows) == limit:
        # What goes out as one message is claimed as one, however much it is.
        rest = query.limit(None).where(
            col(PushRow.together).is_(True),
            col(PushRow.chat_id).in_(chats),
            col(PushRow.id).not_in([row.id for row in rows]),
        )
        rows += (await session.exec(rest)).all()
    claimed = []
    names = await mentions.names(session, [row.text for row in rows])
    named = {id_: escape(name, quote=False) for id_, name in names.items()}
    for row in rows:
        claimed.append(replace(_value(row), text=resolved(row.text, named)))
        row.state, row.claimed_at, row.worker_id = CLAIMED, now, worker
        session.add(row)
    return claimed


async def next_due(session: AsyncSession, *, after: datetime) -> datetime | None:
    """When (UTC) the next planned message is due that is not due by an aware moment yet."""
    query = select(sa.func.min(PushRow.due_at)).where(PushRow.state == PLANNED, PushRow.due_at > after)
    found: datetime | None = (await session.exec(query)).first()
    return found


async def take_up(session: AsyncSession, *, worker: int | None = None) -> int:
    """What a process had claimed that is gone is due again, and will say so; how many.

    Whatever another living process than `worker` has in hand stays there.
    """
    others = sa.select(col(WorkerRow.id)).where(col(WorkerRow.id) != (worker or 0))
    left = sa.or_(col(PushRow.worker_id).is_(None), col(PushRow.worker_id).not_in(others))
    result = await session.exec(
        sa.update(PushRow).where(col(PushRow.state) == CLAIMED, left).values(state=PLANNED)
    )
    return int(result.rowcount)


async def give_back(session: AsyncSession, claimed: Sequence[Push]) -> None:
    """These were claimed and never sent off: they are due as before, and no repeat where they were none."""
    for again in (False, True):
        values: dict[str, Any] = {"state": PLANNED} if again else {"state": PLANNED, "claimed_at": None}
        ids = [push.id for push in claimed if push.again is again]
        await session.exec(
            sa.update(PushRow).where(col(PushRow.id).in_(ids), col(PushRow.state) == CLAIMED).values(**values)
        )


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


async def clear_texts(session: AsyncSession, *, before: datetime) -> int:
    """Forget what messages said that went out, or were given up, before an aware moment; how many.

    The rows stay: what was sent is not planned again, and it is known who was told of what.
    """
    result = await session.exec(
        sa.update(PushRow)
        .where(
            sa.or_(
                sa.and_(col(PushRow.state) == SENT, col(PushRow.sent_at) < before),
                sa.and_(col(PushRow.state) == DROPPED, col(PushRow.due_at) < before),
            ),
            col(PushRow.text) != "",
        )
        .values(text="", buttons="[]", chart=None, error=None)
    )
    return int(result.rowcount)


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
        .values(state=DROPPED, error=REMOVED)
    )
    return int(result.rowcount)


def _value(row: PushRow) -> Push:
    assert row.id is not None
    buttons = tuple(tuple((label, data) for label, data in line) for line in json.loads(row.buttons))
    again = row.claimed_at is not None
    return Push(row.id, row.chat_id, row.text, buttons, row.together, row.tries, again, row.due_at, row.chart)


async def readdress(session: AsyncSession, *, from_chat: int, to_chat: int) -> None:
    """What waits for a chat, or is in hand for it, goes to its new number."""
    await session.exec(
        sa.update(PushRow)
        .where(col(PushRow.chat_id) == from_chat, col(PushRow.state).in_([PLANNED, CLAIMED]))
        .values(chat_id=to_chat, state=PLANNED, claimed_at=None)
    )


async def watched(session: AsyncSession) -> dict[int, date]:
    """For each chat the last day whose reminders were looked at."""
    return {row.chat_id: row.day for row in await session.exec(select(WatchRow))}


async def watch(session: AsyncSession, chats: Sequence[int], day: date) -> None:
    """The reminders of these chats were looked at for the day."""
    these = col(WatchRow.chat_id).in_(list(chats))
    await session.exec(sa.update(WatchRow).where(these).values(day=day))
    known = (await session.exec(select(WatchRow.chat_id).where(these))).all()
    session.add_all(WatchRow(chat_id=chat_id, day=day) for chat_id in set(chats).difference(known))


async def unsent(session: AsyncSession, *, before: date) -> dict[int, list[date]]:
    """For each chat the earlier days whose reminder is still planned: it never went out."""
    query: Any = sa.select(col(PushRow.chat_id), col(PushRow.day)).where(*_stale(before))
    found: dict[int, list[date]] = {}
    for chat_id, day in await session.exec(query):
        found.setdefault(chat_id, []).append(day)
    return found


async def drop_stale(session: AsyncSession, chats: Sequence[int], *, before: date) -> int:
    """The reminders of earlier days that these chats still wait for are dropped; how many."""
    result = await session.exec(
        sa.update(PushRow)
        .where(*_stale(before), col(PushRow.chat_id).in_(list(chats)))
        .values(state=DROPPED, error=STALE)
    )
    return int(result.rowcount)


def _stale(before: date) -> tuple[Any, ...]:
    return (
        col(PushRow.kind) == Kind.REMINDER.value,
        col(PushRow.state) == PLANNED,
        col(PushRow.day) < before,
    )


async def note_stale(
    session: AsyncSession, *, key: str, chat_id: int, day: date, text: str, now: datetime
) -> None:
    """Keep that a reminder was not sent because its day was over."""
    if await known(session, [key]):
        return
    session.add(
        PushRow(key=key, chat_id=chat_id, text=text, due_at=now, kind=Kind.REMINDER.value, day=day,
                state=DROPPED, error=STALE)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sending:
    """What became of a message. Moments are UTC."""

    id: int
    chat_id: int
    kind: Kind
    state: str
    due_at: datetime
    sent_at: datetime | None
    tries: int
    error: str | None
    day: date | None
    """The bureau's day that a reminder is of."""
    cleared: bool = False
    """Whether its text is forgotten."""

    @property
    def can_be_renewed(self) -> bool:
        """Whether it did not arrive, still says what is so, and is not forgotten."""
        return self.state == DROPPED and self.error not in {STALE, REMOVED} and not self.cleared


def _failed() -> tuple[Any, ...]:
    return (col(PushRow.state) == DROPPED, col(PushRow.error).not_in([REMOVED]))


async def recent(
    session: AsyncSession,
    *,
    failed: bool,
    offset: int,
    limit: int,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Sending]:
    """What was sent or shall be, newest first; with `failed` only what did not arrive; due between two aware moments."""
    query = select(PushRow).order_by(col(PushRow.id).desc()).offset(offset).limit(limit)
    if failed:
        query = query.where(*_failed())
    if since is not None:
        query = query.where(col(PushRow.due_at) >= since)
    if until is not None:
        query = query.where(col(PushRow.due_at) < until)
    return [_sending(row) for row in await session.exec(query)]


async def failed(session: AsyncSession) -> int:
    """How many messages did not arrive."""
    query = select(sa.func.count()).select_from(PushRow).where(*_failed())
    return int((await session.exec(query)).one())


async def find(session: AsyncSession, id_: int) -> Sending | None:
    """What became of one message."""
    row = await session.get(PushRow, id_)
    return None if row is None else _sending(row)


async def renew(session: AsyncSession, id_: int, *, now: datetime) -> bool:
    """Have a message that did not arrive sent again; False where it is out, on its way, or of no use any more."""
    row = await session.get(PushRow, id_)
    if row is None or not _sending(row).can_be_renewed:
        return False
    row.state, row.due_at, row.claimed_at, row.error = PLANNED, now, None, None
    session.add(row)
    return True


def _sending(row: PushRow) -> Sending:
    assert row.id is not None
    return Sending(
        row.id, row.chat_id, Kind(row.kind), row.state, row.due_at, row.sent_at, row.tries, row.error, row.day,
        row.text == "",
    )  # fmt: skip


async def known(session: AsyncSession, keys: list[str]) -> set[str]:
    """Which of the keys are planned already, or were sent."""
    return set((await session.exec(select(PushRow.key).where(col(PushRow.key).in_(keys)))).all())
