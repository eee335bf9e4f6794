"""What the config decides of how the work is done: thresholds, days, times of day."""

from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from rules.filings import FilingKind
from rules.methods import CommonPart
from rules.officers import Duties
from rules.reminders import Schedule


class Guard(Enum):
    """What happens to a text with an ID card, phone or bank card number; the value is the word in the config."""

    REFUSE = "refuse"
    MASK = "mask"
    ALLOW = "allow"


NO_LEADS = ("", "", "", "")


@dataclass(frozen=True, slots=True)
class Band:
    """A band (等级): the scores from `at_least` on, up to the next better one."""

    name: str
    at_least: Decimal


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings that rules and handlers ask for. Times of day are in the bureau's zone."""

    approve_from: Decimal = Decimal(5)
    """From so many points on a correction needs a second person (Replacement)."""
    same_within_days: int = 7
    """For so many days after a deduction the same one on the same unit is asked about first; 0: never."""
    appeal_days: int = 3
    """Workdays for an appeal, after the day the unit was told."""
    digest_at: time = time(17, 30)
    head_at: time = time(18, 0)
    guard: Guard = Guard.REFUSE
    schedule: Schedule = field(default_factory=Schedule)
    leads: tuple[str, ...] = NO_LEADS
    """The names of the four quarters' leads (带队局领导) as the config states them; empty where it names none."""
    bands: tuple[Band, ...] = ()
    """The bands of a year's score (等级), best first; none unless the config has some."""
    common_parts: tuple[CommonPart, ...] = ()
    """What units assess their officers by in common (总则及共同部分)."""
    filings: tuple[FilingKind, ...] = ()
    """The documents to file each year (备案, R10); the day they are due is in the schedule."""
    duties: Duties = field(default_factory=Duties)
    single_items: bool = True
    """Whether units may be ranked by a single item."""
    bulletin_template: str = ""
    """The file of the bureau's own layout of a bulletin; empty for the standard one."""

    def band(self, score: Fraction) -> str | None:
        """The band that a year's score falls into: the first whose bound it reaches."""
        return next((band.name for band in self.bands if score >= band.at_least), None)
