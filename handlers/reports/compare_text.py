"""Words and chart of units side by side."""

from fractions import Fraction

from charts.values import CompareChart, CompareItem
from handlers.frame import wording
from handlers.frame.periods import Chosen
from handlers.frame.reply import esc
from handlers.reports import surveys_text
from handlers.reports.surveys import Scored
from rules.bureau import Bureau
from rules.grid import Grid, Line

LINES = 12
"""Items that stand in the caption; the picture has them all."""


def text(grid: Grid, scored: Scored, bureau: Bureau, *, places: bool) -> str:
    """The totals, and where they differ."""
    lines = surveys_text.head("对比", scored, bureau)
    totals = wording.means([line.score for line in grid.lines])
    lines += [
        f"{esc(line.unit.name)}　<b>{total}</b> 分" for line, total in zip(grid.lines, totals, strict=True)
    ]
    return "\n".join([*lines, "", f"{esc(_answer(grid, places=places))}。"])


def items(grid: Grid) -> str:
    """What each lost on each item, where any lost something."""
    lines = []
    for index, column in enumerate(grid.columns):
        lost = [line.lost[index] for line in grid.lines]
        if any(lost):
            lines.append(f"{esc(column.name)}：{' / '.join(_lost(value) for value in lost)}")
    return "\n".join(["失分（依次）", *lines]) if lines else "各项都没有失分。"


def _lost(value: Fraction | None) -> str:
    return "—" if value is None else wording.exact(value)


def details(grid: Grid, chosen: Chosen) -> str:
    """The same as an answer of its own."""
    units = " / ".join(esc(line.unit.name) for line in grid.lines)
    return f"<b>对比</b>　{wording.period(chosen.period)}\n{units}\n\n{items(grid)}"


def chart(grid: Grid, scored: Scored, bureau: Bureau, *, places: bool) -> CompareChart:
    """The items, what each unit lost on each."""
    totals = wording.means([line.score for line in grid.lines])
    return CompareChart(
        frame=surveys_text.frame(_answer(grid, places=places), scored, bureau),
        units=tuple((line.unit.name, f"{total} 分") for line, total in zip(grid.lines, totals, strict=True)),
        items=tuple(
            CompareItem(
                column.name,
                surveys_text.drawn(column.points),
                tuple(
                    None if (lost := line.lost[index]) is None else surveys_text.drawn(lost)
                    for line in grid.lines
                ),
            )
            for index, column in enumerate(grid.columns)
        ),
    )


def _answer(grid: Grid, *, places: bool) -> str:
    """Who is ahead, where places may be told, and the item on which they are furthest apart."""
    widest = grid.widest
    apart = f"差距最大在{widest[0]}，差 {wording.exact(widest[1])} 分" if widest else "各项失分都一样"
    best = max((line.score for line in grid.lines), default=Fraction(0))
    ahead = [line for line in grid.lines if line.score == best]
    if not places:
        return apart
    if len(ahead) > 1:
        return apart if not widest else f"{_level(grid, ahead)}，{apart}"
    return f"{ahead[0].unit.name}{_by(grid, ahead[0])}，{apart}"


def _level(grid: Grid, ahead: list[Line]) -> str:
    return "总分相同" if len(ahead) == len(grid.lines) else f"{len(ahead)} 个单位并列最高"


def _by(grid: Grid, first: Line) -> str:
    if len(grid.lines) > 2:
        return "最高"
    other = min(line.score for line in grid.lines)
    return f"高 {wording.exact(first.score - other)} 分"
