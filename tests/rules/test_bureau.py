"""R7, R13: the bureau today, with the units it no longer has, and as it was in a confirmed quarter."""

from dataclasses import replace

import pytest
from examples import BUREAU, OFFICES, STATIONS, station
from hypothesis import given
from hypothesis import strategies as st

from rules.bureau import Unit
from rules.scheme import Criterion

STATION_GROUP, OFFICE_GROUP = (group.name for group in BUREAU.groups)
STATION_UNITS = [unit for unit in BUREAU.units if unit.category == "派出所"]
GONE = station("jiuzhen", "旧镇派出所")


def codes(units):
    return [unit.code for unit in units]


def test_a_unit_that_was_taken_out_is_found_and_is_in_no_ranking():
    today = BUREAU.with_former([GONE, BUREAU.unit("dongmen")])
    assert today.former == (GONE,)
    assert today.unit("jiuzhen") is today.find_unit("jiuzhen") is GONE
    assert GONE not in today.units and GONE not in today.units_of("派出所第一序列")
    with pytest.raises(KeyError):
        BUREAU.unit("jiuzhen")
    assert BUREAU.find_unit("jiuzhen") is None


def test_a_unit_that_is_there_goes_by_its_name_of_today():
    today = BUREAU.with_former([station("dongmen", "东门老派出所")])
    assert today.former == ()
    assert today.unit("dongmen").name == "东门派出所"


def test_nothing_was_different_where_no_group_has_confirmed():
    assert BUREAU.as_it_was([], []) == BUREAU


def test_a_unit_taken_out_stays_in_the_quarters_it_was_in():
    then = BUREAU.as_it_was([*STATION_UNITS, GONE], [STATION_GROUP])
    assert codes(then.units_of("派出所第一序列")) == ["chengguan", "dongmen", "ximen", "nanhu", "jiuzhen"]
    assert then.group_for(then.unit("jiuzhen")).name == STATION_GROUP


def test_a_unit_that_came_later_was_not_in_the_quarter():
    then = BUREAU.as_it_was([unit for unit in STATION_UNITS if unit.code != "dongmen"], [STATION_GROUP])
    assert codes(then.units_of("派出所第一序列")) == ["chengguan", "ximen", "nanhu"]


def test_the_units_of_a_group_that_has_not_confirmed_are_todays():
    then = BUREAU.as_it_was(STATION_UNITS[:1], [STATION_GROUP])
    assert codes(then.units) == ["chengguan", "zhian", "fazhi"]
    then = BUREAU.as_it_was([BUREAU.unit("fazhi")], [OFFICE_GROUP])
    assert codes(then.units) == [*codes(STATION_UNITS), "fazhi"]


def test_a_unit_has_its_name_of_today_and_its_sequence_of_then():
    moved = station("dongmen", "东门老派出所", "派出所第二序列")
    then = BUREAU.as_it_was([BUREAU.unit("chengguan"), moved], [STATION_GROUP])
    assert then.unit("dongmen") == station("dongmen", "东门派出所", "派出所第二序列")
    assert codes(then.units_of("派出所第二序列")) == ["dongmen"]
    # The same of a unit that is gone: renamed and moved before it was taken out.
    later = BUREAU.with_former([station("jiuzhen", "旧镇所", "派出所第二序列")])
    then = later.as_it_was([GONE], [STATION_GROUP])
    assert then.unit("jiuzhen") == station("jiuzhen", "旧镇所", "派出所第一序列")


def test_a_unit_that_changed_its_group_stands_where_it_was_confirmed_and_once_only():
    # 治安大队 was a station when the stations were confirmed; the other group has not confirmed yet.
    before = Unit("zhian", "治安大队", "派出所", "派出所第一序列")
    then = BUREAU.as_it_was([*STATION_UNITS, before], [STATION_GROUP])
    assert codes(then.units).count("zhian") == 1
    assert then.group_for(then.unit("zhian")).name == STATION_GROUP


def test_a_unit_of_a_category_that_no_group_scores_stays():
    alone = Unit("dangwei", "党委办公室", "党委", "机关第一序列")
    wider = replace(BUREAU, units=(*BUREAU.units, alone))
    then = wider.as_it_was([], [STATION_GROUP, OFFICE_GROUP])
    assert then.units == (alone,)


@given(st.sets(st.sampled_from(STATION_UNITS)), st.randoms())
def test_what_was_confirmed_stands_in_the_configs_order(confirmed, chance):
    shuffled = sorted(confirmed, key=lambda unit: unit.code)
    chance.shuffle(shuffled)
    then = BUREAU.as_it_was([GONE, *shuffled], [STATION_GROUP])
    stays = confirmed.union(unit for unit in BUREAU.units if unit.category != "派出所")
    assert list(then.units) == [*(unit for unit in BUREAU.units if unit in stays), GONE]


def test_criteria_stand_under_the_schemes_of_their_category_only():
    late = Criterion("1.1", "迟到", None)
    found = BUREAU.with_criteria("派出所", {"治安管理": (late,)})
    assert found.schemes[0].item("治安管理").criteria == (late,)
    assert found.schemes[1] == OFFICES
    assert BUREAU.schemes[0] == STATIONS
