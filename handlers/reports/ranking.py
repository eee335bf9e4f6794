"""/rank: a sequence in order of place, with its chart (R5)."""

from dataclasses import replace

from handlers.frame import names, periods, plain_questions, wording
from handlers.frame.context import Context
from handlers.frame.periods import Chosen
from handlers.frame.reply import Button, Say, Show
from handlers.reports import figures, item_ranking, ranking_text, year_text
from handlers.reports.figures import Figures
from rules.bureau import Sequence, Unit
from rules.calendar import Quarter, Year
from rules.names import Ambiguous, Layer, Match
from rules.reading import read_survey
from rules.refusals import PlacesHidden, UnknownName
from rules.table import Table, YearTable


async def rank(context: Context) -> None:
    """/rank 派出所一序列 [item] [period]; a unit stands for its sequence; without either it asks."""
    query = read_survey(context.words, names.vocabulary(context), context.running, context.today)
    found = query.sequence
    if query.item is not None:
        if isinstance(query.unit, Match):
            query = replace(query, sequence=_whole(context.bureau.unit(query.unit.value).sequence))
        await item_ranking.rank(context, query)
        return
    if isinstance(found, Match):
        sequence = _sequence(context, found.value)
        await _answer(context, sequence, periods.asked(context, query, _groups(context, sequence)))
        return
    if isinstance(query.unit, Match):
        sequence = _sequence(context, context.bureau.unit(query.unit.value).sequence)
        await _answer(context, sequence, periods.asked(context, query, _groups(context, sequence)))
        return
    period = periods.carried(context, query)
    offered = list(context.bureau.sequences)
    if isinstance(found, Ambiguous):
        offered = [sequence for sequence in offered if sequence.name in found.candidates] or offered
    elif query.leftover:
        raise UnknownName("序列", query.leftover, tuple(sequence.name for sequence in offered))
    buttons = [(Button(s.name, f"rank:{names.short(s.name)}:{period}"),) for s in _offered(context, offered)]
    await plain_questions.ask(context, Say(ranking_text.ask(), tuple(buttons)))


def _whole(sequence: str) -> Match[str]:
    """A sequence that was named by a unit of it."""
    return Match(sequence, Layer.EXACT, sequence)


def _offered(context: Context, sequences: list[Sequence]) -> list[Sequence]:
    """The sequences of which the person sees places before publication; all, for who sees none."""
    places = context.sight().places
    seen = [s for s in sequences if any(u.code in places for u in context.bureau.units_of(s.name))]
    return seen or sequences


def _sequence(context: Context, name: str) -> Sequence:
    return next(sequence for sequence in context.bureau.sequences if sequence.name == name)


def _groups(context: Context, sequence: Sequence) -> tuple[str, ...]:
    return context.groups_of(context.bureau.units_of(sequence.name))


async def pressed(context: Context) -> None:
    """A sequence was chosen, and perhaps a period."""
    sequence, chosen = _pressed(context)
    await _answer(context, sequence, chosen)


def _pressed(context: Context) -> tuple[Sequence, Chosen]:
    sequence = names.sequence_of(context, context.argument(0))
    about = _groups(context, sequence)
    return sequence, periods.pressed(context, context.argument(1), context.argument(2), about)


async def _answer(context: Context, sequence: Sequence, chosen: Chosen) -> None:
    if isinstance(chosen.period, Year):
        await _answer_year(context, sequence, chosen.period)
        return
    found = await figures.of_quarter(context, chosen)
    units = _seen(found, sequence)
    table = await figures.table(context, found, units, chosen)
    left_out = [unit for unit in found.bureau.units_of(sequence.name) if unit not in units]
    await context.show(
        Show(
            chart=ranking_text.chart(sequence, table, context.bureau, chosen),
            text=ranking_text.head(sequence, table, left_out, context.bureau, chosen),
            more=ranking_text.places(table),
            details=Button(
                f"全部名次（{len(table.rows)} 个单位）",
                f"places:{names.short(sequence.name)}:{periods.code(chosen)}",
            ),
            buttons=periods.offer(chosen, f"rank:{names.short(sequence.name)}"),
            name=wording.file_name(f"{sequence.name}排名", chosen.period),
        )
    )


async def places_pressed(context: Context) -> None:
    """The places, where they did not fit under the picture."""
    sequence, chosen = _pressed(context)
    if isinstance(chosen.period, Year):
        table = await _year_table(context, sequence, chosen.period)
        await context.reply(Say(year_text.all_places(sequence, table, context.services.policy)))
        return
    found = await figures.of_quarter(context, chosen)
    await context.reply(Say(ranking_text.all_places(sequence, await _table(context, found, sequence, chosen))))


async def _table(context: Context, found: Figures, sequence: Sequence, chosen: Chosen) -> Table:
    assert isinstance(chosen.period, Quarter)
    return await figures.table(context, found, _seen(found, sequence), chosen)


def _seen(found: Figures, sequence: Sequence) -> list[Unit]:
    """The units of the sequence whose places the person sees. PlacesHidden where there is none."""
    units = [unit for unit in found.bureau.units_of(sequence.name) if unit.code in found.sight.places]
    if not units:
        raise PlacesHidden(sequence)
    return units


async def _answer_year(context: Context, sequence: Sequence, year: Year) -> None:
    table = await _year_table(context, sequence, year)
    if not table.rows:
        await context.reply(Say(year_text.nothing_yet(sequence, year)))
        return
    policy = context.services.policy
    await context.show(
        Show(
            chart=year_text.ranking_chart(sequence, table, policy),
            text=year_text.head(sequence, table),
            more=year_text.places(table, policy),
            details=Button(
                f"全部名次（{len(table.rows)} 个单位）", f"places:{names.short(sequence.name)}:{year}"
            ),
            name=wording.file_name(f"{sequence.name}排名", year),
        )
    )


async def _year_table(context: Context, sequence: Sequence, year: Year) -> YearTable:
    """The year as far as the person sees its places. PlacesHidden."""
    table, seen = await figures.of_year(context, year, sequence.name)
    units = context.bureau.units_of(sequence.name)
    if not any(unit.code in seen.places for unit in (*units, *(row.unit for row in table.rows))):
        raise PlacesHidden(sequence)
    return replace(table.among(seen.places), unscored=table.unscored)
