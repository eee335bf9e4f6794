"""Appeals: the liaison asks, the office decides, everything follows."""

import pytest
from conversation import STATIONS, Post, Role, entries

from sandbox.world import Upload
from storage import people as storage


async def people(town):
    wang = await town.assessor()
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    lin = await town.person("林主任", Post(Role.OFFICE))
    for person in (zhou, lin):
        await person.says("/whoami")
    return wang, zhou, lin


async def test_an_appeal_won_moves_the_ranking(town):
    wang, zhou, lin = await people(town)
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    assert "城关派出所被扣分：治安管理 −2 分" in zhou.screen()
    await zhou.presses("申诉")
    await zhou.uploads(Upload("a.png", town.studio.PNG), kind="photo")
    await zhou.says("当天有巡查记录")
    assert "已提交考评办" in zhou.sees()
    assert "材料：1 份" in lin.screen()
    assert "被申诉：当天有巡查记录" in wang.screen()
    await lin.presses("看申诉材料")
    assert any("photo" in m for m in lin.answers())
    await lin.presses(
        "取消", on=next(m for m in lin.town.world.store.messages(lin.id, limit=99) if "收到申诉" in str(m))
    )
    await lin.says("核实后情况属实")
    assert [(row[0], row[3], row[5]) for row in entries(town)] == [
        ("deduction", 200, "巡查不到位"),
        ("reversal", -200, "申诉裁定取消扣分：核实后情况属实"),
    ]
    assert "已撤销，不再扣分" in zhou.screen()
    await lin.says("/rank 派出所一序列")
    assert "城关派出所　100（并列）" in lin.sees()


async def test_a_reduction_replaces_the_entry(town):
    wang, zhou, lin = await people(town)
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await zhou.says("/appeal 1 只有一处")
    await lin.presses("减轻")
    await lin.says("3")
    assert "小于原来的 2 分" in lin.sees()
    await lin.says("0.5")
    await lin.says("核实一处")
    assert [row[3] for row in entries(town)] == [200, -200, 50]
    assert "减轻为扣 0.5 分" in lin.sees()
    assert "记录 3" in zhou.screen()


async def test_kept_it_changes_nothing_and_is_said_with_its_reason(town):
    wang, zhou, lin = await people(town)
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await zhou.says("/appeal 1 不服")
    await lin.presses("维持")
    await lin.says("证据充分")
    assert len(entries(town)) == 1
    assert "裁定维持" in zhou.screen() and "证据充分" in wang.screen()
    await zhou.says("/appeal 1 再申诉")
    assert "没有重复提交" in zhou.sees()
    await zhou.says("/appeals")
    assert "已裁定：1 件" in zhou.sees()


async def test_after_three_workdays_it_is_too_late(town):
    wang, zhou, _ = await people(town)
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")  # Tuesday 11-10: till Friday 11-13
    town.clock.move(days=3)
    await wang.says("/deduct 城关所 治安管理 1 另一笔")
    town.clock.move(hours=20)
    await zhou.says("/appeal 1 不服")
    assert "期限到 2026年11月13日为止" in zhou.sees()
    await zhou.says("/appeal")
    assert [label for label in zhou.buttons() if "记录 2" in label]
    assert not [label for label in zhou.buttons() if "记录 1" in label]


async def test_nobody_decides_on_the_own_entry_and_no_other_unit_appeals(town):
    _, zhou, lin = await people(town)
    both = await town.person("双岗", Post(Role.OFFICE), Post(Role.ASSESSOR, group="派出所考核小组"))
    other = await town.person("东门联络", Post(Role.LIAISON, unit="dongmen"))
    await both.says("/deduct 城关所 治安管理 2 原因")
    await other.says("/appeal 1 替他申诉")
    assert "没有找到记录 1" in other.sees()
    await zhou.says("/appeal 1 不服")
    assert "收到申诉" in both.screen()
    message = town.world.store.messages(both.id, limit=1)[0]
    assert "应由考评办其他人员裁定" in await both.presses_data(message, "ad:1:CANCEL", forged=True)
    await lin.says("/appeals")
    await lin.presses("裁定：记录 1")
    await lin.presses("取消")
    assert len(entries(town)) == 1


