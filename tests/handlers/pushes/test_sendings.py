"""/pushes: what went to whom, page by page, of a day or only what did not arrive, and sent again."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.pushes.sendings_text import cause
from storage import pushes
from storage.pushes import Kind
from tests.conversation import STATIONS, Player, Post, Role, Town


async def cast(town: Town) -> tuple[Player, Player, Player]:
    """The office, somebody whom the bot reaches, and somebody who keeps it out."""
    lin = await town.person("林主任", Post(Role.OFFICE))
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    wu = await town.person("吴联络", Post(Role.LIAISON, unit="dongmen"))
    for player in (lin, zhou, wu):
        await player.says("/whoami")
    town.world.block(wu.id)
    return lin, zhou, wu


async def planned(town: Town, player: Player, *texts: str, **how: object) -> None:
    """Messages to a person, sent as far as they can be."""
    async with town.app.database.transaction() as session:
        for text in texts:
            due_at = how.get("due_at", town.clock())
            await pushes.plan(session, key=text, chat_id=player.id, text=text, due_at=due_at)
    await town.app.pusher.send_due()


def numbers(player: Player) -> list[int]:
    """The numbers of the messages that the newest page lists."""
    text = player.town.world.store.messages(player.id, limit=1)[-1]["text"]
    return [int(line.partition(".")[0]) for line in text.split("\n") if line[:1].isdigit()]


async def test_the_pages_of_what_did_not_arrive_hold_nothing_else(town):
    lin, zhou, wu = await cast(town)
    for number in range(9):
        await planned(town, wu, f"没到 {number}")
        await planned(town, zhou, f"到了 {number}", f"也到了 {number}")
    failed = list(range(25, 0, -3))
    await lin.says("/pushes")
    assert numbers(lin) == list(range(27, 19, -1))
    assert "没有送到的共 9 条" in lin.sees()
    await lin.presses("只看没送到的")
    assert numbers(lin) == failed[:8]
    assert lin.buttons() == [*(f"重发 {number}" for number in failed[:8]), "较早 ›", "看全部"]
    await lin.presses("较早 ›")
    assert numbers(lin) == failed[8:]
    assert lin.buttons() == [f"重发 {failed[8]}", "‹ 较新", "看全部"]
    await lin.presses("‹ 较新")
    assert numbers(lin) == failed[:8]
    await lin.presses("看全部")
    assert numbers(lin) == list(range(27, 19, -1))
    await lin.presses("较早 ›")
    await lin.presses("较早 ›")
    await lin.presses("较早 ›")
    assert numbers(lin) == [3, 2, 1]
    assert lin.buttons() == ["重发 1", "‹ 较新", "只看没送到的"]


async def test_the_pages_of_a_day_stay_on_that_day(town):
    lin, zhou, wu = await cast(town)
    for number in range(9):
        await planned(town, zhou, f"昨天 {number}")
    await planned(town, wu, "昨天没到")
    town.clock.move(days=1)
    for number in range(9):
        await planned(town, zhou, f"今天 {number}")
    await planned(town, wu, "今天没到")
    await lin.says("/pushes 11-10")
    assert "推送情况　2026年11月10日" in lin.sees()
    assert numbers(lin) == list(range(10, 2, -1))
    await lin.presses("较早 ›")
    assert numbers(lin) == [2, 1]
    await lin.presses("只看没送到的")
    assert numbers(lin) == [10]
    await lin.says("/pushes 11-11 失败")
    assert numbers(lin) == [20]
    await lin.presses("看全部")
    assert numbers(lin) == list(range(20, 12, -1))
    await lin.says("/pushes 11-9")
    assert "这一天没有这样的推送" in lin.sees()


async def test_a_day_begins_and_ends_at_midnight_of_the_bureau(town):
    lin, zhou, _ = await cast(town)
    midnight = datetime(2026, 11, 10, 16, tzinfo=UTC)
    await planned(town, zhou, "前", due_at=midnight - timedelta(seconds=1))
    await planned(town, zhou, "后", due_at=midnight)
    town.with_now(midnight + timedelta(hours=1))
    await town.app.pusher.send_due()
    await lin.says("/pushes 11-10")
    assert numbers(lin) == [1]
    await lin.says("/pushes 11-11")
    assert numbers(lin) == [2]


async def test_each_line_says_who_what_and_how_it_stands(town):
    lin, zhou, wu = await cast(town)
    await planned(town, zhou, "到了")
    await planned(town, wu, "没到")
    town.clock.move(hours=1)
    await planned(town, zhou, "还早", due_at=town.clock() + timedelta(hours=2))
    chat = await town.bound("派出所组", [zhou], STATIONS)
    async with town.app.database.transaction() as session:
        await pushes.plan(
            session, key="g", chat_id=chat, text="群里", due_at=town.clock(), kind=pushes.Kind.STEP
        )
    await town.app.pusher.send_due()
    await lin.says("/pushes")
    lines = lin.sees().split("\n")[3:]
    assert lines == [
        f"4. 11月10日 10:00　{STATIONS}　进展　已发",
        "3. 11月10日 12:00　周联络　通知　待发",
        "2. 11月10日 09:00　吴联络　通知　⚠ 没有送到",
        "　对方停用了机器人，请他在聊天里点“重新启动”",
        "1. 11月10日 09:00　周联络　通知　已发",
    ]


async def test_what_is_sent_again_is_the_one_that_was_pressed_and_goes_out_once(town):
    lin, _, wu = await cast(town)
    await planned(town, wu, "第一条")
    await planned(town, wu, "第二条")
    await lin.says("/pushes 失败")
    town.world.block(wu.id, blocked=False)
    assert "已安排重新发送" in await lin.presses("重发 1")
    assert "第一条" in wu.screen() and "第二条" not in wu.screen()
    assert numbers(lin) == [2]
    await lin.says("/audit")
    assert lin.sees().count("推送 1") == 1


@pytest.mark.parametrize(("error", "told"), [
    ("Forbidden: bot was blocked by the user", "对方停用了机器人"),
    ("Forbidden: bot can't initiate conversation with a user", "对方还没有打开过机器人"),
    ("Forbidden: user is deactivated", "对方的账号已注销"),
    ("Forbidden: bot was kicked from the supergroup chat", "机器人已被移出这个群"),
    ("Bad Request: chat not found", "这个聊天已经不在了"),
    ("Bad Request: <b>other", "Bad Request: &lt;b&gt;other"),
])  # fmt: skip
def test_a_cause_is_told_in_words_and_an_unknown_one_as_it_came(error, told):
    assert cause(error).startswith(told)


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
    await lin.says("/pushes 那一夜")
    assert "没看懂“那一夜”" in lin.sees()
