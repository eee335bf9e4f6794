"""Commands and buttons: workbooks and ledgers to take away."""

from handlers.export import export
from handlers.frame.routes import Command, Feature, Press
from rules.access import Deed

EXPORT = Feature(
    commands=(
        Command(
            "export",
            ("导出",),
            export.export,
            "导出工作簿或台账",
            Deed.EXPORT,
            private=True,
            example="/export 一季度、/export 年度 或 /export 台账 csv",
            hint="工作簿里有排名、成绩、扣分台账、季度对比、进度和民警月度，能看的才有；没审定的标“暂定”，每次导出都留痕。",
        ),
    ),
    presses=(Press("export", export.pressed, Deed.EXPORT),),
)
