"""What is done again and again, counted in the seconds that pass, so that nothing hangs on the computer's clock."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Round:
    """What is done, every how many seconds, and after how many for the first time."""

    work: Work
    every: float
    first: float

    @property
    def name(self) -> str:
        """What it is called in the log."""
        return getattr(self.work, "__name__", "round")


class Rounds:
    """Everything that is done so; it is begun and ended together.

    A scheduler would keep the time of day at which a thing is next due: with the clock set back by a day it would do nothing
    for a day, and set ahead by a year it would go through every minute of that year at once.
    """

    def __init__(self) -> None:
        self.all: list[Round] = []
        self._running: list[asyncio.Task[None]] = []

    def every(self, span: timedelta, work: Work, *, first: float) -> None:
        """Have this done every so often once it is begun, for the first time after so many seconds."""
        self.all.append(Round(work, span.total_seconds(), first))

    async def start(self) -> None:
        """Begin."""
        self._running = [asyncio.create_task(_go(round_), name=round_.name) for round_ in self.all]

    async def stop(self) -> None:
        """End, whatever is being done."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)


async def _go(round_: Round) -> None:
    wait = round_.first
    while True:
        await asyncio.sleep(wait)
        wait = round_.every
        try:
            await round_.work()
        except Exception:
            log.exception("%s failed, and is tried again in %.0f s", round_.name, wait)
