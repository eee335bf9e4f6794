"""The table of a unit's own items (民警考核办法的本单位部分): the template that is given out, and what came back."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from rules.points import shown
from rules.scheme import FULL_MARKS, Item
from sheets import forms
from sheets.forms import Column, Form, Wrong
from sheets.values import Cell, Workbook

NAME, POINTS, ALIASES = "项目", "分值", "别名"
LONGEST = 20

FORM = Form(
    "考核办法",
    (
        Column(
            NAME, 24, f"考核项目，{LONGEST} 字以内，整张表不重复。共同部分的项目不要写在这里。", needed=True
        ),
        Column(POINTS, 10, "这一项的满分，最多两位小数。与共同部分合计 100 分。", needed=True),
        Column(ALIASES, 30, "登记时也可以用的叫法，几个之间用顿号隔开；可以空着。", needed=True),
    ),
)


def template(unit: str, year: int, own: Decimal, existing: Iterable[Item]) -> bytes:
    """An .xlsx to fill in, with the items there are already; `own` is what they must add up to."""
    title = f"{unit}{year}年民警考核办法（本单位部分，合计 {shown(own)} 分）"
    rows = [(item.name, shown(item.points), "、".join(item.aliases)) for item in existing]
    return forms.template(FORM, title, rows)


def parse(workbook: Workbook, common: Iterable[Item]) -> forms.Parsed[Item]:
    """The unit's own items in a workbook; none of their names is another's, or one of the common part's."""
    taken = {name: "与共同部分的项目重名" for item in common for name in (item.name, *item.aliases)}

    def row(values: Mapping[str, Cell], number: int) -> Item:
        item = _row(values)
        for column, names in ((NAME, (item.name,)), (ALIASES, item.aliases)):
            for name in names:
                if name in taken:
                    raise Wrong(column, f"“{name}”{taken[name]}")
        for name in (item.name, *item.aliases):
            taken[name] = f"与第 {number} 行重复"
        return item

    return forms.read(workbook, FORM, row)


def _row(values: Mapping[str, Cell]) -> Item:
    name = forms.text(values.get(NAME))
    if not 1 <= len(name) <= LONGEST:
        raise Wrong(NAME, f"应写 1–{LONGEST} 个字")
    points = forms.points(values.get(POINTS), POINTS, FULL_MARKS, of="")
    if points is None:
        raise Wrong(POINTS, "没有填写")
    words = (part.strip() for part in re.split(r"[、,;\n]", forms.text(values.get(ALIASES))))
    aliases = tuple(dict.fromkeys(word for word in words if word and word != name))
    if any(len(word) > LONGEST for word in aliases):
        raise Wrong(ALIASES, f"每个最多 {LONGEST} 个字")
    return Item(name, points, aliases)
