"""Whether the bot does its work, which is more than that its process lives."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.crew import Crew
from bot.intake.inbox_worker import Intake
from storage import queue_statistics
from storage.database import Database, plainly
from storage.queue_statistics import Vitals

log = logging.getLogger(__name__)

LONGEST = 60.0
"""Seconds: since the last poll, and the age of the oldest waiting update."""

ANSWER_WITHIN = 2.0
"""Seconds that the database has to answer in."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong: its name for programs, and a sentence for people."""

    name: str
    text: str


class Health:
    """Looks the bot over."""

    def __init__(
        self,
        database: Database,
        intake: Intake,
        crew: Crew,
        *,
        clock: Callable[[], datetime],
        within: float = ANSWER_WITHIN,
    ) -> None:
        self._database, self._intake, self._crew = database, intake, crew
        self._clock, self._within = clock, within
        self._started = clock()
        self._asked: dict[bool, asyncio.Task[Vitals]] = {}

    async def troubles(self) -> list[Trouble]:
        """Everything that is wrong now, known in bounded time; empty where all is well."""
        read = await self.read(writing=True)
        now = self._clock()
        found = []
        if not self._crew.counted:
            found.append(Trouble("company", "与数据库的联系中断，工作已由别的进程接手；恢复后会自动重新加入。"))
        # Where there are several processes, the one that leads hears from Telegram for all. Just started, it has not
        # polled yet: a poll that finds nothing takes most of a minute.
        silent = (now - (self._intake.last_poll or self._started)).total_seconds()
        if self._crew.leads and silent >= LONGEST:
            found.append(Trouble("poll", f"已有 {silent:.0f} 秒没有从 Telegram 收到消息，请检查网络和代理。"))
        if read is None:
            found.append(Trouble("database", "数据库没有及时应答，请检查磁盘空间，以及有没有别的程序占用它。"))
        elif (waits := read.waits(now)) >= LONGEST:
            found.append(
                Trouble("waiting", f"有 {read.waiting} 条消息等待处理，最早的已等 {waits:.0f} 秒，请看日志。")
            )
        return found

    async def read(self, *, writing: bool = False) -> Vitals | None:
        """The database's numbers, None where it gives none in time; `writing` asks for the right to write, too.

        A question that hangs is not cancelled, which would cost a connection, nor put a second time: whoever comes
        meanwhile waits for the same answer.
        """
        asked = self._asked.get(writing)
        if asked is None or asked.done():
            asked = self._asked[writing] = asyncio.create_task(self._ask(writing=writing), name="vitals")
            asked.add_done_callback(_heard)
        try:
            return await asyncio.wait_for(asyncio.shield(asked), self._within)
        except TimeoutError:
            log.warning("the database did not answer within %.0f s", self._within)
        except Exception as error:
            # Drivers have faults of their own beside SQLAlchemy's; whichever it is, there was no answer.
            log.warning("the database does not answer: %s", plainly(error))
        return None

    async def _ask(self, *, writing: bool) -> Vitals:
        # Readers of SQLite see nothing of a lock that keeps every writer out.
        async with self._database.transaction() if writing else self._database.reading() as session:
            return await queue_statistics.read(session, now=self._clock())

    async def close(self) -> None:
        """Wait for what was asked, before the database is closed; what hangs is let go."""
        if self._asked:
            _, late = await asyncio.wait(self._asked.values(), timeout=self._within)
            for task in late:
                task.cancel()


def _heard(asked: "asyncio.Task[Vitals]") -> None:
    """Take note of a fault that nobody waited for."""
    if not asked.cancelled():
        asked.exception()
