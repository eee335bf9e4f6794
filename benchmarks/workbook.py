"""A workbook of 20,000 entries given out and taken in, each in a process of its own, beside openpyxl in this one."""

import asyncio
import io
import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, Font, Side

from benchmarks.table import Benchmark, Row, medians
from documents.workbooks.book import Block, Book, Column, Kind, Page
from documents.workbooks.reader import read
from documents.workbooks.writer import write

ROWS, QUICK = 19_990, 2_000
"""With its heads, as many as a workbook that is taken in may have."""

COLUMNS = (
    Column("编号", Kind.COUNT, 8), Column("单位", Kind.TEXT, 16), Column("项目", Kind.TEXT, 14),
    Column("分值", Kind.SCORE, 8), Column("检查日期", Kind.DAY, 12), Column("登记时间", Kind.MOMENT, 18),
    Column("登记人", Kind.TEXT, 10), Column("原因", Kind.TEXT, 40),
)  # fmt: skip


def _book(rows: int) -> Book:
    day, at = date(2026, 11, 10), datetime(2026, 11, 10, 9, 30)  # noqa: DTZ001  as Excel knows no zone
    values = tuple(
        (n, f"城关{n % 41}派出所", "治安管理", Decimal(n % 400 + 1) / 100, day - timedelta(n % 90), at, "王伟",
         f"台账缺失，第 {n} 号案卷未按规定登记")
        for n in range(rows)
    )  # fmt: skip
    page = Page(
        "台账", "扣分台账", ("2026年第四季度",), (Block(COLUMNS, values),), landscape=True, filtered=True
    )
    return Book("扣分台账", "考评", "截至 11月10日", at, (page,))


async def measure(rounds: int, quick: bool) -> list[Row]:
    """Seconds from the values to the file and back to values."""
    book = _book(QUICK if quick else ROWS)
    pairs = []
    for _ in range(min(rounds, 3)):
        ours = await _ours(book)
        pairs.append((ours, await asyncio.to_thread(_theirs, book)))
    ours, theirs, ratio = medians(pairs)
    what = f"{len(book.pages[0].blocks[0].rows):,} 行的工作簿写出再读入"
    return [Row(what, ours, "openpyxl 做同样的事", theirs, "秒", "≤ 0.4", ratio <= 0.4, ratio)]


async def _ours(book: Book) -> float:
    began = time.perf_counter()
    back = await read(await write(book))
    seconds = time.perf_counter() - began
    assert len(back.sheets[0].rows) >= len(book.pages[0].blocks[0].rows)
    return seconds


def _theirs(book: Book) -> float:
    """The same cells with the same looks: fonts, borders, formats, widths, a head that stays and filters."""
    began = time.perf_counter()
    out = io.BytesIO()
    _written(book).save(out)
    sheet = openpyxl.load_workbook(io.BytesIO(out.getvalue()), data_only=True).active
    assert sheet is not None
    values = [tuple(row) for row in sheet.iter_rows(values_only=True)]
    seconds = time.perf_counter() - began
    assert len(values) >= len(book.pages[0].blocks[0].rows)
    return seconds


FORMATS = {Kind.SCORE: "0.00", Kind.DAY: "yyyy-mm-dd", Kind.MOMENT: "yyyy-mm-dd hh:mm"}


def _written(book: Book) -> openpyxl.Workbook:
    page = book.pages[0]
    workbook = openpyxl.Workbook()
    sheet: Any = workbook.active
    sheet.title = page.name
    line = Side(style="thin")
    border, font = Border(left=line, right=line, top=line, bottom=line), Font(name="宋体", size=10)
    centred, wrapped = (
        Alignment(horizontal="center", vertical="center"),
        Alignment(wrap_text=True, vertical="center"),
    )
    sheet.append([page.title])
    sheet.append(list(page.notes))
    sheet.append([column.head for column in page.blocks[0].columns])
    for place, row in enumerate(page.blocks[0].rows, start=4):
        # Asking the sheet for its last row looks at every cell: in this loop that would be most of openpyxl's time.
        for index, (value, column) in enumerate(zip(row, page.blocks[0].columns, strict=True), start=1):
            cell = sheet.cell(place, index, value)
            cell.border, cell.font = border, font
            cell.alignment = wrapped if column.kind is Kind.TEXT else centred
            if column.kind in FORMATS:
                cell.number_format = FORMATS[column.kind]
    for letter, column in zip("ABCDEFGH", page.blocks[0].columns, strict=True):
        sheet.column_dimensions[letter].width = column.width
    sheet.freeze_panes = "A4"
    sheet.auto_filter.ref = f"A3:H{len(page.blocks[0].rows) + 3}"
    return workbook


WORKBOOK = Benchmark("workbook", measure)
