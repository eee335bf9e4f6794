"""What all tables share that people fill in: how a template looks, where the head row is, and how a cell is read."""

import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeVar

from rules.points import has_two_places, shown
from sheets.values import Cell, RowProblem, Workbook

T = TypeVar("T")

HEAD_WITHIN = 10
"""The head row is looked for among the first rows."""

FILLED_WITHIN = 2000
"""Rows in which a cell offers its choices."""

NOTES = "填写说明"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a form: its head, how wide it is, what belongs into it. A table without a needed one is another form's."""

    name: str
    width: int
    note: str
    needed: bool = False
    also: tuple[str, ...] = ()
    """Other heads that people give it; with them, what stands in brackets behind a head does not count."""


@dataclass(frozen=True, slots=True)
class Form:
    """A table that people fill in, on a sheet of this name."""

    sheet: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The heads of its columns, in order."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """What a workbook says: the good rows and what is wrong with the others."""

    rows: tuple[T, ...]
    problems: tuple[RowProblem, ...]


class Wrong(Exception):
    """A cell is not what its column takes."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column, self.message = column, message


def template(
    form: Form,
    title: str,
    rows: Iterable[Sequence[str]],
    *,
    choices: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """An .xlsx to fill in, with what there is already; a person's text is never a formula. `choices` are by column."""
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1, "align": "center"})
        heading = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        text = book.add_format({"text_wrap": True, "border": 1, "valign": "vcenter", "num_format": "@"})
        sheet = book.add_worksheet(form.sheet)
        sheet.merge_range(0, 0, 0, len(form.columns) - 1, title, heading)
        for place, column in enumerate(form.columns):
            sheet.write_string(1, place, column.name, head)
            sheet.set_column(place, place, column.width, text)
            if choices and column.name in choices:
                offered = {"validate": "list", "source": list(choices[column.name])}
                sheet.data_validation(2, place, FILLED_WITHIN, place, offered)
        for number, row in enumerate(rows, start=2):
            for place, value in enumerate(row):
                sheet.write_string(number, place, value, text)
        sheet.freeze_panes(2, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, 1)
        notes = book.add_worksheet(NOTES)
        notes.set_column(0, 0, 12)
        notes.set_column(1, 1, 80)
        for number, column in enumerate(form.columns):
            notes.write_string(number, 0, column.name, head)
            notes.write_string(number, 1, column.note, text)
    return out.getvalue()


def is_of(workbook: Workbook, form: Form) -> bool:
    """Whether a sheet has the form's head row."""
    return _head(workbook, form) is not None


def read(workbook: Workbook, form: Form, row: Callable[[Mapping[str, Cell], int], T]) -> Parsed[T]:
    """The rows below the head as `row` makes them of cells by column, and of Excel's number; Wrong becomes a problem."""
    found = _head(workbook, form)
    if found is None:
        missing = "、".join(form.names)
        return Parsed((), (RowProblem(1, "表头", f"没有找到表头。第一行应有这些列：{missing}"),))
    rows, first, places = found
    good: list[T] = []
    problems: list[RowProblem] = []
    for number, cells in enumerate(rows[first:], start=first + 1):
        values = {name: cells[place] if place < len(cells) else None for name, place in places.items()}
        if all(value is None or not str(value).strip() for value in values.values()):
            continue
        try:
            good.append(row(values, number))
        except Wrong as wrong:
            problems.append(RowProblem(number, wrong.column, wrong.message))
    return Parsed(tuple(good), tuple(problems))


def _head(workbook: Workbook, form: Form) -> tuple[tuple[tuple[Cell, ...], ...], int, dict[str, int]] | None:
    """The rows, the place of the first one after the head, and where each column is."""
    needed = {column.name for column in form.columns if column.needed}
    for sheet in workbook.sheets:
        for number, cells in enumerate(sheet.rows[:HEAD_WITHIN]):
            names = [text(cell) for cell in cells]
            found = ((column.name, _place(names, column)) for column in form.columns)
            places = {name: place for name, place in found if place is not None}
            if needed <= places.keys():
                return sheet.rows, number + 1, places
    return None


def _place(heads: Sequence[str], column: Column) -> int | None:
    """Where a column stands under its own head, or else under one of its others."""
    if column.name in heads:
        return heads.index(column.name)
    bare = [re.sub(r"\(.*\)|[\s*:]", "", head) for head in heads] if column.also else []
    return next((bare.index(name) for name in (column.name, *column.also) if name in bare), None)


def text(cell: Cell) -> str:
    """A cell as text: width normalised, a number as Excel shows it."""
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    return unicodedata.normalize("NFKC", str(cell)).strip() if cell is not None else ""


def points(cell: Cell, column: str, most: Decimal, *, of: str = "该项目的") -> Decimal | None:
    """Points above zero, up to `most`; None for an empty cell. Wrong."""
    word = text(cell)
    if not word:
        return None
    try:
        found = Decimal(word.removesuffix("分"))
    except InvalidOperation:
        raise Wrong(column, f"“{word[:20]}”不是数字，例如 0.5") from None
    if not has_two_places(found) or found <= 0:
        raise Wrong(column, f"“{word[:20]}”应大于 0，最多两位小数")
    if found > most:
        raise Wrong(column, f"超过了{of} {shown(most)} 分")
    return found


def day(cell: Cell, column: str, read_day: Callable[[str], date | None]) -> date | None:
    """A day, as a date of Excel's or as text, as `read_day` takes it; None for an empty cell. Wrong."""
    if isinstance(cell, date):
        cell = f"{cell:%Y-%m-%d}"
    word = text(cell)
    if not word:
        return None
    found = read_day(word)
    if found is None:
        raise Wrong(column, f"“{word[:20]}”不是日期，例如 2026-03-01")
    return found
