"""The sandbox's clock: what it reads, what it refuses, where it goes on after a restart, and its way in."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from made_up import TOKEN

from sandbox.botapi import BotApi
from sandbox.clock import SandboxClock
from sandbox.server import SandboxServer
from sandbox.store import Store
from sandbox.strict import Refused
from sandbox.terminal import Terminal
from sandbox.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")
REAL = datetime(2026, 11, 10, 1, 30, tzinfo=UTC)
"""09:30 in Shanghai."""


def clock_at(real=REAL, zone=SHANGHAI):
    return SandboxClock(Store(None), zone, real=lambda: real, changed=lambda: None)


@pytest.fixture
def world():
    here = World(token=TOKEN, now=lambda: REAL, zone=SHANGHAI)
    here.add_person("王伟", id=5)
    here.open_chat(5)
    return here


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2027-03-08 09:00", "2027年3月8日 周一 09:00"),
        ("2027-03-08T18:05", "2027年3月8日 周一 18:05"),
        (" 2027-3-8   7:05 ", "2027年3月8日 周一 07:05"),
        ("2027-03-08", "2027年3月8日 周一 09:00"),
        ("２０２７－０３－０８　０９：００", "2027年3月8日 周一 09:00"),
        ("2027年3月8日", "2027年3月8日 周一 09:00"),
        ("2027年3月8日 8点", "2027年3月8日 周一 08:00"),
        ("2027/3/8 8点30分", "2027年3月8日 周一 08:30"),
        ("2028-02-29 00:00", "2028年2月29日 周二 00:00"),
        ("+1d", "2026年11月11日 周三 09:30"),
        ("+14天", "2026年11月24日 周二 09:30"),
        ("+ 2 周", "2026年11月24日 周二 09:30"),
        ("-1D", "2026年11月9日 周一 09:30"),
        ("+2h", "2026年11月10日 周二 11:30"),
        ("+20小时", "2026年11月11日 周三 05:30"),
        ("+45分钟", "2026年11月10日 周二 10:15"),
        ("现在", "2026年11月10日 周二 09:30"),
    ],
)
def test_times_are_read_as_people_write_them(text, shown):
    clock = clock_at()
    moment = clock.read(text)
    assert moment.utcoffset() == timedelta(0)
    assert clock.shown(moment) == shown


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("明天", "看不懂时间“明天”。请写成 2027-03-08 09:00"),
        ("", "没有写时间。请写成 2027-03-08 09:00"),
        ("+1", "看不懂时间“+1”"),
        ("1d", "看不懂时间“1d”"),
        ("+1年", "看不懂时间“+1年”"),
        ("2027-03", "看不懂时间"),
        ("2027-03-08 09:00:00", "看不懂时间"),
        ("2027-03-0809:00:00", "看不懂时间"),
        ("2027-02-29", "没有 2027-02-29 这一天。请写成"),
        ("2027-13-01 09:00", "没有 2027-13-01 这一天"),
        ("2027-03-08 24:00", "没有 24:00 这个时刻，请写 00:00 到 23:59"),
        ("2027-03-08 09:60", "没有 09:60 这个时刻"),
        ("2019-12-31", "年份请在 2020 到 2099 之间"),
        ("2100-01-01", "年份请在 2020 到 2099 之间"),
        ("-9999天", "年份请在 2020 到 2099 之间"),
    ],
)
def test_what_is_no_time_is_refused_with_what_would_be_right(text, why):
    with pytest.raises(Refused) as refused:
        clock_at().read(text)
    assert refused.value.code == 400
    assert refused.value.description.startswith(why)


def test_a_day_is_the_same_time_of_day_where_a_day_has_23_hours():
    clock = clock_at(datetime(2027, 3, 27, 8, 0, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    assert clock.shown(clock.read("+1d")) == "2027年3月28日 周日 09:00"
    assert clock.shown(clock.read("+24h")) == "2027年3月28日 周日 10:00"


def test_from_where_it_was_set_it_goes_on_with_real_time():
    real = [REAL]
    clock = SandboxClock(Store(None), SHANGHAI, real=lambda: real[0], changed=lambda: None)
    assert clock() == REAL and not clock.state()["moved"]
    for text in ("2027-03-08 09:00", "2026-03-08 09:00"):
        clock.set(clock.read(text))
        real[0] += timedelta(minutes=5)
        assert f"{clock.local():%Y-%m-%d %H:%M}" == text.replace("09:00", "09:05")
        assert clock.state()["moved"]
    clock.set(clock.read("现在"))
    assert clock() == real[0] and not clock.state()["moved"]


def test_started_again_the_clock_goes_on_where_it_was(tmp_path):
    first = World(token=TOKEN, path=tmp_path / "telegram.db", now=lambda: REAL, zone=SHANGHAI)
    first.clock.set(first.clock.read("2027-03-08 09:00"))
    first.close()
    later = REAL + timedelta(hours=2)
    second = World(token=TOKEN, path=tmp_path / "telegram.db", now=lambda: later, zone=SHANGHAI)
    assert second.clock.shown() == "2027年3月8日 周一 11:00"
    second.add_person("王伟", id=5)
    assert second.send(5, 5, "x")["date"] == int(second.clock().timestamp())
    second.close()


async def test_one_step_leads_two_years_ahead_at_most(world):
    with pytest.raises(Refused, match="一次最多往后两年"):
        await world.clock.jump(world.clock.read("2028-11-12"))
    await world.clock.jump(world.clock.read("2028-11-10"))
    await world.clock.jump(world.clock.read("2020-01-02"))
    assert world.clock.shown() == "2020年1月2日 周四 09:00"


async def test_without_a_bot_it_can_be_set_but_not_run_fast(world):
    with pytest.raises(Refused, match="机器人还没有启动好"):
        world.clock.hurry(world.clock.read("+1d"))
    await world.clock.jump(world.clock.read("+1d"))
    world.clock.stop()
    assert world.clock.shown() == "2026年11月11日 周三 09:30"


async def test_an_inline_query_waits_in_real_time(world):
    query = world.inline(5, 5, "城关")
    world.clock.set(world.clock.read("2027-03-08"))
    world.answer_inline(query, [])
    assert await world.inline_answered(query) == []


async def test_the_page_sets_the_clock_and_every_page_hears_of_it(world):
    server = SandboxServer(world, BotApi(world))
    address = await server.start()
    async with httpx.AsyncClient(base_url=address, headers={"X-Sandbox": "1"}) as client:
        state = (await client.get("/api/state")).json()
        assert state["clock"].pop("taken")
        assert state["clock"] == {"now": state["now"], "until": None, "zone": "Asia/Shanghai", "moved": False}
        async with client.stream("GET", "/api/events?as=5") as events:
            lines = events.aiter_lines()
            assert await anext(lines) == ": here"
            answer = (await client.post("/api/clock", json={"at": "2027-03-08 09:00"})).json()
            assert answer["now"] == "2027-03-08T01:00:00+00:00" and answer["moved"]
            heard = [await asyncio.wait_for(anext(lines), 5) for _ in range(2)][1]
            assert '"kind": "clock"' in heard and "2027-03-08T01:00:00+00:00" in heard
        bad = await client.post("/api/clock", json={"at": "下周"})
        assert bad.status_code == 400 and bad.json()["error"].startswith("看不懂时间“下周”")
        early = await client.post("/api/clock", json={"at": "+1d", "fast": True})
        assert early.status_code == 409 and "机器人还没有启动好" in early.json()["error"]
        assert (await client.post("/api/clock", json={})).status_code == 400
        assert (await client.post("/api/clock", json={"stop": True})).status_code == 200
    await server.stop()


class Alarm:
    """A driver with one alarm a day, for what the terminal shows."""

    until = None

    def __init__(self, world):
        self.world = world

    async def jump(self, moment):
        self.world.clock.set(moment)
        self.world.post(5, {"text": "到了"})

    def hurry(self, moment):
        async def go():
            while self.world.clock() < moment:
                self.world.clock.set(self.world.clock() + timedelta(hours=12))
                self.world.post(5, {"text": "响了"})
                await asyncio.sleep(0)

        return asyncio.create_task(go())


async def typed(world, folder, *lines):
    import io

    async def given():
        for line in lines:
            yield line

    out = io.StringIO()
    await Terminal(world, lambda: asyncio.sleep(0), pictures=folder, out=out).run(given())
    return out.getvalue()


async def test_the_terminal_tells_and_sets_the_clock(world, tmp_path):
    shown = await typed(world, tmp_path, "clock", "!clock", "clock 2027-03-08", "王伟> clock +1d", "clock x")
    assert shown.count("时钟：2026年11月10日 周二 09:30\n") == 2
    assert "时钟：2027年3月8日 周一 09:00" in shown and "时钟：2027年3月9日 周二 09:00" in shown
    assert "（时钟没有动：看不懂时间“x”" in shown
    assert world.store.messages(5) == []
    assert "clock 快进" in await typed(world, tmp_path, "!help")


async def test_the_terminal_dates_what_comes_on_the_way(world, tmp_path):
    world.clock.driver = Alarm(world)
    shown = await typed(
        world, tmp_path, "clock +1h", "clock 快进 +1d", "!clock fast +12h", "clock 快进 -1d", "clock fast"
    )
    assert shown.split("\n\n", 1)[1] == (
        "clock +1h\n\n── 2026年11月10日 周二 ──\n10:30　考评助手→王伟：\n　到了\n时钟：2026年11月10日 周二 10:30\n\n"
        "clock 快进 +1d\n\n── 2026年11月10日 周二 ──\n22:30　考评助手→王伟：\n　响了\n"
        "\n── 2026年11月11日 周三 ──\n10:30　考评助手→王伟：\n　响了\n时钟：2026年11月11日 周三 10:30\n\n"
        "clock 快进 +12h\n\n── 2026年11月11日 周三 ──\n22:30　考评助手→王伟：\n　响了\n时钟：2026年11月11日 周三 22:30\n\n"
        "clock 快进 -1d\n（时钟没有动：快进只能往后，现在是 2026年11月11日 周三 22:30。往回请直接拨过去。）\n\n"
        "clock 快进\n（时钟没有动：没有写时间。请写成 2027-03-08 09:00，或 2027-03-08（当天 09:00），或 +1d、+14天、+2h。）\n"
    )
