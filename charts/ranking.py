"""The picture of a ranking: best on top, what each unit lost stacked by item."""

from dataclasses import dataclass
from decimal import Decimal

from charts import style
from charts.sheet import FOOT, HEAD, Sheet, legend, legend_lines
from charts.values import RankingChart, RankingRow

ROW = 62
BAR = 30
PLACE, NAME, LOSS, SCORE = 84, 108, 470, style.WIDTH - style.MARGIN
"""Where things stand: the place's right edge, the name's left, the bar's left, the score's right."""
ROOM = SCORE - 130 - LOSS
"""Pixels for the longest bar."""
OTHERS = "其他"


@dataclass(frozen=True, slots=True)
class Stack:
    """The items that are told apart, with their colours, and each row's loss on them."""

    items: tuple[tuple[str, str], ...]
    lost: tuple[tuple[Decimal, ...], ...]
    most: Decimal
    """The loss of the row that lost most."""


def stack(chart: RankingChart) -> Stack:
    """Only items on which something was lost; where there are more than colours, the smallest become 其他."""
    totals = [sum((row.lost[i] for row in chart.rows), Decimal(0)) for i in range(len(chart.items))]
    used = [i for i, total in enumerate(totals) if total]
    kept = sorted(sorted(used, key=lambda i: -totals[i])[: _kept(len(used))])
    rest = [i for i in used if i not in kept]
    names = [chart.items[i] for i in kept] + ([OTHERS] if rest else [])
    lost = tuple(
        tuple([row.lost[i] for i in kept] + ([sum((row.lost[i] for i in rest), Decimal(0))] if rest else []))
        for row in chart.rows
    )
    most = max((sum(row, Decimal(0)) for row in lost), default=Decimal(0))
    return Stack(tuple(zip(names, style.STACK, strict=False)), lost, most)


def _kept(used: int) -> int:
    return used if used <= len(style.STACK) else len(style.STACK) - 1


def draw(chart: RankingChart) -> Sheet:
    """The picture, as high as its rows ask."""
    stacked = stack(chart)
    names = [name for name, _ in stacked.items]
    top = HEAD + (40 * legend_lines(names) + 16 if names else 0)
    sheet = Sheet(height=top + 52 + ROW * max(1, len(chart.rows)) + FOOT)
    sheet.frame(chart.frame)
    if names:
        legend(sheet, HEAD + 16, stacked.items)
    _heads(sheet, top + 20, chart, stacked)
    for index, row in enumerate(chart.rows):
        _row(sheet, top + 52 + ROW * index, row, stacked, stacked.lost[index], striped=index % 2 == 0)
    if not chart.rows:
        sheet.text(
            style.WIDTH / 2, top + 52 + ROW / 2, f"没有可排名的{chart.who}", 28, colour=style.QUIET, at="center"
        )
    return sheet


def _heads(sheet: Sheet, y: float, chart: RankingChart, stacked: Stack) -> None:
    sheet.text(NAME, y, chart.who, 22, colour=style.QUIET)
    what = f"失分构成（最多 {stacked.most.normalize():f} 分）" if stacked.most else "失分构成"
    sheet.text(LOSS, y, what, 22, colour=style.QUIET)
    sheet.text(SCORE, y, "得分", 22, colour=style.QUIET, at="right")


def _row(
    sheet: Sheet, top: float, row: RankingRow, stacked: Stack, lost: tuple[Decimal, ...], *, striped: bool
) -> None:
    y = top + ROW / 2
    if striped:
        sheet.box(style.MARGIN / 2, top, style.WIDTH - style.MARGIN, ROW, "#f6f8fa")
    first = row.place == "1"
    sheet.text(PLACE, y, row.place, 30, colour=style.ACCENT if first else style.QUIET, bold=first, at="right")
    tags = [word for word, shown in (("并列", row.shared), ("未检查", not row.inspected)) if shown]
    room = LOSS - NAME - 20 - sum(style.text_width(word, 18) + 28 for word in tags)
    name = style.shortened(row.unit, 28, room)
    sheet.text(NAME, y, name, 28, bold=first)
    x = NAME + style.text_width(name, 28) + 10
    for word in tags:
        x += sheet.tag(x, y, word, style.WARN if word == "未检查" else style.QUIET, pixels=18) + 8
    _bar(sheet, y, stacked, lost)
    sheet.text(SCORE, y, row.score, 32, bold=True, at="right")


def _bar(sheet: Sheet, y: float, stacked: Stack, lost: tuple[Decimal, ...]) -> None:
    if not sum(lost, Decimal(0)):
        sheet.text(LOSS, y, "没有失分", 22, colour=style.QUIET)
        return
    x = float(LOSS)
    for (_, colour), points in zip(stacked.items, lost, strict=True):
        width = float(points / stacked.most) * ROOM
        sheet.box(x, y - BAR / 2, width, BAR, colour)
        x += width
