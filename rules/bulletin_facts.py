"""The facts of a bulletin: of a quarter, or of the year of its confirmed quarters (R4–R7, Year mean)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rules import digest
from rules.bulletin import Facts, LateMonth, Losses, Material, Part, Work
from rules.bureau import Bureau, Unit
from rules.calendar import Period, Quarter, Year
from rules.digest import Line
from rules.entries import Deduction, vetoes
from rules.months import Month, due_day
from rules.periods import of_year
from rules.results import Results
from rules.returns import days_late as month_late
from rules.score import UnitScore
from rules.stages import days_late
from rules.table import Row, Table, YearRow, YearTable, tabulate, tabulate_year


@dataclass(frozen=True)
class _Quarter:
    """A quarter's confirmed results, and the bureau that it was scored with."""

    bureau: Bureau
    results: Results


def _settled(material: Material, quarter: Quarter) -> _Quarter:
    settled = material.timetable.settled(quarter)
    stored = material.results.get(quarter, {})
    kept = {code: result for code, result in stored.items() if result.group in settled}
    return _Quarter(material.bureau.as_it_was([result.unit for result in kept.values()], settled), kept)


def of_a_quarter(material: Material, quarter: Quarter) -> Facts:
    """A quarter: what is confirmed as it was stored, the rest as it stands."""
    here, before = _settled(material, quarter), _settled(material, quarter.previous)
    sums = digest.sums_of(material.entries)
    parts = []
    for sequence in here.bureau.sequences:
        table = tabulate(
            here.bureau,
            here.bureau.units_of(sequence.name),
            quarter,
            sums=sums,
            inspected=material.inspected.get(quarter, frozenset()),
            vetoed={entry.unit for entry in vetoes(material.entries)},
            last_change=material.changed,
            results=here.results,
        )
        lines = tuple(_line(row, quarter, before.results) for row in table.rows)
        parts.append(Part(sequence, lines, table, table.unscored))
    rows = [row for part in parts if isinstance(part.table, Table) for row in part.table.rows]
    final = bool(rows) and all(row.unit.code in here.results for row in rows)
    works = _works(
        material, quarter, here, [row.unit for row in rows], {r.unit.code for r in rows if r.inspected}
    )
    return _facts(material, quarter, parts, works, [(row.unit, row.score) for row in rows], final=final)


def _line(row: Row, quarter: Quarter, before: Results) -> Line:
    earlier = before.get(row.unit.code)
    return Line(
        row.unit,
        row.standing.place,
        row.standing.shared,
        Fraction(row.standing.score),
        None if earlier is None else Fraction(earlier.score.total),
        digest.lost_by([row.score]),
        () if row.inspected else (quarter,),
        row.vetoed,
    )


def of_a_year(material: Material, year: Year) -> Facts:
    """A year: the means of its confirmed quarters, and all that is told of these quarters alone (Year mean)."""
    table = material.timetable
    running = table.running([group.name for group in material.bureau.groups], material.now)
    quarters = {quarter: _settled(material, quarter) for quarter in of_year(year, table.begins, running)}
    last = Year(year.year - 1)
    before = {quarter: _settled(material, quarter).results for quarter in last.quarters}
    parts = []
    for sequence in material.bureau.sequences:
        ranked = _ranked(material.bureau, quarters, sequence.name)
        found = tabulate_year(ranked, year, _entering(quarters, sequence.name))
        lines = tuple(_year_line(row, quarters, last, before) for row in found.rows)
        parts.append(Part(sequence, lines, found, found.unscored))
    works = [
        work
        for quarter, here in quarters.items()
        for work in _works(
            material,
            quarter,
            here,
            [result.unit for result in here.results.values()],
            {code for code, result in here.results.items() if result.inspected},
        )
    ]
    scores = [(r.unit, r.score) for here in quarters.values() for r in here.results.values()]
    tables = [part.table for part in parts if isinstance(part.table, YearTable) and part.table.rows]
    missing = sorted({quarter for found in tables for quarter in found.missing})
    kept = [e for e in material.entries if e.quarter in quarters and e.unit in quarters[e.quarter].results]
    return _facts(
        material, year, parts, works, scores,
        final=bool(tables) and not missing, missing=tuple(missing) if tables else year.quarters, entries=kept,
    )  # fmt: skip


def _entering(quarters: Mapping[Quarter, _Quarter], sequence: str) -> dict[Quarter, Results]:
    """The results of a sequence's units, of the quarters in which it has any."""
    found: dict[Quarter, Results] = {}
    for quarter, here in quarters.items():
        kept = {u.code: here.results[u.code] for u in here.bureau.units_of(sequence) if u.code in here.results}
        if kept:
            found[quarter] = kept
    return found


def _ranked(bureau: Bureau, quarters: Mapping[Quarter, _Quarter], sequence: str) -> list[Unit]:
    """The sequence's units as they are, then those that stood in it in one of the quarters."""
    units = {unit.code: unit for unit in bureau.units_of(sequence)}
    for here in quarters.values():
        for unit in here.bureau.units_of(sequence):
            if unit.code in here.results:
                units.setdefault(unit.code, unit)
    return list(units.values())


