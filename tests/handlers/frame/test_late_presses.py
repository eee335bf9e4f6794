"""Buttons that were forged, or come too late, or whose right is gone; and what happens while a step is under way (R7, R8)."""

import asyncio
from datetime import UTC, datetime

import pytest

from handlers.frame import names
from rules.calendar import Quarter
from rules.stages import Move, Step
from sandbox.world import Upload
from storage import people, quarter_steps
from tests.conversation import OFFICES, STATIONS, Player, Post, Role, Sketchbook, Town, entries
from tests.hearing import listening
from tests.staff import staff

FIRST = Quarter(2027, 1)


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


async def forges(player: Player, data: str) -> str:
    """Presses a button that was never offered; what is answered over it and below it."""
    message = player.town.world.store.messages(player.id, limit=1)[0]
    toast = await player.presses_data(message, data, forged=True)
    return toast + player.sees()


async def submitted(cast: dict[str, Player], head: str = "李组长") -> None:
    await cast[head].says("/submit")
    await cast[head].presses("全部放过")
    await cast[head].presses("✔ 提交")


async def published(cast: dict[str, Player]) -> None:
    await submitted(cast)
    await cast["林主任"].says("/confirm")
    await cast["林主任"].presses("✔ 审定")
    await cast["林主任"].says("/publish")
    await cast["林主任"].presses("✔ 公布")


def steps(town: Town) -> list[tuple[str, str]]:
    """What was done with which group's quarter."""
    with town.beside() as db:
        return db.execute("SELECT group_name, move FROM step ORDER BY id").fetchall()


def counted(town: Town, table: str) -> int:
    with town.beside() as db:
        return db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


async def acts(office: Player) -> list[str]:
    """The acts of the trail, newest first."""
    await office.says("/audit")
    return [line.split("　")[2] for line in office.sees().splitlines()[2:]]


# Acknowledgements


async def test_what_is_not_published_is_not_acknowledged_by_a_forged_button(march, cast):
    await submitted(cast)
    await cast["林主任"].says("/confirm")
    await cast["林主任"].presses("✔ 审定")
    assert "失效" in await forges(cast["周联络"], "ack:2027Q1:chengguan")
    assert counted(march, "acknowledgement") == 0
    assert "签收季度成绩" not in await acts(cast["孙主任"])


@pytest.mark.parametrize(
    ("who", "data"),
    [
        ("东门联络", "ack:2027Q1:chengguan"),
        ("法制联络", "ack:2027Q1:fazhi"),
        ("周联络", "ack:2026Q4:chengguan"),
        ("周联络", "ack:2027Q2:chengguan"),
        ("周联络", "ack:2027Q1:nowhere"),
        ("周联络", "ack:chengguan:2027Q1"),
        ("周联络", "ack"),
        ("王伟", "ack:2027Q1:chengguan"),
        ("林主任", "ack:2027Q1:chengguan"),
    ],
)
async def test_nobody_acknowledges_for_another_unit_group_or_quarter(march, cast, who, data):
    await published(cast)
    answer = await forges(cast[who], data)
    expected = "您没有这项权限" if who in {"王伟", "林主任"} else "失效"
    assert expected in answer
    assert counted(march, "acknowledgement") == 0
    assert "签收季度成绩" not in await acts(cast["孙主任"])


async def test_two_units_acknowledge_each_for_itself_and_the_button_of_the_other_stays(march, cast):
    both = cast["东门联络"]
    await gains(march, both, Post(Role.LIAISON, unit="chengguan"))
    await published(cast)
    assert both.buttons() == ["签收：城关派出所", "签收：东门派出所"]
    await both.presses("签收：东门派出所")
    assert both.buttons() == ["签收：城关派出所", "✔ 东门派出所已签收（东门联络 3月1日 09:00）"]
    with march.beside() as db:
        assert db.execute("SELECT unit_code FROM acknowledgement").fetchall() == [("dongmen",)]


@pytest.mark.parametrize("who", ["林主任", "李组长", "高局长"])
async def test_before_publication_nobody_is_reminded_to_acknowledge(march, cast, who):
    await submitted(cast)
    with listening(march, cast[who]) as heard:
        answer = await forges(cast[who], f"ackr:{names.short(STATIONS)}:2027Q1")
    assert ("失效" if who == "林主任" else "您没有这项权限") in answer
    assert heard.by_name == {}


