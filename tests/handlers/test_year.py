"""A whole year of two groups and 41 units, with all that goes wrong in it: everybody gets exactly the right reminders."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests import officers
from tests.conversation import OFFICES, STATIONS, Player, Post, Role, SharedTown, Town, text_of
from tests.oracle import Clerk, Reader
from tests.sample_files import a_pdf

SHANGHAI = ZoneInfo("Asia/Shanghai")
TICKS = (time(7, 45), time(9), time(18, 30))

Act = Callable[[], Awaitable[None]]


class Year:
    """The town and the clerk, who hear of the same events; and what each of them sent to whom."""

    def __init__(self, town: Town) -> None:
        self.town = town
        bureau = town.app.services.bureau
        self.units = {
            group.name: [unit for unit in bureau.units if unit.category in group.categories]
            for group in bureau.groups
        }
        self.clerk = Clerk(
            {group: [unit.name for unit in units] for group, units in self.units.items()}, (2026, 1), "高局长"
        )
        self.players: dict[str, Player] = {}
        self.chats: dict[str, int] = {}
        self.script: list[tuple[datetime, Act]] = []
        self.sent: list[tuple[datetime, str, str]] = []
        self.expected: list[tuple[datetime, str, str]] = []
        self.seen: dict[int, int] = {}
        self.dead = False

    async def cast(self) -> None:
        await self._player(Reader("李组长", "head", STATIONS), Post(Role.HEAD, group=STATIONS))
        await self._player(Reader("赵副组长", "head", STATIONS), Post(Role.DEPUTY, group=STATIONS))
        await self._player(Reader("王伟", "assessor", STATIONS), Post(Role.ASSESSOR, group=STATIONS))
        early = Reader("钱进", "assessor", STATIONS, at=time(7, 45), own="城关派出所")
        await self._player(early, Post(Role.ASSESSOR, group=STATIONS, own_unit="chengguan"))
        await self.players["钱进"].says("/settings 07:45")
        await self._player(
            Reader("孙静", "assessor", STATIONS, muted=True), Post(Role.ASSESSOR, group=STATIONS)
        )
        await self._player(Reader("吴组长", "head", OFFICES), Post(Role.HEAD, group=OFFICES))
        await self._player(Reader("郑明", "assessor", OFFICES), Post(Role.ASSESSOR, group=OFFICES))
        await self._player(Reader("林主任", "office"), Post(Role.OFFICE))
        await self._player(Reader("高局长", "leader", muted=True), Post(Role.LEADER))
        await self._player(Reader("董局长", "leader", muted=True), Post(Role.LEADER))
        await self._player(Reader("周政委", "leader"), Post(Role.LEADER))
        await self._player(
            Reader("周联络", "liaison", units=("城关派出所",)), Post(Role.LIAISON, unit="chengguan")
        )
        both = (Post(Role.LIAISON, unit="dongmen"), Post(Role.LIAISON, unit="xijie"))
        await self._player(Reader("冯联络", "liaison", units=("东门派出所", "西街派出所")), *both)
        await self._player(
            Reader("贺所长", "unithead", units=("西街派出所",)), Post(Role.UNIT_HEAD, unit="xijie")
        )
        public = Reader("陈联络", "liaison", units=("治安大队",), muted=True)
        await self._player(public, Post(Role.LIAISON, unit="zhian"))
        await self.players["陈联络"].says("/settings")
        await self.players["陈联络"].presses("🔔 已开启：备案提醒")
        for name, label in (("孙静", "🔔 已开启：检查"), ("高局长", "🔔 已开启"), ("董局长", "🔔 已开启")):
            await self.players[name].says("/settings")
            await self.players[name].presses(label)
        chat = await self.town.bound("派出所组", [self.players["李组长"], self.players["王伟"]])
        self.clerk.readers.append(Reader("派出所组", "chat", STATIONS))
        self.chats["派出所组"] = chat
        self.chats |= {name: player.id for name, player in self.players.items()}

    async def _player(self, reader: Reader, *posts: Post) -> None:
        self.players[reader.name] = await self.town.person(reader.name, *posts)
        await self.players[reader.name].says("/start")
        self.clerk.readers.append(reader)

    # What happens

    def at(self, day: str, hour: str, act: Act) -> None:
        self.script.append((datetime.fromisoformat(f"{day} {hour}").replace(tzinfo=SHANGHAI), act))

    def inspects(self, day: str, who: str, group: str, quarter: int, units: slice = slice(None)) -> None:
        async def act() -> None:
            for unit in self.units[group][units]:
                await self.players[who].says(f"/done {unit.name} {quarter}季度")
                self.clerk.inspected.add((unit.name, (2026, quarter)))

        self.at(day, "14:00", act)

    def submits(self, day: str, hour: str, who: str, group: str, quarter: int) -> None:
        async def act() -> None:
            player = self.players[who]
            await player.says(f"/submit {quarter}季度")
            if any(label.startswith("全部放过") for label in player.buttons()):
                await player.presses("全部放过")
            await player.presses("✔ 提交")
            assert "已提交" in player.screen()
            self.clerk.submitted.add((group, (2026, quarter)))

        self.at(day, hour, act)

    def says(self, day: str, hour: str, who: str, text: str, answer: str, then: Callable[[], object]) -> None:
        async def act() -> None:
            await self.players[who].says(text)
            assert answer in self.players[who].sees()
            then()

        self.at(day, hour, act)

    def sets_up(self, day: str, unit: str, *, years: tuple[int, ...] = ()) -> None:
        """The unit has a roster from now on, and a method for these years."""

        async def act() -> None:
            code = next(u.code for u in self.town.app.services.bureau.units if u.name == unit)
            if unit not in self.clerk.rosters:
                await officers.enlist(self.town, code, "张三", "李四")
            for year in years:
                await officers.rule(self.town, code, year)
            self.clerk.rosters.add(unit)
            self.clerk.methods |= {(unit, year) for year in years}

        self.at(day, "08:00", act)

    def returns(self, day: str, hour: str, who: str, unit: str, month: date, *, signed: bool = False) -> None:
        async def act() -> None:
            await self.players[who].presses(f"核对并报送：{unit} {month.month}月")
            await self.players[who].presses("报送")
            (self.clerk.unsigned if signed else self.clerk.returned).add((unit, month))

        self.at(day, hour, act)

    def signs(self, day: str, hour: str, who: str, unit: str, month: date) -> None:
        async def act() -> None:
            await self.players[who].presses("签字")
            assert "已签字" in self.players[who].sees()
            self.clerk.unsigned.remove((unit, month))
            self.clerk.returned.add((unit, month))

        self.at(day, hour, act)

    def gives_back(self, day: str, hour: str, who: str, unit: str, month: date) -> None:
        async def act() -> None:
            await self.players[who].presses("退回联络员")
            await self.players[who].says("漏了一笔")
            self.clerk.unsigned.remove((unit, month))

        self.at(day, hour, act)

    def files(self, day: str, hour: str, who: str, unit: str, title: str) -> None:
        """A document of 2026 is filed; a new version each time."""

        async def act() -> None:
            upload = a_pdf(f"{day} {title}", "文件.pdf")
            await self.players[who].uploads(upload, caption=f"/file {title}")
            if any(label.startswith(f"报送：{unit}") for label in self.players[who].buttons()):
                await self.players[who].presses(f"报送：{unit}")
            assert f"已报送 2026 年{unit}" in self.players[who].screen()
            self.clerk.filed[unit, title] = False

        self.at(day, hour, act)

    def refuses(self, day: str, hour: str, unit: str, title: str) -> None:
        """The office returns the document that was filed last."""

        async def act() -> None:
            await self.players["林主任"].presses("退回")
            await self.players["林主任"].says("缺少签字页")
            assert f"已退回 2026 年{unit}" in self.players["林主任"].sees()
            self.clerk.filed[unit, title] = True

        self.at(day, hour, act)

    def dies(self, from_: str, until: str) -> None:
        async def act() -> None:
            await self.town.close()
            self.dead = True

        async def wakes() -> None:
            await self.town.open()
            self.dead = False

        self.at(*from_.split(" "), act)
        self.at(*until.split(" "), wakes)

    # The run

    async def run(self, first: date, last: date) -> None:
        self.script.sort(key=lambda event: event[0])
        day = first
        while day <= last:
            moments = {datetime.combine(day, tick, tzinfo=SHANGHAI) for tick in TICKS}
            moments |= {at for at, _ in self.script if at.date() == day}
            for now in sorted(moments):
                self.town.with_now(now.astimezone(ZoneInfo("UTC")))
                for act in [act for at, act in self.script if at == now]:
                    await act()
                self._skip()
                if not self.dead:
                    await self._tick(now)
            day += timedelta(days=1)

    async def _tick(self, now: datetime) -> None:
        await self.town.look()
        self.expected += [(now, name, text) for name, text in self.clerk.wake(now).items()]
        for name, chat in self.chats.items():
            for message in self._new(chat):
                if text_of(message).startswith("⏰"):
                    self.sent.append((now, name, text_of(message)))

    def _new(self, chat: int) -> list[dict]:
        newest = self.town.world.store.last_message_id(chat)
        since = self.seen.get(chat, 0)
        self.seen[chat] = newest
        if newest == since:
            return []
        return [m for m in self.town.world.store.messages(chat, limit=60) if m["message_id"] > since]

    def _skip(self) -> None:
        """What came in answer to a person is none of the clerk's business."""
        for chat in self.chats.values():
            self.seen[chat] = self.town.world.store.last_message_id(chat)


