"""How what a person says finds its handler: commands in any spelling, presses by their verb."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from telegram import Message, Update
from telegram.constants import ChatType

from handlers.frame.context import Context
from rules.access import Deed, may
from rules.people import Person
from rules.reading import Said, split_command

Handle = Callable[[Context], Awaitable[None]]


class Files(Enum):
    """The files that a command has a use for, or says itself that they are of the wrong kind."""

    NONE = "none"
    DOCUMENTS = "documents"
    """Tables: photos are not read."""
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Narrow:
    """For whom a command means less than for others: their example, which would be refused to nobody of them."""

    to: Callable[[Person], bool]
    example: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its Latin name for Telegram's menu, the Chinese words that do the same, and who may use it.

    `deed` None opens it to everybody who is known.
    """

    name: str
    words: tuple[str, ...]
    handle: Handle
    description: str
    deed: Deed | None
    lets_in: bool = False
    """With an invitation behind it, it lets in who is not known."""
    private: bool = False
    """Answered in private only: links, people, places."""
    anywhere: bool = False
    """Answered in a group chat that is bound to no assessment group, too."""
    in_menu: bool = True
    takes: Files = Files.NONE
    """Which files that come with it are its matter."""
    prints: bool = False
    """Its picture can be had as a document: png, svg or pdf at the end."""
    example: str | None = None
    """How it is written, for /help and where its words were not understood; None where it takes no words."""
    hint: str | None = None
    """What else /help says of it."""
    narrow: Narrow | None = None

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """What it asks for; nothing where it is open to everybody."""
        return (self.deed,) if self.deed is not None else ()


@dataclass(frozen=True, slots=True)
class Press:
    """A button's verb, the first part of its data, and who may press it: there is no button without a permission.

    Where a verb stands for several steps, `or_deeds` are the other ones; which is asked for its handler checks.
    """

    verb: str
    handle: Handle
    deed: Deed
    or_deeds: tuple[Deed, ...] = ()
    private: bool = True
    """Answered in private only; False for the few whose answer may stand in a group."""
    anywhere: bool = False
    """Answered in a group chat that is bound to no assessment group, too."""

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """What it asks for: one of these."""
        return (self.deed, *self.or_deeds)


@dataclass(frozen=True, slots=True)
class Feature:
    """What a folder of handlers/ answers to."""

    commands: tuple[Command, ...] = ()
    presses: tuple[Press, ...] = ()


def is_open_to(route: Command | Press, person: Person) -> bool:
    """Whether the person may take the route at all; on which units and groups its handler asks."""
    if not route.deeds:
        return True
    return any(may(person, deed) for deed in route.deeds)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an update asks for: the route it takes, and what came along."""

    route: Command | Press | None
    words: str = ""
    arguments: tuple[str, ...] = ()
    in_vain: bool = False
    """A command or press that leads nowhere, as against plain text."""

    @property
    def name(self) -> str:
        """One of the few names that the program knows, whatever was typed."""
        if self.route is None:
            return "unknown" if self.in_vain else "plain"
        return self.route.name if isinstance(self.route, Command) else f"press:{self.route.verb}"


class Routes:
    """Every command and every button, in order."""

    def __init__(self, commands: Sequence[Command], presses: Sequence[Press]) -> None:
        self.commands = tuple(commands)
        self._by_word = {word: command for command in commands for word in (command.name, *command.words)}
        self._bare = frozenset(word for command in commands for word in command.words)
        self._presses = {press.verb: press for press in presses}

    def asked(self, update: Update, bot_username: str) -> Asked | None:
        """What the update asks for; None where it is meant for nobody or another bot."""
        if update.callback_query is not None:
            verb, *arguments = (update.callback_query.data or "").split(":")
            press = self._presses.get(verb)
            return Asked(press, arguments=tuple(arguments), in_vain=press is None)
        message = update.effective_message
        text = (message.text or message.caption) if message is not None else None
        if text is None:
            # A picture or a file without a word: in a group it is for us only as a reply to a message of ours, or as a
            # part of an album, whose words are under another of its pictures.
            return Asked(None) if update.message is not None and self._for_us(update.message) else None
        said = split_command(text, bot_username, self._bare)
        if said is None:
            return Asked(None, words=text)
        if said.addressed_to_other:
            return None
        return self._command(said)

    def command_in_group(self, text: str, bot_username: str, *, bound: bool) -> bool:
        """Whether a text in a group chat is a command of ours; in one that is not bound, bare words are mostly talk."""
        said = split_command(text, bot_username, self._bare)
        if said is None or said.addressed_to_other:
            return False
        command = self._by_word.get(said.name)
        if command is None:
            return False
        return bound or command.anywhere or not text.lstrip().startswith(said.name)

    def invitation(self, text: str, bot_username: str) -> str | None:
        """The token with which a text opens an invitation; None where it is no such text."""
        said = split_command(text, bot_username, self._bare)
        if said is None or said.addressed_to_other:
            return None
        command = self._by_word.get(said.name)
        return said.args.strip() or None if command is not None and command.lets_in else None

    @staticmethod
    def _for_us(message: Message) -> bool:
        replied = message.reply_to_message
        to_a_bot = replied is not None and replied.from_user is not None and replied.from_user.is_bot
        return message.chat.type == ChatType.PRIVATE or to_a_bot or message.media_group_id is not None

    def _command(self, said: Said) -> Asked:
        command = self._by_word.get(said.name)
        if command is None:
            return Asked(None, words=f"/{said.name}", in_vain=True)
        return Asked(command, words=said.args)
