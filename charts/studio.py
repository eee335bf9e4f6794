"""Charts drawn in a process of their own: matplotlib holds the interpreter up, and its memory stays out of the bot's."""

import asyncio
import logging
import pickle
import sys
from contextlib import suppress
from pathlib import Path

from charts.values import Chart, Frame, Kind, ScoreChart
from charts.worker import HEADER, LENGTH

log = logging.getLogger(__name__)

ROOT = Path(__file__).parent.parent

SECONDS = 20.0
"""How long a drawing may take before the worker is taken for dead."""

_NOTHING = ScoreChart(Frame("预热", "", "", ""), ())


class ChartFailed(Exception):
    """No picture could be made; the figures can still be told in words."""


class WorkerGone(ChartFailed):
    """The worker died over it, and the one in its place, too."""


class Studio:
    """One worker, started early and kept warm; a dead one is replaced."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._worker: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._warming: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The worker's process, None where none runs."""
        return self._worker.pid if self._worker is not None and self._worker.returncode is None else None

    async def start(self) -> None:
        """Begin to warm a worker up, without waiting for it."""
        self._warming = asyncio.create_task(self._warm_up(), name="studio")

    async def _warm_up(self) -> None:
        with suppress(ChartFailed):
            await self.draw(_NOTHING)

    async def draw(self, chart: Chart, kind: Kind | None = None) -> bytes:
        """The chart's PNG for a photo, or its document of that kind.

        ChartFailed where it cannot be drawn, WorkerGone where the worker died twice over it.
        """
        async with self._turn:
            for attempt in (1, 2):
                try:
                    return await asyncio.wait_for(self._ask(chart, kind), self._seconds)
                except (OSError, EOFError, TimeoutError) as error:
                    log.warning("the chart worker failed, attempt %d: %r", attempt, error)
                    await self._end()
        raise WorkerGone("the worker died twice")

    async def _ask(self, chart: Chart, kind: Kind | None) -> bytes:
        worker = await self._running()
        assert worker.stdin is not None and worker.stdout is not None
        body = pickle.dumps((chart, kind))
        worker.stdin.write(LENGTH.pack(len(body)) + body)
        await worker.stdin.drain()
        fine, length = HEADER.unpack(await worker.stdout.readexactly(HEADER.size))
        answer = await worker.stdout.readexactly(length)
        if not fine:
            raise ChartFailed(answer.decode(errors="replace"))
        return answer

    async def _running(self) -> asyncio.subprocess.Process:
        if self._worker is None or self._worker.returncode is not None:
            self._worker = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "charts.worker",
                cwd=ROOT,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                # Ctrl-C is for the bot: the worker ends when its input does, however the bot went.
                start_new_session=True,
            )
        return self._worker

    async def stop(self) -> None:
        """End the worker."""
        if self._warming is not None:
            self._warming.cancel()
            with suppress(asyncio.CancelledError):
                await self._warming
        await self._end()

    async def _end(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None and worker.returncode is None:
            with suppress(ProcessLookupError):
                worker.kill()
            await worker.wait()