async def test_an_appeal_goes_through_restarts_between_any_two_steps(town):
    wang, zhou, lin = await people(town)
    for step in (
        lambda: wang.says("/deduct 城关所 治安管理 2 原因"),
        lambda: zhou.presses("申诉"),
        lambda: zhou.says("当天有记录"),
        lambda: lin.presses("减轻"),
        lambda: lin.says("1"),
        lambda: lin.says("核实"),
    ):
        await step()
        await town.restart()
    assert [row[3] for row in entries(town)] == [200, -200, 100]


# The second person


async def large(town):
    """An appeal against 6 points, which the office wants to cancel: the group's head has to agree."""
    wang, zhou, lin = await people(town)
    boss = await town.person("王组长", Post(Role.HEAD, group=STATIONS))
    await boss.says("/whoami")
    await wang.says("/deduct 城关所 执法质量 6 卷宗")
    await zhou.says("/appeal 1 不属实")
    await lin.presses("取消扣分")
    await lin.says("核实后不属实")
    return wang, zhou, lin, boss


async def test_a_large_decision_waits_for_a_second_person_and_the_entry_counts_until_then(town):
    _, zhou, lin, boss = await large(town)
    assert "申诉裁定已提请核准：记录 1 撤销" in lin.sees()
    assert "核准人：王组长" in lin.sees()
    assert len(entries(town)) == 1
    assert "请您核准一笔申诉裁定，由林主任提出" in boss.screen()
    await boss.presses("同意")
    assert [(row[0], row[3], row[5]) for row in entries(town)] == [
        ("deduction", 600, "卷宗"),
        ("reversal", -600, "申诉裁定取消扣分：核实后不属实"),
    ]
    assert "申诉裁定已核准生效" in lin.screen()
    assert "已撤销，不再扣分" in zhou.screen()
    await zhou.says("/appeals")
    assert "记录 1：取消扣分" in zhou.sees()


async def test_a_large_reduction_takes_the_points_that_were_agreed_on(town):
    wang, zhou, lin = await people(town)
    boss = await town.person("王组长", Post(Role.HEAD, group=STATIONS))
    await boss.says("/whoami")
    await wang.says("/deduct 城关所 执法质量 6 卷宗")
    await zhou.says("/appeal 1 只有一处")
    await lin.presses("减轻")
    await lin.says("2")
    await lin.says("核实一处")
    assert [row[3] for row in entries(town)] == [600]
    await boss.presses("同意")
    assert [row[3] for row in entries(town)] == [600, -600, 200]
    await zhou.says("/appeals")
    assert "减轻为扣 2 分，核实一处" in zhou.sees()


async def test_a_veto_is_not_cancelled_alone_either(town):
    wang, zhou, lin = await people(town)
    await wang.says("/deduct 城关所 4.2")
    await zhou.says("/appeal 1 不属实")
    await lin.presses("取消扣分")
    await lin.says("核实后不属实")
    assert "申诉裁定已提请核准" in lin.sees()
    assert len(entries(town)) == 1


async def test_what_is_kept_needs_nobody_else_however_large(town):
    wang, zhou, lin = await people(town)
    await wang.says("/deduct 城关所 执法质量 6 卷宗")
    await zhou.says("/appeal 1 不属实")
    await lin.presses("维持")
    await lin.says("证据充分")
    assert "已裁定：维持" in lin.sees()


async def test_declined_the_appeal_is_open_again(town):
    _, _, lin, boss = await large(town)
    await boss.presses("不同意")
    assert "申诉裁定没有获得同意（王组长），原记录照旧扣分。申诉仍待裁定" in lin.screen()
    await lin.says("/appeals")
    await lin.presses("裁定：记录 1")
    await lin.presses("维持")
    await lin.says("证据充分")
    assert "已裁定：维持" in lin.sees()
    assert len(entries(town)) == 1


