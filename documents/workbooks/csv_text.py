"""A block as CSV for Excel: UTF-8 with its mark, and nothing in it that becomes a formula."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from documents.workbooks.book import Block, Value
from documents.workbooks.text import harmless


def csv_of(block: Block) -> bytes:
    """Heads and rows; points with two decimals, days and moments as Excel reads them."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(column.head.replace("\n", "") for column in block.columns)
    writer.writerows([_plain(value) for value in row] for row in block.rows)
    return out.getvalue().encode("utf-8-sig", errors="replace")


def _plain(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value.replace("\x00", "�"))
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, Fraction):
        return f"{float(value):.2f}"
    return value.isoformat() if isinstance(value, date) else str(value)
