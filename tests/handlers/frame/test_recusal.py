"""Nobody moves the points of a unit that it comes from: every way × every kind of post that bars (R8, 回避)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date

import pytest

from sandbox.world import Upload
from storage import people
from tests import officers
from tests.conversation import OFFICES, STATIONS, Player, Post, Role, Town, entries, text_of
from tests.handlers.imports.test_import import row, workbook
from tests.sample_files import PIXEL

MEMBER = Post(Role.ASSESSOR, group=STATIONS)
HEAD = Post(Role.HEAD, group=STATIONS)
OFFICE = Post(Role.OFFICE)
FROM_THE_UNIT = {
    "own unit": Post(Role.DEPUTY, group=OFFICES, own_unit="chengguan"),
    "liaison": Post(Role.LIAISON, unit="chengguan"),
    "unit head": Post(Role.UNIT_HEAD, unit="chengguan"),
    "officer": Post(Role.OFFICER, unit="chengguan", officer=1),
    "officer who moved here": Post(Role.OFFICER, unit="beiguan", officer=1),
}
PHOTO = Upload("a.png", PIXEL)
RECUSED = "城关派出所是您所在的单位，按规定应当回避"


async def gains(town: Town, player: Player, *posts: Post) -> None:
    """The person holds these posts from now on, too."""
    async with town.app.database.transaction() as session:
        person = await people.find(session, player.id)
        assert person is not None
        for post in posts:
            await people.appoint(session, person_id=person.id, post=post, granted_by=None, now=town.clock())


async def forges(player: Player, data: str) -> str:
    """Presses a button that was never offered."""
    message = player.town.world.store.messages(player.id, limit=1)[0]
    return await player.presses_data(message, data, forged=True)


@dataclass
class Scene:
    """What stands in the ledger before the person gains its posts of the unit: 1 and 2 are its own, 3 is another's."""

    town: Town
    barred: Player
    other: Player


async def scene(town: Town, first: Post, posts: tuple[Post, ...]) -> Scene:
    await officers.enlist(town, "chengguan", "张伟")
    barred, other = await town.person("李某", MEMBER, first), await town.assessor("王伟")
    liaison = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await liaison.says("/whoami")
    await barred.says("/deduct 东门所 治安管理 1 台账缺失")
    await barred.says("/deduct 城关所 治安管理 1 巡查不到位")
    await other.says("/deduct 城关所 执法质量 3 卷宗不全")
    await liaison.says("/appeal 3 不属实")
    await gains(town, barred, *posts)
    return Scene(town, barred, other)


Way = Callable[[Scene], Awaitable[str]]


def says(line: str) -> Way:
    async def way(at: Scene) -> str:
        await at.barred.says(line)
        return at.barred.sees()

    return way


def presses(data: str) -> Way:
    async def way(at: Scene) -> str:
        toast = await forges(at.barred, data)
        return f"{toast}\n{at.barred.sees()}"

    return way


async def imports(at: Scene) -> str:
    await at.barred.uploads(workbook(row()), caption="/import")
    return at.barred.sees()


async def proposes_and_approves(at: Scene) -> str:
    """A colleague's large correction waits, and the person presses 同意."""
    await at.other.says("/deduct 城关所 执法质量 6 另一笔")
    await at.other.says("/correct 4 2 多扣了")
    return await presses("pa:1:y")(at)


async def declines(at: Scene) -> str:
    await at.other.says("/deduct 城关所 执法质量 6 另一笔")
    await at.other.says("/correct 4 2 多扣了")
    return await presses("pa:1:n")(at)


async def approves_what_comes_to_the_unit(at: Scene) -> str:
    await at.other.says("/deduct 西街所 执法质量 6 另一笔")
    await at.other.says("/correct 4 城关所 6 写错单位")
    return await presses("pa:1:y")(at)