async def test_neither_who_decided_nor_who_wrote_nor_who_appealed_nor_the_unit_agrees(town):
    wang, zhou, lin, _ = await large(town)
    unit_head = await town.person("所长", Post(Role.UNIT_HEAD, unit="chengguan"), Post(Role.OFFICE))
    await unit_head.says("/whoami")
    await _gains(town, wang, Post(Role.HEAD, group=STATIONS))
    await _loses_all(town, zhou)
    await _gains(town, zhou, Post(Role.OFFICE))
    for who in (lin, wang, zhou, unit_head):
        message = town.world.store.messages(who.id, limit=1)[0]
        assert "没有核准" in await who.presses_data(message, "pa:1:y", forged=True), who.name
    assert len(entries(town)) == 1


async def test_while_it_waits_nobody_decides_or_corrects_beside_it(town):
    *_, boss = await large(town)
    second = await town.person("孙主任", Post(Role.OFFICE))
    await second.says("/appeals")
    assert "正在等待第二人核准" in second.sees()
    assert second.buttons() == []
    message = town.world.store.messages(second.id, limit=1)[0]
    told = await second.presses_data(message, "ad:1:KEEP", forged=True)
    assert "已有一个更正或裁定在等待核准" in told
    await second.says("/correct 1 撤销 不属实")
    assert "已有一个更正或裁定在等待核准" in second.sees()
    await boss.presses("同意")
    assert len(entries(town)) == 2


async def test_the_quarter_is_not_confirmed_while_a_decision_waits(town):
    _, _, lin, boss = await large(town)
    await boss.says("/submit")
    await boss.presses("全部放过")
    await boss.presses("✔ 提交")
    await town.person("高局长", Post(Role.LEADER))
    await lin.says("/lead 四季度 高局长")
    await lin.says("/confirm")
    assert "没有审定" in lin.sees()
    await boss.presses("同意")
    await lin.says("/confirm")
    await lin.presses("✔ 审定")
    assert "已审定" in lin.screen()


async def test_a_large_decision_goes_through_restarts_between_any_two_steps(town):
    wang, zhou, lin = await people(town)
    boss = await town.person("王组长", Post(Role.HEAD, group=STATIONS))
    await boss.says("/whoami")
    for step in (
        lambda: wang.says("/deduct 城关所 执法质量 6 卷宗"),
        lambda: zhou.says("/appeal 1 不属实"),
        lambda: lin.presses("减轻"),
        lambda: lin.says("1"),
        lambda: lin.says("核实"),
        lambda: boss.presses("同意"),
    ):
        await step()
        await town.restart()
    assert [row[3] for row in entries(town)] == [600, -600, 100]


# Recusal


async def _gains(town, player, post):
    async with town.app.database.transaction() as session:
        person = await storage.find(session, player.id)
        await storage.appoint(session, person_id=person.id, post=post, granted_by=None, now=town.clock())


async def _loses_all(town, player):
    async with town.app.database.transaction() as session:
        person = await storage.find(session, player.id)
        await storage.remove(session, person_id=person.id, by=person.id, now=town.clock())


async def test_nobody_decides_an_appeal_that_it_made_itself(town):
    wang, zhou, _ = await people(town)
    await wang.says("/deduct 城关所 治安管理 2 原因")
    await zhou.says("/appeal 1 不服")
    await _loses_all(town, zhou)
    await _gains(town, zhou, Post(Role.OFFICE))
    message = town.world.store.messages(zhou.id, limit=1)[0]
    told = await zhou.presses_data(message, "ad:1:CANCEL", forged=True)
    assert "没有裁定：对记录 1 的申诉是您本人提出的，应由考评办其他人员裁定" in told
    await zhou.says("/appeals")
    assert zhou.buttons() == []
    assert "请由考评办的林主任裁定" in zhou.sees()


