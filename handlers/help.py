"""/help: what this person may do, with an example each."""

from handlers import menu
from handlers.answer import Say
from handlers.context import Context
from handlers.words import help as words


async def show_help(context: Context) -> None:
    """/help lists the person's commands; in a group only those that work there."""
    commands = menu.allowed(context.services.commands, context.person)
    if not context.in_private:
        commands = [command for command in commands if not command.private]
    await context.reply(Say(words.overview(commands, context.person, context.bureau)))
