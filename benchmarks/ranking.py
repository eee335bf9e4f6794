"""/rank's part of the storage, over ten years of entries: the same at every length, and beside raw SQL."""

import asyncio
import gc
import sqlite3
import statistics
import time
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

from benchmarks import big_bureau
from benchmarks.table import Benchmark, Row, medians
from rules.bureau import Bureau, Unit
from rules.calendar import Quarter
from storage import ledger, standings
from storage.database import Database

SIZES = (10_000, 1_000_000, 10_000_000)
QUICK = (10_000, 100_000)

ASKED = big_bureau.QUARTERS[3::5]
"""Eight quarters over the ten years."""

AGAIN = 5
"""How often each quarter is asked for in a round."""

RANKED = 22
"""The units of a sequence."""

FROM_SUMS = "SELECT quarter, unit_code, item, points, living, vetoes, changed_at FROM tally WHERE quarter = ? AND unit_code IN ({})"
FROM_ENTRIES = (
    "SELECT quarter, unit_code, item, sum(points), 0, 0, max(recorded_at) FROM entry"
    " WHERE quarter = ? AND unit_code IN ({}) GROUP BY unit_code, item"
)


@dataclass(frozen=True)
class Filled:
    """A database of so many entries."""

    size: int
    path: Path
    database: Database


async def measure(rounds: int, quick: bool) -> list[Row]:
    """The ranking at each size against the smallest, and its reading against sqlite3's own."""
    config = big_bureau.example()
    bureau = config.organisation
    units = [unit for sequence in bureau.sequences for unit in bureau.units_of(sequence.name)][:RANKED]
    with big_bureau.folder() as folder:
        filled = []
        for size in QUICK if quick else SIZES:
            path = folder / f"{size}.db"
            seconds = await big_bureau.fill(path, config, size)
            print(f"  {size:,} entries in {seconds:.0f} s, {path.stat().st_size / 1e6:,.0f} MB")
            filled.append(Filled(size, path, Database(big_bureau.address(path))))
        try:
            return await _rows(filled, bureau, units, rounds)
        finally:
            for one in filled:
                await one.database.close()


async def _rows(filled: list[Filled], bureau: Bureau, units: list[Unit], rounds: int) -> list[Row]:
    smallest, largest = filled[0], filled[-1]
    codes = sorted(unit.code for unit in units)
    for one in filled:
        await _ranked(one, bureau, units)
        await asyncio.to_thread(_raw, one.path, FROM_SUMS, codes)
    lengths = {
        one.size: [await _pair(one, smallest, bureau, units) for _ in range(rounds)] for one in filled[1:]
    }
    read = [
        (await _taken(largest, codes), await asyncio.to_thread(_raw, largest.path, FROM_SUMS, codes))
        for _ in range(rounds)
    ]
    entries = statistics.median(
        [await asyncio.to_thread(_raw, largest.path, FROM_ENTRIES, codes) for _ in range(3)]
    )
    rows = []
    for size, pairs in lengths.items():
        ours, theirs, ratio = medians(pairs)
        what, against = f"`/rank` 的存取，{_said(size)}条", f"{_said(smallest.size)}条"
        rows.append(Row(what, ours, against, theirs, "毫秒", "≤ 2", ratio <= 2, ratio))
    ours, theirs, ratio = medians(read)
    note = f"不用汇总、直接对 {_said(largest.size)}条台账求和要 {entries:.3g} 毫秒"
    what, against = "查询排名并建好数值", "sqlite3 直接查同样的汇总，建好同样的数值"
    rows.append(Row(what, ours, against, theirs, "毫秒", "≤ 1.5", ratio <= 1.5, ratio, note))
    return rows


def _said(size: int) -> str:
    return f"{size // 10_000} 万"


async def _pair(one: Filled, other: Filled, bureau: Bureau, units: list[Unit]) -> tuple[float, float]:
    gc.collect()
    return await _ranked(one, bureau, units), await _ranked(other, bureau, units)


async def _ranked(one: Filled, bureau: Bureau, units: list[Unit]) -> float:
    """Milliseconds of one table of scores and places."""
    began = time.perf_counter()
    for _ in range(AGAIN):
        for quarter in ASKED:
            table = await one.database.read(
                partial(standings.table, bureau=bureau, units=units, quarter=quarter)
            )
            assert len(table.rows) == RANKED
    return _each(began)


async def _taken(one: Filled, codes: list[str]) -> float:
    """Milliseconds of reading what a table is made of."""
    began = time.perf_counter()
    for _ in range(AGAIN):
        for quarter in ASKED:
            taken = await one.database.read(partial(ledger.taken, quarters=[quarter], units=codes))
            assert len(taken.sums[quarter]) == RANKED
    return _each(began)


def _raw(path: Path, sql: str, codes: list[str]) -> float:
    """The same by sqlite3 alone, in one thread, on an open connection, the same values built of the rows."""
    with closing(sqlite3.connect(path)) as db:
        statement = sql.format(", ".join("?" * len(codes)))
        again = 1 if "FROM entry" in sql else AGAIN
        began = time.perf_counter()
        for _ in range(again):
            for quarter in ASKED:
                db.execute("BEGIN")
                sums = _built(db.execute(statement, (str(quarter), *codes)).fetchall())
                db.execute("ROLLBACK")
                assert len(sums) == RANKED
        return _each(began, again)


def _built(rows: list[tuple[str, str, str, int, int, int, str]]) -> dict[str, dict[str, Decimal]]:
    sums: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)
    vetoes: defaultdict[str, int] = defaultdict(int)
    changes: dict[str, datetime] = {}
    for quarter, unit, item, points, _, veto, at in rows:
        Quarter.parse(quarter)
        sums[unit][item] = Decimal(points).scaleb(-2)
        vetoes[unit] += veto
        changed = datetime.fromisoformat(at)
        changes[unit] = max(changed, changes.get(unit, changed))
    return sums


def _each(began: float, again: int = AGAIN) -> float:
    return (time.perf_counter() - began) * 1000 / (again * len(ASKED))


RANKING = Benchmark("ranking", measure)
