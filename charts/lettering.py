"""Lines of text for photos: each is set and rasterised once, and put down from memory whenever it comes again."""

from functools import lru_cache
from math import ceil, floor
from typing import Any, NamedTuple

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from charts import style

KEPT = 512
"""Lines that are remembered, at some twenty kilobytes each: enough for all that a bureau asks for in a day."""
STEPS = 64
"""Where a line begins within a pixel, in FreeType's own steps: finer ones would not be seen by it."""
AROUND = 2
"""Pixels that a letter may reach out of its line's box."""


class Line(NamedTuple):
    """A line of text as it looks, wherever it stands."""

    text: str
    pixels: float
    colour: str
    bold: bool
    at: str
    """Which of its ends is put at its place: left, center, right."""

    def as_text(self, x: float, y: float) -> Text:
        """For matplotlib to draw; vertically centred on y."""
        return Text(
            x, y, self.text, color=self.colour, ha=self.at, va="center_baseline", parse_math=False,
            fontproperties=style.font(self.pixels, bold=self.bold),
        )  # fmt: skip


class Stamp(NamedTuple):
    """A line's pixels, lowest row first, and where their lower left corner is from the pixel that the line is put at."""

    pixels: np.ndarray[Any, Any]
    right: int
    up: int


def put_down(paper: RendererAgg, line: Line, x: float, y: float) -> None:
    """Write the line at a place in pixels from the lower left corner."""
    if line.text:
        (x, right), (y, up) = _split(x), _split(y)
        it = stamp(line, right, up)
        paper.draw_image(paper.new_gc(), x + it.right, y + it.up, it.pixels)


def _split(place: float) -> tuple[int, int]:
    """The whole pixel, and the steps beyond it."""
    return divmod(round(place * STEPS), STEPS)


@lru_cache(maxsize=KEPT)
def stamp(line: Line, right: int, up: int) -> Stamp:
    """The line, set and rasterised, so many steps beyond a whole pixel."""
    text = line.as_text(0, 0)
    text.set_figure(DESK)
    box = text.get_window_extent(_RULER)
    left, low = floor(box.x0) - AROUND, floor(box.y0) - AROUND
    paper = new_paper(ceil(box.x1) + AROUND + 1 - left, ceil(box.y1) + AROUND + 1 - low)
    text.set_position((right / STEPS - left, up / STEPS - low))
    text.draw(paper)
    return Stamp(pixels(paper)[::-1].copy(), left, low)


def new_paper(width: int, height: int) -> RendererAgg:
    """What Agg draws on, transparent."""
    return RendererAgg(width, height, style.DPI)  # type: ignore[no-untyped-call]


def pixels(paper: RendererAgg) -> np.ndarray[Any, Any]:
    """What was drawn, as RGBA, the highest row first; the paper itself, not a copy."""
    return np.asarray(paper.buffer_rgba())  # type: ignore[no-untyped-call]


DESK = Figure(dpi=style.DPI)
"""What an artist lies on that is drawn without a figure of its own: it asks for the dots per inch."""
_RULER = new_paper(1, 1)
"""Measures lines, and draws none."""
