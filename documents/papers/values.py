"""What a document that leaves the bureau says, as plain values: sections of paragraphs, tables and pictures."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body."""

    text: str


@dataclass(frozen=True, slots=True)
class SubHead:
    """A head of the second level, （一）…"""

    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its caption. `widths` are shares of the page's width; `left` the columns that are not centred."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    left: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG at the width of the page, with its caption."""

    png: bytes
    caption: str


Block = Paragraph | SubHead | Grid | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A head of the first level, 一、…, and what stands under it."""

    head: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Annex:
    """An attachment (附件), on pages of its own."""

    title: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document. `mark` is 暂定 where it is not final, else empty."""

    title: tuple[str, ...]
    """Its lines, parted where the sense allows."""
    period: str
    mark: str
    notice: str
    """In the header of every page of a document that is not final."""
    addressee: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...]
    closing: str
    annex: Annex | None
    signature: str
    day: date


class TemplateBroken(Exception):
    """The bureau's own template cannot be used; the message says why, in Chinese."""


class Unmade(Exception):
    """No document could be made, and no template is to blame."""


def cleaned(text: str) -> str:
    """A text as a document can hold it: in one line, without signs that XML has no place for."""
    kept = (sign if sign.isprintable() else " " for sign in text)
    return " ".join("".join(kept).split(" ")).strip()
