"""The picture of two to four units side by side: on each item what each of them lost."""

from decimal import Decimal

from charts import style
from charts.sheet import FOOT, HEAD, Sheet
from charts.values import CompareChart, CompareItem
from rules.points import shown

LINE = 34
BAR = 24
NAME = 52
GAP = 22
LEFT, RIGHT = style.MARGIN, style.WIDTH - style.MARGIN
BARS = LEFT + 16
ROOM = RIGHT - 120 - BARS
"""Pixels for the longest bar."""


def draw(chart: CompareChart) -> Sheet:
    """The picture, as high as its items and units ask."""
    item = NAME + LINE * len(chart.units) + GAP
    top = HEAD + 12 + 44 * len(chart.units) + 20
    sheet = Sheet(height=top + item * max(1, len(chart.items)) + FOOT)
    sheet.frame(chart.frame)
    for index, (name, score) in enumerate(chart.units):
        y = HEAD + 30 + 44 * index
        sheet.box(LEFT, y - 12, 24, 24, style.STACK[index])
        sheet.text(LEFT + 38, y, style.shortened(name, 28, 760), 28)
        sheet.text(RIGHT, y, score, 30, bold=True, at="right")
    most = max((lost for i in chart.items for lost in i.lost if lost is not None), default=Decimal(0))
    for index, value in enumerate(chart.items):
        _item(sheet, top + item * index, value, most)
    return sheet


def _item(sheet: Sheet, top: float, item: CompareItem, most: Decimal) -> None:
    sheet.box(LEFT, top, RIGHT - LEFT, 2, style.FAINT)
    sheet.text(LEFT, top + NAME / 2 + 2, style.shortened(item.name, 28, 700), 28)
    sheet.text(RIGHT, top + NAME / 2 + 2, f"满分 {shown(item.points)}", 22, colour=style.QUIET, at="right")
    for index, lost in enumerate(item.lost):
        y = top + NAME + LINE * index + LINE / 2
        width = float(lost / most) * ROOM if lost and most else 0.0
        sheet.box(BARS, y - BAR / 2, max(3.0, width), BAR, style.STACK[index])
        text = "没有这一项" if lost is None else f"−{shown(lost)}" if lost else "没有失分"
        colour = style.INK if lost else style.QUIET
        sheet.text(BARS + max(3.0, width) + 12, y, text, 22, colour=colour, bold=bool(lost))
