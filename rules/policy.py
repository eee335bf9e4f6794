"""What the config decides of how the work is done: thresholds, days, times of day."""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from enum import Enum


class Guard(Enum):
    """What happens to a text with an ID card, phone or bank card number; the value is the word in the config."""

    REFUSE = "refuse"
    MASK = "mask"
    ALLOW = "allow"


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings that rules and handlers ask for. Times of day are in the bureau's zone."""

    approve_from: Decimal = Decimal(5)
    """From so many points on a correction needs a second person (Replacement)."""
    appeal_days: int = 3
    """Workdays for an appeal, after the day the unit was told."""
    digest_at: time = time(17, 30)
    head_at: time = time(18, 0)
    guard: Guard = Guard.REFUSE
