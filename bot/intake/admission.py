"""What of an update is kept, by who sent it and where: all of it, that its account is to be told why not, or nothing.

Whoever is in the list, has an open invitation in the same words, or has opened one that waits, is kept to the letter.
Nobody else costs more than a row a day without a word of what was said.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.intake.update_keys import sound
from handlers.frame.routes import Routes
from rules.turning_away import Why
from storage import strangers
from storage.database import Session
from storage.inbox import Arrival
from storage.strangers import Call, Link

Fate = bool | Call
"""Whether an update is kept; or whom it turns away."""

TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What Telegram lets a link carry."""

WHY_NOT = {None: Why.BAD_LINK, Link.USED: Why.USED_LINK, Link.EXPIRED: Why.OLD_LINK}

KINDS = ("message", "edited_message", "channel_post", "callback_query", "inline_query", "my_chat_member")


@dataclass(frozen=True, slots=True)
class Update:
    """An update that is laid before us; `account` and `chat` are 0 where there is none, or none that can be read."""

    arrival: Arrival
    raw: dict[str, Any]
    kind: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    account: int = 0
    chat: int = 0

    @property
    def text(self) -> str:
        """What was written, also under a picture."""
        text = self.body.get("text") or self.body.get("caption")
        return text if isinstance(text, str) else ""

    @property
    def unasked(self) -> bool:
        """Whether it is of a kind that was never asked for, and that nothing is done with."""
        kinds = self.raw.keys() - {"update_id"}
        return bool(kinds) and kinds.isdisjoint(KINDS)

    @property
    def readable(self) -> bool:
        """Whether it is one of Telegram's, known by its name."""
        # Named by its content: neither a message nor a press that could be answered.
        if not self.kind or (self.arrival.key.startswith("u:") and self.kind in KINDS[:4]):
            return False
        if self.kind == "inline_query" and not self.body.get("id"):
            return False
        try:
            sound(self.raw)
        except (ValueError, RecursionError):
            return False
        return self.kind == "channel_post" or bool(self.account)


@dataclass
class Sorted:
    """What is kept of a batch, and whom to turn away; the rest asks for nothing that we would do."""

    kept: list[Arrival] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    """Inline queries that find nothing."""
    passed_over: int = 0
    """Talk in groups, posts of channels."""


def update_of(arrival: Arrival, raw: dict[str, Any]) -> Update:
    """The update with who sent it and where, as far as it can be read."""
    kind = next((kind for kind in KINDS if isinstance(raw.get(kind), dict)), "")
    if not kind:
        return Update(arrival, raw)
    body = raw[kind]
    place = body.get("message") if kind == "callback_query" else body
    return Update(
        arrival,
        raw,
        kind,
        body,
        _id(body.get("from")),
        _id(place.get("chat")) if isinstance(place, dict) else 0,
    )


def _id(owner: Any) -> int:
    id_ = owner.get("id") if isinstance(owner, dict) else None
    return id_ if type(id_) is int and -(2**63) <= id_ < 2**63 else 0


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database knows of a batch. `open` grows with it: whatever was kept is known to what follows."""

    listed: set[int]
    """The accounts in the list."""
    open: set[int]
    """Bound groups, and chats in which something waits: it may be about to let the account in, or to bind the group."""
    links: Mapping[str, Link]

    def knows(self, account: int) -> bool:
        """Whether an account is in the list, or has opened an invitation that waits."""
        return account in self.listed or account in self.open


class Admission:
    """Sorts what comes in. It asks the database in the transaction that keeps the updates."""

    def __init__(self, routes: Routes, username: Callable[[], str]) -> None:
        self._routes = routes
        self._username = username

    async def sort(self, session: Session, updates: Sequence[Update], *, now: datetime) -> Sorted:
        """What becomes of each, at an aware moment."""
        listed = await strangers.listed(session, {update.account for update in updates})
        if all(update.account in listed and update.chat > 0 for update in updates):
            return Sorted(kept=[update.arrival for update in updates])
        groups = {update.chat for update in updates if update.chat < 0}
        unlisted = {update.account for update in updates} - listed
        # In this order: what is done between two questions was done by letting in or binding, which the later one sees.
        open_ = await strangers.waiting(session, groups | unlisted)
        open_ |= await strangers.bound(session, groups)
        listed |= await strangers.listed(session, unlisted)
        tokens = {token for token in map(self._token, updates) if token is not None}
        known = _Known(listed, open_, await strangers.links(session, tokens, now=now))
        sorted_ = Sorted()
        for update in updates:
            fate = self._fate(update, known) if update.readable else self._fate_of_unreadable(update, known)
            if fate is True:
                sorted_.kept.append(update.arrival)
                if update.readable:
                    known.open.add(update.chat)
            elif isinstance(fate, Call):
                sorted_.calls.append(fate)
            elif update.kind == "inline_query" and update.readable:
                sorted_.queries.append(str(update.body["id"]))
            else:
                sorted_.passed_over += 1
        return sorted_

    def _fate(self, update: Update, known: _Known) -> Fate:
        if update.kind == "channel_post":
            return False
        if update.kind == "my_chat_member" or update.body.get("migrate_to_chat_id") is not None:
            # Of a chat that is not ours nothing is to be known.
            return known.knows(update.account) or update.chat in known.open
        if update.kind == "callback_query" and update.chat:
            query = str(update.body["id"])
            call = Call(update.account, update.chat, Why.UNKNOWN, query_id=query)
            return known.knows(update.account) or call
        if update.chat < 0:
            return self._fate_in_group(update, known)
        return known.knows(update.account) or self._fate_of_stranger(update, known.links)

    @staticmethod
    def _fate_of_unreadable(update: Update, known: _Known) -> bool:
        """Kept as it came and looked at in turn, unless it is known to be nobody's who has a say here."""
        nobodys = update.account and not known.knows(update.account) and update.chat not in known.open
        return not (update.unasked or nobodys)

    def _fate_in_group(self, update: Update, known: _Known) -> Fate:
        bound = update.chat in known.open
        anonymous = update.body.get("sender_chat") is not None
        if bound and known.knows(update.account) and not anonymous:
            return True
        if update.kind != "message":
            return False
        if not self._routes.command_in_group(update.text, self._username(), bound=bound):
            return False
        number = update.body["message_id"]
        if anonymous:
            return Call(update.chat, update.chat, Why.ANONYMOUS, number)
        return known.knows(update.account) or Call(update.account, update.chat, Why.UNKNOWN, number)

    def _fate_of_stranger(self, update: Update, links: Mapping[str, Link]) -> Fate:
        """In private."""
        if update.kind != "message":
            return False
        token = self._token(update)
        link = links.get(token) if token is not None else None
        if link is Link.OPEN:
            return True
        why = Why.UNKNOWN if token is None else WHY_NOT[link]
        return Call(update.account, update.chat, why, update.body["message_id"])

    def _token(self, update: Update) -> str | None:
        """The invitation that is opened with it, empty for one that is none of ours; None where none is opened."""
        if update.kind != "message" or update.chat != update.account:
            return None
        token = self._routes.invitation(update.text, self._username())
        return token if token is None or TOKEN.fullmatch(token) else ""
