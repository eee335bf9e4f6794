"""Who is told, when and with which buttons: of entries at once or once a day, of seals, in group chats; and what people choose."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import by_the_clock
from tests.conversation import ADMIN, OFFICES, STATIONS, Player, Post, Role, Town, text_of


@pytest.fixture
async def march(tmp_path):
    """A bureau on 2027-03-01, a Monday, 08:00 in Shanghai: two weeks before the deadline."""
    town = await Town(tmp_path, now=datetime(2027, 3, 1, 0, tzinfo=UTC)).open()
    yield town
    await town.close()


async def liaisons(town: Town, **units: str) -> list[Player]:
    found = []
    for name, unit in units.items():
        player = await town.person(name, Post(Role.LIAISON, unit=unit))
        await player.says("/whoami")
        found.append(player)
    return found


async def daily(player: Player) -> None:
    await player.says("/settings")
    await player.presses("○ 每天")
    hush(player)


def hush(*players: Player) -> None:
    """From now on only what comes is looked at."""
    for player in players:
        player.seen[player.id] = player.town.world.store.last_message_id(player.id)


def said(player: Player, chat: int | None = None) -> list[tuple[str, list[str]]]:
    """Each message that came, with the data of its buttons."""
    found = []
    for message in player.answers(chat):
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        found.append((text_of(message), [button["callback_data"] for row in rows for button in row]))
    return found


def notice(number: int, unit: str, item: str, points: str, reason: str) -> str:
    return f"{unit}被扣分：{item} −{points} 分（记录 {number}）\n原因：{reason}\n明细发送 /why；有异议可在期限内申诉。"


# Of entries


async def test_each_of_a_units_liaisons_is_told_as_it_chose_and_no_other_units(town):
    wang = await town.assessor()
    zhou, wu, feng = await liaisons(town, 周="chengguan", 吴="chengguan", 冯="dongmen")
    head = await town.person("郭所长", Post(Role.UNIT_HEAD, unit="chengguan"))
    await head.says("/whoami")
    await daily(wu)
    await daily(feng)
    hush(zhou, head)
    await wang.says("/deduct 城关所 治安管理 2 台账缺失")
    await wang.says("/deduct 东门所 执法质量 0.5 卷宗")
    await wang.says("/deduct 城关所 情报信息 1.25 迟报")
    first = notice(1, "城关派出所", "治安管理", "2", "台账缺失")
    second = notice(2, "东门派出所", "执法质量", "0.5", "卷宗")
    third = notice(3, "城关派出所", "情报信息", "1.25", "迟报")
    assert said(zhou) == [(first, ["ap:1"]), (third, ["ap:3"])]
    assert [said(player) for player in (wu, feng, head)] == [[], [], []]
    for minute, wanted in ((29, []), (30, [(f"今天有 2 条通知：\n\n{first}\n\n{third}", [])])):
        town.with_now(datetime(2026, 11, 10, 9, minute, tzinfo=UTC))
        await town.settle()
        assert said(wu) == wanted
    assert said(feng) == [(second, [])]
    assert len(said(zhou)) == 2
    assert said(head) == []


async def test_what_is_logged_at_the_time_of_the_digest_comes_with_the_next(town):
    wang = await town.assessor()
    (wu,) = await liaisons(town, 吴="chengguan")
    await daily(wu)
    digest = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)
    town.with_now(digest - timedelta(seconds=1))
    await wang.says("/deduct 城关所 治安管理 2 前")
    town.with_now(digest)
    await wang.says("/deduct 城关所 治安管理 1 后")
    assert [text for text, _ in said(wu)] == [notice(1, "城关派出所", "治安管理", "2", "前")]
    town.with_now(digest + timedelta(days=1))
    await town.settle()
    assert [text for text, _ in said(wu)][1:] == [notice(2, "城关派出所", "治安管理", "1", "后")]


async def test_who_chooses_again_is_told_at_once_from_then_on(town):
    wang = await town.assessor()
    (wu,) = await liaisons(town, 吴="chengguan")
    await daily(wu)
    await wang.says("/deduct 城关所 治安管理 2 甲")
    await wu.says("/settings")
    await wu.presses("○ 有一笔通知一笔")
    hush(wu)
    await wang.says("/deduct 城关所 治安管理 1 乙")
    assert said(wu) == [(notice(2, "城关派出所", "治安管理", "1", "乙"), ["ap:2"])]


async def test_what_was_told_says_the_old_and_the_new_record(town):
    wang = await town.assessor()
    zhou, feng = await liaisons(town, 周="chengguan", 冯="dongmen")
    await wang.says("/deduct 城关所 治安管理 2")
    await wang.says("台账缺失")
    await wang.says("/correct 1 0.5 核实一处")
    await wang.says("/deduct 城关所 执法质量 1 卷宗")
    hush(zhou, feng)
    await wang.says("/correct 5 撤销 不属实")
    assert said(zhou) == [("城关派出所：记录 5（执法质量 −1 分）已撤销，不再扣分。\n理由：不属实", [])]
    everything = [text_of(m) for m in town.world.store.messages(zhou.id, limit=99)]
    assert "城关派出所：记录 1（治安管理 −2 分）补充了原因：台账缺失" in everything
    assert (
        "城关派出所：记录 1（治安管理 −2 分）已更正为记录 4（治安管理 −0.5 分）。\n理由：核实一处" in everything
    )
    assert said(feng) == []


# Of seals


async def test_the_seals_go_to_everybody_of_the_office_and_to_every_leader_and_to_nobody_else(town):
    posts = {
        "林主任": Post(Role.OFFICE), "赵主任": Post(Role.OFFICE), "高局长": Post(Role.LEADER), "董局长": Post(Role.LEADER),
        "王伟": Post(Role.ASSESSOR, group=STATIONS), "李组长": Post(Role.HEAD, group=STATIONS),
        "周联络": Post(Role.LIAISON, unit="chengguan"), "郭所长": Post(Role.UNIT_HEAD, unit="chengguan"),
        "管理员": Post(Role.ADMIN),
    }  # fmt: skip
    people = [await town.person(name, post) for name, post in posts.items()]
    for player in people:
        await player.says("/whoami")
    hush(*people)
    for minute, wanted in ((59, []), (60, ["林主任", "赵主任", "高局长", "董局长"])):
        town.with_now(datetime(2026, 11, 10, 9, tzinfo=UTC) + timedelta(minutes=minute))
        await town.look()
        told = [player.name for player in people if any("台账校验码" in text for text, _ in said(player))]
        assert told == wanted
    assert ADMIN in {player.id for player in people}


# In group chats


async def test_each_bound_chat_gets_its_own_groups_progress_and_no_other_chat_any(march):
    wang, zheng = await march.assessor("王伟"), await march.assessor("郑明", OFFICES)
    stations = await march.bound("派出所组", [wang, zheng], STATIONS)
    offices = await march.bound("机关组", [wang, zheng], OFFICES)
    unbound = march.group("闲聊", [wang, zheng])
    await wang.says("/done 城关所 东门所")
    await zheng.says("/done 法制科")
    for chat in (stations, offices, unbound):
        wang.seen[chat] = march.world.store.last_message_id(chat)
    march.with_now(datetime(2027, 3, 1, 1, tzinfo=UTC))
    await by_the_clock(march.app.services, march.clock())
    await march.app.pusher.send_due()
    until = "还有 14 天，3月15日截止。"
    assert [text for text, _ in said(wang, stations)] == [
        f"⏰ 派出所考核小组　2027年第一季度\n检查完毕 2 / 22 个单位，{until}"
    ]
    assert [text for text, _ in said(wang, offices)] == [
        f"⏰ 机关科室及实战所队考核小组　2027年第一季度\n检查完毕 1 / 19 个单位，{until}"
    ]
    assert said(wang, unbound) == []
    boards = {chart.frame.title: [board.name for board in chart.boards] for chart in march.studio.charts}
    assert boards["派出所考核小组：完成 2 / 22"] == ["派出所第一序列", "派出所第二序列"]
    assert boards["机关科室及实战所队考核小组：完成 1 / 19"] == ["机关第一序列", "机关第二序列"]


# What people choose


DUTIES = {
    "王伟": (Post(Role.ASSESSOR, group=STATIONS), ["检查和补原因提醒"]),
    "李组长": (Post(Role.HEAD, group=STATIONS), []),
    "高局长": (Post(Role.LEADER), ["各组进度"]),
    "林主任": (Post(Role.OFFICE), ["备案提醒"]),
    "周联络": (Post(Role.LIAISON, unit="chengguan"), ["民警成绩报送提醒", "备案提醒"]),
    "郭所长": (Post(Role.UNIT_HEAD, unit="chengguan"), []),
}
HOURS = ["07:30", "08:00", "08:30", "09:00", "10:00", "14:00", "17:00", "20:00"]


@pytest.mark.parametrize("name", DUTIES)
async def test_each_role_may_mute_its_own_reminders_and_chooses_its_hour(town, name):
    post, duties = DUTIES[name]
    player = await town.person(name, post)
    await player.says("/settings")
    ways = ["● 有一笔通知一笔", "○ 每天 17:30 汇总一次"] if post.role is Role.LIAISON else []
    hours = [f"{'●' if hour == '09:00' else '○'} {hour}" for hour in HOURS]
    assert player.buttons() == [*ways, *hours, *(f"🔔 已开启：{duty}" for duty in duties)]
    for duty in duties:
        await player.presses(f"🔔 已开启：{duty}")
    assert player.buttons() == [*ways, *hours, *(f"🔕 已关闭：{duty}" for duty in duties)]
    if duties:
        assert f"已关闭：{'、'.join(duties)}。" in player.screen()
        await player.presses(f"🔕 已关闭：{duties[0]}")
        assert player.buttons()[-len(duties) :] == [
            f"🔔 已开启：{duties[0]}",
            *(f"🔕 已关闭：{duty}" for duty in duties[1:]),
        ]


@pytest.mark.parametrize(
    "data", ["set:daily", "set:at_once", "set:h:0915", "set:h:", "set:m:summary", "set:m:x", "set:", "set:x:1"]
)
async def test_a_forged_choice_changes_nothing(town, data):
    wang = await town.assessor()
    await wang.says("/settings")
    assert "失效" in await wang.presses_data(wang.answers()[-1], data, forged=True)
    with town.beside() as db:
        assert db.execute("SELECT * FROM setting").fetchall() == []


async def test_what_one_chooses_is_ones_own_and_stands_in_the_trail(town):
    lin = await town.person("林主任", Post(Role.OFFICE))
    zhou, wu = await liaisons(town, 周="chengguan", 吴="chengguan")
    await zhou.says("/settings 7点45分")
    assert "现在的时间：07:45" in zhou.sees()
    assert [label for label in zhou.buttons() if "●" in label] == ["● 有一笔通知一笔"]
    await wu.says("/settings")
    await wu.presses("○ 14:00")
    assert "● 14:00" in wu.buttons() and "● 09:00" not in wu.buttons()
    await zhou.says("/settings")
    assert "现在的时间：07:45" in zhou.sees()
    await lin.says("/audit")
    assert "周　" in lin.sees() and "remind_at=07:45" in lin.sees() and "remind_at=14:00" in lin.sees()
