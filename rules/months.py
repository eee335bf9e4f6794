"""Civil months: the periods in which units assess their own officers (R9)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from rules.calendar import Quarter, Year


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the civil year."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    @classmethod
    def parse(cls, code: str) -> "Month":
        """The month of a stored code such as 2026-03; ValueError for anything else."""
        match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", code)
        if match is None:
            raise ValueError(f"not a month: {code!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month that a day is in."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Month":
        """The month after this one."""
        return Month(self.year, self.number + 1) if self.number < 12 else Month(self.year + 1, 1)

    @property
    def previous(self) -> "Month":
        """The month before this one."""
        return Month(self.year, self.number - 1) if self.number > 1 else Month(self.year - 1, 12)


def months_between(first: Month, day: date) -> list[Month]:
    """The months from one up to that of a day, both included."""
    found, month = [], first
    while month <= Month.of(day):
        found.append(month)
        month = month.next
    return found


def months_of(period: Quarter | Year) -> tuple[Month, ...]:
    """The civil months of a quarter or of a year: an officer's first quarter is January to March (R9)."""
    if isinstance(period, Year):
        return tuple(Month(period.year, number) for number in range(1, 13))
    first = 3 * (period.number - 1) + 1
    return tuple(Month(period.year, number) for number in range(first, first + 3))


def due_day(month: Month, monthly_day: int) -> date:
    """The day of the next month by which a month's results are due (R9)."""
    return month.next.first.replace(day=monthly_day)


_RELATIVE = {"本月": 0, "这个月": 0, "当月": 0, "上月": 1, "上个月": 1}


def read_month(text: str, today: date) -> Month | None:
    """2026-03, 2026年3月, 3月, 上月: a month; without a year the latest such one that has begun. None where it is none."""
    word = unicodedata.normalize("NFKC", text).strip()
    now = Month.of(today)
    if word in _RELATIVE:
        return now.previous if _RELATIVE[word] else now
    match = re.fullmatch(r"(?:(20\d\d)[-/.年])?(1[0-2]|0?[1-9])(月份?)?", word)
    if match is None or not (match[1] or match[3]):
        return None
    if match[1]:
        return Month(int(match[1]), int(match[2]))
    this_year = Month(now.year, int(match[2]))
    return this_year if this_year <= now else Month(now.year - 1, int(match[2]))
