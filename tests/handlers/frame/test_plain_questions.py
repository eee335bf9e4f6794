"""Plain words that ask for what a command answers, and typed names that answer a question."""

import pytest
from conversation import STATIONS, Post, Role, entries


async def test_a_plain_question_is_answered_as_its_command_is(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    for said in ("城关所", "城关所成绩", "城关所多少分？", "查 城关所", "城关所怎么样"):
        await wang.says(said)
        assert "城关派出所" in wang.sees()
        assert "总分 98" in wang.sees()
    for said in ("派出所一序列", "派出所一序列排名", "城关所排第几？"):
        await wang.says(said)
        assert "派出所第一序列" in wang.sees()
        assert "1. 东门派出所" in wang.sees()
    await wang.says("城关所扣分情况")
    assert "治安管理　10 → 8" in wang.sees()
    await wang.says("城关所明细")
    assert "扣分记录" in wang.sees()
    assert len(entries(town)) == 1


async def test_a_bare_word_of_a_command_is_the_command(town):
    wang = await town.assessor()
    await wang.says("排名")
    assert "派出所第一序列" in wang.buttons()
    await wang.says("怎么用")
    assert "/deduct" in wang.sees()


async def test_who_may_not_see_it_is_refused_as_by_the_command(town):
    zhou = await town.person("周", Post(Role.LIAISON, unit="chengguan"))
    for plain, command in (
        ("东门所成绩", "/score 东门所"), ("派出所一序列", "/rank 派出所一序列"), ("派出所组进度", "/progress 派出所组"),
    ):  # fmt: skip
        await zhou.says(command)
        refused = zhou.sees()
        await zhou.says(plain)
        assert zhou.sees() == refused
        assert "98" not in refused


async def test_what_is_asked_while_a_reason_is_awaited_is_no_reason(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2")
    for said in ("城关所成绩", "派出所一序列", "城关所", "年度排名", "城关所扣分情况", "城关所和东门所对比"):
        await wang.says(said)
        assert wang.sees() != ""
    assert [reason for *_, reason in entries(town)] == [None]
    await wang.says("台账缺失")
    assert [reason for *_, reason in entries(town)][-1] == "台账缺失"


async def test_what_is_asked_while_a_dialog_is_open_leaves_the_dialog_waiting(town):
    wang = await town.assessor()
    await wang.says("/deduct")
    await wang.says("城关所成绩")
    assert "总分 100" in wang.sees()
    await wang.says("东门所")
    assert "扣在哪个项目" in wang.screen()
    assert "总分" not in wang.sees()


@pytest.mark.parametrize(
    ("command", "typed", "there"),
    [
        ("/score", "城关所", "总分 98"),
        ("/score 四季度", "城关所", "第四季度"),
        ("/trend", "城关所", "四季度 98 分"),
        ("/log", "城关所", "扣分记录"),
        ("/why", "城关所", "治安管理　10 → 8"),
        ("/rank", "派出所一序列", "1. 东门派出所"),
        ("/heat", "派出所一序列", "失分"),
        ("/losses", "派出所一序列", "失分"),
    ],
)
async def test_a_typed_name_answers_the_question_which_unit_or_sequence(town, command, typed, there):
    lin = await town.person("林", Post(Role.OFFICE))
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await lin.says(command)
    await lin.says(typed)
    assert there in lin.sees()


async def test_after_a_while_a_typed_name_asks_for_the_score_again(town):
    lin = await town.person("林", Post(Role.OFFICE))
    await lin.says("/log")
    town.clock.move(minutes=11)
    await lin.says("城关所")
    assert "总分 100" in lin.sees()


async def test_a_question_which_unit_takes_no_reason_and_no_deduction(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2")
    await wang.says("/score")
    await wang.says("台账缺失")
    assert [reason for *_, reason in entries(town)][-1] == "台账缺失"
    await wang.says("/score")
    await wang.says("扣东门所治安管理1分，无台账")
    await wang.presses("✔ 登记")
    assert [(unit, reason) for _, unit, _, _, _, reason in entries(town)][-1] == ("dongmen", "无台账")


async def test_in_a_group_a_name_is_talk(town):
    wang = await town.assessor()
    lin = await town.person("林", Post(Role.OFFICE))
    chat = town.group("考核群", [wang, lin])
    await lin.says(f"/bind {STATIONS}", chat=chat)
    await wang.says("城关所成绩", chat=chat)
    assert wang.sees(chat) == ""
