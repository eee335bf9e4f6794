"""/score: a unit's score item by item, what made it, and its chart."""

from handlers import names, periods
from handlers.answer import Button, Say, Show
from handlers.card import compared
from handlers.context import Context
from handlers.periods import Chosen
from handlers.words import score as words
from rules.access import Sight, sight
from rules.bureau import Unit
from rules.calendar import Quarter, Year
from rules.entries import Deduction
from rules.reading import Query, read_query
from rules.refusals import NoScheme, NotInGroupChat, NotYoursToSee
from rules.score import YearScore
from rules.table import Table
from storage import ledger, standings


async def score(context: Context) -> None:
    """/score 城关所 [一季度|2026Q1|年度]; without a unit it asks, or takes the only one that one sees."""
    query = read_query(context.words, names.vocabulary(context), context.running, context.today)
    seen = sight(context.person, context.bureau)
    if query.unit is None:
        await _ask(context, seen, query)
        return
    chosen = periods.asked(context, query)
    after = periods.code(chosen) if query.period or query.as_of else ""
    unit = names.resolve_unit(context, query.unit, query.leftover or context.words, then="score", after=after)
    await _answer(context, unit, chosen)


async def _ask(context: Context, seen: Sight, query: Query) -> None:
    if len(seen.units) == 1:
        (code,) = seen.units
        await _answer(context, context.bureau.unit(code), periods.asked(context, query))
        return
    await context.reply(names.ask_seen_sequence(context, "scoreq", words.ask()))


async def sequence_pressed(context: Context) -> None:
    """A sequence was chosen: its units as far as the person sees them."""
    await context.rewrite(names.ask_seen_unit(context, "score"))


async def pressed(context: Context) -> None:
    """A unit was chosen, and perhaps a period."""
    unit = names.unit_of(context, context.argument(0))
    await _answer(context, unit, periods.pressed(context, context.argument(1), context.argument(2)))


async def _answer(context: Context, unit: Unit, chosen: Chosen) -> None:
    _check_sight(context, unit)
    if isinstance(chosen.period, Year):
        await context.reply(Say(words.year(unit, YearScore(unit.code, chosen.period, ()))))
        return
    table, entries = await _figures(context, unit, chosen)
    await context.show(
        Show(
            chart=words.chart(unit, table, context.bureau, chosen),
            text=words.score(unit, table, entries, context.bureau, chosen, places=_sees_place(context, unit)),
            more=words.entries(entries, table, unit, context.bureau),
            details=Button(f"扣分明细（{len(entries)} 笔）", f"took:{unit.code}:{periods.code(chosen)}"),
            buttons=periods.offer(chosen, f"score:{unit.code}"),
        )
    )


async def details_pressed(context: Context) -> None:
    """The deductions that made a score, where they did not fit under its picture."""
    unit = names.unit_of(context, context.argument(0))
    _check_sight(context, unit)
    chosen = periods.pressed(context, context.argument(1), context.argument(2))
    assert isinstance(chosen.period, Quarter)
    table, entries = await _figures(context, unit, chosen)
    await context.reply(Say(words.details(entries, table, unit, context.bureau)))


def _check_sight(context: Context, unit: Unit) -> None:
    if not context.in_private:
        raise NotInGroupChat("成绩和排名")
    if unit.code not in sight(context.person, context.bureau).units:
        raise NotYoursToSee(unit)


def _sees_place(context: Context, unit: Unit) -> bool:
    return unit.code in sight(context.person, context.bureau).places


async def _figures(context: Context, unit: Unit, chosen: Chosen) -> tuple[Table, list[Deduction]]:
    quarter = chosen.period
    assert isinstance(quarter, Quarter)
    if context.bureau.scheme_for(unit, quarter.year) is None:
        raise NoScheme(unit, quarter.year)
    through = await periods.through(context, chosen)
    as_of = periods.end_of(context, chosen.as_of) if chosen.as_of else None
    async with context.database.reading() as session:
        table = await standings.table(
            session, context.bureau, compared(context, unit), quarter, through=through, as_of=as_of
        )
        entries = await ledger.of_unit(session, unit.code, quarter, through=through)
    return table, entries
