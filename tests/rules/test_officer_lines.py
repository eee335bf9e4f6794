"""A line about an officer is read as a deduction is; a month may stand in it (R9)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from rules.calendar import Quarter
from rules.draft import OfficerBatchDraft, OfficerBatchLine, OfficerDraft, is_about
from rules.months import Month
from rules.officers import Officer
from rules.reading import Outcome, Setting, Standing, Why, read_correction, read_message
from rules.reading.officers import officer_vocabulary
from rules.scheme import Item
from rules.services import Member

TODAY = date(2026, 3, 10)
NAMES = officer_vocabulary(
    [Officer(1, "张伟", "012345"), Officer(2, "李娜")],
    [Item("考勤纪律", Decimal(15), ("考勤",)), Item("社区警务", Decimal(30))],
)
HERE = Setting(NAMES, Quarter(2026, 1), TODAY)


def read(text):
    (entry,) = read_message(text, HERE).entries
    return entry


@pytest.mark.parametrize(
    ("text", "month", "reason"),
    [
        ("张伟 考勤纪律 1 迟到", None, "迟到"),
        ("张伟考勤纪律扣1分，迟到", None, "迟到"),
        ("张 伟 考勤 1 迟到", None, "迟到"),
        ("考勤 012345 1 迟到", None, "迟到"),
        ("张伟 2月 考勤 1 迟到", Month(2026, 2), "迟到"),
        ("张伟 上月 考勤 1 迟到", Month(2026, 2), "迟到"),
        ("2025-12 张伟 考勤 1 迟到", Month(2025, 12), "迟到"),
    ],
)
def test_whom_what_how_much_when_and_why(text, month, reason):
    entry = read(text)
    assert (entry.unit, entry.item, entry.points) == ("1", "考勤纪律", Decimal(1))
    assert (entry.month, entry.reason, entry.quarter, entry.doubts) == (month, reason, None, ())


def test_a_month_behind_the_reason_is_looked_at_first():
    message = read_message("张伟 考勤 1 迟到，上月已提醒 2026-01", HERE)
    assert message.outcome is Outcome.CONFIRM


def test_several_lines_are_several_deductions():
    message = read_message("张伟 考勤 1 迟到\n李娜 社区警务 2 走访少", HERE)
    assert [(entry.unit, entry.points, entry.reason) for entry in message.entries] == [
        ("1", Decimal(1), "迟到"),
        ("2", Decimal(2), "走访少"),
    ]


def test_a_name_that_nobody_has_is_pointed_at():
    doubt = read("王五 考勤 1 迟到").doubts[0]
    assert (doubt.why, doubt.text) == (Why.UNKNOWN, "王五")


def test_a_quarter_is_seen_so_that_it_can_be_told_apart():
    assert read("张伟 考勤 1 一季度 没有交表").quarter is not None


def test_a_correction_says_what_differs_and_then_why():
    said = read_correction("李娜 0.5 记错了人", Standing("1", "考勤纪律", Decimal(1)), HERE)
    assert (said.unit, said.points, said.why, said.doubts) == ("2", Decimal("0.5"), "记错了人", ())


def test_questions_about_several_officers_are_known_as_theirs():
    at = datetime(2026, 3, 10, tzinfo=UTC)
    member = Member(Officer(1, "张伟"), ())
    by_id = OfficerBatchDraft(at, (OfficerBatchLine(1, "x", draft=OfficerDraft(at, officers=(1,))),))
    by_name = OfficerBatchDraft(at, (OfficerBatchLine(1, "张伟 迟到", problem="?"),))
    other = OfficerBatchDraft(at, (OfficerBatchLine(1, "李娜", draft=OfficerDraft(at, officers=(2,))),))
    assert is_about(by_id, member, (), shared=True)
    assert is_about(by_name, member, (), shared=False)
    assert not is_about(by_name, member, (), shared=True)
    assert not is_about(other, member, (), shared=False)
    assert (by_id.understood, by_name.understood) == (by_id.lines, ())
