"""R6, R7, Extension, Late group, Default period: each group's own calendar, and where its quarters stand."""

from datetime import UTC, date, datetime, timedelta

from examples import CALENDAR, SHANGHAI
from hypothesis import given
from hypothesis import strategies as st
from strategies import BEGINS, DAY, GROUPS, course, moments, timetables

from rules.calendar import Quarter, Year
from rules.stages import Course, Move, Stage
from rules.timetable import Timetable

STATIONS, OFFICES = GROUPS
Q1, Q2, Q3, Q4 = Year(2026).quarters
LONGER = Timetable(CALENDAR, Q1, {(STATIONS, Q1): date(2026, 3, 20)})
SUBMITTED = (Move.SUBMIT,)
CONFIRMED = (Move.SUBMIT, Move.CONFIRM)
PUBLISHED = (*CONFIRMED, Move.PUBLISH)

some_groups = st.sets(st.sampled_from(GROUPS))
groups = st.sampled_from(GROUPS)


def noon(month, day, year=2026):
    return datetime(year, month, day, 12, tzinfo=SHANGHAI)


def stood(*moves, begins=Q1, quarter=Q1, names=GROUPS):
    return Timetable(
        CALENDAR, begins, courses={(name, quarter): course(name, quarter, *moves) for name in names}
    )


def earlier(quarter, begins=BEGINS):
    """The quarters before this one, from the bureau's first on."""
    found = []
    while begins < quarter:
        found.append(begins)
        begins = begins.next
    return found


def test_an_extension_is_the_groups_own_and_the_next_quarter_starts_the_day_after():
    own, other = LONGER.of(STATIONS), LONGER.of(OFFICES)
    assert own.last_day(Q1) == date(2026, 3, 20)
    assert own.first_day(Q2) == date(2026, 3, 21)
    assert own.last_day(Q2) == date(2026, 6, 15)
    assert other == CALENDAR


def test_while_one_group_has_longer_the_others_next_quarter_runs():
    assert LONGER.running([STATIONS], noon(3, 18)) == Q1
    assert LONGER.running([OFFICES], noon(3, 18)) == Q2
    assert LONGER.running(GROUPS, noon(3, 18)) == Q2
    assert LONGER.running([STATIONS], noon(3, 21)) == Q2
    assert LONGER.running([], noon(3, 18)) == Q2, "the bureau's own"


def test_an_extension_of_the_fourth_quarter_lasts_into_the_next_year():
    table = Timetable(CALENDAR, Q1, {(STATIONS, Q4): date(2027, 1, 10)})
    assert table.running([STATIONS], noon(1, 10, 2027)) == Q4
    assert table.running([STATIONS], noon(1, 11, 2027)) == Quarter(2027, 1)
    assert table.running([OFFICES], noon(12, 2)) == Quarter(2027, 1)


@given(timetables(), groups, moments)
def test_every_moment_lies_in_one_quarter_of_a_group_however_it_is_extended(table, group, moment):
    calendar = table.of(group)
    quarter = table.running([group], moment)
    assert calendar.first_day(quarter) <= calendar.day(moment) <= calendar.last_day(quarter)
    assert calendar.ends(quarter.previous) <= moment < calendar.ends(quarter)
    assert calendar.first_day(quarter.next) == calendar.last_day(quarter) + DAY


@given(timetables(), some_groups, moments)
def test_of_several_groups_the_latest_quarter_runs(table, names, moment):
    running = table.running(names, moment)
    own = [table.running([name], moment) for name in names]
    assert running == max(own, default=CALENDAR.quarter_of(moment))


def test_a_quarter_without_a_step_is_open():
    assert LONGER.course(STATIONS, Q1) == Course(STATIONS, Q1)
    assert LONGER.stage(STATIONS, Q1) is Stage.OPEN
    assert stood(*CONFIRMED, names=[STATIONS]).stage(STATIONS, Q1) is Stage.CONFIRMED
    assert stood(*CONFIRMED, names=[STATIONS]).stage(OFFICES, Q1) is Stage.OPEN


