"""Writing a book in a process of its own: thousands of rows take seconds, and the event loop has none to give."""

import asyncio
import logging
import pickle
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from sheets.book import Book, Unwritten

log = logging.getLogger(__name__)

ROOT = Path(__file__).parent.parent

SECONDS = 180.0

PIECE = 200
"""Rows that are packed at a time."""


def packed(book: Book) -> bytes:
    """The book for the other process: first itself without its rows, then these, block by block and piece by piece.

    Pickling holds the interpreter; in between, whoever waits for it has a turn.
    """
    bare = [
        replace(page, blocks=tuple(replace(block, rows=()) for block in page.blocks)) for page in book.pages
    ]
    parts = [pickle.dumps(replace(book, pages=tuple(bare)))]
    for block in (block for page in book.pages for block in page.blocks):
        pieces = [block.rows[begin : begin + PIECE] for begin in range(0, len(block.rows), PIECE)]
        parts += [pickle.dumps(len(pieces)), *(pickle.dumps(piece) for piece in pieces)]
    return b"".join(parts)


def unpacked(source: BinaryIO) -> Book:
    """What `packed` was given."""

    def read() -> Any:
        return pickle.load(source)  # noqa: S301  it comes from the bot's own process

    book: Book = read()
    pages = []
    for page in book.pages:
        blocks = []
        for block in page.blocks:
            pieces = [read() for _ in range(read())]
            blocks.append(replace(block, rows=tuple(row for piece in pieces for row in piece)))
        pages.append(replace(page, blocks=tuple(blocks)))
    return replace(book, pages=tuple(pages))


async def write(book: Book, *, seconds: float = SECONDS) -> bytes:
    """The book as .xlsx. Unwritten where it cannot be had in time."""
    body = await asyncio.to_thread(packed, book)
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
