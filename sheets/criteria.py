"""The table of criteria (细则): the template that is given out, and what came back, row by row."""

import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import xlsxwriter

from rules.points import has_two_places, shown
from rules.scheme import Criterion
from sheets.values import Cell, RowProblem, Workbook

ITEM, CODE, TEXT, POINTS, PER, MOST, VETO = "项目", "编号", "内容", "分值", "单位", "上限", "一票否决"
COLUMNS = (ITEM, CODE, TEXT, POINTS, PER, MOST, VETO)
WHOLE, YES, NO = "全部", "是", "否"

HEAD_WITHIN = 10
"""The head row is looked for among the first rows."""

NOTES = (
    (ITEM, "这条细则属于哪个考核项目，与计分表一字不差，可在单元格里下拉选择。"),
    (CODE, "登记时用的编号，例如 2.3；字母、数字、点和短横线，整张表不重复。"),
    (TEXT, "扣分情形，200 字以内。"),
    (POINTS, "每次扣几分，最多两位小数；该项不得分写“全部”；只作一票否决、不扣分的空着。"),
    (PER, "按什么计次，例如 次、处、人；可以空着。"),
    (MOST, "一笔按这条最多扣几分；可以空着。"),
    (VETO, "写“是”表示一票否决，在成绩旁边标出；其余写“否”或空着。"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A criterion under its item."""

    item: str
    criterion: Criterion


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a workbook says: the good rows and what is wrong with the others."""

    rows: tuple[Row, ...]
    problems: tuple[RowProblem, ...]

    def by_item(self) -> dict[str, tuple[Criterion, ...]]:
        """The criteria under their items, in the table's order."""
        found: dict[str, tuple[Criterion, ...]] = {}
        for row in self.rows:
            found[row.item] = (*found.get(row.item, ()), row.criterion)
        return found


def template(category: str, items: Sequence[str], existing: Iterable[Row]) -> bytes:
    """An .xlsx to fill in, with what there is already; a person's text is never a formula."""
    out = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1, "align": "center"})
        title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        text = book.add_format({"text_wrap": True, "border": 1, "valign": "vcenter", "num_format": "@"})
        sheet = book.add_worksheet("细则")
        sheet.merge_range(0, 0, 0, len(COLUMNS) - 1, f"{category}考核扣分细则", title)
        for column, name in enumerate(COLUMNS):
            sheet.write_string(1, column, name, head)
        for number, row in enumerate(existing, start=2):
            for column, value in enumerate(_values(row)):
                sheet.write_string(number, column, value, text)
        for column, width in enumerate((18, 10, 48, 10, 8, 8, 10)):
            sheet.set_column(column, column, width, text)
        sheet.data_validation(2, 0, 2000, 0, {"validate": "list", "source": list(items)})
        sheet.data_validation(2, 6, 2000, 6, {"validate": "list", "source": [YES, NO]})
        sheet.freeze_panes(2, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, 1)
        notes = book.add_worksheet("填写说明")
        notes.set_column(0, 0, 12)
        notes.set_column(1, 1, 80)
        for number, (name, meaning) in enumerate(NOTES):
            notes.write_string(number, 0, name, head)
            notes.write_string(number, 1, meaning, text)
    return out.getvalue()


def _values(row: Row) -> tuple[str, ...]:
    criterion = row.criterion
    points = WHOLE if criterion.whole else shown(criterion.points) if criterion.points is not None else ""
    most = shown(criterion.max) if criterion.max is not None else ""
    veto = YES if criterion.veto else NO
    return row.item, criterion.code, criterion.text, points, criterion.per, most, veto


