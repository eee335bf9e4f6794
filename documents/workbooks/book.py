"""A workbook that is given out, as plain values: pages of blocks of rows, their charts, and who signs."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, auto
from fractions import Fraction

Value = str | int | Decimal | Fraction | date | datetime | None
"""What a cell holds; a datetime is naive, in the bureau's zone, as Excel knows no other."""


class Kind(Enum):
    """What a column holds, and so how it is shown."""

    TEXT = auto()
    CENTRED = auto()
    """Short text."""
    COUNT = auto()
    SCORE = auto()
    """Points, with as many decimals as the column says."""
    CHANGE = auto()
    """Points with their sign."""
    DAY = auto()
    MOMENT = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `width` is in Excel's units: a Latin sign is one, a Chinese one two."""

    head: str
    kind: Kind
    width: float
    places: int = 2


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar for each row of a block, beside it: the columns of the names and of the values, by index."""

    title: str
    names: int
    values: int
    least: int
    """Where the axis begins."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A line for each row of a block, below the last: the column of the names, the first and the last of the values."""

    title: str
    block: int
    names: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Block:
    """A table under its head; `title` stands above, where there is one, and `empty` in the place of rows."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    title: str = ""
    empty: str = ""
    bars: Bars | None = None
    stretched: bool = False
    """Its last column reaches as far right as the page's widest block does."""


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet."""

    name: str
    title: str
    notes: tuple[str, ...]
    blocks: tuple[Block, ...]
    landscape: bool = False
    filtered: bool = False
    """The first block is one list: its head stays in view, is repeated on each page, and filters it."""
    fits_one: bool = False
    """It is printed on a single page."""
    lines: Lines | None = None
    signatures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """All of it. `as_of` stands at the foot of every page; `made` is when it was exported, in the bureau's zone."""

    title: str
    author: str
    as_of: str
    made: datetime
    pages: tuple[Page, ...]

    def page(self, name: str) -> Page | None:
        """The sheet of that name; None where the book has none."""
        return next((page for page in self.pages if page.name == name), None)


class Unwritten(Exception):
    """The workbook could not be written."""
