"""The audit trail act by act: who did it, of which unit and entry, and what is said of it; and every refusal of a right."""

import pytest

from handlers.frame.gate import OF_A_RIGHT
from sandbox.world import Upload
from storage import people
from tests import officers, sample_files
from tests.conversation import OFFICES, STATIONS, Player, Post, Role, Town
from tests.trail import handled_again, trail

PIXEL = Upload("现场.png", sample_files.PIXEL)


# Refusals


def refusals(town: Town) -> list[tuple]:
    """Who was refused, and by what rule or for want of what right."""
    return [(who, detail) for _, who, _, _, detail in trail(town, "refused")]


@pytest.fixture
async def bureau(town):
    """A bureau in which everybody stands once who is refused something below; 陈考核 has logged an entry on 城关派出所."""
    posts = {
        "王考核": (Post(Role.ASSESSOR, group=STATIONS, own_unit="xijie"),),
        "陈考核": (Post(Role.ASSESSOR, group=STATIONS),),
        "郑考核": (Post(Role.ASSESSOR, group=OFFICES),),
        "李组长": (Post(Role.HEAD, group=STATIONS),),
        "林主任": (Post(Role.OFFICE),),
        "沈干事": (Post(Role.OFFICE),),
        "周联络": (Post(Role.LIAISON, unit="chengguan"),),
        "吴联络": (Post(Role.LIAISON, unit="chengguan"), Post(Role.OFFICER, unit="chengguan", officer=1)),
        "孙两职": (Post(Role.LIAISON, unit="dongmen"), Post(Role.UNIT_HEAD, unit="chengguan")),
    }
    await officers.rule(town, "chengguan", 2026)
    await officers.enlist(town, "chengguan", "张伟", "李强")
    cast = {name: await town.person(name, *held) for name, held in posts.items()}
    for player in cast.values():
        await player.says("/start")
    await cast["陈考核"].says("/deduct 城关所 执法质量 6 卷宗不全")
    return cast


@pytest.mark.parametrize(
    ("who", "line", "why"),
    [
        ("王考核", "/deduct 法制科 本职业务 2 原因", "Barred"),
        ("王考核", "/deduct 西街所 治安管理 2 原因", "Recused"),
        ("王考核", "/score 西街所", "OwnUnitHidden"),
        ("王考核", "/correct 1 2 多扣了", "NotYourEntry"),
        ("周联络", "/score 东门所", "NotYoursToSee"),
        ("周联络", "/rank 派出所一序列", "PlacesHidden"),
        ("周联络", "/losses 派出所一序列", "SurveyHidden"),
        ("周联络", "/invite 考评办", "MayNotInvite"),
        ("周联络", "/roster 东门所 李强", "NotAllowed"),
        ("孙两职", "/appeal 1 不属实", "NotYourUnit"),
        ("吴联络", "/officer 张伟 考勤纪律 1 迟到", "Oneself"),
        ("林主任", "/remove 沈干事", "MayNotRemove"),
        ("王考核", "/audit", "查看操作留痕"),
    ],
)
async def test_who_asks_for_more_than_its_right_stands_in_the_trail(town, bureau, who, line, why):
    await bureau[who].says(line)
    assert refusals(town) == [(who, why)]
    await bureau["沈干事"].says(f"/audit {who}")
    assert f"{who}　越权被拒　{why}" in bureau["沈干事"].sees()


async def become(town: Town, player: Player, *posts: Post) -> None:
    """The person's posts end, and it is appointed to others."""
    async with town.app.database.transaction() as session:
        person = await people.find(session, player.id)
        await people.remove(session, person_id=person.id, by=person.id, now=town.clock())
        for post in posts:
            await people.appoint(session, person_id=person.id, post=post, granted_by=None, now=town.clock())


async def test_who_approves_what_it_proposed_itself_stands_in_the_trail(town, bureau):
    head = bureau["李组长"]
    await head.says("/deduct 东门所 执法质量 6 卷宗不全")
    await head.says("/correct 2 1 多扣了")
    await head.presses_data(head.answers()[-1], "pa:1:y", forged=True)
    assert refusals(town) == [("李组长", "MayNotApprove")]


async def test_who_decides_on_the_appeal_against_its_own_entry_stands_in_the_trail(town, bureau):
    await bureau["周联络"].says("/appeal 1 不属实")
    await become(town, bureau["陈考核"], Post(Role.OFFICE))
    question = bureau["林主任"].answers()[-1]
    await bureau["陈考核"].says("/help")
    data = Player._data(question, "维持")
    await bureau["陈考核"].presses_data(bureau["陈考核"].answers()[-1], data, forged=True)
    assert refusals(town) == [("陈考核", "OwnEntry")]


