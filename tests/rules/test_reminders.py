"""R6, R7, R9, Messages: on which day which reminder is due, for whom, and what is made up for."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from examples import BUREAU, CALENDAR, ENTRY, SHANGHAI, person
from hypothesis import given
from hypothesis import strategies as st
from strategies import DAY, FIRST, GROUPS, LAST, course, days, timetables, workdays

from rules.calendar import Quarter, Year
from rules.months import Month
from rules.people import Post, Role
from rules.progress import Progress, UnitProgress
from rules.reminders import Due, Duty, Facts, Kind, Occasion, Part, Rota, Schedule, marked_days, parts
from rules.returns import MonthFacts, MonthReturns, Return
from rules.stages import Move
from rules.timetable import Timetable
from rules.workdays import is_workday

STATIONS, OFFICES = GROUPS
Q1, Q2, Q3, Q4 = Year(2026).quarters
BEFORE, LATE, ESCALATED = (Occasion(kind, STATIONS, Q1) for kind in (Kind.BEFORE, Kind.LATE, Kind.ESCALATED))
FEBRUARY, FEBRUARY_OVER = (Occasion(kind, month=Month(2026, 2)) for kind in (Kind.MONTHLY, Kind.MONTHLY_OVER))


def every_day(day):
    return True


def monday_to_friday(day):
    return day.weekday() < 5


def rota(table=None, workday=is_workday, schedule=None, groups=(STATIONS,)):
    return Rota(table or Timetable(CALENDAR, Q1), groups, schedule or Schedule(), workday)


def at(*moves, quarter=Q1, group=STATIONS):
    """A timetable in which one quarter has come so far."""
    return Timetable(CALENDAR, Q1, courses={(group, quarter): course(group, quarter, *moves)})


def on(found, occasion, first, last):
    """The days from first to last on which that occasion comes, as (month, day)."""
    span = [first + n * DAY for n in range((last - first).days + 1)]
    return [(day.month, day.day) for day in span if occasion in found.occasions(day)]


# The days before a deadline.


def test_the_plans_days_are_two_weeks_a_week_three_days_a_day_before_and_the_day_itself():
    assert Schedule() == Schedule((14, 7, 3, 1, 0), (1, 5), 5, time(9))
    found = on(rota(workday=every_day), BEFORE, date(2026, 1, 1), date(2026, 6, 1))
    assert found == [(3, 1), (3, 8), (3, 12), (3, 14), (3, 15)]


def test_a_day_that_is_a_rest_day_comes_on_the_last_workday_before_too():
    # 2026-03-15 is a Sunday; Saturday 02-28 is a make-up workday.
    found = on(rota(), BEFORE, date(2026, 1, 1), date(2026, 6, 1))
    assert found == [(2, 28), (3, 1), (3, 6), (3, 8), (3, 12), (3, 13), (3, 14), (3, 15)]


def test_holidays_count_as_rest_days():
    # From 10-01 to 10-07 nobody works.
    table = Timetable(CALENDAR, Q4, {(STATIONS, Q4): date(2026, 12, 5)})
    found = rota(table, schedule=Schedule(remind_days=(60,)))
    fourth = Occasion(Kind.BEFORE, STATIONS, Q4)
    assert on(found, fourth, date(2026, 9, 16), date(2026, 12, 1)) == [(9, 30), (10, 6)]


def test_nothing_is_said_of_a_quarter_before_it_runs():
    table = Timetable(CALENDAR, Q1, {(STATIONS, Q1): date(2026, 6, 10)})
    found = rota(table, every_day)
    assert on(found, Occasion(Kind.BEFORE, STATIONS, Q2), date(2026, 1, 1), date(2026, 7, 1)) == [
        (6, 12), (6, 14), (6, 15),
    ]  # fmt: skip
    assert on(found, BEFORE, date(2026, 1, 1), date(2026, 7, 1)) == [(5, 27), (6, 3), (6, 7), (6, 9), (6, 10)]


def test_an_extension_moves_the_days_of_its_own_group_only():
    table = Timetable(CALENDAR, Q1, {(STATIONS, Q1): date(2026, 3, 20)})
    both = rota(table, every_day, groups=GROUPS)
    spring = date(2026, 1, 1), date(2026, 6, 1)
    assert on(both, BEFORE, *spring) == [(3, 6), (3, 13), (3, 17), (3, 19), (3, 20)]
    assert on(both, Occasion(Kind.BEFORE, OFFICES, Q1), *spring)[-1] == (3, 15)


@pytest.mark.parametrize("moves", [(Move.SUBMIT,), (Move.SUBMIT, Move.CONFIRM)])
def test_a_submitted_quarter_is_left_alone_before_and_after_its_deadline(moves):
    done, returned = rota(at(*moves)), rota(at(Move.SUBMIT, Move.RETURN))
    for occasion, day in (
        (BEFORE, date(2026, 3, 12)),
        (LATE, date(2026, 3, 17)),
        (ESCALATED, date(2026, 3, 20)),
    ):
        assert occasion not in done.occasions(day)
        assert occasion in returned.occasions(day)


@given(st.sets(days, max_size=6), workdays(), days, st.none() | days)
def test_every_marked_days_last_workday_is_marked_too_inside_the_bounds_and_nothing_else(
    asked, workday, after, through
):
    found = marked_days(asked, workday, after=after, through=through)
    last = date.max if through is None else through
    inside = {day for day in asked if after < day <= last}
    assert inside <= found
    assert all(after < day <= last for day in found)
    for day in asked:
        before = next(d for n in range(1000) if workday(d := day - n * DAY))
        assert (before in found) == (after < before <= last)
    for day in found - asked:
        later = min(d for d in asked if d > day)
        assert workday(day)
        assert not any(workday(day + n * DAY) for n in range(1, (later - day).days + 1))


@given(timetables(), workdays(), days)
def test_a_reminder_before_a_deadline_lies_in_its_quarter_and_none_is_left_out(table, workday, day):
    found = {o for o in rota(table, workday, groups=GROUPS).occasions(day) if o.kind is Kind.BEFORE}
    for group in GROUPS:
        calendar = table.of(group)
        running = calendar.quarter_of(_noon(day))
        last = calendar.last_day(running)
        rests = [d for n in (14, 7, 3, 1, 0) if day <= (d := last - n * DAY)]
        stands_for = any(d == day for d in rests) or any(
            workday(day) and not any(workday(day + n * DAY) for n in range(1, (d - day).days + 1))
            for d in rests
        )
        is_open = table.course(group, running).submitted is None
        assert (Occasion(Kind.BEFORE, group, running) in found) == (stands_for and is_open)
    assert len(found) <= len(GROUPS)


def _noon(day):
    return datetime.combine(day, time(12), tzinfo=SHANGHAI)


# The days after it.


def test_who_is_late_hears_of_it_on_every_workday():
    found = on(rota(), LATE, date(2026, 3, 10), date(2026, 3, 31))
    assert found == [(3, d) for d in (16, 17, 18, 19, 20, 23, 24, 25, 26, 27, 30, 31)]


def test_the_leaders_hear_of_it_on_the_first_and_the_fifth_day_only():
    assert on(rota(workday=every_day), ESCALATED, date(2026, 3, 1), date(2026, 6, 1)) == [(3, 16), (3, 20)]


def test_an_escalation_on_a_rest_day_comes_on_the_workday_before_if_the_deadline_is_over_by_then():
    # 2027-03-15 is a Monday: the 20th is a Saturday. 2027-06-15: the fifth day after is Sunday the 20th.
    table = Timetable(CALENDAR, Quarter(2027, 1))
    march = Occasion(Kind.ESCALATED, STATIONS, Quarter(2027, 1))
    assert on(rota(table, monday_to_friday), march, date(2027, 3, 1), date(2027, 6, 1)) == [
        (3, 16), (3, 19), (3, 20),
    ]  # fmt: skip
    # 2026-05-15 is a Friday: the day after it is a Saturday, and on Friday nobody is late.
    friday = Timetable(CALENDAR, Q1, {(STATIONS, Q1): date(2026, 5, 15)})
    assert on(rota(friday, monday_to_friday), ESCALATED, date(2026, 5, 1), date(2026, 6, 10)) == [
        (5, 16), (5, 20),
    ]  # fmt: skip


def test_every_late_quarter_is_named_beside_the_one_that_runs():
    found = rota(Timetable(CALENDAR, Q4), every_day).occasions(date(2027, 6, 15))
    assert found == (
        Occasion(Kind.LATE, STATIONS, Q4),
        Occasion(Kind.LATE, STATIONS, Quarter(2027, 1)),
        Occasion(Kind.BEFORE, STATIONS, Quarter(2027, 2)),
    )


@given(timetables(), workdays(), days)
def test_late_comes_on_a_workday_for_each_late_quarter_and_for_no_other(table, workday, day):
    found = [o for o in rota(table, workday, groups=GROUPS).occasions(day) if o.kind is Kind.LATE]
    owed = [(group, q) for group in GROUPS for q in table.open_late(group, _noon(day))]
    assert [(o.group, o.quarter) for o in found] == (owed if workday(day) else [])


# Every month.


def test_liaisons_are_reminded_before_the_fifth_and_only_in_that_month():
    found = on(rota(workday=every_day), FEBRUARY, date(2026, 2, 1), date(2026, 4, 30))
    assert found == [(3, 2), (3, 4), (3, 5)]


def test_where_the_fifth_is_a_rest_day_the_workday_before_comes_too_unless_it_lies_in_the_month_before():
    # 2026-04-04 to 06 are rest days; from 10-01 to 10-07 nobody works, and 09-30 is still September.
    march, september = (Occasion(Kind.MONTHLY, month=Month(2026, number)) for number in (3, 9))
    assert on(rota(), march, date(2026, 3, 1), date(2026, 5, 30)) == [(4, 2), (4, 3), (4, 4), (4, 5)]
    assert on(rota(), september, date(2026, 9, 1), date(2026, 11, 30)) == [(10, 2), (10, 4), (10, 5)]


def test_decembers_results_are_asked_for_in_january():
    december = Occasion(Kind.MONTHLY, month=Month(2026, 12))
    assert on(rota(workday=every_day), december, date(2026, 12, 1), date(2027, 2, 1)) == [
        (1, 2),
        (1, 4),
        (1, 5),
    ]


@given(days, workdays(), st.integers(1, 28))
def test_a_monthly_reminder_is_about_the_month_before_and_comes_before_its_day(day, workday, due):
    found = rota(workday=workday, schedule=Schedule(monthly_day=due)).occasions(day)
    for occasion in (o for o in found if o.kind is Kind.MONTHLY):
        assert Month(2025, 12) <= occasion.month == Month.of(day).previous
        assert day.day <= due


# What was missed.


def test_a_missed_day_before_a_deadline_is_made_up_for_once_until_the_deadline():
    found = rota(workday=every_day)
    missed = [date(2026, 3, 8), date(2026, 3, 12)]
    assert found.due(date(2026, 3, 13), missed) == Due((BEFORE,))
    assert found.due(date(2026, 3, 15), missed) == Due((BEFORE,)), "it has its own and says it once"
    assert found.due(date(2026, 3, 16), missed[1:]) == Due((LATE, ESCALATED), ((missed[1], (BEFORE,)),))


def test_until_the_deadline_means_until_the_groups_own():
    longer = rota(Timetable(CALENDAR, Q1, {(STATIONS, Q1): date(2026, 3, 20)}), every_day)
    assert longer.due(date(2026, 3, 18), [date(2026, 3, 17)]) == Due((BEFORE,))


def test_a_missed_escalation_is_made_up_for_while_the_group_is_late():
    missed = [date(2026, 3, 20)]
    assert rota(workday=every_day).due(date(2026, 3, 23), missed) == Due(
        (LATE, ESCALATED), ((missed[0], (LATE,)),)
    )
    assert rota(at(Move.SUBMIT), every_day).due(date(2026, 3, 23), missed) == Due(())


def test_a_missed_workday_of_a_late_group_is_not_made_up_for():
    found = rota(workday=monday_to_friday)
    friday, saturday, monday = date(2026, 3, 27), date(2026, 3, 28), date(2026, 3, 30)
    assert found.due(saturday, [friday]) == Due((), ((friday, (LATE,)),))
    assert found.due(monday, [friday]) == Due((LATE,), ((friday, (LATE,)),))


def test_a_missed_monthly_reminder_is_made_up_for_until_its_day():
    found = rota(at(Move.SUBMIT), every_day)
    missed = [date(2026, 3, 2)]
    assert found.due(date(2026, 3, 3), missed) == Due((FEBRUARY,))
    assert found.due(date(2026, 3, 5), missed) == Due((FEBRUARY,))
    assert found.due(date(2026, 3, 6), missed) == Due((FEBRUARY_OVER,), ((missed[0], (FEBRUARY,)),))


def test_what_was_missed_last_month_is_told_apart_from_this_months():
    found = rota(at(Move.SUBMIT), every_day)
    march = Occasion(Kind.MONTHLY, month=Month(2026, 3))
    missed = [date(2026, 3, 5), date(2026, 4, 2)]
    assert found.due(date(2026, 4, 3), missed) == Due((march,), ((missed[0], (FEBRUARY,)),))


@given(timetables(), workdays(), st.dates(FIRST + 40 * DAY, LAST), st.sets(st.integers(1, 40), max_size=8))
def test_of_missed_days_nothing_comes_twice_and_nothing_is_lost_without_a_word(table, workday, today, ago):
    found = rota(table, workday, groups=GROUPS)
    missed = sorted(today - n * DAY for n in ago)
    due = found.due(today, missed)
    own = found.occasions(today)
    assert len(set(due.occasions)) == len(due.occasions)
    assert due.occasions[: len(own)] == own
    lost = dict(due.stale)
    assert set(lost) <= set(missed) and all(lost.values())
    made_up = set()
    for day in missed:
        for occasion in found.occasions(day):
            stale = occasion in lost.get(day, ())
            assert stale is not _still_of_use(occasion, today, table)
            made_up |= set() if stale else {occasion}
        assert set(lost.get(day, ())) <= set(found.occasions(day))
    assert set(due.occasions) == set(own) | made_up


def _still_of_use(occasion, today, table):
    if occasion.kind is Kind.MONTHLY:
        return Month.of(today).previous == occasion.month and today.day <= 5
    if occasion.kind is Kind.FILING:
        return today <= date(occasion.year, 1, 31)
    if occasion.kind is Kind.BEFORE:
        return today <= table.of(occasion.group).last_day(occasion.quarter)
    return occasion.kind is not Kind.LATE


# Who hears what.

HEAD = person(1, Post(Role.HEAD, group=STATIONS))
DEPUTY = person(2, Post(Role.DEPUTY, group=STATIONS))
ASSESSOR = person(7, Post(Role.ASSESSOR, group=STATIONS))
FROM_DONGMEN = person(8, Post(Role.ASSESSOR, group=STATIONS, own_unit="dongmen"))
OTHER_GROUP = person(4, Post(Role.HEAD, group=OFFICES), Post(Role.ASSESSOR, group=OFFICES))
OFFICE = person(9, Post(Role.OFFICE))
LEADER = person(5, Post(Role.LEADER))
LEAD = person(6, Post(Role.LEADER))
LIAISON = person(20, Post(Role.LIAISON, unit="chengguan"))
UNIT_HEAD = person(22, Post(Role.UNIT_HEAD, unit="chengguan"))
ADMIN = person(30, Post(Role.ADMIN))
EVERYBODY = (
    HEAD, DEPUTY, ASSESSOR, FROM_DONGMEN, OTHER_GROUP, OFFICE, LEADER, LEAD, LIAISON, UNIT_HEAD, ADMIN,
)  # fmt: skip


def progress(left=("dongmen", "ximen"), unexplained=(ENTRY,)):
    """The stations' first quarter: two of five units left, one entry of person 7 without a reason."""
    units = tuple(
        UnitProgress(unit, unit.code not in left, entries=0, unexplained=0, appeals=0)
        for unit in BUREAU.units
        if unit.category == "派出所"
    )
    return Progress(BUREAU.groups[0], Q1, units, tuple(unexplained), None)


