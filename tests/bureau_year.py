"""A bureau's year of its own officers, done by conversation alone, and recounted by a plain tally beside it (R9, R10)."""

import io
import random
import re
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from rules.bureau import Unit
from sandbox.world import Upload
from tests.conversation import Player, Post, Role, Town
from tests.sample_files import a_pdf

YEAR = 2026
COMMON = {"政治学习": 10, "考勤纪律": 15, "内务管理": 15}
STATION = {"社区警务": 30, "执法办案": 30}
OTHER = {"政治学习": 20, "本职业务": 50, "工作纪律": 30}
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静强磊军洋勇艳杰娟涛明超秀霞平刚桂英"


def workbook(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> Upload:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((head, *rows)):
            for column, value in enumerate(row):
                if value not in ("", None):
                    sheet.write(number, column, value)
    return Upload("表.xlsx", out.getvalue())


class Bureau:
    """The town, its people, and the tally of all that they wrote."""

    def __init__(self, town: Town, units: list[Unit], officers: int, months: int, seed: int = 7) -> None:
        self.town, self.units, self.count, self.months = town, units, officers, months
        self.chance = random.Random(seed)
        self.people: dict[str, Player] = {}
        self.heads: dict[str, Player] = {}
        self.officers: dict[str, list[tuple[str, str]]] = {}
        self.taken: defaultdict[tuple[str, int, str], dict[str, Decimal]] = defaultdict(dict)
        """(unit, month, badge number) → item → points."""
        self.absent: set[tuple[str, int, str]] = set()
        self.late: set[tuple[str, int]] = set()
        self.never: set[tuple[str, int]] = set()
        self.office: Player
        self.acts = 0

    def items(self, unit: Unit) -> dict[str, int]:
        return {**COMMON, **STATION} if unit.category == "派出所" else OTHER

    async def act(self, player: Player, label: str) -> None:
        try:
            await player.presses(label)
        except AssertionError:
            raise AssertionError(player.screen()[-600:]) from None
        self.acts += 1

    async def live(self) -> None:
        """The whole year: rosters, methods, documents, then month by month."""
        self.office = await self.town.person("林主任", Post(Role.OFFICE))
        await self.office.says("/start")
        for index, unit in enumerate(self.units):
            await self._begin(index, unit)
        for month in range(1, self.months + 1):
            await self._month(month)

    async def _begin(self, index: int, unit: Unit) -> None:
        liaison = self.people[unit.code] = await self.town.person(
            f"联络{index}", Post(Role.LIAISON, unit=unit.code)
        )
        if index % 3 == 0:
            head = self.heads[unit.code] = await self.town.person(
                f"负责{index}", Post(Role.UNIT_HEAD, unit=unit.code)
            )
            await head.says("/start")
        share = self.count // len(self.units) + (index < self.count % len(self.units))
        self.officers[unit.code] = [
            (
                self.chance.choice(SURNAMES) + self.chance.choice(GIVEN) + self.chance.choice(GIVEN),
                f"{index:02}{n:04}",
            )
            for n in range(share)
        ]
        rows = [(name, number, "民警", f"{YEAR}-01-01", "") for name, number in self.officers[unit.code]]
        await liaison.uploads(
            workbook(("姓名", "警号", "职务", "到岗日期", "离岗日期"), rows), caption="/roster"
        )
        await self.act(liaison, "登记")
        own = [(name, points, "") for name, points in (STATION if unit.category == "派出所" else OTHER).items()]
        await liaison.uploads(workbook(("项目", "分值", "别名"), own), caption=f"/method {YEAR}")
        await self.act(liaison, "报送")
        await self.act(self.office, "通过")
        document = a_pdf(unit.code, f"{unit.code}.pdf")
        title = "民警业务考核细则" if unit.category == "派出所" else "民警目标量化考核办法"
        await liaison.uploads(document, caption=f"/file {title} {YEAR}")
        await self.act(self.office, "通过")
        self.acts += 3

    async def _month(self, month: int) -> None:
        nextmonth = datetime(YEAR + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        for unit in self.units:
            how = self.chance.random()
            if how < 0.03:
                self.never.add((unit.code, month))
                continue
            late = how < 0.13
            if late:
                self.late.add((unit.code, month))
            self.town.with_now(nextmonth + (timedelta(days=7) if late else timedelta(days=2)))
            await self._returned(unit, month)

    async def _returned(self, unit: Unit, month: int) -> None:
        """The month's table goes in, and is returned; signed where the unit has a head."""
        liaison, items = self.people[unit.code], self.items(unit)
        rows = []
        for name, number in self.officers[unit.code]:
            absent = self.chance.random() < 0.04
            if absent:
                self.absent.add((unit.code, month, number))
            cells = []
            for item, most in items.items():
                points = (
                    Decimal(self.chance.randint(1, most * 2)) / 4 if self.chance.random() < 0.25 else Decimal(0)
                )
                if points:
                    self.taken[unit.code, month, number][item] = points
                cells.append(float(points) if points else "")
            rows.append((name, number, *cells, "休假" if absent else "", ""))
        head = ("姓名", "警号", *items, "标记", "原因")
        code = f"{YEAR}-{month:02}"
        await liaison.uploads(workbook(head, rows), caption=f"/month {code}")
        if "没有要增加的" not in liaison.sees():
            await self.act(liaison, "导入")
        await liaison.says(f"/monthly {code}")
        await self.act(liaison, "报送")
        if unit.code in self.heads:
            await self.act(self.heads[unit.code], "签字")
        self.acts += 2

    # The recount

    def result(self, unit: Unit, month: int, number: str) -> Decimal:
        return Decimal(100) - sum(self.taken[unit.code, month, number].values(), Decimal(0))

    def expected(self, unit: Unit, month: int) -> list[tuple[str, str | None]]:
        """Each officer's place and result as /month shows them, in no order; None for who does not count."""
        scores = {
            n: self.result(unit, month, n)
            for _, n in self.officers[unit.code]
            if (unit.code, month, n) not in self.absent
        }
        lines: list[tuple[str, str | None]] = []
        for name, number in self.officers[unit.code]:
            if number not in scores:
                lines.append((name, None))
                continue
            place = 1 + sum(other > scores[number] for other in scores.values())
            text = f"{scores[number]:.2f}".rstrip("0").rstrip(".")
            lines.append((name, f"{place}. {text}"))
        return sorted(lines, key=str)

    async def shown(self, unit: Unit, month: int) -> list[tuple[str, str | None]]:
        """The same as the office reads it in the chat."""
        await self.office.says(f"/month {unit.name} {YEAR}-{month:02}")
        if any(label == "全部民警" for label in self.office.buttons()):
            await self.office.presses("全部民警")
        lines = []
        for line in self.office.sees().splitlines():
            found = re.match(r"(\d+)\. (\S+)　([\d.]+)", line)
            absent = re.match(r"—　(\S+)　休假，不计", line)
            if found:
                lines.append((found[2], f"{found[1]}. {found[3]}"))
            elif absent:
                lines.append((absent[1], None))
        return sorted(lines, key=str)

    def returned(self) -> dict[tuple[str, str], int]:
        """(unit, month) → how many versions the office has, read beside the bot."""
        with self.town.beside() as db:
            rows = db.execute("SELECT unit_code, month, count(*) FROM month_return GROUP BY 1, 2").fetchall()
        return {(unit, month): number for unit, month, number in rows}

    async def check(self) -> None:
        """Every table against the tally."""
        for unit in self.units:
            for month in range(1, self.months + 1):
                if (unit.code, month) not in self.never:
                    assert await self.shown(unit, month) == self.expected(unit, month), (unit.name, month)
        wanted = {
            (unit.code, f"{YEAR}-{month:02}"): 1
            for unit in self.units
            for month in range(1, self.months + 1)
            if (unit.code, month) not in self.never
        }
        assert self.returned() == wanted
        for month in range(1, self.months + 1):
            await self.office.says(f"/returns {YEAR}-{month:02}")
            seen = self.office.sees()
            here = sum((unit.code, month) not in self.never for unit in self.units)
            assert re.search(
                rf"已报送 (<b>)?{here}(</b>)? ?/ ?{len(self.town.app.services.bureau.units)}", seen
            ), seen[:200]
            late = sum(m == month for _, m in self.late)
            assert (f"其中逾期 {late}" in seen) if late else ("其中逾期" not in seen), seen[:600]
        await self.office.says(f"/filings {YEAR}")
        owed = len(self.town.app.services.bureau.units) + 3
        left = f"、未报 {owed - len(self.units)}" if owed > len(self.units) else ""
        assert f"应报 {owed} 份：已通过 {len(self.units)}{left}" in self.office.sees()
        with self.town.beside() as db:
            entries = db.execute("SELECT count(*), sum(points) FROM officer_entry").fetchone()
        points = [value for items in self.taken.values() for value in items.values()]
        assert entries == (len(points), int(sum(points, Decimal(0)) * 100))


async def run(folder: Path, *, units: int, officers: int, months: int) -> Bureau:
    """Live the year in a new town, and hold every table to the tally."""
    town = await Town(folder, now=datetime(YEAR, 1, 1, 1, tzinfo=UTC)).open()
    try:
        everybody = town.app.services.bureau.units
        step = max(1, len(everybody) // units)
        bureau = Bureau(town, list(everybody[::step][:units]), officers, months)
        await bureau.live()
        await bureau.check()
        return bureau
    finally:
        await town.close()
