"""/help: what this person may do, with an example each."""

from handlers.frame import menu
from handlers.frame.context import Context
from handlers.frame.reply import Say
from handlers.help import help_text
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
        await context.reply(Say(help_text.one(command, context.person)))
        return
    await context.reply(Say(help_text.overview(commands, context.person, context.bureau)))
