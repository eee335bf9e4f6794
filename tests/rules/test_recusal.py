"""R8, 回避: nobody moves the points of a unit that it comes from."""

import pytest
from examples import BUREAU, person

from rules.people import Post, Role
from rules.recusal import (
    Oneself,
    PointMove,
    Recused,
    check_not_oneself,
    check_recusal,
    check_scorer,
    may_score,
)
from rules.refusals import Bar, Barred

STATIONS, OFFICES = "派出所考核小组", "机关科室及实战所队考核小组"
CHENGGUAN, DONGMEN, FAZHI = (BUREAU.unit(code) for code in ("chengguan", "dongmen", "fazhi"))
MEMBER = Post(Role.ASSESSOR, group=STATIONS)

POSTS_OF_THE_UNIT = [
    Post(Role.ASSESSOR, group=STATIONS, own_unit="chengguan"),
    Post(Role.DEPUTY, group=OFFICES, own_unit="chengguan"),
    Post(Role.LIAISON, unit="chengguan"),
    Post(Role.UNIT_HEAD, unit="chengguan"),
    Post(Role.OFFICER, unit="chengguan", officer=3),
]


@pytest.mark.parametrize("move", PointMove)
@pytest.mark.parametrize("post", POSTS_OF_THE_UNIT)
@pytest.mark.parametrize(
    "other", [Post(Role.OFFICE), Post(Role.HEAD, group=STATIONS), Post(Role.LEADER), MEMBER]
)
def test_any_post_of_the_unit_bars_whatever_else_one_is(move, post, other):
    both = person(1, other, post)
    with pytest.raises(Recused) as refused:
        check_recusal(both, CHENGGUAN, move)
    assert (refused.value.unit, refused.value.move) == (CHENGGUAN, move)
    check_recusal(both, DONGMEN, move)


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.HEAD, Role.DEPUTY])
def test_a_group_scores_the_units_of_its_categories_and_no_others(role):
    of_group = person(1, Post(role, group=STATIONS))
    assert may_score(of_group, CHENGGUAN, BUREAU)
    assert not may_score(of_group, FAZHI, BUREAU)
    with pytest.raises(Barred) as refused:
        check_scorer(of_group, FAZHI, BUREAU, PointMove.INSPECT)
    assert (refused.value.bar, refused.value.move) == (Bar.OTHER_GROUP, "标记检查完毕")


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OFFICE, Role.LEADER])
def test_who_is_in_no_group_scores_nothing(role):
    with pytest.raises(Barred) as refused:
        check_scorer(person(1, Post(role)), CHENGGUAN, BUREAU)
    assert refused.value.bar is Bar.NO_POST


@pytest.mark.parametrize("post", POSTS_OF_THE_UNIT)
def test_nobody_scores_the_own_unit(post):
    both = person(1, MEMBER, post)
    assert not may_score(both, CHENGGUAN, BUREAU)
    assert may_score(both, DONGMEN, BUREAU)


def test_nobody_touches_or_vouches_for_the_own_month_as_an_officer():
    officer = person(1, Post(Role.LIAISON, unit="chengguan"), Post(Role.OFFICER, unit="chengguan", officer=3))
    check_not_oneself(officer, {4, 5}, PointMove.LOG)
    with pytest.raises(Oneself) as refused:
        check_not_oneself(officer, {3, 4}, PointMove.SIGN)
    assert refused.value.move is PointMove.SIGN
