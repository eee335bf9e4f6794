"""Plays a case of the corpus through the real bot, and says whether what it answered and wrote is right."""

import json
import re
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.config.load import load
from rules.months import Month
from rules.scheme import Item
from sandbox.world import Upload
from tests import officers
from tests.conversation import EXAMPLE, OFFICES, STATIONS, Player, Post, Role, Town, text_of
from tests.corpus.tables.kit import Corpus

Case = dict[str, Any]

LATE_DEADLINES = ("4-14", "7-28", "11-10", "12-31")
"""The deadlines by which the third quarter was over twenty days ago."""

METHODS = {
    "派出所": (Item("社区警务", Decimal(25)), Item("接处警", Decimal(15)), Item("执法办案", Decimal(20))),
    "实战所队": tuple(
        Item(name, Decimal(points))
        for name, points in (
            ("政治学习", 10), ("考勤纪律", 15), ("内务管理", 15), ("执法办案", 30), ("接处警", 15), ("信息采集", 15),
        )
    ),
    "机关科室": tuple(
        Item(name, Decimal(points))
        for name, points in (
            ("政治学习", 10), ("考勤纪律", 20), ("本职工作", 40), ("服务基层", 20), ("信息调研", 10),
        )
    ),
}  # fmt: skip
"""By category, what the units' officers are assessed by, beside the common part."""

NO = re.compile(r"^(不|取消|算了|换)|证据|模板|撤回")
"""A button that gives up, or does something else."""


