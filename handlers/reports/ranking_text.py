"""Words and chart of a ranking."""

from decimal import Decimal

from charts.values import Frame, RankingChart, RankingRow
from handlers.frame import wording
from handlers.frame.periods import Chosen
from handlers.frame.reply import esc
from handlers.reports.score_text import as_of, at_the_end_of, late_note, standing, subtitle
from rules.bureau import Bureau, Sequence, Unit
from rules.table import Row, Table


def ask() -> str:
    """Which sequence?"""
    return "看哪个序列的排名？"


def head(sequence: Sequence, table: Table, left_out: list[Unit], bureau: Bureau, chosen: Chosen) -> str:
    """What the ranking is, how final, and what is not in it."""
    lines = [
        f"<b>{esc(sequence.name)}</b>　{wording.period(table.quarter)}（{standing(table)}）",
        as_of(table, bureau),
    ]
    if chosen.as_of is not None:
        lines.append(at_the_end_of(chosen))
    unseen = sum(1 for row in table.rows if not row.inspected)
    if unseen:
        lines.append(f"{unseen} 个单位本季度未检查，按已登记的扣分列入")
    if table.unscored:
        lines.append(f"没有计分表，未排名：{esc('、'.join(unit.name for unit in table.unscored))}")
    if left_out:
        lines.append(f"您应回避、未列入：{esc('、'.join(unit.name for unit in left_out))}")
    if chosen.other is not None:
        lines.append(late_note(table.quarter))
    return "\n".join(lines)


def places(table: Table) -> str:
    """Every unit with its place and score."""
    shown = wording.scores([row.score.total for row in table.rows])
    return "\n".join(_line(row, total) for row, total in zip(table.rows, shown, strict=True))


def _line(row: Row, total: str) -> str:
    shared = "（并列）" if row.standing.shared else ""
    unseen = "　未检查" if not row.inspected else ""
    veto = "　⚠一票否决" if row.vetoed else ""
    return f"{row.standing.place}. {esc(row.unit.name)}　<b>{total}</b>{shared}{unseen}{veto}"


def all_places(sequence: Sequence, table: Table) -> str:
    """The places as an answer of their own."""
    return (
        f"<b>{esc(sequence.name)}</b>　{wording.period(table.quarter)}（{standing(table)}）\n\n{places(table)}"
    )


def chart(sequence: Sequence, table: Table, bureau: Bureau, chosen: Chosen) -> RankingChart:
    """The bars, best on top; the first places in the title."""
    items = tuple(dict.fromkeys(item.item.name for row in table.rows for item in row.score.items))
    totals = wording.scores([row.score.total for row in table.rows])
    return RankingChart(
        frame=Frame(
            title=_title(sequence, table),
            subtitle=subtitle(table, chosen),
            as_of=as_of(table, bureau),
            mark=standing(table),
        ),
        items=items,
        rows=tuple(_bar(row, total, items) for row, total in zip(table.rows, totals, strict=True)),
    )


def _title(sequence: Sequence, table: Table) -> str:
    first = leaders(table)
    return f"{sequence.name}：{first}" if first else sequence.name


def leaders(table: Table) -> str:
    """Who is first; empty for a table without rows."""
    first = [row.unit.name for row in table.rows if row.standing.place == 1]
    if not first:
        return ""
    if len(first) == len(table.rows) > 1:
        return "各单位同分"
    if len(first) > 2:
        return f"{len(first)} 个单位并列第一"
    return f"{'、'.join(first)}{'并列' if len(first) > 1 else ''}第一"


def _bar(row: Row, total: str, items: tuple[str, ...]) -> RankingRow:
    lost = {item.item.name: item.lost for item in row.score.items}
    return RankingRow(
        place=str(row.standing.place),
        shared=row.standing.shared,
        unit=row.unit.name,
        score=total,
        total=row.score.total,
        lost=tuple(lost.get(name, Decimal(0)) for name in items),
        inspected=row.inspected,
    )
