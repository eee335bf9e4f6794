"""Every benchmark, in the order of the table."""

from benchmarks.answer_time import ANSWER_TIME
from benchmarks.chart_again import CHART_AGAIN
from benchmarks.charts import CHARTS
from benchmarks.loop import LOOP
from benchmarks.pushes import PUSHES
from benchmarks.ranking import RANKING
from benchmarks.rate import RATE, RATE_POSTGRESQL
from benchmarks.start import START
from benchmarks.table import Benchmark

BENCHMARKS: tuple[Benchmark, ...] = (
    RATE, RATE_POSTGRESQL, ANSWER_TIME, CHARTS, CHART_AGAIN, LOOP, RANKING, START, PUSHES,
)  # fmt: skip