class Stage:
    """A case with its bureau, and who sends the file."""

    def __init__(self, town: Town, corpus: Corpus, case: Case) -> None:
        self.town, self.corpus, self.case = town, corpus, case
        self.sender: Player
        self.pressed: list[str] = []
        self.typed = False
        self._seen: list[str] = []

    async def prepare(self) -> None:
        """The person with its post, the officers who are there already, and the file that was sent before."""
        case = self.case
        if case["who"] == "assessor":
            group = OFFICES if case.get("group") == "offices" else STATIONS
            self.sender = await self.town.assessor("王考核", group)
        elif case["who"] == "office":
            self.sender = await self.town.person("林主任", Post(Role.OFFICE))
        else:
            unit = self.unit
            self.sender = await self.town.person("周联络", Post(Role.LIAISON, unit=unit.code))
            if case["kind"] == "month":
                await officers.rule(self.town, unit.code, 2026, METHODS[unit.category])
        for line in case.get("setup", ()):
            await self.sender.says(f"/roster {line}")
        if "first" in case:
            await self.send(case["first"]["file"], case["first"]["command"])
            await self.presses_on(plainly=True)
            self.pressed.clear()
        self._seen.clear()

    @property
    def unit(self) -> Any:
        """The liaison's unit."""
        return next(unit for unit in self.town.app.services.bureau.units if unit.name == self.case["unit"])

    async def send(self, name: str, command: str) -> None:
        """The file with its caption, or without one and then perhaps the command in reply."""
        await self.sender.uploads(Upload(name, self.corpus.content(name)), caption=command)

    async def begin(self) -> None:
        """The case's own file is sent."""
        await self.send(self.case["file"], self.case["command"])
        if "reply" in self.case:
            messages = self.town.world.store.messages(self.sender.id, limit=20)
            file = next(
                message for message in reversed(messages) if "document" in message and not _from_bot(message)
            )
            await self.sender.says(self.case["reply"], reply_to=file["message_id"])

    def look(self) -> None:
        """Keep what stands on the screen now: a question is edited away by its answer."""
        screen = [text_of(message) for message in self.sender.answers()] + self.sender.buttons()
        last = self.town.world.store.messages(self.sender.id, limit=1)[-1]
        self._seen += [*screen, text_of(last)]

    @property
    def said(self) -> str:
        """All that the bot said of the case, on its buttons too, without gaps."""
        return _bare("\n".join(self._seen))

    async def presses_on(self, *, plainly: bool = False) -> None:
        """Press what the case presses, then what confirms, as long as something is asked; `plainly` only what confirms."""
        for _ in range(6):
            self.look()
            buttons = self.sender.buttons()
            wanted = [
                b for p in self.case.get("press", ()) for b in buttons if re.search(p, b) and not NO.search(b)
            ]
            fresh = [b for b in wanted if b not in self.pressed]
            others = (
                []
                if self.case.get("must_press") and not plainly and not wanted and not self.pressed
                else buttons
            )
            choice = next((b for b in [*fresh, *others] if b not in self.pressed and not NO.search(b)), None)
            if choice is not None:
                self.pressed.append(choice)
                await self.sender.presses(choice)
            elif self.case.get("type") and not self.typed and "原因" in self.said:
                self.typed = True
                await self.sender.says(self.case["type"])
            else:
                return

    def values(self) -> list[dict[str, Any]]:
        """What is written, in the words of the case."""
        return {
            "import": self._entries, "roster": self._officers, "month": self._results, "method": self._items,
            "criteria": self._criteria,
        }[self.case["kind"]]()  # fmt: skip

    def _rows(self, sql: str) -> list[dict[str, Any]]:
        with self.town.beside() as db:
            return db.rows(sql)

    def _entries(self) -> list[dict[str, Any]]:
        bureau = self.town.app.services.bureau
        rows = self._rows("SELECT * FROM entry WHERE kind = 'deduction' ORDER BY id")
        return [
            {
                "unit": bureau.unit(row["unit_code"]).name, "item": row["item"], "points": _number(row["points"]),
                "reason": row["reason"], "day": row["inspected_on"], "quarter": _quarter(row["quarter"]),
            }
            for row in rows
        ]  # fmt: skip

    def _officers(self) -> list[dict[str, Any]]:
        rows = self._rows(
            "SELECT o.*, s.since, s.until FROM officer o JOIN service s ON s.officer_id = o.id ORDER BY o.id"
        )
        return [
            {
                "name": row["name"],
                "number": row["number"],
                "duty": row["duty"],
                "since": row["since"],
                "until": row["until"] or "",
            }
            for row in rows
        ]

    def _results(self) -> list[dict[str, Any]]:
        month = Month.parse(self.case["month"])
        names = {row["id"]: row["name"] for row in self._rows("SELECT * FROM officer")}
        results: dict[int, dict[str, Any]] = {}
        elsewhere = [
            row for table in ("officer_entry", "mark") for row in self._rows(f"SELECT * FROM {table}")
            if str(row["month"]) != str(month)
        ]  # fmt: skip
        if elsewhere:
            return [{"name": "?", "taken": {}, "mark": "another month"}]
        for row in self._rows("SELECT * FROM officer_entry ORDER BY id"):
            result = results.setdefault(
                row["officer_id"], {"name": names[row["officer_id"]], "taken": {}, "mark": ""}
            )
            result["taken"][row["item"]] = _number(row["points"])
            result["reason"] = row["reason"]
        for row in self._rows("SELECT * FROM mark ORDER BY id"):
            result = results.setdefault(
                row["officer_id"], {"name": names[row["officer_id"]], "taken": {}, "mark": ""}
            )
            result["mark"] = row["mark"]
        return list(results.values())

    def _items(self) -> list[dict[str, Any]]:
        rows = self._rows("SELECT * FROM method ORDER BY id")
        items = json.loads(rows[-1]["items"]) if rows else []
        return [
            {"name": item["name"], "points": _plain(item["points"]), "aliases": list(item["aliases"])}
            for item in items
        ]

    def _criteria(self) -> list[dict[str, Any]]:
        if not self._rows("SELECT * FROM audit WHERE act = 'criteria'"):
            return []
        bureau = self.town.app.services.bureau
        scheme = next(scheme for scheme in bureau.schemes if scheme.category == self.case["category"])
        return [
            {
                "item": item.name, "code": one.code, "text": one.text, "points": _plain(one.points), "per": one.per,
                "max": _plain(one.max), "veto": one.veto,
            }
            for item in scheme.items
            for one in item.criteria
        ]  # fmt: skip


