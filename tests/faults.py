"""What can go wrong around a running bot: the disk, the database, the line to Telegram, the order of updates.

Each `run_…` sends numbered deductions through the real process while it goes wrong, and tells what became of them.
"""

import asyncio
import contextlib
import os
import random
import re
import resource
import shutil
import sqlite3
import subprocess
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from enum import Enum
from pathlib import Path
from typing import Any

import psycopg
import pytest
from conversation import ON_SERVER, text_of
from killing import Deductions, Station, counted, tally
from postgres import Cluster, cluster, new_cluster
from sqlalchemy.engine import make_url

from bot.delivery.pusher import LONGEST_WAIT
from sandbox.botapi import BotApi
from storage.database import WRITING

REQUIRED = "KAOPING_REQUIRE_TMPFS"

Result = dict[str, int]


def assert_nothing_lost(result: Result) -> None:
    """What holds after every run (Messages)."""
    assert {name: result[name] for name in ("lost", "doubled", "out of order", "unanswered", "unmarked repeats")} == {
        "lost": 0, "doubled": 0, "out of order": 0, "unanswered": 0, "unmarked repeats": 0,
    }, result  # fmt: skip


# The disk


class Disk:
    """A small file system that can be filled up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @asynccontextmanager
    async def full(self) -> AsyncIterator[None]:
        """Not one byte is free, and what somebody frees is taken at once; at the end all is given back."""
        self._fill()
        filling = asyncio.create_task(self._keep_full())
        try:
            yield
        finally:
            filling.cancel()
            await asyncio.wait([filling])
            (self.folder / "filler").unlink(missing_ok=True)

    async def _keep_full(self) -> None:
        while True:
            await asyncio.sleep(0.02)
            self._fill()

    def _fill(self) -> None:
        with (self.folder / "filler").open("ab", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))


@contextmanager
def small_disk(megabytes: int) -> Iterator[Disk]:
    """A tmpfs. Where none can be mounted the test is skipped, or fails where it must not be."""
    folder = Path(tempfile.mkdtemp(prefix="kaoping-disk-", dir="/tmp"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "kaoping", str(folder)], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    try:
        if mounted.returncode:
            why = f"a tmpfs cannot be mounted here: {mounted.stderr.strip()}"
            if os.environ.get(REQUIRED):
                pytest.fail(f"{why} ({REQUIRED} is set)")
            pytest.skip(why)
        yield Disk(folder)
    finally:
        if not mounted.returncode:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        shutil.rmtree(folder, ignore_errors=True)


async def run_on_a_full_disk(*, updates: int, times: int, full: float, on_server: bool = ON_SERVER) -> Result:
    """The database and the evidence on a disk that is full so many times, for so many seconds each."""
    with small_disk(160 if on_server else 24) as disk:
        server = _server_on(disk) if on_server else None
        station = Station(disk.folder, on_server=on_server, cluster=server)
        ids = await station.open(assessors=8)
        deductions, each = Deductions(station, ids, updates, photos=5), updates / (2 * times + 1)
        held_up = down = 0
        try:
            await station.start()
            await deductions.begin()
            for _ in range(times):
                await deductions.go_on(1, each)
                async with disk.full():
                    await deductions.go_on(full, each)
                    held_up += _holds_up(station)
                if server is not None and not await asyncio.to_thread(server.running):
                    # It gives up where it cannot write its log; whoever watches over it starts it again.
                    await asyncio.to_thread(server.start)
                    down += 1
            deductions.rest()
            await station.drained(seconds=120)
        finally:
            await station.close()
        result = (
            counted(station, ids, updates) | {"held up": held_up, "server down": down} | _evidence(station, ids)
        )
        if server is not None:
            server.stop()
        return result


def _holds_up(station: Station) -> bool:
    """Whether something could not be kept, or was begun in vain."""
    if station.world.pending:
        return True
    with contextlib.suppress(sqlite3.Error, psycopg.Error), station.beside() as db:
        return bool(db.execute("SELECT 1 FROM inbox WHERE state = 'waiting' AND tries > 0 LIMIT 1").fetchone())
    return True


def _server_on(disk: Disk) -> Cluster:
    data = disk.folder / "server"
    data.mkdir()
    return new_cluster(data=data, max_wal_size="4MB", min_wal_size="2MB")


def _evidence(station: Station, ids: list[int]) -> Result:
    """How many files are attached to entries, how many of them are not there or not whole, and how many were refused aloud."""
    with station.beside() as db:
        files = db.execute(
            "SELECT e.digest, e.size FROM evidence e JOIN attachment a ON a.evidence_id = e.id WHERE a.entry_id IS NOT NULL"
        ).fetchall()
    kept = station.folder / "evidence"
    sizes = {path.name: path.stat().st_size for path in kept.rglob("*") if path.is_file()}
    refused = [
        message
        for chat in ids
        for message in station.world.store.messages(chat, limit=100_000)
        if "文件没有收下" in message.get("text", "")
    ]
    lost = sum(sizes.get(digest) != size for digest, size in files)
    return {"files": len(files), "files lost": lost, "files refused": len(refused)}


# The database


Fault = Callable[[Station], contextlib.AbstractContextManager[None]]


async def run_beside(
    folder: Path, *faults: tuple[Fault, float], updates: int, on_server: bool = ON_SERVER
) -> Result:
    """One thing after the other is wrong with the database, each for so many seconds."""
    folder.mkdir(exist_ok=True)
    station = Station(folder, on_server=on_server)
    ids = await station.open(assessors=8)
    deductions, each, held_up = Deductions(station, ids, updates), updates / (2 * len(faults) + 1), 0
    try:
        await station.start()
        await deductions.begin()
        for fault, seconds in faults:
            await deductions.go_on(1, each)
            wrong = fault(station)
            await asyncio.to_thread(wrong.__enter__)
            try:
                await deductions.go_on(seconds, each)
                held_up += _holds_up(station)
            finally:
                await asyncio.to_thread(wrong.__exit__, None, None, None)
        deductions.rest()
        await station.drained(seconds=120)
    finally:
        await station.close()
    return counted(station, ids, updates) | {"held up": held_up}


@contextmanager
def locked(station: Station) -> Iterator[None]:
    """Somebody else keeps the database to itself: another program that writes, an administrator's session."""
    if not station.on_server:
        with contextlib.closing(
            sqlite3.connect(_file(station), timeout=60, isolation_level=None, check_same_thread=False)
        ) as db:
            db.execute("BEGIN EXCLUSIVE")
            yield
            db.execute("ROLLBACK")
        return
    with psycopg.connect(_dsn(station)) as db:
        while True:
            try:
                db.execute("LOCK TABLE entry, inbox IN ACCESS EXCLUSIVE MODE")
                break
            except psycopg.errors.DeadlockDetected:  # with the bot, which comes from the other side
                db.rollback()
        yield
        db.rollback()


