"""Entries of the ledger as the rules see them (R2, R11, R12)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from rules.calendar import Quarter
from rules.score import Taken


@dataclass(frozen=True, slots=True)
class Reversal:
    """What took an entry back: its own number in the ledger, by whom, when (UTC) and why."""

    number: int
    author: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Basis:
    """The criterion that a deduction was made by, in its words of that day (细则)."""

    code: str
    text: str
    times: int
    veto: bool


@dataclass(frozen=True, slots=True)
class Deduction:
    """An entry with all that was added to it since; the entry itself never changes (R11)."""

    number: int
    unit: str
    item: str
    points: Decimal
    quarter: Quarter
    at: datetime
    """The moment it counts from, UTC: the message's date, or when the press was taken in."""
    inspected_on: date
    author_id: int
    author: str
    reason: str | None
    group: str
    """The group whose part of the ledger it stands in."""
    reversal: Reversal | None = None
    basis: Basis | None = None
    replaces: int | None = None
    """The entry in whose place it stands (R11)."""
    replaced_by: int | None = None

    @property
    def lives(self) -> bool:
        """Whether it still takes points."""
        return self.reversal is None

    @property
    def vetoes(self) -> bool:
        """Whether it was made by a criterion that is a veto (一票否决)."""
        return self.basis is not None and self.basis.veto

    @property
    def criterion(self) -> str | None:
        """The code of the criterion that it was made by."""
        return self.basis.code if self.basis is not None else None

    @property
    def taken(self) -> Taken:
        """What it took, for the score."""
        return Taken(self.number, self.item, self.points)


UNDO_REASON = "误记"
"""The reason of an author's own undo on the same day (R11)."""


def vetoes(entries: Iterable[Deduction]) -> tuple[Deduction, ...]:
    """The living entries that are a veto (一票否决): shown beside the score, never silently in it."""
    return tuple(entry for entry in entries if entry.lives and entry.vetoes)


def may_undo(deduction: Deduction, person_id: int, today: date, logged_on: date) -> bool:
    """Whether a person may take the entry back by itself: its author, on the day it was logged, once (R11).

    What stands in another entry's place was agreed on as such, and is put right with a reason.
    `today` and `logged_on` are days of the bureau's zone.
    """
    own = deduction.author_id == person_id and deduction.replaces is None
    return deduction.lives and own and today == logged_on


REASON_WAIT = timedelta(minutes=10)
"""How long plain text is taken as the reason of the one entry that waits for it (Reason)."""

LONGEST_REASON = 500
"""Characters of a reason; a card and a table still hold it."""
