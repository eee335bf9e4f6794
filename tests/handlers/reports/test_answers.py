"""What each question is answered, word for word, where two units lost points on two items in two ways."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from sandbox.world import Upload
from tests.conversation import STATIONS, Player, Post, Role, Town, text_of


async def lived_in(town: Town) -> dict[str, Player]:
    """城关 lost on two items, on one of them beyond the floor; 东门 on three; 西街 has a veto; two records were put right."""
    people = {
        "wang": await town.assessor(),
        "zhou": await town.person("周联络", Post(Role.LIAISON, unit="chengguan")),
        "feng": await town.person("冯联络", Post(Role.LIAISON, unit="dongmen")),
    }
    for name in ("zhou", "feng"):
        await people[name].says("/whoami")
    wang = people["wang"]
    for line in (
        "城关所 2.1 x3 台账",
        "城关所 情报信息 4 迟报",
        "城关所 情报信息 3 漏报",
        "东门所 执法质量 1.25 卷宗",
        "东门所 治安管理 0.5",
        "西街所 4.2 11月3日查 被追责",
        "城关所 2.1 x2 又一次",
    ):
        await wang.says(f"/deduct {line}")
    await wang.uploads(Upload("a.png", town.studio.PNG), kind="photo", caption="/deduct 东门所 人口管理 1 漏登")
    town.clock.move(minutes=5)
    await wang.says("/done 东门所")
    await wang.says("/correct 4 1 核实一处")
    await wang.says("/correct 1 撤销 不属实")
    return people


def after_each(player: Player, beginning: str) -> list[str]:
    """The bot's messages to a person that begin so, as they are now."""
    messages = player.town.world.store.messages(player.id, limit=1000)
    return [text for m in messages if m["from"]["is_bot"] and (text := text_of(m)).startswith(beginning)]


LOGGED = "登记：王伟，11月10日 09:00"
QUARTER = "计入：2026年第四季度"


async def test_a_card_says_what_the_record_did_to_its_own_item_total_and_place(town):
    wang = (await lived_in(town))["wang"]
    assert after_each(wang, "✔ 已登记") == [
        "✔ 已登记　记录 2\n城关派出所　情报信息　−4 分\n原因：迟报\n\n情报信息 5 → 1\n总分 98.5 → 94.5\n"
        f"派出所第一序列 第 5 名 → 第 5 名（共 5 个单位）\n{QUARTER}\n{LOGGED}",
        "✔ 已登记　记录 3\n城关派出所　情报信息　−3 分\n原因：漏报\n\n情报信息 1 → 0\n该项已扣完，另有 2 分未计\n总分 94.5 → 93.5\n"
        f"派出所第一序列 第 5 名 → 第 5 名（共 5 个单位）\n{QUARTER}\n{LOGGED}",
        "✔ 已登记　记录 5\n东门派出所　治安管理　−0.5 分\n原因：未填写\n\n治安管理 10 → 9.5\n总分 98.75 → 98.25\n"
        f"派出所第一序列 第 4 名 → 第 4 名（共 5 个单位）\n{QUARTER}\n{LOGGED}\n\n请在 10 分钟内接着发送扣分原因；没有原因的记录不能提交。",
        "✔ 已登记　记录 6\n西街派出所　执法质量　−0 分\n细则：4.2 发生执法过错被追究责任（一票否决）\n⚠ 一票否决，已在成绩旁边标出\n"
        "原因：被追责\n检查日期：11月3日\n\n执法质量 20 → 20\n总分 100 → 100\n"
        f"派出所第一序列 第 1 名（并列） → 第 1 名（并列）（共 5 个单位）\n{QUARTER}\n{LOGGED}",
        "✔ 已登记　记录 7\n城关派出所　治安管理　−1 分\n细则：2.1 巡查台账缺失或不完整（每处 0.5 分） ×2\n本季度同一细则第 2 次\n"
        "原因：又一次\n\n治安管理 8.5 → 7.5\n总分 93.5 → 92.5\n"
        f"派出所第一序列 第 5 名 → 第 5 名（共 5 个单位）\n{QUARTER}\n{LOGGED}",
        "✔ 已登记　记录 8\n东门派出所　人口管理　−1 分\n原因：漏登\n证据：1 份\n\n人口管理 10 → 9\n总分 98.25 → 97.25\n"
        f"派出所第一序列 第 4 名 → 第 4 名（共 5 个单位）\n{QUARTER}\n{LOGGED}",
        "✔ 已登记　记录 10\n东门派出所　执法质量　−1 分\n原因：卷宗\n更正自：记录 4\n\n执法质量 18.75 → 19\n总分 97.25 → 97.5\n"
        f"派出所第一序列 第 4 名 → 第 4 名（共 5 个单位）\n{QUARTER}\n登记：王伟，11月10日 09:05",
    ]
    assert after_each(wang, "↩") == [
        "↩ 已撤销　记录 1，不再扣分\n城关派出所　治安管理　−1.5 分\n细则：2.1 巡查台账缺失或不完整（每处 0.5 分） ×3\n原因：台账\n\n"
        f"治安管理 7.5 → 9\n总分 92.5 → 94\n派出所第一序列 第 5 名 → 第 5 名（共 5 个单位）\n{QUARTER}\n{LOGGED}\n"
        "撤销：王伟，11月10日 09:05，不属实",
        "↩ 已更正　记录 4，由记录 10 代替\n东门派出所　执法质量　−1.25 分\n原因：卷宗\n\n执法质量 18.75 → 20\n总分 97.25 → 98.5\n"
        f"派出所第一序列 第 4 名 → 第 4 名（共 5 个单位）\n{QUARTER}\n{LOGGED}\n更正：王伟，11月10日 09:05，核实一处",
    ]


