"""How long /deduct takes from update to answer where nothing else is to be done, beside the echo's time."""

from statistics import quantiles

from benchmarks.bots import CHATS, DEDUCT, OURS, PTB, run_load
from benchmarks.stub import Load
from benchmarks.table import Benchmark, Row, medians

PAUSE = 0.01
"""Seconds between an answer and the next message."""


async def alone(rounds: int, quick: bool) -> list[Row]:
    """One message at a time, the next one only after the last is answered."""
    middle: list[tuple[float, float]] = []
    late: list[tuple[float, float]] = []
    for _ in range(rounds):
        found = []
        for peer in (OURS, PTB):
            load = Load(CHATS, 64 if quick else 400, DEDUCT, one_by_one=True, pause=PAUSE)
            taken = (await run_load(peer, load)).taken
            cuts = quantiles(taken, n=100, method="inclusive")
            found.append((cuts[49] * 1000, cuts[98] * 1000))
        (our_middle, our_late), (their_middle, their_late) = found
        middle.append((our_middle, their_middle))
        late.append((our_late, their_late))
    return [_row("p50", middle, 3.0), _row("p99", late, 5.0)]


def _row(name: str, pairs: list[tuple[float, float]], bar: float) -> Row:
    ours, theirs, ratio = medians(pairs)
    what = f"/deduct 无负载时的答复时间，{name}"
    return Row(what, ours, "python-telegram-bot 回声", theirs, "毫秒", f"≤ {bar:g}", ratio <= bar, ratio)


ANSWER_TIME = Benchmark("answer-time", alone)
