"""A deduction that is being made clear: what is known of it, and what is asked next."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from rules.calendar import Quarter


class Asks(Enum):
    """What a draft waits for."""

    UNIT = "unit"
    ITEM = "item"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class DeductionDraft:
    """What a person said so far. `choices` are what may be pressed, in the buttons' order."""

    at: datetime
    """The moment of the message, UTC: it decides the quarter where none is named (R6)."""
    units: tuple[str, ...]
    """The unit's code; several where it is not clear which."""
    items: tuple[str, ...]
    points: Decimal
    quarter: Quarter | None
    inspected_on: date
    reason: str | None
    asks: Asks | None = None
    choices: tuple[str, ...] = ()
