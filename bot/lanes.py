"""The queue to Telegram: answers to people go before messages that nobody waits for."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from telegram.ext import AIORateLimiter

from bot.crew import NotCounted

LONGEST_WAIT = 10.0
"""Seconds after which a push goes even where answers never cease: it is late, but it comes."""

UNLIMITED = {"overall_max_rate": 0.0, "group_max_rate": 0.0}
"""The options without Telegram's limits, for a server that has none."""

_unhurried: ContextVar[bool] = ContextVar("unhurried", default=False)


@contextmanager
def unhurried() -> Iterator[None]:
    """Whatever is sent inside lets every answer go first."""
    token = _unhurried.set(True)
    try:
        yield
    finally:
        _unhurried.reset(token)


class AnswersFirst(AIORateLimiter):
    """Telegram's limits as python-telegram-bot keeps them, with two lanes in front.

    A push waits as long as any answer is on its way or waits for its turn. The pusher sends one message at a time, so
    at most one push ever stands before an answer.
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

    async def process_request(  # noqa: PLR0917  python-telegram-bot's own signature
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
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
        request = (callback, args, kwargs, endpoint, data, rate_limit_args)
        if _unhurried.get():
            await self._let_answers_go()
            if not self._counted():
                raise NotCounted
            return self._dated(endpoint, await super().process_request(*request))
        self._answers += 1
        self._free.clear()
        try:
            return self._dated(endpoint, await super().process_request(*request))
        finally:
            self._answers -= 1
            if not self._answers:
                self._free.set()

    def _dated(self, endpoint: str, result: Any) -> Any:
        """The result of a request, having told Telegram's time where it is of a message that was sent just now."""
        if endpoint.lower().startswith("send") and isinstance(result, dict) and "date" in result:
            self._told_the_time(datetime.fromtimestamp(int(result["date"]), UTC))
        return result

    async def _let_answers_go(self) -> None:
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                while self._answers:
                    await self._free.wait()
        except TimeoutError:
            return
