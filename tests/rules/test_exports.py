"""What leaves the chat: which file was asked for, and what each entry of it really counted (R3)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from examples import STATIONS
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Quarter
from rules.entries import Deduction, Reversal
from rules.exports import points_counted, wants_ledger
from rules.refusals import NotAnExport
from rules.score import unit_score

Q1 = Quarter(2026, 1)
AT = datetime(2026, 1, 10, 1, tzinfo=UTC)


def entry(number, points, item="情报信息", unit="a", quarter=Q1, reversed_=False):
    reversal = Reversal(1000 + number, "王伟", AT, "误记") if reversed_ else None
    made = Deduction(number, unit, item, Decimal(points), quarter, AT, date(2026, 1, 10), 1, "王伟", "x", "组")
    return replace(made, reversal=reversal)


@pytest.mark.parametrize(
    ("rest", "wanted"),
    [("", False), ("  ", False), ("台账 csv", True), ("台账", True), ("CSV 台账", True), ("csv", True)],
)
def test_nothing_more_is_the_workbook_and_the_ledger_is_asked_for_by_name(rest, wanted):
    assert wants_ledger(rest) is wanted


@pytest.mark.parametrize("rest", ["城关所", "排名", "台账 pdf"])
def test_anything_else_is_refused(rest):
    with pytest.raises(NotAnExport):
        wants_ledger(rest)


def test_what_is_beyond_the_floor_does_not_count_and_neither_does_what_was_reversed():
    entries = [entry(1, 3), entry(2, 4, reversed_=True), entry(3, 4), entry(4, 1), entry(5, 2, "治安管理")]
    assert points_counted(entries, lambda quarter, unit: STATIONS) == {1: 3, 2: 0, 3: 2, 4: 0, 5: 2}


def test_each_unit_and_quarter_has_its_own_floor():
    entries = [entry(1, 5), entry(2, 5, unit="b"), entry(3, 5, quarter=Q1.next)]
    assert set(points_counted(entries, lambda quarter, unit: STATIONS).values()) == {Decimal(5)}


def test_without_a_scheme_or_an_item_in_it_nothing_counts():
    entries = [entry(1, 5), entry(2, 1, "没有的项目", unit="b")]
    assert points_counted(entries, lambda quarter, unit: STATIONS if unit == "b" else None) == {1: 0, 2: 0}


made = st.tuples(st.sampled_from([i.name for i in STATIONS.items]), st.integers(1, 500), st.booleans())


@given(st.lists(made, max_size=30))
def test_what_counted_is_what_the_score_lost(drawn):
    entries = [
        entry(n, Decimal(points).scaleb(-2), item, reversed_=gone)
        for n, (item, points, gone) in enumerate(drawn)
    ]
    taken = {}
    for one in entries:
        if one.lives:
            taken[one.item] = taken.get(one.item, Decimal(0)) + one.points
    score = unit_score("a", STATIONS, taken)
    counted = points_counted(entries, lambda quarter, unit: STATIONS)
    assert sum(counted.values(), Decimal(0)) == STATIONS.total - score.total
