"""Sends the messages that are planned: claimed and committed before the call, marked after it.

Never missed and never planned twice; where the process dies while one is on its way, it goes out again and says so.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from telegram import Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.crew import NotCounted
from bot.delivery.http_client import NO_LINE
from bot.delivery.outbound import Outbound
from bot.delivery.rate_limit import unhurried
from bot.ops.metrics import Metrics, Sent
from charts.studio import ChartFailed
from charts.values import Chart, digest, unpacked
from handlers.frame import notices_text, wording
from handlers.frame.context import Draws, keyboard
from handlers.frame.reply import CAPTION, Button, Rows, length, pages
from rules.calendar import Calendar
from storage import pictures, pushes, settings
from storage.database import Buried, Database, DatabaseFault, Session, plainly, will_pass
from storage.pictures import Picture
from storage.pushes import Push

log = logging.getLogger(__name__)

EVERY = 60.0
"""Seconds after which it is looked for what is due, without being woken."""

AT_LEAST = 0.1
"""Seconds between two looks."""

LONGEST_WAIT = timedelta(minutes=15)

CLAIMED, ROOM = 10, 5
"""Messages that are claimed in one commit, and how few must wait to be sent off for that: a sixth of a second at Telegram's
limit. What is claimed when the process dies, or waits in the queue to Telegram, says that it may be a repeat."""

CHAT_ROOM = 3
"""Messages that wait for one to the same chat to arrive, after which no more are claimed for it: they keep no other waiting."""

LOOK_AGAIN = 1.0
"""Seconds after which it is looked for what is due while nothing of what is on its way arrives."""

WRITE_AGAIN, LONGEST_WRITE = 0.5, 10.0
"""Seconds between two tries to write down that a message is out, at first and at most."""


class Pusher:
    """The way of every message that nobody asked for just now."""

    def __init__(
        self,
        bot: "ExtBot[None]",
        database: Database,
        studio: Draws,
        *,
        clock: Callable[[], datetime],
        calendar: Calendar,
        on_dropped: Callable[[Session, Sequence[Push], str], Awaitable[None]] | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self._bot = bot
        self._calendar = calendar
        self._database = database
        self._studio = studio
        self._clock = clock
        self._on_dropped = on_dropped
        self._metrics = metrics or Metrics()
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._turn = asyncio.Lock()
        self._stopping = False
        self._unmarked: list[int] = []
        """Messages that are out and not marked yet."""
        self._drawn: list[Picture] = []
        """Charts that are out for the first time, kept with the mark."""
        self._looked_at: datetime | None = None
        """When it was looked last for what is due, UTC."""

    async def run(self) -> None:
        """Take up what a process had in hand that is gone, and send what is due from now on, until stopped or cancelled."""
        self._ended.clear()
        try:
            while not self._stopping:
                try:
                    await self.take_up()
                    await self._run()
                except Exception as error:
                    known = isinstance(error, DatabaseFault)
                    log.warning(
                        "planned messages could not be read or marked: %s",
                        plainly(error),
                        exc_info=None if known else error,
                    )
                    await asyncio.sleep(1)
        finally:
            self._ended.set()

    async def stop(self, seconds: float = 5.0) -> None:
        """Finish the messages on their way, at most so long."""
        self._stopping = True
        self.wake()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), seconds)

    def wake(self) -> None:
        """Look at once: something was planned. Called before the commit, it is seen right after it.

        Also from the thread of the database, where what was planned is written.
        """
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            self._loop.call_soon_threadsafe(self._woken.set)
        else:
            self._woken.set()

    @property
    def woken(self) -> bool:
        """Whether something was planned since it was looked last."""
        return self._woken.is_set()

    async def take_up(self) -> None:
        """What an earlier process had in hand is due again; what a fault left unmarked here is out, and is not."""
        async with self._turn:
            await self._mark()
        async with self._database.keeping() as session:
            left = await pushes.take_up(session, worker=self._database.worker)
        if left:
            log.info("%d messages may have been on their way and go out again, marked", left)

    async def _run(self) -> None:
        while not self._stopping:
            await self.send_due()
            if not self._stopping:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), await self._until_the_next())

    async def _until_the_next(self) -> float:
        """Seconds until a message is due, or it is to be looked whether one is."""
        now = self._clock()
        async with self._database.reading() as session:
            due = await pushes.next_due(session, after=self._looked_at or now)
        return EVERY if due is None else min(EVERY, max(AT_LEAST, (due - now).total_seconds()))

    async def send_due(self) -> int:
        """Send everything that is due now; how many messages went out. What another has in hand is waited for."""
        async with self._turn:
            return await self._send_due()

    async def _send_due(self) -> int:
        out = Outbound(self._send)
        try:
            sent = await self._send_off(out)
            await self._lay_down(out)
        except asyncio.CancelledError:
            await out.drop()
            raise
        except Exception:
            with suppress(DatabaseFault):
                await self._lay_down(out)
            raise
        return sent

    async def _send_off(self, out: Outbound) -> int:
        await self._mark()
        sent, more = 0, True
        while not self._stopping:
            if out.empty or (out.ready < ROOM and (more or self.woken)):
                claimed = await self._claim(out.backed_up(CHAT_ROOM))
                more = bool(claimed)
                out.add(_messages(claimed))
                if out.empty:
                    break
            out.begin()
            settled = await out.some(LOOK_AGAIN)
            sent += settled or 0
            # While nothing arrives, something else may have become due.
            more = more or settled is None
            await self._mark()
        return sent

    async def _claim(self, without: Collection[int]) -> list[Push]:
        self._woken.clear()
        # First, for what arrives meanwhile is marked after it.
        async with self._database.keeping(first=True) as session:
            now = self._clock()
            today, worker = self._calendar.day(now), self._database.worker
            claimed = await pushes.claim(
                session, now=now, today=today, limit=CLAIMED, worker=worker, without=without
            )
        self._looked_at = now
        return claimed

    async def _lay_down(self, out: Outbound) -> None:
        """Send nothing more off: what was claimed in vain is due as before."""
        left = await out.end()
        await self._mark()
        if left:
            async with self._database.keeping() as session:
                await pushes.give_back(session, left)

    async def _mark(self) -> None:
        """Mark what is out, at once: a crash repeats what is not. What arrives meanwhile is marked with the next."""
        ids, drawn = list(self._unmarked), list(self._drawn)
        if not ids:
            return

        async def write(session: Session) -> None:
            await pushes.mark_sent(session, ids, now=self._clock())
            await pictures.remember(session, drawn)

        await self._until_written(lambda: self._database.keep(write, first=True))
        del self._unmarked[: len(ids)], self._drawn[: len(drawn)]
        self._metrics.pushed(Sent.SENT, len(ids))

    async def _send(self, several: Sequence[Push]) -> bool:
        out: list[Message] = []
        try:
            with unhurried():
                await self._deliver(several, out)
        except ChatMigrated as error:
            await self._follow(several, error.new_chat_id)
            return False
        except (Forbidden, BadRequest) as error:
            # Blocked by the person, the chat is gone: nothing that a later try would change.
            log.info("a message to chat %d is given up: %s", several[0].chat_id, error.message)
            await self._drop(several, error.message)
            return False
        except Exception as error:
            before = any(push.again for push in several)
            await self._later(several, error, perhaps_out=before or bool(out) or _may_be_out(error))
            return False
        self._unmarked += [push.id for push in several]
        return True

    async def _deliver(self, several: Sequence[Push], out: list[Message]) -> None:
        """Send the messages in as many parts as hold them; `out` takes each that went out."""
        text = "\n\n".join(push.text for push in several)
        if len(several) > 1:
            text = f"{notices_text.digest(len(several))}\n\n{text}"
        if any(push.again for push in several):
            text = wording.sent_again(text)
        rows = tuple(
            tuple(Button(label, data) for label, data in row) for push in several for row in push.buttons
        )
        chat_id, chart = several[0].chat_id, next((push.chart for push in several if push.chart), None)
        if chart is not None and await self._deliver_picture(chat_id, unpacked(chart), text, rows, out):
            return
        *heads, tail = pages(text)
        for head in heads:
            out.append(await self._bot.send_message(chat_id, head, parse_mode=ParseMode.HTML))
        out.append(
            await self._bot.send_message(chat_id, tail, parse_mode=ParseMode.HTML, reply_markup=keyboard(rows))
        )

    async def _deliver_picture(
        self, chat_id: int, chart: Chart, text: str, rows: Rows, out: list[Message]
    ) -> bool:
        """Send the picture with the text under it; whether the text went with it, and is not to be sent any more."""
        picture = await self._picture(chart)
        if picture is None:
            return False
        fits = length(text) <= CAPTION
        under: dict[str, Any] = {"caption": text, "reply_markup": keyboard(rows)} if fits else {}
        try:
            message = await self._bot.send_photo(chat_id, picture, parse_mode=ParseMode.HTML, **under)
        except BadRequest:
            if isinstance(picture, bytes):
                raise
            # It may be the file_id that is no longer taken: drawn anew, it is the chat's fault or nobody's.
            picture = await self._studio.draw(chart)
            message = await self._bot.send_photo(chat_id, picture, parse_mode=ParseMode.HTML, **under)
        out.append(message)
        if isinstance(picture, bytes):
            self._drawn.append(Picture(digest(chart), message.photo[-1].file_id, self._clock()))
        return fits

    async def _picture(self, chart: Chart) -> str | bytes | None:
        """The picture as Telegram has it already, else drawn; None where it cannot be drawn: the words go alone."""
        async with self._database.reading() as session:
            file_id = await pictures.find(session, digest(chart))
        self._metrics.looked_up(file_id is not None)
        if file_id is not None:
            return file_id
        try:
            return await self._studio.draw(chart)
        except ChartFailed as error:
            log.error("no chart: %s", error)
            return None

    async def _follow(self, several: Sequence[Push], new_chat: int) -> None:
        """The group became a supergroup: the same chat under a new number, and what waits for it goes there."""
        log.info("chat %d is %d now", several[0].chat_id, new_chat)
        async with self._database.keeping() as session:
            await settings.moved(session, from_chat=several[0].chat_id, to_chat=new_chat, now=self._clock())
            await pushes.readdress(session, from_chat=several[0].chat_id, to_chat=new_chat)

    async def _drop(self, several: Sequence[Push], why: str) -> None:
        async def write(session: Session) -> None:
            await pushes.drop(session, [push.id for push in several], error=why)
            if self._on_dropped is not None:
                await self._on_dropped(session, several, why)

        async def in_turn() -> None:
            # An alarm may be planned with what is dropped: that is a record, and is written in turn.
            async with self._database.transaction() as session:
                await write(session)

        await self._until_written(in_turn)
        self._metrics.pushed(Sent.DROPPED, len(several))

    async def _until_written(self, write: Callable[[], Awaitable[None]]) -> None:
        """Write down what became of a message, as often as it takes: taken up anew, it would go out again."""
        wait = WRITE_AGAIN
        while True:
            try:
                await write()
                return
            except DatabaseFault as error:
                if self._stopping or isinstance(error, Buried) or not will_pass(error):
                    raise
                log.warning("a message is out and cannot be marked yet: %s", plainly(error))
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WRITE)

    async def _later(self, several: Sequence[Push], error: Exception, *, perhaps_out: bool) -> None:
        tries = several[0].tries + 1
        wait = min(LONGEST_WAIT, timedelta(seconds=5 * 2 ** min(tries, 10)))
        if isinstance(error, RetryAfter):
            after = error.retry_after
            wait = after if isinstance(after, timedelta) else timedelta(seconds=after)
        text = plainly(error)
        known = isinstance(error, TelegramError | DatabaseFault | NotCounted)
        log.warning(
            "a message to chat %d has to wait: %s", several[0].chat_id, text, exc_info=None if known else error
        )

        async def write(session: Session) -> None:
            await pushes.put_back(
                session,
                [push.id for push in several],
                due_at=self._clock() + wait,
                error=text,
                perhaps_out=perhaps_out,
            )

        await self._until_written(lambda: self._database.keep(write))
        self._metrics.pushed(Sent.PUT_BACK, len(several))


def _may_be_out(error: Exception) -> bool:
    """Whether Telegram may have taken a message that it has not acknowledged.

    Where the line is cut, or what came back is no answer, nobody knows. Not where Telegram refused it, or no line was had.
    """
    if not isinstance(error, TelegramError) or isinstance(error, RetryAfter | InvalidToken):
        return False
    return not isinstance(error.__cause__, NO_LINE)


def _messages(claimed: Sequence[Push]) -> list[list[Push]]:
    """What goes out as one message: what is due together for a chat, everything else alone; in order."""
    together: defaultdict[int, list[Push]] = defaultdict(list)
    found: list[list[Push]] = []
    for push in claimed:
        if not push.together:
            found.append([push])
            continue
        if push.chat_id not in together:
            found.append(together[push.chat_id])
        together[push.chat_id].append(push)
    return found
