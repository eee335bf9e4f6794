"""Plain words that ask for something, and those that do not (Questions)."""

from datetime import date

import pytest
from examples import BUREAU
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Quarter
from rules.reading import Question, Setting, Topic, Vocabulary, may_be_reason, read_question

WORDS = Vocabulary.of(BUREAU, 2026)
NOW, TODAY = Quarter(2026, 1), date(2026, 3, 10)


def read(text):
    return read_question(text, WORDS, NOW, TODAY)


@pytest.mark.parametrize(
    ("text", "topic", "words"),
    [
        ("城关所", Topic.SCORE, "城关所"),
        ("查 城关所", Topic.SCORE, "城关所"),
        ("城关所成绩", Topic.SCORE, "城关所"),
        ("城关所的分", Topic.SCORE, "城关所"),
        ("看一下城关所一季度得分", Topic.SCORE, "城关所 一季度"),
        ("城关所多少分？", Topic.SCORE, "城关所"),
        ("城关所怎么样", Topic.SCORE, "城关所"),
        ("城关所截至3月9日成绩", Topic.SCORE, "城关所 截至 3月9日"),
        ("城关所排第几？", Topic.RANK, "城关所"),
        ("城关所成绩排名", Topic.RANK, "城关所"),
        ("派出所一序列", Topic.RANK, "派出所一序列"),
        ("派出所一序列的成绩", Topic.RANK, "派出所一序列"),
        ("年度排名", Topic.RANK, "年度"),
        ("排名", Topic.RANK, ""),
        ("城关所走势", Topic.TREND, "城关所"),
        ("城关所扣分情况", Topic.WHY, "城关所"),
        ("城关所治安管理扣几分？", Topic.WHY, "城关所 治安管理"),
        ("城关所治安管理得分", Topic.WHY, "城关所 治安管理"),
        ("城关所明细", Topic.LOG, "城关所"),
        ("派出所一序列扣分情况", Topic.LOSSES, "派出所一序列"),
        ("派出所一序列失分分布", Topic.HEAT, "派出所一序列"),
        ("城关所和东门所", Topic.COMPARE, "城关所 东门所"),
        ("城关所和东门所对比", Topic.COMPARE, "城关所 东门所"),
        ("派出所组进度", Topic.PROGRESS, "派出所组"),
        ("怎么用", Topic.HELP, ""),
        ("我要申诉", Topic.APPEAL, ""),
    ],
)
def test_what_asks_for_something_is_a_question(text, topic, words):
    question = read(text)
    assert question is not None
    assert (question.topic, question.words) == (topic, words)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "怎么样",
        "情况",
        "治安管理",
        "城关所治安管理",
        "城关所治安管理2分",
        "城关所台账缺失",
        "台账明细缺失",
        "城关所 派出所一序列",
        "派出所一序列 派出所二序列",
        "城关所 3月9日",
        "城关所和东门所走势",
        "派出所组走势",
        "城关所怎么用",
        "派出所组 机关组 进度",
        "城关所 治安管理 执法质量 得分",
        "进度滞后",
        "记录不全",
    ],
)
def test_what_says_more_or_less_is_none(text):
    assert read(text) is None


def test_names_alone_are_told_from_a_question():
    assert read("城关所 一季度") == Question(Topic.SCORE, "城关所 一季度", bare=True)
    assert read("城关所成绩") == Question(Topic.SCORE, "城关所", bare=False)


@pytest.mark.parametrize(
    "text", ["城关所扣分明细", "派出所一序列排名情况", "城关所和东门所对比", "城关所截至3月9日成绩"]
)
def test_a_question_is_no_reason(text):
    assert not may_be_reason(text, Setting(WORDS, NOW, TODAY))


@given(st.text(max_size=40))
def test_no_text_makes_reading_fail(text):
    question = read(text)
    if question is not None:
        assert question.topic in Topic
