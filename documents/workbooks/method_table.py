"""The table of a unit's own items (民警考核办法的本单位部分): the template that is given out, and what came back."""

import re
from collections.abc import Iterable
from decimal import Decimal

from documents.workbooks import forms, tables
from documents.workbooks.cells import NOTHING, Wrong
from documents.workbooks.forms import Column, Form
from documents.workbooks.tables import Parsed, Row
from documents.workbooks.values import Workbook
from rules.points import shown
from rules.scheme import FULL_MARKS, Item

NAME, POINTS, ALIASES = "项目", "分值", "别名"
LONGEST = 20

FORM = Form(
    "考核办法",
    (
        Column(
            NAME, 24, f"考核项目，{LONGEST} 字以内，整张表不重复。共同部分的项目不要写在这里。", needed=True,
            also=("考核项目", "项目名称", "考评项目", "一级指标", "指标名称", "考核指标", "考核内容", "考评内容"),
        ),
        Column(
            POINTS, 10, "这一项的满分，最多两位小数。与共同部分合计 100 分。", needed=True, own=True,
            also=("标准分", "标准分值", "满分", "项目分值", "分数", "基准分", "基础分", "权重分", "考核分值", "赋分", "总分"),
        ),
        Column(
            ALIASES, 30, "登记时也可以用的叫法，几个之间用顿号隔开；可以空着。", also=("简称", "又称", "其他叫法"),
        ),
    ),
    key=NAME,
    never=("单位", "被考核单位", "姓名", "编号", "细则编号", "原因", "扣分原因"),
)  # fmt: skip


def template(unit: str, year: int, own: Decimal, existing: Iterable[Item]) -> bytes:
    """An .xlsx to fill in, with the items there are already; `own` is what they must add up to."""
    title = f"{unit}{year}年民警考核办法（本单位部分，合计 {shown(own)} 分）"
    rows = [(item.name, shown(item.points), "、".join(item.aliases)) for item in existing]
    return forms.template(FORM, title, rows)


def parse(workbook: Workbook, common: Iterable[Item]) -> Parsed[Item]:
    """The unit's own items in a workbook; none of their names is another's, or one of the common part's."""
    taken = {name: "与共同部分的项目重名" for item in common for name in (item.name, *item.aliases)}

    def read(row: Row) -> Item:
        item = _row(row)
        for column, names in ((NAME, (item.name,)), (ALIASES, item.aliases)):
            for name in names:
                if name in taken:
                    row.wrong(column, f"“{name}”{taken[name]}")
        for name in (item.name, *item.aliases):
            taken.setdefault(name, f"与第 {row.number} 行重复")
        return item

    return tables.read(workbook, FORM, read)


def _row(row: Row) -> Item:
    name, points = "", None
    aliases: tuple[str, ...] = ()
    with row.noting():
        name = _name(row)
    with row.noting():
        points = row.points(POINTS, FULL_MARKS, of="")
        if points is None:
            raise Wrong(POINTS, "没有填写")
    with row.noting():
        aliases = _aliases(row, name)
    return Item(name, points or FULL_MARKS, aliases)


def _name(row: Row) -> str:
    name = tables.bare_name(row.text(NAME))
    if not 1 <= len(name) <= LONGEST:
        raise Wrong(NAME, f"应写 1–{LONGEST} 个字")
    return name


def _aliases(row: Row, name: str) -> tuple[str, ...]:
    words = (part.strip() for part in re.split(r"[、,;\n]", row.text(ALIASES)))
    aliases = tuple(dict.fromkeys(word for word in words if word not in NOTHING and word != name))
    if any(len(word) > LONGEST for word in aliases):
        raise Wrong(ALIASES, f"每个最多 {LONGEST} 个字")
    return aliases
