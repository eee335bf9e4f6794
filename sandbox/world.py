"""The local Telegram's world: persons, chats, messages, files, and the updates that wait for the bot."""

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sandbox import strict
from sandbox.clock import SandboxClock
from sandbox.store import Store
from sandbox.strict import Refused

Message = dict[str, Any]

INLINE_WITHIN = timedelta(seconds=10)
"""How long Telegram waits for the answer to an inline query."""

INLINE_QUERIES_KEPT = 1000
"""How many inline queries can still be answered or picked from."""

UTC_ZONE = ZoneInfo("UTC")

ALBUM = 10
"""How many pictures or files make one album at most."""


@dataclass(frozen=True, slots=True)
class Person:
    """An account that can be played. `note` is shown beside the name."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    note: str = ""

    @property
    def user(self) -> dict[str, Any]:
        """The Bot API's User."""
        user: dict[str, Any] = {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            "language_code": "zh-hans",
        }
        return user | {k: v for k, v in (("last_name", self.last_name), ("username", self.username)) if v}


@dataclass(frozen=True, slots=True)
class Group:
    """A group chat with the bot in it, until it has left."""

    id: int
    title: str
    members: tuple[int, ...]
    left: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way."""

    name: str
    content: bytes
    type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class InlineQuery:
    """Who looks for what through the bot, where and since when in real time, and what the bot will have answered."""

    person: int
    chat: int
    at: datetime
    results: "asyncio.Future[list[dict[str, Any]]]"


@dataclass(frozen=True, slots=True)
class Event:
    """Something a page should know: what happened, in which chat, with which message."""

    kind: str
    chat: int
    message: Message | None = None
    action: str = ""


def utc_now() -> datetime:
    """The time of day, aware."""
    return datetime.now(UTC)


class World:
    """Everything there is. With a path it is kept, and a second start goes on where the first one was.

    `now` is what drives the clock, `zone` what it is read and shown in.
    """

    def __init__(
        self,
        *,
        token: str,
        bot_name: str = "考评助手",
        bot_username: str = "kaoping_sandbox_bot",
        path: Path | None = None,
        now: Callable[[], datetime] = utc_now,
        zone: ZoneInfo = UTC_ZONE,
    ) -> None:
        self.token, self.privacy_mode = token, True
        self.bot = {
            "id": int(token.split(":", maxsplit=1)[0]),
            "is_bot": True,
            "first_name": bot_name,
            "username": bot_username,
        }
        self.store = Store(path)
        self.clock = SandboxClock(self.store, zone, real=now, changed=self._clock_changed)
        self.now = self.clock
        self._people = {int(key): Person(**value) for key, value in self.store.all("person").items()}
        self._groups = {
            int(key): Group(value["id"], value["title"], tuple(value["members"]), value.get("left", False))
            for key, value in self.store.all("group").items()
        }
        self.started = {int(key) for key in self.store.all("started")}
        self.blocked = {int(key) for key in self.store.all("blocked")}
        self.commands: dict[str, list[dict[str, str]]] = self.store.all("commands")
        self.pending = self.store.updates()
        self._next_update = max(
            [u["update_id"] + 1 for u in self.pending],
            default=self.store.all("counter").get("update", 400_000_000),
        )
        self._counters: dict[int, int] = {}
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._inline: dict[str, InlineQuery] = {}
        self._listeners: set[asyncio.Queue[Event]] = set()
        self.arrived = asyncio.Event()
        self.wanted: frozenset[str] = frozenset()
        """The kinds of updates that the webhook is set to; none named means all."""
        self._fetched = asyncio.Event()
        self._fetched.set()

    # Who there is

    def add_person(
        self, first_name: str, *, id: int | None = None, last_name: str = "", username: str = "", note: str = ""
    ) -> Person:
        """A person to play; the same id is the same person."""
        number = id if id is not None else max(self._people, default=5000) + 1
        person = Person(number, first_name, last_name, username, note)
        if self._people.get(number) != person:
            self._people[number] = person
            self.store.put("person", number, asdict(person))
            self._tell(Event("people", 0))
        return person

    def open_chat(self, person_id: int) -> None:
        """A person has opened the private chat with the bot: from now on it may write there."""
        if person_id not in self.started:
            self.started.add(person_id)
            self.store.put("started", person_id, True)

    def people(self) -> list[Person]:
        """Everybody who can be played."""
        return list(self._people.values())

    def person(self, person_id: int) -> Person:
        """A person; Refused where there is none."""
        if person_id not in self._people:
            raise strict.bad("user not found")
        return self._people[person_id]

    def add_group(self, title: str, members: Sequence[int], *, id: int | None = None) -> Group:
        """A group with the bot and these persons; the bot hears that the first of them added it."""
        number = id if id is not None else min(self._groups, default=-1_001_000_000_000) - 1
        before = self._groups.get(number)
        adder = self.person(members[0]).user if members else None
        group = Group(number, title, tuple(members))
        self._keep_group(group)
        if adder is not None and (before is None or before.left):
            self._bot_moved(number, by=adder, old="left", new="member")
        return group

    def leave(self, chat_id: int) -> None:
        """The bot leaves a group; Refused where it is in none."""
        if self.reachable(chat_id)["type"] == "private":
            raise strict.bad("chat member status can't be changed in private chats")
        self._keep_group(replace(self._groups[chat_id], left=True))
        self._bot_moved(chat_id, by=self.bot, old="member", new="left")

    def groups(self) -> list[Group]:
        """Every group."""
        return list(self._groups.values())

    def chat(self, chat_id: int) -> dict[str, Any]:
        """The Bot API's Chat; Refused where the bot knows none."""
        if chat_id in self._groups:
            return {"id": chat_id, "type": "supergroup", "title": self._groups[chat_id].title}
        if chat_id in self._people:
            person = self._people[chat_id]
            return {
                "id": chat_id,
                "type": "private",
                **{k: v for k, v in person.user.items() if k.endswith("name")},
            }
        raise strict.bad("chat not found")

    def reachable(self, chat_id: int) -> dict[str, Any]:
        """The Bot API's Chat for something that the bot does in it; Refused where the bot is not in it."""
        chat = self.chat(chat_id)
        if chat_id in self._groups and self._groups[chat_id].left:
            raise Refused(403, "Forbidden: bot is not a member of the supergroup chat")
        return chat

    def member(self, chat_id: int, user_id: int) -> dict[str, Any]:
        """The Bot API's ChatMember of a person or the bot; Refused for somebody whom nobody knows."""
        chat = self.reachable(chat_id)
        user = self.bot if user_id == self.bot["id"] else self.person(user_id).user
        there = user is self.bot or user_id in self.members(chat_id)
        if not there and chat["type"] == "private":
            raise strict.bad("member not found")
        return {"user": user, "status": "member" if there else "left"}

    def members(self, chat_id: int) -> tuple[int, ...]:
        """Who sees a chat."""
        return self._groups[chat_id].members if chat_id in self._groups else (chat_id,)

    def block(self, person_id: int, *, blocked: bool = True) -> None:
        """Have a person block the bot, or let it in again."""
        (self.blocked.add if blocked else self.blocked.discard)(person_id)
        (self.store.put("blocked", person_id, True) if blocked else self.store.drop("blocked", person_id))

    # What persons do

    def send(
        self,
        person_id: int,
        chat_id: int,
        text: str,
        *,
        reply_to: int | None = None,
        forward: bool = False,
        via_bot: bool = False,
        anonymous: bool = False,
    ) -> Message:
        """A person says something; the bot gets it as an update where Telegram would give it one."""
        if not text.strip():
            raise strict.bad("message text is empty")
        if strict.units(text) > 4096:
            raise strict.bad("message is too long")
        message = self._from_person(person_id, chat_id, reply_to) | {"text": text}
        entities = strict.natural_entities(text, [])
        if entities:
            message["entities"] = entities
        if forward:
            message["forward_origin"] = {
                "type": "hidden_user",
                "sender_user_name": "某人",
                "date": message["date"],
            }
        if via_bot:
            message["via_bot"] = {"id": 99, "is_bot": True, "first_name": "别的", "username": "other_bot"}
        if anonymous:
            message["sender_chat"] = self.chat(chat_id)
            message["from"] = {
                "id": 1087968824,
                "is_bot": True,
                "first_name": "Group",
                "username": "GroupAnonymousBot",
            }
        return self._said(message)

    def edit(self, person_id: int, chat_id: int, message_id: int, text: str) -> Message:
        """A person edits an own message."""
        message = self.store.message(chat_id, message_id)
        if message is None or message.get("from", {}).get("id") != person_id:
            raise strict.bad("message can't be edited")
        message |= {"text": text, "edit_date": self._stamp(), "entities": strict.natural_entities(text, [])}
        self._put(message, "edited")
        if self._heard(message):
            self._queue({"edited_message": message})
        return message

    def upload(
        self,
        person_id: int,
        chat_id: int,
        files: Sequence[Upload],
        *,
        kind: str = "document",
        caption: str = "",
        reply_to: int | None = None,
    ) -> list[Message]:
        """A person sends pictures or files; several at once are albums of ten, the caption on the first."""
        if strict.units(caption) > 1024:
            raise strict.bad("message caption is too long")
        contents = [self.media(file, kind) for file in files]
        sent = []
        for index, content in enumerate(contents):
            if index % ALBUM == 0:
                album = _album_id() if len(contents) - index > 1 else ""
            message = self._from_person(person_id, chat_id, reply_to) | content
            if album:
                message["media_group_id"] = album
            if caption and index == 0:
                message["caption"] = caption
                entities = strict.natural_entities(caption, [])
                message |= {"caption_entities": entities} if entities else {}
            sent.append(self._said(message))
        return sent

    def press(self, person_id: int, chat_id: int, message_id: int, data: str, *, forged: bool = False) -> str:
        """A person presses a button; the query's id. Refused where the message has no such button."""
        message = self.store.message(chat_id, message_id)
        if message is None:
            raise strict.bad("message not found")
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        if not forged and not any(button.get("callback_data") == data for row in rows for button in row):
            raise strict.bad("the button is gone")
        query_id = str(secrets.randbits(62))
        self._answers[query_id] = asyncio.get_running_loop().create_future()
        query = {
            "id": query_id,
            "from": self.person(person_id).user,
            "message": message,
            "chat_instance": str(chat_id),
            "data": data,
        }
        self._queue({"callback_query": query})
        return query_id

    async def answered(self, query_id: str, seconds: float = 10.0) -> dict[str, Any] | None:
        """What the bot answered to a press; None where it did not in time."""
        future = self._answers.get(query_id)
        if future is None:
            return None
        try:
            return await asyncio.wait_for(asyncio.shield(future), seconds)
        except TimeoutError:
            return None

    def answer(self, query_id: str, answer: dict[str, Any]) -> None:
        """The bot answers a press; Refused where Telegram no longer knows it, or it was answered."""
        future = self._answers.get(query_id)
        if future is None or future.done():
            raise strict.bad("query is too old and response timeout expired or query ID is invalid")
        future.set_result(answer)

    def inline(self, person_id: int, chat_id: int, query: str) -> str:
        """A person in a chat looks for something through the bot (@bot words); the query's id."""
        if person_id not in self.members(chat_id):
            raise strict.bad("not a member of this chat")
        query_id = str(secrets.randbits(62))
        results: asyncio.Future[list[dict[str, Any]]] = asyncio.get_running_loop().create_future()
        self._inline[query_id] = InlineQuery(person_id, chat_id, self.clock.real(), results)
        if len(self._inline) > INLINE_QUERIES_KEPT:
            del self._inline[next(iter(self._inline))]
        asked = {
            "id": query_id,
            "from": self.person(person_id).user,
            "query": query[:256],
            "offset": "",
            "chat_type": "supergroup" if chat_id in self._groups else "sender",
        }
        self._queue({"inline_query": asked})
        return query_id

    async def inline_answered(self, query_id: str, seconds: float = 10.0) -> list[dict[str, Any]] | None:
        """The results that the bot gave to an inline query; None where it gave none in time."""
        asked = self._inline.get(query_id)
        if asked is None:
            return None
        try:
            return await asyncio.wait_for(asyncio.shield(asked.results), seconds)
        except TimeoutError:
            return None

    def answer_inline(self, query_id: str, results: list[dict[str, Any]]) -> None:
        """The bot answers an inline query; Refused where Telegram waits no longer, or it was answered."""
        asked = self._inline.get(query_id)
        if asked is None or asked.results.done() or self.clock.real() - asked.at > INLINE_WITHIN:
            raise strict.bad("query is too old and response timeout expired or query ID is invalid")
        asked.results.set_result(results)

    def pick(
        self, person_id: int, chat_id: int, query_id: str, result_id: str, *, reply_to: int | None = None
    ) -> Message:
        """A person sends one of the results of an own inline query; Refused where there is no such result."""
        asked = self._inline.get(query_id)
        if asked is None or (asked.person, asked.chat) != (person_id, chat_id) or not asked.results.done():
            raise strict.bad("QUERY_ID_INVALID")
        result = next((r for r in asked.results.result() if r["id"] == result_id), None)
        if result is None:
            raise strict.bad("RESULT_ID_INVALID")
        text, entities = strict.inline_text(result)
        message = self._from_person(person_id, chat_id, reply_to) | {"via_bot": self.bot, "text": text}
        if entities:
            message["entities"] = entities
        return self._said(message)

    # What the bot does

    def post(self, chat_id: int, content: dict[str, Any], reply_to: int | None = None) -> Message:
        """A message of the bot's; Refused where it may not write."""
        chat = self.reachable(chat_id)
        if chat_id in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat["type"] == "private" and chat_id not in self.started:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        message = {
            "message_id": self._next_message(chat_id),
            "from": self.bot,
            "chat": chat,
            "date": self._stamp(),
            **content,
        }
        replied = self.store.message(chat_id, reply_to) if reply_to else None
        if replied is not None:
            message["reply_to_message"] = {k: v for k, v in replied.items() if k != "reply_to_message"}
        self._put(message, "message")
        return message

    def post_album(
        self, chat_id: int, contents: Sequence[dict[str, Any]], reply_to: int | None = None
    ) -> list[Message]:
        """Pictures or files of the bot's that belong together."""
        album = {"media_group_id": _album_id()}
        return [self.post(chat_id, content | album, reply_to) for content in contents]

    def own(self, chat_id: int, message_id: int) -> Message:
        """A message of the bot's that it may change; Refused for any other."""
        self.reachable(chat_id)
        message = self.store.message(chat_id, message_id)
        if message is None:
            raise strict.bad("message to edit not found")
        if message["from"]["id"] != self.bot["id"]:
            raise strict.bad("message can't be edited")
        return message

    def change(self, message: Message, content: dict[str, Any]) -> Message:
        """Put new content in a message; Refused where it is the old one."""
        changed = {k: v for k, v in (message | content).items() if v is not None}
        if {**changed, "edit_date": 0} == {**message, "edit_date": 0}:
            raise strict.bad(
                "message is not modified: specified new message content and reply markup are exactly the same as a "
                "current content and reply markup of the message"
            )
        changed["edit_date"] = self._stamp()
        self._put(changed, "edited")
        return changed

    def delete(self, chat_id: int, message_id: int) -> None:
        """Take a message away."""
        self.reachable(chat_id)
        if self.store.message(chat_id, message_id) is None:
            raise strict.bad("message to delete not found")
        self.store.delete_message(chat_id, message_id)
        self._tell(Event("deleted", chat_id, {"message_id": message_id}))

    def act(self, chat_id: int, action: str) -> None:
        """Show what the bot is doing."""
        self.reachable(chat_id)
        self._tell(Event("action", chat_id, action=action))

    def set_commands(self, scope: str, commands: list[dict[str, str]] | None) -> None:
        """Set or take away the command menu of a scope."""
        if commands is None:
            self.commands.pop(scope, None)
            self.store.drop("commands", scope)
        else:
            self.commands[scope] = commands
            self.store.put("commands", scope, commands)
        self._tell(Event("commands", 0))

    def commands_in(self, chat_id: int) -> list[dict[str, str]]:
        """The menu a person sees in a chat: the chat's own, else of all such chats, else the default."""
        kind = "all_group_chats" if chat_id < 0 else "all_private_chats"
        return next((self.commands[s] for s in (f"chat:{chat_id}", kind, "default") if s in self.commands), [])

    # Files

    def media(self, file: Upload, kind: str) -> dict[str, Any]:
        """A file as the content of a message; the same bytes have the same file_unique_id."""
        unique = hashlib.sha256(file.content).hexdigest()[:16]
        file_id = f"{'AgAC' if kind == 'photo' else 'BQAC'}{unique}{len(file.content):x}"
        size = len(file.content)
        if kind == "photo":
            width, height = strict.picture_size(file.content)
            self.store.put_file(file_id, file.name, "image/png", file.content)
            photo = {
                "file_id": file_id,
                "file_unique_id": unique,
                "width": width,
                "height": height,
                "file_size": size,
            }
            return {"photo": [photo]}
        self.store.put_file(file_id, file.name, file.type, file.content)
        document = {"file_id": file_id, "file_unique_id": unique, "file_name": file.name}
        return {"document": document | {"mime_type": file.type, "file_size": size}}

    def known_media(self, file_id: str, kind: str) -> dict[str, Any]:
        """A file that was sent before, by its file_id; Refused where there is none."""
        found = self.store.file(file_id)
        if found is None:
            raise strict.bad("wrong file identifier/HTTP URL specified")
        return self.media(Upload(found[0], found[2], found[1]), kind)

    # Updates

    async def wait_for_updates(self, seconds: float) -> None:
        """Until an update waits, at most so long."""
        self.arrived.clear()
        if self.pending:
            return
        try:
            await asyncio.wait_for(self.arrived.wait(), seconds)
        except TimeoutError:
            return

    def confirm(self, offset: int) -> None:
        """The bot has everything below this number."""
        if any(update["update_id"] < offset for update in self.pending):
            self.pending = [update for update in self.pending if update["update_id"] >= offset]
            self.store.confirm(offset)
        if not self.pending:
            self._fetched.set()

    def delivered(self, update_id: int) -> None:
        """The bot has this one, brought by the webhook."""
        self.pending = [update for update in self.pending if update["update_id"] != update_id]
        self.store.drop_update(update_id)
        if not self.pending:
            self._fetched.set()

    async def fetched(self) -> None:
        """Until the bot has confirmed every update."""
        await self._fetched.wait()

    def subscribe(self) -> "asyncio.Queue[Event]":
        """A queue of all that happens from now on."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        self._listeners.add(queue)
        return queue

    def unsubscribe(self, queue: "asyncio.Queue[Event]") -> None:
        """No more of it."""
        self._listeners.discard(queue)

    def tell_closing(self) -> None:
        """Have whoever listens go."""
        self._tell(Event("closing", 0))

    def close(self) -> None:
        """Let go of the file."""
        self.store.close()

    # Inside

    def _from_person(self, person_id: int, chat_id: int, reply_to: int | None) -> Message:
        if person_id not in self.members(chat_id):
            raise strict.bad("not a member of this chat")
        if chat_id == person_id:
            self.open_chat(person_id)
        message = {
            "message_id": self._next_message(chat_id),
            "from": self.person(person_id).user,
            "chat": self.chat(chat_id),
            "date": self._stamp(),
        }
        replied = self.store.message(chat_id, reply_to) if reply_to else None
        if replied is not None:
            message["reply_to_message"] = {k: v for k, v in replied.items() if k != "reply_to_message"}
        return message

    def _said(self, message: Message) -> Message:
        self._put(message, "message")
        if self._heard(message):
            self._queue({"message": message})
        return message

    def _heard(self, message: Message) -> bool:
        """In a group with privacy mode on a bot gets commands, replies to it, and messages via it, nothing else."""
        group = self._groups.get(message["chat"]["id"])
        if group is not None and group.left:
            return False
        if group is None or not self.privacy_mode or message.get("via_bot", {}).get("id") == self.bot["id"]:
            return True
        text = message.get("text") or message.get("caption") or ""
        entities = message.get("entities") or message.get("caption_entities") or []
        commands = [text.encode("utf-16-le")[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
                    for e in entities if e["type"] == "bot_command"]  # fmt: skip
        me = f"@{self.bot['username']}".lower()
        if any("@" not in command or command.lower().endswith(me) for command in commands):
            return True
        return bool(message.get("reply_to_message", {}).get("from", {}).get("id") == self.bot["id"])

    def _keep_group(self, group: Group) -> None:
        self._groups[group.id] = group
        self.store.put("group", group.id, asdict(group))
        self._tell(Event("people", group.id))

    def _bot_moved(self, chat_id: int, *, by: dict[str, Any], old: str, new: str) -> None:
        moved = {
            "chat": self.chat(chat_id),
            "from": by,
            "date": self._stamp(),
            "old_chat_member": {"user": self.bot, "status": old},
            "new_chat_member": {"user": self.bot, "status": new},
        }
        self._queue({"my_chat_member": moved})

    def _queue(self, update: dict[str, Any]) -> None:
        if self.wanted and self.wanted.isdisjoint(update):
            return
        update = {"update_id": self._next_update, **update}
        self._next_update += 1
        self.store.put_update(update)
        self.store.put("counter", "update", self._next_update)
        self.pending.append(update)
        self._fetched.clear()
        self.arrived.set()

    def _put(self, message: Message, kind: str) -> None:
        self.store.put_message(message)
        self._tell(Event(kind, message["chat"]["id"], message))

    def _clock_changed(self) -> None:
        self._tell(Event("clock", 0))

    def _tell(self, event: Event) -> None:
        for queue in self._listeners:
            queue.put_nowait(event)

    def _next_message(self, chat_id: int) -> int:
        newest = max(self._counters.get(chat_id, 0), self.store.last_message_id(chat_id))
        self._counters[chat_id] = newest + 1
        return newest + 1

    def _stamp(self) -> int:
        return int(self.now().timestamp())


def _album_id() -> str:
    return str(secrets.randbits(52))
