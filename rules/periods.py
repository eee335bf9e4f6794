"""Which quarters a bureau has, which are still open, and which one a question is about (R6, Default period)."""

from collections.abc import Collection

from rules.calendar import Period, Quarter, Year
from rules.refusals import BeforeBeginning, NotBegun


def begun(begins: Quarter, running: Quarter) -> tuple[Quarter, ...]:
    """Every quarter from the bureau's first to the one that runs, in order."""
    quarters = [begins]
    while quarters[-1] < running:
        quarters.append(quarters[-1].next)
    return tuple(quarters)


def check_begun(period: Period, begins: Quarter, running: Quarter) -> None:
    """Refuse a period of which nothing can be known: NotBegun or BeforeBeginning (Beginning)."""
    first, last = (period, period) if isinstance(period, Quarter) else (period.quarters[0], period.quarters[-1])
    if first > running:
        raise NotBegun(first, running)
    if last < begins:
        raise BeforeBeginning(period, begins)


def late_quarters(begins: Quarter, running: Quarter, closed: Collection[Quarter] = ()) -> tuple[Quarter, ...]:
    """The quarters of a group that are past their deadline and still open (Late group)."""
    return tuple(quarter for quarter in begun(begins, running)[:-1] if quarter not in closed)


def default_quarter(begins: Quarter, running: Quarter, published: Collection[Quarter] = ()) -> Quarter:
    """The quarter a question without one is about: the latest that is over and not published, else the running one."""
    return next(
        (quarter for quarter in reversed(begun(begins, running)[:-1]) if quarter not in published), running
    )


def of_year(year: Year, begins: Quarter, running: Quarter) -> tuple[Quarter, ...]:
    """The quarters of a year that have begun in this bureau."""
    return tuple(quarter for quarter in year.quarters if begins <= quarter <= running)
