"""A Bot API server that answers what a test lays down, with the time of day that it lays down, or not at all."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any


class Answering:
    """Serves on loopback: `answers` by method, as (status, body); what is not there is refused with 404."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, Any]] = {}
        self.ahead: timedelta | None = timedelta()
        """How far its clock is ahead of ours; None gives no Date header."""
        self.silent = False
        self.address = ""
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "Answering":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        if not self.silent:
            path = head.split()[1]
            status, body = self.answers.get(path.rsplit("/", 1)[-1], (404, {"ok": False}))
            content = json.dumps(body).encode()
            lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(content)}", "Connection: close"]
            if self.ahead is not None:
                lines.append(f"Date: {format_datetime(datetime.now(UTC) + self.ahead, usegmt=True)}")
            writer.write("\r\n".join([*lines, "", ""]).encode() + content)
            await writer.drain()
            writer.close()
