"""/progress: who is inspected, what lacks a reason, which appeals are open, how long there is."""

from conversation import STATIONS, Post, Role

from charts.values import Tile, TileState


async def test_a_group_sees_how_far_it_is(town):
    wang, zhou = await town.assessor(), await town.person("周", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/whoami")
    await wang.says("/deduct 城关所 治安管理 2 台账")
    await wang.says("/deduct 东门所 治安管理 2")
    await wang.says("/done 城关所")
    await zhou.says("/appeal 1 不服")
    await wang.says("/progress")
    seen = wang.sees()
    assert "检查完毕 1 / 22 个单位" in seen
    assert "还有 21 天，12月1日截止" in seen
    assert "1 笔没写原因" in seen and "1 件申诉待裁定" in seen
    chart = town.studio.charts[-1]
    tiles = {tile.unit: tile for board in chart.boards for tile in board.tiles}
    assert tiles["城关派出所"] == Tile("城关派出所", TileState.DONE, "扣分 1 笔", "申诉 1")
    assert tiles["东门派出所"] == Tile("东门派出所", TileState.BEGUN, "扣分 1 笔", "缺原因 1")
    assert tiles["西街派出所"].state is TileState.NOTHING
    if "看明细" in "".join(wang.buttons()):
        await wang.presses("看明细")
    assert "未检查：" in wang.screen() and "没写原因：王伟 1 笔" in wang.screen()


async def test_the_office_chooses_the_group_and_a_liaison_sees_none(town):
    lin, zhou = (
        await town.person("林", Post(Role.OFFICE)),
        await town.person("周", Post(Role.LIAISON, unit="chengguan")),
    )
    await lin.says("/progress")
    await lin.presses(STATIONS)
    assert "0 / 22" in lin.sees()
    await lin.says("/progress 机关科室及实战所队考核小组")
    assert "0 / 19" in lin.sees()
    await zhou.says("/progress")
    assert "没有这项权限" in zhou.sees()
    wang = await town.assessor()
    await wang.says("/progress 机关科室及实战所队考核小组")
    assert "没有叫" in wang.sees()


async def test_the_deadline_is_counted_to_its_day_and_past_it(town):
    wang = await town.assessor()
    for days, said in ((21, "今天（12月1日）截止"), (22, "已过期限 1 天")):
        town.clock.time = town.clock.time.replace(month=11, day=10)
        town.clock.move(days=days)
        await wang.says("/progress 2026Q4")
        assert said in wang.sees()


async def test_a_unit_is_done_from_the_card_and_from_the_dialog(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账")
    await wang.presses("检查完毕")
    assert "已标记检查完毕" in wang.sees()
    await wang.says("/deduct 东门所")
    await wang.presses("✔ 没有扣分，检查完毕")
    assert "东门派出所 2026年第四季度已标记检查完毕" in wang.screen()
    await wang.says("/progress")
    assert "检查完毕 2 / 22" in wang.sees()
    await wang.says("/deduct 城关所 执法质量 1 卷宗")
    assert "检查完毕" not in wang.buttons()
