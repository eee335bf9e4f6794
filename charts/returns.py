"""The calendar of a year's returns: units by months, each cell in time, late, unsigned, missing or not due."""

from charts import style
from charts.sheet import FOOT, HEAD, Sheet, legend, legend_lines
from charts.values import CalendarBlock, CalendarCell, CalendarRow, ReturnsChart
from rules.returns import ReturnState

NAME = 300
"""Pixels for a unit's name."""
CELL = (style.WIDTH - 2 * style.MARGIN - NAME) / 12
ROW = 50
GAP = 4
TITLE = 62
"""Pixels for a block's name."""
MONTHS = 40
"""Pixels for the months' names above a block."""

COLOURS = {
    ReturnState.IN: "#0b8a72",
    ReturnState.LATE: "#f0a202",
    ReturnState.UNSIGNED: "#6fb7e9",
    ReturnState.MISSING: "#b3261e",
    ReturnState.DUE: "#dfe4e9",
    ReturnState.NOT_ASKED: "#f5f7f9",
}
WRITTEN = {
    ReturnState.IN: ("✔", style.PAPER),
    ReturnState.UNSIGNED: ("签", style.INK),
    ReturnState.MISSING: ("缺", style.PAPER),
}
"""What stands in a cell, and in which colour: it can be read without the colours, too."""
LEGEND = [
    (f"{state.value}{'（天）' if state is ReturnState.LATE else ''}", COLOURS[state]) for state in COLOURS
]


def draw(chart: ReturnsChart) -> Sheet:
    """The picture, as high as its blocks ask."""
    top = HEAD + 24 + 40 * legend_lines([name for name, _ in LEGEND])
    height = top + sum(_height(block) for block in chart.blocks) + FOOT + (0 if chart.blocks else 60)
    sheet = Sheet(height=height)
    sheet.frame(chart.frame)
    legend(sheet, HEAD + 16, LEGEND)
    y = float(top)
    for block in chart.blocks:
        _block(sheet, y, block, chart.month)
        y += _height(block)
    if not chart.blocks:
        sheet.text(style.WIDTH / 2, top + 30, "没有报送单位", 28, colour=style.QUIET, at="center")
    return sheet


def _height(block: CalendarBlock) -> int:
    return TITLE + MONTHS + ROW * len(block.rows) + 14


def _block(sheet: Sheet, top: float, block: CalendarBlock, month: int) -> None:
    here = sum(row.cells[month - 1].state in {ReturnState.IN, ReturnState.LATE} for row in block.rows)
    sheet.text(style.MARGIN, top + TITLE / 2, block.name, 30, colour=style.HEAD, bold=True)
    share = f"{month}月 {here} / {len(block.rows)}"
    sheet.text(style.WIDTH - style.MARGIN, top + TITLE / 2, share, 28, colour=style.QUIET, at="right")
    below = top + TITLE
    # Behind the cells, so that the month asked about stands out over the whole block.
    sheet.box(_left(month) - 2, below, CELL, MONTHS + ROW * len(block.rows), style.HEAD)
    for number in range(1, 13):
        chosen = number == month
        colour = style.PAPER if chosen else style.QUIET
        x = _left(number) + (CELL - GAP) / 2
        sheet.text(x, below + MONTHS / 2, f"{number}月", 22, colour=colour, bold=chosen, at="center")
    for index, row in enumerate(block.rows):
        _row(sheet, below + MONTHS + index * ROW, row)


def _left(month: int) -> float:
    return style.MARGIN + NAME + (month - 1) * CELL


def _row(sheet: Sheet, y: float, row: CalendarRow) -> None:
    name = style.shortened(row.unit, 25, NAME - 16)
    sheet.text(style.MARGIN, y + ROW / 2, name, 25)
    for number, cell in enumerate(row.cells, start=1):
        x = _left(number) + GAP / 2 - 2
        sheet.box(x, y + GAP / 2, CELL - GAP, ROW - GAP, COLOURS[cell.state])
        text, colour = _written(cell)
        size = 23 if len(text) < 4 else 18
        sheet.text(x + (CELL - GAP) / 2, y + ROW / 2, text, size, colour=colour, bold=bool(text), at="center")


def _written(cell: CalendarCell) -> tuple[str, str]:
    if cell.state is ReturnState.LATE:
        return f"+{cell.late}", style.INK
    return WRITTEN.get(cell.state, ("", style.INK))
