"""What a bulletin picks from tables and entries: means, losses, faults, changes, who has most to do (R3–R5, R11)."""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rules.appeals import Decision
from rules.bureau import Unit
from rules.calendar import Quarter
from rules.entries import UNDO_REASON, Deduction
from rules.score import UnitScore

ZERO = Decimal(0)

LAST_AT_MOST = 3
"""Where more units share a last place, it says nothing of any of them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A unit in its place of the period. `before`: its score of the period before, None where none is confirmed."""

    unit: Unit
    place: int
    shared: bool
    score: Fraction
    before: Fraction | None
    lost: tuple[tuple[str, Decimal], ...]
    """What it lost on its items, largest first; items that lost nothing are not in it."""
    unseen: tuple[Quarter, ...] = ()
    """The quarters in which it was not inspected."""
    vetoed: bool = False
    quarters: tuple[tuple[Quarter, Decimal], ...] = ()
    """The quarters that its year is the mean of."""

    @property
    def change(self) -> Fraction | None:
        """By how much it rose, negative where it fell."""
        return None if self.before is None else self.score - self.before


@dataclass(frozen=True, slots=True)
class ItemLoss:
    """What the units of a category lost on an item. `of`: how many scores there are, a quarter of a unit each."""

    name: str
    points: Decimal
    lost: Decimal
    units: int
    of: int

    @property
    def mean(self) -> Fraction:
        """What one score lost of it."""
        return Fraction(self.lost) / self.of


@dataclass(frozen=True, slots=True)
class Fault:
    """The same thing found several times: by one criterion, or told in the same words. Living entries, oldest first."""

    item: str
    text: str
    code: str | None
    entries: tuple[Deduction, ...]

    @property
    def points(self) -> Decimal:
        """What was logged for it, the floor not applied (R3)."""
        return sum((entry.points for entry in self.entries), ZERO)

    @property
    def units(self) -> int:
        """At how many units it was found."""
        return len({entry.unit for entry in self.entries})


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of the entries that were logged: they live, or were taken back, each in one of three ways."""

    logged: int
    living: int
    undone: int
    """By the author on the same day (误记)."""
    replaced: int
    """Another entry stands in their place."""
    cancelled: int


@dataclass(frozen=True, slots=True)
class Appealed:
    """How many appeals there were, and how they were decided."""

    made: int
    kept: int
    reduced: int
    cancelled: int

    @property
    def open(self) -> int:
        """How many are not decided yet."""
        return self.made - self.kept - self.reduced - self.cancelled


def living(entries: Iterable[Deduction]) -> tuple[Deduction, ...]:
    """The entries that still take points."""
    return tuple(entry for entry in entries if entry.lives)


def sums_of(entries: Iterable[Deduction]) -> dict[str, dict[str, Decimal]]:
    """What living entries took: unit code → item → exact sum, before the floor."""
    taken: defaultdict[str, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for entry in living(entries):
        taken[entry.unit][entry.item] += entry.points
    return {unit: dict(items) for unit, items in taken.items()}


def mean(values: Collection[Fraction]) -> Fraction | None:
    """The exact mean; None of nothing."""
    return sum(values, Fraction(0)) / len(values) if values else None


def lost_by(scores: Iterable[UnitScore]) -> tuple[tuple[str, Decimal], ...]:
    """What these scores of one unit lost by item, largest first; equal ones as the scheme has them."""
    lost: dict[str, Decimal] = {}
    for score in scores:
        for item in score.items:
            lost[item.item.name] = lost.get(item.item.name, ZERO) + item.lost
    return tuple(sorted(((name, points) for name, points in lost.items() if points), key=lambda p: -p[1]))


def losses(scores: Sequence[UnitScore]) -> tuple[ItemLoss, ...]:
    """What the scores of one category lost on each item, in the scheme's order."""
    points: dict[str, Decimal] = {}
    lost: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    units: defaultdict[str, set[str]] = defaultdict(set)
    of: defaultdict[str, int] = defaultdict(int)
    for score in scores:
        for item in score.items:
            name = item.item.name
            points[name] = item.item.points
            lost[name] += item.lost
            of[name] += 1
            units[name] |= {score.unit} if item.lost else set()
    return tuple(ItemLoss(name, points[name], lost[name], len(units[name]), of[name]) for name in points)


