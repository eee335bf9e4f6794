"""Every sign of a line is claimed, asked for, or kept as a word of the reason: nothing is lost, and no value is made up."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config.load import load
from rules.calendar import Quarter
from rules.reading import Outcome, Setting, Vocabulary, Why, may_be_reason, read_message

BUREAU = load(Path(__file__).parent.parent.parent / "config.example.toml", {}).organisation
HERE = Setting(Vocabulary.of(BUREAU, 2026), Quarter(2026, 4), date(2026, 11, 30))

UNITS = {"城关所": "chengguan", "东门派出所": "dongmen", "田家湾所": "tianjiawan", "中心所": "chengguan"}
ITEMS = {
    "治安管理": "治安管理",
    "执法质量": "执法质量",
    "打击、破案及追逃": "打击、破案及追逃",
    "户籍": "人口管理",
}
VALUES = {
    "1": "1",
    "0.5": "0.5",
    "2分": "2",
    "扣1.5分": "1.5",
    "两分": "2",
    "-1": "1",
    "扣 2 分": "2",
    "半分": "0.5",
    "壹分": "1",
}
DAYS = {"昨天查": date(2026, 11, 29), "11月27日检查": date(2026, 11, 27)}
REASONS = (
    "台账缺失",
    "巡防记录没有",
    "卷宗缺页两处",
    "迟到15分钟",
    "与西街所台账雷同",
    "3户未登记",
    "扣押清单未签字",
    "人员脱岗",
)
GAPS = (" ", "，", "、", "；", " ， ", "\t")
LOOKS = ("两三分", "1,5", "2~3分", "+2", "2月30日查", "x3", "大概1分", "9%")
"""What looks like a value, a day or a count, and is none that can stand there."""

some = st.sampled_from


@settings(max_examples=300)
@given(
    some(sorted(UNITS)), some(sorted(ITEMS)), some(sorted(VALUES)), some([None, *sorted(DAYS)]), some([None, *REASONS]),
    st.permutations(range(4)), some(GAPS),
)  # fmt: skip
def test_what_is_said_is_read_in_any_order(unit, item, value, day, reason, order, gap):
    parts = [unit, item, value, day]
    text = gap.join(part for part in [*(parts[place] for place in order), reason] if part is not None)
    entries = read_message(text, HERE).entries
    said = [(e.unit, e.item, e.points, e.inspected_on, e.reason) for e in entries if e.clear]
    wanted = (UNITS[unit], ITEMS[item], Decimal(VALUES[value]), DAYS.get(day or ""), reason)
    doubted = any(entry.doubts for entry in entries)
    assert said == ([] if doubted else [wanted]), text


@settings(max_examples=300)
@given(
    some(sorted(UNITS)), some(sorted(ITEMS)), some(sorted(VALUES)), some(LOOKS), some(["", *REASONS]),
    st.permutations(range(4)), some((" ", "，")),
)  # fmt: skip
def test_what_looks_like_a_value_and_has_no_place_is_never_swallowed(
    unit, item, value, look, reason, order, gap
):
    parts = [unit, item, value, look]
    text = gap.join([*(parts[place] for place in order), reason])
    for entry in read_message(text, HERE).entries:
        if look != "x3" or entry.points != Decimal(VALUES[value]) * 3:
            assert entry.doubts, text
        if entry.reason is not None:
            assert look not in entry.reason, text


@settings(max_examples=300)
@given(
    st.lists(
        some([*UNITS, *ITEMS, *VALUES, *DAYS, *REASONS, *LOOKS, *GAPS, "\n", "2.1", "4.1", "3处", "2卷", "原因：", "各", "和", "同上", "一季度"]),
        max_size=9,
    ),
    st.booleans(),
)  # fmt: skip
def test_each_sign_is_claimed_or_asked_for_or_stands_in_a_reason(parts, command):
    text = "".join(parts)
    message = read_message(text, Setting(HERE.vocabulary, HERE.running, HERE.today, command))
    if message.outcome is Outcome.NOTHING:
        return
    for entry in message.entries:
        if not entry.clear:
            continue
        assert entry.unit in UNITS.values()
        if entry.criterion is None:
            assert entry.item in ITEMS.values()
            assert entry.points is not None
        if entry.reason is not None:
            assert all(_typed(word, text) for word in re.split("，", entry.reason))
    numbers = {Decimal(value) for value in VALUES.values()}
    times = {Decimal(1), Decimal(3)}
    made = {e.points for e in message.entries if e.clear and e.points is not None}
    assert all(
        any(points == number * n for number in numbers for n in times) or str(points) in text for points in made
    )


def _typed(word: str, text: str) -> bool:
    """Whether a word of a reason was typed so."""
    return word in text or word.replace(" ", "") in text.replace(" ", "")


@given(some(sorted(UNITS)), some(sorted(ITEMS)), some(sorted(VALUES)), some(("", " ", "，")))
def test_a_deduction_is_never_a_reason(unit, item, value, gap):
    assert not may_be_reason(gap.join((unit, item, value)), HERE)
    assert not may_be_reason(gap.join((unit, value)), HERE)


def test_what_is_missing_is_named():
    (entry,) = read_message("城关所 1 台账缺失", HERE).entries
    assert [doubt.why for doubt in entry.doubts] == [Why.MISSING]


@pytest.mark.parametrize(
    "text", ["与西街所台账雷同 ， 2.1", "与西街所台账雷同，扣2.1分", "同东门派出所台账一样 2.1"]
)
def test_a_unit_that_something_is_compared_with_is_not_the_one_that_loses_points(text):
    for command in (True, False):
        message = read_message(text, Setting(HERE.vocabulary, HERE.running, HERE.today, command))
        assert not any(entry.clear or entry.unit for entry in message.entries), text


@pytest.mark.parametrize(
    "words",
    ["=1+1", "2*3排缺岗", "@SUM(A1)", "5-3人缺勤", "1,5倍超时", "9%"],
)
def test_behind_the_word_reason_numbers_are_words(words):
    (entry,) = read_message(f"城关所 治安管理 0.5 原因：{words}", HERE).entries
    assert (entry.points, entry.reason, entry.doubts) == (Decimal("0.5"), words, ())


def test_a_long_gap_is_a_gap():
    (entry,) = read_message(f"城关所{' ' * 200}治安管理 0.5{' ' * 200}台账缺失", HERE).entries
    assert (entry.points, entry.reason, entry.doubts) == (Decimal("0.5"), "台账缺失", ())


def test_points_behind_the_word_reason_are_points_where_they_are_marked_so():
    (entry,) = read_message("城关所 治安管理 原因：台账缺失，扣2分", HERE).entries
    assert (entry.points, entry.reason) == (Decimal(2), "台账缺失")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("@考评助手 城关所 治安管理 1 台账缺失", "台账缺失"),
        ("城关所 治安管理 1 台账缺失 @kaoping_bot", "台账缺失"),
        ("城关所 治安管理 1 @SUM(A1)", "@SUM(A1)"),
        ("城关所 治安管理 1 群里 @所有人 无人回复", "群里 @所有人 无人回复"),
    ],
)
def test_only_who_is_addressed_is_cut(text, reason):
    (entry,) = read_message(text, HERE).entries
    assert (entry.reason, entry.doubts) == (reason, ())


@pytest.mark.parametrize(("total", "doubts"), [("合计1.5分", 0), ("合计2分", 1)])
def test_a_sum_that_adds_up_is_no_deduction_of_its_own(total, doubts):
    entries = read_message(f"城关所治安管理扣1分，执法质量扣0.5分，{total}", HERE).entries
    assert [entry.points for entry in entries] == [Decimal(1), Decimal("0.5")]
    assert sum(len(entry.doubts) for entry in entries) == doubts
