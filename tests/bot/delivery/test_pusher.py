"""Messages that the bot sends of itself: never missed, never planned twice, a repeat is marked."""

import asyncio
import json
import time
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import httpx
import pytest
from conversation import STATIONS, Post, Role
from sqlalchemy.exc import OperationalError
from telegram.error import NetworkError

from bot.crew import NotCounted
from charts.values import Frame, ItemBar, ScoreChart, packed
from handlers.frame.reply import CAPTION, MESSAGE
from sandbox.request import Fault
from storage import pushes


async def told(town, name="周联络"):
    zhou = await town.person(name, Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/whoami")
    return zhou, await town.assessor()


def states(town):
    with town.beside() as db:
        return [row[0] for row in db.execute("SELECT state FROM push ORDER BY id")]


async def planned(town, person, text="通知"):
    async with town.app.database.transaction() as session:
        await pushes.plan(session, key=text[:40], chat_id=person.id, text=text, due_at=town.clock())


async def test_with_the_line_down_it_comes_later(town):
    zhou, _ = await told(town)
    await planned(town, zhou)
    town.request.fail_next("sendMessage", Fault.NEVER_ARRIVED)
    await town.app.pusher.send_due()
    assert "通知" not in zhou.screen()
    assert states(town) == ["planned"]
    town.clock.move(minutes=1)
    await town.app.pusher.send_due()
    assert zhou.screen().count("通知") == 1 and "重发" not in zhou.screen()
    assert states(town) == ["sent"]


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.LINE_CUT])
async def test_where_no_answer_came_it_goes_out_again_and_says_so(town, fault):
    zhou, _ = await told(town)
    await planned(town, zhou)
    town.request.fail_next("sendMessage", fault)
    await town.app.pusher.send_due()
    town.clock.move(minutes=1)
    await town.app.pusher.send_due()
    assert zhou.screen().count("通知") == 2 and zhou.screen().count("〔重发〕通知") == 1


async def test_what_may_be_out_stays_so_however_often_it_is_refused_after_that(town):
    zhou, _ = await told(town)
    await planned(town, zhou)
    town.request.fail_next("sendMessage", Fault.ANSWER_LOST, *[Fault.TOO_MANY] * 4, Fault.NEVER_ARRIVED)
    for _ in range(4):
        await town.app.pusher.send_due()
        town.clock.move(hours=1)
    assert zhou.screen().count("通知") == 2 and zhou.screen().count("〔重发〕通知") == 1


async def test_where_half_of_it_went_out_it_goes_out_again_and_says_so(town):
    zhou, _ = await told(town)
    await planned(town, zhou, text="\n".join(f"第{number}条 " + "长" * 100 for number in range(60)))
    through, sent = town.request.do_request, []

    async def half(url, *args, **kwargs):
        if "sendMessage" in url:
            sent.append(url)
            if len(sent) == 2:
                raise NetworkError("the line is down") from httpx.ConnectError("the line is down")
        return await through(url, *args, **kwargs)

    town.request.do_request = half
    await town.app.pusher.send_due()
    town.clock.move(minutes=1)
    await town.app.pusher.send_due()
    assert zhou.screen().count("第0条") == 2 and zhou.screen().count("〔重发〕第0条") == 1


async def test_where_the_process_died_while_sending_it_goes_out_again_and_says_so(town):
    zhou, _ = await told(town)
    async with town.app.database.transaction() as session:
        await pushes.plan(session, key="x", chat_id=zhou.id, text="通知", due_at=town.clock())
    async with town.app.database.transaction() as session:
        assert len(await pushes.claim(session, now=town.clock(), today=date(2026, 11, 10))) == 1
    await town.app.pusher.send_due()
    assert "通知" not in zhou.screen(), "claimed by the one that died"
    await town.restart()
    await town.app.pusher.send_due()
    assert zhou.screen().count("〔重发〕通知") == 1
    await town.app.pusher.send_due()
    assert zhou.screen().count("通知") == 1


async def test_who_keeps_the_bot_out_is_left_alone_and_holds_nobody_up(town):
    zhou, wang = await told(town)
    other, _ = await told(town, "李联络")
    town.world.block(zhou.id)
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert sorted(states(town)) == ["dropped", "sent"]
    assert "被扣分" in other.screen()


