"""The queue to Telegram: answers to people go before messages that nobody waits for."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter

from bot.crew import NotCounted

LONGEST_WAIT = 10.0
"""Seconds of answers without a gap after which pushes go between them: they are late, but they come."""

BEHIND = 0.1
"""Seconds at most that pushes make up for, where they could not go at their time; after a pause as many may go at once."""

UNLIMITED = {"overall_max_rate": 0.0, "group_max_rate": 0.0}
"""The options without Telegram's limits, for a server that has none."""

Request = Callable[..., Coroutine[Any, Any, Any]]

LAST_APART = 0.1
"""Seconds at least between two messages that come last: they leave most of what Telegram allows to the others."""


class Lane(Enum):
    """Who goes before whom."""

    ANSWER = auto()
    PUSH = auto()
    LAST = auto()


_lane: ContextVar[Lane] = ContextVar("lane", default=Lane.ANSWER)


@contextmanager
def unhurried() -> Iterator[None]:
    """Whatever is sent inside lets every answer go first."""
    with _in(Lane.PUSH):
        yield


@contextmanager
def last_of_all() -> Iterator[None]:
    """Whatever is sent inside lets every answer and every push go first."""
    with _in(Lane.LAST):
        yield


@contextmanager
def _in(lane: Lane) -> Iterator[None]:
    token = _lane.set(lane)
    try:
        yield
    finally:
        _lane.reset(token)


class AnswersFirst(AIORateLimiter):
    """Telegram's limits as python-telegram-bot keeps them, with three lanes in front.

    A push waits as long as any answer is on its way or waits for its turn. However many pushes are on their way, only one
    waits for its turn at Telegram's limit, so that at most one ever stands before an answer. They go evenly, never all
    at once that the limit allows: what is on its way when the process is killed goes out again.
    """

    def __init__(
        self,
        *,
        counted: Callable[[], bool] = lambda: True,
        told_the_time: Callable[[datetime], None] = lambda moment: None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._counted = counted
        self._told_the_time = told_the_time
        self._answers = 0
        self._free = asyncio.Event()
        self._free.set()
        self._impatient_at = 0.0
        self._turn = asyncio.Lock()
        self._silent_until = 0.0
        limit = self._base_limiter
        self._apart = limit.time_period / limit.max_rate if limit is not None else 0.0
        self._next_push_at = 0.0
        self._before_the_last = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._last_turn = asyncio.Lock()
        self._next_last_at = 0.0

    async def process_request(  # noqa: PLR0917  python-telegram-bot's own signature
        self,
        callback: Request,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Send a request when its lane and Telegram's limits let it.

        NotCounted where another process may do this one's work by now: what was in hand is its.
        """
        if not self._counted():
            raise NotCounted
        if endpoint.lower() == "getupdates":
            # Polling is neither an answer nor limited; it lasts for most of a minute.
            return await callback(*args, **kwargs)
        rest = (args, kwargs, endpoint, data, rate_limit_args)
        if _lane.get() is Lane.LAST:
            await self._let_all_go(spaced="chat_id" in data)
            return self._dated(endpoint, await super().process_request(self._obedient(callback), *rest))
        with self._before_the_last_ones():
            if _lane.get() is Lane.PUSH:
                return self._dated(endpoint, await self._push(callback, data, rest))
            return self._dated(endpoint, await self._answer(callback, rest))

    async def _answer(self, callback: Request, rest: Any) -> Any:
        if not self._answers:
            self._impatient_at = _seconds() + LONGEST_WAIT
        self._answers += 1
        self._free.clear()
        try:
            return await super().process_request(self._obedient(callback), *rest)
        finally:
            self._answers -= 1
            if not self._answers:
                self._free.set()

    @contextmanager
    def _before_the_last_ones(self) -> Iterator[None]:
        self._before_the_last += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._before_the_last -= 1
            if not self._before_the_last:
                self._quiet.set()

    async def _let_all_go(self, *, spaced: bool) -> None:
        """Wait until nothing else is on its way; messages, which Telegram limits, in turn and not all at once."""
        if not spaced or not self._apart:
            await self._quiet.wait()
            return
        async with self._last_turn:
            await asyncio.sleep(self._next_last_at - _seconds())
            await self._quiet.wait()
            self._next_last_at = _seconds() + LAST_APART

    async def _push(self, callback: Request, data: dict[str, Any], rest: Any) -> Any:
        """Send a push: it waits for its turn, and leaves it to the next one once it is off to Telegram."""
        turn = Turn(self._turn)
        chat_id = data.get("chat_id")
        if isinstance(chat_id, int) and chat_id > 0:
            # A group may be given only so much a minute: whoever waits for that keeps no turn from the others.
            await turn.taken()

        async def off(*args: Any, **kwargs: Any) -> Any:
            turn.over()
            return await callback(*args, **kwargs)

        try:
            await self._evenly()
            await self._let_answers_go()
            return await super().process_request(self._obedient(off), *rest)
        finally:
            turn.over()

    def _obedient(self, callback: Request) -> Request:
        """The request, but not before the time that Telegram asked for last.

        python-telegram-bot ends that wait as soon as any other request comes back, and several are on their way.
        """

        async def call(*args: Any, **kwargs: Any) -> Any:
            while (wait := self._silent_until - _seconds()) > 0:  # noqa: ASYNC110  it may be moved while it passes
                await asyncio.sleep(wait)
            if not self._counted():
                # It waited at the limit, and the process may have been frozen meanwhile.
                raise NotCounted
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                after = error.retry_after
                seconds = after.total_seconds() if isinstance(after, timedelta) else float(after)
                self._silent_until = max(self._silent_until, _seconds() + seconds)
                raise

        return call

    def _dated(self, endpoint: str, result: Any) -> Any:
        """The result of a request, having told Telegram's time where it is of a message that was sent just now."""
        if endpoint.lower().startswith("send") and isinstance(result, dict) and "date" in result:
            self._told_the_time(datetime.fromtimestamp(int(result["date"]), UTC))
        return result

    async def _evenly(self) -> None:
        """Wait as long after the push before as Telegram's limit comes to for each."""
        if self._apart:
            at = max(self._next_push_at, _seconds() - BEHIND)
            self._next_push_at = at + self._apart
            await asyncio.sleep(at - _seconds())

    async def _let_answers_go(self) -> None:
        """Wait until no answer is on its way; where they never cease, until they have had long enough."""
        with suppress(TimeoutError):
            while self._answers and self._impatient_at > _seconds():
                await asyncio.wait_for(self._free.wait(), self._impatient_at - _seconds())


class Turn:
    """A push's turn at the limit: taken once, and over once."""

    def __init__(self, lock: asyncio.Lock) -> None:
        self._lock, self._held = lock, False

    async def taken(self) -> None:
        """Wait for it."""
        await self._lock.acquire()
        self._held = True

    def over(self) -> None:
        """Leave it to the next, if it was taken and is not over yet."""
        if self._held:
            self._held = False
            self._lock.release()


def _seconds() -> float:
    return asyncio.get_running_loop().time()
