"""Words of /help."""

from handlers.frame.reply import esc
from handlers.frame.routes import Command
from handlers.people.people_text import post
from rules.bureau import Bureau
from rules.people import Person


def _how(command: Command, person: Person) -> tuple[str | None, str | None]:
    """The example and the hint: nothing in them would be refused to this person."""
    if command.narrow is not None and command.narrow.to(person):
        return command.narrow.example, None
    return command.example, command.hint


def usage(command: Command, person: Person) -> str:
    """An example of the command; nothing where it takes no words."""
    return _how(command, person)[0] or ""


def one(command: Command, person: Person) -> str:
    """A command with its example and what else is to know of it."""
    return "\n".join(_lines(command, person))


def overview(commands: list[Command], person: Person, bureau: Bureau) -> str:
    """Every command of the person with an example."""
    lines = [
        f"<b>{esc(bureau.name)}目标量化考核</b>",
        f"您的身份：{'；'.join(post(p, bureau) for p in person.posts)}",
        "",
    ]
    for command in commands:
        if not command.in_menu:
            continue
        lines += _lines(command, person)
    return "\n".join(lines)


def _lines(command: Command, person: Person) -> list[str]:
    also = f"（{'、'.join(command.words[:1])}）" if command.words else ""
    example, hint = _how(command, person)
    lines = [f"/{command.name}{also}　{esc(command.description)}"]
    if example is not None:
        lines.append(f"　例：<code>{example}</code>")
    if hint is not None:
        lines.append(f"　{hint}")
    return lines
