"""Commands and buttons: the bulletin (通报)."""

from handlers.bulletin import bulletin
from handlers.frame.routes import Command, Feature, Press
from rules.access import Deed

BULLETIN = Feature(
    commands=(
        Command(
            "bulletin",
            ("通报",),
            bulletin.bulletin,
            "起草季度或年度通报",
            Deed.BULLETIN,
            private=True,
            example="/bulletin 一季度 或 /bulletin 年度",
            hint="做成公文版式的 Word 文档；没有审定的标明“暂定”。每个数字都来自台账和已审定的成绩。",
        ),
    ),
    presses=(Press("bul", bulletin.pressed, Deed.BULLETIN),),
)
