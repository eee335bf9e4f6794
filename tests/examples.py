"""Small bureaus for the tests, written out so that a test can be read without looking elsewhere."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from rules.bureau import Bureau, Group, Sequence, Unit
from rules.calendar import Calendar, Quarter
from rules.entries import Deduction, Reversal
from rules.people import Person, Post
from rules.scheme import Item, Scheme

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar(SHANGHAI)

STATIONS = Scheme(
    "派出所",
    (
        Item("队伍日常管理", Decimal(10), ("队伍管理",)),
        Item("治安管理", Decimal(10)),
        Item("打击、破案及追逃", Decimal(40), ("打击",)),
        Item("执法质量", Decimal(20)),
        Item("人口管理", Decimal(10)),
        Item("安全防范", Decimal(5)),
        Item("情报信息", Decimal(5)),
    ),
)
OFFICES = Scheme("机关科室", (Item("队伍建设", Decimal(40)), Item("业务工作", Decimal(60))))


def station(code: str, name: str, sequence: str = "派出所第一序列", aliases: tuple[str, ...] = ()) -> Unit:
    """A police station."""
    return Unit(code, name, "派出所", sequence, aliases)


BUREAU = Bureau(
    name="示例市公安局",
    calendar=CALENDAR,
    groups=(
        Group("派出所考核小组", ("派出所",)),
        Group("机关科室及实战所队考核小组", ("机关科室", "实战所队")),
    ),
    schemes=(STATIONS, OFFICES),
    sequences=(Sequence("派出所第一序列"), Sequence("派出所第二序列"), Sequence("机关第一序列")),
    units=(
        station("chengguan", "城关派出所"),
        station("dongmen", "东门派出所"),
        station("ximen", "西门派出所"),
        station("nanhu", "南湖派出所"),
        station("beishan", "北山派出所", "派出所第二序列"),
        Unit("zhian", "治安大队", "实战所队", "机关第一序列"),
        Unit("fazhi", "法制科", "机关科室", "机关第一序列"),
    ),
)


ENTRY = Deduction(
    number=1, unit="chengguan", item="治安管理", points=Decimal(2), quarter=Quarter(2026, 4),
    at=datetime(2026, 11, 10, 6, tzinfo=UTC), inspected_on=date(2026, 11, 10), author_id=7, author="王", reason="x",
    group="派出所考核小组",
)  # fmt: skip
UNDONE = replace(ENTRY, reversal=Reversal(2, "王", ENTRY.at, "误记"))


def person(id_: int, *posts: Post) -> Person:
    """Somebody with these posts."""
    return Person(id_, 1000 + id_, "某", posts)
