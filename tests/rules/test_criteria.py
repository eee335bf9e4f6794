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
    Setting,
    Slot,
    Standing,
    Vocabulary,
    Why,
    read_correction,
    read_day,
    read_log,
    read_message,
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


def read_all(text):
    return read_message(text, Setting(WORDS, NOW, TODAY)).entries


def read(line):
    (entry,) = read_all(line)
    return entry


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
        ("2.3 城关所 瞒报", "2.3", 1, "瞒报"),
        ("城关所 细则2.1", "2.1", None, None),
        ("城关所 za-1 追责", "ZA-1", 1, "追责"),
        ("城关所 治安管理 2.1 x2", "2.1", 2, None),
        ("ZA-1", "ZA-1", 1, None),
    ],
)
def test_a_criterion_is_named_by_its_code(line, criterion, times, reason):
    found = read(line)
    assert (found.criterion, found.times, found.reason, found.points) == (criterion, times, reason, None)


def test_with_its_own_item_a_code_may_be_points_and_is_asked_for():
    entry = read("城关所 治安管理 2.1 台账")
    assert (entry.criterion, entry.doubts[0].why, entry.doubts[0].choices) == (None, Why.EITHER, ("2.1",))
    assert read("城关所 执法质量 2.1 台账").points == Decimal("2.1"), "another item's code is none of this one"
    assert read("城关所 治安管理 2.1分 台账").points == Decimal("2.1")


def test_times_multiply_points():
    entry = read("城关所 治安管理 0.5 x3")
    assert (entry.points, entry.times) == (Decimal("1.5"), 3)


def test_another_categorys_code_is_no_code():
    assert read("法制科 2.1").points == Decimal("2.1")


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("城关所、东门所 治安管理 1 台账", ["chengguan", "dongmen"]),
        ("城关所，东门所 治安管理 1", ["chengguan", "dongmen"]),
        ("城关所 打击、破案及追逃 2", ["chengguan"]),
        ("城关所，治安，1", ["chengguan"]),
        ("城关所 治安管理 2 与东门所台账相同", ["chengguan"]),
        ("1. 城关所 治安管理 1\n\n2、东门所 治安管理 1\n③ 西门所 治安管理 1\n- 南湖所 治安管理 1", [
            "chengguan", "dongmen", "ximen", "nanhu"]),
        ("1.5分 城关所 治安管理", ["chengguan"]),
    ],
)  # fmt: skip
def test_lines_and_lists_of_units_are_parted(text, units):
    known = {unit.code for unit in BUREAU.units}
    assert [entry.unit for entry in read_all(text)] == [unit for unit in units if unit in known]


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_corrections(text):
    read_correction(text, Standing("chengguan", "治安管理", Decimal(1)), Setting(WORDS, NOW, TODAY))
    read_log(text, WORDS, NOW, TODAY)


def corrected(text, **standing):
    known = {"criterion": None, "times": None} | standing
    return read_correction(
        text, Standing("chengguan", "治安管理", Decimal(2), **known), Setting(WORDS, NOW, TODAY)
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 多扣了", {"points": 1, "why": "多扣了"}),
        ("执法质量 1.5 3-10查 记错项目", {
            "item": "执法质量", "points": Decimal("1.5"), "inspected_on": date(2026, 3, 10), "why": "记错项目"}),
        ("东门所 写错单位", {"unit": "dongmen", "why": "写错单位"}),
        ("由城关所改为东门所", {"unit": "dongmen"}),
        ("2分改为1分", {"points": 1}),
        ("不是城关所，是东门所", {"unit": "dongmen"}),
        ("检查日期改为11-3", {"inspected_on": date(2026, 11, 3)}),
        ("1 打击记录已补", {"points": 1, "why": "打击记录已补"}),
        ("2.1 x2", {"criterion": "2.1", "times": 2}),
        ("细则2.1", {"criterion": "2.1"}),
        ("dms", {"unit": "dongmen"}),
        ("检查日期改为11月3日", {"inspected_on": date(2026, 11, 3)}),
        ("原因改为台账缺失", {"reason": "台账缺失"}),
        ("撤销，重复登记", {"cancel": True, "why": "重复登记"}),
        ("", {}),
    ],
)  # fmt: skip
def test_a_correction_says_what_is_right_and_why(text, said):
    found = corrected(text)
    assert found.doubts == ()
    assert found.changes == (text != "" and not found.cancel)
    assert {name: value for name in (
        "cancel", "unit", "item", "points", "criterion", "times", "inspected_on", "reason", "why",
    ) if (value := getattr(found, name))} == said  # fmt: skip


@pytest.mark.parametrize(
    ("text", "slot", "why"),
    [
        ("扣多了", Slot.POINTS, Why.MISSING), ("单位错了", Slot.UNIT, Why.MISSING), ("项目不对", Slot.ITEM, Why.MISSING),
        ("日期错了", Slot.DAY, Why.MISSING), ("不对", Slot.REASON, Why.LEFT), ("3处", Slot.REASON, Why.LEFT), ("+1", Slot.POINTS, Why.PLUS),
        ("东门所 南湖所", Slot.UNIT, Why.SEVERAL), ("执法质量 人口管理", Slot.ITEM, Why.SEVERAL), ("业务工作", Slot.ITEM, Why.UNKNOWN),
        ("2.1", Slot.POINTS, Why.EITHER), ("2月30日查", Slot.DAY, Why.IMPOSSIBLE), ("明天查", Slot.DAY, Why.FUTURE),
        ("1 2 记错", Slot.POINTS, Why.LEFT), ("应为3处", Slot.TIMES, Why.LEFT), ("改为99999999999999999999999999分", Slot.POINTS, Why.MALFORMED),
    ],
)  # fmt: skip
def test_a_correction_that_is_not_clear_is_asked_for(text, slot, why):
    assert [(doubt.slot, doubt.why) for doubt in corrected(text).doubts] == [(slot, why)]


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
