"""Accounts that are not in the list: who is in it, and whom of the others to answer. No word of theirs is kept."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto
from typing import Any

import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.turning_away import Why
from storage.people import hashed
from storage.tables import (
    BindingRow,
    InboxRow,
    InvitationRow,
    PersonRow,
    PostRow,
    StrangerRow,
    UpdateState,
)
from storage.upserts import overwriting

ONCE_IN = timedelta(minutes=1)
"""The span in which an account, and a group chat, is answered once."""

TOO_LATE = timedelta(minutes=5)
"""After so long without an answer nobody waits for it any more."""

_PERSON: Any = PersonRow.__table__  # type: ignore[attr-defined]
_POST: Any = PostRow.__table__  # type: ignore[attr-defined]
_INBOX: Any = InboxRow.__table__  # type: ignore[attr-defined]
_BINDING: Any = BindingRow.__table__  # type: ignore[attr-defined]
_INVITATION: Any = InvitationRow.__table__  # type: ignore[attr-defined]
_STRANGER: Any = StrangerRow.__table__  # type: ignore[attr-defined]

# Made once, of the tables: every batch of updates asks them.
_LISTED: Any = (
    sa.select(_PERSON.c.telegram_id)
    .join(_POST, _POST.c.person_id == _PERSON.c.id)
    .where(_PERSON.c.telegram_id.in_(sa.bindparam("accounts", expanding=True)), _POST.c.until.is_(None))
    .distinct()
)
_WAITING: Any = (
    sa.select(_INBOX.c.chat_id)
    .where(_INBOX.c.state == UpdateState.WAITING, _INBOX.c.chat_id.in_(sa.bindparam("chats", expanding=True)))
    .distinct()
)
_BOUND: Any = sa.select(_BINDING.c.chat_id).where(_BINDING.c.chat_id.in_(sa.bindparam("chats", expanding=True)))
_INVITED: Any = sa.select(_INVITATION.c.token_hash, _INVITATION.c.used_at, _INVITATION.c.expires_at).where(
    _INVITATION.c.token_hash.in_(sa.bindparam("hashes", expanding=True))
)
_RECENT: Any = sa.select(_STRANGER.c.account_id, _STRANGER.c.chat_id).where(
    _STRANGER.c.received_at > sa.bindparam("since"),
    sa.or_(
        _STRANGER.c.account_id.in_(sa.bindparam("ids", expanding=True)),
        _STRANGER.c.chat_id.in_(sa.bindparam("ids", expanding=True)),
    ),
)
_NOTING = overwriting(_STRANGER)


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody who is to be turned away: who, where, why. `account_id` is the chat where no account stands for it."""

    account_id: int
    chat_id: int
    why: Why
    message_id: int | None = None
    query_id: str | None = None
    group: str | None = None
    """The assessment group that the chat is bound to; known once its turn has come."""

    @property
    def limited(self) -> frozenset[int]:
        """The accounts and chats that are answered once a minute. In a bound group each of its people has an own answer."""
        return frozenset({self.account_id} if self.why is Why.FOREIGN else {self.account_id, self.chat_id})


class Link(Enum):
    """What an invitation is at a moment."""

    OPEN = auto()
    USED = auto()
    EXPIRED = auto()


@dataclass(frozen=True, slots=True)
class Turned:
    """How many accounts that are not in the list were turned away on a day, and in how many group chats."""

    day: date
    accounts: int
    groups: int


async def listed(session: AsyncSession, accounts: Collection[int]) -> set[int]:
    """Which of these Telegram accounts are in the list: they hold a post now."""
    return await _ids(session, _LISTED, accounts=accounts)


async def waiting(session: AsyncSession, chats: Collection[int]) -> set[int]:
    """In which of these chats anything was kept that is not done yet."""
    return await _ids(session, _WAITING, chats=chats)


async def bound(session: AsyncSession, chats: Collection[int]) -> set[int]:
    """Which of these chats are bound to an assessment group."""
    return await _ids(session, _BOUND, chats=chats)


async def _ids(session: AsyncSession, query: Any, **asked: Collection[int]) -> set[int]:
    if not any(asked.values()):
        return set()
    rows = await session.exec(query, params={name: sorted(ids) for name, ids in asked.items()})
    return {id_ for (id_,) in rows}


