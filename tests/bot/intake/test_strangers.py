"""Who is not in the list costs nothing: no word is kept, an answer a minute, and nobody in the list waits for it."""

import asyncio
import logging
import re

import pytest
from conversation import OFFICES, ON_SERVER, Post, Role, SharedTown, entries, text_of

from bot.intake import inbox_worker
from handlers.reminders.daily import count_strangers
from storage import audit, inbox

NOT_LISTED = "您还不在本系统的人员名单中"
WORDS = "谁也不该留下的话"


class Telegram:
    """Raw updates of a town, as many at once as are wanted."""

    def __init__(self, town):
        self.town = town
        self.number = 1_000_000

    def message(self, sender, text, *, chat=None, **more):
        """What somebody, by number, says in private or in a group."""
        self.number += 1
        chat_id = chat if chat is not None else sender
        body = {
            "message_id": self.number, "date": int(self.town.clock().timestamp()), "text": text,
            "from": {"id": sender, "is_bot": False, "first_name": "某"},
            "chat": {"id": chat_id, "type": "private"} if chat_id > 0 else {"id": chat_id, "type": "supergroup", "title": "群"},
            **more,
        }  # fmt: skip
        return {"update_id": self.number, "message": body}

    def open(self, *players):
        """Have these write to the bot for the first time, so that it may write to them; it hears nothing of it."""
        for player in players:
            self.town.world.send(player.id, player.id, "…")
        self.town.world.confirm(10**9)

    async def bring(self, *updates):
        """Hand them to the bot in batches, as polling would, and wait until it is done."""
        for start in range(0, len(updates), 100):
            await self.town.app.intake.accept(updates[start : start + 100])
        await self.town.app.intake.idle()

    def answers(self, chat):
        """What the bot has said in a chat."""
        return [text_of(m) for m in self.town.world.store.messages(chat, limit=1000) if m["from"]["is_bot"]]


@pytest.fixture
def telegram(town):
    return Telegram(town)


def everything(town):
    """All that stands in the database."""
    with town.beside() as db:
        return "\n".join(str(db.execute(f"SELECT * FROM {table}").fetchall()) for table in db.tables())


def kept(town):
    with town.beside() as db:
        return db.execute("SELECT count(*) FROM inbox").fetchone()[0]


async def trail(town):
    async with town.app.database.reading() as session:
        return [trace for trace in await audit.trail(session, limit=1000) if trace.act is audit.Act.REFUSED]


async def test_of_a_flood_no_word_is_kept_and_one_message_is_answered(town, telegram, caplog):
    caplog.set_level(logging.INFO)
    liu = await town.person("小刘")
    telegram.open(liu)
    await telegram.bring(*(telegram.message(liu.id, f"{WORDS}{n}" * 300) for n in range(250)))
    assert len(telegram.answers(liu.id)) == 1
    assert f"您的编号是 {liu.id}" in telegram.answers(liu.id)[0]
    assert WORDS not in everything(town)
    assert kept(town) == 0
    assert await trail(town) == []
    assert not [record for record in caplog.records if str(liu.id) in record.getMessage()]
    assert town.app.metrics.registry.get_sample_value("kaoping_strangers_total", {"outcome": "silent"}) == 249


async def test_a_minute_later_the_account_is_answered_again_and_not_before(town, telegram):
    liu = await town.person("小刘")
    await liu.says("你好")
    town.clock.move(seconds=59)
    await liu.says("你好")
    assert len(telegram.answers(liu.id)) == 1
    town.clock.move(seconds=1)
    await liu.says("你好")
    assert len(telegram.answers(liu.id)) == 2


async def test_the_limit_outlives_a_restart(town, telegram):
    liu = await town.person("小刘")
    await liu.says("你好")
    await town.restart()
    await liu.says("你好")
    assert len(telegram.answers(liu.id)) == 1


