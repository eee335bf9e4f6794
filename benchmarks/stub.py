"""A Bot API server with nothing in it but speed: hands out prepared messages, takes answers, notes order and times.

It runs as a process of its own. What is to come is posted to /control/load as JSON, what came of it read from
/control/report: who asks for the report waits until everything is answered.
"""

import asyncio
import json
import math
import re
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import unquote_plus

ME = {"id": 7, "is_bot": True, "first_name": "考评", "username": "kaoping_bot"}
FIXED = {
    "getme": json.dumps(ME).encode(),
    "getwebhookinfo": b'{"url":"","has_custom_certificate":false,"pending_update_count":0}',
}
PHOTO = [{"file_id": "photo", "file_unique_id": "photo", "width": 1080, "height": 800}]
NUMBERED = re.compile(r"第(\d+)笔")
FIELD = re.compile(r'name="?(\w+)"?\r\n(?:[^\r]+\r\n)*\r\n(.*?)\r\n--', re.S)
BATCH = 100
STRANGER = 7_000_000
"""The account that speaks in the groups of a flood."""

TOO_MANY = b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after %d","parameters":{"retry_after":%d}}'


@dataclass
class Flood:
    """What strangers say meanwhile: so many messages a second, in turn by these accounts or in these groups."""

    count: int
    per_second: float
    chats: list[int]
    """Accounts; below 0 groups, in which one and the same account speaks."""
    text: str


@dataclass
class Load:
    """What is to come: so many numbered messages, dealt out to the chats in turn, all at once or one by one.

    `text` has `{n}` where the number stands. One by one, the next message comes `pause` seconds after an answer.
    """

    chats: list[int]
    count: int
    text: str
    one_by_one: bool = False
    pause: float = 0.0
    photo: bool = False
    """Whether the answer that counts is a picture."""
    flood: Flood | None = None
    """With one, an answer's time counts from what was said, and not from when it was fetched."""
    limited: bool = False
    """Whether more than Telegram allows is refused, as Telegram does."""


@dataclass
class Report:
    """What came of it. Seconds, by the stub's own clock."""

    answers: int = 0
    doubled: int = 0
    out_of_order: int = 0
    seconds: float = 0.0
    """From the first update that was handed out to the last answer."""
    first_answer: float = 0.0
    """The monotonic clock's reading, which is the same in every process of a machine."""
    taken: list[float] = field(default_factory=list)
    """From each update to its answer."""
    others: int = 0
    """What else was said by the bot: to strangers."""
    refused: int = 0
    """What was refused because it was more than Telegram allows."""


class TooMany(Exception):
    """More than Telegram allows; to be sent again after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = max(1, math.ceil(seconds))


class Limits:
    """Telegram's: thirty messages a second, one a second to a chat, twenty a minute to a group."""

    def __init__(self) -> None:
        self._sent: dict[int, deque[float]] = {}

    def check(self, chat: int) -> None:
        """Count a message; TooMany."""
        now = time.monotonic()
        for key, most, seconds in ((0, 30, 1.0), (chat, 20 if chat < 0 else 1, 60.0 if chat < 0 else 1.0)):
            sent = self._sent.setdefault(key, deque())
            while sent and sent[0] <= now - seconds:
                sent.popleft()
            if len(sent) >= most:
                raise TooMany(sent[0] + seconds - now)
        for key in (0, chat):
            self._sent[key].append(now)


