"""A bureau with records of every kind in which nobody may look everywhere: who they are, what they hide, and what was offered to whom."""

import io
import zipfile
from asyncio import Queue
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from rules.access import ROLES_FOR, Deed
from rules.people import Role
from sandbox.world import Event, Message, Upload
from tests import officers
from tests.conversation import OFFICES, STATIONS, Player, Post, Town, text_of
from tests.sample_files import pdf

SECRETS = {
    "entry of chengguan": ("城关台账密语", "1.37"),
    "entry of dongmen": ("东门台账密语", "2.41"),
    "entry of fazhi": ("法制台账密语", "3.29"),
    "score of chengguan": ("98.63",),
    "score of dongmen": ("97.59",),
    "score of fazhi": ("96.71",),
    "officer of chengguan": ("欧阳甲",),
    "officer of dongmen": ("司徒乙",),
    "officer's entry of chengguan": ("城关民警密语", "99.23"),
    "officer's entry of dongmen": ("东门民警密语", "99.37"),
    "appeal of chengguan": ("城关申诉密语",),
    "appeal of dongmen": ("东门申诉密语",),
}
"""What stands in the records, in words and figures that stand nowhere else."""

STATION = {f"{what} of {unit}" for what in ("entry", "score", "appeal") for unit in ("chengguan", "dongmen")}
OF_CHENGGUAN = {name for name in SECRETS if name.endswith("of chengguan")}

WALKERS: dict[str, tuple[tuple[Post, ...], set[str]]] = {
    "stranger": ((), set()),
    "officer": (
        (Post(Role.OFFICER, unit="chengguan", officer=1),),
        {"officer of chengguan", "officer's entry of chengguan"},
    ),
    "liaison": ((Post(Role.LIAISON, unit="chengguan"),), OF_CHENGGUAN),
    "unit head": ((Post(Role.UNIT_HEAD, unit="chengguan"),), OF_CHENGGUAN),
    "assessor of offices": ((Post(Role.ASSESSOR, group=OFFICES),), {"entry of fazhi", "score of fazhi"}),
    "assessor": ((Post(Role.ASSESSOR, group=STATIONS),), STATION),
    "head": ((Post(Role.HEAD, group=STATIONS),), STATION),
    "leader": ((Post(Role.LEADER),), set(SECRETS)),
    "office": ((Post(Role.OFFICE),), set(SECRETS)),
    "administrator": ((Post(Role.ADMIN),), set()),
}
"""Each role, and what of the secrets it may come to see; those who can do most come last."""

WRITTEN_BY: dict[str, frozenset[Deed]] = {
    "entry": frozenset({Deed.DEDUCT, Deed.CORRECT, Deed.APPROVE, Deed.DECIDE}),
    "inspection": frozenset({Deed.INSPECT}),
    "proposal": frozenset({Deed.CORRECT, Deed.APPROVE}),
    "appeal": frozenset({Deed.APPEAL, Deed.DECIDE}),
    "evidence": frozenset({Deed.DEDUCT, Deed.APPEAL, Deed.FILE}),
    "attachment": frozenset({Deed.DEDUCT, Deed.APPEAL, Deed.FILE}),
    "step": frozenset({Deed.SUBMIT, Deed.CONFIRM, Deed.PUBLISH}),
    "result": frozenset({Deed.CONFIRM}),
    "extension": frozenset({Deed.EXTEND}),
    "lead": frozenset({Deed.LEAD}),
    "acknowledgement": frozenset({Deed.ACKNOWLEDGE}),
    "officer": frozenset({Deed.ROSTER}),
    "service": frozenset({Deed.ROSTER, Deed.ROSTER_AGREE}),
    "service_proposal": frozenset({Deed.ROSTER, Deed.ROSTER_AGREE}),
    "method": frozenset({Deed.METHOD}),
    "method_verdict": frozenset({Deed.METHOD_DECIDE}),
    "officer_entry": frozenset({Deed.OFFICER_DEDUCT}),
    "mark": frozenset({Deed.OFFICER_DEDUCT}),
    "month_return": frozenset({Deed.MONTHLY}),
    "signature": frozenset({Deed.SIGN}),
    "filing": frozenset({Deed.FILE}),
    "filing_verdict": frozenset({Deed.FILING_DECIDE}),
    "binding": frozenset({Deed.BIND}),
    "criteria": frozenset({Deed.CRITERIA}),
    "setting": frozenset({Deed.NOTICES, Deed.CRITERIA}),
    "invitation": frozenset({Deed.INVITE, Deed.REMOVE}),
    "post": frozenset({Deed.REMOVE, Deed.ROSTER}),
}
"""Who may bring rows into a table; into one that is not named here nobody does by what it says or presses."""

