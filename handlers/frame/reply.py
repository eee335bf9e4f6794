"""What the bot says: a text in Telegram's HTML with buttons under it."""

from dataclasses import dataclass, field
from html import escape

from charts.values import Chart

CAPTION = 1024
MESSAGE = 4096


@dataclass(frozen=True, slots=True)
class Button:
    """A button: pressed, it sends `data` (at most 64 bytes) back, or opens `url`."""

    label: str
    data: str = ""
    url: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Say:
    """One answer. `text` is HTML: whatever a person or the config wrote goes through `esc` first."""

    text: str
    buttons: Rows = ()
    ask_reply: bool = False
    """Open the person's reply field on this message."""


@dataclass(frozen=True, slots=True)
class Show:
    """An answer with a picture. Where `more` does not fit the caption beside `text`, `details` leads to it."""

    chart: Chart
    text: str
    more: str = ""
    details: Button | None = None
    buttons: Rows = field(default=())
    name: str = "图表"
    """The stem of its file's name, where it is sent as a document."""


def esc(text: str) -> str:
    """Text that says what it says, whatever signs it has."""
    return escape(text, quote=False)


def length(html: str) -> int:
    """The length that Telegram counts at most: UTF-16 units, the tags included to be on the safe side."""
    return len(html.encode("utf-16-le")) // 2


def pages(text: str, limit: int = MESSAGE) -> list[str]:
    """The text in as few messages as hold it, parted between lines; every line closes its own tags."""
    parts: list[str] = []
    for line in text.split("\n"):
        if parts and length(parts[-1]) + 1 + length(line) <= limit:
            parts[-1] += "\n" + line
        else:
            parts.append(line)
    return parts


def in_rows(buttons: list[Button], width: int) -> Rows:
    """Buttons side by side, `width` to a row."""
    return tuple(tuple(buttons[i : i + width]) for i in range(0, len(buttons), width))
