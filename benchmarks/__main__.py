"""`make bench`: measure everything on this machine in one run, print the table, and write it to docs/performance.md."""

import argparse
import asyncio
import os
import platform
import sys
from datetime import UTC, datetime

from benchmarks.all import BENCHMARKS
from benchmarks.table import Row, printed, write


async def _measured(names: list[str], rounds: int, *, quick: bool) -> list[Row]:
    rows: list[Row] = []
    for benchmark in BENCHMARKS:
        if names and benchmark.name not in names:
            continue
        print(f"… {benchmark.name}", file=sys.stderr, flush=True)
        found = await benchmark.run(rounds, quick)
        print(printed(found), file=sys.stderr, flush=True)
        rows += found
    return rows


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", help="only these: " + " ".join(b.name for b in BENCHMARKS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="smaller, to see whether it runs")
    parser.add_argument("--write", action="store_true", help="write the table to docs/performance.md")
    arguments = parser.parse_args()
    rows = asyncio.run(_measured(arguments.names, arguments.rounds, quick=arguments.quick))
    print(printed(rows))
    if arguments.write:
        about = (
            f"{datetime.now(UTC):%Y-%m-%d} 测得：{os.cpu_count()} 核，Python {platform.python_version()}，"
            f"{platform.system()}，每项 {arguments.rounds} 轮取中位数。"
        )
        write(rows, about)


if __name__ == "__main__":
    main()
