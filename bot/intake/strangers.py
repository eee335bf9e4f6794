"""Answers to who is not in the list: out of the way of everybody else, few at a time, and none that comes too late."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.crew import NotCounted
from bot.delivery.rate_limit import last_of_all
from bot.ops.metrics import Metrics, Stranger
from handlers.frame.turning_away import let_go, tell
from storage import strangers
from storage.database import Database, DatabaseFault, plainly
from storage.strangers import Call

log = logging.getLogger(__name__)

AT_ONCE = 4
"""How many are answered side by side."""

LET_GO_AT_ONCE = 16
"""How many presses and queries are let go side by side; of more the buttons spin until Telegram itself ends it."""


class Doorkeeper:
    """Tells who is turned away, as long as anybody waits for it."""

    def __init__(
        self, bot: ExtBot[Any], database: Database, *, clock: Callable[[], datetime], metrics: Metrics
    ) -> None:
        self._bot = bot
        self._database = database
        self._clock = clock
        self._metrics = metrics
        self._telling: asyncio.Task[None] | None = None
        self._letting_go: set[asyncio.Task[bool]] = set()
        self._come = False
        self._stopped = False

    def wake(self) -> None:
        """Somebody waits to be told."""
        self._come = True
        if self._telling is None and not self._stopped:
            self._telling = asyncio.create_task(self._tell_all(), name="strangers")

    def let_go(self, query_ids: Sequence[str], *, inline: bool = False) -> None:
        """Have presses or inline queries answered without a word, as far as there is room."""
        room = max(0, LET_GO_AT_ONCE - len(self._letting_go))
        for query_id in query_ids[:room] if not self._stopped else ():
            task = asyncio.create_task(self._last(let_go(self._bot, query_id, inline=inline)))
            self._letting_go.add(task)
            task.add_done_callback(self._letting_go.discard)

    async def idle(self) -> None:
        """Wait until nobody waits who can be told."""
        while tasks := [task for task in (self._telling, *self._letting_go) if task is not None]:
            await asyncio.wait(tasks)

    async def stop(self) -> None:
        """Leave it at that: who waits is told after the next start, unless it is too late by then."""
        self._stopped = True
        await self.drop()

    async def drop(self) -> None:
        """Drop what is in hand."""
        tasks = [task for task in (self._telling, *self._letting_go) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._telling = None

    async def _tell_all(self) -> None:
        try:
            while self._come:
                self._come = False
                while calls := await self._taken():
                    await asyncio.gather(*(self._tell(call) for call in calls))
        except DatabaseFault as error:
            # They are looked for again with the next one that comes.
            log.warning("strangers could not be looked up: %s", plainly(error))
        finally:
            self._telling = None

    async def _taken(self) -> list[Call]:
        return await self._database.keep(
            lambda session: strangers.take(session, most=AT_ONCE, now=self._clock())
        )

    async def _tell(self, call: Call) -> None:
        told = await self._last(tell(self._bot, call))
        self._metrics.turned_away(Stranger.TOLD if told else Stranger.NOT_TOLD)

    @staticmethod
    async def _last(work: Awaitable[None]) -> bool:
        """Whether it came off; where it did not, it is not tried again."""
        try:
            with last_of_all():
                await work
        except (TelegramError, NotCounted) as error:
            log.debug("a stranger was not answered: %s", type(error).__name__)
            return False
        return True
