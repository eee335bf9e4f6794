"""检查完毕: one unit or several, by words or by buttons, and taken back."""

from datetime import UTC, datetime

import pytest
from conversation import OFFICES, STATIONS, Post, Role


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


async def test_a_mark_is_of_its_own_quarter_and_so_is_taking_it_back(town):
    wang = await town.assessor()
    town.with_now(datetime(2026, 12, 20, 1, 0, tzinfo=UTC))
    await wang.says("/done 城关所")
    assert "城关派出所 2026年第四季度已标记检查完毕" in wang.sees(), "the late quarter comes first"
    assert "本组还有 21 个单位未检查：东门派出所、" in wang.sees()
    await wang.says("/done 东门所 西街所 2027年一季度")
    assert "东门派出所、西街派出所 2027年第一季度已标记检查完毕" in wang.sees()
    assert "本组还有 20 个单位未检查：城关派出所、南湖派出所、" in wang.sees()
    await wang.says("/done 撤回 城关所 2027年一季度")
    assert "城关派出所 2027年第一季度没有标记检查完毕，什么也没有改" in wang.sees()
    await wang.says("/done 撤回 东门所 2027年一季度")
    assert "本组还有 21 个单位未检查：城关派出所、东门派出所、" in wang.sees()
    for quarter, done, left in (
        ("2026年四季度", "1 / 22", "东门派出所"),
        ("2027年一季度", "1 / 22", "城关派出所"),
    ):
        await wang.says(f"/progress {quarter}")
        assert f"检查完毕 {done}" in wang.sees()
        assert f"未检查：{left}" in wang.sees()


async def test_what_is_left_is_counted_and_named_of_the_same_group(town):
    wang, sun = await town.assessor(), await town.assessor("孙敏", OFFICES)
    await wang.says("/done 城关所 南湖所")
    assert wang.sees().endswith(
        "本组还有 20 个单位未检查：东门派出所、西街派出所、北关派出所、和平派出所、解放路派出所 等。"
    )
    await sun.says("/done")
    assert len(sun.buttons()) == 19
    stations = [unit.name for unit in town.app.services.bureau.units if unit.category == "派出所"]
    await wang.says(f"/done {'、'.join(stations[:-3])}")
    assert wang.sees().endswith(f"本组还有 3 个单位未检查：{'、'.join(stations[-3:])}。")
    await wang.says("/done")
    assert wang.buttons() == stations[-3:]
    await wang.says(f"/done {'、'.join(stations[-3:])}")
    assert wang.sees().endswith("本组 22 个单位已全部检查完毕。")
    await wang.says("/done")
    assert "22 个单位已全部检查完毕" in wang.sees()


async def test_who_may_not_score_the_unit_marks_nothing_by_a_forged_button(town):
    wang, own = await town.assessor(), await town.assessor("钱进", own="chengguan")
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await wang.says("/done 东门所")
    for player, data, words in (
        (wang, "done:fazhi:2026Q4", "不归您所在的小组"),
        (own, "done:chengguan:2026Q4", "回避"),
        (own, "undone:chengguan:2026Q4", "回避"),
        (zhou, "done:chengguan:2026Q4", "没有这项权限"),
        (zhou, "undone:dongmen:2026Q4", "没有这项权限"),
        (wang, "done:nowhere:2026Q4", "失效"),
        (wang, "done:chengguan:x", "失效"),
        (wang, "done:chengguan:2027Q1", "还没有开始"),
    ):
        await player.says("/help")
        answer = await player.presses_data(player.answers()[-1], data, forged=True)
        assert words in answer + player.sees(), (player.name, data)
    await wang.says("/progress")
    assert "检查完毕 1 / 22" in wang.sees()


@pytest.mark.parametrize("said", ["/done 城关所", "/done 撤回 东门所"])
async def test_once_submitted_no_mark_is_set_or_taken_back(town, said):
    wang = await town.assessor()
    head = await town.person("李组长", Post(Role.HEAD, group=STATIONS))
    await wang.says("/done 东门所")
    await head.says("/submit")
    await head.presses("全部放过")
    await head.presses("✔ 提交")
    await wang.says(said)
    assert "已提交" in wang.sees()
    await wang.says("/progress")
    assert "检查完毕 1 / 22" in wang.sees()