async def test_in_a_group_an_account_and_a_group_are_answered_once_a_minute(town, telegram):
    liu, ma = await town.person("小刘"), await town.person("小马")
    first, second = town.group("甲群", [liu, ma]), town.group("乙群", [liu, ma])
    await telegram.bring(
        telegram.message(liu.id, "/rank", chat=first),
        telegram.message(ma.id, "/rank", chat=first),
        telegram.message(liu.id, "/rank", chat=second),
    )
    assert [NOT_LISTED in text for text in telegram.answers(first)] == [True]
    assert telegram.answers(second) == []


async def test_an_invitation_opens_at_once_amid_the_flood_and_what_follows_it_is_kept(town, telegram):
    admin, liu = await town.person("陈", Post(Role.ADMIN)), await town.person("小刘")
    await admin.says("/invite 考核员 派出所考核小组")
    token = re.search(r"\?start=([\w-]+)", admin.sees())[1]
    telegram.open(liu)
    flood = [telegram.message(7_000_000 + n, WORDS) for n in range(90)]
    await telegram.bring(
        *flood[:45],
        telegram.message(liu.id, f"/start {token}"),
        telegram.message(liu.id, "/deduct 城关所 治安管理 2 刚进来就登记"),
        *flood[45:],
    )
    assert [row[5] for row in entries(town)] == ["刚进来就登记"]
    assert "您已加入" in telegram.answers(liu.id)[0]
    assert NOT_LISTED not in "\n".join(telegram.answers(liu.id))


async def test_what_was_said_behind_an_invitation_that_waits_is_kept_over_a_crash(town, telegram):
    admin, liu = await town.person("陈", Post(Role.ADMIN)), await town.person("小刘")
    await admin.says("/invite 考核员 派出所考核小组")
    token = re.search(r"\?start=([\w-]+)", admin.sees())[1]
    town.app.intake._stopping = True
    await town.app.intake.accept([telegram.message(liu.id, f"/start {token}")])
    await town.app.intake.accept([telegram.message(liu.id, "/deduct 城关所 治安管理 2 下一批才到")])
    await town.restart()
    await town.app.intake.idle()
    assert [row[5] for row in entries(town)] == ["下一批才到"]


async def test_of_a_link_that_opens_nothing_the_token_is_not_kept(town, telegram):
    liu = await town.person("小刘")
    await liu.says("/start NoSuchTokenAtAll0123456789abcdef")
    assert "链接不对" in liu.sees()
    assert "NoSuchToken" not in everything(town)


@pytest.mark.parametrize("odd", ["\ud800", "\x00", "x" * 4000, "a b", "²"])
async def test_whatever_a_stranger_sends_for_an_invitation_holds_nobody_up(town, telegram, odd):
    wang, liu = await town.assessor(), await town.person("小刘")
    telegram.open(wang, liu)
    await telegram.bring(
        telegram.message(liu.id, f"/start {odd}"),
        telegram.message(wang.id, "/deduct 城关所 治安管理 2 照样登记"),
    )
    assert [row[5] for row in entries(town)] == ["照样登记"]
    assert "链接不对" in telegram.answers(liu.id)[0]


@pytest.mark.parametrize(
    "kind",
    [
        "edited_channel_post",
        "message_reaction",
        "business_message",
        "chat_join_request",
        "poll_answer",
        "no_such_kind",
    ],
)
async def test_of_a_kind_that_was_not_asked_for_nothing_is_kept(town, telegram, kind):
    wang = await town.assessor()
    said = [telegram.message(sender, WORDS)["message"] for sender in (7_000_000, wang.id)]
    await telegram.bring(*({"update_id": n, kind: body} for n, body in enumerate(said)))
    assert kept(town) == 0
    assert WORDS not in everything(town)
    assert (
        town.app.metrics.registry.get_sample_value("kaoping_strangers_total", {"outcome": "passed_over"}) == 2
    )


