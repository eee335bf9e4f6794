"""/help: what this person may do, with an example each."""

from handlers import menu
from handlers.answer import Say
from handlers.context import Context
from handlers.words import help as words
from rules.refusals import NotUnderstood


async def show_help(context: Context) -> None:
    """/help lists the person's commands, in a group only those that work there; /help score tells of one. NotUnderstood."""
    commands = menu.allowed(context.services.commands, context.person)
    if not context.in_private:
        commands = [command for command in commands if not command.private]
    asked = context.words.strip().removeprefix("/").casefold()
    if asked:
        command = next((one for one in commands if asked in (one.name, *one.words)), None)
        if command is None:
            raise NotUnderstood(context.words.strip())
        await context.reply(Say(words.one(command, context.person)))
        return
    await context.reply(Say(words.overview(commands, context.person, context.bureau)))
