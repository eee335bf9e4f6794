"""What the trail says of each act: who, what, about which record and unit, and why (Trace)."""

from datetime import UTC, datetime

import pytest

from storage import people
from tests.conversation import Player, Town
from tests.staff import staff


@pytest.fixture
async def march(tmp_path):
    """A bureau in the first quarter of 2027, two weeks before its deadline."""
    town = await Town(tmp_path, now=datetime(2027, 3, 1, 1, tzinfo=UTC)).open()
    yield town
    await town.close()


@pytest.fixture
async def cast(march):
    """Two of each kind, and a lead for the first quarter."""
    everybody = await staff(march)
    await everybody["孙主任"].says("/lead 一季度 高局长")
    return everybody


async def trail(office: Player, act: str, about: str = "") -> list[str]:
    """The lines of an act without their moment, newest first, as the office reads them."""
    await office.says(f"/audit {about}")
    lines = shown(office)
    while "较早 ›" in office.buttons():
        await office.presses("较早 ›")
        lines += shown(office)
    return ["　".join(line) for line in lines if line[1] == act]


def shown(office: Player) -> list[list[str]]:
    """The lines of the newest page, each in its parts but the moment."""
    text = office.town.world.store.messages(office.id, limit=1)[-1]["text"]
    return [line.split("　")[1:] for line in text.splitlines()[2:]]


async def deducted(cast: dict[str, Player], line: str = "治安管理 2 巡查不到位") -> None:
    """Records 1 on 城关派出所 and 2 on 东门派出所."""
    await cast["王伟"].says(f"/deduct 城关所 {line}")
    await cast["李娜"].says(f"/deduct 东门所 {line}")


async def submitted(cast: dict[str, Player]) -> None:
    await cast["李组长"].says("/submit")
    await cast["李组长"].presses("全部放过")
    await cast["李组长"].presses("✔ 提交")


# Entries


async def test_a_deduction_and_its_unit_alone_where_that_is_asked_for(cast):
    await deducted(cast)
    lines = await trail(cast["林主任"], "登记扣分")
    assert lines == [
        "李娜　登记扣分　记录 2　东门派出所　巡查不到位",
        "王伟　登记扣分　记录 1　城关派出所　巡查不到位",
    ]
    assert await trail(cast["林主任"], "登记扣分", "城关所") == lines[1:]
    assert await trail(cast["林主任"], "登记扣分", "李娜") == lines[:1]
    assert await trail(cast["林主任"], "登记扣分", "2-28") == []
    assert await trail(cast["林主任"], "登记扣分", "3-1 王伟 城关所") == lines[1:]


