"""R5: places inside one sequence, and the table they stand in."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from examples import BUREAU, STATIONS
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Quarter, Year
from rules.ranking import rank
from rules.results import Result
from rules.score import unit_score
from rules.table import tabulate, tabulate_year

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


STATION_UNITS = BUREAU.units_of("派出所第一序列")
Q1, Q2, Q3, Q4 = Year(2026).quarters


def result(code, quarter=Q1, off="0", *, inspected=True, vetoed=False):
    """A confirmed result of a station that lost so much on 执法质量."""
    score = unit_score(code, STATIONS, {"执法质量": Decimal(off)})
    return Result(BUREAU.unit(code), "派出所考核小组", quarter, score, inspected, vetoed)


def test_a_confirmed_result_stands_as_it_was_stored_whatever_entries_and_marks_say_now():
    stored = {
        "chengguan": result("chengguan", off="3", vetoed=True),
        "dongmen": result("dongmen", inspected=False),
    }
    sums = {"chengguan": {"治安管理": Decimal(9)}, "ximen": {"治安管理": Decimal(1)}}
    table = tabulate(
        BUREAU,
        STATION_UNITS,
        Q1,
        sums=sums,
        results=stored,
        inspected={"dongmen", "nanhu"},
        vetoed={"dongmen", "ximen"},
    )
    assert [(row.unit.code, row.score.total, row.inspected, row.vetoed) for row in table.rows] == [
        ("dongmen", 100, False, False),
        ("nanhu", 100, True, False),
        ("ximen", 99, False, True),
        ("chengguan", 97, True, True),
    ]
    assert [row.standing.place for row in table.rows] == [1, 1, 3, 4]


def test_a_table_is_final_once_every_row_is_confirmed():
    stored = {unit.code: result(unit.code) for unit in STATION_UNITS}
    assert tabulate(BUREAU, STATION_UNITS, Q1, sums={}, results=stored).final
    del stored["nanhu"]
    assert not tabulate(BUREAU, STATION_UNITS, Q1, sums={}, results=stored).final
    assert not tabulate(BUREAU, [], Q1, sums={}).final


def test_a_category_that_lost_its_table_keeps_its_confirmed_scores():
    zhian = BUREAU.unit("zhian")
    score = unit_score("zhian", STATIONS, {})
    stored = {"zhian": Result(zhian, "机关科室及实战所队考核小组", Q1, score, True, False)}
    table = tabulate(BUREAU, [zhian], Q1, sums={}, results=stored)
    assert [row.unit.code for row in table.rows] == ["zhian"] and table.unscored == ()


def test_the_year_ranks_exact_means_and_only_confirmed_quarters_enter():
    results = {
        Q1: {"chengguan": result("chengguan", Q1, "1"), "dongmen": result("dongmen", Q1, "3")},
        Q2: {"chengguan": result("chengguan", Q2, "2"), "dongmen": result("dongmen", Q2, "0")},
        Q3: {"chengguan": result("chengguan", Q3, "1"), "ximen": result("ximen", Q3, "1.33")},
        Quarter(2025, 4): {"nanhu": result("nanhu", Quarter(2025, 4))},
    }
    table = tabulate_year(STATION_UNITS, Year(2026), results)
    assert [(row.unit.code, row.standing.place, row.score.mean) for row in table.rows] == [
        ("ximen", 1, Fraction(9867, 100)),
        ("chengguan", 2, Fraction(296, 3)),
        ("dongmen", 3, Fraction(197, 2)),
    ]
    assert [unit.code for unit in table.unscored] == ["nanhu"]
    assert table.row("dongmen").score.missing == (Q3, Q4)
    assert table.row("nanhu") is None


def test_equal_years_share_a_place_in_the_configs_order():
    results = {
        Q1: {code: result(code) for code in ("nanhu", "dongmen", "chengguan")},
        Q2: {"dongmen": result("dongmen", Q2)},
    }
    table = tabulate_year(STATION_UNITS, Year(2026), results)
    assert [(row.unit.code, row.standing.place) for row in table.rows] == [
        ("chengguan", 1), ("dongmen", 1), ("nanhu", 1),
    ]  # fmt: skip
    assert all(row.standing.shared for row in table.rows)


def test_some_units_of_a_year_are_placed_among_themselves():
    results = {Q1: {code: result(code, Q1, lost) for code, lost in (("chengguan", "1"), ("dongmen", "2"))}}
    table = tabulate_year(STATION_UNITS, Year(2026), results).among({"dongmen", "ximen"})
    assert [(row.unit.code, row.standing.place) for row in table.rows] == [("dongmen", 1)]
    assert [unit.code for unit in table.unscored] == ["ximen"]


def test_a_year_is_provisional_while_any_row_lacks_a_quarter():
    four = {quarter: {"chengguan": result("chengguan", quarter)} for quarter in (Q1, Q2, Q3, Q4)}
    assert tabulate_year(STATION_UNITS, Year(2026), four).missing == ()
    four[Q2] = {}
    assert tabulate_year(STATION_UNITS, Year(2026), four).missing == (Q2,)
    four[Q2], four[Q4] = {"chengguan": result("chengguan", Q2)}, {"dongmen": result("dongmen", Q4)}
    assert tabulate_year(STATION_UNITS, Year(2026), four).missing == (Q1, Q2, Q3, Q4)
    nothing = tabulate_year(STATION_UNITS, Year(2026), {})
    assert nothing.missing == (Q1, Q2, Q3, Q4)
    assert nothing.rows == () and nothing.unscored == STATION_UNITS


def test_a_unit_that_joined_during_the_year_does_not_keep_it_provisional():
    four = {
        quarter: {"chengguan": result("chengguan", quarter), "dongmen": result("dongmen", quarter)}
        for quarter in (Q1, Q2, Q3, Q4)
    }
    del four[Q1]["dongmen"], four[Q2]["dongmen"]
    assert tabulate_year(STATION_UNITS, Year(2026), four).missing == (Q1, Q2)
    table = tabulate_year(STATION_UNITS, Year(2026), four, {("dongmen", Q1), ("dongmen", Q2)})
    assert table.missing == ()
    assert table.row("dongmen").score.without == (Q1, Q2)


@given(st.dictionaries(st.sampled_from([Q1, Q2, Q3, Q4]), st.integers(0, 20).map(lambda n: Decimal(n) / 4)))
def test_a_year_is_the_mean_of_the_quarters_it_has(off):
    results = {quarter: {"ximen": result("ximen", quarter, str(points))} for quarter, points in off.items()}
    table = tabulate_year(STATION_UNITS, Year(2026), results)
    if not off:
        assert table.row("ximen") is None
        return
    row = table.row("ximen")
    assert row.score.mean == row.standing.score == 100 - Fraction(sum(off.values())) / len(off)
    assert set(row.score.missing) == {Q1, Q2, Q3, Q4} - set(off)
