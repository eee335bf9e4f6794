"""Writing a book in a process of its own: thousands of rows take seconds, and the event loop has none to give."""

import asyncio
import logging
import pickle
from dataclasses import replace
from typing import Any, BinaryIO

from documents.process import OWN, Failed, run
from documents.workbooks.book import Book, Unwritten

log = logging.getLogger(__name__)

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


async def write(book: Book, *, seconds: float = OWN.seconds) -> bytes:
    """The book as .xlsx. Unwritten where it cannot be had in time."""
    body = await asyncio.to_thread(packed, book)
    try:
        return await run("documents.workbooks.writing_process", body, replace(OWN, seconds=seconds))
    except Failed as failed:
        log.error("a workbook was not written: %s", failed)
        raise Unwritten(str(failed)) from None
