"""The table of deductions: the template that is given out, and the rows of one that came, as texts by column.

The ledger's sheet of an exported workbook is read by the same heads; what was taken back there is left out.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sheets import forms
from sheets.forms import Column, Form
from sheets.values import Cell, RowProblem, Workbook

UNIT, ITEM, POINTS, CRITERION, TIMES = "单位", "项目", "分值", "细则", "次数"
REASON, DAY, QUARTER, STATE = "原因", "检查日期", "季度", "状态"

FORM = Form(
    "扣分导入",
    (
        Column(
            UNIT, 20, "被扣分的单位，写全称或配置里的简称，例如 城关派出所。", needed=True,
            also=("单位名称", "被考核单位", "被扣分单位", "受检单位"),
        ),
        Column(ITEM, 18, "考核项目，与计分表一致；写了细则的可以空着。", needed=True, also=("考核项目", "扣分项目")),
        Column(
            POINTS, 8, "这一笔一共扣几分，大于 0，最多两位小数；写了细则的可以空着。", needed=True,
            also=("扣分", "扣分值", "扣分分值", "分数"),
        ),
        Column(CRITERION, 12, "细则编号，例如 2.1；没有就空着。", also=("细则编号", "细则号")),
        Column(TIMES, 8, "按细则扣分的，发现几次；空着就是 1 次。", also=("处数", "扣分次数")),
        Column(
            REASON, 48, "为什么扣分，必须写明；写了细则的可以空着。不能有身份证号、手机号、银行卡号。", needed=True,
            also=("扣分原因", "扣分理由", "理由", "事由", "存在问题"),
        ),
        Column(DAY, 14, "例如 2026-03-01；空着就是导入当天。", also=("日期", "检查时间", "扣分日期", "发现日期")),
        Column(QUARTER, 14, "例如 2026年第一季度；空着就是正在进行的季度。", also=("考核季度", "所属季度")),
    ),
)  # fmt: skip

_READ = Form(FORM.sheet, (*FORM.columns, Column(STATE, 8, "")))

TAKEN_BACK = ("已撤销", "已更正")
LONGEST_LIST = 255
"""Signs that Excel takes for a cell's choices."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row as its cells say, by Excel's number; an empty cell is an empty text."""

    row: int
    unit: str
    item: str
    points: str
    criterion: str
    times: str
    reason: str
    day: str
    quarter: str


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows to import, and how many were left out because they had been taken back."""

    lines: tuple[Line, ...]
    left_out: int
    problems: tuple[RowProblem, ...]


def template(title: str, units: Sequence[str], items: Sequence[str]) -> bytes:
    """An .xlsx to fill in; units and items are offered in their cells where Excel has room for the list."""
    offered = {UNIT: units, ITEM: items}
    choices = {name: some for name, some in offered.items() if len(",".join(some)) <= LONGEST_LIST}
    return forms.template(FORM, title, (), choices=choices)


def listed(workbook: Workbook) -> Listed:
    """The rows of the first sheet that has the heads."""
    parsed = forms.read(workbook, _READ, _line)
    lines = tuple(line for line in parsed.rows if line is not None)
    return Listed(lines, len(parsed.rows) - len(lines), parsed.problems)


def _line(values: Mapping[str, Cell], number: int) -> Line | None:
    if forms.text(values.get(STATE)).startswith(TAKEN_BACK):
        return None
    unit, item, points, criterion, times, quarter = (
        forms.text(values.get(name)) for name in (UNIT, ITEM, POINTS, CRITERION, TIMES, QUARTER)
    )
    return Line(
        number, unit, item, points, criterion, times, _kept(values.get(REASON)), _day(values.get(DAY)), quarter
    )


def _kept(cell: Cell) -> str:
    """Text as it was written, without signs that are none."""
    if not isinstance(cell, str):
        return forms.text(cell)
    return "".join(
        sign for sign in cell if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs"}
    ).strip()


def _day(cell: Cell) -> str:
    return f"{cell:%Y-%m-%d}" if isinstance(cell, date) else forms.text(cell)
