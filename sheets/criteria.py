"""The table of criteria (细则): the template that is given out, and what came back, row by row."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rules.points import shown
from rules.scheme import Criterion
from sheets import forms
from sheets.forms import Column, Form, Wrong
from sheets.values import Cell, Workbook

ITEM, CODE, TEXT, POINTS, PER, MOST, VETO = "项目", "编号", "内容", "分值", "单位", "上限", "一票否决"
WHOLE, YES, NO = "全部", "是", "否"

FORM = Form(
    "细则",
    (
        Column(ITEM, 18, "这条细则属于哪个考核项目，与计分表一字不差，可在单元格里下拉选择。", needed=True),
        Column(CODE, 10, "登记时用的编号，例如 2.3；字母、数字、点和短横线，整张表不重复。", needed=True),
        Column(TEXT, 48, "扣分情形，200 字以内。", needed=True),
        Column(
            POINTS,
            10,
            "每次扣几分，最多两位小数；该项不得分写“全部”；只作一票否决、不扣分的空着。",
            needed=True,
        ),
        Column(PER, 8, "按什么计次，例如 次、处、人；可以空着。"),
        Column(MOST, 8, "一笔按这条最多扣几分；可以空着。"),
        Column(VETO, 10, "写“是”表示一票否决，在成绩旁边标出；其余写“否”或空着。"),
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A criterion under its item."""

    item: str
    criterion: Criterion


Parsed = forms.Parsed[Row]


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

    def row(values: Mapping[str, Cell], number: int) -> Row:
        found = _row(values, items)
        other = codes.setdefault(found.criterion.code.casefold(), number)
        if other != number:
            raise Wrong(CODE, f"编号“{found.criterion.code}”与第 {other} 行重复")
        return found

    return forms.read(workbook, FORM, row)


def _row(values: Mapping[str, Cell], items: Mapping[str, Decimal]) -> Row:
    item = forms.text(values.get(ITEM))
    if item not in items:
        raise Wrong(ITEM, f"没有“{item}”这个项目，现有：{'、'.join(items)}" if item else "没有填写")
    code = forms.text(values.get(CODE))
    if re.fullmatch(r"(?=.{1,16}\Z)[A-Za-z0-9]{1,16}([.-][A-Za-z0-9]{1,8}){0,4}", code) is None:
        raise Wrong(CODE, f"“{code[:20]}”不能作编号，应是字母、数字、点和短横线，最多 16 个，例如 2.3")
    text = forms.text(values.get(TEXT))
    if not 1 <= len(text) <= 200:
        raise Wrong(TEXT, "应写 1–200 个字")
    per = forms.text(values.get(PER))
    if len(per) > 10:
        raise Wrong(PER, "最多 10 个字，例如 次、处、人")
    veto = _veto(forms.text(values.get(VETO)))
    whole = forms.text(values.get(POINTS)) == WHOLE
    points = None if whole else forms.points(values.get(POINTS), POINTS, items[item])
    if points is None and not whole and not veto:
        raise Wrong(POINTS, f"没有填写。请写分值，或写“{WHOLE}”；只有一票否决可以不扣分")
    most = forms.points(values.get(MOST), MOST, items[item])
    if most is not None and points is None:
        raise Wrong(MOST, "只有按次扣分的细则才有上限，请清空")
    if most is not None and points is not None and most < points:
        raise Wrong(MOST, f"上限 {shown(most)} 分比每次的 {shown(points)} 分还少")
    return Row(item, Criterion(code, text, points, per, most, whole, veto))


def _veto(word: str) -> bool:
    if word not in {"", YES, NO}:
        raise Wrong(VETO, f"应写“{YES}”或“{NO}”，现在是“{word[:10]}”")
    return word == YES
