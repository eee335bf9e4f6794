"""Words and chart of where a sequence's points went."""

from fractions import Fraction

from charts.values import HeatChart, HeatRow
from handlers.frame import wording
from handlers.frame.periods import Chosen
from handlers.frame.reply import esc
from handlers.reports import surveys_text
from handlers.reports.surveys import Scored
from rules.bureau import Bureau, Sequence
from rules.grid import Grid, Line


def ask() -> str:
    """Which sequence?"""
    return "看哪个序列的失分分布？"


def text(sequence: Sequence, grid: Grid, scored: Scored, bureau: Bureau, *, places: bool) -> str:
    """What it is about, and where most was lost."""
    lines = surveys_text.head(f"{sequence.name}　失分分布", scored, bureau)
    if not places:
        lines.append("按配置的先后排列，不排名次（本局已关闭单项排名）")
    return "\n".join([*lines, "", _answer(grid)])


def _answer(grid: Grid) -> str:
    if not grid.total:
        return "各单位都没有失分。"
    share = surveys_text.percent(_worst(grid) / grid.total)
    return f"一共失 {wording.exact(grid.total)} 分，失在{esc(surveys_text.listed(grid.worst_items))}的最多，占 {share}。"


def _worst(grid: Grid) -> Fraction:
    return max(grid.totals) * len(grid.worst_items)


def lines(grid: Grid, *, places: bool) -> str:
    """Every unit with what it lost where."""
    return "\n".join(_line(grid, line, places=places) for line in grid.lines)


def _line(grid: Grid, line: Line, *, places: bool) -> str:
    parts = [
        f"{esc(column.name)} {wording.exact(lost)}"
        for column, lost in zip(grid.columns, line.lost, strict=True)
        if lost
    ]
    place = f"{line.standing.place}. " if places else ""
    return (
        f"{place}{esc(line.unit.name)}　失 {wording.exact(line.total)}{'：' if parts else ''}{'，'.join(parts)}"
    )


def details(sequence: Sequence, grid: Grid, chosen: Chosen, *, places: bool) -> str:
    """The same as an answer of its own."""
    head = f"<b>{esc(sequence.name)}</b>　{wording.period(chosen.period)}　失分分布"
    return f"{head}\n\n{lines(grid, places=places)}"


def chart(sequence: Sequence, grid: Grid, scored: Scored, bureau: Bureau, *, places: bool) -> HeatChart:
    """The grid, the darker the more was lost."""
    return HeatChart(
        frame=surveys_text.frame(_title(sequence, grid, places=places), scored, bureau),
        columns=tuple(column.name for column in grid.columns),
        rows=tuple(
            HeatRow(
                unit=line.unit.name,
                place=str(line.standing.place) if places else "",
                lost=tuple(None if lost is None else surveys_text.drawn(lost) for lost in line.lost),
                total=surveys_text.drawn(line.total),
            )
            for line in grid.lines
        ),
        totals=tuple(surveys_text.drawn(total) for total in grid.totals),
    )


def _title(sequence: Sequence, grid: Grid, *, places: bool) -> str:
    """The unit that lost most of everything, where places are shown and there is one; else the item."""
    if not grid.lines:
        return f"{sequence.name}：没有可看的单位"
    if not grid.total:
        return f"{sequence.name}：没有失分"
    unit = grid.worst_unit
    if places and unit is not None:
        return f"{sequence.name}：{unit.unit.name}占失分的 {surveys_text.percent(unit.total / grid.total)}"
    share = surveys_text.percent(_worst(grid) / grid.total)
    if len(grid.worst_items) == 1:
        return f"{sequence.name}：{grid.worst_items[0]}占失分的 {share}"
    return f"{sequence.name}：{surveys_text.listed(grid.worst_items)}失分最多"
