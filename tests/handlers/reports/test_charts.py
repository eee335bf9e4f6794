"""/trend, /heat, /losses, /compare, /rank by an item, and documents for print, told as dialogs with their rights (Sight)."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from charts.values import Kind
from handlers.frame import names
from tests.conversation import OFFICES, STATIONS, Player, Post, Role, Town, engines

LINES = (
    "城关所 治安管理 2.1 x3 台账",
    "东门所 治安管理 2.1 x1 台账",
    "东门所 执法质量 4.1 x2 卷宗",
    "城关所 情报信息 4 漏报",
    "城关所 情报信息 3 迟报",
    "城关所 治安管理 1 旅馆",
)
"""城关 loses 1.5 + 1 + 5 = 7.5: two points of its last 情报信息 are beyond the floor. 东门 loses 0.5 + 2 = 2.5."""


async def some_deductions(town: Town) -> Player:
    wang = await town.assessor()
    for line in LINES:
        await wang.says(f"/deduct {line}")
    return wang


@pytest.fixture
async def march(tmp_path):
    """A bureau in the first quarter of 2027, two weeks before its deadline."""
    town = await Town(tmp_path, now=datetime(2027, 3, 1, 1, tzinfo=UTC)).open()
    yield town
    await town.close()


async def first_quarter(town: Town, *, published: bool) -> dict[str, Player]:
    """The stations' first quarter is confirmed, and the second runs: 城关 is fifth in the first with 92.5."""
    people = {
        "wang": await some_deductions(town),
        "head": await town.person("李组长", Post(Role.HEAD, group=STATIONS)),
        "office": await town.person("林主任", Post(Role.OFFICE)),
        "leader": await town.person("高局长", Post(Role.LEADER)),
        "liaison": await town.person("周联络", Post(Role.LIAISON, unit="chengguan")),
    }
    await people["liaison"].says("/start")
    await people["head"].says("/submit")
    await people["head"].presses("全部放过")
    await people["head"].presses("✔ 提交")
    await people["office"].says("/lead 一季度 高局长")
    town.clock.move(days=20)
    await people["office"].says("/confirm")
    await people["office"].presses("✔ 审定")
    if published:
        await people["office"].says("/publish")
        await people["office"].presses("✔ 公布")
    return people


def chart(town: Town):
    return town.studio.charts[-1]


# The answers


async def test_losses_are_told_by_criterion_with_what_was_really_taken(town):
    wang = await some_deductions(town)
    await wang.says("/losses 派出所一序列")
    seen = wang.sees()
    assert "6 笔扣分共失 10 分" in seen
    assert "扣完为止，超出的不计" in seen
    assert "1. 情报信息（未引细则）　5 分，2 笔、1 个单位，累计 50%" in seen
    assert "3. 2.1 巡查台账缺失或不完整（每处 0.5 分）　2 分，2 笔、2 个单位，累计 90%" in seen
    assert [bar.points for bar in chart(town).causes] == [5, 2, 2, 1]
    assert chart(town).frame.title == "派出所第一序列：两类情形占失分的 70%"
    assert [bar.weighty for bar in chart(town).causes] == [True, True, False, False]


async def test_losses_of_an_item_are_over_all_units_one_looks_over(town):
    wang = await some_deductions(town)
    await wang.says("/losses 治安管理")
    assert [(bar.label, bar.points) for bar in chart(town).causes] == [
        ("2.1 巡查台账缺失或不完整（每处 0.5 分）", Decimal(2)),
        ("治安管理（未引细则）", Decimal(1)),
    ]
    assert chart(town).frame.title == "治安管理：细则 2.1 占失分的 67%"
    await wang.says("/losses 城关所 治安管理")
    assert chart(town).frame.title == "城关派出所·治安管理：细则 2.1 占失分的 60%"


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("/losses 情报信息", "情报信息：未引细则的扣分占失分的 100%"),
        ("/losses 派一 执法", "派出所第一序列·执法质量：细则 4.1 占失分的 100%"),
        ("/rank 派一 情报", "派出所第一序列情报信息：4 个单位并列第一"),
        ("/rank 机关一 本职业务", "机关第一序列本职业务：户籍科第一"),
    ],
)
async def test_an_item_is_the_one_of_the_units_that_are_asked_about(town, line, title):
    await some_deductions(town)
    leader = await town.person("高", Post(Role.LEADER))
    await leader.says(line)
    assert chart(town).frame.title == title


