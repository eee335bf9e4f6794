"""A sheet to draw on, measured in pixels from its upper left corner: everything is placed by arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch
from matplotlib.transforms import Affine2D

from charts import style
from charts.lettering import DESK, Line, new_paper, pixels, put_down
from charts.values import Frame

Corners = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]

HEAD = 178
FOOT = 64
UNSEEN = (0, 0, 0, 0)
OPAQUE = 255
"""White paper, all of its four channels."""


@dataclass
class Sheet:
    """What is to be drawn, as values; then once either the pixels of a photo, or a figure."""

    height: int
    _boxes: list[Corners] = field(default_factory=list)
    _colours: list[str] = field(default_factory=list)
    _marks: list[Artist] = field(default_factory=list)
    _lines: list[tuple[Line, float, float]] = field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        pixels: float,
        *,
        colour: str = style.INK,
        bold: bool = False,
        at: str = "left",
    ) -> None:
        """A line of text, vertically centred on y."""
        self._lines.append((Line(text, pixels, colour, bold, at), x, y))

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle."""
        self._boxes.append(((x, y), (x + width, y), (x + width, y + height), (x, y + height)))
        self._colours.append(colour)

    def line(
        self, points: Sequence[tuple[float, float]], colour: str, *, width: float = 2, dashed: bool = False
    ) -> None:
        """A line through these points; its width in pixels."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        line = Line2D(xs, ys, color=colour, linewidth=width * 72 / style.DPI, zorder=1)
        line.set_linestyle("--" if dashed else "-")
        self._marks.append(line)

    def dot(self, x: float, y: float, radius: float, colour: str, *, hollow: bool = False) -> None:
        """A round mark; a hollow one is not final."""
        face = style.PAPER if hollow else colour
        self._marks.append(Circle((x, y), radius, facecolor=face, edgecolor=colour, linewidth=2.6, zorder=2))

    def tag(self, x: float, y: float, text: str, colour: str, *, pixels: float = 22, at: str = "left") -> float:
        """A word in a rounded frame, centred on y; how wide it is."""
        width = style.text_width(text, pixels) + 20
        left = x - width if at == "right" else x
        frame = FancyBboxPatch(
            (left + 4, y - pixels * 0.72 + 4),
            width - 8,
            pixels * 1.44 - 8,
            boxstyle="round,pad=4",
            facecolor="none",
            edgecolor=colour,
            linewidth=1.4,
        )
        self._marks.append(frame)
        self.text(left + width / 2, y, text, pixels, colour=colour, at="center")
        return width

    def frame(self, frame: Frame) -> None:
        """What stands around every picture: title, period, how final it is, and its last change."""
        self.box(0, 0, style.WIDTH, 12, style.HEAD)
        room = style.WIDTH - 2 * style.MARGIN
        size = next((size for size in (46, 36) if style.text_width(frame.title, size) <= room), 30)
        self.text(
            style.MARGIN, 70, style.shortened(frame.title, size, room), size, colour=style.HEAD, bold=True
        )
        self.text(style.MARGIN, 130, frame.subtitle, 30, colour=style.QUIET)
        self.tag(style.WIDTH - style.MARGIN, 130, frame.mark, style.WARN, pixels=28, at="right")
        self.text(style.MARGIN, self.height - FOOT / 2, frame.as_of, 24, colour=style.QUIET)

    def photo(self) -> RendererAgg:
        """The pixels. No figure is made for them: axes and texts of its own would take as long as all the drawing."""
        paper = new_paper(style.WIDTH, self.height)
        pixels(paper)[:] = OPAQUE
        upright = Affine2D.from_values(1, 0, 0, -1, 0, self.height)
        for artist in (self._all_boxes(), *sorted(self._marks, key=lambda mark: mark.zorder)):
            artist.set_figure(DESK)
            artist.set_transform(upright)
            artist.draw(paper)
        for line, x, y in self._lines:
            put_down(paper, line, x, self.height - y)
        return paper

    def figure(self) -> Figure:
        """A figure with one bare axes over the whole of it, for print."""
        size = (style.WIDTH / style.DPI, self.height / style.DPI)
        figure = Figure(figsize=size, dpi=style.DPI, facecolor=style.PAPER)
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, style.WIDTH), ylim=(self.height, 0))
        axes.set_axis_off()
        texts = (line.as_text(x, y) for line, x, y in self._lines)
        for artist in (self._all_boxes(), *self._marks, *texts):
            axes.add_artist(artist)
        return figure

    def _all_boxes(self) -> PolyCollection:
        # Their edges are not seen, but they are what Agg aligns boxes by: without them all would sit half a pixel higher.
        return PolyCollection(
            self._boxes, facecolors=self._colours, edgecolors=[UNSEEN], linewidths=1, zorder=0
        )


def legend(sheet: Sheet, y: float, entries: Sequence[tuple[str, str]]) -> float:
    """Squares of colour with their names in as many lines as it takes; the y below them."""
    x = float(style.MARGIN)
    for name, colour in entries:
        width = 34 + style.text_width(name, 24) + 28
        if x + width > style.WIDTH - style.MARGIN / 2 and x > style.MARGIN:
            x, y = float(style.MARGIN), y + 40
        sheet.box(x, y - 11, 22, 22, colour)
        sheet.text(x + 32, y, name, 24, colour=style.INK)
        x += width
    return y + 40


def legend_lines(names: Sequence[str]) -> int:
    """How many lines a legend of these names takes."""
    x, lines = float(style.MARGIN), 1
    for name in names:
        width = 34 + style.text_width(name, 24) + 28
        if x + width > style.WIDTH - style.MARGIN / 2 and x > style.MARGIN:
            x, lines = float(style.MARGIN), lines + 1
        x += width
    return lines