@contextmanager
def turn_taken(station: Station) -> Iterator[None]:
    """Another session has its turn at writing, and does not end it."""
    with psycopg.connect(_dsn(station), autocommit=True) as db:
        db.execute("SELECT pg_advisory_lock(%s)", (WRITING,))
        yield


@contextmanager
def gone(station: Station) -> Iterator[None]:
    """The server is shut off as by a crash, and comes back."""
    cluster().stop("immediate")
    try:
        yield
    finally:
        cluster().start()


@contextmanager
def nothing_written(station: Station) -> Iterator[None]:
    """The system refuses every write of the process: to SQLite that is a disk that fails."""
    pids = [process.pid for process in station.processes]
    for pid in pids:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        for pid in pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextmanager
def folder_away(station: Station) -> Iterator[None]:
    """The folder of the SQLite file is not where it was: what is open stays open, and nothing new can be opened."""
    aside = station.folder.with_name(f"{station.folder.name} aside")
    station.folder.rename(aside)
    try:
        yield
    finally:
        aside.rename(station.folder)


def _file(station: Station) -> str:
    return str(make_url(station.url).database)


def _dsn(station: Station) -> str:
    url = make_url(station.url)
    return f"host={url.query['host']} user=postgres dbname={url.database}"


# The line to Telegram


class OnTheLine(Enum):
    """What can become of a request and its answer; the value says whether Telegram did what was asked."""

    TOO_MANY = "429", False
    BAD_GATEWAY = "502", False
    INTERNAL = "500", False
    UNAVAILABLE = "503", False
    NO_JSON = "no JSON", False
    NOTHING = "nothing comes back", False
    CUT = "cut before the answer", True
    HALF = "cut amid the answer", True
    NO_JSON_AFTER = "no JSON, and done", True
    BAD_GATEWAY_AFTER = "502, and done", True


class Line:
    """The line to Telegram on which each request meets a fault with some odds, the same for the same seed."""

    def __init__(self, odds: float, seed: int) -> None:
        self.odds, self._chance = odds, random.Random(seed)
        self.met: Counter[OnTheLine] = Counter()
        self._left: list[OnTheLine] = []
        """What is still to come of a round in which each comes once: a short run meets every kind, too."""
        self.doubtful = 0
        """How often a message was sent that Telegram took and did not acknowledge."""

    def before(self, app: Any) -> Any:
        """The site behind this line."""

        async def through(scope: Any, receive: Any, send: Any) -> None:
            if (
                scope["type"] != "http"
                or not scope["path"].startswith("/bot")
                or self._chance.random() >= self.odds
            ):
                await app(scope, receive, send)
                return
            if not self._left:
                self._left = self._chance.sample(list(OnTheLine), len(OnTheLine))
            fault = self._left.pop()
            self.met[fault] += 1
            if fault.value[1]:
                self.doubtful += "/send" in scope["path"]
                await app(scope, receive, _nowhere)
            else:
                await _body(receive)
            await _spoil(fault, send)

        return through