def _from_bot(message: Any) -> bool:
    return bool(message["from"].get("is_bot"))


def _bare(text: str) -> str:
    return re.sub(r"[\s\u3000]", "", text)


def _number(hundredths: int) -> str:
    return _plain(Decimal(hundredths) / 100)


def _plain(number: Any) -> str:
    return "" if number is None else f"{Decimal(str(number)).normalize():f}"


def _quarter(code: str) -> str:
    return f"{code[:4]}年第{'零一二三四'[int(code[-1])]}季度"


def _says(text: str, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return any(_says(text, one) for one in wanted)
    pattern = wanted.removeprefix("re:") if wanted.startswith("re:") else re.escape(_bare(wanted))
    return re.search(pattern, text) is not None


def _fits(found: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> bool:
    """Whether the values are these, in any order; * fits all, and what is not asked for is not compared."""
    left = list(found)
    for one in wanted:
        hit = next((f for f in left if all(value in ("*", f.get(key)) for key, value in one.items())), None)
        if hit is None:
            return False
        left.remove(hit)
    return not left


def _wanted(case: Case) -> list[list[dict[str, Any]]]:
    key = {
        "import": "entries",
        "roster": "officers",
        "month": "officers",
        "method": "items",
        "criteria": "criteria",
    }[case["kind"]]
    return [*([case[key]] if key in case else []), *case.get("alt", ())]


async def play(folder: Path, corpus: Corpus, case: Case) -> str:
    """ "" where the case is right, else what is wrong; a misreading begins with 错读."""
    town = Town(folder, now=datetime.combine(corpus.when.today, time(2), tzinfo=UTC))
    if case.get("late"):
        config = load(EXAMPLE, {})
        calendar = config.calendar.model_copy(update={"quarter_deadlines": LATE_DEADLINES})
        same = {name: getattr(town.config, name) for name in ("telegram", "database", "people")}
        town.config = config.model_copy(update={"calendar": calendar, **same})
        now, town.clock.time = town.clock.time, datetime(2026, 11, 1, 2, tzinfo=UTC)
        await town.open()
        town.clock.time = now
    else:
        await town.open()
    try:
        return await _played(Stage(town, corpus, case))
    finally:
        await town.close()


async def _played(stage: Stage) -> str:
    case = stage.case
    await stage.prepare()
    start = stage.values()
    await stage.begin()
    stage.look()
    at_once, first = stage.values(), stage.said
    if at_once != start:
        return f"错读：没有问就写下 {at_once}"
    await stage.presses_on()
    values = [value for value in stage.values() if value not in start or case["kind"] == "roster"]
    said = stage.said
    missing = [wanted for wanted in case["says"] if not _says(said, wanted)]
    outcomes = {case["outcome"], *case.get("also", ())}
    written = stage.values() != start
    right = any(_fits(values, wanted) for wanted in _wanted(case))
    forbidden = [word for word in case.get("not_says", ()) if _says(said, word)]
    if (
        written
        and not right
        and case.get("if_written") != "accepted"
        and not (outcomes == {"ask", "refuse"} and _asked(case, first))
    ):
        return f"错读：写下 {values}\n{said}"
    if written and outcomes == {"refuse"}:
        return f"错读：不该写下 {values}"
    if not written and not outcomes & {"ask", "refuse"}:
        return f"没有读出：{said}"
    if forbidden:
        return f"不该说 {forbidden}：{said}"
    if not written and case["outcome"] == "read":
        missing = [wanted for wanted in case.get("says_if_refused", case["says"]) if not _says(said, wanted)]
    elif written and case["outcome"] == "refuse":
        missing = []
    if case["outcome"] in {"ask", "confirm"} and not _asked(case, first):
        missing = case["says"]
    return f"没有说 {missing}：{said}" if missing else ""


def _asked(case: Case, first: str) -> bool:
    """Whether everything was said before anything was written."""
    return all(_says(first, wanted) for wanted in case["says"])
