"""The real bot as processes of its own, on a local Telegram that lives on while they are killed or frozen."""

import asyncio
import random
import re
import signal
import socket
import sys
from pathlib import Path

from conversation import EXAMPLE, ON_SERVER, STATIONS, Beside, new_database, text_of
from hooked import OUTSIDE

from bot.trial import TOKEN
from rules.people import Post, Role
from sandbox.botapi import BotApi
from sandbox.server import SandboxServer
from sandbox.webhook import Webhook
from sandbox.world import World
from storage import people
from storage.database import Database

ROOT = EXAMPLE.parent
COMMAND = (sys.executable, "-m", "bot", "run", "--config", str(EXAMPLE))


class Station:
    """Telegram, a database, and a bot that can be killed: one process of it, or several on PostgreSQL.

    `hooked`, it is brought its updates by webhook.
    """

    def __init__(self, folder: Path, *, on_server: bool = ON_SERVER, hooked: bool = False) -> None:
        self.folder = folder
        self.on_server = on_server
        self.world = World(token=TOKEN)
        self.listen = f"127.0.0.1:{free_port()}"
        self.api = BotApi(self.world, Webhook(self.world, {OUTSIDE: f"http://{self.listen}"}))
        self.server = SandboxServer(self.world, self.api, first_wait=0.02)
        self.hooked = hooked
        self.processes: list[asyncio.subprocess.Process] = []
        self.url = ""

    async def open(self, assessors: int) -> list[int]:
        """Start Telegram, and let so many assessors in; their ids."""
        address = await self.server.start()
        self.url = await new_database(self.folder, on_server=self.on_server)
        self.environment = {
            "KAOPING_TELEGRAM__TOKEN": TOKEN,
            "KAOPING_TELEGRAM__BASE_URL": f"{address}/bot",
            "KAOPING_TELEGRAM__BASE_FILE_URL": f"{address}/file/bot",
            "KAOPING_DATABASE__URL": self.url,
            "KAOPING_EVIDENCE__FOLDER": str(self.folder / "evidence"),
            "PATH": "/usr/bin:/bin",
        }
        if self.hooked:
            self.environment |= {
                "KAOPING_TELEGRAM__MODE": "webhook",
                "KAOPING_TELEGRAM__WEBHOOK_URL": f"{OUTSIDE}/hook",
                "KAOPING_TELEGRAM__WEBHOOK_LISTEN": self.listen,
                "KAOPING_TELEGRAM__WEBHOOK_SECRET": "geheim-_0123",
            }
        database = Database(self.url)
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

    async def start(self) -> asyncio.subprocess.Process:
        """Start a process of the bot."""
        process = await asyncio.create_subprocess_exec(
            *COMMAND, cwd=ROOT, env=self.environment, stderr=asyncio.subprocess.DEVNULL
        )
        self.processes.append(process)
        return process

    async def kill(
        self, process: asyncio.subprocess.Process | None = None, how: signal.Signals = signal.SIGKILL
    ) -> None:
        """kill -9, by default the oldest process; or another signal."""
        process = process or self.processes[0]
        self.processes.remove(process)
        process.send_signal(how)
        await process.wait()

    async def close(self) -> None:
        """End everything."""
        for process in self.processes:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self.processes:
            await process.wait()
        await self.server.stop()

    def beside(self) -> Beside:
        """The database, looked into beside the bot."""
        return Beside(self.url)

    def waiting(self) -> int:
        """How many updates are not done."""
        with self.beside() as db:
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


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


async def run_with_kills(
    folder: Path,
    *,
    updates: int,
    kills: int,
    seed: int = 1,
    on_server: bool = ON_SERVER,
    hooked: bool = False,
    how: signal.Signals = signal.SIGKILL,
) -> dict[str, int]:
    """Deductions sent while the bot is killed, or stopped, again and again; what became of them."""
    chance = random.Random(seed)
    station = Station(folder, on_server=on_server, hooked=hooked)
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
            await station.kill(how=how)
        for number in range(sent, updates):
            station.world.send(ids[number % 8], ids[number % 8], f"/deduct 城关所 打击 0.01 第{number}笔")
        await station.start()
        await station.drained(seconds=60 + updates / 20)
    finally:
        await station.close()
    return counted(station, ids, updates)


async def run_in_company(
    folder: Path, *, updates: int, faults: int, processes: int = 2, frozen: float = 0.5, seed: int = 1
) -> dict[str, int]:
    """The same with several processes on PostgreSQL, of which one after the other is killed, or frozen for a while."""
    chance = random.Random(seed)
    station = Station(folder, on_server=True)
    ids = await station.open(assessors=8)
    loop = asyncio.get_running_loop()
    sent = 0

    async def go_on(seconds: float) -> None:
        nonlocal sent
        until = loop.time() + seconds
        while loop.time() < until:
            if sent < updates:
                station.world.send(ids[sent % 8], ids[sent % 8], f"/deduct 城关所 打击 0.01 第{sent}笔")
                sent += 1
            await asyncio.sleep(0.01)

    try:
        for _ in range(processes):
            await station.start()
        await go_on(3)
        for _ in range(faults):
            victim = chance.choice(station.processes)
            if chance.random() < frozen:
                victim.send_signal(signal.SIGSTOP)
                await go_on(chance.uniform(7, 12))
                victim.send_signal(signal.SIGCONT)
                await go_on(chance.uniform(1, 3))
            else:
                await station.kill(victim)
                await station.start()
                await go_on(chance.uniform(1.6, 3.2))
        for number in range(sent, updates):
            station.world.send(ids[number % 8], ids[number % 8], f"/deduct 城关所 打击 0.01 第{number}笔")
        await station.drained(seconds=60 + updates / 20)
    finally:
        await station.close()
    return counted(station, ids, updates)


def counted(station: Station, ids: list[int], updates: int) -> dict[str, int]:
    """What was lost, doubled, out of order, left unanswered or repeated, of so many numbered deductions."""
    with station.beside() as db:
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
