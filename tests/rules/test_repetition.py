"""The same finding logged again: when two reasons may tell of one thing."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from rules.calendar import Quarter
from rules.draft import BatchDraft, BatchLine, DeductionDraft
from rules.entries import Basis, Deduction, Reversal
from rules.repetition import are_like_reasons, may_repeat

NOW = datetime(2026, 11, 10, 1, tzinfo=UTC)
EARLIER = Deduction(
    12, "chengguan", "治安管理", Decimal("0.5"), Quarter(2026, 4), NOW, date(2026, 11, 10), 3, "王伟", "台账缺失", "派出所考核小组",
    basis=Basis("2.1", "台账不全（每处 0.5 分）", 1, veto=False),
)  # fmt: skip
SAID = {
    "unit": "chengguan", "item": "治安管理", "points": Decimal("0.5"), "criterion": "2.1", "reason": "巡查台账缺失",
}  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "other"),
    [
        ("台账缺失", "台账缺失"),
        ("台账缺失", "巡查台账缺失"),
        ("巡查台账缺失。", "巡查台帐缺失"),
        ("漏登3户", "漏登 三户"),
        ("台账缺失", None),
        (None, None),
        ("", "台账缺失"),
    ],
)
def test_may_be_the_same_finding(reason, other):
    assert are_like_reasons(reason, other)
    assert are_like_reasons(other, reason)


@pytest.mark.parametrize(
    ("reason", "other"),
    [
        ("台账缺失", "卷宗缺页"),
        ("漏登3户", "漏登5户"),
        ("案件12未结", "案件13未结"),
        ("第1次迟到", "第2次迟到"),
        ("迟报", "报错"),
    ],
)
def test_is_another_finding(reason, other):
    assert not are_like_reasons(reason, other)
    assert not are_like_reasons(other, reason)


def test_unit_item_points_criterion_and_words_make_a_repetition():
    assert may_repeat(EARLIER, **SAID)
    assert may_repeat(EARLIER, **SAID | {"criterion": None})
    assert may_repeat(replace(EARLIER, basis=None), **SAID)


@pytest.mark.parametrize(
    "other",
    [
        {"unit": "dongmen"}, {"item": "执法质量"}, {"points": Decimal(1)}, {"criterion": "2.2"}, {"reason": "网吧未登记"},
    ],
)  # fmt: skip
def test_what_differs_repeats_nothing(other):
    assert not may_repeat(EARLIER, **SAID | other)


def test_what_was_taken_back_is_repeated_by_nothing():
    assert not may_repeat(replace(EARLIER, reversal=Reversal(13, "王伟", NOW, "误记")), **SAID)


def test_lines_that_no_record_says_are_new():
    lines = (
        BatchLine(1, "甲", draft=DeductionDraft(NOW)),
        BatchLine(2, "乙", draft=DeductionDraft(NOW), repeats=12),
        BatchLine(3, "丙", problem="看不懂"),
    )
    draft = BatchDraft(NOW, lines)
    assert [line.number for line in draft.understood] == [1, 2]
    assert [line.number for line in draft.new] == [1]
