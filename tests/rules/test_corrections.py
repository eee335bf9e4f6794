"""Who puts an entry right, when a second person has to look, and who that may be (R11, Replacement)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from examples import BUREAU, ENTRY, UNDONE, person
from hypothesis import given
from hypothesis import strategies as st

from rules.corrections import (
    NewEntry,
    Proposed,
    Stage,
    check_approver,
    check_corrector,
    check_new_unit,
    may_approve,
    may_correct,
    needs_second,
)
from rules.entries import Basis, vetoes
from rules.people import Post, Role
from rules.recusal import Recused
from rules.refusals import AlreadyReversed, Barred, MayNotApprove, NotYourEntry, QuarterClosed

STATIONS, OFFICES = "派出所考核小组", "机关科室及实战所队考核小组"
VETO = replace(ENTRY, points=Decimal(0), basis=Basis("4.2", "追责", 1, veto=True))


AUTHOR = person(7, Post(Role.ASSESSOR, group=STATIONS))
OTHER = person(8, Post(Role.ASSESSOR, group=STATIONS))
OFFICE = person(9, Post(Role.OFFICE))
HEAD = person(10, Post(Role.HEAD, group=STATIONS))
DEPUTY = person(11, Post(Role.DEPUTY, group=STATIONS))


def test_the_author_corrects_while_the_quarter_is_open_and_the_office_until_it_is_confirmed():
    check_corrector(AUTHOR, ENTRY, BUREAU)
    check_corrector(OFFICE, ENTRY, BUREAU, Stage.SUBMITTED)
    for who, stage, why in (
        (AUTHOR, Stage.SUBMITTED, QuarterClosed),
        (OFFICE, Stage.CONFIRMED, QuarterClosed),
        (OFFICE, Stage.PUBLISHED, QuarterClosed),
        (OTHER, Stage.OPEN, NotYourEntry),
        (HEAD, Stage.OPEN, NotYourEntry),
    ):
        with pytest.raises(why):
            check_corrector(who, ENTRY, BUREAU, stage)
        assert not may_correct(who, ENTRY, BUREAU, stage)
    assert may_correct(AUTHOR, ENTRY, BUREAU)
    with pytest.raises(AlreadyReversed):
        check_corrector(AUTHOR, UNDONE, BUREAU)


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


def test_neither_is_one_put_in_a_plain_entrys_place_alone():
    veto = NewEntry("chengguan", "治安管理", Decimal(0), None, Basis("4.2", "追责", 1, veto=True))
    assert needs_second(ENTRY, veto, Decimal(5))


CANCELLED = Proposed(ENTRY, None, 5)
MOVED = Proposed(ENTRY, NewEntry("dongmen", "治安管理", Decimal(2), None), 5)


@pytest.mark.parametrize("who", [OFFICE, HEAD, DEPUTY])
def test_the_second_person_is_a_head_of_the_group_or_the_office_and_nobody_concerned(who):
    assert may_approve(who, CANCELLED, BUREAU)
    assert not may_approve(who, replace(CANCELLED, proposer=who.id), BUREAU)
    assert not may_approve(who, replace(CANCELLED, deduction=replace(ENTRY, author_id=who.id)), BUREAU)
    assert not may_approve(who, replace(CANCELLED, appellant=who.id), BUREAU)


@pytest.mark.parametrize("who", [OTHER, person(12, Post(Role.HEAD, group=OFFICES))])
def test_nobody_else_is_the_second_person(who):
    with pytest.raises(MayNotApprove):
        check_approver(who, CANCELLED, BUREAU)


@pytest.mark.parametrize("unit", ["chengguan", "dongmen"])
@pytest.mark.parametrize("post", [Post(Role.HEAD, group=STATIONS), Post(Role.OFFICE)])
def test_who_comes_from_the_old_unit_or_the_new_one_approves_nothing_between_them(unit, post):
    with pytest.raises(Recused) as refused:
        check_approver(person(13, post, Post(Role.UNIT_HEAD, unit=unit)), MOVED, BUREAU)
    assert refused.value.unit.code == unit


def test_a_head_approves_for_its_own_group_alone():
    away = Proposed(ENTRY, NewEntry("fazhi", "业务工作", Decimal(2), None), 5)
    assert not may_approve(HEAD, away, BUREAU)
    assert may_approve(OFFICE, away, BUREAU)


def test_a_replacement_on_another_unit_is_barred_as_a_deduction_from_it_is():
    check_new_unit(AUTHOR, "dongmen", BUREAU)
    check_new_unit(OFFICE, "fazhi", BUREAU)
    with pytest.raises(Barred):
        check_new_unit(AUTHOR, "fazhi", BUREAU)
    for who, unit in (
        (person(7, Post(Role.ASSESSOR, group=STATIONS, own_unit="dongmen")), "dongmen"),
        (person(9, Post(Role.OFFICE), Post(Role.LIAISON, unit="fazhi")), "fazhi"),
    ):
        with pytest.raises(Recused):
            check_new_unit(who, unit, BUREAU)


def test_an_author_that_moved_to_another_group_puts_nothing_right_any_more():
    moved = person(7, Post(Role.ASSESSOR, group=OFFICES))
    with pytest.raises(Barred):
        check_corrector(moved, ENTRY, BUREAU)
    assert not may_correct(moved, ENTRY, BUREAU)


posts = st.builds(
    Post,
    st.sampled_from(Role),
    group=st.sampled_from([STATIONS, OFFICES, None]),
    own_unit=st.sampled_from(["chengguan", None]),
)


@given(st.lists(posts, max_size=3), st.integers(5, 12), st.integers(5, 12), st.integers(5, 12))
def test_whatever_posts_they_hold_nobody_approves_the_own_work(held, who, author, proposer):
    approver = person(who, *held)
    if may_approve(approver, Proposed(replace(ENTRY, author_id=author), None, proposer), BUREAU):
        assert who not in (author, proposer)
        assert "chengguan" not in approver.own_units
