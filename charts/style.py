"""The look of every picture: measures in pixels, colours, the font that comes along."""

import unicodedata
from pathlib import Path

from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.ft2font import FT2Font

WIDTH = 1080
"""Pixels: a phone held upright shows this much without scaling up."""
DPI = 100
MARGIN = 48

INK = "#1c2733"
QUIET = "#5d6b7a"
FAINT = "#e6eaee"
PAPER = "#ffffff"
HEAD = "#17375e"
ACCENT = "#1f5fa8"
WARN = "#a34700"

STACK = ("#1f5fa8", "#f0a202", "#0b8a72", "#c8432f", "#7d8fa3", "#6fb7e9", "#7a3e8f", "#4d4d4d")
"""Items of a stack, in order. Neighbours differ in lightness as much as in hue, so that they stay apart for the
colour-blind and on a black-and-white print."""

FONTS = Path(__file__).parent / "fonts"
_FALLBACK = "DejaVu Sans"


def _family(name: str) -> str:
    path = FONTS / name
    fontManager.addfont(path)  # by path: matplotlib's list of installed fonts may be stale
    return str(FT2Font(str(path)).family_name)


_FAMILIES = [_family("NotoSansSC-Regular.otf"), _FALLBACK]
_family("NotoSansSC-Bold.otf")


def font(pixels: float, *, bold: bool = False) -> FontProperties:
    """The font at a size in pixels. What Noto lacks (✔✗) comes from DejaVu."""
    return FontProperties(family=_FAMILIES, weight="bold" if bold else "regular", size=pixels * 72 / DPI)


def text_width(text: str, pixels: float) -> float:
    """About how wide a text is: Chinese signs are square, others a bit over half as wide."""
    return sum(pixels if unicodedata.east_asian_width(sign) in "WFA" else 0.58 * pixels for sign in text)


def shortened(text: str, pixels: float, width: float) -> str:
    """The text in at most that width. Its end is kept, since names differ there as often as at the beginning."""
    if text_width(text, pixels) <= width:
        return text
    kept = len(text) - 1
    while kept > 2 and text_width(_joined(text, kept), pixels) > width:
        kept -= 1
    return _joined(text, kept)


def _joined(text: str, kept: int) -> str:
    tail = kept // 2
    return f"{text[: kept - tail]}…{text[len(text) - tail :]}"
