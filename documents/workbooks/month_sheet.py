"""The finished table of a unit's month: officers × items with what each lost, and a mark where the month does not count (R9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from documents.workbooks import forms, tables
from documents.workbooks.cells import Wrong
from documents.workbooks.forms import Column, Form
from documents.workbooks.tables import FULL_MARKS_WORDS, HEAD, Parsed, Row
from documents.workbooks.values import RowProblem, Workbook
from rules.imports import looks_like_scores, says_counts, says_scores
from rules.months import Month
from rules.officers import Officer
from rules.points import has_two_places, shown
from rules.scheme import Item
from rules.text import name_key

NAME, NUMBER, MARK, REASON = "姓名", "警号", "标记", "原因"


@dataclass(frozen=True, slots=True)
class Line:
    """An officer's row: what the items lost in all, as far as the table says it."""

    row: int
    """Excel's number of it."""
    officer: int
    taken: tuple[tuple[str, Decimal], ...]
    mark: str | None
    """None: the table says nothing of it."""
    reason: str


def form(items: Sequence[Item], marks: Sequence[str]) -> Form:
    """The columns for a method's items."""
    return Form(
        "月度考核",
        (
            Column(NAME, 12, "花名册上的姓名。", needed=True, also=("民警姓名", "民警", "被考核人", "考核对象")),
            Column(NUMBER, 12, "警号；同名的必须写，其余可以空着。", also=("警员号", "民警警号")),
            *(
                Column(
                    item.name, 12, f"这一项当月一共扣几分，0 到 {shown(item.points)}；没有扣的空着。",
                    also=item.aliases, own=True, taken=True,
                )
                for item in items
            ),
            Column(
                MARK, 10, f"当月不计入或有系数的写：{'、'.join(marks)}；其余空着。",
                also=("当月情形", "情形", "当月情况", "考核情形"),
            ),
            Column(
                REASON, 40, "扣分原因，写一句话；空着就记为按考核表导入。",
                also=("扣分原因", "扣分理由", "扣分事由", "扣分情况", "扣分说明", "情况说明", "存在问题", "事由", "备注"),
            ),
        ),
        some_of=tuple(item.name for item in items),
        key=NAME,
        no_records=FULL_MARKS_WORDS,
        numbers=True,
    )  # fmt: skip


def template(
    unit: str,
    month: Month,
    items: Sequence[Item],
    marks: Sequence[str],
    rows: Sequence[tuple[Officer, Mapping[str, Decimal], str]],
) -> bytes:
    """An .xlsx with every officer, and what is logged already (in all, by item) with the mark of the month."""
    lines = [
        (
            officer.name,
            officer.number,
            *(shown(taken[item.name]) if taken.get(item.name) else "" for item in items),
            mark,
            "",
        )
        for officer, taken, mark in rows
    ]
    title = f"{unit}{month.year}年{month.number}月民警考核表"
    return forms.template(form(items, marks), title, lines, choices={MARK: marks})


def is_of(workbook: Workbook, items: Sequence[Item]) -> bool:
    """Whether the workbook holds a table of a month for these items."""
    return tables.is_of(workbook, form(items, ()))


def parse(
    workbook: Workbook, items: Sequence[Item], marks: Sequence[str], officers: Sequence[Officer]
) -> Parsed[Line]:
    """The rows of a filled table; each officer stands in it once."""
    seen: dict[int, int] = {}

    def read(row: Row) -> Line:
        officer = _officer(row, officers)
        other = seen.setdefault(officer.id, row.number)
        if other != row.number:
            row.wrong(NAME, f"“{officer.name}”与第 {other} 行重复")
        return _line(row, officer, items, marks)

    parsed = tables.read(workbook, form(items, marks), read)
    return replace(
        parsed,
        problems=(*_scores(parsed), *parsed.problems),
        notes=(*parsed.notes, *_not_there(workbook, items)),
    )


def _scores(parsed: Parsed[Line]) -> tuple[RowProblem, ...]:
    if says_scores(parsed.titles):
        return (RowProblem(1, HEAD, "标题说这是得分表。考核表里要写每项扣了几分，不是得了几分"),)
    if says_counts(parsed.titles):
        return (RowProblem(1, HEAD, "标题说这是数量表。考核表里要写每项扣了几分，不是有几个问题"),)
    return ()


def _not_there(workbook: Workbook, items: Sequence[Item]) -> tuple[str, ...]:
    """Which items have no column: they are taken for not said, and it is told."""
    found = tables.find(workbook, form(items, ())).tables
    missing = [item.name for item in items if found and not any(item.name in table.places for table in found)]
    return (f"表里没有这几列：{'、'.join(missing)}，按没有扣分算。",) if missing else ()


def _line(row: Row, officer: Officer, items: Sequence[Item], marks: Sequence[str]) -> Line:
    taken: dict[str, Decimal] = {}
    mark = ""
    for item in items:
        with row.noting():
            points = _taken(row, item)
            if points is not None:
                taken[item.name] = points
    with row.noting():
        mark = row.text(MARK)
        if mark and mark not in marks:
            raise Wrong(MARK, f"“{mark[:10]}”不能用，可以写：{'、'.join(marks)}")
    reason = row.words(REASON)
    if not row.problems:
        with row.noting():
            _check(row, taken, items)
            if reason in marks and not mark:
                raise Wrong(REASON, f"写的是“{reason}”：当月不计入或有系数的，请另加一列“{MARK}”写明")
    return Line(row.number, officer.id, tuple(taken.items()), mark or None, reason)


def _check(row: Row, taken: Mapping[str, Decimal], items: Sequence[Item]) -> None:
    """Refuse what cannot be deductions: scores, and a row whose own sum is another. Wrong."""
    total = sum(taken.values(), Decimal(0))
    if looks_like_scores(total, sum(points > 0 for points in taken.values()), len(items)):
        raise Wrong("合计", f"这一行各项相加是 {shown(total)}，像是得分，不是扣分。表里要写每项扣了几分")
    tables.check_sum(row, total)


def _officer(row: Row, officers: Sequence[Officer]) -> Officer:
    name, number = row.text(NAME), row.text(NUMBER)
    if not name:
        raise Wrong(NAME, "没有填写")
    meant = [o for o in officers if name_key(o.name) == name_key(name) and (not number or number == o.number)]
    if not meant:
        raise Wrong(
            NAME, f"花名册上没有“{name[:20]}{f'　{number[:20]}' if number else ''}”，请先用 /roster 登记"
        )
    if len(meant) > 1:
        raise Wrong(NUMBER, f"有 {len(meant)} 位“{name[:20]}”，请写警号")
    return meant[0]


def _taken(row: Row, item: Item) -> Decimal | None:
    points = row.number_in(item.name)
    if points is None:
        return None
    if not has_two_places(points):
        raise Wrong(item.name, f"“{points:f}”应是 0 或更大的数，最多两位小数")
    if points > item.points:
        raise Wrong(item.name, f"超过了该项目的 {shown(item.points)} 分")
    return points
