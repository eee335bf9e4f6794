"""The dialog of a deduction: asked step by step, in one message, by somebody who knows no command."""

import pytest
from conversation import OFFICES, entries, text_of


def question(player, chat=None):
    """The one message that asks."""
    return player.town.world.store.messages(chat or player.id, limit=1000)[-1]


async def test_somebody_who_knows_no_command_logs_a_deduction_by_buttons_alone(town):
    wang = await town.assessor()
    await wang.says("/deduct")
    await wang.presses("派出所第一序列")
    await wang.presses("城关派出所")
    assert "治安管理（余 10）" in wang.buttons()
    await wang.presses("治安管理")
    await wang.presses("−2 分")
    await wang.presses("先不写原因")
    assert "请核对" in wang.screen()
    assert entries(town) == []
    await wang.presses("✔ 登记")
    assert entries(town) == [("deduction", "chengguan", "治安管理", 200, "2026Q4", None)]
    assert len([m for m in town.world.store.messages(wang.id, limit=99) if m["from"]["is_bot"]]) == 1, (
        "one message"
    )
    assert "已登记" in text_of(question(wang))


async def test_what_is_said_already_is_not_asked_again(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理")
    assert "扣几分" in wang.sees()
    await wang.says("1.5")
    await wang.says("巡查台账缺失")
    assert "扣分：1.5 分" in text_of(town.world.store.messages(wang.id, limit=99)[1])
    await wang.presses("✔ 登记")
    assert entries(town) == [("deduction", "chengguan", "治安管理", 150, "2026Q4", "巡查台账缺失")]


async def test_a_criterion_is_taken_as_often_as_it_was_found(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理")
    await wang.presses("2.1 巡查台账")
    await wang.presses("3 次")
    await wang.presses("巡查台账缺失")
    await wang.presses("✔ 登记")
    assert [row[3:] for row in entries(town)] == [(150, "2026Q4", "巡查台账缺失或不完整")]
    assert "细则：2.1" in wang.screen()


@pytest.mark.parametrize(
    ("line", "points"),
    [
        ("/deduct 城关所 2.1 x3 原因", 150),
        ("/deduct 城关所 2.1 ×9 原因", 300),
        ("/deduct 城关所 2.2 原因", 100),
        ("/deduct 城关所 2.3 瞒报", 1000),
        ("/deduct 城关所 4.2 被追责", 0),
    ],
)
async def test_a_criterion_by_its_code_is_one_line(town, line, points):
    wang = await town.assessor()
    await wang.says(line)
    assert "已登记" in wang.sees()
    assert [row[3] for row in entries(town)] == [points]


async def test_a_veto_stands_beside_the_score_and_takes_nothing(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 4.2 被追责")
    await wang.says("/score 城关所")
    assert "一票否决" in wang.sees()
    assert "总分 100" in wang.sees()
    await wang.says("/rank 派出所一序列")
    assert "城关派出所　100（并列）　未检查　⚠一票否决" in wang.sees()
    await wang.says("/undo")
    await wang.says("/score 城关所")
    assert "一票否决" not in wang.sees().split("扣分明细")[0]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("/deduct 城关所 2.3 x2 瞒报", "不按次数"),
        ("/deduct 城关所 2.1 x0", "1–999"),
        ("/deduct 城关所 细则9.9", "没有编号为“9.9”的细则"),
    ],
)
async def test_a_criterion_that_cannot_be_taken_so_is_refused(town, line, why):
    wang = await town.assessor()
    await wang.says(line)
    assert why in wang.sees()
    assert entries(town) == []


async def test_back_goes_one_step_back_and_cancel_writes_nothing(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所")
    await wang.presses("执法质量")
    await wang.presses("‹ 返回")
    assert "扣在哪个项目" in text_of(question(wang))
    await wang.presses("治安管理")
    await wang.presses("−1 分")
    await wang.presses("‹ 返回")
    await wang.presses("‹ 返回")
    await wang.presses("取消")
    assert "没有登记" in text_of(question(wang))
    assert entries(town) == []


async def test_a_second_deduct_offers_to_resume_or_drop_the_first(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所")
    first = question(wang)
    await wang.says("/deduct 东门所")
    assert "还有一笔没有登记完" in wang.sees()
    await wang.presses("接着登记那一笔")
    await wang.presses("治安管理")
    assert "城关派出所　治安管理" in text_of(question(wang))
    answer = await wang.presses_data(
        first, first["reply_markup"]["inline_keyboard"][0][0]["callback_data"], forged=True
    )
    assert "换成新的问题" in answer
    await wang.says("/deduct 东门所")
    await wang.presses("放弃它")
    assert "东门派出所" in text_of(question(wang))
    await wang.presses("治安管理")
    await wang.presses("−1 分")
    await wang.says("原因在此")
    await wang.presses("✔ 登记")
    assert [row[1] for row in entries(town)] == ["dongmen"]


async def test_only_who_began_it_may_press_and_a_reply_answers_in_a_group(town):
    sun, zheng = await town.assessor("孙", OFFICES), await town.assessor("郑", OFFICES)
    group = await town.bound("小组群", [sun, zheng], OFFICES)
    await sun.says("/deduct 法制科 本职业务", chat=group)
    asks = question(sun, group)
    assert "请回复本条消息" in text_of(asks)
    assert "只有本人" in await zheng.presses("−1 分", chat=group)
    await zheng.says("3", chat=group, reply_to=asks["message_id"])
    await sun.says("3", chat=group, reply_to=asks["message_id"])
    assert "扣 3 分" in sun.screen(group)


async def test_another_inspection_day_is_chosen_in_the_dialog(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理")
    await wang.presses("−1 分")
    await wang.says("原因")
    await wang.presses("改检查日期")
    await wang.says("11-3")
    assert "检查日期：11月3日" in wang.screen()
    await wang.presses("✔ 登记")
    assert "检查日期：11月3日" in wang.screen()


async def test_wrong_words_in_the_dialog_are_said_and_lose_nothing(town):
    wang = await town.assessor()
    await wang.says("/deduct")
    await wang.says("火星所")
    assert "没有叫" in wang.sees()
    await wang.says("城关所")
    await wang.says("治安管理")
    await wang.says("很多")
    assert "不是分值" in wang.sees()
    await wang.says("99")
    assert "一共 10 分" in wang.sees()
    await wang.says("1")
    await wang.says("好的")
    assert "“好的”没有记下：看上去不是扣分原因" in wang.sees()
    await wang.says("……")
    assert "请用文字写明" in wang.sees()
    await wang.says("就是它")
    await wang.says("随便说说")
    assert "还没有登记" in wang.sees()
    await wang.presses("✔ 登记")
    assert [row[3:] for row in entries(town)] == [(100, "2026Q4", "就是它")]


async def test_another_deduction_is_settled_while_the_open_dialog_waits_on(town):
    wang = await town.assessor()
    await wang.says("/deduct")
    await wang.says("城关所")
    await wang.says("东门所 治安管理 2 缺岗")
    await wang.presses("✔ 登记")
    await wang.says("执法质量 1 卷宗缺页")
    await wang.says("登记")
    assert [(row[1], row[2], row[3], row[5]) for row in entries(town)] == [
        ("dongmen", "治安管理", 200, "缺岗"),
        ("chengguan", "执法质量", 100, "卷宗缺页"),
    ]


async def test_a_whole_line_answers_the_first_question_and_a_word_gives_up(town):
    wang = await town.assessor()
    await wang.says("/deduct")
    await wang.says("城关所 治安管理 1 台账缺失")
    assert "请核对" in wang.screen()
    await wang.says("算了")
    assert "没有登记" in wang.sees()
    await wang.says("登记")
    assert entries(town) == []


async def test_a_unit_that_only_resembles_one_is_offered_and_never_taken(town):
    wang = await town.assessor()
    await wang.says("/deduct 城池派出所 治安管理 1 台账缺失")
    assert "没有叫“城池派出所”的单位" in wang.sees()
    assert entries(town) == []
    await wang.presses("城关派出所")
    await wang.presses("✔ 登记")
    assert [row[1] for row in entries(town)] == ["chengguan"]


async def test_a_number_that_may_be_points_or_a_criterion_is_asked_for(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2.1 台账")
    assert "“2.1”是细则 2.1，还是扣 2.1 分" in wang.sees()
    await wang.presses("2.1 巡查台账")
    await wang.presses("2 次")
    await wang.presses("✔ 登记")
    assert [row[3] for row in entries(town)] == [100]


async def test_a_cap_that_bites_is_said(town):
    wang = await town.assessor()
    await wang.says("城关所 2.1 x10 台账缺失")
    assert "一笔最多扣 3 分" in wang.sees()


async def test_the_dialog_goes_on_after_a_restart_at_any_step(town):
    wang = await town.assessor()
    steps = [
        lambda: wang.says("/deduct"),
        lambda: wang.presses("派出所第一序列"),
        lambda: wang.presses("城关派出所"),
        lambda: wang.presses("治安管理"),
        lambda: wang.presses("−2 分"),
        lambda: wang.says("台账缺失"),
        lambda: wang.presses("✔ 登记"),
    ]
    for step in steps:
        await step()
        await town.restart()
    assert entries(town) == [("deduction", "chengguan", "治安管理", 200, "2026Q4", "台账缺失")]


async def test_pages_of_units_turn(town):
    sun = await town.assessor()
    await sun.says("/deduct")
    await sun.presses("派出所第二序列")
    assert "下一页 ›" in sun.buttons()
    await sun.presses("下一页")
    assert "‹ 上一页" in sun.buttons()
    await sun.presses("‹ 上一页")
    assert "下一页 ›" in sun.buttons()


async def test_a_question_that_was_deleted_comes_anew(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理")
    asked = question(wang)
    buttons = [button for row in asked["reply_markup"]["inline_keyboard"] for button in row]
    (data,) = [button["callback_data"] for button in buttons if button["text"] == "−2 分"]
    town.world.press(wang.id, wang.id, asked["message_id"], data)
    town.world.delete(wang.id, asked["message_id"])
    await town.settle()
    assert question(wang)["message_id"] > asked["message_id"] and "原因" in text_of(question(wang))
    await wang.presses("先不写原因")
    checked = question(wang)
    data = checked["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    town.world.press(wang.id, wang.id, checked["message_id"], data)
    town.world.delete(wang.id, checked["message_id"])
    await town.settle()
    assert "已登记" in text_of(question(wang))
    assert len(entries(town)) == 1


async def test_what_a_button_changes_is_told_anew_where_its_message_was_deleted(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    shown = question(wang)
    buttons = [button for row in shown["reply_markup"]["inline_keyboard"] for button in row]
    (data,) = [button["callback_data"] for button in buttons if button["text"] == "撤销"]
    town.world.press(wang.id, wang.id, shown["message_id"], data)
    town.world.delete(wang.id, shown["message_id"])
    await town.settle()
    assert "撤销" in text_of(question(wang))
    assert len(entries(town)) == 2
    with town.beside() as db:
        assert db.execute("SELECT count(*) FROM inbox WHERE tries > 0").fetchone() == (0,)


async def test_another_deduction_while_a_reason_is_awaited_is_none(town):
    wang = await town.assessor()
    for words in ("/deduct", "城关所", "治安管理", "1"):
        await wang.says(words)
    await wang.says("北门所治安管理扣0.5，台账不规范")
    assert "您还有一笔没有登记完" in wang.sees()
    await wang.presses("接着登记那一笔")
    await wang.says("同上 执法质量 0.5 案卷装订顺序错")
    assert "是原因的话请写“原因：…”" in wang.sees()
    await wang.says("原因：同北门所一样，扣0.5")
    await wang.presses("✔ 登记")
    assert [row[3:] for row in entries(town)] == [(100, "2026Q4", "同北门所一样，扣0.5")]


@pytest.mark.parametrize("words", ["乱码词", "高新"])
async def test_words_that_name_no_unit_are_told_as_what_they_are_taken_for(town, words):
    wang = await town.assessor()
    await wang.says(f"/deduct {words}")
    assert f"没有看出单位，“{words}”先当作原因" in wang.sees()
    await wang.presses("派出所第一序列")
    assert f"没有看出单位，“{words}”先当作原因" in wang.screen()
    await wang.presses("城关派出所")
    assert "没有看出单位" not in wang.screen()
