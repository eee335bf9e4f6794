"""Updates a second: /deduct from update to answer, everything durable, beside plain echoes that keep nothing."""

import asyncio
import os
import time
from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

from benchmarks.bots import AIOGRAM, CHATS, DEDUCT, OURS, PTB, run_load, stub
from benchmarks.stub import Load, Report
from benchmarks.table import Benchmark, Row, medians

WHAT = "每秒处理的更新：/deduct 从收到更新到发出答复，逐笔落盘"


def _load(quick: bool) -> Load:
    return Load(CHATS, 128 if quick else 1000, DEDUCT)


def _rate(report: Report) -> float:
    return report.answers / report.seconds


async def ceiling(requests: int = 4000) -> float:
    """Answers a second that the stub itself takes, from a client that does nothing but write and read."""
    async with stub() as telegram:
        address = urlsplit(telegram.address)
        body = urlencode({"chat_id": CHATS[0], "text": DEDUCT}).encode()
        head = f"POST /bot/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()

        async def client() -> None:
            reader, writer = await asyncio.open_connection(address.hostname, address.port)
            for _ in range(requests // 8):
                writer.write(head + body)
                answer = await reader.readuntil(b"\r\n\r\n")
                await reader.readexactly(int(answer.rpartition(b":")[2]))
            writer.close()

        began = time.monotonic()
        await asyncio.gather(*(client() for _ in range(8)))
        return requests / (time.monotonic() - began)


async def on_sqlite(rounds: int, quick: bool) -> list[Row]:
    """On SQLite, beside both echoes in every round."""
    ours, ptb, aiogram, broken = [], [], [], 0
    stub_alone = await ceiling()
    for _ in range(rounds):
        ours.append(_rate(await run_load(OURS, _load(quick))))
        ptb.append(_rate(await run_load(PTB, _load(quick))))
        echo = await run_load(AIOGRAM, _load(quick))
        aiogram.append(_rate(echo))
        broken = max(broken, echo.out_of_order)
    return [
        _row(f"{WHAT}，SQLite", ours, "python-telegram-bot 回声，不存储", ptb, bar=1.0, note=f"桩自身每秒 {stub_alone:,.0f} 次"),
        _row(
            "同上", ours, "aiogram 3 回声，不存储", aiogram, bar=0.5,
            note=f"它有 {broken} 条答复不按顺序" if broken else "",
        ),
    ]  # fmt: skip


def _row(
    what: str, ours: Sequence[float], against: str, theirs: Sequence[float], *, bar: float, note: str = ""
) -> Row:
    mine, other, ratio = medians(list(zip(ours, theirs, strict=True)))
    return Row(what, mine, against, other, "次/秒", f"≥ {bar}", ratio >= bar, ratio, note)


async def on_postgresql(rounds: int, quick: bool) -> list[Row]:
    """On a PostgreSQL whose commits reach the disk, with 2 and 4 processes beside one; the order is checked."""
    # The server is the tests' own: whoever measures has them.
    from tests.postgres import new_cluster

    cluster = new_cluster(fsync="on", full_page_writes="on", autovacuum="on")
    rates: dict[int, list[float]] = {1: [], 2: [], 4: []}
    for _ in range(rounds):
        for processes, found in rates.items():
            load = _load(quick)
            found.append(_rate(await run_load(OURS, load, on_server=cluster, processes=processes)))
    cores = os.cpu_count() or 1
    return [
        _row(
            f"同样的 /deduct，PostgreSQL，{processes} 个进程，{cores} 核", rates[processes], "1 个进程", rates[1],
            bar=1.6 if processes == 2 else 1.0, note="顺序未乱",
        )
        for processes in (2, 4)
    ]  # fmt: skip


RATE = Benchmark("rate", on_sqlite)
RATE_POSTGRESQL = Benchmark("rate-postgresql", on_postgresql)
