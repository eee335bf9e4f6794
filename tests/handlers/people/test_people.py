"""Letting people in and out, in dialogs."""

import re
from datetime import timedelta

import pytest
from conversation import ADMIN, OFFICES, STATIONS, Post, Role, text_of

from handlers.frame.names import short
from storage import people
from tests import officers
from tests.trail import handled_again, trail


def token_in(text):
    return re.search(r"\?start=([\w-]+)", text)[1]


async def admin_of(town):
    return await town.person("陈", Post(Role.ADMIN))


async def test_an_invitation_lets_one_person_in_once(town):
    admin, liu, ma = await admin_of(town), await town.person("小刘"), await town.person("小马")
    await admin.says("/invite 考核员 派出所考核小组 治安大队")
    token = token_in(admin.sees())
    assert "https://t.me/kaoping_sandbox_bot?start=" in admin.sees()
    await liu.says(f"/start {token}")
    assert "派出所考核小组考核员（来自治安大队）" in liu.sees()
    assert "小刘 已凭您的邀请加入" in admin.screen()
    await ma.says(f"/start {token}")
    assert "已经用过" in ma.sees()
    await liu.says("/deduct 城关所 治安管理 2 原因")
    assert "已登记" in liu.sees()
    await liu.says("/whoami")
    assert "回避单位：治安大队" in liu.sees()


async def test_the_token_is_kept_as_a_hash_only(town):
    admin = await admin_of(town)
    await admin.says("/invite 考评办")
    token = token_in(admin.sees())
    with town.beside() as db:
        dump = "\n".join(str(row) for row in db.execute("SELECT * FROM invitation"))
    assert token not in dump


async def test_after_72_hours_it_opens_nothing(town):
    admin, liu = await admin_of(town), await town.person("小刘")
    await admin.says("/invite 领导")
    token = token_in(admin.sees())
    town.clock.time += timedelta(hours=72)
    await liu.says(f"/start {token}")
    assert "已经过期" in liu.sees()
    town.clock.move(minutes=1)
    await liu.says("/rank 派出所一序列")
    assert "不在本系统的人员名单中" in liu.sees()


async def test_a_wrong_token_opens_nothing(town):
    liu = await town.person("小刘")
    await liu.says("/start abcdef")
    assert "链接不对" in liu.sees()


async def test_by_buttons_when_words_are_missing(town):
    admin, liu = await admin_of(town), await town.person("小刘")
    await admin.says("/invite")
    assert {"考评办", "考核员", "联络员"} <= set(admin.buttons())
    await admin.presses("考核员")
    await admin.presses("派出所考核小组")
    await admin.presses("机关第一序列")
    await admin.presses("治安大队")
    await liu.says(f"/start {token_in(admin.screen())}")
    assert "派出所考核小组考核员（来自治安大队）" in liu.sees()


async def test_a_liaison_is_invited_for_a_unit(town):
    admin, liu = await admin_of(town), await town.person("小刘")
    await admin.says("/invite 联络员 城关所")
    await liu.says(f"/start {token_in(admin.sees())}")
    assert "城关派出所联络员" in liu.sees()
    await admin.says("/invite 联络员")
    await admin.presses("派出所第一序列")
    await admin.presses("东门派出所")
    assert "东门派出所联络员" in admin.screen()


async def test_removal_asks_once_more_and_then_holds_at_once(town):
    admin, wang = await admin_of(town), await town.assessor()
    await admin.says("/remove 王伟")
    assert "确定移除" in admin.sees()
    await wang.says("/whoami")
    assert "考核员" in wang.sees()
    await admin.presses("移除 王伟")
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert "不在本系统的人员名单中" in wang.sees()
    await admin.says("/remove 王伟")
    assert "名单里没有" in admin.sees()


async def test_who_was_removed_can_be_invited_again(town):
    admin, wang = await admin_of(town), await town.assessor()
    await admin.says("/remove 王伟")
    await admin.presses("移除 王伟")
    await admin.says("/invite 考核员 派出所考核小组")
    await wang.says(f"/start {token_in(admin.sees())}")
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert "已登记" in wang.sees()


async def test_the_office_invites_members_but_not_the_office(town):
    office = await town.person("林", Post(Role.OFFICE))
    await office.says("/invite 考评办")
    assert "只能由系统管理员邀请" in office.sees()
    await office.says("/invite 组长 派出所考核小组")
    assert "派出所考核小组组长" in office.sees()


