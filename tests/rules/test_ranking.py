"""R5: places inside one sequence, and the table they stand in."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from examples import BUREAU
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Quarter
from rules.ranking import rank
from rules.table import tabulate

scores = st.lists(st.integers(0, 20).map(lambda n: Decimal(n) / 4), max_size=25)


def test_equal_scores_share_a_place_and_the_next_is_left_out():
    standings = rank([("a", Decimal(98)), ("b", Decimal(99)), ("c", Decimal(98)), ("d", Decimal(90))])
    assert [(s.unit, s.place, s.shared) for s in standings] == [
        ("b", 1, False),
        ("a", 2, True),
        ("c", 2, True),
        ("d", 4, False),
    ]


def test_ties_are_of_exact_values_not_of_rounded_ones():
    a, b = Fraction(293, 3), Fraction(9767, 100)
    assert [s.shared for s in rank([("a", a), ("b", b)])] == [False, False]


@given(scores)
def test_a_place_is_one_more_than_the_number_of_better_scores(values):
    standings = rank([(str(i), value) for i, value in enumerate(values)])
    for standing in standings:
        assert standing.place == 1 + sum(value > standing.score for value in values)
        assert standing.shared == (values.count(standing.score) > 1)
    assert [s.score for s in standings] == sorted(values, reverse=True)


@given(scores)
def test_inside_a_place_the_configs_order_stays(values):
    standings = rank([(str(i), value) for i, value in enumerate(values)])
    for one, other in pairwise(standings):
        if one.score == other.score:
            assert int(one.unit) < int(other.unit)


def test_the_table_has_every_unit_in_order_and_the_unscored_beside_it():
    units = BUREAU.units_of("机关第一序列")
    at = datetime(2026, 3, 1, tzinfo=UTC)
    table = tabulate(
        BUREAU,
        units,
        Quarter(2026, 1),
        sums={"fazhi": {"业务工作": Decimal("2.5")}},
        inspected={"fazhi"},
        last_change=at,
    )
    assert [(row.unit.code, row.score.total, row.inspected) for row in table.rows] == [
        ("fazhi", Decimal("97.5"), True)
    ]
    assert [unit.code for unit in table.unscored] == ["zhian"]
    assert table.row("fazhi").standing.place == 1
    assert table.row("zhian") is None
    assert table.last_change == at