async def test_each_liaison_was_told_of_its_own_units_records(town):
    people = await lived_in(town)
    hint = "明细发送 /why；有异议可在期限内申诉。"
    assert after_each(people["zhou"], "城关派出所") == [
        f"城关派出所被扣分：治安管理 −1.5 分（记录 1）\n原因：台账\n{hint}",
        f"城关派出所被扣分：情报信息 −4 分（记录 2）\n原因：迟报\n{hint}",
        f"城关派出所被扣分：情报信息 −3 分（记录 3）\n原因：漏报\n{hint}",
        f"城关派出所被扣分：治安管理 −1 分（记录 7）\n原因：又一次\n{hint}",
        "城关派出所：记录 1（治安管理 −1.5 分）已撤销，不再扣分。\n理由：不属实",
    ]
    assert after_each(people["feng"], "东门派出所") == [
        f"东门派出所被扣分：执法质量 −1.25 分（记录 4）\n原因：卷宗\n{hint}",
        f"东门派出所被扣分：治安管理 −0.5 分（记录 5）\n原因：考核员尚未填写\n{hint}",
        f"东门派出所被扣分：人口管理 −1 分（记录 8）\n原因：漏登\n{hint}",
        "东门派出所：记录 4（执法质量 −1.25 分）已更正为记录 10（执法质量 −1 分）。\n理由：核实一处",
    ]


CHENGGUAN_ENTRIES = """1　11-10　治安管理 −1.5　已撤销（不属实）
2　11-10　情报信息 −4　迟报　王伟
3　11-10　情报信息 −3（其中 2 分已扣完未计）　漏报　王伟
7　11-10　治安管理 −1　细则 2.1 ×2　又一次　王伟"""
CHENGGUAN_SCORE = f"""治安管理　9 / 10
情报信息　0 / 5（已扣完，另有 2 分未计）
其余 5 项满分。

扣分明细
{CHENGGUAN_ENTRIES}"""
CHENGGUAN_INFORMATION = """情报信息　5 → 0（已扣完，另有 2 分未计）
−4　记录 2
　原因：迟报
　王伟 11月10日 09:00 登记
−3　记录 3
　其中 2 分已扣完未计
　原因：漏报
　王伟 11月10日 09:00 登记"""
CHENGGUAN_WHY = f"""城关派出所　2026年第四季度　总分 94

治安管理　10 → 9
−1　记录 7
　细则 2.1 巡查台账缺失或不完整（每处 0.5 分） ×2
　原因：又一次
　王伟 11月10日 09:00 登记

{CHENGGUAN_INFORMATION}"""
DONGMEN_LOG = """东门派出所　2026年第四季度　扣分记录

4 执法质量 −1.25 → 10　11-10　执法质量 −1　卷宗　王伟
8　11-10　人口管理 −1　漏登　王伟　证据 1 份
5　11-10　治安管理 −0.5　未写原因　王伟"""
HEAD = "截至 11月10日 09:05\n4 个单位本季度未检查，按已登记的扣分计算"

