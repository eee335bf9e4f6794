"""What a reminder says and which buttons it has, for two of everything: each figure beside its own word."""

from datetime import UTC, date, datetime

import pytest

from handlers.frame.names import short
from handlers.frame.reply import Button
from handlers.quarter import progress_text
from handlers.reminders import reminders_text
from rules.calendar import Quarter
from rules.filings import Filed, FilingKind, Owed
from rules.methods import Verdict
from rules.months import Month
from rules.progress import Progress, UnitProgress
from rules.refusals import Lack
from rules.reminders import Duty, Part
from tests.examples import BUREAU, UNDONE

STATIONS, OFFICES = (group.name for group in BUREAU.groups)
FIRST, SECOND = Quarter(2027, 1), Quarter(2027, 2)
UNTIL = date(2027, 3, 15)
CHENGGUAN, DONGMEN, XIMEN = BUREAU.units[:3]
RULES, PLAN = FilingKind("rules", "考核细则"), FilingKind("plan", "{year}年方案", by_office=True)


def part(duty, **said):
    """A part about the stations' first quarter, three days before its deadline, unless it says otherwise."""
    usual = {} if {"month", "year"} & said.keys() else {"group": STATIONS, "quarter": FIRST}
    return Part(duty, **{**usual, "left": 3, "until": UNTIL, **said})


def filed(kind, unit, verdict):
    return Filed(1, kind.code, unit.code, 2027, 1, 9, "a.pdf", "周", datetime(2027, 1, 1, tzinfo=UTC), verdict)


def told(*parts, note=""):
    """The paragraphs of a reminder, without its head."""
    head, *rest = reminders_text.reminder(parts, note).split("\n\n")
    assert head == "<b>⏰ 考核提醒</b>"
    return rest


def test_an_assessor_is_told_what_is_left_to_inspect_and_what_lacks_a_reason():
    assert told(part(Duty.UNITS, units=(CHENGGUAN, DONGMEN), unexplained=5)) == [
        "<b>派出所考核小组</b>　2027年第一季度：还有 3 天，3月15日截止。\n"
        "还有 2 个单位没有检查完毕，点单位可以登记扣分或标记检查完毕：\n"
        "您有 5 笔扣分没写原因，发送 /mine 补上。"
    ]
    assert told(part(Duty.UNITS, unexplained=1)) == [
        "<b>派出所考核小组</b>　2027年第一季度：还有 3 天，3月15日截止。\n您有 1 笔扣分没写原因，发送 /mine 补上。"
    ]
    assert "没写原因" not in told(part(Duty.UNITS, units=(CHENGGUAN,)))[0]


@pytest.mark.parametrize(
    ("left", "when"),
    [(1, "还有 1 天，3月15日截止"), (0, "今天（3月15日）截止"), (-2, "已过期限 2 天（3月15日截止）")],
)
def test_a_head_is_told_what_is_in_the_way_of_submitting(left, when):
    head = f"<b>派出所考核小组</b>　2027年第一季度：{when}，还没有提交。"
    assert told(part(Duty.SUBMISSION, left=left, units=(CHENGGUAN, DONGMEN), unexplained=5)) == [
        f"{head}\n未检查 2 个：城关派出所、东门派出所\n⚠ 5 笔没写原因，补齐前不能提交"
    ]
    assert told(part(Duty.SUBMISSION, left=left, unexplained=5)) == [f"{head}\n⚠ 5 笔没写原因，补齐前不能提交"]
    assert told(part(Duty.SUBMISSION, left=left)) == [f"{head}\n全部单位已检查完毕，原因也齐了，可以提交。"]


def test_of_many_units_twelve_are_named_and_their_number_told():
    units = tuple(BUREAU.units) * 2
    text = told(part(Duty.SUBMISSION, units=units[:12]))[0]
    assert text.endswith("未检查 12 个：" + "、".join(unit.name for unit in units[:12]))
    text = told(part(Duty.SUBMISSION, units=units[:13]))[0]
    assert text.endswith("未检查 13 个：" + "、".join(unit.name for unit in units[:12]) + "等 13 个")


def test_the_office_is_told_how_far_each_group_is():
    parts = (
        part(Duty.OVERVIEW, left=0, done=3, total=22, unexplained=5),
        part(Duty.OVERVIEW, left=-1, group=OFFICES, quarter=SECOND, done=18, total=19),
    )
    assert told(*parts, note="注") == [
        "<b>派出所考核小组</b>　2027年第一季度：还没有提交，今天（3月15日）截止\n　检查完毕 3 / 22，5 笔没写原因\n"
        "<b>机关科室及实战所队考核小组</b>　2027年第二季度：还没有提交，已过期限 1 天（3月15日截止）　⚠\n　检查完毕 18 / 19\n"
        "详细情况发送 /progress，确有特殊情况可用 /extend 延期。",
        "注",
    ]


