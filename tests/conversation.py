"""Makes tests read as dialogs: persons who say, press and see, and the real bot behind the local Telegram."""

import asyncio
import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from made_up import TOKEN
from postgres import cluster
from pydantic import SecretStr
from sqlalchemy.engine import make_url

from bot.app import App, build
from bot.clock import by_the_clock
from bot.config.load import Config, load
from charts.studio import ChartFailed
from charts.values import Chart, Kind
from rules.people import Post, Role
from rules.reading import Vocabulary
from sandbox.botapi import BotApi
from sandbox.request import InProcessRequest
from sandbox.world import Message, Upload, World
from storage import people, settings
from storage.database import WRITING, Database
from storage.migrate import migrate

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
STATIONS = "派出所考核小组"
OFFICES = "机关科室及实战所队考核小组"
ADMIN = 9000
ON_SERVER = os.environ.get("KAOPING_TEST_DATABASE", "sqlite") == "postgresql"
"""Whether the dialogs take place on PostgreSQL."""


class _Rows:
    """psycopg's rows as sqlite3 would give them: days, moments and truth in SQLite's plain values."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    @property
    def rowcount(self) -> int:
        """How many rows were written."""
        return int(self._cursor.rowcount)

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All that are left."""
        return [self._plain(row) for row in self._cursor.fetchall()]

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next, None after the last."""
        row = self._cursor.fetchone()
        return None if row is None else self._plain(row)

    @property
    def description(self) -> Any:
        """The columns, each with its name first."""
        return self._cursor.description

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """One after the other."""
        return (self._plain(row) for row in self._cursor)

    @staticmethod
    def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(_plain(value) for value in row)


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, date) else value


class Beside:
    """The database as somebody sees it who looks in beside the bot: sqlite3's ways, on either."""

    def __init__(self, address: str) -> None:
        url = make_url(address)
        self._on_server = url.get_backend_name() == "postgresql"
        self._db: Any
        if self._on_server:
            self._db = psycopg.connect(f"host={url.query['host']} user=postgres dbname={url.database}")
        else:
            self._db = sqlite3.connect(str(url.database))

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Run a statement; its rows."""
        if self._on_server:
            return _Rows(self._db.execute(sql.replace("%", "%%").replace("?", "%s"), tuple(values)))
        return self._db.execute(sql, values)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """The rows of a statement, each by the names of its columns."""
        found = self.execute(sql, values)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def undo(self) -> None:
        """Take back what was done, so that nothing of it is committed."""
        self._db.rollback()

    def hold(self) -> None:
        """Keep every writer out until it is undone."""
        self._db.execute(
            "SELECT pg_advisory_xact_lock(%s)" if self._on_server else "BEGIN EXCLUSIVE", *self._key()
        )

    def _key(self) -> list[tuple[int]]:
        return [(WRITING,)] if self._on_server else []

    def tables(self) -> list[str]:
        """The names of all tables."""
        if self._on_server:
            found = self._db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        else:
            found = self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return [name for (name,) in found.fetchall()]

    def unguard(self, table: str) -> None:
        """Let rows of a table be changed that the database itself guards: somebody tampers with it."""
        if self._on_server:
            self._db.execute("SET session_replication_role = replica")
            return
        found = self._db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
        )
        for (name,) in found.fetchall():
            self._db.execute(f"DROP TRIGGER {name}")

    def __enter__(self) -> "Beside":
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Commit what was done, unless it failed."""
        if kind is None:
            self._db.commit()
        else:
            self._db.rollback()
        self._db.close()


class Sketchbook:
    """Stands in for the chart worker where a dialog is not about pictures: keeps the charts, draws a tiny PNG."""

    PNG = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b8"
        "0000000049454e44ae426082"
    )

    def __init__(self) -> None:
        self.charts: list[Chart] = []
        self.kinds: list[Kind | None] = []
        self.broken = False

    async def draw(self, chart: Chart, kind: Kind | None = None) -> bytes:
        """A PNG of one pixel, whatever kind is wanted."""
        if self.broken:
            raise ChartFailed("broken on purpose")
        self.charts.append(chart)
        self.kinds.append(kind)
        return self.PNG


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.time = now

    def __call__(self) -> datetime:
        """Now, UTC."""
        return self.time

    def move(self, **span: float) -> None:
        """Let time pass."""
        self.time += timedelta(**span)


