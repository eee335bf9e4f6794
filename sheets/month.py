"""The finished table of a unit's month: officers × items with what each lost, and a mark where the month does not count (R9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from rules.months import Month
from rules.officers import Officer
from rules.points import has_two_places, shown
from rules.scheme import Item
from sheets import forms
from sheets.forms import Column, Form, Wrong
from sheets.values import Cell, Workbook

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
            Column(NAME, 12, "花名册上的姓名。", needed=True),
            Column(NUMBER, 12, "警号；同名的必须写，其余可以空着。"),
            *(
                Column(
                    item.name,
                    12,
                    f"这一项当月一共扣几分，0 到 {shown(item.points)}；没有扣的空着。",
                    needed=True,
                )
                for item in items
            ),
            Column(MARK, 10, f"当月不计入或有系数的写：{'、'.join(marks)}；其余空着。"),
            Column(REASON, 40, "扣分原因，写一句话；空着就记为按考核表导入。"),
        ),
    )


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


def parse(
    workbook: Workbook, items: Sequence[Item], marks: Sequence[str], officers: Sequence[Officer]
) -> forms.Parsed[Line]:
    """The rows of a filled table; each officer stands in it once."""
    seen: dict[int, int] = {}

    def row(values: Mapping[str, Cell], number: int) -> Line:
        officer = _officer(values, officers)
        other = seen.setdefault(officer.id, number)
        if other != number:
            raise Wrong(NAME, f"“{officer.name}”与第 {other} 行重复")
        taken = [(item.name, _taken(values.get(item.name), item)) for item in items]
        mark = forms.text(values.get(MARK))
        if mark and mark not in marks:
            raise Wrong(MARK, f"“{mark[:10]}”不能用，可以写：{'、'.join(marks)}")
        said = tuple((name, points) for name, points in taken if points is not None)
        return Line(number, officer.id, said, mark or None, forms.text(values.get(REASON)))

    return forms.read(workbook, form(items, marks), row)


def _officer(values: Mapping[str, Cell], officers: Sequence[Officer]) -> Officer:
    name, number = forms.text(values.get(NAME)), forms.text(values.get(NUMBER))
    if not name:
        raise Wrong(NAME, "没有填写")
    meant = [o for o in officers if o.name == name and (not number or number == o.number)]
    if not meant:
        raise Wrong(
            NAME, f"花名册上没有“{name[:20]}{f'　{number[:20]}' if number else ''}”，请先用 /roster 登记"
        )
    if len(meant) > 1:
        raise Wrong(NUMBER, f"有 {len(meant)} 位“{name[:20]}”，请写警号")
    return meant[0]


def _taken(cell: Cell, item: Item) -> Decimal | None:
    word = forms.text(cell).removesuffix("分").removeprefix("-")
    if not word:
        return None
    try:
        points = Decimal(word)
    except InvalidOperation:
        raise Wrong(item.name, f"“{word[:20]}”不是数字，例如 0.5") from None
    if not has_two_places(points) or points < 0:
        raise Wrong(item.name, f"“{word[:20]}”应是 0 或更大的数，最多两位小数")
    if points > item.points:
        raise Wrong(item.name, f"超过了该项目的 {shown(item.points)} 分")
    return points
