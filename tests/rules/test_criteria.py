"""Criteria: what they take, how a line names them, and the drafts that ask for them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from examples import BUREAU
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Quarter
from rules.draft import Asks, BatchDraft, BatchLine, DeductionDraft, OfficerDraft, answered, one_back
from rules.names import Match, Unknown
from rules.reading import (
    Vocabulary,
    are_deductions,
    read_correction,
    read_day,
    read_deduction,
    read_lines,
    read_log,
    read_query,
)
from rules.scheme import Criterion, Item, Scheme

EACH = Criterion("2.1", "台账", Decimal("0.5"), "处", Decimal(3))
WHOLE = Criterion("2.3", "瞒报", None, whole=True)
VETO = Criterion("ZA-1", "追责", None, veto=True)
WITH = BUREAU.with_criteria("派出所", {"治安管理": (EACH, WHOLE), "执法质量": (VETO,)})
WORDS = Vocabulary.of(WITH, 2026)
NOW, TODAY = Quarter(2026, 4), date(2026, 11, 10)
ITEM = Item("治安管理", Decimal(10), (), (EACH, WHOLE, VETO))


def read(line):
    return read_deduction(line, WORDS, NOW, TODAY)


def test_what_a_criterion_takes():
    assert ITEM.taken_by(EACH, 3) == Decimal("1.5")
    assert ITEM.taken_by(EACH, 100) == 3
    assert ITEM.taken_by(replace(EACH, max=None), 4) == 2
    assert ITEM.taken_by(WHOLE, 1) == 10
    assert ITEM.taken_by(VETO, 1) == 0
    assert EACH.countable and not WHOLE.countable and not VETO.countable
    assert ITEM.criterion("2.1") is EACH and ITEM.criterion("9") is None


def test_a_scheme_finds_its_criteria_and_other_schemes_have_none():
    scheme = WITH.scheme_for(WITH.unit("chengguan"), 2026)
    item, criterion = scheme.find_criterion("2.3")
    assert (item.name, criterion) == ("治安管理", WHOLE)
    assert scheme.find_criterion("9") is None
    assert WITH.scheme_for(WITH.unit("fazhi"), 2026).find_criterion("2.3") is None


@given(st.integers(1, 999))
def test_it_never_takes_more_than_its_maximum_or_the_item(times):
    assert 0 < ITEM.taken_by(EACH, times) <= 3


@pytest.mark.parametrize(
    ("line", "criterion", "times", "reason"),
    [
        ("城关所 2.1 x3", "2.1", 3, None),
        ("城关所 2.1 ×3 台账缺失", "2.1", 3, "台账缺失"),
        ("城关所 2.1 3处 台账缺失", "2.1", 3, "台账缺失"),
        ("城关所 2.1 台账缺失", "2.1", None, "台账缺失"),
        ("2.3 城关所 瞒报", "2.3", None, "瞒报"),
        ("城关所 细则2.1", "2.1", None, None),
        ("城关所 za-1 追责", "ZA-1", None, "追责"),
        ("城关所 治安管理 2.1 x2", "2.1", 2, None),
        ("ZA-1", "ZA-1", None, None),
    ],
)
def test_a_criterion_is_named_by_its_code(line, criterion, times, reason):
    found = read(line)
    assert (found.criterion, found.times, found.reason, found.points) == (criterion, times, reason, None)


def test_with_an_item_a_number_is_points_and_times_multiply_later():
    found = read("城关所 治安管理 2.1 台账")
    assert (found.criterion, found.points, found.item.value) == (None, Decimal("2.1"), "治安管理")
    found = read("城关所 治安管理 0.5 x3")
    assert (found.points, found.times) == (Decimal("0.5"), 3)
    assert read("城关所 治安管理 x2").points_text == "x2"
    assert read("法制科 2.1").points == Decimal("2.1"), "another category's code is no code here"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("城关所、东门所 治安管理 1 台账", ["城关所 治安管理 1 台账", "东门所 治安管理 1 台账"]),
        ("城关所，东门所 治安 1", ["城关所 治安 1", "东门所 治安 1"]),
        ("城关所、动门所 治安管理 1", ["城关所 治安管理 1", "动门所 治安管理 1"]),
        ("城关所 打击、破案及追逃 2", ["城关所 打击、破案及追逃 2"]),
        ("城关所，治安，1", ["城关所，治安，1"]),
        ("城关所 治安管理 2 与东门所、西门所相比", ["城关所 治安管理 2 与东门所、西门所相比"]),
        ("1. 城关所 治安管理 1\n\n2、东门所 治安 1\n③ 西门所 治安 1\n- 南湖所 治安 1", [
            "城关所 治安管理 1", "东门所 治安 1", "西门所 治安 1", "南湖所 治安 1"]),
        ("1.5分 城关所 治安", ["1.5分 城关所 治安"]),
        ("火星、木星 治安 1", ["火星、木星 治安 1"]),
    ],
)  # fmt: skip
def test_lines_and_lists_of_units_are_parted(text, lines):
    assert read_lines(text, WORDS) == lines


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_lines(text):
    assert all(line.strip() for line in read_lines(text, WORDS))
    are_deductions(text, WORDS)
    read_correction(text, WORDS, "chengguan", TODAY)
    read_log(text, WORDS, NOW, TODAY)


def test_most_lines_have_to_read_as_deductions():
    assert are_deductions("城关所 治安 1\n东门所 2.1", WORDS)
    assert are_deductions("城关所 ZA-1 追责", WORDS)
    assert not are_deductions("今天去了城关所", WORDS)
    assert not are_deductions("城关所 治安 1\n甲\n乙", WORDS)
    assert not are_deductions("", WORDS)


def test_a_correction_is_read_word_by_word_until_the_reason():
    def said(text):
        found = read_correction(text, WORDS, "chengguan", TODAY)
        unit, item = (getattr(name, "value", None) for name in (found.unit, found.item))
        return unit, item, found.points, found.criterion, found.times, found.inspected_on, found.reason

    assert said("1 多扣了") == (None, None, 1, None, None, None, "多扣了")
    assert said("执法质量 1.5 3-10查 记错 项目") == (
        None, "执法质量", Decimal("1.5"), None, None, date(2026, 3, 10), "记错 项目",
    )  # fmt: skip
    assert said("东门所 写错单位 1") == ("dongmen", None, None, None, None, None, "写错单位 1")
    assert said("1 2.1 x2") == (None, None, 1, "2.1", 2, None, None)
    assert said("ZA-1 x2 x3") == (None, None, None, "ZA-1", 2, None, "x3")
    assert said("") == (None,) * 7


def test_a_question_as_of_a_day():
    query = read_query("城关所 截至 3-10 一季度", WORDS, NOW, TODAY)
    assert (query.unit.value, query.as_of, query.period) == ("chengguan", date(2026, 3, 10), Quarter(2026, 1))
    assert read_query("城关所 截止3月10日", WORDS, NOW, TODAY).as_of == date(2026, 3, 10)
    query = read_query("城关所 截至 明年", WORDS, NOW, TODAY)
    assert (query.as_of, query.as_of_text) == (None, "明年")
    assert read_query("城关所", WORDS, NOW, TODAY).as_of_text is None
    query = read_log("治安管理 城关所 一季度", WORDS, NOW, TODAY)
    assert (query.unit.value, query.item.value) == ("chengguan", "治安管理")
    assert read_log("", WORDS, NOW, TODAY).unit is None
    assert isinstance(read_log("城关所 火星", WORDS, NOW, TODAY).item, Unknown)
    assert isinstance(read_log("城关所", WORDS, NOW, TODAY).unit, Match)


def test_days_as_people_write_them():
    assert read_day("昨天", TODAY) == date(2026, 11, 9)
    assert read_day("3月10号", TODAY) == date(2026, 3, 10)
    assert read_day("2月30日", TODAY) is None
    assert read_day("那天", TODAY) is None
    assert read_day("12-28", date(2027, 1, 5)) == date(2026, 12, 28)


DRAFT = DeductionDraft(at=datetime(2026, 11, 10, tzinfo=UTC), guided=True)


def test_one_back_takes_the_last_answer_with_all_that_came_of_it():
    one = answered(DRAFT, Asks.SEQUENCE, sequence="派出所第一序列")
    two = answered(one, Asks.UNIT, units=("chengguan",))
    three = answered(two, Asks.POINTS, criterion="2.1")
    four = answered(three, Asks.TIMES, times=3, counted=True)
    assert one_back(four) == three
    assert one_back(one_back(four)) == two
    assert one_back(one_back(two)) == DRAFT
    assert one_back(DRAFT) == DRAFT
    assert answered(four, Asks.UNIT, units=("dongmen",)).answered[-1] is Asks.UNIT


def test_which_drafts_take_a_text():
    assert not DRAFT.wants_text
    assert replace(DRAFT, asks=Asks.POINTS).wants_text
    assert not replace(DRAFT, asks=Asks.RESUME).wants_text
    assert not replace(DRAFT, asks=Asks.POINTS, guided=False).wants_text


def test_a_text_answers_what_is_asked_of_an_officers_deduction_but_not_its_buttons():
    draft = OfficerDraft(DRAFT.at)
    answered_by_text = {asks for asks in Asks if replace(draft, asks=asks).wants_text}
    assert answered_by_text == {Asks.UNIT, Asks.ITEM, Asks.POINTS, Asks.REASON}
    assert not draft.wants_text


def test_of_a_batch_what_was_understood_can_be_written():
    good, bad = BatchLine(1, "x", draft=DRAFT), BatchLine(2, "y", problem="?")
    assert BatchDraft(DRAFT.at, (good, bad)).understood == (good,)


def test_an_items_criteria_are_its_indicators_and_it_is_its_own_without_any():
    criteria = tuple(Criterion(f"1.{n}", "x", Decimal(1)) for n in range(3))
    items = (Item("一", Decimal(50), criteria=criteria), Item("二", Decimal(50)))
    assert Scheme("派出所", items).indicators == 4
