"""/deduct in dialogs: what is written, what is refused, what is asked."""

from datetime import UTC, datetime

import pytest
from conversation import OFFICES, STATIONS, Post, Role, entries, numbers_of


async def test_two_points_off_an_item_are_answered_with_one_card(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    seen = wang.sees()
    assert "已登记" in seen
    assert "城关派出所　治安管理　−2 分" in seen
    assert "治安管理 10 → 8" in seen
    assert "总分 100 → 98" in seen
    assert "派出所第一序列 第 1 名（并列） → 第 5 名（共 5 个单位）" in seen
    assert "2026年第四季度" in seen
    assert "巡查不到位" in seen
    assert wang.buttons() == ["撤销", "更正", "检查完毕"]
    assert len(wang.answers()) == 1
    assert entries(town) == [("deduction", "chengguan", "治安管理", 200, "2026Q4", "巡查不到位")]


@pytest.mark.parametrize(
    ("line", "points"),
    [
        ("扣分 城关所 治安管理 2分 原因", 200),
        ("/扣分 城关所 治安管理 2 原因", 200),
        ("／扣分　城关所　治安管理　２分　原因", 200),
        ("/deduct 治安管理 城关所 两分 原因", 200),
        ("/deduct 城关派出所 治安管理 0.5 原因", 50),
        ("/deduct cgs 治安 半分 原因", 50),
        ("/deduct 成关所 治安管理 一分半 原因", 150),
        ("/deduct@kaoping_sandbox_bot 城关 治安管理 0.25 原因", 25),
        ("扣分 城关所治安管理2分，原因", 200),
        ("/deduct 城关所 治安管理 -2 原因", 200),
        ("扣分：城关所，治安管理，2分，原因", 200),
        ("/deduct城关所治安管理2分原因", 200),
        ("/DEDUCT 城关所 2 治安管理 原因", 200),
    ],
)
async def test_a_line_is_understood_as_people_write_it(town, line, points):
    wang = await town.assessor()
    await wang.says(line)
    assert entries(town) == [("deduction", "chengguan", "治安管理", points, "2026Q4", "原因")]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("/deduct 城关所 治安管理 0", "扣分要大于 0"),
        ("/deduct 城关所 治安管理 +2", "只扣不加"),
        ("/deduct 城关所 治安管理 1,5 台账", "“1,5”不是分值"),
        ("/deduct 城关所 治安管理 两三分 台账", "“两三分”不能确定是几分"),
        ("/deduct 城关所 治安管理 2 2月30日查 台账", "没看懂日期“2月30日查”"),
        ("/deduct 城关所 治安管理 2 明天查 台账", "还没有到"),
        ("/deduct 城关所 治安管理 1.234", "最多两位小数"),
        ("/deduct 城关所 治安管理 10.5", "一共 10 分"),
        ("/deduct 城关所 治安管理 99999999999999999999", "一共 10 分"),
        ("/deduct 城关所 治安管理 x2", "不是分值"),
        ("/deduct 城池所 治安管理 2", "您要找的可能是"),
        ("/deduct 火星派出所 治安管理 2", "没有叫“火星派出所”的单位"),
        ("/deduct 城关所 治安营理 2", "您要找的可能是：治安管理"),
        ("/deduct 城关所 治安管理 2 年度 原因", "不能计入2026年度"),
        ("/deduct 城关所 治安管理 2 2027Q2 原因", "还没有开始"),
        ("/deduct 城关所 治安管理 2 2026Q3 原因", "从2026年第四季度开始使用"),
        ("/deduct 城关所 治安管理 2 11月30日查 原因", "还没有到"),
        ("/deduct 法制科 本职业务 2", "由机关科室及实战所队考核小组考核"),
        ("/deduct 城关所 治安管理 2 " + "长" * 501, "不超过 500 字"),
    ],
)
async def test_what_is_wrong_is_said_with_what_would_be_right_and_nothing_is_written(town, line, why):
    wang = await town.assessor()
    await wang.says(line)
    assert why in wang.sees()
    assert entries(town) == []


