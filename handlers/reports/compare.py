"""/compare: two to four units of one kind, item by item."""

from handlers.frame import names, periods, wording
from handlers.frame.context import Context
from handlers.frame.periods import Chosen
from handlers.frame.reply import Button, Say, Show
from handlers.reports import compare_text, surveys, surveys_text
from handlers.reports.figures import Figures
from handlers.reports.surveys import Scored
from rules.bureau import Unit
from rules.calendar import Quarter, Year
from rules.grid import Grid, grid
from rules.names import Ambiguous, Found, Match
from rules.reading import read_units
from rules.refusals import NotComparable, NotYoursToSee, OwnUnitHidden, SchemesDiffer, UnknownName

MOST = 4
SHORT = 8
"""Signs of a unit's stand-in in a button, which holds four of them."""


async def compare(context: Context) -> None:
    """/compare 城关所 东门所 [period]"""
    named, query = read_units(context.words, names.vocabulary(context), context.running, context.today)
    units = list(dict.fromkeys(_unit(context, found) for found in named))
    if not 2 <= len(units) <= MOST:
        raise NotComparable(MOST)
    await _answer(context, units, periods.asked(context, query, context.groups_of(units)))


def _unit(context: Context, found: Found[str]) -> Unit:
    if isinstance(found, Match):
        return context.bureau.unit(found.value)
    codes = found.candidates if isinstance(found, Ambiguous) else found.suggestions
    raise UnknownName("单位", found.text, tuple(context.bureau.unit(code).name for code in codes[:5]))


def _stand_in(unit: Unit) -> str:
    return names.short(unit.code)[:SHORT]


def _pressed(context: Context) -> tuple[list[Unit], Chosen]:
    known = {_stand_in(unit): unit for unit in (*context.bureau.former, *context.bureau.units)}
    stand_ins = context.argument(0).split(".")
    if not 2 <= len(stand_ins) <= MOST or any(stand_in not in known for stand_in in stand_ins):
        raise names.stale()
    units = [known[stand_in] for stand_in in stand_ins]
    about = context.groups_of(units)
    return units, periods.pressed(context, context.argument(1), context.argument(2), about)


async def pressed(context: Context) -> None:
    """Another period was chosen."""
    await _answer(context, *_pressed(context))


async def _answer(context: Context, units: list[Unit], chosen: Chosen) -> None:
    scored, found, places = await _grid(context, units, chosen)
    if len(found.lines) < 2:
        name = "、".join(unit.name for unit in units)
        nothing = surveys_text.nothing_yet if isinstance(chosen.period, Year) else surveys_text.no_scheme
        await context.reply(Say(nothing(name, chosen)))
        return
    codes = ".".join(_stand_in(unit) for unit in units)
    await context.show(
        Show(
            chart=compare_text.chart(found, scored, context.bureau, places=places),
            text=compare_text.text(found, scored, context.bureau, places=places),
            more=compare_text.items(found),
            details=Button("逐项数字", f"cpd:{codes}:{periods.code(chosen)}"),
            buttons=periods.offer(chosen, f"cp:{codes}"),
            name=wording.file_name(f"{'、'.join(line.unit.name for line in found.lines)}对比", chosen.period),
        )
    )


async def details_pressed(context: Context) -> None:
    """The figures, where they did not fit under the picture."""
    units, chosen = _pressed(context)
    _, found, _ = await _grid(context, units, chosen)
    await context.reply(Say(compare_text.details(found, chosen)))


async def _grid(context: Context, units: list[Unit], chosen: Chosen) -> tuple[Scored, Grid, bool]:
    """The units item by item, and whether it may be told which is ahead: where every one's place is seen.

    NotYoursToSee, OwnUnitHidden for a unit that is not seen; SchemesDiffer where they have no common items.
    """
    seen = context.sight().units
    hidden = next((unit for unit in units if unit.code not in seen), None)
    if hidden is not None:
        raise NotYoursToSee(hidden)
    codes = [unit.code for unit in units]
    placed: list[frozenset[str]] = []

    def pool(found: Figures) -> list[Unit]:
        if isinstance(chosen.period, Quarter) or any(code in found.results for code in codes):
            placed.append(found.sight.places)
        there = {unit.code: unit for unit in found.bureau.units}
        return [there[code] for code in codes if code in there]

    scored = await surveys.scored(context, chosen, pool, lambda found: found.sight.scores)
    own = next((unit for unit in scored.hidden if unit.code in context.person.own_units), None)
    if own is not None:
        raise OwnUnitHidden(own)
    if len({tuple(i.item.name for i in score.items) for _, several in scored.scores for score in several}) > 1:
        raise SchemesDiffer(tuple(unit for unit, _ in scored.scores))
    order = {code: n for n, code in enumerate(codes)}
    typed = sorted(scored.scores, key=lambda pair: order[pair[0].code])
    return scored, grid(typed, by_place=False), all(set(codes) <= places for places in placed)
