"""The long run: KAOPING_SOAK_UPDATES deductions under KAOPING_SOAK_KILLS kills, by default 2,000 and 40."""

import os

import pytest
from killing import run_with_kills
from workday import days_work


@pytest.mark.parametrize("hooked", [False, True], ids=["fetched", "by webhook"])
async def test_killed_again_and_again(tmp_path, hooked):
    updates, kills = (
        int(os.environ.get(f"KAOPING_SOAK_{name}", n)) for name, n in (("UPDATES", 2000), ("KILLS", 40))
    )
    result = await run_with_kills(tmp_path, updates=updates, kills=kills, hooked=hooked)
    print(result)  # noqa: T201  the figures are what the run is for
    assert result["lost"] == result["doubled"] == result["out of order"] == result["unanswered"] == 0
    assert result["unmarked repeats"] == 0


@pytest.mark.parametrize("seed", range(8))
async def test_a_days_work_with_a_kill_after_every_step(tmp_path, seed):
    await days_work(tmp_path, share=1.0, seed=seed)
