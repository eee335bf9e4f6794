"""R9: what is frozen, where a month stands, and how late it is."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from examples import BUREAU
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Calendar, Quarter
from rules.entries import Reversal
from rules.months import Month
from rules.officers import Duties, Officer, OfficerDeduction, tabulate_month
from rules.refusals import Lack, NotReturnable, ReturnUnexplained
from rules.returns import (
    MonthFacts,
    MonthReturns,
    Return,
    ReturnState,
    Stand,
    Terms,
    check_explained,
    check_month,
    days_late,
    default_month,
    fingerprint,
    first_month,
    frozen,
    placed,
    state_of,
)
from rules.scheme import Item, Scheme

UNIT = BUREAU.units[0]
MARCH = Month(2026, 3)
CALENDAR = Calendar(ZoneInfo("Asia/Shanghai"))
BEGINS = Month(2025, 12)


def moment(day, hour=2):
    return datetime(2026, 4, day, hour, tzinfo=UTC)


def version(number, at, *, signature=False, signed=None, refused=None, reason=None):
    return Return(
        number, "chengguan", MARCH, number, "周联络", at, signature, reason,
        signed_by="郭所长" if signed else None, signed_at=signed,
        refused_by="郭所长" if refused else None, refused_at=refused, refusal="漏了" if refused else None,
    )  # fmt: skip


# Versions


def test_without_a_head_a_version_is_in_at_once():
    sent = version(1, moment(3))
    assert (sent.is_in, sent.waits, sent.in_at) == (True, False, moment(3))


def test_with_a_head_it_is_in_when_it_is_signed():
    waiting, signed = (
        version(1, moment(3), signature=True),
        version(1, moment(3), signature=True, signed=moment(7)),
    )
    assert (waiting.is_in, waiting.waits, waiting.in_at) == (False, True, None)
    assert (signed.is_in, signed.waits, signed.in_at) == (True, False, moment(7))


def test_given_back_it_is_neither_in_nor_waiting():
    refused = version(1, moment(3), signature=True, refused=moment(4))
    assert (refused.is_in, refused.waits) == (False, False)
    month = MonthReturns((refused,))
    assert (month.came, month.current, month.waiting, month.sent) == (None, None, None, False)


def test_of_nothing_nothing_came():
    month = MonthReturns()
    assert (month.came, month.current, month.waiting, month.sent) == (None, None, None, False)


def test_the_first_that_came_decides_and_the_newest_that_is_in_counts():
    first, second = (
        version(1, moment(3)),
        version(2, moment(9), signature=True, signed=moment(10), reason="补登"),
    )
    third = version(3, moment(11), signature=True)
    month = MonthReturns((first, second, third))
    assert (month.came, month.current, month.waiting, month.sent) == (moment(3), second, third, True)


def test_an_older_version_waits_no_more_once_there_is_a_newer_one():
    month = MonthReturns((version(1, moment(3), signature=True), version(2, moment(4), signature=True)))
    assert month.waiting is not None and month.waiting.version == 2
    in_place = MonthReturns((version(1, moment(3), signature=True), version(2, moment(4))))
    assert in_place.waiting is None and in_place.came == moment(4)


def test_what_waits_for_a_head_who_is_gone_counts_as_not_sent():
    month = MonthReturns((version(1, moment(3), signature=True),), headed=False)
    assert (month.waiting, month.sent) == (None, False)


def test_facts_of_a_month_say_what_a_unit_lacks():
    sent = MonthReturns((version(1, moment(3)),))
    facts = MonthFacts({"chengguan": sent}, staffed={"chengguan", "dongmen"}, methodical={"chengguan"})
    assert facts.of("chengguan") is sent and facts.of("dongmen") == MonthReturns()
    assert [facts.lack(unit) for unit in ("chengguan", "dongmen", "nanhu")] == [
        None,
        Lack.NO_METHOD,
        Lack.NO_OFFICERS,
    ]


# Which month


def test_the_first_month_is_the_one_that_the_first_quarter_began_in():
    assert first_month(CALENDAR, Quarter(2026, 1)) == Month(2025, 12)
    assert first_month(CALENDAR, Quarter(2026, 4)) == Month(2026, 9)


@pytest.mark.parametrize(
    ("sent", "month"),
    [
        ((), Month(2026, 3)),
        ((Month(2026, 3),), Month(2026, 2)),
        ((Month(2026, 3), Month(2026, 2)), Month(2026, 1)),
        ((Month(2026, 2),), Month(2026, 3)),
        ((Month(2025, 12), *(Month(2026, n) for n in (1, 2, 3))), Month(2026, 3)),
    ],
)
def test_the_month_meant_is_the_latest_that_was_not_sent(sent, month):
    assert default_month(date(2026, 4, 1), BEGINS, sent) == month


def test_before_any_month_is_over_it_is_the_last_one_all_the_same():
    assert default_month(date(2025, 12, 3), BEGINS, ()) == Month(2025, 11)


@pytest.mark.parametrize(
    ("month", "lack"),
    [
        (Month(2026, 4), Lack.NOT_OVER),
        (Month(2027, 1), Lack.NOT_OVER),
        (Month(2025, 11), Lack.NOT_BEGUN),
        (Month(2026, 3), None),
        (Month(2025, 12), None),
    ],
)
def test_only_a_month_that_is_over_and_not_before_the_beginning_is_returned(month, lack):
    if lack is None:
        check_month(UNIT, month, today=date(2026, 4, 30), begins=BEGINS)
    else:
        with pytest.raises(NotReturnable) as refused:
            check_month(UNIT, month, today=date(2026, 4, 30), begins=BEGINS)
        assert refused.value == NotReturnable(UNIT, month, lack, BEGINS)


# Reasons


def entry(number, reason="迟到", *, reversed_=False):
    reversal = Reversal(number + 100, "某人", moment(2), "误记") if reversed_ else None
    return OfficerDeduction(
        number, 1, "chengguan", "考勤纪律", Decimal(1), MARCH, moment(1), 1, "某人", reason, reversal=reversal
    )


def test_living_entries_without_a_reason_block():
    check_explained(MARCH, [entry(1), entry(2, None, reversed_=True)])
    with pytest.raises(ReturnUnexplained) as refused:
        check_explained(MARCH, [entry(1), entry(2, None), entry(3, "")])
    assert refused.value.numbers == (2, 3)


# What is frozen

SCHEME = Scheme("chengguan", (Item("考勤纪律", Decimal(40)), Item("执法办案", Decimal(60))))


def table(taken, marks=None, duties=None):
    people = [Officer(n, f"民警{n}", duty="内勤" if n == 2 else "") for n in (1, 2, 3)]
    return tabulate_month(
        UNIT, MARCH, SCHEME, people,
        sums={n: {"考勤纪律": Decimal(points)} for n, points in taken.items()},
        marks=marks or {}, duties=duties or Duties(),
    )  # fmt: skip


def test_what_is_frozen_is_what_was_shown():
    duties = Duties(coefficients={"内勤": Decimal("0.95")})
    found = frozen(table({1: "2.5", 2: "50"}, {3: "休假"}, duties))
    assert [(one.officer, one.total, one.coefficient, one.result, one.absence) for one in found] == [
        (1, Decimal("97.5"), Decimal(1), Decimal("97.5"), None),
        (2, Decimal(60), Decimal("0.95"), Decimal("57.00"), None),
        (3, Decimal(100), Decimal(1), Decimal(100), "休假"),
    ]
    assert [(item.name, item.points, item.deducted) for item in found[1].items] == [
        ("考勤纪律", Decimal(40), Decimal(50)),
        ("执法办案", Decimal(60), Decimal(0)),
    ]


def test_places_come_back_from_what_was_frozen():
    shown = table({1: "2.5", 2: "2.5"}, {3: "借调"})
    assert [(one.officer, s.place, s.shared) for one, s in placed(frozen(shown))] == [
        (1, 1, True),
        (2, 1, True),
    ]
    assert placed(()) == ()


@given(st.dictionaries(st.sampled_from((1, 2, 3)), st.integers(0, 6000).map(lambda n: Decimal(n).scaleb(-2))))
def test_places_are_those_of_the_table(taken):
    shown = table(taken)
    assert [(row.officer.id, s.place) for row, s in shown.rows] == [
        (one.officer, s.place) for one, s in placed(frozen(shown))
    ]


def test_other_figures_have_another_fingerprint():
    one, same, other = (fingerprint(frozen(table({1: points}))) for points in ("1", "1", "1.01"))
    assert one == same != other


# In time or late


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(1, 28))
def test_late_is_counted_in_whole_days_after_the_day(came, monthly_day):
    due = date(2026, 4, monthly_day)
    late = days_late(MARCH, came, monthly_day)
    assert late == max(0, (came - due).days)
    assert (late == 0) == (came <= due)


def stand(returns, today, month=MARCH):
    return Terms(CALENDAR, BEGINS, 5, today).stand(month, returns)


def test_the_fifth_is_in_time_to_its_last_second_in_the_bureaus_zone():
    last = datetime(2026, 4, 5, 15, 59, 59, tzinfo=UTC)
    today = date(2026, 5, 1)
    assert stand(MonthReturns((version(1, last),)), today) == Stand(ReturnState.IN)
    after = MonthReturns((version(1, last + timedelta(seconds=1)),))
    assert stand(after, today) == Stand(ReturnState.LATE, 1)
    assert Terms(CALENDAR, BEGINS, 5, today).late(MARCH, last + timedelta(days=3)) == 3


@pytest.mark.parametrize(
    ("month", "today", "state"),
    [
        (MARCH, date(2026, 3, 31), ReturnState.NOT_ASKED),
        (MARCH, date(2026, 4, 1), ReturnState.DUE),
        (MARCH, date(2026, 4, 5), ReturnState.DUE),
        (MARCH, date(2026, 4, 6), ReturnState.MISSING),
        (Month(2025, 11), date(2026, 4, 6), ReturnState.NOT_ASKED),
        (Month(2025, 12), date(2026, 1, 6), ReturnState.MISSING),
    ],
)
def test_what_was_not_sent_is_due_missing_or_not_asked(month, today, state):
    assert stand(MonthReturns(), today, month) == Stand(state)


def test_what_waits_is_unsigned_whatever_the_day():
    waiting = MonthReturns((version(1, moment(3), signature=True),))
    assert stand(waiting, date(2026, 4, 4)).state is ReturnState.UNSIGNED
    assert stand(waiting, date(2026, 6, 1)).state is ReturnState.UNSIGNED


def test_once_in_a_newer_version_that_waits_changes_nothing():
    found = state_of(MARCH, date(2026, 4, 3), waits=True, today=date(2026, 6, 1), monthly_day=5, begins=BEGINS)
    assert found is ReturnState.IN
