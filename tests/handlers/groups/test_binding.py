"""A group chat is an assessment group's own from /bind until it is let go, taken over, or the bot is taken out."""

from datetime import UTC, datetime

import pytest

from handlers.frame.names import short
from storage import settings
from tests.conversation import OFFICES, STATIONS, Post, Role, Town, entries
from tests.trail import trail


@pytest.fixture
async def office(town):
    return await town.person("林主任", Post(Role.OFFICE))


def bound(town: Town) -> dict[int, str]:
    with town.beside() as db:
        return dict(db.execute("SELECT chat_id, group_name FROM binding ORDER BY chat_id DESC").fetchall())


def standing(town: Town, chat: int, status: str) -> dict:
    """What Telegram tells when the bot's own standing in a chat changes."""
    return {
        "update_id": 900_001,
        "my_chat_member": {
            "chat": town.world.chat(chat),
            "from": town.world.bot,
            "date": int(town.clock().timestamp()),
            "old_chat_member": {"user": town.world.bot, "status": "member"},
            "new_chat_member": {"user": town.world.bot, "status": status, "until_date": 0},
        },
    }


async def test_binding_taking_over_and_letting_go_stand_in_the_trail_once_each(town, office):
    group = town.group("群", [office])
    await office.says("/bind 派出所考核小组", chat=group)
    await office.says("/bind 派出所考核小组", chat=group)
    await office.says("/bind", chat=group)
    assert f"本群现在绑定的是{STATIONS}" in office.sees(group)
    await office.presses(OFFICES, chat=group)
    assert bound(town) == {group: OFFICES}
    await office.says("/bind 解除", chat=group)
    assert f"已解除与{OFFICES}的绑定" in office.sees(group)
    await office.says("/bind 取消", chat=group)
    assert "没有绑定，无需解除" in office.sees(group)
    assert bound(town) == {}
    assert trail(town, "bound", "unbound") == [
        ("bound", "林主任", None, None, f"{STATIONS} {group}"),
        ("bound", "林主任", None, None, f"{OFFICES} {group}"),
        ("unbound", "林主任", None, None, f"{OFFICES} {group}"),
    ]


async def test_nobody_but_the_office_binds_by_word_or_forged_button(town, office):
    head = await town.person("李组长", Post(Role.HEAD, group=STATIONS))
    group = town.group("群", [office, head])
    await office.says("/bind", chat=group)
    question = office.answers(group)[-1]
    await head.says("/bind 派出所考核小组", chat=group)
    assert "没有这项权限" in await head.presses_data(question, f"bind:{short(STATIONS)}", forged=True)
    assert bound(town) == {}
    assert [(who, detail) for _, who, _, _, detail in trail(town, "refused")] == [
        ("李组长", "绑定考核小组的群"),
        ("李组长", "绑定考核小组的群"),
    ]


async def test_in_private_no_button_binds_the_persons_own_chat(town, office):
    await office.says("/help")
    answer = await office.presses_data(office.answers()[-1], f"bind:{short(STATIONS)}", forged=True)
    assert "要在群里发送" in answer
    assert bound(town) == {}


async def test_taken_out_of_a_chat_the_bot_lets_that_one_go_and_no_other(town, office):
    wang = await town.assessor()
    first, second = await town.bound("一群", [office, wang]), await town.bound("二群", [office, wang])
    town.world.leave(first)
    await town.settle()
    assert bound(town) == {second: STATIONS}
    assert trail(town, "unbound") == [("unbound", None, None, None, f"{STATIONS} {first}")]
    town.world.add_group("一群", [office.id, wang.id], id=first)
    await wang.says("/deduct 城关所 治安管理 2 原因", chat=first)
    assert "没有绑定考核小组" in wang.sees(first)
    assert entries(town) == []
    await wang.says("/deduct 城关所 治安管理 2 原因", chat=second)
    assert len(entries(town)) == 1
    await office.says("/audit")
    assert f"系统　解除群绑定　{STATIONS} {first}" in office.sees()


async def test_removed_by_an_administrator_of_the_chat_it_lets_it_go(town, office):
    chat = await town.bound("群", [office])
    await town.deliver_again(standing(town, chat, "kicked"))
    assert bound(town) == {}


async def test_staying_in_the_chat_changes_nothing(town, office):
    chat = await town.bound("群", [office])
    await town.deliver_again(standing(town, chat, "member"))
    assert bound(town) == {chat: STATIONS}
    assert trail(town, "unbound") == []


async def test_a_chat_that_was_let_go_gets_no_reminder(tmp_path):
    town = await Town(tmp_path, now=datetime(2027, 3, 1, 2, tzinfo=UTC)).open()
    wang = await town.assessor()
    first, second = await town.bound("一群", [wang]), await town.bound("二群", [wang])
    town.world.leave(first)
    await town.settle()
    await town.look()
    with town.beside() as db:
        chats = db.execute("SELECT chat_id FROM push WHERE chat_id < 0").fetchall()
    assert chats == [(second,)]
    await town.close()


async def test_each_chat_gets_the_board_of_its_own_group(tmp_path):
    town = await Town(tmp_path, now=datetime(2027, 3, 1, 2, tzinfo=UTC)).open()
    wang, zheng = await town.assessor(), await town.assessor("郑明", OFFICES)
    chats = {await town.bound("一群", [wang]): STATIONS, await town.bound("二群", [zheng], OFFICES): OFFICES}
    await town.look()
    with town.beside() as db:
        texts = dict(db.execute("SELECT chat_id, text FROM push WHERE chat_id < 0").fetchall())
    units = {STATIONS: "0 / 22", OFFICES: "0 / 19"}
    assert {chat: [group for group in units if units[group] in text] for chat, text in texts.items()} == {
        chat: [group] for chat, group in chats.items()
    }
    await town.close()


async def test_a_group_that_became_a_supergroup_stays_bound_under_its_new_number(town, office):
    wang = await town.assessor()
    chat, other = await town.bound("群", [office, wang]), await town.bound("别的群", [office])
    new = town.group("群", [office, wang])
    told = {
        "update_id": 900_001,
        "message": {
            "message_id": 700,
            "date": int(town.clock().timestamp()),
            "chat": {"id": chat, "type": "group", "title": "群"},
            "from": {"id": wang.id, "is_bot": False, "first_name": wang.name},
            "migrate_to_chat_id": new,
        },
    }
    await town.deliver_again(told)
    assert bound(town) == {other: STATIONS, new: STATIONS}
    assert trail(town, "bound")[-1] == ("bound", None, None, None, f"{STATIONS} {new}")
    await wang.says("/deduct 城关所 治安管理 2 原因", chat=new)
    assert len(entries(town)) == 1


async def test_a_chat_that_was_never_bound_moves_without_a_trace(town):
    async with town.app.database.transaction() as session:
        await settings.moved(session, from_chat=-5, to_chat=-6, now=town.clock())
    assert bound(town) == {} and trail(town, "bound") == []
