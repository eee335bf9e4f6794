"""Commands and buttons: what people choose for themselves."""

from handlers.frame.routes import Command, Feature, Press
from handlers.settings import choices
from rules.access import Deed

SETTINGS = Feature(
    commands=(
        Command(
            "settings",
            ("设置",),
            choices.show,
            "选通知方式和提醒时间",
            Deed.NOTICES,
            private=True,
            example="/settings 07:45",
        ),
    ),
    presses=(Press("set", choices.pressed, Deed.NOTICES),),
)