OF_THE_HOUSE = frozenset(
    {"inbox", "audit", "draft", "push", "card", "picture", "tally", "beginning", "leadership", "worker", "lane",
     "watch", "alembic_version", "person", "sqlite_sequence", "register", "chain_end", "stranger"}
)  # fmt: skip
"""The tables in which the program keeps how it works, and what it heard."""

STATION_UNITS = "派出所"


def allowed(role: Role, deed: Deed) -> bool:
    """Whether a role may do the deed at all."""
    return role in ROLES_FOR[deed]


# What was written


def tables(town: Town) -> dict[str, set[tuple[Any, ...]]]:
    """Every table that is not the house's own, row by row; of the drafts who was asked, and where it stands."""
    with town.beside() as db:
        kept = {
            table: set(db.execute(f"SELECT * FROM {table}").fetchall())
            for table in db.tables()
            if table not in OF_THE_HOUSE
        }
        kept["draft"] = set(db.execute("SELECT person_id, id, state, revision FROM draft").fetchall())
    return kept


def units_written(town: Town, table: str, rows: Iterable[tuple[Any, ...]]) -> set[str]:
    """The units that rows of a table are about, where it says so."""
    with town.beside() as db:
        names = [c[0] for c in db.execute(f"SELECT * FROM {table} LIMIT 1").description]
    if "unit_code" not in names:
        return set()
    return {row[names.index("unit_code")] for row in rows} - {None}


def faults_of_writing(
    town: Town, player: Player, posts: Sequence[Post], before: dict[str, set[tuple[Any, ...]]]
) -> list[str]:
    """What was written since by somebody with these posts that may not write it, or not on that unit."""
    faults = []
    person = _id_of(town, player)
    roles = {post.role for post in posts}
    for table, rows in tables(town).items():
        new = rows - before[table]
        if table == "draft":
            new = {row for row in new if row[0] != person}
            if new and not roles & {Role.OFFICE, Role.ADMIN} and not _by_an_erasure(town, posts, new):
                faults.append(f"questions of others: {new}")
            continue
        if not new:
            continue
        if not any(allowed(role, deed) for role in roles for deed in WRITTEN_BY.get(table, ())):
            faults.append(f"{table}: {new}")
        elif not units_written(town, table, new) <= _units_of(town, posts):
            faults.append(f"{table} of another unit: {new}")
    return faults


def _by_an_erasure(town: Town, posts: Sequence[Post], drafts: Iterable[tuple[Any, ...]]) -> bool:
    """Whether questions may have been cleared with an officer of the own unit, about whom they were."""
    if not any(allowed(post.role, Deed.ROSTER) for post in posts):
        return False
    with town.beside() as db:
        cleared = {row[0] for row in db.execute("SELECT id FROM draft WHERE content = ''").fetchall()}
        units = dict(db.execute("SELECT person_id, unit_code FROM post").fetchall())
    mine = _units_of(town, posts)
    return all(draft in cleared and units.get(of) in mine for of, draft, *_ in drafts)


def _id_of(town: Town, player: Player) -> int | None:
    with town.beside() as db:
        row = db.execute("SELECT id FROM person WHERE telegram_id = ?", (player.id,)).fetchone()
    return row[0] if row is not None else None


def _units_of(town: Town, posts: Sequence[Post]) -> set[str]:
    bureau = town.app.services.bureau
    mine = set()
    for post in posts:
        for unit in bureau.units:
            group = bureau.group_for(unit)
            of_group = group is not None and post.group == group.name
            if post.role in {Role.OFFICE, Role.ADMIN} or of_group or unit.code == post.unit:
                mine.add(unit.code)
    return mine


# What was seen