AS_MEMBER: dict[str, Way] = {
    "line": says("/deduct 城关所 治安管理 2 原因"),
    "words": says("城关所治安管理扣2分，原因是台账缺失"),
    "criterion": says("/deduct 城关所 2.1 x2"),
    "veto": says("/deduct 城关所 4.2"),
    "batch": says("/deduct 城关所 治安管理 1 甲\n/deduct 城关所 执法质量 1 乙"),
    "import": imports,
    "inspected": says("/done 城关所"),
    "inspected by press": presses("done:chengguan:2026Q4"),
    "reversal": says("/correct 2 撤销 误记"),
    "replacement": says("/correct 2 0.5 核实后减轻"),
    "moved away": says("/correct 2 西街所 写错单位"),
    "moved to it": says("/correct 1 城关所 写错单位"),
    "correction by press": presses("fix:2"),
    "undo": says("/undo"),
    "undo by press": presses("undo:2"),
}
AS_HEAD: dict[str, Way] = {
    "approval": proposes_and_approves,
    "refusal of an approval": declines,
    "approval of what comes to it": approves_what_comes_to_the_unit,
}
AS_OFFICE: dict[str, Way] = {
    **AS_HEAD,
    "reversal": says("/correct 3 撤销 不属实"),
    "replacement": says("/correct 3 1 核实后减轻"),
    "own entry": says("/correct 2 撤销 误记"),
    "moved away": says("/correct 3 西街所 写错单位"),
    "moved to it": says("/correct 1 城关所 写错单位"),
    "correction by press": presses("fix:3"),
    "undo": says("/undo"),
    "appeal cancelled": presses("ad:1:CANCEL"),
    "appeal kept": presses("ad:1:KEEP"),
    "appeal reduced": presses("ad:1:REDUCE"),
    "appeal opened": presses("ab:1"),
}
CASES = [
    (post, way, act, kind)
    for post, ways in ((MEMBER, AS_MEMBER), (HEAD, AS_HEAD), (OFFICE, AS_OFFICE))
    for way, act in ways.items()
    for kind in FROM_THE_UNIT
]


@pytest.mark.parametrize(
    ("first", "act", "kind"),
    [pytest.param(post, act, kind, id=f"{post.role.name} {way} × {kind}") for post, way, act, kind in CASES],
)
async def test_whoever_comes_from_a_unit_moves_none_of_its_points(town, first, act, kind):
    at = await scene(town, first, (FROM_THE_UNIT[kind],))
    before = entries(town)
    seen = await act(at)
    assert RECUSED in seen
    others = [entry for entry in entries(town) if entry not in before]
    assert [entry for entry in others if entry[5] != "另一笔"] == []


async def test_the_same_ways_are_open_to_who_comes_from_elsewhere(town):
    at = await scene(town, OFFICE, (Post(Role.LIAISON, unit="dongmen"),))
    await at.barred.says("/correct 3 1 核实后减轻")
    assert [entry[3] for entry in entries(town)] == [100, 100, 300, -300, 100]


async def test_the_dialog_does_not_offer_the_own_unit(town):
    li = await town.assessor("李某", own="chengguan")
    await li.says("/deduct")
    await li.presses("派出所第一序列")
    assert "东门派出所" in li.buttons()
    assert "城关派出所" not in li.buttons()


async def test_no_correction_of_the_own_units_entries_is_offered(town):
    at = await scene(town, MEMBER, (FROM_THE_UNIT["liaison"],))
    await at.barred.says("/correct")
    assert not any("记录 2" in label for label in at.barred.buttons())
    assert any("记录 1" in label for label in at.barred.buttons())


# What an entry is founded on


async def explains(player: Player) -> str:
    card = next(m for m in player.town.world.store.messages(player.id, limit=99) if "记录 1" in text_of(m))
    await player.says("台账缺失", reply_to=card["message_id"])
    return player.sees()


async def explains_by_button(player: Player) -> str:
    return await forges(player, "why:1")


async def explains_with_a_photo(player: Player) -> str:
    await player.uploads(PHOTO, kind="photo", caption="台账缺失")
    return player.sees()


async def adds_evidence(player: Player) -> str:
    await player.uploads(PHOTO, kind="photo", caption="记录 1")
    return player.sees()


async def takes_evidence_away(player: Player) -> str:
    return await forges(player, "ev:1:x")


FOUNDED: dict[str, tuple[Callable[[Player], Awaitable[str]], str]] = {
    "reason": (explains, "补充原因"),
    "reason by button": (explains_by_button, "补充原因"),
    "reason with a photo": (explains_with_a_photo, "补充原因"),
    "evidence": (adds_evidence, "补充证据"),
    "evidence moved away": (takes_evidence_away, "补充证据"),
}


