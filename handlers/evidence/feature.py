"""Commands and buttons: photos and files, and the records they belong to."""

from handlers.evidence import files, unplaced
from handlers.frame.routes import Command, Feature, Press
from rules.access import Deed

EVIDENCE = Feature(
    commands=(
        Command(
            "evidence",
            ("证据",),
            files.show,
            "看一笔记录的证据",
            Deed.LOG,
            private=True,
            example="/evidence 128",
        ),
    ),
    presses=(
        Press("ev", unplaced.pressed, Deed.DEDUCT, (Deed.APPEAL,), private=False),
        Press("evm", unplaced.begin_pressed, Deed.DEDUCT, private=False),
        Press("see", files.show_pressed, Deed.LOG),
    ),
)
