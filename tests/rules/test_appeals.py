"""Appeals: until when, by whom, and decided by whom."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from examples import BUREAU, ENTRY, UNDONE, person
from hypothesis import given
from hypothesis import strategies as st

from rules.appeals import check_appeal, check_decider, check_reduction, last_day, may_decide
from rules.people import Post, Role
from rules.recusal import Recused
from rules.refusals import AlreadyReversed, AppealTooLate, NotLess, NotYourUnit, OwnAppeal, OwnEntry
from rules.workdays import is_published, is_workday

OFFICE = person(9, Post(Role.OFFICE))
LIAISON = person(20, Post(Role.LIAISON, unit="chengguan"))
TODAY = date(2026, 11, 10)


def test_three_workdays_after_the_day_one_was_told():
    assert last_day(date(2026, 11, 10), 3, is_workday) == date(2026, 11, 13)
    assert last_day(date(2026, 11, 12), 3, is_workday) == date(2026, 11, 17), "over a weekend"
    assert last_day(date(2026, 9, 30), 1, is_workday) == date(2026, 10, 8), "over the National Day holidays"


@given(st.dates(date(2026, 1, 1), date(2026, 11, 1)), st.integers(1, 20))
def test_there_are_exactly_so_many_workdays_in_it(told, days):
    until = last_day(told, days, is_workday)
    between = [date.fromordinal(n) for n in range(told.toordinal() + 1, until.toordinal() + 1)]
    assert sum(map(is_workday, between)) == days
    assert is_workday(until)


def test_make_up_days_are_workdays_and_a_year_to_come_goes_by_the_week():
    assert not is_workday(date(2026, 10, 1)) and is_workday(date(2026, 10, 10))
    assert is_published(2026) and not is_published(2199)
    assert is_workday(date(2199, 1, 1)) and not is_workday(date(2199, 1, 5))


def test_only_the_units_own_liaison_appeals_in_time_against_what_still_counts():
    check_appeal(LIAISON, ENTRY, today=TODAY, until=TODAY)
    check_appeal(LIAISON, ENTRY, today=TODAY, until=None)
    other = person(21, Post(Role.LIAISON, unit="dongmen"))
    for who, entry, until, why in (
        (other, ENTRY, None, NotYourUnit),
        (OFFICE, ENTRY, None, NotYourUnit),
        (LIAISON, UNDONE, None, AlreadyReversed),
        (LIAISON, ENTRY, date(2026, 11, 9), AppealTooLate),
    ):
        with pytest.raises(why):
            check_appeal(who, entry, today=TODAY, until=until)


def test_the_office_decides_and_never_on_its_own_entry():
    check_decider(OFFICE, ENTRY, LIAISON.id, BUREAU)
    stranger = person(30, Post(Role.LEADER))
    for who, entry in ((OFFICE, replace(ENTRY, author_id=OFFICE.id)), (stranger, ENTRY)):
        with pytest.raises(OwnEntry):
            check_decider(who, entry, LIAISON.id, BUREAU)
        assert not may_decide(who, entry, LIAISON.id, BUREAU)


def test_nobody_decides_an_appeal_that_it_made_though_it_left_the_unit():
    with pytest.raises(OwnAppeal):
        check_decider(OFFICE, ENTRY, OFFICE.id, BUREAU)
    assert not may_decide(OFFICE, ENTRY, OFFICE.id, BUREAU)


def test_nobody_decides_an_appeal_of_the_own_unit():
    also = person(9, Post(Role.OFFICE), Post(Role.OFFICER, unit="chengguan", officer=3))
    with pytest.raises(Recused):
        check_decider(also, ENTRY, LIAISON.id, BUREAU)
    assert not may_decide(also, ENTRY, LIAISON.id, BUREAU)
    assert may_decide(OFFICE, ENTRY, LIAISON.id, BUREAU)


@pytest.mark.parametrize("points", ["0", "-1", "2", "3"])
def test_a_reduction_leaves_less_and_more_than_nothing(points):
    check_reduction(ENTRY, Decimal("0.01"))
    with pytest.raises(NotLess):
        check_reduction(ENTRY, Decimal(points))
