"""The life of a quarter, told as conversations: submitted, returned, confirmed, published, acknowledged (R6, R7)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rules.policy import NO_LEADS
from sandbox.world import Upload
from tests.conversation import OFFICES, STATIONS, Player, Post, Role, Sketchbook, Town, entries

LAST_DAY = datetime(2027, 3, 15, 1, tzinfo=UTC)


@pytest.fixture
async def march(tmp_path):
    """A bureau in the first quarter of 2027, two weeks before its deadline."""
    town = await Town(tmp_path, now=datetime(2027, 3, 1, 1, tzinfo=UTC)).open()
    yield town
    await town.close()


async def cast(town: Town) -> dict[str, Player]:
    people = {
        "wang": await town.assessor("王伟"),
        "head": await town.person("李组长", Post(Role.HEAD, group=STATIONS)),
        "deputy": await town.person("赵副组长", Post(Role.DEPUTY, group=STATIONS)),
        "office": await town.person("林主任", Post(Role.OFFICE)),
        "leader": await town.person("高局长", Post(Role.LEADER)),
        "liaison": await town.person("周联络", Post(Role.LIAISON, unit="chengguan")),
        "other": await town.person("孙联络", Post(Role.LIAISON, unit="dongmen")),
    }
    for player in people.values():
        await player.says("/start")
    return people


async def inspect_all(town: Town, player: Player, but: tuple[str, ...] = ()) -> None:
    for unit in town.app.services.bureau.units:
        if unit.category == "派出所" and unit.name not in but:
            await player.says(f"/done {unit.name}")


async def submitted(town: Town, people: dict[str, Player]) -> None:
    await people["head"].says("/submit")
    await people["head"].presses("全部放过")
    await people["head"].presses("✔ 提交")


async def confirmed(town: Town, people: dict[str, Player]) -> None:
    await submitted(town, people)
    await people["office"].says("/lead 一季度 高局长")
    town.clock.move(days=5)
    await people["office"].says("/confirm")
    await people["office"].presses("✔ 审定")


async def test_units_that_were_not_inspected_are_waved_through_by_name(march):
    people = await cast(march)
    await inspect_all(march, people["wang"], but=("东门派出所", "西街派出所"))
    head = people["head"]
    await head.says("/submit")
    assert "检查完毕 20 / 22 个单位" in head.sees()
    assert "东门派出所　100 分　⚠未检查" in head.sees()
    assert head.buttons() == ["放过 东门派出所", "放过 西街派出所", "全部放过（2 个）", "取消"]
    await head.presses("放过 东门派出所")
    assert "东门派出所　100 分　⚠未检查，放过" in head.screen()
    assert "✔ 提交" not in head.buttons()
    await people["wang"].says("/done 西街所")
    await head.presses("放过 西街派出所")
    await head.presses("✔ 提交")
    assert "已提交：派出所考核小组　2027年第一季度" in head.screen()
    assert "未检查、放过的单位：东门派出所。" in head.screen()
    assert "李组长提交了派出所考核小组" in people["office"].sees()
    assert "未检查、由组长放过：东门派出所" in people["office"].sees()
    assert people["office"].buttons() == ["审定", "退回"]
    assert "提交" in people["deputy"].sees()


async def test_an_entry_without_a_reason_blocks_the_submission_and_names_its_author(march):
    people = await cast(march)
    await people["wang"].says("/deduct 城关所 治安管理 2")
    await people["head"].says("/submit")
    assert "没有提交：2027年第一季度还有 1 笔扣分没写原因（王伟 1 笔）" in people["head"].sees()
    await people["wang"].says("巡查不到位")
    await people["head"].says("/submit")
    assert "还没有提交" in people["head"].sees()


async def test_a_reason_that_went_missing_meanwhile_blocks_the_last_press_too(march):
    people = await cast(march)
    await people["head"].says("/submit")
    await people["head"].presses("全部放过")
    await people["wang"].says("/deduct 城关所 治安管理 2")
    assert "没有提交" in await people["head"].presses("✔ 提交")
    await people["head"].says("/progress")
    assert "还有 14 天" in people["head"].sees()


async def test_once_submitted_a_photo_stays_with_its_record(march):
    people = await cast(march)
    wang = people["wang"]
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await wang.uploads(Upload("a.png", Sketchbook.PNG), kind="photo")
    await submitted(march, people)
    await wang.presses("附错了，改附")
    said = await wang.presses("不作证据")
    assert "没有办理" in said + wang.sees()
    await wang.says("/evidence 1")
    assert "证据 1/1" in wang.sees()


async def test_once_submitted_nobody_of_the_group_writes(march):
    people = await cast(march)
    wang = people["wang"]
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    await submitted(march, people)
    before = entries(march)
    for line in ("/deduct 城关所 治安管理 1 又一次", "/deduct 城关所 执法质量 1 一季度 补记"):
        await wang.says(line)
        assert "没有办理：2027年第一季度成绩已提交，不能再登记和修改" in wang.sees()
    await wang.says("/done 东门所")
    assert "成绩已提交" in wang.sees()
    await wang.says("/undo")
    assert "成绩已提交" in wang.sees()
    await wang.says("/correct 1 1 多扣了")
    assert "成绩已提交" in wang.sees()
    assert entries(march) == before


async def test_the_office_still_puts_an_entry_right_with_a_second_person(march):
    people = await cast(march)
    await people["wang"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await submitted(march, people)
    await people["office"].says("/correct 1 1 多扣了")
    assert "更正已提请核准" in people["office"].sees()
    assert "李组长" in people["office"].sees()
    await people["office"].says("/lead 一季度 高局长")
    march.clock.move(days=6)
    await people["office"].says("/confirm")
    assert "没有审定：记录 1 的更正还在等待核准" in people["office"].sees()
    await people["head"].presses("同意")
    assert [row[0] for row in entries(march)] == ["deduction", "reversal", "deduction"]


async def test_a_returned_quarter_is_open_again_and_says_why(march):
    people = await cast(march)
    await submitted(march, people)
    office = people["office"]
    await office.presses("退回")
    assert "为什么退回" in office.sees()
    await office.says("东门所的台账没有附上")
    assert "已退回：派出所考核小组" in office.screen()
    assert "考评办退回了派出所考核小组" in people["head"].sees()
    assert "原因：东门所的台账没有附上" in people["wang"].sees()
    await people["wang"].says("/deduct 东门所 治安管理 1 台账不全")
    assert "治安管理 10 → 9" in people["wang"].sees()
    await people["head"].presses("重新提交")
    await people["head"].presses("全部放过")
    await people["head"].presses("✔ 提交")
    assert "已提交" in people["head"].screen()


async def test_a_return_with_its_reason_is_done_at_once_and_only_once(march):
    people = await cast(march)
    await submitted(march, people)
    await people["office"].says("/return 派出所组 材料不全")
    assert "已退回" in people["office"].sees()
    await people["office"].says("/return 派出所组 材料不全")
    assert "现在没有可以退回的季度成绩" in people["office"].sees()
    assert "被林主任退回，原因：材料不全" in people["office"].sees()


async def test_a_quarter_is_not_confirmed_while_an_appeal_can_still_be_made(march):
    people = await cast(march)
    services = march.app.services
    services.policy = replace(services.policy, leads=NO_LEADS)
    await people["wang"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await submitted(march, people)
    office = people["office"]
    await office.says("/confirm")
    assert "没有审定：还有 1 笔扣分在申诉期内，最迟到 2027年3月4日为止" in office.sees()
    await people["liaison"].says("/appeal 1 当天有巡查记录")
    march.clock.move(days=7)
    await office.says("/confirm")
    assert "记录 1 的申诉还没有裁定" in office.sees()
    await office.presses("维持")
    await office.says("核实无误")
    await office.says("/confirm")
    assert "没有审定：2027年第一季度还没有带队局领导" in office.sees()
    await office.says("/lead 一季度 王局长")
    assert "领导中没有“王局长”" in office.sees()
    await office.says("/lead 一季度")
    await office.presses("高局长")
    await office.says("/confirm")
    assert "带队局领导：高局长" in office.sees()
    await office.presses("✔ 审定")
    assert "已审定：派出所考核小组" in office.screen()
    assert "考评办审定了派出所考核小组" in people["head"].sees()
    await people["liaison"].says("/appeal 1 再申诉一次")
    assert "成绩已审定" in people["liaison"].sees()


async def test_an_appeal_against_an_entry_that_was_taken_back_keeps_nobody_waiting(march):
    people = await cast(march)
    await people["wang"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await people["liaison"].says("/appeal 1 当天有巡查记录")
    await people["wang"].says("/undo")
    await people["office"].says("/appeals")
    assert "没有待裁定的申诉" in people["office"].sees()
    assert "记录 1：裁定以前已经撤销" in people["office"].sees()
    await confirmed(march, people)
    assert "已审定：派出所考核小组" in people["office"].screen()


async def test_a_confirmed_result_never_moves_whatever_the_config_becomes(march):
    people = await cast(march)
    await people["wang"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await confirmed(march, people)
    await march.close()
    config = march.config
    march.config = config.model_copy(
        update={
            "unit": tuple(
                unit.model_copy(update={"name": "东门新所"} if unit.code == "dongmen" else {})
                for unit in config.unit
                if unit.code != "chengguan"
            )
        }
    )
    march.config.__dict__.pop("organisation", None)
    await march.open()
    await people["office"].says("/rank 派出所一序列 一季度")
    shown = people["office"].sees()
    assert "已审定" in shown
    assert "城关派出所　98" in shown
    assert "东门新所　100" in shown
    with march.beside() as db, pytest.raises(Exception, match="append-only"):
        db.execute("UPDATE result SET total = 0")


async def test_published_rankings_reach_units_leaders_and_groups_and_are_acknowledged_once(march):
    people = await cast(march)
    chat = await march.bound("派出所组", [people["wang"], people["head"]])
    await people["wang"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await people["liaison"].says("/rank 派出所一序列 一季度")
    assert "公布前不在您的查看范围内" in people["liaison"].sees()
    await confirmed(march, people)
    office = people["office"]
    await office.presses("公布")
    assert "城关派出所　98" in office.sees()
    assert "收不到也不能签收：西街派出所" in office.sees()
    await office.presses("✔ 公布")
    liaison = people["liaison"]
    assert "城关派出所：第 5 名，共 5 个单位，得分 98" in liaison.sees()
    assert liaison.answers()[-1].get("photo")
    assert "第 1 名（并列）" in people["other"].sees()
    assert people["leader"].sees().count("成绩公布") == 2
    assert people["wang"].sees().count("成绩公布") == 2
    assert people["head"].sees(chat).count("成绩公布") == 2
    assert "签收" not in "".join(people["wang"].buttons())
    assert "成绩已签收" in await liaison.presses("签收：城关派出所")
    assert liaison.buttons()[0].startswith("✔ 城关派出所已签收（周联络")
    assert "此前已由周联络签收" in await liaison.presses("✔ 城关派出所已签收")
    await office.says("/publish")
    assert "已签收 1 / 22 个单位，未签收：东门派出所" in office.sees()
    await office.presses("提醒未签收单位")
    assert "考评办还在等本单位签收" in people["other"].sees()
    assert "没有联络员和负责人、提醒不到" in office.sees()
    await liaison.says("/rank 派出所一序列 一季度")
    assert "5. 城关派出所　98" in liaison.sees()
    await liaison.says("/score")
    assert "2027年第一季度" in liaison.sees()


async def test_a_units_head_acknowledges_like_its_liaison_and_may_go_afterwards(march):
    people = await cast(march)
    head = await march.person("孙所长", Post(Role.UNIT_HEAD, unit="chengguan"))
    other = await march.person("西街负责人", Post(Role.UNIT_HEAD, unit="xijie"))
    for player in (head, other):
        await player.says("/whoami")
    await confirmed(march, people)
    office = people["office"]
    await office.presses("公布")
    assert "收不到也不能签收：西街派出所" not in office.sees()
    await office.presses("✔ 公布")
    assert "城关派出所：第" in head.sees() and "城关派出所：第" in people["liaison"].sees()
    assert "成绩已签收" in await head.presses("签收：城关派出所")
    assert "此前已由孙所长签收" in await people["liaison"].presses("签收：城关派出所")
    await office.says("/publish")
    await office.presses("提醒未签收单位")
    assert "考评办还在等本单位签收" in other.sees()
    await office.says("/remove 孙所长")
    await office.presses("移除 孙所长")
    await office.says("/publish")
    assert "已签收 1 / 22 个单位" in office.sees()


async def test_late_is_marked_with_how_much(march):
    people = await cast(march)
    march.with_now(datetime(2027, 3, 18, 1, tzinfo=UTC))
    await people["head"].says("/submit")
    assert "⚠ 已逾期 3 天" in people["head"].sees()
    await people["head"].presses("全部放过")
    await people["head"].presses("✔ 提交")
    assert "（逾期 3 天）" in people["office"].sees()
    await people["office"].says("/progress 派出所组")
    assert "已提交：3月18日 09:00 由李组长提交（逾期 3 天）" in people["office"].sees()


async def test_an_extension_moves_one_group_only_and_is_told(march):
    people = await cast(march)
    other = await march.assessor("钱考核", OFFICES)
    await other.says("/start")
    await people["office"].says("/extend 派出所组 一季度 3-20 因防汛延长")
    assert "期限改为 2027年3月20日" in people["office"].sees()
    assert "因防汛延长" in people["wang"].sees()
    assert "延长" not in other.sees()
    march.with_now(datetime(2027, 3, 18, 1, tzinfo=UTC))
    await people["wang"].says("/deduct 城关所 治安管理 1 晚查")
    assert "2027年第一季度" in people["wang"].sees()
    assert entries(march)[-1][4] == "2027Q1"
    await other.says("/progress 机关科室及实战所队考核小组")
    assert "已过期限 3 天" in other.sees()
    await people["head"].says("/submit")
    assert "逾期" not in people["head"].sees()
    march.with_now(datetime(2027, 3, 21, 1, tzinfo=UTC))
    await people["wang"].says("/deduct 城关所 治安管理 1 再查")
    assert people["wang"].buttons()[:2] == ["2027年第一季度", "2027年第二季度"]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/extend", "还缺考核小组、新的截止日期、原因"),
        ("/extend 派出所组 一季度 3-20", "还缺原因"),
        ("/extend 派出所组 一季度 3-15 理由充分", "最早是 2027年3月16日"),
        ("/extend 派出所组 一季度 6-15 理由充分", "要在下一季度的期限 2027年6月15日 以前"),
        ("/extend 派出所组 二季度 6-20 理由充分", "没有2026年第二季度的数据"),
        ("/extend 派出所组 年度 3-20 理由充分", "季度"),
    ],
)
async def test_what_is_no_extension_is_said(march, said, answer):
    office = await march.person("林主任", Post(Role.OFFICE))
    await office.says(said)
    assert answer in office.sees()


async def test_steps_belong_to_those_whose_they_are(march):
    people = await cast(march)
    stranger = await march.person("郑组长", Post(Role.HEAD, group=OFFICES))
    for player, said in (
        (people["wang"], "/submit"),
        (people["head"], "/confirm"),
        (people["head"], "/publish"),
        (people["leader"], "/return 不行"),
        (people["liaison"], "/extend 派出所组 一季度 3-20 因故"),
    ):
        await player.says(said)
        assert "您没有这项权限" in player.sees()
    await people["head"].says("/submit")
    question = march.world.store.messages(people["head"].id)[-1]
    data = question["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    march.world.store.put_message({**question, "chat": {"id": stranger.id, "type": "private"}})
    answer = await stranger.presses_data({**question, "chat": {"id": stranger.id}}, data, forged=True)
    assert "失效" in answer


async def test_a_year_is_the_mean_of_what_is_confirmed(march):
    people = await cast(march)
    await people["office"].says("/rank 派出所一序列 年度")
    assert "还没有审定的季度" in people["office"].sees()
    await people["wang"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await confirmed(march, people)
    await people["office"].says("/rank 派出所一序列 年度")
    shown = people["office"].sees()
    assert "2027年度（暂定）" in shown
    assert "未审定：二季度、三季度、四季度" in shown
    assert "5. 城关派出所　98" in shown
    await people["liaison"].says("/score 年度")
    assert "年度成绩 98" in people["liaison"].sees()
    assert "第 5 名" not in people["liaison"].sees()
    await people["liaison"].says("/rank 派出所一序列 年度")
    assert "公布前不在您的查看范围内" in people["liaison"].sees()
    await people["office"].says("/publish")
    await people["office"].presses("✔ 公布")
    await people["liaison"].says("/score 年度")
    assert "派出所第一序列第 5 名，共 5 个单位" in people["liaison"].sees()


async def test_a_unit_that_joined_during_the_year_does_not_keep_it_provisional(march):
    people = await cast(march)
    whole = march.config.unit
    await march.close()
    march.config = march.config.model_copy(update={"unit": tuple(u for u in whole if u.code != "dongmen")})
    march.config.__dict__.pop("organisation", None)
    await march.open()
    await confirmed(march, people)
    await march.close()
    march.config = march.config.model_copy(update={"unit": whole})
    march.config.__dict__.pop("organisation", None)
    await march.open()
    for number, month in ((2, 6), (3, 9), (4, 11)):
        march.with_now(datetime(2027, month, 10, 1, tzinfo=UTC))
        await people["head"].says("/submit")
        await people["head"].presses("全部放过")
        await people["head"].presses("✔ 提交")
        await people["office"].says(f"/confirm {number}季度")
        await people["office"].presses("✔ 审定")
    await people["office"].says("/rank 派出所一序列 年度")
    assert "2027年度（已审定）" in people["office"].sees()
    assert "东门派出所　100（并列）　一季度未参加" in people["office"].sees()
    await people["other"].says("/score 年度")
    assert "一季度没有参加考核，不计入平均" in people["other"].sees()


# Windows, and who could not appeal


async def test_a_quarter_is_confirmed_on_the_day_after_the_last_appeal_window_and_not_on_its_last(march):
    people = await cast(march)
    await people["wang"].says("/deduct 城关所 治安管理 2 巡查不到位")  # Monday 3-1: till Thursday 3-4
    march.clock.move(days=1)
    await people["wang"].says("/deduct 东门所 治安管理 2 巡查不到位")  # Tuesday 3-2: till Friday 3-5
    await submitted(march, people)
    office = people["office"]
    await office.says("/lead 一季度 高局长")
    await office.says("/confirm")
    assert "没有审定：还有 2 笔扣分在申诉期内，最迟到 2027年3月5日为止" in office.sees()
    march.with_now(datetime(2027, 3, 4, 15, 59, tzinfo=UTC))
    await office.says("/confirm")
    assert "没有审定：还有 2 笔扣分在申诉期内，最迟到 2027年3月5日为止" in office.sees()
    march.with_now(datetime(2027, 3, 5, 15, 59, tzinfo=UTC))
    await office.says("/confirm")
    assert "没有审定：还有 1 笔扣分在申诉期内，最迟到 2027年3月5日为止" in office.sees()
    march.with_now(datetime(2027, 3, 5, 16, 0, tzinfo=UTC))
    await office.says("/confirm")
    await office.presses("✔ 审定")
    assert "已审定：派出所考核小组" in office.screen()


async def test_the_window_counts_from_the_first_of_two_liaisons_who_was_told(march):
    people = await cast(march)
    wu = await march.person("吴联络", Post(Role.LIAISON, unit="chengguan"))
    await wu.says("/settings")
    await wu.presses("○ 每天 17:30 汇总一次")
    march.clock.move(hours=9)
    await people["wang"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await submitted(march, people)
    await people["office"].says("/lead 一季度 高局长")
    march.clock.move(days=1)
    await march.settle()
    assert "城关派出所被扣分" in wu.screen(), "told on Tuesday: that would be till Friday"
    march.with_now(datetime(2027, 3, 5, 1, tzinfo=UTC))
    await people["office"].says("/confirm")
    assert "✔ 审定" in people["office"].buttons()


async def test_an_appeal_that_was_decided_ends_the_window_of_its_entry(march):
    people = await cast(march)
    office = people["office"]
    await people["wang"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await people["liaison"].says("/appeal 1 当天有巡查记录")
    await office.presses("维持")
    await office.says("核实无误")
    await submitted(march, people)
    await office.says("/lead 一季度 高局长")
    await office.says("/confirm")
    await office.presses("✔ 审定")
    assert "已审定：派出所考核小组" in office.screen()


async def test_the_window_opens_once_more_for_the_entry_that_took_anothers_place(march):
    people = await cast(march)
    await people["wang"].says("/deduct 城关所 治安管理 2 巡查不到位")
    march.with_now(datetime(2027, 3, 4, 1, tzinfo=UTC))
    await people["wang"].says("/correct 1 1 多扣了")
    await submitted(march, people)
    await people["office"].says("/lead 一季度 高局长")
    march.with_now(datetime(2027, 3, 5, 1, tzinfo=UTC))
    await people["office"].says("/confirm")
    assert "没有审定：还有 1 笔扣分在申诉期内，最迟到 2027年3月9日为止" in people["office"].sees()


async def test_before_confirming_the_office_hears_which_units_were_not_told(march):
    people = await cast(march)
    await people["wang"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await people["wang"].says("/deduct 西街所 治安管理 2 巡查不到位")
    await people["wang"].says("/deduct 西街所 执法质量 2 巡查不到位")
    await people["wang"].says("/deduct 南湖所 治安管理 2 巡查不到位")
    await people["wang"].says("/deduct 北关所 治安管理 2 误记")
    await people["wang"].says("/undo")
    await submitted(march, people)
    await people["office"].says("/lead 一季度 高局长")
    march.clock.move(days=5)
    await people["office"].says("/confirm")
    assert "没有联络员或通知不到、扣分未能告知：西街派出所、南湖派出所。" in people["office"].sees()


async def test_where_all_were_told_nobody_is_named(march):
    people = await cast(march)
    await people["wang"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await submitted(march, people)
    await people["office"].says("/lead 一季度 高局长")
    march.clock.move(days=5)
    await people["office"].says("/confirm")
    assert "✔ 审定" in people["office"].buttons()
    assert "未能告知" not in people["office"].sees()


async def test_a_notice_that_is_still_on_its_way_keeps_the_quarter_open(march):
    people = await cast(march)
    march.clock.move(hours=10)
    await people["liaison"].says("/settings")
    await people["liaison"].presses("○ 每天 17:30 汇总一次")
    await people["wang"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await submitted(march, people)
    await people["office"].says("/lead 一季度 高局长")
    await people["office"].says("/confirm")
    assert "没有审定：还有 1 笔扣分的通知正在发出，申诉期还没有开始。" in people["office"].sees()


async def test_what_stands_in_the_way_is_asked_again_at_the_press(march):
    people = await cast(march)
    office = people["office"]
    second = await march.person("孙主任", Post(Role.OFFICE))
    await second.says("/start")
    await people["wang"].says("/deduct 西街所 治安管理 2 巡查不到位")
    await submitted(march, people)
    await office.says("/lead 一季度 高局长")
    await office.says("/confirm")
    await second.says("/correct 1 1 多扣了")
    assert "没有审定：记录 1 的更正还在等待核准" in await office.presses("✔ 审定") + office.sees()
    with march.beside() as db:
        assert db.execute("SELECT count(*) FROM result").fetchone() == (0,)


# Extensions


async def test_of_two_extensions_the_later_holds_also_after_a_restart(march):
    people = await cast(march)
    office = people["office"]
    await office.says("/extend 派出所组 一季度 3-25 写错了")
    await office.says("/extend 派出所组 一季度 3-18 应为十八日")
    await march.restart()
    march.with_now(datetime(2027, 3, 18, 15, 59, tzinfo=UTC))
    await people["wang"].says("/deduct 城关所 治安管理 1 最后一天")
    march.with_now(datetime(2027, 3, 18, 16, 0, tzinfo=UTC))
    await people["wang"].says("/deduct 城关所 治安管理 1 再查")
    assert [row[4] for row in entries(march)] == ["2027Q1"]
    assert people["wang"].buttons()[:2] == ["2027年第一季度", "2027年第二季度"]
    await people["head"].says("/submit")
    assert "⚠ 已逾期 1 天" in people["head"].sees()


@pytest.mark.parametrize(("day", "late"), [(18, ""), (20, ""), (21, "（逾期 1 天）")])
async def test_late_is_counted_from_the_extended_day(march, day, late):
    people = await cast(march)
    await people["office"].says("/extend 派出所组 一季度 3-20 因防汛延长")
    march.with_now(datetime(2027, 3, day, 1, tzinfo=UTC))
    await submitted(march, people)
    assert f"提交了派出所考核小组　2027年第一季度的成绩{late}。" in people["office"].sees()
    await people["office"].says("/progress 派出所组")
    assert f"由李组长提交{late}" in people["office"].sees()
    assert ("逾期" in people["office"].sees()) is bool(late)


async def test_the_other_groups_extension_is_its_own(march):
    people = await cast(march)
    qian = await march.person("郑组长", Post(Role.HEAD, group=OFFICES))
    await people["office"].says("/extend 派出所组 一季度 3-18 因防汛延长")
    await people["office"].says("/extend 机关科室及实战所队考核小组 一季度 3-25 因防汛延长")
    march.with_now(datetime(2027, 3, 20, 1, tzinfo=UTC))
    await qian.says("/submit")
    assert "逾期" not in qian.sees()
    await people["head"].says("/submit")
    assert "⚠ 已逾期 2 天" in people["head"].sees()


async def test_a_submitted_quarter_is_not_extended(march):
    people = await cast(march)
    await submitted(march, people)
    await people["office"].says("/extend 派出所组 一季度 3-20 因防汛延长")
    assert "没有办理：2027年第一季度成绩已提交" in people["office"].sees()


# Publication


async def mixed(town: Town) -> None:
    """法制科, which the other group scores, stands in the stations' first sequence."""
    units = tuple(
        unit.model_copy(update={"sequence": "派出所第一序列"} if unit.code == "fazhi" else {})
        for unit in town.config.unit
    )
    await town.close()
    town.config = town.config.model_copy(update={"unit": units})
    town.config.__dict__.pop("organisation", None)
    await town.open()


