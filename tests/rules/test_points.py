"""R2, R4: exact points, and how they are shown."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.points import has_two_places, places_needed, rounded, shown


@pytest.mark.parametrize(
    ("points", "text"),
    [("2", "2"), ("2.00", "2"), ("0.5", "0.5"), ("97.335", "97.34"), ("1E+1", "10"), ("0", "0")],
)
def test_points_are_shown_as_people_write_them(points, text):
    assert shown(Decimal(points)) == text


def test_rounding_is_half_up_also_where_pythons_own_is_not():
    assert rounded(Decimal("0.125")) == Decimal("0.13")
    assert rounded(Decimal("0.135")) == Decimal("0.14")


@pytest.mark.parametrize(
    ("points", "exact"),
    [
        ("2", True),
        ("0.25", True),
        ("0.250", True),
        ("0.255", False),
        ("NaN", False),
        ("Infinity", False),
        ("1e99", False),
    ],
)
def test_what_has_more_than_two_places_is_known(points, exact):
    assert has_two_places(Decimal(points)) is exact


@given(st.integers(-(10**6), 10**6))
def test_whole_hundredths_always_have_two_places(hundredths):
    assert has_two_places(Decimal(hundredths).scaleb(-2))


def test_different_scores_look_different_and_equal_ones_need_no_more_than_two_places():
    assert places_needed([Decimal("97.5"), Decimal("97.5")]) == 2
    assert places_needed([Decimal("97.3333"), Decimal("97.3334")]) == 4
    assert places_needed([Decimal("97." + "3" * 12), Decimal("97." + "3" * 11 + "4")]) == 8
