"""From start to the first answer, and the memory that stays in use: idle, and after a hundred charts."""

import asyncio
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.bots import CHATS, DEDUCT, RUN, bot, megabytes, place, stub
from benchmarks.stub import Load
from benchmarks.table import Benchmark, Row, medians

MOST_MB = 120.0


async def start(rounds: int, quick: bool) -> list[Row]:
    """The first answer of a bot on a database that is ready, beside the time of an import alone."""
    pairs = [(await _first_answer(), await _import()) for _ in range(rounds)]
    ours, theirs, ratio = medians(pairs)
    return [
        Row(
            "从启动到第一次答复", ours, "只 import telegram.ext", theirs, "秒", "≤ 2", ratio <= 2, ratio,
        ),
        *await _memory(quick),
    ]  # fmt: skip


async def _first_answer() -> float:
    async with stub() as telegram, place() as (url, folder):
        await telegram.load(Load(CHATS[:1], 1, DEDUCT))
        began = time.monotonic()
        async with bot(RUN, telegram.address, url, folder=folder):
            return (await telegram.report()).first_answer - began


async def _import() -> float:
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "import telegram.ext")
    await process.wait()
    return time.monotonic() - began


async def _memory(quick: bool) -> list[Row]:
    charts = 10 if quick else 100
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(stub())
        url, folder = await stack.enter_async_context(place())
        pid = await stack.enter_async_context(bot(RUN, telegram.address, url, folder=folder))
        await telegram.load(Load(CHATS[:1], 1, DEDUCT))
        await telegram.report()
        await _worker_is_warm(pid)
        idle, worker = megabytes(pid), sum(map(megabytes, _children(pid)))
        half = await _drawn(telegram, charts // 2, pid)
        end = await _drawn(telegram, charts - charts // 2, pid)
        worker_end = sum(map(megabytes, _children(pid)))
    return [
        Row(
            "常驻内存，空闲", idle, "上限", MOST_MB, "MB", "≤ 1", idle <= MOST_MB,
            note=f"图表进程另占 {worker:.0f} MB",
        ),
        Row(
            f"常驻内存，{charts} 张图之后", end, f"{charts // 2} 张图之后", half, "MB", "≤ 1.02",
            end <= half * 1.02, note=f"图表进程 {worker_end:.0f} MB",
        ),
    ]  # fmt: skip


async def _drawn(telegram: object, count: int, pid: int) -> float:
    """Have so many charts drawn, each of other figures than the last; the memory then, in MB."""
    from benchmarks.bots import Stub

    assert isinstance(telegram, Stub)
    for _ in range(count):
        await telegram.load(Load(CHATS[:1], 1, DEDUCT))
        await telegram.report()
        await telegram.load(Load(CHATS[:1], 1, "/score 城关所", photo=True))
        await telegram.report()
    return megabytes(pid)


async def _worker_is_warm(pid: int) -> None:
    """Until the chart worker has come and takes no more time of the processor."""
    before = -1
    while True:
        spent = sum(_ticks(child) for child in _children(pid))
        if spent and spent == before:
            return
        before = spent
        await asyncio.sleep(0.5)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


START = Benchmark("start", start)
