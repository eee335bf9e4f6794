"""The ledger (扣分台账) as a list: every entry with all that was added to it since, for the workbook and the CSV."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from documents.workbooks.book import Block, Column, Kind, Page, Value
from handlers.export.book_frame import notes, title
from handlers.export.gathering import Gathered, Ledger
from handlers.frame import wording
from handlers.reports.figures import Figures
from rules.bureau import Bureau
from rules.calendar import Quarter
from rules.entries import Deduction
from rules.exports import points_counted
from rules.refusals import NoScheme
from rules.scheme import Scheme

COLUMNS = (
    Column("记录号", Kind.COUNT, 7),
    Column("季度", Kind.CENTRED, 11),
    Column("单位", Kind.CENTRED, 14),
    Column("项目", Kind.CENTRED, 14),
    Column("细则", Kind.TEXT, 20),
    Column("扣分", Kind.SCORE, 7),
    Column("实际计入", Kind.SCORE, 7),
    Column("原因", Kind.TEXT, 30),
    Column("检查日期", Kind.DAY, 11),
    Column("登记时间", Kind.MOMENT, 16),
    Column("考核员", Kind.CENTRED, 9),
    Column("状态", Kind.CENTRED, 11),
    Column("更正自", Kind.COUNT, 7),
    Column("撤销或更正原因", Kind.TEXT, 18),
    Column("撤销人", Kind.CENTRED, 9),
    Column("证据编号", Kind.CENTRED, 10),
)
EMPTY = "没有扣分记录"


def page(found: Gathered) -> Page:
    """The sheet."""
    figures = {quarter: found.quarters[quarter].figures for quarter in found.asked}
    return Page(
        name="扣分台账",
        title=title(found, "扣分台账"),
        notes=notes(found, "“实际计入”是扣除超过项目满分的部分以后真正扣掉的分；已撤销的不计。"),
        blocks=(block(found.ledger, figures, found.bureau),),
        landscape=True,
        filtered=True,
    )


def block(ledger: Ledger, figures: Mapping[Quarter, Figures], bureau: Bureau) -> Block:
    """The rows under their heads."""

    def scheme_of(quarter: Quarter, unit: str) -> Scheme | None:
        there = next((other for other in figures[quarter].bureau.units if other.code == unit), None)
        try:
            return figures[quarter].scheme(there) if there is not None else None
        except NoScheme:
            return None

    counted = points_counted(ledger.entries, scheme_of)
    rows = tuple(
        _row(entry, bureau, counted[entry.number], ledger.files.get(entry.number, ()))
        for entry in ledger.entries
    )
    return Block(COLUMNS, rows, empty=EMPTY)


def _row(entry: Deduction, bureau: Bureau, counted: Decimal, files: tuple[int, ...]) -> tuple[Value, ...]:
    unit = bureau.find_unit(entry.unit)
    reversal = entry.reversal
    return (
        entry.number,
        f"{entry.quarter.year}年{wording.short(entry.quarter)}",
        unit.name if unit is not None else entry.unit,
        entry.item,
        _basis(entry),
        entry.points,
        counted,
        entry.reason or "",
        entry.inspected_on,
        _local(entry.at, bureau),
        entry.author,
        state(entry),
        entry.replaces,
        reversal.reason if reversal is not None else "",
        reversal.author if reversal is not None else "",
        "、".join(map(str, files)),
    )


def state(entry: Deduction) -> str:
    """有效, 已撤销, 已更正为 12."""
    if entry.lives:
        return "有效"
    return f"已更正为 {entry.replaced_by}" if entry.replaced_by is not None else "已撤销"


def _basis(entry: Deduction) -> str:
    if entry.basis is None:
        return ""
    times = f" ×{entry.basis.times}" if entry.basis.times > 1 else ""
    veto = "（一票否决）" if entry.basis.veto else ""
    return f"{entry.basis.code} {entry.basis.text}{times}{veto}"


def _local(moment: datetime, bureau: Bureau) -> datetime:
    return moment.astimezone(bureau.calendar.zone).replace(tzinfo=None, microsecond=0)