async def test_who_may_not_decide_is_told_who_may_and_gets_no_buttons(town):
    wang, zhou, lin = await people(town)
    both = await town.person("李办", Post(Role.OFFICE), Post(Role.LIAISON, unit="chengguan"))
    await both.says("/whoami")
    await wang.says("/deduct 城关所 治安管理 2 原因")
    await zhou.says("/appeal 1 不服")
    assert "您不能裁定这件申诉。请由考评办的林主任裁定。" in both.screen()
    assert not {"维持", "减轻", "取消扣分"} & set(both.buttons())
    assert {"维持", "减轻", "取消扣分"} <= set(lin.buttons())


async def test_where_nobody_of_the_office_may_decide_it_is_told_how_somebody_is_found(town):
    wang = await town.assessor()
    both = await town.person("李办", Post(Role.OFFICE), Post(Role.LIAISON, unit="chengguan"))
    await both.says("/whoami")
    await wang.says("/deduct 城关所 治安管理 2 原因")
    await both.says("/appeal 1 不服")
    assert "考评办现在没有可以裁定的人" in both.screen()
    assert "请系统管理员用 /invite 考评办 再邀请一位" in both.screen()
    await both.says("/appeals")
    assert both.buttons() == []
    assert "考评办现在没有可以裁定的人" in both.sees()


# Windows


async def test_the_window_ends_three_workdays_after_the_first_liaison_was_told(town):
    wang, zhou, _lin = await people(town)
    wu = await town.person("吴联络", Post(Role.LIAISON, unit="chengguan"))
    await wu.says("/settings")
    await wu.presses("○ 每天 17:30 汇总一次")
    town.clock.move(hours=9)
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")  # Tuesday 11-10: till Friday 11-13
    town.clock.move(days=1)
    await town.settle()
    assert "城关派出所被扣分" in wu.screen(), "told on Wednesday: that would be till Monday"
    town.clock.move(days=2, hours=5, minutes=59)
    assert (await _appeals(wu, 1)) is None
    town.clock.move(minutes=1)
    for player in (zhou, wu):
        assert "期限到 2026年11月13日为止" in await _appeals(player, 1)


async def _appeals(player, number):
    """What the person is told who begins an appeal; None where it is asked why."""
    message = player.town.world.store.messages(player.id, limit=1)[0]
    toast = await player.presses_data(message, f"ap:{number}", forged=True)
    said = toast + player.sees()
    return None if "请直接发送申诉理由" in said else said


