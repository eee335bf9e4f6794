"""Logs without secrets: structlog through the standard library, the bot's token struck out of every line."""

import logging
import re
import sys
import traceback

import structlog
from structlog.typing import EventDict, Processor

TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{30,}")
"""What a bot's token looks like, in a URL, a repr or an error's text."""

_ACTING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What a terminal obeys, or what turns the order of the signs about."""

STRUCK_OUT = "‹token›"


def strike_out(text: str) -> str:
    """The text without anything that looks like a token."""
    return TOKEN.sub(STRUCK_OUT, text)


def written(text: str) -> str:
    """The text as it is logged: no token in it, nothing that a terminal obeys, and only its first line like one of ours."""
    return _ACTING.sub(lambda sign: ascii(sign[0])[1:-1], strike_out(text)).replace("\n", "\n    ")


class RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """The last step before a line is written: whatever it is made of, a token does not pass, nor what looks like a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished line, redacted."""
        return written(super().format(record))


def set_up(level: str) -> None:
    """Log to standard error. httpx names every URL at INFO, and with it the token: it is kept to warnings."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        RedactingFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _render,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("httpx", "httpcore", "apscheduler", "alembic", "matplotlib", "uvicorn", "aiosqlite"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # At DEBUG it writes down whatever was said, and the webhook's secret.
    logging.getLogger("telegram").setLevel(logging.INFO)
    sys.excepthook = _redacted_traceback


def _render(_: object, __: str, event: EventDict) -> str:
    exc = event.pop("exc_info", None)
    extra = " ".join(f"{key}={value!r}" for key, value in event.items() if key not in _FIXED)
    line = (
        f"{event.get('timestamp')} {event.get('level', ''):<8}{event.get('logger', '')}: {event.get('event')}"
    )
    if exc and exc is not True:
        error = exc if isinstance(exc, BaseException) else exc[1]
        line += "\n" + "".join(traceback.format_exception(error)).rstrip()
    return f"{line} {extra}".rstrip()


_FIXED = {"timestamp", "level", "logger", "event"}


def _redacted_traceback(kind: type[BaseException], error: BaseException, trace: object) -> None:
    sys.stderr.write(written("".join(traceback.format_exception(error)).rstrip()) + "\n")
