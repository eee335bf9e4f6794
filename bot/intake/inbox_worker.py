"""Updates: fetched, kept before they are acknowledged, handled in order a chat, done when answered.

Telegram is told that we have an update (by the next offset) only after it is committed to the inbox. Whatever is in the
inbox and not done is handled, again after a crash; every write carries the key of what the person did, so that
handling twice counts once.
"""

import asyncio
import errno
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from telegram import Update
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import Application

from bot.crew import Crew, NotCounted
from bot.intake.admission import Admission, Sorted, update_of
from bot.intake.strangers import Doorkeeper
from bot.intake.update_keys import arrival_of, sound
from bot.ops.metrics import Metrics, Outcome, Stranger
from handlers.frame.context import InHand, in_hand
from storage import cards, inbox, marking, pictures, strangers
from storage import crew as lanes
from storage.cards import Card
from storage.database import Buried, Database, DatabaseFault, Session, plainly, will_pass
from storage.inbox import Kept
from storage.pictures import Picture
from storage.strangers import Call

log = logging.getLogger(__name__)

ALLOWED = ["message", "edited_message", "callback_query", "inline_query", "my_chat_member"]
"""The kinds of update that Telegram is asked for."""

SIDE_BY_SIDE = 16
"""How many chats are handled at once."""

A_PAGE = 20
"""Updates of one chat that are read at a time."""

IN_MEMORY = 500
"""Updates that wait in memory at most, of all chats; the others wait in the database."""

GIVE_UP_AFTER = 5
"""Tries before an update is given up as one that cannot be handled; waiting for Telegram or the database is none."""

OURS = (ValueError, TypeError, ArithmeticError, LookupError)
"""What made a request fail before it was sent: python-telegram-bot tells it as a fault of the network."""

OF_THE_MACHINE = frozenset({
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EACCES, errno.EMFILE, errno.ENFILE, errno.ENOMEM,
})  # fmt: skip
"""What the system says where the disk, or whatever else the machine has, is used up or out of reach."""

MARKS_WITHIN = 0.5
"""Seconds more at a stop for what was answered to be marked: unmarked, it would be answered again."""

WAIT_AT_MOST = 60.0
"""Seconds between two tries while Telegram or the database is away; such an update is not given up."""


class Unfit(Exception):
    """The update is not one that Telegram's models know."""


@dataclass
class _Chat:
    """The next updates of one chat that wait in this process."""

    waiting: deque[Kept] = field(default_factory=deque)
    more: bool = False
    """Whether others may wait behind them in the database."""
    reading: bool = False
    """Whether these are being read just now."""
    worker: asyncio.Task[None] | None = None


@dataclass(frozen=True, slots=True)
class _Mark:
    """An update that is done; `last` says that its chat has none behind it in this process."""

    update: Kept
    hand: InHand
    last: bool
    written: "asyncio.Future[list[Kept]]"
    """What came into the chat meanwhile, from other processes."""


