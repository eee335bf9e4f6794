"""The stub and the bots under test as processes: started, loaded, asked what came of it, ended."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
import urllib.request
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.stub import Load, Report
from rules.people import Post, Role
from storage import people
from storage.database import Database
from storage.migrate import migrate

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "config.example.toml"
TOKEN = "1234567890:TheTokenOfABotThatIsNowhereButHere0"
GROUP = "派出所考核小组"
CHATS = [1001 + number for number in range(32)]
DEDUCT = "/deduct 城关所 打击 0.01 第{n}笔"

PTB, AIOGRAM, OURS = "benchmarks.peers.echo_ptb", "benchmarks.peers.echo_aiogram", "benchmarks.peers.kaoping"
RUN = "bot"
"""Ours by its own command, with Telegram's limit."""


class Stub:
    """The stub as its own process."""

    def __init__(self, address: str) -> None:
        self.address = address

    async def load(self, load: Load) -> None:
        """Have these messages come."""
        await self._ask("load", asdict(load))

    async def report(self, seconds: float = 120) -> Report:
        """What came of them, once all are answered; TimeoutError."""
        return Report(**await asyncio.wait_for(self._ask("report", {}), seconds))

    async def _ask(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        def ask() -> dict[str, Any]:
            request = urllib.request.Request(f"{self.address}/control/{what}", json.dumps(body).encode())
            with urllib.request.urlopen(request) as answer:
                return dict(json.loads(answer.read()))

        return await asyncio.to_thread(ask)


@asynccontextmanager
async def stub() -> AsyncIterator[Stub]:
    """A stub, running."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.stub", cwd=ROOT, stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    port = int(await process.stdout.readline())
    try:
        yield Stub(f"http://127.0.0.1:{port}")
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def bot(peer: str, address: str, url: str = "", *, folder: Path | None = None) -> AsyncIterator[int]:
    """A bot under test, started; its process id. `url` is the database of ours."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "TOKEN": TOKEN,
        "BASE_URL": address,
        "KAOPING_TELEGRAM__TOKEN": TOKEN,
        "KAOPING_TELEGRAM__BASE_URL": f"{address}/bot",
        "KAOPING_TELEGRAM__BASE_FILE_URL": f"{address}/file/bot",
        "KAOPING_DATABASE__URL": url,
        "KAOPING_EVIDENCE__FOLDER": str(folder / "evidence") if folder else "",
        "KAOPING_LOGGING__LEVEL": "WARNING",
    }
    said = asyncio.subprocess.DEVNULL if not os.environ.get("SHOW") else None
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", peer, *(("run", "--config", EXAMPLE) if peer == RUN else ()),
        cwd=ROOT, env=environment, stdout=said, stderr=said,
    )  # fmt: skip
    try:
        yield process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@asynccontextmanager
async def place(on_server: Any = None) -> AsyncIterator[tuple[str, Path]]:
    """A database with an assessor in every chat, and its folder; on a PostgreSQL cluster where one is given."""
    folder = Path(tempfile.mkdtemp(prefix="kaoping-bench-"))
    name = on_server.new() if on_server else ""
    url = on_server.url(name) if on_server else f"sqlite+aiosqlite:///{folder / 'kaoping.db'}"
    try:
        await _peopled(url)
        yield url, folder
    finally:
        if on_server:
            on_server.drop(name)
        shutil.rmtree(folder)


async def _peopled(url: str) -> None:
    database, now = Database(url), datetime.now(UTC)
    await migrate(database)
    async with database.transaction() as session:
        for chat in CHATS:
            row = await people.meet(session, telegram_id=chat, name=f"考核员{chat}", now=now)
            post = Post(Role.ASSESSOR, group=GROUP)
            await people.appoint(session, person_id=row.id or 0, post=post, granted_by=None, now=now)
    await database.close()


async def entries(url: str) -> int:
    """How many deductions the ledger has."""
    import sqlalchemy as sa

    database = Database(url)
    async with database.reading() as session:
        query: Any = sa.text("SELECT count(DISTINCT key) FROM entry")
        number = int((await session.exec(query)).scalar_one())
    await database.close()
    return number


async def run_load(peer: str, load: Load, *, on_server: Any = None, processes: int = 1) -> Report:
    """What a bot, or several processes of ours, makes of a load; AssertionError where an answer or an entry is missing."""
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(stub())
        url, folder = "", None
        if peer == OURS:
            url, folder = await stack.enter_async_context(place(on_server))
        for _ in range(processes):
            await stack.enter_async_context(bot(peer, telegram.address, url, folder=folder))
        # Once round first: whatever is made at the first time is made.
        warm = len(CHATS) * 2
        await telegram.load(Load(CHATS, warm, load.text.replace("第", "先，第")))
        await telegram.report()
        await telegram.load(load)
        report = await telegram.report()
        assert report.answers == load.count, report
        if peer == OURS:
            # The echoes are measured as they come; aiogram's answers do not even keep their order.
            assert not report.doubled, f"{report.doubled} answered twice"
            assert not report.out_of_order, f"{report.out_of_order} answers out of order"
            written = await entries(url)
            assert written == warm + load.count, f"{written} entries of {warm + load.count}"
        return report


def megabytes(pid: int) -> float:
    """What a process has in memory that is its own or shared: resident, as `ps` tells it."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError(f"process {pid} is gone")
