"""Which period a question is about, and what the answer says of it."""

from dataclasses import dataclass

from handlers.answer import Button
from handlers.context import Context
from handlers.words import common
from rules.calendar import Period, Quarter, Year
from rules.periods import check_begun, default_quarter
from rules.refusals import Stale


@dataclass(frozen=True, slots=True)
class Chosen:
    """The period, and the running quarter where another one was chosen for the person and it is offered too."""

    period: Period
    other: Quarter | None = None


def choose(context: Context, named: Period | None) -> Chosen:
    """The period named, or the default one (Default period). NotBegun, BeforeBeginning."""
    begins, running = context.services.begins, context.running
    if named is not None:
        check_begun(named, begins, running)
        return Chosen(named)
    quarter = default_quarter(begins, running)
    return Chosen(quarter, running if quarter != running else None)


def pressed(context: Context, code: str) -> Chosen:
    """The period of a button; an empty one is the default."""
    if not code:
        return choose(context, None)
    try:
        period: Period = Year(int(code)) if code.isdecimal() else Quarter.parse(code)
    except ValueError:
        raise Stale from None
    return choose(context, period)


def offer(chosen: Chosen, data: str) -> tuple[tuple[Button, ...], ...]:
    """The button of the other quarter; `data` is what asks for it, without the period."""
    if chosen.other is None:
        return ()
    return ((Button(f"看{common.period(chosen.other)}", f"{data}:{chosen.other}"),),)
