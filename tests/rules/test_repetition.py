"""The same finding logged again: when two reasons may tell of one thing."""

import pytest

from rules.repetition import are_like_reasons


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
