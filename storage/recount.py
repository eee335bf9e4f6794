"""Recounts a database: pages and references, seals, the register, every confirmed result from the ledger, the sums."""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa
from pydantic import AwareDatetime
from sqlalchemy.exc import DBAPIError
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.calendar import Quarter
from rules.results import Result
from rules.scheme import Scheme
from rules.score import unit_score
from storage import hash_chain, ledger, register, results, running_totals
from storage.backup import run
from storage.chain_ends import Memory, Remembered
from storage.database import will_pass
from storage.hash_chain import Verdict
from storage.stored import UNREADABLE
from storage.tables import ChainEndRow, EntryRow, RegisterRow, ResultRow, TallyRow

T = TypeVar("T")

Reading = Callable[[], AbstractAsyncContextManager[AsyncSession]]
"""What opens a session that reads one state of the database."""


class FaultKind(Enum):
    """What does not hold in a database."""

    PAGES = "pages"
    REFERENCES = "references"
    SEALS = "seals"
    """A row of a chain does not fit its seal."""
    CUT = "cut"
    """A chain lacks rows, amid it or at its end."""
    APPENDED = "appended"
    """A chain goes on after its last row."""
    RESEALED = "resealed"
    """A chain ends with another seal than its last row had."""
    REMEMBERED = "remembered"
    """An end that is remembered outside the database is not there."""
    CHANGED = "changed"
    """A row is not as it was registered."""
    REMOVED = "removed"
    """A row that was registered is missing."""
    UNREGISTERED = "unregistered"
    """A row was never registered."""
    CONFIRMED = "confirmed"
    """Results are not those whose digest the trail has."""
    RESULTS = "results"
    TALLY = "tally"
    UNREADABLE = "unreadable"
    """A table has something that the program cannot read, or is not there."""


OF_CONTENT = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT}
"""SQLite's codes for a table or column that is not there, and for pages that are none."""

