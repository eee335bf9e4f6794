"""/progress: who is inspected, what lacks a reason, which appeals are open, how long there is."""

from conversation import OFFICES, STATIONS, Post, Role

from charts.values import Tile, TileState
from handlers.frame.names import short


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
    assert "未检查：东门派出所、西街派出所、" in seen and "没写原因：王伟 1 笔" in seen


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


async def test_each_group_has_its_own_figures_and_tiles(town):
    wang, zheng = await town.assessor(), await town.assessor("郑明", OFFICES)
    li = await town.assessor("李娜")
    lin = await town.person("林主任", Post(Role.OFFICE))
    for player, line in (
        (wang, "城关所 治安管理 2"), (wang, "城关所 治安管理 1"), (li, "东门所 治安管理 1"), (li, "东门所 执法质量 1 卷宗"),
        (zheng, "法制科 本职业务 1 报表"),
    ):  # fmt: skip
        await player.says(f"/deduct {line}")
    await wang.says("/done 西街所 南湖所")
    await zheng.says("/done 法制科")
    await lin.says("/progress 派出所组")
    assert "派出所考核小组　2026年第四季度\n检查完毕 2 / 22 个单位" in lin.sees()
    assert "⚠ 3 笔没写原因" in lin.sees() and "没写原因：王伟 2 笔、李娜 1 笔。" in lin.sees()
    stations = town.studio.charts[-1]
    assert stations.frame.title == "派出所考核小组：完成 2 / 22"
    assert [(board.name, len(board.tiles)) for board in stations.boards] == [
        ("派出所第一序列", 5),
        ("派出所第二序列", 17),
    ]
    tiles = {tile.unit: tile for board in stations.boards for tile in board.tiles}
    assert tiles["城关派出所"] == Tile("城关派出所", TileState.BEGUN, "扣分 2 笔", "缺原因 2")
    assert tiles["东门派出所"] == Tile("东门派出所", TileState.BEGUN, "扣分 2 笔", "缺原因 1")
    assert tiles["西街派出所"] == Tile("西街派出所", TileState.DONE, "无扣分")
    assert tiles["北关派出所"] == Tile("北关派出所", TileState.NOTHING, "无扣分")
    await lin.says("/progress 机关组")
    assert "机关科室及实战所队考核小组　2026年第四季度\n检查完毕 1 / 19 个单位" in lin.sees()
    assert "没写原因" not in lin.sees()
    assert town.studio.charts[-1].frame.title == "机关科室及实战所队考核小组：完成 1 / 19"


async def test_another_groups_progress_is_not_shown_by_a_forged_button(town):
    zheng = await town.assessor("郑明", OFFICES)
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    for player, words in ((zheng, "失效"), (zhou, "没有这项权限")):
        await player.says("/help")
        message = player.answers()[0]
        for verb in ("prog", "progd"):
            data = f"{verb}:{short(STATIONS)}:2026Q4"
            assert words in await player.presses_data(message, data, forged=True)
            assert "检查完毕" not in player.sees()
    assert town.studio.charts == []