ANSWERS = {
    "/score 城关所": f"""城关派出所　2026年第四季度（暂定）
总分 94，满分 100
派出所第一序列第 5 名，共 5 个单位
本季度未检查，按已登记的扣分计算
截至 11月10日 09:05

{CHENGGUAN_SCORE}""",
    "/score 东门所": """东门派出所　2026年第四季度（暂定）
总分 97.5，满分 100
派出所第一序列第 4 名，共 5 个单位
截至 11月10日 09:05

治安管理　9.5 / 10
执法质量　19 / 20
人口管理　9 / 10
其余 4 项满分。

扣分明细
5　11-10　治安管理 −0.5　未写原因　王伟
8　11-10　人口管理 −1　漏登　王伟
4 执法质量 −1.25 → 10　11-10　执法质量 −1　卷宗　王伟""",
    "/score 西街所": """西街派出所　2026年第四季度（暂定）
总分 100，满分 100
派出所第一序列第 1 名（并列），共 5 个单位
本季度未检查，按已登记的扣分计算
截至 11月10日 09:05
⚠ 一票否决：记录 6，细则 4.2 发生执法过错被追究责任（一票否决）

各项均为满分，没有扣分。

扣分明细
6　11-10　执法质量 −0　细则 4.2　被追责　王伟""",
    "/rank 派一": """派出所第一序列　2026年第四季度（暂定）
截至 11月10日 09:05
4 个单位本季度未检查，按已登记的扣分列入

1. 西街派出所　100（并列）　未检查　⚠一票否决
1. 南湖派出所　100（并列）　未检查
1. 北关派出所　100（并列）　未检查
4. 东门派出所　97.5
5. 城关派出所　94　未检查""",
    "/log 城关所": "城关派出所　2026年第四季度　扣分记录\n\n" + "\n".join(CHENGGUAN_ENTRIES.split("\n")[::-1]),
    "/log 东门所": DONGMEN_LOG,
    "/log 城关所 情报信息": "城关派出所　2026年第四季度　情报信息　扣分记录\n\n"
    + "\n".join(CHENGGUAN_ENTRIES.split("\n")[2:0:-1]),
    "/why 城关所": CHENGGUAN_WHY,
    "/why 东门所": """东门派出所　2026年第四季度　总分 97.5

治安管理　10 → 9.5
−0.5　记录 5
　原因：未填写
　王伟 11月10日 09:00 登记

执法质量　20 → 19
−1　记录 10（更正自记录 4）
　原因：卷宗
　王伟 11月10日 09:05 登记

人口管理　10 → 9
−1　记录 8
　原因：漏登
　王伟 11月10日 09:00 登记，证据 1 份（/evidence 8）""",
    "/why 西街所": """西街派出所　2026年第四季度　总分 100
⚠ 一票否决：记录 6，细则 4.2 发生执法过错被追究责任（一票否决）

执法质量　20 → 20
−0　记录 6
　细则 4.2 发生执法过错被追究责任（一票否决）
　原因：被追责
　王伟 11月10日 09:00 登记，11月3日检查""",
    "/why 城关所 情报信息": f"城关派出所　2026年第四季度　总分 94\n\n{CHENGGUAN_INFORMATION}",
    "/why 城关所 执法质量": "城关派出所　2026年第四季度　总分 94\n\n执法质量没有被扣分。",
    "/why 南湖所": "南湖派出所　2026年第四季度　总分 100\n\n没有被扣分，各项均为满分。",
    "/mine": """我登记的扣分　2026年第四季度　共 8 笔

还没写原因（1 笔），点下面的按钮补上，否则不能提交：
5　11-10　东门派出所　治安管理 −0.5　未写原因　王伟

4 执法质量 −1.25 → 10　11-10　东门派出所　执法质量 −1　卷宗　王伟
8　11-10　东门派出所　人口管理 −1　漏登　王伟　证据 1 份
7　11-10　城关派出所　治安管理 −1　细则 2.1 ×2　又一次　王伟
6　11-10　西街派出所　执法质量 −0　细则 4.2　被追责　王伟
3　11-10　城关派出所　情报信息 −3　漏报　王伟
2　11-10　城关派出所　情报信息 −4　迟报　王伟
1　11-10　城关派出所　治安管理 −1.5　已撤销（不属实）

更正发送 /correct 编号。""",
    "/trend 城关所": """城关派出所：四季度 94 分
截至 11月10日 09:05

2026年第四季度（暂定）　94　第 5 名，共 5 个单位　未检查""",
    "/trend 西街所": """西街派出所：四季度 100 分
截至 11月10日 09:05

2026年第四季度（暂定）　100　第 1 名（并列），共 5 个单位　未检查　⚠一票否决""",
    "/heat 派一": f"""派出所第一序列　失分分布　2026年第四季度（暂定）
{HEAD}

一共失 8.5 分，失在情报信息的最多，占 59%。

1. 西街派出所　失 0
1. 南湖派出所　失 0
1. 北关派出所　失 0
4. 东门派出所　失 2.5：治安管理 0.5，执法质量 1，人口管理 1
5. 城关派出所　失 6：治安管理 1，情报信息 5""",
    "/losses 派一": f"""派出所第一序列　失分原因　2026年第四季度（暂定）
{HEAD}
只算真正扣掉的分：扣完为止，超出的不计

6 笔扣分共失 8.5 分，两个项目占失分的 71%。

1. 情报信息（未引细则）　5 分，2 笔、1 个单位，累计 59%
2. 人口管理（未引细则）　1 分，1 笔、1 个单位，累计 71%
3. 执法质量（未引细则）　1 分，1 笔、1 个单位，累计 82%
4. 2.1 巡查台账缺失或不完整（每处 0.5 分）　1 分，1 笔、1 个单位，累计 94%
5. 治安管理（未引细则）　0.5 分，1 笔、1 个单位，累计 100%""",
    "/losses 城关所": """城关派出所　失分原因　2026年第四季度（暂定）
截至 11月10日 09:05
1 个单位本季度未检查，按已登记的扣分计算
只算真正扣掉的分：扣完为止，超出的不计

3 笔扣分共失 6 分，情报信息占失分的 83%。

1. 情报信息（未引细则）　5 分，2 笔、1 个单位，累计 83%
2. 2.1 巡查台账缺失或不完整（每处 0.5 分）　1 分，1 笔、1 个单位，累计 100%""",
    "/compare 城关所 东门所": """对比　2026年第四季度（暂定）
截至 11月10日 09:05
1 个单位本季度未检查，按已登记的扣分计算
城关派出所　94 分
东门派出所　97.5 分

东门派出所高 3.5 分，差距最大在情报信息，差 5 分。

失分（依次）
治安管理：1 / 0.5
执法质量：0 / 1
人口管理：0 / 1
情报信息：5 / 0""",
    "/compare 东门所 城关所 西街所": """对比　2026年第四季度（暂定）
截至 11月10日 09:05
2 个单位本季度未检查，按已登记的扣分计算
东门派出所　97.5 分
城关派出所　94 分
西街派出所　100 分

西街派出所最高，差距最大在情报信息，差 5 分。

失分（依次）
治安管理：0.5 / 1 / 0
执法质量：1 / 0 / 0
人口管理：1 / 0 / 0
情报信息：0 / 5 / 0""",
    "/rank 派一 治安管理": f"""派出所第一序列　治安管理　2026年第四季度（暂定）
{HEAD}
只按治安管理一项排，不是总成绩的名次

1. 西街派出所　10（并列）
1. 南湖派出所　10（并列）
1. 北关派出所　10（并列）
4. 东门派出所　9.5
5. 城关派出所　9""",
}


