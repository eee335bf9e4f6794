"""Planned messages on their way to Telegram: several at once, those of one chat one after the other."""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence

from storage.pushes import Push

AT_ONCE = 20
"""Messages on their way at once: thirty a second fill Telegram's limit where an answer takes half a second, too."""

Send = Callable[[Sequence[Push]], Awaitable[bool]]


class Outbound:
    """What was claimed and is not out yet, in the order of its claim."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: deque[Sequence[Push]] = deque()
        self._going: dict[asyncio.Task[bool], int] = {}
        """What is on its way, and the chat that it goes to."""

    @property
    def ready(self) -> int:
        """How many could go as soon as fewer are on their way: nothing goes to their chat."""
        busy = set(self._going.values())
        return sum(message[0].chat_id not in busy for message in self._waiting)

    def backed_up(self, count: int) -> set[int]:
        """The chats that have so many waiting."""
        waiting = Counter(message[0].chat_id for message in self._waiting)
        return {chat for chat, number in waiting.items() if number >= count}

    @property
    def empty(self) -> bool:
        """Whether nothing waits and nothing is on its way."""
        return not self._waiting and not self._going

    def add(self, messages: Sequence[Sequence[Push]]) -> None:
        """Have these sent, too."""
        self._waiting.extend(messages)

    def begin(self) -> None:
        """Send off what may go: in order, but whose chat has something on its way waits for that."""
        busy = set(self._going.values())
        left: deque[Sequence[Push]] = deque()
        while self._waiting and len(self._going) < AT_ONCE:
            message = self._waiting.popleft()
            chat = message[0].chat_id
            if chat in busy:
                left.append(message)
                continue
            busy.add(chat)
            self._going[asyncio.ensure_future(self._send(message))] = chat
        self._waiting.extendleft(reversed(left))

    async def some(self, seconds: float | None = None) -> int | None:
        """Wait until something is settled, at most so long; how many are out, None where nothing was settled.

        Raises what came between: DatabaseFault, or NotCounted.
        """
        done, _ = await asyncio.wait(self._going, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            del self._going[task]
        return sum([task.result() for task in done]) if done else None

    async def end(self) -> list[Push]:
        """Let what is on its way arrive, and send nothing more off; what was not sent off."""
        left = [push for message in self._waiting for push in message]
        self._waiting.clear()
        await asyncio.gather(*self._going, return_exceptions=True)
        self._going.clear()
        return left

    async def drop(self) -> None:
        """Break off everything: another process has it in hand, or this one ends."""
        for task in self._going:
            task.cancel()
        await self.end()
