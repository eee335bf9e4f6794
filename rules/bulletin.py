"""What a bulletin (通报) is made of, and the facts that it tells, as values (R4–R7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from rules import digest
from rules.appeals import Decision
from rules.bureau import Bureau, Group, Unit
from rules.bureau import Sequence as UnitSequence
from rules.calendar import Period, Quarter
from rules.digest import Appealed, Handled, ItemLoss, Line
from rules.entries import Deduction
from rules.months import Month
from rules.results import Results
from rules.stages import Course, Move, Step
from rules.table import Table, YearTable
from rules.timetable import Timetable


@dataclass(frozen=True)
class Material:
    """All that was read, of one state of the database. Moments are aware.

    `results` are those of the period's quarters and of the period before it; `entries` those of the period's.
    """

    bureau: Bureau
    timetable: Timetable
    results: Mapping[Quarter, Results]
    entries: Sequence[Deduction]
    inspected: Mapping[Quarter, frozenset[str]]
    now: datetime
    leads: Mapping[Quarter, str] = field(default_factory=dict)
    appeals: Sequence[tuple[str, Quarter, Decision | None]] = ()
    """Each appeal's unit and quarter, and what was decided."""
    arrivals: Mapping[tuple[str, Month], datetime] = field(default_factory=dict)
    """When a unit's month first came in (R9)."""
    monthly_day: int = 5
    changed: datetime | None = None
    """When the last entry was written."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a group did in a quarter. `late`: whole days after the deadline, whether it was submitted then or is not yet."""

    group: Group
    quarter: Quarter
    first_day: date
    last_day: date
    units: tuple[Unit, ...]
    left: tuple[Unit, ...]
    """Those that were not inspected."""
    entries: int
    course: Course
    late: int

    @property
    def submitted(self) -> Step | None:
        """The submission that it rests on."""
        return self.course.submitted

    @property
    def confirmed(self) -> Step | None:
        """The confirmation."""
        return self.course.last(Move.CONFIRM)


@dataclass(frozen=True, slots=True)
class Part:
    """One sequence."""

    sequence: UnitSequence
    lines: tuple[Line, ...]
    table: Table | YearTable
    unscored: tuple[Unit, ...]

    @property
    def mean(self) -> Fraction | None:
        """The mean of its scores."""
        return digest.mean([line.score for line in self.lines])


@dataclass(frozen=True, slots=True)
class Losses:
    """What the units of a category lost."""

    category: str
    units: int
    scores: int
    items: tuple[ItemLoss, ...]
    beyond: Decimal
    """What was deducted past the floor and took nothing (R3)."""
    criteria: tuple[digest.Fault, ...]

    @property
    def lost(self) -> Decimal:
        """All that was lost."""
        return sum((item.lost for item in self.items), Decimal(0))


@dataclass(frozen=True, slots=True)
class LateMonth:
    """A month of a unit's officers that came in late, so many days; `late` None: it has not come in."""

    unit: Unit
    month: Month
    late: int | None


@dataclass(frozen=True)
class Facts:
    """Everything a bulletin says."""

    bureau: Bureau
    period: Period
    final: bool
    missing: tuple[Quarter, ...]
    """Of a year: the quarters that are not confirmed yet."""
    leads: Mapping[Quarter, str]
    works: tuple[Work, ...]
    parts: tuple[Part, ...]
    losses: tuple[Losses, ...]
    entries: tuple[Deduction, ...]
    vetoes: tuple[Deduction, ...]
    handled: Handled
    appeals: Appealed
    months: tuple[Month, ...]
    """The months whose returns are looked at."""
    late_months: tuple[LateMonth, ...]
    unexplained: tuple[Deduction, ...]
    changed: datetime | None

    @property
    def lines(self) -> tuple[Line, ...]:
        """The units of every sequence."""
        return tuple(line for part in self.parts for line in part.lines)
