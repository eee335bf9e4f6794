"""What can be asked of the ledger: /log, /why, /mine, 截至, notices, settings."""

import pytest
from conversation import STATIONS, Post, Role


async def liaison(town, name="周联络", unit="chengguan"):
    person = await town.person(name, Post(Role.LIAISON, unit=unit))
    await person.says("/whoami")
    return person


async def test_every_lost_point_is_told_with_where_it_went(town):
    wang, zhou = await town.assessor(), await liaison(town)
    await wang.says("/deduct 城关所 2.1 x3 台账")
    await wang.says("/deduct 城关所 情报信息 4 迟报")
    await wang.says("/deduct 城关所 情报信息 3 漏报")
    await zhou.says("/why")
    seen = zhou.sees()
    assert "总分 93.5" in seen
    assert "治安管理　10 → 8.5" in seen
    assert "细则 2.1 巡查台账缺失或不完整（每处 0.5 分） ×3" in seen
    assert "其中 2 分已扣完未计" in seen
    assert "王伟 11月10日 09:00 登记" in seen
    await zhou.says("/why 城关所 情报")
    assert "治安管理" not in zhou.sees()
    await zhou.says("/why 东门所")
    assert "不在您的查看范围" in zhou.sees()


async def test_it_is_answered_as_it_stood_on_an_earlier_day(town):
    wang, lin = await town.assessor(), await town.person("林", Post(Role.OFFICE))
    await wang.says("/deduct 城关所 治安管理 2 甲")
    town.clock.move(days=2)
    await wang.says("/deduct 城关所 执法质量 3 乙")
    await wang.says("/correct 1 撤销 不属实")
    await lin.says("/score 城关所")
    assert "总分 97" in lin.sees()
    await lin.says("/score 城关所 截至 11-10")
    assert "总分 98" in lin.sees()
    assert "11月10日结束时" in lin.sees()
    await lin.says("/why 城关所 截至 11-11")
    assert "治安管理　10 → 8" in lin.sees() and "执法" not in lin.sees()
    await lin.says("/rank 派出所一序列 截至11月10日")
    assert "城关派出所　98" in lin.sees()
    await lin.says("/rank 派出所一序列 截至 明年")
    assert "没看懂日期" in lin.sees()
    await lin.says("/rank 派出所一序列 截至 11-30")
    assert "还没有到" in lin.sees()


async def test_a_log_is_paged_and_one_entry_is_one_line(town):
    wang = await town.assessor()
    for number in range(12):
        await wang.says(f"/deduct 城关所 执法质量 0.5 第{number}笔")
    await wang.says("/correct 12 1 更正")
    await wang.says("/log 城关所 执法")
    assert "第 1/2 页" in wang.sees()
    assert "12 执法质量 −0.5 → 14" in wang.sees()
    await wang.presses("较早")
    assert "第0笔" in wang.screen()
    await wang.presses("‹ 较新")


async def test_ones_own_entries_those_without_a_reason_first(town):
    wang, li = await town.assessor(), await town.assessor("李")
    await li.says("/deduct 城关所 治安管理 1 别人的")
    await wang.says("/deduct 城关所 治安管理 1 有原因")
    await wang.says("/deduct 东门所 治安管理 2")
    await wang.says("/mine")
    seen = wang.sees()
    assert seen.index("东门派出所") < seen.index("城关派出所")
    assert "还没写原因（1 笔）" in seen and "别人的" not in seen
    await wang.presses("补记录 3 的原因")
    await wang.says("补的原因")
    await wang.says("/mine")
    assert "还没写原因" not in wang.sees()


async def test_the_liaison_hears_of_each_entry_and_nobody_else_does(town):
    wang, zhou, other = await town.assessor(), await liaison(town), await liaison(town, "东门联络", "dongmen")
    await wang.says("/deduct 城关所 治安管理 2")
    await wang.says("台账缺失")
    await wang.says("/undo")
    said = [
        m["text"]
        for m in town.world.store.messages(zhou.id, limit=99)
        if "城关派出所" in m.get("text", "") and m["from"]["is_bot"]
    ][1:]
    assert ["被扣分" in said[0], "补充了原因：台账缺失" in said[1], "已撤销" in said[2]] == [True] * 3
    assert "城关" not in other.screen()


async def test_once_a_day_it_comes_together(town):
    wang, zhou = await town.assessor(), await liaison(town)
    await zhou.says("/settings")
    await zhou.presses("○ 每天")
    await wang.says("/deduct 城关所 治安管理 2 甲")
    await wang.says("/deduct 城关所 治安管理 1 乙")
    assert "被扣分" not in zhou.screen()
    town.clock.move(hours=9)
    await town.settle()
    assert "今天有 2 条通知" in zhou.screen()
    assert zhou.screen().count("被扣分") == 2


async def test_who_was_removed_gets_no_digest_any_more(town):
    wang, zhou, lin = await town.assessor(), await liaison(town), await town.person("林", Post(Role.OFFICE))
    await zhou.says("/settings")
    await zhou.presses("○ 每天")
    await wang.says("/deduct 城关所 治安管理 2 甲")
    await lin.says("/remove 周联络")
    await lin.presses("移除")
    town.clock.move(hours=9)
    await town.settle()
    assert "被扣分" not in zhou.screen()


async def test_a_moved_entry_tells_the_old_unit_nothing_of_the_new(town):
    wang, zhou, other = await town.assessor(), await liaison(town), await liaison(town, "东门联络", "dongmen")
    await wang.says("/deduct 城关所 治安管理 2 写错单位")
    await wang.says("/correct 1 东门所 写错单位")
    assert "已撤销，不再扣本单位的分" in zhou.screen() and "东门" not in zhou.screen()
    assert "东门派出所被扣分" in other.screen()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/log 城关所", "不在您的查看范围内"),
        ("/why 城关所", "不在您的查看范围内"),
        ("/score 城关所", "不在您的查看范围内"),
        ("/evidence 1", "没有找到记录 1"),
    ],
)
async def test_another_groups_assessor_sees_none_of_it(town, line, said):
    wang = await town.assessor()
    other = await town.assessor("郑", "机关科室及实战所队考核小组")
    await wang.says("/deduct 城关所 治安管理 2 秘密原因")
    await other.says(line)
    assert "秘密" not in other.sees()
    assert said in other.sees()


async def test_a_head_reads_the_groups_log(town):
    boss = await town.person("组长", Post(Role.HEAD, group=STATIONS))
    await boss.says("/log")
    await boss.presses("派出所第一序列")
    await boss.presses("城关派出所")
    assert "没有扣分记录" in boss.screen()