async def test_people_lists_who_is_in(town):
    admin = await admin_of(town)
    await town.assessor()
    await admin.says("/people")
    assert "王伟　派出所考核小组考核员" in admin.sees()


async def test_a_head_of_a_unit_is_invited_like_its_liaison_and_reads_like_it(town):
    office, sun = await town.person("林", Post(Role.OFFICE)), await town.person("孙所长")
    await office.says("/invite 单位负责人 城关所")
    assert "城关派出所单位负责人" in office.sees()
    await sun.says(f"/start {token_in(office.sees())}")
    assert "城关派出所单位负责人" in sun.sees() and "签收" in sun.sees()
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    assert "被扣分" not in sun.screen(), "notices are the liaison's"
    await sun.says("/score 城关所")
    assert "98" in sun.sees()
    await sun.says("/why 城关所")
    assert "巡查不到位" in sun.sees() and "申诉" not in "".join(sun.buttons())
    await sun.says("/appeal 1 不服")
    assert "没有这项权限" in sun.sees()
    await sun.says("/score 东门所")
    assert "不在您的查看范围内" in sun.sees()
    await sun.says("/rank 派出所一序列")
    assert "公布前不在您的查看范围内" in sun.sees()
    await office.says("/people")
    assert "孙所长　城关派出所单位负责人" in office.sees()
    await office.says("/invite")
    await office.presses("单位负责人")
    await office.presses("派出所第一序列")
    await office.presses("东门派出所")
    assert "东门派出所单位负责人" in office.screen()


async def test_a_liaison_invites_its_officers_and_these_see_nothing_of_units(town):
    zhou, zhang = await town.person("周联络", Post(Role.LIAISON, unit="chengguan")), await town.person("小张")
    await zhou.says("/roster 张伟 012345\n李强")
    await zhou.presses("登记 2 人")
    await zhou.says("/invite 民警 张伟")
    assert "城关派出所民警张伟" in zhou.sees()
    await zhang.says(f"/start {token_in(zhou.sees())}")
    assert "身份是城关派出所民警" in zhang.sees()
    assert "如不是本人，请马上告诉考评办移除" in zhou.screen()
    await zhang.says("/whoami")
    assert "姓名：小张" in zhang.sees() and "城关派出所民警" in zhang.sees()
    for line in (
        "/score 城关所",
        "/rank 派出所一序列",
        "/why 城关所",
        "/log 城关所",
        "/roster",
        "/method",
        "/appeals",
    ):
        await zhang.says(line)
        assert "没有这项权限" in zhang.sees(), line
    await zhou.says("/invite 民警 赵敏")
    assert "花名册里没有“赵敏”" in zhou.sees()
    for line in ("/invite 考核员 派出所考核小组", "/invite 单位负责人 城关所", "/invite 民警 东门所 张伟"):
        await zhou.says(line)
        assert "没有生成邀请" in zhou.sees(), line


async def test_an_officer_is_chosen_by_button_where_the_name_is_not_clear(town):
    zhou, office = (
        await town.person("周联络", Post(Role.LIAISON, unit="chengguan")),
        await town.person("林", Post(Role.OFFICE)),
    )
    await zhou.says("/roster 张伟 012345")
    await zhou.says("/roster 张伟 077777")
    await zhou.presses("另一位同名的民警")
    await zhou.says("/invite 民警 张伟")
    assert zhou.buttons() == ["张伟 012345", "张伟 077777"]
    await zhou.presses("张伟 077777")
    assert "城关派出所民警张伟" in zhou.screen()
    with town.beside() as db:
        assert db.execute("SELECT officer_id, unit_code FROM invitation").fetchall() == [(2, "chengguan")]
    await zhou.says("/invite")
    assert zhou.buttons() == ["民警"]
    await zhou.presses("民警")
    assert zhou.buttons() == ["张伟 012345", "张伟 077777"]
    await office.says("/invite 民警 城关所 012345")
    assert "城关派出所民警张伟" in office.sees()
    await office.says("/invite 民警 张伟")
    assert "/invite 民警 城关所 张伟" in office.sees()
    await office.says("/invite 民警")
    await office.presses("派出所第一序列")
    await office.presses("城关派出所")
    await office.presses("张伟 012345")
    assert "城关派出所民警张伟" in office.screen()
    message = town.world.store.messages(zhou.id, limit=1)[0]
    assert "没有生成邀请" in await zhou.presses_data(message, "invp:1:dongmen", forged=True)


