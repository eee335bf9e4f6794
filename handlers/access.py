"""The one gate in front of every handler: who speaks, in what way, and whether it may (R8)."""

import logging

from telegram import Message, Update, User
from telegram.constants import ChatType

from handlers import menu
from handlers.answer import Say
from handlers.context import Context
from handlers.names import Unclear
from handlers.routes import Asked, Command, Handle, Routes
from handlers.words import common
from handlers.words.refusals import sentence
from rules.access import ROLES_FOR, may
from rules.people import Person
from rules.refusals import PrivateOnly, Refusal
from storage import people

log = logging.getLogger(__name__)


class Gate:
    """Takes every update, and lets through what is allowed; whatever is not named is denied."""

    def __init__(self, routes: Routes, *, plain: Handle) -> None:
        self._routes = routes
        self._plain = plain

    async def __call__(self, update: Update, context: Context) -> None:
        """Handle one update to its end: answered, refused with a sentence, or none of our business."""
        user = update.effective_user
        asked = self._routes.asked(update, context.bot.username)
        if asked is None or update.effective_message is None:
            return
        improper = _improper(update)
        if improper is not None:
            if isinstance(asked.route, Command):
                await context.reply(Say(improper))
            return
        if user is None:
            return
        context.words, context.arguments = asked.words, asked.arguments
        try:
            await self._admit(context, asked, user)
        except Unclear as question:
            await context.reply(question.say)
        except Refusal as refusal:
            await _tell(context, sentence(refusal))
        finally:
            if update.callback_query is not None:
                await context.toast()
        if context.in_private and context.person.posts:
            await menu.give(context, context.person)

    async def _admit(self, context: Context, asked: Asked, user: User) -> None:
        async with context.database.reading() as session:
            person = await people.find(session, user.id)
        known = person is not None and bool(person.posts)
        context.person = person or Person(0, user.id, user.full_name)
        if not known and not (isinstance(asked.route, Command) and asked.route.for_strangers):
            await _turn_away(context, asked, user)
            return
        if asked.route is None:
            await self._without_route(context, asked)
            return
        deed = asked.route.deed
        if deed is not None and not may(context.person, deed):
            roles = [role.value for role in sorted(ROLES_FOR[deed], key=lambda role: role.name)]
            await _tell(context, common.not_allowed(deed.value, roles))
            return
        if isinstance(asked.route, Command) and asked.route.private and not context.in_private:
            raise PrivateOnly
        await asked.route.handle(context)

    async def _without_route(self, context: Context, asked: Asked) -> None:
        if context.pressed:
            await _tell(context, common.dead_button())
        elif not asked.in_vain:
            await self._plain(context)
        elif context.in_private:
            await context.reply(Say(common.unknown_command(asked.words)))


async def _turn_away(context: Context, asked: Asked, user: User) -> None:
    log.info("account %d is unknown and was turned away", user.id)
    if context.in_private:
        await _tell(context, common.stranger(user.id))
    elif context.pressed or asked.route is not None:
        await _tell(context, common.stranger_in_group())


async def _tell(context: Context, text: str) -> None:
    """Say it where the person looks: over a pressed button when it is short, else as a message."""
    if context.pressed and "<" not in text and len(text) <= 190:
        await context.toast(text, alert=True)
    else:
        await context.reply(Say(text))


def _improper(update: Update) -> str | None:
    """Why a message is no command, whoever wrote it: only new messages of persons are."""
    message = update.message
    if update.callback_query is not None:
        return None
    if update.edited_message is not None:
        return common.edited()
    if message is None:
        return common.anonymous()
    return _not_the_persons_own(message)


def _not_the_persons_own(message: Message) -> str | None:
    if message.sender_chat is not None and message.chat.type != ChatType.PRIVATE:
        return common.anonymous()
    if message.forward_origin is not None:
        return common.forwarded()
    if message.via_bot is not None:
        return common.via_bot()
    return None