OF_CHAINS = {
    FaultKind.SEALS, FaultKind.CUT, FaultKind.APPENDED, FaultKind.RESEALED, FaultKind.REMEMBERED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not hold, and where: a table and what it is in it, or a quarter and what it is of it."""

    kind: FaultKind
    where: str
    columns: tuple[str, ...] = ()
    """Those of a row that differ."""
    intact: int | None = None
    """How many rows of a chain are known to be as they were."""
    since: AwareDatetime | None = None
    """When this was last known to hold."""


@dataclass(frozen=True)
class Recount:
    """What was recounted, and what did not hold."""

    verdicts: tuple[Verdict, ...]
    results: int
    faults: tuple[Fault, ...]
    quarters: int = 0
    """Whose sums were compared."""
    failed: tuple[Remembered, ...] = ()
    """The ends that do not stand any more, of those that were given."""

    @property
    def chains(self) -> int:
        """How many."""
        return len(self.verdicts)


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


async def at_once() -> None:
    """No pause between two pieces."""


async def recount(
    reading: Reading,
    memory: Memory | None = None,
    *,
    rows: int = 1000,
    pause: Callable[[], Awaitable[None]] = at_once,
) -> Recount:
    """Compare all that can be compared, at the newest migration, and change nothing (R3, R4, R7, R11).

    Piece by piece, each of so many rows in a reading of its own with a pause after it: so ten years fit in memory, and
    others go on meanwhile. The `memory` holds the ends that have to stand.
    """
    return await _Recounting(reading, memory or Memory(), rows, pause).all()


class _Recounting:
    """One recount on its way."""

    def __init__(
        self, reading: Reading, memory: Memory, rows: int, pause: Callable[[], Awaitable[None]]
    ) -> None:
        self._reading, self._memory, self._rows, self._pause = reading, memory, rows, pause
        self._with_register = True
        """Whether the database is of a migration that has one."""
        self._faults: list[Fault] = []
        self._failed: list[Remembered] = []

    async def all(self) -> Recount:
        async with self._reading() as session:
            # A register that is known and was taken away is missed.
            known = any(one.end.table == RegisterRow.__tablename__ for one in self._memory.ends)
            self._with_register = known or await register.is_there(session)
        there = await self._guarded(ChainEndRow, self._names) or []
        tables = {kind.__tablename__ for kind in hash_chain.KINDS}
        tables -= set() if self._with_register else {RegisterRow.__tablename__}
        remembered = [(one.end.table, one.end.chain) for one in self._memory.ends if one.end.table in tables]
        verdicts = [
            await self._guarded(table, partial(self._chain, table, name))
            for table, name in dict.fromkeys((*there, *remembered))
        ]
        ledger_holds = not any(is_of_ledger(fault) for fault in self._faults)
        for kind in register.REGISTERED if self._with_register else ():
            await self._guarded(kind, partial(self._registered, kind))
        count = await self._guarded(ResultRow, self._results)
        # What is kept beside a ledger that does not hold itself cannot be compared with it.
        quarters = await self._guarded(TallyRow, self._sums) if ledger_holds else 0
        done = tuple(verdict for verdict in verdicts if verdict is not None)
        return Recount(done, count or 0, tuple(self._faults), quarters or 0, tuple(self._failed))

    async def _names(self) -> list[tuple[str, str]]:
        async with self._reading() as session:
            return (
                await hash_chain.names(session)
                if self._with_register
                else await hash_chain.older_names(session)
            )

    async def _guarded(self, table: Any, work: Callable[[], Awaitable[T]]) -> T | None:
        """What work brings that reads a table; None where it has something that cannot be read, which is a fault.

        So nobody keeps all the rest from being compared by a single value.
        """
        try:
            return await work()
        except (*UNREADABLE, DBAPIError, sqlite3.Error) as error:
            if not _is_of_content(error):
                raise
            name = table if isinstance(table, str) else table.__tablename__
            if not any(fault.kind is FaultKind.UNREADABLE and fault.where == name for fault in self._faults):
                self._find(FaultKind.UNREADABLE, name)
            return None

    def _find(self, kind: FaultKind, where: str, *, since: datetime | None = None, **how: Any) -> None:
        self._faults.append(Fault(kind, where, since=since or self._memory.sound_at, **how))

    async def _chain(self, table: str, name: str) -> Verdict:
        """Recount a chain, and compare its end with what is kept of it inside and outside the database."""
        verdict = await self._recounted(table, name)
        head = verdict.head
        ends = [one for one in self._memory.ends if (one.end.table, one.end.chain) == (table, name)]
        async with self._reading() as session:
            seals = await hash_chain.seals_at(session, table, name, sorted({one.end.count for one in ends}))
        failed = [
            one
            for one in ends
            if one.end.count > 0
            and (
                seals.get(one.end.count) != one.end.seal
                or (verdict.broken is not None and one.end.count > head.count)
            )
        ]
        self._failed += failed
        if verdict.gap:
            self._find(FaultKind.CUT, f"{table} {name} {head.count + 1}", intact=head.count)
        elif verdict.broken is not None:
            self._find(FaultKind.SEALS, f"{table} {name} {verdict.broken}", intact=head.count)
        elif failed:
            stand = (one.end.count for one in ends if one not in failed)
            self._find(
                FaultKind.REMEMBERED,
                f"{table} {name}",
                intact=max(stand, default=0),
                since=max((one.at for one in failed if one.at is not None), default=None),
            )
        return verdict

    async def _recounted(self, table: str, name: str) -> Verdict:
        head = hash_chain.beginning(name)
        while True:
            async with self._reading() as session:
                verdict = await hash_chain.verify_part(session, table, head, limit=self._rows)
                if verdict.broken is None and verdict.head == head:
                    if not self._with_register:
                        return verdict
                    kept = await hash_chain.kept_end(session, table, name)
                    rows = await hash_chain.rows_of(session, table, name)
                    break
            if verdict.broken is not None:
                return verdict
            head = verdict.head
            await self._pause()
        self._compare_end(table, head, kept.head if kept is not None else hash_chain.beginning(name), rows)
        return verdict

    def _compare_end(self, table: str, head: hash_chain.Head, kept: hash_chain.Head, rows: int) -> None:
        where = f"{table} {head.chain}"
        if head.count < kept.count:
            self._find(FaultKind.CUT, f"{where} {head.count + 1}", intact=head.count)
        elif rows > kept.count:
            self._find(FaultKind.APPENDED, f"{where} {rows}", intact=kept.count)
        elif head.seal != kept.seal:
            self._find(FaultKind.RESEALED, where)

    async def _registered(self, kind: type[Any]) -> None:
        after: int | None = None
        while True:
            async with self._reading() as session:
                found, after = await register.differences(session, kind, after=after, limit=self._rows)
            for one in found:
                what = FaultKind.UNREGISTERED if not one.columns else FaultKind.CHANGED
                self._find(
                    FaultKind.REMOVED if one.gone else what, f"{one.table} {one.row}", columns=one.columns
                )
            if after is None:
                return
            await self._pause()

    async def _results(self) -> int:
        """The confirmed results against the trail and against the entries; how many there are."""
        async with self._reading() as session:
            for quarter, group in await results.unlike_the_trail(session):
                self._find(FaultKind.CONFIRMED, f"{quarter} {group}")
            quarters = (await run(session, sa.select(col(ResultRow.quarter)).distinct())).scalars().all()
        count = 0
        for quarter in sorted(quarters):
            async with self._reading() as session:
                count += await self._results_of(session, quarter)
            await self._pause()
        return count

    async def _results_of(self, session: AsyncSession, quarter: Quarter) -> int:
        query: Any = sa.select(col(ResultRow.unit_code), col(ResultRow.total)).where(
            col(ResultRow.quarter) == quarter
        )
        totals = dict((await run(session, query)).all())
        stored = (await results.of(session, [quarter]))[quarter]
        session.expunge_all()
        taken = await ledger.recounted(session, [quarter], set(totals))
        for unit, total in totals.items():
            sums, vetoed = taken.sums[quarter].get(unit, {}), unit in taken.vetoed[quarter]
            if not _holds(stored[unit], total, sums, vetoed):
                self._find(FaultKind.RESULTS, f"{quarter} {unit}")
        return len(totals)

    async def _sums(self) -> int:
        """What is kept beside the ledger against it; of how many quarters."""
        async with self._reading() as session:
            quarters = await running_totals.quarters(session)
        for quarter in quarters:
            async with self._reading() as session:
                for unit, item in await running_totals.differences(session, quarter):
                    self._find(FaultKind.TALLY, f"{quarter} {unit} {item}")
            await self._pause()
        return len(quarters)


def is_of_ledger(fault: Fault) -> bool:
    """Whether the ledger itself does not hold, so that nothing can be compared with it or made from it."""
    of = fault.where.split(maxsplit=1)[0]
    return fault.kind in {*OF_CHAINS, FaultKind.UNREADABLE} and of in (
        EntryRow.__tablename__,
        ChainEndRow.__tablename__,
    )


def _is_of_content(error: Exception) -> bool:
    """Whether an error is about what stands in the database, and not about its being busy, full or away."""
    orig = getattr(error, "orig", error)
    if isinstance(orig, sqlite3.Error):
        code = getattr(orig, "sqlite_errorcode", None)
        # Text that is none has no code of SQLite's.
        return code in OF_CONTENT or (code is None and isinstance(orig, sqlite3.OperationalError))
    return not will_pass(error)


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
