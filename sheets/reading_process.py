"""In the documents' process: a workbook that was sent in, its values as JSON out."""

import io
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from python_calamine import CalamineWorkbook

from documents.kinds import Unfit
from documents.packages import check_workbook

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
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = []
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.height > MOST_ROWS or sheet.width > MOST_COLUMNS:
            return {"fault": "TOO_MANY_ROWS"}
        rows = sheet.to_python(skip_empty_area=False)
        sheets.append({"name": name, "rows": [[plain(cell) for cell in row] for row in rows]})
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
