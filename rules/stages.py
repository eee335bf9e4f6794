"""The life of a quarter with its group: open, submitted or returned, confirmed, published (R7)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from rules.bureau import Unit
from rules.calendar import Calendar, Quarter
from rules.progress import Progress
from rules.refusals import (
    AppealsStand,
    CorrectionsWait,
    ExtensionTooLate,
    ExtensionTooShort,
    NoLead,
    NotWaved,
    QuarterClosed,
    Unexplained,
    WrongStage,
)


class Stage(Enum):
    """Where a quarter stands with its group (R7); the value is the word on screen."""

    OPEN = "登记中"
    SUBMITTED = "已提交"
    CONFIRMED = "已审定"
    PUBLISHED = "已公布"


class Move(Enum):
    """A step from one stage to the next, or back; the value is the word on screen."""

    SUBMIT = "提交"
    RETURN = "退回"
    CONFIRM = "审定"
    PUBLISH = "公布"


FROM = {
    Move.SUBMIT: Stage.OPEN,
    Move.RETURN: Stage.SUBMITTED,
    Move.CONFIRM: Stage.SUBMITTED,
    Move.PUBLISH: Stage.CONFIRMED,
}
"""The stage in which a step can be made."""

TO = {
    Move.SUBMIT: Stage.SUBMITTED,
    Move.RETURN: Stage.OPEN,
    Move.CONFIRM: Stage.CONFIRMED,
    Move.PUBLISH: Stage.PUBLISHED,
}
"""The stage that it leads to."""

SETTLED = frozenset({Stage.CONFIRMED, Stage.PUBLISHED})
"""The results are stored and never move again."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step that was made: by whom (the name), when (UTC), and what stands with it."""

    move: Move
    at: datetime
    by: str
    reason: str | None = None
    """Why it was returned."""
    waved: tuple[str, ...] = ()
    """The codes of the units that were waved through uninspected."""
    lead: str | None = None
    """The quarter lead (带队局领导) whose name the confirmation bears."""
    late: int = 0
    """Whole days after the deadline."""


@dataclass(frozen=True, slots=True)
class Course:
    """A group's quarter with every step that was made, oldest first."""

    group: str
    quarter: Quarter
    steps: tuple[Step, ...] = ()

    @property
    def stage(self) -> Stage:
        """Where it stands now."""
        return TO[self.steps[-1].move] if self.steps else Stage.OPEN

    def last(self, move: Move) -> Step | None:
        """The latest step of a kind, None where there was none."""
        return next((step for step in reversed(self.steps) if step.move is move), None)

    @property
    def returned(self) -> Step | None:
        """The return that is still to be answered by a new submission."""
        return self.steps[-1] if self.steps and self.steps[-1].move is Move.RETURN else None

    @property
    def submitted(self) -> Step | None:
        """The submission that it rests on; None while it is open."""
        return None if self.stage is Stage.OPEN else self.last(Move.SUBMIT)


def check_open(course: Course) -> None:
    """Refuse to write into a quarter that was submitted: QuarterClosed (R7)."""
    if course.stage is not Stage.OPEN:
        raise QuarterClosed(course.quarter, course.stage.value)


def check_not_settled(course: Course) -> None:
    """Refuse to touch what a confirmed quarter was made of: QuarterClosed (R7)."""
    if course.stage in SETTLED:
        raise QuarterClosed(course.quarter, course.stage.value)


def check_move(course: Course, move: Move) -> None:
    """Refuse a step that does not follow from where the quarter stands: WrongStage."""
    if course.stage is not FROM[move]:
        raise WrongStage(course.group, course.quarter, course.stage.value, move.value)


def check_submission(progress: Progress, waved: Collection[str]) -> tuple[Unit, ...]:
    """The units that go in uninspected, each waved through by name (R7). Unexplained, NotWaved.

    Units that were inspected meanwhile need no waving, whatever was waved before.
    """
    if progress.unexplained:
        raise Unexplained(progress.quarter, progress.unexplained)
    left = tuple(unit.unit for unit in progress.left)
    missing = tuple(unit for unit in left if unit.code not in waved)
    if missing:
        raise NotWaved(missing)
    return left


@dataclass(frozen=True, slots=True)
class Standing:
    """What may stand in the way of a confirmation (Appeals, Replacement): numbers of entries, and a day."""

    appeals: tuple[int, ...] = ()
    """Entries whose appeal is not decided."""
    windows: tuple[int, ...] = ()
    """Living entries against which an appeal can still be made."""
    until: date | None = None
    """The last day of these windows that is known; None where none is."""
    proposals: tuple[int, ...] = ()
    """Entries whose correction waits for a second person."""


def check_confirmation(standing: Standing, lead: str | None, quarter: Quarter) -> None:
    """Refuse to confirm while anything can still change, or without the lead's name: AppealsStand, CorrectionsWait, NoLead."""
    if standing.appeals or standing.windows:
        raise AppealsStand(standing.appeals, standing.windows, standing.until)
    if standing.proposals:
        raise CorrectionsWait(standing.proposals)
    if lead is None:
        raise NoLead(quarter)


def days_late(calendar: Calendar, quarter: Quarter, moment: datetime) -> int:
    """Whole days after the group's deadline at an aware moment; 0 on the day itself and before."""
    return max(0, -calendar.days_left(quarter, moment))


def check_extension(course: Course, calendar: Calendar, day: date, today: date) -> None:
    """Refuse a day that is no extension: QuarterClosed, ExtensionTooShort, ExtensionTooLate.

    `calendar` is the bureau's own, without extensions: a day typed wrong can be put right by a second extension.
    """
    check_open(course)
    earliest = max(calendar.last_day(course.quarter) + timedelta(days=1), today)
    if day < earliest:
        raise ExtensionTooShort(day, earliest)
    following = calendar.last_day(course.quarter.next)
    if day >= following:
        raise ExtensionTooLate(day, following)