@pytest.mark.parametrize("line", ["/invite 考评办", "/people", "/remove 某人"])
async def test_an_assessor_may_do_none_of_it(town, line):
    wang = await town.assessor()
    await wang.says(line)
    assert "没有这项权限" in wang.sees()


async def test_links_and_lists_are_never_shown_in_a_group(town):
    admin = await admin_of(town)
    group = town.group("群", [admin])
    for line in ("/invite 考评办", "/people", "/whoami"):
        await admin.says(line, chat=group)
        assert "只在私聊里用" in admin.sees(group)


async def test_the_menu_and_help_show_what_one_may_do(town):
    wang, admin = await town.assessor(), await admin_of(town)
    await wang.says("/help")
    await admin.says("/help")
    of_wang = {c["command"] for c in town.world.commands_in(wang.id)}
    of_admin = {c["command"] for c in town.world.commands_in(admin.id)}
    assert {"deduct", "score", "rank", "undo"} <= of_wang
    assert "invite" not in of_wang
    assert "deduct" not in of_admin
    assert "invite" in of_admin
    assert "/deduct" in wang.sees()
    assert "/invite" not in wang.sees()


async def without_administrators(town):
    """The config names none any more, and the program is started again."""
    town.config = town.config.model_copy(
        update={"people": town.config.people.model_copy(update={"admins": ()})}
    )
    await town.restart()


async def test_who_is_no_longer_in_the_config_is_no_administrator(town):
    admin = await admin_of(town)
    assert admin.id == ADMIN
    await without_administrators(town)
    await admin.says("/people")
    assert "不在本系统的人员名单中" in admin.sees()


# What an invitation cannot do


async def invited(town, by, words, *, uses):
    """Somebody invites with these words, and the other opens the link."""
    await by.says(f"/invite {words}")
    await uses.says(f"/start {token_in(by.sees())}")


@pytest.mark.parametrize("words", ["联络员 城关所", "考核员 派出所考核小组", "领导"])
async def test_nobody_uses_an_invitation_of_its_own_making(town, words):
    lin, liu = await town.person("林主任", Post(Role.OFFICE)), await town.person("小刘")
    await lin.says(f"/invite {words}")
    token = token_in(lin.sees())
    await lin.says(f"/start {token}")
    assert "这个邀请链接是您自己生成的，不能自己使用" in lin.sees()
    assert posts_of(town, "林主任") == [("考评办", None, None)]
    await liu.says(f"/start {token}")
    assert "您已加入" in liu.sees(), "it is not used up"


@pytest.mark.parametrize("words", ["考评办", "领导", "联络员 城关所"])
async def test_an_invitation_ends_with_the_right_to_invite(town, words):
    admin, liu = await admin_of(town), await town.person("小刘")
    await admin.says(f"/invite {words}")
    token = token_in(admin.sees())
    await without_administrators(town)
    await liu.says(f"/start {token}")
    assert "已经过期" in liu.sees()
    assert posts_of(town, "小刘") == []


async def test_what_another_post_still_allows_stays_open(town):
    admin, ma = await admin_of(town), await town.person("小马")
    async with town.app.database.transaction() as session:
        person = await people.find(session, admin.id)
        await people.appoint(
            session, person_id=person.id, post=Post(Role.OFFICE), granted_by=None, now=town.clock()
        )
    await admin.says("/invite 联络员 城关所")
    token = token_in(admin.sees())
    await without_administrators(town)
    await ma.says(f"/start {token}")
    assert posts_of(town, "小马") == [("联络员", "chengguan", None)]


async def test_ones_own_used_link_claims_no_post_that_ended(town, li):
    lin = await town.person("林主任")
    await lin.says("/invite 考核员 派出所考核小组 城关所")
    token, ma = token_in(lin.sees()), await town.person("小马")
    await ma.says(f"/start {token}")
    await ma.says(f"/start {token}")
    assert "您已加入" in ma.sees()
    await lin.says("/remove 小马")
    await lin.presses("移除 小马")
    await invited(town, lin, "联络员 东门所", uses=ma)
    await ma.says(f"/start {token}")
    assert "已经用过" in ma.sees()
    assert "您已加入" not in ma.sees()