async def test_a_sequence_that_two_groups_score_goes_out_with_the_second_of_them_once(march):
    people = await cast(march)
    third = await march.person("郑组长", Post(Role.HEAD, group=OFFICES))
    fazhi = await march.person("法制联络", Post(Role.LIAISON, unit="fazhi"))
    for player in (third, fazhi):
        await player.says("/start")
    await mixed(march)
    office = people["office"]
    await office.says("/lead 一季度 高局长")
    for head, group in ((people["head"], "派出所组"), (third, OFFICES)):
        await head.says("/submit")
        await head.presses("全部放过")
        await head.presses("✔ 提交")
        await office.says(f"/confirm {group}")
        await office.presses("✔ 审定")
    await office.says("/publish 派出所组")
    assert "派出所第一序列" not in office.sees()
    assert "派出所第二序列" in office.sees()
    await office.presses("✔ 公布")
    assert [name for name, player in people.items() if "派出所第一序列" in player.screen()] == []
    assert "成绩公布　派出所第二序列" in people["wang"].screen()
    assert "签收" not in "".join(people["liaison"].buttons())
    await office.says(f"/publish {OFFICES}")
    assert "派出所第一序列" in office.sees()
    await office.presses("✔ 公布")
    for player in (people["liaison"], people["other"], people["wang"], people["leader"], third, fazhi):
        assert player.screen().count("成绩公布　派出所第一序列") == 1, player.name
    assert people["wang"].screen().count("成绩公布　派出所第二序列") == 1
    assert third.screen().count("成绩公布　派出所第二序列") == 0
    assert fazhi.buttons() == ["签收：法制科"]
    assert people["liaison"].buttons() == ["签收：城关派出所"]


