"""Letting people in and out, in dialogs."""

import re
from datetime import timedelta

import pytest
from conversation import ADMIN, Post, Role

from storage import people


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
