"""R3: what points were lost to adds up to what was lost."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from examples import ENTRY, STATIONS, UNDONE
from hypothesis import given
from hypothesis import strategies as st

from rules.entries import Basis
from rules.losses import ENOUGH, Loss, Pareto, pareto, really_taken
from rules.score import unit_score


def entry(number, item, points, code=None, *, unit="chengguan", text="巡查台账缺失"):
    basis = Basis(code, text, 1, veto=False) if code else None
    return replace(ENTRY, number=number, item=item, points=Decimal(points), basis=basis, unit=unit)


def test_entries_by_a_criterion_stand_under_it_and_the_others_under_their_item():
    entries = [
        entry(1, "治安管理", 2, "2.1"),
        entry(2, "治安管理", "0.5", "2.1", text="巡查台账缺失或不完整"),
        entry(3, "治安管理", 1),
        entry(4, "执法质量", 3),
    ]
    found = pareto(really_taken(STATIONS, entries))
    assert [(c.item, c.code, c.points, c.entries) for c in found.causes] == [
        ("执法质量", None, 3, 1),
        ("治安管理", "2.1", Decimal("2.5"), 2),
        ("治安管理", None, 1, 1),
    ]
    assert found.causes[1].text == "巡查台账缺失或不完整"
    assert found.cumulated == (Fraction(6, 13), Fraction(11, 13), 1)
    assert found.weightiest == 2


def test_what_is_beyond_the_floor_took_nothing_and_belongs_to_the_latest():
    entries = [entry(1, "情报信息", 4), entry(2, "情报信息", 3, "7.1"), entry(3, "情报信息", 2, "7.2")]
    assert [(loss.entry.number, loss.points) for loss in really_taken(STATIONS, entries)] == [(1, 4), (2, 1)]


def test_reversed_entries_and_items_that_the_scheme_lacks_took_nothing():
    assert really_taken(STATIONS, [UNDONE, entry(5, "没有的项目", 2)]) == []


def test_an_entry_that_takes_no_points_is_no_cause():
    assert really_taken(STATIONS, [entry(1, "治安管理", 0, "4.2")]) == []


def test_the_same_code_of_two_categories_is_two_causes():
    losses = [Loss(entry(1, "执法质量", 1, "4.1"), category, Decimal(1)) for category in ("派出所", "实战所队")]
    assert len(pareto(losses).causes) == 2


def test_a_cause_counts_its_units():
    losses = [
        *really_taken(STATIONS, [entry(1, "治安管理", 1), entry(2, "治安管理", 1)]),
        *really_taken(STATIONS, [entry(3, "治安管理", 1, unit="dongmen")]),
    ]
    (cause,) = pareto(losses).causes
    assert (cause.entries, cause.units) == (3, 2)


def test_nothing_lost_has_no_causes():
    found = pareto([])
    assert (found, found.total, found.cumulated, found.weightiest) == (Pareto(()), 0, (), 0)


items = st.sampled_from([item.name for item in STATIONS.items])
points = st.integers(1, 800).map(lambda n: Decimal(n).scaleb(-2))
codes = st.sampled_from([None, "1.1", "2.1", "2.2"])
entries = st.lists(st.tuples(items, points, codes), max_size=30).map(
    lambda rows: [entry(n, *row) for n, row in enumerate(rows, start=1)]
)


@given(entries)
def test_the_causes_add_up_to_what_the_score_lost(rows):
    taken = {}
    for row in rows:
        taken[row.item] = taken.get(row.item, Decimal(0)) + row.points
    score = unit_score("chengguan", STATIONS, taken)
    found = pareto(really_taken(STATIONS, rows))
    assert found.total == STATIONS.total - score.total
    assert sum(cause.points for cause in found.causes) == found.total
    assert all(cause.points > 0 for cause in found.causes)


@given(entries)
def test_shares_rise_to_all_and_the_steps_get_shorter(rows):
    found = pareto(really_taken(STATIONS, rows))
    shares = found.cumulated
    assert all(0 < share <= 1 for share in shares)
    assert all(one < other for one, other in pairwise(shares))
    steps = [other - one for one, other in pairwise((Fraction(0), *shares))]
    assert all(one >= other for one, other in pairwise(steps))
    if shares:
        assert shares[-1] == 1
        assert shares[found.weightiest - 1] >= ENOUGH
        assert all(share < ENOUGH for share in shares[: found.weightiest - 1])
