"""What several units scored in a quarter, or in the confirmed quarters of a year, as far as a person may see it together."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from handlers.frame import names, periods
from handlers.frame.context import Context
from handlers.frame.periods import Chosen
from handlers.frame.reply import Button, Rows, Say
from handlers.reports import figures
from handlers.reports.figures import Figures
from rules.access import Sight, surveyed
from rules.bureau import Sequence, Unit
from rules.calendar import Quarter, Year
from rules.grid import Scores
from rules.names import Ambiguous, Found, Match, normalised
from rules.reading import Query
from rules.refusals import OwnUnitHidden, SurveyHidden, UnknownName
from rules.score import UnitScore

Pool = Callable[[Figures], Iterable[Unit]]
"""The units that a question is about, in a quarter's own bureau."""
Seen = Callable[[Figures], Collection[str]]
"""The codes of the units that the person may see for it."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Units with their scores, in the config's order; `missing` are the quarters of a year that are not confirmed."""

    chosen: Chosen
    scores: Scores
    final: bool
    missing: tuple[Quarter, ...] = ()
    changed: datetime | None = None
    """The last entry in it, UTC; of a year there is none to tell."""
    uninspected: int = 0
    unscored: tuple[Unit, ...] = ()
    hidden: tuple[Unit, ...] = ()
    """Units that the question is about and the person may not see: of a year, in any of its quarters."""


async def scored(context: Context, chosen: Chosen, pool: Pool, seen: Seen) -> Scored:
    """The scores of the units as far as they are seen."""
    if isinstance(chosen.period, Year):
        return await _of_year(context, chosen, pool, seen)
    found = await figures.of_quarter(context, chosen)
    here = list(pool(found))
    units = [unit for unit in here if unit.code in seen(found)]
    table = await figures.table(context, found, units, chosen)
    rows = {row.unit.code: row for row in table.rows}
    return Scored(
        chosen,
        tuple((unit, (rows[unit.code].score,)) for unit in units if unit.code in rows),
        table.final,
        changed=table.last_change,
        uninspected=sum(not row.inspected for row in table.rows),
        unscored=table.unscored,
        hidden=tuple(unit for unit in here if unit not in units),
    )


async def _of_year(context: Context, chosen: Chosen, pool: Pool, seen: Seen) -> Scored:
    """Only confirmed quarters enter (Year mean); a unit is seen where it is seen in every one of them."""
    assert isinstance(chosen.period, Year)
    quarters = await figures.of_quarters(context, chosen.period.quarters, chosen.as_of)
    units: dict[str, Unit] = {}
    scores: dict[str, list[UnitScore]] = {}
    hidden: dict[str, Unit] = {}
    for found in quarters.values():
        for unit in pool(found):
            if unit.code not in found.results:
                continue
            if unit.code not in seen(found):
                hidden.setdefault(unit.code, unit)
            units[unit.code] = unit
            scores.setdefault(unit.code, []).append(found.results[unit.code].score)
    order = {unit.code: n for n, unit in enumerate((*context.bureau.units, *context.bureau.former))}
    shown = sorted(
        (unit for code, unit in units.items() if code not in hidden),
        key=lambda u: order.get(u.code, len(order)),
    )
    missing = tuple(
        quarter for quarter, found in quarters.items() if not any(u.code in found.results for u in shown)
    )
    return Scored(
        chosen,
        tuple((unit, tuple(scores[unit.code])) for unit in shown),
        not missing,
        missing=missing,
        hidden=tuple(hidden.values()),
    )


def check_score(seen: Sight, unit: Unit) -> None:
    """Refuse what tells the score of a unit that is the person's own: OwnUnitHidden (Sight)."""
    if unit.code in seen.units - seen.scores:
        raise OwnUnitHidden(unit)


