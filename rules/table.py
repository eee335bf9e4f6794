"""A sequence's table in a quarter: every unit with its score and its place (R4, R5)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from rules.bureau import Bureau, Unit
from rules.calendar import Quarter
from rules.ranking import Standing, rank
from rules.score import UnitScore, unit_score


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
) -> Table:
    """The table of these units, given in the config's order, from what their living entries took."""
    scores: dict[str, UnitScore] = {}
    for unit in units:
        scheme = bureau.scheme_for(unit, quarter.year)
        if scheme is not None:
            scores[unit.code] = unit_score(unit.code, scheme, sums.get(unit.code, {}))
    standings = rank([(code, score.total) for code, score in scores.items()])
    rows = tuple(
        Row(
            bureau.unit(standing.unit),
            scores[standing.unit],
            standing,
            standing.unit in inspected,
            standing.unit in vetoed,
        )
        for standing in standings
    )
    unscored = tuple(unit for unit in units if unit.code not in scores)
    return Table(quarter, rows, unscored, last_change)