class _Wrong(Exception):
    """A cell is not what its column takes."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column, self.message = column, message


def parse(workbook: Workbook, items: Mapping[str, Decimal]) -> Parsed:
    """The criteria in a workbook, for a scheme's items with their points."""
    found = _head(workbook)
    if found is None:
        missing = "、".join(COLUMNS)
        return Parsed((), (RowProblem(1, "表头", f"没有找到表头。第一行应有这些列：{missing}"),))
    rows, first, places = found
    good: list[Row] = []
    problems: list[RowProblem] = []
    codes: dict[str, int] = {}
    for number, cells in enumerate(rows[first:], start=first + 1):
        values = {name: cells[place] if place < len(cells) else None for name, place in places.items()}
        if all(value is None or not str(value).strip() for value in values.values()):
            continue
        try:
            row = _row(values, items)
            other = codes.setdefault(row.criterion.code.casefold(), number)
            if other != number:
                raise _Wrong(CODE, f"编号“{row.criterion.code}”与第 {other} 行重复")
            good.append(row)
        except _Wrong as wrong:
            problems.append(RowProblem(number, wrong.column, wrong.message))
    return Parsed(tuple(good), tuple(problems))


def _head(workbook: Workbook) -> tuple[tuple[tuple[Cell, ...], ...], int, dict[str, int]] | None:
    """The rows, the place of the first one after the head, and where each column is."""
    for sheet in workbook.sheets:
        for number, cells in enumerate(sheet.rows[:HEAD_WITHIN]):
            names = [_text(cell) for cell in cells]
            places = {name: names.index(name) for name in COLUMNS if name in names}
            if {ITEM, CODE, TEXT, POINTS} <= places.keys():
                return sheet.rows, number + 1, places
    return None


def _row(values: Mapping[str, Cell], items: Mapping[str, Decimal]) -> Row:
    item = _text(values.get(ITEM))
    if item not in items:
        raise _Wrong(ITEM, f"没有“{item}”这个项目，现有：{'、'.join(items)}" if item else "没有填写")
    code = _text(values.get(CODE))
    if re.fullmatch(r"(?=.{1,16}\Z)[A-Za-z0-9]{1,16}([.-][A-Za-z0-9]{1,8}){0,4}", code) is None:
        raise _Wrong(CODE, f"“{code[:20]}”不能作编号，应是字母、数字、点和短横线，最多 16 个，例如 2.3")
    text = _text(values.get(TEXT))
    if not 1 <= len(text) <= 200:
        raise _Wrong(TEXT, "应写 1–200 个字")
    per = _text(values.get(PER))
    if len(per) > 10:
        raise _Wrong(PER, "最多 10 个字，例如 次、处、人")
    veto = _veto(_text(values.get(VETO)))
    whole = _text(values.get(POINTS)) == WHOLE
    points = None if whole else _points(values.get(POINTS), POINTS, items[item])
    if points is None and not whole and not veto:
        raise _Wrong(POINTS, f"没有填写。请写分值，或写“{WHOLE}”；只有一票否决可以不扣分")
    most = _points(values.get(MOST), MOST, items[item])
    if most is not None and points is None:
        raise _Wrong(MOST, "只有按次扣分的细则才有上限，请清空")
    if most is not None and points is not None and most < points:
        raise _Wrong(MOST, f"上限 {shown(most)} 分比每次的 {shown(points)} 分还少")
    return Row(item, Criterion(code, text, points, per, most, whole, veto))


def _veto(word: str) -> bool:
    if word not in {"", YES, NO}:
        raise _Wrong(VETO, f"应写“{YES}”或“{NO}”，现在是“{word[:10]}”")
    return word == YES


def _points(cell: Cell, column: str, most: Decimal) -> Decimal | None:
    text = _text(cell)
    if not text:
        return None
    try:
        points = Decimal(text.removesuffix("分"))
    except InvalidOperation:
        raise _Wrong(column, f"“{text[:20]}”不是数字，例如 0.5") from None
    if not has_two_places(points) or points <= 0:
        raise _Wrong(column, f"“{text[:20]}”应大于 0，最多两位小数")
    if points > most:
        raise _Wrong(column, f"超过了该项目的 {shown(most)} 分")
    return points


def _text(cell: Cell) -> str:
    """A cell as text: width normalised, a number as Excel shows it."""
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    return unicodedata.normalize("NFKC", str(cell)).strip() if cell is not None else ""