@dataclass
class Watch:
    """Everything that comes to one person: sent and edited messages, files, alerts, and what is on the pictures."""

    town: Town
    player: Player
    events: "Queue[Event]"
    charts: int = 0
    alerts: list[str] = field(default_factory=list)

    @classmethod
    def over(cls, town: Town, player: Player) -> "Watch":
        """From now on."""
        return cls(town, player, town.world.subscribe(), len(town.studio.charts))

    async def press(self, datas: Iterable[str], *, chat: int | None = None) -> str:
        """Press all of these on a message of the person's chat, one after the other; what came of them, and no spinning."""
        chat_id = chat if chat is not None else self.player.id
        on = self.town.world.store.messages(chat_id, limit=1)[-1]["message_id"]
        queries = [self.town.world.press(self.player.id, chat_id, on, data, forged=True) for data in datas]
        await self.town.settle()
        for query in queries:
            answer = await self.town.world.answered(query, seconds=1)
            assert answer is not None, f"a button was left spinning: {list(datas)}"
            self.alerts.append(str(answer["text"]))
        return self.seen()

    async def say(self, lines: Iterable[str]) -> str:
        """Say all of these, one after the other; what came of them."""
        for line in lines:
            self.town.world.send(self.player.id, self.player.id, line)
        await self.town.settle()
        return self.seen()

    def seen(self, chat: int | None = None) -> str:
        """What came since this was asked last."""
        parts = [*self.alerts, *map(repr, self.town.studio.charts[self.charts :])]
        self.alerts, self.charts = [], len(self.town.studio.charts)
        wanted = {self.player.id, chat}
        while not self.events.empty():
            event = self.events.get_nowait()
            message = event.message
            if event.chat in wanted and message is not None and message.get("from") == self.town.world.bot:
                parts.append(self._words(message))
        return "\n".join(parts)

    def _words(self, message: Message) -> str:
        labels = [b["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for b in row]
        document = message.get("document")
        content = ""
        if document is not None:
            file = self.town.world.store.file(document["file_id"])
            content = readable(file[2]) if file is not None else ""
        return "\n".join([text_of(message), *labels, (document or {}).get("file_name", ""), content])

    def close(self) -> None:
        """Watch no longer."""
        self.town.world.unsubscribe(self.events)


def readable(content: bytes) -> str:
    """The text of a file: of a workbook or a document what is in its parts."""
    if content[:2] != b"PK":
        return content.decode(errors="ignore")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode(errors="ignore") for name in archive.namelist())


def secrets_in(text: str) -> set[str]:
    """The names of the secrets that a text gives away."""
    return {name for name, words in SECRETS.items() if any(word in text for word in words)}


# What was offered


def offered(town: Town, chat: int) -> dict[str, None]:
    """The data of every button that stands in a chat, oldest first."""
    return {
        button["callback_data"]: None
        for message in town.world.store.messages(chat, limit=1000)
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
        if "callback_data" in button
    }


PHOTO = Upload(
    "a.png",
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b8"
        "0000000049454e44ae426082"
    ),
)


def evidence_file(text: str) -> Upload:
    """A document whose bytes hold a text."""
    return Upload("材料.pdf", pdf(before=b"% " + text.encode() + b"\n"), "application/pdf")


def workbook(*rows: Sequence[Any], sheet: str) -> Upload:
    """A filled table."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return Upload("表.xlsx", out.getvalue())


@dataclass
class Scene:
    """The bureau after a day on which everybody did something, with every button that was offered on the way."""

    town: Town
    cast: dict[str, Player]
    chat: int
    """The chat of the stations' group."""
    offers: dict[str, dict[str, None]] = field(default_factory=dict)
    """Every button that was ever offered to each, by its data."""

    @property
    def buttons(self) -> dict[str, None]:
        """Every button that was offered to anybody."""
        return {data: None for who in self.cast for data in self.offered_to(who)}

    def offered_to(self, who: str) -> dict[str, None]:
        """Every button that was offered to somebody of the cast."""
        return self.offers.get(who, {}) | offered(self.town, self.cast[who].id)

    async def says(self, who: str, *lines: str) -> None:
        """Somebody says this, and what is offered is kept."""
        for line in lines:
            await self.cast[who].says(line)
            self._keep(who)

    async def presses(self, who: str, *labels: str) -> None:
        """Somebody presses these."""
        for label in labels:
            await self.cast[who].presses(label)
            self._keep(who)

    async def uploads(self, who: str, file: Upload, caption: str = "") -> None:
        """Somebody sends a file."""
        await self.cast[who].uploads(file, **({"caption": caption} if caption else {}))
        self._keep(who)

    def _keep(self, who: str) -> None:
        self.offers[who] = self.offered_to(who)


