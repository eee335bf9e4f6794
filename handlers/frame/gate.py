"""The one gate in front of every handler: who speaks, in what way, and whether it may (R8)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from difflib import get_close_matches

from telegram import Message, Update, User
from telegram.constants import ChatType

from handlers.evidence import files, files_text
from handlers.frame import menu, printing, wording
from handlers.frame.context import Context, in_hand
from handlers.frame.names import Unclear
from handlers.frame.refusal_text import sentence
from handlers.frame.reply import Say
from handlers.frame.routes import Asked, Command, Files, Handle, Press, Routes, is_open_to
from handlers.frame.text_guards import forget_if_private
from handlers.frame.turning_away import turn_away
from handlers.groups import binding
from handlers.help import help_text
from rules import refusals
from rules.access import ROLES_FOR, Deed, may
from rules.people import Person
from rules.recusal import Oneself, Recused
from rules.refusals import NotUnderstood, PrivateOnly, Refusal, WrongChat
from rules.seals import is_seals
from rules.turning_away import Why
from storage import audit, drafts, people, quarter_steps, settings
from storage.audit import Act
from storage.database import Session
from storage.strangers import TOO_LATE

HandleUpdate = Callable[[Update, Context], Awaitable[None]]


class Gate:
    """Takes every update, and lets through what is allowed; whatever is not named is denied."""

    def __init__(
        self, routes: Routes, *, plain: Handle, inline: HandleUpdate, chat_changed: HandleUpdate
    ) -> None:
        self._routes = routes
        self._plain = plain
        self._inline = inline
        self._chat_changed = chat_changed

    async def __call__(self, update: Update, context: Context) -> None:
        """Handle one update to its end: answered, refused with a sentence, or none of our business."""
        forget_if_private(context, _said(update))
        user = update.effective_user
        await _look_up(update, context, user)
        if update.inline_query is not None:
            in_hand.get().route = "inline"
            await self._inline(update, context)
            return
        if _is_about_the_chat(update):
            await self._chat_changed(update, context)
            return
        asked = self._routes.asked(update, context.bot.username)
        if asked is None or update.effective_message is None or update.channel_post is not None:
            return
        improper = _improper(update, context.bot.id)
        if improper is not None and not _hands_seals_on(update, asked):
            # Where nothing is taken anyway, nobody asks why this is not.
            if isinstance(asked.route, Command) and (context.in_private or context.group is not None):
                await context.reply(Say(improper))
            return
        if user is None:
            return
        context.words, context.arguments = asked.words, asked.arguments
        in_hand.get().route = asked.name
        _take_kind(context, asked)
        if update.message is not None:
            context.by_inline = update.message.via_bot is not None
        await self._answer(update, context, asked)

    async def _answer(self, update: Update, context: Context, asked: Asked) -> None:
        try:
            await self._admit(context, asked)
        except Unclear as question:
            await context.reply(question.say)
        except WrongChat as refusal:
            await self._misplaced(context, refusal)
            return
        except NotUnderstood as refusal:
            await _tell(context, sentence(replace(refusal, usage=self._usage(context))))
        except Refusal as refusal:
            if isinstance(refusal, OF_A_RIGHT):
                await _record(context, type(refusal).__name__, key=f"refused:{context.deed()}")
            await _tell(context, sentence(refusal))
        else:
            if await _leaves_pictures_unseen(context, asked):
                await context.reply(Say(files_text.rest_of_album()))
        finally:
            if update.callback_query is not None:
                await context.toast()
        if _left_a_file(context, asked):
            await context.reply(Say(files_text.left(deducts=may(context.person, Deed.DEDUCT))))
        if context.in_private and context.person.posts:
            await menu.give(context, context.person)

    def _usage(self, context: Context) -> str:
        """An example of the command that is being answered."""
        name = in_hand.get().route
        command = next((one for one in context.services.commands if one.name == name), None)
        return help_text.usage(command, context.person) if command is not None else ""

    async def _misplaced(self, context: Context, refusal: WrongChat) -> None:
        """In another group's chat, or one that is not bound, talk is none of our business; a command is answered by and by."""
        if context.pressed:
            await _record(context, type(refusal).__name__, key=f"refused:{context.deed()}")
            await _tell(context, sentence(refusal))
            return
        said = context.message.text or context.message.caption or ""
        bound = refusal.bound_to is not None
        if not self._routes.command_in_group(said, context.bot.username, bound=bound):
            return
        if await turn_away(context, Why.FOREIGN if bound else Why.UNBOUND):
            await _record(context, type(refusal).__name__, key=f"refused:{context.deed()}")

    async def _admit(self, context: Context, asked: Asked) -> None:
        command = asked.route if isinstance(asked.route, Command) else None
        lets_in = command is not None and command.lets_in and context.in_private and bool(context.words.strip())
        if not context.person.posts and not lets_in:
            await _turn_away(context, asked)
            return
        if not context.in_private and asked.route is not None and asked.route.private:
            raise PrivateOnly(pressed=context.pressed)
        binding.check(context, about_binding=asked.route is not None and asked.route.anywhere)
        if asked.route is None:
            await self._without_route(context, asked)
            return
        if not is_open_to(asked.route, context.person):
            await _refuse(context, asked.route)
            return
        await asked.route.handle(context)

    async def _without_route(self, context: Context, asked: Asked) -> None:
        if context.pressed:
            await _tell(context, wording.dead_button())
        elif not asked.in_vain:
            await self._plain(context)
        elif context.in_private:
            known = [command.name for command in menu.allowed(context.services.commands, context.person)]
            near = get_close_matches(asked.words.removeprefix("/"), known, n=2)
            await context.reply(Say(wording.unknown_command(asked.words, near)))


