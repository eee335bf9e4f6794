"""/pushes: what went to whom, page by page and day by day; what did not arrive is counted, told why and sent again once."""

import re

import pytest

from storage import pushes
from storage.pushes import Kind
from tests.conversation import Player, Post, Role, Town


@pytest.fixture
async def lin(town):
    player = await town.person("林主任", Post(Role.OFFICE))
    await player.says("/start")
    return player


@pytest.fixture
async def zhou(town):
    player = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await player.says("/start")
    return player


async def sent(town: Town, player: Player, count: int, *, key: str) -> None:
    """So many messages to somebody go out, or are tried to."""
    for number in range(count):
        async with town.app.database.transaction() as session:
            await pushes.plan(
                session, key=f"{key}{number}", chat_id=player.id, text=f"通知{number}", due_at=town.clock(), kind=Kind.STEP
            )  # fmt: skip
    town.app.pusher.wake()
    await town.settle()


async def failed(town: Town, player: Player, count: int, *, key: str) -> None:
    """So many messages do not reach somebody, for it keeps the bot out."""
    town.world.block(player.id)
    await sent(town, player, count, key=key)
    town.world.block(player.id, blocked=False)


def numbers(player: Player) -> list[int]:
    """The numbers of the messages that stand on the newest page."""
    text = player.town.world.store.messages(player.id, limit=1)[-1]["text"]
    return [int(number) for number in re.findall(r"^(\d+)\. ", text, re.M)]


async def test_the_pages_of_what_did_not_arrive_hold_nothing_else(town, lin, zhou):
    await failed(town, zhou, 9, key="f")
    await sent(town, zhou, 12, key="s")
    await lin.says("/pushes")
    assert numbers(lin) == [21, 20, 19, 18, 17, 16, 15, 14]
    assert "没有送到的共 9 条" in lin.sees() and "周联络　进展　已发" in lin.sees()
    await lin.presses("只看没送到的")
    assert numbers(lin) == [9, 8, 7, 6, 5, 4, 3, 2]
    await lin.presses("较早 ›")
    assert numbers(lin) == [1]
    assert lin.buttons() == ["重发 1", "‹ 较新", "看全部"]
    await lin.presses("‹ 较新")
    assert numbers(lin) == [9, 8, 7, 6, 5, 4, 3, 2]
    await lin.presses("看全部")
    assert numbers(lin)[0] == 21
    await lin.presses("较早 ›")
    assert numbers(lin) == [13, 12, 11, 10, 9, 8, 7, 6]


async def test_one_day_holds_what_was_due_on_it_on_every_page(town, lin, zhou):
    await sent(town, zhou, 9, key="a")
    town.clock.move(hours=15)  # midnight
    await failed(town, zhou, 1, key="b")
    await sent(town, zhou, 1, key="c")
    await lin.says("/pushes 11-10")
    assert numbers(lin) == [9, 8, 7, 6, 5, 4, 3, 2]
    await lin.presses("较早 ›")
    assert numbers(lin) == [1]
    await lin.says("/pushes 11-11")
    assert numbers(lin) == [11, 10]
    await lin.presses("只看没送到的")
    assert numbers(lin) == [10]
    await lin.says("/pushes 失败 11-10")
    assert "没有送到的推送　2026年11月10日" in lin.sees() and "这一天没有这样的推送" in lin.sees()


async def test_what_was_withheld_from_who_was_removed_did_not_fail_and_is_not_sent_again(town, lin, zhou):
    await zhou.says("/settings")
    await zhou.presses(next(label for label in zhou.buttons() if "汇总" in label))
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await lin.says("/remove 周联络")
    await lin.presses("移除 周联络")
    await lin.says("/pushes")
    assert "没有失败的推送。" in lin.sees() and "人员已移除，不再发送" in lin.sees()
    assert not [label for label in lin.buttons() if label.startswith("重发")]
    await lin.says("/pushes 失败")
    assert numbers(lin) == []
    assert "不用重发" in await lin.presses_data(lin.answers()[-1], "psr:1", forged=True)
    town.clock.move(days=1)
    await town.app.pusher.send_due()
    assert "台账缺失" not in zhou.screen()


async def test_it_is_sent_again_once_and_what_is_out_is_not(town, lin, zhou):
    await failed(town, zhou, 1, key="f")
    await sent(town, zhou, 1, key="s")
    await lin.says("/pushes")
    assert [label for label in lin.buttons() if label.startswith("重发")] == ["重发 1"]
    question = lin.answers()[-1]
    assert "已安排重新发送" in await lin.presses("重发 1", on=question)
    assert zhou.screen().count("通知0") == 2, "one of each, and no repeat"
    assert "〔重发〕" not in zhou.screen()
    for number in (1, 2):
        assert "不用重发" in await lin.presses_data(question, f"psr:{number}", forged=True)
    assert "失效" in await lin.presses_data(question, "psr:99", forged=True)
    assert "失效" in await lin.presses_data(question, "ps:all:0:x", forged=True)


async def test_only_the_office_looks_and_sends_again(town, lin, zhou):
    await failed(town, zhou, 1, key="f")
    leader = await town.person("高局长", Post(Role.LEADER))
    for player in (leader, zhou):
        await player.says("/pushes")
        assert "没有这项权限" in player.sees()
        message = player.answers()[-1]
        for data in ("ps:all:0", "psr:1"):
            assert "没有这项权限" in await player.presses_data(message, data, forged=True)
    assert "通知0" not in zhou.screen()


async def test_a_bound_chat_stands_by_its_group_and_words_cannot_be_taken_for_something_else(town, lin):
    chat = await town.bound("派出所群", [lin])
    async with town.app.database.transaction() as session:
        await pushes.plan(session, key="x", chat_id=chat, text="进度", due_at=town.clock(), kind=Kind.REMINDER)
    town.app.pusher.wake()
    await town.settle()
    await lin.says("/pushes")
    assert "派出所考核小组　提醒　已发" in lin.sees()
    await lin.says("/pushes 昨夜")
    assert "没看懂“昨夜”" in lin.sees()
