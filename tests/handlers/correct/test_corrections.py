"""Putting an entry right, with a trace and, from a threshold on, with a second person."""

from datetime import timedelta

import pytest
from conversation import OFFICES, STATIONS, Post, Role, Sketchbook, entries

from sandbox.world import Upload


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


# Files


async def with_photo(wang, line):
    await wang.uploads(Upload("a.png", Sketchbook.PNG), kind="photo", caption=f"/deduct {line}")


@pytest.mark.parametrize("change", ["1 多扣了", "东门所 写错单位"])
async def test_the_new_entry_has_the_files_of_the_old_one_which_keeps_them(town, change):
    wang, lin = await town.assessor(), await office(town)
    await with_photo(wang, "城关所 治安管理 2 巡查不到位")
    await wang.says("/deduct 城关所 执法质量 1 没有照片")
    await lin.says(f"/correct 1 {change}")
    for number, answer in ((1, "记录 1 的证据 1/1"), (2, "还没有证据"), (4, "记录 4 的证据 1/1")):
        await wang.says(f"/evidence {number}")
        assert answer in wang.sees()


async def test_a_correction_that_a_second_person_agreed_to_keeps_the_files_too(town):
    wang, boss = await town.assessor(), await head(town)
    await boss.says("/whoami")
    await with_photo(wang, "城关所 执法质量 6 卷宗")
    await wang.says("/correct 1 2 多扣了")
    await boss.presses("同意")
    await wang.says("/evidence 3")
    assert "记录 3 的证据 1/1" in wang.sees()


# Late and forged presses


def button(message, label):
    return next(
        b["callback_data"]
        for row in message["reply_markup"]["inline_keyboard"]
        for b in row
        if b["text"].startswith(label)
    )


async def forges(player, data):
    message = player.town.world.store.messages(player.id, limit=1)[0]
    return await player.presses_data(message, data, forged=True) + player.sees()


async def test_a_question_answers_its_own_author_and_once(town):
    wang, li = await town.assessor(), await town.assessor("李")
    await li.says("/whoami")
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await wang.says("/correct 1")
    question = wang.answers()[-1]
    data = button(question, "撤销这一笔")
    assert "失效" in await forges(li, data)
    for choice in ("ok", "r0", "why", "c1", ""):
        assert "失效" in await forges(wang, f"{data.rsplit(':', 1)[0]}:{choice}"), choice
    await wang.presses("撤销这一笔", on=question)
    assert "已经用过" in await forges(wang, data)
    await wang.presses("重复登记")
    last = button(town.world.store.messages(wang.id, limit=1)[0], "✔ 更正")
    await wang.presses("✔ 更正")
    assert [(row[0], row[5]) for row in entries(town)] == [
        ("deduction", "巡查不到位"),
        ("reversal", "重复登记"),
    ]
    assert "已经用过" in await forges(wang, last)
    assert len(entries(town)) == 2


