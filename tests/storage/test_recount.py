"""A confirmed result is recounted whole from the ledger: each item, the total, the veto; and each fault names its unit (R7)."""

import pytest

from storage import recount
from storage.recount import FaultKind
from tests.backing import lived_in
from tests.conversation import ON_SERVER

pytestmark = pytest.mark.skipif(ON_SERVER, reason="the file itself is tampered with")


@pytest.fixture
async def bureau(tmp_path):
    town = await lived_in(tmp_path)
    yield town
    await town.close()


async def wrong_results(town) -> list[str]:
    """The quarters and units whose results are not what the ledger makes of them."""
    found = await recount.recount(town.app.database.reading)
    return [fault.where for fault in found.faults if fault.kind is FaultKind.RESULTS]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE result SET vetoed = 1 WHERE unit_code = 'dongmen'",
        "UPDATE result SET total = total + 1 WHERE unit_code = 'dongmen'",
        "UPDATE result SET items = replace(items, '\"1.50\"', '\"0.50\"') WHERE unit_code = 'dongmen'",
        "UPDATE entry SET points = points + 1 WHERE unit_code = 'dongmen'",
        "UPDATE entry SET veto = 1, points = points WHERE unit_code = 'dongmen' AND kind = 'deduction'",
        "UPDATE entry SET item = '没有的项目' WHERE unit_code = 'dongmen'",
    ],
)
async def test_whatever_a_confirmed_result_holds_is_compared_with_the_ledger(bureau, change):
    assert await wrong_results(bureau) == []
    with bureau.beside() as db:
        for table in ("result", "entry"):
            db.unguard(table)
        assert db.execute(change).rowcount > 0
    assert await wrong_results(bureau) == ["2027Q1 dongmen"]
