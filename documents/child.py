"""The process in which a document is opened or made. Started by documents.process; it may die without harm."""

import codecs
import importlib
import json
import resource
import sys
import traceback
from dataclasses import dataclass

DONE, OUT_OF_MEMORY, BROKEN = b"=", b"m", b"!"
"""What the answer begins with."""

SEALED, OPEN_FILES = 3, 64
"""Standard input, output and error: with no number left, neither a file nor a connection can be opened."""


CODECS = (
    "ascii", "cp1252", "cp437", "gb18030", "gbk", "idna", "latin-1", "raw_unicode_escape", "unicode_escape",
    "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "utf-32",
)  # fmt: skip
"""What texts may be written in: Python loads each when it is first met, and then no file can be opened any more."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds of processor time, bytes of address space, and whether no file may be opened any more."""

    cpu_seconds: int
    memory: int
    sealed: bool


def confine(bounds: Bounds) -> None:
    """Give up, for good, whatever the work does not need."""
    # A second more before the system kills it outright: the first signal says that it was the time.
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.cpu_seconds, bounds.cpu_seconds + 1))
    for what, most in (
        (resource.RLIMIT_AS, bounds.memory),
        (resource.RLIMIT_NOFILE, SEALED if bounds.sealed else OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main(task: str, bounds: Bounds) -> None:
    """Load the task's module, have it load what it needs, and only then look at what was sent."""
    module = importlib.import_module(task)
    for name in CODECS:
        codecs.lookup(name)
    getattr(module, "prepare", lambda: None)()
    confine(bounds)
    try:
        out = DONE + module.answer(sys.stdin.buffer.read())
    except MemoryError:
        out = OUT_OF_MEMORY
    except Exception:
        out = BROKEN + traceback.format_exc().encode(errors="replace")
    sys.stdout.buffer.write(out)


if __name__ == "__main__":
    main(sys.argv[1], Bounds(**json.loads(sys.argv[2])))
