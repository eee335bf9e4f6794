"""What tables mean where they say a thing twice, or only in their title: points, counts of a criterion, periods."""

import math
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction

from rules.calendar import Calendar, Quarter
from rules.months import Month, read_month
from rules.scheme import FULL_MARKS, Criterion, Item
from rules.text import plain

MOST_ROWS = 2_000
"""Rows of one file."""

_COUNTS = re.compile(r"(?:数量|个数|起数|件数|(?:问题|扣分|发现|违规)次数)|\(?单位[:：][个次件起处家人]\)?")
_DAY = re.compile(
    r"(?<!\d)(20\d\d)[年./-](\d{1,2})[月./-](\d{1,2})(?!\d)日?+(?!起|印发|施行|实施|发布|下发|修订|制定)"
)
_YEAR_IN_NUMERALS = re.compile("二[〇零○Oo0][二三][〇零○一二三四五六七八九Oo0](?=年)")
_DIGITS = str.maketrans("〇零○Oo一二三四五六七八九", "00000123456789")
_SHORT_YEAR = re.compile(r"(?<![\d满近约第])([23]\d)年(?![内限以来前后])")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_TITLE_YEAR = re.compile(r"(?<!\d)(20\d\d)年(?!\d{1,2}月\d)")
_QUARTER = re.compile(r"第?([一二三四1-4])季度|Q([1-4])(?!\d)", re.IGNORECASE)
_SPAN = re.compile(r"第?([一二三四1-4])(?:季度)?[、至到和~\-–—]第?([一二三四1-4])季度")
_HALVES = {"上半年": (1, 2), "下半年": (3, 4)}
_NUMERALS = {sign: number for number, sign in enumerate("一二三四", start=1)}
_MONTH = re.compile(
    r"(?<!\d)(?:20\d\d(?:年|[-./](?=\d{1,2}月?(?![\d.\-/日号]))))?(?:1[0-2]|0?[1-9])月份?(?!\d{1,2}[日号]|\d)"
)
_YEAR_MONTH = re.compile(r"(?<!\d)20\d\d[-./](?:1[0-2]|0?[1-9])(?![\d.\-/])")


def times_for(item: Item, criterion: Criterion, points: Decimal) -> int | None:
    """How often a criterion was found where it took so many points; None where it cannot take them."""
    if item.taken_by(criterion, 1) == points:
        return 1
    if not criterion.countable or criterion.points is None:
        return None
    times = math.ceil(Fraction(points) / Fraction(criterion.points))
    return times if times > 0 and item.taken_by(criterion, times) == points else None


def named_quarters(texts: Iterable[str], running: Quarter, calendar: Calendar) -> tuple[Quarter, ...]:
    """The quarters that a table's titles name, each once; where they name none, those of the months that they name.

    A month on whose days one quarter ends and the next begins names none. Without a year it is the latest that has begun.
    """
    several = [_joined(text) for text in texts]
    found: dict[Quarter, None] = {}
    for text in several:
        year = _YEAR.search(text)
        for number in _numbers(text):
            latest = Quarter(running.year if number <= running.number else running.year - 1, number)
            found[Quarter(int(year[0]), number) if year is not None else latest] = None
    return tuple(found) or _of_months(several, running, calendar)


def _numbers(text: str) -> list[int]:
    """The numbers of the quarters in a text: 第三季度, 一至三季度, 上半年, Q3."""
    numbers = [number for half, both in _HALVES.items() if half in text for number in both]
    for first, last in _SPAN.findall(text):
        numbers += range(_number(first), _number(last) + 1)
    return numbers + [_number(sign or digit) for sign, digit in _QUARTER.findall(text)]


def _number(sign: str) -> int:
    return _NUMERALS.get(sign) or int(sign)


def _of_months(texts: Iterable[str], running: Quarter, calendar: Calendar) -> tuple[Quarter, ...]:
    found: dict[Quarter, None] = {}
    for month in named_months(texts, calendar.last_day(running)):
        days = {
            quarter
            for quarter in _around(running)
            if calendar.first_day(quarter) <= month.last and calendar.last_day(quarter) >= month.first
        }
        found |= dict.fromkeys(days if len(days) == 1 else ())
    return tuple(found)


def _around(running: Quarter) -> list[Quarter]:
    """The quarters of two years back, and the next."""
    quarters = [running.next]
    for _ in range(9):
        quarters.append(quarters[-1].previous)
    return quarters


def says_counts(titles: Iterable[str]) -> bool:
    """Whether a table's titles say that it tells how many findings there were, and not what they cost."""
    return any(_COUNTS.search(_joined(title)) for title in titles)


def named_days(texts: Iterable[str]) -> tuple[date, ...]:
    """The days that a table's titles name with their year: when it was made. One from which a rule holds is none."""
    found: dict[date, None] = {}
    for text in texts:
        for year, month, day in _DAY.findall(_joined(text)):
            with suppress(ValueError):
                found[date(int(year), int(month), int(day))] = None
    return tuple(found)


def _joined(text: str) -> str:
    """A title without gaps, its year in four digits: 二〇二五年 and 25年 are 2025年."""
    bare = re.sub(r"\s", "", plain(text))
    bare = _YEAR_IN_NUMERALS.sub(lambda year: year[0].translate(_DIGITS), bare)
    return _SHORT_YEAR.sub(r"20\1年", bare)


def named_months(texts: Iterable[str], today: date) -> tuple[Month, ...]:
    """The months that a table's titles name, each once; a day of a month is none. Without a year the latest that has begun."""
    found: dict[Month, None] = {}
    for text in texts:
        for pattern in (_MONTH, _YEAR_MONTH):
            for word in pattern.findall(_joined(text)):
                month = read_month(word, today)
                assert month is not None
                found[month] = None
    return tuple(found)


def named_years(texts: Iterable[str]) -> tuple[int, ...]:
    """The years that a table's titles name, each once: last year's sheet is told by them. A day's year is none."""
    found = (_TITLE_YEAR.findall(_joined(text)) for text in texts)
    return tuple(dict.fromkeys(int(year) for years in found for year in years))


def days_outside(days: Iterable[date], quarter: Quarter, calendar: Calendar) -> tuple[date, ...]:
    """The days that lie in another quarter, in order, each once."""
    first, last = calendar.first_day(quarter), calendar.last_day(quarter)
    return tuple(sorted({day for day in days if not first <= day <= last}))


def says_scores(titles: Iterable[str]) -> bool:
    """Whether a table's titles say that it tells what was reached, and not what was lost."""
    said = "".join(map(plain, titles))
    return "得分" in said and "扣分" not in said


def looks_like_scores(total: Decimal, filled: int, count: int) -> bool:
    """Whether a row of a table of points looks like what was reached: every item is filled, and little is missing to 100."""
    return filled == count > 1 and 2 * total > FULL_MARKS
