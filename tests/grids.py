"""Sheets as the reading process would give them, written out as rows of plain values."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from documents.workbooks.values import EMPTY, Area, Cell, Grid, Kind, Workbook
from rules.text import plain


def cell(value: Any) -> Cell:
    """A value as a cell: texts, numbers, days; a Cell is itself."""
    if isinstance(value, Cell):
        return value
    if isinstance(value, bool):
        return Cell(Kind.FLAG, value)
    if isinstance(value, int | Decimal):
        return Cell(Kind.NUMBER, Decimal(value), f"{Decimal(value).normalize():f}")
    if isinstance(value, datetime):
        return Cell(Kind.DATE, value.date())
    if isinstance(value, date):
        return Cell(Kind.DATE, value)
    return EMPTY if value is None or not plain(value) else Cell(Kind.TEXT, value)


def grid(*rows: tuple[Any, ...], name: str = "Sheet1", merged: tuple[Area, ...] = (), **more: Any) -> Grid:
    """A sheet of these rows."""
    cells = {(y, x): cell(value) for y, row in enumerate(rows, start=1) for x, value in enumerate(row, start=1)}
    filled = {place: one for place, one in cells.items() if one.kind is not Kind.EMPTY}
    return Grid(name, filled, merged=merged, **more)


def book(*rows: tuple[Any, ...]) -> Workbook:
    """A workbook of one sheet."""
    return Workbook((grid(*rows),))
