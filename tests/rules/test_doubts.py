"""What is not clear in a line is told in the person's own words: which part of it, and why."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.config.load import load
from rules.calendar import Quarter
from rules.names import Named, Names
from rules.reading import (
    Outcome,
    Setting,
    Slot,
    Vocabulary,
    Why,
    item_names,
    may_be_reason,
    read_answer,
    read_message,
    reason_of,
)
from rules.reading.text import as_read

BUREAU = load(Path(__file__).parent.parent.parent / "config.example.toml", {}).organisation
WORDS = Vocabulary.of(BUREAU, 2026)
TODAY = date(2026, 11, 30)
HERE = Setting(WORDS, Quarter(2026, 4), TODAY)
PLAIN = Setting(WORDS, Quarter(2026, 4), TODAY, command=False)


@pytest.mark.parametrize(
    ("text", "slot", "why", "words"),
    [
        ("城关所 台账 东门所 治安管理 1", Slot.UNIT, Why.LEFT, "东门所"),
        ("城关所 治安管理 各扣1分", Slot.UNIT, Why.LEFT, "各扣1分"),
        ("大队 队伍管理 1", Slot.UNIT, Why.SEVERAL, "大队"),
        ("城关所 派出所一序列 治安管理 1", Slot.UNIT, Why.LEFT, "派出所一序列"),
        ("城关 东门 1", Slot.ITEM, Why.MISSING, ""),
        ("派出所一序列 治安管理 1", Slot.UNIT, Why.LEFT, "派出所一序列"),
        ("城关所 治安管理 1 执法质量", Slot.ITEM, Why.LEFT, "执法质量"),
        ("城关所 细则9.9", Slot.ITEM, Why.IMPOSSIBLE, "9.9"),
        ("城关所 执法质量 细则2.1", Slot.ITEM, Why.LEFT, "执法质量"),
        ("城关所 治安管理 1 扣2分", Slot.POINTS, Why.LEFT, "扣2分"),
        ("城关所 2.1 扣3分", Slot.POINTS, Why.EITHER, "扣3分"),
        ("城关所 2.3 扣10分", Slot.POINTS, Why.EITHER, "扣10分"),
        ("城关所 治安管理 扣2个", Slot.POINTS, Why.MALFORMED, "扣2个"),
        ("城关所 治安管理 3处", Slot.POINTS, Why.MISSING, ""),
        (
            "城关所 治安管理 99999999999999999999999999",
            Slot.POINTS,
            Why.MALFORMED,
            "99999999999999999999999999",
        ),
        ("城关所 治安管理 1 不扣分", Slot.POINTS, Why.DENIED, "城关所 治安管理 1 不扣分"),
        ("城关所、东门所 治安管理 共扣2分", Slot.POINTS, Why.TOTAL, "共扣2分"),
        ("城关所 治安管理 x2", Slot.POINTS, Why.MALFORMED, "x2"),
        ("城关所 2.1 两三处", Slot.TIMES, Why.MALFORMED, "两三处"),
        ("城关所 2.1 3", Slot.TIMES, Why.LEFT, "3"),
        ("城关所 4.1 11月27日查 2卷", Slot.TIMES, Why.LEFT, "2卷"),
        ("城关所 治安管理 1 3处", Slot.TIMES, Why.LEFT, "3处"),
        ("城关所 治安管理 1分 x三五", Slot.TIMES, Why.MALFORMED, "x三五"),
        ("城关所 治安管理 1 2月30日台账缺失", Slot.DAY, Why.IMPOSSIBLE, "2月30日"),
        ("城关所 治安管理 1 昨天查 前天查 台账", Slot.DAY, Why.LEFT, "前天查"),
        ("城关所 治安管理 1 一季度 四季度 台账", Slot.QUARTER, Why.LEFT, "四季度"),
    ],
)
def test_what_is_not_clear_is_told(text, slot, why, words):
    doubts = [(d.slot, d.why, d.text) for entry in read_message(text, HERE).entries for d in entry.doubts]
    assert (slot, why, words) in doubts


def test_the_same_as_above_needs_something_clear_above():
    doubts = [d.why for d in read_message("东门所 同上", HERE).entries[0].doubts]
    assert Why.LEFT in doubts
    above, same = read_message("城关所 治安管理 两三分 台账\n东门所 同上", HERE).entries
    assert (above.doubts[0].why, same.doubts[0].why) == (Why.VAGUE, Why.VAGUE)
    (_, again) = read_message("城关所 治安管理 1 台账\n同上", HERE).entries
    assert (again.unit, again.reason) == ("chengguan", "台账")


@pytest.mark.parametrize(
    ("text", "unit", "item", "points", "reason"),
    [
        ("治安 城关所 1", "chengguan", "治安管理", "1", None),
        ("城 关 所 治安管理 1", "chengguan", "治安管理", "1", None),
        ("城关所 治安管理 1 治安管理 台账", "chengguan", "治安管理", "1", "治安管理 台账"),
        ("城关所 治安管理 1 案件5123号", "chengguan", "治安管理", "1", "案件5123号"),
        ("城关所 治安管理 1 '台账'", "chengguan", "治安管理", "1", "台账"),
        ("城关所 治安管理 1 台账缺失”", "chengguan", "治安管理", "1", "台账缺失"),
        ("城关所 治安管理 1 (甲)缺失(乙)", "chengguan", "治安管理", "1", "(甲)缺失(乙)"),
        ("城关所 治安管理 1 （。台账缺失）", "chengguan", "治安管理", "1", "台账缺失"),
        ("城关所 治安管理 1 台账(", "chengguan", "治安管理", "1", "台账"),
        ("城关所 治安管理 1 (甲（乙", "chengguan", "治安管理", "1", "甲（乙"),
        ("城关所 治安管理 1 第三条 台账", "chengguan", "治安管理", "1", "第三条 台账"),
        ("城关所 治安管理 1 处理不当", "chengguan", "治安管理", "1", "处理不当"),
        ("城关所 治安管理 1 件数不符", "chengguan", "治安管理", "1", "件数不符"),
        ("城关所 治安管理 12345", "chengguan", "治安管理", "12345", None),
        ("城关所 治安管理 1 2026度一季台账", "chengguan", "治安管理", "1", "2026度一季台账"),
        ("城关所 治安管理 1 派出所一序列台账", "chengguan", "治安管理", "1", "派出所一序列台账"),
        ("成关所台账缺失，治安管理扣1分", "chengguan", "治安管理", "1", "台账缺失"),
        ("城关所 治安管理 1 情况同上次检查", "chengguan", "治安管理", "1", "情况同上次检查"),
        ("城关所 治安管理 1 依据第8 台账", "chengguan", "治安管理", "1", "依据第8 台账"),
    ],
)
def test_words_of_the_reason_stay_as_they_were_typed(text, unit, item, points, reason):
    (entry,) = read_message(text, HERE).entries
    assert (entry.unit, entry.item, entry.points, entry.reason, entry.doubts) == (
        unit, item, Decimal(points), reason, (),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("十一月二十日查", date(2026, 11, 20)),
        ("周一查", date(2026, 11, 30)),
        ("周二查", date(2026, 11, 24)),
        ("上上周三查", date(2026, 11, 18)),
        ("27日查", date(2026, 11, 27)),
        ("2026年11月3日查", date(2026, 11, 3)),
    ],
)
def test_days_of_an_inspection(text, day):
    (entry,) = read_message(f"城关所 治安管理 1 {text} 台账缺失", HERE).entries
    assert (entry.inspected_on, entry.reason) == (day, "台账缺失")


def test_a_day_of_last_month_without_its_month():
    (entry,) = read_message(
        "城关所 治安管理 1 30日查 台账", Setting(WORDS, Quarter(2027, 1), date(2026, 12, 2))
    ).entries
    assert entry.inspected_on == date(2026, 11, 30)


def test_several_criteria_are_several_deductions():
    entries = read_message("城关所 2.1 x2 细则4.1 x1", HERE).entries
    assert [(entry.criterion, entry.times) for entry in entries] == [("2.1", 2), ("4.1", 1)]


def test_what_a_bullet_cuts_is_read_anew():
    entries = read_message("1、 2分 城关所 治安管理\n2、 1分 东门所 治安管理", HERE).entries
    assert [(entry.unit, entry.points) for entry in entries] == [
        ("chengguan", Decimal(2)),
        ("dongmen", Decimal(1)),
    ]


def test_a_part_of_a_line_that_denies_is_no_deduction_and_the_other_is():
    message = read_message("城关所治安管理扣1分；东门所没有问题", PLAIN)
    assert [entry.unit for entry in message.entries] == ["chengguan"]


def test_names_of_one_sign_are_none_in_a_text_and_the_same_form_counts_once():
    names = Names([Named("u", "甲乙所", ("甲乙所 ", "丙"))])
    words = Vocabulary(units=names, sequences=Names(()), items={"": item_names(())}, categories={})
    assert set(words.forms.names) == {"甲乙所"}


def test_a_bullet_cuts_no_day():
    (entry,) = read_message("3.11月27日查 城关所 治安管理 1分\n", HERE).entries
    assert entry.inspected_on == date(2026, 11, 27)


@pytest.mark.parametrize("text", ["城关所治安管理扣1分，不扣分", "城关所一切正常", "？", "城关所 2026Q4"])
def test_without_a_command_these_are_no_deductions(text):
    assert read_message(text, PLAIN).outcome is Outcome.NOTHING


def test_a_denial_in_a_part_of_a_line_is_no_deduction():
    message = read_message("城关所治安管理扣1分，缺岗\n东门所治安管理1分；其实不扣", PLAIN)
    assert [entry.unit for entry in message.entries] == ["chengguan"]


def test_an_answer_adds_to_what_is_known():
    said = read_answer("执法质量 2 缺页", HERE, "chengguan")
    assert (said.unit, said.item, said.points, said.reason) == ("chengguan", "执法质量", Decimal(2), "缺页")
    assert read_answer("2 缺页", HERE, "chengguan", "执法质量").points == Decimal(2)
    assert read_answer("治安管理1分 执法质量2分", HERE, "chengguan") is None


def test_a_reason_is_kept_without_what_leads_to_it():
    assert reason_of("原因：台账缺失。") == "台账缺失"
    assert reason_of("原因") == "原因"
    assert not may_be_reason("没有问题", HERE)
    assert not may_be_reason("/score", HERE)


def test_a_code_is_known_however_it_is_written():
    assert WORDS.code("细则2.1", WORDS.units.find("城关所")) == "2.1"
    assert WORDS.code("第4.2条", None) == "4.2"
    assert WORDS.code("9.9", None) is None
    assert WORDS.code("不是编号", None) is None


def test_signs_that_are_not_seen_are_left_out():
    text = as_read("２\u200b分")
    assert (text.plain, text.words(0, 2), text.words(1, 1)) == ("2分", "２分", "")


@pytest.mark.parametrize("head", ["11.6", "11.6：", "11-6 查的", "11/6下午去检查情况如下："])
def test_a_day_that_heads_lines_is_theirs_though_it_could_be_a_number(head):
    message = read_message(f"{head}\n城关所 安全防范 0.3 灭火器过期\n东门所 治安管理 0.5 台账不全", HERE)
    said = [(e.unit, e.points, e.inspected_on) for e in message.entries]
    day = date(2026, 11, 6)
    assert said == [("chengguan", Decimal("0.3"), day), ("dongmen", Decimal("0.5"), day)]


def test_a_criterions_code_heads_no_lines_as_a_day():
    message = read_message("2.1\n城关所 治安管理 1 台账不全", HERE)
    assert [e.inspected_on for e in message.entries if e.unit == "chengguan"] == [None]


def test_of_units_with_each_the_one_that_nobody_knows_is_asked_for():
    (entry,) = read_message("西街所 北门所 人口管理各扣0.5，信息没更新", HERE).entries
    assert [(d.slot, d.why, d.text, d.choices) for d in entry.doubts] == [
        (Slot.UNIT, Why.UNKNOWN, "北门所", ())
    ]
    assert entry.reason == "信息没更新"


def test_of_several_units_the_one_that_is_named_again_is_meant_and_the_others_are_asked_about():
    (entry,) = read_message("今天检查城关所、石门所，城关所治安管理扣1分，台账缺失", HERE).entries
    assert (entry.unit, entry.reason) == ("chengguan", "台账缺失")
    assert [(d.slot, d.why, d.text) for d in entry.doubts] == [(Slot.UNIT, Why.LEFT, "石门所")]


def test_what_was_not_done_stays_whole_before_the_points():
    (entry,) = read_message("城关所 治安管理 出租屋未登记 1分", HERE).entries
    assert (entry.points, entry.reason) == (Decimal(1), "出租屋未登记")


@pytest.mark.parametrize(
    ("text", "slot", "words"),
    [
        ("11月3日至5日检查，城关所安全防范扣1分，灭火器失效", Slot.DAY, "11月3日至5日检查"),
        ("城关所治安管理扣1分，东门所也是", Slot.UNIT, "东门所"),
    ],
)
def test_two_days_and_a_unit_of_which_the_same_is_said_are_asked_about(text, slot, words):
    doubts = [d for entry in read_message(text, HERE).entries for d in entry.doubts]
    assert [(d.slot, d.why, d.text) for d in doubts] == [(slot, Why.LEFT, words)]


def test_points_for_each_of_several_things_are_asked_about():
    (entry,) = read_message("南湖所案卷3本有错别字，执法质量每本扣0.5", HERE).entries
    assert [d.slot for d in entry.doubts] == [Slot.POINTS]


def test_a_mistake_for_which_points_are_taken_takes_nothing_back():
    (entry,) = read_message("因为笔录错误扣城关所2分执法质量", replace(HERE, command=False)).entries
    assert (entry.unit, entry.points, entry.reason) == ("chengguan", Decimal(2), "笔录错误")
