"""The two ways in which updates come, by config: fetched by the process that leads, or brought to the webhook of each."""

import socket
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial

from bot.app import App
from bot.config.models import TelegramSection
from bot.crew import Crew, Duty
from bot.intake.listen_socket import reserved
from bot.intake.subscription import Subscription, unsubscribe


def entrance(telegram: TelegramSection) -> AbstractAsyncContextManager[socket.socket | None]:
    """A context with what is needed of this machine: the webhook's port, reserved; nothing where updates are fetched.

    CannotListen where the port cannot be had.
    """
    return reserved(telegram.webhook_listen) if telegram.mode == "webhook" else nullcontext()


@asynccontextmanager
async def taking_in(app: App, telegram: TelegramSection, door: socket.socket | None) -> AsyncIterator[None]:
    """Updates come in, until the end of the block. WebhookRefused where Telegram does not take our address."""
    if door is None:
        async with _while_leading(app.crew, partial(_fetch, app)):
            yield
        return
    from bot.intake.webhook import Webhook, answering  # a server that fetching does not need

    url, secret = telegram.webhook_url, telegram.webhook_secret.get_secret_value()
    webhook = Webhook(app.intake, url=url, secret=secret)
    subscription = Subscription(app.application.bot, app.intake, webhook, url=url, secret=secret)
    async with answering(webhook, door):
        await subscription.begin()
        async with _while_leading(app.crew, subscription.watch):
            yield


async def _fetch(app: App) -> None:
    await unsubscribe(app.application.bot)
    await app.intake.poll()


@asynccontextmanager
async def _while_leading(crew: Crew, duty: Duty) -> AsyncIterator[None]:
    crew.duty(duty)
    try:
        yield
    finally:
        await crew.retire(duty)