def posts_of(town, name):
    with town.beside() as db:
        return db.execute(
            "SELECT post.role, post.unit_code, post.own_unit_code FROM post JOIN person ON person.id = person_id"
            " WHERE person.name = ? AND post.until IS NULL ORDER BY post.id",
            (name,),
        ).fetchall()


@pytest.fixture
async def li(town):
    """An assessor that comes from 城关派出所."""
    li, lin = await town.person("小李"), await town.person("林主任", Post(Role.OFFICE))
    await invited(town, lin, "考核员 派出所考核小组 城关所", uses=li)
    return li


async def test_a_new_invitation_lifts_no_own_unit(town, li):
    lin = await town.person("林主任")
    await invited(town, lin, "考核员 派出所考核小组", uses=li)
    assert "来自城关派出所" in li.sees()
    await li.says("/deduct 城关所 治安管理 2 原因")
    assert "应当回避" in li.sees()


async def test_another_own_unit_comes_beside_the_first(town, li):
    lin = await town.person("林主任")
    await invited(town, lin, "考核员 派出所考核小组 东门所", uses=li)
    for unit in ("城关所", "东门所"):
        await li.says(f"/deduct {unit} 治安管理 2 原因")
        assert "应当回避" in li.sees(), unit
    await li.says("/whoami")
    assert "回避单位：城关派出所、东门派出所" in li.sees()


async def test_a_higher_post_in_the_group_lifts_it_neither(town, li):
    lin = await town.person("林主任")
    await invited(town, lin, "组长 派出所考核小组", uses=li)
    await li.says("/deduct 城关所 治安管理 2 原因")
    assert "应当回避" in li.sees()


async def test_an_own_unit_that_was_missing_is_added(town):
    wang, lin = await town.assessor(), await town.person("林主任", Post(Role.OFFICE))
    await invited(town, lin, "考核员 派出所考核小组 城关所", uses=wang)
    assert posts_of(town, "王伟") == [("考核员", None, "chengguan")]


async def test_removal_and_a_new_invitation_lift_it(town, li):
    lin = await town.person("林主任")
    await lin.says("/remove 小李")
    await lin.presses("移除 小李")
    await invited(town, lin, "考核员 派出所考核小组", uses=li)
    await li.says("/deduct 城关所 治安管理 2 原因")
    assert "已登记" in li.sees()


async def test_the_trail_tells_what_exactly_was_given(town, li):
    lin, zhou = await town.person("林主任"), await town.person("小周")
    await invited(town, lin, "考核员 派出所考核小组", uses=li)
    await invited(town, lin, "联络员 东门所", uses=zhou)
    with town.beside() as db:
        details = db.execute(
            "SELECT act, unit_code, detail FROM audit WHERE act IN ('invited', 'joined') ORDER BY id"
        ).fetchall()
    assert details[-6:] == [
        ("invited", None, "考核员 派出所考核小组，回避单位 城关派出所"),
        ("joined", None, "考核员 派出所考核小组，回避单位 城关派出所"),
        ("invited", None, "考核员 派出所考核小组，回避单位 无"),
        ("joined", None, "考核员 派出所考核小组，回避单位 城关派出所（原有，没有变动）"),
        ("invited", "dongmen", "联络员 东门派出所"),
        ("joined", "dongmen", "联络员 东门派出所"),
    ]


# Rights at the last step


FORGED_INVITATIONS = (
    "invr:OFFICE", "invr:ADMIN", "invr:LIAISON", f"invg:ASSESSOR:{short(STATIONS)}", f"inv:ASSESSOR:{short(STATIONS)}:",
    f"inv:HEAD:{short(STATIONS)}:chengguan", "invu:LIAISON:dongmen", "invu:UNIT_HEAD:chengguan", "invu:OFFICER:dongmen",
    "invp:2:dongmen", "invq:LIAISON:x", f"invo:ASSESSOR:{short(STATIONS)}:x",
)  # fmt: skip


def invitations(town):
    with town.beside() as db:
        return db.execute(
            "SELECT role, group_name, unit_code, own_unit_code, officer_id FROM invitation"
        ).fetchall()


