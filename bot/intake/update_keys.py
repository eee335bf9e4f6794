"""What an update is before it is kept and before it is read: its name, its chat, and nothing that would upset a table."""

import hashlib
import json
import re
from math import isfinite
from typing import Any

from storage.inbox import Arrival

_PRESS = re.compile(r"[!-~]{1,64}")
"""What names a press: Telegram gives a number of twenty digits at most."""

_UNSOUND = re.compile("[\x00\ud800-\udfff]")
_HALVES = re.compile("[\ud800-\udfff]")

_NUMBERS = ("message_id", "date", "edit_date", "file_size", "migrate_to_chat_id")
_TEXTS = (
    "text", "caption", "data", "query", "media_group_id", "title", "first_name", "last_name", "username", "file_id",
    "file_name", "type", "status",
)  # fmt: skip
_PARTS = (
    "from", "chat", "sender_chat", "via_bot", "user", "message", "reply_to_message", "document", "old_chat_member",
    "new_chat_member",
)  # fmt: skip
_OWNERS = ("from", "chat", "sender_chat", "via_bot", "user")
"""People and chats: without a number they are nobody, and nothing could be answered or asked of their rights."""


def arrival_of(raw: dict[str, Any]) -> Arrival:
    """What names an update for ever, and the chat whose order it keeps.

    Not its update_id: these restart at random after a quiet week. A message is its chat and number, a press its
    query; anything else is what it says. It never fails, and gives nothing that a table would not hold: what cannot be
    read is named by its content, and kept all the same, so that what came with it is not held up.
    """
    payload = _written(raw)
    for kind, letter in (
        ("message", "m"),
        ("edited_message", "e"),
        ("channel_post", "p"),
        ("callback_query", "c"),
    ):
        body = raw.get(kind)
        if isinstance(body, dict):
            key, chat_id = _name(letter, body)
            if key:
                return Arrival(key, chat_id, payload)
    chat_id = _chat_of(next((value for value in raw.values() if isinstance(value, dict)), {}))
    number = raw.get("update_id")
    name = number if _is_number(number) else ""
    return Arrival(f"u:{name}:{hashlib.sha256(payload.encode()).hexdigest()[:32]}", chat_id, payload)


def _written(raw: dict[str, Any]) -> str:
    """The update as it is kept. JSON escapes a NUL; a lone half of a sign, which no database takes, is escaped by ASCII."""
    try:
        text = json.dumps(raw, separators=(",", ":"), ensure_ascii=False)
        return json.dumps(raw, separators=(",", ":")) if _HALVES.search(text) else text
    except (RecursionError, ValueError):
        # Nested beyond measure, or a number of thousands of digits: no update of Telegram's.
        number = raw.get("update_id")
        return json.dumps({"update_id": number if _is_number(number) else None})


def _name(letter: str, body: dict[str, Any]) -> tuple[str, int]:
    if letter == "c":
        id_ = body.get("id")
        fits = isinstance(id_, str) and _PRESS.fullmatch(id_) is not None
        return (f"c:{id_}" if fits else ""), _chat_of(body.get("message") or body)
    chat_id, message_id = _chat_of(body), body.get("message_id")
    edited = body.get("edit_date") if letter == "e" else 0
    if not chat_id or not _is_number(message_id) or not _is_number(edited):
        return "", chat_id
    return f"{letter}:{chat_id}:{message_id}" + (f":{edited}" if letter == "e" else ""), chat_id


def _chat_of(body: Any) -> int:
    for key in ("chat", "from"):
        owner = body.get(key) if isinstance(body, dict) else None
        if isinstance(owner, dict) and _is_number(owner.get("id")):
            return int(owner["id"])
    return 0


def _is_number(value: Any) -> bool:
    """Whether it is one that a table holds; a JSON true is an int to Python."""
    return type(value) is int and -(2**63) <= value < 2**63


def sound(update: Any) -> Any:
    """The update as it can be handled. ValueError for one that is none of Telegram's: what it is made of is of the wrong kind.

    Nothing is left in it that no table holds and Telegram does not take, NUL and halves of a sign. Each gives way to one
    sign, so that what entities point at stays in its place.
    """
    if not isinstance(update, dict):
        raise ValueError("not an update")
    update = _plain(update)
    for kind in ("message", "edited_message", "channel_post", "my_chat_member"):
        _check(update.get(kind), kind)
    for kind in ("callback_query", "inline_query"):
        _check(update.get(kind), kind, named_by=str)
    return update


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSOUND.sub("\ufffd", value)
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if (type(value) is int and not _is_number(value)) or (isinstance(value, float) and not isfinite(value)):
        raise ValueError("a number beyond 64 bits")
    return value


def _check(body: Any, name: str, *, named_by: type = int) -> None:
    """Whether whatever of it is looked at and kept is of its kind: a seal is of what was said, not of what a table made of it."""
    if body is None:
        return
    if not isinstance(body, dict):
        raise ValueError(f"{name} of the wrong kind")
    if name in _OWNERS and body.get("id") is None:
        raise ValueError(f"{name} without an id")
    for names, kind in ((("id",), named_by), (_NUMBERS, int), (_TEXTS, str)):
        for part in names:
            if body.get(part) is not None and type(body[part]) is not kind:
                raise ValueError(f"{name}.{part} of the wrong kind")
    for part in _PARTS:
        _check(body.get(part), part)
    for photo in body.get("photo") or ():
        _check(photo, "photo")
