"""In the documents' process: a workbook that was sent in, its values as JSON out."""

import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from documents.kinds import Unfit
from documents.packages import check_workbook
from documents.workbooks.package import Marks, Package

MOST_ROWS = 20_000
MOST_PLACES = 4_000_000
"""Rows times columns up to the last value: a gap typed far away makes a sheet large, and no table."""

_DIGITS = re.compile(r"(?:\[[^]]*\])*(?:#,##)?(0+)(?:\.(0+))?(%?)")


def number(value: float) -> Decimal:
    """A number as Excel shows it: 15 significant digits, 3.3000000000000003 is 3.3."""
    exact = Decimal(f"{value:.15g}")
    return (
        exact.quantize(Decimal(1))
        if exact == exact.to_integral() and abs(exact) < Decimal(10) ** 18
        else exact.normalize()
    )


def shown(value: Decimal, code: str) -> str:
    """The number by a format that only sets digits, such as 000000, 0.00 or 0%; empty by any other.

    >>> shown(Decimal(14601), "000000"), shown(Decimal("2.1"), "0.00")
    ('014601', '2.10')
    """
    # Of the sections for numbers above, below and at zero the first is enough; _) leaves room, and "分" is written after.
    section = re.sub(r'_.|\*.|\\.|"[^"]*"|[\s?]', "", code.split(";", maxsplit=1)[0])
    format_ = _DIGITS.fullmatch(section)
    if format_ is None:
        return ""
    whole, decimals, percent = format_[1], format_[2] or "", format_[3]
    scaled = abs(value) * (100 if percent else 1)
    if scaled >= 10**15:
        return ""
    rounded = scaled.quantize(Decimal(1).scaleb(-len(decimals)), rounding=ROUND_HALF_UP)
    head, _, tail = f"{rounded:f}".partition(".")
    sign = "-" if value < 0 else ""
    return f"{sign}{head.zfill(len(whole))}{'.' if tail else ''}{tail}{percent}"


def cells(rows: list[list[Any]], marks: Marks) -> Iterator[list[Any]]:
    """Each cell that holds anything: row, column, kind, value and, of a number with a format, how it is shown."""
    for place in marks.errors:
        yield [*place, "e"]
    for place in marks.uncomputed:
        yield [*place, "f"]
    known = marks.errors | marks.uncomputed
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values, start=1):
            if value == "" or value is None or (row, column) in known:
                continue
            yield [row, column, *_value(value, marks.formats.get((row, column), ""))]


def _value(value: Any, code: str) -> list[Any]:
    if isinstance(value, bool):
        return ["b", value]
    if isinstance(value, str):
        return ["s", value]
    if isinstance(value, int | float):
        exact = number(value)
        return ["n", f"{exact:f}", shown(exact, code)]
    if isinstance(value, datetime):
        return ["d", value.date().isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    assert isinstance(value, time | timedelta)
    return ["s", str(value)]


def merged(ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]], marks: Marks) -> list[list[int]]:
    """The merged areas as far as the sheet holds values: first and last row and column, from 1."""
    areas = [
        [top + 1, left + 1, min(bottom + 1, marks.last_row), min(right + 1, marks.last_column)]
        for (top, left), (bottom, right) in ranges
        if top < marks.last_row and left < marks.last_column
    ]
    if sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in areas) > MOST_PLACES:
        raise ValueError("merged areas lie over each other")
    return areas


def read(content: bytes) -> dict[str, Any]:
    """Every sheet with its cells; one that is too big for a table without them."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    package = Package(content)
    sheets: list[dict[str, Any]] = []
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        marks = package.marks(meta.name)
        sheet: dict[str, Any] = {"name": meta.name, "hidden": meta.visible != SheetVisibleEnum.Visible}
        sheets.append(sheet)
        if marks.rows > MOST_ROWS or marks.last_row * marks.last_column > MOST_PLACES:
            sheet["too_big"] = True
            continue
        values = book.get_sheet_by_name(meta.name)
        sheet["cells"] = list(cells(values.to_python(skip_empty_area=False), marks))
        sheet["merged"] = merged(values.merged_cell_ranges or (), marks)
        sheet["hidden_rows"] = sorted(marks.hidden_rows)
        sheet["hidden_columns"] = marks.hidden_columns
        sheet["struck"] = sorted(marks.struck)
        sheet["struck_in_part"] = sorted(marks.struck_in_part)
    if sheets and all(sheet.get("too_big") for sheet in sheets if not sheet["hidden"]):
        return {"fault": "TOO_MANY_ROWS"}
    return {"sheets": sheets}


def answer(content: bytes) -> bytes:
    """The workbook's values, or the fault, as JSON."""
    try:
        check_workbook(content)
        found = read(content)
    except Unfit as unfit:
        found = {"unfit": unfit.kind.name}
    except MemoryError:
        raise
    except Exception:  # whatever the file does to the library, the answer is that it is broken
        found = {"fault": "BROKEN"}
    return json.dumps(found).encode()
