"""The table of a unit's officers (花名册): the template that is given out, and what came back, row by row."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date

from documents.workbooks import forms, tables
from documents.workbooks.cells import NOTHING, Wrong
from documents.workbooks.forms import Column, Form
from documents.workbooks.tables import HEAD, NOTE, Parsed, Row, Table
from documents.workbooks.values import Kind, RowProblem, Workbook
from rules.officers import Officer, Service
from rules.private_numbers import find_private
from rules.reading import read_day
from rules.refusals import NotAnOfficer
from rules.roster import LONGEST_DUTY, YEARS, Entered, check_duty, check_name, check_number
from rules.text import person_name

NAME, NUMBER, DUTY, SINCE, UNTIL = "姓名", "警号", "职务", "到岗日期", "离岗日期"

STILL_HERE = frozenset({"至今", "今", "在岗", "在职", "现任", "在编", "目前在岗"})
"""What stands in the column of the last day of who is there."""

VACANT = frozenset({"空缺", "缺编", "空编", "缺员", "待定", "待补", "暂缺", "暂无", "空岗"})
"""What stands for the name where nobody holds a post."""

_GONE = re.compile("调出|调离|离岗|离职|离任|退休|辞职|辞退|开除|去世|历任|往年")
"""How a part of a list is headed that tells who was there before."""

FORM = Form(
    "花名册",
    (
        Column(
            NAME, 14, "民警姓名，必填。同名的要写警号区分。", needed=True, also=("民警姓名", "名字", "民警", "人员姓名"),
        ),
        Column(
            NUMBER, 14, "字母和数字，例如 012345；可以空着。不要写身份证号、手机号。", own=True,
            also=("警员号", "警官号", "民警警号", "警号码", "警官证号"),
        ),
        Column(
            DUTY, 20, f"本单位的叫法，例如 社区民警，{LONGEST_DUTY} 字以内；可以空着。",
            also=("职务岗位", "岗位", "工作岗位", "职务名称", "现任职务", "岗位职务"),
        ),
        Column(
            SINCE, 14, "从哪天起在本单位，例如 2026-01-01；新增的空着就是导入那天。",
            also=(
                "到岗时间", "到所时间", "到所日期", "到队时间", "到队日期", "到科时间", "来所时间",
                "到单位时间", "到本单位时间", "到任时间",
                "到任日期", "调入时间", "调入日期", "报到时间", "报到日期", "入所时间", "到岗年月",
            ),
        ),
        Column(
            UNTIL, 14, "在本单位的最后一天；还在岗的空着。调到其他单位的请用 /roster 调离。",
            also=("离岗时间", "离所时间", "离所日期", "离队时间", "调离时间", "调离日期", "调出时间", "调出日期", "离任时间"),
        ),
    ),
    some_of=(NUMBER, DUTY, SINCE),
    key=NAME,
    no_records=VACANT,
)  # fmt: skip

_NAMES_ALONE = replace(FORM, some_of=())


def template(unit: str, existing: Iterable[tuple[Officer, Service]]) -> bytes:
    """An .xlsx to fill in, with the officers there are already."""
    rows = [(o.name, o.number, o.duty, str(service.since), str(service.until or "")) for o, service in existing]
    return forms.template(FORM, f"{unit}民警花名册", rows)


def parse(workbook: Workbook, today: date) -> Parsed[tuple[int, Entered]]:
    """The officers in a workbook, each with Excel's number of its row."""
    form = FORM if tables.is_of(workbook, FORM) else _NAMES_ALONE
    parsed = tables.read(workbook, form, lambda row: (row.number, _row(row, today)))
    found = tables.find(workbook, form).tables
    gone = [problem for table in found for problem in tables.named(_gone(table), table, found)]
    return replace(parsed, problems=(*gone, *parsed.problems))


def _gone(table: Table) -> Iterator[RowProblem]:
    """Where a part of the list says that its people have left, and no column says when: they would be taken for present."""
    headings = [
        *table.titles,
        *(text for text in table.left_out(NOTE) if not text.startswith(("注", "备注", "说明"))),
    ]
    heading = next((text for text in headings if _GONE.search(text)), None)
    if heading is not None and UNTIL not in table.places:
        message = f"“{heading[:20]}”里的人像是已经离开。请删去，或加一列“{UNTIL}”写明最后一天"
        yield RowProblem(table.head, HEAD, message)


def _check_not_heading(row: Row) -> None:
    """Refuse a name alone in its row, where others say more: it may as well head the rows below. Wrong."""
    grid = row.table.grid
    if len(grid.row(row.number)) == 1 and any(len(grid.row(other.number)) > 1 for other in row.table.rows):
        name = row.text(NAME)[:20]
        raise Wrong(NAME, f"这一行只有“{name}”。是姓名的请在同一行写上警号或职务，是小标题的请删去")


def _row(row: Row, today: date) -> Entered:
    name = number = duty = ""
    since = until = None
    with row.noting():
        name = _checked(row, NAME, check_name)
        _check_not_heading(row)
    with row.noting():
        number = _checked(row, NUMBER, check_number)
    with row.noting():
        duty = _checked(row, DUTY, check_duty)
    with row.noting():
        since = _day(row, SINCE, today)
    with row.noting():
        until = _day(row, UNTIL, today)
    return Entered(name, number, duty, since, until)


def _checked(row: Row, column: str, check: Callable[[str], str]) -> str:
    text = row.text(column)
    private = find_private(text)
    if private:
        raise Wrong(column, f"像是{private[0].kind.value}，不能写进花名册，请删去")
    try:
        return check(person_name(text) if column == NAME else "" if text in NOTHING else text)
    except NotAnOfficer:
        raise Wrong(column, _fault(column, text)) from None


def _fault(column: str, text: str) -> str:
    if column == NAME:
        return f"“{text[:20]}”不是姓名" if text else "没有填写"
    return (
        f"最多 {LONGEST_DUTY} 个字" if column == DUTY else f"“{text[:20]}”不能作警号，应是字母和数字，2–16 位"
    )


def _day(row: Row, column: str, today: date) -> date | None:
    if column == UNTIL and row.cell(column).kind is Kind.TEXT and row.text(column) in STILL_HERE:
        return None
    day = row.day(column, lambda month, number: read_day(f"{month}月{number}日", today), month=column == SINCE)
    if day is not None and day.year not in YEARS:
        raise Wrong(column, f"“{day}”不是日期，例如 2026-03-01")
    return day