class Intake:
    """The way of every update: `accept` keeps it and sees that it is handled."""

    def __init__(
        self,
        application: "Application[Any, Any, Any, Any, Any, Any]",
        database: Database,
        crew: Crew,
        *,
        clock: Callable[[], datetime],
        admission: Admission,
        doorkeeper: Doorkeeper,
        on_dead: Callable[[Session, Kept, str], Awaitable[None]],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        metrics: Metrics | None = None,
    ) -> None:
        self._application = application
        self._database = database
        self._crew = crew
        self._clock = clock
        self._admission = admission
        self._doorkeeper = doorkeeper
        self._on_dead = on_dead
        self._pause = pause
        self._metrics = metrics or Metrics()
        self._chats: dict[int, _Chat] = {}
        self._in_memory = 0
        self._read_up_to = 0
        """The newest update that was ever read from the database."""
        self._places = asyncio.Semaphore(SIDE_BY_SIDE)
        self._done: list[_Mark] = []
        self._marker: asyncio.Task[None] | None = None
        self._taker: asyncio.Task[None] | None = None
        self._come = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopping = False
        self.last_poll: datetime | None = None
        """When Telegram was last heard of, UTC: it answered a poll, brought an update, or said that it can bring them."""
        if database.shared:
            crew.on_news(self._hear)
            crew.on_lost(self.abandon)

    async def resume(self) -> None:
        """Take up what an earlier process left unhandled; what it may have had in hand counts one try more.

        Only the chats are read: what waits in each is read when its turn comes.
        """
        self._doorkeeper.wake()
        if self._database.shared:
            async with self._database.keeping(arriving=True) as session:
                await lanes.line_up_again(session)
            self._take_soon()
            return
        async with self._database.keeping() as session:
            await inbox.count_interrupted(session)
        async with self._database.reading() as session:
            left = await inbox.chats_waiting(session)
        if left:
            log.info("updates of %d chats were left waiting and are handled now", len(left))
        for chat_id in left:
            self._idle.clear()
            self._chats[chat_id] = _Chat(more=True)
            self._begin(chat_id, self._chats[chat_id])

    async def accept(self, updates: Sequence[dict[str, Any]]) -> None:
        """Keep these updates, raw as Telegram gave them, in one synced commit; when this returns they are safe.

        Of who is not in the list nothing is kept but that it is to be told so.
        """
        if not updates:
            return
        batch = [update_of(arrival_of(raw), raw) for raw in updates]
        now = self._clock()
        day = self._application.bot_data.bureau.calendar.day(now)

        async def arrive(session: Session) -> tuple[list[Kept], Sorted, list[Call]]:
            sorted_ = await self._admission.sort(session, batch, now=now)
            kept = await inbox.keep(session, sorted_.kept, now=now)
            if self._database.shared:
                await lanes.line_up(session, kept)
            return kept, sorted_, await strangers.note(session, sorted_.calls, now=now, day=day)

        kept, sorted_, noted = await self._database.keep(arrive, arriving=True)
        if noted:
            self._doorkeeper.wake()
        told_over = {call.query_id for call in noted}
        presses = [call.query_id for call in sorted_.calls if call.query_id and call.query_id not in told_over]
        self._doorkeeper.let_go(presses)
        self._doorkeeper.let_go(sorted_.queries, inline=True)
        self._metrics.turned_away(Stranger.SILENT, len(sorted_.calls) - len(noted))
        self._metrics.turned_away(Stranger.PASSED_OVER, sorted_.passed_over + len(sorted_.queries))
        if self._database.shared:
            self._take_soon()
        else:
            self._enqueue(kept)

    def heard(self) -> None:
        """Updates reach us, as far as can be told: Telegram was heard of just now, or has only now to be heard of."""
        self.last_poll = self._clock()

    async def poll(self) -> None:
        """Fetch updates until cancelled. The offset starts at 0 and moves only after a commit.

        It is never taken from the database: update ids restart at random after a quiet week.
        """
        offset, failures = 0, 0
        self.heard()
        while True:
            try:
                updates = await self._fetch(offset)
                await self.accept(updates)
            except Exception as error:
                failures += 1
                known = isinstance(error, TelegramError | DatabaseFault)
                log.warning(
                    "updates not fetched or kept: %s", plainly(error), exc_info=None if known else error
                )
                await self._pause(_backoff(failures, error))
                continue
            failures = 0
            self.heard()
            if updates:
                offset = max(update["update_id"] for update in updates) + 1

    async def _fetch(self, offset: int) -> list[dict[str, Any]]:
        # Lower case: python-telegram-bot advises against asking for its own methods raw, and Telegram takes any case.
        # Raw it must be, so that an update that cannot be parsed stands in nobody's way.
        wait = 50
        result = await self._application.bot.do_api_request(
            "getupdates",
            api_kwargs={"offset": offset, "timeout": wait, "limit": 100, "allowed_updates": ALLOWED},
            read_timeout=wait + 10,
        )
        return list(result)

    async def idle(self) -> None:
        """Wait until every update that was accepted is handled and marked, and whoever is turned away was told."""
        await self._idle.wait()
        await self._doorkeeper.idle()

    def _hear(self, table: str) -> None:
        if table == "inbox":
            self._take_soon()

    def _take_soon(self) -> None:
        """Take up chats that nobody has in hand; whatever comes while that is done is looked for once more."""
        self._come = True
        if self._taker is None and not self._stopping:
            self._idle.clear()
            self._taker = asyncio.create_task(self._take(), name="taking up chats")

    async def _take(self) -> None:
        failures = 0
        while self._come and not self._stopping:
            places = SIDE_BY_SIDE - len(self._chats)
            if places <= 0:
                # Whoever gives a place back looks again.
                break
            self._come = False
            try:
                async with self._database.keeping() as session:
                    assert self._database.worker is not None
                    taken = await lanes.take(session, self._database.worker, places)
            except DatabaseFault as error:
                failures += 1
                self._come = True
                log.warning("chats could not be taken up: %s", plainly(error))
                await self._pause(_backoff(failures, error))
                continue
            failures = 0
            self._come = self._come or bool(taken)
            self._enqueue(taken)
        self._taker = None
        self._settle()

    async def abandon(self) -> None:
        """Drop whatever is in hand: another process has it."""
        tasks = [chat.worker for chat in self._chats.values()] + [self._marker, self._taker]
        self._chats.clear()
        self._in_memory = 0
        self._done.clear()
        self._marker = self._taker = None
        for task in filter(None, tasks):
            task.cancel()
        await asyncio.gather(*filter(None, tasks), return_exceptions=True)
        await self._doorkeeper.drop()
        self._settle()

    async def stop(self, seconds: float = 5.0) -> None:
        """Finish what is in hand, at most so long; what is not done is handled at the next start."""
        self._stopping = True
        until = asyncio.get_running_loop().time() + seconds
        if self._taker is not None:
            await _ended_by(until, self._taker)
        workers = [chat.worker for chat in self._chats.values() if chat.worker is not None]
        for late in await _ended_by(until, *workers):
            late.cancel()
        if self._marker is not None:
            await _ended_by(until + MARKS_WITHIN, self._marker)
        await self._doorkeeper.stop()

    def _enqueue(self, kept: Sequence[Kept]) -> None:
        for update in kept:
            self._idle.clear()
            chat = self._chats.setdefault(update.chat_id, _Chat())
            if self._database.shared or self._has_room(chat, update):
                chat.waiting.append(update)
                self._in_memory += 1
            else:
                chat.more = True
            self._begin(update.chat_id, chat)

    def _has_room(self, chat: _Chat, update: Kept) -> bool:
        """Whether an update may wait in memory: behind those that wait in the database it may not.

        One that may have been read from there before its keeping was told of here may have been handled, too.
        """
        behind = chat.more or chat.reading or update.id <= self._read_up_to
        return not behind and len(chat.waiting) < A_PAGE and self._in_memory < IN_MEMORY

    def _begin(self, chat_id: int, chat: _Chat) -> None:
        if chat.worker is None:
            chat.worker = asyncio.create_task(self._work(chat_id, chat), name=f"chat {chat_id}")

    async def _work(self, chat_id: int, chat: _Chat) -> None:
        """Handle the updates of one chat, oldest first, until none is left."""
        while (chat.waiting or chat.more) and not self._stopping:
            async with self._places:
                retry_in = await (self._attempt(chat) if chat.waiting else self._read_on(chat_id, chat))
            if retry_in is not None:
                await self._pause(retry_in)
        chat.worker = None
        if not chat.waiting:
            del self._chats[chat_id]
        if self._come:
            self._take_soon()
        self._settle()

    async def _read_on(self, chat_id: int, chat: _Chat) -> float | None:
        """Read the next updates of a chat; seconds to wait before it is tried again, None when they are there."""
        chat.reading, chat.more = True, False
        try:
            page = await self._database.read(
                lambda session: inbox.waiting(session, chat_id=chat_id, limit=A_PAGE)
            )
        except DatabaseFault as error:
            log.warning("what waits could not be read: %s", plainly(error))
            chat.more = True
            return WAIT_AT_MOST / 12
        finally:
            chat.reading = False
        chat.waiting.extend(page)
        self._in_memory += len(page)
        self._read_up_to = max([self._read_up_to, *(update.id for update in page)])
        chat.more = chat.more or len(page) == A_PAGE
        return None

    async def _attempt(self, chat: _Chat) -> float | None:
        """Handle the chat's oldest update; seconds to wait before it is tried again, None when it is over."""
        update = chat.waiting[0]
        if update.unwritten:
            # What could not be kept of the last try comes first: else each try would answer again, and be in vain.
            try:
                async with self._database.keeping() as session:
                    await inbox.mark_failed(
                        session,
                        update.id,
                        tries=update.tries,
                        error=update.unwritten,
                        dead=False,
                        now=self._clock(),
                    )
            except DatabaseFault as error:
                log.warning("update %d has to wait: %s", update.id, plainly(error))
                chat.waiting[0] = replace(update, waits=update.waits + 1)
                return _backoff(update.waits + 1, error)
            update = chat.waiting[0] = replace(update, unwritten="")
        hand = InHand(received_at=update.received_at, again=update.tries > 0)
        in_hand.set(hand)
        try:
            await self._handle(update)
        except Forbidden as error:
            log.info("update %d: nobody to answer: %s", update.id, error.message)
            self._metrics.attempted(Outcome.DONE)
        except Exception as error:
            again = await self._failed(update, error, hand)
            self._metrics.attempted(Outcome.DEAD if again is None else Outcome.FAILED)
            if again is not None:
                chat.waiting[0] = again
                return _backoff(max(again.tries, again.waits), error)
        else:
            self._metrics.attempted(Outcome.DONE)
            self._metrics.answered(hand.route, (self._clock() - update.received_at).total_seconds())
        chat.waiting.popleft()
        self._in_memory -= 1
        more = await self._mark(update, hand, last=not chat.waiting)
        chat.waiting.extend(more)
        self._in_memory += len(more)
        return None

    async def _handle(self, update: Kept) -> None:
        try:
            parsed = Update.de_json(sound(json.loads(update.payload)), self._application.bot)
        except Exception as error:
            raise Unfit(str(error)) from error
        await self._application.process_update(parsed)

    async def _failed(self, update: Kept, error: Exception, hand: InHand) -> Kept | None:
        """Count the try. None: the update was given up, told of, and is over."""
        passes = passing(error)
        # What passes is no try, but its answer may be out: whoever takes the update up again has to know.
        tries, waits = (max(update.tries, 1), update.waits + 1) if passes else (update.tries + 1, update.waits)
        text = f"{type(error).__name__}: {plainly(error)}"
        dead = isinstance(error, Unfit) or (tries >= GIVE_UP_AFTER and not passes)
        if passes:
            log.warning("update %d has to wait: %s", update.id, text)
        else:
            # Where it could not be read, what went wrong lies in it and not in the program.
            trace = None if isinstance(error, Unfit) else error
            log.error("update %d failed, try %d: %s", update.id, tries, text, exc_info=trace)
        try:
            # An alarm is planned with it: that is a record, and is written in turn.
            way = self._database.transaction if dead else self._database.keeping
            async with way() as session:
                await inbox.mark_failed(
                    session, update.id, tries=tries, error=text, dead=dead, now=self._clock()
                )
                await cards.remember_all(session, hand.cards)
                await pictures.remember(session, hand.pictures)
                if dead:
                    await self._on_dead(session, update, type(error).__name__)
        except DatabaseFault as fault:
            log.warning("the failure of update %d could not be kept yet: %s", update.id, plainly(fault))
            return replace(update, tries=tries, waits=waits, unwritten=text)
        return None if dead else replace(update, tries=tries, waits=waits)

    async def _mark(self, update: Kept, hand: InHand, *, last: bool) -> list[Kept]:
        """Have the update marked done; what came into its chat from other processes since the chat was taken up.

        Marks of all chats gather while a commit runs, and one commit takes them. The chat waits for its own: thus after
        a crash at most one answer a chat goes out again, and it says so.
        """
        written: asyncio.Future[list[Kept]] = asyncio.get_running_loop().create_future()
        self._done.append(_Mark(update, hand, last, written))
        if self._marker is None:
            self._marker = asyncio.create_task(self._write_marks(), name="marks")
        return await written

    async def _write_marks(self) -> None:
        failures = 0
        while self._done:
            batch, self._done = self._done, []
            try:
                more = await self._write(batch)
            except DatabaseFault as error:
                self._done = batch + self._done
                failures += 1
                log.warning("%d updates could not be marked as done: %s", len(batch), plainly(error))
                if self._stopping:
                    break
                await self._pause(_backoff(failures, error))
                continue
            for mark in batch:
                if not mark.written.done():
                    mark.written.set_result(more.get(mark.update.chat_id, []) if mark.last else [])
        self._marker = None
        self._settle()

    async def _write(self, batch: Sequence[_Mark]) -> dict[int, list[Kept]]:
        """Write the marks; by chat, what came in meanwhile from other processes."""
        if self._database.worker is not None:
            return await self._write_in_company(self._database.worker, batch)
        await self._database.keep(lambda session: self._mark_all(session, batch), first=True)
        return {}

    async def _mark_all(self, session: Session, batch: Sequence[_Mark]) -> None:
        await inbox.mark_done(session, [mark.update.id for mark in batch], now=self._clock())
        await inbox.forget(session, [mark.update.id for mark in batch if mark.hand.forget])
        await cards.remember_all(session, _cards(batch))
        await pictures.remember(session, _pictures(batch))

    async def _write_in_company(self, worker: int, batch: Sequence[_Mark]) -> dict[int, list[Kept]]:
        """The same of one process among several: the marks go ahead in one trip, and then what can wait. Buried."""
        # What must not be kept is cleared in the commit that marks it.
        ahead = not any(mark.hand.forget for mark in batch)
        finished = {mark.update.chat_id: mark.update.id for mark in batch if mark.last}
        if ahead:
            await self._mark_at_once(worker, batch)
            if not finished and not _pictures(batch):
                return {}

        async def rest(session: Session) -> list[Kept]:
            if ahead:
                await pictures.remember(session, _pictures(batch))
            else:
                await self._mark_all(session, batch)
            return await lanes.ahead(session, await lanes.leave_lanes(session, worker, finished))

        found: dict[int, list[Kept]] = {}
        for update in await self._database.keep(rest):
            found.setdefault(update.chat_id, []).append(update)
        return found

    async def _mark_at_once(self, worker: int, batch: Sequence[_Mark]) -> None:
        ids, now = [mark.update.id for mark in batch], self._clock()
        counted = await self._database.at_once(
            lambda session: marking.mark_done(session, worker, ids, _cards(batch), now=now)
        )
        if not counted:
            raise Buried

    def _settle(self) -> None:
        if not self._chats and self._marker is None and self._taker is None:
            self._idle.set()


