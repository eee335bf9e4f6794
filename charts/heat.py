"""The picture of units by items: the darker a cell, the more was lost there."""

from decimal import Decimal
from math import ceil

from charts import style
from charts.sheet import FOOT, HEAD, Sheet
from charts.values import HeatChart, HeatRow
from rules.points import shown

ROW = 54
GAP = 3
PLACE, NAME, CELLS, TOTAL = 84, 100, 330, style.WIDTH - style.MARGIN
"""Where things stand: the place's right edge, the name's left, the first cell's left, the total's right."""
ROOM = TOTAL - 96 - CELLS
MOST_COLUMNS = 9
"""So many columns at most, or their numbers could not be read; the ones that cost least become 其他."""
OTHERS = "其他"
NAME_SIZE = 22
LINES = 4
"""Lines of a column's name at most."""

SHADES = ("#f6f8fa", "#fdebc8", "#f9cf8f", "#f0a557", "#d9702b", "#a33d12")
"""From nothing to the most: each darker than the one before, also on a black-and-white print."""


def shade(lost: Decimal, most: Decimal) -> int:
    """Which shade a loss has: 0 for none, the last for the most."""
    if not lost or not most:
        return 0
    return min(len(SHADES) - 1, ceil(lost * (len(SHADES) - 1) / most))


def narrowed(chart: HeatChart) -> HeatChart:
    """The chart with no more columns than can be read."""
    if len(chart.columns) <= MOST_COLUMNS:
        return chart
    order = sorted(range(len(chart.columns)), key=lambda i: -chart.totals[i])
    kept, rest = sorted(order[: MOST_COLUMNS - 1]), order[MOST_COLUMNS - 1 :]
    rows = tuple(
        HeatRow(
            row.unit,
            row.place,
            (*(row.lost[i] for i in kept), sum((row.lost[i] or Decimal(0) for i in rest), Decimal(0))),
            row.total,
        )
        for row in chart.rows
    )
    return HeatChart(
        chart.frame,
        (*(chart.columns[i] for i in kept), OTHERS),
        rows,
        (*(chart.totals[i] for i in kept), sum((chart.totals[i] for i in rest), Decimal(0))),
    )


def draw(chart: HeatChart) -> Sheet:
    """The picture, as high as its rows ask."""
    chart = narrowed(chart)
    width = ROOM / max(1, len(chart.columns))
    heads = [folded(name, NAME_SIZE, width - 8) for name in chart.columns]
    top = HEAD + 16 + 28 * max((len(lines) for lines in heads), default=0) + 12
    sheet = Sheet(height=int(top + ROW * (len(chart.rows) + 1) + 28 + FOOT))
    sheet.frame(chart.frame)
    if not chart.rows:
        sheet.text(style.WIDTH / 2, top + ROW / 2, "没有可看的单位", 28, colour=style.QUIET, at="center")
        return sheet
    for index, lines in enumerate(heads):
        for number, line in enumerate(lines):
            y = top - 12 - 28 * (len(lines) - number) + 14
            sheet.text(CELLS + (index + 0.5) * width, y, line, NAME_SIZE, colour=style.QUIET, at="center")
    sheet.text(NAME, top - 26, "单位", NAME_SIZE, colour=style.QUIET)
    sheet.text(TOTAL, top - 26, "失分", NAME_SIZE, colour=style.QUIET, at="right")
    most = max((lost for row in chart.rows for lost in row.lost if lost is not None), default=Decimal(0))
    for number, row in enumerate(chart.rows):
        _row(sheet, top + ROW * number, row, width, most)
    _totals(sheet, top + ROW * len(chart.rows) + 12, chart, width)
    return sheet


def _row(sheet: Sheet, top: float, row: HeatRow, width: float, most: Decimal) -> None:
    y = top + ROW / 2
    sheet.text(PLACE, y, row.place, 26, colour=style.QUIET, at="right")
    left = NAME if row.place else style.MARGIN
    _name(sheet, left, y, row.unit)
    for index, lost in enumerate(row.lost):
        x = CELLS + index * width
        number = shade(lost or Decimal(0), most)
        sheet.box(
            x + GAP / 2,
            top + GAP / 2,
            width - GAP,
            ROW - GAP,
            SHADES[number] if lost is not None else style.PAPER,
        )
        text = "—" if lost is None else shown(lost) if lost else ""
        colour = style.PAPER if number >= len(SHADES) - 2 else style.INK if lost else style.QUIET
        sheet.text(x + width / 2, y, text, _size(text, width), colour=colour, at="center")
    sheet.text(TOTAL, y, shown(row.total), 26, bold=bool(row.total), at="right")


def _name(sheet: Sheet, x: float, y: float, name: str) -> None:
    """In one line, or smaller in two: long names differ in their middle, too."""
    room = CELLS - x - 10
    if style.text_width(name, 25) <= room:
        sheet.text(x, y, name, 25)
        return
    lines = folded(name, 20, room, 2)
    for index, line in enumerate(lines):
        sheet.text(x, y + (index - (len(lines) - 1) / 2) * 24, line, 20)


def _totals(sheet: Sheet, top: float, chart: HeatChart, width: float) -> None:
    sheet.box(style.MARGIN / 2, top - 6, style.WIDTH - style.MARGIN, 2, style.FAINT)
    y = top + ROW / 2
    sheet.text(NAME if chart.rows[0].place else style.MARGIN, y, "合计", 25, colour=style.HEAD, bold=True)
    for index, lost in enumerate(chart.totals):
        text = shown(lost)
        sheet.text(CELLS + (index + 0.5) * width, y, text, _size(text, width), bold=True, at="center")
    everything = shown(sum(chart.totals, Decimal(0)))
    sheet.text(TOTAL, y, everything, 26, colour=style.HEAD, bold=True, at="right")


def _size(text: str, width: float) -> float:
    """As large as fits the cell."""
    return next((size for size in (25, 22, 19) if style.text_width(text, size) <= width - 10), 16)


def folded(text: str, pixels: float, width: float, lines: int = LINES) -> list[str]:
    """The text in as few lines of that width as hold it, about as long as one another; a longer one loses its middle."""
    a_line = max(1, int(width // pixels))
    text = style.shortened(text, pixels, lines * a_line * pixels)
    count = max(1, -(-len(text) // a_line))
    each = -(-len(text) // count)
    return [text[start : start + each].strip("、，") for start in range(0, len(text), each)]
