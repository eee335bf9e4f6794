"""A unit's monthly return of its officers' results to the office: versions that are frozen, in time or late (R9)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from rules.months import Month, due_day


class ReturnState(Enum):
    """Where a unit's month stands; the value is the word on screen."""

    IN = "已报送"
    LATE = "逾期报送"
    UNSIGNED = "待签字"
    DUE = "未到期"
    MISSING = "未报送"
    NOT_ASKED = "不用报送"
    """Before the bureau began, or the month is not over."""


@dataclass(frozen=True, slots=True)
class ReturnedItem:
    """One item of an officer as it was returned."""

    name: str
    points: Decimal
    deducted: Decimal


@dataclass(frozen=True, slots=True)
class ReturnedOfficer:
    """An officer's month as it was returned: by id, so that the person can be erased and the figures stand."""

    officer: int
    items: tuple[ReturnedItem, ...]
    coefficient: Decimal
    absence: str | None
    total: Decimal
    result: Decimal


@dataclass(frozen=True, slots=True)
class Return:
    """One version of a unit's month. Moments are UTC. `signed_by` None: the unit's head has not signed yet."""

    id: int
    unit: str
    month: Month
    version: int
    officers: tuple[ReturnedOfficer, ...]
    by: str
    at: datetime
    needs_signature: bool
    reason: str | None = None
    """Why it was sent again; None for the first version."""
    signed_by: str | None = None
    signed_at: datetime | None = None

    @property
    def is_in(self) -> bool:
        """Whether the office has it: sent, and signed where the unit has a head."""
        return not self.needs_signature or self.signed_by is not None

    @property
    def in_at(self) -> datetime | None:
        """When it came in; None while it waits for its signature."""
        if not self.is_in:
            return None
        return self.signed_at if self.needs_signature else self.at


def days_late(month: Month, came: date, monthly_day: int) -> int:
    """Whole days after the day by which the month was due; 0 in time."""
    return max(0, (came - due_day(month, monthly_day)).days)


def state_of(
    month: Month, came: date | None, *, waits: bool, today: date, monthly_day: int, begins: Month
) -> ReturnState:
    """Where a unit's month stands on a day of the bureau. `came` is the day the first version came in."""
    if came is not None:
        return ReturnState.LATE if days_late(month, came, monthly_day) else ReturnState.IN
    if waits:
        return ReturnState.UNSIGNED
    if month < begins or month >= Month.of(today):
        return ReturnState.NOT_ASKED
    return ReturnState.DUE if today <= due_day(month, monthly_day) else ReturnState.MISSING
