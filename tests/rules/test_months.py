"""R9: civil months, as people write them, and the day by which one is due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Quarter, Year
from rules.months import Month, due_day, months_of, read_month

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-03", Month(2026, 3)),
        ("2026/3", Month(2026, 3)),
        ("2025年12月", Month(2025, 12)),
        ("2025年12", Month(2025, 12)),
        ("３月", Month(2026, 3)),
        ("3月份", Month(2026, 3)),
        ("03月", Month(2026, 3)),
        ("4月", Month(2025, 4)),
        ("12月", Month(2025, 12)),
        ("本月", Month(2026, 3)),
        (" 上个月 ", Month(2026, 2)),
        ("3", None),
        ("13月", None),
        ("0月", None),
        ("2026-13", None),
        ("3月5日", None),
        ("一季度", None),
        ("", None),
    ],
)
def test_a_month_as_people_write_it(text, month):
    assert read_month(text, TODAY) == month


def test_last_month_in_january_is_of_the_year_before():
    assert read_month("上月", date(2026, 1, 1)) == Month(2025, 12)


@given(st.integers(1, 12), st.dates(date(2001, 1, 1), date(2099, 12, 31)))
def test_without_a_year_it_is_the_latest_such_month_that_has_begun(number, today):
    month = read_month(f"{number}月", today)
    assert month.number == number
    assert month <= Month.of(today) < Month(month.year + 1, number)


def test_the_months_of_a_quarter_and_of_a_year_are_civil_ones():
    assert months_of(Quarter(2026, 1)) == (Month(2026, 1), Month(2026, 2), Month(2026, 3))
    assert months_of(Quarter(2026, 4))[-1] == Month(2026, 12)
    assert [month for n in (1, 2, 3, 4) for month in months_of(Quarter(2026, n))] == list(months_of(Year(2026)))


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_months_follow_one_another_without_a_gap(day):
    month = Month.of(day)
    assert month.first <= day <= month.last
    assert month.last + timedelta(days=1) == month.next.first
    assert month.next.previous == month == month.previous.next
    assert Month.parse(str(month)) == month


@pytest.mark.parametrize("code", ["2026-13", "2026-3", "2026Q1", ""])
def test_another_code_is_no_month(code):
    with pytest.raises(ValueError, match="not a month"):
        Month.parse(code)


def test_a_month_is_due_in_the_next_one():
    assert due_day(Month(2026, 12), 5) == date(2027, 1, 5)
