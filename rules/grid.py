"""Units by items: what each lost where, in a quarter or as the mean of several (R3, R4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from rules.bureau import Unit
from rules.ranking import Standing, rank
from rules.score import UnitScore

Scores = Sequence[tuple[Unit, Sequence[UnitScore]]]
"""Units in the config's order, each with its scores: one of a quarter, or those of the quarters that make up its year."""


@dataclass(frozen=True, slots=True)
class Column:
    """An item, and the most that can be lost on it."""

    name: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class Line:
    """A unit with its score, its place among the units of the grid, and what it lost on each column.

    None stands where the unit's scheme has no such item.
    """

    unit: Unit
    score: Fraction
    standing: Standing[Fraction]
    lost: tuple[Fraction | None, ...]

    @property
    def total(self) -> Fraction:
        """What the unit lost altogether."""
        return sum((lost for lost in self.lost if lost is not None), Fraction(0))


@dataclass(frozen=True, slots=True)
class Grid:
    """The lines in the order they were asked for."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    @property
    def totals(self) -> tuple[Fraction, ...]:
        """What all units lost on each column."""
        return tuple(
            sum((lost for line in self.lines if (lost := line.lost[i]) is not None), Fraction(0))
            for i in range(len(self.columns))
        )

    @property
    def total(self) -> Fraction:
        """What all units lost altogether."""
        return sum(self.totals, Fraction(0))

    @property
    def worst_items(self) -> tuple[str, ...]:
        """The columns on which most was lost; none where nothing was."""
        most = max(self.totals, default=Fraction(0))
        return tuple(c.name for c, lost in zip(self.columns, self.totals, strict=True) if most and lost == most)

    @property
    def worst_unit(self) -> Line | None:
        """The one unit that lost more than half of everything, where several are compared."""
        if len(self.lines) < 2:
            return None
        return next((line for line in self.lines if line.total * 2 > self.total), None)

    @property
    def widest(self) -> tuple[str, Fraction] | None:
        """The first column on which the units differ most, and by how much; None where they differ on none."""
        gaps = [_gap([line.lost[i] for line in self.lines]) for i in range(len(self.columns))]
        most = max(gaps, default=Fraction(0))
        return (self.columns[gaps.index(most)].name, most) if most else None


def _gap(lost: list[Fraction | None]) -> Fraction:
    known = [value for value in lost if value is not None]
    return max(known, default=Fraction(0)) - min(known, default=Fraction(0))


def grid(scores: Scores, *, by_place: bool) -> Grid:
    """The grid of these units, each of which has a score; in order of place, else as given."""
    columns = _columns(scores)
    means = {unit.code: _mean([Fraction(s.total) for s in several]) for unit, several in scores}
    standings = {standing.unit: standing for standing in rank(list(means.items()))}
    lines = {
        unit.code: Line(
            unit,
            means[unit.code],
            standings[unit.code],
            tuple(_lost(column.name, several) for column in columns),
        )
        for unit, several in scores
    }
    order = standings if by_place else means
    return Grid(columns, tuple(lines[code] for code in order))


def _columns(scores: Scores) -> tuple[Column, ...]:
    points: dict[str, Fraction] = {}
    for _, several in scores:
        for score in several:
            for item in score.items:
                points[item.item.name] = max(
                    points.get(item.item.name, Fraction(0)), Fraction(item.item.points)
                )
    return tuple(Column(name, most) for name, most in points.items())


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _lost(item: str, several: Sequence[UnitScore]) -> Fraction | None:
    """The mean over all quarters of what was lost on the item, so that a line adds up to what its score lacks."""
    lost = [Fraction(i.lost) for score in several for i in score.items if i.item.name == item]
    return sum(lost, Fraction(0)) / len(several) if lost else None


ItemPlaces = tuple[tuple[Unit, Standing[Fraction], Fraction], ...]
"""Units in order of place by one item, with what they lost on it."""


def item_ranking(scores: Scores, item: str) -> ItemPlaces:
    """The units in order of what is left to them of one item, with what they lost; those without the item are left out."""
    left: dict[str, Fraction] = {}
    lost: dict[str, Fraction] = {}
    for unit, several in scores:
        found = [i for score in several for i in score.items if i.item.name == item]
        if found:
            left[unit.code] = _mean([Fraction(i.left) for i in found])
            lost[unit.code] = _mean([Fraction(i.lost) for i in found])
    units = {unit.code: unit for unit, _ in scores}
    return tuple((units[s.unit], s, lost[s.unit]) for s in rank(list(left.items())))
