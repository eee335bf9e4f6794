"""The picture of a unit's score: each item's bar is what is left of what can be had."""

from charts import style
from charts.sheet import FOOT, HEAD, Sheet
from charts.values import ItemBar, ScoreChart
from rules.points import shown

ROW = 104
BAR = 28
LEFT = style.MARGIN
RIGHT = style.WIDTH - style.MARGIN


def draw(chart: ScoreChart) -> Sheet:
    """The picture, as high as its items ask."""
    sheet = Sheet(height=HEAD + ROW * len(chart.items) + 8 + FOOT)
    sheet.frame(chart.frame)
    for index, item in enumerate(chart.items):
        _row(sheet, HEAD + ROW * index, item)
    return sheet


def _row(sheet: Sheet, top: float, item: ItemBar) -> None:
    y = top + 24
    numbers = f"{shown(item.left)} / {shown(item.points)}"
    sheet.text(LEFT, y, style.shortened(item.name, 28, 560), 28)
    whole = item.left == item.points
    sheet.text(RIGHT, y, numbers, 30, bold=not whole, colour=style.QUIET if whole else style.INK, at="right")
    _bar(sheet, top + 50, item)
    if item.beyond:
        note = f"已扣完，另有 {shown(item.beyond)} 分未计"
        sheet.text(RIGHT - style.text_width(numbers, 30) - 20, y, note, 22, colour=style.WARN, at="right")


def _bar(sheet: Sheet, top: float, item: ItemBar) -> None:
    room = RIGHT - LEFT
    left = float(item.left / item.points) * room
    sheet.box(LEFT, top, left, BAR, style.ACCENT)
    sheet.box(LEFT + left, top, room - left, BAR, "#f3c9a5" if item.left < item.points else style.FAINT)