# What is shown and what is stored


async def test_the_question_before_a_submission_says_all_that_is_missing(march):
    people = await cast(march)
    await inspect_all(march, people["wang"], but=("东门派出所",))
    await people["wang"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await people["wang"].says("/deduct 城关所 执法质量 1.5 卷宗缺页")
    await people["wang"].says("/deduct 西街所 治安管理 1 误记")
    await people["wang"].says("/undo")
    await people["liaison"].says("/appeal 1 当天有巡查记录")
    await people["head"].says("/submit")
    shown = people["head"].sees().splitlines()
    assert shown[:2] == ["派出所考核小组　2027年第一季度", "检查完毕 21 / 22 个单位"]
    assert "城关派出所　96.5 分，扣分 2 笔" in shown
    assert "西街派出所　100 分" in shown
    assert "东门派出所　100 分　⚠未检查" in shown
    assert shown[-2:] == [
        "1 件申诉待考评办裁定，不影响提交。",
        "还没有提交：1 个单位没有检查完毕。确实不再检查的，请逐个放过（会写明名单）；要检查的，检查后发送 /done 再提交。",
    ]
    await people["head"].presses("放过 东门派出所")
    assert "还没有提交。提交后本组不能再登记和修改，由考评办审定。请核对：" in people["head"].screen()


async def test_what_is_confirmed_keeps_who_was_inspected_and_who_was_vetoed(march):
    people = await cast(march)
    await people["wang"].says("/done 城关所")
    await people["wang"].says("/deduct 西街所 4.2 涉案")
    await submitted(march, people)
    office = people["office"]
    await office.says("/lead 一季度 高局长")
    march.clock.move(days=5)
    await office.says("/confirm")
    shown = office.sees().splitlines()
    assert shown[0] == "派出所考核小组　2027年第一季度"
    assert shown[1] == "3月1日 09:00 由李组长提交。"
    assert "城关派出所　100 分" in shown
    assert "东门派出所　100 分　⚠未检查" in shown
    assert "西街派出所　100 分　⚠一票否决　⚠未检查" in shown
    (waved,) = [line for line in shown if line.startswith("未检查、由组长放过：")]
    assert waved.startswith("未检查、由组长放过：东门派出所、西街派出所、")
    await office.presses("✔ 审定")
    with march.beside() as db:
        stored = db.rows("SELECT unit_code, group_name, quarter, inspected, vetoed, total FROM result")
    by_unit = {row["unit_code"]: row for row in stored}
    assert len(stored) == 22
    assert {row["group_name"] for row in stored} == {STATIONS}
    assert {row["quarter"] for row in stored} == {"2027Q1"}
    assert [code for code, row in by_unit.items() if row["inspected"]] == ["chengguan"]
    assert [code for code, row in by_unit.items() if row["vetoed"]] == ["xijie"]


async def test_nothing_to_do_says_where_each_group_stands_and_who_is_next(march):
    people = await cast(march)
    office = people["office"]
    await office.says("/confirm")
    assert office.sees() == (
        "现在没有可以审定的季度成绩，什么也没有改。目前的情况：\n\n"
        "派出所考核小组　2027年第一季度\n登记中，还没有提交。\n下一步：组长或副组长提交（/submit），还有 14 天到期。\n\n"
        "机关科室及实战所队考核小组　2027年第一季度\n登记中，还没有提交。\n"
        "下一步：组长或副组长提交（/submit），还有 14 天到期。"
    )
    march.with_now(datetime(2027, 3, 15, 1, tzinfo=UTC))
    await office.says("/confirm 派出所组")
    assert "（/submit），今天到期。" in office.sees()
    await submitted(march, people)
    await people["deputy"].says("/submit")
    assert "由李组长提交。\n下一步：由考评办审定或退回。" in people["deputy"].sees()
    march.with_now(datetime(2027, 3, 17, 1, tzinfo=UTC))
    await office.says("/confirm 机关科室及实战所队考核小组 一季度")
    assert "（/submit），已逾期 2 天。" in office.sees()


async def test_a_late_submission_stays_late_in_every_line(march):
    people = await cast(march)
    march.with_now(datetime(2027, 3, 17, 1, tzinfo=UTC))
    await submitted(march, people)
    assert "已提交：派出所考核小组　2027年第一季度（逾期 2 天）" in people["head"].screen()
    await people["office"].says("/lead 一季度 高局长")
    await people["office"].says("/confirm")
    assert "由李组长提交（逾期 2 天）。" in people["office"].sees()


async def both_published(march, people):
    """Both groups' results are out, and 派出所's 城关 has acknowledged."""
    third = await march.person("郑组长", Post(Role.HEAD, group=OFFICES))
    fazhi = await march.person("法制联络", Post(Role.LIAISON, unit="fazhi"))
    for player in (third, fazhi):
        await player.says("/start")
    office = people["office"]
    await office.says("/lead 一季度 高局长")
    for head, group in ((people["head"], "派出所组"), (third, OFFICES)):
        await head.says("/submit")
        await head.presses("全部放过")
        await head.presses("✔ 提交")
        await office.says(f"/confirm {group}")
        await office.presses("✔ 审定")
        await office.presses("公布")
        await office.presses("✔ 公布")
    await people["liaison"].presses("签收")
    return fazhi


async def test_with_two_groups_published_each_has_its_own_count_and_reminder(march):
    people = await cast(march)
    fazhi = await both_published(march, people)
    office = people["office"]
    await office.says("/publish")
    assert "已签收 1 / 22 个单位，未签收：东门派出所" in office.sees()
    assert "已签收 0 / 19 个单位，未签收：" in office.sees()
    assert office.buttons() == [f"提醒未签收单位：{STATIONS}", f"提醒未签收单位：{OFFICES}"]
    await office.presses(f"提醒未签收单位：{OFFICES}")
    assert "考评办还在等本单位签收" in fazhi.screen()
    assert "考评办还在等本单位签收" not in people["other"].screen() + people["liaison"].screen()
    await office.presses(f"提醒未签收单位：{STATIONS}")
    assert "考评办还在等本单位签收" in people["other"].screen()
    assert "考评办还在等本单位签收" not in people["liaison"].screen()
    assert fazhi.screen().count("考评办还在等本单位签收") == 1


async def test_an_acknowledgement_is_of_one_quarter(march):
    people = await cast(march)
    await both_published(march, people)
    march.with_now(datetime(2027, 6, 10, 1, tzinfo=UTC))
    office = people["office"]
    await people["head"].says("/submit")
    await people["head"].presses("全部放过")
    await people["head"].presses("✔ 提交")
    await office.says("/lead 二季度 高局长")
    await office.says("/confirm 派出所组")
    await office.presses("✔ 审定")
    await office.presses("公布")
    await office.presses("✔ 公布")
    assert people["liaison"].buttons() == ["签收：城关派出所"]
    assert "2027年第二季度成绩已签收" in await people["liaison"].presses("签收")
    await office.says("/publish 派出所组 一季度")
    assert "已签收 1 / 22 个单位" in office.sees()


async def test_an_extension_without_a_quarter_is_of_the_one_that_is_due(march):
    people = await cast(march)
    march.with_now(datetime(2027, 3, 16, 1, tzinfo=UTC))
    await people["office"].says("/extend 派出所组 3-20 因防汛延长")
    assert "2027年第一季度的期限改为 2027年3月20日，当天仍算在内" in people["office"].sees()


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/submit 二季度 顺便", "顺便"),
        ("/submit 年度", "年度"),
        ("/confirm 年度", "年度"),
        ("/submit 2027Q2", "2027年第二季度还没有开始"),
        ("/submit 2026Q4", "没有2026年第四季度的数据"),
        ("/confirm 2027Q2", "2027年第二季度还没有开始"),
    ],
)
async def test_what_a_step_does_not_understand_is_told(march, said, answer):
    people = await cast(march)
    who = people["head"] if said.startswith("/submit") else people["office"]
    await who.says(said)
    assert answer in who.sees()
    with march.beside() as db:
        assert db.execute("SELECT count(*) FROM draft").fetchone() == (0,)
