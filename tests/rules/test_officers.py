"""R9: which unit assesses an officer in a month, and what the month comes to."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from examples import BUREAU
from hypothesis import given
from hypothesis import strategies as st

from rules.entries import Reversal
from rules.months import Month
from rules.officers import (
    Duties,
    Officer,
    OfficerDeduction,
    Service,
    coefficient_of,
    mean,
    tabulate_month,
    unit_in,
)
from rules.scheme import Item, Scheme

MARCH = Month(2026, 3)
SCHEME = Scheme("chengguan", (Item("考勤", Decimal(40)), Item("办案", Decimal(60))))
ZHANG, LI, WANG = Officer(1, "张伟", duty="内勤"), Officer(2, "李强"), Officer(3, "王芳")


@st.composite
def services(draw):
    """The services of one officer: after one another, in changing units, with gaps or without, the last perhaps open."""
    day, found = date(2025, 1, 1), []
    for _ in range(draw(st.integers(0, 6))):
        since = day + timedelta(days=draw(st.integers(0, 70)))
        until = since + timedelta(days=draw(st.integers(0, 70)))
        found.append(Service(1, draw(st.sampled_from("abc")), since, until))
        day = until + timedelta(days=1)
    if found and draw(st.booleans()):
        found[-1] = Service(1, found[-1].unit, found[-1].since, None)
    return draw(st.permutations(found))


@given(services(), st.integers(0, 30))
def test_in_a_month_exactly_one_unit_assesses_whoever_serves_on_any_of_its_days(found, offset):
    month = Month(2025 + offset // 12, offset % 12 + 1)
    days = [month.first + timedelta(days=n) for n in range((month.last - month.first).days + 1)]
    units = [next((s.unit for s in found if s.covers(day)), None) for day in days]
    serving = [unit for unit in units if unit is not None]
    assert unit_in(found, month) == (serving[-1] if serving else None)


def test_who_moves_in_the_middle_is_assessed_by_the_new_unit_and_who_leaves_by_the_old():
    moved = [Service(1, "a", date(2026, 1, 1), date(2026, 3, 15)), Service(1, "b", date(2026, 3, 16))]
    assert [unit_in(moved, month) for month in (MARCH.previous, MARCH, MARCH.next)] == ["a", "b", "b"]
    left = [Service(1, "a", date(2026, 1, 1), date(2026, 3, 1))]
    assert [unit_in(left, month) for month in (MARCH, MARCH.next)] == ["a", None]


def tabulate(sums, marks=None, duties=None):
    return tabulate_month(
        BUREAU.unit("chengguan"),
        MARCH,
        SCHEME,
        (ZHANG, LI, WANG),
        sums=sums,
        marks=marks or {},
        duties=duties or Duties(),
    )


def test_the_month_is_ranked_by_what_was_taken_with_the_floor_of_each_item():
    found = tabulate({1: {"考勤": Decimal("50")}, 2: {"办案": Decimal("0.5")}})
    assert [(row.officer.name, row.result, s.place) for row, s in found.rows] == [
        ("王芳", 100, 1), ("李强", Decimal("99.5"), 2), ("张伟", 60, 3),
    ]  # fmt: skip
    assert found.absent == ()
    assert found.of(1).score.total == 60
    assert found.of(9) is None
    assert ZHANG.code == "1"


def test_equal_results_share_a_place_in_the_rosters_order():
    found = tabulate({1: {"考勤": Decimal(1)}})
    assert [(row.officer.name, s.place) for row, s in found.rows] == [("李强", 1), ("王芳", 1), ("张伟", 3)]


def test_who_was_absent_stands_beside_the_places():
    found = tabulate({}, {2: "休假", 3: "出差"})
    assert [row.officer.name for row, _ in found.rows] == ["张伟", "王芳"]
    (absent,) = found.absent
    assert (absent.officer, absent.absence, absent.counts) == (LI, "休假", False)
    assert {month.officer.id for month in found.everybody} == {1, 2, 3}


def test_the_coefficient_is_that_of_the_mark_before_that_of_the_duty():
    duties = Duties(coefficients={"内勤": Decimal("0.95"), "专班": Decimal("1.05")})
    assert coefficient_of(ZHANG, None, duties) == Decimal("0.95")
    assert coefficient_of(ZHANG, "专班", duties) == Decimal("1.05")
    assert coefficient_of(ZHANG, "出差", duties) == Decimal("0.95")
    assert coefficient_of(LI, None, duties) == 1
    found = tabulate({2: {"考勤": Decimal(2)}}, {2: "专班"}, duties)
    assert [(row.officer.name, row.result) for row, _ in found.rows] == [
        ("李强", Decimal("102.90")), ("王芳", 100), ("张伟", Decimal("95.00")),
    ]  # fmt: skip


def test_the_mean_is_exact_and_of_the_months_that_count():
    assert mean([Decimal(100), Decimal(99), Decimal(99)]) == Fraction(298, 3)
    assert mean([]) is None


def test_an_entry_lives_until_it_is_reversed():
    at = datetime(2026, 3, 2, tzinfo=UTC)
    entry = OfficerDeduction(1, 1, "chengguan", "考勤", Decimal(1), MARCH, at, 7, "周", "迟到")
    assert entry.lives
    undone = OfficerDeduction(
        1, 1, "chengguan", "考勤", Decimal(1), MARCH, at, 7, "周", "迟到", Reversal(2, "周", at, "误记")
    )
    assert not undone.lives
