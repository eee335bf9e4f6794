"""How far a group is with its quarter."""

from examples import BUREAU, ENTRY

from rules.calendar import Quarter
from rules.progress import Progress, UnitProgress


def test_what_is_left_and_what_is_open_is_counted():
    group = BUREAU.groups[0]
    done = UnitProgress(BUREAU.unit("chengguan"), inspected=True, entries=2, unexplained=1, appeals=1)
    left = UnitProgress(BUREAU.unit("dongmen"), inspected=False, entries=0, unexplained=0, appeals=2)
    found = Progress(group, Quarter(2026, 4), (done, left), (ENTRY,), None)
    assert found.left == (left,)
    assert found.appeals == 3
