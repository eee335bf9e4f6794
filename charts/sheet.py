"""A sheet to draw on, measured in pixels from its upper left corner: everything is placed by arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, Patch, Rectangle

from charts import style
from charts.values import Frame

HEAD = 178
FOOT = 64


@dataclass
class Sheet:
    """A figure with one bare axes over the whole of it. Boxes gather and are added as one collection."""

    height: int
    figure: Figure = field(init=False)
    axes: Axes = field(init=False)
    _boxes: list[Patch] = field(default_factory=list)

    def __post_init__(self) -> None:
        size = (style.WIDTH / style.DPI, self.height / style.DPI)
        self.figure = Figure(figsize=size, dpi=style.DPI, facecolor=style.PAPER)
        self.axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, style.WIDTH), ylim=(self.height, 0))
        self.axes.set_axis_off()

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
        self.axes.text(
            x, y, text, color=colour, ha=at, va="center_baseline", fontproperties=style.font(pixels, bold=bold),
            parse_math=False,
        )  # fmt: skip

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle."""
        self._boxes.append(Rectangle((x, y), width, height, facecolor=colour, edgecolor="none"))

    def line(
        self, points: Sequence[tuple[float, float]], colour: str, *, width: float = 2, dashed: bool = False
    ) -> None:
        """A line through these points; its width in pixels."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        line = Line2D(xs, ys, color=colour, linewidth=width * 72 / style.DPI, zorder=1)
        line.set_linestyle("--" if dashed else "-")
        self.axes.add_line(line)

    def dot(self, x: float, y: float, radius: float, colour: str, *, hollow: bool = False) -> None:
        """A round mark; a hollow one is not final."""
        face = style.PAPER if hollow else colour
        self.axes.add_patch(Circle((x, y), radius, facecolor=face, edgecolor=colour, linewidth=2.6, zorder=2))

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
        self.axes.add_patch(frame)
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

    def done(self) -> Figure:
        """The figure with everything on it."""
        self.axes.add_collection(PatchCollection(self._boxes, match_original=True, zorder=0))
        return self.figure


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
