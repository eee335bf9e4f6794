"""What a handler is given: the services, the person, the moment, and the ways to answer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from telegram import (
    CallbackQuery,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ChatType, ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import CallbackContext, ExtBot

from charts.studio import ChartFailed
from charts.values import Chart, Kind, digest
from handlers.frame import printing, wording
from handlers.frame.reply import CAPTION, Button, Rows, Say, Show, length, pages
from rules.access import Sight, sight
from rules.bureau import Bureau, Unit
from rules.calendar import Quarter
from rules.people import Person, Post
from rules.policy import Policy
from rules.reading import Vocabulary
from rules.scheme import Criterion
from rules.stages import Course
from rules.timetable import Timetable
from storage import pictures
from storage.cards import Card
from storage.chain_ends import EndsFolder
from storage.database import Database
from storage.file_store import Vault, VaultFault
from storage.pictures import Picture

if TYPE_CHECKING:
    from handlers.frame.routes import Command

log = logging.getLogger(__name__)


GONE = (
    "message to edit not found", "message can't be edited", "message_id_invalid",
    "there is no text in the message to edit",
)  # fmt: skip
"""What Telegram says of a message that is not there to be edited any more, or is a picture."""


def is_gone(error: BadRequest) -> bool:
    """Whether Telegram says that a message is not there to be edited any more."""
    return any(gone in error.message.lower() for gone in GONE)


class Draws(Protocol):
    """Whoever draws charts, away from the event loop."""

    async def draw(self, chart: Chart, kind: Kind | None = None) -> bytes:
        """The PNG of a photo, or a document of that kind; ChartFailed where none can be made."""


async def _nobody_told(fault: VaultFault) -> None:
    log.error("the vault: %s", fault)


@dataclass
class Services:
    """What the program is made of, for the handlers."""

    database: Database
    bureau: Bureau
    """As the config states it, with the criteria that were imported since."""
    studio: Draws
    clock: Callable[[], datetime]
    begins: Quarter
    vault: Vault
    ends: EndsFolder
    """What is remembered of the chains outside the database."""
    policy: Policy = field(default_factory=Policy)
    wake: Callable[[], None] = lambda: None
    """Have whoever sends the planned messages look at once."""
    turned_away: Callable[[], None] = lambda: None
    """Have whoever answers strangers look at once."""
    looked_up: Callable[[bool], None] = lambda hit: None
    """Count whether a picture was among those that Telegram has."""
    commands: "tuple[Command, ...]" = ()
    """Every command there is, for menus and help."""
    bare_words: frozenset[str] = frozenset()
    """The Chinese words that are commands without a slash."""
    admins: tuple[int, ...] = ()
    vault_failed: Callable[[VaultFault], Awaitable[None]] = _nobody_told
    """Tell the administrators that a file could not be kept, or cannot be had."""
    looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by whoever looks at what is due."""
    menus: dict[int, tuple[Post, ...]] = field(default_factory=dict)
    """The posts for which each account was last given its command menu by this process."""
    _vocabularies: dict[int, Vocabulary] = field(default_factory=dict)

    def vocabulary(self, year: int) -> Vocabulary:
        """How names are read in an assessment year."""
        if year not in self._vocabularies:
            self._vocabularies[year] = Vocabulary.of(self.bureau, year)
        return self._vocabularies[year]

    def take_criteria(self, category: str, criteria: Mapping[str, tuple[Criterion, ...]]) -> None:
        """From now on these criteria, by item, stand under the category's schemes."""
        self.bureau = self.bureau.with_criteria(category, criteria)
        self._vocabularies.clear()


@dataclass(slots=True)
class InHand:
    """The kept update that is being handled."""

    received_at: datetime
    again: bool
    """It was begun before and may have been answered: whatever goes out now says so."""
    forget: bool = False
    """Its text must not be kept: it is cleared as soon as it is answered (Guard)."""
    cards: list[tuple[Card, datetime]] = field(default_factory=list)
    """The cards that went out, and when: kept in the transaction that ends the try, and not in one of their own."""
    pictures: list[Picture] = field(default_factory=list)
    """The charts that were drawn and went out, kept in the same transaction: no write of their own keeps the mark waiting."""
    route: str = "other"
    """The name of the command or press that it took, for who counts; never anything that was typed."""


in_hand: ContextVar[InHand] = ContextVar("in_hand")


