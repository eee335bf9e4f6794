"""Letting people in and out, in dialogs."""

import re
import sqlite3
from datetime import timedelta

import pytest
from conversation import ADMIN, Post, Role


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
    with sqlite3.connect(town.folder / "kaoping.db") as db:
        dump = "\n".join(str(row) for row in db.execute("SELECT * FROM invitation"))
    assert token not in dump


async def test_after_72_hours_it_opens_nothing(town):
    admin, liu = await admin_of(town), await town.person("小刘")
    await admin.says("/invite 领导")
    token = token_in(admin.sees())
    town.clock.time += timedelta(hours=72)
    await liu.says(f"/start {token}")
    assert "已经过期" in liu.sees()
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


async def test_who_is_no_longer_in_the_config_is_no_administrator(town):
    admin = await admin_of(town)
    assert admin.id == ADMIN
    town.config = town.config.model_copy(
        update={"people": town.config.people.model_copy(update={"admins": ()})}
    )
    await town.restart()
    await admin.says("/people")
    assert "不在本系统的人员名单中" in admin.sees()
