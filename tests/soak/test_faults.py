"""The long runs of what tests/bot/test_faults.py tries for a few seconds each, on both databases.

KAOPING_SOAK_UPDATES deductions, KAOPING_SOAK_FAULTS faults, KAOPING_SOAK_DAYS by a wrong clock, KAOPING_SOAK_MESSAGES from
hostile people, KAOPING_SOAK_EXAMPLES ways of delivery; KAOPING_SOAK_DATABASE for one of the databases alone.
"""

import asyncio
import time

import faults
import pytest
from faults import assert_nothing_lost
from hostile import Siege
from hypothesis import HealthCheck, given, settings
from wrong_clock import run_by_a_wrong_clock

from tests.bot.test_faults import delivered, deliveries
from tests.soak.figures import databases, length, record

UPDATES, TIMES = length("UPDATES", 1000), length("FAULTS", 5)

on_both = pytest.mark.parametrize(
    "on_server", databases(), ids=lambda on_server: "postgresql" if on_server else "sqlite"
)


@on_both
async def test_a_full_disk(on_server):
    begun = time.monotonic()
    result = await faults.run_on_a_full_disk(updates=UPDATES, times=TIMES, full=15, on_server=on_server)
    record("full disk", result, on_server=on_server, begun=begun, updates=UPDATES, times=TIMES)
    assert_nothing_lost(result)
    assert result["held up"] == TIMES and result["files lost"] == 0
    assert result["repeats"] <= 8 * TIMES


@pytest.mark.parametrize(
    ("run", "fault", "seconds", "on_server"),
    [
        (run, fault, seconds, on_server)
        for on_server in databases()
        for run, fault, seconds, where in (
            ("locked", faults.locked, 12, (False, True)),
            ("turn taken", faults.turn_taken, 12, (True,)),
            ("gone", faults.gone, 8, (True,)),
            ("nothing written", faults.nothing_written, 8, (False,)),
            ("folder away", faults.folder_away, 8, (False,)),
        )
        if on_server in where
    ],
)
async def test_the_database(tmp_path, run, fault, seconds, on_server):
    begun = time.monotonic()
    each = [(fault, seconds)] * TIMES
    result = await faults.run_beside(tmp_path / "there", *each, updates=UPDATES, on_server=on_server)
    record(run, result, on_server=on_server, begun=begun, updates=UPDATES, times=TIMES)
    assert_nothing_lost(result)
    assert result["held up"] == TIMES or run in {"folder away", "turn taken"}
    assert result["repeats"] <= 8 * TIMES


@on_both
async def test_a_bad_line_to_telegram(tmp_path, on_server):
    begun = time.monotonic()
    result = await faults.run_on_a_bad_line(tmp_path, updates=UPDATES, odds=0.25, on_server=on_server)
    record("bad line", result, on_server=on_server, begun=begun, updates=UPDATES)
    assert_nothing_lost(result)
    assert result["notices lost"] == result["notices doubled"] == 0
    assert result["repeats"] + result["notices repeated"] <= result["doubtful"]
    assert all(result.get(f"met {fault.value[0]}") for fault in faults.OnTheLine)


@on_both
async def test_updates_that_come_again_late_and_in_another_order(tmp_path, on_server):
    begun = time.monotonic()
    result = await faults.run_with_old_updates(tmp_path, updates=UPDATES, on_server=on_server)
    record("old updates", result, on_server=on_server, begun=begun, updates=UPDATES)
    assert_nothing_lost(result)
    assert result["handed out again"] > UPDATES / 2
    assert result["repeats"] == 0


@settings(
    max_examples=length("EXAMPLES", 300),
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
@given(deliveries())
def test_however_updates_are_delivered_each_counts_once_and_in_order(batches):
    asyncio.run(delivered(batches))


@on_both
async def test_a_clock_that_is_wrong_now_and_then(tmp_path, on_server):
    days, begun = length("DAYS", 120), time.monotonic()
    result = await run_by_a_wrong_clock(tmp_path, days=days, on_server=on_server)
    record("wrong clock", result, on_server=on_server, begun=begun, days=days)
    assert result["days by a wrong clock"] > days / 5
    assert set(result.values()) == {0, days, result["days by a wrong clock"]}, result


@on_both
async def test_hostile_messages(tmp_path, on_server):
    messages, begun = length("MESSAGES", 100_000), time.monotonic()
    siege = Siege(tmp_path, on_server=on_server, seed=int(begun))
    await siege.open()
    try:
        await siege.go_on(messages)
        result = siege.result()
        record("hostile", result, on_server=on_server, begun=begun, messages=messages)
        assert siege.faults() == [], f"seed {siege.seed}"
        assert result["lost"] == result["doubled"] == result["out of order"] == result["unanswered"] == 0
        await siege.crowd.check(unfit=True)
    finally:
        await siege.close()