@dataclass
class Player:
    """A person at the phone."""

    town: "Town"
    id: int
    name: str
    seen: dict[int, int] = field(default_factory=dict)

    async def says(self, text: str, *, chat: int | None = None, **how: Any) -> Message:
        """Says something, and waits until the bot has done with it."""
        chat_id = chat if chat is not None else self.id
        self.seen[chat_id] = self.town.world.store.last_message_id(chat_id)
        message = self.town.world.send(self.id, chat_id, text, **how)
        await self.town.settle()
        return message

    async def edits(self, message: Message, text: str) -> None:
        """Edits an own message."""
        chat_id = message["chat"]["id"]
        self.seen[chat_id] = self.town.world.store.last_message_id(chat_id)
        self.town.world.edit(self.id, chat_id, message["message_id"], text)
        await self.town.settle()

    async def uploads(self, *files: Upload, chat: int | None = None, **how: Any) -> None:
        """Sends files."""
        chat_id = chat if chat is not None else self.id
        self.seen[chat_id] = self.town.world.store.last_message_id(chat_id)
        self.town.world.upload(self.id, chat_id, files, **how)
        await self.town.settle()

    async def presses(self, label: str, *, chat: int | None = None, on: Message | None = None) -> str:
        """Presses the newest button whose label begins so; what the bot answers over it."""
        chat_id = chat if chat is not None else self.id
        message, data = (on, self._data(on, label)) if on else self._newest(chat_id, label)
        assert message is not None and data is not None, f"no button {label!r}"
        return await self.presses_data(message, data)

    async def presses_data(self, message: Message, data: str, *, forged: bool = False) -> str:
        """Presses a button by its data, also one that is not there."""
        chat_id = message["chat"]["id"]
        self.seen[chat_id] = self.town.world.store.last_message_id(chat_id)
        query = self.town.world.press(self.id, chat_id, message["message_id"], data, forged=forged)
        await self.town.settle()
        answer = await self.town.world.answered(query, seconds=1)
        assert answer is not None, "the button was left spinning"
        return str(answer["text"])

    def _newest(self, chat_id: int, label: str) -> tuple[Message | None, str | None]:
        for message in reversed(self.town.world.store.messages(chat_id, limit=1000)):
            data = self._data(message, label)
            if data is not None:
                return message, data
        return None, None

    @staticmethod
    def _data(message: Message, label: str) -> str | None:
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        return next((b.get("callback_data") for row in rows for b in row if b["text"].startswith(label)), None)

    def answers(self, chat: int | None = None) -> list[Message]:
        """What the bot has sent since the person last did something."""
        chat_id = chat if chat is not None else self.id
        newer = self.town.world.store.messages(chat_id, after=self.seen.get(chat_id, 0), limit=1000)
        return [m for m in newer if m["from"]["id"] == self.town.world.bot["id"]]

    def sees(self, chat: int | None = None) -> str:
        """The texts of these answers."""
        return "\n".join(text_of(message) for message in self.answers(chat))

    def screen(self, chat: int | None = None) -> str:
        """All that stands in the chat, edited messages as they are now."""
        chat_id = chat if chat is not None else self.id
        return "\n".join(text_of(message) for message in self.town.world.store.messages(chat_id, limit=1000))

    def buttons(self, chat: int | None = None) -> list[str]:
        """The labels under the newest answer."""
        chat_id = chat if chat is not None else self.id
        last = self.town.world.store.messages(chat_id, limit=1)[-1]
        return [b["text"] for row in last.get("reply_markup", {}).get("inline_keyboard", []) for b in row]


def text_of(message: Message) -> str:
    """A message's text or caption."""
    return str(message.get("text") or message.get("caption") or "")


def numbers_of(text: str) -> list[int]:
    """The record numbers that a text names."""
    return [int(number) for number in re.findall(r"记录 (\d+)", text)]


def engines(town: "Town", *, reading: bool = False) -> list[Any]:
    """The engines through which the bot asks its database, or only reads it, for who counts what is asked."""
    database = town.app.database
    asynchronous = [database._readers, *([] if reading else [database._writer, database._keepers])]
    found = {id(engine): engine.sync_engine for engine in asynchronous}
    straight = filter(None, [database._straight_reader, None if reading else database._straight_writer])
    return [*found.values(), *(one._in_thread for one in straight)]


def entries(town: "Town") -> list[tuple[Any, ...]]:
    """The ledger as it stands in the file, read beside the bot."""
    with town.beside() as db:
        return db.execute(
            "SELECT kind, unit_code, item, points, quarter, reason FROM entry ORDER BY id"
        ).fetchall()


