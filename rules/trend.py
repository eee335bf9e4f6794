"""A unit's quarters one after another, and what they say in one sentence (R4, R5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from rules.calendar import Quarter

PODIUM = 3
"""前三: the places that count as being in front, where there are more units than that."""


@dataclass(frozen=True, slots=True)
class Place:
    """A unit's place among so many units of its sequence; `level` says that all of them have the same score."""

    place: int
    shared: bool
    of: int
    sequence: str
    level: bool = False

    @property
    def tells(self) -> bool:
        """Whether the place says anything: not where there is one unit, or all are level."""
        return self.of > 1 and not self.level

    @property
    def in_front(self) -> bool:
        """Whether it is one of the first three of more than three."""
        return self.tells and self.of > PODIUM >= self.place


@dataclass(frozen=True, slots=True)
class Point:
    """One quarter of a unit. `place` None is not for the person's eyes; `final` is a confirmed result (R7)."""

    quarter: Quarter
    score: Decimal
    place: Place | None
    final: bool
    inspected: bool = True
    vetoed: bool = False


class Says(Enum):
    """What a trend's title says."""

    NOTHING = auto()
    """There is no quarter to show."""
    ALONE = auto()
    """One quarter, nothing to compare it with."""
    LEVEL = auto()
    """All units have the same score in the last quarter."""
    IN_FRONT = auto()
    """So many quarters among the first three."""
    PLACE_UP = auto()
    PLACE_DOWN = auto()
    PLACE_SAME = auto()
    SCORE_UP = auto()
    SCORE_DOWN = auto()
    SCORE_SAME = auto()


@dataclass(frozen=True, slots=True)
class Headline:
    """The answer, with the number of places, points or quarters that it is about."""

    says: Says
    number: Decimal = Decimal(0)


def headline(points: Sequence[Point], *, whole_year: bool = False) -> Headline:
    """What the quarters say, given in order; of a whole year how often the unit was in front, else how it moved.

    A place is compared with the one of the quarter just before only, in the same sequence; else the scores are.
    """
    if not points:
        return Headline(Says.NOTHING)
    last, before = points[-1], points[-2] if len(points) > 1 else None
    front = sum(point.place is not None and point.place.in_front for point in points)
    if whole_year and front and before is not None:
        return Headline(Says.IN_FRONT, Decimal(front))
    if last.place is not None and last.place.of > 1 and last.place.level:
        return Headline(Says.LEVEL)
    if before is None or before.quarter.next != last.quarter:
        return Headline(Says.ALONE)
    return _moved(before, last)


def _moved(before: Point, last: Point) -> Headline:
    old, new = before.place, last.place
    if old is not None and new is not None and old.tells and new.tells and old.sequence == new.sequence:
        steps = old.place - new.place
        says = Says.PLACE_UP if steps > 0 else Says.PLACE_DOWN if steps else Says.PLACE_SAME
        return Headline(says, Decimal(abs(steps)))
    gained = last.score - before.score
    says = Says.SCORE_UP if gained > 0 else Says.SCORE_DOWN if gained else Says.SCORE_SAME
    return Headline(says, abs(gained))