async def of_two_units(town):
    """An officer each in 城关派出所 and 东门派出所, and the liaison of the first."""
    await officers.enlist(town, "chengguan", "张伟")
    await officers.enlist(town, "dongmen", "司徒乙")
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/start")
    return zhou


@pytest.mark.parametrize("data", FORGED_INVITATIONS)
async def test_no_forged_button_has_a_liaison_invite_to_what_is_not_its_own(town, data):
    zhou = await of_two_units(town)
    answer = await zhou.presses_data(zhou.answers()[-1], data, forged=True)
    assert "t.me" not in zhou.screen() and "司徒乙" not in answer + zhou.screen()
    assert invitations(town) == []
    if not data.startswith("invr:ADMIN"):
        assert [(who, detail) for _, who, _, _, detail in trail(town, "refused")] == [
            ("周联络", "MayNotInvite")
        ]


@pytest.mark.parametrize(
    "data",
    [
        "invr:OFFICE",
        "invr:ADMIN",
        "inv:OFFICE:x:",
        "invu:OFFICE:chengguan",
        "invp:2:chengguan",
        "invp:x:dongmen",
    ],
)
async def test_no_forged_button_has_the_office_invite_to_its_own_ranks_or_somebody_elses_officer(town, data):
    await of_two_units(town)
    lin = await town.person("林主任", Post(Role.OFFICE))
    await lin.says("/start")
    await lin.presses_data(lin.answers()[-1], data, forged=True)
    assert "t.me" not in lin.screen()
    assert invitations(town) == []


@pytest.mark.parametrize("post", [Post(Role.LEADER), Post(Role.LIAISON, unit="dongmen")])
async def test_who_lost_the_right_between_question_and_press_invites_nobody(town, post):
    await officers.enlist(town, "chengguan", "张伟", "李强")
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/invite 民警")
    question = zhou.answers()[-1]
    await replaced(town, zhou, post)
    await zhou.presses("李强", on=question)
    assert invitations(town) == []


async def replaced(town, player, post):
    """The person's posts end, and it is appointed to another."""
    async with town.app.database.transaction() as session:
        person = await people.find(session, player.id)
        await people.remove(session, person_id=person.id, by=person.id, now=town.clock())
        await people.appoint(session, person_id=person.id, post=post, granted_by=None, now=town.clock())


async def test_by_buttons_each_choice_is_the_one_that_was_pressed(town):
    admin = await admin_of(town)
    await admin.says("/invite 副组长")
    await admin.presses(OFFICES)
    await admin.presses("不属于被考核单位")
    await admin.says("/invite")
    await admin.presses("组长")
    await admin.presses(STATIONS)
    await admin.presses("派出所第一序列")
    await admin.presses("东门派出所")
    await admin.says("/invite")
    await admin.presses("领导")
    await admin.says("/invite 考核员 派出所")
    assert invitations(town)[:3] == [
        ("副组长", OFFICES, None, None, None),
        ("组长", STATIONS, None, "dongmen", None),
        ("领导", None, None, None, None),
    ]


async def test_with_the_inviter_its_open_invitations_end_and_nobody_elses(town):
    admin, lin = await admin_of(town), await town.person("林主任", Post(Role.OFFICE))
    shen = await town.person("沈干事", Post(Role.OFFICE))
    liu, ma = await town.person("小刘"), await town.person("小马")
    await lin.says("/invite 联络员 城关所")
    ended = token_in(lin.sees())
    await shen.says("/invite 联络员 东门所")
    open_ = token_in(shen.sees())
    await admin.says("/remove 林主任")
    await admin.presses("移除 林主任")
    await invited(town, admin, "考评办", uses=lin)
    await liu.says(f"/start {ended}")
    assert "已经过期" in liu.sees(), "also when the inviter is in again"
    assert posts_of(town, "小刘") == []
    await ma.says(f"/start {open_}")
    assert posts_of(town, "小马") == [("联络员", "dongmen", None)]