async def test_losses_without_a_word_ask_for_the_sequence(town):
    wang = await some_deductions(town)
    await wang.says("/losses")
    assert wang.buttons() == ["派出所第一序列", "派出所第二序列"]
    await wang.presses("派出所第二序列")
    assert "没有失分" in wang.sees()
    assert chart(town).causes == ()
    assert chart(town).frame.title == "派出所第二序列：没有失分"


async def test_a_heat_map_shows_where_the_points_went(town):
    wang = await some_deductions(town)
    await wang.says("/heat 派出所一序列")
    drawn = chart(town)
    assert [row.unit for row in drawn.rows][-2:] == ["东门派出所", "城关派出所"]
    assert [row.place for row in drawn.rows] == ["1", "1", "1", "4", "5"]
    assert drawn.rows[-1].lost == (0, Decimal("2.5"), 0, 0, 0, 0, 5)
    assert sum(drawn.totals) == sum(row.total for row in drawn.rows) == 10
    assert drawn.frame.title == "派出所第一序列：城关派出所占失分的 75%"
    assert "5. 城关派出所　失 7.5：治安管理 2.5，情报信息 5" in wang.sees()
    await wang.says("/heat")
    await wang.presses("派出所第二序列")
    assert chart(town).frame.title == "派出所第二序列：没有失分"
    assert len(chart(town).rows) == 17


async def test_two_units_are_compared_item_by_item(town):
    wang = await some_deductions(town)
    await wang.says("/compare 城关所 东门所")
    drawn = chart(town)
    assert drawn.units == (("城关派出所", "92.5 分"), ("东门派出所", "97.5 分"))
    assert drawn.frame.title == "东门派出所高 5 分，差距最大在情报信息，差 5 分"
    assert next(item.lost for item in drawn.items if item.name == "治安管理") == (
        Decimal("2.5"),
        Decimal("0.5"),
    )
    await wang.says("/compare 城关所 东门所 西街所 南湖所")
    assert chart(town).frame.title == "2 个单位并列最高，差距最大在情报信息，差 5 分"
    await wang.says("/compare 西街所、南湖所")
    assert chart(town).frame.title == "各项失分都一样"


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("/compare", "请写 2 到 4 个不同的单位"),
        ("/compare 城关所", "请写 2 到 4 个不同的单位"),
        ("/compare 城关所 城关所", "请写 2 到 4 个不同的单位"),
        ("/compare 城关所 东门所 西街所 南湖所 北关所", "请写 2 到 4 个不同的单位"),
        ("/compare 城关所 法制科", "用的计分表不同"),
        ("/compare 城关所 天上所", "没有叫“天上所”的单位"),
        ("/heat 第九序列", "没有叫“第九序列”的序列"),
        ("/heat 派一 2027Q1", "还没有开始"),
        ("/heat 派一 年度", "还没有审定的季度"),
        ("/losses 派一 年度", "还没有审定的季度"),
        ("/compare 城关所 东门所 年度", "还没有审定的季度"),
        ("/rank 派一 治安管理 年度", "还没有审定的季度"),
        ("/rank 机关一 治安管理", "计分表没有这一项"),
        ("/trend 城关所 2025", "从2026年第四季度开始使用"),
        ("/trend 天上所", "没有叫“天上所”的单位"),
    ],
)
async def test_what_cannot_be_shown_is_said(town, line, seen):
    leader = await town.person("高", Post(Role.LEADER))
    await leader.says(line)
    assert seen in leader.sees()
    assert town.studio.charts == []