def facts(today=date(2026, 3, 8), found=None, **known):
    table = known.pop("table", None)
    known = {"months": {FEBRUARY.month: month()}, **known}
    return Facts(
        today, BUREAU, rota(table), {(STATIONS, Q1): found or progress()}, leads={Q1: LEAD.id}, **known
    )


def month(*units):
    """A month in which every unit can return its results, and these did."""
    every = {unit.code for unit in BUREAU.units}
    came = Return(1, "", FEBRUARY.month, 1, "某", datetime(2026, 3, 1, tzinfo=UTC))
    return MonthFacts({unit: MonthReturns((came,)) for unit in units}, staffed=every, methodical=every)


def duties(who, *occasions, of=None, muted=()):
    return [part.duty for part in parts(who, occasions, of or facts(), muted)]


def test_before_a_deadline_each_hears_its_own_part():
    heard = {who.id: duties(who, BEFORE) for who in EVERYBODY}
    assert heard == {
        HEAD.id: [Duty.SUBMISSION],
        DEPUTY.id: [Duty.SUBMISSION],
        ASSESSOR.id: [Duty.UNITS],
        FROM_DONGMEN.id: [Duty.UNITS],
        OTHER_GROUP.id: [],
        OFFICE.id: [Duty.OVERVIEW],
        LEADER.id: [Duty.SUMMARY],
        LEAD.id: [Duty.SUMMARY],
        LIAISON.id: [],
        UNIT_HEAD.id: [],
        ADMIN.id: [],
    }


