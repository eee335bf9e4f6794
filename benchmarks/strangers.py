"""An assessor's /deduct while strangers flood the bot, and a start behind a day of their messages, with Telegram's limits."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

from benchmarks.big_bureau import left_waiting
from benchmarks.bots import CHATS, DEDUCT, RUN, Stub, bot, megabytes, place, stub
from benchmarks.stub import STRANGER, Flood, Load, Report
from benchmarks.table import Benchmark, Row

PAUSE = 0.1
"""Seconds from an answer to the next /deduct: with the strangers' it stays below Telegram's thirty a second."""

SLOWER, LONGEST, LARGER = 2.0, 2.0, 1.2
"""The bars: times the quiet median, seconds, times the quiet memory."""

WAITING = 45_000
LONG = "长" * 4096


@dataclass
class Measured:
    """What a flood did."""

    report: Report
    megabytes: float
    """The most that the bot had in memory meanwhile."""

    @property
    def median(self) -> float:
        """In milliseconds."""
        return statistics.median(self.report.taken) * 1000


def floods(quick: bool) -> dict[str, Flood]:
    """By what they are called in the table."""
    many = 2_000 if quick else 20_000
    short, command = "你好，在吗？", "/rank"
    return {
        f"一个陌生人发 {many:,} 条": Flood(many, many / 20, [STRANGER], short),
        f"一个陌生人发 {many:,} 条，每条 4,096 字": Flood(many, many / 50, [STRANGER], LONG),
        f"20 个群里共 {many:,} 条命令": Flood(many, many / 20, [-1000 - n for n in range(20)], command),
        "2,000 个账号各发一条": Flood(2_000, 100, [STRANGER + n for n in range(2_000)], short),
    }


async def meanwhile(rounds: int, quick: bool) -> list[Row]:
    """One bot for all floods, each beside the quiet before and after it."""
    del rounds  # each flood has more than a hundred answers in it
    named = floods(quick)
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(stub())
        url, folder = await stack.enter_async_context(place())
        pid = await stack.enter_async_context(bot(RUN, telegram.address, url, folder=folder))
        await _measured(telegram, pid, None)
        quiet, flooded = [await _measured(telegram, pid, None)], []
        for flood in named.values():
            flooded.append(await _measured(telegram, pid, flood))
            quiet.append(await _measured(telegram, pid, None))
    rows = [
        _row(name, during, before.report.taken + after.report.taken)
        for name, during, before, after in zip(named, flooded, quiet, quiet[1:], strict=False)
    ]
    most = max(during.megabytes for during in flooded)
    return [*rows, _memory("常驻内存，陌生人发消息时最多", most, quiet[0].megabytes)]


def _row(name: str, during: Measured, quiet: list[float]) -> Row:
    report, longest, usual = during.report, max(during.report.taken), statistics.median(quiet) * 1000
    return Row(
        f"/deduct 的答复，其间{name}，中位", during.median, "没有陌生人", usual, "毫秒",
        f"≤ {SLOWER:g}，最久 ≤ {LONGEST:g} 秒", during.median <= SLOWER * usual and longest <= LONGEST,
        note=f"最久 {longest:.2g} 秒，答复陌生人 {report.others} 次，超过 Telegram 限额 {report.refused} 次",
    )  # fmt: skip


async def _measured(telegram: Stub, pid: int, flood: Flood | None) -> Measured:
    # As long as the flood lasts.
    count = int(flood.count / flood.per_second / (PAUSE + 0.05)) if flood is not None else 60
    load = Load(CHATS, count, DEDUCT, one_by_one=True, pause=PAUSE, flood=flood, limited=True)
    async with _watched(pid) as seen:
        await telegram.load(load)
        report = await telegram.report(600)
    assert report.answers == count and not report.doubled, report
    return Measured(report, max(seen))


@asynccontextmanager
async def _watched(pid: int) -> AsyncIterator[list[float]]:
    """The memory of a process, looked at several times a second."""
    seen = [megabytes(pid)]

    async def look() -> None:
        while True:
            await asyncio.sleep(0.1)
            seen.append(megabytes(pid))

    task = asyncio.create_task(look())
    try:
        yield seen
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def start(rounds: int, quick: bool) -> list[Row]:
    """A start on a database in which a stranger's messages wait, as an earlier release kept them; beside one without."""
    del rounds
    waiting = WAITING // 10 if quick else WAITING
    quiet, quiet_memory = await _started(0)
    ours, memory = await _started(waiting)
    return [
        Row(
            f"启动到第一次答复，库里等着一个陌生人的 {waiting:,} 条 × 4,096 字", ours, "没有等着的", quiet, "秒",
            "≤ 2", ours <= 2 * quiet,
        ),
        _memory("常驻内存，这样启动以后最多", memory, quiet_memory),
    ]  # fmt: skip


async def _started(waiting: int) -> tuple[float, float]:
    """Seconds to the first answer, and the most memory in the ten seconds after it."""
    async with stub() as telegram, place() as (url, folder):
        if waiting:
            await left_waiting(url, STRANGER, waiting, LONG)
        await telegram.load(Load(CHATS[:1], 1, DEDUCT, limited=True))
        began = time.monotonic()
        async with bot(RUN, telegram.address, url, folder=folder) as pid, _watched(pid) as seen:
            seconds = (await telegram.report()).first_answer - began
            await asyncio.sleep(10)
    return seconds, max(seen)


def _memory(what: str, most: float, quiet: float) -> Row:
    return Row(what, most, "没有陌生人", quiet, "MB", f"≤ {LARGER:g}", most <= LARGER * quiet)


STRANGERS = Benchmark("strangers", meanwhile)
STRANGERS_START = Benchmark("strangers-start", start)
