"""The clock runs fast in the real trial, over HTTP and with the chart worker: a year of pushes, watched in a minute."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from conversation import EXAMPLE, text_of
from made_up import TOKEN

from bot.config.load import load
from bot.trial import trial
from rules.workdays import is_workday
from sandbox.strict import Refused
from sandbox.world import World
from storage import pushes

OFFICE, LEADER, LIAISON, HEAD, ASSESSOR = 1002, 1003, 1004, 1005, 1007
CONFIG = load(EXAMPLE, {})
ZONE = CONFIG.organisation.calendar.zone


def days(year, *found):
    return {date(year, *map(int, day.split("-"))) for day in " ".join(found).split()}


BEFORE = days(
    2026,
    "2-28 3-1 3-6 3-8 3-12 3-13 3-14 3-15",  # the deadline is a Sunday, 2-28 a Saturday on which offices work
    "6-1 6-8 6-12 6-14 6-15",
    "9-1 9-8 9-11 9-12 9-14 9-15",
    "11-17 11-24 11-27 11-28 11-30 12-1",
)
"""14, 7, 3, 1 and 0 days before each deadline of 2026, with the last workday before where offices rest."""

ESCALATED = days(2026, "3-16 3-20 6-16 6-18 6-20 9-16 9-20")
"""1 and 5 days after a deadline, likewise: 6-20 is a holiday, 9-20 a Sunday on which offices work."""

MONTHLY = days(
    2026,
    "1-2 1-4 1-5 2-2 2-4 2-5 3-2 3-4 3-5 4-2 4-3 4-4 4-5 5-2 5-4 5-5 6-2 6-4 6-5",
    "7-2 7-3 7-4 7-5 8-2 8-4 8-5 9-2 9-4 9-5 10-2 10-4 10-5 11-2 11-4 11-5",
)
"""3, 1 and 0 days before the fifth, likewise, but never in the month before; from the first quarter's months on."""

FILING = days(2026, "1-16 1-17 1-23 1-24 1-28 1-30 1-31")
"""14, 7, 3, 1 and 0 days before the year's documents are due on 1-31, likewise."""


def set_to(folder, text):
    """A trial that was left with its clock there."""
    world = World(token=TOKEN, path=folder / "telegram.db", zone=ZONE)
    world.clock.set(world.clock.read(text))
    world.close()


def moments(world, person, words="⏰ 考核提醒"):
    """When, in the bureau's zone, the bot sent somebody a message with these words."""
    found = world.store.messages(person, limit=10_000)
    return [datetime.fromtimestamp(m["date"], UTC).astimezone(ZONE) for m in found if words in text_of(m)]


def dates(world, person, words="⏰ 考核提醒"):
    found = [moment.date() for moment in moments(world, person, words)]
    assert len(found) == len(set(found)), "one message a day"
    return set(found)


async def done(app, world):
    await world.fetched()
    await app.intake.idle()


async def test_a_year_of_pushes_is_watched(tmp_path):
    set_to(tmp_path, "2025-12-02 07:00")
    async with trial(CONFIG, tmp_path) as (app, world, _):
        running = world.clock.hurry(world.clock.read("2026-12-02 07:00"))
        assert world.clock.until == datetime(2026, 12, 1, 23, tzinfo=UTC)
        while world.clock() < datetime(2026, 3, 1, tzinfo=UTC):
            await asyncio.sleep(0.01)
        world.send(ASSESSOR, ASSESSOR, "/whoami")
        await running
        assert f"{world.clock.local():%Y-%m-%d %H}" == "2026-12-02 07"
        assert world.clock.until is None

        workdays = {day for n in range(261) if is_workday(day := date(2026, 3, 16) + timedelta(days=n))}
        assert dates(world, ASSESSOR) == BEFORE
        assert dates(world, HEAD) == BEFORE | workdays
        assert {m.hour for m in moments(world, HEAD)} == {9}
        assert dates(world, LIAISON) == MONTHLY | FILING
        assert dates(world, LEADER) == BEFORE | ESCALATED
        for person in (OFFICE, LEADER):
            seals = moments(world, person, "台账校验码")
            assert [seal.date() for seal in seals] == [
                date(2025, 12, 2) + timedelta(days=n) for n in range(365)
            ]
            assert {seal.hour for seal in seals} == {18}
        for number, day in zip("一二三四", ("3月15日", "6月15日", "9月15日", "12月1日"), strict=True):
            (last,) = moments(world, HEAD, f"第{number}季度：今天（{day}）截止")
            assert f"{last:%-m月%-d日}" == day
        boards = [m for m in world.store.messages(LEADER, limit=10_000) if "photo" in m]
        assert len(boards) == len(BEFORE | ESCALATED)
        assert len(moments(world, ASSESSOR, "编号")) == 1, "a person who speaks on the way is answered"
        async with app.database.reading() as session:
            assert await pushes.failed(session) == 0


async def test_a_run_is_stopped_and_a_jump_back_does_no_harm(tmp_path):
    set_to(tmp_path, "2026-02-27 08:00")
    async with trial(CONFIG, tmp_path) as (app, world, _):
        clock = world.clock
        world.send(HEAD, HEAD, "/settings 07:45")
        await done(app, world)
        running = clock.hurry(clock.read("2026-12-01"))
        for refused in (clock.hurry, clock.jump):
            with pytest.raises(Refused, match="正在快进到 2026年12月1日 周二 09:00，请先停下"):
                await refused(clock.read("+1d"))
        while clock() < datetime(2026, 3, 20, tzinfo=UTC):
            await asyncio.sleep(0.01)
        clock.stop()
        await running
        reached, sent = clock(), dates(world, HEAD)
        assert {(m.hour, m.minute) for m in moments(world, HEAD)} == {(7, 45)}
        assert reached < datetime(2026, 5, 1, tzinfo=UTC)
        assert sent >= {day for day in BEFORE if day < date(2026, 3, 20)}
        with pytest.raises(Refused, match="快进只能往后"):
            clock.hurry(clock.read("2026-03-01"))

        for moment in ("2026-03-12 10:00", "2025-01-02 19:00"):
            await clock.jump(clock.read(moment))
        assert dates(world, HEAD) == sent
        await clock.jump(clock.read("2026-02-28 08:00"))
        await clock.hurry(clock.read("2026-03-17 18:30"))
        assert dates(world, HEAD) == sent, "every day was told of already"
        world.send(ASSESSOR, ASSESSOR, "/deduct 城关所 治安管理 2 台账缺失")
        await done(app, world)
        last = world.store.messages(ASSESSOR)[-1]
        assert "2026年第一季度已过期限但尚未提交" in text_of(last)
        assert f"{clock.local(datetime.fromtimestamp(last['date'], UTC)):%Y-%m-%d}" == "2026-03-17"
    async with trial(CONFIG, tmp_path) as (_, world, _):
        assert f"{world.clock.local():%Y-%m-%d %H}" == "2026-03-17 18"


async def test_a_jump_is_made_up_for_as_after_a_time_in_which_the_bot_was_down(tmp_path):
    set_to(tmp_path, "2026-02-27 10:00")
    async with trial(CONFIG, tmp_path) as (_, world, _):
        await world.clock.jump(world.clock.read("2026-02-27 10:01"))
        await world.clock.jump(world.clock.read("2026-03-10 10:00"))
        (told,) = moments(world, HEAD)
        assert told.date() == date(2026, 3, 10)
        assert moments(world, OFFICE, "台账校验码") == []
        await world.clock.jump(world.clock.read("2026-03-10 18:01"))
        assert len(moments(world, OFFICE, "台账校验码")) == 1
