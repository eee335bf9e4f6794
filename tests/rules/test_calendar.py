"""R6: quarters, deadlines, and how people name them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from examples import CALENDAR, SHANGHAI
from hypothesis import given
from hypothesis import strategies as st
from strategies import extensions, moments

from rules.calendar import Quarter, Year, read_period

EARLY, LATE = datetime(2000, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001  Hypothesis adds the zone itself


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), "2026Q1"),
        (date(2026, 3, 15), "2026Q1"),
        (date(2026, 3, 16), "2026Q2"),
        (date(2026, 6, 15), "2026Q2"),
        (date(2026, 6, 16), "2026Q3"),
        (date(2026, 9, 15), "2026Q3"),
        (date(2026, 9, 16), "2026Q4"),
        (date(2026, 12, 1), "2026Q4"),
        (date(2026, 12, 2), "2027Q1"),
        (date(2026, 12, 31), "2027Q1"),
    ],
)
def test_a_quarter_runs_through_the_whole_day_of_its_deadline(day, quarter):
    first = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    last = first + timedelta(days=1) - timedelta(microseconds=1)
    assert str(CALENDAR.quarter_of(first)) == quarter
    assert str(CALENDAR.quarter_of(last.astimezone(UTC))) == quarter


def test_the_day_is_the_bureaus_and_not_utcs():
    # 16:30 UTC on the 15th is half past midnight on the 16th in Shanghai.
    assert CALENDAR.quarter_of(datetime(2026, 3, 15, 16, 30, tzinfo=UTC)) == Quarter(2026, 2)
    assert CALENDAR.quarter_of(datetime(2026, 3, 15, 15, 59, tzinfo=UTC)) == Quarter(2026, 1)


@given(st.datetimes(EARLY, LATE, timezones=st.just(UTC)))
def test_every_moment_lies_in_exactly_one_quarter(moment):
    quarter = CALENDAR.quarter_of(moment)
    assert CALENDAR.first_day(quarter) <= CALENDAR.day(moment) <= CALENDAR.last_day(quarter)
    assert CALENDAR.ends(quarter.previous) <= moment < CALENDAR.ends(quarter)
    assert CALENDAR.first_day(quarter.next) == CALENDAR.last_day(quarter) + timedelta(days=1)
    assert quarter.next.previous == quarter
    assert Quarter.parse(str(quarter)) == quarter


@given(extensions(), moments)
def test_an_extended_quarter_runs_through_its_new_last_day_and_the_next_starts_the_day_after(extended, moment):
    own = CALENDAR.with_extensions(extended)
    quarter = own.quarter_of(moment)
    assert own.first_day(quarter) <= own.day(moment) <= own.last_day(quarter)
    assert own.last_day(quarter) == extended.get(quarter, CALENDAR.last_day(quarter))
    assert own.first_day(quarter.next) == own.last_day(quarter) + timedelta(days=1)


def test_without_an_extension_a_calendar_is_the_bureaus():
    assert CALENDAR.with_extensions({}) == CALENDAR
    own = CALENDAR.with_extensions({Quarter(2026, 1): date(2026, 3, 20)})
    assert own.days_left(Quarter(2026, 1), datetime(2026, 3, 15, 12, tzinfo=SHANGHAI)) == 5
    assert CALENDAR.last_day(Quarter(2026, 1)) == date(2026, 3, 15)


def test_days_left_are_none_on_the_day_itself_and_negative_after_it():
    quarter = Quarter(2026, 1)
    assert CALENDAR.days_left(quarter, datetime(2026, 3, 1, 9, tzinfo=SHANGHAI)) == 14
    assert CALENDAR.days_left(quarter, datetime(2026, 3, 15, 23, 59, tzinfo=SHANGHAI)) == 0
    assert CALENDAR.days_left(quarter, datetime(2026, 3, 16, 0, 0, tzinfo=SHANGHAI)) == -1


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("一季度", Quarter(2027, 1)),
        ("第一季度", Quarter(2027, 1)),
        ("1季度", Quarter(2027, 1)),
        ("四季度", Quarter(2026, 4)),
        ("Q3", Quarter(2026, 3)),
        ("q1", Quarter(2027, 1)),
        ("2026Q1", Quarter(2026, 1)),
        ("２０２６Ｑ１", Quarter(2026, 1)),
        ("2026-Q2", Quarter(2026, 2)),
        ("2026年一季度", Quarter(2026, 1)),
        ("2026年度第二季度", Quarter(2026, 2)),
        ("2026年第4季", Quarter(2026, 4)),
        ("本季度", Quarter(2027, 1)),
        ("上季度", Quarter(2026, 4)),
        ("年度", Year(2027)),
        ("今年", Year(2027)),
        ("去年", Year(2026)),
        ("2026年度", Year(2026)),
        ("2026年", Year(2026)),
        ("2026", Year(2026)),
        ("五季度", None),
        ("2026Q5", None),
        ("治安管理", None),
        ("", None),
        ("1999Q1", None),
    ],
)
def test_a_period_is_read_as_people_write_it(text, period):
    assert read_period(text, running=Quarter(2027, 1)) == period


def test_a_code_that_is_none_is_refused():
    with pytest.raises(ValueError, match="not a quarter"):
        Quarter.parse("2026Q5")


def test_a_year_shows_as_its_number_and_has_four_quarters():
    assert str(Year(2026)) == "2026"
    assert Year(2026).quarters[0] == Quarter(2026, 1)
    assert Year(2026).quarters[3] == Quarter(2026, 4)
