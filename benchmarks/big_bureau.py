"""Databases of a bureau after ten years, made for the benchmarks: a ledger of any length, people, planned messages.

The ledger's rows are written by SQL, with their real columns and without valid seals: sealing ten million would take an
hour, and nothing that is measured here looks at a seal. The sums beside it are made by the program's own code.
"""

import asyncio
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from bot.config.load import Config, load
from rules.calendar import Quarter
from storage import running_totals
from storage.database import Database
from storage.migrate import migrate

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"

YEARS = range(2026, 2036)
QUARTERS = tuple(Quarter(year, number) for year in YEARS for number in (1, 2, 3, 4))

FIRST_CHAT = 100_000_000
"""The first of the chats that planned messages are for."""

FILLING = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
INSERT INTO entry (id, key, kind, target_id, unit_code, item, points, quarter, author_id, at, recorded_at, times, veto,
                   chain, chain_no, seal)
SELECT :first + i, printf('b%09d', :first + i),
       CASE WHEN i % 20 = 19 THEN 'reversal' ELSE 'deduction' END,
       CASE WHEN i % 20 = 19 THEN :first + i - 1 END,
       place.unit, place.item,
       CASE WHEN i % 20 = 19 THEN -1 ELSE 1 END * (10 + (i / 20) % 190),
       :quarter, 1 + (i / 20) % 40, :at, :at, 1, (i / 20) % 500 = 499 AND i % 20 >= 18, 'g', :first + i, ''
FROM n JOIN place ON place.number = ((i - i % 20 + min(i % 20, 18)) * 7919) % :places
"""
"""A quarter's entries: each twentieth takes the one before it back, one of five hundred of those is a veto."""


def example() -> Config:
    """The example bureau of 41 units."""
    return load(EXAMPLE, {})


@contextmanager
def folder() -> Iterator[Path]:
    """Where databases lie while they are measured."""
    with TemporaryDirectory(prefix="kaoping-bench-") as name:
        yield Path(name)


def address(path: Path) -> str:
    """The address of a database file."""
    return f"sqlite+aiosqlite:///{path}"


async def new(path: Path) -> None:
    """A migrated database with forty persons in it."""
    database = Database(address(path))
    await migrate(database)
    await database.close()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.executemany(
            "INSERT INTO person (id, telegram_id, name, joined_at) VALUES (?, ?, ?, '2026-01-01 00:00:00')",
            [(number, 7_000_000 + number, f"考核员{number}") for number in range(1, 41)],
        )


async def fill(path: Path, config: Config, entries: int) -> float:
    """A database with so many entries, evenly over ten years; the seconds that it took."""
    began = time.perf_counter()
    await new(path)
    await asyncio.to_thread(_fill, path, config, entries)
    database = Database(address(path))
    for quarter in QUARTERS:
        async with database.transaction() as session:
            await running_totals.make_anew(session, quarter)
    await database.close()
    return time.perf_counter() - began


def _fill(path: Path, config: Config, entries: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        # Nothing here has to outlive a power cut.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000"):
            raw.execute(f"PRAGMA {pragma}")
        raw.execute("CREATE TEMP TABLE place (number INTEGER PRIMARY KEY, unit TEXT, item TEXT)")
        places = _places(config)
        raw.executemany("INSERT INTO place VALUES (?, ?, ?)", places)
        count = entries // len(QUARTERS)
        for number, quarter in enumerate(QUARTERS):
            at = f"{quarter.year}-{quarter.number * 3:02}-01 08:00:00.000000"
            raw.execute(
                FILLING,
                {"count": count, "first": number * count + 1, "quarter": str(quarter), "at": at, "places": len(places)},
            )  # fmt: skip


def _places(config: Config) -> list[tuple[int, str, str]]:
    bureau = config.organisation
    found = []
    for unit in bureau.units:
        scheme = bureau.scheme_for(unit, YEARS[0])
        found += [(unit.code, item.name) for item in scheme.items] if scheme else []
    return [(number, *place) for number, place in enumerate(found)]


def plan(path: Path, messages: int, *, due_at: str) -> None:
    """As many planned messages, each for another person, all due at the same moment (UTC, as SQLite keeps it)."""
    rows = (
        (f"bench:{n}", FIRST_CHAT + n, f"【扣分通知】第 {n} 号单位被扣 2 分，原因：台账缺失。", due_at)
        for n in range(messages)
    )
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.executemany(
            "INSERT INTO push (key, chat_id, text, buttons, together, kind, state, due_at, tries)"
            " VALUES (?, ?, ?, '[]', 0, 'notice', 'planned', ?, 0)",
            rows,
        )


async def left_waiting(url: str, account: int, count: int, text: str) -> None:
    """Have so many messages of an account wait in the inbox, as they were kept of everybody once."""
    payload = json.dumps({
        "update_id": 1,
        "message": {
            "message_id": 1, "date": int(time.time()), "text": text,
            "from": {"id": account, "is_bot": False, "first_name": "某"}, "chat": {"id": account, "type": "private"},
        },
    })  # fmt: skip
    statement: Any = sa.text(
        "INSERT INTO inbox (key, chat_id, payload, state, tries, received_at)"
        " VALUES (:key, :chat_id, :payload, 'waiting', 0, :now)"
    ).bindparams(sa.bindparam("now", type_=sa.DateTime()))
    database, now = Database(url), datetime.now(UTC).replace(tzinfo=None)
    for start in range(0, count, 1000):
        rows = [
            {"key": f"m:{account}:{n}", "chat_id": account, "payload": payload, "now": now}
            for n in range(start, min(start + 1000, count))
        ]
        async with database.transaction() as session:
            await session.exec(statement, params=rows)
    await database.close()
