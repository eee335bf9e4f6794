"""Who hears of each step of a quarter, of each entry and of all that becomes of it, and with which buttons: everybody, and nobody else."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from storage import people
from tests.conversation import OFFICES, Player, Post, Role, Town, entries
from tests.hearing import listening
from tests.staff import staff

FIRST = ("周联络", "吴联络")
"""The liaisons of 城关派出所."""


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
    await everybody["林主任"].says("/lead 一季度 高局长")
    return everybody


def each(names: Iterable[str], buttons: list[tuple[str, ...]]) -> dict[str, list[tuple[str, ...]]]:
    """The same messages, by their buttons, for each of these."""
    return {name: list(buttons) for name in names}


async def submitted(cast: dict[str, Player], head: str = "李组长") -> None:
    await cast[head].says("/submit")
    await cast[head].presses("全部放过")
    await cast[head].presses("✔ 提交")


async def confirmed(cast: dict[str, Player], head: str = "李组长") -> None:
    await submitted(cast, head)
    await cast["林主任"].says("/confirm")
    await cast["林主任"].presses("✔ 审定")


# The steps of a quarter


async def test_of_a_submission_the_office_the_lead_and_the_groups_other_heads(march, cast):
    await cast["李组长"].says("/submit")
    await cast["李组长"].presses("全部放过")
    with listening(march, cast["李组长"]) as heard:
        await cast["李组长"].presses("✔ 提交")
    assert heard.buttons == {
        "林主任": [("审定", "退回")],
        "孙主任": [("审定", "退回")],
        "高局长": [()],
        "赵副组长": [()],
    }
    (text,) = heard.texts()
    assert text.startswith("李组长提交了派出所考核小组　2027年第一季度的成绩。")
    assert "未检查、由组长放过：城关派出所、东门派出所" in text
    assert text.endswith("下一步：由考评办审定或退回。")


async def test_of_the_other_groups_submission_its_own_heads(march, cast):
    await cast["钱副组长"].says("/submit")
    await cast["钱副组长"].presses("全部放过")
    with listening(march, cast["钱副组长"]) as heard:
        await cast["钱副组长"].presses("✔ 提交")
    assert heard.buttons == {
        "林主任": [("审定", "退回")],
        "孙主任": [("审定", "退回")],
        "高局长": [()],
        "郑组长": [()],
    }
    (text,) = heard.texts()
    assert text.startswith(f"钱副组长提交了{OFFICES}")


async def test_of_a_return_the_whole_group_and_only_its_heads_get_the_button(march, cast):
    await submitted(cast)
    with listening(march, cast["林主任"]) as heard:
        await cast["林主任"].says("/return 台账没有附上")
    assert heard.buttons == {
        "李组长": [("重新提交",)],
        "赵副组长": [("重新提交",)],
        "王伟": [()],
        "李娜": [()],
    }
    (text,) = heard.texts()
    assert text.startswith("考评办退回了派出所考核小组　2027年第一季度的成绩。\n原因：台账没有附上\n")


async def test_of_a_confirmation_the_rest_of_the_office_the_lead_and_the_groups_heads(march, cast):
    await submitted(cast)
    await cast["林主任"].says("/confirm")
    with listening(march, cast["林主任"]) as heard:
        await cast["林主任"].presses("✔ 审定")
    assert heard.buttons == {
        "孙主任": [("公布",)],
        "高局长": [()],
        "李组长": [()],
        "赵副组长": [()],
    }
    (text,) = heard.texts()
    assert (
        text == "考评办审定了派出所考核小组　2027年第一季度的成绩，带队局领导：高局长。\n下一步：由考评办公布。"
    )
    assert cast["林主任"].buttons() == ["公布"]


async def test_who_leads_is_who_was_named_last(march, cast):
    await cast["孙主任"].says("/lead 一季度 马局长")
    await cast["李组长"].says("/submit")
    await cast["李组长"].presses("全部放过")
    with listening(march, cast["李组长"]) as heard:
        await cast["李组长"].presses("✔ 提交")
    assert "高局长" not in heard.by_name
    assert heard.buttons["马局长"] == [()]


async def test_a_lead_of_the_office_gets_the_offices_buttons_once(march, cast):
    async with march.app.database.transaction() as session:
        lin = await people.find(session, cast["孙主任"].id)
        await people.appoint(
            session, person_id=lin.id, post=Post(Role.LEADER), granted_by=None, now=march.clock()
        )
    await cast["林主任"].says("/lead 一季度 孙主任")
    await cast["李组长"].says("/submit")
    await cast["李组长"].presses("全部放过")
    with listening(march, cast["李组长"]) as heard:
        await cast["李组长"].presses("✔ 提交")
    assert heard.buttons["孙主任"] == [("审定", "退回")]


async def test_published_the_rankings_reach_units_group_leaders_and_the_groups_own_chat(march, cast):
    chats = {
        "派出所群": await march.bound("派出所群", [cast["王伟"], cast["李组长"]]),
        "机关群": await march.bound("机关群", [cast["钱考核"]], group=OFFICES),
    }
    await confirmed(cast)
    await cast["林主任"].presses("公布")
    with listening(march, cast["林主任"], chats=chats) as heard:
        await cast["林主任"].presses("✔ 公布")
    assert heard.buttons == {
        "周联络": [("签收：城关派出所",)],
        "吴联络": [("签收：城关派出所",)],
        "城关所长": [("签收：城关派出所",)],
        "东门联络": [("签收：东门派出所",)],
        **each(("高局长", "马局长", "李组长", "赵副组长", "王伟", "李娜", "派出所群"), [(), ()]),
    }
    assert {text.splitlines()[0] for text in heard.texts("高局长", "王伟", "派出所群")} == {
        "成绩公布　派出所第一序列　2027年第一季度",
        "成绩公布　派出所第二序列　2027年第一季度",
    }
    assert {text.splitlines()[0] for text in heard.texts(*FIRST, "城关所长")} == {
        "城关派出所：第 1 名（并列），共 5 个单位，得分 100"
    }


async def test_of_an_acknowledgement_nobody_hears_and_the_others_buttons_still_answer(march, cast):
    await confirmed(cast)
    await cast["林主任"].says("/publish")
    await cast["林主任"].presses("✔ 公布")
    with listening(march, cast["吴联络"]) as heard:
        assert "成绩已签收" in await cast["吴联络"].presses("签收")
    assert heard.by_name == {}
    assert "此前已由吴联络签收" in await cast["城关所长"].presses("签收")
    assert "成绩已签收" in await cast["东门联络"].presses("签收")


async def test_who_has_not_acknowledged_is_reminded_once_a_day(march, cast):
    await confirmed(cast)
    await cast["林主任"].says("/publish")
    await cast["林主任"].presses("✔ 公布")
    await cast["东门联络"].presses("签收")
    await cast["林主任"].says("/publish")
    three = {name: [("签收",)] for name in (*FIRST, "城关所长")}
    with listening(march, cast["林主任"]) as heard:
        await cast["林主任"].presses("提醒未签收单位")
    assert heard.buttons == three
    (text,) = heard.texts()
    assert text.startswith("城关派出所2027年第一季度的成绩已经公布")
    assert "已提醒：城关派出所。" in cast["林主任"].sees()
    assert "提醒不到：西街派出所" in cast["林主任"].sees()
    assert "东门派出所" not in cast["林主任"].sees()
    march.clock.move(hours=1)
    with listening(march, cast["孙主任"]) as heard:
        await cast["孙主任"].says("/publish")
        await cast["孙主任"].presses("提醒未签收单位")
    assert heard.by_name == {}
    march.clock.move(days=1)
    with listening(march, cast["孙主任"]) as heard:
        await cast["孙主任"].presses("提醒未签收单位")
    assert heard.buttons == three
    await cast["周联络"].presses("签收")
    await cast["林主任"].says("/publish")
    assert "已签收 2 / 22 个单位，未签收：西街派出所" in cast["林主任"].sees()


async def test_of_an_extension_the_group_and_the_leaders(march, cast):
    with listening(march, cast["林主任"]) as heard:
        await cast["林主任"].says("/extend 派出所组 一季度 3-20 因防汛延长")
    assert heard.buttons == each(("高局长", "马局长", "李组长", "赵副组长", "王伟", "李娜"), [()])
    (text,) = heard.texts()
    assert text == (
        "考评办把派出所考核小组2027年第一季度的期限延长到 2027年3月20日，当天仍算在内。\n"
        "原因：因防汛延长\n该组下一季度从次日起算。"
    )


async def test_of_a_lead_that_is_named_nobody_hears(march, cast):
    with listening(march, cast["孙主任"]) as heard:
        await cast["孙主任"].says("/lead 一季度 马局长")
    assert heard.by_name == {}
    assert "马局长" in cast["孙主任"].sees()


async def test_of_a_unit_that_is_inspected_and_not_after_all_nobody_hears(march, cast):
    with listening(march, cast["王伟"]) as heard:
        await cast["王伟"].says("/done 城关所")
        await cast["王伟"].presses("撤回检查完毕")
    assert heard.by_name == {}
    assert "检查完毕已撤回" in cast["王伟"].sees()


# Entries


async def test_of_a_deduction_the_units_liaisons(march, cast):
    with listening(march, cast["王伟"]) as heard:
        await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    assert heard.buttons == each(FIRST, [("申诉",)])
    (text,) = heard.texts()
    assert text.startswith("城关派出所被扣分：治安管理 −2 分（记录 1）\n原因：巡查不到位\n")


async def test_of_each_line_of_several_its_own_units_liaisons(march, cast):
    await cast["王伟"].says("/deduct\n城关所 治安管理 1 甲\n东门所 治安管理 2 乙")
    with listening(march, cast["王伟"]) as heard:
        await cast["王伟"].presses("全部记入")
    assert heard.buttons == each((*FIRST, "东门联络"), [("申诉",)])
    assert [text.splitlines()[:2] for text in heard.texts("东门联络")] == [
        ["东门派出所被扣分：治安管理 −2 分（记录 2）", "原因：乙"]
    ]
    assert [text.splitlines()[:2] for text in heard.texts(*FIRST)] == [
        ["城关派出所被扣分：治安管理 −1 分（记录 1）", "原因：甲"]
    ]


async def test_of_a_reason_that_comes_later_the_units_liaisons(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2")
    with listening(march, cast["王伟"]) as heard:
        await cast["王伟"].says("巡查不到位")
    assert heard.buttons == each(FIRST, [()])
    (text,) = heard.texts()
    assert text == "城关派出所：记录 1（治安管理 −2 分）补充了原因：巡查不到位"


@pytest.mark.parametrize("way", ["/undo", "/undo 1", "press"])
async def test_of_an_undo_the_units_liaisons(march, cast, way):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    with listening(march, cast["王伟"]) as heard:
        await (cast["王伟"].presses("撤销") if way == "press" else cast["王伟"].says(way))
    assert heard.buttons == each(FIRST, [()])
    (text,) = heard.texts()
    assert text == "城关派出所：记录 1（治安管理 −2 分）已撤销，不再扣分。\n理由：误记"


# Corrections


async def test_of_ones_own_correction_the_liaisons_who_may_appeal_against_the_new_entry(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    with listening(march, cast["王伟"]) as heard:
        await cast["王伟"].says("/correct 1 1 多扣了")
    assert heard.buttons == each(FIRST, [("申诉",)])
    (text,) = heard.texts()
    assert text == "城关派出所：记录 1（治安管理 −2 分）已更正为记录 3（治安管理 −1 分）。\n理由：多扣了"
    await cast["吴联络"].presses("申诉")
    assert "记录 3" in cast["吴联络"].sees()


async def test_of_an_entry_that_is_cancelled_the_liaisons_without_a_button(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    with listening(march, cast["王伟"]) as heard:
        await cast["王伟"].says("/correct 1 撤销 不属实")
    assert heard.buttons == each(FIRST, [()])


async def test_of_the_offices_correction_the_author_too(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    with listening(march, cast["林主任"]) as heard:
        await cast["林主任"].says("/correct 1 1 核实后减轻")
    assert heard.buttons == {**each(FIRST, [("申诉",)]), "王伟": [()]}
    assert heard.texts("王伟") == {
        "您登记的记录 1（城关派出所　治安管理 −2 分）已由林主任改为：治安管理 −1 分（记录 3）。\n理由：核实后减轻"
    }


async def test_of_the_offices_cancelling_the_author_too(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    with listening(march, cast["林主任"]) as heard:
        await cast["林主任"].says("/correct 1 撤销 不属实")
    assert heard.buttons == {**each(FIRST, [()]), "王伟": [()]}
    assert heard.texts("王伟") == {"您登记的记录 1（城关派出所　治安管理 −2 分）已由林主任撤销。\n理由：不属实"}


async def test_of_an_entry_that_moves_both_units_each_its_own_part(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    with listening(march, cast["林主任"]) as heard:
        await cast["林主任"].says("/correct 1 东门所 写错单位")
    assert heard.buttons == {
        **each(FIRST, [()]),
        "东门联络": [("申诉",)],
        "王伟": [()],
    }
    assert heard.texts(*FIRST) == {
        "城关派出所：记录 1（治安管理 −2 分）已撤销，不再扣本单位的分。\n理由：写错单位"
    }
    (text,) = heard.texts("东门联络")
    assert text.startswith("东门派出所被扣分：治安管理 −2 分（记录 3）\n原因：巡查不到位\n")
    (text,) = heard.texts("王伟")
    assert "已由林主任改为：东门派出所　治安管理 −2 分（记录 3）" in text


ASKED = [("同意", "不同意")]


async def test_of_a_proposal_those_who_may_approve_it(march, cast):
    await cast["王伟"].says("/deduct 城关所 执法质量 6 卷宗")
    with listening(march, cast["王伟"]) as heard:
        await cast["王伟"].says("/correct 1 2 多扣了")
    assert heard.buttons == each(("林主任", "孙主任", "李组长", "赵副组长"), ASKED)
    (text,) = heard.texts()
    assert text == (
        "请您核准一笔更正，由王伟提出：\n记录 1：城关派出所　执法质量 −6 分　卷宗（登记人 王伟）\n"
        "改为：城关派出所　执法质量 −2 分　卷宗\n理由：多扣了"
    )
    assert "核准人：林主任、孙主任、李组长、赵副组长" in cast["王伟"].sees()


async def test_of_the_offices_own_proposal_the_others(march, cast):
    await cast["李组长"].says("/deduct 城关所 执法质量 6 卷宗")
    with listening(march, cast["林主任"]) as heard:
        await cast["林主任"].says("/correct 1 撤销 不属实")
    assert heard.buttons == each(("孙主任", "赵副组长"), ASKED), "neither the author nor the proposer"


async def test_approved_the_proposer_the_author_and_the_liaisons_hear(march, cast):
    await cast["王伟"].says("/deduct 城关所 执法质量 6 卷宗")
    await cast["林主任"].says("/correct 1 2 多扣了")
    with listening(march, cast["赵副组长"]) as heard:
        await cast["赵副组长"].presses("同意")
    assert heard.buttons == {**each(FIRST, [("申诉",)]), "林主任": [()], "王伟": [()]}
    assert heard.texts("林主任") == {"✔ 记录 1 的更正已核准生效（赵副组长）。"}
    (text,) = heard.texts("王伟")
    assert "已由林主任改为：执法质量 −2 分（记录 3）。\n理由：多扣了" in text, "by who proposed it"
    (text,) = heard.texts(*FIRST)
    assert "已更正为记录 3（执法质量 −2 分）" in text
    assert "✔ 记录 1 的更正已核准生效（赵副组长）。" in cast["赵副组长"].screen()


async def test_approved_the_author_who_proposed_it_hears_once(march, cast):
    await cast["王伟"].says("/deduct 城关所 执法质量 6 卷宗")
    await cast["王伟"].says("/correct 1 2 多扣了")
    with listening(march, cast["赵副组长"]) as heard:
        await cast["赵副组长"].presses("同意")
    assert heard.buttons == {**each(FIRST, [("申诉",)]), "王伟": [()]}
    assert heard.texts("王伟") == {"✔ 记录 1 的更正已核准生效（赵副组长）。"}


async def test_declined_the_proposer_hears_and_nobody_else(march, cast):
    await cast["王伟"].says("/deduct 城关所 执法质量 6 卷宗")
    await cast["林主任"].says("/correct 1 2 多扣了")
    with listening(march, cast["孙主任"]) as heard:
        await cast["孙主任"].presses("不同意")
    assert heard.buttons == {"林主任": [()]}
    assert heard.texts() == {"记录 1 的更正没有获得同意（孙主任），原记录照旧扣分。"}
    assert [row[3] for row in entries(march)] == [600]


async def test_pressed_after_somebody_decided_nobody_hears_again(march, cast):
    await cast["王伟"].says("/deduct 城关所 执法质量 6 卷宗")
    await cast["王伟"].says("/correct 1 2 多扣了")
    await cast["孙主任"].presses("不同意")
    with listening(march, cast["赵副组长"]) as heard:
        await cast["赵副组长"].presses("同意")
    assert heard.by_name == {}
    assert "记录 1 的更正没有获得同意，原记录照旧扣分。" in cast["赵副组长"].screen()
    assert [row[3] for row in entries(march)] == [600]


# Appeals

DECIDE = ("维持", "减轻", "取消扣分")


async def test_of_an_appeal_the_office_and_the_author(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    with listening(march, cast["周联络"]) as heard:
        await cast["周联络"].says("/appeal 1 当天有巡查记录")
    assert heard.buttons == {"林主任": [DECIDE], "孙主任": [DECIDE], "王伟": [()]}
    (text,) = heard.texts("林主任", "孙主任")
    assert text == (
        "收到申诉：记录 1：城关派出所　治安管理 −2 分　巡查不到位（登记人 王伟）\n"
        "周联络 3月1日 09:00 提出：当天有巡查记录\n请裁定；登记人本人、申诉人和该单位的人不能裁定。"
    )
    (text,) = heard.texts("王伟")
    assert text.startswith("您登记的记录 1：城关派出所　治安管理 −2 分　巡查不到位\n被申诉：当天有巡查记录\n")


async def test_kept_the_units_liaisons_and_the_author_hear(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await cast["周联络"].says("/appeal 1 当天有巡查记录")
    await cast["孙主任"].presses("维持")
    with listening(march, cast["孙主任"]) as heard:
        await cast["孙主任"].says("证据充分")
    assert heard.buttons == each((*FIRST, "王伟"), [()])
    assert heard.texts() == {
        "城关派出所：对记录 1（治安管理 −2 分）的申诉，裁定维持，照旧扣分。\n理由：证据充分"
    }


async def test_reduced_the_liaisons_may_appeal_against_what_is_left(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await cast["吴联络"].says("/appeal 1 只有一处")
    await cast["孙主任"].presses("减轻")
    await cast["孙主任"].says("0.5")
    with listening(march, cast["孙主任"]) as heard:
        await cast["孙主任"].says("核实一处")
    assert heard.buttons == {**each(FIRST, [("申诉",)]), "王伟": [()]}
    (text,) = heard.texts(*FIRST)
    assert text == (
        "城关派出所：记录 1（治安管理 −2 分）已更正为记录 3（治安管理 −0.5 分）。\n理由：申诉裁定减轻：核实一处"
    )


async def test_cancelled_the_liaisons_and_the_author_hear(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await cast["吴联络"].says("/appeal 1 不属实")
    await cast["孙主任"].presses("取消扣分")
    with listening(march, cast["孙主任"]) as heard:
        await cast["孙主任"].says("核实后不属实")
    assert heard.buttons == each((*FIRST, "王伟"), [()])
    assert heard.texts(*FIRST) == {
        "城关派出所：记录 1（治安管理 −2 分）已撤销，不再扣分。\n理由：申诉裁定取消扣分：核实后不属实"
    }


async def test_of_a_large_decision_those_who_may_agree_and_then_everybody_concerned(march, cast):
    await cast["王伟"].says("/deduct 城关所 执法质量 6 卷宗")
    await cast["周联络"].says("/appeal 1 不属实")
    await cast["孙主任"].presses("取消扣分")
    with listening(march, cast["孙主任"]) as heard:
        await cast["孙主任"].says("核实后不属实")
    assert heard.buttons == each(("林主任", "李组长", "赵副组长"), ASKED)
    with listening(march, cast["李组长"]) as heard:
        await cast["李组长"].presses("同意")
    assert heard.buttons == each((*FIRST, "王伟", "孙主任"), [()])
    assert heard.texts("孙主任") == {"✔ 记录 1 的申诉裁定已核准生效（李组长）。"}


async def test_an_author_who_logs_no_more_is_not_told(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    async with march.app.database.transaction() as session:
        wang = await people.find(session, cast["王伟"].id)
        await people.remove(session, person_id=wang.id, by=wang.id, now=march.clock())
    with listening(march, cast["周联络"]) as heard:
        await cast["周联络"].says("/appeal 1 当天有巡查记录")
    assert set(heard.by_name) == {"林主任", "孙主任"}
    await cast["林主任"].presses("减轻")
    await cast["林主任"].says("1")
    with listening(march, cast["林主任"]) as heard:
        await cast["林主任"].says("核实一处")
    assert set(heard.by_name) == set(FIRST)
