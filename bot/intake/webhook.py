"""The webhook: an update that Telegram brings is kept first, and only then acknowledged by 200."""

import asyncio
import hmac
import json
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.embedded_server import running
from bot.intake.inbox_worker import Intake
from bot.intake.listen_socket import told
from bot.intake.patience import Patient
from storage.database import DatabaseFault, plainly

log = logging.getLogger(__name__)

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the header's name

LARGEST = 1024 * 1024
"""Bytes of a request at most; Telegram's updates have a few thousand."""

SLOWEST = 10.0
"""Seconds in which a request has to be here."""

LAST_REQUESTS = 1
"""Seconds that requests in hand are given when the server stops."""

IDLE = 75
"""Seconds that an idle connection stays open: longer than reverse proxies keep theirs, so that they are who closes."""


class Webhook:
    """What answers Telegram: one path, POST, with the secret. The answers are a status without a word.

    What is not answered by 200 Telegram brings again, so a fault of the database is 503 and loses nothing.
    """

    def __init__(self, intake: Intake, *, url: str, secret: str, slowest: float = SLOWEST) -> None:
        self._intake = intake
        self._path = unquote(urlsplit(url).path) or "/"
        self._secret = secret.encode()
        self._slowest = slowest
        self.taken = 0
        """How many updates were brought and kept."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI, for HTTP alone."""
        status = await self._answer(Request(scope, receive))
        # Only who brings updates may keep a connection.
        headers = {} if status == 200 else {"Connection": "close"}
        await Response(status_code=status, headers=headers)(scope, receive, send)

    async def _answer(self, request: Request) -> int:
        if request.method != "POST" or request.scope["path"] != self._path:
            return 404
        # Before the body is read: a stranger's request costs nothing.
        if not hmac.compare_digest(request.headers.get(SECRET, "").encode("latin-1"), self._secret):
            return 403
        try:
            async with asyncio.timeout(self._slowest):
                body = await _body(request)
        except ClientDisconnect:
            return 400  # nobody is there to read it
        except TimeoutError:
            return _refused(408, "it came in too slowly")
        if body is None:
            return _refused(413, f"it has more than {LARGEST} bytes")
        update = _update_in(body)
        return await self._keep(update) if update is not None else _refused(400, "it is no update")

    async def _keep(self, update: dict[str, Any]) -> int:
        try:
            await self._intake.accept([update])
        except DatabaseFault as error:
            log.warning("an update could not be kept, Telegram has to bring it again: %s", plainly(error))
            return 503
        self.taken += 1
        self._intake.heard()
        return 200


def _refused(status: int, why: str) -> int:
    log.warning("what came with the right secret was turned away: %s", why)
    return status


async def _body(request: Request) -> bytes | None:
    """The body, counted as it comes in, whatever Content-Length says; None when it is too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)


def _update_in(body: bytes) -> dict[str, Any] | None:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    # A JSON true is an int to Python.
    return update if isinstance(update, dict) and type(update.get("update_id")) is int else None


@asynccontextmanager
async def answering(webhook: Webhook, door: socket.socket) -> AsyncIterator[None]:
    """Telegram is answered on a reserved port. In the end no new request is taken, and those in hand are finished.

    CannotListen where another program began to listen there after it was reserved.
    """
    with told(":".join(map(str, door.getsockname()[:2]))):
        door.listen()
    config = uvicorn.Config(
        webhook, http=Patient, lifespan="off", ws="none", log_config=None, access_log=False, server_header=False,
        timeout_keep_alive=IDLE, timeout_graceful_shutdown=LAST_REQUESTS,
    )  # fmt: skip
    async with running(config, "webhook", door=door):
        yield
