"""Writing a book in a process of its own: thousands of rows take seconds, and the event loop has none to give."""

import asyncio
import logging
import pickle
import sys
from contextlib import suppress
from pathlib import Path

from sheets.book import Book, Unwritten

log = logging.getLogger(__name__)

ROOT = Path(__file__).parent.parent

SECONDS = 90.0


async def write(book: Book, *, seconds: float = SECONDS) -> bytes:
    """The book as .xlsx. Unwritten where it cannot be had in time."""
    body = await asyncio.to_thread(pickle.dumps, book)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sheets.writing_process",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        out, errors = await asyncio.wait_for(process.communicate(body), seconds)
    except TimeoutError:
        raise Unwritten(f"not written within {seconds:g} s") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode != 0 or not out:
        log.error("a workbook was not written: %s", errors.decode(errors="replace")[-2000:])
        raise Unwritten(f"the writing process ended with {process.returncode}")
    return out
