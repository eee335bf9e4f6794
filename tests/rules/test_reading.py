"""How names, numbers and lines are understood."""

from datetime import date
from decimal import Decimal

import pytest
from examples import BUREAU, STATIONS
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Quarter
from rules.names import (
    Ambiguous,
    Layer,
    Match,
    Named,
    Names,
    Unknown,
    group_short_forms,
    item_short_forms,
    normalised,
    sequence_short_forms,
    unit_short_forms,
)
from rules.numbers import check_points, read_points
from rules.reading import (
    Outcome,
    Setting,
    Vocabulary,
    Why,
    may_be_reason,
    read_inspection_date,
    read_message,
    read_query,
    read_survey,
    read_units,
    split_command,
)
from rules.refusals import AboveMaximum, PointsNotPositive, TooManyDecimals

WORDS = Vocabulary.of(BUREAU, 2026)
NOW, TODAY = Quarter(2026, 4), date(2026, 11, 23)


def read(text):
    entries = read_message(text, Setting(WORDS, NOW, TODAY)).entries
    assert len(entries) < 2
    return entries[0] if entries else None


@pytest.mark.parametrize(
    ("text", "code", "how"),
    [
        ("城关派出所", "chengguan", Layer.EXACT),
        (" 城关 派出所 ", "chengguan", Layer.EXACT),
        ("城关所", "chengguan", Layer.SHORT),
        ("城关", "chengguan", Layer.SHORT),
        ("治安", "zhian", Layer.SHORT),
        ("cgpcs", "chengguan", Layer.INITIALS),
        ("CGS", "chengguan", Layer.INITIALS),
        ("chengguansuo", "chengguan", Layer.PINYIN),
        ("成关所", "chengguan", Layer.HOMOPHONE),
        ("东们所", "dongmen", Layer.HOMOPHONE),
        ("南湖派", "nanhu", Layer.PART),
    ],
)
def test_a_unit_is_found_in_the_surest_way(text, code, how):
    assert WORDS.units.find(text) == Match(code, how, text)


def test_what_several_may_be_is_a_question_in_the_configs_order():
    found = WORDS.units.find("派出所")
    assert isinstance(found, Ambiguous)
    assert found.candidates[:2] == ("chengguan", "dongmen")


def test_the_exact_name_goes_before_a_homophone():
    names = Names([Named(1, "东城派出所", short=("东城所",)), Named(2, "冬城派出所", short=("冬城所",))])
    assert names.find("冬城所").value == 2
    assert isinstance(names.find("董城所"), Ambiguous)


@pytest.mark.parametrize("text", ["", "　", "???", "😀", "\u202e", "\u200b", "长" * 10_000, "火星"])
def test_what_is_no_name_is_unknown(text):
    assert isinstance(WORDS.units.find(text), Unknown)


def test_what_only_resembles_a_name_is_a_suggestion():
    found = WORDS.units.find("城池派出所")
    assert isinstance(found, Unknown)
    assert found.suggestions[0] == "chengguan"


def test_a_shared_alias_within_one_thing_is_one_thing():
    names = Names([Named(1, "甲", aliases=("甲", "")), Named(2, "乙")])
    assert names.find("甲").value == 1


@given(
    st.sampled_from([(u.code, name) for u in BUREAU.units for name in (u.name, *u.aliases)]),
    st.sampled_from(["", " ", "　"]),
)
def test_every_exact_name_finds_its_own_unit(pair, gap):
    code, name = pair
    assert WORDS.units.find(gap.join(name)).value == code


def test_short_forms_follow_how_people_shorten():
    assert unit_short_forms("城关派出所") == ("城关所", "城关")
    assert unit_short_forms("治安大队") == ("治安",)
    assert unit_short_forms("看守所") == ()
    assert unit_short_forms("甲科") == ()
    assert sequence_short_forms("派出所第一序列") == ("派出所一", "派一")
    assert sequence_short_forms("总序列") == ()
    assert sequence_short_forms("别的") == ()
    assert group_short_forms("派出所考核小组") == ("派出所组", "派出所小组", "派出所考核组", "派出所")
    assert group_short_forms("督察") == group_short_forms("甲考核小组") == ()
    assert group_short_forms("第一考核小组") == ("一组", "一小组", "考核一组", "考核一小组")
    assert {"机关组", "机关", "机关科室", "实战所队组"} <= set(group_short_forms("机关科室及实战所队考核小组"))
    assert item_short_forms("打击、破案及追逃") == ("打击", "破案", "追逃")
    assert item_short_forms("治安管理") == ()
    assert normalised("第１序列") == "一序列"


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("2", "2"), ("2分", "2"), ("2.50", "2.5"), (".5", "0.5"), ("2.", "2"), ("０．５", "0.5"), ("两分", "2"), ("两", "2"),
        ("半分", "0.5"), ("半", "0.5"), ("一分半", "1.5"), ("两个半", "2.5"), ("二点五", "2.5"), ("点五", "0.5"), ("零点二五", "0.25"),
        ("十五", "15"), ("扣2分", "2"), ("减3", "3"), ("+1", "1"), ("-2", "-2"), ("－2", "-2"), ("−2分", "-2"), ("负2", "-2"),
        ("1.234", "1.234"), ("", None), ("分", None), ("扣", None), ("1,5", None), ("1e1", None), ("NaN", None), ("Infinity", None),
        ("٣", None), ("二分之一", None), ("百百十", None), ("两三分", None), ("廿", None), ("壹分", "1"), ("一百二", "120"), ("一百零二", "102"), ("二十点", None), ("9" * 30, None), ("x分半", None), ("abc", None),
    ],
)  # fmt: skip
def test_a_number_is_read_exactly_or_not_at_all(text, points):
    assert read_points(text) == (None if points is None else Decimal(points))


