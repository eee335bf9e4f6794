"""The figures of a quarter or a year as a person may see them: confirmed results as stored, the rest from the ledger."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from handlers.frame import periods
from handlers.frame.context import Context
from handlers.frame.periods import Chosen
from rules.access import Sight, sight
from rules.bureau import Bureau, Unit
from rules.calendar import Quarter, Year
from rules.refusals import NoScheme
from rules.results import Results
from rules.scheme import Scheme
from rules.table import Table, YearTable, tabulate_year
from storage import results, standings


@dataclass(frozen=True)
class Figures:
    """A quarter: the bureau that it was scored with, its confirmed results, and what the person sees of it."""

    quarter: Quarter
    bureau: Bureau
    results: Results
    sight: Sight

    def scheme(self, unit: Unit) -> Scheme:
        """What the unit was or is scored by: the confirmed result's own items. NoScheme (R1)."""
        if unit.code in self.results:
            items = tuple(score.item for score in self.results[unit.code].score.items)
            return Scheme(unit.category, items)
        scheme = self.bureau.scheme_for(unit, self.quarter.year)
        if scheme is None:
            raise NoScheme(unit, self.quarter.year)
        return scheme


async def of_quarter(context: Context, chosen: Chosen) -> Figures:
    """The figures of a quarter, now or at the end of the day that is asked about."""
    assert isinstance(chosen.period, Quarter)
    return (await of_quarters(context, [chosen.period], chosen.as_of))[chosen.period]


async def of_quarters(
    context: Context, quarters: Collection[Quarter], as_of: date | None = None
) -> dict[Quarter, Figures]:
    """The figures of several quarters, now or at the end of a day."""
    before = periods.end_of(context, as_of) if as_of is not None else None
    settled_in = {quarter: context.timetable.settled(quarter, before) for quarter in quarters}
    confirmed = [quarter for quarter, groups in settled_in.items() if groups]
    stored: dict[Quarter, Results] = {}
    if confirmed:
        stored = await context.database.read(lambda session: results.of(session, confirmed))
    found = {}
    for quarter, settled in settled_in.items():
        kept = {code: result for code, result in stored.get(quarter, {}).items() if result.group in settled}
        bureau = context.bureau.as_it_was([result.unit for result in kept.values()], settled)
        seen = sight(context.person, bureau, context.timetable.published(quarter))
        found[quarter] = Figures(quarter, bureau, kept, seen)
    return found


async def table(context: Context, figures: Figures, units: list[Unit], chosen: Chosen) -> Table:
    """The table of these units."""
    through = await periods.through(context, chosen)
    as_of = periods.end_of(context, chosen.as_of) if chosen.as_of else None
    return await context.database.read(
        lambda session: standings.table(
            session,
            figures.bureau,
            units,
            figures.quarter,
            through=through,
            as_of=as_of,
            confirmed=figures.results,
        )
    )


async def of_year(context: Context, year: Year, sequence: str) -> tuple[YearTable, Sight]:
    """The year of a sequence from its confirmed quarters, and what the person sees of it.

    A place, or a score, is seen where it is seen in every quarter that enters.
    """
    stored = await context.database.read(lambda session: results.of(session, year.quarters))
    seen = context.sight()
    hidden: set[str] = set()
    scoreless: set[str] = set()
    entering: dict[Quarter, Results] = {}
    units: dict[str, Unit] = {unit.code: unit for unit in context.bureau.units_of(sequence)}
    without: set[tuple[str, Quarter]] = set()
    for quarter, found in stored.items():
        settled = context.timetable.settled(quarter)
        kept = {code: result for code, result in found.items() if result.group in settled}
        without |= {
            (unit.code, quarter)
            for unit in context.bureau.units_of(sequence)
            if unit.code not in kept and settled.intersection(context.groups_of((unit,)))
        }
        bureau = context.bureau.as_it_was([result.unit for result in kept.values()], settled)
        ranked = {unit.code: unit for unit in bureau.units_of(sequence) if unit.code in kept}
        if not ranked:
            continue
        units |= {code: unit for code, unit in ranked.items() if code not in units}
        entering[quarter] = {code: kept[code] for code in ranked}
        shown = sight(context.person, bureau, context.timetable.published(quarter))
        hidden |= ranked.keys() - shown.places
        scoreless |= shown.units - shown.scores
    seen = replace(seen, scores=seen.units - scoreless)
    if entering:
        seen = replace(seen, places=frozenset(units) - hidden)
    return tabulate_year(list(units.values()), year, entering, without), seen
