"""检查完毕: one unit or several, by words or by buttons, and taken back."""

from datetime import UTC, datetime

from conversation import OFFICES, Post, Role


async def test_several_units_are_marked_at_once(town):
    wang = await town.assessor()
    await wang.says("/done 城关所、东门所 和 西街所")
    assert "城关派出所、东门派出所、西街派出所 2026年第四季度已标记检查完毕" in wang.sees()
    assert "还有 19 个单位未检查" in wang.sees()


async def test_a_word_that_is_no_unit_is_told_and_nothing_is_marked(town):
    wang = await town.assessor()
    await wang.says("/done 城关所 火星所")
    assert "火星所" in wang.sees()
    await wang.says("/progress")
    assert "检查完毕 0 / 22" in wang.sees()


async def test_without_a_unit_those_left_are_offered_one_after_the_other(town):
    wang = await town.assessor()
    await wang.says("/done 东门所")
    await wang.says("/done")
    assert "哪些单位已检查完毕" in wang.sees()
    assert len(wang.buttons()) == 21
    await wang.presses("城关派出所")
    await wang.presses("西街派出所")
    assert len(wang.buttons()) == 19
    await wang.says("/progress")
    assert "检查完毕 3 / 22" in wang.sees()


async def test_a_unit_of_one_s_own_is_not_offered(town):
    wang = await town.assessor(own="chengguan")
    await wang.says("/done")
    assert "城关派出所" not in wang.buttons()


async def test_a_mark_is_taken_back_with_a_trace_and_set_again(town):
    wang, office = await town.assessor(), await town.person("李办", Post(Role.OFFICE))
    await wang.says("/done 城关所")
    await wang.presses("撤回检查完毕")
    assert "检查完毕已撤回，按未检查计" in wang.sees()
    await office.says("/audit 城关所")
    assert "撤回检查完毕" in office.sees()
    await wang.says("/progress")
    assert "检查完毕 0 / 22" in wang.sees()
    await wang.says("/done 城关所")
    assert "✔ 城关派出所" in wang.sees()


async def test_it_is_taken_back_by_words_and_by_the_list(town):
    wang = await town.assessor()
    await wang.says("/done 城关所 东门所 西街所")
    await wang.says("/done 撤回 城关所")
    assert "城关派出所 2026年第四季度的检查完毕已撤回" in wang.sees()
    await wang.says("/done 撤回")
    assert wang.buttons() == ["东门派出所", "西街派出所"]
    await wang.presses("东门派出所")
    assert wang.buttons() == ["西街派出所"]


async def test_what_is_not_marked_cannot_be_taken_back(town):
    wang = await town.assessor()
    await wang.says("/done 撤回 城关所")
    assert "没有标记检查完毕，什么也没有改" in wang.sees()


async def test_the_other_group_takes_nothing_back(town):
    wang, sun = await town.assessor(), await town.assessor("孙敏", OFFICES)
    await wang.says("/done 城关所")
    await sun.says("/done 撤回 城关所")
    await wang.says("/progress")
    assert "检查完毕 1 / 22" in wang.sees()


async def test_before_it_was_taken_back_it_stands(town):
    wang = await town.assessor()
    await wang.says("/done 城关所")
    town.with_now(datetime(2026, 11, 12, 2, 0, tzinfo=UTC))
    await wang.says("/done 撤回 城关所")
    await wang.says("/score 城关所 截至 11-10")
    assert "未检查" not in wang.sees()
    await wang.says("/score 城关所")
    assert "本季度未检查" in wang.sees()
