"""What is counted and timed for Prometheus, in a registry of its own. Labels are names of the program, never of a person."""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime
from enum import Enum

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from storage.queue_statistics import Vitals

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

ANSWERS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
DRAWINGS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)
COMMITS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
HOLDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
"""The histograms' bounds, in seconds."""

AGREEING = 3
"""How many of Telegram's answers in a row have to tell the same before the clock is taken for wrong."""


class Outcome(Enum):
    """How an attempt at an update ended."""

    DONE = "done"
    FAILED = "failed"
    """It is tried again."""
    DEAD = "dead"


class Stranger(Enum):
    """What became of an update of an account that is not in the list, or of one that asks for nothing."""

    TOLD = "told"
    NOT_TOLD = "not_told"
    """Telegram did not take the answer."""
    SILENT = "silent"
    """The account, or the group chat, was told within the minute."""
    PASSED_OVER = "passed_over"
    """Talk in groups that are not bound, posts of channels, inline queries."""


class Sent(Enum):
    """How an attempt at a planned message ended."""

    SENT = "sent"
    DROPPED = "dropped"
    PUT_BACK = "put_back"


class Metrics:
    """The counters of one process. One that nobody reads does no harm: it is the default where nothing is watched."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._updates = self._counter("kaoping_updates", "Attempts at updates by outcome", "outcome")
        self._answers = self._histogram(
            "kaoping_answer_seconds", "From taking an update in to its answer being out", ANSWERS, "command"
        )
        self._pushes = self._counter("kaoping_pushes", "Planned messages by outcome", "outcome")
        self._drawings = self._histogram("kaoping_chart_seconds", "Drawing a chart", DRAWINGS)
        self._failures = self._counter("kaoping_chart_failures", "Charts that were not drawn", "cause")
        self._pictures = self._counter("kaoping_pictures", "Pictures looked up, by what was found", "found")
        self._commits = self._histogram(
            "kaoping_transaction_seconds", "A database transaction, the wait for its turn included", COMMITS
        )
        self._holds = self._histogram(
            "kaoping_loop_held_seconds", "How late the event loop woke a sleeper", HOLDS
        )
        self._strangers = self._counter(
            "kaoping_strangers", "Updates that were not taken up, by what became of them", "outcome"
        )
        self._skews: deque[float] = deque(maxlen=AGREEING)
        for counter, labels in (
            (self._updates, [outcome.value for outcome in Outcome]),
            (self._pushes, [sent.value for sent in Sent]),
            (self._strangers, [stranger.value for stranger in Stranger]),
            (self._failures, ["chart", "worker"]),
            (self._pictures, ["hit", "miss"]),
        ):
            # From the start at zero, so that the first one shows as an increase.
            for label in labels:
                counter.labels(label)

    def _counter(self, name: str, text: str, label: str) -> Counter:
        return Counter(name, text, [label], registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(name, text, labels, buckets=buckets, registry=self.registry)

    def attempted(self, outcome: Outcome) -> None:
        """An attempt at an update ended."""
        self._updates.labels(outcome.value).inc()

    def answered(self, command: str, seconds: float) -> None:
        """An answer is out, so long after its update was taken in; `command` is a name of ours."""
        self._answers.labels(command).observe(max(seconds, 0.0))

    def turned_away(self, outcome: Stranger, count: int = 1) -> None:
        """So many updates of strangers ended so."""
        self._strangers.labels(outcome.value).inc(count)

    def pushed(self, outcome: Sent, count: int) -> None:
        """An attempt at so many planned messages ended."""
        self._pushes.labels(outcome.value).inc(count)

    def drew(self, seconds: float) -> None:
        """A chart was drawn."""
        self._drawings.observe(seconds)

    def not_drawn(self, *, worker: bool) -> None:
        """A chart was not drawn, by the fault of the worker or its own."""
        self._failures.labels("worker" if worker else "chart").inc()

    def looked_up(self, hit: bool) -> None:
        """A picture was looked for among those that Telegram has."""
        self._pictures.labels("hit" if hit else "miss").inc()

    def committed(self, seconds: float) -> None:
        """A transaction ended, well or not."""
        self._commits.observe(seconds)

    def loop_held(self, seconds: float) -> None:
        """The event loop came back so late."""
        self._holds.observe(max(seconds, 0.0))

    def told_the_time(self, ahead: float) -> None:
        """By an answer of Telegram's our clock is so many seconds ahead."""
        self._skews.append(ahead)

    @property
    def skew(self) -> float:
        """By how many seconds our clock is ahead of Telegram's, by the answer that finds it least wrong."""
        return min(self._skews, key=abs) if len(self._skews) == AGREEING else 0.0


class Readings:
    """A collector of what is read when it is asked for: the database's numbers, the last poll's age, the clock."""

    def __init__(self, metrics: Metrics, *, clock: Callable[[], datetime]) -> None:
        self._metrics, self._clock = metrics, clock
        self.vitals: Vitals | None = None
        """None where the database did not answer: then its numbers are left out, not shown as they were."""
        self.last_poll: datetime | None = None
        metrics.registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """The values as they were read last."""
        now, vitals = self._clock(), self.vitals
        yield _gauge("kaoping_database_up", "Whether the database answered", float(vitals is not None))
        yield _gauge("kaoping_clock_skew_seconds", "Our clock ahead of Telegram's", self._metrics.skew)
        if self.last_poll is not None:
            age = (now - self.last_poll).total_seconds()
            yield _gauge("kaoping_last_poll_age_seconds", "Since updates were last fetched", max(age, 0.0))
        if vitals is None:
            return
        yield _gauge("kaoping_updates_waiting", "Updates that are not done", vitals.waiting)
        yield _gauge(
            "kaoping_oldest_waiting_seconds", "Age of the oldest waiting update, else 0", vitals.waits(now)
        )
        yield _gauge("kaoping_updates_given_up", "Updates in the database that were given up", vitals.dead)
        yield _gauge("kaoping_pushes_due", "Planned messages that are due and not out", vitals.due)

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self._metrics.registry)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)