def alarms(town: "Town") -> list[tuple[Any, ...]]:
    """Whom an alarm was planned for and what it says, the oldest first."""
    with town.beside() as db:
        return list(db.execute("SELECT chat_id, text FROM push WHERE kind = 'alarm' ORDER BY id").fetchall())


@cache
def _example() -> Config:
    """The example config, read once: it is frozen, and reading it anew for each dialog would take a third of its time."""
    config = load(EXAMPLE, {})
    _ = config.organisation
    return config


_VOCABULARIES: dict[int, Vocabulary] = {}

_EMPTY: list[bytes] = []


async def _empty_database() -> bytes:
    """A migrated database with nothing in it, made once: migrating anew for each dialog would take half its time."""
    if not _EMPTY:
        with tempfile.TemporaryDirectory() as folder:
            database = Database(f"sqlite+aiosqlite:///{folder}/empty.db")
            await migrate(database)
            await database.close()
            _EMPTY.append((Path(folder) / "empty.db").read_bytes())
    return _EMPTY[0]


_TEMPLATE: list[str] = []
_MADE: list[str] = []


async def _empty_on_server() -> str:
    """The name of a database that is migrated and empty, to make new ones from."""
    if not _TEMPLATE:
        name = cluster().new()
        database = Database(cluster().url(name))
        await migrate(database)
        await database.close()
        _TEMPLATE.append(name)
    return _TEMPLATE[0]


async def new_database(folder: Path, *, on_server: bool = ON_SERVER) -> str:
    """The address of a migrated database with nothing in it; a file in the folder, or one on the server."""
    if on_server:
        _MADE.append(cluster().new(template=await _empty_on_server()))
        return cluster().url(_MADE[-1])
    file = folder / "kaoping.db"
    if not file.exists():
        file.write_bytes(await _empty_database())
    return f"sqlite+aiosqlite:///{file}"


def drop_databases() -> None:
    """Let the databases on the server go that were made since the last time; a file goes with its folder."""
    while _MADE:
        cluster().drop(_MADE.pop())


