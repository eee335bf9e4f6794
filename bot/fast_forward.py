"""Moves the sandbox's clock and has the bot do what is due: at once, or from mark to mark, so that a year is soon over."""

import asyncio
from datetime import datetime

from bot.app import App
from bot.clock import look, next_mark
from sandbox.clock import SandboxClock


class Hurry:
    """The driver of the sandbox's clock. Nothing is skipped: it stops at every moment at which something may be due."""

    def __init__(self, app: App, clock: SandboxClock) -> None:
        self._app, self._clock = app, clock
        self._until: datetime | None = None
        self._run: asyncio.Task[None] | None = None
        self._stopping = False

    @property
    def until(self) -> datetime | None:
        """Where it is running to, UTC, also while it comes to a stop; None where it is not."""
        return self._until

    async def jump(self, moment: datetime) -> None:
        """Set the clock to an aware moment, as if the bot had been down meanwhile."""
        self._clock.set(moment)
        await self._do_what_is_due()

    def hurry(self, moment: datetime) -> "asyncio.Task[None]":
        """Run to an aware moment that is later than now; the run, which can be waited for."""
        self._until, self._stopping = moment, False
        self._run = asyncio.create_task(self._go(moment), name="hurry")
        return self._run

    def stop(self) -> None:
        """End the run, once what is due at the mark that it has reached is out."""
        self._stopping = True

    async def close(self) -> None:
        """Stop, and wait for what is in hand."""
        self.stop()
        if self._run is not None:
            await asyncio.wait([self._run])

    async def _go(self, until: datetime) -> None:
        try:
            while not self._stopping and (now := self._clock()) < until:
                mark = min(await next_mark(self._app.services, now), until)
                # What was due took its time, and the clock went on: it is never set back to a mark it has passed.
                if mark > self._clock():
                    self._clock.set(mark)
                await self._do_what_is_due()
        finally:
            self._until = None
            self._clock.tell()

    async def _do_what_is_due(self) -> None:
        await look(self._app.services)
        await self._app.pusher.send_due()
