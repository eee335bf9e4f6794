"""A typed line → a deduction as far as the line says it, or a typed refusal."""

from handlers import entry, names
from handlers.context import Context
from handlers.texts import check_reason
from rules.calendar import Quarter, Year
from rules.draft import DeductionDraft
from rules.names import Ambiguous, Match, Unknown
from rules.periods import check_begun
from rules.reading import Reading, read_deduction
from rules.refusals import FutureInspection, NotANumber, NotAQuarter, TooManyTimes, UnknownName


def understood(context: Context, line: str) -> DeductionDraft:
    """What a line says; a typed refusal where something in it is unknown or not allowed."""
    reading = read_deduction(line, names.vocabulary(context), context.running, context.today)
    if isinstance(reading.unit, Unknown):
        raise UnknownName("单位", reading.unit.text, names.unit_names(context, reading.unit))
    units = _codes(reading.unit) if reading.unit is not None else ()
    if len(units) == 1:
        entry.check_scorable(context, context.bureau.unit(units[0]))
    if isinstance(reading.item, Unknown):
        raise UnknownName("项目", reading.item.text, reading.item.suggestions)
    if reading.points is None and reading.points_text:
        raise NotANumber(reading.points_text)
    if reading.inspected_on is not None and reading.inspected_on > context.today:
        raise FutureInspection(reading.inspected_on, context.today)
    times = 1 if reading.times is None else reading.times
    if not 1 <= times <= entry.MOST_TIMES:
        raise TooManyTimes(times)
    return DeductionDraft(
        at=context.moment,
        units=units,
        items=_codes(reading.item) if reading.item is not None else (),
        points=reading.points * times if reading.points is not None else None,
        quarter=_named_quarter(context, reading, units),
        inspected_on=reading.inspected_on,
        reason=check_reason(context, reading.reason) if reading.reason else None,
        criterion=reading.criterion,
        times=times,
        counted=reading.criterion is not None,
    )


def _codes(found: Match[str] | Ambiguous[str]) -> tuple[str, ...]:
    return (found.value,) if isinstance(found, Match) else tuple(found.candidates)


def _named_quarter(context: Context, reading: Reading, units: tuple[str, ...]) -> Quarter | None:
    if reading.period is None:
        return None
    if isinstance(reading.period, Year):
        raise NotAQuarter(reading.period)
    groups = context.groups_of(context.bureau.unit(code) for code in units)
    running = context.timetable.running(groups or context.person.groups, context.moment)
    check_begun(reading.period, context.services.begins, running)
    return reading.period