def test_a_leader_is_told_the_same_and_that_it_leads_and_is_offered_no_extension():
    parts = (
        part(Duty.SUMMARY, done=3, total=22, leads=True),
        part(Duty.SUMMARY, group=OFFICES, done=18, total=19),
    )
    assert told(*parts, part(Duty.OVERVIEW, done=3, total=22)) == [
        "<b>派出所考核小组</b>　2027年第一季度：还没有提交，还有 3 天，3月15日截止\n　检查完毕 3 / 22\n"
        "　您是这个季度的带队局领导。\n"
        "<b>机关科室及实战所队考核小组</b>　2027年第一季度：还没有提交，还有 3 天，3月15日截止\n　检查完毕 18 / 19"
    ]


def test_each_of_a_units_people_is_told_what_it_has_to_do_with_the_month():
    january, until = Month(2027, 1), date(2027, 2, 5)
    at = {"month": january, "until": until}
    due = "<b>城关派出所</b>：2027年1月民警成绩，还有 3 天，2月5日前要报考评办"
    assert told(
        part(Duty.MONTHLY, unit=CHENGGUAN, **at),
        part(Duty.MONTHLY, unit=DONGMEN, lack=Lack.NO_OFFICERS, left=0, **at),
        part(Duty.MONTHLY, unit=XIMEN, lack=Lack.NO_METHOD, **at),
        part(Duty.SIGNATURE, unit=CHENGGUAN, number=7, **at),
        part(Duty.RETURNS, month=january, done=2, total=9),
        part(Duty.RETURNS, month=Month(2027, 2), total=4),
    ) == [
        f"{due}。点下面的按钮核对后报送。",
        "<b>东门派出所</b>：2027年1月民警成绩，今天（2月5日）要报考评办。本单位还没有花名册，请先发送 /roster 导入。",
        f"{due.replace('城关', '西门')}。本单位的考核办法还不完整，请先发送 /method 报送。",
        f"{due}，联络员已报送，等您签字。",
        "2027年1月民警成绩：还有 9 个单位没有报来（其中 2 个待本单位签字），发送 /returns 查看。",
        "2027年2月民警成绩：还有 4 个单位没有报来，发送 /returns 查看。",
    ]


def test_who_files_is_told_which_documents_and_the_office_whose_are_missing():
    owed = (
        Owed(RULES, CHENGGUAN),
        Owed(RULES, DONGMEN, filed(RULES, DONGMEN, Verdict.RETURNED)),
        Owed(PLAN, None),
    )
    assert told(part(Duty.FILING, year=2027, owed=owed), part(Duty.UNFILED, year=2027, left=-1, total=8, owed=owed)) == [
        "<b>备案文件</b>　2027年：还有 3 天，3月15日截止。还没有报送：\n　城关派出所《考核细则》\n"
        "　东门派出所《考核细则》（已退回，请改好后重报）\n　考评办《2027年方案》\n点下面的按钮，再发送文件。",
        "<b>备案文件</b>　2027年：已过期限 1 天（3月15日截止），应报 8 份，还缺 3 份（其中已退回 1 份）："
        "城关派出所、东门派出所、考评办。详细情况发送 /filings 2027。",
    ]  # fmt: skip


def test_of_many_documents_twelve_are_named_and_of_a_unit_with_two_its_name_once():
    units = tuple(BUREAU.units)
    owed = tuple(Owed(kind, unit) for kind in (RULES, FilingKind("b", "乙")) for unit in units)
    filing, missing = told(
        part(Duty.FILING, year=2027, owed=owed), part(Duty.UNFILED, year=2027, total=20, owed=owed)
    )
    assert filing.count("《") == 12
    assert "　等 14 份\n" in filing
    assert missing.endswith(
        "还缺 14 份：" + "、".join(unit.name for unit in units) + "。详细情况发送 /filings 2027。"
    )


