"""The process that opens a workbook: bytes in, JSON out, with a limit on memory and time; it may die without harm."""

import io
import json
import resource
import sys
from datetime import date, datetime
from decimal import Decimal
from typing import Any

MEMORY = 1024**3
CPU_SECONDS = 20
MOST_ROWS = 20_000
MOST_COLUMNS = 100


def plain(value: Any) -> Any:
    """A cell as JSON holds it."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return value or None
    if isinstance(value, int | float):
        # repr gives the shortest number that is this float: what Excel shows.
        number = Decimal(repr(value))
        return {"n": str(number.quantize(Decimal(1)) if number == number.to_integral() else number)}
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    return str(value)


def read(content: bytes) -> dict[str, Any]:
    """Every sheet with its rows."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = []
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.height > MOST_ROWS or sheet.width > MOST_COLUMNS:
            return {"fault": "TOO_MANY_ROWS"}
        rows = sheet.to_python(skip_empty_area=False)
        sheets.append({"name": name, "rows": [[plain(cell) for cell in row] for row in rows]})
    return {"sheets": sheets}


def main() -> None:
    """Read standard input, answer on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        answer = read(sys.stdin.buffer.read())
    except Exception:  # whatever the file does to the library, the answer is that it is broken
        answer = {"fault": "BROKEN"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
