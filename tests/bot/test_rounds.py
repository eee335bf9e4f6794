"""What is done again and again does not depend on the time of day."""

import asyncio
import time
from datetime import timedelta

from bot.rounds import Rounds


async def done(ticks, count):
    async with asyncio.timeout(10):
        while len(ticks) < count:
            await asyncio.sleep(0.01)


async def test_it_goes_on_whatever_the_clock_is_set_to(town, monkeypatch):
    rounds, ticks, real = town.app.rounds, [], time.time
    rounds.all.clear()

    async def tick():
        ticks.append(1)

    rounds.every(timedelta(seconds=0.02), tick, first=0.01)
    await rounds.start()
    try:
        for hours in (0, -24, 366 * 24, -3):
            monkeypatch.setattr(time, "time", lambda hours=hours: real() + hours * 3600)
            ticks.clear()
            await done(ticks, 5)
            assert len(ticks) < 50, "no time is made up for"
    finally:
        await rounds.stop()


async def test_a_round_that_fails_is_followed_by_the_next():
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


def test_what_the_bot_does_by_the_clock_is_done_so(town):
    assert {round_.name for round_ in town.app.rounds.all} >= {"plan", "forget", "forget_sent", "look"}
