"""The real bot as processes of its own, on a local Telegram that lives on while they are killed or frozen."""

import asyncio
import math
import random
import re
import signal
import socket
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from conversation import EXAMPLE, ON_SERVER, STATIONS, Beside, new_database, text_of
from hooked import OUTSIDE
from made_up import TOKEN
from postgres import Cluster

from rules.people import Post, Role
from sandbox.botapi import BotApi
from sandbox.server import SandboxServer
from sandbox.webhook import Webhook
from sandbox.world import Upload, World
from storage import people, pushes
from storage.database import Database
from storage.migrate import migrate

ROOT = EXAMPLE.parent
COMMAND = (sys.executable, "-m", "bot", "run", "--config", str(EXAMPLE))
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b8"
    "0000000049454e44ae426082"
)


class Station:
    """Telegram, a database, and a bot that can be killed: one process of it, or several on PostgreSQL.

    `hooked`, it is brought its updates by webhook. `cluster` is a server of its own, `api` and `around` are what Telegram
    does and what lies before it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        on_server: bool = ON_SERVER,
        hooked: bool = False,
        cluster: Cluster | None = None,
        api: Callable[[World, Webhook], BotApi] = BotApi,
        around: Callable[[Any], Any] = lambda app: app,
    ) -> None:
        self.folder = folder
        self.on_server = on_server or cluster is not None
        self.cluster = cluster
        self.world = World(token=TOKEN)
        self.listen = f"127.0.0.1:{free_port()}"
        self.api = api(self.world, Webhook(self.world, {OUTSIDE: f"http://{self.listen}"}))
        self.server = SandboxServer(self.world, self.api, first_wait=0.02, around=around)
        self.hooked = hooked
        self.processes: list[asyncio.subprocess.Process] = []
        self.longest_end = 0.0
        """Seconds that the slowest process took from the signal to its end."""
        self.url = ""

    async def open(self, assessors: int) -> list[int]:
        """Start Telegram, and let so many assessors in; their ids."""
        address = await self.server.start()
        if self.cluster is not None:
            self.url = self.cluster.url(self.cluster.new())
        else:
            self.url = await new_database(self.folder, on_server=self.on_server)
        self.environment = {
            "KAOPING_TELEGRAM__TOKEN": TOKEN,
            "KAOPING_CORRECTIONS__SAME_WITHIN_DAYS": "0",
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
                "KAOPING_TELEGRAM__WEBHOOK_SECRET": "geheim-_0123456789-0123456789_0123",
            }
        database = Database(self.url)
        if self.cluster is not None:
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

    async def plan(self, messages: int, ids: list[int]) -> None:
        """Have so many numbered messages due, to these chats in turn."""
        database = Database(self.url)
        async with database.transaction() as session:
            now = self.world.now()
            for number in range(messages):
                chat = ids[number % len(ids)]
                await pushes.plan(session, key=f"n{number}", chat_id=chat, text=f"第{number}条", due_at=now)
        await database.close()

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
        begun = asyncio.get_running_loop().time()
        process.send_signal(how)
        await process.wait()
        self.longest_end = max(self.longest_end, asyncio.get_running_loop().time() - begun)

    async def heard(self, seconds: float) -> bool:
        """Wait until the bot says something in any chat, at most so long; whether it did."""
        events = self.world.subscribe()
        try:
            async with asyncio.timeout(seconds):
                while (event := await events.get()).message is None or not event.message["from"]["is_bot"]:
                    pass
        except TimeoutError:
            return False
        finally:
            self.world.unsubscribe(events)
        return True

    async def start_again(self) -> int:
        """Start anew what ended by itself, as the service does; how many did."""
        ended = [process for process in self.processes if process.returncode is not None]
        for process in ended:
            self.processes.remove(process)
            await self.start()
        return len(ended)

    async def at_work(self, processes: int) -> None:
        """Until so many processes are counted by the others; one that ended by itself is started anew."""
        while True:
            await self.start_again()
            with self.beside() as db:
                (counted_,) = db.execute("SELECT count(*) FROM worker").fetchone()
            if counted_ == processes == len(self.processes):
                return
            await asyncio.sleep(0.2)

    async def close(self) -> None:
        """End everything."""
        for process in self.processes:
            if process.returncode is None:
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
        """Until nothing waits; AssertionError where for so many seconds no fewer wait."""
        time = asyncio.get_running_loop().time
        fewest, until = math.inf, time() + seconds
        while True:
            try:
                waiting = self.waiting()
            except (sqlite3.Error, psycopg.Error):
                waiting = -1
            if not waiting:
                return
            if 0 < waiting < fewest:
                fewest, until = waiting, time() + seconds
            assert time() < until, f"{waiting} updates and messages still wait"
            await asyncio.sleep(0.1)


class Deductions:
    """So many numbered deductions that the assessors send in turn; every so many come with a photo of their own."""

    def __init__(self, station: Station, ids: list[int], updates: int, *, photos: int = 0) -> None:
        self._station, self._ids, self._updates, self._photos = station, ids, updates, photos
        self.sent = 0
        self.allowed = updates
        """How many of them may be sent by now."""

    def send(self) -> None:
        """The next one."""
        person, text = self._ids[self.sent % len(self._ids)], f"/deduct 城关所 打击 0.01 第{self.sent}笔"
        self.sent += 1
        if self._photos and self.sent % self._photos == 0:
            photo = Upload("a.png", PNG + self.sent.to_bytes(4) * 5000)
            self._station.world.upload(person, person, [photo], kind="photo", caption=text)
        else:
            self._station.world.send(person, person, text)

    async def begin(self) -> None:
        """Send the first one, and wait until it is answered: the bot is at work."""
        self.send()
        await self._station.drained()

    async def go_on(self, seconds: float = math.inf, count: float = math.inf) -> None:
        """Send, for so long, as long as there are any; so many of them, evenly."""
        until = asyncio.get_running_loop().time() + seconds
        pause = 0.01 if math.isinf(count) else max(0.01, seconds / count)
        while asyncio.get_running_loop().time() < until:
            if self.sent < min(self._updates, self.allowed):
                self.send()
            await asyncio.sleep(pause)

    def rest(self) -> None:
        """Send what is left."""
        while self.sent < self._updates:
            self.send()


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
    deductions = Deductions(station, ids, updates)
    try:
        at_work = await _killed_again_and_again(station, deductions, kills, chance, how)
        await station.drained(seconds=60)
    finally:
        await station.close()
    stops = {"slowest ms": round(station.longest_end * 1000)} if how == signal.SIGTERM else {}
    return counted(station, ids, updates) | {"killed at work": at_work} | stops


async def _killed_again_and_again(
    station: Station,
    deductions: Deductions,
    kills: int,
    chance: random.Random,
    how: signal.Signals = signal.SIGKILL,
) -> int:
    """Start the bot and kill it so many times, one time in ten at any moment of its start, else at work; how often at work.

    That is when it had said something since its start and had more to do. In the end it is left running, with all to do.
    """
    sending, at_work, every = asyncio.create_task(deductions.go_on()), 0, deductions.allowed
    for number in range(kills):
        # Its share for each life, and some more: however fast it is, it is not done when it is killed.
        deductions.allowed = every * (number + 1) // kills + 100
        await station.start()
        if chance.random() < 0.1:
            busy = await station.heard(chance.uniform(0, 1.5))
        else:
            busy = await station.heard(30)
            await asyncio.sleep(chance.uniform(0, 1.2))
        at_work += busy and station.waiting() > 0
        await station.kill(how=how)
    sending.cancel()
    with suppress(asyncio.CancelledError):
        await sending
    deductions.rest()
    await station.start()
    return at_work


async def run_pushes_with_kills(
    folder: Path, *, messages: int, kills: int, chats: int = 100, seed: int = 1, on_server: bool = ON_SERVER
) -> dict[str, int]:
    """So many messages due at once, to so many chats in turn, sent while the bot is killed again and again.

    Some log a deduction now and then: a tenth as many.
    """
    chance = random.Random(seed)
    station = Station(folder, on_server=on_server)
    ids = await station.open(assessors=chats)
    deductions = Deductions(station, ids[:8], messages // 10)
    await station.plan(messages, ids)
    for person in ids:
        station.world.send(person, person, "/whoami")
    try:
        at_work = await _killed_again_and_again(station, deductions, kills, chance)
        await station.drained(seconds=60)
    finally:
        await station.close()
    return _sent(station, ids, messages, counted(station, ids[:8], messages // 10)) | {
        "killed at work": at_work
    }


def _sent(station: Station, ids: list[int], messages: int, result: dict[str, int]) -> dict[str, int]:
    """The result, and what became of so many numbered messages that were planned for these chats in turn."""
    shown: list[tuple[int, bool]] = []
    out_of_order = 0
    for chat in ids:
        texts = [text_of(m) for m in station.world.store.messages(chat, limit=10**6)]
        here = [
            (int(match[1]), "〔重发〕" in text) for text in texts if (match := re.search(r"第(\d+)条", text))
        ]
        first = list(dict.fromkeys(number for number, _ in here))
        out_of_order += first != sorted(first)
        shown += here
    times, repeats, unmarked = tally(shown)
    marked = {number for number, marked in shown if marked}
    return result | {
        "notices lost": messages - len(times),
        "notices doubled": unmarked,
        "out of order": result["out of order"] + out_of_order,
        "repeats": result["repeats"] + repeats,
        "marked, but sent once": len([number for number in marked if times[number] == 1]),
    }


async def run_takeovers(folder: Path, *, times: int, frozen: bool, seed: int = 1) -> dict[str, int]:
    """One of two processes is killed, or frozen, while six chats have a deduction in hand; how long the slowest waits."""
    chance, time = random.Random(seed), asyncio.get_running_loop().time
    station = Station(folder, on_server=True)
    ids = await station.open(assessors=6)
    deductions = Deductions(station, ids, 6 * times + 1)
    slowest = 0.0
    try:
        for _ in range(2):
            await station.start()
        await deductions.begin()
        for _ in range(times):
            await station.at_work(2)
            await asyncio.sleep(2)
            begun = time()
            for _ in ids:
                deductions.send()
            await asyncio.sleep(chance.uniform(0, 0.15))
            victim = chance.choice(station.processes)
            if frozen:
                victim.send_signal(signal.SIGSTOP)
            else:
                await station.kill(victim)
            await station.drained()
            slowest = max(slowest, time() - begun)
            if frozen:
                victim.send_signal(signal.SIGCONT)
            else:
                await station.start()
        await asyncio.sleep(2)
    finally:
        await station.close()
    return counted(station, ids, 6 * times + 1) | {"slowest ms": round(slowest * 1000)}


async def run_in_company(
    folder: Path, *, updates: int, faults: int, processes: int = 2, frozen: float = 0.5, seed: int = 1
) -> dict[str, int]:
    """The same with several processes on PostgreSQL, of which one after the other is killed, or frozen for a while."""
    chance = random.Random(seed)
    station = Station(folder, on_server=True)
    ids = await station.open(assessors=8)
    deductions = Deductions(station, ids, updates)
    try:
        for _ in range(processes):
            await station.start()
        await deductions.go_on(3)
        ended = 0
        for _ in range(faults):
            # One that was frozen while it started finds its database gone, and says so.
            ended += await station.start_again()
            victim = chance.choice(station.processes)
            if chance.random() < frozen:
                victim.send_signal(signal.SIGSTOP)
                await deductions.go_on(chance.uniform(7, 12))
                victim.send_signal(signal.SIGCONT)
                await deductions.go_on(chance.uniform(1, 3))
            else:
                await station.kill(victim)
                await station.start()
                await deductions.go_on(chance.uniform(1.6, 3.2))
        ended += await station.start_again()
        deductions.rest()
        await station.drained(seconds=60)
    finally:
        await station.close()
    return counted(station, ids, updates) | {"ended by themselves": ended}


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
    times, repeats, unmarked = tally(shown)
    return {
        "lost": len(wanted - set(reasons)),
        "doubled": len(reasons) - len(set(reasons)),
        "out of order": sum(numbers != sorted(numbers) for numbers in order.values()),
        "unanswered": len(wanted - times.keys()),
        "repeats": repeats,
        "unmarked repeats": unmarked,
    }


def tally(shown: Iterable[tuple[Hashable, bool]]) -> tuple[Counter[Hashable], int, int]:
    """Of what was shown, each with whether it said that it is a repeat: how often each, the repeats, and those unmarked.

    One that is not marked is the thing itself. It comes last where a process was frozen in the very moment of writing it.
    """
    shown = list(shown)
    times, plain = Counter(name for name, _ in shown), Counter(name for name, marked in shown if not marked)
    return times, times.total() - len(times), sum(count - 1 for count in plain.values())