async def founded(town: Town, *posts: Post) -> tuple[Player, list[tuple[object, ...]]]:
    """Who logged an entry of the unit, without a reason and with a photo, and comes from there since; and what is attached."""
    await officers.enlist(town, "chengguan", "张伟")
    li = await town.person("李某", MEMBER)
    await li.says("/deduct 城关所 治安管理 1")
    await li.uploads(PHOTO, kind="photo")
    await gains(town, li, *posts)
    return li, attachments(town)


def attachments(town: Town) -> list[tuple[object, ...]]:
    with town.beside() as db:
        return db.execute("SELECT evidence_id, entry_id, attached FROM attachment ORDER BY id").fetchall()


@pytest.mark.parametrize("way", FOUNDED)
@pytest.mark.parametrize("kind", FROM_THE_UNIT)
async def test_nor_does_it_say_what_they_are_founded_on(town, kind, way):
    li, before = await founded(town, FROM_THE_UNIT[kind])
    act, said = FOUNDED[way]
    assert f"没有{said}：{RECUSED}" in await act(li)
    assert [entry[5] for entry in entries(town)] == [None]
    assert attachments(town) == before


async def test_no_reason_and_no_place_for_a_photo_is_offered_of_the_own_unit(town):
    li, _ = await founded(town, FROM_THE_UNIT["liaison"])
    await li.says("/mine")
    assert not any("原因" in label for label in li.buttons())
    await li.uploads(PHOTO, kind="photo")
    assert li.buttons() == ["不作证据"]


async def test_the_office_gives_the_reason_in_the_place_of_who_is_recused(town):
    await founded(town, FROM_THE_UNIT["liaison"])
    lin = await town.person("林主任", OFFICE)
    await lin.says("/correct 1 原因：台账缺失")
    await lin.says("登记人回避，由考评办补写")
    await lin.presses("✔")
    assert [entry[5] for entry in entries(town)] == [None, "登记人回避，由考评办补写", "台账缺失"]


# Waving a unit through


async def test_a_head_does_not_wave_its_own_unit_through(town):
    boss = await town.person("王组长", Post(Role.HEAD, group=STATIONS, own_unit="chengguan"))
    await boss.says("/submit")
    assert "城关派出所　您应回避，不列成绩" in boss.sees()
    assert "放过 城关派出所" not in boss.buttons()
    await boss.presses("全部放过")
    assert "✔ 提交" not in boss.buttons()
    assert "城关派出所是您所在的单位，不能由您放过" in boss.screen()
    assert RECUSED in await forges(boss, "st:1:1:w:chengguan")


async def test_once_somebody_else_inspected_it_the_head_submits(town):
    boss = await town.person("王组长", Post(Role.HEAD, group=STATIONS, own_unit="chengguan"))
    wang = await town.assessor()
    await wang.says("/done 城关所")
    await boss.says("/submit")
    await boss.presses("全部放过")
    await boss.presses("✔ 提交")
    assert "已提交" in boss.screen()


# A group's own work


async def test_what_was_put_in_an_entrys_place_is_not_undone_alone(town):
    wang = await town.assessor()
    boss = await town.person("王组长", HEAD)
    await boss.says("/whoami")
    await wang.says("/deduct 城关所 执法质量 6 卷宗")
    await wang.says("/correct 1 5.5 多扣了")
    await boss.presses("同意")
    await wang.says("/undo")
    assert "是更正后的记录，不能直接撤销" in wang.sees()
    await wang.says("/correct 3 撤销 误记")
    assert "已提请核准" in wang.sees()
    assert [entry[3] for entry in entries(town)] == [600, -600, 550]


@pytest.mark.parametrize(
    ("change", "button", "last"),
    [("撤销", "✔ 更正", -600), ("2", "✔ 提请核准", 600)],
)
async def test_a_press_on_ones_own_entry_of_today_says_what_it_does(town, change, button, last):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 执法质量 6 卷宗")
    await wang.says(f"/correct 1 {change}")
    await wang.presses("误记")
    assert button in wang.buttons()
    assert ("核准后才生效" in wang.screen()) is (button == "✔ 提请核准")
    await wang.presses(button)
    assert entries(town)[-1][3] == last


# Officers


