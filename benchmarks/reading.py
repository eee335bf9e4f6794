"""A typed line read whole, unit, item, points and reason, beside rapidfuzz looking two names up in the same lists."""

import random
import time
from dataclasses import replace
from datetime import date
from itertools import product

from pypinyin import Style, lazy_pinyin
from rapidfuzz import process

from benchmarks import big_bureau
from benchmarks.table import Benchmark, Row, medians
from rules.bureau import Bureau, Unit
from rules.calendar import Quarter
from rules.names import unit_short_forms
from rules.reading import Setting, Vocabulary, read_message

TODAY = date(2026, 11, 10)
RUNNING = Quarter(2026, 4)

MANY = 4_000
HEADS = "城东西南北河湖山石金银玉清白青红黄龙凤松柏竹梅兰"
TAILS = "关门街桥口湾坡岭塘坪寨庄园亭台阁井泉溪潭"
ENDS = ("", "路", "里", "镇", "港", "湖", "坝", "洲", "岗")

WAYS = (
    "{full} {item} {points} {reason}",
    "{short} {item} {points}分 {reason}",
    "{initials} {item} 两分 {reason}",
    "{sound} {item} {points} {reason}",
    "{ear} {item} 二点五 {reason}",
    "{short}{item}{points}分 {reason}",
    "{full}{item} {points} {reason}",
)
"""Full names, short ones, initials, pinyin, a sign that sounds the same, and no gaps."""

REASONS = ("台账缺失", "卷宗未按规定归档", "情报迟报", "巡查记录不全", "案件超期未结")
EARS = str.maketrans("城关东河", "成官冬合")

COUNT = 420
"""Lines, each another."""


def _lines(bureau: Bureau) -> list[str]:
    dice = random.Random(11)
    lines = []
    for number in range(COUNT):
        unit = dice.choice(bureau.units)
        scheme = bureau.scheme_for(unit, RUNNING.year)
        assert scheme is not None
        short = next(iter(unit_short_forms(unit.name)), unit.name)
        lines.append(
            WAYS[number % len(WAYS)].format(
                full=unit.name, short=short, initials="".join(lazy_pinyin(short, style=Style.FIRST_LETTER)),
                sound="".join(lazy_pinyin(short)), ear=short.translate(EARS), item=dice.choice(scheme.items).name,
                points=f"{dice.randrange(1, 40) / 10:g}", reason=f"{dice.choice(REASONS)}第{number}号",
            )
        )  # fmt: skip
    return lines


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
        lines = _lines(bureau)
        read = [read_message(line, Setting(names, RUNNING, TODAY)).entries for line in lines]
        assert sum(len(entries) != 1 or entries[0].unit is None for entries in read) < COUNT / 10
        pairs = [(_ours(lines, names), _theirs(lines, choices, items)) for _ in range(rounds + 1)][1:]
        ours, theirs, ratio = medians(pairs)
        small = len(units.units) < 100
        rows.append(
            Row(
                f"读一行输入，{len(units.units):,} 个单位", ours, "rapidfuzz 的 extractOne 找单位和项目", theirs, "毫秒",
                "≤ 2，且不到 1 毫秒" if small else "≤ 2", ratio <= 2 and (ours < 1 or not small), ratio,
            )
        )  # fmt: skip
    return rows


def _ours(lines: list[str], names: Vocabulary) -> float:
    setting = Setting(names, RUNNING, TODAY)
    began = time.perf_counter()
    for line in lines:
        read_message(line, setting)
    return (time.perf_counter() - began) * 1000 / len(lines)


def _theirs(lines: list[str], choices: list[str], items: list[str]) -> float:
    """The first word among the units, the second among the items: no short forms, no pinyin, no numbers, no reason."""
    words = [line.split()[:2] for line in lines]
    began = time.perf_counter()
    for unit, item in words:
        process.extractOne(unit, choices)
        process.extractOne(item, items)
    return (time.perf_counter() - began) * 1000 / len(lines)


READING = Benchmark("reading", measure)