async def test_with_the_officer_the_invitation_to_be_it_ends_and_no_other(town):
    zhou, other = await of_two_units(town), await town.person("小张")
    await officers.enlist(town, "chengguan", "李强")
    tokens = []
    for name in ("张伟", "李强"):
        await zhou.says(f"/invite 民警 {name}")
        tokens.append(token_in(zhou.sees()))
    await zhou.says("/roster 删除 张伟")
    await zhou.presses("删除个人信息")
    await other.says(f"/start {tokens[0]}")
    assert "已经过期" in other.sees()
    assert posts_of(town, "小张") == []
    await other.says(f"/start {tokens[1]}")
    assert posts_of(town, "小张") == [("民警", "chengguan", None)]


async def test_with_the_officers_data_its_post_ends_and_is_told_in_the_trail(town):
    zhou, zhang, li = await of_two_units(town), await town.person("小张"), await town.person("小李")
    await officers.enlist(town, "chengguan", "李强")
    await invited(town, zhou, "民警 张伟", uses=zhang)
    await invited(town, zhou, "民警 李强", uses=li)
    await zhou.says("/roster 删除 张伟")
    await zhou.presses("删除个人信息")
    assert posts_of(town, "小张") == []
    assert posts_of(town, "小李") == [("民警", "chengguan", None)]
    (line,) = trail(town, "removed")
    assert line[:4] == ("removed", "周联络", None, None)
    assert line[4].endswith(" 民警")


async def test_an_invitation_that_is_handled_twice_is_one_and_the_newest_link_opens(town):
    admin, liu = await admin_of(town), await town.person("小刘")
    await admin.says("/invite 领导")
    first = token_in(admin.sees())
    await handled_again(town)
    second = token_in(text_of(admin.answers()[-1]))
    assert first != second
    assert len(invitations(town)) == 1
    assert [line[0] for line in trail(town, "invited")] == ["invited"]
    await liu.says(f"/start {first}")
    assert posts_of(town, "小刘") == []
    await liu.says(f"/start {second}")
    assert posts_of(town, "小刘") == [("领导", None, None)]


async def test_an_invitation_opens_until_its_last_moment(town):
    admin, liu = await admin_of(town), await town.person("小刘")
    await admin.says("/invite 领导")
    assert "11月13日 09:00 前有效" in admin.sees()
    town.clock.time += timedelta(hours=72, seconds=-1)
    await liu.says(f"/start {token_in(admin.screen())}")
    assert posts_of(town, "小刘") == [("领导", None, None)]


async def test_who_joined_is_told_to_the_inviter_alone_and_in_what_it_can_do_about_it(town):
    admin, shen, zhou = (
        await admin_of(town),
        await town.person("沈干事", Post(Role.OFFICE)),
        await of_two_units(town),
    )
    liu, zhang = await town.person("小刘"), await town.person("小张")
    await shen.says("/start")
    await invited(town, shen, "领导", uses=liu)
    assert "小刘 已凭您的邀请加入，身份是领导。如不是本人，请用 /remove 移除。" in shen.screen()
    await invited(town, zhou, "民警 张伟", uses=zhang)
    assert "请马上告诉考评办移除" in zhou.screen()
    for player in (admin, liu):
        assert "已凭您的邀请加入" not in player.screen()
    assert "小张" not in shen.screen() and "小刘" not in zhou.screen()


# Removing


async def test_only_that_person_is_removed_and_who_did_it_stands_in_the_trail(town):
    lin = await town.person("林主任", Post(Role.OFFICE))
    await town.assessor()
    other = await town.assessor("王伟民")
    await lin.says("/remove 王伟")
    assert lin.buttons() == ["移除 王伟 派出所考核小组考核员"], "the whole name goes before a part of one"
    question = lin.answers()[-1]
    await lin.presses("移除 王伟", on=question)
    assert (posts_of(town, "王伟"), posts_of(town, "王伟民")) == ([], [("考核员", None, None)])
    with town.beside() as db:
        ((id_,),) = db.execute("SELECT id FROM person WHERE name = '王伟'").fetchall()
        assert db.execute("SELECT ended_by = (SELECT id FROM person WHERE name = '林主任') FROM post"
                          " WHERE until IS NOT NULL").fetchall() == [(1,)]  # fmt: skip
    assert trail(town, "removed") == [("removed", "林主任", None, None, f"编号 {id_}")]
    await lin.presses_data(question, f"rm:{id_}", forged=True)
    assert "此前已经移除，无需再办" in lin.screen()
    assert len(trail(town, "removed")) == 1
    await other.says("/whoami")
    assert "考核员" in other.sees()


