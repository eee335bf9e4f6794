"""The long runs under kills: KAOPING_SOAK_UPDATES deductions, KAOPING_SOAK_KILLS kills, KAOPING_SOAK_FAULTS in company."""

import signal
import time

import pytest
from faults import assert_nothing_lost
from killing import run_in_company, run_pushes_with_kills, run_takeovers, run_with_kills
from workday import days_work

from tests.soak.figures import databases, length, record


@pytest.mark.parametrize(
    "on_server", databases(), ids=lambda on_server: "postgresql" if on_server else "sqlite"
)
@pytest.mark.parametrize("hooked", [False, True], ids=["fetched", "by webhook"])
async def test_killed_again_and_again(tmp_path, hooked, on_server):
    updates, kills, begun = length("UPDATES", 2000), length("KILLS", 40), time.monotonic()
    result = await run_with_kills(tmp_path, updates=updates, kills=kills, hooked=hooked, on_server=on_server)
    run = "kills by webhook" if hooked else "kills"
    record(run, result, on_server=on_server, begun=begun, updates=updates, kills=kills)
    assert_nothing_lost(result)
    assert_few_repeats(result, kills)
    assert_killed_at_work(result, kills)


@pytest.mark.parametrize(
    "on_server", databases(), ids=lambda on_server: "postgresql" if on_server else "sqlite"
)
async def test_killed_while_many_messages_go_out(tmp_path, on_server):
    messages, kills, begun = length("UPDATES", 2000), length("KILLS", 40), time.monotonic()
    result = await run_pushes_with_kills(tmp_path, messages=messages, kills=kills, on_server=on_server)
    record("pushes killed", result, on_server=on_server, begun=begun, messages=messages, kills=kills)
    assert_nothing_lost(result)
    assert result["notices lost"] == result["notices doubled"] == 0
    assert_few_repeats(result, kills)
    assert_killed_at_work(result, kills)


@pytest.mark.parametrize("frozen", [False, True], ids=["killed", "frozen"])
async def test_another_takes_over_in_company(tmp_path, frozen):
    times, begun = max(5, length("FAULTS", 20) // 5), time.monotonic()
    result = await run_takeovers(tmp_path, times=times, frozen=frozen)
    run = "taken over from a frozen one" if frozen else "taken over"
    record(run, result, on_server=True, begun=begun, times=times)
    assert_nothing_lost(result)
    assert result["slowest ms"] < 10_000


@pytest.mark.parametrize(
    "on_server", databases(), ids=lambda on_server: "postgresql" if on_server else "sqlite"
)
async def test_stopped_again_and_again(tmp_path, on_server):
    updates, stops, begun = length("UPDATES", 2000) // 10, length("KILLS", 40) // 10, time.monotonic()
    result = await run_with_kills(
        tmp_path, updates=updates, kills=stops, how=signal.SIGTERM, on_server=on_server
    )
    record("stopped", result, on_server=on_server, begun=begun, updates=updates, times=stops)
    assert_nothing_lost(result)
    assert result["repeats"] == 0 and result["slowest ms"] < 5_000
    assert_killed_at_work(result, stops)


async def test_processes_in_company_killed_and_frozen(tmp_path):
    updates, faults, begun = length("UPDATES", 2000), length("FAULTS", 20), time.monotonic()
    result = await run_in_company(tmp_path, updates=updates, faults=faults)
    record("company", result, on_server=True, begun=begun, updates=updates, times=faults)
    assert_nothing_lost(result)
    assert_few_repeats(result, faults)


@pytest.mark.parametrize(
    "on_server", databases(), ids=lambda on_server: "postgresql" if on_server else "sqlite"
)
@pytest.mark.parametrize("seed", range(8))
async def test_a_days_work_with_a_kill_after_every_step(tmp_path, seed, on_server):
    await days_work(tmp_path, share=1.0, seed=seed, on_server=on_server)


def assert_few_repeats(result, kills):
    """No more came twice than there were kills, although one kill may meet all eight chats, or some more pushes."""
    assert result["repeats"] <= max(kills, 8)


def assert_killed_at_work(result, kills):
    """Most kills met a bot that had answered since its start and had more to do, so that they say something."""
    assert result["killed at work"] >= 0.8 * kills - 2