async def test_each_question_is_answered_with_its_own_units_figures(town):
    people = await lived_in(town)
    for question, answer in ANSWERS.items():
        await people["wang"].says(question)
        assert people["wang"].sees() == answer, question
    zhou, feng = people["zhou"], people["feng"]
    await zhou.says("/score")
    assert zhou.sees() == (
        "城关派出所　2026年第四季度（暂定）\n总分 94，满分 100\n本季度未检查，按已登记的扣分计算\n截至 11月10日 09:05\n\n"
        f"{CHENGGUAN_SCORE}"
    )
    await zhou.says("/why")
    assert (zhou.sees(), zhou.buttons()) == (CHENGGUAN_WHY, ["对某一笔申诉"])
    await feng.says("/log")
    assert feng.sees() == DONGMEN_LOG


def points(*values: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, values))


async def test_each_picture_is_given_the_same_figures_as_the_words(town):
    wang = (await lived_in(town))["wang"]
    drawn = {}
    for question in (
        "/score 城关所",
        "/rank 派一",
        "/heat 派一",
        "/losses 派一",
        "/compare 东门所 城关所",
        "/rank 派一 治安管理",
    ):
        await wang.says(question)
        drawn[question] = town.studio.charts[-1]
    for chart in drawn.values():
        assert (chart.frame.subtitle, chart.frame.as_of, chart.frame.mark) == (
            "2026年第四季度",
            "截至 11月10日 09:05",
            "暂定",
        )
    items = ("队伍日常管理", "治安管理", "打击、破案及追逃", "执法质量", "人口管理", "安全防范", "情报信息")
    full = points("10", "10", "40", "20", "10", "5", "5")
    score = drawn["/score 城关所"]
    assert score.frame.title == "城关派出所　94 分"
    assert [(bar.name, bar.points, bar.left, bar.beyond) for bar in score.items] == list(
        zip(items, full, points("10", "9", "40", "20", "10", "5", "0"), points(*"000000", "2"), strict=True)
    )
    dongmen, chengguan = points("0", "0.5", "0", "1", "1", "0", "0"), points("0", "1", "0", "0", "0", "0", "5")
    ranking = drawn["/rank 派一"]
    assert (ranking.frame.title, ranking.items) == ("派出所第一序列：3 个单位并列第一", items)
    assert [(r.place, r.shared, r.unit, r.score, r.total, r.lost, r.inspected) for r in ranking.rows][-3:] == [
        ("1", True, "北关派出所", "100", 100, points(*"0000000"), False),
        ("4", False, "东门派出所", "97.5", Decimal("97.5"), dongmen, True),
        ("5", False, "城关派出所", "94", 94, chengguan, False),
    ]
    heat = drawn["/heat 派一"]
    assert (heat.frame.title, heat.columns) == ("派出所第一序列：城关派出所占失分的 71%", items)
    assert [(row.unit, row.place, row.lost, row.total) for row in heat.rows][-2:] == [
        ("东门派出所", "4", dongmen, Decimal("2.5")),
        ("城关派出所", "5", chengguan, 6),
    ]
    assert heat.totals == points("0", "1.5", "0", "1", "1", "0", "5")
    losses = drawn["/losses 派一"]
    assert losses.frame.title == "派出所第一序列：两个项目占失分的 71%"
    assert [(c.label, c.note, c.points, c.cumulated, c.shown, c.weighty) for c in losses.causes] == [
        ("情报信息（未引细则）", "2 笔", 5, Decimal("0.5882"), "59%", True),
        ("人口管理（未引细则）", "1 笔", 1, Decimal("0.7059"), "71%", True),
        ("执法质量（未引细则）", "1 笔", 1, Decimal("0.8235"), "82%", False),
        ("2.1 巡查台账缺失或不完整（每处 0.5 分）", "1 笔", 1, Decimal("0.9412"), "94%", False),
        ("治安管理（未引细则）", "1 笔", Decimal("0.5"), 1, "100%", False),
    ]
    compare = drawn["/compare 东门所 城关所"]
    assert compare.frame.title == "东门派出所高 3.5 分，差距最大在情报信息，差 5 分"
    assert compare.units == (("东门派出所", "97.5 分"), ("城关派出所", "94 分"))
    assert [(item.name, item.points, item.lost) for item in compare.items] == [
        (name, most, (own, other))
        for name, most, own, other in zip(items, full, dongmen, chengguan, strict=True)
    ]
    alone = drawn["/rank 派一 治安管理"]
    assert [(r.place, r.shared, r.unit, r.score, r.total, r.lost) for r in alone.rows][-2:] == [
        ("4", False, "东门派出所", "9.5", Decimal("9.5"), points("0.5")),
        ("5", False, "城关派出所", "9", 9, points("1")),
    ]


