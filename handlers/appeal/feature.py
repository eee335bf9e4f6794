"""Commands and buttons: appeals (申诉) and their decision."""

from handlers.appeal import appeals
from handlers.frame.routes import Command, Feature, Files, Press
from rules.access import Deed

APPEAL = Feature(
    commands=(
        Command(
            "appeal",
            ("申诉",),
            appeals.appeal,
            "对一笔扣分申诉",
            Deed.APPEAL,
            private=True,
            takes=Files.ALL,
            example="/appeal 128 当天有巡查记录",
        ),
        Command(
            "appeals",
            ("申诉情况",),
            appeals.show_appeals,
            "看申诉办得怎样",
            Deed.APPEALS,
            private=True,
            example="/appeals 或 /appeals 城关所",
        ),
    ),
    presses=(
        Press("ap", appeals.begin_pressed, Deed.APPEAL),
        Press("apl", appeals.list_pressed, Deed.APPEAL),
        Press("aq", appeals.cancel_pressed, Deed.APPEALS),
        Press("ad", appeals.decision_pressed, Deed.DECIDE),
        Press("ab", appeals.buttons_pressed, Deed.DECIDE),
        Press("ae", appeals.evidence_pressed, Deed.DECIDE),
    ),
)
