"""A ranking's picture: ours in the warm worker, beside pyplot with tight_layout in a process that is as warm."""

import asyncio
import json
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.table import Benchmark, Row, medians
from charts.studio import Studio
from charts.values import Frame, RankingChart, RankingRow
from charts.worker import LENGTH

ROOT = Path(__file__).parent.parent
ITEMS = ("队伍日常管理", "治安管理", "打击、破案及追逃", "执法质量", "人口管理", "安全防范", "情报信息")
COLOURS = ("#1f5fa8", "#f0a202", "#0b8a72", "#c8432f", "#7d8fa3", "#6fb7e9", "#7a3e8f")
UNITS = tuple(
    f"{place}{number}派出所"
    for number in ("", "东路", "西路", "南路")
    for place in ["城关", "东门", "西街", "南湖", "北关", "河口"]
)[:22]
HEIGHT = 1754
"""Pixels, of a ranking of so many units with two lines of legend."""
BAR = 0.12
A_ROUND = 3
"""Pictures of each in a round."""


def ranking(seed: int) -> RankingChart:
    """22 units × 7 items; each seed other losses and another order, as from one inspection to the next."""
    dice = random.Random(seed)
    lost = {unit: tuple(Decimal(dice.randrange(10)) / 2 for _ in ITEMS) for unit in UNITS}
    best = sorted(UNITS, key=lambda unit: sum(lost[unit]))
    rows = tuple(
        RankingRow(
            place=str(number),
            shared=number % 5 == 0,
            unit=unit,
            score=f"{100 - sum(lost[unit]):g}",
            total=100 - sum(lost[unit], Decimal(0)),
            lost=lost[unit],
            inspected=number % 7 != 0,
        )
        for number, unit in enumerate(best, start=1)
    )
    frame = Frame(f"派出所序列：{best[0]}第一", "2026年第四季度", f"截至 11月{seed % 28 + 1}日 14:05", "暂定")
    return RankingChart(frame, ITEMS, rows)


def plain(chart: RankingChart) -> dict[str, Any]:
    """The same values for the peer."""
    tags = [(("并列", row.shared), ("未检查", not row.inspected)) for row in chart.rows]
    return {
        "title": chart.frame.title,
        "subtitle": chart.frame.subtitle,
        "mark": chart.frame.mark,
        "as_of": chart.frame.as_of,
        "height": HEIGHT,
        "items": list(zip(chart.items, COLOURS, strict=True)),
        "rows": [
            {
                "place": row.place,
                "unit": row.unit,
                "score": row.score,
                "lost": [float(points) for points in row.lost],
                "tags": [word for word, shown in of_row if shown],
            }
            for row, of_row in zip(chart.rows, tags, strict=True)
        ],
    }


class Peer:
    """The process that plots."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def draw(self, chart: RankingChart) -> bytes:
        """Its picture of the same."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(plain(chart)).encode() + b"\n")
        await self._process.stdin.drain()
        (length,) = LENGTH.unpack(await self._process.stdout.readexactly(LENGTH.size))
        return await self._process.stdout.readexactly(length)


@asynccontextmanager
async def pyplot() -> AsyncIterator[Peer]:
    """The peer while the block lasts."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.plotted", cwd=ROOT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Peer(process)
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def studio() -> AsyncIterator[Studio]:
    """Our worker while the block lasts."""
    here = Studio()
    try:
        yield here
    finally:
        await here.stop()


async def _took(who: Studio | Peer, chart: RankingChart) -> float:
    began = perf_counter()
    await who.draw(chart)
    return (perf_counter() - began) * 1000


async def measure(rounds: int, quick: bool) -> list[Row]:
    """One after the other, each picture other values; both have drawn such pictures before."""
    pairs = []
    async with studio() as ours, pyplot() as theirs:
        for seed in (1001, 1002):
            await ours.draw(ranking(seed))
            await theirs.draw(ranking(seed))
        for seed in range(1 if quick else rounds * A_ROUND):
            pairs.append((await _took(ours, ranking(seed)), await _took(theirs, ranking(seed))))
    mine, peers, ratio = medians(pairs)
    return [
        Row(
            what="排名图：22 个单位 × 7 个项目，1080 像素宽，PNG",
            ours=mine,
            against="pyplot 加 tight_layout 画同一张图",
            theirs=peers,
            unit="ms",
            wanted=f"≤ {BAR}",
            reached=ratio <= BAR,
            ratio=ratio,
        )
    ]


CHARTS = Benchmark("charts", measure)
