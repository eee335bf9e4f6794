"""The table of a unit's officers (花名册): the template that is given out, and what came back, row by row."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from rules.officers import Officer, Service
from rules.private_numbers import find_private
from rules.refusals import NotADay, NotAnOfficer
from rules.roster import LONGEST_DUTY, Entered, check_day, check_duty, check_name, check_number
from sheets import forms
from sheets.forms import Column, Form, Wrong
from sheets.values import Cell, Workbook

NAME, NUMBER, DUTY, SINCE, UNTIL = "姓名", "警号", "职务", "到岗日期", "离岗日期"

FORM = Form(
    "花名册",
    (
        Column(NAME, 14, "民警姓名，必填。同名的要写警号区分。", needed=True),
        Column(NUMBER, 14, "字母和数字，例如 012345；可以空着。不要写身份证号、手机号。", needed=True),
        Column(DUTY, 20, f"本单位的叫法，例如 社区民警，{LONGEST_DUTY} 字以内；可以空着。"),
        Column(SINCE, 14, "从哪天起在本单位，例如 2026-01-01；新增的空着就是导入那天。", needed=True),
        Column(UNTIL, 14, "在本单位的最后一天；还在岗的空着。调到其他单位的请用 /roster 调离。"),
    ),
)


def template(unit: str, existing: Iterable[tuple[Officer, Service]]) -> bytes:
    """An .xlsx to fill in, with the officers there are already."""
    rows = [(o.name, o.number, o.duty, str(service.since), str(service.until or "")) for o, service in existing]
    return forms.template(FORM, f"{unit}民警花名册", rows)


def parse(workbook: Workbook, today: date) -> forms.Parsed[tuple[int, Entered]]:
    """The officers in a workbook, each with Excel's number of its row."""

    def row(values: Mapping[str, Cell], number: int) -> tuple[int, Entered]:
        return number, _row(values, today)

    return forms.read(workbook, FORM, row)


def _row(values: Mapping[str, Cell], today: date) -> Entered:
    return Entered(
        _checked(values, NAME, check_name),
        _checked(values, NUMBER, check_number),
        _checked(values, DUTY, check_duty),
        _day(values, SINCE, today),
        _day(values, UNTIL, today),
    )


def _checked(values: Mapping[str, Cell], column: str, check: Callable[[str], str]) -> str:
    text = forms.text(values.get(column))
    private = find_private(text)
    if private:
        raise Wrong(column, f"像是{private[0].kind.value}，不能写进花名册，请删去")
    try:
        return check(text)
    except NotAnOfficer:
        raise Wrong(column, _fault(column, text)) from None


def _fault(column: str, text: str) -> str:
    if column == NAME:
        return f"“{text[:20]}”不是姓名" if text else "没有填写"
    return (
        f"最多 {LONGEST_DUTY} 个字" if column == DUTY else f"“{text[:20]}”不能作警号，应是字母和数字，2–16 位"
    )


def _day(values: Mapping[str, Cell], column: str, today: date) -> date | None:
    def read(text: str) -> date | None:
        try:
            return check_day(text, today)
        except NotADay:
            return None

    return forms.day(values.get(column), column, read)
