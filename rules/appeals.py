"""Appeals (申诉): who may appeal against what, until when, and who decides how."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from rules.access import Deed, may
from rules.bureau import Bureau
from rules.entries import Deduction
from rules.people import Person, Role
from rules.recusal import PointMove, Recused, check_recusal
from rules.refusals import (
    AlreadyReversed,
    AppealTooLate,
    NotLess,
    NotYourUnit,
    OwnAppeal,
    OwnEntry,
)


class Decision(Enum):
    """What the office decides; the value is the word on screen."""

    KEEP = "维持"
    REDUCE = "减轻"
    CANCEL = "取消扣分"


def last_day(told_on: date, days: int, is_workday: Callable[[date], bool]) -> date:
    """The last day for an appeal: so many workdays after the day the unit was told, which is not counted."""
    day, left = told_on, days
    while left > 0:
        day += timedelta(days=1)
        left -= is_workday(day)
    return day


def check_appeal(person: Person, deduction: Deduction, *, today: date, until: date | None) -> None:
    """Refuse an appeal: NotYourUnit, AlreadyReversed, AppealTooLate. `until` None: the unit was not told yet."""
    if not any(post.role is Role.LIAISON and post.unit == deduction.unit for post in person.posts):
        raise NotYourUnit(deduction)
    if not deduction.lives:
        raise AlreadyReversed(deduction)
    if until is not None and today > until:
        raise AppealTooLate(deduction, until)


def check_decider(person: Person, deduction: Deduction, appellant: int, bureau: Bureau) -> None:
    """The office decides, and nobody who comes from the unit, made the appeal, or made the entry.

    `appellant` is the id of the person who made the appeal. Raises: Recused, OwnAppeal, OwnEntry.
    """
    check_recusal(person, bureau.unit(deduction.unit), PointMove.DECIDE)
    if appellant == person.id:
        raise OwnAppeal(deduction)
    if not may(person, Deed.DECIDE) or deduction.author_id == person.id:
        raise OwnEntry(deduction)


def may_decide(person: Person, deduction: Deduction, appellant: int, bureau: Bureau) -> bool:
    """Whether the person may decide the appeal against the entry."""
    try:
        check_decider(person, deduction, appellant, bureau)
    except (Recused, OwnAppeal, OwnEntry):
        return False
    return True


def check_reduction(deduction: Deduction, points: Decimal) -> None:
    """A reduction leaves less than there was and more than nothing: NotLess."""
    if not 0 < points < deduction.points:
        raise NotLess(points, deduction)