async def test_a_trend_puts_the_confirmed_quarter_before_the_running_one(march):
    people = await first_quarter(march, published=True)
    office = people["office"]
    await office.says("/deduct 城关所 治安管理 1")
    await people["wang"].says("/deduct 东门所 执法质量 2 二季度 卷宗")
    await office.says("/trend 城关所")
    drawn = chart(march)
    assert [(p.label, p.score, p.place_shown, p.final) for p in drawn.points] == [
        ("一季度", Decimal("92.5"), "第 5 名", True),
        ("二季度", Decimal(100), "第 1 名并列", False),
    ]
    assert drawn.frame.title == "城关派出所：比上季度升 4 名"
    assert (drawn.frame.subtitle, drawn.frame.mark) == ("2027年第一季度至2027年第二季度", "暂定")
    assert "第 5 名，共 5 个单位" in office.sees()
    await office.says("/trend 城关所 年度")
    assert chart(march).frame.title == "城关派出所：两个季度一次进前三"
    assert "已审定季度平均 92.5 分" in office.sees()
    await office.says("/trend 城关所 一季度")
    assert [point.label for point in chart(march).points] == ["一季度"]
    assert (chart(march).frame.title, chart(march).frame.mark) == ("城关派出所：一季度 92.5 分", "已审定")


async def test_a_confirmed_quarter_does_not_move_with_the_scheme(march):
    people = await first_quarter(march, published=False)
    services = march.app.services
    stations, *others = services.bureau.schemes
    items = tuple(
        replace(item, points=Decimal(1) if item.name == "情报信息" else item.points) for item in stations.items
    )
    services.bureau = replace(services.bureau, schemes=(replace(stations, items=items), *others))
    office = people["office"]
    for line, points in (("/heat 派一 一季度", 5), ("/heat 派一 年度", 5)):
        await office.says(line)
        assert chart(march).rows[-1].lost[-1] == points
    for line in ("/losses 派一 一季度", "/losses 派一 年度"):
        await office.says(line)
        assert [bar.points for bar in chart(march).causes] == [5, 2, 2, 1], line
    await office.says("/trend 城关所 一季度")
    assert chart(march).points[0].score == Decimal("92.5")


async def test_a_year_is_made_of_its_confirmed_quarters(march):
    people = await first_quarter(march, published=False)
    office = people["office"]
    await people["wang"].says("/deduct 城关所 治安管理 1 二季度 再查")
    await office.says("/compare 城关所 东门所 年度")
    assert chart(march).units == (("城关派出所", "92.5 分"), ("东门派出所", "97.5 分"))
    assert chart(march).frame.mark == "暂定"
    assert "已审定季度平均；未审定：二季度、三季度、四季度" in office.sees()
    await office.says("/rank 派一 治安管理 年度")
    assert [(row.unit, row.score) for row in chart(march).rows][-1] == ("城关派出所", "7.5")


async def test_a_past_day_is_answered_as_it_was(town):
    wang = await some_deductions(town)
    town.clock.move(days=1)
    await wang.says("/deduct 西街所 治安管理 3 巡查")
    for line in ("/heat 派一", "/losses 派一", "/compare 西街所 南湖所", "/trend 西街所"):
        await wang.says(f"{line} 截至 11-10")
        assert "11月10日结束时" in chart(town).frame.subtitle, line
    assert chart(town).points[0].score == 100
    heat, losses, compare, _ = town.studio.charts[-4:]
    assert sum(heat.totals) == 10
    assert sum(bar.points for bar in losses.causes) == 10
    assert compare.units[0][1] == "100 分"


async def test_after_the_deadline_the_late_quarter_is_answered_and_the_other_offered(town):
    wang = await some_deductions(town)
    town.clock.move(days=25)
    for line in (
        "/heat 派一",
        "/losses 派一",
        "/compare 城关所 东门所",
        "/losses 治安管理",
        "/rank 派一 治安管理",
    ):
        await wang.says(line)
        assert "已过期限、尚未公布" in wang.sees(), line
        await wang.presses("看2027年第一季度")
        assert chart(town).frame.subtitle == "2027年第一季度", line
        assert wang.answers()[-1]["photo"], line


