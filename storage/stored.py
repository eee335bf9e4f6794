"""Reads rows as they are stored: what the program cannot read, or would have written otherwise, it has not written.

SQLite keeps any value in any column, and reading is forgiving: of 150.5 hundredths come 1.50, while the sums come to more.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
"""What reading raises over a value that is none of its column."""


class Stored:
    """The columns of a table, selected as they are stored, and what becomes of them."""

    def __init__(self, columns: Sequence[Any], dialect: Dialect) -> None:
        self.names = tuple(column.name for column in columns)
        self.columns = [sa.type_coerce(column, sa.types.NULLTYPE).label(column.name) for column in columns]
        kinds = [column.type.dialect_impl(dialect) for column in columns]
        self._read = [kind.result_processor(dialect, None) for kind in kinds]
        self._write = [kind.bind_processor(dialect) for kind in kinds]

    def read(self, row: Sequence[Any]) -> tuple[list[Any], tuple[str, ...]]:
        """The values of a row, and the names of those that are not stored as the program stores them; they are None."""
        values: list[Any] = []
        strange: list[str] = []
        for name, stored, read, write in zip(self.names, row, self._read, self._write, strict=True):
            value = stored
            if isinstance(stored, bytes) or (
                read is not None and stored is not None and not _as_written(stored, read, write)
            ):
                strange.append(name)
                value = None
            elif read is not None:
                value = read(stored)
            values.append(value)
        return values, tuple(strange)


def _as_written(stored: Any, read: Any, write: Any) -> bool:
    try:
        value = read(stored)
        again = value if write is None else write(value)
    except UNREADABLE:
        return False
    return type(again) is type(stored) and again == stored
