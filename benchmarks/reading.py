"""A typed line read whole, unit, item, points and reason, beside rapidfuzz looking two names up in the same lists."""

import time
from dataclasses import replace
from datetime import date
from itertools import product

from rapidfuzz import process

from benchmarks import big_bureau
from benchmarks.table import Benchmark, Row, medians
from rules.bureau import Bureau, Unit
from rules.calendar import Quarter
from rules.names import Match
from rules.reading import Vocabulary, read_deduction

TODAY = date(2026, 11, 10)
RUNNING = Quarter(2026, 4)

MANY = 4_000
HEADS = "城东西南北河湖山石金银玉清白青红黄龙凤松柏竹梅兰"
TAILS = "关门街桥口湾坡岭塘坪寨庄园亭台阁井泉溪潭"
ENDS = ("", "路", "里", "镇", "港", "湖", "坝", "洲", "岗")

LINES = (
    "城关派出所 治安管理 2 台账缺失",
    "城关所 治安管理 0.5 台账缺失",
    "cgs 治安管理 两分 台账缺失",
    "chengguansuo zagl 1.5 迟报",
    "成关所 治安管理 二点五 卷宗",
    "城关所治安管理2分 台账缺失",
    "城关派出索 治安管理 2 台账缺失",
)
"""Full names, short ones, initials, pinyin, a wrong sign that sounds the same, no gaps, and one that only resembles."""

AGAIN = 60


def larger(bureau: Bureau) -> Bureau:
    """The same with four thousand units: a province's stations beside the bureau's own."""
    names = dict.fromkeys(f"{head}{tail}{end}派出所" for end, head, tail in product(ENDS, HEADS, TAILS))
    own = {unit.name for unit in bureau.units}
    like = bureau.units[0]
    more = [
        Unit(f"p{number}", name, like.category, like.sequence)
        for number, name in enumerate(name for name in names if name not in own)
    ]
    return replace(bureau, units=(*bureau.units, *more[: MANY - len(bureau.units)]))


async def measure(rounds: int, quick: bool) -> list[Row]:
    """Milliseconds a line, over the bureau's units and over a province's."""
    bureau = big_bureau.example().organisation
    rows = []
    for units in (bureau, larger(bureau)):
        names = Vocabulary.of(units, RUNNING.year)
        choices = [name for unit in units.units for name in (unit.name, *unit.aliases)]
        items = [item.name for scheme in units.schemes for item in scheme.items]
        assert all(isinstance(_read(line, names).unit, Match) for line in LINES[:2])
        again = AGAIN // 6 if quick or len(units.units) > 100 else AGAIN
        pairs = [(_ours(names, again), _theirs(choices, items, again)) for _ in range(rounds + 1)][1:]
        ours, theirs, ratio = medians(pairs)
        small = len(units.units) < 100
        rows.append(
            Row(
                f"读一行输入，{len(units.units):,} 个单位", ours, "rapidfuzz 的 extractOne 找单位和项目", theirs, "毫秒",
                "≤ 2，且不到 1 毫秒" if small else "≤ 2", ratio <= 2 and (ours < 1 or not small), ratio,
            )
        )  # fmt: skip
    return rows


def _read(line: str, names: Vocabulary) -> object:
    return read_deduction(line, names, RUNNING, TODAY)


def _ours(names: Vocabulary, again: int) -> float:
    began = time.perf_counter()
    for _ in range(again):
        for line in LINES:
            _read(line, names)
    return (time.perf_counter() - began) * 1000 / (again * len(LINES))


def _theirs(choices: list[str], items: list[str], again: int) -> float:
    """The first word among the units, the second among the items: no short forms, no pinyin, no numbers, no reason."""
    words = [line.split()[:2] for line in LINES]
    began = time.perf_counter()
    for _ in range(again):
        for unit, item in words:
            process.extractOne(unit, choices)
            process.extractOne(item, items)
    return (time.perf_counter() - began) * 1000 / (again * len(LINES))


READING = Benchmark("reading", measure)
