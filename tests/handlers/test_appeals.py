"""Appeals: the liaison asks, the office decides, everything follows."""

from conversation import Post, Role, entries

from sandbox.world import Upload


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