class Town:
    """A bureau at work: the local Telegram, the real bot, a real SQLite file."""

    def __init__(
        self,
        folder: Path,
        *,
        now: datetime = datetime(2026, 11, 10, 1, 0, tzinfo=UTC),
        limited: bool = False,
        on_server: bool = ON_SERVER,
    ) -> None:
        self.folder = folder
        self.limited, self.on_server = limited, on_server
        self.clock = Clock(now)
        self.bots_clock: Callable[[], datetime] = self.clock
        """What the bot takes for the time, where it is not the right one."""
        self.world = World(token=TOKEN, now=self.clock)
        self.api = BotApi(self.world)
        self.request = InProcessRequest(self.api)
        self.studio: Any = Sketchbook()
        self.config = self._config(f"sqlite+aiosqlite:///{folder / 'kaoping.db'}")
        self._made = ""
        self.pauses: list[float] = []
        self._pushed_at: datetime | None = None
        self._players: dict[str, Player] = {}
        self._stack: AsyncExitStack | None = None
        self.app: App

    def _config(self, url: str) -> Config:
        config = _example()
        return config.model_copy(
            update={
                "telegram": config.telegram.model_copy(update={"token": SecretStr(TOKEN)}),
                "database": config.database.model_copy(update={"url": url}),
                "people": config.people.model_copy(update={"admins": (ADMIN,)}),
                # Most dialogs log like things again and again; whether one repeats another is asked in tests of its own.
                "corrections": config.corrections.model_copy(update={"same_within_days": 0}),
            }
        )

    async def open(self) -> "Town":
        """Start the bot."""
        if not self._made:
            self._made = await new_database(self.folder, on_server=self.on_server)
            self._place()
        self.app = await self._built()
        if self.app.services.bureau == _example().organisation:
            self.app.services._vocabularies = dict(_VOCABULARIES)
            _VOCABULARIES.setdefault(2026, self.app.services.vocabulary(2026))
        self._pushed_at = None
        await self.app.crew.join()
        await self.app.pusher.take_up()
        await self.app.intake.resume()
        return self

    def beside(self) -> Beside:
        """The database, looked into beside the bot."""
        return Beside(self._made)

    def _place(self) -> None:
        self.config = self.config.model_copy(
            update={
                "database": self.config.database.model_copy(update={"url": self._made}),
                "evidence": self.config.evidence.model_copy(update={"folder": str(self.folder / "evidence")}),
                "backup": self.config.backup.model_copy(update={"seals": str(self.folder / "seals")}),
            }
        )

    async def _built(self) -> App:
        database = Database(self.config.database.url)
        return await build(
            self.config, database, self.studio, request=self.request, clock=self.bots_clock, limited=self.limited,
            pause=self._pause,
        )  # fmt: skip

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)

    async def close(self) -> None:
        """Stop the bot."""
        await _stopped(self.app)

    async def restart(self) -> None:
        """Stop it as a crash would leave it, and start it on the same file."""
        await self.close()
        await self.open()

    async def settle(self) -> None:
        """Hand the bot what waits for it, as polling would, and wait until it is done."""
        while self.world.pending:
            batch = list(self.world.pending)
            await self.app.intake.accept(batch)
            self.world.confirm(batch[-1]["update_id"] + 1)
            await self._handled()
        await self._push()

    async def _handled(self) -> None:
        await self.app.intake.idle()

    async def _push(self) -> None:
        if self.app.pusher.woken or self.clock.time != self._pushed_at:
            self._pushed_at = self.clock.time
            await self.app.pusher.send_due()

    async def look(self) -> None:
        """Have the clock look at what is due, and send it."""
        await by_the_clock(self.app.services, self.clock())
        await self.app.pusher.send_due()

    async def deliver_again(self, update: dict[str, Any]) -> None:
        """The same update once more, as a lost confirmation brings it."""
        await self.app.intake.accept([update])
        await self.app.intake.idle()

    async def person(self, name: str, *posts: Post) -> Player:
        """Somebody with these posts; without any, a stranger."""
        if name in self._players:
            return self._players[name]
        account = self.world.add_person(name, id=ADMIN if posts == (Post(Role.ADMIN),) else None)
        player = Player(self, account.id, name)
        self._players[name] = player
        async with self.app.database.transaction() as session:
            if posts:
                row = await people.meet(session, telegram_id=account.id, name=name, now=self.clock())
                for post in posts:
                    await people.appoint(
                        session, person_id=row.id or 0, post=post, granted_by=None, now=self.clock()
                    )
        return player

    async def assessor(self, name: str = "王伟", group: str = STATIONS, own: str | None = None) -> Player:
        """An assessor of a group."""
        return await self.person(name, Post(Role.ASSESSOR, group=group, own_unit=own))

    def group(self, title: str, members: Sequence[Player]) -> int:
        """A group chat; its id."""
        return self.world.add_group(title, [member.id for member in members]).id

    async def bound(self, title: str, members: Sequence[Player], group: str = STATIONS) -> int:
        """A group chat that is bound to an assessment group; its id."""
        chat = self.group(title, members)
        async with self.app.database.transaction() as session:
            first = await people.find(session, members[0].id)
            await settings.bind(
                session, chat_id=chat, group=group, by=first.id if first else 0, now=self.clock()
            )
        await self.settle()
        return chat

    def with_now(self, now: datetime) -> None:
        """Set the clock."""
        self.clock.time = now


async def _stopped(app: App) -> None:
    await app.intake.stop(seconds=0.2)
    await app.crew.leave()
    await app.application.shutdown()
    await app.database.close()


class SharedTown(Town):
    """The same on PostgreSQL with two processes' worth of the bot: whatever is done, both reach for it."""

    other: App

    async def open(self) -> "Town":
        """Start both."""
        if not self._made:
            self._made = await new_database(self.folder, on_server=True)
            self._place()
        await super().open()
        self.other = await self._built()
        await self.other.crew.join()
        await self.other.intake.resume()
        return self

    async def close(self) -> None:
        """Stop both."""
        await _stopped(self.other)
        await super().close()

    async def _handled(self) -> None:
        # What this one does not find any more, the other has in hand.
        await self.app.intake.idle()
        await self.other.intake.idle()

    async def _push(self) -> None:
        self._pushed_at = self.clock.time
        await asyncio.gather(self.app.pusher.send_due(), self.other.pusher.send_due())

    async def look(self) -> None:
        """Have both look at the same time, as if each took itself for the leader."""
        apps = (self.app, self.other)
        await asyncio.gather(*(by_the_clock(app.services, self.clock()) for app in apps))
        await asyncio.gather(*(app.pusher.send_due() for app in apps))


__all__ = [
    "ADMIN",
    "OFFICES",
    "ON_SERVER",
    "STATIONS",
    "Player",
    "Post",
    "Role",
    "Town",
    "alarms",
    "entries",
    "numbers_of",
    "text_of",
]
