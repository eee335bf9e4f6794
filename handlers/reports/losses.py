"""/losses: what points were lost to, criterion by criterion, in a sequence, on an item or of a unit."""

from dataclasses import dataclass

from handlers.frame import names, periods, plain_questions, wording
from handlers.frame.context import Context
from handlers.frame.periods import Chosen
from handlers.frame.reply import Button, Say, Show
from handlers.reports import figures, losses_text, surveys, surveys_text
from handlers.reports.figures import Figures
from handlers.reports.surveys import Pool, Scored, Seen
from rules.access import surveyed
from rules.bureau import Sequence, Unit
from rules.calendar import Quarter, Year
from rules.losses import Pareto, pareto, really_taken
from rules.reading import read_survey
from rules.refusals import NotYoursToSee, OwnUnitHidden, SurveyHidden
from storage import ledger


@dataclass(frozen=True, slots=True)
class Asked:
    """What the losses are asked of: a sequence, a unit, or neither (everything one looks over); perhaps one item only."""

    sequence: Sequence | None
    unit: Unit | None
    item: str | None

    @property
    def name(self) -> str:
        """What stands in titles."""
        place = self.sequence.name if self.sequence else self.unit.name if self.unit else ""
        return "·".join(part for part in (place, self.item or "") if part)

    @property
    def code(self) -> str:
        """The sequence or the unit as a button carries it."""
        return names.short(self.sequence.name) if self.sequence else f"u-{self.unit.code}" if self.unit else ""


async def losses(context: Context) -> None:
    """/losses [sequence|item|unit] [period]; without any it asks, or takes the only unit that one sees."""
    query = read_survey(context.words, names.vocabulary(context), context.running, context.today)
    sequence = surveys.sequence_named(context, query.sequence, query)
    item = surveys.item_named(context, query.item, surveys.looked_over(context, sequence))
    unit = None
    if query.unit is not None:
        carried = surveys.code("", surveys.asked_period(context, query), item).removeprefix(":")
        unit = names.resolve_unit(context, query.unit, query.unit.text, then="lsu", after=carried)
    own = context.sight().units
    if sequence is None and unit is None and len(own) == 1:
        unit = context.bureau.unit(next(iter(own)))
    if sequence is None and unit is None and item is None:
        await plain_questions.ask(context, _ask(context, surveys.asked_period(context, query)))
        return
    asked = Asked(sequence, unit, item)
    await _answer(context, asked, periods.asked(context, query, _about(context, asked)))


def _ask(context: Context, chosen: Chosen | None) -> Say:
    """Which sequence, for who looks over any; else which of one's own units."""
    offered = surveys.surveyed_sequences(context)
    if offered:
        return surveys.ask_sequence("ls", losses_text.ask(), offered, chosen)
    own = [unit for unit in context.bureau.units if unit.code in context.sight().units]
    return Say(losses_text.ask(), names.unit_buttons(own, "lsu", surveys.code("", chosen).removeprefix(":")))


def _about(context: Context, asked: Asked) -> tuple[str, ...]:
    if asked.unit is not None:
        return context.groups_of((asked.unit,))
    if asked.sequence is not None:
        return surveys.groups_of(context, asked.sequence)
    return tuple(group.name for group in context.bureau.groups if group.name in context.person.groups)


async def unit_pressed(context: Context) -> None:
    """A unit was chosen: the data has no sequence before it."""
    context.arguments = (f"u-{context.argument(0)}", *context.arguments[1:])
    await pressed(context)


async def pressed(context: Context) -> None:
    """A sequence was chosen, or another period."""
    await _answer(context, *_pressed(context))


def _pressed(context: Context) -> tuple[Asked, Chosen]:
    about, period, day = (context.argument(index) for index in range(3))
    item = surveys.item_of(context, context.argument(3))
    unit = names.unit_of(context, about.removeprefix("u-")) if about.startswith("u-") else None
    sequence = names.sequence_of(context, about) if about and unit is None else None
    if unit is None and sequence is None and item is None:
        raise names.stale()
    asked = Asked(sequence, unit, item)
    return asked, periods.pressed(context, period, day, _about(context, asked))


