"""What a text means: deductions with what is clear and what is not, a correction, or nothing of the kind."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum

from rules.calendar import Period
from rules.months import Month


class Slot(Enum):
    """A part of a deduction."""

    UNIT = "unit"
    ITEM = "item"
    POINTS = "points"
    TIMES = "times"
    DAY = "day"
    QUARTER = "quarter"
    REASON = "reason"


class Why(Enum):
    """What is unclear about it."""

    MISSING = "missing"
    SEVERAL = "several"
    """Several things of that name; `choices`."""
    UNKNOWN = "unknown"
    """Nothing of that name; `choices` are what resembles it."""
    LEFT = "left"
    """It looks like one, and what was read leaves no place for it."""
    MALFORMED = "malformed"
    VAGUE = "vague"
    PLUS = "plus"
    """Points would be added (R2)."""
    TOTAL = "total"
    """Points of several units or items together."""
    EITHER = "either"
    """A number that may be points, or the criterion of that code; `choices` is the code."""
    IMPOSSIBLE = "impossible"
    """No such day, or no such criterion."""
    FUTURE = "future"
    DENIED = "denied"
    """It is said that nothing is deducted."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What has to be asked, in the person's own words."""

    slot: Slot
    why: Why
    text: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One deduction as far as it is said. None is what was not said; a doubt is what was not clear."""

    unit: str | None = None
    """The unit's code, or an officer's."""
    item: str | None = None
    points: Decimal | None = None
    criterion: str | None = None
    times: int | None = None
    inspected_on: date | None = None
    quarter: Period | None = None
    month: Month | None = None
    """Of an officer's deduction."""
    reason: str | None = None
    doubts: tuple[Doubt, ...] = ()
    surely: bool = True
    """Nothing in it was read in a way that should be looked at first."""

    def doubt(self, slot: Slot) -> Doubt | None:
        """What is unclear about a part."""
        return next((doubt for doubt in self.doubts if doubt.slot is slot), None)

    @property
    def clear(self) -> bool:
        """Whether it can be written as it stands."""
        return not self.doubts

    def but(self, *doubts: Doubt) -> "Entry":
        """The same with more doubts, one for each part of it."""
        if not doubts:
            return self
        known = {doubt.slot for doubt in self.doubts}
        return replace(self, doubts=(*self.doubts, *(doubt for doubt in doubts if doubt.slot not in known)))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a message, as typed, with the deductions that it says; none where it says none."""

    text: str
    entries: tuple[Entry, ...] = ()
    note: bool = False
    """It is a heading or says that nothing was found: no deduction is missing."""
    denied: tuple[str, ...] = ()
    """What of it says that nothing is taken, as typed: it is told, as it is not logged."""


class Outcome(Enum):
    """What follows from a message."""

    WRITE = "write"
    CONFIRM = "confirm"
    ASK = "ask"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Message:
    """A message, read."""

    outcome: Outcome
    lines: tuple[Line, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The deductions of all lines."""
        return tuple(entry for line in self.lines for entry in line.entries)

    @property
    def denied(self) -> tuple[str, ...]:
        """What of all lines says that nothing is taken."""
        return tuple(text for line in self.lines for text in line.denied)
