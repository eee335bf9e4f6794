"""A person's .xlsx → values: sizes from the directory first, then a process of its own with limits.

337 KB can become 114 MB: nothing is opened before its directory says what it would become.
"""

import asyncio
import io
import json
import re
import struct
import sys
import zipfile
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sheets.values import Cell, Fault, Sheet, Unreadable, Workbook

ROOT = Path(__file__).parent.parent

LARGEST = 20 * 1024 * 1024
MOST_INFLATED = 100 * 1024 * 1024
MOST_MEMBERS = 2_000
STEEPEST = 200
STEEP_FROM = 1024 * 1024
SECONDS = 20.0
_UNSOUND = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""What no database holds, nor any text: a workbook can write NUL, as _x0000_."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an encrypted workbook, and one of before 2007, begins."""


def check_size(content: bytes) -> None:
    """Refuse what must not be opened, by its directory alone: Unreadable."""
    if len(content) > LARGEST:
        raise Unreadable(Fault.TOO_BIG)
    if content.startswith(OLE):
        utf16 = "EncryptedPackage".encode("utf-16-le")
        raise Unreadable(Fault.ENCRYPTED if utf16 in content else Fault.NOT_A_WORKBOOK)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error, UnicodeError):
        raise Unreadable(Fault.NOT_A_WORKBOOK) from None
    steep = any(m.file_size > STEEP_FROM and m.file_size > STEEPEST * max(1, m.compress_size) for m in members)
    if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > MOST_INFLATED or steep:
        raise Unreadable(Fault.BOMB)
    if any(m.flag_bits & 1 for m in members):
        raise Unreadable(Fault.ENCRYPTED)
    if not any(m.filename == "xl/workbook.xml" for m in members):
        raise Unreadable(Fault.NOT_A_WORKBOOK)


async def read(content: bytes, *, seconds: float = SECONDS) -> Workbook:
    """The workbook's values; numbers exact as they are shown. Unreadable where it cannot be had in time."""
    await asyncio.to_thread(check_size, content)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sheets.reading_process",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(content), seconds)
    except TimeoutError:
        raise Unreadable(Fault.TOO_SLOW) from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return await asyncio.to_thread(_workbook, out)


def _workbook(out: bytes) -> Workbook:
    """What the reading process wrote down: twenty thousand rows take a while, so not on the event loop."""
    try:
        answer = json.loads(out)
    except ValueError:
        raise Unreadable(Fault.BROKEN) from None
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
