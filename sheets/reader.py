"""A person's .xlsx → values, read in the documents' process with its limits: 337 KB can become 114 MB."""

import asyncio
import json
import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from documents.kinds import LARGEST, UnfitKind
from documents.process import FOREIGN, Failed, Why, run
from sheets.values import Cell, Fault, Sheet, Unreadable, Workbook

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
    try:
        out = await run("sheets.reading_process", content, replace(FOREIGN, seconds=seconds))
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
    return Workbook(
        tuple(
            Sheet(_UNSOUND.sub("", s["name"]), tuple(tuple(map(_cell, r)) for r in s["rows"]))
            for s in answer["sheets"]
        )
    )


def _cell(value: Any) -> Cell:
    """A cell as the reading process wrote it down: text plain, without signs that are none, all else with its kind."""
    if isinstance(value, dict):
        kind, text = next(iter(value.items()))
        if kind == "n":
            return Decimal(text)
        return date.fromisoformat(text) if kind == "d" else datetime.fromisoformat(text)
    assert value is None or isinstance(value, str | bool)
    return _UNSOUND.sub("", value) if isinstance(value, str) else value
