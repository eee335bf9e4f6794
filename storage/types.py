"""Column types: exact points as integer hundredths, quarters and months by their code, enums by their value."""

from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from rules.calendar import Quarter
from rules.months import Month
from rules.points import has_two_places


class Hundredths(TypeDecorator[Decimal]):
    """A Decimal of two places kept as an integer: SQLite's NUMERIC is a float (0.10 × 3 ≠ 0.30).

    ValueError for a number that would lose a digit.
    """

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if not isinstance(value, Decimal) or not has_two_places(value):
            raise ValueError(f"not exact in hundredths: {value!r}")
        return int(value * 100)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return _points(value)


# A table of scores brings the same few codes and points hundreds of times; what they become is never changed.


@lru_cache(maxsize=256)
def _quarter(value: str | None) -> Quarter | None:
    return None if value is None else Quarter.parse(value)


@lru_cache(maxsize=4096)
def _points(value: int | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(int(value)).scaleb(-2)


class QuarterCode(TypeDecorator[Quarter]):
    """A quarter as 2026Q1, which sorts in time."""

    impl = sa.String(6)
    cache_ok = True

    def process_bind_param(self, value: Quarter | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Quarter | None:
        return _quarter(value)


class MonthCode(TypeDecorator[Month]):
    """A month as 2026-03, which sorts in time."""

    impl = sa.String(7)
    cache_ok = True

    def process_bind_param(self, value: Month | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Month | None:
        return None if value is None else Month.parse(value)


def enum_column(kind: type[Enum], length: int = 16) -> Any:
    """An enum kept as its value in a plain string: the database stays readable and needs no type of its own."""
    return sa.Enum(kind, native_enum=False, length=length, values_callable=lambda k: [m.value for m in k])


BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""A growing primary key: SQLite only counts up an INTEGER, PostgreSQL's INTEGER is too small."""
