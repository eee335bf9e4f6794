"""The life of the process: everything opened in order, updates taken in until a signal, everything closed in order."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError
from telegram.request import BaseRequest

from bot.app import App, build, set_menus, utc_now
from bot.config.load import Config
from bot.intake.sources import entrance, taking_in
from charts.studio import Studio
from storage.database import Database

log = logging.getLogger(__name__)

FINISH_WITHIN = 3.0
"""Seconds for what is in hand at a stop; the rest of the five is for closing. What is not done waits for the next start."""


@asynccontextmanager
async def serving(
    config: Config,
    *,
    request: BaseRequest | None = None,
    clock: Callable[[], datetime] = utc_now,
    limited: bool = True,
) -> AsyncIterator[App]:
    """The bot at work: what was left waiting is handled, new updates are taken in, the clock runs.

    DatabaseInUse when another process serves the same database; CannotListen when the webhook's port cannot be had;
    WebhookRefused when Telegram does not take its address; TelegramError when the token is refused.
    """
    async with AsyncExitStack() as stack:
        door = await stack.enter_async_context(entrance(config.telegram))
        database = Database(config.database.url)
        stack.push_async_callback(database.close)
        database.claim()
        studio = Studio()
        await studio.start()
        stack.push_async_callback(studio.stop)
        app = await _patiently(
            lambda: build(config, database, studio, request=request, clock=clock, limited=limited)
        )
        stack.push_async_callback(app.application.shutdown)
        await app.application.start()
        stack.push_async_callback(app.application.stop)
        await app.rounds.start()
        stack.push_async_callback(app.rounds.stop)
        await app.crew.join()
        stack.push_async_callback(app.crew.leave)
        stack.push_async_callback(_finish, app)
        app.crew.duty(app.pusher.run)
        if config.ops.listen:
            from bot.ops.monitoring import watched

            await stack.enter_async_context(watched(app, config.ops.listen))
        await app.intake.resume()
        await set_menus(app)
        await stack.enter_async_context(taking_in(app, config.telegram, door))
        yield app


async def _finish(app: App) -> None:
    """Finish what is in hand, answers and pushes side by side; by now nothing more comes in."""
    await asyncio.gather(app.intake.stop(FINISH_WITHIN), app.pusher.stop(FINISH_WITHIN))


async def _patiently(make: Callable[[], "asyncio.Future[App] | object"]) -> App:
    """Build the app; while Telegram is out of reach or gives no proper answer, again and again."""
    wait = 1.0
    while True:
        try:
            return await make()  # type: ignore[misc,no-any-return]
        except (InvalidToken, Forbidden, BadRequest):
            raise
        except TelegramError as error:
            log.warning("Telegram cannot be reached, next try in %.0f s: %s", wait, error.message)
            await asyncio.sleep(wait)
            wait = min(wait * 2, 60.0)


async def until_stopped(work: Coroutine[None, None, int]) -> int:
    """Run to the end, or until SIGINT or SIGTERM, whenever it comes: what was opened by then is closed in order.

    The exit code of the work; 0 after a signal.
    """
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return 0


async def forever() -> None:
    """Wait until cancelled."""
    await asyncio.Event().wait()
