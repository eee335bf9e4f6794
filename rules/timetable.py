"""Every group's own calendar with its extensions, and where each of its quarters stands (R6, R7, Extension)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from rules.calendar import Calendar, Quarter
from rules.periods import default_quarter, late_quarters
from rules.stages import SETTLED, Course, Move, Stage


@dataclass(frozen=True)
class Timetable:
    """The bureau's calendar, its first quarter, what was extended, and every course that has a step."""

    calendar: Calendar
    begins: Quarter
    extended: Mapping[tuple[str, Quarter], date] = field(default_factory=dict)
    """(group, quarter) → its last day."""
    courses: Mapping[tuple[str, Quarter], Course] = field(default_factory=dict)

    def of(self, group: str) -> Calendar:
        """The calendar that a group works by."""
        own = {quarter: day for (name, quarter), day in self.extended.items() if name == group}
        return self.calendar.with_extensions(own)

    def course(self, group: str, quarter: Quarter) -> Course:
        """A group's quarter with its steps."""
        return self.courses.get((group, quarter)) or Course(group, quarter)

    def stage(self, group: str, quarter: Quarter) -> Stage:
        """Where a group's quarter stands."""
        return self.course(group, quarter).stage

    def running(self, groups: Collection[str], moment: datetime) -> Quarter:
        """The quarter that runs for these groups at an aware moment; of two groups, one extended, the later one.

        Without any group the bureau's own.
        """
        quarters = [self.of(group).quarter_of(moment) for group in groups]
        return max(quarters, default=self.calendar.quarter_of(moment))

    def open_late(self, group: str, moment: datetime) -> tuple[Quarter, ...]:
        """The group's quarters that are past their deadline and still written to (Late group)."""
        running = self.of(group).quarter_of(moment)
        begun = late_quarters(self.begins, running)
        return tuple(quarter for quarter in begun if self.stage(group, quarter) is Stage.OPEN)

    def due(self, group: str, moment: datetime) -> Quarter:
        """The quarter that the group owes next: the earliest that is late and open, else the running one."""
        return next(iter(self.open_late(group, moment)), self.of(group).quarter_of(moment))

    def default(self, groups: Collection[str], moment: datetime) -> Quarter:
        """The quarter that a question about these groups is about, where it names none (Default period)."""
        running = self.running(groups, moment)
        published = {
            quarter
            for (_, quarter) in self.courses
            if all(self.stage(group, quarter) is Stage.PUBLISHED for group in groups)
        }
        return default_quarter(self.begins, running, published)

    def published(self, quarter: Quarter) -> frozenset[str]:
        """The groups whose results of a quarter are published."""
        return frozenset(
            group for (group, q), c in self.courses.items() if q == quarter and c.stage is Stage.PUBLISHED
        )

    def settled(self, quarter: Quarter, before: datetime | None = None) -> frozenset[str]:
        """The groups whose results of a quarter are confirmed, and so stored; by an aware moment where one is given."""
        return frozenset(
            group
            for (group, q), course in self.courses.items()
            if q == quarter and course.stage in SETTLED and (before is None or _confirmed(course) < before)
        )


def _confirmed(course: Course) -> datetime:
    step = course.last(Move.CONFIRM)
    assert step is not None
    return step.at
