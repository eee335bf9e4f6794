"""What is looked after by itself: all that can be compared once a night, every minute the clock and where the chains end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import astuple
from datetime import date, datetime, time, timedelta

from bot.clock import while_leading
from bot.crew import Crew
from bot.ops.alarms import Alarms
from bot.ops.metrics import Metrics
from bot.scheduler import Rounds
from handlers.frame.context import Services
from storage import audit, hash_chain
from storage.audit import Act
from storage.chain_ends import Memory, Remembered, newest
from storage.database import DatabaseFault, plainly
from storage.hash_chain import End
from storage.recount import Recount, recount
from storage.stored import UNREADABLE

log = logging.getLogger(__name__)

NIGHTLY_AT = time(3, 30)
"""The bureau's time from which the seals are recounted: nobody works, and the day's heads are out."""

ROWS = 100
"""How many rows are recounted at once: some ten milliseconds on a busy event loop."""

PAUSE = 0.02
"""Seconds between two such pieces, for everybody else."""

ENDS_KEPT = "ends kept"
"""The key of the trail's line that says that ends are kept outside the database: where there are none, they were taken."""

SKEW = 30.0
"""Seconds by which our clock and Telegram's may differ."""


class Watch:
    """What has been looked after in this process."""

    def __init__(
        self,
        services: Services,
        alarms: Alarms,
        metrics: Metrics,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._services, self._alarms, self._metrics, self._pause = services, alarms, metrics, pause
        self._recounted: date | None = None
        self._seen: tuple[End, ...] = ()
        """Where the chains ended when it was looked last."""
        self._seen_at: datetime | None = None

    async def look(self) -> None:
        """Do what is due; the database being away, a minute later."""
        now = self._services.clock()
        try:
            await self.nightly(now)
            await self._see(now)
        except DatabaseFault as error:
            log.warning("the seals were not recounted: %s", plainly(error))
        except UNREADABLE as error:
            # What cannot be read was told by the recount; the clock is looked after all the same.
            log.error("where the chains end could not be read: %s", type(error).__name__)
        if abs(self._metrics.skew) > SKEW:
            await self._alarms.clock_skewed(self._metrics.skew)

    async def nightly(self, now: datetime) -> bool:
        """Compare everything once a night from 03:30 in the bureau's zone, `now` being aware; whether it was due.

        After a start it is due at once, whatever the hour: a database that was put back is looked over first. Whatever
        does not hold is told, and left as it is.
        """
        local = now.astimezone(self._services.bureau.calendar.zone)
        if self._recounted is not None and (self._recounted >= local.date() or local.time() < NIGHTLY_AT):
            return False
        database, memory = self._services.database, await self._memory()
        found = await recount(database.reading, memory, rows=ROWS, pause=lambda: self._pause(PAUSE))
        self._recounted = local.date()
        if found.faults:
            await self._alarms.unsound(found.faults)
        else:
            await self._note_sound(found, now)
        return True

    async def _memory(self) -> Memory:
        """What is remembered in the folder, and in this process."""
        try:
            memory = await asyncio.to_thread(self._services.ends.read)
        except OSError as error:
            await self._alarms.ends_unkept(error.strerror or type(error).__name__)
            return Memory().with_ends(Remembered(end, self._seen_at) for end in self._seen)
        if not memory.ends and await self._kept_before():
            await self._alarms.ends_lost()
        if not self._seen:
            self._seen = newest(memory.ends)
        return memory.with_ends(Remembered(end, self._seen_at) for end in self._seen)

    async def _kept_before(self) -> bool:
        """Whether ends were kept outside once, as the database knows."""
        try:
            async with self._services.database.reading() as session:
                return await audit.is_recorded(session, ENDS_KEPT)
        except UNREADABLE:
            return True

    async def _note_sound(self, found: Recount, now: datetime) -> None:
        ends = [End(verdict.table, *astuple(verdict.head)) for verdict in found.verdicts]
        if await self._keep(lambda: self._services.ends.note_sound(ends, now)):
            async with self._services.database.transaction() as session:
                await audit.record(session, Act.ENDS_KEPT, at=now, person_id=None, key=ENDS_KEPT)

    async def _see(self, now: datetime) -> None:
        """Remember where the chains end now, as long as what was seen before is still there."""
        async with self._services.database.reading() as session:
            ends = tuple(await hash_chain.ends(session))
            if ends == self._seen or not await hash_chain.all_stand(session, self._seen):
                return
        self._seen, self._seen_at = ends, now
        await self._keep(lambda: self._services.ends.keep_latest(ends, now))

    async def _keep(self, write: Callable[[], None]) -> bool:
        try:
            await asyncio.to_thread(write)
        except OSError as error:
            await self._alarms.ends_unkept(error.strerror or type(error).__name__)
            return False
        return True


def keep_watch(rounds: Rounds, watch: Watch, crew: Crew) -> None:
    """Look every minute, in the process that leads."""
    rounds.every(timedelta(minutes=1), while_leading(crew, watch.look), first=30)
