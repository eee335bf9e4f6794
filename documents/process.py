"""Work on a document in a process of its own: bytes in, bytes out, within limits, and with nothing of the program in reach."""

import asyncio
import json
import os
import signal
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from weakref import WeakKeyDictionary

from documents.child import DONE, OUT_OF_MEMORY, Bounds

ROOT = Path(__file__).parent.parent

AT_ONCE = 2
"""How many such processes run at once: with the bot and its charts they stay below the service's MemoryMax of 1 GB."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may use: seconds by the wall clock, seconds of processor time, bytes of address space.

    `sealed`: once it has loaded its code it opens no file and no connection any more.
    """

    seconds: float = 20.0
    cpu_seconds: int = 20
    memory: int = 384 * 1024**2
    sealed: bool = True


FOREIGN = Limits()
"""For whatever somebody else has made: a file that was sent, a template."""

OWN = Limits(seconds=180.0, cpu_seconds=120, memory=2 * 1024**3, sealed=False)
"""For what the program itself made and only packs here."""


class Why(Enum):
    """Why there is no answer."""

    NOT_STARTED = "not started"
    TOO_SLOW = "too slow"
    TOO_MUCH_MEMORY = "too much memory"
    BROKE_OFF = "broke off"


class Failed(Exception):
    """The process gave no answer."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why.value}{': ' if detail else ''}{detail}")
        self.why = why
        self.detail = detail


_places: "WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore]" = WeakKeyDictionary()


async def run(task: str, body: bytes, limits: Limits = FOREIGN) -> bytes:
    """What the function `answer` of the module `task` makes of these bytes, in a process of its own. Failed.

    The process has an empty environment and an empty folder to work in, writes no file, and is held to its limits.
    """
    places = _places.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))
    async with places:
        try:
            with tempfile.TemporaryDirectory(prefix="document-") as folder:
                return await _run(task, body, limits, folder)
        except OSError as error:
            raise Failed(Why.NOT_STARTED, str(error)) from error


async def _run(task: str, body: bytes, limits: Limits, folder: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "documents.child",
        task,
        json.dumps(asdict(Bounds(limits.cpu_seconds, limits.memory, limits.sealed))),
        cwd=folder,
        env=_environment(folder),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(body), limits.seconds)
    except TimeoutError:
        raise Failed(Why.TOO_SLOW) from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return _answer(process.returncode, out)


def _environment(folder: str) -> dict[str, str]:
    """Where the program's code is, and nothing else: no token, no address, no setting."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "PYTHONSAFEPATH": "1",
        "PYTHONUTF8": "1",
        "TMPDIR": folder,
        "HOME": folder,
    }


def _answer(returncode: int | None, out: bytes) -> bytes:
    state, body = out[:1], out[1:]
    if returncode == 0 and state == DONE:
        return body
    # Where the whole machine runs out of memory, the system kills.
    if state == OUT_OF_MEMORY or returncode == -signal.SIGKILL:
        raise Failed(Why.TOO_MUCH_MEMORY)
    if returncode == -signal.SIGXCPU:
        raise Failed(Why.TOO_SLOW)
    raise Failed(Why.BROKE_OFF, body.decode(errors="replace")[-2000:] or f"ended with {returncode}")
