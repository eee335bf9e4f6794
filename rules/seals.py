"""Old seals as people hand them in: the daily message, pasted or forwarded, or a line of `verify` (Trace)."""

import re
from dataclasses import dataclass
from datetime import date

TITLE = "台账校验码"

_LINE = re.compile(r"(?P<name>[^\n]*\S)\s+(?P<count>\d+)\s*条[^\n0-9a-f]*\s*(?P<seal>[0-9a-f]{64})(?![0-9a-f])")
_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


@dataclass(frozen=True, slots=True)
class Pasted:
    """A line of such a message: the chain as it is called, how many rows it had, the seal of the last."""

    name: str
    count: int
    seal: str
    day: date | None
    """The day of the message; None where it names none."""


def read_seals(text: str) -> list[Pasted]:
    """Every seal in a text, each of the day that stands before it."""
    days = [(match.start(), _day(match)) for match in _DAY.finditer(text)]
    return [
        Pasted(
            match["name"].split("\u3000")[-1].strip(),
            int(match["count"]),
            match["seal"],
            next((day for at, day in reversed(days) if at < match.start("seal")), None),
        )
        for match in _LINE.finditer(text)
    ]


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def is_seals(text: str) -> bool:
    """Whether a text is meant to be compared: it bears the message's title, or a seal that can be read."""
    return text.lstrip().startswith(TITLE) or bool(read_seals(text))
