"""One row of the table: what was measured, beside what, in the same run; and how it is printed and written down."""

import re
import statistics
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

GUIDE = Path(__file__).parent.parent / "docs" / "performance.md"
BEGINS, ENDS = "<!-- measured -->", "<!-- /measured -->"


@dataclass(frozen=True, slots=True)
class Row:
    """A measured ratio. `ours` and `theirs` are medians over the rounds, in `unit`; `wanted` is the bar, as text."""

    what: str
    ours: float
    against: str
    theirs: float
    unit: str
    wanted: str
    reached: bool
    ratio: float | None = None
    """What counts: by default ours / theirs."""
    note: str = ""

    @property
    def shown(self) -> float:
        """The ratio."""
        return self.ratio if self.ratio is not None else self.ours / self.theirs


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A benchmark by its name; `run(rounds, quick)` measures it and brings one row or several."""

    name: str
    run: Callable[[int, bool], Awaitable[list[Row]]]


def medians(rounds: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """The medians of ours, of theirs, and of their ratio round by round: the machine drifts, so that pairs count."""
    ours, theirs = zip(*rounds, strict=True)
    ratio = statistics.median(one / other for one, other in rounds)
    return statistics.median(ours), statistics.median(theirs), ratio


def printed(rows: Sequence[Row]) -> str:
    """The table in Markdown."""
    lines = ["| 测什么 | 本程序 | 对照 | 对照值 | 比值 | 目标 | |", "|---|---:|---|---:|---:|---|---|"]
    for row in rows:
        sign = "达到" if row.reached else "未达到"
        lines.append(
            f"| {row.what} | {_number(row.ours)} {row.unit} | {row.against} | {_number(row.theirs)} {row.unit} "
            f"| {row.shown:.3g} | {row.wanted} | {sign}{'，' + row.note if row.note else ''} |"
        )
    return "\n".join(lines)


def write(rows: Sequence[Row], about: str, guide: Path = GUIDE) -> None:
    """Put the table in the place of the last one, with a line about when and on what it was measured."""
    text = guide.read_text(encoding="utf-8")
    block = f"{BEGINS}\n{about}\n\n{printed(rows)}\n{ENDS}"
    guide.write_text(re.sub(f"{BEGINS}.*?{ENDS}", lambda _: block, text, flags=re.S), encoding="utf-8")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