def test_after_it_head_deputy_and_office_hear_every_workday_and_nobody_else():
    heard = {who.id: duties(who, LATE, of=facts(date(2026, 3, 17))) for who in EVERYBODY}
    assert {id_: found for id_, found in heard.items() if found} == {
        HEAD.id: [Duty.SUBMISSION],
        DEPUTY.id: [Duty.SUBMISSION],
        OFFICE.id: [Duty.OVERVIEW],
    }


def test_an_escalation_goes_to_the_leaders_alone():
    both = person(3, Post(Role.HEAD, group=STATIONS), Post(Role.ASSESSOR, group=STATIONS))
    heard = {who.id: duties(who, ESCALATED, of=facts(date(2026, 3, 16))) for who in (*EVERYBODY, both)}
    assert {id_: found for id_, found in heard.items() if found} == {
        LEADER.id: [Duty.SUMMARY],
        LEAD.id: [Duty.SUMMARY],
    }


def test_the_office_hears_once_on_a_day_that_is_late_and_escalated():
    assert duties(OFFICE, LATE, ESCALATED) == [Duty.OVERVIEW]
    assert duties(person(3, Post(Role.OFFICE), Post(Role.LEADER)), LATE, ESCALATED) == [
        Duty.OVERVIEW, Duty.SUMMARY,
    ]  # fmt: skip
    assert duties(OFFICE, BEFORE, BEFORE) == [Duty.OVERVIEW]


