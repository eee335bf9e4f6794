"""What is done again and again goes on whatever the clock is set to."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bot.scheduler import Rounds


@pytest.fixture
async def started():
    """Rounds that look at the clock all the time, with one that ticks; its ticks."""
    ticks: list[datetime] = []
    rounds = Rounds(look_every=0.02)

    async def tick():
        ticks.append(datetime.now(UTC))

    rounds.every(timedelta(seconds=0.05), tick, first=0.01)
    await rounds.start()
    yield ticks
    await rounds.stop()


async def done(ticks, count):
    async with asyncio.timeout(20):
        while len(ticks) < count:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "hours", [-1, -24, 3, 366 * 24], ids=["an hour back", "a day back", "ahead", "a year ahead"]
)
async def test_it_goes_on_whatever_the_clock_is_set_to(started, hours):
    await done(started, 2)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=True):
        started.clear()
        await done(started, 5)
        assert len(started) < 50, "no time is made up for"
    started.clear()
    await done(started, 5)


async def test_a_round_that_fails_is_followed_by_the_next_and_none_comes_after_the_end():
    rounds, ticks = Rounds(), []

    async def tick():
        ticks.append(1)
        raise RuntimeError("on purpose")

    rounds.every(timedelta(seconds=0.01), tick, first=0)
    await rounds.start()
    await done(ticks, 3)
    await rounds.stop()
    count = len(ticks)
    await asyncio.sleep(0.05)
    assert len(ticks) == count


async def test_one_that_lasts_is_not_begun_a_second_time():
    rounds, begun, go_on = Rounds(), [], asyncio.Event()

    async def long():
        begun.append(1)
        await go_on.wait()

    rounds.every(timedelta(seconds=0.01), long, first=0)
    await rounds.start()
    await done(begun, 1)
    await asyncio.sleep(0.1)
    assert len(begun) == 1
    go_on.set()
    await done(begun, 2)
    await rounds.stop()


def test_what_the_bot_does_by_the_clock_is_done_so(town):
    assert {round_.name for round_ in town.app.rounds.all} >= {"plan", "forget", "forget_sent", "look"}
