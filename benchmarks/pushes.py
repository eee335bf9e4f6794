"""41,000 messages due in the same minute, through the real bot, while assessors go on logging deductions."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

from pydantic import SecretStr

from benchmarks import big_bureau
from benchmarks.bots import TOKEN
from benchmarks.slow_telegram import Call, SlowTelegram, slow_telegram
from benchmarks.table import Benchmark, Row
from bot.config.load import Config
from bot.serve import serving
from rules.people import Post, Role
from storage import people
from storage.database import Database

PEOPLE = 41_000
LIMIT = 30
"""Messages a second, Telegram's."""

SECONDS, QUICK = 60, 5
"""Of the twenty-three minutes that it takes in all."""

FILLED = 0.95
WITHIN = 1.0
"""Seconds in which a deduction is answered."""

ASSESSORS = tuple(range(900_001, 900_007))
PAUSE = 2.0
"""Seconds from an answer to the next thing that an assessor says."""

STARTS = datetime(2026, 11, 10, 1, tzinfo=UTC)
GROUP = "派出所考核小组"


async def measure(rounds: int, quick: bool) -> list[Row]:
    """One stretch of the whole: a second of it is like any other."""
    seconds = QUICK if quick else SECONDS
    with big_bureau.folder() as folder:
        config = await _bureau(folder)
        async with slow_telegram() as (telegram, address):
            update = {"base_url": address, "token": SecretStr(TOKEN)}
            config = config.model_copy(update={"telegram": config.telegram.model_copy(update=update)})
            began = time.perf_counter()
            waits: list[float] = []
            async with serving(config, clock=lambda: STARTS + timedelta(seconds=time.perf_counter() - began)):
                since, until = await _watched(telegram, waits, seconds)
    return _rows(telegram.calls, waits, since, until)


async def _bureau(folder: Path) -> Config:
    config = big_bureau.example()
    path = folder / "kaoping.db"
    await big_bureau.new(path)
    database = Database(big_bureau.address(path))
    async with database.transaction() as session:
        for person in ASSESSORS:
            row = await people.meet(session, telegram_id=person, name=f"考核员{person}", now=STARTS)
            post = Post(Role.ASSESSOR, group=GROUP)
            await people.appoint(session, person_id=row.id or 0, post=post, granted_by=None, now=STARTS)
    await database.close()
    await asyncio.to_thread(big_bureau.plan, path, PEOPLE, due_at="2026-11-10 00:59:00.000000")
    return config.model_copy(
        update={
            "database": config.database.model_copy(update={"url": big_bureau.address(path)}),
            "evidence": config.evidence.model_copy(update={"folder": str(folder / "evidence")}),
        }
    )


async def _watched(telegram: SlowTelegram, waits: list[float], seconds: int) -> tuple[float, float]:
    """Have the assessors work for so long; from when until when, after the first burst that Telegram allows."""
    await telegram.heard(lambda: len(telegram.calls) >= 2 * LIMIT)
    since = time.perf_counter()
    at_work = [asyncio.create_task(_work(telegram, person, waits)) for person in ASSESSORS]
    await asyncio.sleep(seconds)
    until = time.perf_counter()
    for task in at_work:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    return since, until


async def _work(telegram: SlowTelegram, person: int, waits: list[float]) -> None:
    """Log one deduction after the other; `waits` takes the seconds from each message to the end of its answer."""
    # Not all at the same moment.
    await asyncio.sleep((person - ASSESSORS[0]) * PAUSE / len(ASSESSORS))
    for number in count(1):
        began, known = time.perf_counter(), len(telegram.calls)
        points = f"0.0{1 + number % 9}"
        telegram.say(person, f"/deduct 城关所 治安管理 {points} 第{number}笔", int(STARTS.timestamp()))
        await telegram.heard(partial(_answered, telegram.calls, person, known))
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(PAUSE)


def _answered(calls: Sequence[Call], person: int, known: int) -> bool:
    return any(call.chat == person and call.method in {"sendMessage", "sendPhoto"} for call in calls[known:])


def _rows(calls: Sequence[Call], waits: Sequence[float], since: float, until: float) -> list[Row]:
    seen = sorted((call for call in calls if since <= call.arrived < until), key=lambda call: call.arrived)
    rate = len(seen) / (until - since)
    pushed = [
        call.chat - big_bureau.FIRST_CHAT
        for call in sorted(calls, key=lambda call: call.arrived)
        if call.chat >= big_bureau.FIRST_CHAT
    ]
    overtaken = max(abs(place - number) for place, number in enumerate(pushed))
    note = f"{len(pushed)} 条推送，无重复，先到先发，最多相差 {overtaken} 位"
    in_order = len(set(pushed)) == len(pushed) and overtaken < 2 * LIMIT
    longest = max(waits, default=float("inf"))
    answered = f"其间 {len(waits)} 笔登记，中位 {statistics.median(waits):.2g} 秒" if waits else "没有答复"
    return [
        Row("四万一千条推送同时到期，每秒发出", rate, "Telegram 的上限", LIMIT, "条", "≥ 0.95，谁也不被落下",
            rate >= FILLED * LIMIT and in_order, note=note),
        Row("其间登记扣分的答复，最久", longest, "上限", WITHIN, "秒", "≤ 1 秒", longest <= WITHIN, note=answered),
    ]  # fmt: skip


PUSHES = Benchmark("pushes", measure)