async def test_figures_that_do_not_fit_follow_by_a_button(town):
    wang = await town.assessor()
    await wang.says("/start")
    for unit in town.app.services.bureau.units_of("派出所第二序列"):
        for item in ("治安管理", "执法质量", "人口管理", "安全防范", "情报信息", "打击", "队伍管理"):
            await wang.says(f"/deduct {unit.name} {item} 0.5 台账")
    await wang.says("/heat 派二")
    await wang.presses("全部失分（17 个单位）")
    assert "渡口派出所　失 3.5：队伍日常管理 0.5" in wang.sees()
    await wang.says("/rank 派二 治安管理")
    if "全部名次（17 个单位）" in wang.buttons():
        await wang.presses("全部名次（17 个单位）")
    assert "渡口派出所　9.5（并列）" in wang.sees()


# Who sees what


async def test_a_liaison_sees_its_own_unit_and_no_place_before_publication(march):
    people = await first_quarter(march, published=False)
    zhou = people["liaison"]
    await zhou.says("/trend")
    drawn = chart(march)
    assert [point.place for point in drawn.points] == [None, None]
    assert drawn.frame.title == "城关派出所：比上季度高 7.5 分"
    assert "名次在公布后可见" in zhou.sees()
    assert "第" not in zhou.sees().replace("第一季度", "").replace("第二季度", "")
    await zhou.says("/losses 一季度")
    assert chart(march).frame.title.startswith("城关派出所：")
    drawn_before = len(march.studio.charts)
    for line, seen in (
        ("/trend 东门所", "不在您的查看范围内"),
        ("/losses 东门所", "不在您的查看范围内"),
        ("/losses 派出所一序列", "不在您的查看范围内"),
        ("/compare 城关所 东门所", "东门派出所的成绩不在您的查看范围内"),
        ("/heat 派出所一序列", "没有这项权限"),
        ("/rank 派出所一序列 治安管理", "公布前不在您的查看范围内"),
    ):
        await zhou.says(line)
        assert seen in zhou.sees(), line
    assert len(march.studio.charts) == drawn_before


async def test_after_publication_a_liaison_sees_places_but_not_where_the_others_lost(march):
    people = await first_quarter(march, published=True)
    zhou = people["liaison"]
    await zhou.says("/trend")
    assert [point.place for point in chart(march).points] == [5, None]
    assert chart(march).frame.title == "城关派出所：比上季度高 7.5 分"
    for line in ("/losses 派一 一季度", "/compare 城关所 东门所 一季度", "/trend 东门所"):
        await zhou.says(line)
        assert "不在您的查看范围内" in zhou.sees(), line


async def test_an_assessor_sees_its_group_and_not_its_own_units_place(town):
    await some_deductions(town)
    li = await town.assessor("李", own="chengguan")
    await li.says("/heat 派一")
    assert "城关派出所" not in [row.unit for row in chart(town).rows]
    assert "未列入：城关派出所" in li.sees()
    await li.says("/trend 东门所")
    assert chart(town).points[0].place == 4
    await li.says("/rank 派一 情报信息")
    assert "城关派出所" not in [row.unit for row in chart(town).rows]
    for line in (
        "/heat 机关一",
        "/losses 机关一",
        "/trend 法制科",
        "/compare 法制科 办公室",
        "/rank 机关一 情报信息",
    ):
        await li.says(line)
        assert "不在您的查看范围内" in li.sees(), line


async def test_the_other_group_sees_none_of_it(town):
    await some_deductions(town)
    sun = await town.assessor("孙", OFFICES)
    for line in ("/heat 派一", "/losses 派一", "/trend 城关所", "/compare 城关所 东门所"):
        await sun.says(line)
        assert "不在您的查看范围内" in sun.sees(), line
    await sun.says("/losses 治安管理")
    assert "没有可以计分的单位" in sun.sees()


async def test_office_and_leaders_see_everything_and_administrators_nothing(town):
    await some_deductions(town)
    leader = await town.person("高", Post(Role.LEADER))
    admin = await town.person("陈", Post(Role.ADMIN))
    for line in ("/heat 机关一", "/losses 派一", "/trend 城关所", "/compare 法制科 办公室"):
        await leader.says(line)
        assert leader.answers()[0]["photo"], line
        await admin.says(line)
        assert "没有这项权限" in admin.sees(), line


