"""A book's values → an .xlsx: native charts, frozen heads, filters, pages to print and sign. No cell is a formula."""

import io
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import xlsxwriter

from documents.workbooks import look
from documents.workbooks.book import Bars, Block, Book, Column, Lines, Page, Value
from documents.workbooks.look import Look
from documents.workbooks.text import cell

OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
PIXELS = 4 / 3
"""In a point of height."""
MOST_BREAKS = 1_000
"""Excel takes 1,023 in a sheet."""
LINES_HEIGHT = 16
"""Rows that the chart of lines takes."""


def write(book: Book) -> bytes:
    """The workbook; the same values give the same bytes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as workbook:
        workbook.set_properties({"title": cell(book.title), "author": cell(book.author), "created": book.made})
        formats = Look(workbook)
        for page in book.pages:
            _Sheet(workbook, formats, book, page).write()
    return out.getvalue()


class _Sheet:
    """One page on its way into the workbook; `row` is where it goes on."""

    def __init__(self, workbook: Any, formats: Look, book: Book, page: Page) -> None:
        self.workbook, self.formats, self.book, self.page = workbook, formats, book, page
        self.sheet = workbook.add_worksheet(page.name)
        self.row = 0
        self.heights: list[float] = []
        """Of each row, in points."""
        self.parts: list[int] = []
        """The rows at which something begins that is better not torn apart."""
        self.firsts: list[int] = []
        """The first row of each block's values."""
        count = max(len(block.columns) for block in page.blocks)
        self.widths = [0.0] * count
        for block in page.blocks:
            last = len(block.columns) - 1 if block.stretched and len(block.columns) < count else count
            for index, column in enumerate(block.columns[:last]):
                self.widths[index] = max(self.widths[index], column.width)
        self.count = count
        self.beside = count + 1 if any(block.bars for block in page.blocks) else None
        """The column at which charts beside their blocks begin."""
        if self.beside is not None:
            self.widths += [look.GAP, *look.CHART_WIDTH]

    def write(self) -> None:
        """All of it, from top to bottom."""
        for index, width in enumerate(self.widths):
            self.sheet.set_column(index, index, width)
        self._across(self.page.title, self.formats.title, look.TITLE)
        for note in self.page.notes:
            self._across(note, self.formats.note, 15.0 * look.lines(note, sum(self.widths)))
        top = self.row
        for block in self.page.blocks:
            self.parts.append(self.row)
            self._block(block)
        if self.page.lines is not None:
            self.parts.append(self.row)
            self._lines(self.page.lines)
        self.parts.append(self.row)
        for signature in self.page.signatures:
            self._across(signature, self.formats.signature, look.SIGNATURE)
        look.on_paper(self.sheet, self.page, self.book)
        self.sheet.print_area(0, 0, self.row - 1, len(self.widths) - 1)
        head = self.firsts[0] if self.page.filtered else top
        self.sheet.freeze_panes(head, 0)
        self.sheet.repeat_rows(0, head - 1)
        if not self.page.fits_one:
            room = look.room(self.page, self.widths) - sum(self.heights[:head])
            self.sheet.set_h_pagebreaks(_breaks([*self.parts, self.row], self.heights, room))
        self.sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def _high(self, height: float) -> None:
        self.sheet.set_row(self.row, height)
        self.heights.append(height)

    def _across(self, text: str, format_: Any, height: float) -> None:
        self._high(height)
        if len(self.widths) > 1:
            self.sheet.merge_range(self.row, 0, self.row, len(self.widths) - 1, "", format_)
        self.sheet.write_string(self.row, 0, cell(text), format_)
        self.row += 1

    def _block(self, block: Block) -> None:
        above = self.row
        if block.title:
            self._high(26)
            self.sheet.write_string(self.row, 0, cell(block.title), self.formats.block)
            self.row += 1
        self._high(look.head_height(block.columns))
        last = self._last(block)
        for index, column in enumerate(block.columns):
            self._stretch(index, last, self.formats.head)
            self.sheet.write_string(self.row, index, cell(column.head), self.formats.head)
        head = self.row
        self.row += 1
        self.firsts.append(self.row)
        self._rows(block)
        if self.page.filtered and len(self.firsts) == 1:
            self.sheet.autofilter(head, 0, max(head, self.row - 1), len(block.columns) - 1)
        if block.bars is not None and block.rows:
            self._bars(block.bars, above, self.firsts[-1], self.row - 1)
        if not self.page.filtered or len(self.page.blocks) > 1 or self.page.lines is not None:
            self._high(8)
            self.row += 1

    def _last(self, block: Block) -> tuple[int, int]:
        """The index of the block's last column, and of the last one that it covers."""
        last = len(block.columns) - 1
        return last, self.count - 1 if block.stretched else last

    def _stretch(self, index: int, last: tuple[int, int], format_: Any) -> None:
        if index == last[0] < last[1]:
            self.sheet.merge_range(self.row, index, self.row, last[1], "", format_)

    def _rows(self, block: Block) -> None:
        formats = [self.formats.column(column) for column in block.columns]
        last = self._last(block)
        for values in block.rows:
            lines = _lines_of(values, block.columns)
            self._stretch(len(block.columns) - 1, last, formats[-1])
            self._high(look.ROW if lines == 1 else 6 + 13.5 * lines)
            for index, (value, format_) in enumerate(zip(values, formats, strict=True)):
                _write(self.sheet, self.row, index, value, format_)
            self.row += 1
        if not block.rows:
            for index in range(len(block.columns)):
                self.sheet.write_blank(self.row, index, None, self.formats.empty)
            if len(block.columns) > 1:
                self.sheet.merge_range(self.row, 0, self.row, len(block.columns) - 1, "", self.formats.empty)
            self.sheet.write_string(self.row, 0, cell(block.empty), self.formats.empty)
            self._high(look.ROW)
            self.row += 1

    def _bars(self, bars: Bars, above: int, first: int, last: int) -> None:
        """A chart as high as the block beside it."""
        assert self.beside is not None
        chart = self.workbook.add_chart({"type": "bar"})
        name = self.page.name
        chart.add_series(
            {
                "categories": [name, first, bars.names, last, bars.names],
                "values": [name, first, bars.values, last, bars.values],
                "fill": {"color": look.ACCENT},
                "gap": 40,
                "data_labels": {"value": True, "font": {"size": 9, "name": look.BODY}},
            }
        )
        chart.set_title({"name": bars.title, "name_font": {"size": 10, "name": look.HEADING}, "overlay": False})
        chart.set_legend({"none": True})
        chart.set_y_axis(
            {"reverse": True, "num_font": {"size": 9, "name": look.BODY}, "major_tick_mark": "none"}
        )
        chart.set_x_axis({"min": bars.least, "visible": False, "major_gridlines": {"visible": False}})
        title = 26.0 if first - above == 2 else 0.0
        height = (title + sum(self.heights[first - 1 : last + 1])) * PIXELS
        chart.set_size({"width": sum(look.CHART_WIDTH) * 7.6, "height": height})
        chart.set_chartarea({"border": {"none": True}})
        self.sheet.insert_chart(above, self.beside, chart, {"object_position": 1})

    def _lines(self, lines: Lines) -> None:
        """A chart below the blocks, with a line for each row of one of them."""
        first = self.firsts[lines.block]
        name = self.page.name
        chart = self.workbook.add_chart({"type": "line"})
        for index, _ in enumerate(self.page.blocks[lines.block].rows):
            colour = look.COLOURS[index % len(look.COLOURS)]
            chart.add_series(
                {
                    "name": [name, first + index, lines.names],
                    "categories": [name, first - 1, lines.first, first - 1, lines.last],
                    "values": [name, first + index, lines.first, first + index, lines.last],
                    "line": {"color": colour, "width": 2},
                    "marker": {
                        "type": "circle",
                        "size": 6,
                        "fill": {"color": colour},
                        "border": {"color": colour},
                    },
                }
            )
        chart.set_title({"name": lines.title, "name_font": {"size": 11, "name": look.HEADING}})
        chart.set_legend({"position": "right", "font": {"size": 9, "name": look.BODY}})
        chart.set_y_axis(
            {"num_format": "0", "major_gridlines": {"visible": True, "line": {"color": "#E6EAEE"}}}
        )
        chart.show_blanks_as("gap")
        chart.set_size({"width": sum(self.widths) * 7.3, "height": LINES_HEIGHT * look.ROW * PIXELS - 10})
        self.sheet.insert_chart(self.row, 0, chart, {"object_position": 1})
        for _ in range(LINES_HEIGHT):
            self._high(look.ROW)
            self.row += 1


def _breaks(parts: list[int], heights: list[float], room: float) -> list[int]:
    """The rows before which a new page begins, so that what fits a page is not torn apart. `room` is that of a page."""
    found = []
    used = 0.0
    for begin, end in pairwise(parts):
        needed = sum(heights[begin:end])
        if used and used + needed > room and needed <= room:
            found.append(begin)
            used = 0.0
        used = used + needed if used + needed <= room else (used + needed) % room
    return found[:MOST_BREAKS]


def _lines_of(values: tuple[Value, ...], columns: tuple[Column, ...]) -> int:
    return max(
        look.lines(value, look.free(column)) if isinstance(value, str) else 1
        for value, column in zip(values, columns, strict=True)
    )


def _write(sheet: Any, row: int, column: int, value: Value, format_: Any) -> None:
    """One cell, of the kind that the value is; nothing is guessed from a text."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, format_)
    elif isinstance(value, str):
        sheet.write_string(row, column, cell(value), format_)
    elif isinstance(value, int | Decimal | Fraction):
        sheet.write_number(row, column, float(value) if isinstance(value, Fraction) else value, format_)
    elif isinstance(value, datetime | date):
        sheet.write_datetime(row, column, value, format_)
