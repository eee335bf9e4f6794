"""Kept before acknowledged, handled in order, handled again after a fault, counted once."""

from contextlib import asynccontextmanager

import pytest
import sqlalchemy as sa
from conversation import ADMIN, ON_SERVER, engines, entries, numbers_of
from sqlalchemy.exc import OperationalError

from bot.intake.update_keys import arrival_of
from handlers.frame import menu
from handlers.frame.context import Context
from sandbox.request import Fault
from storage import hash_chain, pictures


def inbox(town):
    with town.beside() as db:
        return db.execute("SELECT state, tries, payload IS NULL, error FROM inbox ORDER BY id").fetchall()


@pytest.mark.parametrize(
    "fault", [Fault.NEVER_ARRIVED, Fault.BAD_GATEWAY, Fault.BROKEN_JSON, Fault.ANSWER_LOST]
)
async def test_when_the_answer_fails_it_is_tried_again_and_written_once(town, fault):
    wang = await town.assessor()
    town.request.fail_next("sendMessage", fault)
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert len(entries(town)) == 1
    assert set(numbers_of(wang.screen())) == {1}
    assert wang.screen().count("〔重发〕") == 1
    assert inbox(town)[-1][0] == "done"


async def test_however_long_telegram_was_away_one_fault_does_not_give_the_update_up(town):
    wang = await town.assessor()
    through = town.request.do_request
    faults = [OSError("away")] * 9 + [ValueError("on purpose")]

    async def faulty(url, *args, **kwargs):
        if "sendMessage" in url and faults:
            raise faults.pop(0)
        return await through(url, *args, **kwargs)

    town.request.do_request = faulty
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert "〔重发〕" in wang.screen() and "没能处理，已通知系统管理员" not in wang.screen()
    assert len(entries(town)) == 1
    assert inbox(town)[-1][:2] == ("done", 2)


async def test_answers_that_are_no_json_are_waited_out(town):
    wang = await town.assessor()
    town.request.fail_next("sendMessage", *[Fault.BROKEN_JSON] * 9)
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert "已登记" in wang.screen() and "没能处理，已通知系统管理员" not in wang.screen()
    assert inbox(town)[-1][:2] == ("done", 1)


async def test_a_token_that_is_not_taken_for_a_while_gives_no_update_up(town):
    wang = await town.assessor()
    through, refused = town.request.do_request, [401, 404] * 5

    async def refuses(url, *args, **kwargs):
        return (
            (refused.pop(), b"{}") if "sendMessage" in url and refused else await through(url, *args, **kwargs)
        )

    town.request.do_request = refuses
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert "已登记" in wang.screen()
    assert inbox(town)[-1][:2] == ("done", 1)


async def test_with_the_database_away_an_answer_that_is_out_is_not_repeated_at_every_try(town, monkeypatch):
    wang, show, keeping, away = await town.assessor(), Context.show, town.app.database.keeping, [1] * 9
    error = OperationalError("", {}, Exception("database or disk is full"))

    async def shows_and_asks_again(*args, **kwargs):
        sent = await show(*args, **kwargs)
        if away:
            raise error
        return sent

    @asynccontextmanager
    async def full(**kwargs):
        if away and len(town.world.store.messages(wang.id)) > 1:
            away.pop()
            raise error
        async with keeping(**kwargs) as session:
            yield session

    monkeypatch.setattr(Context, "show", shows_and_asks_again)
    monkeypatch.setattr(town.app.database, "keeping", full)
    await wang.says("/score 城关所")
    assert len(wang.answers()) == 2 and "〔重发〕" in wang.sees()
    assert inbox(town)[-1][:2] == ("done", 1)


async def test_a_picture_that_is_out_is_not_repeated_because_it_cannot_be_remembered_yet(town, monkeypatch):
    wang, remember, away = await town.assessor(), pictures.remember, [1] * 3

    async def broken(*args, **kwargs):
        if away:
            away.pop()
            raise OperationalError("", {}, Exception("database or disk is full"))
        await remember(*args, **kwargs)

    monkeypatch.setattr(pictures, "remember", broken)
    await wang.says("/score 城关所")
    assert not away and "〔重发〕" not in wang.sees() and len(wang.answers()) == 1
    await wang.says("/score 城关所")
    assert len(town.studio.charts) == 1, "it is remembered in the end"


async def test_when_telegram_asks_to_wait_the_answer_comes_later(town):
    wang = await town.assessor()
    town.request.fail_next("sendMessage", Fault.TOO_MANY)
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert "已登记" in wang.sees()
    assert len(entries(town)) == 1


