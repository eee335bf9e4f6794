"""The real bot as a process of its own, on a local Telegram that lives on while it is killed."""

import asyncio
import random
import re
import signal
import sqlite3
import sys
from pathlib import Path

from conversation import EXAMPLE, STATIONS, text_of

from bot.trial import TOKEN
from rules.people import Post, Role
from sandbox.botapi import BotApi
from sandbox.server import SandboxServer
from sandbox.world import World
from storage import people
from storage.database import Database
from storage.migrate import migrate

ROOT = EXAMPLE.parent


class Station:
    """Telegram, a database, and a bot that can be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.world = World(token=TOKEN)
        self.server = SandboxServer(self.world, BotApi(self.world))
        self.process: asyncio.subprocess.Process | None = None
        self.url = f"sqlite+aiosqlite:///{folder / 'kaoping.db'}"

    async def open(self, assessors: int) -> list[int]:
        """Start Telegram, and let so many assessors in; their ids."""
        address = await self.server.start()
        self.environment = {
            "KAOPING_TELEGRAM__TOKEN": TOKEN,
            "KAOPING_TELEGRAM__BASE_URL": f"{address}/bot",
            "KAOPING_TELEGRAM__BASE_FILE_URL": f"{address}/file/bot",
            "KAOPING_DATABASE__URL": self.url,
            "PATH": "/usr/bin:/bin",
        }
        database = Database(self.url)
        await migrate(database)
        ids = []
        async with database.transaction() as session:
            for number in range(assessors):
                account = self.world.add_person(f"考核员{number}")
                now = self.world.now()
                row = await people.meet(session, telegram_id=account.id, name=account.first_name, now=now)
                post = Post(Role.ASSESSOR, group=STATIONS)
                await people.appoint(session, person_id=row.id or 0, post=post, granted_by=None, now=now)
                ids.append(account.id)
        await database.close()
        return ids

    async def let_in(self) -> list[int]:
        """A liaison of 城关派出所 and somebody of the office; their ids."""
        database = Database(self.url)
        ids = []
        async with database.transaction() as session:
            for name, post in (("周联络", Post(Role.LIAISON, unit="chengguan")), ("林主任", Post(Role.OFFICE))):
                account = self.world.add_person(name)
                now = self.world.now()
                row = await people.meet(session, telegram_id=account.id, name=name, now=now)
                await people.appoint(session, person_id=row.id or 0, post=post, granted_by=None, now=now)
                ids.append(account.id)
        await database.close()
        return ids

    async def start(self) -> None:
        """Start the bot."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--config", str(EXAMPLE), cwd=ROOT, env=self.environment,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip

    async def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def close(self) -> None:
        """End everything."""
        if self.process is not None and self.process.returncode is None:
            self.process.terminate()
            await self.process.wait()
        await self.server.stop()

    def waiting(self) -> int:
        """How many updates are not done."""
        with sqlite3.connect(self.folder / "kaoping.db") as db:
            (count,) = db.execute("SELECT count(*) FROM inbox WHERE state = 'waiting'").fetchone()
            (due,) = db.execute("SELECT count(*) FROM push WHERE state IN ('planned', 'claimed')").fetchone()
        return int(count) + int(due) + len(self.world.pending)

    async def drained(self, seconds: float = 60) -> None:
        """Until nothing waits."""
        for _ in range(int(seconds * 10)):
            if not self.waiting():
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"{self.waiting()} updates still wait")


async def run_with_kills(folder: Path, *, updates: int, kills: int, seed: int = 1) -> dict[str, int]:
    """Deductions sent while the bot is killed again and again; what became of them."""
    chance = random.Random(seed)
    station = Station(folder)
    ids = await station.open(assessors=8)
    try:
        sent = 0
        for _ in range(kills):
            await station.start()
            until = asyncio.get_running_loop().time() + chance.uniform(1.6, 3.2)
            while asyncio.get_running_loop().time() < until:
                if sent < updates:
                    station.world.send(ids[sent % 8], ids[sent % 8], f"/deduct 城关所 打击 0.01 第{sent}笔")
                    sent += 1
                await asyncio.sleep(0.01)
            await station.kill()
        for number in range(sent, updates):
            station.world.send(ids[number % 8], ids[number % 8], f"/deduct 城关所 打击 0.01 第{number}笔")
        await station.start()
        await station.drained(seconds=60 + updates / 20)
    finally:
        await station.close()
    return _counted(station, ids, updates)


def _counted(station: Station, ids: list[int], updates: int) -> dict[str, int]:
    with sqlite3.connect(station.folder / "kaoping.db") as db:
        reasons = [reason for (reason,) in db.execute("SELECT reason FROM entry ORDER BY id")]
        authors = db.execute("SELECT author_id, reason FROM entry ORDER BY id").fetchall()
    wanted = {f"第{number}笔" for number in range(updates)}
    order = {author: [int(r[1:-1]) for a, r in authors if a == author] for author, _ in authors}
    cards = [
        text_of(m) for i in ids for m in station.world.store.messages(i, limit=10**6) if m["from"]["is_bot"]
    ]
    shown = [(match[0], "〔重发〕" in text) for text in cards if (match := re.search(r"第\d+笔", text))]
    seen: set[str] = set()
    repeats: list[bool] = []
    for reason, marked in shown:
        if reason in seen:
            repeats.append(marked)
        seen.add(reason)
    return {
        "lost": len(wanted - set(reasons)),
        "doubled": len(reasons) - len(set(reasons)),
        "out of order": sum(numbers != sorted(numbers) for numbers in order.values()),
        "unanswered": len(wanted - seen),
        "repeats": len(repeats),
        "unmarked repeats": repeats.count(False),
    }