async def test_in_a_group_chat_none_of_it_is_shown(town):
    wang = await some_deductions(town)
    chat = await town.bound("小组群", [wang])
    for line in (
        "/heat 派一",
        "/losses 派一",
        "/trend 城关所",
        "/compare 城关所 东门所",
        "/rank 派一 治安管理",
    ):
        await wang.says(line, chat=chat)
        assert "只在私聊里用" in wang.sees(chat), line


@pytest.mark.parametrize(
    "data",
    [
        "trend:dongmen:2026Q4",
        "heat:{first}:2026Q4",
        "heatd:{first}:2026Q4",
        "ls:{first}:2026Q4",
        "lsd:{first}:2026Q4",
        "lsu:dongmen:2026Q4",
        "ls:u-dongmen",
        "cp:{pair}:2026Q4",
        "cpd:{pair}:2026Q4",
        "ranki:{first}:2026Q4::{item}",
        "plcsi:{first}:2026Q4::{item}",
        "trend:dongmen:2026Q4:=pdf",
    ],
)
async def test_a_forged_press_shows_no_more_than_the_command(town, data):
    await some_deductions(town)
    zhou = await town.person("周", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/help")
    pair = ".".join(names.short(code)[:8] for code in ("chengguan", "dongmen"))
    filled = data.format(first=names.short("派出所第一序列"), pair=pair, item=names.short("治安管理"))
    answer = await zhou.presses_data(zhou.answers()[0], filled, forged=True)
    assert any(words in answer + zhou.sees() for words in ("查看范围", "没有这项权限"))
    assert town.studio.charts == []


@pytest.mark.parametrize(
    "data",
    [
        "ls:",
        "ls:zzz",
        "ls::::zzz",
        "cp:",
        "cp:a.b",
        "heat:zzz",
        "ranki:zzz",
        "trend:zzz",
        "ls:u-zzz",
        "lsu:zzz",
    ],
)
async def test_a_press_that_leads_nowhere_is_answered(town, data):
    leader = await town.person("高", Post(Role.LEADER))
    await leader.says("/help")
    answer = await leader.presses_data(leader.answers()[0], data, forged=True)
    assert "失效" in answer + leader.sees()


# The guard


async def test_a_sequence_is_ranked_by_a_single_item(town):
    wang = await some_deductions(town)
    await wang.says("/rank 派一 治安管理")
    seen = wang.sees()
    assert "只按治安管理一项排，不是总成绩的名次" in seen
    assert "4. 东门派出所　9.5" in seen
    assert "5. 城关派出所　7.5" in seen
    assert chart(town).items == ("治安管理",)
    assert chart(town).frame.title == "派出所第一序列治安管理：3 个单位并列第一"
    await wang.says("/rank 治安管理")
    assert wang.buttons() == ["派出所第一序列", "派出所第二序列"]
    await wang.presses("派出所第二序列")
    assert chart(town).frame.title == "派出所第二序列治安管理：各单位同分"


async def test_the_config_forbids_it_everywhere(town):
    wang = await some_deductions(town)
    services = town.app.services
    services.policy = replace(services.policy, single_items=False)
    for line in ("/rank 派一 治安管理", "/rank 治安管理", "/rank 派一 破案 四季度", "/rank 派一 治安管理 年度"):
        await wang.says(line)
        assert "不得以破案数等单项指标给所队排名" in wang.sees(), line
    data = f"ranki:{names.short('派出所第一序列')}:2026Q4::{names.short('治安管理')}"
    answer = await wang.presses_data(wang.answers()[0], data, forged=True)
    assert "不得以破案数" in answer + wang.sees()
    assert town.studio.charts == []
    await wang.says("/rank 派一")
    assert wang.answers()[0]["photo"]
    await wang.says("/losses 治安管理")
    assert wang.answers()[0]["photo"]


async def test_with_the_guard_a_heat_map_is_in_the_configs_order_without_places(town):
    wang = await some_deductions(town)
    services = town.app.services
    services.policy = replace(services.policy, single_items=False)
    await wang.says("/heat 派一")
    drawn = chart(town)
    assert [row.unit[:2] for row in drawn.rows] == ["城关", "东门", "西街", "南湖", "北关"]
    assert {row.place for row in drawn.rows} == {""}
    assert drawn.frame.title == "派出所第一序列：情报信息占失分的 50%"
    assert "不排名次" in wang.sees()
    assert "1. " not in wang.sees()


# Documents


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("/rank 派二 pdf", "派出所第二序列排名-2026年第四季度.pdf"),
        ("/score 城关所 SVG", "城关派出所成绩-2026年第四季度.svg"),
        ("/progress png", "派出所考核小组进度-2026年第四季度.png"),
        ("/trend 城关所 pdf", "城关派出所走势-2026年第四季度.pdf"),
        ("分布 派二 四季度 ｐｄｆ", "派出所第二序列失分分布-2026年第四季度.pdf"),
        ("/losses 治安管理 svg", "治安管理失分原因-2026年第四季度.svg"),
        ("/compare 城关所 东门所 pdf", "城关派出所、东门派出所对比-2026年第四季度.pdf"),
        ("/rank 派二 治安管理 pdf", "派出所第二序列治安管理排名-2026年第四季度.pdf"),
    ],
)
async def test_a_word_at_the_end_sends_a_document(town, line, name):
    wang = await some_deductions(town)
    await wang.says(line)
    (answer,) = wang.answers()
    assert answer["document"]["file_name"] == name
    assert answer["caption"]
    assert "photo" not in answer
    assert town.studio.kinds == [Kind(name.rsplit(".", 1)[1])]


