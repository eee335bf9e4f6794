"""What strangers can have logged at will is logged once a minute, with how often it came."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)

EVERY = 60.0
"""Seconds in which a warning is logged once."""


class Seldom(logging.Filter):
    """Lets the first warning of its kind pass and counts the others, which a line tells at the end of each minute.

    For a logger that is used inside an event loop. Errors pass, each of them.
    """

    def __init__(self, *, later: Callable[..., asyncio.TimerHandle] | None = None) -> None:
        super().__init__()
        self._later = later
        self._held = Counter[str]()
        self._ends: dict[str, asyncio.TimerHandle] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is logged now."""
        if record.levelno != logging.WARNING:
            return True
        # The text without its arguments, of which there may be any number.
        kind = str(record.msg)
        if kind in self._ends:
            self._held[kind] += 1
            return False
        self._wait(kind)
        return True

    def tell(self) -> None:
        """Log what is counted so far, and wait for nothing any more."""
        for kind in list(self._ends):
            self._ends.pop(kind).cancel()
            self._tell(kind)

    def _wait(self, kind: str) -> None:
        later = self._later or asyncio.get_running_loop().call_later
        self._ends[kind] = later(EVERY, self._end, kind)

    def _end(self, kind: str) -> None:
        del self._ends[kind]
        if self._tell(kind):
            self._wait(kind)

    def _tell(self, kind: str) -> int:
        count = self._held.pop(kind, 0)
        if count:
            log.warning("%d more times within a minute: %s", count, kind)
        return count


@contextmanager
def seldom(name: str) -> Iterator[None]:
    """The warnings of a logger come seldom meanwhile; with the end of it what was counted is told."""
    filter_ = Seldom()
    logger = logging.getLogger(name)
    logger.addFilter(filter_)
    try:
        yield
    finally:
        logger.removeFilter(filter_)
        filter_.tell()
