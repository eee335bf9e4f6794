"""Who puts an entry right, when a second person has to look, and who that may be (R11, Replacement)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from examples import BUREAU, ENTRY, UNDONE, person
from hypothesis import given
from hypothesis import strategies as st

from rules.access import Bar
from rules.corrections import (
    NewEntry,
    Stage,
    check_corrector,
    check_new_unit,
    may_approve,
    may_correct,
    needs_second,
)
from rules.entries import Basis, vetoes
from rules.people import Post, Role
from rules.refusals import AlreadyReversed, Barred, NotYourEntry, QuarterClosed

STATIONS, OFFICES = "派出所考核小组", "机关科室及实战所队考核小组"
VETO = replace(ENTRY, points=Decimal(0), basis=Basis("4.2", "追责", 1, veto=True))


AUTHOR = person(7, Post(Role.ASSESSOR, group=STATIONS))
OTHER = person(8, Post(Role.ASSESSOR, group=STATIONS))
OFFICE = person(9, Post(Role.OFFICE))
HEAD = person(10, Post(Role.HEAD, group=STATIONS))
DEPUTY = person(11, Post(Role.DEPUTY, group=STATIONS))


def test_the_author_corrects_while_the_quarter_is_open_and_the_office_until_it_is_confirmed():
    check_corrector(AUTHOR, ENTRY)
    check_corrector(OFFICE, ENTRY, Stage.SUBMITTED)
    for who, stage, why in (
        (AUTHOR, Stage.SUBMITTED, QuarterClosed),
        (OFFICE, Stage.CONFIRMED, QuarterClosed),
        (OFFICE, Stage.PUBLISHED, QuarterClosed),
        (OTHER, Stage.OPEN, NotYourEntry),
        (HEAD, Stage.OPEN, NotYourEntry),
    ):
        with pytest.raises(why):
            check_corrector(who, ENTRY, stage)
        assert not may_correct(who, ENTRY, stage)
    assert may_correct(AUTHOR, ENTRY)
    with pytest.raises(AlreadyReversed):
        check_corrector(AUTHOR, UNDONE)


@pytest.mark.parametrize(
    ("old", "new", "stage", "needed"),
    [
        ("4.99", None, Stage.OPEN, False),
        ("5", None, Stage.OPEN, True),
        ("1", "5", Stage.OPEN, True),
        ("1", "4.99", Stage.OPEN, False),
        ("0.5", None, Stage.SUBMITTED, True),
    ],
)
def test_a_second_person_looks_from_the_threshold_on_or_once_it_is_submitted(old, new, stage, needed):
    entry = replace(ENTRY, points=Decimal(old))
    replacement = NewEntry("chengguan", "治安管理", Decimal(new), None) if new else None
    assert needs_second(entry, replacement, Decimal(5), stage) is needed


def test_a_veto_is_never_taken_back_alone():
    assert needs_second(VETO, None, Decimal(5))
    assert vetoes([ENTRY, VETO, replace(VETO, reversal=UNDONE.reversal)]) == (VETO,)


def test_the_second_person_is_a_head_of_the_group_or_the_office_and_nobody_concerned():
    for who in (OFFICE, HEAD, DEPUTY):
        assert may_approve(who, ENTRY, 7, BUREAU)
        assert not may_approve(who, ENTRY, who.id, BUREAU), "the proposer"
        assert not may_approve(who, replace(ENTRY, author_id=who.id), 7, BUREAU), "the author"
    assert not may_approve(OTHER, ENTRY, 7, BUREAU)
    assert not may_approve(person(12, Post(Role.HEAD, group=OFFICES)), ENTRY, 7, BUREAU)
    assert not may_approve(person(13, Post(Role.HEAD, group=STATIONS, own_unit="chengguan")), ENTRY, 7, BUREAU)
    assert not may_approve(
        person(14, Post(Role.OFFICE), Post(Role.LIAISON, unit="chengguan")), ENTRY, 7, BUREAU
    )


def test_a_replacement_on_another_unit_is_barred_as_a_deduction_from_it_is():
    check_new_unit(AUTHOR, "dongmen", BUREAU)
    check_new_unit(OFFICE, "fazhi", BUREAU)
    for who, unit, bar in (
        (AUTHOR, "fazhi", Bar.OTHER_GROUP),
        (person(7, Post(Role.ASSESSOR, group=STATIONS, own_unit="dongmen")), "dongmen", Bar.OWN_UNIT),
        (person(9, Post(Role.OFFICE), Post(Role.LIAISON, unit="fazhi")), "fazhi", Bar.OWN_UNIT),
    ):
        with pytest.raises(Barred) as refused:
            check_new_unit(who, unit, BUREAU)
        assert refused.value.bar is bar


posts = st.builds(
    Post,
    st.sampled_from(Role),
    group=st.sampled_from([STATIONS, OFFICES, None]),
    own_unit=st.sampled_from(["chengguan", None]),
)


@given(st.lists(posts, max_size=3), st.integers(5, 12), st.integers(5, 12), st.integers(5, 12))
def test_whatever_posts_they_hold_nobody_approves_the_own_work(held, who, author, proposer):
    approver = person(who, *held)
    if may_approve(approver, replace(ENTRY, author_id=author), proposer, BUREAU):
        assert who not in (author, proposer)
        assert "chengguan" not in approver.own_units