async def test_the_same_is_planned_once(town):
    zhou, _ = await told(town)
    async with town.app.database.transaction() as session:
        for fresh in (True, False):
            assert (
                await pushes.plan(session, key="x", chat_id=zhou.id, text="通知", due_at=town.clock()) is fresh
            )
    assert await town.app.pusher.send_due() == 1


async def test_a_wait_that_telegram_asks_for_is_kept(town):
    zhou, _ = await told(town)
    async with town.app.database.transaction() as session:
        await pushes.plan(session, key="x", chat_id=zhou.id, text="通知", due_at=town.clock())
    town.request.fail_next("sendMessage", *[Fault.TOO_MANY] * 4)
    await town.app.pusher.send_due()
    assert states(town) == ["planned"] and "通知" not in zhou.screen()
    town.clock.move(minutes=20)
    await town.app.pusher.send_due()
    assert zhou.screen().count("通知") == 1


async def test_a_long_digest_goes_out_in_as_many_messages_as_hold_it(town):
    zhou, _ = await told(town)
    async with town.app.database.transaction() as session:
        for number in range(60):
            await pushes.plan(
                session, key=f"x{number}", chat_id=zhou.id, text=f"第{number}条 " + "长" * 150, due_at=town.clock(),
                together=True,
            )  # fmt: skip
    await town.app.pusher.send_due()
    assert all(f"第{number}条" in zhou.screen() for number in range(60))


@pytest.mark.parametrize("wrong", [{"hours": 30}, {"days": 30}, {"days": 366}])
async def test_what_was_planned_while_the_clock_was_ahead_goes_out_all_the_same(town, wrong):
    zhou, _ = await told(town)
    right = town.clock.time
    town.clock.move(**wrong)
    await planned(town, zhou, "通知")
    town.request.fail_next("sendMessage", Fault.NEVER_ARRIVED)
    await town.app.pusher.send_due()
    town.with_now(right)
    for _ in range(3):
        town.clock.move(days=1)
        await town.app.pusher.send_due()
    assert zhou.screen().count("通知") == 1 and "重发" not in zhou.screen()


async def test_a_digest_waits_for_its_time(town):
    zhou, wang = await told(town)
    await zhou.says("/settings")
    await zhou.presses(next(label for label in zhou.buttons() if "汇总" in label))
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert "被扣分" not in zhou.screen()
    town.clock.move(hours=8, minutes=31)
    await town.app.pusher.send_due()
    assert "被扣分" in zhou.screen()


async def test_with_the_database_away_it_is_marked_later_and_not_sent_again(town, monkeypatch):
    zhou, _ = await told(town)
    await planned(town, zhou)
    monkeypatch.setattr("bot.delivery.pusher.WRITE_AGAIN", 0.0)
    mark_sent, faults = pushes.mark_sent, [1, 2, 3]

    async def away(*args, **kwargs):
        if faults:
            faults.pop()
            raise OperationalError("", {}, Exception("database is locked"))
        await mark_sent(*args, **kwargs)

    monkeypatch.setattr(pushes, "mark_sent", away)
    assert await town.app.pusher.send_due() == 1
    await town.app.pusher.take_up()
    await town.app.pusher.send_due()
    assert zhou.screen().count("通知") == 1
    assert states(town) == ["sent"]


async def test_whatever_goes_wrong_it_goes_on(town, monkeypatch):
    zhou, _ = await told(town)
    await planned(town, zhou)
    claim, faults = pushes.claim, [RuntimeError("on purpose")]

    async def broken(*args, **kwargs):
        if faults:
            raise faults.pop()
        return await claim(*args, **kwargs)

    monkeypatch.setattr(pushes, "claim", broken)
    running = asyncio.create_task(town.app.pusher.run())
    while states(town) != ["sent"]:
        assert not running.done()
        await asyncio.sleep(0.05)
    await town.app.pusher.stop()
    await running


async def test_when_all_that_is_due_is_said_to_be_out_nothing_is_still_on_its_way(town):
    zhou, _ = await told(town)
    await planned(town, zhou)
    started, released = asyncio.Event(), asyncio.Event()
    through = town.request.do_request

    async def held(*args, **kwargs):
        started.set()
        await released.wait()
        return await through(*args, **kwargs)

    town.request.do_request = held
    first = asyncio.create_task(town.app.pusher.send_due())
    await started.wait()
    second = asyncio.create_task(town.app.pusher.send_due())
    for _ in range(50):
        await asyncio.sleep(0.002)
    assert not second.done(), "another has it in hand"
    released.set()
    assert (await first, await second) == (1, 0)
    assert zhou.screen().count("通知") == 1


