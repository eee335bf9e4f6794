"""What is done again and again, by APScheduler; it goes on whatever the computer's clock is set to."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

LOOK_EVERY = 30.0
"""Seconds between two looks at whether the clock was set."""

SET = 5.0
"""Seconds by which the clock and the time that passed may part without anybody having set it."""

Work = Callable[[], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Round:
    """What is done, every how often, and after how many seconds for the first time."""

    work: Work
    every: timedelta
    first: float

    @property
    def name(self) -> str:
        """What it is called in the log."""
        return getattr(self.work, "__name__", "round")


class Rounds:
    """Everything that is done so; it is begun and ended together.

    APScheduler keeps the time of day at which a thing is next due: with the clock set back by a day it would do nothing
    for a day. So it is looked, by a clock that nobody sets, whether that happened, and then everything is due at once.
    By default a job that starts over a second late is dropped; ours are late rather than never, and once.
    """

    def __init__(self, *, look_every: float = LOOK_EVERY) -> None:
        self.all: list[Round] = []
        self._look_every = look_every
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._looking: asyncio.Task[None] | None = None

    def every(self, span: timedelta, work: Work, *, first: float) -> None:
        """Have this done every so often once it is begun, for the first time after so many seconds."""
        self.all.append(Round(work, span, first))

    async def start(self) -> None:
        """Begin."""
        now = datetime.now(UTC)
        for one in self.all:
            self._scheduler.add_job(
                one.work, "interval", seconds=one.every.total_seconds(), name=one.name,
                next_run_time=now + timedelta(seconds=one.first),
            )  # fmt: skip
        self._scheduler.start()
        self._looking = asyncio.create_task(self._look(), name="looking at the clock")

    async def stop(self) -> None:
        """End, whatever is being done."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait([self._looking])
            self._scheduler.shutdown(wait=False)
            # It ends in the loop's next turn.
            await asyncio.sleep(0)

    async def _look(self) -> None:
        while True:
            told, passed = time.time(), time.monotonic()
            await asyncio.sleep(self._look_every)
            by = (time.time() - told) - (time.monotonic() - passed)
            if abs(by) > SET:
                log.warning("the clock was set by %+.0f s: whatever is done again and again is done now", by)
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=datetime.now(UTC))
