"""R4, R5: what a unit's quarters say in one sentence."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Quarter
from rules.trend import Headline, Place, Point, Says, headline

SEQUENCE = "派出所第一序列"


def point(number, score, place=None, of=5, *, level=False, sequence=SEQUENCE, year=2026):
    where = Place(place, False, of, sequence, level) if place is not None else None
    return Point(Quarter(year, number), Decimal(score), where, final=True)


@pytest.mark.parametrize(
    ("points", "says", "number"),
    [
        ((), Says.NOTHING, 0),
        ((point(1, 98, 2),), Says.ALONE, 0),
        ((point(1, 98),), Says.ALONE, 0),
        ((point(1, 95, 5), point(2, 98, 2)), Says.PLACE_UP, 3),
        ((point(1, 98, 2), point(2, 98, 4)), Says.PLACE_DOWN, 2),
        ((point(1, 98, 2), point(2, 99, 2)), Says.PLACE_SAME, 0),
        ((point(1, 98), point(2, "98.5")), Says.SCORE_UP, Decimal("0.5")),
        ((point(1, 98, 1), point(2, 97)), Says.SCORE_DOWN, 1),
        ((point(1, 98), point(2, 98, 1)), Says.SCORE_SAME, 0),
    ],
)
def test_the_title_tells_the_move_from_the_quarter_before(points, says, number):
    assert headline(points) == Headline(says, Decimal(number))


def test_a_gap_is_no_move():
    assert headline((point(1, 90, 5), point(3, 98, 1))).says is Says.ALONE


def test_the_year_before_comes_before():
    assert headline((point(4, 90, 5, year=2025), point(1, 98, 1))) == Headline(Says.PLACE_UP, Decimal(4))


def test_all_level_says_so_and_a_place_among_them_is_no_move():
    assert headline((point(1, 90, 5), point(2, 100, 1, level=True))).says is Says.LEVEL
    assert headline((point(1, 100, 1, level=True), point(2, 98, 4))).says is Says.SCORE_DOWN


def test_one_unit_alone_has_no_place_that_tells():
    assert headline((point(1, 90, 1, of=1), point(2, 95, 1, of=1))).says is Says.SCORE_UP
    assert headline((point(1, 100, 1, of=1, level=True),)).says is Says.ALONE


def test_places_of_two_sequences_are_not_compared():
    assert headline((point(1, 90, 5), point(2, 95, 1, sequence="派出所第二序列"))).says is Says.SCORE_UP


def test_a_whole_year_tells_how_often_the_unit_was_in_front():
    points = (point(1, 98, 2), point(2, 93, 4), point(3, 98, 3), point(4, 99, 1))
    assert headline(points, whole_year=True) == Headline(Says.IN_FRONT, Decimal(3))
    assert headline(points).says is Says.PLACE_UP


@pytest.mark.parametrize(
    "points",
    [
        (point(1, 98, 4), point(2, 98, 5)),
        (point(1, 98, 1, of=3), point(2, 98, 2, of=3)),
        (point(1, 98, 1, level=True), point(2, 98, 5)),
        (point(1, 98), point(2, 98)),
    ],
)
def test_a_year_never_in_front_tells_the_move(points):
    assert headline(points, whole_year=True).says is not Says.IN_FRONT


def test_one_quarter_of_a_year_is_not_how_often():
    assert headline((point(1, 98, 1),), whole_year=True).says is Says.ALONE


places = st.one_of(st.none(), st.integers(1, 9))


@given(st.lists(st.tuples(st.integers(0, 100), places), min_size=1, max_size=4), st.booleans())
def test_a_place_that_is_not_seen_is_never_told(values, whole_year):
    points = tuple(point(n, score, place, of=9) for n, (score, place) in enumerate(values, start=1))
    found = headline(points, whole_year=whole_year)
    if points[-1].place is None:
        assert found.says not in {Says.PLACE_UP, Says.PLACE_DOWN, Says.PLACE_SAME, Says.LEVEL}
    seen = sum(p.place is not None for p in points)
    if found.says is Says.IN_FRONT:
        assert found.number <= seen
