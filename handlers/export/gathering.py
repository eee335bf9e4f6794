"""All that goes into a workbook, as far as the person sees it: confirmed results as stored, the rest from the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.frame import periods
from handlers.frame.context import Context
from handlers.frame.periods import Chosen
from handlers.quarter import leads, progress
from handlers.reports import figures
from handlers.reports.figures import Figures
from rules.access import SEES_ALL, Deed, may, sees_officers
from rules.bureau import Bureau, Sequence, Unit
from rules.calendar import Quarter, Year
from rules.entries import Deduction
from rules.months import Month, months_of
from rules.officers import UnitMonth
from rules.periods import of_year
from rules.policy import Policy
from rules.progress import Progress
from rules.refusals import NothingToExport
from rules.stages import Course, Move
from rules.table import Table, YearTable
from storage import evidence, ledger, months, standings
from storage.database import Session


@dataclass(frozen=True)
class Ranked:
    """A sequence as far as the person sees its places; `left_out` are the units whose places it does not see."""

    sequence: Sequence
    table: Table
    left_out: tuple[Unit, ...]


@dataclass(frozen=True)
class Quarterly:
    """A quarter: its figures, every unit of it that the person sees, and its sequences."""

    figures: Figures
    table: Table
    ranked: tuple[Ranked, ...]


@dataclass(frozen=True)
class Yearly:
    """A sequence's year as far as the person sees its scores, and as far as it sees its places."""

    sequence: Sequence
    scores: YearTable
    places: YearTable


@dataclass(frozen=True)
class Stand:
    """A group's quarter: how far it is, and the steps that were made."""

    progress: Progress
    course: Course


@dataclass(frozen=True)
class Ledger:
    """The entries of the periods that were asked for, and the numbers of their files."""

    entries: tuple[Deduction, ...]
    files: Mapping[int, tuple[int, ...]]


@dataclass(frozen=True)
class Signers:
    """The names under the signature lines, each once: the quarter leads (带队局领导), and who confirmed for the office."""

    leads: tuple[str, ...]
    office: tuple[str, ...]


@dataclass(frozen=True)
class Gathered:
    """Everything. `asked` are the quarters of the period, `quarters` also those that they are compared with."""

    chosen: Chosen
    bureau: Bureau
    now: datetime
    scope: str
    """Whose units these are, where they are not all."""
    asked: tuple[Quarter, ...]
    quarters: Mapping[Quarter, Quarterly]
    years: tuple[Yearly, ...]
    ledger: Ledger
    stands: tuple[Stand, ...]
    officers: tuple[UnitMonth, ...]
    signers: Signers
    policy: Policy

    def order(self, unit: Unit) -> int:
        """The unit's place in the config: an order that tells nobody a place that it does not see."""
        codes = [other.code for other in self.bureau.units]
        return codes.index(unit.code) if unit.code in codes else len(codes)

    @property
    def final(self) -> bool:
        """Whether every score of the period is confirmed."""
        if isinstance(self.chosen.period, Year):
            return bool(self.years) and all(not year.scores.missing for year in self.years)
        return self.quarters[self.chosen.period].table.final


async def gather(context: Context, chosen: Chosen) -> Gathered:
    """What the workbook of the period holds for this person. NothingToExport."""
    asked = _asked(context, chosen)
    found = {quarter: await figures.of_quarter(context, _at(chosen, quarter)) for quarter in asked}
    _check_sight(found)
    found |= {
        quarter: await figures.of_quarter(context, Chosen(quarter))
        for quarter in _compared(context, chosen)
        if quarter not in found
    }
    through = await periods.through(context, chosen)
    years = await _years(context, chosen.period, found) if isinstance(chosen.period, Year) else ()
    async with context.database.reading() as session:
        quarters = {
            quarter: await _quarterly(session, context, one, chosen, through) for quarter, one in found.items()
        }
        named = await leads.of_quarters(session, context.services.policy, asked)
        return Gathered(
            chosen=chosen,
            bureau=context.bureau,
            now=context.now,
            scope=scope(context),
            asked=asked,
            quarters=quarters,
            years=years,
            ledger=await _ledger(session, [found[quarter] for quarter in asked], through),
            stands=await _stands(session, context, [found[q] for q in asked], chosen),
            officers=await _officers(session, context, chosen),
            signers=_signers(context, asked, {quarter: lead.name for quarter, lead in named.items()}),
            policy=context.services.policy,
        )


async def gather_ledger(context: Context, chosen: Chosen) -> tuple[Ledger, dict[Quarter, Figures]]:
    """The entries alone, and the figures of their quarters. NothingToExport."""
    asked = _asked(context, chosen)
    found = {quarter: await figures.of_quarter(context, _at(chosen, quarter)) for quarter in asked}
    _check_sight(found)
    through = await periods.through(context, chosen)
    async with context.database.reading() as session:
        return await _ledger(session, list(found.values()), through), found


def ledger_final(context: Context, chosen: Chosen, found: Mapping[Quarter, Figures]) -> bool:
    """Whether every group whose units the person sees has all quarters of the period confirmed."""
    before = periods.end_of(context, chosen.as_of) if chosen.as_of is not None else None
    whole = len(found) == (4 if isinstance(chosen.period, Year) else 1)
    return whole and all(
        set(context.groups_of(u for u in one.bureau.units if u.code in one.sight.units))
        <= context.timetable.settled(quarter, before)
        for quarter, one in found.items()
    )