def test_each_button_leads_to_what_its_label_says():
    january = {"month": Month(2027, 1), "until": UNTIL}
    stations, offices = short(STATIONS), short(OFFICES)
    assert reminders_text.buttons(
        (part(Duty.UNITS, units=(CHENGGUAN, DONGMEN, XIMEN)), part(Duty.SUBMISSION))
    ) == (
        (Button("城关派出所", "go:chengguan:2027Q1"), Button("东门派出所", "go:dongmen:2027Q1")),
        (Button("西门派出所", "go:ximen:2027Q1"),),
        (Button("提交", f"stb:SUBMIT:{stations}:2027Q1"), Button("看进度", f"prog:{stations}:2027Q1")),
    )
    assert reminders_text.buttons(
        (part(Duty.SUBMISSION), part(Duty.SUBMISSION, quarter=SECOND), part(Duty.OVERVIEW, group=OFFICES))
    ) == (
        (Button("提交 2027年第一季度", f"stb:SUBMIT:{stations}:2027Q1"), Button("看进度 2027年第一季度", f"prog:{stations}:2027Q1")),
        (Button("提交 2027年第二季度", f"stb:SUBMIT:{stations}:2027Q2"), Button("看进度 2027年第二季度", f"prog:{stations}:2027Q2")),
        (Button("看进度：机关科室及实战所队考核小组 2027年第一季度", f"prog:{offices}:2027Q1"),),
    )  # fmt: skip
    assert reminders_text.buttons(
        (
            part(Duty.MONTHLY, unit=DONGMEN, **january),
            part(Duty.SIGNATURE, unit=CHENGGUAN, number=7, **january),
            part(Duty.FILING, year=2027, owed=(Owed(RULES, CHENGGUAN), Owed(PLAN, None))),
            part(Duty.SUMMARY),
            part(Duty.RETURNS, **january),
            part(Duty.UNFILED, year=2027, owed=(Owed(RULES, DONGMEN),)),
        )
    ) == (
        (Button("核对并报送：东门派出所 1月", "mrb:dongmen:2027-01"),),
        (Button("核对并签字：城关派出所 1月", "mrh:7"),),
        (Button("报送：城关派出所　考核细则", "fl:2027:rules:chengguan"),),
        (Button("报送：考评办　2027年方案", "fl:2027:plan:"),),
    )


def test_who_looks_ahead_reads_one_line_of_each():
    january = {"month": Month(2027, 1), "until": UNTIL}
    assert reminders_text.about(
        (
            part(Duty.UNITS),
            part(Duty.SUMMARY, group=OFFICES, left=0),
            part(Duty.MONTHLY, unit=CHENGGUAN, left=-2, **january),
            part(Duty.RETURNS, **january),
            part(Duty.FILING, year=2027, owed=(Owed(RULES, CHENGGUAN), Owed(PLAN, None))),
        )
    ) == (
        "检查和补原因提醒　派出所考核小组 2027年第一季度（还有 3 天）；各组进度　机关科室及实战所队考核小组 2027年第一季度（当天）；"
        "民警成绩报送提醒　城关派出所 2027年1月（逾期 2 天）；民警成绩报送情况　2027年1月（还有 3 天）；备案提醒　2027年 2 份（还有 3 天）"
    )
    assert reminders_text.about_chat(OFFICES, SECOND) == "进度图　机关科室及实战所队考核小组 2027年第二季度"


# Progress


def unit(unit_, *, inspected=False, entries=0, unexplained=0, appeals=0):
    return UnitProgress(unit_, inspected, entries, unexplained, appeals)


PROGRESS = Progress(
    BUREAU.groups[0],
    FIRST,
    (
        unit(CHENGGUAN, inspected=True, entries=4, unexplained=2, appeals=1),
        unit(DONGMEN, entries=3, appeals=2),
        unit(XIMEN),
    ),
    (UNDONE,) * 2,
    None,
)


def test_how_far_a_group_is_counts_units_entries_and_appeals_each_for_itself():
    assert progress_text.progress(PROGRESS, "还有 3 天").split("\n") == [
        "<b>派出所考核小组</b>　2027年第一季度",
        "检查完毕 <b>1 / 3</b> 个单位",
        "还有 3 天",
        "⚠ 2 笔没写原因，补齐前不能提交",
        "⚠ 3 件申诉待裁定，裁定前不能审定",
    ]
    assert (
        progress_text.details(PROGRESS)
        == "未检查：东门派出所、西门派出所\n没写原因：王 2 笔。请本人发送 /mine 补上。"
    )
    assert reminders_text.for_chat(PROGRESS, 3, UNTIL) == (
        "<b>⏰ 派出所考核小组</b>　2027年第一季度\n检查完毕 1 / 3 个单位，还有 3 天，3月15日截止。"
    )
