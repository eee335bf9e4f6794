"""Commands and buttons: logging deductions: one, several, step by step, or inline."""

from handlers.deduct import batch, deduct, drafting
from handlers.frame.routes import Command, Feature, Files, Press
from rules.access import Deed

DEDUCT = Feature(
    commands=(
        Command(
            "deduct",
            ("扣分", "记分"),
            deduct.deduct,
            "登记扣分",
            Deed.DEDUCT,
            takes=Files.ALL,
            example="/deduct 城关所 治安管理 2 巡查不到位",
            hint="只发 /deduct 会一步一步问。也可写：扣分 城关所 治安管理 2分；单位可写简称、拼音首字母；按细则写 2.1 x3；"
            "几行一起发、几个单位用顿号隔开都行。照片写上说明一起发就是证据。",
        ),
    ),
    presses=(
        Press("d", drafting.pressed, Deed.DEDUCT, private=False),
        Press("b", batch.pressed, Deed.DEDUCT, private=False),
        Press("go", deduct.unit_pressed, Deed.DEDUCT),
    ),
)
