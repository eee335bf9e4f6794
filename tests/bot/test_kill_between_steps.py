"""kill -9 between and during the steps of a day's work: it goes on where it was."""

from workday import days_work


async def test_a_days_work_goes_on_wherever_it_is_killed(tmp_path):
    await days_work(tmp_path, share=0.15, seed=3)