def the_year(year: Year) -> None:
    """A late group, an extension, a return, entries without reasons, months returned, documents; the process dead over each deadline."""
    clerk = year.clerk
    # Documents: filed before the first reminder, returned and filed again, filed late, never filed; nobody sees the due day.
    rating, own = "江城市公安局2026年度派出所等级评定实施细则及检查方法", "民警业务考核细则"
    year.files("2026-01-10", "15:00", "周联络", "城关派出所", own)
    year.files("2026-01-20", "15:00", "林主任", "考评办", rating)
    year.files("2026-01-21", "15:00", "冯联络", "东门派出所", own)
    year.refuses("2026-01-25", "15:00", "东门派出所", own)
    year.files("2026-01-29", "15:00", "冯联络", "东门派出所", own)
    year.refuses("2026-01-30", "15:00", "东门派出所", own)
    year.dies("2026-01-30 20:00", "2026-02-03 08:00")
    year.files("2026-02-10", "15:00", "陈联络", "治安大队", "民警目标量化考核办法")
    # First quarter: the stations are in time; the others are late by five days.
    year.inspects("2026-03-02", "王伟", STATIONS, 1, slice(0, 10))
    year.inspects("2026-03-10", "王伟", STATIONS, 1, slice(10, None))
    year.submits("2026-03-12", "15:00", "李组长", STATIONS, 1)
    year.inspects("2026-03-09", "郑明", OFFICES, 1, slice(0, 5))
    year.dies("2026-03-14 20:00", "2026-03-17 10:00")
    year.submits("2026-03-20", "15:00", "吴组长", OFFICES, 1)
    year.sets_up("2026-02-03", "城关派出所", years=(2026,))
    year.returns("2026-02-04", "11:00", "周联络", "城关派出所", date(2026, 1, 1))
    year.sets_up("2026-03-03", "西街派出所")
    year.sets_up("2026-03-05", "西街派出所", years=(2026,))
    year.returns("2026-03-05", "11:00", "冯联络", "西街派出所", date(2026, 2, 1), signed=True)
    year.signs("2026-03-09", "15:00", "贺所长", "西街派出所", date(2026, 2, 1))
    # Second quarter: the stations' is extended by a week, submitted in time, returned, and so late in the end.
    year.inspects("2026-05-20", "王伟", STATIONS, 2)
    year.submits("2026-06-12", "15:00", "吴组长", OFFICES, 2)
    year.returns("2026-05-02", "11:00", "冯联络", "西街派出所", date(2026, 4, 1), signed=True)
    year.signs("2026-05-04", "15:00", "贺所长", "西街派出所", date(2026, 4, 1))
    year.returns("2026-06-02", "11:00", "冯联络", "西街派出所", date(2026, 5, 1), signed=True)
    year.gives_back("2026-06-03", "15:00", "贺所长", "西街派出所", date(2026, 5, 1))
    year.dies("2026-07-04 12:00", "2026-07-07 10:00")
    key = (STATIONS, (2026, 2))
    year.says(
        "2026-06-10", "15:00", "林主任", "/extend 派出所组 二季度 6-22 因防汛延长", "已延长",
        lambda: clerk.extended.update({key: date(2026, 6, 22)}),
    )  # fmt: skip
    year.dies("2026-06-14 12:00", "2026-06-16 10:30")
    year.submits("2026-06-22", "15:00", "赵副组长", STATIONS, 2)
    year.says(
        "2026-06-23", "15:00", "林主任", "/return 派出所组 二季度 材料不全", "已退回",
        lambda: clerk.submitted.discard(key),
    )  # fmt: skip
    year.submits("2026-06-25", "15:00", "李组长", STATIONS, 2)
    # Third quarter: an entry without a reason is in the way until the day before; a dead morning on the day itself.
    open_ = ("王伟", STATIONS, (2026, 3))
    year.inspects("2026-08-20", "王伟", STATIONS, 3, slice(0, 20))
    year.says(
        "2026-09-01",
        "15:00",
        "王伟",
        "/deduct 东门所 治安管理 2",
        "原因：未填写",
        lambda: clerk.unexplained.append(open_),
    )
    year.says("2026-09-14", "15:00", "王伟", "/mine", "还没写原因（1 笔）", lambda: None)
    year.at("2026-09-14", "15:05", lambda: reason_given(year, open_))
    year.dies("2026-09-15 08:00", "2026-09-15 17:00")
    year.submits("2026-09-15", "20:00", "李组长", STATIONS, 3)
    year.submits("2026-09-16", "11:00", "吴组长", OFFICES, 3)
    # Fourth quarter: everything is inspected in time, and still nobody submits before the deadline.
    year.inspects("2026-11-16", "王伟", STATIONS, 4)
    year.inspects("2026-11-18", "郑明", OFFICES, 4)
    year.dies("2026-11-30 20:00", "2026-12-03 11:00")
    year.submits("2026-12-04", "15:00", "李组长", STATIONS, 4)
    year.submits("2026-12-10", "15:00", "吴组长", OFFICES, 4)