@pytest.mark.parametrize("data", ["ackr", "ackr:x:2027Q1", f"ackr:{names.short(STATIONS)}:x"])
async def test_a_reminder_of_nothing_reminds_nobody(march, cast, data):
    await published(cast)
    with listening(march, cast["林主任"]) as heard:
        assert "失效" in await forges(cast["林主任"], data)
    assert heard.by_name == {}


# Steps


async def test_of_two_heads_who_submit_at_once_the_second_is_told_and_nothing_is_done_twice(march, cast):
    for who in ("李组长", "赵副组长"):
        await cast[who].says("/submit")
        await cast[who].presses("全部放过")
    await cast["李组长"].presses("✔ 提交")
    with listening(march, cast["赵副组长"]) as heard:
        answer = await cast["赵副组长"].presses("✔ 提交")
    assert "没有提交：派出所考核小组2027年第一季度的成绩现在是“已提交”" in answer
    assert heard.by_name == {}
    assert steps(march) == [(STATIONS, "SUBMIT")]


async def test_of_two_who_confirm_and_return_at_once_the_second_is_told(march, cast):
    await submitted(cast)
    await cast["林主任"].says("/confirm")
    await cast["孙主任"].says("/return")
    await cast["林主任"].presses("✔ 审定")
    with listening(march, cast["孙主任"]) as heard:
        await cast["孙主任"].says("台账没有附上")
    assert "没有退回：派出所考核小组2027年第一季度的成绩现在是“已审定”" in cast["孙主任"].sees()
    assert heard.by_name == {}
    assert steps(march) == [(STATIONS, "SUBMIT"), (STATIONS, "CONFIRM")]
    assert counted(march, "result") == 22


async def test_of_two_who_publish_at_once_everybody_is_told_once(march, cast):
    await submitted(cast)
    await cast["林主任"].says("/confirm")
    await cast["林主任"].presses("✔ 审定")
    for who in ("林主任", "孙主任"):
        await cast[who].says("/publish")
    await cast["孙主任"].presses("✔ 公布")
    with listening(march, cast["林主任"]) as heard:
        answer = await cast["林主任"].presses("✔ 公布")
    assert "没有公布：派出所考核小组2027年第一季度的成绩现在是“已公布”" in answer
    assert heard.by_name == {}


async def test_a_quarter_that_was_returned_meanwhile_is_not_confirmed(march, cast):
    await submitted(cast)
    await cast["林主任"].says("/confirm")
    await cast["孙主任"].says("/return 台账没有附上")
    assert "现在是“登记中”" in await cast["林主任"].presses("✔ 审定")
    assert counted(march, "result") == 0


@pytest.mark.parametrize(
    ("who", "move", "answer"),
    [
        ("林主任", f"stb:CONFIRM:{names.short(STATIONS)}:2027Q1", "现在没有可以审定的季度成绩"),
        ("林主任", f"stb:RETURN:{names.short(STATIONS)}:2027Q1", "现在没有可以退回的季度成绩"),
        ("林主任", f"stb:PUBLISH:{names.short(STATIONS)}:2027Q1", "现在没有可以公布的季度成绩"),
        ("林主任", f"stb:SUBMIT:{names.short(STATIONS)}:2027Q1", "您没有这项权限"),
        ("李组长", f"stb:CONFIRM:{names.short(STATIONS)}:2027Q1", "您没有这项权限"),
        ("李组长", f"stb:PUBLISH:{names.short(STATIONS)}:2027Q1", "您没有这项权限"),
        ("李组长", f"stb:RETURN:{names.short(STATIONS)}:2027Q1", "您没有这项权限"),
        ("李组长", f"stb:SUBMIT:{names.short(OFFICES)}:2027Q1", "您没有这项权限"),
        ("王伟", f"stb:SUBMIT:{names.short(STATIONS)}:2027Q1", "您没有这项权限"),
        ("高局长", f"stb:CONFIRM:{names.short(STATIONS)}:2027Q1", "您没有这项权限"),
        ("林主任", f"stb:NOTHING:{names.short(STATIONS)}:2027Q1", "失效"),
        ("林主任", f"stb:CONFIRM:{names.short(STATIONS)}:x", "失效"),
        ("李组长", f"stb:SUBMIT:{names.short(STATIONS)}:2027Q2", "2027年第二季度还没有开始"),
        ("李组长", f"stb:SUBMIT:{names.short(STATIONS)}:2026Q4", "没有2026年第四季度的数据"),
        ("林主任", "stb:CONFIRM:x:2027Q1", "失效"),
    ],
)
async def test_a_forged_beginning_begins_nothing(march, cast, who, move, answer):
    assert answer in await forges(cast[who], move)
    assert counted(march, "draft") == 0
    assert steps(march) == []