def _check_sight(found: Mapping[Quarter, Figures]) -> None:
    if not any(one.sight.units for one in found.values()):
        raise NothingToExport


def _at(chosen: Chosen, quarter: Quarter) -> Chosen:
    return replace(chosen, period=quarter)


def _asked(context: Context, chosen: Chosen) -> tuple[Quarter, ...]:
    if isinstance(chosen.period, Quarter):
        return (chosen.period,)
    return of_year(chosen.period, context.services.begins, _running(context))


def _running(context: Context) -> Quarter:
    return context.timetable.running([group.name for group in context.bureau.groups], context.moment)


def _compared(context: Context, chosen: Chosen) -> tuple[Quarter, ...]:
    """The quarters of the year, and the one before its first; none where an earlier day is asked about."""
    if chosen.as_of is not None:
        return ()
    year = Year(chosen.period.year)
    begun = of_year(year, context.services.begins, _running(context))
    before = year.quarters[0].previous
    return (*([before] if before >= context.services.begins else []), *begun)


def scope(context: Context) -> str:
    """Whose units the person sees, in words of its own; empty where it sees all."""
    if context.person.has(SEES_ALL):
        return ""
    names = [context.bureau.unit(code).name for code in sorted(context.person.units & context.sight().units)]
    return "、".join([*sorted(context.person.groups), *names])


async def _quarterly(
    session: Session, context: Context, one: Figures, chosen: Chosen, through: int | None
) -> Quarterly:
    seen = [unit for unit in one.bureau.units if unit.code in one.sight.scores]
    sequences = [s for s in one.bureau.sequences if any(u.sequence == s.name for u in seen)]
    whole = [one.bureau.units_of(sequence.name) for sequence in sequences]
    placed = [[unit for unit in units if unit.code in one.sight.places] for units in whole]
    table, *tables = await standings.lists(
        session,
        one.bureau,
        [seen, *placed],
        one.quarter,
        through=through,
        as_of=periods.end_of(context, chosen.as_of) if chosen.as_of else None,
        confirmed=one.results,
    )
    ranked = tuple(
        Ranked(sequence, found, tuple(unit for unit in units if unit not in shown))
        for sequence, found, units, shown in zip(sequences, tables, whole, placed, strict=True)
        if shown
    )
    return Quarterly(one, table, ranked)


async def _ledger(session: Session, found: list[Figures], through: int | None) -> Ledger:
    seen = {one.quarter: one.sight.entries for one in found}
    codes = frozenset[str]().union(*seen.values())
    entries = await ledger.of_units(session, codes, list(seen), through=through)
    files = await evidence.numbers(session, codes, list(seen))
    return Ledger(tuple(entry for entry in entries if entry.unit in seen[entry.quarter]), files)


async def _years(context: Context, year: Year, found: Mapping[Quarter, Figures]) -> tuple[Yearly, ...]:
    """The year of each sequence of which the person sees a unit, exactly as /rank and /score have it."""
    visible = context.sight().units.union(*(one.sight.units for one in found.values()))
    for one in found.values():
        visible -= one.sight.units - one.sight.scores
    years = []
    for sequence in context.bureau.sequences:
        table, seen = await figures.of_year(context, year, sequence.name)
        scores = _only(table, visible)
        if scores.rows or scores.unscored:
            years.append(Yearly(sequence, scores, table.among(seen.places)))
    return tuple(years)


def _only(table: YearTable, codes: frozenset[str]) -> YearTable:
    return YearTable(
        table.year,
        tuple(row for row in table.rows if row.unit.code in codes),
        tuple(unit for unit in table.unscored if unit.code in codes),
    )


async def _stands(
    session: Session, context: Context, found: list[Figures], chosen: Chosen
) -> tuple[Stand, ...]:
    if not may(context.person, Deed.PROGRESS) or chosen.as_of is not None:
        return ()
    return tuple(
        [
            Stand(
                await progress.looked(session, one.bureau, group, one.quarter),
                context.timetable.course(group.name, one.quarter),
            )
            for one in found
            for group in progress.groups_seen(context)
        ]
    )


async def _officers(session: Session, context: Context, chosen: Chosen) -> tuple[UnitMonth, ...]:
    """The officers of the units whose officers the person sees, in the months of the period that have begun (R9)."""
    units = [unit for unit in context.bureau.units if sees_officers(context.person, unit.code)]
    begun = [month for month in months_of(chosen.period) if month <= Month.of(context.today)]
    if not units or not begun or chosen.as_of is not None:
        return ()
    policy = context.services.policy
    found = await months.unit_months(session, units, begun, common=policy.common_parts, duties=policy.duties)
    return tuple(found)


def _signers(context: Context, asked: tuple[Quarter, ...], named: Mapping[Quarter, str]) -> Signers:
    """The names under the confirmations that there are, and the leads who are named for the rest."""
    names: dict[str, None] = {}
    office: dict[str, None] = {}
    groups = context.groups_of(unit for unit in context.bureau.units if unit.code in context.sight().units)
    for quarter in asked:
        steps = [context.timetable.course(group, quarter).last(Move.CONFIRM) for group in groups]
        names |= {step.lead: None for step in steps if step is not None and step.lead}
        office |= {step.by: None for step in steps if step is not None}
        if quarter in named and (not steps or None in steps):
            names[named[quarter]] = None
    return Signers(tuple(names), tuple(office))
