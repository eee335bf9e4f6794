"""The in-process twin of the local server: python-telegram-bot's requests reach the Bot API without a socket."""

from collections import defaultdict, deque
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from sandbox.botapi import BotApi, dumped
from sandbox.world import Upload


class Fault(Enum):
    """What can go wrong between the bot and Telegram."""

    NEVER_ARRIVED = auto()
    """The line was down: nothing happened."""
    ANSWER_LOST = auto()
    """Telegram did it, and the answer never came."""
    LINE_CUT = auto()
    """Telegram did it, and the line was cut before it could say so."""
    BROKEN_JSON = auto()
    """What came back was no JSON; nothing happened."""
    BAD_GATEWAY = auto()
    """502 before anything happened."""
    TOO_MANY = auto()
    """429 with one second to wait."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it was made."""

    method: str
    params: dict[str, Any]


class InProcessRequest(BaseRequest):
    """Calls the Bot API directly. Faults can be laid in the way of the next calls of a method."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self.calls: list[Call] = []

    @property
    def read_timeout(self) -> float | None:
        """No socket, no timeout."""
        return None

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    def fail_next(self, method: str, *faults: Fault) -> None:
        """Lay faults in the way of the next calls of a method, one each."""
        self._faults[method.lower()].extend(faults)

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:
        """One call, through whatever fault lies in its way."""
        name = url.rsplit("/", 1)[-1]
        if "/file/bot" in url:
            found = self._api.world.store.file(name)
            return (200, found[2]) if found else (404, b"")
        params = dict(request_data.json_parameters) if request_data else {}
        self.calls.append(Call(name, params))
        waiting = self._faults[name.lower()]
        fault = waiting.popleft() if waiting else None
        if fault is Fault.NEVER_ARRIVED:
            raise NetworkError("the line is down") from httpx.ConnectError("the line is down")
        if fault is Fault.BROKEN_JSON:
            return 200, b'{"ok":tru'
        if fault is Fault.BAD_GATEWAY:
            return 502, b"<html>Bad Gateway</html>"
        if fault is Fault.TOO_MANY:
            body = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1"}
            return 429, dumped(body | {"parameters": {"retry_after": 1}})
        reply = await self._api.call(name, params, _files(request_data))
        if fault is Fault.ANSWER_LOST:
            raise TimedOut
        if fault is Fault.LINE_CUT:
            raise NetworkError("the line is cut") from httpx.RemoteProtocolError("the line is cut")
        return reply.status, dumped(reply.body)


def _files(data: RequestData | None) -> dict[str, Upload]:
    if data is None or not data.multipart_data:
        return {}
    files = {}
    for name, (filename, content, mime) in data.multipart_data.items():
        body = content if isinstance(content, bytes) else content.read()
        files[name] = Upload(filename or name, body, mime or "")
    return files
