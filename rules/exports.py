"""What leaves the chat as a file: which file was asked for, and what each entry of it really counted (R3)."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal

from rules.calendar import Quarter
from rules.entries import Deduction
from rules.refusals import NotAnExport
from rules.scheme import Scheme
from rules.score import ZERO, beyond_floor

LEDGER_WORDS = frozenset({"台账", "扣分台账", "台账csv", "扣分台账csv", "csv", "csv台账"})


def wants_ledger(rest: str) -> bool:
    """Whether the ledger alone was asked for, as CSV, and not the whole workbook. NotAnExport for anything else."""
    word = "".join(rest.split()).casefold()
    if word and word not in LEDGER_WORDS:
        raise NotAnExport(rest)
    return bool(word)


def points_counted(
    entries: Iterable[Deduction], scheme_of: Callable[[Quarter, str], Scheme | None]
) -> dict[int, Decimal]:
    """What each entry takes from its unit's score: nothing once reversed, and nothing beyond its item's floor (R3).

    `scheme_of` says what a unit is scored by in a quarter; an entry on an item that it has not got takes nothing.
    """
    by_score: defaultdict[tuple[Quarter, str], list[Deduction]] = defaultdict(list)
    counted: dict[int, Decimal] = {}
    for entry in entries:
        counted[entry.number] = ZERO
        if entry.lives:
            by_score[entry.quarter, entry.unit].append(entry)
    for (quarter, unit), living in by_score.items():
        scheme = scheme_of(quarter, unit)
        if scheme is None:
            continue
        scored = [entry for entry in living if scheme.item(entry.item) is not None]
        beyond = beyond_floor(scheme, [entry.taken for entry in scored])
        counted |= {entry.number: entry.points - beyond.get(entry.number, ZERO) for entry in scored}
    return counted