async def test_what_cannot_be_read_is_kept_only_of_who_may_have_a_say(town, telegram):
    wang, group = await town.assessor(), await town.bound("派出所组", [await town.assessor("李强")])
    before = kept(town)
    broken = {"caption": [WORDS]}
    await telegram.bring(*(telegram.message(7_000_000 + n, WORDS, **broken) for n in range(50)))
    await telegram.bring(telegram.message(7_000_000, WORDS, chat=-700, **broken))
    assert kept(town) == before
    assert WORDS not in everything(town)
    await telegram.bring(
        telegram.message(wang.id, WORDS, **broken), telegram.message(7_000_000, WORDS, chat=group, **broken)
    )
    assert kept(town) == before + 2


async def test_an_administrator_of_the_config_is_kept_from_the_first_word(town, telegram):
    with town.beside() as db:
        (admin,) = db.execute("SELECT p.telegram_id FROM person p JOIN post o ON o.person_id = p.id").fetchone()
    town.app.intake._stopping = True
    await town.app.intake.accept([telegram.message(admin, "/whoami")])
    assert kept(town) == 1


async def test_who_is_in_the_list_is_answered_while_telegram_takes_no_answer_to_a_stranger(town, telegram):
    wang, strangers = await town.assessor(), [await town.person(f"路人{n}") for n in range(40)]
    telegram.open(wang, *strangers)
    through, hold = town.request.do_request, asyncio.Event()

    async def holding(url, *args, **kwargs):
        data = kwargs.get("request_data") or (args[1] if len(args) > 1 else None)
        sent_to = (data.json_parameters if data else {}).get("chat_id")
        if sent_to in {str(stranger.id) for stranger in strangers}:
            await hold.wait()
        return await through(url, *args, **kwargs)

    town.request.do_request = holding
    await town.app.intake.accept([telegram.message(stranger.id, WORDS) for stranger in strangers])
    await town.app.intake.accept([telegram.message(wang.id, "/deduct 城关所 治安管理 2 不用等")])
    async with asyncio.timeout(10):
        while not telegram.answers(wang.id):
            await asyncio.sleep(0.01)
    assert "不用等" in telegram.answers(wang.id)[0]
    assert all(telegram.answers(stranger.id) == [] for stranger in strangers)
    hold.set()
    await town.app.intake.idle()
    assert all(len(telegram.answers(stranger.id)) == 1 for stranger in strangers)


async def test_an_answer_that_telegram_does_not_take_is_not_tried_again(town, telegram):
    liu = await town.person("小刘")
    town.world.block(liu.id)
    await town.app.intake.accept([telegram.message(liu.id, WORDS)])
    await town.app.intake.idle()
    assert town.app.metrics.registry.get_sample_value("kaoping_strangers_total", {"outcome": "not_told"}) == 1


async def test_whom_nobody_could_answer_for_minutes_is_not_answered_any_more(town, telegram):
    liu = await town.person("小刘")
    telegram.open(liu)
    town.app.intake._doorkeeper._stopped = True
    await town.app.intake.accept([telegram.message(liu.id, WORDS)])
    town.clock.move(minutes=6)
    await town.restart()
    await town.app.intake.idle()
    assert telegram.answers(liu.id) == []


async def test_the_trail_has_one_line_a_day_about_all_of_them(town, telegram):
    await telegram.bring(*(telegram.message(7_000_000 + n, WORDS) for n in range(200)))
    await telegram.bring(telegram.message(7_000_000, "/rank", chat=-700))
    await count_strangers(town.app.services, town.clock())
    assert await trail(town) == []
    town.clock.move(days=1)
    for _ in range(2):
        await count_strangers(town.app.services, town.clock())
    (line,) = await trail(town)
    assert "200 个账号" in line.detail
    with town.beside() as db:
        assert db.execute("SELECT count(*) FROM stranger").fetchone()[0] == 0


