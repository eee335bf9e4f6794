"""Commands and buttons: what was pushed to whom."""

from handlers.frame.routes import Command, Feature, Press
from handlers.pushes import sendings
from rules.access import Deed

PUSHES = Feature(
    commands=(
        Command(
            "pushes",
            ("推送",),
            sendings.show,
            "看推送发给了谁",
            Deed.PUSHES,
            private=True,
            example="/pushes 3-15 或 /pushes 失败",
        ),
    ),
    presses=(
        Press("ps", sendings.page_pressed, Deed.PUSHES),
        Press("psr", sendings.resend_pressed, Deed.PUSHES),
    ),
)