async def _spoil(fault: OnTheLine, send: Any) -> None:
    html = b"<html>Bad Gateway</html>"
    match fault:
        case OnTheLine.TOO_MANY:
            wait = b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}'
            await _answer(send, 429, wait)
        case OnTheLine.BAD_GATEWAY | OnTheLine.BAD_GATEWAY_AFTER:
            await _answer(send, 502, html)
        case OnTheLine.INTERNAL:
            await _answer(send, 500, b'{"ok":false,"error_code":500,"description":"Internal Server Error"}')
        case OnTheLine.UNAVAILABLE:
            await _answer(send, 503, b"")
        case OnTheLine.NO_JSON | OnTheLine.NO_JSON_AFTER:
            await _answer(send, 200, b'{"ok":tru')
        case OnTheLine.HALF:
            await _answer(send, 200, b'{"ok":true,"result":{', length=500)
            _cut(send)
        case OnTheLine.NOTHING | OnTheLine.CUT:
            _cut(send)
    await asyncio.sleep(0)


async def _answer(send: Any, status: int, body: bytes, *, length: int | None = None) -> None:
    """An answer; with a `length` that is longer than the body it is only begun."""
    headers = [(b"content-type", b"application/json"), (b"content-length", str(length or len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": length is not None})


def _cut(send: Any) -> None:
    send.__self__.transport.abort()  # uvicorn's own, whose `send` this is


async def _nowhere(message: Any) -> None:
    """What Telegram says does not arrive."""


async def _body(receive: Any) -> None:
    while (await receive()).get("more_body"):
        pass


class Forgetful(BotApi):
    """A Telegram that loses confirmations: it hands out old batches once more, and mixes up the chats of a batch."""

    def __init__(self, world: Any, webhook: Any, *, odds: float = 0.5, seed: int = 1) -> None:
        super().__init__(world, webhook)
        self._odds, self._chance = odds, random.Random(seed)
        self._handed_out: list[list[dict[str, Any]]] = []
        self.again = 0

    async def _do_get_updates(self, params: Any, files: Any) -> Any:
        updates = self._mixed(await super()._do_get_updates(params, files))
        old: list[dict[str, Any]] = []
        if self._handed_out and self._chance.random() < self._odds:
            old = self._chance.choice(self._handed_out)
            self.again += len(old)
        if updates:
            self._handed_out.append(updates)
        return self._chance.choice((old + updates, updates + old, old or updates))

    def _mixed(self, updates: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """In another order between the chats, in the same in each."""
        chats = [update["message"]["chat"]["id"] for update in updates]
        self._chance.shuffle(chats)
        queues: dict[int, list[dict[str, Any]]] = {}
        for update in updates:
            queues.setdefault(update["message"]["chat"]["id"], []).append(update)
        return [queues[chat].pop(0) for chat in chats]


async def run_on_a_bad_line(
    folder: Path, *, updates: int, odds: float, notices: bool = True, seed: int = 1, on_server: bool = ON_SERVER
) -> Result:
    """Every request meets a fault with these odds, the first of the start and the polls among them.

    With `notices` there is a liaison who is told of each deduction.
    """
    line = Line(odds, seed)
    station = Station(folder, on_server=on_server, around=line.before)
    ids = await station.open(assessors=8)
    if notices:
        liaison, _ = await station.let_in()
        station.world.send(liaison, liaison, "/whoami")
    deductions = Deductions(station, ids, updates)
    try:
        await station.start()
        deductions.rest()
        # One message that fails again and again waits longer each time.
        await station.drained(seconds=60 + LONGEST_WAIT.total_seconds())
    finally:
        await station.close()
    met = {
        f"met {fault.value[0]}": count
        for fault, count in sorted(line.met.items(), key=lambda met: met[0].value)
    }
    told = _told(station, liaison, updates) if notices else {}
    return counted(station, ids, updates) | told | {"doubtful": line.doubtful} | met


def _told(station: Station, liaison: int, updates: int) -> Result:
    """What became of the notices to the liaison."""
    texts = [text_of(message) for message in station.world.store.messages(liaison, limit=10**6)]
    shown = [(number, "〔重发〕" in text) for text in texts for number in re.findall(r"第\d+笔", text)]
    times, repeats, unmarked = tally(shown)
    return {"notices lost": updates - len(times), "notices repeated": repeats, "notices doubled": unmarked}


async def run_with_old_updates(
    folder: Path, *, updates: int, seed: int = 1, on_server: bool = ON_SERVER
) -> Result:
    """Telegram hands updates out again, late, and in another order between the chats."""
    station = Station(folder, on_server=on_server, api=lambda *world: Forgetful(*world, seed=seed))
    ids = await station.open(assessors=8)
    deductions = Deductions(station, ids, updates)
    try:
        await station.start()
        await deductions.begin()
        await deductions.go_on(updates / 20, updates)
        deductions.rest()
        await station.drained(seconds=60)
    finally:
        await station.close()
    return counted(station, ids, updates) | {"handed out again": station.api.again}