def check_entries(seen: Sight, unit: Unit) -> None:
    """Refuse the entries of a unit that is the person's own: OwnUnitHidden (Sight)."""
    if unit.code in seen.units - seen.entries:
        raise OwnUnitHidden(unit)


def surveyed_sequences(context: Context) -> list[Sequence]:
    """The sequences over which the person looks as a whole, in the config's order."""
    codes = surveyed(context.person, context.bureau)
    return [
        s for s in context.bureau.sequences if any(u.code in codes for u in context.bureau.units_of(s.name))
    ]


def check_surveyed(context: Context, sequence: Sequence) -> None:
    """SurveyHidden where the person does not look over the sequence."""
    if sequence not in surveyed_sequences(context):
        raise SurveyHidden(sequence.name)


def sequence_named(context: Context, found: Found[str] | None, query: Query) -> Sequence | None:
    """The sequence that was named; None where none was, or several are meant. UnknownName."""
    if isinstance(found, Match):
        return next(sequence for sequence in context.bureau.sequences if sequence.name == found.value)
    if found is not None and not isinstance(found, Ambiguous):
        known = tuple(sequence.name for sequence in context.bureau.sequences)
        raise UnknownName("序列", query.leftover, known)
    return None


def item_named(context: Context, found: Found[str] | None, units: Iterable[Unit]) -> str | None:
    """The item that was named, of those that these units can lose points on; None where none was.

    Two schemes may call different items alike: where the units leave several, the one of exactly that name is meant.
    UnknownName, with the ones that may be.
    """
    if found is None or isinstance(found, Match):
        return found.value if found else None
    if isinstance(found, Ambiguous):
        schemes = [context.bureau.scheme_for(unit, context.running.year) for unit in units]
        there = {item.name for scheme in schemes if scheme is not None for item in scheme.items}
        meant = [name for name in found.candidates if name in there] or list(found.candidates)
        exact = [name for name in meant if normalised(name) == normalised(found.text)]
        if len(meant) == 1 or exact:
            return (exact or meant)[0]
        raise UnknownName("项目", found.text, tuple(meant))
    raise UnknownName("项目", found.text, found.suggestions)


def item_of(context: Context, stand_in: str) -> str | None:
    """The item of a pressed stand-in; None where none was pressed."""
    if not stand_in:
        return None
    items = {item.name for scheme in context.bureau.schemes for item in scheme.items}
    found = next((name for name in items if names.short(name) == stand_in), None)
    if found is None:
        raise names.stale()
    return found


def code(sequence: str, chosen: Chosen | None, item: str | None = None) -> str:
    """Sequence, period, day and item as a button carries them."""
    period = f"{chosen.period}:{chosen.as_of or ''}" if chosen else ":"
    return f"{names.short(sequence) if sequence else ''}:{period}:{names.short(item) if item else ''}".rstrip(
        ":"
    )


def asked_period(context: Context, query: Query) -> Chosen | None:
    """The period that was named, to be carried by a button."""
    return periods.asked(context, query) if query.period or query.as_of_text is not None else None


def ask_sequence(
    verb: str, text: str, offered: Iterable[Sequence], chosen: Chosen | None, item: str | None = None
) -> Say:
    """Which sequence? Buttons `verb:sequence:period:day:item`."""
    buttons: Rows = tuple((Button(s.name, f"{verb}:{code(s.name, chosen, item)}"),) for s in offered)
    return Say(text, buttons)


def looked_over(context: Context, sequence: Sequence | None = None) -> list[Unit]:
    """The units of a sequence; without one all that the person looks over, or sees where it looks over none."""
    if sequence is not None:
        return list(context.bureau.units_of(sequence.name))
    codes = surveyed(context.person, context.bureau) or context.sight().units
    return [unit for unit in context.bureau.units if unit.code in codes]


def groups_of(context: Context, sequence: Sequence) -> tuple[str, ...]:
    """The groups that score a sequence."""
    return context.groups_of(context.bureau.units_of(sequence.name))
