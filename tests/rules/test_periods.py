"""R6, Beginning, Default period, Late group."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from rules.calendar import Quarter, Year
from rules.entries import Deduction, Reversal, may_undo
from rules.periods import begun, check_begun, default_quarter, late_quarters, of_year
from rules.refusals import BeforeBeginning, NotBegun

Q1, Q2, Q3, Q4 = Year(2026).quarters


def test_a_bureau_begins_with_the_quarter_of_its_database():
    assert begun(Q2, Q4) == (Q2, Q3, Q4)
    assert begun(Q4, Q4) == (Q4,)
    assert begun(Q4, Quarter(2027, 1)) == (Q4, Quarter(2027, 1))


def test_what_has_not_begun_and_what_was_before_the_beginning_are_refused():
    check_begun(Q2, Q2, Q3)
    check_begun(Year(2026), Q2, Q3)
    with pytest.raises(NotBegun):
        check_begun(Q4, Q2, Q3)
    with pytest.raises(BeforeBeginning):
        check_begun(Q1, Q2, Q3)
    with pytest.raises(BeforeBeginning):
        check_begun(Year(2025), Q2, Q3)
    with pytest.raises(NotBegun):
        check_begun(Year(2027), Q2, Q3)


def test_a_question_is_about_the_latest_quarter_that_is_over_and_not_published():
    assert default_quarter(Q4, Q4) == Q4
    assert default_quarter(Q2, Q4) == Q3
    assert default_quarter(Q2, Q4, published={Q3}) == Q2
    assert default_quarter(Q2, Q4, published={Q2, Q3}) == Q4


def test_the_late_quarters_are_those_that_are_over_and_still_open():
    assert late_quarters(Q4, Q4) == ()
    assert late_quarters(Q2, Q4) == (Q2, Q3)
    assert late_quarters(Q2, Q4, closed={Q2}) == (Q3,)


def test_of_a_year_only_what_has_begun_here_counts():
    assert of_year(Year(2026), Q2, Q3) == (Q2, Q3)


def test_only_its_author_on_the_same_day_takes_a_living_entry_back():
    today = date(2026, 3, 10)
    entry = Deduction(
        number=1,
        unit="chengguan",
        item="治安管理",
        points=Decimal(2),
        quarter=Q1,
        at=datetime(2026, 3, 10, 6, tzinfo=UTC),
        inspected_on=today,
        author_id=7,
        author="王",
        reason=None,
        group="派出所考核小组",
    )
    assert may_undo(entry, 7, today, today)
    assert not may_undo(entry, 8, today, today)
    assert not may_undo(entry, 7, date(2026, 3, 11), today)
    undone = replace(entry, reversal=Reversal(2, "王", entry.at, "误记"))
    assert not may_undo(undone, 7, today, today)
    assert not may_undo(replace(entry, replaces=9), 7, today, today), "it stands in another's place"
    assert entry.taken.points == 2