async def test_plain_talk_in_a_group_that_is_not_bound_is_nobodys_business(town, telegram):
    wang, liu = await town.assessor(), await town.person("小刘")
    group = town.group("闲聊群", [wang, liu])
    talk = ("今天吃什么", "城关所 治安管理 2 迟到", "排名", "/weather@other_bot", "/nosuchcommand")
    await telegram.bring(*(telegram.message(who.id, text, chat=group) for text in talk for who in (wang, liu)))
    assert telegram.answers(group) == []
    assert kept(town) == 0
    assert await trail(town) == []
    assert entries(town) == []


async def test_a_command_in_a_group_that_is_not_bound_is_answered_once_a_minute(town, telegram):
    wang = await town.assessor()
    group = town.group("闲聊群", [wang])
    await telegram.bring(
        *(telegram.message(wang.id, "/deduct 城关所 治安管理 2 原因", chat=group) for _ in range(30))
    )
    assert ["没有绑定考核小组" in text for text in telegram.answers(group)] == [True]
    assert len(await trail(town)) == 1
    town.clock.move(minutes=1)
    await wang.says("/deduct 城关所 治安管理 2 原因", chat=group)
    assert "没有绑定考核小组" in wang.sees(group)


async def test_what_is_said_right_behind_a_binding_is_kept(town, telegram):
    lin, wang = await town.person("林主任", Post(Role.OFFICE)), await town.assessor()
    group = town.group("群", [lin, wang])
    await telegram.bring(
        telegram.message(lin.id, "/bind 派出所考核小组", chat=group),
        telegram.message(wang.id, "扣分 城关所 治安管理 2 绑定后马上登记", chat=group),
    )
    assert [row[5] for row in entries(town)] == ["绑定后马上登记"]


async def test_talk_of_others_in_a_bound_group_is_not_answered_and_their_commands_once_a_minute(town, telegram):
    wang, zheng, liu = await town.assessor(), await town.assessor("郑", OFFICES), await town.person("小刘")
    group = await town.bound("群", [wang, zheng, liu])
    await telegram.bring(
        *(telegram.message(who.id, "今天吃什么", chat=group) for who in (zheng, liu) for _ in range(5))
    )
    assert telegram.answers(group) == []
    await telegram.bring(
        *(telegram.message(zheng.id, "/deduct 法制科 本职业务 2 原因", chat=group) for _ in range(5)),
        *(telegram.message(liu.id, "/rank", chat=group) for _ in range(5)),
    )
    said = telegram.answers(group)
    assert len([text for text in said if "不在这个小组" in text]) == 1
    assert len([text for text in said if NOT_LISTED in text]) <= 1
    assert WORDS not in everything(town)


async def test_a_channel_post_is_neither_kept_nor_answered_nor_an_alarm(town, telegram):
    post = {
        "message_id": 5,
        "date": 1,
        "text": "/rank",
        "chat": {"id": -100_777, "type": "channel", "title": "频道"},
    }
    await telegram.bring({"update_id": 3, "channel_post": post})
    assert telegram.answers(-100_777) == []
    assert kept(town) == 0
    assert "channel_post" not in inbox_worker.ALLOWED


async def test_who_speaks_under_a_groups_name_is_told_once_a_minute_why_it_does_not_count(town, telegram):
    wang = await town.assessor()
    group = await town.bound("群", [wang])
    for _ in range(3):
        await wang.says("/deduct 城关所 治安管理 2 原因", chat=group, anonymous=True)
    assert len([text for text in telegram.answers(group) if "匿名发出的消息不作数" in text]) == 1
    assert entries(town) == []


async def test_a_strangers_presses_let_the_button_go_and_say_why_once(town, telegram):
    wang, liu = await town.assessor(), await town.person("小刘")
    group = await town.bound("群", [wang, liu])
    await wang.says("/deduct 城关所 治安管理 2 原因", chat=group)
    before = kept(town)
    card = town.world.store.messages(group, limit=1)[-1]
    assert NOT_LISTED in await liu.presses_data(card, "why:1", forged=True)
    assert await liu.presses_data(card, "why:1", forged=True) == ""
    assert kept(town) == before


