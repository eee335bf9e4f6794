"""Where the points went: what each entry really took, and the causes in order of what they cost (R3)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rules.entries import Deduction
from rules.scheme import Scheme
from rules.score import beyond_floor

ENOUGH = Fraction(3, 5)
"""The share of everything lost that the weightiest causes are counted up to."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A living entry, and the points that it really took: what is beyond the floor took nothing (R3, Floor)."""

    entry: Deduction
    category: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Cause:
    """A criterion, or an item's entries that name none: the points it cost, by how many entries, on how many units."""

    item: str
    code: str | None
    text: str
    points: Decimal
    entries: int
    units: int


@dataclass(frozen=True, slots=True)
class Pareto:
    """The causes, the costliest first."""

    causes: tuple[Cause, ...]

    @property
    def total(self) -> Decimal:
        """Everything that was lost."""
        return sum((cause.points for cause in self.causes), Decimal(0))

    @property
    def cumulated(self) -> tuple[Fraction, ...]:
        """After each cause, the share of everything lost that it and the ones before it make up; the last is 1."""
        shares, so_far, total = [], Decimal(0), self.total
        for cause in self.causes:
            so_far += cause.points
            shares.append(Fraction(so_far) / Fraction(total))
        return tuple(shares)

    @property
    def weightiest(self) -> int:
        """How few causes make up enough of what was lost; 0 where nothing was."""
        return next((n for n, share in enumerate(self.cumulated, start=1) if share >= ENOUGH), 0)


def really_taken(scheme: Scheme, entries: Iterable[Deduction]) -> list[Loss]:
    """What each living entry of one unit in one quarter took from its score; entries that took nothing are left out.

    Added up it is exactly what the unit lost. What is beyond an item's floor belongs to the latest entries (Floor).
    """
    living = [entry for entry in entries if entry.lives and scheme.item(entry.item) is not None]
    beyond = beyond_floor(scheme, [entry.taken for entry in living])
    taken = [(entry, entry.points - beyond.get(entry.number, Decimal(0))) for entry in living]
    return [Loss(entry, scheme.category, points) for entry, points in taken if points > 0]


def pareto(losses: Iterable[Loss]) -> Pareto:
    """The causes of these losses. Entries by a criterion stand under it, the others under their item.

    A criterion is its code in its category, and goes by the words of its newest entry.
    """
    by_cause: defaultdict[tuple[str, str, str], list[Loss]] = defaultdict(list)
    for loss in losses:
        basis = loss.entry.basis
        key = (loss.category, loss.entry.item, basis.code) if basis else ("", loss.entry.item, "")
        by_cause[key].append(loss)
    causes = [_cause(several) for several in by_cause.values()]
    return Pareto(tuple(sorted(causes, key=lambda c: (-c.points, c.item, c.code or "", c.text))))


def _cause(losses: list[Loss]) -> Cause:
    newest = max((loss.entry for loss in losses), key=lambda entry: entry.number)
    return Cause(
        item=newest.item,
        code=newest.basis.code if newest.basis else None,
        text=newest.basis.text if newest.basis else "",
        points=sum((loss.points for loss in losses), Decimal(0)),
        entries=len(losses),
        units=len({loss.entry.unit for loss in losses}),
    )
