"""/rank with an item: a sequence in order of what is left of that one item; where the config forbids it, not at all."""

from handlers.frame import names, periods, plain_questions, wording
from handlers.frame.context import Context
from handlers.frame.periods import Chosen
from handlers.frame.reply import Button, Say, Show
from handlers.reports import item_ranking_text, surveys, surveys_text
from handlers.reports.surveys import Scored
from rules.bureau import Sequence
from rules.calendar import Year
from rules.grid import ItemPlaces, item_ranking
from rules.reading import Query
from rules.refusals import PlacesHidden, SingleItemBarred


async def rank(context: Context, query: Query) -> None:
    """The words after /rank, an item among them."""
    sequence = surveys.sequence_named(context, query.sequence, query)
    item = surveys.item_named(context, query.item, surveys.looked_over(context, sequence)) or ""
    if sequence is not None:
        await _answer(
            context, sequence, item, periods.asked(context, query, surveys.groups_of(context, sequence))
        )
        return
    offered = [s for s in context.bureau.sequences if _has(context, s, item)]
    _check_allowed(context, offered[0] if offered else context.bureau.sequences[0], item)
    chosen = surveys.asked_period(context, query)
    await plain_questions.ask(
        context, surveys.ask_sequence("ranki", item_ranking_text.ask(item), offered, chosen, item)
    )


def _has(context: Context, sequence: Sequence, item: str) -> bool:
    """Whether a unit of the sequence can lose points on the item."""
    schemes = (
        context.bureau.scheme_for(unit, context.running.year) for unit in context.bureau.units_of(sequence.name)
    )
    return any(scheme is not None and scheme.item(item) is not None for scheme in schemes)


def _check_allowed(context: Context, sequence: Sequence, item: str) -> None:
    if not context.services.policy.single_items:
        raise SingleItemBarred(sequence, item)


async def pressed(context: Context) -> None:
    """A sequence was chosen, or another period."""
    await _answer(context, *_pressed(context))


def _pressed(context: Context) -> tuple[Sequence, str, Chosen]:
    sequence = names.sequence_of(context, context.argument(0))
    item = surveys.item_of(context, context.argument(3))
    if item is None:
        raise names.stale()
    about = surveys.groups_of(context, sequence)
    return sequence, item, periods.pressed(context, context.argument(1), context.argument(2), about)


async def _answer(context: Context, sequence: Sequence, item: str, chosen: Chosen) -> None:
    scored, places = await _places(context, sequence, item, chosen)
    if not places:
        nothing = (
            surveys_text.nothing_yet
            if isinstance(chosen.period, Year) and not scored.scores
            else item_ranking_text.nothing
        )
        await context.reply(Say(nothing(f"{sequence.name}·{item}", chosen)))
        return
    other = Chosen(chosen.other) if chosen.other is not None else None
    await context.show(
        Show(
            chart=item_ranking_text.chart(sequence, item, places, scored, context.bureau),
            text=item_ranking_text.head(sequence, item, places, scored, context.bureau),
            more=item_ranking_text.places(places),
            details=Button(
                f"全部名次（{len(places)} 个单位）", f"plcsi:{surveys.code(sequence.name, chosen, item)}"
            ),
            buttons=periods.offered(chosen, f"ranki:{surveys.code(sequence.name, other, item)}"),
            name=wording.file_name(f"{sequence.name}{item}排名", chosen.period),
        )
    )


async def places_pressed(context: Context) -> None:
    """The places, where they did not fit under the picture."""
    sequence, item, chosen = _pressed(context)
    _, places = await _places(context, sequence, item, chosen)
    await context.reply(Say(item_ranking_text.all_places(sequence, item, places, chosen)))


async def _places(context: Context, sequence: Sequence, item: str, chosen: Chosen) -> tuple[Scored, ItemPlaces]:
    """The sequence as far as the person sees its places. SingleItemBarred, PlacesHidden."""
    _check_allowed(context, sequence, item)
    scored = await surveys.scored(
        context,
        chosen,
        lambda found: found.bureau.units_of(sequence.name),
        lambda found: found.sight.places,
    )
    if not scored.scores and (scored.hidden or not context.sight().places):
        raise PlacesHidden(sequence)
    return scored, item_ranking(scored.scores, item)