def test_a_part_says_how_far_the_group_is_and_how_long_there_is():
    (part,) = parts(HEAD, [BEFORE], facts())
    assert part == Part(
        Duty.SUBMISSION,
        STATIONS,
        Q1,
        left=7,
        units=(BUREAU.unit("dongmen"), BUREAU.unit("ximen")),
        unexplained=1,
        done=3,
        total=5,
        until=date(2026, 3, 15),
    )
    longer = Timetable(CALENDAR, Q1, {(STATIONS, Q1): date(2026, 3, 20)})
    (part,) = parts(HEAD, [BEFORE], facts(table=longer))
    assert (part.left, part.until) == (12, date(2026, 3, 20))
    (part,) = parts(HEAD, [LATE], facts(date(2026, 3, 17)))
    assert part.left == -2


def test_an_assessor_is_asked_for_its_own_entries_and_never_for_its_own_unit():
    (part,) = parts(ASSESSOR, [BEFORE], facts())
    assert ([unit.code for unit in part.units], part.unexplained) == (["dongmen", "ximen"], 1)
    (part,) = parts(FROM_DONGMEN, [BEFORE], facts())
    assert ([unit.code for unit in part.units], part.unexplained) == (["ximen"], 0)


def test_an_assessor_who_is_done_is_left_alone():
    assert duties(ASSESSOR, BEFORE, of=facts(found=progress(left=(), unexplained=()))) == []
    assert duties(FROM_DONGMEN, BEFORE, of=facts(found=progress(left=("dongmen",)))) == []
    (part,) = parts(ASSESSOR, [BEFORE], facts(found=progress(left=())))
    assert (part.units, part.unexplained) == ((), 1)