@given(st.integers(1, 99999).map(lambda n: Decimal(n).scaleb(-2)))
def test_points_come_back_as_they_were_written(points):
    assert read_points(f"{points}") == points
    assert read_points(f"扣{points}分") == points
    assert read_points(f"-{points}") == -points


@pytest.mark.parametrize(
    ("points", "error"),
    [
        ("0", PointsNotPositive),
        ("-1", PointsNotPositive),
        ("10.01", AboveMaximum),
        ("0.001", TooManyDecimals),
        ("1e30", AboveMaximum),
    ],
)
def test_points_that_no_entry_may_take_are_refused(points, error):
    with pytest.raises(error):
        check_points(Decimal(points), STATIONS.item("治安管理"))


def test_points_up_to_the_items_maximum_are_taken():
    check_points(Decimal(10), STATIONS.item("治安管理"))
    check_points(Decimal("0.01"), STATIONS.item("治安管理"))


@pytest.mark.parametrize(
    ("text", "unit", "item", "points", "reason"),
    [
        ("城关所 治安管理 2", "chengguan", "治安管理", "2", None),
        ("治安管理 城关所 2分 原因", "chengguan", "治安管理", "2", "原因"),
        ("治安大队 治安管理 2", "zhian", "治安管理", "2", None),
        ("城关所治安管理2分", "chengguan", "治安管理", "2", None),
        ("城关所治安管理两分巡查不到位", "chengguan", "治安管理", "2", "巡查不到位"),
        ("城关所治安管理巡查不到位 2分", "chengguan", "治安管理", "2", "巡查不到位"),
        ("城关所，治安管理，2分，巡逻、盘查都没有。", "chengguan", "治安管理", "2", "巡逻、盘查都没有"),
        ("2 城关所 治安管理  两处  不符", "chengguan", "治安管理", "2", "两处  不符"),
        ("城关所 治安管理 巡查不到位 扣2分", "chengguan", "治安管理", "2", "巡查不到位"),
        ("城关所 打击 2 漏报 1 起", "chengguan", "打击、破案及追逃", "2", "漏报 1 起"),
        ("城关所 打击、破案及追逃 2", "chengguan", "打击、破案及追逃", "2", None),
        ("法制 业务 2", "fazhi", "业务工作", "2", None),
    ],
)
def test_a_line_is_read_in_any_order_and_the_rest_is_the_reason(text, unit, item, points, reason):
    entry = read(text)
    assert entry.clear
    assert (entry.unit, entry.item, entry.points, entry.reason) == (unit, item, Decimal(points), reason)


def test_a_second_value_is_asked_for():
    assert read("cgs 治安 0.5 巡查3次未到位 扣2分").doubts[0].why is Why.LEFT


def test_where_no_word_is_a_number_the_one_in_its_place_is_pointed_at():
    assert read("城关所 治安管理 x2").doubts[0].text == "x2"
    assert read("城关所 治安管理 a2").doubts[0].text == "a2"


def test_a_quarter_and_an_inspection_date_are_read_wherever_they_stand_alone():
    entry = read("城关所 治安管理 一季度 11月3日查 2 台账缺失")
    assert entry.quarter == Quarter(2026, 1)
    assert entry.inspected_on == date(2026, 11, 3)
    assert entry.reason == "台账缺失"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今天查", date(2026, 11, 23)), ("昨天查", date(2026, 11, 22)), ("11月3日查", date(2026, 11, 3)), ("11-3检查", date(2026, 11, 3)),
        ("2026-03-10查", date(2026, 3, 10)), ("3月10日", None), ("13月1日查", None), ("2月30日查", None),
    ],
)  # fmt: skip
def test_an_inspection_date_is_read_as_people_write_it(text, day):
    assert read_inspection_date(text, TODAY) == day


