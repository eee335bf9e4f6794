"""The picture of what points were lost to: a staircase, each step as long as its share of everything lost."""

from charts import style
from charts.sheet import FOOT, HEAD, Sheet
from charts.values import CauseBar, LossesChart
from rules.points import shown

ROW = 96
BAR = 26
LEFT, RIGHT = style.MARGIN, style.WIDTH - style.MARGIN
ROOM = RIGHT - 110 - LEFT
"""Pixels that stand for everything that was lost."""


def draw(chart: LossesChart) -> Sheet:
    """The picture, as high as its causes ask."""
    sheet = Sheet(height=HEAD + 44 + ROW * max(1, len(chart.causes)) + 8 + FOOT)
    sheet.frame(chart.frame)
    if not chart.causes:
        sheet.text(style.WIDTH / 2, HEAD + 44, "没有失分", 28, colour=style.QUIET, at="center")
        return sheet
    sheet.text(LEFT, HEAD + 14, "细则（没有引细则的列在项目下）", 22, colour=style.QUIET)
    sheet.text(RIGHT, HEAD + 14, "累计", 22, colour=style.QUIET, at="right")
    before = 0.0
    for index, cause in enumerate(chart.causes):
        _row(sheet, HEAD + 44 + ROW * index, cause, before)
        before = float(cause.cumulated)
    return sheet


def _row(sheet: Sheet, top: float, cause: CauseBar, before: float) -> None:
    numbers = f"{shown(cause.points)} 分"
    width = style.text_width(numbers, 26)
    y = top + 24
    sheet.text(RIGHT - 110, y, numbers, 26, bold=True, at="right")
    note_width = style.text_width(cause.note, 22)
    sheet.text(RIGHT - 110 - width - 18, y, cause.note, 22, colour=style.QUIET, at="right")
    room = ROOM - width - note_width - 44
    sheet.text(LEFT, y, style.shortened(cause.label, 26, room), 26, bold=cause.weighty)
    sheet.text(RIGHT, top + 44 + BAR / 2, cause.shown, 26, bold=cause.weighty, at="right")
    start, end = LEFT + before * ROOM, LEFT + float(cause.cumulated) * ROOM
    sheet.box(LEFT, top + 44, ROOM, BAR, "#f6f8fa")
    sheet.box(LEFT, top + 44, start - LEFT, BAR, style.FAINT)
    sheet.box(start, top + 44, max(3.0, end - start), BAR, style.ACCENT if cause.weighty else style.STACK[5])
