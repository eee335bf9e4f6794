"""R8, Sight: who may do what, and who sees what."""

import pytest
from examples import BUREAU

from rules.access import (
    Deed,
    may,
    may_in,
    may_invite,
    may_remove,
    sees_officers,
    sight,
    surveyed,
)
from rules.people import Person, Post, Role
from rules.recusal import may_score

ALL = {unit.code for unit in BUREAU.units}
STATIONS = {"chengguan", "dongmen", "ximen", "nanhu", "beishan"}


def person(*posts, id=1):
    return Person(id, 1000 + id, "某人", posts)


def member(role=Role.ASSESSOR, group="派出所考核小组", own=None):
    return Post(role, group=group, own_unit=own)


def test_an_assessor_sees_its_groups_units_but_not_its_own_units_place():
    seen = sight(person(member(own="chengguan")), BUREAU)
    assert seen.units == STATIONS
    assert seen.entries == seen.scores == seen.places == STATIONS - {"chengguan"}


def test_once_published_it_sees_all_of_it():
    seen = sight(person(member(own="chengguan")), BUREAU, {"派出所考核小组"})
    assert seen.entries == seen.scores == seen.places == STATIONS


def test_who_speaks_for_the_own_unit_too_sees_its_entries_and_not_their_sum():
    seen = sight(person(member(), Post(Role.LIAISON, unit="chengguan")), BUREAU)
    assert seen.entries == STATIONS
    assert seen.scores == seen.places == STATIONS - {"chengguan"}


def test_the_office_sees_the_entries_that_it_works_with():
    seen = sight(person(member(own="chengguan"), Post(Role.OFFICE)), BUREAU)
    assert seen.entries == ALL
    assert seen.scores == ALL - {"chengguan"}


def test_where_one_sees_no_others_the_own_units_score_tells_nothing():
    away = Post(Role.LIAISON, unit="fazhi")
    assert "fazhi" in sight(person(member(), away), BUREAU).scores


def test_a_second_post_does_not_show_the_own_units_place():
    assert "chengguan" not in sight(person(member(own="chengguan"), Post(Role.OFFICE)), BUREAU).places


@pytest.mark.parametrize("role", [Role.OFFICE, Role.LEADER])
def test_office_and_leaders_see_everything(role):
    seen = sight(person(Post(role)), BUREAU)
    assert seen.units == seen.places == ALL


def test_a_liaison_sees_its_own_unit_and_no_place():
    seen = sight(person(Post(Role.LIAISON, unit="dongmen")), BUREAU)
    assert seen.units == {"dongmen"}
    assert seen.places == frozenset()


def test_an_administrator_and_a_stranger_see_no_scores():
    for nobody in (person(Post(Role.ADMIN)), person()):
        assert sight(nobody, BUREAU).units == frozenset()
        assert sight(nobody, BUREAU).places == frozenset()
        assert not may(nobody, Deed.SCORE)


def test_a_stranger_may_do_nothing_at_all():
    assert not any(may(person(), deed) for deed in Deed)


def test_only_an_administrator_names_the_office_and_nobody_names_administrators():
    admin, office, wang = person(Post(Role.ADMIN)), person(Post(Role.OFFICE)), person(member())
    assert may_invite(admin, Post(Role.OFFICE))
    assert may_invite(admin, Post(Role.LIAISON, unit="dongmen"))
    assert not may_invite(admin, Post(Role.ADMIN))
    assert may_invite(office, member())
    assert not may_invite(office, Post(Role.OFFICE))
    assert not may_invite(wang, member())


def test_nobody_removes_itself_or_an_administrator_and_only_an_administrator_the_office():
    admin, office = person(Post(Role.ADMIN), id=1), person(Post(Role.OFFICE), id=2)
    other, wang = person(Post(Role.OFFICE), id=3), person(member(), id=4)
    assert may_remove(admin, office)
    assert may_remove(office, wang)
    assert not may_remove(admin, admin)
    assert not may_remove(office, admin)
    assert not may_remove(office, other)
    assert not may_remove(wang, office)


def test_a_unit_of_a_category_that_no_group_has_is_nobodys():
    from dataclasses import replace

    alone = replace(BUREAU, groups=BUREAU.groups[:1])
    assert not may_score(person(member()), alone.unit("fazhi"), alone)
    assert alone.group_for(alone.unit("fazhi")) is None
    assert alone.group("没有的组") is None
    assert alone.find_unit("gone") is None


def test_a_right_in_a_unit_is_that_of_the_post_held_there():
    both = person(Post(Role.LIAISON, unit="dongmen"), Post(Role.UNIT_HEAD, unit="chengguan"))
    assert may_in(both, Deed.ROSTER, "dongmen")
    assert not may_in(both, Deed.ROSTER, "chengguan")
    assert may_in(both, Deed.ACKNOWLEDGE, "chengguan")
    assert not may_in(person(Post(Role.OFFICE)), Deed.FILE, "chengguan")


def test_a_units_officers_are_seen_by_who_speaks_for_it_and_by_those_who_see_all():
    for post in (Post(Role.LIAISON, unit="dongmen"), Post(Role.UNIT_HEAD, unit="dongmen"), Post(Role.OFFICE)):
        assert sees_officers(person(post), "dongmen")
    officer = person(Post(Role.OFFICER, unit="dongmen", officer=7))
    assert not sees_officers(officer, "dongmen")
    assert officer.officers == {7}
    assert not sees_officers(person(Post(Role.UNIT_HEAD, unit="dongmen")), "chengguan")


def test_an_officer_sees_nothing_of_units_and_a_head_reads_like_the_liaison():
    seen = sight(person(Post(Role.OFFICER, unit="dongmen", officer=7)), BUREAU, {"派出所考核小组"})
    assert seen.units == seen.places == frozenset()
    head, liaison = person(Post(Role.UNIT_HEAD, unit="dongmen")), person(Post(Role.LIAISON, unit="dongmen"))
    assert sight(head, BUREAU) == sight(liaison, BUREAU)
    assert sight(head, BUREAU, {"派出所考核小组"}).places == STATIONS


def test_a_liaison_invites_its_own_units_officers_and_nobody_else():
    liaison = person(Post(Role.LIAISON, unit="dongmen"))
    assert may_invite(liaison, Post(Role.OFFICER, unit="dongmen", officer=7))
    assert not may_invite(liaison, Post(Role.OFFICER, unit="chengguan", officer=7))
    assert not may_invite(liaison, Post(Role.UNIT_HEAD, unit="dongmen"))


def test_an_officer_is_invited_by_who_sees_the_roster_alone():
    officer = Post(Role.OFFICER, unit="dongmen", officer=7)
    assert may_invite(person(Post(Role.OFFICE)), officer)
    assert not may_invite(person(Post(Role.ADMIN)), officer)
    assert not may_invite(person(Post(Role.ADMIN)), Post(Role.OFFICER))


def test_only_groups_office_and_leaders_look_over_several_units():
    everything = {unit.code for unit in BUREAU.units}
    stations = {unit.code for unit in BUREAU.units if unit.category == "派出所"}
    group = "派出所考核小组"
    for post, codes in (
        (Post(Role.OFFICE), everything),
        (Post(Role.LEADER), everything),
        (Post(Role.ASSESSOR, group=group, own_unit="chengguan"), stations),
        (Post(Role.HEAD, group=group), stations),
        (Post(Role.LIAISON, unit="chengguan"), set()),
        (Post(Role.UNIT_HEAD, unit="chengguan"), set()),
        (Post(Role.ADMIN), set()),
    ):
        assert surveyed(person(post), BUREAU) == codes, post