async def test_the_dialog_takes_only_what_it_asked(march, cast):
    for head in ("李组长", "郑组长"):
        await submitted(cast, head)
    await cast["林主任"].says("/confirm")
    assert cast["林主任"].buttons() == [
        "派出所考核小组　2027年第一季度",
        "机关科室及实战所队考核小组　2027年第一季度",
        "取消",
    ]
    (_, draft, revision, _) = (
        cast["林主任"].answers()[-1]["reply_markup"]["inline_keyboard"][0][0]["callback_data"].split(":")
    )
    for choice in ("ok", "c2", "c-1", "cx", "w:chengguan", "wall", ""):
        assert "失效" in await forges(cast["林主任"], f"st:{draft}:{revision}:{choice}"), choice
    assert "失效" in await forges(cast["孙主任"], f"st:{draft}:{revision}:c1")
    await cast["林主任"].presses("机关科室及实战所队考核小组")
    assert "已经处理过" in await forges(cast["林主任"], f"st:{draft}:{revision}:c0")
    await cast["林主任"].presses("✔ 审定")
    assert steps(march)[2:] == [(OFFICES, "CONFIRM")]


async def test_what_stands_in_the_way_of_the_chosen_group_is_told_before_its_question(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    for head in ("李组长", "郑组长"):
        await submitted(cast, head)
    await cast["林主任"].says("/confirm")
    answer = await cast["林主任"].presses("派出所考核小组")
    assert "没有审定：还有 1 笔扣分在申诉期内" in answer + cast["林主任"].sees()
    await cast["林主任"].presses("机关科室及实战所队考核小组")
    await cast["林主任"].presses("✔ 审定")
    assert steps(march)[2:] == [(OFFICES, "CONFIRM")]


async def test_given_up_a_step_is_not_made_by_its_old_button(march, cast):
    await submitted(cast)
    await cast["林主任"].says("/confirm")
    question = cast["林主任"].answers()[-1]
    await cast["林主任"].presses("取消")
    assert "没有审定，什么也没有改。" in cast["林主任"].screen()
    assert cast["林主任"].buttons() == []
    data = question["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    assert "已经处理过" in await forges(cast["林主任"], data)
    assert steps(march) == [(STATIONS, "SUBMIT")]


@pytest.mark.parametrize("button", ["✔ 提交", "取消"])
async def test_a_head_who_was_moved_to_another_group_beside_the_bot_moves_nothing(march, cast, button):
    """The post is another by the time of the press, whoever changed it: the question itself was not ended."""
    await cast["李组长"].says("/submit")
    await cast["李组长"].presses("全部放过")
    with march.beside() as db:
        db.execute(
            "UPDATE post SET group_name = ? WHERE role = ? AND group_name = ?",
            (OFFICES, Role.HEAD.value, STATIONS),
        )
    answer = await cast["李组长"].presses(button)
    assert "您没有这项权限" in answer
    assert steps(march) == []


async def test_a_unit_that_became_the_heads_own_is_not_waved_through_by_it(march, cast):
    await cast["李组长"].says("/submit")
    await cast["李组长"].presses("全部放过")
    with march.beside() as db:
        db.execute(
            "UPDATE post SET own_unit_code = 'chengguan' WHERE role = ? AND group_name = ?",
            (Role.HEAD.value, STATIONS),
        )
    answer = await cast["李组长"].presses("✔ 提交")
    assert "城关派出所是您所在的单位，按规定应当回避" in answer + cast["李组长"].sees()
    assert steps(march) == []


async def test_a_reason_of_who_belongs_to_the_office_no_more_returns_nothing(march, cast):
    await gains(march, cast["孙主任"], Post(Role.DEPUTY, group=OFFICES))
    await submitted(cast)
    await cast["孙主任"].says("/return")
    with march.beside() as db:
        db.execute("UPDATE post SET role = ? WHERE role = ?", (Role.LEADER.value, Role.OFFICE.value))
    await cast["孙主任"].says("台账没有附上")
    assert "您没有这项权限" in cast["孙主任"].sees()
    assert steps(march) == [(STATIONS, "SUBMIT")]


async def gains(town: Town, player: Player, *posts: Post) -> None:
    """The person holds these posts from now on, too."""
    async with town.app.database.transaction() as session:
        person = await people.find(session, player.id)
        for post in posts:
            await people.appoint(session, person_id=person.id, post=post, granted_by=None, now=town.clock())


# Appeals


async def test_of_two_who_decide_at_once_the_first_decides(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await cast["周联络"].says("/appeal 1 当天有巡查记录")
    await cast["林主任"].presses("取消扣分")
    await cast["孙主任"].presses("维持")
    await cast["孙主任"].says("证据充分")
    with listening(march, cast["林主任"]) as heard:
        await cast["林主任"].says("不属实")
    assert "✔ 对记录 1 的申诉已裁定：维持，照旧扣分。" in cast["林主任"].sees()
    assert heard.by_name == {}
    assert [row[0] for row in entries(march)] == ["deduction"]
    assert (await acts(cast["孙主任"])).count("裁定申诉") == 1


@pytest.mark.parametrize("decision", ["维持", "取消扣分"])
async def test_who_came_to_the_unit_before_the_reason_decides_nothing(march, cast, decision):
    """The question itself was not ended, whoever changed the post."""
    await gains(march, cast["林主任"], Post(Role.LEADER))
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await cast["周联络"].says("/appeal 1 当天有巡查记录")
    await cast["林主任"].presses(decision)
    with march.beside() as db:
        db.execute(
            "UPDATE post SET role = ?, unit_code = 'chengguan' WHERE role = ? AND person_id ="
            " (SELECT id FROM person WHERE name = '林主任')",
            (Role.UNIT_HEAD.value, Role.LEADER.value),
        )
    await cast["林主任"].says("证据充分")
    assert "城关派出所是您所在的单位，按规定应当回避" in cast["林主任"].sees()
    assert [row[0] for row in entries(march)] == ["deduction"]
    assert "裁定申诉" not in await acts(cast["孙主任"])


@pytest.mark.parametrize("decision", ["KEEP", "REDUCE", "CANCEL"])
async def test_a_decided_appeal_is_not_decided_again(march, cast, decision):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await cast["周联络"].says("/appeal 1 当天有巡查记录")
    await cast["孙主任"].presses("维持")
    await cast["孙主任"].says("证据充分")
    assert await forges(cast["林主任"], f"ad:1:{decision}") == "这件申诉已经裁定：维持。没有重复办理。"
    assert counted(march, "draft") == 1


@pytest.mark.parametrize(
    ("who", "data", "answer"),
    [
        ("王伟", "ad:1:CANCEL", "您没有这项权限"),
        ("李组长", "ad:1:CANCEL", "您没有这项权限"),
        ("高局长", "ab:1", "您没有这项权限"),
        ("周联络", "ad:1:CANCEL", "您没有这项权限"),
        ("周联络", "ae:1", "您没有这项权限"),
        ("林主任", "ad:1:NOTHING", "失效"),
        ("林主任", "ad:9:CANCEL", "失效"),
        ("林主任", "ab:9", "失效"),
        ("林主任", "ae:9", "失效"),
    ],
)
async def test_a_forged_decision_decides_nothing(march, cast, who, data, answer):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await cast["周联络"].says("/appeal 1 当天有巡查记录")
    assert answer in await forges(cast[who], data)
    assert counted(march, "draft") == 0


@pytest.mark.parametrize(
    ("who", "answer"),
    [("东门联络", "没有找到记录 1"), ("王伟", "您没有这项权限"), ("城关所长", "您没有这项权限")],
)
async def test_a_forged_appeal_against_anothers_entry_is_not_begun(march, cast, who, answer):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    assert answer in await forges(cast[who], "ap:1")
    assert counted(march, "draft") == 0


async def test_two_liaisons_of_a_unit_appeal_once(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    for who in ("周联络", "吴联络"):
        await cast[who].presses("申诉")
    await cast["周联络"].says("当天有巡查记录")
    with listening(march, cast["吴联络"]) as heard:
        await cast["吴联络"].says("只有一处")
    assert "没有重复提交" in cast["吴联络"].sees()
    assert heard.by_name == {}
    assert counted(march, "appeal") == 1


async def test_an_appeal_is_given_up_until_it_was_made_and_by_its_maker_only(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await cast["周联络"].presses("申诉")
    question = cast["周联络"].answers()[-1]
    (cancel,) = [b["callback_data"] for row in question["reply_markup"]["inline_keyboard"] for b in row]
    assert "失效" in await forges(cast["吴联络"], cancel)
    await cast["周联络"].says("当天有巡查记录")
    assert "已经提交，不能再取消。" in await forges(cast["周联络"], cancel)
    await cast["东门联络"].says("/whoami")
    await cast["李娜"].says("/deduct 东门所 治安管理 2 巡查不到位")
    await cast["东门联络"].presses("申诉")
    await cast["东门联络"].presses("取消")
    assert "已取消，什么也没有改。" in cast["东门联络"].screen()
    await cast["东门联络"].says("当天有巡查记录")
    assert counted(march, "appeal") == 1


async def test_once_it_was_made_and_once_it_is_decided_the_question_has_no_button(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    liaison, office = cast["周联络"], cast["林主任"]
    await liaison.presses("申诉")
    question = liaison.answers()[-1]
    await liaison.says("当天有巡查记录")
    assert as_it_is(march, question) == ("记录 1：已收到您的答复，结果见下面。", False)
    await office.presses("维持")
    question = office.answers()[-1]
    await office.says("证据充分")
    assert as_it_is(march, question) == ("记录 1：已收到您的答复，结果见下面。", False)


def as_it_is(town: Town, message: dict) -> tuple[str, bool]:
    """What stands now where a message was, and whether it has buttons."""
    chat = message["chat"]["id"]
    now = next(
        m for m in town.world.store.messages(chat, limit=1000) if m["message_id"] == message["message_id"]
    )
    return now["text"], bool(now.get("reply_markup", {}).get("inline_keyboard"))


# Approvals


async def test_an_approval_that_comes_after_the_undo_changes_nothing_and_both_hear(march, cast):
    await cast["王伟"].says("/deduct 城关所 执法质量 6 卷宗")
    await cast["王伟"].says("/correct 1 2 多扣了")
    await cast["王伟"].presses("撤销")
    with listening(march, cast["赵副组长"]) as heard:
        await cast["赵副组长"].presses("同意")
    assert heard.texts() == {"记录 1 此前已经撤销，这次更正不必再办。"}
    assert set(heard.by_name) == {"王伟"}
    assert [row[0] for row in entries(march)] == ["deduction", "reversal"]


@pytest.mark.parametrize(
    ("who", "data", "answer"),
    [
        ("王伟", "pa:1:y", "您没有这项权限"),
        ("郑组长", "pa:1:y", "失效"),
        ("高局长", "pa:1:y", "您没有这项权限"),
        ("周联络", "pa:1:y", "您没有这项权限"),
        ("林主任", "pa:9:y", "失效"),
        ("林主任", "pa:x:y", "失效"),
        ("林主任", "pa:1:n", "没有获得同意"),
    ],
)
async def test_only_who_was_asked_approves(march, cast, who, data, answer):
    await cast["王伟"].says("/deduct 城关所 执法质量 6 卷宗")
    await cast["王伟"].says("/correct 1 2 多扣了")
    toast = await forges(cast[who], data)
    assert answer in toast + cast[who].screen()
    assert [row[3] for row in entries(march)] == [600]


async def test_of_two_open_proposals_the_one_whose_button_was_pressed_is_carried_out(march, cast):
    await cast["王伟"].says("/deduct 城关所 执法质量 6 卷宗")
    await cast["李娜"].says("/deduct 东门所 执法质量 7 卷宗")
    await cast["王伟"].says("/correct 1 1 多扣了")
    await cast["李娜"].says("/correct 2 2 多扣了")
    first = next(m for m in march.world.store.messages(cast["孙主任"].id, limit=9) if "由王伟提出" in str(m))
    with listening(march, cast["孙主任"]) as heard:
        await cast["孙主任"].presses("同意", on=first)
    assert set(heard.by_name) == {"王伟", "周联络", "吴联络"}
    assert [(row[1], row[3]) for row in entries(march)][2:] == [("chengguan", -600), ("chengguan", 100)]


async def test_of_two_open_appeals_the_one_whose_button_was_pressed_is_decided(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await cast["李娜"].says("/deduct 东门所 治安管理 3 巡查不到位")
    await cast["周联络"].says("/appeal 1 当天有巡查记录")
    await cast["东门联络"].says("/appeal 2 不属实")
    await cast["林主任"].says("/appeals")
    assert cast["林主任"].buttons() == ["裁定：记录 1", "裁定：记录 2"]
    await cast["林主任"].presses("裁定：记录 1")
    await cast["林主任"].presses("取消扣分")
    await cast["林主任"].says("核实后不属实")
    assert [(row[1], row[3]) for row in entries(march)][2:] == [("chengguan", -200)]
    await cast["林主任"].says("/appeals")
    assert cast["林主任"].buttons() == ["裁定：记录 2"]
    await cast["周联络"].says("/appeals")
    assert "记录 1：取消扣分，核实后不属实" in cast["周联络"].sees()
    assert "记录 2" not in cast["周联络"].sees()


# What happens while somebody's step is under way


async def meanwhile(town: Town, *moves: Move, group: str = STATIONS) -> None:
    """Hand the bot what waits for it; the group's quarter moves on between its look and its write."""
    batch = list(town.world.pending)
    await town.app.intake.accept(batch)
    town.world.confirm(batch[-1]["update_id"] + 1)
    async with town.app.database.transaction() as session:
        await asyncio.sleep(0.1)
        for move in moves:
            course = await quarter_steps.course(session, group, FIRST)
            step = Step(move, town.clock(), "别人", lead="高局长")
            await quarter_steps.move(session, course, step, key=f"beside:{move.name}", by=1, now=town.clock())
    await town.app.intake.idle()
    await town.settle()


CLOSED = "没有办理：2027年第一季度成绩已"


def press(player: Player, label: str) -> None:
    """Press a button without waiting for the bot."""
    message, data = player._newest(player.id, label)
    player.seen[player.id] = player.town.world.store.last_message_id(player.id)
    player.town.world.press(player.id, player.id, message["message_id"], data)


def say(player: Player, text: str) -> None:
    """Say something without waiting for the bot."""
    player.seen[player.id] = player.town.world.store.last_message_id(player.id)
    player.town.world.send(player.id, player.id, text)


@pytest.mark.parametrize(
    ("line", "act"),
    [
        ("治安管理 2 巡查不到位", lambda cast: say(cast["王伟"], "/deduct 城关所 治安管理 1 又一笔")),
        ("治安管理 2 巡查不到位", lambda cast: say(cast["王伟"], "/undo")),
        ("治安管理 2 巡查不到位", lambda cast: say(cast["王伟"], "/undo 1")),
        ("治安管理 2 巡查不到位", lambda cast: press(cast["王伟"], "撤销")),
        ("治安管理 2 巡查不到位", lambda cast: say(cast["王伟"], "/correct 1 1 多扣了")),
        ("治安管理 2 巡查不到位", lambda cast: say(cast["王伟"], "/correct 1 撤销 不属实")),
        ("治安管理 2", lambda cast: say(cast["王伟"], "巡查不到位")),
        ("治安管理 2 巡查不到位", lambda cast: say(cast["王伟"], "/done 城关所")),
    ],
)
async def test_what_was_submitted_meanwhile_takes_no_writing(march, cast, line, act):
    await cast["王伟"].says(f"/deduct 城关所 {line}")
    before = entries(march)
    act(cast)
    await meanwhile(march, Move.SUBMIT)
    assert f"{CLOSED}提交" in cast["王伟"].sees() + toasts(march)
    assert entries(march) == before
    assert counted(march, "inspection") == 0
    assert counted(march, "proposal") == 0


def toasts(town: Town) -> str:
    """What was answered over buttons."""
    return "\n".join(
        str(call.params.get("text", "")) for call in town.request.calls if call.method == "answerCallbackQuery"
    )


async def test_lines_of_a_quarter_that_was_submitted_meanwhile_are_not_written(march, cast):
    await cast["王伟"].says("/deduct\n城关所 治安管理 1 甲\n东门所 治安管理 2 乙")
    press(cast["王伟"], "全部记入")
    await meanwhile(march, Move.SUBMIT)
    assert f"{CLOSED}提交" in toasts(march)
    assert entries(march) == []


async def test_a_correction_by_the_office_is_not_made_in_a_quarter_that_was_confirmed_meanwhile(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    say(cast["林主任"], "/correct 1 1 多扣了")
    await meanwhile(march, Move.SUBMIT, Move.CONFIRM)
    assert f"{CLOSED}审定" in cast["林主任"].sees()
    assert [row[0] for row in entries(march)] == ["deduction"]


async def test_what_was_submitted_meanwhile_needs_a_second_person(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    say(cast["林主任"], "/correct 1 1 多扣了")
    await meanwhile(march, Move.SUBMIT)
    assert "更正已提请核准" in cast["林主任"].sees()
    assert [row[0] for row in entries(march)] == ["deduction"]


async def test_an_approval_is_not_carried_out_in_a_quarter_that_was_confirmed_meanwhile(march, cast):
    await cast["王伟"].says("/deduct 城关所 执法质量 6 卷宗")
    await cast["王伟"].says("/correct 1 2 多扣了")
    press(cast["赵副组长"], "同意")
    await meanwhile(march, Move.SUBMIT, Move.CONFIRM)
    assert f"{CLOSED}审定" in toasts(march)
    assert [row[3] for row in entries(march)] == [600]
    with march.beside() as db:
        assert db.execute("SELECT state FROM proposal").fetchall() == [("waiting",)]


@pytest.mark.parametrize("asked", [True, False])
async def test_an_appeal_is_not_made_in_a_quarter_that_was_confirmed_meanwhile(march, cast, asked):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    if asked:
        await cast["周联络"].presses("申诉")
    say(cast["周联络"], "当天有巡查记录" if asked else "/appeal 1 当天有巡查记录")
    await meanwhile(march, Move.SUBMIT, Move.CONFIRM)
    assert f"{CLOSED}审定" in cast["周联络"].sees()
    assert counted(march, "appeal") == 0


async def test_an_appeal_with_a_photo_is_not_made_after_a_confirmation_either(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    await submitted(cast)
    async with march.app.database.transaction() as session:
        course = await quarter_steps.course(session, STATIONS, FIRST)
        step = Step(Move.CONFIRM, march.clock(), "别人", lead="高局长")
        await quarter_steps.move(session, course, step, key="beside", by=1, now=march.clock())
    await cast["周联络"].uploads(
        Upload("a.png", Sketchbook.PNG), kind="photo", caption="/appeal 1 当天有巡查记录"
    )
    assert f"{CLOSED}审定" in cast["周联络"].sees()
    await cast["周联络"].presses("申诉")
    assert counted(march, "appeal") == 0
    assert counted(march, "draft") == 1, "the submission, and no question about an appeal"


async def test_a_quarter_is_not_submitted_over_a_unit_that_was_marked_not_inspected_meanwhile(march, cast):
    await cast["王伟"].says("/done 城关所")
    await cast["李组长"].says("/submit")
    await cast["李组长"].presses("全部放过")
    await cast["王伟"].says("/done 撤回 城关所")
    answer = await cast["李组长"].presses("✔ 提交")
    assert "没有提交：城关派出所还没有检查完毕，也没有放过" in answer
    assert steps(march) == []


async def test_nothing_is_moved_to_a_unit_whose_groups_quarter_was_confirmed_meanwhile(march, cast):
    await cast["王伟"].says("/deduct 城关所 治安管理 2 巡查不到位")
    say(cast["林主任"], "/correct 1 法制科 队伍日常管理 1 写错单位")
    await meanwhile(march, Move.SUBMIT, Move.CONFIRM, group=OFFICES)
    assert f"{CLOSED}审定" in cast["林主任"].sees()
    assert len(entries(march)) == 1


async def test_a_proposal_that_moves_an_entry_to_a_unit_whose_quarter_is_confirmed_is_not_carried_out(
    march, cast
):
    await cast["王伟"].says("/deduct 城关所 执法质量 6 卷宗")
    await cast["林主任"].says("/correct 1 法制科 队伍日常管理 6 写错单位")
    assert "更正已提请核准" in cast["林主任"].sees()
    await submitted(cast, "郑组长")
    await cast["孙主任"].says("/confirm")
    await cast["孙主任"].presses("✔ 审定")
    answer = await cast["孙主任"].presses("同意")
    assert f"{CLOSED}审定" in answer
    assert len(entries(march)) == 1
