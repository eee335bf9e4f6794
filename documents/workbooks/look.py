"""How a workbook looks: fonts, lines, number formats, paper. As an office's own, and readable on paper."""

import math
import unicodedata
from collections.abc import Iterable
from typing import Any

from documents.workbooks.book import Book, Column, Kind, Page

BODY, HEADING = "宋体", "黑体"
INK, PALE, ACCENT = "#1C2733", "#DCE6F1", "#1F5FA8"
COLOURS = ("#1F5FA8", "#C8432F", "#0B8A72", "#F0A202", "#7A3E8F", "#6FB7E9", "#4D4D4D", "#7D8FA3")

ROW, HEAD, TITLE, SIGNATURE = 19.0, 34.0, 32.0, 34.0
"""Heights in points."""

CHART_WIDTH = (9.0,) * 6
"""The columns that a chart beside a block covers."""
GAP = 2.0


class Look:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._formats: dict[tuple[Any, ...], Any] = {}
        self.title = self._of(font_name=HEADING, font_size=16, align="center", valign="vcenter", bold=True)
        self.note = self._of(font_size=10, align="left", valign="vcenter", text_wrap=True, font_color="#5D6B7A")
        self.block = self._of(font_name=HEADING, font_size=12, align="left", valign="vcenter", bold=True)
        self.head = self._of(
            font_name=HEADING,
            bold=True,
            border=1,
            bg_color=PALE,
            align="center",
            valign="vcenter",
            text_wrap=True,
        )
        self.empty = self._of(border=1, align="center", valign="vcenter", font_color="#5D6B7A")
        self.signature = self._of(font_size=12, align="left", valign="bottom")

    def column(self, column: Column) -> Any:
        """The format of a column's cells."""
        formats: dict[Kind, dict[str, Any]] = {
            Kind.TEXT: {"num_format": "@", "text_wrap": True, "align": "left", "indent": 1},
            Kind.CENTRED: {"num_format": "@", "text_wrap": True, "align": "center"},
            Kind.COUNT: {"num_format": "0", "align": "center"},
            Kind.SCORE: {"num_format": _decimals(column.places), "align": "right", "indent": 1},
            Kind.CHANGE: {
                "num_format": f"+{_decimals(column.places)};-{_decimals(column.places)};{_decimals(column.places)}",
                "align": "center",
            },
            Kind.DAY: {"num_format": "yyyy-mm-dd", "align": "center"},
            Kind.MOMENT: {"num_format": "yyyy-mm-dd hh:mm", "align": "center"},
        }
        return self._of(border=1, valign="vcenter", **formats[column.kind])

    def _of(self, **properties: Any) -> Any:
        properties = {"font_name": BODY, "font_size": 10, "font_color": INK, **properties}
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format(properties)
        return self._formats[key]


def _decimals(places: int) -> str:
    return f"0.{'0' * places}"


def on_paper(sheet: Any, page: Page, book: Book) -> None:
    """A4, as wide as the page is, with its number, when it was printed and as of when it is."""
    sheet.set_paper(9)
    if page.landscape:
        sheet.set_landscape()
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.75)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 1 if page.fits_one else 0)
    foot = book.as_of.replace("&", "&&")
    sheet.set_footer(f'&L&"{BODY}"&9{foot}&C&"{BODY}"&9第 &P 页，共 &N 页&R&"{BODY}"&9打印时间 &D &T')


def room(page: Page, widths: list[float]) -> float:
    """The height of a printed page in the sheet's own points, after it was made as narrow as the paper."""
    across, down = (770.0, 490.0) if page.landscape else (520.0, 740.0)
    wide = sum(width * 7 + 5 for width in widths) * 0.75
    return down * max(1.0, wide / across)


def head_height(columns: Iterable[Column]) -> float:
    """The height of a head in points: its longest name is read whole."""
    return max(HEAD, *(8 + 14.0 * lines(column.head, column.width - 1) for column in columns))


def signs(text: str) -> float:
    """About how wide a text is in Excel's units."""
    return sum(2.0 if unicodedata.east_asian_width(sign) in "WFA" else 1.0 for sign in text)


def free(column: Column) -> float:
    """What of a column's width its text has: the rest is the indent and the cell's edges."""
    return column.width - (3 if column.kind is Kind.TEXT else 1)


def lines(text: str, width: float) -> int:
    """The lines that a text takes at that width."""
    if 2 * len(text) <= width and "\n" not in text:
        return 1
    return sum(max(1, math.ceil(signs(part) / max(1.0, width))) for part in text.split("\n"))
