"""What a check is given, and what it finds."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TypeVar

from bot.config.load import Config

T = TypeVar("T")


class Level(Enum):
    """How bad it is; the value is the sign in front of the line."""

    FINE = "✔"
    NOT_CHECKED = "–"
    WARNING = "!"
    FAULT = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: how bad, and what it is, what it means, what to do."""

    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """What is looked over: the config, the file that it was read from, and the time of day."""

    config: Config
    file: Path
    clock: Callable[[], datetime]
    """Now, aware."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to try. `seconds` is how long it may take; `online` ones need Telegram."""

    name: str
    look: Callable[[Case], Awaitable[Finding]]
    online: bool = False
    seconds: float = 15.0


def fine(text: str) -> Finding:
    """All is well."""
    return Finding(Level.FINE, text)


def not_checked(text: str) -> Finding:
    """Nobody can say."""
    return Finding(Level.NOT_CHECKED, text)


def warning(text: str) -> Finding:
    """It works, and should be seen to."""
    return Finding(Level.WARNING, text)


def fault(text: str) -> Finding:
    """It does not work, or data are in danger."""
    return Finding(Level.FAULT, text)


async def in_thread(work: Callable[[], T]) -> T:
    """Run what may block in a thread of its own; a thread that a dead disk holds for ever does not hold the program."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        try:
            outcome: tuple[T | None, BaseException | None] = (work(), None)
        except Exception as error:
            outcome = (None, error)
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, *outcome)

    threading.Thread(target=run, daemon=True).start()
    return await done
