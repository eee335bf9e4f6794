"""Old seals as people hand them in."""

from datetime import date

import pytest

from rules.seals import Pasted, is_seals, read_seals

FIRST, SECOND = "a1" * 32, "0f" * 32

MESSAGE = f"""台账校验码　2026年11月10日
请保留这条消息。需要核对时由系统管理员运行 verify，校验码一致就说明此前的记录没有被改动过。

派出所考核小组　3 条
{FIRST}
操作留痕　12 条
{SECOND}"""


def test_the_daily_message_is_read_line_by_line():
    day = date(2026, 11, 10)
    assert read_seals(MESSAGE) == [
        Pasted("派出所考核小组", 3, FIRST, day),
        Pasted("操作留痕", 12, SECOND, day),
    ]


def test_several_messages_are_each_of_their_day():
    later = MESSAGE.replace("11月10日", "11月11日")
    assert [pasted.day for pasted in read_seals(f"{MESSAGE}\n{later}")] == [
        *[date(2026, 11, 10)] * 2,
        *[date(2026, 11, 11)] * 2,
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"派出所考核小组 3 条 {FIRST}",
        f"✔ 台账　派出所考核小组　3 条都没有改动　{FIRST}",
        f"2026年13月40日\n派出所考核小组　3条\n{FIRST}",
    ],
)
def test_a_line_without_a_day_is_read_too(text):
    assert read_seals(text) == [Pasted("派出所考核小组", 3, FIRST, None)]


@pytest.mark.parametrize("text", ["", "派出所考核小组 3 条", f"3 条 {FIRST[:40]}", f"甲 3 条 {FIRST}0"])
def test_what_is_no_whole_seal_is_none(text):
    assert read_seals(text) == []
    assert not is_seals(text)


def test_a_message_that_was_cut_short_is_still_meant_to_be_compared():
    assert is_seals("台账校验码　2026年11月10日\n派出所考核小组　3 条")
    assert is_seals(f"派出所考核小组 3 条 {FIRST}")