def _year_line(
    row: YearRow, quarters: Mapping[Quarter, _Quarter], last: Year, before: Mapping[Quarter, Results]
) -> Line:
    code = row.unit.code
    mine = [(q, quarters[q].results[code]) for q, _ in row.score.quarters]
    earlier = [Fraction(results[code].score.total) for results in before.values() if code in results]
    return Line(
        row.unit,
        row.standing.place,
        row.standing.shared,
        row.standing.score,
        digest.mean(earlier) if len(earlier) == len(last.quarters) else None,
        digest.lost_by([result.score for _, result in mine]),
        tuple(quarter for quarter, result in mine if not result.inspected),
        any(result.vetoed for _, result in mine),
        row.score.quarters,
    )


def _works(
    material: Material, quarter: Quarter, here: _Quarter, units: Sequence[Unit], inspected: set[str]
) -> list[Work]:
    """What each group that scored any of the units did."""
    works = []
    for group in here.bureau.groups:
        own = tuple(unit for unit in units if _scored_by(here, unit) == group.name)
        if not own:
            continue
        calendar, codes = material.timetable.of(group.name), {unit.code for unit in own}
        course = material.timetable.course(group.name, quarter)
        submitted = course.submitted
        late = submitted.late if submitted is not None else days_late(calendar, quarter, material.now)
        works.append(
            Work(
                group,
                quarter,
                calendar.first_day(quarter),
                calendar.last_day(quarter),
                own,
                tuple(unit for unit in own if unit.code not in inspected),
                sum(e.lives and e.quarter == quarter and e.unit in codes for e in material.entries),
                course,
                late,
            )
        )
    return works


def _scored_by(here: _Quarter, unit: Unit) -> str | None:
    if unit.code in here.results:
        return here.results[unit.code].group
    group = here.bureau.group_for(unit)
    return group.name if group is not None else None


def _facts(
    material: Material,
    period: Period,
    parts: Iterable[Part],
    works: Iterable[Work],
    scores: Sequence[tuple[Unit, UnitScore]],
    *,
    final: bool,
    missing: tuple[Quarter, ...] = (),
    entries: Sequence[Deduction] | None = None,
) -> Facts:
    """What is told in the same way of a quarter and of a year. Of entries only those of units that have a score."""
    codes = {unit.code for unit, _ in scores}
    found = tuple(e for e in (material.entries if entries is None else entries) if e.unit in codes)
    told = {(entry.unit, entry.quarter) for entry in found}
    months = _months(material, period)
    units = {unit.code: unit for unit, _ in scores}
    return Facts(
        bureau=material.bureau,
        period=period,
        final=final,
        missing=missing,
        leads=material.leads,
        works=tuple(works),
        parts=tuple(part for part in parts if part.lines or part.unscored),
        losses=_losses(material.bureau, scores, found),
        entries=digest.living(found),
        vetoes=vetoes(found),
        handled=digest.handled(found),
        appeals=digest.appealed([d for unit, quarter, d in material.appeals if (unit, quarter) in told]),
        months=months,
        late_months=_late_months(material, months, list(units.values())),
        unexplained=tuple(entry for entry in digest.living(found) if not entry.reason),
        changed=material.changed,
    )


def _losses(
    bureau: Bureau, scores: Sequence[tuple[Unit, UnitScore]], entries: Sequence[Deduction]
) -> tuple[Losses, ...]:
    found = []
    there = dict.fromkeys(unit.category for unit, _ in scores)
    ordered = [category for group in bureau.groups for category in group.categories if category in there]
    for category in dict.fromkeys((*ordered, *there)):
        own = [score for unit, score in scores if unit.category == category]
        codes = {score.unit for score in own}
        criteria = digest.by_criterion(entry for entry in entries if entry.unit in codes)
        beyond = sum((item.beyond for score in own for item in score.items), Decimal(0))
        found.append(Losses(category, len(codes), len(own), digest.losses(own), beyond, criteria))
    return tuple(found)


def _months(material: Material, period: Period) -> tuple[Month, ...]:
    """The months that were due in the period, are over, and of which anything came in at all (R9)."""
    calendar = material.timetable.calendar
    first, last = (period, period) if isinstance(period, Quarter) else (period.quarters[0], period.quarters[-1])
    start, end = calendar.first_day(first), calendar.last_day(last)
    today = calendar.day(material.now)
    known = sorted({month for _, month in material.arrivals})
    return tuple(
        month
        for month in known
        if start <= due_day(month, material.monthly_day) <= end and due_day(month, material.monthly_day) < today
    )


def _late_months(material: Material, months: Sequence[Month], units: Sequence[Unit]) -> tuple[LateMonth, ...]:
    """Whose months came in late, or not at all."""
    found = []
    for month in months:
        for unit in units:
            came = material.arrivals.get((unit.code, month))
            if came is None:
                found.append(LateMonth(unit, month, None))
                continue
            late = month_late(month, material.timetable.calendar.day(came), material.monthly_day)
            if late:
                found.append(LateMonth(unit, month, late))
    return tuple(found)
