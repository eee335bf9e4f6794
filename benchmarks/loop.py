"""How long the event loop is held up while charts are drawn, beside a loop that has nothing else to do."""

import asyncio
import statistics
from collections.abc import Awaitable
from contextlib import suppress
from time import perf_counter, thread_time

from benchmarks.charts import ranking, studio
from benchmarks.table import Benchmark, Row

CHARTS = 20
BEAT = 0.001
"""Seconds between two looks at the clock."""
BAR = 20.0
"""Milliseconds."""


class Watch:
    """The longest hold-ups of the loop so far, in milliseconds."""

    def __init__(self) -> None:
        self.late = 0.0
        """Behind its time, whoever had the processor meanwhile."""
        self.busy = 0.0
        """At work itself, from one look to the next."""

    async def during(self, work: Awaitable[object]) -> None:
        """Look while that goes on."""
        watching = asyncio.create_task(self._look())
        await work
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    async def _look(self) -> None:
        while True:
            began, worked = perf_counter(), thread_time()
            await asyncio.sleep(BEAT)
            self.late = max(self.late, (perf_counter() - began - BEAT) * 1000)
            self.busy = max(self.busy, (thread_time() - worked) * 1000)


async def measure(rounds: int, quick: bool) -> list[Row]:
    """A round: 20 charts asked for at once, then as long a time of nothing."""
    drawing, idle = [], []
    async with studio() as worker:
        await worker.draw(ranking(1001))
        for number in range(1 if quick else rounds):
            charts = [ranking(number * CHARTS + n) for n in range(CHARTS)]
            drawing.append(Watch())
            idle.append(Watch())
            began = perf_counter()
            await drawing[-1].during(asyncio.gather(*map(worker.draw, charts)))
            await idle[-1].during(asyncio.sleep(perf_counter() - began))
    longest, busy = max(watch.late for watch in drawing), max(watch.busy for watch in drawing)
    return [
        Row(
            what=f"画 {CHARTS} 张图时事件循环最长停顿",
            ours=statistics.median(watch.late for watch in drawing),
            against="空转的事件循环",
            theirs=statistics.median(watch.late for watch in idle),
            unit="ms",
            wanted=f"从不超过 {BAR:g} ms",
            reached=longest <= BAR,
            note=(
                f"各轮最长 {longest:.1f} ms，其中循环自己占用处理器不超过 {busy:.1f} ms；"
                f"空转最长 {max(watch.late for watch in idle):.1f} ms"
            ),
        )
    ]


LOOP = Benchmark("loop", measure)
