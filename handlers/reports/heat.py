"""/heat: where the points of a sequence went, units by items."""

from handlers.frame import names, periods, plain_questions, wording
from handlers.frame.context import Context
from handlers.frame.periods import Chosen
from handlers.frame.reply import Button, Say, Show
from handlers.reports import heat_text, surveys, surveys_text
from handlers.reports.surveys import Scored
from rules.access import surveyed
from rules.bureau import Sequence
from rules.calendar import Year
from rules.grid import Grid, grid
from rules.reading import read_query
from rules.refusals import SurveyHidden


async def heat(context: Context) -> None:
    """/heat 派出所二序列 [period]; without a sequence it asks."""
    query = read_query(context.words, names.vocabulary(context), context.running, context.today)
    sequence = surveys.sequence_named(context, query.sequence, query)
    if sequence is not None:
        await _answer(context, sequence, periods.asked(context, query, surveys.groups_of(context, sequence)))
        return
    chosen = surveys.asked_period(context, query)
    offered = surveys.surveyed_sequences(context)
    await plain_questions.ask(context, surveys.ask_sequence("heat", heat_text.ask(), offered, chosen))


async def pressed(context: Context) -> None:
    """A sequence was chosen, and perhaps a period."""
    await _answer(context, *_pressed(context))


def _pressed(context: Context) -> tuple[Sequence, Chosen]:
    sequence = names.sequence_of(context, context.argument(0))
    about = surveys.groups_of(context, sequence)
    return sequence, periods.pressed(context, context.argument(1), context.argument(2), about)


async def _answer(context: Context, sequence: Sequence, chosen: Chosen) -> None:
    scored, found = await _grid(context, sequence, chosen)
    places = context.services.policy.single_items
    if not found.lines:
        nothing = surveys_text.nothing_yet if isinstance(chosen.period, Year) else surveys_text.no_scheme
        await context.reply(Say(nothing(sequence.name, chosen)))
        return
    data = surveys.code(sequence.name, chosen)
    await context.show(
        Show(
            chart=heat_text.chart(sequence, found, scored, context.bureau, places=places),
            text=heat_text.text(sequence, found, scored, context.bureau, places=places),
            more=heat_text.lines(found, places=places),
            details=Button(f"全部失分（{len(found.lines)} 个单位）", f"heatd:{data}"),
            buttons=periods.offer(chosen, f"heat:{names.short(sequence.name)}"),
            name=wording.file_name(f"{sequence.name}失分分布", chosen.period),
        )
    )


async def details_pressed(context: Context) -> None:
    """Every unit, where they did not fit under the picture."""
    sequence, chosen = _pressed(context)
    _, found = await _grid(context, sequence, chosen)
    places = context.services.policy.single_items
    await context.reply(Say(heat_text.details(sequence, found, chosen, places=places)))


async def _grid(context: Context, sequence: Sequence, chosen: Chosen) -> tuple[Scored, Grid]:
    """The sequence as far as the person looks over it and sees its places. SurveyHidden.

    Its rows stand in order of place, and lead to it where they do not: a unit whose place is hidden is left out.
    """
    surveys.check_surveyed(context, sequence)
    scored = await surveys.scored(
        context,
        chosen,
        lambda found: found.bureau.units_of(sequence.name),
        lambda found: surveyed(context.person, found.bureau) & found.sight.places,
    )
    if not scored.scores and scored.hidden:
        raise SurveyHidden(sequence.name)
    return scored, grid(scored.scores, by_place=context.services.policy.single_items)
