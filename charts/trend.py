"""The picture of a unit's quarters: its scores as a line, below it its places where any is seen."""

from collections.abc import Sequence

from charts import style
from charts.sheet import FOOT, HEAD, Sheet
from charts.values import TrendChart, TrendPoint

SCORES = 350
PLACES = 270
HEADING = 66
LABELS = 112
"""Heights in pixels: of the two panels, of the words above each, of the quarters' names below."""
LEFT, RIGHT = 150, style.WIDTH - style.MARGIN - 60
RADIUS = 11
STEP = 5
"""The score axis ends at a multiple of it, and is twice as long at least."""


def lowest(chart: TrendChart) -> int:
    """The score at the foot of the axis, whose head is 100."""
    least = min((point.score for point in chart.points), default=100)
    span = max(2 * STEP, -(-(100 - int(least)) // STEP) * STEP)
    return 100 - span


def draw(chart: TrendChart) -> Sheet:
    """The picture; without any place it has one panel."""
    placed = any(point.place is not None for point in chart.points)
    below = HEADING + SCORES + (HEADING + PLACES if placed else 0)
    sheet = Sheet(height=HEAD + (below + LABELS if chart.points else 80) + FOOT)
    sheet.frame(chart.frame)
    if not chart.points:
        sheet.text(style.WIDTH / 2, HEAD + 40, "没有可看的季度", 28, colour=style.QUIET, at="center")
        return sheet
    _scores(sheet, HEAD, chart)
    if placed:
        _places(sheet, HEAD + HEADING + SCORES, chart)
    for index, point in enumerate(chart.points):
        _label(sheet, _x(chart, index), HEAD + below, point)
    return sheet


def _x(chart: TrendChart, index: int) -> float:
    """Quarters stand apart alike; a single one in the middle."""
    if len(chart.points) == 1:
        return (LEFT + RIGHT) / 2
    return LEFT + 60 + index * (RIGHT - LEFT - 120) / (len(chart.points) - 1)


def _scores(sheet: Sheet, top: float, chart: TrendChart) -> None:
    sheet.text(style.MARGIN, top + 28, "成绩", 26, colour=style.HEAD, bold=True)
    low, top = lowest(chart), top + HEADING
    for value in (100, (100 + low) / 2, low):
        _grid(sheet, top + (100 - value) / (100 - low) * (SCORES - 110) + 44, f"{value:g}")
    ys = [top + float(100 - point.score) / (100 - low) * (SCORES - 110) + 44 for point in chart.points]
    _line(sheet, chart, [(_x(chart, i), y) for i, y in enumerate(ys)], style.ACCENT)
    for index, (point, y) in enumerate(zip(chart.points, ys, strict=True)):
        sheet.text(_x(chart, index), y + _aside(ys, index), point.shown, 30, bold=True, at="center")


def _places(sheet: Sheet, top: float, chart: TrendChart) -> None:
    sheet.text(style.MARGIN, top + 28, "名次（第 1 名在上）", 26, colour=style.HEAD, bold=True)
    top += HEADING
    last = max((point.of for point in chart.points), default=1)
    for value in dict.fromkeys((1, last)):
        _grid(sheet, _down(top, value, last), shown_place(value))
    where = [
        (_x(chart, i), _down(top, point.place, last)) if point.place is not None else None
        for i, point in enumerate(chart.points)
    ]
    _line(sheet, chart, where, style.STACK[2])
    heights = [at[1] if at is not None else None for at in where]
    for index, (point, at) in enumerate(zip(chart.points, where, strict=True)):
        if at is not None:
            sheet.text(at[0], at[1] + _aside(heights, index), point.place_shown, 26, at="center")


def _aside(ys: Sequence[float | None], index: int) -> float:
    """How far from its dot a word stands: under it where the line comes down to it, else over it."""
    own = ys[index]
    beside = [y for y in (*ys[max(0, index - 1) : index], *ys[index + 1 : index + 2]) if y is not None]
    valley = own is not None and any(y < own for y in beside) and all(y <= own for y in beside)
    return 36 if valley else -34


def shown_place(value: int) -> str:
    """第 3."""
    return f"第 {value}"


def _down(top: float, place: int, last: int) -> float:
    return top + 44 + (place - 1) / max(1, last - 1) * (PLACES - 110)


def _grid(sheet: Sheet, y: float, label: str) -> None:
    sheet.box(LEFT, y - 1, RIGHT - LEFT, 2, style.FAINT)
    sheet.text(LEFT - 16, y, label, 22, colour=style.QUIET, at="right")


def _line(
    sheet: Sheet,
    chart: TrendChart,
    where: list[tuple[float, float]] | list[tuple[float, float] | None],
    colour: str,
) -> None:
    for index, at in enumerate(where):
        before = where[index - 1] if index else None
        if at is not None and before is not None:
            dashed = not chart.points[index].final or not chart.points[index - 1].final
            sheet.line([before, at], colour, width=5, dashed=dashed)
    for point, at in zip(chart.points, where, strict=True):
        if at is not None:
            sheet.dot(*at, RADIUS, colour, hollow=not point.final)


def _label(sheet: Sheet, x: float, top: float, point: TrendPoint) -> None:
    sheet.text(x, top + 20, point.label, 26, at="center", bold=True)
    sheet.text(
        x, top + 54, f"{point.year}　{'已审定' if point.final else '暂定'}", 22, colour=style.QUIET, at="center"
    )
    sheet.text(x, top + 86, point.note, 22, colour=style.WARN, at="center")