async def links(session: AsyncSession, tokens: Collection[str], *, now: datetime) -> Mapping[str, Link]:
    """What the invitations of these tokens are at an aware moment; a token that there is none of is not in it."""
    if not tokens:
        return {}
    by_hash = {hashed(token): token for token in tokens}
    rows = await session.exec(_INVITED, params={"hashes": sorted(by_hash)})
    return {
        by_hash[row.token_hash]: Link.USED
        if row.used_at is not None
        else (Link.EXPIRED if row.expires_at <= now else Link.OPEN)
        for row in rows
    }


async def note(session: AsyncSession, calls: Iterable[Call], *, now: datetime, day: date) -> list[Call]:
    """Keep who of these is to be answered, and return those: each account and group chat once a minute.

    `now` is aware, `day` is the bureau's.
    """
    calls = list(calls)
    ids = sorted(frozenset[int]().union(*(call.limited for call in calls)))
    if not ids:
        return []
    recent: set[int] = set()
    for row in await session.exec(_RECENT, params={"since": now - ONCE_IN, "ids": ids}):
        recent |= {row.account_id, row.chat_id}
    rows: list[dict[str, Any]] = []
    taken_up: list[Call] = []
    for call in calls:
        if recent & call.limited:
            continue
        recent |= call.limited
        taken_up.append(call)
        rows.append({
            "account_id": call.account_id, "day": day, "chat_id": call.chat_id, "message_id": call.message_id,
            "query_id": call.query_id, "why": call.why, "received_at": now, "waits": True,
        })  # fmt: skip
    if rows:
        await session.exec(_NOTING[session.get_bind().dialect.name], params=rows)
    return taken_up


async def take(session: AsyncSession, *, most: int, now: datetime) -> list[Call]:
    """Who is answered next, the oldest first: they wait no longer, whatever becomes of the answer."""
    next_ = (
        sa.select(_STRANGER.c.account_id, _STRANGER.c.day)
        .where(_STRANGER.c.waits.is_(sa.true()), _STRANGER.c.received_at > now - TOO_LATE)
        .order_by(_STRANGER.c.received_at, _STRANGER.c.account_id)
        .limit(most)
    )
    taken: Any = (
        sa.update(_STRANGER)
        .where(sa.tuple_(_STRANGER.c.account_id, _STRANGER.c.day).in_(next_), _STRANGER.c.waits.is_(sa.true()))
        .values(waits=False)
        .returning(_STRANGER)
    )
    rows = list(await session.exec(taken))
    groups: Any = sa.select(_BINDING.c.chat_id, _BINDING.c.group_name).where(
        _BINDING.c.chat_id.in_([row.chat_id for row in rows])
    )
    bound_to: dict[int, str] = (
        {row.chat_id: row.group_name for row in await session.exec(groups)} if rows else {}
    )
    return [
        Call(row.account_id, row.chat_id, row.why, row.message_id, row.query_id, bound_to.get(row.chat_id))
        for row in rows
    ]


async def any_before(session: AsyncSession, day: date) -> bool:
    """Whether anybody of an earlier day was not forgotten yet."""
    query: Any = sa.select(sa.exists().where(_STRANGER.c.day < day))
    return bool((await session.exec(query)).scalar_one())


async def days_before(session: AsyncSession, day: date) -> Sequence[Turned]:
    """What there was on each earlier day that was not forgotten yet; without people in the list at a wrong place."""
    accounts = sa.func.count(sa.case((_STRANGER.c.account_id > 0, 1)))
    groups = sa.func.count(sa.case((_STRANGER.c.chat_id < 0, _STRANGER.c.chat_id)).distinct())
    query: Any = (
        sa.select(_STRANGER.c.day, accounts, groups)
        .where(_STRANGER.c.day < day, _STRANGER.c.why.not_in([Why.UNBOUND, Why.FOREIGN]))
        .group_by(_STRANGER.c.day)
        .order_by(_STRANGER.c.day)
    )
    return [Turned(*row) for row in await session.exec(query)]


async def forget_before(session: AsyncSession, day: date) -> None:
    """Forget who was turned away before a day."""
    await session.exec(sa.delete(_STRANGER).where(_STRANGER.c.day < day))