async def test_who_may_be_removed_is_asked_at_the_press_too(town):
    admin, lin, shen = (
        await admin_of(town),
        await town.person("林主任", Post(Role.OFFICE)),
        await town.person("沈干事", Post(Role.OFFICE)),
    )
    wang = await town.assessor()
    for player in (admin, lin, wang):
        await player.says("/start")
    with town.beside() as db:
        ids = dict(db.execute("SELECT name, id FROM person").fetchall())
    message = lin.answers()[-1]
    for whom in ("陈", "沈干事", "林主任"):
        await lin.presses_data(message, f"rm:{ids[whom]}", forged=True)
    await admin.presses_data(admin.answers()[-1], f"rm:{ids['陈']}", forged=True)
    await wang.presses_data(wang.answers()[-1], f"rm:{ids['沈干事']}", forged=True)
    assert "失效" in await lin.presses_data(message, "rm:99", forged=True)
    with town.beside() as db:
        assert db.execute("SELECT count(*) FROM post WHERE until IS NOT NULL").fetchone() == (0,)
    assert [(who, detail) for _, who, _, _, detail in trail(town, "refused")] == [
        *[("林主任", "MayNotRemove")] * 3, ("陈", "MayNotRemove"), ("王伟", "移除人员"),
    ]  # fmt: skip
    await admin.says("/remove")
    assert sorted(admin.buttons()) == [
        "移除 林主任 考评办",
        "移除 沈干事 考评办",
        "移除 王伟 派出所考核小组考核员",
    ]
    await lin.says("/remove")
    assert lin.buttons() == ["移除 王伟 派出所考核小组考核员"]
    assert shen.screen() == ""


async def test_with_the_person_its_menu_its_open_questions_and_its_planned_messages_go(town):
    lin, wang = await town.person("林主任", Post(Role.OFFICE)), await town.assessor()
    liaison = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    for player in (wang, liaison):
        await player.says("/settings")
    await liaison.presses(next(label for label in liaison.buttons() if "汇总" in label))
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.says("/deduct 东门所")
    strangers = town.world.commands_in(await newcomer(town))
    for name in ("王伟", "周联络"):
        await lin.says(f"/remove {name}")
        await lin.presses(f"移除 {name}")
    for player in (wang, liaison):
        assert town.world.commands_in(player.id) == strangers
        assert len(strangers) < len(town.world.commands_in(lin.id))
    with town.beside() as db:
        assert db.execute("SELECT state FROM draft").fetchall() == [("ended",)]
        assert db.execute("SELECT state, error FROM push").fetchall() == [("dropped", "removed")]


async def newcomer(town):
    """The account of somebody who was never in."""
    return (await town.person("路人")).id


# Reading


async def test_people_are_found_by_role_unit_own_unit_group_name_and_number(town):
    lin = await town.person("林主任", Post(Role.OFFICE))
    await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await town.person("钱联络", Post(Role.LIAISON, unit="dongmen"))
    wang = await town.assessor("王伟", own="dongmen")
    await town.assessor("郑明", OFFICES)
    for asked, found in (
        ("联络员", {"周联络", "钱联络"}),
        ("东门所", {"钱联络", "王伟"}),
        (OFFICES, {"郑明"}),
        ("王", {"王伟"}),
        (str(wang.id), {"王伟"}),
        ("领导", set()),
        ("西街所", set()),
        ("", {"林主任", "周联络", "钱联络", "王伟", "郑明"}),
    ):
        await lin.says(f"/people {asked}")
        names = ("林主任", "周联络", "钱联络", "王伟", "郑明")
        assert {name for name in names if name in lin.sees()} == found, asked
    await lin.says("/people 某某")
    assert "没看懂“某某”" in lin.sees()


async def test_an_empty_roster_is_called_so_before_an_officer_is_invited(town):
    liaison = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    office = await town.person("林主任", Post(Role.OFFICE))
    await liaison.says("/invite")
    assert "城关派出所的花名册里现在没有民警" in await liaison.presses("民警") + liaison.sees()
    for line in ("/invite 民警 城关所", "/invite 民警 城关所 张伟"):
        await office.says(line)
        assert "城关派出所的花名册里现在没有民警" in office.sees()
