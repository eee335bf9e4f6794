"""/score: a unit's score item by item, what made it, and its chart."""

from handlers.frame import names, periods, plain_questions, wording
from handlers.frame.context import Context
from handlers.frame.periods import Chosen
from handlers.frame.reply import Button, Say, Show
from handlers.reports import figures, score_text, surveys, year_text
from handlers.reports.figures import Figures
from rules.bureau import Unit
from rules.calendar import Year
from rules.entries import Deduction
from rules.reading import Query, read_query
from rules.refusals import NotYoursToSee
from rules.table import Table
from storage import ledger


async def score(context: Context) -> None:
    """/score 城关所 [一季度|2026Q1|年度]; without a unit it asks, or takes the only one that one sees."""
    query = read_query(context.words, names.vocabulary(context), context.running, context.today)
    after = periods.carried(context, query)
    if query.unit is None:
        await _ask(context, query, after)
        return
    unit = names.resolve_unit(context, query.unit, query.leftover or context.words, then="score", after=after)
    await _answer(context, unit, periods.asked(context, query, context.groups_of((unit,))))


async def _ask(context: Context, query: Query, after: str) -> None:
    seen = context.sight().units
    if len(seen) == 1:
        (code,) = seen
        unit = context.bureau.unit(code)
        await _answer(context, unit, periods.asked(context, query, context.groups_of((unit,))))
        return
    await plain_questions.ask(context, names.ask_seen_sequence(context, "scoreq", score_text.ask(), after))


async def sequence_pressed(context: Context) -> None:
    """A sequence was chosen: its units as far as the person sees them."""
    await context.rewrite(names.ask_seen_unit(context, "score"))


async def pressed(context: Context) -> None:
    """A unit was chosen, and perhaps a period."""
    unit, chosen = _pressed(context)
    await _answer(context, unit, chosen)


def _pressed(context: Context) -> tuple[Unit, Chosen]:
    unit = names.unit_of(context, context.argument(0))
    about = context.groups_of((unit,))
    return unit, periods.pressed(context, context.argument(1), context.argument(2), about)


async def _answer(context: Context, unit: Unit, chosen: Chosen) -> None:
    _check_sight(context, unit)
    if isinstance(chosen.period, Year):
        await _answer_year(context, unit, chosen.period)
        return
    found, table, entries = await _figures(context, unit, chosen)
    places = unit.code in found.sight.places
    await context.show(
        Show(
            chart=score_text.chart(unit, table, context.bureau, chosen),
            text=score_text.score(unit, table, entries, context.bureau, chosen, places=places),
            more=score_text.entries(entries, table, unit, context.bureau),
            details=Button(f"扣分明细（{len(entries)} 笔）", f"took:{unit.code}:{periods.code(chosen)}"),
            buttons=periods.offer(chosen, f"score:{unit.code}"),
            name=wording.file_name(f"{unit.name}成绩", chosen.period),
        )
    )


async def details_pressed(context: Context) -> None:
    """The deductions that made a score, where they did not fit under its picture."""
    unit, chosen = _pressed(context)
    _check_sight(context, unit)
    _, table, entries = await _figures(context, unit, chosen)
    await context.reply(Say(score_text.details(entries, table, unit, context.bureau)))


def _check_sight(context: Context, unit: Unit) -> None:
    if unit.code not in context.sight().units:
        raise NotYoursToSee(unit)


async def _figures(context: Context, unit: Unit, chosen: Chosen) -> tuple[Figures, Table, list[Deduction]]:
    """The quarter, the table among whose units the person sees the unit's place, and the unit's entries.

    Raises: OwnUnitHidden, NoScheme.
    """
    found = await figures.of_quarter(context, chosen)
    surveys.check_score(found.sight, unit)
    there = next((other for other in found.bureau.units if other.code == unit.code), unit)
    found.scheme(there)
    units = [there]
    if unit.code in found.sight.places:
        peers = found.bureau.units_of(there.sequence)
        units = [other for other in peers if other.code in found.sight.places]
    table = await figures.table(context, found, units, chosen)
    through = await periods.through(context, chosen)
    entries = await context.database.read(
        lambda session: ledger.of_unit(session, unit.code, found.quarter, through=through)
    )
    return found, table, entries


async def _answer_year(context: Context, unit: Unit, year: Year) -> None:
    table, seen = await figures.of_year(context, year, unit.sequence)
    row = table.row(unit.code)
    if row is None:
        await context.reply(Say(year_text.no_score_yet(unit, year)))
        return
    policy = context.services.policy
    surveys.check_score(seen, unit)
    ranked = table.among(seen.places)
    text = year_text.score(unit, row.score, ranked, policy, places=unit.code in seen.places)
    name = wording.file_name(f"{unit.name}成绩", year)
    await context.show(Show(chart=year_text.score_chart(unit, row.score), text=text, name=name))
