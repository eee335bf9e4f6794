"""Scores: what is left of each item, of a unit in a quarter, and of its year (R2, R3, R4)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rules.calendar import Quarter, Year
from rules.scheme import Item, Scheme

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Taken:
    """What one living entry took: its number, its item and its whole points, as stored (R3)."""

    number: int
    item: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One item of a unit's score in a quarter."""

    item: Item
    deducted: Decimal

    @property
    def left(self) -> Decimal:
        """max(0, points − deductions) (R3)."""
        return max(ZERO, self.item.points - self.deducted)

    @property
    def beyond(self) -> Decimal:
        """What was deducted past the floor and takes no more (R3)."""
        return max(ZERO, self.deducted - self.item.points)

    @property
    def lost(self) -> Decimal:
        """What the deductions did take: never more than the item's points."""
        return self.item.points - self.left


@dataclass(frozen=True, slots=True)
class UnitScore:
    """A unit's score in a quarter, by its code."""

    unit: str
    items: tuple[ItemScore, ...]

    @property
    def total(self) -> Decimal:
        """The sum of what is left of the items (R4)."""
        return sum((item.left for item in self.items), ZERO)

    def item(self, name: str) -> ItemScore:
        """The score of an item of the scheme; KeyError for any other name."""
        for score in self.items:
            if score.item.name == name:
                return score
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class YearScore:
    """A unit's year: the confirmed quarters' scores, and the quarters that are missing (R4)."""

    unit: str
    year: Year
    quarters: tuple[tuple[Quarter, Decimal], ...]
    without: tuple[Quarter, ...] = ()
    """The quarters that were confirmed without it: the unit was not there yet, or no more (R13)."""

    @property
    def missing(self) -> tuple[Quarter, ...]:
        """The quarters that are not confirmed yet; while there are any the year is provisional."""
        confirmed = {quarter for quarter, _ in self.quarters} | set(self.without)
        return tuple(quarter for quarter in self.year.quarters if quarter not in confirmed)

    @property
    def mean(self) -> Fraction | None:
        """The exact mean of the confirmed quarters, None before the first one."""
        if not self.quarters:
            return None
        return sum((Fraction(total) for _, total in self.quarters), Fraction(0)) / len(self.quarters)


def unit_score(unit: str, scheme: Scheme, deducted: Mapping[str, Decimal]) -> UnitScore:
    """The score of a unit from what was deducted on each item by entries that live (R2–R4)."""
    return UnitScore(unit, tuple(ItemScore(item, deducted.get(item.name, ZERO)) for item in scheme.items))


def beyond_floor(scheme: Scheme, entries: Iterable[Taken]) -> dict[int, Decimal]:
    """For each living entry that took less than it says: the points that found nothing left to take.

    What is beyond the floor belongs to the latest entries, afresh after every reversal (Floor), so the entries
    are walked from the oldest number on.
    """
    used: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    points = {item.name: item.points for item in scheme.items}
    beyond: dict[int, Decimal] = {}
    for entry in sorted(entries, key=lambda entry: entry.number):
        before, after = used[entry.item], used[entry.item] + entry.points
        used[entry.item] = after
        over = max(ZERO, after - points[entry.item]) - max(ZERO, before - points[entry.item])
        if over:
            beyond[entry.number] = over
    return beyond
