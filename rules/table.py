"""A sequence's table in a quarter: every unit with its score and its place (R4, R5)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from rules.bureau import Bureau, Unit
from rules.calendar import Quarter, Year
from rules.ranking import Standing, rank
from rules.results import Results
from rules.score import UnitScore, YearScore, unit_score


@dataclass(frozen=True, slots=True)
class Row:
    """A unit in its place."""

    unit: Unit
    score: UnitScore
    standing: Standing[Decimal]
    inspected: bool
    vetoed: bool = False
    """A living veto (一票否决) stands beside its score."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows in order of place; the units that have no scheme stand beside it."""

    quarter: Quarter
    rows: tuple[Row, ...]
    unscored: tuple[Unit, ...]
    last_change: datetime | None
    """When the last entry that is in it was written, UTC; None before the first."""
    final: bool = False
    """Every row is a confirmed result (R7)."""

    def row(self, unit: str) -> Row | None:
        """A unit's row, None where it is not in this table."""
        return next((row for row in self.rows if row.unit.code == unit), None)


def tabulate(
    bureau: Bureau,
    units: Sequence[Unit],
    quarter: Quarter,
    *,
    sums: Mapping[str, Mapping[str, Decimal]],
    inspected: Collection[str] = (),
    vetoed: Collection[str] = (),
    last_change: datetime | None = None,
    results: Results | None = None,
) -> Table:
    """The table of these units, given in the config's order: confirmed results, else what their living entries took."""
    confirmed = results or {}
    scores: dict[str, UnitScore] = {}
    for unit in units:
        if unit.code in confirmed:
            scores[unit.code] = confirmed[unit.code].score
            continue
        scheme = bureau.scheme_for(unit, quarter.year)
        if scheme is not None:
            scores[unit.code] = unit_score(unit.code, scheme, sums.get(unit.code, {}))
    standings = rank([(code, score.total) for code, score in scores.items()])
    known = {unit.code: unit for unit in units}
    rows = tuple(
        Row(
            known[standing.unit],
            scores[standing.unit],
            standing,
            confirmed[standing.unit].inspected if standing.unit in confirmed else standing.unit in inspected,
            confirmed[standing.unit].vetoed if standing.unit in confirmed else standing.unit in vetoed,
        )
        for standing in standings
    )
    unscored = tuple(unit for unit in units if unit.code not in scores)
    final = bool(rows) and all(row.unit.code in confirmed for row in rows)
    return Table(quarter, rows, unscored, last_change, final)


@dataclass(frozen=True, slots=True)
class YearRow:
    """A unit in its place of the year."""

    unit: Unit
    score: YearScore
    standing: Standing[Fraction]


@dataclass(frozen=True, slots=True)
class YearTable:
    """The means of the confirmed quarters in order of place; the units without any stand beside it (R4, R5)."""

    year: Year
    rows: tuple[YearRow, ...]
    unscored: tuple[Unit, ...]

    @property
    def missing(self) -> tuple[Quarter, ...]:
        """The quarters that some row lacks: while there are any, the year is provisional."""
        found = {quarter for row in self.rows for quarter in row.score.missing}
        return tuple(quarter for quarter in self.year.quarters if quarter in found or not self.rows)

    def row(self, unit: str) -> YearRow | None:
        """A unit's row, None where it is not in this table."""
        return next((row for row in self.rows if row.unit.code == unit), None)

    def among(self, units: Collection[str]) -> "YearTable":
        """The year of some of its units, placed among themselves: no gap tells where the others stand."""
        rows = [row for row in self.rows if row.unit.code in units]
        standings = rank([(row.unit.code, row.standing.score) for row in rows])
        return replace(
            self,
            rows=tuple(replace(row, standing=standing) for row, standing in zip(rows, standings, strict=True)),
            unscored=tuple(unit for unit in self.unscored if unit.code in units),
        )


def tabulate_year(
    units: Sequence[Unit],
    year: Year,
    results: Mapping[Quarter, Results],
    without: Collection[tuple[str, Quarter]] = (),
) -> YearTable:
    """The year of these units, given in the config's order: only confirmed quarters enter (Year mean).

    `without` holds (unit's code, quarter) where the unit's group confirmed the quarter without it (R13).
    """
    scores = {
        unit.code: YearScore(
            unit.code,
            year,
            tuple(
                (q, results[q][unit.code].score.total) for q in year.quarters if unit.code in results.get(q, {})
            ),
            tuple(quarter for quarter in year.quarters if (unit.code, quarter) in without),
        )
        for unit in units
    }
    known = {unit.code: unit for unit in units}
    standings = rank([(code, mean) for code, score in scores.items() if (mean := score.mean) is not None])
    rows = tuple(YearRow(known[standing.unit], scores[standing.unit], standing) for standing in standings)
    return YearTable(year, rows, tuple(unit for unit in units if scores[unit.code].mean is None))
