"""Commands and buttons: group chats and the assessment group each belongs to."""

from handlers.frame.routes import Command, Feature, Press
from handlers.groups import binding
from rules.access import Deed

GROUPS = Feature(
    commands=(
        Command(
            "bind",
            ("绑定",),
            binding.bind,
            "把群绑定给考核小组",
            Deed.BIND,
            anywhere=True,
            example="/bind 派出所考核小组（在群里发）",
        ),
    ),
    presses=(Press("bind", binding.pressed, Deed.BIND, private=False, anywhere=True),),
)