def _data(verb: str, asked: Asked, chosen: Chosen) -> str:
    return f"{verb}:{asked.code}{surveys.code('', chosen, asked.item)}"


async def _answer(context: Context, asked: Asked, chosen: Chosen) -> None:
    scored, found = await _pareto(context, asked, chosen)
    if not scored.scores:
        nothing = surveys_text.nothing_yet if isinstance(chosen.period, Year) else surveys_text.no_scheme
        await context.reply(Say(nothing(asked.name, chosen)))
        return
    other = Chosen(chosen.other) if chosen.other is not None else None
    await context.show(
        Show(
            chart=losses_text.chart(asked.name, found, scored, context.bureau),
            text=losses_text.text(asked.name, found, scored, context.bureau),
            more=losses_text.lines(found),
            details=Button(f"全部原因（{len(found.causes)} 类）", _data("lsd", asked, chosen)),
            buttons=periods.offered(chosen, _data("ls", asked, other)) if other else (),
            name=wording.file_name(f"{asked.name}失分原因", chosen.period),
        )
    )


async def details_pressed(context: Context) -> None:
    """Every cause, where they did not fit under the picture."""
    asked, chosen = _pressed(context)
    _, found = await _pareto(context, asked, chosen)
    await context.reply(Say(losses_text.details(asked.name, found, chosen)))


async def _pareto(context: Context, asked: Asked, chosen: Chosen) -> tuple[Scored, Pareto]:
    """The scores that the losses are taken from, and their causes.

    Raises: SurveyHidden, NotYoursToSee, OwnUnitHidden.
    """
    pool, seen = _whom(context, asked)
    scored = await surveys.scored(context, chosen, pool, seen)
    if asked.unit is not None and asked.unit.code in context.person.own_units and scored.hidden:
        raise OwnUnitHidden(asked.unit)
    shown = {unit.code for unit, _ in scored.scores}
    quarters = [chosen.period] if isinstance(chosen.period, Quarter) else list(chosen.period.quarters)
    through = await periods.through(context, chosen)
    by_quarter = await figures.of_quarters(context, quarters, chosen.as_of)
    async with context.database.reading() as session:
        entries = await ledger.living_of(session, quarters, shown, through=through)
    losses = []
    for quarter, found in by_quarter.items():
        for unit in pool(found):
            if unit.code in shown and (isinstance(chosen.period, Quarter) or unit.code in found.results):
                own = [entry for entry in entries if entry.quarter == quarter and entry.unit == unit.code]
                losses += really_taken(found.scheme(unit), own)
    return scored, pareto(loss for loss in losses if asked.item in {None, loss.entry.item})


def _whom(context: Context, asked: Asked) -> tuple[Pool, Seen]:
    unit, sequence, item = asked.unit, asked.sequence, asked.item
    if unit is not None:
        if unit.code not in context.sight().units:
            raise NotYoursToSee(unit)
        code = unit.code
        return (
            lambda found: [u for u in found.bureau.units if u.code == code],
            lambda found: found.sight.scores,
        )
    if sequence is not None:
        surveys.check_surveyed(context, sequence)
        name = sequence.name
        return (
            lambda found: found.bureau.units_of(name),
            lambda found: surveyed(context.person, found.bureau) & found.sight.scores,
        )
    over = surveyed(context.person, context.bureau)
    if not over:
        raise SurveyHidden(item or "")
    return (
        lambda found: _with_item(context, found, item or ""),
        lambda found: surveyed(context.person, found.bureau) & found.sight.scores,
    )


def _with_item(context: Context, found: Figures, item: str) -> list[Unit]:
    """The units that the person looks over and that can lose points on the item."""
    over = surveyed(context.person, found.bureau)
    return [
        unit
        for unit in found.bureau.units
        if unit.code in over
        and (unit.code in found.results or found.bureau.scheme_for(unit, found.quarter.year) is not None)
        and found.scheme(unit).item(item) is not None
    ]
