"""A chart's values → the bytes of a PNG."""

import struct
import zlib
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from charts import compare, heat, losses, progress, ranking, returns, score, trend
from charts.lettering import pixels
from charts.sheet import Sheet
from charts.values import (
    Chart,
    CompareChart,
    HeatChart,
    LossesChart,
    ProgressChart,
    RankingChart,
    ReturnsChart,
    ScoreChart,
    TrendChart,
)

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def sheet_of(chart: Chart) -> Sheet:
    """What a chart's picture is made of."""
    match chart:
        case ScoreChart():
            return score.draw(chart)
        case RankingChart():
            return ranking.draw(chart)
        case ProgressChart():
            return progress.draw(chart)
        case ReturnsChart():
            return returns.draw(chart)
        case TrendChart():
            return trend.draw(chart)
        case HeatChart():
            return heat.draw(chart)
        case LossesChart():
            return losses.draw(chart)
        case CompareChart():
            return compare.draw(chart)


def figure_of(chart: Chart) -> Figure:
    """A chart's figure, for print."""
    return sheet_of(chart).figure()


def render(chart: Chart) -> bytes:
    """The picture."""
    return _encoded(pixels(sheet_of(chart).photo()))


def _encoded(picture: np.ndarray[Any, Any]) -> bytes:
    """As RGB, its rows as they are: flat colours repeat, and that is found faster, and told shorter, than any
    difference between neighbours; a higher level costs more time than it saves bytes."""
    height, width, _ = picture.shape
    rows = np.zeros((height, 1 + 3 * width), np.uint8)
    colours = Image.frombuffer("RGBA", (width, height), picture, "raw", "RGBA", 0, 1).tobytes("raw", "RGB")
    rows[:, 1:] = np.frombuffer(colours, np.uint8).reshape(height, -1)
    head = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.data, 1)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack("!I", len(body)) + name + body + struct.pack("!I", zlib.crc32(name + body))
