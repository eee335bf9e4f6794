"""A Bot API server as far away as Telegram's: it answers each call after a tenth to a fifth of a second, and notes it."""

import asyncio
import json
import random
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

NEAREST, FARTHEST = 0.1, 0.2
"""Seconds from a call to its answer."""

ME = {"id": 7, "is_bot": True, "first_name": "考评", "username": "kaoping_bot"}
HOOK = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
CHAT = re.compile(rb'(?:^|&)chat_id=(-?\d+)|name="chat_id"\r\n(?:[^\r]+\r\n)*\r\n(-?\d+)\r\n')
OFFSET = re.compile(rb"(?:^|&)offset=(\d+)")
PHOTO = [{"file_id": "photo", "file_unique_id": "photo", "width": 1080, "height": 800}]


@dataclass(frozen=True, slots=True)
class Call:
    """Something that was sent to a chat. Seconds by time.perf_counter."""

    chat: int
    method: str
    arrived: float
    answered: float


class SlowTelegram:
    """What is said to the bot, and what it says."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._updates: deque[dict[str, Any]] = deque()
        self._number = 0
        self._said = asyncio.Event()
        self._heard = asyncio.Condition()
        self._dice = random.Random(7)

    def say(self, person: int, text: str, date: int) -> None:
        """Somebody says something in private."""
        self._number += 1
        sender = {"id": person, "is_bot": False, "first_name": "考核员"}
        message = {
            "message_id": self._number, "date": date, "from": sender, "text": text,
            "chat": {"id": person, "type": "private", "first_name": "考核员"},
            **({"entities": [{"type": "bot_command", "offset": 0, "length": 7}]} if text.startswith("/") else {}),
        }  # fmt: skip
        self._updates.append({"update_id": self._number, "message": message})
        self._said.set()

    async def heard(self, enough: Callable[[], bool]) -> None:
        """Wait until what was sent is enough."""
        async with self._heard:
            await self._heard.wait_for(enough)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A connection."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: (\d+)", head)
                body = await reader.readexactly(int(length[1])) if length else b""
                method = head.split(b" ", 2)[1].rsplit(b"/", 1)[-1].decode()
                result = json.dumps({"ok": True, "result": await self._result(method, body)}).encode()
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                    % len(result)
                    + result
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            writer.close()

    async def _result(self, method: str, body: bytes) -> Any:
        if method.lower() == "getupdates":
            return await self._pending(body)
        chat, arrived = CHAT.search(body), time.perf_counter()
        await asyncio.sleep(self._dice.uniform(NEAREST, FARTHEST))
        if chat is None or not method.startswith("send"):
            return {"getMe": ME, "getWebhookInfo": HOOK}.get(method, True)
        number = int(chat[1] or chat[2])
        async with self._heard:
            self.calls.append(Call(number, method, arrived, time.perf_counter()))
            self._heard.notify_all()
        if method == "sendChatAction":
            return True
        message = {"message_id": 1_000_000 + len(self.calls), "date": int(time.time()), "from": ME}
        message["chat"] = {"id": number, "type": "private", "first_name": "某"}
        return {**message, "photo": PHOTO} if method == "sendPhoto" else {**message, "text": "…"}

    async def _pending(self, body: bytes) -> list[dict[str, Any]]:
        offset = OFFSET.search(body)
        while self._updates and offset and self._updates[0]["update_id"] < int(offset[1]):
            self._updates.popleft()
        if not self._updates:
            self._said.clear()
            try:
                await asyncio.wait_for(self._said.wait(), 5)
            except TimeoutError:
                return []
        return list(self._updates)


@asynccontextmanager
async def slow_telegram() -> AsyncIterator[tuple[SlowTelegram, str]]:
    """It and its address, while the block lasts."""
    telegram = SlowTelegram()
    server = await asyncio.start_server(telegram.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield telegram, f"http://127.0.0.1:{port}/bot"
    finally:
        server.close()
