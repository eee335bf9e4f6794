"""Points beside a criterion say how often it was found; what it cannot take is no number of times."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Quarter
from rules.draft import ImportDraft, ImportLine, row_key
from rules.imports import times_for
from rules.scheme import Criterion, Item

NOW = datetime(2026, 11, 10, 1, 0, tzinfo=UTC)
ITEM = Item("治安管理", Decimal(10))
EACH = Criterion("2.1", "台账缺失", Decimal("0.5"))
CAPPED = Criterion("2.2", "登记不实", Decimal(1), max=Decimal("2.5"))
WHOLE = Criterion("2.3", "脱岗", None, whole=True)
VETO = Criterion("2.4", "否决", None, veto=True)


@given(st.integers(1, 999))
def test_the_times_come_back_from_the_points(times):
    assert times_for(ITEM, EACH, ITEM.taken_by(EACH, times)) == times


@pytest.mark.parametrize(
    ("criterion", "points", "times"),
    [
        (EACH, "0.7", None), (EACH, "-1", None), (EACH, "0", None), (CAPPED, "2.5", 3), (CAPPED, "3", None),
        (WHOLE, "10", 1), (WHOLE, "5", None), (VETO, "0", 1), (VETO, "1", None),
    ],
)  # fmt: skip
def test_what_a_criterion_cannot_take_is_none(criterion, points, times):
    assert times_for(ITEM, criterion, Decimal(points)) == times


def test_a_row_is_named_by_its_file_and_becomes_the_deduction_that_it_says():
    line = ImportLine(7, "chengguan", "治安管理", Decimal("1.5"), Quarter(2026, 4), None, None, "2.1", 3)
    draft = ImportDraft("ab" * 32, NOW, (line,))
    assert draft.key(line) == row_key("ab" * 32, 7) == "i:" + "ab" * 16 + ":7"
    what = line.deduction(NOW)
    assert (what.units, what.items, what.points, what.criterion, what.times) == (
        ("chengguan",), ("治安管理",), Decimal("1.5"), "2.1", 3,
    )  # fmt: skip
