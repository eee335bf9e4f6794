"""What a picture shows, as plain values: made by handlers, drawn elsewhere, compared to find a picture again."""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from rules.returns import ReturnState


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every picture: the answer as its title, and from when and how final it is."""

    title: str
    subtitle: str
    as_of: str
    """The last change that is in it, e.g. 截至 3月10日 14:05."""
    mark: str
    """暂定 or 已审定, in the corner."""


@dataclass(frozen=True, slots=True)
class ItemBar:
    """One item of a unit's score: its full points, what is left of them, what was deducted past the floor."""

    name: str
    points: Decimal
    left: Decimal
    beyond: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class ScoreChart:
    """A unit's items as bars of what is left of what can be had."""

    frame: Frame
    items: tuple[ItemBar, ...]


@dataclass(frozen=True, slots=True)
class RankingRow:
    """One unit of a ranking. `lost` goes with the chart's items, in their order."""

    place: str
    """As shown: 1, or 2 with 并列 beside it."""
    shared: bool
    unit: str
    score: str
    total: Decimal
    lost: tuple[Decimal, ...]
    inspected: bool = True


@dataclass(frozen=True, slots=True)
class RankingChart:
    """A sequence in order, best on top, with what each unit lost stacked by item."""

    frame: Frame
    items: tuple[str, ...]
    rows: tuple[RankingRow, ...]
    who: str = "单位"
    """What the rows are, over their names."""


class TileState(Enum):
    """How far a unit is."""

    DONE = "done"
    BEGUN = "begun"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Tile:
    """One unit on a board, with what needs somebody's attention as its alarm."""

    unit: str
    state: TileState
    note: str
    alarm: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """The units of a sequence."""

    name: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class ProgressChart:
    """A group's units as tiles, sequence by sequence."""

    frame: Frame
    boards: tuple[Board, ...]


@dataclass(frozen=True, slots=True)
class CalendarCell:
    """A unit's month. `late`: days after the day it was due."""

    state: ReturnState
    late: int = 0


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A unit's year, from January on."""

    unit: str
    cells: tuple[CalendarCell, ...]


@dataclass(frozen=True, slots=True)
class CalendarBlock:
    """The units of a sequence."""

    name: str
    rows: tuple[CalendarRow, ...]


@dataclass(frozen=True, slots=True)
class ReturnsChart:
    """Which unit returned which month of a year, sequence by sequence; the month that is asked about stands out."""

    frame: Frame
    month: int
    """1 to 12."""
    blocks: tuple[CalendarBlock, ...]


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A unit's quarter: its score and, where it is seen, its place as shown and as a number of `of`."""

    label: str
    year: str
    score: Decimal
    shown: str
    final: bool
    place: int | None = None
    place_shown: str = ""
    of: int = 0
    note: str = ""
    """What needs to be known beside it: 未检查, 一票否决."""


@dataclass(frozen=True, slots=True)
class TrendChart:
    """A unit's quarters in order, scores above, places below where any is seen."""

    frame: Frame
    points: tuple[TrendPoint, ...]


@dataclass(frozen=True, slots=True)
class HeatRow:
    """What a unit lost on each column; None where its scheme has no such item. `place` is empty where it is not shown."""

    unit: str
    place: str
    lost: tuple[Decimal | None, ...]
    total: Decimal


@dataclass(frozen=True, slots=True)
class HeatChart:
    """Units by items, the darker the more was lost; below them the columns' totals."""

    frame: Frame
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    totals: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class CauseBar:
    """A cause of losses: what it is, how often, its points, and the share (0 to 1) that it and the ones before it make up."""

    label: str
    note: str
    points: Decimal
    cumulated: Decimal
    shown: str
    """The cumulated share as shown."""
    weighty: bool
    """One of those that the title is about."""


@dataclass(frozen=True, slots=True)
class LossesChart:
    """The causes of losses, the costliest first (Pareto)."""

    frame: Frame
    causes: tuple[CauseBar, ...]


@dataclass(frozen=True, slots=True)
class CompareItem:
    """An item, and what each unit lost on it; None where its scheme has none such."""

    name: str
    points: Decimal
    lost: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class CompareChart:
    """Two to four units item by item; `units` are their names with their scores as shown."""

    frame: Frame
    units: tuple[tuple[str, str], ...]
    items: tuple[CompareItem, ...]


Chart = (
    ScoreChart
    | RankingChart
    | ProgressChart
    | ReturnsChart
    | TrendChart
    | HeatChart
    | LossesChart
    | CompareChart
)


class Kind(Enum):
    """What a picture is sent as, where a document is wanted: for print. The value is the word and the file's ending."""

    PNG = "png"
    SVG = "svg"
    PDF = "pdf"


def packed(chart: Chart) -> str:
    """A chart as text, to be drawn later."""
    return json.dumps([type(chart).__name__, _adapter(type(chart).__name__).dump_python(chart, mode="json")])


def unpacked(text: str) -> Chart:
    """The chart of a packed text; ValueError where it is none."""
    kind, value = json.loads(text)
    chart: Chart = _adapter(kind).validate_python(value)
    return chart


_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        ScoreChart,
        RankingChart,
        ProgressChart,
        ReturnsChart,
        TrendChart,
        HeatChart,
        LossesChart,
        CompareChart,
    )
}


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    """What packs and unpacks a kind, made when it is needed first, which is rarely."""
    return TypeAdapter(_KINDS[kind])


STYLE = "2"
"""Counted up whenever pictures look different, so that old ones are not sent again."""


def digest(chart: Chart) -> str:
    """What names a picture: the same values in the same style are the same picture."""
    return hashlib.sha256(f"{STYLE} {chart!r}".encode()).hexdigest()
