"""The same deduction again, by whomever: asked about before it is written."""

import io
from dataclasses import replace

import pytest
from conversation import entries
from PIL import Image

from sandbox.world import Upload


@pytest.fixture(autouse=True)
def asked(town):
    """A bureau that asks, as the example does."""
    services = town.app.services
    services.policy = replace(services.policy, same_within_days=7)


async def test_the_same_deduction_by_a_colleague_is_asked_about_first(town):
    wang, li = await town.assessor("王伟"), await town.assessor("李强")
    await wang.says("/deduct 城关所 治安管理 2 巡查台账缺失")
    town.clock.move(days=1)
    await li.says("/deduct 城关所 治安管理 2 台账缺失")
    assert "王伟 11月10日 09:00 已登记记录 1：城关派出所　治安管理　−2 分　巡查台账缺失" in li.sees()
    assert len(entries(town)) == 1
    await li.presses("是同一件，不记")
    assert "没有重复登记，以记录 1 为准" in li.screen()
    assert len(entries(town)) == 1


async def test_another_finding_is_written_once_it_is_called_so(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    question = wang.answers()[-1]
    data = question["reply_markup"]["inline_keyboard"][1][0]["callback_data"]
    await wang.presses("另一件，登记")
    assert "已登记　记录 2" in wang.screen()
    assert "登记为记录 2，没有重复登记" in await wang.presses_data(question, data, forged=True)
    assert len(entries(town)) == 2


@pytest.mark.parametrize(
    "again",
    [
        "/deduct 城关所 治安管理 1 台账缺失",
        "/deduct 东门所 治安管理 2 台账缺失",
        "/deduct 城关所 执法质量 2 台账缺失",
        "/deduct 城关所 治安管理 2 网吧未登记",
    ],
)
async def test_what_differs_is_written_at_once(town, again):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.says(again)
    assert len(entries(town)) == 2


async def test_what_was_taken_back_repeats_nothing(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.says("/undo")
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    assert "已登记　记录 3" in wang.sees()


async def test_after_the_days_it_is_not_asked_any_more(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    town.clock.move(days=7, minutes=1)
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    assert len(entries(town)) == 2


async def test_a_bureau_may_do_without_the_question(town):
    policy = town.app.services.policy
    town.app.services.policy = replace(policy, same_within_days=0)
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    assert len(entries(town)) == 2


async def test_in_the_dialog_it_is_asked_when_it_is_to_be_written(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.says("/deduct 城关所")
    for label in ("治安管理", "−2 分", "台账缺失", "✔ 登记"):
        await wang.presses(label)
    assert "已登记记录 1" in wang.screen()
    await wang.presses("另一件，登记")
    assert "已登记　记录 2" in wang.screen()


async def test_the_photo_of_a_repeated_deduction_goes_to_the_first_record(town):
    wang, li = await town.assessor("王伟"), await town.assessor("李强")
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    photo = io.BytesIO()
    Image.new("RGB", (8, 8)).save(photo, "PNG")
    await li.uploads(
        Upload("a.png", photo.getvalue()), kind="photo", caption="/deduct 城关所 治安管理 2 台账缺失"
    )
    await li.presses("是同一件，不记")
    assert "随这一笔发来的 1 份证据已附到记录 1" in li.screen()
    await li.says("/evidence 1")
    assert "证据 1/1" in li.sees()


async def test_the_card_counts_how_often_a_criterion_was_broken_in_the_quarter(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 2.1 一层")
    assert "同一细则" not in wang.sees()
    await wang.says("/deduct 城关所 2.1 二层")
    assert "本季度同一细则第 2 次" in wang.sees()
    await wang.says("/undo")
    await wang.says("/deduct 城关所 2.1 三层")
    assert "本季度同一细则第 2 次" in wang.sees()


async def test_lines_that_a_record_says_already_are_marked_and_left_out(town):
    wang, li = await town.assessor("王伟"), await town.assessor("李强")
    await wang.says("/deduct 城关所 治安管理 2 巡查台账缺失")
    await li.says("/deduct\n城关所 治安管理 2 台账缺失\n东门所 执法质量 1 卷宗缺页")
    assert "⚠ 王伟 09:00 已登记记录 1，可能是同一件" in li.sees()
    assert li.buttons() == ["只记入其余 1 条", "连同重复的记入（2 条）", "都不记"]
    await li.presses("只记入其余")
    assert [row[1] for row in entries(town)] == ["chengguan", "dongmen"]


async def test_lines_that_are_other_findings_are_written_with_the_rest(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.says("/deduct\n城关所 治安管理 2 台账缺失\n东门所 执法质量 1 卷宗缺页")
    await wang.presses("连同重复的记入")
    assert len(entries(town)) == 3


async def test_what_was_logged_while_lines_were_looked_at_is_shown_first(town):
    wang, li = await town.assessor("王伟"), await town.assessor("李强")
    await li.says("/deduct\n城关所 治安管理 2 台账缺失\n东门所 执法质量 1 卷宗缺页")
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await li.presses("全部记入")
    assert "没有登记：其中有的刚刚已经登记过" in li.screen()
    assert len(entries(town)) == 1
    await li.presses("只记入其余")
    assert len(entries(town)) == 2


async def test_two_equal_lines_of_one_message_are_the_persons_own_affair(town):
    wang = await town.assessor()
    await wang.says("/deduct\n城关所 治安管理 2 台账缺失\n城关所 治安管理 2 台账缺失")
    assert "与另一条相同，请核对" in wang.sees()
    await wang.presses("全部记入")
    assert len(entries(town)) == 2


async def test_the_question_takes_words_too_and_leaves_other_words_alone(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.says("谢谢")
    await wang.says("是同一件")
    assert "没有重复登记，以记录 1 为准" in wang.sees()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.says("另一件")
    assert "已登记　记录 2" in wang.screen()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.says("算了")
    assert "没有登记" in wang.sees()
    assert len(entries(town)) == 2


async def test_who_is_asked_which_of_two_to_go_on_with_may_drop_the_new_one(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所")
    await wang.says("/deduct 东门所")
    assert "接着登记那一笔" in wang.buttons()
    await wang.says("取消")
    assert "没有登记" in wang.sees()
    await wang.presses("治安管理")
    assert "扣几分" in wang.screen()