@pytest.mark.parametrize("error", [NotCounted(), KeyError("on purpose")])
async def test_whatever_goes_wrong_with_one_message_the_others_go_out_and_it_comes_later(
    town, monkeypatch, error
):
    zhou, _ = await told(town)
    await planned(town, zhou, "坏的")
    await planned(town, zhou, "好的")
    deliver = town.app.pusher._deliver

    async def broken(several, out):
        if several[0].text == "坏的" and several[0].tries < 3:
            raise error
        await deliver(several, out)

    monkeypatch.setattr(town.app.pusher, "_deliver", broken)
    await town.app.pusher.send_due()
    assert "好的" in zhou.screen() and "坏的" not in zhou.screen()
    for _ in range(4):
        town.clock.move(hours=1)
        await town.app.pusher.send_due()
    assert zhou.screen().count("坏的") == 1 and "重发" not in zhou.screen()
    assert states(town) == ["sent", "sent"]


class Line:
    """The line to Telegram, on which messages are held until they are let through."""

    def __init__(self, town):
        self.begun, self.gates, self.free = [], {}, False
        through = town.request.do_request

        async def held(url, method, request_data=None, **more):
            if url.endswith("sendMessage"):
                text = request_data.parameters["text"]
                self.begun.append(text)
                if not self.free:
                    await self.gates.setdefault(text, asyncio.Event()).wait()
            return await through(url, method, request_data, **more)

        town.request.do_request = held

    def let(self, *texts):
        for text in texts:
            self.gates.setdefault(text, asyncio.Event()).set()

    def let_all(self):
        self.free = True
        self.let(*self.gates)

    async def has(self, count):
        for _ in range(500):
            if len(self.begun) >= count:
                break
            await asyncio.sleep(0.002)
        for _ in range(20):
            await asyncio.sleep(0)
        return self.begun


async def liaisons(town, count):
    people = [
        await town.person(f"联络员{number}", Post(Role.LIAISON, unit="chengguan")) for number in range(count)
    ]
    for person in people:
        await person.says("/whoami")
    return people


async def test_several_are_on_their_way_at_once_those_of_one_chat_one_after_the_other(town):
    zhou, li = await liaisons(town, 2)
    for person, text in ((zhou, "甲1"), (zhou, "甲2"), (li, "乙1"), (zhou, "甲3"), (li, "乙2")):
        await planned(town, person, text)
    line = Line(town)
    sending = asyncio.create_task(town.app.pusher.send_due())
    assert await line.has(2) == ["甲1", "乙1"]
    line.let("乙1")
    assert await line.has(3) == ["甲1", "乙1", "乙2"]
    line.let("甲1")
    assert await line.has(4) == ["甲1", "乙1", "乙2", "甲2"]
    line.let_all()
    assert await sending == 5
    assert line.begun[-1] == "甲3" and set(states(town)) == {"sent"}


async def test_what_arrives_while_others_are_marked_is_marked_with_the_next(town, monkeypatch):
    people = await liaisons(town, 12)
    for person in people:
        await planned(town, person, f"给{person.id}")
    mark_sent, marked = pushes.mark_sent, []

    async def slowly(session, ids, *, now):
        marked.append(len(ids))
        time.sleep(0.2)
        await mark_sent(session, ids, now=now)

    monkeypatch.setattr(pushes, "mark_sent", slowly)
    assert await town.app.pusher.send_due() == 12
    assert set(states(town)) == {"sent"}
    assert sum(marked) == 12 and len(marked) <= 6


async def test_what_is_out_is_marked_before_whatever_else_waits_to_be_written(town, monkeypatch):
    monkeypatch.setattr("bot.delivery.pusher.LOOK_AGAIN", 60)
    zhou, _ = await told(town)
    await planned(town, zhou)
    line = Line(town)
    sending = asyncio.create_task(town.app.pusher.send_due())
    (text,) = await line.has(1)
    order = []

    async def another(number):
        async with town.app.database.transaction():
            order.append((number, *states(town)))

    async with asyncio.TaskGroup() as group, town.app.database.transaction():
        for number in range(3):
            group.create_task(another(number))
        await asyncio.sleep(0.05)
        line.let(text)
        while not town.app.pusher._unmarked and states(town) != ["sent"]:
            await asyncio.sleep(0.01)
    assert await sending == 1
    assert order == [(0, "sent"), (1, "sent"), (2, "sent")]


