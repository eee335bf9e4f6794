"""Warnings that come by the hundred are logged once a minute, and counted."""

import asyncio
import logging

from bot.seldom import Seldom, seldom

NOISY = logging.getLogger("noisy")


def told(caplog):
    return [record.getMessage() for record in caplog.records]


async def test_each_kind_is_told_at_once_and_the_rest_of_it_as_a_sum(caplog):
    with seldom("noisy"):
        for number in range(3):
            NOISY.warning("odd request %d", number)
        NOISY.warning("another kind")
    NOISY.warning("odd request %d", 4)
    assert told(caplog) == [
        "odd request 0", "another kind", "2 more times within a minute: odd request %d", "odd request 4",
    ]  # fmt: skip


async def test_a_flood_that_goes_on_is_a_line_a_minute_and_over_when_it_ends(caplog):
    ends = []

    def later(_, end, kind):
        ends.append(lambda: end(kind))
        return asyncio.get_running_loop().call_later(3600, end, kind)

    quiet = Seldom(later=later)
    NOISY.addFilter(quiet)
    for _ in range(2):
        NOISY.warning("odd request")
        NOISY.warning("odd request")
        ends.pop()()
    ends.pop()()
    assert ends == []
    NOISY.warning("odd request")
    NOISY.removeFilter(quiet)
    quiet.tell()
    assert told(caplog) == [
        "odd request",
        "1 more times within a minute: odd request",
        "2 more times within a minute: odd request",
        "odd request",
    ]


async def test_an_error_is_never_held_back(caplog):
    with seldom("noisy"):
        NOISY.error("broken")
        NOISY.error("broken")
    assert told(caplog) == ["broken", "broken"]
