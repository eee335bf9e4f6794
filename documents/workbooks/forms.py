"""What a table is that people fill in: its columns by all the heads that offices give them, and its template."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

FILLED_WITHIN = 2000
"""Rows in which a cell offers its choices."""

NOTES = "填写说明"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a form: its head, how wide it is, and what belongs into it."""

    name: str
    width: int
    note: str
    needed: bool = False
    """A table without it is another form's."""
    rather: tuple[str, ...] = ()
    """Heads that mean it even where another column bears its own name."""
    also: tuple[str, ...] = ()
    """Other heads that people give it, the surest first."""
    own: bool = False
    """Its cells are never shared by several rows: merged, it is not clear whose the value is."""
    taken: bool = False
    """Its numbers are points that are taken off, with a minus or without."""
    unlike: tuple[tuple[str, str], ...] = ()
    """Heads that are taken for it and are not, each with why."""
    in_template: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """A table that people fill in, on a sheet of this name."""

    sheet: str
    columns: tuple[Column, ...]
    instead: tuple[tuple[str, str], ...] = ()
    """Columns that may be missing where another one stands: the head, and the other's head."""
    some_of: tuple[str, ...] = ()
    """Columns of which at least one is there, where there are any."""
    key: str = ""
    """The column of which each record has a value of its own: merged over several rows, they are one record."""
    never: tuple[str, ...] = ()
    """Heads that make a table another form's."""
    no_records: frozenset[str] = frozenset()
    """What stands in the key's column of a row that is no record: 满分 under the items, a post that is 空缺."""
    behind: tuple[tuple[str, str], ...] = ()
    """What may stand behind or below the name of a column, and what makes the column's head of it: 治安管理 | 扣分."""
    numbers: bool = False
    """Every column of numbers has to be one that is known: one that is not would be lost."""

    @property
    def names(self) -> tuple[str, ...]:
        """The heads of its columns, in order."""
        return tuple(column.name for column in self.columns)

    def may_lack(self, name: str) -> str | None:
        """The head of the column in whose company this one may be missing."""
        return dict(self.instead).get(name)

    def column(self, name: str) -> Column:
        """The column of that head."""
        return next(column for column in self.columns if column.name == name)


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
        columns = [column for column in form.columns if column.in_template]
        sheet.merge_range(0, 0, 0, len(columns) - 1, title, heading)
        for place, column in enumerate(columns):
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
        for number, column in enumerate(columns):
            notes.write_string(number, 0, column.name, head)
            notes.write_string(number, 1, column.note, text)
    return out.getvalue()
