"""Recounts a database: its pages and references, the seals, and every confirmed result from the ledger."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.results import Result
from rules.scheme import Scheme
from rules.score import unit_score
from storage import chain, ledger, results, tally
from storage.backup import run
from storage.tables import ResultRow


class FaultKind(Enum):
    """What does not hold in a database."""

    PAGES = "pages"
    REFERENCES = "references"
    SEALS = "seals"
    RESULTS = "results"
    TALLY = "tally"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not hold, and where."""

    kind: FaultKind
    where: str


@dataclass(frozen=True)
class Recount:
    """What was recounted: chains and confirmed results, and what did not hold."""

    chains: int
    results: int
    faults: tuple[Fault, ...]


async def damage(session: AsyncSession) -> list[Fault]:
    """What is broken in a SQLite file itself: pages, indexes, references. Nothing to look at on a server."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    try:
        said = [str(row[0]) for row in await run(session, "PRAGMA integrity_check(5)")]
        lost = (await run(session, "PRAGMA foreign_key_check")).all()
    except DBAPIError as error:
        return [Fault(FaultKind.PAGES, str(error.orig))]
    except sqlite3.Error as error:
        return [Fault(FaultKind.PAGES, str(error))]
    pages = [Fault(FaultKind.PAGES, line) for line in said if line != "ok"]
    return pages + [Fault(FaultKind.REFERENCES, f"{row[0]} {row[1]} → {row[2]}") for row in lost[:5]]


async def recount(session: AsyncSession) -> Recount:
    """Recount the seals, and each confirmed result from the entries (R3, R4, R7), at the newest migration."""
    verdicts = await chain.verify(session)
    broken = [
        Fault(FaultKind.SEALS, f"{v.table} {v.head.chain} {v.broken}") for v in verdicts if v.broken is not None
    ]
    session.expunge_all()
    count, wrong = await _results(session)
    # What is kept beside a ledger that does not hold itself cannot be compared with it.
    off = [] if broken else await _tallies(session)
    return Recount(len(verdicts), count, (*broken, *wrong, *off))


async def _tallies(session: AsyncSession) -> list[Fault]:
    return [
        Fault(FaultKind.TALLY, f"{quarter} {unit} {item}")
        for quarter in await tally.quarters(session)
        for unit, item in await tally.differences(session, quarter)
    ]


async def _results(session: AsyncSession) -> tuple[int, list[Fault]]:
    query: Any = sa.select(col(ResultRow.quarter), col(ResultRow.unit_code), col(ResultRow.total))
    totals = {(quarter, unit): total for quarter, unit, total in await run(session, query)}
    quarters = sorted({quarter for quarter, _ in totals})
    units = {unit for _, unit in totals}
    stored = await results.of(session, quarters)
    taken = await ledger.recounted(session, quarters, units)
    wrong = [
        Fault(FaultKind.RESULTS, f"{quarter} {unit}")
        for (quarter, unit), total in totals.items()
        if not _holds(
            stored[quarter][unit], total, taken.sums[quarter].get(unit, {}), unit in taken.vetoed[quarter]
        )
    ]
    return len(totals), wrong


def _holds(result: Result, total: Decimal, sums: Mapping[str, Decimal], vetoed: bool) -> bool:
    """Whether a stored result is what the entries make of it."""
    scheme = Scheme(result.unit.category, tuple(score.item for score in result.score.items))
    names = {item.name for item in scheme.items}
    return (
        unit_score(result.unit.code, scheme, sums) == result.score
        and result.score.total == total
        and result.vetoed == vetoed
        and not any(points for name, points in sums.items() if name not in names)
    )