async def scene(folder: Path) -> Scene:
    """3 March 2027, with entries, evidence, appeals, corrections, officers, returns, methods and filings of two groups."""
    town = await Town(folder, now=datetime(2026, 12, 20, 2, tzinfo=UTC)).open()
    for unit in ("chengguan", "dongmen"):
        for year in (2026, 2027):
            await officers.rule(town, unit, year)
        await officers.enlist(town, unit, *SECRETS[f"officer of {unit}"])
    town.with_now(datetime(2027, 3, 3, 2, tzinfo=UTC))
    cast = {
        "wang": await town.assessor(),
        "zheng": await town.assessor("郑明", OFFICES),
        "head": await town.person("李组长", Post(Role.HEAD, group=STATIONS)),
        "office": await town.person("林主任", Post(Role.OFFICE)),
        "leader": await town.person("高局长", Post(Role.LEADER)),
        "one": await town.person("一联络", Post(Role.LIAISON, unit="chengguan")),
        "two": await town.person("二联络", Post(Role.LIAISON, unit="dongmen")),
        "chief": await town.person("三所长", Post(Role.UNIT_HEAD, unit="dongmen")),
        "admin": await town.person("陈管理", Post(Role.ADMIN)),
    }
    here = Scene(town, cast, 0)
    for who in cast:
        await here.says(who, "/start")
    here.chat = await town.bound("派出所群", [cast["wang"], cast["head"], cast["office"]])
    await _deductions(here)
    await _officers(here)
    await _reading(here)
    await _office(here)
    return here


async def _deductions(here: Scene) -> None:
    for who, unit, item in (
        ("wang", "chengguan", "城关所 治安管理 1.37"),
        ("wang", "dongmen", "东门所 治安管理 2.41"),
        ("zheng", "fazhi", "法制科 本职业务 3.29"),
    ):
        word = SECRETS[f"entry of {unit}"][0]
        await here.uploads(who, evidence_file(word), f"/deduct {item} {word}")
    await here.says("wang", "/deduct 西街所 治安管理 0.5", "/correct 1", "/correct", "/mine", "/deduct 西街所")
    await here.presses("wang", "治安管理")
    await here.says("wang", "/deduct\n西街所 治安管理 1 甲\n西街所 执法质量 1 乙", "/import", "/done 西街所")
    await here.uploads("wang", PHOTO)
    await here.says("head", "/correct", "/submit")
    for who, unit, number in (("one", "chengguan", 1), ("two", "dongmen", 2)):
        await here.says(
            who, f"/appeal {number}", f"/appeal {number} {SECRETS[f'appeal of {unit}'][0]}", "/appeals"
        )


async def _officers(here: Scene) -> None:
    for who, unit, points in (("one", "chengguan", "0.77"), ("two", "dongmen", "0.63")):
        name, word = SECRETS[f"officer of {unit}"][0], SECRETS[f"officer's entry of {unit}"][0]
        await here.says(
            who, f"/officer {name} 考勤 {points} 2027-03 {word}", "/officer", "/month", "/month 年度", "/roster",
            f"/roster 删除 {name}", "/roster 甲甲\n乙乙", f"/invite 民警 {name}", "/invite", "/method", "/file", "/filings", "/monthly",
        )  # fmt: skip
        await here.presses(who, "报送")
        await here.says(who, "/monthly")
        await here.uploads(who, evidence_file(word), "/file")
    await here.says("chief", "/month")


async def _reading(here: Scene) -> None:
    for who in ("wang", "head", "one", "office", "leader"):
        await here.says(
            who, "/score", "/score 城关所", "/rank", "/rank 派出所一序列", "/rank 派出所一序列 治安管理", "/trend", "/trend 城关所",
            "/heat", "/heat 派出所一序列", "/losses", "/losses 派出所一序列", "/compare 城关所 东门所", "/why", "/why 城关所", "/log",
            "/log 城关所", "/export", "/progress", "/settings",
        )  # fmt: skip


async def _office(here: Scene) -> None:
    await here.says("head", "/submit")
    await here.says(
        "office", "/appeals", "/returns", "/filings", "/method", "/month", "/roster", "/pushes", "/audit", "/bulletin", "/criteria",
        "/invite", "/invite 民警", "/invite 联络员", "/remove", "/lead 一季度", "/publish", "/confirm", "/return", "/correct 2",
    )  # fmt: skip
    await here.says("admin", "/invite", "/people", "/remove")
    await here.says("leader", "/returns", "/month", "/filings", "/bulletin")
