"""R1–R4: full marks, deductions, the floor, the unit's score and the year's."""

from decimal import Decimal
from fractions import Fraction

import pytest
from examples import BUREAU, OFFICES, STATIONS
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Quarter, Year
from rules.policy import Band, Policy
from rules.scheme import FULL_MARKS, Item, Scheme, scheme_of
from rules.score import Taken, YearScore, beyond_floor, unit_score

points = st.integers(1, 4000).map(lambda hundredths: Decimal(hundredths).scaleb(-2))
entries = st.lists(st.tuples(st.sampled_from([item.name for item in STATIONS.items]), points), max_size=40)


def deducted(taken):
    sums = {}
    for item, value in taken:
        sums[item] = sums.get(item, Decimal(0)) + value
    return sums


def test_the_plans_seven_items_make_a_hundred():
    assert STATIONS.total == FULL_MARKS == 100


def test_a_unit_without_deductions_has_full_marks():
    assert unit_score("chengguan", STATIONS, {}).total == 100


def test_two_points_off_leave_ninety_eight():
    score = unit_score("chengguan", STATIONS, {"治安管理": Decimal(2)})
    assert score.total == 98
    assert score.item("治安管理").left == 8
    assert score.item("治安管理").lost == 2
    assert score.item("执法质量").left == 20


def test_an_item_is_never_below_nothing_and_what_is_beyond_is_known():
    score = unit_score("chengguan", STATIONS, {"情报信息": Decimal(8)})
    assert score.item("情报信息").left == 0
    assert score.item("情报信息").beyond == 3
    assert score.item("情报信息").lost == 5
    assert score.total == 95


def test_three_times_a_tenth_is_three_tenths():
    taken = [("安全防范", Decimal("0.1"))] * 3
    assert unit_score("chengguan", STATIONS, deducted(taken)).total == Decimal("99.7")


def test_an_item_of_another_scheme_is_no_item_of_this_score():
    with pytest.raises(KeyError):
        unit_score("chengguan", STATIONS, {}).item("业务工作")
    assert STATIONS.item("业务工作") is None


@given(entries)
def test_a_score_is_what_a_slow_recount_says(taken):
    left = {item.name: item.points for item in STATIONS.items}
    for item, value in taken:
        left[item] = max(Decimal(0), left[item] - value)
    assert unit_score("x", STATIONS, deducted(taken)).total == sum(left.values())


@given(entries)
def test_what_is_beyond_the_floor_adds_up_and_falls_on_the_latest(taken):
    numbered = [Taken(number, item, value) for number, (item, value) in enumerate(taken, start=1)]
    beyond = beyond_floor(STATIONS, reversed(numbered))
    score = unit_score("x", STATIONS, deducted(taken))
    assert sum(beyond.values(), Decimal(0)) == sum((item.beyond for item in score.items), Decimal(0))
    for entry in numbered:
        later = [e for e in numbered if e.item == entry.item and e.number > entry.number]
        if beyond.get(entry.number, 0):
            assert all(beyond.get(e.number) == e.points for e in later)


def test_after_a_reversal_what_was_beyond_takes_again():
    first, second = Taken(1, "情报信息", Decimal(4)), Taken(2, "情报信息", Decimal(3))
    assert beyond_floor(STATIONS, [first, second]) == {2: Decimal(2)}
    assert beyond_floor(STATIONS, [second]) == {}


def test_a_year_is_the_mean_of_its_confirmed_quarters_and_names_the_missing():
    score = YearScore(
        "chengguan", Year(2026), ((Quarter(2026, 1), Decimal(98)), (Quarter(2026, 2), Decimal("97.5")))
    )
    assert score.mean == Fraction(391, 4)
    assert score.missing == (Quarter(2026, 3), Quarter(2026, 4))


def test_a_year_with_nothing_confirmed_has_no_score():
    assert YearScore("chengguan", Year(2026), ()).mean is None


def test_a_band_reaches_from_its_bound_up_to_the_next_better_one():
    policy = Policy(
        bands=(Band("优秀", Decimal(95)), Band("良好", Decimal("89.67")), Band("合格", Decimal(60)))
    )
    assert policy.band(Fraction(100)) == policy.band(Fraction(95)) == "优秀"
    assert policy.band(Fraction(9499, 100)) == policy.band(Fraction(8967, 100)) == "良好"
    assert policy.band(Fraction(60)) == "合格"
    assert policy.band(Fraction(59)) is None
    assert Policy().band(Fraction(100)) is None


def test_a_mean_below_a_bound_is_not_lifted_over_it_by_rounding():
    # (89 + 90 + 90) / 3 = 89.666…, which would show as 89.67.
    policy = Policy(bands=(Band("良好", Decimal("89.67")), Band("合格", Decimal(60))))
    assert policy.band(Fraction(269, 3)) == "合格"


def test_the_scheme_that_names_the_year_goes_before_the_one_for_every_year():
    every = Scheme("派出所", (Item("旧项目", Decimal(100)),))
    named = Scheme("派出所", (Item("新项目", Decimal(100)),), frozenset({2027}))
    assert scheme_of([every, named], "派出所", 2027) is named
    assert scheme_of([named, every], "派出所", 2026) is every
    assert scheme_of([named], "派出所", 2026) is None
    assert scheme_of([every], "机关科室", 2026) is None


def test_a_category_without_a_table_cannot_be_scored():
    assert BUREAU.scheme_for(BUREAU.unit("zhian"), 2026) is None
    assert BUREAU.scheme_for(BUREAU.unit("fazhi"), 2026) is OFFICES
