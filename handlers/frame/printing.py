"""A picture as a document: the word png, svg or pdf at the end of a command, and what carries it on through buttons."""

import unicodedata
from dataclasses import replace

from charts.values import Kind
from handlers.frame.reply import Button, Rows

MARK = "="
"""Before the kind in a button's data: no code or name that a button carries begins so."""


def asked(words: str) -> tuple[str, Kind | None]:
    """The words without the kind of document that stands at their end, and the kind."""
    rest, _, last = words.rstrip().rpartition(" ")
    kind = _kind(unicodedata.normalize("NFKC", last).casefold())
    return (rest.rstrip(), kind) if kind else (words, None)


def carried(arguments: tuple[str, ...]) -> tuple[tuple[str, ...], Kind | None]:
    """The same for a pressed button."""
    if arguments and arguments[-1].startswith(MARK) and (kind := _kind(arguments[-1][1:])):
        return arguments[:-1], kind
    return arguments, None


def marked(rows: Rows, kind: Kind | None) -> Rows:
    """The buttons, so that what they lead to is a document too."""
    if kind is None:
        return rows
    return tuple(tuple(_marked(button, kind) for button in row) for row in rows)


def _marked(button: Button, kind: Kind) -> Button:
    return replace(button, data=f"{button.data}:{MARK}{kind.value}") if button.data else button


def _kind(word: str) -> Kind | None:
    return next((kind for kind in Kind if kind.value == word), None)


def file_name(stem: str, kind: Kind) -> str:
    """A name that every file system takes; the end is kept, since it says the period."""
    clean = "".join("-" if sign in '/\\:*?"<>|' or ord(sign) < 32 else sign for sign in stem).strip(" .-")
    return f"{clean[-80:] or '图表'}.{kind.value}"