def test_a_head_is_asked_to_submit_even_where_nothing_is_left_to_inspect():
    assert duties(HEAD, BEFORE, of=facts(found=progress(left=(), unexplained=()))) == [Duty.SUBMISSION]


def test_the_lead_of_the_quarter_is_told_that_it_is_its_own():
    assert [part.leads for part in parts(LEAD, [BEFORE], facts())] == [True]
    assert [part.leads for part in parts(LEADER, [BEFORE], facts())] == [False]
    nobody = replace(facts(), leads={Q2: LEAD.id})
    assert [part.leads for part in parts(LEAD, [BEFORE], nobody)] == [False]


def test_a_liaison_hears_of_the_month_before_until_its_results_are_in():
    (part,) = parts(LIAISON, [FEBRUARY], facts(date(2026, 3, 2)))
    assert part == Part(
        Duty.MONTHLY, unit=BUREAU.unit("chengguan"), month=Month(2026, 2), left=3, until=date(2026, 3, 5)
    )
    inn = facts(date(2026, 3, 2), months={FEBRUARY.month: month("chengguan")})
    assert parts(LIAISON, [FEBRUARY], inn) == ()
    months = {Month(2026, 1): month("chengguan"), FEBRUARY.month: month("dongmen")}
    older = facts(date(2026, 3, 2), months=months)
    assert duties(LIAISON, FEBRUARY, of=older) == [Duty.MONTHLY]
    assert all(parts(who, [FEBRUARY], facts()) == () for who in EVERYBODY if who is not LIAISON)