def test_a_day_of_december_in_january_was_last_months():
    assert read_inspection_date("12月28日查", date(2027, 1, 5)) == date(2026, 12, 28)


@given(st.text(max_size=80))
def test_no_text_makes_reading_fail(text):
    for command in (True, False):
        read_message(text, Setting(WORDS, NOW, TODAY, command=command))
    read_query(text, WORDS, NOW, TODAY)
    split_command(text, "bot", {"扣分"})
    may_be_reason(text, Setting(WORDS, NOW, TODAY), {"扣分"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/deduct@bot a b", ("deduct", "a b", False)),
        ("/deduct@other a", ("deduct", "a", True)),
        ("／扣分 a", ("扣分", "a", False)),
        ("扣分 a", ("扣分", "a", False)),
        ("扣分", ("扣分", "", False)),
        ("扣分标准", None),
        ("撤销记录12", ("撤销", "记录12", False)),
        ("扣分：城关所", ("扣分", "城关所", False)),
        ("/deduct城关所 2", ("deduct", "城关所 2", False)),
        ("/ deduct a", ("deduct", "a", False)),
        ("你好", None),
        ("", None),
        ("/", None),
        ("/deduct\na b", ("deduct", "a b", False)),
    ],
)
def test_a_command_is_known_in_any_spelling(text, said):
    found = split_command(text, "Bot", {"扣分", "撤销"})
    assert (found and (found.name, found.args, found.addressed_to_other)) == said


@pytest.mark.parametrize(
    ("text", "sequence", "unit", "period"),
    [
        ("派出所一序列", "派出所第一序列", None, None),
        ("2026Q4 派一", "派出所第一序列", None, NOW),
        ("城关所 一季度", None, "chengguan", Quarter(2026, 1)),
        ("", None, None, None),
    ],
)
def test_a_question_is_read_in_any_order(text, sequence, unit, period):
    query = read_query(text, WORDS, NOW, TODAY)
    assert getattr(query.sequence, "value", None) == sequence
    assert getattr(query.unit, "value", None) == unit
    assert query.period == period


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("东门所 治安管理 1", True), ("东门所治安管理1分", True), ("台账缺失 2 处", False), ("东门所没有台账", False), ("城关所 没有", False),
    ],
)  # fmt: skip
def test_words_without_a_command_that_say_a_deduction_are_known(text, meant):
    said = read_message(text, Setting(WORDS, NOW, TODAY, command=False))
    assert (said.outcome is not Outcome.NOTHING) is meant


def found(value):
    return value.value if isinstance(value, Match) else None


@pytest.mark.parametrize(
    ("text", "sequence", "item", "unit"),
    [
        ("派出所第一序列", "派出所第一序列", None, None),
        ("派一 治安管理", "派出所第一序列", "治安管理", None),
        ("治安管理 派出所一序列 四季度", "派出所第一序列", "治安管理", None),
        ("派出所 第一序列 打击、破案 及追逃", "派出所第一序列", "打击、破案及追逃", None),
        ("治安管理", None, "治安管理", None),
        ("城关所", None, None, "chengguan"),
        ("城关所 执法质量", None, "执法质量", "chengguan"),
        ("年度", None, None, None),
    ],
)
def test_a_survey_is_of_a_sequence_an_item_or_a_unit(text, sequence, item, unit):
    query = read_survey(text, WORDS, NOW, TODAY)
    assert (found(query.sequence), found(query.item), found(query.unit)) == (sequence, item, unit)


def test_a_survey_of_what_is_unknown_is_a_sequence_that_is_not_there():
    query = read_survey("第九序列", WORDS, NOW, TODAY)
    assert isinstance(query.sequence, Unknown)
    assert (query.item, query.unit) == (None, None)


@pytest.mark.parametrize(
    "text",
    ["城关所 东门所 四季度", "城关所、东门所 2026Q4", "城关所 和 东门所 四季度", "城关所，东门所；四季度"],
)
def test_units_to_compare_are_parted_by_gaps_or_signs(text):
    units, query = read_units(text, WORDS, NOW, TODAY)
    assert [found(unit) for unit in units] == ["chengguan", "dongmen"]
    assert query.period == NOW


def test_what_says_that_nothing_was_found_is_kept_to_be_told():
    text = "城关所 治安管理 扣1分 台账缺失\n南湖所 无问题\n东门所 执法质量 扣2分 卷宗缺页"
    message = read_message(text, Setting(WORDS, NOW, TODAY, command=False))
    assert len(message.entries) == 2
    assert message.denied == ("南湖所 无问题",)