async def test_the_kind_is_carried_by_the_buttons_to_the_picture(town):
    wang = await some_deductions(town)
    town.clock.move(days=25)
    await wang.says("/heat pdf")
    await wang.presses("派出所第一序列")
    assert wang.answers()[0]["document"]["file_name"] == "派出所第一序列失分分布-2026年第四季度.pdf"
    await wang.presses("看2027年第一季度")
    assert wang.answers()[0]["document"]["file_name"] == "派出所第一序列失分分布-2027年第一季度.pdf"
    await wang.says("/trend svg")
    await wang.presses("派出所第一序列")
    await wang.presses("城关派出所")
    assert wang.answers()[0]["document"]["file_name"].endswith(".svg")


async def test_documents_are_drawn_each_time_and_photos_are_kept(town):
    wang = await some_deductions(town)
    for _ in range(2):
        await wang.says("/rank 派一")
        await wang.says("/rank 派一 pdf")
    assert town.studio.kinds == [None, Kind.PDF, Kind.PDF]


async def test_without_a_document_the_figures_are_told(town):
    wang = await some_deductions(town)
    town.studio.broken = True
    await wang.says("/heat 派一 pdf")
    assert "5. 城关派出所　失 7.5" in wang.sees()
    assert "图表暂时没有生成" in wang.sees()


async def test_the_word_means_nothing_to_other_commands(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 材料只有 pdf")
    assert "材料只有 pdf" in wang.sees()


@pytest.mark.parametrize(
    "line", ["/trend 城关所 年度", "/heat 派一 年度", "/losses 派一 年度", "/compare 城关所 东门所 年度"]
)
async def test_more_quarters_and_more_units_take_no_more_queries(march, line):
    people = await first_quarter(march, published=True)
    office = people["office"]
    counts = []
    for _ in range(2):
        statements: list[str] = []

        def note(_connection, _cursor, statement, *_rest, kept=statements):
            kept.append(statement)

        for engine in engines(march, reading=True):
            sa.event.listen(engine, "before_cursor_execute", note)
        await office.says(line)
        for engine in engines(march, reading=True):
            sa.event.remove(engine, "before_cursor_execute", note)
        counts.append(len([statement for statement in statements if statement.startswith("SELECT")]))
        march.clock.move(days=92)
        for unit in ("西街所", "南湖所", "北关所"):
            await people["wang"].says(f"/deduct {unit} 治安管理 1 三季度 巡查")
    assert counts[0] == counts[1] > 0
