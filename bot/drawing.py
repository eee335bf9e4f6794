"""Charts as the bot has them drawn: timed, and with an alarm where nobody is left to draw them."""

from time import perf_counter

from bot.ops.alarms import Alarms
from bot.ops.metrics import Metrics
from charts.studio import ChartFailed, WorkerGone
from charts.values import Chart, Kind
from handlers.frame.context import Draws


class WatchedStudio:
    """A studio whose work is counted."""

    def __init__(self, studio: Draws, metrics: Metrics, alarms: Alarms) -> None:
        self._studio, self._metrics, self._alarms = studio, metrics, alarms

    async def draw(self, chart: Chart, kind: Kind | None = None) -> bytes:
        """As the studio draws; ChartFailed where it cannot. Not inside a transaction: an alarm takes one."""
        began = perf_counter()
        try:
            drawn = await self._studio.draw(chart, kind)
        except ChartFailed as error:
            gone = isinstance(error, WorkerGone)
            self._metrics.not_drawn(worker=gone)
            if gone:
                await self._alarms.chart_worker_gone()
            raise
        self._metrics.drew(perf_counter() - began)
        return drawn
