"""The local Telegram's world: persons, chats, messages, files, and the updates that wait for the bot."""

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sandbox import strict
from sandbox.store import Store
from sandbox.strict import Refused

Message = dict[str, Any]


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
    """A group chat with the bot in it."""

    id: int
    title: str
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way."""

    name: str
    content: bytes
    type: str = "application/octet-stream"


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
    """Everything there is. With a path it is kept, and a second start goes on where the first one was."""

    def __init__(
        self,
        *,
        token: str,
        bot_name: str = "考评助手",
        bot_username: str = "kaoping_sandbox_bot",
        path: Path | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.token, self.now, self.privacy_mode = token, now, True
        self.bot = {
            "id": int(token.split(":", maxsplit=1)[0]),
            "is_bot": True,
            "first_name": bot_name,
            "username": bot_username,
        }
        self.store = Store(path)
        self._people = {int(key): Person(**value) for key, value in self.store.all("person").items()}
        self._groups = {
            int(key): Group(value["id"], value["title"], tuple(value["members"]))
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
        self._listeners: set[asyncio.Queue[Event]] = set()
        self.arrived = asyncio.Event()
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

    def people(self) -> list[Person]:
        """Everybody who can be played."""
        return list(self._people.values())

    def person(self, person_id: int) -> Person:
        """A person; Refused where there is none."""
        if person_id not in self._people:
            raise strict.bad("user not found")
        return self._people[person_id]

    def add_group(self, title: str, members: Sequence[int], *, id: int | None = None) -> Group:
        """A group with the bot and these persons; the bot hears that it was added."""
        number = id if id is not None else min(self._groups, default=-1_001_000_000_000) - 1
        group = Group(number, title, tuple(members))
        self._groups[number] = group
        self.store.put("group", number, asdict(group))
        self._tell(Event("people", number))
        return group

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
        """A person sends pictures or files; several at once are an album, the caption on the first."""
        if strict.units(caption) > 1024:
            raise strict.bad("message caption is too long")
        album = str(secrets.randbits(52)) if len(files) > 1 else ""
        sent = []
        for index, file in enumerate(files):
            message = self._from_person(person_id, chat_id, reply_to) | self.media(file, kind)
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

    # What the bot does

    def post(self, chat_id: int, content: dict[str, Any], reply_to: int | None = None) -> Message:
        """A message of the bot's; Refused where it may not write."""
        chat = self.chat(chat_id)
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

    def own(self, chat_id: int, message_id: int) -> Message:
        """A message of the bot's that it may change; Refused for any other."""
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
        if self.store.message(chat_id, message_id) is None:
            raise strict.bad("message to delete not found")
        self.store.delete_message(chat_id, message_id)
        self._tell(Event("deleted", chat_id, {"message_id": message_id}))

    def act(self, chat_id: int, action: str) -> None:
        """Show what the bot is doing."""
        self.chat(chat_id)
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
        if chat_id == person_id and chat_id not in self.started:
            self.started.add(chat_id)
            self.store.put("started", chat_id, True)
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
        if message["chat"]["type"] == "private" or not self.privacy_mode:
            return True
        text = message.get("text") or message.get("caption") or ""
        entities = message.get("entities") or message.get("caption_entities") or []
        commands = [text.encode("utf-16-le")[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
                    for e in entities if e["type"] == "bot_command"]  # fmt: skip
        me = f"@{self.bot['username']}".lower()
        if any("@" not in command or command.lower().endswith(me) for command in commands):
            return True
        return bool(message.get("reply_to_message", {}).get("from", {}).get("id") == self.bot["id"])

    def _queue(self, update: dict[str, Any]) -> None:
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

    def _tell(self, event: Event) -> None:
        for queue in self._listeners:
            queue.put_nowait(event)

    def _next_message(self, chat_id: int) -> int:
        newest = max(self._counters.get(chat_id, 0), self.store.last_message_id(chat_id))
        self._counters[chat_id] = newest + 1
        return newest + 1

    def _stamp(self) -> int:
        return int(self.now().timestamp())
