"""This process among those that share a database: whether it is counted on, whether it leads, what only the leader does.

On SQLite it is alone: it leads from the first moment to the last.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress

from storage.crew import STALE, Lifeline
from storage.database import Database, DatabaseFault, plainly

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two beats."""

SURE = STALE - 2 * EVERY
"""Seconds after the last beat for which a process may be sure that the others still count on it."""

Duty = Callable[[], Coroutine[None, None, None]]
Hear = Callable[[str], None]


class NotCounted(Exception):
    """The others may have taken over what this process was about to send: it is not sent."""


class Crew:
    """The way in and out of the company of processes."""

    def __init__(self, database: Database, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._seconds = seconds
        self._duties: dict[Duty, asyncio.Task[None] | None] = {}
        self._heard: list[Hear] = []
        self._lost: list[Callable[[], Awaitable[None]]] = []
        self._line: Lifeline | None = None
        self._sure_until = float("inf")
        self._life: asyncio.Task[None] | None = None
        self._joined = False
        self.leads = not database.shared
        """Whether this process fetches, plans and pushes."""

    def duty(self, duty: Duty) -> None:
        """Have this run for as long as the process leads; it is cancelled when it does not any more."""
        self._duties[duty] = None
        if self.leads and self._joined:
            self._begin(duty)

    async def retire(self, duty: Duty) -> None:
        """End this, whether the process leads or not."""
        await _end(self._duties.pop(duty, None))

    def on_news(self, hear: Hear) -> None:
        """Have this called with the name of a table in which another process may have added something."""
        self._heard.append(hear)

    def on_lost(self, drop: Callable[[], Awaitable[None]]) -> None:
        """Have this awaited when the others took this process for dead: what it has in hand is theirs."""
        self._lost.append(drop)

    @property
    def counted(self) -> bool:
        """Whether the others surely count on this process; time stands for nothing in it but itself."""
        return self._seconds() < self._sure_until

    async def join(self) -> None:
        """Be one of them from now on. DatabaseFault where the database cannot be reached."""
        self._joined = True
        if self._database.shared:
            await self._enter()
            self._life = asyncio.create_task(self._live(), name="lifeline")
        else:
            self._lead()

    async def leave(self) -> None:
        """End what only the leader does, and have the others take over at once."""
        if self._life is not None:
            self._life.cancel()
            with suppress(asyncio.CancelledError):
                await self._life
        await self._step_down()
        if self._line is not None:
            with suppress(DatabaseFault):
                await self._line.leave()
            self._line.cut()
            self._line = None

    async def _enter(self) -> None:
        now = self._seconds()
        self._line = await Lifeline.cast(self._database, self._hear, seconds=self._seconds)
        self._database.worker = self._line.number
        self._sure_until = now + SURE
        await self._beat(self._line)
        log.info("working as process %d", self._line.number)
        for table in ("inbox", "push", "criteria"):
            # Whatever was added while nobody here listened.
            self._hear(table)

    async def _live(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            line = self._line
            assert line is not None
            try:
                counted = await self._beat(line)
            except DatabaseFault as error:
                log.warning("the lifeline is cut: %s", plainly(error))
                counted = False
            if not counted:
                await self._come_back(line)

    async def _beat(self, line: Lifeline) -> bool:
        now = self._seconds()
        beat = await line.beat()
        if not beat.counted:
            log.warning("the others took process %d for dead", line.number)
            return False
        self._sure_until = now + SURE
        if beat.buried:
            log.warning("took over from processes that are gone: %s", ", ".join(map(str, beat.buried)))
        if beat.leads and not self.leads:
            log.info("leading, term %d", beat.term)
            self._lead()
        return True

    async def _come_back(self, line: Lifeline) -> None:
        """Drop everything, then begin anew under another number: whatever was in hand is the others' by now."""
        self._sure_until = float("-inf")
        await self._step_down()
        for drop in self._lost:
            await drop()
        line.cut()
        while True:
            try:
                await self._enter()
            except DatabaseFault as error:
                log.warning("the database cannot be reached: %s", plainly(error))
                await asyncio.sleep(EVERY)
            else:
                return

    def _lead(self) -> None:
        self.leads = True
        for duty in self._duties:
            self._begin(duty)

    def _begin(self, duty: Duty) -> None:
        self._duties[duty] = asyncio.create_task(duty(), name=getattr(duty, "__qualname__", "duty"))

    async def _step_down(self) -> None:
        self.leads = not self._database.shared
        for duty, task in list(self._duties.items()):
            await _end(task)
            self._duties[duty] = None

    def _hear(self, table: str) -> None:
        for hear in self._heard:
            hear(table)


async def _end(task: "asyncio.Task[None] | None") -> None:
    """Cancel a duty and see it end. Waited for by `wait`, so that who is cancelled meanwhile hears of it."""
    if task is None:
        return
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled() and task.exception() is not None:
        log.error("%s ended in a fault", task.get_name(), exc_info=task.exception())
