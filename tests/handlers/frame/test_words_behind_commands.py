"""Every word behind a command is used or told: what a command does not understand it names, and does nothing."""

import pytest
from conversation import OFFICES, STATIONS, Post, Role, entries
from officers import enlist, rule
from rights import tables

from bot.commands import COMMANDS
from rules.access import ROLES_FOR

POSTS = {
    Role.ADMIN: Post(Role.ADMIN),
    Role.OFFICE: Post(Role.OFFICE),
    Role.LEADER: Post(Role.LEADER),
    Role.HEAD: Post(Role.HEAD, group=STATIONS),
    Role.DEPUTY: Post(Role.DEPUTY, group=STATIONS),
    Role.ASSESSOR: Post(Role.ASSESSOR, group=STATIONS),
    Role.LIAISON: Post(Role.LIAISON, unit="chengguan"),
    Role.UNIT_HEAD: Post(Role.UNIT_HEAD, unit="chengguan"),
}
NONSENSE = "乱码词"
TAKES_ANY_WORDS = {
    "start": "what follows is a secret link, which is not repeated",
    "return": "what follows is the reason",
    "monthly": "what follows is the reason",
    "roster": "what follows is an officer's name",
}


def roles_of(command):
    return [role for role in POSTS if command.deed is None or role in ROLES_FOR[command.deed]]


WALKS = [
    pytest.param(command, role, id=f"{command.name}-{role.name.lower()}")
    for command in COMMANDS
    if command.name not in TAKES_ANY_WORDS
    for role in roles_of(command)
]


@pytest.mark.parametrize(("command", "role"), WALKS)
async def test_a_word_that_no_command_understands_is_named_and_nothing_is_done(town, command, role):
    person = await town.person("某人", POSTS[role])
    chat = town.group("考核群", [person]) if command.name == "bind" else None
    if command.name == "officer":
        await rule(town, "chengguan", 2026)
        await enlist(town, "chengguan", "张伟")
    await person.says("/whoami")
    before = tables(town)
    before.pop("draft")
    await person.says(f"/{command.name} {NONSENSE}", chat=chat)
    assert NONSENSE in person.sees(chat)
    after = tables(town)
    after.pop("draft")
    assert after == before


async def test_what_stands_behind_a_record_is_told(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 甲")
    for said, left in (
        ("/undo 1 那一笔吧", "那一笔吧"),
        ("/undo 那一笔", "那一笔"),
        ("/evidence 1 快点", "快点"),
    ):
        await wang.says(said)
        assert f"没看懂“{left}”" in wang.sees()
    assert [kind for kind, *_ in entries(town)] == ["deduction"]


async def test_own_entries_are_those_of_the_unit_that_is_named(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 甲")
    await wang.says("/deduct 东门所 执法质量 1 乙")
    await wang.says("/mine 城关所")
    assert "甲" in wang.sees()
    assert "乙" not in wang.sees()
    await wang.says("我的登记 执法质量")
    assert "乙" in wang.sees()
    assert "甲" not in wang.sees()
    await wang.says("/mine 南湖所")
    assert "南湖派出所" in wang.sees()
    assert "还没有登记过这样的扣分" in wang.sees()
    await wang.says("/mine 截至 3-10")
    assert "没看懂“截至 3-10”" in wang.sees()


async def test_the_record_of_a_unit_is_shown_as_it_stood_on_a_day(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 甲")
    town.clock.move(days=2)
    await wang.says("/deduct 城关所 治安管理 1 乙")
    await wang.says("/log 城关所 截至 11-10")
    assert "截至 2026年11月10日" in wang.sees()
    assert "甲" in wang.sees()
    assert "乙" not in wang.sees()
    await wang.says("/log 城关所 截至")
    assert "记录" not in wang.sees()
    await wang.says("/log 城关所 治安管理 快点")
    assert "快点" in wang.sees()


async def test_a_period_is_carried_through_the_question_which_unit(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 甲")
    town.clock.move(days=2)
    await wang.says("/deduct 城关所 治安管理 1 乙")
    for command in ("/score", "/log", "/why"):
        await wang.says(f"{command} 截至 11-10")
        await wang.presses("派出所第一序列")
        await wang.presses("城关派出所")
        assert "截至" in wang.sees()
        assert "乙" not in wang.sees()


async def test_people_are_listed_by_name_unit_group_or_role(town):
    lin = await town.person("林", Post(Role.OFFICE))
    for name, post in (("张一", Post(Role.LIAISON, unit="chengguan")), ("李二", POSTS[Role.ASSESSOR])):
        await (await town.person(name, post)).says("/whoami")
    for word, there, gone in (
        ("城关所", "张一", "李二"), ("张", "张一", "李二"), ("派出所组", "李二", "张一"), ("联络员", "张一", "李二"),
    ):  # fmt: skip
        await lin.says(f"/people {word}")
        assert there in lin.sees()
        assert gone not in lin.sees()
    await lin.says("/people 东门所")
    assert "“东门所”现在没有人员" in lin.sees()


async def test_what_was_sent_is_shown_of_one_day(town):
    lin = await town.person("林", Post(Role.OFFICE))
    zhou = await town.person("周", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/whoami")
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 甲")
    await lin.says("/pushes 11-9")
    assert "这一天没有这样的推送" in lin.sees()
    await lin.says("/pushes 今天")
    assert "周" in lin.sees()
    await lin.says("/pushes 今天 失败")
    assert "没有送到的推送" in lin.sees()


async def test_the_trail_is_of_a_person_a_unit_and_a_day_in_any_order(town):
    lin = await town.person("林", Post(Role.OFFICE))
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 甲密语")
    await lin.says("/audit 今天 城关所 王伟")
    assert "甲密语" in lin.sees()
    await lin.says("/audit 城关所 昨天")
    assert "甲密语" not in lin.sees()
    await lin.says("/audit 城关所 乱码词")
    assert "名单里没有“乱码词”" in lin.sees()


async def test_help_tells_of_one_command(town):
    wang = await town.assessor()
    for word in ("score", "/score", "成绩"):
        await wang.says(f"/help {word}")
        assert "/score 城关所 一季度" in wang.sees()
        assert "/deduct" not in wang.sees()


async def test_a_groups_short_name_is_read_by_every_command(town):
    lin = await town.person("林", Post(Role.OFFICE))
    for group in ("机关组", "机关", "机关科室组", "机管组"):
        await lin.says(f"/progress {group}")
        assert OFFICES in lin.sees()
    await lin.says("/confirm 机关组")
    assert OFFICES in lin.sees()
    assert STATIONS not in lin.sees()
    await lin.says("/confirm 派出所锁组")
    assert f"您要找的可能是：{STATIONS}" in lin.sees()
    await lin.says("/return 派出锁队组 材料不全")
    assert f"您要找的可能是：{STATIONS}" in lin.sees()
    await lin.says("/extend 机关组 12-5 因防汛延长")
    assert OFFICES in lin.sees()
    await lin.says("/invite 考核员 机关组")
    assert OFFICES in lin.sees()
    chat = town.group("考核群", [lin])
    await lin.says("/bind 机关组", chat=chat)
    assert OFFICES in lin.sees(chat)


async def test_a_group_that_is_not_ones_own_is_not_taken_for_it(town):
    head = await town.person("组长", POSTS[Role.HEAD])
    await head.says("/submit 机关组")
    assert "没有办理" in head.sees()
