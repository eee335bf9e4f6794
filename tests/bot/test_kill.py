"""kill -9 at any moment loses and doubles nothing; the same at full length is in tests/soak."""

import signal

import pytest
from killing import run_pushes_with_kills, run_with_kills


@pytest.mark.parametrize("hooked", [False, True], ids=["fetched", "by webhook"])
async def test_killed_over_eighty_deductions(tmp_path, hooked):
    result = await run_with_kills(tmp_path, updates=80, kills=1, hooked=hooked)
    assert result["lost"] == result["doubled"] == result["out of order"] == result["unanswered"] == 0
    # A repeat is an answer that was out when its mark was not: at most one a chat and kill, and it says so.
    assert result["repeats"] <= 8
    assert result["unmarked repeats"] == 0
    assert result["killed at work"] == 1


async def test_killed_while_messages_go_out(tmp_path):
    result = await run_pushes_with_kills(tmp_path, messages=60, chats=20, kills=1)
    assert result["notices lost"] == result["notices doubled"] == result["out of order"] == 0
    assert result["lost"] == result["doubled"] == result["unanswered"] == result["unmarked repeats"] == 0
    # They go evenly and are marked at once; twenty are on their way where Telegram takes more than half a second.
    assert result["repeats"] <= 8
    assert result["killed at work"] == 1


async def test_stopped_over_many_deductions_it_finishes_what_is_in_hand(tmp_path):
    result = await run_with_kills(tmp_path, updates=150, kills=2, how=signal.SIGTERM)
    assert result["lost"] == result["doubled"] == result["out of order"] == result["unanswered"] == 0
    assert result["repeats"] == 0 and result["killed at work"] == 2
