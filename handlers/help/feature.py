"""Commands and buttons: what one may do."""

from handlers.frame.routes import Command, Feature
from handlers.help import help

HELP = Feature(
    commands=(
        Command(
            "help",
            ("帮助",),
            help.show_help,
            "看自己能做什么",
            None,
            anywhere=True,
            example="/help 或 /help score",
        ),
    ),
)
