"""Commands and buttons: deductions of a unit's own officers."""

from handlers.frame.routes import Command, Feature, Press
from handlers.officers import officer_batch, officer_corrections, officers
from rules.access import Deed

OFFICERS = Feature(
    commands=(
        Command(
            "officer",
            ("民警扣分",),
            officers.officer,
            "给本单位民警登记扣分",
            Deed.OFFICER_DEDUCT,
            private=True,
            example="/officer 张伟 考勤纪律 1 迟到",
            hint="只发 /officer 会一步一步问。更正：/officer 更正 12 0.5 核实只有一次；撤销：/officer 撤销 12 误记；"
            "当月休假：/officer 标记 张伟 3月 休假。",
        ),
    ),
    presses=(
        Press("o", officers.pressed, Deed.OFFICER_DEDUCT),
        Press("ob", officer_batch.pressed, Deed.OFFICER_DEDUCT),
        Press("ou", officer_corrections.undo_pressed, Deed.OFFICER_DEDUCT),
        Press("of", officer_corrections.fix_pressed, Deed.OFFICER_DEDUCT),
        Press("ow", officer_corrections.why_pressed, Deed.OFFICER_DEDUCT),
    ),
)
