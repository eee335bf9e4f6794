"""Which period a question is about, as of when, and what the answer says of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers.frame import wording
from handlers.frame.context import Context
from handlers.frame.reply import Button
from rules.calendar import Period, Quarter, Year
from rules.periods import check_begun
from rules.reading import Query
from rules.refusals import FutureDay, NotADay, Stale
from storage import ledger


@dataclass(frozen=True, slots=True)
class Chosen:
    """The period, and the running quarter where another one was chosen for the person and it is offered too."""

    period: Period
    other: Quarter | None = None
    as_of: date | None = None
    """截至: the day at whose end it is answered; None for now."""


def asked(context: Context, query: Query, about: Collection[str] = ()) -> Chosen:
    """The period of a question, and the day that it is asked as of. NotADay, FutureDay, and what `choose` refuses."""
    if query.as_of_text is None:
        return choose(context, query.period, about)
    if query.as_of is None:
        raise NotADay(query.as_of_text)
    return as_of(context, query.as_of, query.period, about)


def as_of(context: Context, day: date, period: Period | None, about: Collection[str] = ()) -> Chosen:
    """The period as it stood at the end of a day; without one the quarter that ran that day."""
    if day > context.today:
        raise FutureDay(day)
    noon = datetime.combine(day, time(12), tzinfo=context.bureau.calendar.zone)
    ran = context.timetable.running(about, noon)
    chosen = choose(context, period or ran, about)
    return Chosen(chosen.period, as_of=day if day < context.today else None)


def carried(context: Context, query: Query) -> str:
    """The period and the day of a question as a button carries them; nothing where none was said. What `asked` refuses."""
    return code(asked(context, query)) if query.period or query.as_of_text is not None else ""


async def through(context: Context, chosen: Chosen) -> int | None:
    """The number that the ledger ended with at that day's end; None for now."""
    day = chosen.as_of
    if day is None:
        return None
    return await context.database.read(lambda session: ledger.through(session, end_of(context, day)))


def begin_of(context: Context, day: date) -> datetime:
    """The aware moment at which a day of the bureau begins."""
    return datetime.combine(day, time(), tzinfo=context.bureau.calendar.zone)


def end_of(context: Context, day: date) -> datetime:
    """The aware moment at which a day of the bureau is over."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=context.bureau.calendar.zone)


def choose(context: Context, named: Period | None, about: Collection[str] = ()) -> Chosen:
    """The period named, or the default one of the groups that it is about (Default period). NotBegun, BeforeBeginning.

    About no group, it is about all of them.
    """
    groups = about or tuple(group.name for group in context.bureau.groups)
    running = context.timetable.running(groups, context.moment)
    if named is not None:
        check_begun(named, context.services.begins, running)
        return Chosen(named)
    quarter = context.timetable.default(groups, context.moment)
    return Chosen(quarter, running if quarter != running else None)


def pressed(context: Context, code: str, day: str = "", about: Collection[str] = ()) -> Chosen:
    """The period of a button, and the day it is asked as of; an empty period is the default."""
    if not code:
        return choose(context, None, about)
    try:
        period: Period = Year(int(code)) if code.isdecimal() else Quarter.parse(code)
        asked_day = date.fromisoformat(day) if day else None
    except ValueError:
        raise Stale from None
    if asked_day is None:
        return choose(context, period, about)
    return as_of(context, asked_day, period, about)


def code(chosen: Chosen) -> str:
    """The period and the day as a button carries them."""
    return f"{chosen.period}:{chosen.as_of}" if chosen.as_of else str(chosen.period)


def offer(chosen: Chosen, data: str) -> tuple[tuple[Button, ...], ...]:
    """The button of the other quarter; `data` is what asks for it, without the period."""
    return offered(chosen, f"{data}:{chosen.other}")


def offered(chosen: Chosen, data: str) -> tuple[tuple[Button, ...], ...]:
    """The same where `data` holds the other quarter already."""
    return ((Button(f"看{wording.period(chosen.other)}", data),),) if chosen.other is not None else ()
