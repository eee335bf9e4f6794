"""What a sentence says is so for the one who reads it, and what it advises would not be refused."""

import pytest
from conversation import STATIONS, Post, Role


async def test_a_command_that_there_is_none_of_is_named_as_it_was_typed(town):
    wang = await town.assessor()
    for said in ("/scor 城关所", "/scor"):
        await wang.says(said)
        assert "没有“/scor”这个命令。您要的可能是 /score" in wang.sees()
    await wang.says("/bakcup")
    assert "没有“/bakcup”这个命令。发送 /help" in wang.sees()
    await wang.says("/pepole")
    assert "/people" not in wang.sees(), "it is not an assessor's"


@pytest.mark.parametrize(
    "said", ["/log 城关所 年度", "/progress 年度", "/submit 年度", "/lead 年度", "/done 城关所 年度"]
)
async def test_where_only_a_quarter_can_be_meant_nothing_is_said_of_logging(town, said):
    boss = await town.person("王组长", Post(Role.HEAD, group=STATIONS), Post(Role.OFFICE))
    await boss.says(said)
    assert "这里要写季度" in boss.sees() and "登记" not in boss.sees()


async def test_a_question_as_of_a_day_to_come_is_no_inspection(town):
    wang = await town.assessor()
    await wang.says("/score 城关所 截至 12-31")
    assert "没有查询：“截至”的日期 2026年12月31日还没有到" in wang.sees()


async def test_a_lead_is_named_for_the_next_quarter_at_most(town):
    lin = await town.person("林主任", Post(Role.OFFICE))
    await lin.says("/lead 2027年三季度 张")
    assert "还没有开始" not in lin.sees(), "the quarter that runs is named, and none that does not"
    assert "现在是2026年第四季度，最远可以指定到下一季度（2027年第一季度）" in lin.sees()


async def test_who_may_not_invite_is_told_who_may(town):
    lin, zhou = (
        await town.person("林", Post(Role.OFFICE)),
        await town.person("周", Post(Role.LIAISON, unit="chengguan")),
    )
    await lin.says("/invite 考评办")
    assert "考评办只能由系统管理员邀请" in lin.sees()
    await zhou.says("/invite 考核员 派出所考核小组")
    assert "您不能邀请考核员。请联系考评办邀请" in zhou.sees()


async def test_in_a_group_the_reason_is_asked_for_as_a_reply(town):
    wang = await town.assessor()
    group = await town.bound("派出所组", [wang])
    await wang.says("/deduct 城关所 治安管理 2", chat=group)
    assert "请回复本条消息，写明扣分原因" in wang.sees(group)
    await wang.says("/deduct 东门所 治安管理 2")
    assert "请在 10 分钟内接着发送扣分原因" in wang.sees()


async def test_who_may_not_log_deductions_is_not_told_how(town):
    leader, wang = await town.person("张局长", Post(Role.LEADER)), await town.assessor()
    for said in ("你好", "扣分 城关所 治安管理 2 原因"):
        await leader.says(said)
        assert (
            "扣分 城关所" not in leader.sees() and "/deduct" not in leader.sees() and "/help" in leader.sees()
        )
    await wang.says("你好")
    assert "扣分 城关所 治安管理 2 原因" in wang.sees()


async def test_help_shows_to_who_only_looks_how_to_look(town):
    leader, zhou = (
        await town.person("张局长", Post(Role.LEADER)),
        await town.person("周", Post(Role.LIAISON, unit="chengguan")),
    )
    await leader.says("/help")
    assert "/roster 城关所" in leader.sees() and "/method 城关所" in leader.sees()
    assert "调离" not in leader.sees() and "模板填好" not in leader.sees()
    await zhou.says("/help")
    assert "/roster 张伟 012345" in zhou.sees() and "/invite 民警 张伟" in zhou.sees()
    assert "/invite 考核员" not in zhou.sees()


async def test_what_is_not_shown_goes_by_the_name_of_what_was_asked_for(town):
    zhou = await town.person("周", Post(Role.LIAISON, unit="chengguan"))
    for said, what in (
        ("/roster 东门所", "花名册"),
        ("/method 东门所", "考核办法"),
        ("/month 东门所", "民警成绩"),
    ):
        await zhou.says(said)
        assert f"东门派出所的{what}不在您的查看范围内" in zhou.sees()


async def test_the_author_of_an_entry_that_was_moved_reads_where_it_went(town):
    wang, lin = await town.assessor(), await town.person("林主任", Post(Role.OFFICE))
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await lin.says("/correct 1 东门所 记错单位")
    assert "已由林主任改为：东门派出所　治安管理 −2 分（记录 3）" in wang.screen()


async def test_a_preview_that_has_no_way_back_offers_none(town):
    wang = await town.assessor()
    await wang.says("城关所 治安管理 2 巡查不到位")
    await wang.says("好的")
    assert "‹ 返回" not in wang.sees() and "要改请按［取消］后重新发送" in wang.sees()


async def test_an_appeal_that_is_kept_moves_nothing(town):
    wang, zhou, lin = (
        await town.assessor(),
        await town.person("周", Post(Role.LIAISON, unit="chengguan")),
        await town.person("林", Post(Role.OFFICE)),
    )
    for person in (zhou, lin):
        await person.says("/whoami")
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await zhou.says("/appeal 1 当天有巡查记录")
    await lin.presses("维持")
    await lin.says("证据充分")
    assert "已裁定：维持，照旧扣分。已通知有关人员" in lin.screen() and "随之更新" not in lin.screen()
