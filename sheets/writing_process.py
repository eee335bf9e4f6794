"""The process that writes a workbook: a pickled book in, an .xlsx out, with a limit on memory and time."""

import pickle
import resource
import sys

from sheets.writing import write

MEMORY = 2 * 1024**3
CPU_SECONDS = 80


def main() -> None:
    """Read standard input, write standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    book = pickle.loads(sys.stdin.buffer.read())  # noqa: S301  it comes from the bot's own process
    sys.stdout.buffer.write(write(book))


if __name__ == "__main__":
    main()