async def test_who_decides_on_its_own_appeal_stands_in_the_trail(town, bureau):
    await bureau["周联络"].says("/appeal 1 不属实")
    await become(town, bureau["周联络"], Post(Role.OFFICE))
    data = Player._data(bureau["林主任"].answers()[-1], "维持")
    await bureau["周联络"].says("/help")
    await bureau["周联络"].presses_data(bureau["周联络"].answers()[-1], data, forged=True)
    assert refusals(town) == [("周联络", "OwnAppeal")]


async def test_who_erases_an_officer_of_another_unit_stands_in_the_trail(town, bureau):
    zhou = bureau["周联络"]
    await zhou.says("/roster 调离 李强 2026-11-09 东门所")
    await zhou.says("/roster 删除 李强")
    assert refusals(town) == [("周联络", "ServesElsewhere")]


def test_every_refusal_of_a_right_is_tried_here():
    tried = {
        "Barred", "Recused", "OwnUnitHidden", "NotYourEntry", "NotYoursToSee", "PlacesHidden", "SurveyHidden",
        "MayNotInvite", "NotAllowed", "NotYourUnit", "Oneself", "MayNotRemove", "MayNotApprove", "OwnEntry",
        "OwnAppeal", "ServesElsewhere",
    }  # fmt: skip
    assert {kind.__name__ for kind in OF_A_RIGHT} == tried


async def test_a_refusal_handled_twice_stands_there_once_and_what_is_wrong_only_does_not(town, bureau):
    wang = bureau["王考核"]
    await wang.says("/score 西街所")
    await handled_again(town)
    await wang.says("/deduct 没有的所 治安管理 2 原因")
    await wang.says("/deduct 东门所 治安管理 11 原因")
    assert refusals(town) == [("王考核", "OwnUnitHidden")]


# What was done


async def test_evidence_is_told_of_its_entry_and_unit(town, bureau):
    chen = bureau["陈考核"]
    await chen.says("/deduct 东门所 治安管理 1 台账缺失")
    await chen.uploads(PIXEL, kind="photo", caption="记录 1")
    await chen.presses("附错了，改附")
    await chen.presses("记录 2")
    assert trail(town, "evidence", "evidence_moved") == [
        ("evidence", "陈考核", "chengguan", 1, "1 份"),
        ("evidence_moved", "陈考核", "chengguan", 1, "1 份"),
        ("evidence", "陈考核", "dongmen", 2, "1 份"),
    ]


async def test_the_files_of_an_appeal_are_told_of_its_number_entry_and_unit(town, bureau):
    zhou, chen = bureau["周联络"], bureau["陈考核"]
    await chen.says("/deduct 城关所 治安管理 1 台账缺失")
    await zhou.says("/appeal 2")
    await zhou.uploads(PIXEL, kind="photo")
    await zhou.says("台账齐全")
    assert trail(town, "evidence") == [("evidence", "周联络", "chengguan", 2, "申诉 1　1 份")]


async def test_who_looks_at_evidence_stands_in_the_trail(town, bureau):
    chen, head = bureau["陈考核"], bureau["李组长"]
    await chen.uploads(PIXEL, kind="photo", caption="记录 1")
    await head.says("/evidence 1")
    assert trail(town, "evidence_seen") == [("evidence_seen", "李组长", "chengguan", 1, "")]


async def test_what_somebody_chose_stands_in_the_trail(town, bureau):
    zhou = bureau["周联络"]
    await zhou.says("/settings")
    await zhou.presses(next(label for label in zhou.buttons() if "汇总" in label))
    assert trail(town, "setting") == [("setting", "周联络", None, None, "notices=daily")]


async def test_who_has_a_message_sent_again_stands_in_the_trail(town, bureau):
    town.world.block(bureau["周联络"].id)
    await bureau["陈考核"].says("/deduct 城关所 治安管理 1 台账缺失")
    town.world.block(bureau["周联络"].id, blocked=False)
    lin = bureau["林主任"]
    await lin.says("/pushes 失败")
    (button,) = [label for label in lin.buttons() if label.startswith("重发")]
    await lin.presses(button)
    assert trail(town, "resent") == [("resent", "林主任", None, None, f"推送 {button.removeprefix('重发 ')}")]


async def test_an_officers_month_that_is_marked_stands_in_the_trail(town, bureau):
    await bureau["周联络"].says("/officer 标记 李强 休假")
    await bureau["周联络"].says("/officer 标记 李强 取消")
    assert trail(town, "marked") == [
        ("marked", "周联络", "chengguan", None, "2026-11 民警 2 休假"),
        ("marked", "周联络", "chengguan", None, "2026-11 民警 2 取消"),
    ]
