"""The table of criteria (细则): the template that is given out, and what came back, row by row."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from documents.workbooks import forms, tables
from documents.workbooks.cells import NOTHING, Wrong
from documents.workbooks.forms import Column, Form
from documents.workbooks.tables import Row as TableRow
from documents.workbooks.values import Kind, Workbook
from rules.points import shown
from rules.scheme import Criterion

ITEM, CODE, TEXT, POINTS, PER, MOST, VETO = "项目", "编号", "内容", "分值", "单位", "上限", "一票否决"
WHOLE, YES, NO = "全部", "是", "否"

FORM = Form(
    "细则",
    (
        Column(
            ITEM, 18, "这条细则属于哪个考核项目，与计分表一字不差，可在单元格里下拉选择。", needed=True,
            also=("考核项目", "所属项目", "项目名称", "考评项目"),
        ),
        Column(
            CODE, 10, "登记时用的编号，例如 2.3；字母、数字、点和短横线，整张表不重复。", needed=True, own=True,
            also=("细则编号", "细则号", "条款号", "条款编号", "代码"),
        ),
        Column(
            TEXT, 48, "扣分情形，200 字以内。", needed=True,
            also=(
                "细则内容", "细则", "扣分情形", "扣分内容", "考核内容", "考核标准", "具体内容", "情形", "评分细则",
                "扣分标准", "评分标准", "考核细则", "扣分细则", "扣分事项",
            ),
        ),
        Column(
            POINTS, 10, "每次扣几分，最多两位小数；该项不得分写“全部”；只作一票否决、不扣分的空着。", needed=True,
            also=("扣分", "扣分值", "每次扣分", "单次扣分", "扣分分值"),
        ),
        Column(PER, 8, "按什么计次，例如 次、处、人；可以空着。", also=("计次单位", "计量单位", "计次", "计分单位")),
        Column(
            MOST, 8, "一笔按这条最多扣几分；可以空着。", own=True,
            also=("扣分上限", "最高扣分", "最多扣分", "最多扣", "封顶", "封顶分"),
        ),
        Column(
            VETO, 10, "写“是”表示一票否决，在成绩旁边标出；其余写“否”或空着。",
            also=("否决", "是否一票否决", "是否否决", "一票否决项"),
        ),
    ),
)  # fmt: skip

YES_WORDS = frozenset({YES, "√", "✓", "✔", "有", "y", "yes", "true"})
NO_WORDS = frozenset({*NOTHING, NO, "×", "✗", "✘", "x", "n", "no", "false"})

NO_CAP = frozenset({"不封顶", "不限", "无上限", "不设上限", "扣完为止"})
"""What stands for no cap: no deduction takes more than its item has."""


@dataclass(frozen=True, slots=True)
class Row:
    """A criterion under its item."""

    item: str
    criterion: Criterion


Parsed = tables.Parsed[Row]


def by_item(rows: Iterable[Row]) -> dict[str, tuple[Criterion, ...]]:
    """The criteria under their items, in the table's order."""
    found: dict[str, tuple[Criterion, ...]] = {}
    for row in rows:
        found[row.item] = (*found.get(row.item, ()), row.criterion)
    return found


def template(category: str, items: Sequence[str], existing: Iterable[Row]) -> bytes:
    """An .xlsx to fill in, with the criteria there are already."""
    choices = {ITEM: items, VETO: (YES, NO)}
    return forms.template(FORM, f"{category}考核扣分细则", map(_values, existing), choices=choices)


def _values(row: Row) -> tuple[str, ...]:
    criterion = row.criterion
    points = WHOLE if criterion.whole else shown(criterion.points) if criterion.points is not None else ""
    most = shown(criterion.max) if criterion.max is not None else ""
    veto = YES if criterion.veto else NO
    return row.item, criterion.code, criterion.text, points, criterion.per, most, veto


def parse(workbook: Workbook, items: Mapping[str, Decimal]) -> Parsed:
    """The criteria in a workbook, for a scheme's items with their points."""
    codes: dict[str, int] = {}
    before: list[str] = [""]

    def read(row: TableRow) -> Row:
        criterion = _row(row, items, before[0])
        code = criterion.criterion.code
        before[0] = code
        other = codes.setdefault(code.casefold(), row.number)
        if code and other != row.number:
            row.wrong(CODE, f"编号“{code}”与第 {other} 行重复")
        return criterion

    return tables.read(workbook, FORM, read)


def _row(row: TableRow, items: Mapping[str, Decimal], before: str) -> Row:
    item = code = text = per = ""
    points = most = None
    whole = veto = False
    with row.noting():
        item = _item(row, items)
    with row.noting():
        code = _code(row, before)
    with row.noting():
        text = row.words(TEXT)
        if not 1 <= len(text) <= 200:
            raise Wrong(TEXT, "应写 1–200 个字")
    with row.noting():
        per = row.text(PER)
        if len(per) > 10:
            raise Wrong(PER, "最多 10 个字，例如 次、处、人")
    with row.noting():
        veto = _veto(row.text(VETO))
    largest = items.get(item, max(items.values()))
    with row.noting():
        whole = row.cell(POINTS).kind is Kind.TEXT and row.text(POINTS) == WHOLE
        points = None if whole else row.points(POINTS, largest)
        if points is None and not whole and not veto:
            raise Wrong(POINTS, f"没有填写。请写分值，或写“{WHOLE}”；只有一票否决可以不扣分")
    with row.noting():
        most = None if row.text(MOST) in NO_CAP else row.points(MOST, largest)
        _check_most(most, points)
    return Row(item, Criterion(code, text, points, per, most, whole, veto))


def _item(row: TableRow, items: Mapping[str, Decimal]) -> str:
    item = tables.bare_name(row.text(ITEM))
    if item not in items:
        raise Wrong(ITEM, f"没有“{item}”这个项目，现有：{'、'.join(items)}" if item else "没有填写")
    return item


def _code(row: TableRow, before: str) -> str:
    code = row.text(CODE)
    if re.fullmatch(r"(?=.{1,16}\Z)[A-Za-z0-9]{1,16}([.-][A-Za-z0-9]{1,8}){0,4}", code) is None:
        raise Wrong(CODE, f"“{code[:20]}”不能作编号，应是字母、数字、点和短横线，最多 16 个，例如 2.3")
    chapter, _, number = code.partition(".")
    if (
        row.cell(CODE).kind is Kind.NUMBER
        and number.isdecimal()
        and before == f"{chapter}.{10 * int(number) - 1}"
    ):
        # After 2.9 a number 2.1 is what Excel makes of a typed 2.10.
        raise Wrong(
            CODE,
            f"{row.address(CODE)} 是数字 {code}，上一条是 {before}：是 {code}0 吗？请把编号改成文本格式再填",
        )
    return code


def _check_most(most: Decimal | None, points: Decimal | None) -> None:
    if most is not None and points is None:
        raise Wrong(MOST, "只有按次扣分的细则才有上限，请清空")
    if most is not None and points is not None and most < points:
        raise Wrong(MOST, f"上限 {shown(most)} 分比每次的 {shown(points)} 分还少")


def _veto(word: str) -> bool:
    if word.casefold() not in YES_WORDS | NO_WORDS:
        raise Wrong(VETO, f"应写“{YES}”或“{NO}”，现在是“{word[:10]}”")
    return word.casefold() in YES_WORDS
