"""Points beside a criterion say how often it was found; what it cannot take is no number of times."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Quarter
from rules.draft import ImportDraft, ImportLine, row_key
from rules.imports import (
    days_outside,
    looks_like_scores,
    named_days,
    named_months,
    named_quarters,
    named_years,
    says_counts,
    says_scores,
    times_for,
)
from rules.months import Month
from rules.scheme import Criterion, Item
from tests.examples import CALENDAR

NOW = datetime(2026, 11, 10, 1, 0, tzinfo=UTC)
ITEM = Item("治安管理", Decimal(10))
EACH = Criterion("2.1", "台账缺失", Decimal("0.5"))
CAPPED = Criterion("2.2", "登记不实", Decimal(1), max=Decimal("2.5"))
WHOLE = Criterion("2.3", "脱岗", None, whole=True)
VETO = Criterion("2.4", "否决", None, veto=True)


@given(st.integers(1, 999))
def test_the_times_come_back_from_the_points(times):
    assert times_for(ITEM, EACH, ITEM.taken_by(EACH, times)) == times


@pytest.mark.parametrize(
    ("criterion", "points", "times"),
    [
        (EACH, "0.7", None), (EACH, "-1", None), (EACH, "0", None), (CAPPED, "2.5", 3), (CAPPED, "3", None),
        (WHOLE, "10", 1), (WHOLE, "5", None), (VETO, "0", 1), (VETO, "1", None),
    ],
)  # fmt: skip
def test_what_a_criterion_cannot_take_is_none(criterion, points, times):
    assert times_for(ITEM, criterion, Decimal(points)) == times


def test_a_row_is_named_by_its_file_and_becomes_the_deduction_that_it_says():
    line = ImportLine(7, "chengguan", "治安管理", Decimal("1.5"), Quarter(2026, 4), None, None, "2.1", 3)
    draft = ImportDraft("ab" * 32, NOW, (line,))
    assert draft.key(line) == row_key("ab" * 32, 7) == "i:" + "ab" * 16 + ":7"
    what = line.deduction(NOW)
    assert (what.units, what.items, what.points, what.criterion, what.times) == (
        ("chengguan",), ("治安管理",), Decimal("1.5"), "2.1", 3,
    )  # fmt: skip


RUNNING = Quarter(2026, 4)


@pytest.mark.parametrize(
    ("titles", "quarters"),
    [
        (["江城市公安局2026年第二季度扣分统计表"], [(2026, 2)]), (["2026 年 第 四 季度"], [(2026, 4)]), (["三季度"], [(2026, 3)]), (["Q3"], [(2026, 3)]),
        (["2025年3季度"], [(2025, 3)]), (["三季度", "扣分表"], [(2026, 3)]), (["三季度", "2026年第四季度"], [(2026, 3), (2026, 4)]),
        (["2026年一至三季度"], [(2026, 1), (2026, 2), (2026, 3)]), (["2025年上半年"], [(2025, 1), (2025, 2)]), (["下半年"], [(2026, 3), (2026, 4)]),
        (["扣分统计表", "2026年度"], []), (["2026年10月扣分表"], [(2026, 4)]), (["2026年9月"], []), (["填报时间：2026年1月4日"], []), (["7月"], [(2026, 3)]), ([], []),
    ],
)  # fmt: skip
def test_the_titles_of_a_table_name_its_quarter(titles, quarters):
    assert named_quarters(titles, RUNNING, CALENDAR) == tuple(Quarter(*quarter) for quarter in quarters)


def test_in_a_first_quarter_a_later_one_without_a_year_was_last_years():
    assert named_quarters(["四季度"], Quarter(2027, 1), CALENDAR) == (Quarter(2026, 4),)


@pytest.mark.parametrize(
    ("titles", "months"),
    [
        (["刑警大队2026年10月民警考核表"], [(2026, 10)]), (["10月"], [(2026, 10)]), (["2026-10"], [(2026, 10)]), (["12月份"], [(2025, 12)]),
        (["2026年11月3日制表"], []), (["2026年10月", "填报时间：2026年11月4日"], [(2026, 10)]), (["10月", "11月"], [(2026, 10), (2026, 11)]), (["名单"], []),
    ],
)  # fmt: skip
def test_the_titles_of_a_table_name_its_month_and_a_day_is_none(titles, months):
    assert named_months(titles, date(2026, 11, 30)) == tuple(Month(*month) for month in months)


def test_days_of_another_quarter_are_told():
    days = [date(2026, 11, 3), date(2026, 9, 15), date(2026, 8, 1), date(2026, 9, 16)]
    assert days_outside(days, RUNNING, CALENDAR) == (date(2026, 8, 1), date(2026, 9, 15))


def test_a_table_of_what_was_reached_is_known_by_its_title_or_its_rows():
    assert says_scores(["民警得分表"]) and not says_scores(["扣分和得分表"]) and not says_scores(["考核表"])
    assert looks_like_scores(Decimal(97), 6, 6) and not looks_like_scores(Decimal(97), 5, 6)
    assert not looks_like_scores(Decimal(50), 6, 6) and not looks_like_scores(Decimal(97), 1, 1)


def test_the_year_of_a_title_is_told_and_a_days_is_none():
    assert named_years(["江城市公安局2025年度扣分表", "填报时间：2026年1月4日", "2025 年 10 月"]) == (2025,)
    assert named_years(["扣分表", "第2025号"]) == ()


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("二〇二五年扣分台账", (2025,)),
        ("25年4季度扣分", (2025,)),
        ("二○二六年度", (2026,)),
        ("满25年的民警", ()),
        ("25年以上", ()),
    ],
)
def test_a_year_in_numerals_or_of_two_digits_is_that_year(title, years):
    assert named_years([title]) == years


def test_last_years_quarter_in_numerals_or_in_two_digits_is_last_years():
    running = Quarter(2026, 4)
    assert named_quarters(["二〇二五年第四季度"], running, CALENDAR) == (Quarter(2025, 4),)
    assert named_quarters(["25年4季度"], running, CALENDAR) == (Quarter(2025, 4),)


@pytest.mark.parametrize(
    ("title", "days"),
    [
        ("制表日期：2025年11月20日", (date(2025, 11, 20),)), ("2025.9.1", (date(2025, 9, 1),)), ("2025年13月1日", ()),
        ("依据2023年3月1日印发的办法", ()), ("2025年11月", ()),
    ],
)  # fmt: skip
def test_the_days_of_a_title_are_when_the_table_was_made(title, days):
    assert named_days([title]) == days


@pytest.mark.parametrize(
    ("title", "counts"),
    [
        ("检查发现问题数量统计表", True),
        ("统计表（单位：个）", True),
        ("扣分情况统计表（单位：分）", False),
        ("单位：城关派出所", False),
    ],
)
def test_a_table_of_counts_says_so_in_its_title(title, counts):
    assert says_counts([title]) is counts