async def test_a_reason_that_came_later(cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2")
    await cast["王伟"].says("巡查不到位")
    assert await trail(cast["林主任"], "补充原因") == ["王伟　补充原因　记录 1　城关派出所　巡查不到位"]


async def test_an_undo_names_the_record_that_it_took_back(cast):
    await deducted(cast)
    await cast["王伟"].says("/undo")
    assert await trail(cast["林主任"], "撤销记录") == ["王伟　撤销记录　记录 1　城关派出所　误记"]


async def test_a_correction_is_its_makers_and_both_its_rows_stand_there(cast):
    await deducted(cast)
    await cast["孙主任"].says("/correct 1 1 核实后减轻")
    assert await trail(cast["林主任"], "撤销记录") == ["孙主任　撤销记录　记录 1　城关派出所　核实后减轻"]
    assert (await trail(cast["林主任"], "登记扣分"))[0] == "孙主任　登记扣分　记录 4　城关派出所　巡查不到位"


async def test_a_unit_that_was_inspected_and_not_after_all(cast):
    await cast["王伟"].says("/done 城关所 东门所")
    await cast["李娜"].says("/done 撤回 东门所")
    assert set(await trail(cast["林主任"], "标记检查完毕")) == {
        "王伟　标记检查完毕　城关派出所　2027Q1",
        "王伟　标记检查完毕　东门派出所　2027Q1",
    }
    assert await trail(cast["林主任"], "撤回检查完毕") == ["李娜　撤回检查完毕　东门派出所　2027Q1"]


# The second person


@pytest.fixture
async def proposed(cast):
    """王伟 proposes to put record 1 right; record 2 is left alone."""
    await deducted(cast, "执法质量 6 卷宗")
    await cast["王伟"].says("/correct 1 2 多扣了")
    return cast


async def test_a_proposal(proposed):
    assert await trail(proposed["林主任"], "提请更正") == ["王伟　提请更正　记录 1　城关派出所　多扣了"]


async def test_approved_it_is_approved_by_who_pressed_and_corrected_by_who_proposed(proposed):
    await proposed["赵副组长"].presses("同意")
    office = proposed["林主任"]
    assert await trail(office, "核准更正") == ["赵副组长　核准更正　记录 1　城关派出所"]
    assert await trail(office, "不同意更正") == []
    assert await trail(office, "撤销记录") == ["王伟　撤销记录　记录 1　城关派出所　多扣了"]


async def test_declined_it_is_declined_by_who_pressed(proposed):
    await proposed["孙主任"].presses("不同意")
    office = proposed["林主任"]
    assert await trail(office, "不同意更正") == ["孙主任　不同意更正　记录 1　城关派出所"]
    assert await trail(office, "核准更正") == []
    assert await trail(office, "撤销记录") == []


async def test_overtaken_it_says_so(proposed):
    await proposed["王伟"].presses("撤销")
    await proposed["赵副组长"].presses("同意")
    assert await trail(proposed["林主任"], "不同意更正") == [
        "赵副组长　不同意更正　记录 1　城关派出所　此前已经撤销，不必再办"
    ]


# Appeals


async def test_an_appeal(cast):
    await deducted(cast)
    await cast["东门联络"].says("/appeal 2 不属实")
    await cast["吴联络"].says("/appeal 1 当天有巡查记录")
    assert await trail(cast["林主任"], "提出申诉") == [
        "吴联络　提出申诉　记录 1　城关派出所　当天有巡查记录",
        "东门联络　提出申诉　记录 2　东门派出所　不属实",
    ]


@pytest.mark.parametrize("decision", ["维持", "减轻", "取消扣分"])
async def test_a_decision_with_its_reason(cast, decision):
    await deducted(cast)
    await cast["周联络"].says("/appeal 1 当天有巡查记录")
    await cast["东门联络"].says("/appeal 2 不属实")
    question = next(m for m in cast["孙主任"].answers() if "记录 1：" in m["text"])
    await cast["孙主任"].presses(decision, on=question)
    if decision == "减轻":
        await cast["孙主任"].says("1")
    await cast["孙主任"].says("核实无误")
    assert await trail(cast["林主任"], "裁定申诉") == [
        f"孙主任　裁定申诉　记录 1　城关派出所　{decision}：核实无误"
    ]


async def test_a_decision_that_a_second_person_agreed_to_is_who_decideds(cast):
    await deducted(cast, "执法质量 6 卷宗")
    await cast["周联络"].says("/appeal 1 不属实")
    await cast["孙主任"].presses("取消扣分")
    await cast["孙主任"].says("核实后不属实")
    await cast["赵副组长"].presses("同意")
    office = cast["林主任"]
    assert await trail(office, "提请更正") == ["孙主任　提请更正　记录 1　城关派出所　核实后不属实"]
    assert await trail(office, "核准更正") == ["赵副组长　核准更正　记录 1　城关派出所"]
    assert await trail(office, "裁定申诉") == ["孙主任　裁定申诉　记录 1　城关派出所　取消扣分：核实后不属实"]


# The steps of a quarter


async def test_the_steps_of_a_quarter_each_with_who_and_why(cast):
    await submitted(cast)
    await cast["孙主任"].says("/return 台账没有附上")
    await submitted(cast)
    await cast["林主任"].says("/confirm")
    await cast["林主任"].presses("✔ 审定")
    await cast["孙主任"].says("/publish")
    await cast["孙主任"].presses("✔ 公布")
    await cast["吴联络"].presses("签收")
    office, which = cast["林主任"], "派出所考核小组 2027Q1"
    begins = f"李组长　提交季度成绩　{which} 未检查放过：城关派出所、东门派出所、"
    assert [line.startswith(begins) for line in await trail(office, "提交季度成绩")] == [True, True]
    assert await trail(office, "退回季度成绩") == [f"孙主任　退回季度成绩　{which} 台账没有附上"]
    (confirmed,) = await trail(office, "审定季度成绩")
    assert confirmed.startswith(f"林主任　审定季度成绩　{which} 带队局领导 高局长，22 个单位，校验 ")
    assert await trail(office, "公布季度成绩") == [f"孙主任　公布季度成绩　{which}"]
    assert await trail(office, "签收季度成绩") == ["吴联络　签收季度成绩　城关派出所　2027Q1"]


async def test_an_extension_and_a_lead(march, cast):
    await cast["孙主任"].says("/extend 派出所组 一季度 3-20 因防汛延长")
    office = cast["林主任"]
    assert await trail(office, "延长考核期限") == [
        "孙主任　延长考核期限　派出所考核小组 2027Q1 2027-03-20 因防汛延长"
    ]
    async with march.app.database.reading() as session:
        gao = await people.find(session, cast["高局长"].id)
    assert await trail(office, "指定带队局领导") == [f"孙主任　指定带队局领导　2027Q1 编号 {gao.id}"]


async def test_a_choice_and_a_chat(march, cast):
    await cast["周联络"].says("/settings")
    await cast["周联络"].presses("○ 每天 17:30 汇总一次")
    chat = march.group("派出所群", [cast["林主任"], cast["王伟"]])
    await cast["林主任"].says("/bind 派出所考核小组", chat=chat)
    await cast["林主任"].says("/bind 解除", chat=chat)
    assert await trail(cast["林主任"], "改通知和提醒") == ["周联络　改通知和提醒　notices=daily"]
    assert await trail(cast["林主任"], "绑定群") == [f"林主任　绑定群　派出所考核小组 {chat}"]
    assert await trail(cast["林主任"], "解除群绑定") == [f"林主任　解除群绑定　派出所考核小组 {chat}"]


async def test_the_trail_is_turned_page_by_page(march, cast):
    for number in range(45):
        await cast["王伟"].says(f"/deduct 城关所 治安管理 0.1 第{number}笔")
    lin = cast["林主任"]
    await lin.says("/audit 王伟 登记")
    assert "没有“登记”" in lin.sees()
    await lin.says("/audit 王伟 城关所 3-1")
    assert lin.buttons() == ["较早 ›"]
    assert [f"第{number}笔" in lin.screen() for number in (44, 25, 24)] == [True, True, False]
    await lin.presses("较早")
    assert lin.buttons() == ["‹ 较新", "较早 ›"]
    assert "操作留痕　第 2 页" in lin.screen()
    assert [f"第{number}笔" in lin.screen() for number in (25, 24, 5, 4)] == [False, True, True, False]
    await lin.presses("较早")
    assert lin.buttons() == ["‹ 较新"]
    assert [f"第{number}笔" in lin.screen() for number in (5, 4, 0)] == [False, True, True]
    await lin.presses("‹ 较新")
    assert "第24笔" in lin.screen()
    await cast["李娜"].says("/whoami")
    message = cast["李娜"].answers()[-1]
    assert (
        "没有这项权限"
        in await cast["李娜"].presses_data(message, "audit:0:::0", forged=True) + cast["李娜"].sees()
    )


async def test_a_day_is_from_midnight_to_midnight(march, cast):
    lines = []
    for number, moment in enumerate(
        (
            datetime(2027, 3, 2, 15, 59, 59, tzinfo=UTC),
            datetime(2027, 3, 2, 16, 0, tzinfo=UTC),
            datetime(2027, 3, 3, 15, 59, 59, tzinfo=UTC),
            datetime(2027, 3, 3, 16, 0, tzinfo=UTC),
        )
    ):
        march.with_now(moment)
        await cast["王伟"].says(f"/deduct 城关所 治安管理 1 第{number}笔")
        lines.append(f"王伟　登记扣分　记录 {number + 1}　城关派出所　第{number}笔")
    office = cast["林主任"]
    assert await trail(office, "登记扣分", "3-3") == [lines[2], lines[1]]
    assert await trail(office, "登记扣分", "3-2") == [lines[0]]
    assert await trail(office, "登记扣分", "3-4") == [lines[3]]
    assert await trail(office, "登记扣分", "3-5") == []