def by_criterion(entries: Iterable[Deduction]) -> tuple[Fault, ...]:
    """The living entries that were made by a criterion, by criterion: what took most first."""
    found: defaultdict[tuple[str, str, str], list[Deduction]] = defaultdict(list)
    for entry in living(entries):
        if entry.basis is not None:
            found[entry.item, entry.basis.text, entry.basis.code].append(entry)
    faults = [Fault(item, text, code, tuple(some)) for (item, text, code), some in found.items()]
    return tuple(sorted(faults, key=lambda fault: (-fault.points, -len(fault.entries))))


def faults(entries: Iterable[Deduction]) -> tuple[Fault, ...]:
    """What was found at least twice: by a criterion, else in the same words on the same item. Most often found first."""
    told: defaultdict[tuple[str, str], list[Deduction]] = defaultdict(list)
    counted = living(entries)
    for entry in counted:
        if entry.basis is None and entry.reason:
            told[entry.item, _plain(entry.reason)].append(entry)
    same_words = (Fault(item, text, None, tuple(some)) for (item, text), some in told.items())
    common = [fault for fault in (*by_criterion(counted), *same_words) if len(fault.entries) > 1]
    return tuple(sorted(common, key=lambda fault: (-len(fault.entries), -fault.points)))


def _plain(reason: str) -> str:
    """A reason without what makes no difference: width, spaces, the full stop at its end."""
    return " ".join(unicodedata.normalize("NFKC", reason).split()).rstrip("。.;；")


def heaviest(entries: Iterable[Deduction], most: int) -> tuple[Deduction, ...]:
    """The living entries that took most, at most so many; of equal ones the older."""
    taking = [entry for entry in living(entries) if entry.points]
    return tuple(sorted(taking, key=lambda entry: (-entry.points, entry.number))[:most])


def examples(fault: Fault, most: int) -> tuple[Deduction, ...]:
    """Entries to quote, one a unit as long as there are units, the ones with a reason first."""
    ordered = sorted(fault.entries, key=lambda entry: (not entry.reason, entry.number))
    first = {entry.unit: entry for entry in reversed(ordered)}
    picked = [entry for entry in ordered if first[entry.unit] is entry]
    return tuple((picked + [entry for entry in ordered if entry not in picked])[:most])


def risen(lines: Iterable[Line], most: int) -> tuple[Line, ...]:
    """The units that rose most, at most so many and whoever rose as much as the last of them."""
    return _leading([line for line in lines if line.change is not None and line.change > 0], most, sign=1)


def fallen(lines: Iterable[Line], most: int) -> tuple[Line, ...]:
    """The units that fell most, likewise."""
    return _leading([line for line in lines if line.change is not None and line.change < 0], most, sign=-1)


def _leading(lines: list[Line], most: int, *, sign: int) -> tuple[Line, ...]:
    ordered = sorted(lines, key=lambda line: -sign * (line.change or 0))
    if len(ordered) <= most:
        return tuple(ordered)
    last = ordered[most - 1].change
    return tuple(line for i, line in enumerate(ordered) if i < most or line.change == last)


def weakest(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The units in a sequence's last place that lost points; none where more share it than can be told apart."""
    last = max((line.place for line in lines), default=0)
    found = tuple(line for line in lines if line.place == last and line.lost)
    if len(found) > LAST_AT_MOST or (len(lines) > 1 and last == 1):
        return ()
    return found


def handled(entries: Iterable[Deduction]) -> Handled:
    """How many entries live, and how the others were taken back (R11)."""
    known = tuple(entries)
    gone = [entry for entry in known if not entry.lives]
    replaced = sum(entry.replaced_by is not None for entry in gone)
    undone = sum(_undone(entry) for entry in gone)
    return Handled(len(known), len(known) - len(gone), undone, replaced, len(gone) - replaced - undone)


def _undone(entry: Deduction) -> bool:
    taken_back = entry.reversal
    return entry.replaced_by is None and taken_back is not None and taken_back.reason == UNDO_REASON


def appealed(decisions: Sequence[Decision | None]) -> Appealed:
    """The appeals counted by what was decided; None is not decided yet."""
    return Appealed(
        len(decisions),
        decisions.count(Decision.KEEP),
        decisions.count(Decision.REDUCE),
        decisions.count(Decision.CANCEL),
    )