class Telegram:
    """The updates that wait, and what was answered."""

    def __init__(self) -> None:
        self._next_id, self._next_message = 1, 1
        self._waiting: deque[tuple[int, int | None, bytes]] = deque()
        self._limits = Limits()
        self._flooding: asyncio.Task[None] | None = None
        self._come, self._all = asyncio.Event(), asyncio.Event()
        self.load_ = Load([], 0, "")
        self._begin()

    def _begin(self) -> None:
        self._said: dict[int, float] = {}
        self._sent: dict[int, float] = {}
        self._answered: dict[int, float] = {}
        self._last: dict[int, int] = {}
        self._report = Report()
        self._number = 0
        self._all.clear()

    def load(self, load: Load) -> None:
        """Have these come; what was before is forgotten."""
        self.load_ = load
        self._begin()
        if self._flooding is not None:
            self._flooding.cancel()
        if load.flood is not None:
            self._flooding = asyncio.ensure_future(self._flood(load.flood))
        for _ in range(1 if load.one_by_one else load.count):
            self._add()

    async def _flood(self, flood: Flood) -> None:
        began = time.monotonic()
        for number in range(flood.count):
            chat = flood.chats[number % len(flood.chats)]
            self._say(chat, flood.text, account=chat if chat > 0 else STRANGER)
            if (early := began + number / flood.per_second - time.monotonic()) > 0:
                await asyncio.sleep(early)

    def _add(self) -> None:
        number, chat = self._number, self.load_.chats[self._number % len(self.load_.chats)]
        self._number += 1
        self._said[number] = time.monotonic()
        self._say(chat, self.load_.text.format(n=number), account=chat, number=number)

    def _say(self, chat: int, text: str, *, account: int, number: int | None = None) -> None:
        message = {
            "message_id": self._message_id(), "date": int(time.time()),
            "from": {"id": account, "is_bot": False, "first_name": f"考核员{account}"},
            "chat": {"id": chat, "type": "private", "first_name": f"考核员{chat}"}
            if chat > 0 else {"id": chat, "type": "supergroup", "title": "群"},
            "text": text,
        }  # fmt: skip
        if message["text"].startswith("/"):
            command = len(str(message["text"]).split()[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": command}]
        update = {"update_id": self._next_id, "message": message}
        self._waiting.append((self._next_id, number, json.dumps(update).encode()))
        self._next_id += 1
        self._come.set()

    def _message_id(self) -> int:
        self._next_message += 1
        return self._next_message

    async def updates(self, offset: int, wait: float) -> bytes:
        """What getUpdates brings: waits where nothing is there."""
        while self._waiting and self._waiting[0][0] < offset:
            self._waiting.popleft()
        if not self._waiting and wait:
            self._come.clear()
            try:
                async with asyncio.timeout(wait):
                    await self._come.wait()
            except TimeoutError:
                return b"[]"
        batch = [self._waiting[i] for i in range(min(BATCH, len(self._waiting)))]
        now = time.monotonic()
        for _, number, _ in batch:
            if number is not None:
                self._sent.setdefault(number, now)
        return b"[" + b",".join(update for *_, update in batch) + b"]"

    def said(self, chat: int, text: str, *, photo: bool) -> bytes:
        """A message of the bot's; the message as Telegram gives it back. TooMany."""
        if self.load_.limited:
            try:
                self._limits.check(chat)
            except TooMany:
                self._report.refused += 1
                raise
        found = NUMBERED.search(text)
        if self.load_.photo:
            self._count(chat, len(self._answered) if photo else None)
        else:
            self._count(chat, int(found[1]) if found else None)
        message: dict[str, Any] = {
            "message_id": self._message_id(), "date": int(time.time()), "from": ME,
            "chat": {"id": chat, "type": "private", "first_name": "考核员"},
            **({"photo": PHOTO, "caption": text} if photo else {"text": text}),
        }  # fmt: skip
        return json.dumps(message).encode()

    def _count(self, chat: int, number: int | None) -> None:
        if number is None:
            self._report.others += 1
            return
        now, report = time.monotonic(), self._report
        if number in self._answered:
            report.doubled += 1
            return
        self._answered[number] = now
        if number < self._last.get(chat, -1):
            report.out_of_order += 1
        self._last[chat] = number
        if len(self._answered) == self.load_.count:
            self._all.set()
        elif self.load_.one_by_one:
            asyncio.get_running_loop().call_later(self.load_.pause, self._add)

    async def report(self) -> Report:
        """What came of it, once everything is answered."""
        await self._all.wait()
        report = self._report
        report.answers = len(self._answered)
        report.seconds = max(self._answered.values()) - min(self._sent.values())
        report.first_answer = min(self._answered.values())
        since = self._said if self.load_.flood is not None else self._sent
        report.taken = [self._answered[n] - since[n] for n in sorted(self._answered)]
        return report

    async def call(self, method: str, fields: dict[str, str]) -> bytes:
        """The result of a method, as JSON."""
        if method == "getupdates":
            return await self.updates(int(fields.get("offset", 0)), float(fields.get("timeout", 0)))
        if method in {"sendmessage", "sendphoto"}:
            text = fields.get("text", fields.get("caption", ""))
            return self.said(int(fields["chat_id"]), text, photo=method == "sendphoto")
        return FIXED.get(method, b"true")


class Connection(asyncio.Protocol):
    """HTTP/1.1, kept alive: as much of it as the bots' clients speak."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._data = bytearray()
        self._tasks: set[asyncio.Task[None]] = set()
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take every request that is whole by now."""
        self._data += data
        while (end := self._data.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._data[:end])
            length = re.search(rb"(?i)content-length: *(\d+)", head)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._data) < whole:
                return
            body = bytes(self._data[end + 4 : whole])
            del self._data[:whole]
            task = asyncio.ensure_future(self._answer(head.split(b" ", 2)[1].decode(), body))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def connection_lost(self, error: Exception | None) -> None:
        """Whoever waited for an answer is gone."""
        for task in self._tasks:
            task.cancel()

    async def _answer(self, path: str, body: bytes) -> None:
        status = b"200 OK"
        if path == "/control/load":
            load = Load(**json.loads(body))
            load.flood = Flood(**load.flood) if isinstance(load.flood, dict) else None
            self._telegram.load(load)
            content = b"{}"
        elif path == "/control/report":
            content = json.dumps(asdict(await self._telegram.report())).encode()
        else:
            try:
                result = await self._telegram.call(path.rpartition("/")[2].lower(), _fields(body))
                content = b'{"ok":true,"result":' + result + b"}"
            except TooMany as error:
                status, content = b"429 Too Many Requests", TOO_MANY % (error.seconds, error.seconds)
        self._transport.write(
            b"HTTP/1.1 "
            + status
            + b"\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(content)
            + content
        )


def _fields(body: bytes) -> dict[str, str]:
    """A form, as it is or in parts; of the parts only what is text."""
    if body.startswith(b"--"):
        text = body.decode("utf-8", "replace")
        return dict(FIELD.findall(text))
    pairs = (pair.partition("=") for pair in body.decode().split("&") if pair)
    return {name: unquote_plus(value) for name, _, value in pairs}


async def _serve() -> None:
    telegram = Telegram()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(telegram), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    # The process that started the stub holds the other end: when it is gone, so is the stub.
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve())
