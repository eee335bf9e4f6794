"""The long run: KAOPING_SOAK_UPDATES deductions under KAOPING_SOAK_KILLS kills, by default 2,000 and 40."""

import os

from killing import run_with_kills


async def test_killed_again_and_again(tmp_path):
    updates, kills = (
        int(os.environ.get(f"KAOPING_SOAK_{name}", n)) for name, n in (("UPDATES", 2000), ("KILLS", 40))
    )
    result = await run_with_kills(tmp_path, updates=updates, kills=kills)
    print(result)  # noqa: T201  the figures are what the run is for
    assert result["lost"] == result["doubled"] == result["out of order"] == result["unanswered"] == 0
    assert result["unmarked repeats"] == 0
