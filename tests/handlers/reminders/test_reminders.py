"""Reminders as people get them: what can be done about them at once, settings, /pushes, and what goes wrong on the way."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.clock import by_the_clock
from handlers.reminders import reminders
from sandbox.request import Fault
from tests import officers
from tests.conversation import STATIONS, Player, Post, Role, Town, entries, text_of


@pytest.fixture
async def march(tmp_path):
    """A bureau on 2027-02-26, 08:00 in Shanghai: on Monday 3-1 there are two weeks left."""
    town = await Town(tmp_path, now=datetime(2027, 2, 26, 0, tzinfo=UTC)).open()
    yield town
    await town.close()


async def cast(town: Town) -> dict[str, Player]:
    people = {
        "wang": await town.assessor("王伟"),
        "head": await town.person("李组长", Post(Role.HEAD, group=STATIONS)),
        "office": await town.person("林主任", Post(Role.OFFICE)),
        "leader": await town.person("高局长", Post(Role.LEADER)),
        "liaison": await town.person("周联络", Post(Role.LIAISON, unit="chengguan")),
    }
    for player in people.values():
        await player.says("/start")
    return people


async def on(town: Town, day: int, hour: int = 9, minute: int = 0, month: int = 3) -> int:
    """It is that day and hour in Shanghai, and the clock strikes; how many messages went out."""
    town.with_now(datetime(2027, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8))
    return await strikes(town)


async def strikes(town: Town) -> int:
    await by_the_clock(town.app.services, town.clock())
    return await town.app.pusher.send_due()


def reminded(player: Player) -> list[str]:
    messages = player.town.world.store.messages(player.id, limit=1000)
    return [text_of(message) for message in messages if text_of(message).startswith("⏰")]


def kept(town: Town, what: str) -> list[tuple]:
    with town.beside() as db:
        return db.execute(what).fetchall()


async def test_an_assessor_goes_from_the_reminder_straight_to_the_unit(march):
    people = await cast(march)
    wang = people["wang"]
    await on(march, 1)
    assert "还有 14 天，3月15日截止" in reminded(wang)[0]
    assert len(wang.buttons()) == 22
    await wang.presses("城关派出所")
    await wang.presses("治安管理")
    await wang.presses("−1 分")
    await wang.says("台账缺失")
    await wang.presses("✔ 登记")
    assert entries(march)[0] == ("deduction", "chengguan", "治安管理", 100, "2027Q1", "台账缺失")
    await wang.presses("东门派出所")
    await wang.presses("✔ 没有扣分，检查完毕")
    await on(march, 8)
    assert "还有 21 个单位没有检查完毕" in reminded(wang)[1]
    assert "东门派出所" not in wang.buttons()


async def test_a_head_is_led_to_the_submission_and_then_left_alone(march):
    people = await cast(march)
    head = people["head"]
    await on(march, 12)
    assert "未检查 22 个：城关派出所" in reminded(head)[0] and "等 22 个" in reminded(head)[0]
    await head.presses("看进度")
    assert "检查完毕 0 / 22" in head.sees()
    await head.presses("提交")
    await head.presses("全部放过")
    await head.presses("✔ 提交")
    for day in (14, 15, 16, 17):
        await on(march, day)
    assert len(reminded(head)) == 1 and len(reminded(people["wang"])) == 1
    assert "派出所考核小组" not in reminded(people["leader"])[-1], (
        "the group is in: only the other one is told of"
    )


async def test_buttons_say_which_quarter_where_two_are_due(march):
    people = await cast(march)
    await on(march, 1, month=6)
    head, office = people["head"], people["office"]
    assert head.buttons() == [
        "提交 2027年第一季度", "看进度 2027年第一季度", "提交 2027年第二季度", "看进度 2027年第二季度",
    ]  # fmt: skip
    assert f"看进度：{STATIONS} 2027年第二季度" in office.buttons()


async def test_leaders_get_the_board_and_the_lead_is_told_so(march):
    people = await cast(march)
    await on(march, 1)
    leader = people["leader"]
    message = march.world.store.messages(leader.id, limit=1)[-1]
    assert message["photo"] and "您是这个季度的带队局领导" in text_of(message)
    assert {board.name for board in march.studio.charts[-1].boards} >= {"派出所第一序列", "机关第二序列"}


async def test_a_group_chat_gets_one_picture_without_scores(march):
    people = await cast(march)
    chat = await march.bound("派出所组", [people["wang"], people["head"]])
    await people["wang"].says("/deduct 城关所 治安管理 2 台账")
    await on(march, 1)
    sent = [m for m in march.world.store.messages(chat, limit=10) if "⏰" in text_of(m)]
    assert len(sent) == 1 and sent[0]["photo"]
    assert "98" not in text_of(sent[0]) and "检查完毕 0 / 22" in text_of(sent[0])


async def ready(town: Town, unit: str = "chengguan") -> None:
    """The unit has an officer and a whole method."""
    await officers.enlist(town, unit, "张三")
    await officers.rule(town, unit, 2027)


async def test_a_liaison_goes_from_the_reminder_to_the_return_and_is_left_alone(march):
    liaison = (await cast(march))["liaison"]
    await ready(march)
    await on(march, 2)
    assert "2027年2月民警成绩，还有 3 天，3月5日前要报考评办。点下面的按钮核对后报送" in reminded(liaison)[0]
    await liaison.presses("核对并报送：城关派出所 2月")
    await liaison.presses("报送")
    assert "已报送：城关派出所" in liaison.screen()
    for day in (4, 5):
        await on(march, day)
    assert len(reminded(liaison)) == 1
    await liaison.presses("核对并报送：城关派出所 2月")
    assert "2027年2月民警成绩：已报送" in liaison.sees()
    message = march.world.store.messages(liaison.id, limit=1)[-1]
    for forged in ("mrb:dongmen:2027-02", "mrb:chengguan:x", "rep:chengguan:2027-02"):
        assert "失效" in await liaison.presses_data(message, forged, forged=True)


async def test_a_unit_that_lacks_something_is_told_what_to_do_first(march):
    liaison = (await cast(march))["liaison"]
    await on(march, 2)
    assert "本单位还没有花名册，请先发送 /roster" in reminded(liaison)[-1]
    await officers.enlist(march, "chengguan", "张三")
    await on(march, 4)
    assert "考核办法还不完整，请先发送 /method" in reminded(liaison)[-1]
    await officers.rule(march, "chengguan", 2027)
    await on(march, 5)
    assert "今天（3月5日）要报考评办。点下面的按钮" in reminded(liaison)[-1]


async def test_a_unit_whose_only_officer_moved_on_has_nobody_to_return(march):
    people = await cast(march)
    dongmen = await march.person("冯联络", Post(Role.LIAISON, unit="dongmen"))
    await dongmen.says("/start")
    await officers.move(march, "chengguan", "dongmen", date(2027, 2, 10))
    for unit in ("chengguan", "dongmen"):
        await officers.rule(march, unit, 2027)
    await on(march, 2)
    assert "还没有花名册" in reminded(people["liaison"])[0]
    assert "核对后报送" in reminded(dongmen)[0]


async def test_a_head_is_reminded_of_what_waits_for_the_signature_instead(march):
    liaison = (await cast(march))["liaison"]
    head = await march.person("郭所长", Post(Role.UNIT_HEAD, unit="chengguan"))
    await head.says("/start")
    await ready(march)
    await on(march, 2)
    assert not reminded(head)
    await liaison.presses("核对并报送")
    await liaison.presses("报送")
    await on(march, 4)
    assert len(reminded(liaison)) == 1
    assert "联络员已报送，等您签字" in reminded(head)[0]
    await head.says("/settings")
    assert not [label for label in head.buttons() if "🔔" in label]
    await head.presses("核对并签字：城关派出所 2月")
    assert "张三" in head.sees()
    await head.presses("签字")
    await on(march, 5)
    assert len(reminded(head)) == 1 and len(reminded(liaison)) == 1
    assert "已经签字" in await head.presses("核对并签字")


async def test_a_return_that_was_given_back_is_reminded_of_again(march):
    liaison = (await cast(march))["liaison"]
    head = await march.person("郭所长", Post(Role.UNIT_HEAD, unit="chengguan"))
    await head.says("/start")
    await ready(march)
    await liaison.says("/monthly 1月")
    await liaison.presses("报送")
    await on(march, 2)
    await liaison.presses("核对并报送")
    await liaison.presses("报送")
    await head.presses("退回联络员")
    await head.says("漏了一笔")
    await on(march, 4)
    assert len(reminded(liaison)) == 2 and not reminded(head)


async def test_the_office_hears_once_after_the_day_how_many_are_missing(march):
    people = await cast(march)
    office, head = people["office"], await march.person("郭所长", Post(Role.UNIT_HEAD, unit="chengguan"))
    await head.says("/start")
    await ready(march)
    await ready(march, "dongmen")
    dongmen = await march.person("冯联络", Post(Role.LIAISON, unit="dongmen"))
    await on(march, 2)
    for liaison in (people["liaison"], dongmen):
        await liaison.says("/monthly 2月")
        await liaison.presses("报送")
    for day in (6, 7):
        await on(march, day)
    assert not [text for text in reminded(office) if "报来" in text], "Saturday and Sunday"
    await on(march, 8)
    told = "2027年2月民警成绩：还有 40 个单位没有报来（其中 1 个待本单位签字），发送 /returns 查看。"
    assert told in reminded(office)[-1] and "还没有提交" in reminded(office)[-1], (
        "in the one message of the day"
    )
    for day in (9, 10):
        await on(march, day)
    assert sum("报来" in text for text in reminded(office)) == 1


async def test_who_was_not_reminded_because_nobody_was_there_is_told_later(march):
    people = await cast(march)
    await on(march, 5)
    await march.close()
    march.with_now(datetime(2027, 3, 10, 1, tzinfo=UTC))
    await march.open()
    await on(march, 10)
    assert "还有 41 个单位没有报来" in reminded(people["office"])[-1]
    assert len(reminded(people["liaison"])) == 1


async def test_a_unit_that_was_taken_out_is_not_reminded(march):
    player = await march.person("老联络", Post(Role.LIAISON, unit="closed"))
    await player.says("/start")
    bureau = march.app.services.bureau
    closed = replace(bureau.units[0], code="closed", name="撤销所")
    march.app.services.bureau = replace(bureau, former=(closed,))
    await on(march, 2)
    assert not reminded(player)


async def test_before_the_beginning_there_is_no_month_to_return(tmp_path):
    town = await Town(tmp_path, now=datetime(2026, 12, 2, 1, tzinfo=UTC)).open()
    liaison = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    office = await town.person("林主任", Post(Role.OFFICE))
    for player in (liaison, office):
        await player.says("/start")
    for day in range(2, 10):
        town.with_now(datetime(2026, 12, day, 1, tzinfo=UTC))
        await strikes(town)
    assert not reminded(liaison) and not [text for text in reminded(office) if "报来" in text]
    await town.close()


async def test_the_clock_strikes_every_minute_and_each_day_reminds_once(march):
    people = await cast(march)
    assert await on(march, 1, 8, 59) == 0
    assert await on(march, 1, 9, 0) > 0
    for minute in range(1, 5):
        assert await on(march, 1, 9, minute) == 0
    await march.restart()
    assert await on(march, 1, 10) == 0
    assert len(reminded(people["wang"])) == 1


async def test_a_clock_set_back_repeats_nothing_and_set_forward_misses_nothing(march):
    people = await cast(march)
    await on(march, 8)
    await on(march, 1)
    await on(march, 8, 11)
    assert len(reminded(people["wang"])) == 2, "the first of March had not been reminded of yet; the eighth had"
    await on(march, 13)
    assert "还有 2 天" in reminded(people["wang"])[-1], "the twelfth was missed and is made up for"


async def test_what_was_not_sent_on_its_day_is_dropped_and_made_up_for(march):
    people = await cast(march)
    march.request.fail_next("sendMessage", *[Fault.NEVER_ARRIVED] * 60)
    march.request.fail_next("sendPhoto", *[Fault.NEVER_ARRIVED] * 60)
    await on(march, 1)
    assert not reminded(people["wang"])
    march.request._faults.clear()
    await on(march, 2)
    assert len(reminded(people["wang"])) == 1 and "还有 13 天" in reminded(people["wang"])[0]
    await people["office"].says("/pushes")
    assert "⚠ 3月1日的已过时，没有发出" in people["office"].sees()


async def test_rest_days_that_nobody_knows_yet_are_told_to_the_office_only(march):
    people = await cast(march)
    await on(march, 1)
    assert "2027年的放假安排还没有公布" in reminded(people["office"])[0]
    assert "放假安排" not in reminded(people["head"])[0]


# What people choose


async def test_everybody_has_an_own_hour(march):
    people = await cast(march)
    wang, head = people["wang"], people["head"]
    await wang.says("/settings 7：45")
    assert "现在的时间：07:45" in wang.sees()
    await head.says("/settings")
    await head.presses("○ 17:00")
    assert "● 17:00" in head.buttons()
    await on(march, 1, 7, 45)
    assert len(reminded(wang)) == 1
    await on(march, 1, 16, 59)
    assert not reminded(head)
    await on(march, 1, 17)
    assert len(reminded(head)) == 1


@pytest.mark.parametrize("said", ["/settings 25:00", "/settings 早上", "/settings 9:75", "/settings -1:00"])
async def test_what_is_no_time_changes_nothing(march, said):
    wang = (await cast(march))["wang"]
    await wang.says(said)
    assert "没有改动：没看懂时间" in wang.sees()
    await wang.says("/settings")
    assert "现在的时间：09:00" in wang.sees()


async def test_an_assessor_mutes_what_is_early_but_not_the_last_days(march):
    wang = (await cast(march))["wang"]
    await wang.says("/settings")
    await wang.presses("🔔 已开启：检查和补原因提醒")
    assert "已关闭：检查和补原因提醒" in wang.screen()
    for day in (1, 8):
        await on(march, day)
    assert not reminded(wang)
    await on(march, 12)
    assert len(reminded(wang)) == 1


async def test_a_head_has_nothing_to_mute(march):
    head = (await cast(march))["head"]
    await head.says("/settings")
    assert not [label for label in head.buttons() if "🔔" in label]
    message = march.world.store.messages(head.id, limit=1)[-1]
    assert "失效" in await head.presses_data(message, "set:m:submission", forged=True)


# What the office sees


async def test_the_office_sees_what_failed_and_why_and_has_it_sent_again(march):
    people = await cast(march)
    march.world.block(people["wang"].id)
    await on(march, 1)
    office = people["office"]
    await office.says("/pushes")
    assert "没有送到的共 1 条" in office.sees() and "李组长　提醒　已发" in office.sees()
    await office.presses("只看没送到的")
    assert "对方停用了机器人" in office.screen()
    march.world.block(people["wang"].id, blocked=False)
    assert "已安排重新发送" in await office.presses("重发")
    assert len(reminded(people["wang"])) == 1
    message = march.world.store.messages(office.id, limit=1)[-1]
    number = kept(march, f"SELECT id FROM push WHERE chat_id = {people['wang'].id}")[0][0]
    assert "不用重发" in await office.presses_data(message, f"psr:{number}", forged=True)
    assert "失效" in await office.presses_data(message, "psr:99999", forged=True)
    await office.says("/audit")
    assert "重发" in office.sees()


async def test_many_are_shown_page_by_page(march):
    people = await cast(march)
    for day in (1, 2, 3, 4):
        await on(march, day, 18)
    await people["office"].says("/pushes")
    await people["office"].presses("较早")
    assert "‹ 较新" in people["office"].buttons()
    await people["office"].says("/pushes 失败")
    assert "没有失败的推送" in people["office"].sees()


@pytest.mark.parametrize("who", ["wang", "head", "leader", "liaison"])
async def test_only_the_office_sees_them(march, who):
    player = (await cast(march))[who]
    await player.says("/pushes")
    assert "没有这项权限" in player.sees()


# Ahead


async def test_what_is_listed_ahead_is_what_comes(march):
    people = await cast(march)
    await march.bound("派出所组", [people["wang"]])
    ahead = await reminders.ahead(march.app.services, march.clock(), 40)
    promised = {(planned.day, planned.message.recipient.chat_id): planned.message.text for planned in ahead}
    day = date(2027, 2, 26)
    while day < date(2027, 2, 26) + timedelta(days=40):
        await on(march, day.day, month=day.month)
        day += timedelta(days=1)
    came = kept(march, "SELECT day, chat_id, text FROM push WHERE kind = 'reminder' AND state = 'sent'")
    assert {(date.fromisoformat(day), chat): text for day, chat, text in came} == promised
    assert len(promised) > 30


async def test_today_is_not_promised_twice(march):
    await cast(march)
    await on(march, 1)
    ahead = await reminders.ahead(march.app.services, march.clock(), 1)
    assert ahead == []