class Context(CallbackContext[ExtBot[Any], dict[Any, Any], dict[Any, Any], Services]):
    """One update on its way through the handlers."""

    person: Person
    """Who speaks; set by the gate before any handler runs."""
    words: str = ""
    """What followed the command, as typed."""
    arguments: tuple[str, ...] = ()
    """What the pressed button carries."""
    by_inline: bool = False
    """The message was picked from the bot's inline answers: it opens a draft and writes nothing by itself."""
    document: Kind | None = None
    """The kind of document that is wanted in the place of a photo."""
    group: str | None = None
    """The assessment group that this group chat is bound to."""
    timetable: Timetable
    """Every group's calendar and stages, as they were when the update was taken up; set by the gate."""
    _update: Update
    _answered: bool = False
    _sights: dict[frozenset[str], Sight]
    """What the person sees, by the groups whose results are published."""

    @classmethod
    def from_update(cls, update: object, application: Any) -> "Context":
        """The context of an update, which it keeps."""
        context: Context = super().from_update(update, application)
        context._sights = {}
        assert isinstance(update, Update)
        context._update = update
        return context

    @property
    def services(self) -> Services:
        """The program's parts."""
        return self.bot_data

    @property
    def database(self) -> Database:
        """Where everything is kept."""
        return self.services.database

    @property
    def bureau(self) -> Bureau:
        """The organisation as the config states it."""
        return self.services.bureau

    @property
    def now(self) -> datetime:
        """The moment of writing, UTC."""
        return self.services.clock()

    @property
    def moment(self) -> datetime:
        """The moment that counts: the message's date; for a button when the press was taken in (The moment)."""
        if not self.pressed and self._update.effective_message is not None:
            return self._update.effective_message.date
        return in_hand.get().received_at

    @property
    def today(self) -> date:
        """The bureau's day of that moment."""
        return self.bureau.calendar.day(self.moment)

    @cached_property
    def running(self) -> Quarter:
        """The quarter that runs at that moment for the person's groups; for who has none, for the bureau."""
        return self.timetable.running(self.person.groups, self.moment)

    def quarter_for(self, unit: Unit, moment: datetime | None = None) -> Quarter:
        """The quarter that runs for the group of a unit at an aware moment, by default the one that counts."""
        return self.timetable.running(self.groups_of((unit,)), moment or self.moment)

    def groups_of(self, units: Iterable[Unit]) -> tuple[str, ...]:
        """The names of the groups that score these units."""
        groups = (self.bureau.group_for(unit) for unit in units)
        return tuple(dict.fromkeys(group.name for group in groups if group is not None))

    def course_of(self, unit: Unit, quarter: Quarter) -> Course:
        """Where the quarter stands with the group of a unit."""
        return self.timetable.course(next(iter(self.groups_of((unit,))), ""), quarter)

    def sight(self, quarter: Quarter | None = None) -> Sight:
        """What the person sees: of a quarter, with what was published of it; of none, as before publication."""
        published = self.timetable.published(quarter) if quarter else frozenset()
        known = self._sights.get(published)
        if known is None:
            known = self._sights[published] = sight(self.person, self.bureau, published)
        return known

    @property
    def again(self) -> bool:
        """Whether this update was begun before."""
        return in_hand.get().again

    @property
    def message(self) -> Message:
        """The message that was sent, or whose button was pressed."""
        message = self._update.effective_message
        assert message is not None
        return message

    @property
    def query(self) -> CallbackQuery:
        """The press of a button."""
        assert self._update.callback_query is not None
        return self._update.callback_query

    @property
    def pressed(self) -> bool:
        """Whether this is a press of a button, not a message."""
        return self._update.callback_query is not None

    @property
    def chat_id(self) -> int:
        """The chat in which it was said."""
        return self.message.chat_id

    @property
    def in_private(self) -> bool:
        """Whether nobody but the person reads along."""
        return self.message.chat.type == ChatType.PRIVATE

    def deed_key(self, line: int = 0) -> str:
        """What names for ever what the person did with this message."""
        return f"m:{self.chat_id}:{self.message.message_id}:{line}"

    def argument(self, index: int) -> str:
        """A part of the pressed button's data, empty where there is none."""
        return self.arguments[index] if index < len(self.arguments) else ""

    def remember(self, card: Card) -> None:
        """Have it kept, with the update's end, which entry a message that went out just now is about."""
        in_hand.get().cards.append((card, self.now))

    def forget(self) -> None:
        """Have the update's text cleared from the inbox as soon as it is answered (Guard)."""
        in_hand.get().forget = True

    def deed(self) -> str:
        """What names for ever what was done just now: the press, or the message."""
        return self.press_key() if self.pressed else self.deed_key()

    def press_key(self) -> str:
        """What names for ever this press of a button."""
        return f"c:{self.query.id}"

    async def reply(self, say: Say) -> Message:
        """Send an answer to the chat; a long one goes out in as many messages as hold it, buttons on the last."""
        *heads, tail = pages(self._marked(say.text))
        for head in heads:
            await self._send(head, ())
        return await self._send(tail, printing.marked(say.buttons, self.document), ask_reply=say.ask_reply)

    async def _send(self, text: str, buttons: Rows, *, ask_reply: bool = False) -> Message:
        markup = ForceReply(selective=True) if ask_reply else keyboard(buttons)
        return await self.bot.send_message(
            self.chat_id,
            text,
            parse_mode=ParseMode.HTML,
            reply_markup=markup,
            reply_parameters=self._quoted(),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    async def show(self, show: Show) -> Message:
        """Send a picture with what it says; without a picture where none can be made, and then say so."""
        if self.document is not None:
            return await self._show_document(show, self.document)
        text, buttons = self._caption(show)
        name = digest(show.chart)
        file_id = await self.database.read(lambda session: pictures.find(session, name))
        self.services.looked_up(file_id is not None)
        if file_id is not None:
            try:
                return await self._send_photo(file_id, text, buttons)
            except BadRequest as error:
                log.info("a picture's file_id is no longer taken: %s", error.message)
        if self.in_private:
            # Only where somebody waits for a drawing: a picture that Telegram has goes out at once.
            await self.bot.send_chat_action(self.chat_id, ChatAction.UPLOAD_PHOTO)
        try:
            png = await self.services.studio.draw(show.chart)
        except ChartFailed as error:
            log.error("no chart: %s", error)
            return await self.reply(Say(wording.without_chart(show.text, show.more), show.buttons))
        message = await self._send_photo(png, text, buttons)
        in_hand.get().pictures.append(Picture(name, message.photo[-1].file_id, self.now))
        return message

    async def _show_document(self, show: Show, kind: Kind) -> Message:
        """The same as a document, drawn anew each time: it is for printing, and rarely asked for twice."""
        if self.in_private:
            await self.bot.send_chat_action(self.chat_id, ChatAction.UPLOAD_DOCUMENT)
        text, buttons = self._caption(show)
        buttons = printing.marked(buttons, kind)
        try:
            content = await self.services.studio.draw(show.chart, kind)
        except ChartFailed as error:
            log.error("no chart: %s", error)
            return await self.reply(Say(wording.without_chart(show.text, show.more), show.buttons))
        return await self.bot.send_document(
            self.chat_id,
            content,
            filename=printing.file_name(show.name, kind),
            caption=text,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard(buttons),
            reply_parameters=self._quoted(),
        )

    def _caption(self, show: Show) -> tuple[str, Rows]:
        whole = self._marked("\n\n".join(part for part in (show.text, show.more) if part))
        if length(whole) <= CAPTION:
            return whole, show.buttons
        assert show.details is not None
        return self._marked(show.text), ((show.details,), *show.buttons)

    async def _send_photo(self, photo: str | bytes, caption: str, buttons: Rows) -> Message:
        return await self.bot.send_photo(
            self.chat_id,
            photo,
            caption=caption,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard(buttons),
            reply_parameters=self._quoted(),
        )

    async def rewrite(self, say: Say, *, message_id: int | None = None) -> None:
        """Put a new text and new buttons in the place of a message of ours, by default the one that was pressed.

        Where somebody has deleted it meanwhile, they come as a new message.
        """
        if not await self.replaced(say, message_id or self.message.message_id):
            await self.reply(say)

    async def replaced(self, say: Say, message_id: int) -> bool:
        """Put this in the place of a message of ours; False where that one is gone."""
        try:
            await self.bot.edit_message_text(
                say.text,
                self.chat_id,
                message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard(printing.marked(say.buttons, self.document)),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except BadRequest as error:
            if is_gone(error):
                return False
            if "not modified" not in error.message:
                raise
        return True

    async def toast(self, text: str = "", *, alert: bool = False) -> None:
        """Answer the press, so that the button stops spinning; once, and not at all where it is too late."""
        if self._answered:
            return
        self._answered = True
        try:
            await self.query.answer(text[:200] or None, show_alert=alert)
        except BadRequest as error:
            # Telegram forgets a press after a while; what it asked for was done all the same.
            log.info("a press could not be answered: %s", error.message)

    async def notify(self, person: Person, say: Say) -> None:
        """Tell somebody else; one who cannot be reached keeps nobody waiting."""
        try:
            await self.bot.send_message(
                person.telegram_id, say.text, parse_mode=ParseMode.HTML, reply_markup=keyboard(say.buttons)
            )
        except TelegramError as error:
            log.info("person %d could not be told: %s", person.id, error.message)

    def _marked(self, text: str) -> str:
        return wording.sent_again(text) if self.again else text

    def _quoted(self) -> ReplyParameters | None:
        """In a group the answer points at the question; in private it is plain which one it answers."""
        if self.in_private or self.pressed:
            return None
        return ReplyParameters(self.message.message_id, allow_sending_without_reply=True)


def keyboard(buttons: Rows) -> InlineKeyboardMarkup | None:
    """Buttons as Telegram takes them."""
    if not buttons:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in buttons])


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    return InlineKeyboardButton(button.label, callback_data=button.data)
