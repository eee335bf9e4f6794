"""What is scored: items with their points, and the scheme of a category that they make up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

FULL_MARKS = Decimal(100)
"""What the items of a scheme add up to (R1)."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A finer line under an item (细则): what is found, and what it takes each time.

    `whole` takes the item's points altogether (该项不得分). `points` None takes nothing: a veto (一票否决) that stands
    beside the score.
    """

    code: str
    text: str
    points: Decimal | None
    per: str = ""
    max: Decimal | None = None
    """The most that one entry by it takes."""
    whole: bool = False
    veto: bool = False

    @property
    def countable(self) -> bool:
        """Whether it can be taken several times at once."""
        return self.points is not None and not self.whole


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a scheme, e.g. 治安管理 10."""

    name: str
    points: Decimal
    aliases: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()

    def criterion(self, code: str) -> Criterion | None:
        """The criterion of this code under the item."""
        return next((criterion for criterion in self.criteria if criterion.code == code), None)

    def taken_by(self, criterion: Criterion, times: int) -> Decimal:
        """The points that a criterion takes from the item when it is found so many times."""
        if criterion.whole:
            return self.points
        if criterion.points is None:
            return Decimal(0)
        points = criterion.points * times
        return points if criterion.max is None else min(points, criterion.max)


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

    @property
    def indicators(self) -> int:
        """How many indicators (指标) it has: an item's criteria, or the item itself where it has none."""
        return sum(len(item.criteria) or 1 for item in self.items)

    def item(self, name: str) -> Item | None:
        """The item of exactly this name; None where the scheme has none."""
        return next((item for item in self.items if item.name == name), None)

    def find_criterion(self, code: str) -> tuple[Item, Criterion] | None:
        """The criterion of a code, with the item that it stands under; codes are unique in a scheme."""
        return next(((item, found) for item in self.items if (found := item.criterion(code))), None)

    def with_criteria(self, criteria: Mapping[str, tuple[Criterion, ...]]) -> "Scheme":
        """The same scheme with these criteria, by item, in the place of its own."""
        items = tuple(replace(item, criteria=criteria.get(item.name, ())) for item in self.items)
        return replace(self, items=items)

    def holds_in(self, year: int) -> bool:
        """Whether the scheme is the one of that assessment year, unless another names the year."""
        return not self.years or year in self.years


def scheme_of(schemes: Iterable[Scheme], category: str, year: int) -> Scheme | None:
    """The scheme of a category in an assessment year: the one that names the year before the one for every year.

    None means that the category has no table and cannot be scored in that year (R1).
    """
    held = [scheme for scheme in schemes if scheme.category == category and scheme.holds_in(year)]
    return next((scheme for scheme in held if scheme.years), held[0] if held else None)
