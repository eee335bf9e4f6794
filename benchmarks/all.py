"""Every benchmark, in the order of the table."""

from benchmarks.table import Benchmark

BENCHMARKS: tuple[Benchmark, ...] = ()
