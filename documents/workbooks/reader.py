"""A person's .xlsx → values, read in the documents' process with its limits: 337 KB can become 114 MB."""

import asyncio
import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from documents.kinds import LARGEST, OLE_START, UnfitKind
from documents.process import FOREIGN, Failed, Why, run
from documents.workbooks.values import EMPTY, Area, Cell, Fault, Grid, Kind, Unreadable, Workbook
from rules.text import plain

_UNSOUND = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""What no database holds, nor any text: a workbook can write NUL, as _x0000_."""

_WHY = {
    Why.NOT_STARTED: Fault.NOT_LOOKED_AT,
    Why.TOO_SLOW: Fault.TOO_SLOW,
    Why.TOO_MUCH_MEMORY: Fault.TOO_SLOW,
    Why.BROKE_OFF: Fault.BROKEN,
}
_UNFIT = {
    UnfitKind.UNKNOWN_KIND: Fault.NOT_A_WORKBOOK,
    UnfitKind.ARCHIVE_BOMB: Fault.BOMB,
    UnfitKind.ENCRYPTED: Fault.ENCRYPTED,
    UnfitKind.BROKEN: Fault.BROKEN,
    UnfitKind.MACRO: Fault.MACRO,
}


async def read(content: bytes, *, seconds: float = FOREIGN.seconds) -> Workbook:
    """The workbook's values; numbers exact as they are shown. Unreadable where it cannot be had in time."""
    if len(content) > LARGEST:
        raise Unreadable(Fault.TOO_BIG)
    if content.startswith(OLE_START) and "EncryptedPackage".encode("utf-16-le") not in content:
        raise Unreadable(Fault.OLD_FORMAT)
    try:
        out = await run("documents.workbooks.reading_process", content, replace(FOREIGN, seconds=seconds))
    except Failed as failed:
        raise Unreadable(_WHY[failed.why]) from None
    return await asyncio.to_thread(_workbook, out)


def _workbook(out: bytes) -> Workbook:
    """What the reading process wrote down: twenty thousand rows take a while, so not on the event loop."""
    answer = json.loads(out)
    if "unfit" in answer:
        raise Unreadable(_UNFIT.get(UnfitKind[answer["unfit"]], Fault.UNSAFE))
    if "fault" in answer:
        raise Unreadable(Fault[answer["fault"]])
    return Workbook(tuple(map(_grid, answer["sheets"])))


def _grid(sheet: dict[str, Any]) -> Grid:
    cells = {(row, column): _cell(*rest) for row, column, *rest in sheet.get("cells", ())}
    hidden = (range(first, last + 1) for first, last in sheet.get("hidden_columns", ()))
    return Grid(
        name=_UNSOUND.sub("", sheet["name"]),
        cells={place: cell for place, cell in cells.items() if cell.kind is not Kind.EMPTY},
        hidden=sheet["hidden"],
        hidden_rows=frozenset(sheet.get("hidden_rows", ())),
        hidden_columns=frozenset(column for columns in hidden for column in columns),
        struck=frozenset((row, column) for row, column in sheet.get("struck", ())),
        struck_in_part=frozenset((row, column) for row, column in sheet.get("struck_in_part", ())),
        merged=tuple(Area(*area) for area in sheet.get("merged", ())),
        too_big=sheet.get("too_big", False),
    )


def _cell(kind: str, value: Any = None, shown: str = "") -> Cell:
    """A cell as the reading process wrote it down; a text without signs that are none, and empty where that leaves nothing."""
    if kind == Kind.TEXT.value:
        text = _UNSOUND.sub("", value)
        return Cell(Kind.TEXT, text) if plain(text) else EMPTY
    if kind == Kind.NUMBER.value:
        return Cell(Kind.NUMBER, Decimal(value), shown or value)
    if kind == Kind.DATE.value:
        return Cell(Kind.DATE, date.fromisoformat(value))
    return Cell(Kind(kind), value)
