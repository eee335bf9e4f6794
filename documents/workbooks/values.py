"""What a workbook holds, as values; and why one cannot be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cached_property


class Kind(Enum):
    """What stands in a cell; the value is how the reading process writes it down."""

    EMPTY = ""
    TEXT = "s"
    NUMBER = "n"
    DATE = "d"
    FLAG = "b"
    UNCOMPUTED = "f"
    """A formula whose value no program has computed."""
    ERROR = "e"
    """#N/A, #REF! and the like."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its value: a str, an exact Decimal, a date or a bool by its kind, else None."""

    kind: Kind
    value: str | Decimal | date | bool | None = None
    shown: str = ""
    """A number as Excel shows it: 15 significant digits, and the zeros, decimals and % of its format."""


EMPTY = Cell(Kind.EMPTY)

Place = tuple[int, int]
"""A row and a column, each from 1."""


@dataclass(frozen=True, slots=True)
class Area:
    """Merged cells, from the first to the last row and column, both included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Grid:
    """One sheet: its cells by place, and what of it is hidden, struck through or merged."""

    name: str
    cells: Mapping[Place, Cell]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    struck: frozenset[Place] = frozenset()
    """Cells that are struck through from end to end."""
    struck_in_part: frozenset[Place] = frozenset()
    merged: tuple[Area, ...] = ()
    too_big: bool = False
    """It has more rows or columns than are read; its cells are left out."""

    def cell(self, row: int, column: int) -> Cell:
        """What stands there itself."""
        return self.cells.get((row, column), EMPTY)

    def area(self, row: int, column: int) -> Area | None:
        """The merged area that a cell is part of."""
        return self._areas.get((row, column))

    def row(self, number: int) -> Mapping[int, Cell]:
        """The cells of a row by their column, from left to right."""
        return self._rows.get(number, {})

    @property
    def filled_rows(self) -> list[int]:
        """The numbers of the rows that hold anything, in order."""
        return list(self._rows)

    @cached_property
    def _rows(self) -> dict[int, dict[int, Cell]]:
        rows: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in sorted(self.cells.items(), key=lambda item: item[0]):
            rows.setdefault(row, {})[column] = cell
        return rows

    @cached_property
    def _areas(self) -> dict[Place, Area]:
        return {
            (row, column): area
            for area in self.merged
            for row in range(area.top, area.bottom + 1)
            for column in range(area.left, area.right + 1)
        }


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets in order."""

    sheets: tuple[Grid, ...] = field(default=())


def address(row: int, column: int) -> str:
    """A place as Excel names it: C7."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


class Fault(Enum):
    """Why a workbook cannot be read; the value is the sentence."""

    TOO_BIG = "文件超过 20 MB，请删去无关内容后重新发送"
    NOT_A_WORKBOOK = "这不是 .xlsx 工作簿，请在 Excel 里另存为 .xlsx 后重新发送"
    OLD_FORMAT = (
        "这是旧格式的表格（.xls、.et、.wps），读不了。请在 WPS 或 Excel 里打开，点“文件”→“另存为”，"
        "文件类型选“Excel 工作簿（*.xlsx）”，再把存好的文件发来"
    )
    BOMB = "这个文件解开后大得不正常，不能打开，请另存一份再发送"
    ENCRYPTED = "工作簿有密码，请去掉密码后重新发送"
    TOO_MANY_ROWS = "行或列太多，一张表最多 20000 行、100 列"
    TOO_SLOW = "文件打开太慢，请删去无关内容后重新发送"
    MACRO = "工作簿里有宏，请在 Excel 里另存为不带宏的 .xlsx 后重新发送"
    UNSAFE = "工作簿里有控件、脚本，或会引用别处的内容，请只把表格复制到新的工作簿里再发送"
    NOT_LOOKED_AT = "服务器现在打不开文件，请过几分钟再发送；一直这样请联系系统管理员"
    BROKEN = "文件打不开，可能已损坏，请另存一份再发送"


class Unreadable(Exception):
    """The workbook cannot be read."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.name)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in a row, by Excel's number and the column's head, and what would be right."""

    row: int
    column: str
    message: str
    sheet: str = ""
    """The sheet's name, where the workbook has several tables."""
