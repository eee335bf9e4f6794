"""Modules loaded without looking for garbage, at the start and ever after."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Load what stays loaded: nothing of it is garbage, and every look for some would go over all of it.

    During a start this takes an eighth of the time, and later it would hold the event loop for 60 to 130 ms now and then.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
