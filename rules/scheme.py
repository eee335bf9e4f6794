"""What is scored: items with their points, and the scheme of a category that they make up."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

FULL_MARKS = Decimal(100)
"""What the items of a scheme add up to (R1)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a scheme, e.g. 治安管理 10."""

    name: str
    points: Decimal
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scheme:
    """The items of one category, for the named years or, where none is named, for every year (R1)."""

    category: str
    items: tuple[Item, ...]
    years: frozenset[int] = frozenset()

    @property
    def total(self) -> Decimal:
        """The sum of the items' points; start-up refuses a scheme where it is not FULL_MARKS."""
        return sum((item.points for item in self.items), Decimal(0))

    def item(self, name: str) -> Item | None:
        """The item of exactly this name; None where the scheme has none."""
        return next((item for item in self.items if item.name == name), None)

    def holds_in(self, year: int) -> bool:
        """Whether the scheme is the one of that assessment year, unless another names the year."""
        return not self.years or year in self.years


def scheme_of(schemes: Iterable[Scheme], category: str, year: int) -> Scheme | None:
    """The scheme of a category in an assessment year: the one that names the year before the one for every year.

    None means that the category has no table and cannot be scored in that year (R1).
    """
    held = [scheme for scheme in schemes if scheme.category == category and scheme.holds_in(year)]
    return next((scheme for scheme in held if scheme.years), held[0] if held else None)