async def test_while_one_does_not_come_back_what_is_planned_meanwhile_goes_out(town, monkeypatch):
    monkeypatch.setattr("bot.delivery.pusher.LOOK_AGAIN", 0.05)
    zhou, li = await liaisons(town, 2)
    for number in range(20):
        await planned(town, zhou, f"甲{number}")
    line = Line(town)
    sending = asyncio.create_task(town.app.pusher.send_due())
    await line.has(1)
    await asyncio.sleep(0.3)
    await planned(town, li, "乙")
    assert await asyncio.wait_for(line.has(2), 5) == ["甲0", "乙"]
    line.let_all()
    assert await sending == 21
    assert line.begun == ["甲0", "乙", *(f"甲{number}" for number in range(1, 20))]


async def test_what_is_out_is_not_sent_again_because_nothing_can_be_written_for_a_while(town, monkeypatch):
    monkeypatch.setattr("bot.delivery.pusher.LOOK_AGAIN", 0.05)
    monkeypatch.setattr("bot.delivery.outbound.AT_ONCE", 2)
    people = await liaisons(town, 3)
    line, claim, give_back, faults = Line(town), pushes.claim, pushes.give_back, []

    async def perhaps(work, *args, **kwargs):
        if faults:
            faults.pop()
            line.let_all()
            raise OperationalError("", {}, Exception("database is locked"))
        return await work(*args, **kwargs)

    monkeypatch.setattr(pushes, "claim", partial(perhaps, claim))
    monkeypatch.setattr(pushes, "give_back", partial(perhaps, give_back))
    for person in people:
        await planned(town, person, f"给{person.id}")
    running = asyncio.create_task(town.app.pusher.run())
    await line.has(2)
    faults += [1, 2]
    async with asyncio.timeout(20):
        while set(states(town)) != {"sent"}:
            assert not running.done()
            await asyncio.sleep(0.05)
    await town.app.pusher.stop()
    await running
    assert len(line.begun) == 3


async def test_what_becomes_due_while_it_is_looked_when_the_next_is_due_is_not_overlooked(town):
    zhou, _ = await told(town)
    town.clock.move(seconds=1)
    await planned(town, zhou)
    town.clock.move(seconds=-1)
    await town.app.pusher.send_due()
    town.clock.move(minutes=1)
    assert await town.app.pusher._until_the_next() < 1


async def test_one_that_does_not_come_back_keeps_no_other_from_being_marked(town):
    people = await liaisons(town, 3)
    for person, text in zip(people, "甲乙丙", strict=True):
        await planned(town, person, text)
    line = Line(town)
    sending = asyncio.create_task(town.app.pusher.send_due())
    await line.has(3)
    for text, expected in (("乙", ["claimed", "sent", "claimed"]), ("丙", ["claimed", "sent", "sent"])):
        line.let(text)
        for _ in range(500):
            if states(town) == expected:
                break
            await asyncio.sleep(0.01)
        assert states(town) == expected
    line.let_all()
    assert await sending == 3


async def test_at_a_stop_what_is_on_its_way_arrives_and_the_rest_is_due_as_before(town, monkeypatch):
    monkeypatch.setattr("bot.delivery.outbound.AT_ONCE", 1)
    zhou, li = await liaisons(town, 2)
    for person, text in ((zhou, "甲"), (li, "乙")):
        await planned(town, person, text)
    line = Line(town)
    sending = asyncio.create_task(town.app.pusher.send_due())
    await line.has(1)
    await town.app.pusher.stop(0)
    line.let_all()
    await sending
    assert line.begun == ["甲"] and states(town) == ["sent", "planned"]
    await town.restart()
    await town.app.pusher.send_due()
    assert "乙" in li.screen() and "重发" not in li.screen() + zhou.screen()


