"""/score and /rank in dialogs: who sees what, and what the pictures are given."""

from decimal import Decimal

import pytest
from conversation import OFFICES, Post, Role


async def some_deductions(town):
    wang = await town.assessor()
    for line in (
        "城关所 治安管理 2 台账",
        "东门所 执法质量 0.5 卷宗",
        "城关所 情报信息 5 漏报",
        "城关所 情报信息 3 迟报",
    ):
        await wang.says(f"/deduct {line}")
    return wang


async def test_a_score_shows_items_total_place_and_what_made_it(town):
    wang = await some_deductions(town)
    await wang.says("/score 城关所")
    (answer,) = wang.answers()
    assert answer["photo"]
    seen = wang.sees()
    assert "总分 93，满分 100" in seen
    assert "派出所第一序列第 5 名，共 5 个单位" in seen
    assert "治安管理　8 / 10" in seen
    assert "情报信息　0 / 5（已扣完，另有 3 分未计）" in seen
    assert "其余 5 项满分" in seen
    assert "情报信息 −3（其中 3 分已扣完未计）　迟报" in seen
    chart = town.studio.charts[-1]
    assert [item.left for item in chart.items] == [10, 8, 40, 20, 10, 5, 0]
    assert chart.frame.mark == "暂定"


async def test_a_ranking_shows_places_ties_and_marks(town):
    wang = await some_deductions(town)
    await wang.says("/done 西街所")
    await wang.says("/rank 派出所一序列")
    seen = wang.sees()
    assert "1. 西街派出所　100（并列）" in seen
    assert "4. 东门派出所　99.5　未检查" in seen
    assert "5. 城关派出所　93" in seen
    assert "4 个单位本季度未检查" in seen
    chart = town.studio.charts[-1]
    assert [row.place for row in chart.rows] == ["1", "1", "1", "4", "5"]
    assert chart.rows[0].inspected
    assert chart.rows[-1].lost[chart.items.index("治安管理")] == Decimal(2)


async def test_the_same_picture_goes_out_again_undrawn(town):
    wang = await some_deductions(town)
    await wang.says("/rank 派出所一序列")
    drawn = len(town.studio.charts)
    await town.restart()
    await wang.says("/rank 派一")
    assert wang.answers()[0]["photo"]
    assert len(town.studio.charts) == drawn


async def test_only_who_waits_for_a_drawing_sees_that_a_photo_is_on_its_way(town):
    wang = await some_deductions(town)
    for expected in (["sendChatAction", "sendPhoto"], ["sendPhoto"]):
        town.request.calls.clear()
        await wang.says("/rank 派出所一序列")
        assert [call.method for call in town.request.calls] == expected
    # By its file_id: nothing is uploaded.
    assert isinstance(town.request.calls[-1].params["photo"], str)
    assert not town.request.calls[-1].params["photo"].startswith("attach://")


async def test_without_a_picture_the_figures_are_told(town):
    wang = await some_deductions(town)
    town.studio.broken = True
    await wang.says("/score 城关所")
    assert "总分 93" in wang.sees()
    assert "图表暂时没有生成" in wang.sees()


async def test_without_a_name_buttons_lead_to_the_unit(town):
    wang = await some_deductions(town)
    await wang.says("/score")
    assert wang.buttons() == ["派出所第一序列", "派出所第二序列"]
    await wang.presses("派出所第一序列")
    await wang.presses("东门派出所")
    assert "总分 99.5" in wang.sees()


async def test_without_a_sequence_buttons_lead_to_the_ranking(town):
    wang = await some_deductions(town)
    await wang.says("/rank")
    await wang.presses("派出所第二序列")
    assert "派出所第二序列" in wang.sees()
    assert len(town.studio.charts[-1].rows) == 17


async def test_what_does_not_fit_a_caption_follows_by_a_button(town):
    wang = await town.assessor()
    for number in range(40):
        await wang.says(f"/deduct 城关所 打击、破案及追逃 0.5 第{number}次检查发现台账登记不完整")
    await wang.says("/score 城关所")
    assert "总分 80" in wang.sees()
    assert "第39次" not in wang.sees()
    await wang.presses("扣分明细（40 笔）")
    assert "第0次" in wang.sees()
    assert "第39次" in wang.sees()


