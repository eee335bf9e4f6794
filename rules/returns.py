"""A unit's monthly return of its officers' results to the office: versions that are frozen, in time or late (R9)."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from rules.bureau import Unit
from rules.calendar import Calendar, Quarter
from rules.months import Month, due_day
from rules.officers import OfficerDeduction, UnitMonth
from rules.ranking import Standing, rank
from rules.refusals import Lack, NotReturnable, ReturnUnexplained


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
    """One version of a unit's month; its figures are kept beside it. Moments are UTC.

    `signed_by` and `refused_by` both None while `needs_signature`: the unit's head has not looked at it yet.
    """

    id: int
    unit: str
    month: Month
    version: int
    by: str
    at: datetime
    needs_signature: bool = False
    reason: str | None = None
    """Why it was sent again; None where nothing had been sent before."""
    signed_by: str | None = None
    signed_at: datetime | None = None
    refused_by: str | None = None
    refused_at: datetime | None = None
    refusal: str | None = None
    """Why the head gave it back: it counts as not sent."""

    @property
    def is_in(self) -> bool:
        """Whether the office has it: sent, and signed where the unit has a head."""
        return not self.needs_signature or self.signed_by is not None

    @property
    def waits(self) -> bool:
        """Whether the unit's head has neither signed it nor given it back."""
        return not self.is_in and self.refused_by is None

    @property
    def in_at(self) -> datetime | None:
        """When it came in; None while it is not in."""
        if not self.is_in:
            return None
        return self.signed_at if self.needs_signature else self.at


@dataclass(frozen=True, slots=True)
class MonthReturns:
    """Where a unit's month stands: its versions, oldest first."""

    versions: tuple[Return, ...] = ()
    headed: bool = True
    """Whether the unit has a head now: a version that waits for one who is gone counts as not sent."""

    @property
    def came(self) -> datetime | None:
        """When the first version came in, which decides whether the month is in time; None before."""
        return min((version.in_at for version in self.versions if version.in_at is not None), default=None)

    @property
    def current(self) -> Return | None:
        """The newest version that the office has."""
        return next((version for version in reversed(self.versions) if version.is_in), None)

    @property
    def waiting(self) -> Return | None:
        """The newest version while it waits for the head's signature; an older one is replaced by what came after it."""
        newest = self.versions[-1] if self.versions else None
        return newest if newest is not None and newest.waits and self.headed else None

    @property
    def sent(self) -> bool:
        """Whether the liaison has done its part."""
        return self.came is not None or self.waiting is not None


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """What reminders and overviews are made of in a month, by the units' codes."""

    returns: Mapping[str, MonthReturns] = field(default_factory=dict)
    staffed: Collection[str] = ()
    """The units that have officers in the month."""
    methodical: Collection[str] = ()
    """The units whose method is whole."""

    def of(self, unit: str) -> MonthReturns:
        """Where a unit's month stands."""
        return self.returns.get(unit) or MonthReturns()

    def lack(self, unit: str) -> Lack | None:
        """What the unit has to do before it can return the month at all."""
        if unit not in self.staffed:
            return Lack.NO_OFFICERS
        return None if unit in self.methodical else Lack.NO_METHOD


def first_month(calendar: Calendar, begins: Quarter) -> Month:
    """The first month that is returned: the one that the bureau's first quarter began in (Beginning)."""
    return Month.of(calendar.first_day(begins))


def default_month(today: date, begins: Month, sent: Collection[Month]) -> Month:
    """The latest month that is over and was not sent; the last month where there is none such."""
    last = month = Month.of(today).previous
    while month >= begins:
        if month not in sent:
            return month
        month = month.previous
    return last


def check_month(unit: Unit, month: Month, *, today: date, begins: Month) -> None:
    """Refuse a month that cannot be returned yet, or never: NotReturnable."""
    if month < begins:
        raise NotReturnable(unit, month, Lack.NOT_BEGUN, begins)
    if month >= Month.of(today):
        raise NotReturnable(unit, month, Lack.NOT_OVER, begins)


def check_explained(month: Month, entries: Iterable[OfficerDeduction]) -> None:
    """Refuse a month with living entries that have no reason: ReturnUnexplained (R12)."""
    found = unexplained(entries)
    if found:
        raise ReturnUnexplained(month, tuple(entry.number for entry in found))


def unexplained(entries: Iterable[OfficerDeduction]) -> tuple[OfficerDeduction, ...]:
    """The living entries that have no reason (R12)."""
    return tuple(entry for entry in entries if entry.lives and not entry.reason)


def frozen(found: UnitMonth) -> tuple[ReturnedOfficer, ...]:
    """A unit's month as it is returned: by place, then those whose month does not count."""
    return tuple(
        ReturnedOfficer(
            month.officer.id,
            tuple(ReturnedItem(s.item.name, s.item.points, s.deducted) for s in month.score.items),
            month.coefficient,
            month.absence,
            month.score.total,
            month.result,
        )
        for month in found.everybody
    )


def placed(officers: Iterable[ReturnedOfficer]) -> tuple[tuple[ReturnedOfficer, Standing[Decimal]], ...]:
    """Those whose month counts, by place (R5)."""
    by_id = {str(one.officer): one for one in officers if one.absence is None}
    return tuple((by_id[s.unit], s) for s in rank([(code, one.result) for code, one in by_id.items()]))


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


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a unit's month stands on a day. `late`: whole days after the day it was due."""

    state: ReturnState
    late: int = 0


@dataclass(frozen=True)
class Terms:
    """By what it is judged where months stand: the bureau's calendar and beginning, the day due, and the day today."""

    calendar: Calendar
    begins: Month
    monthly_day: int
    today: date

    def late(self, month: Month, came: datetime) -> int:
        """Whole days by which what came in at an aware moment was late."""
        return days_late(month, self.calendar.day(came), self.monthly_day)

    def stand(self, month: Month, returns: MonthReturns) -> Stand:
        """Where a unit's month stands; the first version's arrival decides whether it was in time."""
        came = self.calendar.day(returns.came) if returns.came is not None else None
        state = state_of(
            month,
            came,
            waits=returns.waiting is not None,
            today=self.today,
            monthly_day=self.monthly_day,
            begins=self.begins,
        )
        return Stand(state, days_late(month, came, self.monthly_day) if came is not None else 0)


def fingerprint(officers: Iterable[ReturnedOfficer]) -> str:
    """What names these figures: others have another one."""
    return hashlib.blake2s(repr(tuple(officers)).encode(), digest_size=8).hexdigest()
