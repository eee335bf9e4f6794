"""The process that draws: charts come in, PNGs or documents go out, one at a time; it ends with whoever started it.

A process of its own, not multiprocessing: a spawned one imports the parent's main module again, and with it the bot.
"""

import gc
import logging
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
    while head := source.read(LENGTH.size):
        chart, kind = pickle.loads(source.read(LENGTH.unpack(head)[0]))  # noqa: S301  it comes from the bot's own process
        try:
            fine, body = True, render(chart) if kind is None else print_out(chart, kind)
        except Exception as error:
            fine, body = False, f"{type(error).__name__}: {error}".encode()
        target.write(HEADER.pack(fine, len(body)) + body)
        target.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