async def test_a_liaison_sees_its_own_unit_without_place_and_nothing_else(town):
    await some_deductions(town)
    zhou = await town.person("周", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/score")
    assert "总分 93" in zhou.sees()
    assert "名" not in zhou.sees()
    await zhou.says("/score 东门所")
    assert "不在您的查看范围内" in zhou.sees()
    assert "99" not in zhou.sees()
    await zhou.says("/rank 派出所一序列")
    assert "公布前不在您的查看范围内" in zhou.sees()


async def test_an_assessor_sees_neither_the_other_groups_units_nor_its_own_units_place(town):
    await some_deductions(town)
    li = await town.assessor("李", own="chengguan")
    await li.says("/score 法制科")
    assert "不在您的查看范围内" in li.sees()
    await li.says("/rank 机关第一序列")
    assert "不在您的查看范围内" in li.sees()
    await li.says("/rank 派出所一序列")
    assert "城关派出所" in li.sees().split("您应回避、未列入：")[1]
    assert all(row.unit != "城关派出所" for row in town.studio.charts[-1].rows)
    await li.says("/score 城关所")
    assert "不在您的查看范围内（回避）" in li.sees()


async def test_an_administrator_sees_no_scores(town):
    await some_deductions(town)
    admin = await town.person("陈", Post(Role.ADMIN))
    for line in ("/score 城关所", "/rank 派出所一序列"):
        await admin.says(line)
        assert "没有这项权限" in admin.sees()


@pytest.mark.parametrize("role", [Role.OFFICE, Role.LEADER])
async def test_office_and_leaders_see_everything(town, role):
    await some_deductions(town)
    person = await town.person("高", Post(role))
    await person.says("/score 城关所")
    assert "第 5 名" in person.sees()
    await person.says("/rank 机关第二序列")
    assert "机关第二序列" in person.sees()


async def test_in_a_group_no_score_and_no_place_is_shown(town):
    wang = await some_deductions(town)
    group = await town.bound("小组群", [wang])
    for line in ("/score 城关所", "/rank 派出所一序列"):
        await wang.says(line, chat=group)
        assert "只在私聊里用" in wang.sees(group)


async def test_a_forged_press_shows_no_more_than_the_command(town):
    await some_deductions(town)
    zhou = await town.person("周", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/help")
    answer = await zhou.presses_data(zhou.answers()[0], "score:dongmen:2026Q4", forged=True)
    assert "不在您的查看范围内" in answer + zhou.sees()


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("/score 城关所 2026Q4", "总分 100"),
        ("/score 一季度 城关所", "从2026年第四季度开始使用"),
        ("/score 城关所 2027Q1", "还没有开始"),
        ("/score 城关所 年度", "暂无年度成绩"),
        ("/rank 派出所一序列 年度", "暂无年度排名"),
        ("/score 天上派出所", "没有叫“天上派出所”的单位"),
        ("/rank 第九序列", "没有叫“第九序列”的序列"),
    ],
)
async def test_a_period_or_name_is_answered_or_refused_with_a_sentence(town, line, seen):
    leader = await town.person("高", Post(Role.LEADER))
    await leader.says(line)
    assert seen in leader.sees()


async def test_after_the_deadline_the_late_quarter_is_answered_and_the_other_offered(town):
    wang = await some_deductions(town)
    town.clock.move(days=25)
    await wang.says("/score 城关所")
    assert "2026年第四季度" in wang.sees()
    assert "已过期限、尚未公布" in wang.sees()
    await wang.presses("看2027年第一季度")
    assert "总分 100" in wang.sees()


async def test_done_counts_what_is_left(town):
    sun = await town.assessor("孙", OFFICES)
    await sun.says("/done 法制科")
    assert "还有 18 个单位未检查" in sun.sees()
    await sun.says("/done 法制科")
    assert "此前已标记" in sun.sees()
    await sun.says("/done 城关所")
    assert "不归您所在的小组" in sun.sees()
