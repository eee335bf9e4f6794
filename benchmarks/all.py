"""Every benchmark, in the order of the table."""

from benchmarks.chart_again import CHART_AGAIN
from benchmarks.charts import CHARTS
from benchmarks.loop import LOOP
from benchmarks.table import Benchmark

BENCHMARKS: tuple[Benchmark, ...] = (CHARTS, CHART_AGAIN, LOOP)
