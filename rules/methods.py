"""How units assess their officers: a common part from the config, and each unit's own part, which it files (R9)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from rules.refusals import ItemsInUse, MethodSum
from rules.scheme import FULL_MARKS, Item, Scheme


@dataclass(frozen=True, slots=True)
class CommonPart:
    """The items that every unit of a category assesses its officers by (总则及共同部分), for the named years or all."""

    categories: tuple[str, ...]
    items: tuple[Item, ...]
    years: frozenset[int] = frozenset()

    @property
    def points(self) -> Decimal:
        """What they add up to."""
        return sum((item.points for item in self.items), Decimal(0))


class Verdict(Enum):
    """Where something that was filed stands; the value is the word on screen."""

    WAITING = "待审"
    ACCEPTED = "已通过"
    RETURNED = "已退回"


@dataclass(frozen=True, slots=True)
class Method:
    """One version of a unit's own part for a year. `at` and `decided_at` are UTC."""

    id: int
    unit: str
    year: int
    version: int
    items: tuple[Item, ...]
    by: str
    at: datetime
    verdict: Verdict = Verdict.WAITING
    reason: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None


def common_part(parts: Iterable[CommonPart], category: str, year: int) -> tuple[Item, ...]:
    """The common items of a category in a year: the part that names the year before the one for every year."""
    held = [part for part in parts if category in part.categories and (not part.years or year in part.years)]
    chosen = next((part for part in held if part.years), held[0] if held else None)
    return chosen.items if chosen is not None else ()


def check_method(common: Collection[Item], own: Collection[Item]) -> None:
    """Refuse parts that do not add up to 100: MethodSum (R9)."""
    total = sum((item.points for item in (*common, *own)), Decimal(0))
    if total != FULL_MARKS:
        raise MethodSum(sum((item.points for item in common), Decimal(0)), total)


def scheme_of_unit(unit: str, common: tuple[Item, ...], own: Method | None) -> Scheme | None:
    """What the unit's officers are scored by: the common part and the accepted own one; None while they are not whole."""
    items = (*common, *(own.items if own is not None else ()))
    scheme = Scheme(unit, items)
    return scheme if scheme.total == FULL_MARKS else None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a unit stands with its own part of a year: what is in force, and a newer version that waits or was returned."""

    in_force: Method | None = None
    pending: Method | None = None

    @property
    def word(self) -> str:
        """The word on screen: the newest version's, or that there is none."""
        newest = self.pending or self.in_force
        return newest.verdict.value if newest is not None else "未报送"


def standing(versions: Iterable[Method]) -> Standing:
    """Where these versions of one unit and year leave it, given oldest first."""
    in_force = pending = None
    for version in versions:
        if version.verdict is Verdict.ACCEPTED:
            in_force, pending = version, None
        else:
            pending = version
    return Standing(in_force, pending)


def taken_away(common: Collection[Item], new: Collection[Item], old: Collection[Item]) -> tuple[str, ...]:
    """The items of the old own part that the new method no longer has."""
    kept = {item.name for item in (*common, *new)}
    return tuple(item.name for item in old if item.name not in kept)


def check_in_use(items: Collection[Item], used: Mapping[str, Iterable[int]]) -> None:
    """Refuse a method without an item that living entries of months not returned yet stand on: ItemsInUse (R9, R13)."""
    kept = {item.name for item in items}
    lost = tuple((name, tuple(numbers)) for name, numbers in used.items() if name not in kept)
    if lost:
        raise ItemsInUse(lost)


def years_to_send(today: date) -> tuple[int, ...]:
    """The years that a method can be sent for: the civil year, the one before, and the next."""
    return (today.year - 1, today.year, today.year + 1)