async def test_a_unit_that_nobody_was_told_of_may_still_appeal(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    town.clock.move(days=15)
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/appeal 1 没有人告诉过本单位")
    assert "已提交考评办" in zhou.sees()


async def test_an_entry_is_appealed_against_while_its_quarter_is_not_confirmed(town):
    wang, zhou, _lin = await people(town)
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await wang.says("/deduct 城关所 执法质量 1 另一笔")
    await zhou.says("/appeal 2 不属实")
    await zhou.says("/appeal")
    assert zhou.buttons() == ["记录 1　城关派出所　治安管理 −2"]


async def test_who_heads_one_unit_and_speaks_for_another_is_offered_the_entries_of_the_latter(town):
    wang = await town.assessor()
    both = await town.person(
        "孙两职", Post(Role.LIAISON, unit="dongmen"), Post(Role.UNIT_HEAD, unit="chengguan")
    )
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await wang.says("/deduct 东门所 治安管理 1 台账缺失")
    await both.says("/appeal")
    assert both.buttons() == ["记录 2　东门派出所　治安管理 −1"]


# The author in the office


async def test_the_author_in_the_office_is_told_without_the_buttons_and_colleagues_get_them(town):
    _, zhou, lin = await people(town)
    both = await town.person("李办", Post(Role.OFFICE), Post(Role.ASSESSOR, group=STATIONS))
    await both.says("/deduct 城关所 治安管理 2 原因")
    await both.says("/whoami")
    await zhou.says("/appeal 1 不服")
    (office, author) = [m for m in both.answers() if "申诉" in m["text"]]
    assert "您不能裁定这件申诉。请由考评办的林主任裁定。" in office["text"]
    assert "您登记的记录 1" in author["text"]
    assert [m.get("reply_markup") for m in (office, author)] == [None, None]
    assert lin.buttons() == ["维持", "减轻", "取消扣分"]


async def test_with_files_who_may_not_decide_can_look_at_them(town):
    _, zhou, lin = await people(town)
    both = await town.person("李办", Post(Role.OFFICE), Post(Role.LIAISON, unit="chengguan"))
    wang = await town.assessor()
    await both.says("/whoami")
    await wang.says("/deduct 城关所 治安管理 2 原因")
    await zhou.presses("申诉")
    photos = [Upload(f"{number}.png", town.studio.PNG + bytes([number])) for number in range(2)]
    await zhou.uploads(*photos, kind="photo")
    await zhou.says("不服")
    assert lin.buttons() == ["维持", "减轻", "取消扣分", "看申诉材料（2）"]
    assert both.buttons() == ["看申诉材料（2）"]
    await both.presses("看申诉材料")
    assert [bool(message.get("photo")) for message in both.answers()] == [True, True]
    assert "对记录 1 的申诉材料 1/2" in both.sees()


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("2", "小于原来的 2 分"),
        ("0", "小于原来的 2 分"),
        ("-1", "小于原来的 2 分"),
        ("很少", "不是分值"),
        ("0.555", "最多两位小数"),
    ],
)
async def test_a_reduction_is_a_number_below_what_stood_and_above_nought(town, said, answer):
    wang, zhou, lin = await people(town)
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await zhou.says("/appeal 1 只有一处")
    await lin.presses("减轻")
    await lin.says(said)
    assert answer in lin.sees()
    await lin.says("1.99")
    await lin.says("核实")
    assert [row[3] for row in entries(town)] == [200, -200, 199]


async def test_what_is_reduced_keeps_all_but_its_points(town):
    wang, zhou, lin = await people(town)
    await wang.says("/deduct 城关所 治安管理 2 昨天查 巡查不到位")
    await zhou.says("/appeal 1 只有一处")
    await lin.presses("减轻")
    await lin.says("1")
    await lin.says("核实一处")
    with town.beside() as db:
        (row,) = db.rows("SELECT * FROM entry WHERE id = 3")
    kept = ("unit_code", "item", "points", "quarter", "inspected_on", "reason", "replaces_id", "chain")
    assert [row[name] for name in kept] == [
        "chengguan", "治安管理", 100, "2026Q4", "2026-11-09", "巡查不到位", 1, STATIONS,
    ]  # fmt: skip


async def test_the_list_says_how_long_each_waits_and_one_units_alone_where_that_is_asked_for(town):
    wang, zhou, lin = await people(town)
    other = await town.person("东门联络", Post(Role.LIAISON, unit="dongmen"))
    await other.says("/whoami")
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await wang.says("/deduct 东门所 治安管理 1 台账缺失")
    await zhou.says("/appeal 1 当天有巡查记录")
    town.clock.move(days=2)
    await other.says("/appeal 2 台账在所里")
    await lin.says("/appeals")
    assert lin.sees() == (
        "待裁定的申诉：2 件\n"
        "· 记录 1：城关派出所　治安管理 −2 分　巡查不到位\n　申诉：当天有巡查记录（已等 2 天）\n"
        "· 记录 2：东门派出所　治安管理 −1 分　台账缺失\n　申诉：台账在所里（已等 0 天）\n"
        "有申诉未裁定的季度不能审定。"
    )
    await lin.says("/appeals 东门所")
    assert "记录 1" not in lin.sees()
    assert lin.buttons() == ["裁定：记录 2"]
    await zhou.says("/appeals")
    assert "记录 2" not in zhou.sees()
    assert zhou.buttons() == []
    await zhou.says("/appeals 东门所")
    assert "不在您的查看范围内" in zhou.sees()
    await wang.says("/appeals")
    assert wang.sees().count("　申诉：") == 2
    assert wang.buttons() == []