def test_a_liaison_of_a_unit_that_there_is_not_is_asked_for_nothing():
    assert parts(person(21, Post(Role.LIAISON, unit="gone")), [FEBRUARY], facts()) == ()


def test_each_unit_of_a_liaison_is_asked_for_once():
    posts = [Post(Role.LIAISON, unit=code) for code in ("dongmen", "chengguan", "dongmen")]
    found = parts(person(21, *posts, Post(Role.OFFICE, unit="ximen")), [FEBRUARY], facts())
    assert [part.unit.code for part in found] == ["dongmen", "chengguan"]


# What is muted.

ALL = frozenset(Duty)


def test_what_has_to_be_done_by_head_and_office_cannot_be_muted():
    assert duties(HEAD, BEFORE, muted=ALL) == [Duty.SUBMISSION]
    assert duties(HEAD, LATE, muted=ALL) == [Duty.SUBMISSION]
    assert duties(OFFICE, BEFORE, LATE, muted=ALL) != []


def test_leaders_and_liaisons_may_mute_theirs_but_not_the_lead_its_own_quarter():
    assert duties(LEADER, BEFORE, ESCALATED, muted={Duty.SUMMARY}) == []
    assert duties(LEAD, BEFORE, muted={Duty.SUMMARY}) == [Duty.SUMMARY]
    assert duties(LEAD, ESCALATED, muted={Duty.SUMMARY}) == [Duty.SUMMARY]
    assert duties(LIAISON, FEBRUARY, muted={Duty.MONTHLY}) == []


def test_what_is_muted_is_the_one_thing_and_nothing_beside_it():
    assert duties(ASSESSOR, BEFORE, muted={Duty.SUMMARY, Duty.MONTHLY}) == [Duty.UNITS]
    both = person(7, Post(Role.ASSESSOR, group=STATIONS), Post(Role.LEADER))
    assert duties(both, BEFORE, muted={Duty.UNITS}) == [Duty.SUMMARY]


@pytest.mark.parametrize(("left", "heard"), [(14, False), (4, False), (3, True), (1, True), (0, True)])
def test_an_assessors_mute_does_not_hold_in_the_last_three_days(left, heard):
    today = date(2026, 3, 15) - timedelta(days=left)
    assert bool(duties(ASSESSOR, BEFORE, of=facts(today), muted={Duty.UNITS})) is heard
    assert duties(ASSESSOR, BEFORE, of=facts(today)) == [Duty.UNITS]


@given(
    st.sampled_from(EVERYBODY),
    st.lists(st.sampled_from([BEFORE, LATE, ESCALATED, FEBRUARY, FEBRUARY_OVER]), max_size=6),
    st.sets(st.sampled_from(Duty)),
    st.dates(date(2026, 3, 1), date(2026, 3, 30)),
)
def test_no_part_comes_twice_and_muting_only_takes_away_what_is_muted(who, occasions, muted, today):
    everything = parts(who, occasions, facts(today))
    heard = parts(who, occasions, facts(today), muted)
    assert len(set(everything)) == len(everything)
    assert list(heard) == [part for part in everything if part in heard]
    for part in set(everything) - set(heard):
        assert part.duty in muted - {Duty.SUBMISSION, Duty.OVERVIEW, Duty.RETURNS}
        assert not part.leads
        if part.duty is Duty.UNITS:
            assert part.left > 3