async def test_it_goes_out_when_it_is_due_and_not_a_minute_later(town):
    zhou, _ = await told(town)
    async with town.app.database.transaction() as session:
        due = town.clock() + timedelta(seconds=0.3)
        await pushes.plan(session, key="x", chat_id=zhou.id, text="通知", due_at=due)
    begun = time.monotonic()
    town.app.pusher._clock = lambda: town.clock() + timedelta(seconds=time.monotonic() - begun)
    running = asyncio.create_task(town.app.pusher.run())
    async with asyncio.timeout(20):
        while states(town) != ["sent"]:
            await asyncio.sleep(0.05)
    await town.app.pusher.stop()
    await running


async def test_what_is_due_goes_out_by_when_it_is_due_not_by_when_it_was_planned(town):
    zhou, _ = await told(town)
    async with town.app.database.transaction() as session:
        for minutes in (*range(24, 0, -2), *range(1, 24, 2)):
            due = town.clock() + timedelta(minutes=minutes)
            await pushes.plan(session, key=f"x{minutes}", chat_id=zhou.id, text=f"第{minutes}条", due_at=due)
    town.clock.move(hours=1)
    line = Line(town)
    line.free = True
    assert await town.app.pusher.send_due() == 24
    assert line.begun == [f"第{minutes}条" for minutes in range(1, 25)]


async def test_before_it_is_due_nothing_goes_out(town):
    zhou, _ = await told(town)
    async with town.app.database.transaction() as session:
        for name, span in (("早", timedelta()), ("晚", timedelta(seconds=1))):
            await pushes.plan(session, key=name, chat_id=zhou.id, text=name, due_at=town.clock() + span)
    assert await town.app.pusher.send_due() == 1
    assert states(town) == ["sent", "planned"]


def became(town, chat, new):
    """From now on Telegram knows a group under its new number only."""
    through = town.request.do_request
    body = {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
    }

    async def moved(url, method, request_data=None, *more, **how):
        if request_data is not None and request_data.parameters.get("chat_id") == chat:
            return 400, json.dumps(body | {"parameters": {"migrate_to_chat_id": new}}).encode()
        return await through(url, method, request_data, *more, **how)

    town.request.do_request = moved


async def test_what_waits_for_a_group_that_became_a_supergroup_follows_it_and_so_does_the_binding(town):
    zhou, wang = await told(town)
    chat, other = await town.bound("群", [wang]), await town.bound("别的群", [wang])
    new = town.group("群", [wang])
    became(town, chat, new)
    async with town.app.database.transaction() as session:
        for number in range(12):
            await pushes.plan(
                session, key=f"x{number}", chat_id=chat, text=f"第{number}条", due_at=town.clock()
            )
        later = town.clock() + timedelta(hours=1)
        await pushes.plan(session, key="later", chat_id=chat, text="以后的", due_at=later)
        await pushes.plan(session, key="other", chat_id=other, text="别群的", due_at=town.clock())
        await pushes.plan(session, key="person", chat_id=zhou.id, text="个人的", due_at=town.clock())
    for _ in range(3):
        town.app.pusher.wake()
        await town.settle()
    here = [message["text"] for message in town.world.store.messages(new, limit=100)]
    assert sorted(here) == sorted(f"第{number}条" for number in range(12)), (
        "each once, and none marked as a repeat"
    )
    assert [m["text"] for m in town.world.store.messages(other, limit=100)] == ["别群的"]
    assert zhou.screen().count("个人的") == 1
    with town.beside() as db:
        assert db.execute("SELECT chat_id, state FROM push WHERE key = 'later'").fetchall() == [
            (new, "planned")
        ]
        bindings = db.execute("SELECT chat_id, group_name FROM binding ORDER BY chat_id DESC").fetchall()
        acts = db.execute("SELECT act, detail FROM audit ORDER BY id").fetchall()
    assert bindings == [(other, STATIONS), (new, STATIONS)]
    assert acts[-1] == ("bound", f"{STATIONS} {new}")


async def test_what_went_out_before_stays_with_the_old_number(town):
    _, wang = await told(town)
    chat = await town.bound("群", [wang])
    new = town.group("群", [wang])
    async with town.app.database.transaction() as session:
        await pushes.plan(session, key="a", chat_id=chat, text="以前的", due_at=town.clock())
    await town.app.pusher.send_due()
    async with town.app.database.transaction() as session:
        await pushes.readdress(session, from_chat=chat, to_chat=new)
    with town.beside() as db:
        assert db.execute("SELECT chat_id, state FROM push").fetchall() == [(chat, "sent")]