async def test_given_up_nothing_is_corrected(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await wang.says("/correct 1 撤销")
    await wang.presses("误记")
    confirm = button(town.world.store.messages(wang.id, limit=1)[0], "✔ 更正")
    await wang.presses("不更正了")
    assert "记录 1 没有改动。" in wang.screen()
    assert "已经用过" in await forges(wang, confirm)
    assert len(entries(town)) == 1


async def test_what_was_taken_back_meanwhile_is_not_corrected(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    card = wang.answers()[0]
    await wang.says("/correct 1 1")
    await wang.presses("误记")
    await wang.presses("撤销", on=card)
    assert "此前已经撤销" in await wang.presses("✔ 更正") + wang.sees()
    assert [row[3] for row in entries(town)] == [200, -200]


async def test_while_a_correction_waits_no_other_is_made(town):
    wang, boss, lin = await town.assessor(), await head(town), await office(town)
    for person in (boss, lin):
        await person.says("/whoami")
    await wang.says("/deduct 城关所 执法质量 6 卷宗")
    await wang.says("/deduct 城关所 执法质量 7 卷宗")
    await wang.says("/correct 1 1 多扣了")
    for player in (wang, lin):
        await player.says("/correct 1 2 又一次")
        assert "没有重复办理：记录 1 已有一个更正或裁定在等待核准" in player.sees()
    assert "已有一个更正或裁定在等待核准" in await forges(wang, "fix:1") + wang.sees()
    await wang.says("/correct 2 2 多扣了")
    assert "已提请核准" in wang.sees()


async def test_a_right_that_was_lost_before_the_last_press_corrects_nothing(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await wang.says("/correct 1 撤销")
    await wang.presses("误记")
    with town.beside() as db:
        db.execute("UPDATE post SET group_name = ? WHERE role = ?", (OFFICES, Role.ASSESSOR.value))
    assert "没有找到记录 1" in await wang.presses("✔ 更正") + wang.sees()
    assert len(entries(town)) == 1


async def test_only_living_entries_of_ones_own_are_offered(town):
    wang, li = await town.assessor(), await town.assessor("李")
    await li.says("/deduct 城关所 治安管理 1 别人的")
    await wang.says("/deduct 城关所 治安管理 1 甲")
    await wang.says("/deduct 东门所 治安管理 1 乙")
    await wang.says("/deduct 东门所 治安管理 1 丙")
    await wang.says("/undo 3")
    await wang.says("/correct")
    assert [label.split("　")[0] for label in wang.buttons()] == ["记录 4", "记录 2"]


@pytest.mark.parametrize(("points", "waits"), [("4.99", False), ("5", True), ("5.01", True)])
async def test_from_five_points_on_a_second_person_looks_at_it(town, points, waits):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 执法质量 1 卷宗")
    await wang.says(f"/correct 1 {points} 少扣了")
    assert ("已提请核准" in wang.sees()) is waits
    assert len(entries(town)) == (1 if waits else 3)


# What stands in an entry's place


def rows(town, *columns):
    with town.beside() as db:
        return db.execute(f"SELECT {', '.join(columns)} FROM entry ORDER BY id").fetchall()


async def test_the_new_entry_keeps_what_was_not_changed(town):
    wang, lin = await town.assessor(), await office(town)
    await wang.says("/deduct 城关所 2.1 x2 昨天查 台账缺失")
    await lin.says("/correct 1 x3 数错了")
    assert rows(town, "kind", "item", "points", "criterion", "times", "inspected_on", "reason")[2] == (
        "deduction", "治安管理", 150, "2.1", 3, "2026-11-09", "台账缺失",
    )  # fmt: skip
    with town.beside() as db:
        authors = db.execute(
            "SELECT name FROM entry JOIN person ON person.id = author_id ORDER BY entry.id"
        ).fetchall()
    assert authors == [("王伟",), ("林主任",), ("林主任",)]


async def test_only_the_day_or_the_reason_is_changed(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.says("/correct 1 11月5日查 记错日期")
    await wang.says("/correct 3 原因改为 巡查不到位")
    await wang.presses("误记")
    await wang.presses("✔ 更正")
    kept = rows(town, "kind", "points", "inspected_on", "reason")
    assert kept[2] == ("deduction", 200, "2026-11-05", "台账缺失")
    assert kept[4] == ("deduction", 200, "2026-11-05", "巡查不到位")


async def test_what_a_second_person_agreed_to_is_written_as_it_was_proposed(town):
    wang, boss, lin = await town.assessor(), await head(town), await office(town)
    for person in (boss, lin):
        await person.says("/whoami")
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await boss.says("/submit")
    await boss.presses("全部放过")
    await boss.presses("✔ 提交")
    await lin.says("/correct 1 东门所 2.1 x3 11月5日查 写错单位")
    assert "更正已提请核准" in lin.sees()
    await boss.presses("同意")
    columns = (
        "kind", "unit_code", "item", "points", "criterion", "times", "inspected_on", "quarter", "replaces_id",
    )  # fmt: skip
    assert rows(town, *columns)[2] == (
        "deduction", "dongmen", "治安管理", 150, "2.1", 3, "2026-11-05", "2026Q4", 1,
    )  # fmt: skip
