"""The gate in front of every handler: what is answered at all, with which hints, and the menu that each one has."""

import pytest

from storage import people
from tests.conversation import OFFICES, STATIONS, Player, Post, Role, Town


def menus_set(town: Town, player: Player) -> int:
    """How often the person's own menu was set."""
    return sum(
        call.method == "setMyCommands" and str(player.id) in str(call.params.get("scope"))
        for call in town.request.calls
    )


async def test_a_menu_is_set_once_and_again_when_the_posts_changed_or_the_program_was_started_anew(town):
    wang = await town.assessor()
    for line in ("/help", "/whoami"):
        await wang.says(line)
    assert menus_set(town, wang) == 1
    assert "confirm" not in {command["command"] for command in town.world.commands_in(wang.id)}
    async with town.app.database.transaction() as session:
        person = await people.find(session, wang.id)
        await people.appoint(
            session, person_id=person.id, post=Post(Role.OFFICE), granted_by=None, now=town.clock()
        )
    await wang.says("/help")
    assert menus_set(town, wang) == 2
    assert "confirm" in {command["command"] for command in town.world.commands_in(wang.id)}
    await town.restart()
    await wang.says("/help")
    assert menus_set(town, wang) == 3


async def test_in_a_group_nobodys_own_menu_is_set(town):
    wang = await town.assessor()
    group = await town.bound("群", [wang])
    await wang.says("/deduct 城关所 治安管理 2 原因", chat=group)
    assert menus_set(town, wang) == 0


async def test_a_command_that_there_is_none_of_is_answered_with_those_that_one_may_use(town):
    wang = await town.assessor()
    await wang.says("/ranks")
    assert "/rank" in wang.sees()
    await wang.says("/invites")
    assert "/invite" not in wang.sees().replace("/invites", "")
    group = await town.bound("群", [wang])
    await wang.says("/ranks", chat=group)
    assert wang.answers(group) == []


async def test_a_button_that_leads_nowhere_says_so(town):
    wang = await town.assessor()
    await wang.says("/help")
    answer = await wang.presses_data(wang.answers()[-1], "nosuchverb:1", forged=True)
    assert "已经失效" in answer
    assert wang.answers() == []


@pytest.mark.parametrize(
    ("line", "deed", "roles"),
    [
        ("/audit", "查看操作留痕", "考评办"),
        ("/submit", "提交季度成绩", "副组长、组长"),
        ("/monthly", "报送民警月度成绩", "联络员"),
    ],
)
async def test_who_may_not_is_told_what_and_who_may(town, line, deed, roles):
    wang = await town.assessor()
    await wang.says(line)
    assert deed in wang.sees() and all(role in wang.sees() for role in roles.split("、"))


async def test_a_bound_chat_answers_its_members_and_the_office_by_press_as_by_word(town):
    wang, zheng = await town.assessor(), await town.assessor("郑明", OFFICES)
    lin = await town.person("林主任", Post(Role.OFFICE))
    group = await town.bound("群", [wang, zheng, lin], STATIONS)
    await wang.says("/deduct 城关所 治安管理 2", chat=group)
    card = wang.answers(group)[-1]
    data = Player._data(card, "撤销")
    assert "不在这个小组" in await zheng.presses_data(card, data)
    with town.beside() as db:
        refused = db.execute("SELECT detail FROM audit WHERE act = 'refused'").fetchall()
        kinds = db.execute("SELECT kind FROM entry").fetchall()
    assert refused == [("WrongChat",)]
    assert kinds == [("deduction",)]
    await wang.presses_data(card, data)
    with town.beside() as db:
        assert db.execute("SELECT kind FROM entry ORDER BY id").fetchall() == [("deduction",), ("reversal",)]
