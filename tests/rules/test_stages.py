"""R7: the life of a quarter with its group, what stands in the way of a step, and extensions (R6)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from examples import BUREAU, CALENDAR, ENTRY, SHANGHAI
from hypothesis import given
from hypothesis import strategies as st
from strategies import COURSES, course, extensions

from rules.calendar import Quarter
from rules.progress import Progress, UnitProgress
from rules.refusals import (
    AppealsStand,
    CorrectionsWait,
    ExtensionTooLate,
    ExtensionTooShort,
    NoLead,
    NotWaved,
    QuarterClosed,
    Unexplained,
    WrongStage,
)
from rules.stages import (
    Course,
    Move,
    Stage,
    Standing,
    Step,
    check_confirmation,
    check_extension,
    check_move,
    check_not_settled,
    check_open,
    check_submission,
    days_late,
)

GROUP, Q1 = "派出所考核小组", Quarter(2026, 1)
SUBMITTED = (Move.SUBMIT,)
RETURNED = (Move.SUBMIT, Move.RETURN)
CONFIRMED = (Move.SUBMIT, Move.CONFIRM)
PUBLISHED = (Move.SUBMIT, Move.CONFIRM, Move.PUBLISH)

AT = {
    Stage.OPEN: (),
    Stage.SUBMITTED: SUBMITTED,
    Stage.CONFIRMED: CONFIRMED,
    Stage.PUBLISHED: PUBLISHED,
}
ALLOWED = {
    (Stage.OPEN, Move.SUBMIT),
    (Stage.SUBMITTED, Move.RETURN),
    (Stage.SUBMITTED, Move.CONFIRM),
    (Stage.CONFIRMED, Move.PUBLISH),
}


def of(*moves):
    return course(GROUP, Q1, *moves)


def test_a_quarter_is_open_until_it_is_submitted_and_then_goes_from_step_to_step():
    assert of().stage is Stage.OPEN
    assert of(*SUBMITTED).stage is Stage.SUBMITTED
    assert of(*RETURNED).stage is Stage.OPEN
    assert of(*CONFIRMED).stage is Stage.CONFIRMED
    assert of(*PUBLISHED).stage is Stage.PUBLISHED


def test_of_a_fresh_quarter_nothing_is_known():
    fresh = Course(GROUP, Q1)
    assert fresh.submitted is None and fresh.returned is None
    assert fresh.last(Move.SUBMIT) is None


def test_a_returned_quarter_has_no_submission_and_knows_why_until_it_is_submitted_again():
    why = replace(of(*RETURNED).steps[1], reason="东门所没有查")
    returned = Course(GROUP, Q1, (of(*RETURNED).steps[0], why))
    assert returned.returned.reason == "东门所没有查"
    assert returned.submitted is None
    again = Step(Move.SUBMIT, datetime(2026, 3, 14, tzinfo=UTC), "王")
    resubmitted = replace(returned, steps=(*returned.steps, again))
    assert resubmitted.returned is None
    assert resubmitted.submitted is again
    assert resubmitted.last(Move.RETURN) is why


@pytest.mark.parametrize("moves", [SUBMITTED, CONFIRMED, PUBLISHED])
def test_the_submission_stays_what_the_quarter_rests_on(moves):
    assert of(*moves).submitted == of(*moves).steps[0]
    assert of(*moves).returned is None


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("move", Move)
def test_a_step_follows_from_one_stage_only(stage, move):
    stood = of(*AT[stage])
    if (stage, move) in ALLOWED:
        check_move(stood, move)
        return
    with pytest.raises(WrongStage) as refused:
        check_move(stood, move)
    assert refused.value == WrongStage(GROUP, Q1, stage.value, move.value)


@given(st.lists(st.sampled_from(Move), max_size=30))
def test_once_confirmed_it_never_moves_back_and_is_published_once(tried):
    stood, seen = of(), [Stage.OPEN]
    for move in tried:
        try:
            check_move(stood, move)
        except WrongStage:
            continue
        stood = of(*(step.move for step in stood.steps), move)
        seen.append(stood.stage)
    order = [Stage.OPEN, Stage.SUBMITTED, Stage.CONFIRMED, Stage.PUBLISHED]
    assert all(order.index(b) - order.index(a) in {1, -1} for a, b in pairwise(seen))
    settled = [stage for stage in seen if stage in {Stage.CONFIRMED, Stage.PUBLISHED}]
    assert seen[len(seen) - len(settled) :] == settled
    assert settled in ([], [Stage.CONFIRMED], [Stage.CONFIRMED, Stage.PUBLISHED])


def test_an_open_quarter_is_written_to_even_after_a_return():
    check_open(of())
    check_open(of(*RETURNED))


@pytest.mark.parametrize("stage", [Stage.SUBMITTED, Stage.CONFIRMED, Stage.PUBLISHED])
def test_a_submitted_quarter_is_no_longer_written_to(stage):
    with pytest.raises(QuarterClosed) as refused:
        check_open(of(*AT[stage]))
    assert refused.value == QuarterClosed(Q1, stage.value)


def test_what_a_quarter_is_made_of_may_be_decided_until_it_is_confirmed():
    check_not_settled(of())
    check_not_settled(of(*SUBMITTED))
    for stage in (Stage.CONFIRMED, Stage.PUBLISHED):
        with pytest.raises(QuarterClosed) as refused:
            check_not_settled(of(*AT[stage]))
        assert refused.value == QuarterClosed(Q1, stage.value)


def progress(inspected, unexplained=()):
    units = tuple(
        UnitProgress(unit, unit.code in inspected, entries=0, unexplained=0, appeals=0)
        for unit in BUREAU.units
        if unit.category == "派出所"
    )
    return Progress(BUREAU.groups[0], Q1, units, tuple(unexplained), None)


STATIONS = [unit.code for unit in BUREAU.units if unit.category == "派出所"]
some_stations = st.sets(st.sampled_from(STATIONS))


def test_entries_without_a_reason_block_the_submission_whatever_was_waved_through():
    with pytest.raises(Unexplained) as refused:
        check_submission(progress(STATIONS, [ENTRY]), STATIONS)
    assert refused.value == Unexplained(Q1, (ENTRY,))


def test_an_uninspected_unit_blocks_the_submission_until_it_is_waved_through():
    found = progress(["chengguan", "dongmen", "ximen"])
    with pytest.raises(NotWaved) as refused:
        check_submission(found, ["nanhu", "chengguan"])
    assert refused.value == NotWaved((BUREAU.unit("beishan"),))
    assert check_submission(found, ["beishan", "nanhu"]) == (BUREAU.unit("nanhu"), BUREAU.unit("beishan"))


@given(some_stations, some_stations)
def test_a_unit_goes_in_inspected_or_waved_through_by_name_and_not_otherwise(inspected, waved):
    left = [code for code in STATIONS if code not in inspected]
    missing = [code for code in left if code not in waved]
    if not missing:
        assert [unit.code for unit in check_submission(progress(inspected), waved)] == left
        return
    with pytest.raises(NotWaved) as refused:
        check_submission(progress(inspected), waved)
    assert [unit.code for unit in refused.value.units] == missing


def test_a_confirmation_needs_everything_decided_and_bears_the_leads_name():
    check_confirmation(Standing(), "周局", Q1)
    until = date(2026, 3, 20)
    for standing, lead, why in (
        (Standing(appeals=(3,)), "周局", AppealsStand((3,), (), None)),
        (Standing(windows=(4, 5), until=until), "周局", AppealsStand((), (4, 5), until)),
        (Standing(proposals=(6,)), "周局", CorrectionsWait((6,))),
        (Standing(), None, NoLead(Q1)),
    ):
        with pytest.raises(type(why)) as refused:
            check_confirmation(standing, lead, Q1)
        assert refused.value == why


def test_days_late_are_counted_from_the_groups_own_deadline():
    noon = datetime(2026, 3, 18, 12, tzinfo=SHANGHAI)
    assert days_late(CALENDAR, Q1, noon) == 3
    assert days_late(CALENDAR.with_extensions({Q1: date(2026, 3, 17)}), Q1, noon) == 1
    assert days_late(CALENDAR, Q1, datetime(2026, 3, 15, 23, 59, tzinfo=SHANGHAI)) == 0
    assert days_late(CALENDAR, Q1, datetime(2026, 3, 1, 9, tzinfo=SHANGHAI)) == 0


def test_an_extension_is_a_later_day_that_is_still_to_come():
    check_extension(of(), CALENDAR, date(2026, 3, 16), date(2026, 3, 10))
    check_extension(of(), CALENDAR, date(2026, 3, 20), date(2026, 3, 20))
    with pytest.raises(ExtensionTooShort) as refused:
        check_extension(of(), CALENDAR, date(2026, 3, 15), date(2026, 3, 10))
    assert refused.value == ExtensionTooShort(date(2026, 3, 15), date(2026, 3, 16))
    with pytest.raises(ExtensionTooShort) as refused:
        check_extension(of(), CALENDAR, date(2026, 3, 19), date(2026, 3, 20))
    assert refused.value == ExtensionTooShort(date(2026, 3, 19), date(2026, 3, 20))


def test_an_extension_leaves_the_next_quarter_a_day_of_its_own():
    check_extension(of(), CALENDAR, date(2026, 6, 14), date(2026, 3, 10))
    with pytest.raises(ExtensionTooLate) as refused:
        check_extension(of(), CALENDAR, date(2026, 6, 15), date(2026, 3, 10))
    assert refused.value == ExtensionTooLate(date(2026, 6, 15), date(2026, 6, 15))


@pytest.mark.parametrize("moves", [SUBMITTED, CONFIRMED, PUBLISHED])
def test_what_is_submitted_is_not_extended(moves):
    with pytest.raises(QuarterClosed):
        check_extension(of(*moves), CALENDAR, date(2026, 3, 20), date(2026, 3, 10))
    check_extension(of(*RETURNED), CALENDAR, date(2026, 3, 20), date(2026, 3, 10))


def test_a_day_that_was_typed_wrong_is_put_right_by_an_earlier_one():
    # The bureau's own calendar is asked, so that 5-20 does not stand in the way of 3-20.
    check_extension(of(), CALENDAR, date(2026, 5, 20), date(2026, 3, 10))
    check_extension(of(), CALENDAR, date(2026, 3, 20), date(2026, 3, 10))


@given(st.dates(date(2026, 3, 1), date(2026, 7, 1)), st.dates(date(2026, 3, 1), date(2026, 7, 1)), extensions())
def test_what_is_allowed_keeps_every_quarter_whole_and_what_is_not_is_told_apart(day, today, extended):
    short = day <= date(2026, 3, 15) or day < today
    try:
        check_extension(of(), CALENDAR, day, today)
    except ExtensionTooShort:
        assert short
    except ExtensionTooLate:
        assert not short and day >= date(2026, 6, 15)
    else:
        own = CALENDAR.with_extensions({**extended, Q1: day})
        assert not short and day < date(2026, 6, 15)
        assert own.first_day(Q1.next) == day + timedelta(days=1) <= own.last_day(Q1.next)


def test_the_courses_that_properties_are_tried_on_are_ones_that_can_be():
    for moves in COURSES:
        for n, move in enumerate(moves):
            check_move(of(*moves[:n]), move)