async def test_what_waits_is_read_page_by_page_in_order_and_nothing_twice(town, telegram, monkeypatch):
    monkeypatch.setattr(inbox_worker, "A_PAGE", 3)
    monkeypatch.setattr(inbox_worker, "IN_MEMORY", 5)
    people_ = [await town.assessor(name) for name in ("王伟", "李娜", "赵强")]
    said = [
        telegram.message(person.id, f"/deduct 城关所 打击 0.01 {person.name}第{n:02}笔")
        for n in range(16)
        for person in people_
    ]
    for start in range(0, len(said), 7):
        await town.app.intake.accept(said[start : start + 7])
        assert town.app.intake._in_memory <= 5 + 3 * len(people_)
    await town.app.intake.idle()
    reasons = [row[5] for row in entries(town)]
    for person in people_:
        assert [r for r in reasons if r.startswith(person.name)] == [
            f"{person.name}第{n:02}笔" for n in range(16)
        ]


@pytest.mark.skipif(ON_SERVER, reason="several processes tell each other by the database alone")
@pytest.mark.parametrize("room", [0, 500])
async def test_what_was_read_before_its_keeping_was_told_of_is_not_handled_again(
    town, telegram, monkeypatch, room
):
    wang = await town.assessor()
    telegram.open(wang)
    database, intake_ = town.app.database, town.app.intake
    through, told = database.keep, asyncio.Event()

    async def told_late(work, *, arriving=False, first=False):
        done = await through(work, arriving=arriving, first=first)
        if arriving:
            await told.wait()
        return done

    monkeypatch.setattr(database, "keep", told_late)
    accepting = asyncio.create_task(intake_.accept([telegram.message(wang.id, "/deduct 城关所 打击 1 一笔")]))
    while kept(town) == 0:
        await asyncio.sleep(0.01)
    monkeypatch.setattr(inbox_worker, "IN_MEMORY", 0)
    async with database.reading() as session:
        intake_._enqueue(await inbox.waiting(session))
    await intake_.idle()
    monkeypatch.setattr(inbox_worker, "IN_MEMORY", room)
    told.set()
    await accepting
    await intake_.idle()
    assert len(telegram.answers(wang.id)) == 1


async def test_a_start_reads_the_chats_and_not_what_waits_in_them(town, telegram):
    wang = await town.assessor()
    town.app.intake._stopping = True
    said = [telegram.message(wang.id, f"/deduct 城关所 打击 0.01 第{n:03}笔") for n in range(130)]
    await town.app.intake.accept(said[:65])
    await town.app.intake.accept(said[65:])
    async with town.app.database.reading() as session:
        assert await inbox.chats_waiting(session) == [wang.id]
    await town.restart()
    await town.app.intake.idle()
    assert [row[5] for row in entries(town)] == [f"第{n:03}笔" for n in range(130)]


async def test_after_a_start_people_in_the_list_come_first(town, telegram):
    wang = await town.assessor()
    town.app.intake._stopping = True
    await town.app.intake.accept([telegram.message(wang.id, "/rank")])
    with town.beside() as db:
        # As an earlier release has left them.
        db.execute("UPDATE inbox SET chat_id = 777, key = 'm:777:1'")
    await town.app.intake.accept([telegram.message(wang.id, "/rank")])
    async with town.app.database.reading() as session:
        assert await inbox.chats_waiting(session) == [wang.id, 777]


async def test_two_processes_answer_an_account_once_a_minute_between_them(tmp_path):
    town = await SharedTown(tmp_path).open()
    try:
        telegram, liu = Telegram(town), await town.person("小刘")
        telegram.open(liu)
        for app in (town.app, town.other, town.app):
            await app.intake.accept([telegram.message(liu.id, WORDS)])
            await app.intake.idle()
        assert len(telegram.answers(liu.id)) == 1
    finally:
        await town.close()