# Pictures and lengths

CHART = ScoreChart(Frame("图", "", "", ""), (ItemBar("治安管理", Decimal(10), Decimal(8)),))
BUTTONS = ((("甲", "x:1"), ("乙", "x:2")), (("丙", "x:3"),))


async def pictured(town, person, text, key="picture"):
    async with town.app.database.transaction() as session:
        await pushes.plan(
            session, key=key, chat_id=person.id, text=text, due_at=town.clock(), buttons=BUTTONS, chart=packed(CHART)
        )  # fmt: skip
    person.seen[person.id] = town.world.store.last_message_id(person.id)
    await town.app.pusher.send_due()
    return person.answers()


def labels(message):
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [[(button["text"], button["callback_data"]) for button in row] for row in rows]


@pytest.mark.parametrize("count", [1, CAPTION])
async def test_a_text_that_fits_goes_under_the_picture_with_its_buttons(town, count):
    zhou, _ = await told(town)
    (message,) = await pictured(town, zhou, "长" * count)
    assert message["photo"] and message["caption"] == "长" * count
    assert labels(message) == [list(row) for row in BUTTONS]
    assert states(town) == ["sent"]


@pytest.mark.parametrize("text", ["长" * (CAPTION + 1), "😀" * (CAPTION // 2 + 1), "长" * MESSAGE])
async def test_a_longer_text_follows_the_picture_with_the_buttons_under_it(town, text):
    zhou, _ = await told(town)
    picture, words = await pictured(town, zhou, text)
    assert picture["photo"] and "caption" not in picture and labels(picture) == []
    assert words["text"] == text and labels(words) == [list(row) for row in BUTTONS]
    assert states(town) == ["sent"]


async def test_of_several_messages_of_a_long_text_only_the_last_has_the_buttons(town):
    zhou, _ = await told(town)
    lines = [f"第{number}行 " + "长" * 100 for number in range(60)]
    picture, *parts = await pictured(town, zhou, "\n".join(lines))
    assert picture["photo"] and len(parts) == 2
    assert "\n".join(part["text"] for part in parts).split("\n") == lines
    assert [labels(part) for part in parts] == [[], [list(row) for row in BUTTONS]]


async def test_a_picture_that_cannot_be_drawn_leaves_the_words(town):
    zhou, _ = await told(town)
    town.studio.broken = True
    (message,) = await pictured(town, zhou, "通知")
    assert message["text"] == "通知" and labels(message) == [list(row) for row in BUTTONS]


async def test_a_picture_goes_out_again_by_its_file_and_is_drawn_anew_where_that_is_not_taken(town):
    zhou, _ = await told(town)
    (first,) = await pictured(town, zhou, "一")
    (second,) = await pictured(town, zhou, "二", "second")
    assert len(town.studio.charts) == 1 and second["photo"] == first["photo"]
    with town.beside() as db:
        db.execute("UPDATE picture SET file_id = 'gone'")
    (third,) = await pictured(town, zhou, "三", "third")
    assert third["photo"] and third["caption"] == "三" and labels(third) == [list(row) for row in BUTTONS]
    assert len(town.studio.charts) == 2 and set(states(town)) == {"sent"}


async def test_what_comes_together_says_how_many_and_has_the_buttons_of_all(town):
    zhou, li = await liaisons(town, 2)
    async with town.app.database.transaction() as session:
        for number, (person, text) in enumerate(((zhou, "甲"), (li, "乙"), (zhou, "丙"), (zhou, "丁"))):
            await pushes.plan(
                session, key=text, chat_id=person.id, text=text, due_at=town.clock(), together=text != "丁",
                buttons=((("看", f"x:{number}"),),),
            )  # fmt: skip
    for person in (zhou, li):
        person.seen[person.id] = town.world.store.last_message_id(person.id)
    assert await town.app.pusher.send_due() == 3
    assert [(m["text"], labels(m)) for m in zhou.answers()] == [
        ("今天有 2 条通知：\n\n甲\n\n丙", [[("看", "x:0")], [("看", "x:2")]]),
        ("丁", [[("看", "x:3")]]),
    ]
    assert [(m["text"], labels(m)) for m in li.answers()] == [("乙", [[("看", "x:1")]])]
