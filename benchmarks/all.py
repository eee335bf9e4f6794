"""Every benchmark, in the order of the table."""

from benchmarks.answer_time import ANSWER_TIME
from benchmarks.chart_again import CHART_AGAIN
from benchmarks.charts import CHARTS
from benchmarks.loop import LOOP
from benchmarks.pushes import PUSHES
from benchmarks.ranking import RANKING
from benchmarks.rate import RATE, RATE_POSTGRESQL
from benchmarks.reading import READING
from benchmarks.start import START
from benchmarks.strangers import STRANGERS, STRANGERS_START
from benchmarks.table import Benchmark
from benchmarks.workbook import WORKBOOK

BENCHMARKS: tuple[Benchmark, ...] = (
    RATE, RATE_POSTGRESQL, ANSWER_TIME, CHARTS, CHART_AGAIN, LOOP, RANKING, WORKBOOK, READING, START, PUSHES,
    STRANGERS, STRANGERS_START,
)  # fmt: skip