# Two confirmed quarters


@pytest.fixture
async def march(tmp_path):
    """A bureau in the first quarter of 2027, two weeks before its deadline."""
    town = await Town(tmp_path, now=datetime(2027, 3, 1, 1, tzinfo=UTC)).open()
    yield town
    await town.close()


async def confirmed(town: Town, quarter: str, *lines: str) -> Player:
    """The stations' quarter with these deductions, submitted and confirmed; the office."""
    wang, head = await town.assessor(), await town.person("李组长", Post(Role.HEAD, group=STATIONS))
    lin = await town.person("林主任", Post(Role.OFFICE))
    for line in lines:
        await wang.says(f"/deduct {line}")
    await head.says(f"/submit {quarter}")
    await head.presses("全部放过")
    await head.presses("✔ 提交")
    town.clock.move(days=7)
    await lin.says(f"/confirm {STATIONS} {quarter}")
    await lin.presses("✔ 审定")
    return lin


async def test_a_years_figures_are_the_means_and_sums_of_its_confirmed_quarters(march):
    await confirmed(march, "一季度", "城关所 治安管理 2 台账", "城关所 2.1 x2 缺三天", "东门所 执法质量 1 卷宗")
    march.clock.time = datetime(2027, 6, 10, 1, tzinfo=UTC)
    lin = await confirmed(march, "二季度", "城关所 治安管理 1 二季度 台账", "东门所 情报信息 2.5 二季度 迟报")
    missing = "已审定季度的平均分；未审定：三季度、四季度"
    await lin.says("/score 城关所 年度")
    assert lin.sees() == (
        f"城关派出所　2027年度（暂定）\n年度成绩 98，{missing}\n派出所第一序列第 5 名，共 5 个单位\n\n一季度　97\n二季度　99"
    )
    await lin.says("/score 东门所 年度")
    assert "年度成绩 98.25，" in lin.sees() and "一季度　99\n二季度　97.5" in lin.sees()
    await lin.says("/rank 派一 年度")
    assert lin.sees().split("\n")[-2:] == ["4. 东门派出所　98.25", "5. 城关派出所　98"]
    ranking = march.studio.charts[-1]
    assert ranking.items == ("一季度", "二季度")
    assert [(r.place, r.unit, r.score, r.lost) for r in ranking.rows][-2:] == [
        ("4", "东门派出所", "98.25", points("0.5", "1.25")),
        ("5", "城关派出所", "98", points("1.5", "0.5")),
    ]
    await lin.says("/compare 城关所 东门所 年度")
    assert march.studio.charts[-1].units == (("城关派出所", "98 分"), ("东门派出所", "98.25 分"))
    assert "治安管理：2 / 0\n执法质量：0 / 0.5\n情报信息：0 / 1.25" in lin.sees()
    await lin.says("/heat 派一 年度")
    assert lin.sees().split("\n")[-2:] == [
        "4. 东门派出所　失 1.75：执法质量 0.5，情报信息 1.25",
        "5. 城关派出所　失 2：治安管理 2",
    ]
    await lin.says("/losses 派一 年度")
    assert "5 笔扣分共失 7.5 分" in lin.sees()
    assert "1. 治安管理（未引细则）　3 分，2 笔、1 个单位，累计 40%" in lin.sees()
    await lin.says("/trend 东门所 年度")
    assert lin.sees().split("\n")[3:] == [
        "2027年第一季度（已审定）　99　第 4 名，共 5 个单位　未检查",
        "2027年第二季度（已审定）　97.5　第 5 名，共 5 个单位　未检查",
        "2027年第三季度（暂定）　100　第 1 名（并列），共 5 个单位　未检查",
        "",
        "已审定季度平均 98.25 分",
    ]
