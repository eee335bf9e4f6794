"""Small bureaus for the tests, written out so that a test can be read without looking elsewhere."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from rules.bureau import Bureau, Group, Sequence, Unit
from rules.calendar import Calendar
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
