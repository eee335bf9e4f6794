"""Putting an entry right, with a trace and, from a threshold on, with a second person."""

from datetime import timedelta

import pytest
from conversation import OFFICES, STATIONS, Post, Role, entries


async def office(town, name="林主任"):
    return await town.person(name, Post(Role.OFFICE))


async def head(town, name="王组长", **how):
    return await town.person(name, Post(Role.HEAD, group=STATIONS, **how))


async def test_a_wrong_entry_is_replaced_by_the_right_one(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await wang.says("/correct 1 执法质量 1 记错项目")
    assert [row[:4] for row in entries(town)] == [
        ("deduction", "chengguan", "治安管理", 200),
        ("reversal", "chengguan", "治安管理", -200),
        ("deduction", "chengguan", "执法质量", 100),
    ]
    assert "由记录 3 代替" in wang.screen()
    assert "执法质量 20 → 19\n总分 98 → 99" in wang.screen(), (
        "what the correction did, not what the new entry took"
    )
    await wang.says("/score 城关所")
    assert "1 治安管理 −2 → 3　11-10　执法质量 −1　巡查不到位" in wang.sees()
    assert "总分 99" in wang.sees()


async def test_the_dialog_of_a_correction_asks_for_what_is_missing(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await wang.presses("更正")
    await wang.presses("改成正确的")
    await wang.says("1.5")
    await wang.presses("误记")
    assert "改为：城关派出所　治安管理 −1.5 分" in wang.screen()
    assert len(entries(town)) == 1
    await wang.presses("✔ 更正")
    assert [row[3] for row in entries(town)] == [200, -200, 150]


async def test_the_author_on_another_day_reverses_with_a_reason(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    town.clock.move(days=2)
    await wang.says("/correct 1 撤销 核实后不属实")
    assert [(row[0], row[5]) for row in entries(town)] == [
        ("deduction", "巡查不到位"),
        ("reversal", "核实后不属实"),
    ]


async def test_a_large_correction_waits_for_a_second_person_and_the_old_entry_counts_until_then(town):
    wang, boss, lin = await town.assessor(), await head(town), await office(town)
    for person in (boss, lin):
        await person.says("/whoami")
    await wang.says("/deduct 城关所 执法质量 6 卷宗")
    await wang.says("/correct 1 2 多扣了")
    assert "已提请核准" in wang.sees()
    assert "王组长、林主任" in wang.sees()
    assert len(entries(town)) == 1
    assert "请您核准" in boss.screen()
    await boss.presses("同意")
    assert [row[3] for row in entries(town)] == [600, -600, 200]
    assert "已核准生效" in wang.screen()
    await lin.presses("不同意")
    assert len(entries(town)) == 3, "decided once"


async def test_declined_the_old_entry_stays(town):
    wang, boss = await town.assessor(), await head(town)
    await boss.says("/whoami")
    await wang.says("/deduct 城关所 执法质量 6 卷宗")
    await wang.says("/correct 1 2 多扣了")
    await boss.presses("不同意")
    assert "没有获得同意" in wang.screen()
    assert [row[3] for row in entries(town)] == [600]
    await wang.says("/correct 1 3 再提一次")
    assert "已提请核准" in wang.sees()


async def test_neither_the_author_nor_a_head_from_the_unit_approves(town):
    boss = await head(town)
    other = await head(town, "李组长", own_unit="chengguan")
    third = await town.person("外组长", Post(Role.HEAD, group=OFFICES))
    for person in (boss, other, third):
        await person.says("/whoami")
    await boss.says("/deduct 城关所 执法质量 6 卷宗")
    await boss.says("/correct 1 2 多扣了")
    assert "没有可以核准的人" in boss.sees()
    assert "请您核准" not in other.screen() + third.screen()
    for person, answer in ((boss, "没有核准"), (other, "没有核准"), (third, "失效")):
        message = town.world.store.messages(person.id, limit=1)[0]
        assert answer in await person.presses_data(message, "pa:1:y", forged=True)
    assert len(entries(town)) == 1


async def test_ones_own_undo_of_the_day_needs_nobody_however_large(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 执法质量 9 卷宗")
    await wang.presses("撤销")
    assert [row[3] for row in entries(town)] == [900, -900]


async def test_only_the_author_and_the_office_put_an_entry_right(town):
    wang, li, lin = await town.assessor(), await town.assessor("李"), await office(town)
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await li.says("/correct 1 1 多了")
    assert "只有本人或考评办" in li.sees()
    await lin.says("/correct 1 1 核实后减轻")
    assert [row[3] for row in entries(town)] == [200, -200, 100]
    assert "已由林主任改为" in wang.screen()


async def test_a_recused_unit_cannot_get_points_by_a_correction(town):
    wang = await town.assessor(own="dongmen")
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await wang.says("/correct 1 东门所 写错单位")
    assert "应当回避" in wang.sees()
    assert len(entries(town)) == 1


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("/correct 9 撤销 原因", "没有找到记录 9"),
        ("/correct 1 12 太多", "一共 10 分"),
        ("/correct 1 2 一样的", "没看出"),
        ("/correct 1 0 零", "要大于 0"),
    ],
)
async def test_what_cannot_be_put_right_is_said_and_changes_nothing(town, line, why):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await wang.says(line)
    assert why in wang.sees()
    assert len(entries(town)) == 1


async def test_a_correction_survives_a_restart_between_any_two_steps(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    for step in (
        lambda: wang.says("/correct 1"),
        lambda: wang.presses("改成正确的"),
        lambda: wang.says("东门所"),
        lambda: wang.says("写错了单位"),
        lambda: wang.presses("✔ 更正"),
    ):
        await step()
        await town.restart()
    assert [row[:2] for row in entries(town)] == [
        ("deduction", "chengguan"), ("reversal", "chengguan"), ("deduction", "dongmen"),
    ]  # fmt: skip


async def test_a_replacement_counts_in_the_quarter_of_what_it_replaces(town):
    wang, lin = await town.assessor(), await office(town)
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    town.clock.time += timedelta(days=40)
    await lin.says("/correct 1 1 核实")
    assert [row[4] for row in entries(town)] == ["2026Q4"] * 3


@pytest.mark.parametrize("number", ["9" * 19, "9" * 400, "²"])
async def test_a_number_that_no_record_has_is_no_record(town, number):
    wang = await town.assessor()
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    for player, command in ((wang, "/correct"), (zhou, "/appeal"), (wang, "/evidence")):
        await player.says(f"{command} {number} 更正 不属实")
        assert "没能处理，已通知系统管理员" not in player.sees()
        assert player.answers()
    with town.beside() as db:
        assert db.execute("SELECT count(*) FROM inbox WHERE tries > 0").fetchone() == (0,)