async def reason_given(year: Year, open_: tuple[str, str, tuple[int, int]]) -> None:
    wang = year.players["王伟"]
    await wang.presses("补记录 1 的原因")
    await wang.says("台账缺失", reply_to=wang.answers()[-1]["message_id"])
    assert "原因已补上" in wang.screen()
    year.clerk.unexplained.remove(open_)


@pytest.mark.parametrize("kind", [Town, SharedTown], ids=["one process", "two processes on PostgreSQL"])
async def test_everybody_gets_exactly_the_reminders_of_the_year(tmp_path, kind):
    start = datetime(2025, 12, 2, 8, tzinfo=SHANGHAI)
    town = await kind(tmp_path, now=start.astimezone(ZoneInfo("UTC"))).open()
    try:
        year = Year(town)
        await year.cast()
        the_year(year)
        await year.run(date(2025, 12, 3), date(2026, 12, 20))
    finally:
        await town.close()
    sent, expected = sorted(year.sent), sorted(year.expected)
    for have, want in zip(sent, expected, strict=False):
        assert have == want
    assert len(sent) == len(expected) > 300
    assert sum("备案文件" in text for _, _, text in expected) > 10
    assert len({(at.date(), name) for at, name, _ in sent}) == len(sent), "one message a person a day"
    with town.beside() as db:
        rows = db.execute(
            "SELECT chat_id, day FROM push WHERE error = 'stale' ORDER BY day, chat_id"
        ).fetchall()
    names = {chat: name for name, chat in year.chats.items()}
    assert sorted((names[chat], date.fromisoformat(str(day))) for chat, day in rows) == sorted(year.clerk.stale)
    assert year.clerk.stale