@pytest.fixture
async def of_unit(town):
    """The liaison of 城关派出所, who is officer 1 of its roster too; officer 2 is somebody else."""
    await officers.rule(town, "chengguan", 2026, officers.OWN)
    await officers.enlist(town, "chengguan", "周联", "李娜")
    zhou = await town.person(
        "周联", Post(Role.LIAISON, unit="chengguan"), Post(Role.OFFICER, unit="chengguan", officer=1)
    )
    head = await town.person("郑所长", Post(Role.UNIT_HEAD, unit="chengguan"))
    await zhou.says("/whoami")
    await head.says("/officer 周联 考勤纪律 1 迟到")
    await head.says("/officer 李娜 考勤纪律 1 迟到")
    return zhou


def officer_entries(town):
    with town.beside() as db:
        return db.execute("SELECT kind, officer_id, points FROM officer_entry ORDER BY id").fetchall()


@pytest.mark.parametrize(
    "act",
    [
        says("/officer 周联 考勤纪律 2 迟到"),
        says("/officer 周联 考勤纪律"),
        says("/officer 撤销 1 误记"),
        says("/officer 更正 1 0.5 核实"),
        says("/officer 更正 2 周联 写错了人"),
        says("/officer 标记 周联 11月 休假"),
        presses("ou:1"),
        presses("of:1"),
    ],
)
async def test_nobody_touches_the_own_month_as_an_officer(town, of_unit, act):
    before = officer_entries(town)
    assert "这是您本人的考核，按规定应当回避" in await act(Scene(town, of_unit, of_unit))
    assert officer_entries(town) == before
    with town.beside() as db:
        assert db.execute("SELECT count(*) FROM mark").fetchone() == (0,)


@pytest.mark.parametrize(
    "act",
    [
        says("/roster 调离 周联 2026-11-09 东门所"),
        says("/roster 调离 周联 2026-11-09"),
        says("/roster 周联 2026-11-05"),
        says("/roster 周联 2026-11-05\n李娜 2026-11-05"),
        says("/roster 改名 周联 周莲"),
        says("/roster 删除 周联"),
        presses("roe:1:chengguan"),
    ],
)
async def test_nobody_changes_by_whom_or_under_what_name_it_is_assessed(town, of_unit, act):
    before = officers.roster(town)
    assert "这是您本人" in await act(Scene(town, of_unit, of_unit))
    assert officers.roster(town) == before


async def test_the_own_duty_and_everybody_elses_dates_are_the_liaisons_to_change(town, of_unit):
    await of_unit.says("/roster 周联 社区民警")
    await of_unit.says("/roster 调离 李娜 2026-11-09 东门所")
    assert [(name, duty, unit) for name, _, duty, unit, *_ in officers.roster(town)] == [
        ("周联", "社区民警", "chengguan"),
        ("李娜", "", "chengguan"),
        ("李娜", "", "dongmen"),
    ]


async def test_nobody_agrees_to_the_own_dates(town):
    """城关所 puts a move back to September: 东门所 is asked, and not by the officer, whose October would pass to it."""
    chengguan = await officers.liaison(town)
    officer = await officers.move(town, "chengguan", "dongmen", date(2026, 11, 9))
    mine = await town.person(
        "张三", Post(Role.LIAISON, unit="dongmen"), Post(Role.OFFICER, unit="dongmen", officer=officer)
    )
    head = await town.person("郑所长", Post(Role.UNIT_HEAD, unit="dongmen"))
    for person in (mine, head):
        await person.says("/whoami")
    await chengguan.says("/roster 调离 张三 2026-09-15 东门所")
    before = officers.roster(town)
    assert "同意" not in mine.buttons()
    assert "民警本人不能同意" in await forges(mine, "ros:1:y")
    assert officers.roster(town) == before
    await head.presses("同意")
    assert officers.roster(town) != before


async def test_recusal_follows_an_officer_to_the_next_unit(town):
    zhou = await officers.liaison(town)
    await officers.enlist(town, "chengguan", "张伟")
    li = await town.person("李某", MEMBER, Post(Role.OFFICER, unit="chengguan", officer=1))
    await zhou.says("/roster 调离 张伟 2026-11-09 东门所")
    for unit in ("城关所", "东门所"):
        await li.says(f"/deduct {unit} 治安管理 1 巡查不到位")
        assert "按规定应当回避" in li.sees(), unit
    await li.says("/rank 派出所一序列")
    assert "东门" not in li.sees().replace("您应回避、未列入：城关派出所、东门派出所", "")
    await li.says("/whoami")
    assert "回避单位：城关派出所、东门派出所" in li.sees()
    assert "城关派出所民警（花名册上最后在东门派出所）" in li.sees()
    assert entries(town) == []