def test_a_quarter_is_late_from_the_day_after_the_groups_own_deadline_until_it_is_submitted():
    assert LONGER.open_late(OFFICES, noon(3, 16)) == (Q1,)
    assert LONGER.open_late(STATIONS, noon(3, 20)) == ()
    assert LONGER.open_late(STATIONS, noon(3, 21)) == (Q1,)
    assert stood(*SUBMITTED).open_late(STATIONS, noon(3, 21)) == ()
    assert stood(Move.SUBMIT, Move.RETURN).open_late(STATIONS, noon(3, 21)) == (Q1,)


def test_what_was_before_the_bureaus_beginning_is_never_late():
    assert Timetable(CALENDAR, Q3).open_late(STATIONS, noon(10, 1)) == (Q3,)
    assert Timetable(CALENDAR, Q4).open_late(STATIONS, noon(10, 1)) == ()


def test_a_group_owes_its_earliest_late_quarter_before_the_one_that_runs():
    table = stood(*SUBMITTED, quarter=Q2)
    assert table.due(STATIONS, noon(3, 15)) == Q1
    assert table.due(STATIONS, noon(10, 1)) == Q1
    assert stood(*SUBMITTED).due(STATIONS, noon(4, 1)) == Q2


@given(timetables(), groups, moments)
def test_what_a_group_owes_is_the_earliest_that_is_over_and_open_else_the_running_one(table, group, moment):
    running = table.running([group], moment)
    late = [q for q in earlier(running) if table.of(group).last_day(q) < CALENDAR.day(moment)]
    assert late == earlier(running), "what came before is over"
    owed = [quarter for quarter in late if table.stage(group, quarter) is Stage.OPEN]
    assert table.open_late(group, moment) == tuple(owed)
    assert table.due(group, moment) == (owed[0] if owed else running)


def test_a_question_is_about_the_running_quarter_once_the_one_before_is_published():
    assert stood(*CONFIRMED).default(GROUPS, noon(4, 1)) == Q1
    assert stood(*PUBLISHED).default(GROUPS, noon(4, 1)) == Q2
    assert stood(*PUBLISHED).default(GROUPS, noon(3, 10)) == Q1, "it runs still"


def test_a_question_about_both_groups_waits_until_both_are_published():
    one = stood(*PUBLISHED, names=[STATIONS])
    assert one.default([STATIONS], noon(4, 1)) == Q2
    assert one.default([OFFICES], noon(4, 1)) == Q1
    assert one.default(GROUPS, noon(4, 1)) == Q1


@given(timetables(), st.sets(st.sampled_from(GROUPS), min_size=1), moments)
def test_the_default_is_over_and_unpublished_and_only_if_there_is_none_it_is_what_runs(table, names, moment):
    running, found = table.running(names, moment), table.default(names, moment)
    waiting = [
        quarter
        for quarter in earlier(running)
        if any(table.stage(name, quarter) is not Stage.PUBLISHED for name in names)
    ]
    assert found == (waiting[-1] if waiting else running)


def test_the_groups_whose_results_are_out_and_whose_results_are_stored_are_known():
    courses = {
        (STATIONS, Q1): course(STATIONS, Q1, *PUBLISHED),
        (OFFICES, Q1): course(OFFICES, Q1, *CONFIRMED),
        (STATIONS, Q2): course(STATIONS, Q2, *SUBMITTED),
    }
    table = Timetable(CALENDAR, Q1, courses=courses)
    assert table.published(Q1) == {STATIONS}
    assert table.settled(Q1) == {STATIONS, OFFICES}
    assert table.published(Q2) == table.settled(Q2) == frozenset()


def test_as_of_a_past_moment_only_what_was_confirmed_before_it_is_settled():
    confirmed = datetime(2026, 3, 20, 8, tzinfo=UTC)
    at = {OFFICES: confirmed - DAY, STATIONS: confirmed}
    courses = {(name, Q1): course(name, Q1, *PUBLISHED, at=at[name]) for name in GROUPS}
    table = Timetable(CALENDAR, Q1, courses=courses)
    assert table.settled(Q1, confirmed) == frozenset(), "only from that moment on"
    assert table.settled(Q1, confirmed + timedelta(seconds=1)) == {OFFICES}
    assert table.settled(Q1, confirmed + DAY + timedelta(seconds=1)) == {STATIONS, OFFICES}