async def test_nobody_scores_the_own_unit(town):
    wang = await town.assessor(own="chengguan")
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert "应当回避" in wang.sees()
    assert entries(town) == []


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OFFICE, Role.LEADER, Role.LIAISON])
async def test_who_is_no_assessor_may_not_deduct(town, role):
    person = await town.person("某人", Post(role, unit="chengguan" if role is Role.LIAISON else None))
    await person.says("/deduct 城关所 治安管理 2 原因")
    assert "您没有这项权限" in person.sees()
    assert entries(town) == []


async def test_a_stranger_gets_the_own_number_and_nothing_else(town):
    liu = await town.person("小刘")
    await liu.says("/deduct 城关所 治安管理 2 原因")
    assert str(liu.id) in liu.sees()
    assert "城关" not in liu.sees()
    town.clock.move(minutes=1)
    await liu.says("你好")
    assert str(liu.id) in liu.sees()
    assert entries(town) == []


async def test_beyond_the_floor_is_written_whole_and_said(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 情报信息 4 迟报")
    await wang.says("/deduct 城关所 情报信息 4 内容有误")
    assert "情报信息 1 → 0" in wang.sees()
    assert "该项已扣完，另有 3 分未计" in wang.sees()
    assert "总分 96 → 95" in wang.sees()
    assert [row[3] for row in entries(town)] == [400, 400]


async def test_an_ambiguous_unit_is_asked_for_with_buttons_and_never_guessed(town):
    wang = await town.assessor()
    await wang.says("/deduct 河 治安管理 1 原因")
    assert "没有叫" in wang.sees()
    await wang.says("/deduct hds 治安管理 1 原因")
    assert "河东派出所" in wang.sees()
    await wang.says("/deduct 大队 队伍管理 1 原因")
    assert "记给哪个单位" in wang.sees()


async def test_a_press_on_the_question_writes_once_however_often_it_is_pressed(town):
    sun = await town.assessor("孙", OFFICES)
    await sun.says("/deduct 大队 队伍管理 1 内务差")
    question = sun.answers()[0]
    assert entries(town) == []
    await sun.presses("刑警大队", on=question)
    assert "已登记" in sun.screen()
    for _ in range(2):
        data = question["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        answer = await sun.presses_data(question, data, forged=True)
        assert "没有重复登记" in answer
    assert [row[:4] for row in entries(town)] == [("deduction", "xingjing", "队伍日常管理", 100)]


async def test_only_who_was_asked_may_press(town):
    sun, zheng = await town.assessor("孙", OFFICES), await town.assessor("郑", OFFICES)
    group = await town.bound("小组群", [sun, zheng], OFFICES)
    await sun.says("/deduct 大队 队伍管理 1 内务差", chat=group)
    answer = await zheng.presses("刑警大队", chat=group)
    assert "只有本人能选" in answer
    assert entries(town) == []


async def test_a_question_survives_a_restart(town):
    sun = await town.assessor("孙", OFFICES)
    await sun.says("/deduct 大队 队伍管理 1 内务差")
    await town.restart()
    await sun.presses("治安大队")
    assert "已登记" in sun.screen()
    assert len(entries(town)) == 1


async def test_a_question_can_be_dropped(town):
    sun = await town.assessor("孙", OFFICES)
    await sun.says("/deduct 大队 队伍管理 1 内务差")
    await sun.presses("不记了")
    assert "没有登记" in sun.screen()
    assert entries(town) == []


@pytest.mark.parametrize(
    "data", ["", "d:1:0:0", "d:99:0:0", "d:x:y:z", "d", "nonsense", "undo:99", "undo:-1", "score:", "rank:x:y"]
)
async def test_a_forged_button_is_answered_and_does_nothing(town, data):
    wang = await town.assessor()
    await wang.says("/help")
    message = wang.answers()[-1]
    answer = await wang.presses_data(message, data or " ", forged=True)
    assert answer + wang.sees() != ""
    assert entries(town) == []


async def test_a_late_quarter_is_asked_for_and_nothing_is_put_into_the_next(town):
    wang = await town.assessor()
    town.with_now(datetime(2026, 12, 3, 2, 0, tzinfo=UTC))
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert "计入哪个季度" in wang.sees()
    assert wang.buttons() == ["2026年第四季度", "2027年第一季度", "不记了"]
    assert entries(town) == []
    await wang.presses("2026年第四季度")
    assert [row[4] for row in entries(town)] == ["2026Q4"]
    await wang.says("/deduct 城关所 治安管理 1 一季度 原因")
    assert [row[4] for row in entries(town)] == ["2026Q4", "2027Q1"]


async def test_the_moment_is_the_messages_and_not_the_handlings(town):
    wang = await town.assessor()
    town.with_now(datetime(2026, 12, 1, 15, 59, tzinfo=UTC))
    message = town.world.send(wang.id, wang.id, "/deduct 城关所 治安管理 2 原因")
    town.clock.move(hours=3)
    await town.settle()
    assert message["date"] == int(datetime(2026, 12, 1, 15, 59, tzinfo=UTC).timestamp())
    assert entries(town)[0][4] == "2026Q4"


async def test_another_inspection_date_is_kept_and_shown_and_moves_no_quarter(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 11月3日查 原因")
    assert "检查日期：11月3日" in wang.sees()
    assert "2026年第四季度" in wang.sees()


async def test_in_a_group_the_card_has_no_place(town):
    wang = await town.assessor()
    group = await town.bound("小组群", [wang])
    await wang.says("/deduct 城关所 治安管理 2 原因", chat=group)
    assert "治安管理 10 → 8" in wang.sees(group)
    assert "名" not in wang.sees(group).replace("报名", "")


@pytest.mark.parametrize("how", ["forward", "via_bot", "anonymous"])
async def test_what_the_person_did_not_write_itself_is_never_a_write_and_says_why(town, how):
    wang = await town.assessor()
    group = await town.bound("小组群", [wang])
    await wang.says("/deduct 城关所 治安管理 2 原因", chat=group, **{how: True})
    assert "不作数" in wang.sees(group)
    assert entries(town) == []


async def test_an_edited_message_is_never_a_write_and_says_why(town):
    wang = await town.assessor()
    message = await wang.says("/deduct 城关所 治安管理 2 原因")
    await wang.edits(message, "/deduct 城关所 治安管理 5 原因")
    assert "修改过的消息不作数" in wang.sees()
    assert [row[3] for row in entries(town)] == [200]


async def test_the_same_update_twice_is_written_once_and_shows_the_same_card(town):
    wang = await town.assessor()
    town.world.send(wang.id, wang.id, "/deduct 城关所 治安管理 2 原因")
    (update,) = town.world.pending
    await town.settle()
    await town.deliver_again(update)
    assert len(entries(town)) == 1
    assert numbers_of(wang.screen()) == [1]


async def test_a_caption_is_a_command_too(town):
    from sandbox.world import Upload

    wang = await town.assessor()
    await wang.uploads(Upload("a.png", town.studio.PNG), kind="photo", caption="/deduct 城关所 治安管理 2 原因")
    assert "已登记" in wang.sees()


async def test_what_people_write_never_becomes_markup(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 <b>x</b> & <script>")
    assert "原因：<b>x</b> & <script>" in wang.sees()


async def test_another_bots_command_is_not_ours(town):
    wang = await town.assessor()
    await wang.says("/deduct@other_bot 城关所 治安管理 2 原因")
    assert wang.sees() == ""


async def test_two_posts_open_both_groups_units(town):
    both = await town.person("双岗", Post(Role.ASSESSOR, group=STATIONS), Post(Role.HEAD, group=OFFICES))
    await both.says("/deduct 城关所 治安管理 1 原因")
    await both.says("/deduct 法制科 本职业务 1 原因")
    assert [row[1] for row in entries(town)] == ["chengguan", "fazhi"]
