"""A chart's values → the bytes of a PNG."""

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from charts import compare, heat, losses, progress, ranking, returns, score, trend
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


def figure_of(chart: Chart) -> Figure:
    """The figure of a chart."""
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


def render(chart: Chart) -> bytes:
    """The picture. Flat colours compress well at once: a higher level costs more time than it saves bytes."""
    canvas = FigureCanvasAgg(figure_of(chart))
    canvas.draw()  # type: ignore[no-untyped-call]
    pixels = canvas.buffer_rgba()  # type: ignore[no-untyped-call]
    image = Image.frombuffer("RGBA", canvas.get_width_height(), pixels, "raw", "RGBA", 0, 1)
    out = io.BytesIO()
    image.convert("RGB").save(out, format="PNG", compress_level=3)
    return out.getvalue()
