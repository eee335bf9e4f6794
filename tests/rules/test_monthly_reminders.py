"""R9, Messages: on which days units are reminded of a month, and what the office hears afterwards."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from examples import BUREAU
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.calendar import Calendar, Quarter
from rules.months import Month
from rules.people import Person, Post, Role
from rules.refusals import Lack
from rules.reminders import Duty, Facts, Kind, Occasion, Rota, Schedule, parts
from rules.returns import MonthFacts, MonthReturns, Return
from rules.timetable import Timetable

MARCH = Month(2026, 3)
BEGINS = Quarter(2026, 1)


def weekdays(day):
    return day.weekday() < 5


def rota(is_workday=weekdays, **schedule):
    table = Timetable(Calendar(ZoneInfo("Asia/Shanghai")), BEGINS)
    return Rota(table, (), Schedule(**schedule), is_workday)


def days_of(kind, first, last, **how):
    found = rota(**how)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [(day, o.month) for day in days for o in found.occasions(day) if o.kind is kind]


def test_units_are_reminded_in_the_month_after_and_on_the_workday_before_a_rest_day():
    assert days_of(Kind.MONTHLY, date(2026, 4, 1), date(2026, 4, 30)) == [
        (date(2026, 4, day), MARCH)
        for day in (2, 3, 4, 5)  # the 4th and the 5th are a weekend, with the 3rd before
    ]


def test_never_in_the_month_itself_nor_before_the_beginning():
    assert not days_of(Kind.MONTHLY, date(2025, 12, 2), date(2025, 12, 31))
    assert not days_of(Kind.MONTHLY_OVER, date(2025, 12, 2), date(2025, 12, 31))
    assert days_of(Kind.MONTHLY, date(2026, 1, 1), date(2026, 1, 5))[0][1] == Month(2025, 12)


def test_the_office_hears_on_the_first_workday_after_the_day():
    assert days_of(Kind.MONTHLY_OVER, date(2026, 3, 1), date(2026, 6, 30)) == [
        (date(2026, 3, 6), Month(2026, 2)),
        (date(2026, 4, 6), MARCH),  # the 5th is a Sunday
        (date(2026, 5, 6), Month(2026, 4)),
        (date(2026, 6, 8), Month(2026, 5)),  # the 5th is a Friday
    ]


def test_a_day_due_at_the_end_of_a_month_may_be_told_of_in_the_next():
    told = days_of(Kind.MONTHLY_OVER, date(2026, 2, 27), date(2026, 3, 10), monthly_day=28)
    assert told == [(date(2026, 3, 2), Month(2026, 1))]


@settings(deadline=None)
@given(st.integers(1, 28), st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=200))
def test_every_month_is_told_of_exactly_once_whatever_the_rest_days(monthly_day, rests):
    def works(day):
        return day not in rests

    told = days_of(
        Kind.MONTHLY_OVER, date(2026, 1, 1), date(2027, 12, 31), is_workday=works, monthly_day=monthly_day
    )
    months = [month for _, month in told]
    assert months == sorted(set(months)) and len(months) >= 23
    for day, month in told:
        due = month.next.first.replace(day=monthly_day)
        assert due < day and works(day)
        assert not any(works(due + timedelta(days=n)) for n in range(1, (day - due).days))


def test_what_was_missed_is_made_up_for_until_the_day_and_the_count_at_any_time():
    found = rota()
    before, over = Occasion(Kind.MONTHLY, month=MARCH), Occasion(Kind.MONTHLY_OVER, month=MARCH)
    assert found.still_useful(before, date(2026, 4, 5)) and not found.still_useful(before, date(2026, 4, 6))
    assert found.still_useful(over, date(2026, 5, 1))


# Who gets what


def sent(number=7, *, signed=False):
    at = datetime(2026, 4, 2, tzinfo=UTC)
    return Return(number, "", MARCH, 1, "某人", at, True, signed_by="某人" if signed else None, signed_at=at)


def facts(returns, today=date(2026, 4, 2), **known):
    return Facts(today, BUREAU, rota(), {}, {}, {MARCH: MonthFacts(returns, **known)})


def told(person, found, kind=Kind.MONTHLY, muted=()):
    return parts(person, [Occasion(kind, month=MARCH)], found, muted)


def somebody(*posts):
    return Person(1, 1, "某人", posts)


LIAISON = somebody(Post(Role.LIAISON, unit="chengguan"), Post(Role.LIAISON, unit="dongmen"))
HEAD = somebody(Post(Role.UNIT_HEAD, unit="chengguan"))
OFFICE = somebody(Post(Role.OFFICE))


def test_a_liaison_is_reminded_of_each_unit_that_has_not_sent():
    ready = {"staffed": {"chengguan", "dongmen"}, "methodical": {"chengguan", "dongmen"}}
    assert [p.unit.code for p in told(LIAISON, facts({}, **ready))] == ["chengguan", "dongmen"]
    waiting = {"chengguan": MonthReturns((sent(),))}
    assert [p.unit.code for p in told(LIAISON, facts(waiting, **ready))] == ["dongmen"]
    first = told(LIAISON, facts({}, **ready))[0]
    assert (first.duty, first.left, first.until, first.lack) == (Duty.MONTHLY, 3, date(2026, 4, 5), None)


def test_who_cannot_send_yet_is_told_why():
    found = told(LIAISON, facts({}, staffed={"chengguan"}))
    assert [part.lack for part in found] == [Lack.NO_METHOD, Lack.NO_OFFICERS]


def test_a_head_is_reminded_of_what_waits_and_cannot_mute_it():
    waiting = facts({"chengguan": MonthReturns((sent(),))})
    found = told(HEAD, waiting, muted=set(Duty))
    assert [(part.duty, part.number) for part in found] == [(Duty.SIGNATURE, 7)]
    assert not told(HEAD, facts({"chengguan": MonthReturns((sent(signed=True),))}))
    assert not told(HEAD, facts({}))
    assert not told(LIAISON, facts({}), muted={Duty.MONTHLY})


@pytest.mark.parametrize("role", [Role.LIAISON, Role.UNIT_HEAD])
def test_a_unit_that_was_taken_out_is_left_alone(role):
    closed = replace(BUREAU.units[0], code="closed")
    found = facts({"closed": MonthReturns((sent(),))})
    found = replace(found, bureau=replace(BUREAU, former=(closed,)))
    assert not told(somebody(Post(role, unit="closed")), found)


def test_the_office_hears_how_many_are_missing_and_nobody_else():
    units = [unit.code for unit in BUREAU.units]
    some = {units[0]: MonthReturns((sent(signed=True),)), units[1]: MonthReturns((sent(),))}
    found = facts(some, today=date(2026, 4, 6))
    (part,) = told(OFFICE, found, Kind.MONTHLY_OVER, muted=set(Duty))
    assert (part.duty, part.total, part.done, part.left) == (Duty.RETURNS, len(units) - 1, 1, -1)
    assert not told(LIAISON, found, Kind.MONTHLY_OVER) and not told(HEAD, found, Kind.MONTHLY_OVER)
    everybody = {unit: MonthReturns((sent(signed=True),)) for unit in units}
    assert not told(OFFICE, facts(everybody), Kind.MONTHLY_OVER)
    assert not told(OFFICE, found)
