"""The process that draws: charts come in, PNGs or documents go out, one at a time; it ends with whoever started it.

A process of its own, not multiprocessing: a spawned one imports the parent's main module again, and with it the bot.
"""

import gc
import logging
import os
import pickle
import struct
import sys
import warnings
from typing import BinaryIO

HEADER = struct.Struct("!?I")
"""Whether what follows is a picture (else an error's text), and how many bytes it is."""
LENGTH = struct.Struct("!I")


def serve(source: BinaryIO, target: BinaryIO) -> None:
    """Draw until the source ends."""
    from charts.png import render
    from charts.printed import print_out

    logging.captureWarnings(capture=True)
    warnings.simplefilter("default")
    # What was imported stays: looking through it for garbage now and then would double the time of that drawing.
    gc.collect()
    gc.freeze()
    while request := _next_request(source):
        chart, kind = pickle.loads(request)  # noqa: S301  it comes from the bot's own process
        try:
            fine, body = True, render(chart) if kind is None else print_out(chart, kind)
        except Exception as error:
            fine, body = False, f"{type(error).__name__}: {error}".encode()
        target.write(HEADER.pack(fine, len(body)) + body)
        target.flush()


def _next_request(source: BinaryIO) -> bytes:
    """What is to be drawn next; empty where nothing follows, or only a part of it before the bot was gone."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return b""
    length: int = LENGTH.unpack(head)[0]
    request = source.read(length)
    return request if len(request) == length else b""


def main() -> None:
    """Serve standard input and output; a bot that is gone is the end of the work, and no fault."""
    try:
        serve(sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:
        # Python would try once more to write what is left, and say that it could not.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
