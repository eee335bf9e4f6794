"""Commands and buttons: the table of criteria (细则)."""

from handlers.criteria import criteria
from handlers.frame.routes import Command, Feature, Files, Press
from rules.access import Deed

CRITERIA = Feature(
    commands=(
        Command(
            "criteria",
            ("细则",),
            criteria.criteria,
            "导入扣分细则",
            Deed.CRITERIA,
            private=True,
            takes=Files.DOCUMENTS,
            example="/criteria（写在文件的说明里）",
        ),
    ),
    presses=(
        Press("crt", criteria.template_pressed, Deed.CRITERIA),
        Press("cri", criteria.import_pressed, Deed.CRITERIA),
    ),
)
