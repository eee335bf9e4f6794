"""A bot's end of a webhook as a test wants it: it answers what it is told to, and keeps what was brought."""

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

OUTSIDE = "https://kaoping.example"
"""The bot's address as Telegram sees it."""


@dataclass
class Brought:
    """One delivery: its headers by their small names, and the update."""

    headers: dict[str, str]
    update: dict[str, Any]


@dataclass
class Receiver:
    """Answers 200, or first the statuses that are laid out; 0 hangs up. `held` deliveries wait for `let_go`."""

    statuses: deque[int] = field(default_factory=deque)
    brought: list[Brought] = field(default_factory=list)
    hold: bool = False

    def __post_init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._news = asyncio.Condition()
        self._go = asyncio.Event()

    async def open(self) -> str:
        """Listen; the address."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Listen no more."""
        assert self._server is not None
        self._server.close()

    async def until(self, count: int) -> list[Brought]:
        """What was brought, once there is so much of it."""
        async with self._news, asyncio.timeout(30):
            await self._news.wait_for(lambda: len(self.brought) >= count)
        return self.brought

    def let_go(self) -> None:
        """Answer what is held, and hold no more."""
        self.hold = False
        self._go.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self._one(head.decode(), reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _one(self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = head.rstrip().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        headers["request"] = first
        update = json.loads(await reader.readexactly(int(headers["content-length"])))
        async with self._news:
            self.brought.append(Brought(headers, update))
            self._news.notify_all()
        if self.hold:
            await self._go.wait()
        status = self.statuses.popleft() if self.statuses else 200
        if not status:
            raise ConnectionError
        writer.write(f"HTTP/1.1 {status} Said\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()