def _cards(batch: Sequence[_Mark]) -> list[tuple[Card, datetime]]:
    return [card for mark in batch for card in mark.hand.cards]


def _pictures(batch: Sequence[_Mark]) -> list[Picture]:
    return [picture for mark in batch for picture in mark.hand.pictures]


async def _ended_by(until: float, *tasks: "asyncio.Task[None]") -> "set[asyncio.Task[None]]":
    """Wait for these until a moment of the loop's time; the ones that have not ended by then."""
    if not tasks:
        return set()
    _, late = await asyncio.wait(tasks, timeout=max(0.0, until - asyncio.get_running_loop().time()))
    return late


def passing(error: Exception) -> bool:
    """Whether the fault lies with Telegram, the network or the database, and will pass by itself."""
    if isinstance(error, BadRequest | Forbidden):
        return False
    if isinstance(error, NetworkError) and isinstance(error.__cause__, OURS):
        return False
    if isinstance(error, NetworkError | RetryAfter | InvalidToken | NotCounted | ConnectionError):
        return True
    if isinstance(error, OSError):
        return error.errno in OF_THE_MACHINE
    # An answer that is no JSON is told as an error of no particular kind.
    return type(error) is TelegramError or will_pass(error)


def _backoff(tries: int, error: Exception) -> float:
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return wait if isinstance(wait, int) else wait.total_seconds()
    if isinstance(error, Conflict):
        return WAIT_AT_MOST / 4
    return float(min(WAIT_AT_MOST, 0.5 * 2 ** min(tries - 1, 10)))