async def test_a_process_that_dies_before_handling_loses_nothing(town):
    wang = await town.assessor()
    for number in range(1, 6):
        town.world.send(wang.id, wang.id, f"/deduct 城关所 打击 {number} 第{number}笔")
    batch = list(town.world.pending)
    app = town.app
    app.intake._stopping = True
    await app.intake.accept(batch)
    town.world.confirm(batch[-1]["update_id"] + 1)
    assert [row[0] for row in inbox(town)] == ["waiting"] * 5
    await town.restart()
    await town.app.intake.idle()
    assert [row[5] for row in entries(town)] == ["第1笔", "第2笔", "第3笔", "第4笔", "第5笔"]


async def test_an_update_that_cannot_be_parsed_stands_in_nobodys_way(town):
    wang = await town.assessor()
    broken = {
        "update_id": 1,
        "message": {"message_id": "x", "chat": {"id": wang.id, "type": "private"}, "date": "never"},
    }
    await town.app.intake.accept([broken, {"update_id": 2}, {"update_id": 3, "message": 7}])
    await wang.says("/deduct 城关所 治安管理 2 原因")
    await town.app.intake.idle()
    assert len(entries(town)) == 1
    assert "dead" in {row[0] for row in inbox(town)}


async def test_a_handler_that_fails_again_and_again_is_given_up_with_an_alarm(town, monkeypatch):
    from conversation import Post, Role

    from storage import ledger

    admin, wang = await town.person("陈", Post(Role.ADMIN)), await town.assessor()
    await admin.says("/help")

    async def broken(*args, **kwargs):
        raise RuntimeError("on purpose")

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "deduct", broken)
        await wang.says("/deduct 城关所 治安管理 2 原因")
    assert inbox(town)[-1][:2] == ("dead", 5)
    assert "没能处理，已通知系统管理员" in wang.sees()
    assert "RuntimeError" in admin.screen() and "on purpose" not in admin.screen()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert "已登记" in wang.sees()


async def test_who_blocked_the_bot_keeps_nobody_waiting(town):
    wang = await town.assessor()
    town.world.send(wang.id, wang.id, "/deduct 城关所 治安管理 2 原因")
    town.world.block(wang.id)
    await town.settle()
    assert len(entries(town)) == 1
    assert inbox(town)[-1][0] == "done"


async def test_what_was_handled_is_forgotten_after_a_day(town):
    from storage import inbox as storage

    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    async with town.app.database.transaction() as session:
        assert await storage.clear_payloads(session, done_before=town.clock(), dead_before=town.clock()) == 0
    town.clock.move(days=1, seconds=1)
    async with town.app.database.transaction() as session:
        assert await storage.clear_payloads(session, done_before=town.clock(), dead_before=town.clock()) == 1
    assert inbox(town)[-1][2] == 1


def test_an_update_is_named_by_what_was_said_and_not_by_its_number():
    message = {"message_id": 7, "chat": {"id": 5}, "from": {"id": 5}}
    assert (
        arrival_of({"update_id": 1, "message": message}).key
        == arrival_of({"update_id": 9, "message": message}).key
    )
    edits = [arrival_of({"update_id": i, "edited_message": message | {"edit_date": i}}).key for i in (1, 2)]
    assert len(set(edits)) == 2
    press = {"id": "44", "from": {"id": 5}, "message": {"chat": {"id": -9}}}
    assert arrival_of({"update_id": 1, "callback_query": press}).chat_id == -9
    assert arrival_of({"update_id": 1, "message": {"text": "\ud800\x00"}}).payload.isascii()


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "odd",
    [
        {"message": {"message_id": 10**30, "chat": {"id": 5, "type": "private"}, "date": 1}},
        {"message": {"message_id": 7, "chat": {"id": 2**63, "type": "private"}, "date": 1}},
        {"message": {"message_id": True, "chat": {"id": 5, "type": "private"}, "date": 1}},
        {"edited_message": {"message_id": 7, "edit_date": "x" * 500, "chat": {"id": 5}, "date": 1}},
        {"callback_query": {"id": "\x00", "from": {"id": 5}, "data": "x"}},
        {"callback_query": {"id": "\ud800", "from": {"id": 5}, "data": "x"}},
        {"callback_query": {"id": "9" * 500, "from": {"id": 5}, "data": "x"}},
        {"callback_query": {"id": ["x"], "from": {"id": 5}, "message": "x"}},
        {"no_such_kind": {"chat": {"id": -(10**30)}}},
        {"no_such_kind": 10**5000},
        {"no_such_kind": nested(5000)},
        {"update_id": 10**500, "message": {"text": "\x00"}},
        {"update_id": 10**5000, "no_such_kind": 1},
    ],
)
async def test_what_no_table_would_hold_is_kept_all_the_same_and_holds_nobody_up(town, odd):
    wang = await town.assessor()
    town.world.send(wang.id, wang.id, "/deduct 城关所 治安管理 2 原因")
    await town.app.intake.accept([{"update_id": 1, **odd}, *town.world.pending])
    town.world.confirm(10**9)
    await town.app.intake.idle()
    assert len(entries(town)) == 1
    assert "waiting" not in {row[0] for row in inbox(town)}


