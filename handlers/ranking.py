"""/rank: a sequence in order of place, with its chart (R5)."""

from handlers import names, periods
from handlers.answer import Button, Say, Show
from handlers.context import Context
from handlers.periods import Chosen
from handlers.words import ranking as words
from rules.access import sight
from rules.bureau import Sequence, Unit
from rules.calendar import Quarter, Year
from rules.names import Ambiguous, Match
from rules.reading import read_query
from rules.refusals import NotInGroupChat, PlacesHidden, UnknownName
from rules.table import Table
from storage import standings


async def rank(context: Context) -> None:
    """/rank 派出所一序列 [period]; without a sequence it asks."""
    query = read_query(context.words, names.vocabulary(context), context.running, context.today)
    found = query.sequence
    chosen = periods.asked(context, query)
    period = periods.code(chosen) if query.period or query.as_of else ""
    if isinstance(found, Match):
        await _answer(context, _sequence(context, found.value), chosen)
        return
    offered = _offered(context)
    if isinstance(found, Ambiguous):
        offered = [sequence for sequence in offered if sequence.name in found.candidates] or offered
    elif query.leftover:
        raise UnknownName("序列", query.leftover, tuple(sequence.name for sequence in offered))
    buttons = [(Button(s.name, f"rank:{names.short(s.name)}:{period}"),) for s in offered]
    await context.reply(Say(words.ask(), tuple(buttons)))


def _offered(context: Context) -> list[Sequence]:
    return [s for s in context.bureau.sequences if _seen(context, s)]


def _sequence(context: Context, name: str) -> Sequence:
    return next(sequence for sequence in context.bureau.sequences if sequence.name == name)


def _seen(context: Context, sequence: Sequence) -> list[Unit]:
    places = sight(context.person, context.bureau).places
    return [unit for unit in context.bureau.units_of(sequence.name) if unit.code in places]


async def pressed(context: Context) -> None:
    """A sequence was chosen, and perhaps a period."""
    sequence = names.sequence_of(context, context.argument(0))
    await _answer(context, sequence, periods.pressed(context, context.argument(1), context.argument(2)))


async def _answer(context: Context, sequence: Sequence, chosen: Chosen) -> None:
    units = _check_sight(context, sequence)
    if isinstance(chosen.period, Year):
        await context.reply(Say(words.year(sequence, chosen.period)))
        return
    table = await _table(context, units, chosen)
    left_out = [unit for unit in context.bureau.units_of(sequence.name) if unit not in units]
    await context.show(
        Show(
            chart=words.chart(sequence, table, context.bureau, chosen),
            text=words.head(sequence, table, left_out, context.bureau, chosen),
            more=words.places(table),
            details=Button(
                f"全部名次（{len(table.rows)} 个单位）",
                f"places:{names.short(sequence.name)}:{periods.code(chosen)}",
            ),
            buttons=periods.offer(chosen, f"rank:{names.short(sequence.name)}"),
        )
    )


async def places_pressed(context: Context) -> None:
    """The places, where they did not fit under the picture."""
    sequence = names.sequence_of(context, context.argument(0))
    units = _check_sight(context, sequence)
    chosen = periods.pressed(context, context.argument(1), context.argument(2))
    assert isinstance(chosen.period, Quarter)
    table = await _table(context, units, chosen)
    await context.reply(Say(words.all_places(sequence, table)))


def _check_sight(context: Context, sequence: Sequence) -> list[Unit]:
    if not context.in_private:
        raise NotInGroupChat("成绩和排名")
    units = _seen(context, sequence)
    if not units:
        raise PlacesHidden(sequence)
    return units


async def _table(context: Context, units: list[Unit], chosen: Chosen) -> Table:
    assert isinstance(chosen.period, Quarter)
    through = await periods.through(context, chosen)
    as_of = periods.end_of(context, chosen.as_of) if chosen.as_of else None
    async with context.database.reading() as session:
        return await standings.table(
            session, context.bureau, units, chosen.period, through=through, as_of=as_of
        )
