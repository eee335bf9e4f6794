"""Tables of scores and places, derived from the ledger on reading (R11)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from rules.bureau import Bureau, Unit
from rules.calendar import Quarter
from rules.entries import Deduction
from rules.results import Results
from rules.table import Table, tabulate
from storage import ledger, quarters


@dataclass(frozen=True)
class Wanted:
    """The units whose table of a quarter is asked for, the bureau of that quarter, and what of it is confirmed."""

    bureau: Bureau
    units: Sequence[Unit]
    confirmed: Results | None = None


async def table(
    session: AsyncSession,
    bureau: Bureau,
    units: Sequence[Unit],
    quarter: Quarter,
    *,
    through: int | None = None,
    as_of: datetime | None = None,
    confirmed: Results | None = None,
) -> Table:
    """The table of the units in a quarter as it stands now, or as it stood when the ledger ended with `through`.

    `as_of` (aware) is the moment of that, for the marks of inspection. What is `confirmed` stands as it was stored.
    """
    wanted = {quarter: Wanted(bureau, units, confirmed)}
    return (await tables(session, wanted, through=through, as_of=as_of))[quarter]


async def tables(
    session: AsyncSession,
    wanted: Mapping[Quarter, Wanted],
    *,
    through: int | None = None,
    as_of: datetime | None = None,
) -> dict[Quarter, Table]:
    """The tables of several quarters, with as many queries as of one."""
    found = await tables_of(
        session, {quarter: (one.bureau, [one.units], one.confirmed) for quarter, one in wanted.items()},
        through=through, as_of=as_of,
    )  # fmt: skip
    return {quarter: tables_[0] for quarter, tables_ in found.items()}


async def lists(
    session: AsyncSession,
    bureau: Bureau,
    several: Sequence[Sequence[Unit]],
    quarter: Quarter,
    *,
    through: int | None = None,
    as_of: datetime | None = None,
    confirmed: Results | None = None,
) -> list[Table]:
    """A table for each of several lists of units of one quarter, all from one reading."""
    wanted = {quarter: (bureau, several, confirmed)}
    return (await tables_of(session, wanted, through=through, as_of=as_of))[quarter]


async def tables_of(
    session: AsyncSession,
    wanted: Mapping[Quarter, tuple[Bureau, Sequence[Sequence[Unit]], Results | None]],
    *,
    through: int | None,
    as_of: datetime | None,
) -> dict[Quarter, list[Table]]:
    """Every list of units of every quarter, whatever their number from the same few queries."""
    codes = {unit.code for _, lists_, _ in wanted.values() for units in lists_ for unit in units}
    taken = await ledger.taken(session, wanted, codes, through=through)
    inspected = await quarters.inspected_of(session, wanted, codes, before=as_of)
    return {
        quarter: [
            tabulate(
                bureau,
                units,
                quarter,
                sums=taken.sums[quarter],
                inspected=inspected[quarter],
                vetoed=taken.vetoed[quarter],
                last_change=max(
                    (at for unit in units if (at := taken.changes.get((quarter, unit.code))) is not None),
                    default=None,
                ),
                results=confirmed,
            )
            for units in lists_
        ]
        for quarter, (bureau, lists_, confirmed) in wanted.items()
    }


async def around(
    session: AsyncSession,
    bureau: Bureau,
    units: Sequence[Unit],
    entry: Deduction,
    *,
    number: int,
    sign: int = 1,
    replaced: Deduction | None = None,
) -> tuple[Table, Table]:
    """The tables before and after one row of the ledger: the deduction's own, or its reversal's with sign −1.

    They are what they were when it was written, however often and however late it is shown again. `replaced` is the
    entry in whose place it stands: it still counted before.
    """
    after = await ledger.sums(session, entry.quarter, [unit.code for unit in units], through=number)
    before = {unit: dict(items) for unit, items in after.items()}
    items = before.setdefault(entry.unit, {})
    items[entry.item] = items.get(entry.item, 0 * entry.points) - sign * entry.points
    if replaced is not None:
        others = before.setdefault(replaced.unit, {})
        others[replaced.item] = others.get(replaced.item, 0 * entry.points) + replaced.points
    return (
        tabulate(bureau, units, entry.quarter, sums=before),
        tabulate(bureau, units, entry.quarter, sums=after),
    )


async def with_more(
    session: AsyncSession,
    bureau: Bureau,
    units: Sequence[Unit],
    quarter: Quarter,
    *,
    more: Mapping[str, Mapping[str, Decimal]],
    vetoed: Collection[str],
    confirmed: Results | None = None,
) -> tuple[Table, Table]:
    """The table of the units as it stands, and as it would stand with `more` taken, by unit and item, and more vetoes."""
    codes = [unit.code for unit in units]
    taken = await ledger.taken(session, [quarter], codes)
    now, vetoes = taken.sums[quarter], taken.vetoed[quarter]
    inspected = await quarters.inspected(session, quarter, codes)
    change = max(taken.changes.values(), default=None)
    after = {
        code: {
            item: now.get(code, {}).get(item, Decimal(0)) + more.get(code, {}).get(item, Decimal(0))
            for item in {*now.get(code, {}), *more.get(code, {})}
        }
        for code in codes
    }
    before, then = (
        tabulate(
            bureau, units, quarter, sums=sums, inspected=inspected, vetoed=those, last_change=change, results=confirmed
        )
        for sums, those in ((now, vetoes), (after, vetoes | frozenset(vetoed)))
    )  # fmt: skip
    return before, then
