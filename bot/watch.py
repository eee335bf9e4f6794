"""What is looked after by itself: the seals and the sums once a night, and every minute the clock."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, datetime, time, timedelta

from bot.alarms import Alarms
from bot.clock import while_leading
from bot.crew import Crew
from bot.metrics import Metrics
from bot.rounds import Rounds
from handlers.context import Services
from rules.calendar import Quarter
from storage import chain, tally
from storage.chain import Head, Verdict
from storage.database import Database, DatabaseFault, plainly

log = logging.getLogger(__name__)

NIGHTLY_AT = time(3, 30)
"""The bureau's time from which the seals are recounted: nobody works, and the day's heads are out."""

ROWS = 100
"""How many rows are recounted at once: some ten milliseconds on a busy event loop."""

PAUSE = 0.02
"""Seconds between two such pieces, for everybody else."""

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
        self._ends: dict[tuple[str, str], Head] = {}

    async def look(self) -> None:
        """Do what is due; the database being away, a minute later."""
        try:
            await self.nightly(self._services.clock())
        except DatabaseFault as error:
            log.warning("the seals were not recounted: %s", plainly(error))
        if abs(self._metrics.skew) > SKEW:
            await self._alarms.clock_skewed(self._metrics.skew)

    async def nightly(self, now: datetime) -> bool:
        """Recount every seal and sum once a night from 03:30 in the bureau's zone, `now` being aware; whether it was due.

        After a start it is due at once, whatever the hour: a database that was put back is looked over first.
        """
        local = now.astimezone(self._services.bureau.calendar.zone)
        if self._recounted is not None and (self._recounted >= local.date() or local.time() < NIGHTLY_AT):
            return False
        async with self._services.database.reading() as session:
            chains = dict.fromkeys((*await chain.names(session), *self._ends))
        sound = [await self._look_over(table, name) for table, name in chains]
        if all(sound):
            # A ledger that does not hold itself is nothing to compare with.
            await self._look_over_sums()
        self._recounted = local.date()
        return True

    async def _look_over_sums(self) -> None:
        async for quarter, wrong in recounted_sums(self._services.database):
            if wrong:
                await self._alarms.sums_off(quarter, wrong)
            await self._pause(PAUSE)

    async def _look_over(self, table: str, name: str) -> bool:
        """Whether a chain holds, and still has all that it had."""
        verdict = await recount(self._services.database, table, name, pause=self._pause)
        if verdict.broken is not None:
            await self._alarms.chain_broken(verdict)
            return False
        known = self._ends.setdefault((table, name), verdict.head)
        async with self._services.database.reading() as session:
            stands = await chain.stands(session, table, known)
        if stands:
            self._ends[table, name] = verdict.head
        else:
            await self._alarms.chain_cut(table, known)
        return stands


async def recount(
    database: Database, table: str, name: str, *, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> Verdict:
    """Recount a chain piece by piece, each in a reading of its own: rows are only ever added behind."""
    head = chain.beginning(name)
    while True:
        async with database.reading() as session:
            verdict = await chain.verify_part(session, table, head, limit=ROWS)
        if verdict.broken is not None or verdict.head == head:
            return verdict
        head = verdict.head
        await pause(PAUSE)


async def recounted_sums(database: Database, *, mend: bool = True) -> AsyncIterator[tuple[Quarter, int]]:
    """Compare what is kept beside the ledger with it, quarter by quarter: in how many places it differed.

    The ledger is right: what differs is made from it anew, once whoever asks has taken note, unless it shall not.
    """
    async with database.reading() as session:
        quarters = await tally.quarters(session)
    for quarter in quarters:
        async with database.reading() as session:
            wrong = await tally.differences(session, quarter)
        yield quarter, len(wrong)
        if wrong and mend:
            async with database.transaction() as session:
                await tally.make_anew(session, quarter)


def keep_watch(rounds: Rounds, watch: Watch, crew: Crew) -> None:
    """Look every minute, in the process that leads."""
    rounds.every(timedelta(minutes=1), while_leading(crew, watch.look), first=30)
