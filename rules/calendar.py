"""Quarters and years of assessment: when they begin, when they are due, and how people name them (R6)."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MONTH_DAYS = ((3, 15), (6, 15), (9, 15), (12, 1))
"""The plan's deadlines of the four quarters, (month, day), each still inside its day (R6)."""

_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of an assessment year. Its days are the calendar's business, not the civil quarter's."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def next(self) -> "Quarter":
        """The quarter after this one."""
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    @property
    def previous(self) -> "Quarter":
        """The quarter before this one."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @classmethod
    def parse(cls, code: str) -> "Quarter":
        """The quarter of a stored code such as 2026Q1; ValueError for anything else."""
        match = re.fullmatch(r"(\d{4})Q([1-4])", code)
        if match is None:
            raise ValueError(f"not a quarter: {code!r}")
        return cls(int(match[1]), int(match[2]))


@dataclass(frozen=True, slots=True, order=True)
class Year:
    """An assessment year: the four quarters of one number."""

    year: int

    def __str__(self) -> str:
        return str(self.year)

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """Its four quarters in order."""
        return tuple(Quarter(self.year, number) for number in (1, 2, 3, 4))


Period = Quarter | Year


@dataclass(frozen=True)
class Calendar:
    """The bureau's zone and the last day of each quarter, (month, day) from the first to the fourth.

    `extended` holds the quarters that have another last day: a group's calendar is the bureau's with its extensions.
    """

    zone: ZoneInfo
    deadlines: tuple[tuple[int, int], ...] = MONTH_DAYS
    extended: Mapping[Quarter, date] = field(default_factory=dict, hash=False)

    def with_extensions(self, extended: Mapping[Quarter, date]) -> "Calendar":
        """The same calendar with these last days (Extension)."""
        return replace(self, extended=extended) if extended else self

    def last_day(self, quarter: Quarter) -> date:
        """The day of the deadline; the quarter still runs through the whole of it (R6)."""
        if quarter in self.extended:
            return self.extended[quarter]
        month, day = self.deadlines[quarter.number - 1]
        return date(quarter.year, month, day)

    def first_day(self, quarter: Quarter) -> date:
        """The day after the previous deadline (R6)."""
        return self.last_day(quarter.previous) + timedelta(days=1)

    def ends(self, quarter: Quarter) -> datetime:
        """The aware moment, in the bureau's zone, at which the quarter is over (its last day's midnight)."""
        return datetime.combine(self.last_day(quarter) + timedelta(days=1), time(), tzinfo=self.zone)

    def day(self, moment: datetime) -> date:
        """The bureau's day of an aware moment."""
        return moment.astimezone(self.zone).date()

    def quarter_of(self, moment: datetime) -> Quarter:
        """The quarter that runs at an aware moment: from 12-02 it is the first of the next year (R6)."""
        return _quarter_on(self, self.day(moment))

    def days_left(self, quarter: Quarter, moment: datetime) -> int:
        """Whole days from the moment's day to the deadline's; 0 on the day itself, negative after it."""
        return (self.last_day(quarter) - self.day(moment)).days


@lru_cache(maxsize=256)
def _quarter_on(calendar: Calendar, today: date) -> Quarter:
    """Kept: every message asks it several times, of a few calendars and of today."""
    # An extension may carry last year's fourth quarter into this one.
    quarter = Quarter(today.year, 1).previous
    while calendar.last_day(quarter) < today:
        quarter = quarter.next
    return quarter


def read_period(text: str, running: Quarter) -> Period | None:
    """The period that a word names, None where it names none.

    Without a year it is the latest such quarter that has begun when `running` runs, and 年度 is the year of `running`:
    on 2026-12-10, when 2027Q1 runs, 四季度 is 2026Q4.
    """
    word = unicodedata.normalize("NFKC", text).strip().upper()
    for read in (_relative, _numbered, _whole_year):
        period = read(word, running)
        if period is not None:
            return period
    return None


def _relative(word: str, running: Quarter) -> Period | None:
    known: dict[str, Period] = {
        "本季度": running,
        "这季度": running,
        "上季度": running.previous,
        "上个季度": running.previous,
        "年度": Year(running.year),
        "本年度": Year(running.year),
        "今年": Year(running.year),
        "全年": Year(running.year),
        "上年度": Year(running.year - 1),
        "去年": Year(running.year - 1),
    }
    return known.get(word)


def _numbered(word: str, running: Quarter) -> Quarter | None:
    match = re.fullmatch(r"(?:(20\d\d)(?:年度?)?[-/]?)?(?:第?([一二三四1-4])季度?|Q([1-4]))", word)
    if match is None:
        return None
    digit = match[2] or match[3]
    number = _DIGITS.get(digit) or int(digit)
    if match[1]:
        return Quarter(int(match[1]), number)
    this_year = Quarter(running.year, number)
    return this_year if this_year <= running else Quarter(running.year - 1, number)


def _whole_year(word: str, running: Quarter) -> Year | None:
    match = re.fullmatch(r"(20\d\d)(?:年度?)?", word)
    return Year(int(match[1])) if match else None
