"""Words and chart of a unit's score."""

from decimal import Decimal

from charts.values import Frame, ItemBar, ScoreChart
from handlers.frame import wording
from handlers.frame.periods import Chosen
from handlers.frame.reply import esc
from handlers.reports import entries_text
from rules.bureau import Bureau, Unit
from rules.calendar import Quarter
from rules.entries import Deduction
from rules.points import shown
from rules.scheme import Scheme
from rules.score import UnitScore, beyond_floor
from rules.table import Row, Table


def standing(table: Table) -> str:
    """How final a table is: 暂定 until every row is a confirmed result (R7)."""
    return "已审定" if table.final else "暂定"


def ask() -> str:
    """Which unit?"""
    return "查哪个单位的成绩？请先选序列"


def score(
    unit: Unit, table: Table, entries: list[Deduction], bureau: Bureau, chosen: Chosen, *, places: bool
) -> str:
    """Total, place, and what is left of each item that lost something."""
    row = _row(table, unit)
    lines = [
        f"<b>{esc(unit.name)}</b>　{wording.period(table.quarter)}（{standing(table)}）",
        f"总分 <b>{_total(table, row)}</b>，满分 {shown(_full(row.score))}",
    ]
    if places:
        lines.append(f"{esc(unit.sequence)}{place(row)}，共 {len(table.rows)} 个单位")
    if not row.inspected:
        lines.append("本季度未检查，按已登记的扣分计算")
    if chosen.as_of is not None:
        lines.append(at_the_end_of(chosen))
    lines.append(as_of(table, bureau))
    lines += entries_text.vetoes(entries)
    lines += ["", *_items(row.score)]
    if chosen.other is not None:
        lines += ["", late_note(table.quarter)]
    return "\n".join(lines)


def _row(table: Table, unit: Unit) -> Row:
    row = table.row(unit.code)
    assert row is not None
    return row


def _total(table: Table, row: Row) -> str:
    totals = [other.score.total for other in table.rows]
    return wording.scores(totals)[[other.unit.code for other in table.rows].index(row.unit.code)]


def _full(score: UnitScore) -> Decimal:
    return sum((item.item.points for item in score.items), Decimal(0))


def _items(score: UnitScore) -> list[str]:
    lost = [item for item in score.items if item.deducted]
    lines = []
    for item in lost:
        beyond = f"（已扣完，另有 {shown(item.beyond)} 分未计）" if item.beyond else ""
        lines.append(f"{esc(item.item.name)}　{shown(item.left)} / {shown(item.item.points)}{beyond}")
    whole = len(score.items) - len(lost)
    if not lost:
        return ["各项均为满分，没有扣分。"]
    return [*lines, f"其余 {whole} 项满分。"] if whole else lines


def place(row: Row) -> str:
    """第 2 名（并列）."""
    return f"第 {row.standing.place} 名" + ("（并列）" if row.standing.shared else "")


def as_of(table: Table, bureau: Bureau) -> str:
    """The last change that is in the figures."""
    if table.last_change is None:
        return "本季度还没有扣分记录"
    return f"截至 {wording.moment(table.last_change, bureau.calendar.zone)}"


def at_the_end_of(chosen: Chosen) -> str:
    """That the answer is about an earlier day."""
    assert chosen.as_of is not None
    return f"这是 {wording.day(chosen.as_of)}结束时的情况，之后的登记和更正没有算在内"


def subtitle(table: Table, chosen: Chosen) -> str:
    """Under the title of a chart: the period, and the day it is as of."""
    period = wording.period(table.quarter)
    return f"{period}　{wording.day(chosen.as_of)}结束时" if chosen.as_of else period


def late_note(quarter: Quarter) -> str:
    """Why the answer is about a quarter that is over."""
    return f"{wording.period(quarter)}已过期限、尚未公布，所以先答这一季度。"


def entries(entries: list[Deduction], table: Table, unit: Unit, bureau: Bureau) -> str:
    """The deductions that made the score, newest last; what is beyond the floor is said at each (R3)."""
    if not entries:
        return ""
    return "\n".join(["<b>扣分明细</b>", *_entry_lines(entries, table, unit, bureau)])


def details(entries: list[Deduction], table: Table, unit: Unit, bureau: Bureau) -> str:
    """The same as an answer of its own."""
    head = f"<b>{esc(unit.name)}</b>　{wording.period(table.quarter)}扣分明细，共 {len(entries)} 笔"
    return "\n".join([head, "", *_entry_lines(entries, table, unit, bureau)])


def _entry_lines(entries: list[Deduction], table: Table, unit: Unit, bureau: Bureau) -> list[str]:
    scheme = Scheme(unit.category, tuple(score.item for score in _row(table, unit).score.items))
    living = [entry.taken for entry in entries if entry.lives and scheme.item(entry.item) is not None]
    return entries_text.lines(entries, bureau, beyond=beyond_floor(scheme, living), files={})


def chart(unit: Unit, table: Table, bureau: Bureau, chosen: Chosen) -> ScoreChart:
    """The items as bars."""
    row = _row(table, unit)
    return ScoreChart(
        frame=Frame(
            title=f"{unit.name}　{_total(table, row)} 分",
            subtitle=subtitle(table, chosen),
            as_of=as_of(table, bureau),
            mark=standing(table),
        ),
        items=tuple(ItemBar(i.item.name, i.item.points, i.left, i.beyond) for i in row.score.items),
    )
