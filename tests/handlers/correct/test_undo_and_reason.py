"""Taking back, and giving the reason later (R11, R12)."""

from datetime import timedelta

from conversation import entries


async def test_undo_takes_back_the_last_own_entry_of_today_with_a_trace(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    await wang.says("/undo")
    assert "已撤销" in wang.sees()
    assert "治安管理 8 → 10" in wang.sees()
    assert "总分 98 → 100" in wang.sees()
    assert [(row[0], row[3], row[5]) for row in entries(town)] == [
        ("deduction", 200, "原因"),
        ("reversal", -200, "误记"),
    ]


async def test_the_card_shows_that_it_was_undone(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    answer = await wang.presses("撤销")
    assert "记录 1 已撤销" in answer
    assert "不再扣分" in wang.screen()
    assert wang.buttons() == []


async def test_a_triple_press_reverses_once(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    card = wang.answers()[0]
    await wang.presses("撤销", on=card)
    for _ in range(2):
        assert "此前已经撤销" in await wang.presses_data(card, "undo:1", forged=True)
    assert [row[0] for row in entries(town)] == ["deduction", "reversal"]


async def test_nobody_else_undoes_it(town):
    wang, li = await town.assessor(), await town.assessor("李")
    group = await town.bound("小组群", [wang, li])
    await wang.says("/deduct 城关所 治安管理 2 原因", chat=group)
    assert "只有本人" in await li.presses("撤销", chat=group)
    await li.says("/undo")
    assert "没有可撤销的" in li.sees()
    assert [row[0] for row in entries(town)] == ["deduction"]


async def test_on_another_day_it_is_no_longer_ones_own_to_undo(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    town.clock.time += timedelta(hours=20)
    await wang.presses("撤销")
    assert "不是今天登记的" in wang.sees() and "/correct 1 撤销 理由" in wang.sees()
    await wang.says("/undo")
    assert "没有可撤销的" in wang.sees()


async def test_the_next_text_is_the_reason_of_the_one_entry_that_waits(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2")
    assert "请在 10 分钟内接着发送扣分原因" in wang.sees()
    await wang.says("巡查台账缺失")
    assert "记录 1 的原因已补上" in wang.sees()
    assert "原因：巡查台账缺失" in wang.screen()
    assert [(row[0], row[3]) for row in entries(town)] == [("deduction", 200), ("reason", 0)]


async def test_after_ten_minutes_plain_text_is_no_reason(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2")
    town.clock.move(minutes=11)
    await wang.says("巡查台账缺失")
    assert "没有看懂" in wang.sees()
    assert len(entries(town)) == 1


async def test_a_reply_to_the_card_is_the_reason_also_later(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2")
    card = wang.answers()[0]
    town.clock.move(hours=2)
    await wang.says("巡查台账缺失", reply_to=card["message_id"])
    assert "原因：巡查台账缺失" in wang.screen()


async def test_the_button_asks_for_the_reason_with_a_message_to_reply_to(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2")
    await wang.presses("补充原因")
    asked = wang.answers()[0]
    assert "写明记录 1" in asked["text"]
    town.clock.move(hours=2)
    await wang.says("巡查台账缺失", reply_to=asked["message_id"])
    assert "原因：巡查台账缺失" in wang.screen()


async def test_text_that_reads_as_a_deduction_is_never_a_reason(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2")
    await wang.says("东门所 治安管理 1")
    assert "扣分原因是什么" in wang.sees(), (
        "it is offered as a deduction of its own, and nothing is written yet"
    )
    assert [(row[0], row[5]) for row in entries(town)] == [("deduction", None)]


async def test_undo_takes_back_the_record_that_is_named(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 1 甲")
    await wang.says("/deduct 东门所 治安管理 1 乙")
    await wang.says("/undo 9")
    await wang.says("/undo 全部")
    assert [row[0] for row in entries(town)] == ["deduction", "deduction"]
    await wang.says("撤销记录1")
    assert entries(town)[-1][:4] == ("reversal", "chengguan", "治安管理", -100)


async def test_the_words_after_the_button_are_that_records_reason(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2")
    await wang.says("/deduct 东门所 治安管理 2")
    town.clock.move(seconds=1)
    await wang.presses(
        "补充原因",
        on=next(m for m in town.world.store.messages(wang.id, limit=9) if "记录 1" in str(m.get("text"))),
    )
    await wang.says("台账缺失")
    assert entries(town)[-1][:2] == ("reason", "chengguan")


async def test_with_two_entries_waiting_plain_text_is_not_guessed(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2")
    await wang.says("/deduct 东门所 治安管理 2")
    await wang.says("台账缺失")
    assert [row[0] for row in entries(town)] == ["deduction", "deduction"]
    await wang.presses("记录 2")
    await wang.presses_data(
        wang.answers()[-1] if wang.answers() else town.world.store.messages(wang.id, limit=9)[-1],
        "r:1:1",
        forged=True,
    )
    assert [(row[0], row[5]) for row in entries(town)] == [
        ("deduction", None), ("deduction", None), ("reason", "台账缺失"),
    ]  # fmt: skip


async def test_a_reason_is_given_once(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    card = wang.answers()[0]
    await wang.says("另一个原因", reply_to=card["message_id"])
    assert "不能改写" in wang.sees()


async def test_signs_without_words_are_no_reason(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2")
    await wang.says("……！！")
    assert "请用文字写明" in wang.sees()
