"""/trend: a unit's quarters, score and place one after another."""

from datetime import datetime
from fractions import Fraction

from handlers.frame import names, periods, plain_questions, wording
from handlers.frame.context import Context
from handlers.frame.periods import Chosen
from handlers.frame.reply import Say, Show
from handlers.reports import figures, surveys, trend_text
from handlers.reports.figures import Figures
from rules.bureau import Unit
from rules.calendar import Quarter, Year
from rules.periods import begun
from rules.reading import Query, read_query
from rules.refusals import NotYoursToSee
from rules.score import YearScore
from rules.table import Table
from rules.trend import Place, Point, headline
from storage import standings
from storage.standings import Wanted

QUARTERS = 4
"""So many quarters where no year is named."""


async def trend(context: Context) -> None:
    """/trend 城关所 [年度|2026|一季度]; without a unit it asks, or takes the only one that one sees."""
    query = read_query(context.words, names.vocabulary(context), context.running, context.today)
    after = periods.carried(context, query)
    if query.unit is not None:
        unit = names.resolve_unit(context, query.unit, query.leftover, then="trend", after=after)
        await _answer(context, unit, _chosen(context, query, unit))
        return
    seen = context.sight().units
    if len(seen) == 1:
        unit = context.bureau.unit(next(iter(seen)))
        await _answer(context, unit, _chosen(context, query, unit))
        return
    await plain_questions.ask(context, names.ask_seen_sequence(context, "trendq", trend_text.ask(), after))


def _chosen(context: Context, query: Query, unit: Unit) -> Chosen:
    """The year, or the quarter that the row ends with: the running one where none is named."""
    groups = context.groups_of((unit,))
    if query.period is None and query.as_of_text is None:
        return Chosen(context.timetable.running(groups, context.moment))
    return periods.asked(context, query, groups)


async def sequence_pressed(context: Context) -> None:
    """A sequence was chosen: its units as far as the person sees them."""
    await context.rewrite(names.ask_seen_unit(context, "trend"))


async def pressed(context: Context) -> None:
    """A unit was chosen."""
    unit = names.unit_of(context, context.argument(0))
    groups = context.groups_of((unit,))
    if context.argument(1):
        chosen = periods.pressed(context, context.argument(1), context.argument(2), groups)
    else:
        chosen = Chosen(context.timetable.running(groups, context.moment))
    await _answer(context, unit, chosen)


def _quarters(context: Context, unit: Unit, chosen: Chosen) -> list[Quarter]:
    """The quarters of the row, in order: those of a year that have begun, else the last few up to the chosen one."""
    running = context.timetable.running(context.groups_of((unit,)), context.moment)
    known = begun(context.services.begins, running)
    if isinstance(chosen.period, Year):
        return [quarter for quarter in known if quarter.year == chosen.period.year]
    return [quarter for quarter in known if quarter <= chosen.period][-QUARTERS:]


async def _answer(context: Context, unit: Unit, chosen: Chosen) -> None:
    if unit.code not in context.sight().units:
        raise NotYoursToSee(unit)
    tables, changed = await _tables(context, unit, chosen)
    points = tuple(
        point for quarter, (table, sees) in tables.items() if (point := _point(unit, quarter, table, sees=sees))
    )
    if not points:
        await context.reply(Say(trend_text.nothing(unit)))
        return
    says = headline(points, whole_year=isinstance(chosen.period, Year))
    zone = context.bureau.calendar.zone
    until = trend_text.changed(wording.moment(changed, zone) if changed else None)
    await context.show(
        Show(
            chart=trend_text.chart(unit, points, says, chosen, until),
            text=trend_text.text(unit, points, says, chosen, until, mean=_mean(unit, points)),
            name=trend_text.file_name(unit, points, chosen),
        )
    )


def _mean(unit: Unit, points: tuple[Point, ...]) -> Fraction | None:
    confirmed = tuple((point.quarter, point.score) for point in points if point.final)
    return YearScore(unit.code, Year(points[0].quarter.year), confirmed).mean


async def _tables(
    context: Context, unit: Unit, chosen: Chosen
) -> tuple[dict[Quarter, tuple[Table, bool]], datetime | None]:
    """Each quarter's table, whether the unit's place in it is seen, and the last change that is in them."""
    found = await figures.of_quarters(context, _quarters(context, unit, chosen), chosen.as_of)
    hidden = [one for one in found.values() if unit.code not in one.sight.scores]
    if hidden and len(hidden) == len(found):
        surveys.check_score(hidden[-1].sight, unit)
    wanted = {
        quarter: Wanted(one.bureau, units, one.results)
        for quarter, one in found.items()
        if unit.code in one.sight.scores and (units := _units(one, unit))
    }
    through = await periods.through(context, chosen)
    before = periods.end_of(context, chosen.as_of) if chosen.as_of else None
    async with context.database.reading() as session:
        tables = await standings.tables(session, wanted, through=through, as_of=before)
    changed = max((table.last_change for table in tables.values() if table.last_change), default=None)
    seen = {quarter: unit.code in found[quarter].sight.places for quarter in tables}
    return {quarter: (table, seen[quarter]) for quarter, table in tables.items()}, changed


def _units(found: Figures, unit: Unit) -> list[Unit]:
    """The units among whose places the person sees the unit's; itself alone where it does not; none where it was not there."""
    there = next((other for other in found.bureau.units if other.code == unit.code), None)
    if there is None or unit.code not in found.sight.places:
        return [there] if there is not None else []
    return [other for other in found.bureau.units_of(there.sequence) if other.code in found.sight.places]


def _point(unit: Unit, quarter: Quarter, table: Table, *, sees: bool) -> Point | None:
    row = table.row(unit.code)
    if row is None:
        return None
    scores = {other.score.total for other in table.rows}
    level = len(table.rows) > 1 and len(scores) == 1
    place = Place(row.standing.place, row.standing.shared, len(table.rows), row.unit.sequence, level)
    return Point(quarter, row.score.total, place if sees else None, table.final, row.inspected, row.vetoed)
