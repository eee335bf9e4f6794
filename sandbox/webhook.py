"""The webhook: what setWebhook, deleteWebhook and getWebhookInfo do, and how updates are brought to its address."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from sandbox.strict import bad, integer, jsoned
from sandbox.world import World

PORTS = (443, 80, 88, 8443)
CONNECTIONS = 40
NO_SETTING: dict[str, Any] = {"url": "", "secret": "", "connections": CONNECTIONS, "allowed": []}
SLOWEST = 60.0
"""Seconds that the answer to a delivery is waited for."""

LONGEST_WAIT = 60
"""Times the first wait is the longest between two tries."""

ASKED_TO_WAIT = 3600
"""Seconds that a Retry-After is heeded at most."""


class Webhook:
    """The bot's webhook: set or not, and what became of the deliveries. It is kept like everything else.

    Only https on Telegram's ports is taken, as by the real server. `fronts` are the reverse proxies that there are:
    https://host, as it is seen from outside, to http://127.0.0.1:port behind it. No other host has an address here, so
    that nothing leaves this computer.
    """

    def __init__(self, world: World, fronts: Mapping[str, str] | None = None) -> None:
        self.world, self._fronts = world, dict(fronts or {})
        self._setting: dict[str, Any] = world.store.all("webhook").get("setting", NO_SETTING)
        self._error: tuple[int, str] | None = None
        self.changed = asyncio.Event()
        """Set whenever another setting holds."""
        self._want()

    @property
    def url(self) -> str:
        """The address; empty while no webhook is set."""
        return str(self._setting["url"])

    @property
    def connections(self) -> int:
        """How many deliveries may be on their way at once."""
        return int(self._setting["connections"])

    @property
    def target(self) -> str:
        """Where the address leads, behind its reverse proxy."""
        parts = urlsplit(self.url)
        query = f"?{parts.query}" if parts.query else ""
        return f"{self._fronts[_front(self.url)]}{parts.path or '/'}{query}"

    @property
    def headers(self) -> dict[str, str]:
        """What every delivery carries."""
        secret = str(self._setting["secret"])
        kind = {"Content-Type": "application/json"}
        return kind | ({"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {})

    def set(self, params: Mapping[str, Any]) -> bool:
        """setWebhook; Refused as by the real server."""
        url = str(params.get("url") or "")
        if not url:
            return self.delete(params)
        if params.get("certificate") or params.get("ip_address"):
            raise bad("this local server takes no certificate and no ip_address")
        setting = {
            "url": self._checked(url),
            "secret": _secret(params),
            "connections": min(max(integer(params, "max_connections", CONNECTIONS), 1), 100),
            "allowed": _kinds(params, self._setting["allowed"]),
        }
        return self._hold(setting, params)

    def delete(self, params: Mapping[str, Any]) -> bool:
        """deleteWebhook; what waits goes on waiting for getUpdates."""
        return self._hold(NO_SETTING, params)

    def info(self) -> dict[str, Any]:
        """getWebhookInfo."""
        info: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.world.pending),
        }
        if self.url:
            info["max_connections"] = self.connections
        if self._setting["allowed"]:
            info["allowed_updates"] = self._setting["allowed"]
        if self._error is not None:
            info["last_error_date"], info["last_error_message"] = self._error
        return info

    def failed(self, error: str) -> None:
        """A delivery failed."""
        self._error = (int(self.world.now().timestamp()), error)

    def _checked(self, url: str) -> str:
        if not url.lower().startswith("https://"):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        try:
            port = urlsplit(url).port or 443
        except ValueError:
            raise bad("invalid webhook URL specified") from None
        if port not in PORTS:
            raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        if _front(url) not in self._fronts:
            raise bad("bad webhook: Failed to resolve host: Name or service not known")
        return url

    def _hold(self, setting: dict[str, Any], params: Mapping[str, Any]) -> bool:
        if str(params.get("drop_pending_updates", "")).lower() == "true":
            self.world.confirm(2**62)
        if setting != self._setting:
            self._setting, self._error = setting, None
            self.world.store.put("webhook", "setting", setting)
            self._want()
            self.changed.set()
            self.world.arrived.set()
        return True

    def _want(self) -> None:
        self.world.wanted = frozenset(self._setting["allowed"]) if self.url else frozenset()


class Deliveries:
    """Brings what waits to the webhook: the updates of a chat in order, each until it is taken, several chats at once.

    `first_wait` is the seconds before an update is tried a second time; each wait after it is twice as long.
    """

    def __init__(self, webhook: Webhook, *, first_wait: float = 1.0) -> None:
        self._webhook, self._world, self._first_wait = webhook, webhook.world, first_wait
        self._lines: dict[str, asyncio.Task[None]] = {}
        self._places = asyncio.Semaphore(webhook.connections)

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with httpx.AsyncClient(timeout=SLOWEST, trust_env=False) as client:
            try:
                while True:
                    if self._webhook.changed.is_set():
                        await self._begin_anew()
                    self._world.arrived.clear()
                    self._open_lines(client)
                    await self._world.arrived.wait()
            finally:
                await self._end()

    async def _begin_anew(self) -> None:
        """Another setting holds: like the real server, what waited long is tried at once."""
        self._webhook.changed.clear()
        await self._end()
        self._places = asyncio.Semaphore(self._webhook.connections)

    async def _end(self) -> None:
        lines, self._lines = list(self._lines.values()), {}
        for line in lines:
            line.cancel()
        await asyncio.gather(*lines, return_exceptions=True)

    def _open_lines(self, client: httpx.AsyncClient) -> None:
        if not self._webhook.url:
            return
        for name in {line_of(update) for update in self._world.pending} - set(self._lines):
            self._lines[name] = asyncio.create_task(self._deliver(client, name), name=f"webhook {name}")

    async def _deliver(self, client: httpx.AsyncClient, name: str) -> None:
        fails: defaultdict[int, int] = defaultdict(int)
        while update := next((u for u in self._world.pending if line_of(u) == name), None):
            async with self._places:
                error, wait = await self._post(client, update)
            if error is None:
                self._world.delivered(update["update_id"])
                continue
            self._webhook.failed(error)
            doubled = self._first_wait * min(LONGEST_WAIT, 2 ** fails[update["update_id"]])
            fails[update["update_id"]] += 1
            await asyncio.sleep(wait or doubled)
        del self._lines[name]

    async def _post(self, client: httpx.AsyncClient, update: dict[str, Any]) -> tuple[str | None, float]:
        """What went wrong, in the real server's words, or None; the seconds that the bot asks to wait."""
        try:
            answer = await client.post(self._webhook.target, json=update, headers=self._webhook.headers)
        except httpx.ConnectError:
            return "Connection refused", 0
        except httpx.TimeoutException:
            return "Read timeout expired", 0
        except httpx.HTTPError:
            return "Webhook connection closed", 0
        if answer.is_success:
            return None, 0
        asked = answer.headers.get("Retry-After", "")
        wait = min(int(asked), ASKED_TO_WAIT) if asked.isascii() and asked.isdecimal() else 0
        return f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}", wait


def line_of(update: Mapping[str, Any]) -> str:
    """Whose order an update keeps: messages their chat's; presses and everything else, apart from it, their sender's."""
    kind = next(key for key in update if key != "update_id")
    body = update[kind]
    if "chat" in body and kind != "my_chat_member":
        return f"chat {body['chat']['id']}"
    return f"{kind} {body['from']['id']}"


def _front(url: str) -> str:
    parts = urlsplit(url)
    return f"https://{parts.netloc.lower().removesuffix(':443')}"


def _secret(params: Mapping[str, Any]) -> str:
    secret = str(params.get("secret_token") or "")
    if len(secret) > 256:
        raise bad("secret token is too long")
    if re.fullmatch(r"[A-Za-z0-9_-]*", secret) is None:
        raise bad("secret token contains unallowed characters")
    return secret


def _kinds(params: Mapping[str, Any], before: list[str]) -> list[str]:
    """Kinds of updates that are wanted: as given, else as before; none named means all."""
    kinds = jsoned(params, "allowed_updates")
    if kinds is None or kinds == "":
        return before
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise bad("can't parse allowed_updates: Expected an Array of strings")
    return kinds
