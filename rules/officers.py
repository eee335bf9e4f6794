"""Officers and what they scored in a month (R9): the same arithmetic as a unit's, with coefficients and months without service."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from rules.bureau import Unit
from rules.entries import Reversal
from rules.months import Month
from rules.ranking import Standing, rank
from rules.scheme import Scheme
from rules.score import UnitScore, unit_score

ERASED = "（已删除）"
"""What stands for the name of an officer whose personal data were erased."""


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who is assessed by the own unit (民警). `number` is the badge number, `duty` the post, as the unit calls it."""

    id: int
    name: str
    number: str = ""
    duty: str = ""
    erased: bool = False

    @property
    def code(self) -> str:
        """The id as a name is read against."""
        return str(self.id)


@dataclass(frozen=True, slots=True)
class Service:
    """From when until when (both days included) an officer belongs to a unit; `until` None: still."""

    officer: int
    unit: str
    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the officer belongs to the unit on that day."""
        return self.since <= day and (self.until is None or day <= self.until)


def unit_in(services: Iterable[Service], month: Month) -> str | None:
    """The unit that assesses an officer in a month: the one it belongs to on the last of its days that it serves.

    Who moves in the middle of a month is assessed by the new unit; who leaves, by the one it left. None: not in service.
    """
    best: tuple[date, str] | None = None
    for service in services:
        last = min(service.until or month.last, month.last)
        if service.since <= month.last and last >= month.first and (best is None or last > best[0]):
            best = (last, service.unit)
    return best[1] if best is not None else None


@dataclass(frozen=True, slots=True)
class OfficerDeduction:
    """An entry on an officer with all that was added to it since; the entry itself never changes (R11)."""

    number: int
    officer: int
    unit: str
    item: str
    points: Decimal
    month: Month
    at: datetime
    """The moment of the message or of the press, UTC."""
    author_id: int
    author: str
    reason: str | None
    found_on: date | None = None
    """The day that it is about, where it is another than the message's."""
    reversal: Reversal | None = None
    replaces: int | None = None
    replaced_by: int | None = None

    @property
    def lives(self) -> bool:
        """Whether it still takes points."""
        return self.reversal is None


@dataclass(frozen=True, slots=True)
class Duties:
    """What the config says of coefficients and absences."""

    absences: tuple[str, ...] = ("休假", "借调")
    """Marks of a month that does not count."""
    coefficients: Mapping[str, Decimal] = field(default_factory=dict)
    """By duty, or by a mark of the same name: the score is taken times this."""


@dataclass(frozen=True, slots=True)
class OfficerMonth:
    """An officer's month: its score, the coefficient, and why it does not count, if so."""

    officer: Officer
    month: Month
    score: UnitScore
    coefficient: Decimal = Decimal(1)
    absence: str | None = None

    @property
    def counts(self) -> bool:
        """Whether it enters means and places."""
        return self.absence is None

    @property
    def result(self) -> Decimal:
        """The exact score times the coefficient: at most four decimals."""
        return self.score.total * self.coefficient


@dataclass(frozen=True, slots=True)
class UnitMonth:
    """A unit's officers in a month, in order of place; those that do not count stand beside them."""

    unit: Unit
    month: Month
    scheme: Scheme
    rows: tuple[tuple[OfficerMonth, Standing[Decimal]], ...]
    absent: tuple[OfficerMonth, ...]
    changed: datetime | None = None
    """When the last entry or mark that is in it was written, UTC; None before the first."""

    @property
    def everybody(self) -> tuple[OfficerMonth, ...]:
        """Every officer of the unit in that month."""
        return (*(row for row, _ in self.rows), *self.absent)

    def of(self, officer: int) -> OfficerMonth | None:
        """One officer's month; None where the officer is not of the unit in it."""
        return next((month for month in self.everybody if month.officer.id == officer), None)


def coefficient_of(officer: Officer, mark: str | None, duties: Duties) -> Decimal:
    """The coefficient of an officer's month: that of its mark, else that of its duty, else 1."""
    for word in (mark, officer.duty):
        if word and word in duties.coefficients:
            return duties.coefficients[word]
    return Decimal(1)


def tabulate_month(
    unit: Unit,
    month: Month,
    scheme: Scheme,
    officers: Iterable[Officer],
    *,
    sums: Mapping[int, Mapping[str, Decimal]],
    marks: Mapping[int, str],
    duties: Duties,
    changed: datetime | None = None,
) -> UnitMonth:
    """The unit's officers, given in the roster's order, by what their living entries took (R3, R4, R5)."""
    found = []
    for officer in officers:
        mark = marks.get(officer.id)
        score = unit_score(officer.code, scheme, sums.get(officer.id, {}))
        absence = mark if mark in duties.absences else None
        found.append(OfficerMonth(officer, month, score, coefficient_of(officer, mark, duties), absence))
    by_code = {row.officer.code: row for row in found}
    standings = rank([(row.officer.code, row.result) for row in found if row.counts])
    rows = tuple((by_code[standing.unit], standing) for standing in standings)
    return UnitMonth(unit, month, scheme, rows, tuple(row for row in found if not row.counts), changed)


@dataclass(frozen=True, slots=True)
class OfficerPeriod:
    """An officer's months of a quarter or a year in one unit: those that count, and those that do not with the reason."""

    officer: Officer
    counted: tuple[OfficerMonth, ...]
    absent: tuple[OfficerMonth, ...]

    @property
    def mean(self) -> Fraction | None:
        """The exact mean of the months that count; None where none does (R9)."""
        values = [Fraction(month.result) for month in self.counted]
        return sum(values, Fraction(0)) / len(values) if values else None


@dataclass(frozen=True, slots=True)
class UnitPeriod:
    """A unit's officers over several months, in order of the means; who has no month that counts stands beside them."""

    unit: Unit
    months: tuple[Month, ...]
    rows: tuple[tuple[OfficerPeriod, Standing[Fraction]], ...]
    absent: tuple[OfficerPeriod, ...]


def tabulate_period(unit: Unit, months: Iterable[UnitMonth]) -> UnitPeriod:
    """The officers over these months by the means of the months that count (R5, R9)."""
    taken = tuple(months)
    officers = {row.officer.id: row.officer for month in taken for row in month.everybody}
    found = {}
    for id_, officer in sorted(officers.items()):
        own = [row for month in taken if (row := month.of(id_)) is not None]
        found[officer.code] = OfficerPeriod(
            officer, tuple(row for row in own if row.counts), tuple(row for row in own if not row.counts)
        )
    standings = rank([(code, mean) for code, one in found.items() if (mean := one.mean) is not None])
    rows = tuple((found[standing.unit], standing) for standing in standings)
    return UnitPeriod(
        unit,
        tuple(month.month for month in taken),
        rows,
        tuple(one for one in found.values() if one.mean is None),
    )
