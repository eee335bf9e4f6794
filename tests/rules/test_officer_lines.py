"""A line about an officer is read as a deduction is; a month may stand among its first words (R9)."""

from datetime import date
from decimal import Decimal

import pytest

from rules.months import Month
from rules.names import Match
from rules.officer_lines import officer_vocabulary, read_officer_correction, read_officer_line
from rules.officers import Officer
from rules.scheme import Item

TODAY = date(2026, 3, 10)
NAMES = officer_vocabulary(
    [Officer(1, "张伟", "012345"), Officer(2, "李娜")],
    [Item("考勤纪律", Decimal(15), ("考勤",)), Item("社区警务", Decimal(30))],
)


@pytest.mark.parametrize(
    ("text", "month", "reason"),
    [
        ("张伟 考勤纪律 1 迟到", None, "迟到"),
        ("考勤 012345 1 迟到", None, "迟到"),
        ("张伟 2月 考勤 1 迟到", Month(2026, 2), "迟到"),
        ("2025-12 张伟 考勤 1 迟到", Month(2025, 12), "迟到"),
        ("张伟 考勤 1 迟到，上月已提醒 2026-01", None, "迟到，上月已提醒 2026-01"),
    ],
)
def test_whom_what_how_much_when_and_why(text, month, reason):
    line = read_officer_line(text, NAMES, TODAY)
    assert isinstance(line.reading.unit, Match) and line.reading.unit.value == "1"
    assert isinstance(line.reading.item, Match) and line.reading.item.value == "考勤纪律"
    assert (line.reading.points, line.month, line.reading.reason) == (Decimal(1), month, reason)
    assert line.reading.period is None


def test_a_quarter_is_seen_so_that_it_can_be_told_apart():
    assert read_officer_line("张伟 考勤 1 一季度 没有交表", NAMES, TODAY).reading.period is not None


def test_a_correction_says_what_differs_and_then_why():
    reading = read_officer_correction("李娜 0.5 记错了人", NAMES, "1", TODAY)
    assert isinstance(reading.unit, Match) and reading.unit.value == "2"
    assert (reading.points, reading.reason) == (Decimal("0.5"), "记错了人")
