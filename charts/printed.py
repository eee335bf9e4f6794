"""A chart's values → a document for print: vectors with their signs as outlines, or a PNG of twice the pixels."""

import io
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from charts import style
from charts.png import figure_of
from charts.values import Chart, Kind

SETTINGS: Any = {"svg.fonttype": "path", "svg.hashsalt": "kaoping", "pdf.fonttype": 3}
"""Outlines in the SVG and an embedded font in the PDF: no reader needs to have the font. The font is an OpenType one with
cubic outlines, which a PDF takes from matplotlib as Type 3 only."""


def print_out(chart: Chart, kind: Kind) -> bytes:
    """The document. The same values give the same bytes: it says no time of its own."""
    figure = figure_of(chart)
    out = io.BytesIO()
    with matplotlib.rc_context(SETTINGS):
        figure.savefig(out, format=kind.value, **_how(figure, kind, chart.frame.title))
    return out.getvalue()


def _how(figure: Figure, kind: Kind, title: str) -> dict[str, Any]:
    colour = figure.get_facecolor()
    match kind:
        case Kind.PNG:
            return {"dpi": 2 * style.DPI, "facecolor": colour}
        case Kind.SVG:
            return {"facecolor": colour, "metadata": {"Title": title, "Date": None}}
        case Kind.PDF:
            return {"facecolor": colour, "metadata": {"Title": title, "CreationDate": None}}
