"""The command menu that Telegram shows beside the field: what this person may do, and nothing else."""

import logging

from telegram import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError
from telegram.ext import ExtBot

from handlers.frame.context import Context
from handlers.frame.routes import Command, is_open_to
from rules.people import Person

log = logging.getLogger(__name__)


def allowed(commands: tuple[Command, ...], person: Person) -> list[Command]:
    """The commands that a person may use; without a post only those for everybody."""
    return [command for command in commands if is_open_to(command, person)]


def _entries(commands: list[Command]) -> list[BotCommand]:
    return [BotCommand(command.name, command.description) for command in commands if command.in_menu]


async def give(context: Context, person: Person) -> None:
    """Set the person's own menu, once a process and whenever it changed; the menu is no reason to fail."""
    if context.services.menus.get(person.telegram_id) == person.posts:
        return
    menu = _entries(allowed(context.services.commands, person))
    try:
        await context.bot.set_my_commands(menu, scope=BotCommandScopeChat(person.telegram_id))
    except TelegramError as error:
        log.info("no menu for person %d: %s", person.id, error.message)
        return
    context.services.menus[person.telegram_id] = person.posts


async def take_away(context: Context, person: Person) -> None:
    """Back to the menu of strangers."""
    context.services.menus.pop(person.telegram_id, None)
    try:
        await context.bot.delete_my_commands(scope=BotCommandScopeChat(person.telegram_id))
    except TelegramError as error:
        log.info("the menu of person %d stays: %s", person.id, error.message)


async def set_defaults(bot: ExtBot[None], commands: tuple[Command, ...]) -> None:
    """The menus of people the bot does not know, and of groups."""
    strangers = _entries([command for command in commands if command.deed is None])
    groups = _entries([command for command in commands if not command.private])
    await bot.set_my_commands(strangers, scope=BotCommandScopeAllPrivateChats())
    await bot.set_my_commands(groups, scope=BotCommandScopeAllGroupChats())
