"""The process that writes a workbook: a pickled book in, an .xlsx out, with a limit on memory and time."""

import resource
import sys

from sheets.writer import unpacked
from sheets.writing import write

MEMORY = 2 * 1024**3
CPU_SECONDS = 120


def main() -> None:
    """Read standard input, write standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    sys.stdout.buffer.write(write(unpacked(sys.stdin.buffer)))


if __name__ == "__main__":
    main()
