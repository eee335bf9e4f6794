"""What Telegram is told about the webhook: set at the start, looked after, taken away where updates are fetched."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from telegram import WebhookInfo
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from bot.intake.inbox_worker import ALLOWED, Intake

if TYPE_CHECKING:
    from bot.intake.webhook import Webhook

log = logging.getLogger(__name__)

EVERY = 50.0
"""Seconds between two looks: as often as a poll comes back, so that health has one measure for both ways."""

SIDE_BY_SIDE = 8
"""How many updates Telegram brings at once. The messages of one chat it brings one after the other in any case."""

Pause = Callable[[float], Awaitable[None]]


class WebhookRefused(Exception):
    """Telegram does not take the webhook's address; the text is Telegram's."""


class Subscription:
    """Our webhook at Telegram. Updates that wait there are never dropped, and it stays set when we stop."""

    def __init__(
        self,
        bot: "ExtBot[Any]",
        intake: Intake,
        webhook: "Webhook",
        *,
        url: str,
        secret: str,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._bot, self._intake, self._webhook = bot, intake, webhook
        self._url, self._secret = url, secret
        self._pause = pause
        self._last_error: datetime | None = None
        self._taken = 0
        self._failing = False

    async def begin(self) -> None:
        """Set the webhook; while Telegram is out of reach, again and again. WebhookRefused where it does not take it."""

        async def set_first() -> None:
            try:
                await self._set()
            except BadRequest as error:
                raise WebhookRefused(error.message) from error

        await patiently(set_first, self._pause)
        self._intake.heard()

    async def watch(self) -> None:
        """Look after the webhook until cancelled."""
        # Taking over, it has not been silent yet.
        self._intake.heard()
        while True:
            await self._pause(EVERY)
            try:
                await self.look()
            except Exception as error:
                known = isinstance(error, TelegramError)
                log.warning(
                    "the webhook could not be looked after: %s", error, exc_info=None if known else error
                )

    async def look(self) -> None:
        """Ask Telegram how it stands, and set the webhook anew where it is not ours or nothing comes through.

        TelegramError while it cannot be asked.
        """
        info = await self._bot.get_webhook_info()
        if info.url != self._url or set(info.allowed_updates or ()) != set(ALLOWED):
            # Not the address that stands there: it may hold another program's secret.
            log.warning("the webhook is %s, and is set anew", "not ours any more" if info.url else "gone")
            await self._set()
            return
        self._failing = self._fails(info)
        if self._failing:
            # It may be that another secret was set with the same address.
            await self._set()
            return
        self._intake.heard()

    def _fails(self, info: WebhookInfo) -> bool:
        """Whether what waits at Telegram does not get through to us.

        Told by what changed since the last look, not by the hour of the error: two clocks never agree.
        """
        failed_anew = info.last_error_date != self._last_error
        came = self._webhook.taken != self._taken
        self._last_error, self._taken = info.last_error_date, self._webhook.taken
        waiting = info.pending_update_count
        if failed_anew and info.last_error_date is not None:
            log.warning("Telegram could not bring an update, %d wait: %s", waiting, info.last_error_message)
        if not waiting:
            return False
        return failed_anew or (self._failing and not came)

    async def _set(self) -> None:
        await self._bot.set_webhook(
            self._url,
            secret_token=self._secret,
            allowed_updates=ALLOWED,
            max_connections=SIDE_BY_SIDE,
            drop_pending_updates=False,
        )


async def unsubscribe(bot: "ExtBot[Any]", pause: Pause = asyncio.sleep) -> None:
    """Take away a webhook that is set: while there is one, Telegram lets nobody fetch. What waits there stays.

    While Telegram is out of reach it is tried again and again.
    """

    async def take_away() -> None:
        if (await bot.get_webhook_info()).url:
            log.warning("a webhook was set; it is taken away, and updates are fetched from now on")
            await bot.delete_webhook(drop_pending_updates=False)

    await patiently(take_away, pause)


async def patiently(ask: Callable[[], Awaitable[None]], pause: Pause) -> None:
    """Ask something of Telegram, again and again until it answers well."""
    wait = 1.0
    while True:
        try:
            return await ask()
        except TelegramError as error:
            log.warning("Telegram did not do it, next try in %.0f s: %s", wait, error.message)
            await pause(wait)
            wait = min(wait * 2, 60.0)