def _left_a_file(context: Context, asked: Asked) -> bool:
    """Whether a file came with a command that was answered and has no use for one."""
    if context.pressed or not context.person.posts or not files.has_file(context.message):
        return False
    if not isinstance(asked.route, Command):
        return asked.in_vain and context.in_private
    takes = asked.route.takes
    taken = takes is Files.ALL or (takes is Files.DOCUMENTS and context.message.document is not None)
    return not taken and (context.in_private or not asked.route.private)


async def _leaves_pictures_unseen(context: Context, asked: Asked) -> bool:
    """Whether a command came under one picture of an album in a group where Telegram may keep the others from us."""
    if context.pressed or context.in_private or not context.person.posts:
        return False
    takes = isinstance(asked.route, Command) and asked.route.takes is Files.ALL
    album = context.message.media_group_id is not None and context.message.reply_to_message is None
    # Asked anew: it can be changed while the program runs.
    return takes and album and not (await context.bot.get_me()).can_read_all_group_messages


async def _refuse(context: Context, route: Command | Press) -> None:
    """The person's posts allow none of what the route asks for. QuestionEnded where they did when it was asked."""
    if context.pressed:
        await _check_not_ended(context)
    deeds = "、".join(deed.value for deed in route.deeds)
    await _record(context, deeds, key=f"refused:{context.deed()}")
    roles = {role for deed in route.deeds for role in ROLES_FOR[deed]}
    named = [role.value for role in sorted(roles, key=lambda role: role.name)]
    await _tell(context, wording.not_allowed(deeds, named))


async def _check_not_ended(context: Context) -> None:
    async with context.database.reading() as session:
        kept = await drafts.in_message(session, context.chat_id, context.message.message_id)
    if kept is not None and kept.person_id == context.person.id:
        drafts.check_going_on(kept.state)


async def _look_up(update: Update, context: Context, user: User | None) -> None:
    """Where the quarters stand, who speaks, and whose chat it is: all of one moment."""

    async def look(session: Session) -> None:
        context.timetable = await quarter_steps.timetable(
            session, context.bureau.calendar, context.services.begins
        )
        if user is None or update.effective_message is None:
            return
        person = await people.find(session, user.id)
        context.person = person or Person(0, user.id, user.full_name)
        context.group = None if context.in_private else await settings.bound_to(session, context.chat_id)

    await context.database.read(look)


async def _turn_away(context: Context, asked: Asked) -> None:
    """Somebody whose last post ended since the message came in; others do not get as far as this."""
    if context.now - in_hand.get().received_at > TOO_LATE:
        return
    if context.pressed:
        await context.toast(wording.stranger_in_group(), alert=True)
    elif context.in_private or asked.route is not None:
        await turn_away(context, Why.UNKNOWN)


OF_A_RIGHT = (
    refusals.Barred,
    refusals.NotYoursToSee,
    refusals.PlacesHidden,
    refusals.SurveyHidden,
    refusals.OwnUnitHidden,
    refusals.MayNotInvite,
    refusals.MayNotRemove,
    refusals.MayNotApprove,
    refusals.NotYourEntry,
    refusals.NotYourUnit,
    refusals.OwnEntry,
    refusals.OwnAppeal,
    Recused,
    Oneself,
    refusals.NotAllowed,
    refusals.ServesElsewhere,
)
"""The refusals that are about a right, and stand in the trail (Trace)."""


async def _record(context: Context, what: str, *, key: str) -> None:
    async with context.database.transaction() as session:
        await audit.record(
            session,
            Act.REFUSED,
            at=context.now,
            person_id=context.person.id or None,
            telegram_id=context.person.telegram_id,
            detail=what,
            key=key,
        )


async def _tell(context: Context, text: str) -> None:
    """Say it where the person looks: over a pressed button when it is short, else as a message."""
    if context.pressed and "<" not in text and len(text) <= 190:
        await context.toast(text, alert=True)
    else:
        await context.reply(Say(text))


def _take_kind(context: Context, asked: Asked) -> None:
    """Whether a document is wanted in the place of a photo, by the command's last word or the button's."""
    if isinstance(asked.route, Command) and asked.route.prints:
        context.words, context.document = printing.asked(asked.words)
    else:
        context.arguments, context.document = printing.carried(asked.arguments)


def _said(update: Update) -> str:
    """Whatever text the update brings, of a message, an edited one, or an inline query."""
    if update.inline_query is not None:
        return update.inline_query.query
    message = update.effective_message
    if message is None or update.callback_query is not None:
        return ""
    return message.text or message.caption or ""


def _is_about_the_chat(update: Update) -> bool:
    migrated = update.message is not None and update.message.migrate_to_chat_id is not None
    return update.my_chat_member is not None or migrated


def _improper(update: Update, own_id: int) -> str | None:
    """Why a message is no command, whoever wrote it: only new messages of persons are."""
    message = update.message
    if update.callback_query is not None:
        return None
    if update.edited_message is not None:
        return wording.edited()
    if message is None:
        return wording.anonymous()
    return _not_the_persons_own(message, own_id)


def _hands_seals_on(update: Update, asked: Asked) -> bool:
    """Whether it is a message of seals that was forwarded: it is only read, and bears its own proof."""
    message = update.message
    forwarded = message is not None and message.forward_origin is not None
    return forwarded and asked.route is None and is_seals(asked.words)


def _not_the_persons_own(message: Message, own_id: int) -> str | None:
    if message.sender_chat is not None and message.chat.type != ChatType.PRIVATE:
        return wording.anonymous()
    if message.forward_origin is not None:
        return wording.forwarded()
    if message.via_bot is not None and message.via_bot.id != own_id:
        return wording.via_bot()
    return None
