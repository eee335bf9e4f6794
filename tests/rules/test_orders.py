"""What follows /submit, /return and /extend: a group, a quarter, a day, and the words beside them (Extension)."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from examples import BUREAU
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Quarter, Year
from rules.names import Named, Names, group_names
from rules.reading import Order, read_coming_day, read_order
from rules.refusals import UnknownName

STATIONS, OFFICES = (group.name for group in BUREAU.groups)
GROUPS = group_names(group.name for group in BUREAU.groups)
NOW, TODAY = Quarter(2026, 1), date(2026, 3, 10)


def read(text, today=TODAY):
    return read_order(text, GROUPS, NOW, today)


def test_an_extension_is_read_as_the_plan_of_commands_writes_it():
    assert read("派出所考核小组 一季度 3-20 因防汛延长") == Order(
        (STATIONS,), NOW, date(2026, 3, 20), "因防汛延长"
    )


@pytest.mark.parametrize("words", list(permutations(["派出所组", "一季度", "3月20日"])))
def test_group_quarter_and_day_lead_in_any_order(words):
    assert read(" ".join(words) + " 因防汛") == Order((STATIONS,), NOW, date(2026, 3, 20), "因防汛")


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("", Order()),
        ("   ", Order()),
        ("派出所", Order((STATIONS,))),
        ("机关科室及实战所队组", Order((OFFICES,))),
        ("上季度", Order(period=Quarter(2025, 4))),
        ("年度", Order(period=Year(2026))),
        ("东门所没有查", Order(rest="东门所没有查")),
        ("派出所考核小组东门所没有查", Order(rest="派出所考核小组东门所没有查")),
    ],
)
def test_what_is_not_said_stays_open(text, order):
    assert read(text) == order


def test_the_rest_is_kept_as_typed_from_the_first_word_that_is_none_of_it():
    assert read("派出所 台账  缺失，\n 一季度 3-20").rest == "台账  缺失，\n 一季度 3-20"
    assert read("台账 派出所 一季度 3-20") == Order(rest="台账 派出所 一季度 3-20")


def test_what_is_said_twice_belongs_to_the_rest():
    assert read("派出所 派出所 没有查") == Order((STATIONS,), rest="派出所 没有查")
    assert read("一季度 二季度 一起") == Order(period=NOW, rest="二季度 一起")
    assert read("3-20 3-25 都行") == Order(day=date(2026, 3, 20), rest="3-25 都行")


def test_only_a_name_or_a_short_form_is_a_group_and_no_resemblance():
    for word in ("派出", "pcs", "派处所", "派出所考核"):
        assert read(f"{word} 一季度") == Order(rest=f"{word} 一季度")


@pytest.mark.parametrize("word", ["机关", "机关组", "机关科室组", "实战所队小组", "派出所考核组", "机管组"])
def test_a_group_goes_by_every_short_form_of_it(word):
    stations = word.startswith("派")
    assert read(f"{word} 材料不全") == Order((STATIONS if stations else OFFICES,), rest="材料不全")


def test_a_groups_name_that_is_written_wrong_is_asked_and_no_reason():
    with pytest.raises(UnknownName) as refusal:
        read("派出锁队组 材料不全")
    assert refusal.value.suggestions == (STATIONS,)
    assert read("检查组 复核后有误") == Order(rest="检查组 复核后有误")


def test_where_no_reason_may_follow_a_group_is_read_as_a_unit_is():
    for word in ("派出", "pcs", "派初所"):
        assert read_order(word, GROUPS, NOW, reasoned=False) == Order((STATIONS,))
    assert read_order("乱码词", GROUPS, NOW, reasoned=False) == Order(rest="乱码词")


def test_a_name_that_two_groups_go_by_is_both():
    both = Names(Named(name, name, short=("考核组",)) for name in (STATIONS, OFFICES))
    assert read_order("考核组 一季度", both, NOW, TODAY) == Order((STATIONS, OFFICES), NOW)


def test_where_no_day_is_asked_for_a_day_is_a_part_of_the_reason():
    assert read("派出所 3-20 那天没有查", today=None) == Order((STATIONS,), rest="3-20 那天没有查")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3-20", date(2026, 3, 20)), ("3月20日", date(2026, 3, 20)), ("3月20号", date(2026, 3, 20)), ("３-２０", date(2026, 3, 20)),
        ("3-10", date(2026, 3, 10)), ("3-9", date(2027, 3, 9)), ("12-1", date(2026, 12, 1)), ("1-10", date(2027, 1, 10)),
        ("2027-03-20", date(2027, 3, 20)), ("2025年3月20日", date(2025, 3, 20)), ("今天", date(2026, 3, 10)),
        ("昨天", None), ("昨日", None), ("前天", None), ("2-30", None), ("13-1", None), ("2-29", None), ("2027-02-29", None),
        ("防汛", None), ("20", None), ("", None),
    ],
)  # fmt: skip
def test_a_day_without_a_year_is_the_next_such_day(text, day):
    assert read_coming_day(text, TODAY) == day


def test_a_leap_day_comes_in_the_next_year_too():
    assert read_coming_day("2-29", date(2027, 12, 20)) == date(2028, 2, 29)
    assert read_coming_day("2-29", date(2028, 2, 29)) == date(2028, 2, 29)
    assert read_coming_day("2-29", date(2028, 3, 1)) is None


@given(
    st.dates(date(2020, 1, 1), date(2090, 1, 1)),
    st.integers(0, 364),
    st.sampled_from(["{0}-{1}", "{0}月{1}日", "{0}.{1}"]),
)
def test_every_day_of_the_coming_year_is_read_as_itself(today, ahead, pattern):
    day = today + timedelta(days=ahead)
    assert read_coming_day(pattern.format(day.month, day.day), today) == day


@given(
    st.lists(
        st.sampled_from(["派出所组", "一季度", "年度", "3-20", "昨天", "今天", "原因", "，", "检查组"]),
        max_size=8,
    ),
    st.sampled_from([" ", "  ", "\n", ""]),
    st.none() | st.just(TODAY),
)
def test_the_rest_is_the_end_of_the_text_whatever_is_said(words, gap, today):
    text = gap.join(words)
    try:
        order = read(text, today)
    except UnknownName as refusal:
        # 派出所组派出所组 is much like a group's name: it is asked for, and nothing is dropped.
        assert refusal.text in text.split()
        return
    assert text.strip().endswith(order.rest)
    said = len(order.groups) + sum(value is not None for value in (order.period, order.day))
    assert len(order.rest.split()) == len(text.split()) - said
    if today is None:
        assert order.day is None


@given(st.text(max_size=60))
def test_no_text_makes_reading_fail(text):
    assert text.strip().endswith(read(text).rest)