async def test_it_is_kept_once(town):
    odd = {"update_id": 1, "callback_query": {"id": "9" * 500, "from": {"id": ADMIN}, "data": "x"}}
    for _ in range(2):
        await town.deliver_again(odd)
    assert len(inbox(town)) == 1


async def test_what_no_database_holds_and_telegram_does_not_take_is_left_out_of_what_is_said(town):
    wang = await town.assessor()
    message = town.world.send(wang.id, wang.id, "/deduct 城关所 治安管理 2 原因")
    update = town.world.pending[-1]
    update["message"] = message | {"text": "/deduct 城关所 治安管理 2 原\x00因\ud83d完", "message_id": 77}
    await town.settle()
    assert [row[5] for row in entries(town)] == ["原\ufffd因\ufffd完"]
    assert "已登记" in wang.screen() and "重发" not in wang.screen()
    assert inbox(town)[-1][:2] == ("done", 0)


async def test_an_answer_that_cannot_be_written_down_is_given_up_and_not_tried_for_ever(town):
    wang = await town.assessor()
    through = town.request.do_request

    async def unwritable(url, *args, **kwargs):
        if "sendMessage" in url:
            raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")
        return await through(url, *args, **kwargs)

    town.request.do_request = unwritable
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert inbox(town)[-1][:2] == ("dead", 5)
    town.request.do_request = through
    await wang.says("/deduct 城关所 治安管理 2 原因")
    assert "已登记" in wang.sees()


async def test_a_card_that_went_out_is_known_though_the_try_failed_behind_it(town, monkeypatch):
    wang = await town.assessor()

    async def broken(*args, **kwargs):
        raise RuntimeError("on purpose")

    with monkeypatch.context() as patch:
        patch.setattr(menu, "give", broken)
        await wang.says("/deduct 城关所 治安管理 2 原因")
    assert inbox(town)[-1][:2] == ("dead", 5)
    with town.beside() as db:
        known = db.execute("SELECT message_id FROM card ORDER BY message_id").fetchall()
    shown = [message["message_id"] for message in wang.answers() if "记录 1" in message["text"]]
    assert [number for (number,) in known] == shown
    assert len(shown) == 5


async def test_a_deduction_takes_few_trips_to_the_database(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    statements: list[str] = []
    for engine in engines(town):
        sa.event.listen(engine, "before_cursor_execute", lambda c, cursor, sql, *rest: statements.append(sql))
    await wang.says("/deduct 城关所 治安管理 1 原因")
    assert len(statements) <= (31 if ON_SERVER else 26), statements


@pytest.mark.parametrize(
    "wrong",
    [
        {"from": {"id": "9" * 300, "is_bot": False, "first_name": "x"}},
        {"from": {"id": True, "is_bot": False, "first_name": "x"}},
        {"from": {"id": ADMIN, "is_bot": False, "first_name": ["x"]}},
        {"from": {"is_bot": False, "first_name": "x"}},
        {"chat": {"type": "private"}},
        {"sender_chat": {"type": "group", "title": "x"}},
        {"via_bot": {"is_bot": True, "first_name": "x"}},
        {"reply_to_message": {"message_id": 6, "chat": {"id": 5}, "date": 1, "from": {"first_name": "x"}}},
        {"chat": {"id": 1.5, "type": "private"}},
        {"text": {"text": "x"}},
        {"date": float("inf")},
        {"photo": [{"file_id": 7, "file_unique_id": "x", "width": 1, "height": 1}], "text": None},
        {"reply_to_message": 7},
    ],
)
async def test_what_is_of_the_wrong_kind_is_given_up_at_once_and_sealed_nowhere(town, wrong):
    user, chat = {"id": ADMIN, "is_bot": False, "first_name": "x"}, {"id": ADMIN, "type": "private"}
    message = {"message_id": 7, "from": user, "chat": chat, "date": 1_794_000_000, "text": "/deduct"}
    await town.deliver_again({"update_id": 1, "message": message | wrong})
    assert inbox(town)[-1][:2] == ("dead", 1)
    async with town.app.database.reading() as session:
        assert all(verdict.broken is None for verdict in await hash_chain.verify(session))
