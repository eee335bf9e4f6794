"""R3–R5: units by items adds up both ways."""

from decimal import Decimal
from fractions import Fraction

from examples import BUREAU, OFFICES, STATIONS
from hypothesis import given
from hypothesis import strategies as st

from rules.grid import grid, item_ranking
from rules.score import unit_score

A, B, C = BUREAU.units[:3]
OFFICE = BUREAU.units[6]


def score(unit, scheme=STATIONS, **lost):
    names = {"patrol": "治安管理", "cases": "执法质量", "news": "情报信息", "work": "业务工作"}
    return unit_score(unit.code, scheme, {names[k]: Decimal(v) for k, v in lost.items()})


def test_rows_stand_in_order_of_place_or_as_given():
    scores = [(A, [score(A, patrol=2)]), (B, [score(B)]), (C, [score(C, cases=2)])]
    found = grid(scores, by_place=True)
    assert [(line.unit.code, line.standing.place) for line in found.lines] == [
        (B.code, 1),
        (A.code, 2),
        (C.code, 2),
    ]
    assert [line.unit.code for line in grid(scores, by_place=False).lines] == [A.code, B.code, C.code]


def test_a_cell_is_what_was_really_lost():
    found = grid([(A, [score(A, news=8)])], by_place=True)
    assert found.lines[0].lost[-1] == 5
    assert found.total == 5
    assert found.worst_items == ("情报信息",)


def test_a_year_is_the_mean_of_its_quarters():
    found = grid([(A, [score(A, patrol=1), score(A), score(A, cases=1)])], by_place=True)
    assert found.lines[0].score == Fraction(298, 3)
    assert found.lines[0].total == Fraction(2, 3)


def test_an_item_that_a_units_scheme_lacks_is_none_not_nothing():
    found = grid([(A, [score(A, patrol=1)]), (OFFICE, [score(OFFICE, OFFICES, work=3)])], by_place=False)
    names = [column.name for column in found.columns]
    assert found.lines[0].lost[names.index("业务工作")] is None
    assert found.lines[1].lost[names.index("治安管理")] is None
    assert found.totals[names.index("业务工作")] == 3


def test_the_unit_that_lost_more_than_half_is_named_where_there_are_several():
    two = [(A, [score(A, patrol=3)]), (B, [score(B, patrol=1)])]
    assert grid(two, by_place=True).worst_unit.unit == A
    even = [(A, [score(A, patrol=2)]), (B, [score(B, cases=2)])]
    assert grid(even, by_place=True).worst_unit is None
    assert grid(two[:1], by_place=True).worst_unit is None


def test_items_that_cost_as_much_are_all_the_worst_and_nothing_lost_has_none():
    assert grid([(A, [score(A, patrol=2, cases=2)])], by_place=True).worst_items == ("治安管理", "执法质量")
    assert grid([(A, [score(A)])], by_place=True).worst_items == ()
    assert grid([], by_place=True).worst_items == ()


def test_the_widest_gap():
    pair = [(A, [score(A, patrol=3, cases=1)]), (B, [score(B, cases=2)])]
    assert grid(pair, by_place=False).widest == ("治安管理", 3)
    assert grid([(A, [score(A)]), (B, [score(B)])], by_place=False).widest is None
    assert grid([], by_place=False).widest is None


def test_one_items_ranking_shares_places_and_leaves_out_who_lacks_it():
    scores = [
        (A, [score(A, patrol=2)]),
        (B, [score(B, cases=9)]),
        (C, [score(C, patrol=2)]),
        (OFFICE, [score(OFFICE, OFFICES)]),
    ]
    found = item_ranking(scores, "治安管理")
    assert [(unit.code, standing.place, standing.score, lost) for unit, standing, lost in found] == [
        (B.code, 1, 10, 0),
        (A.code, 2, 8, 2),
        (C.code, 2, 8, 2),
    ]


def test_one_items_year_is_its_mean():
    ((_, standing, lost),) = item_ranking([(A, [score(A, patrol=1), score(A)])], "治安管理")
    assert (standing.score, lost) == (Fraction(19, 2), Fraction(1, 2))


lost = st.integers(0, 1200).map(lambda n: Decimal(n).scaleb(-2))
quarters = st.lists(st.tuples(lost, lost), min_size=1, max_size=4)


@given(st.lists(quarters, max_size=3))
def test_lines_and_columns_add_up_to_the_same_and_a_line_to_what_its_score_lacks(units):
    scores = [
        (unit, [score(unit, patrol=a, news=b) for a, b in values])
        for unit, values in zip((A, B, C), units, strict=False)
    ]
    found = grid(scores, by_place=True)
    assert sum(line.total for line in found.lines) == sum(found.totals) == found.total
    assert all(line.total == 100 - line.score for line in found.lines)
    places = [line.standing.place for line in found.lines]
    assert places == sorted(places)
