"""Commands and buttons: deductions from a workbook, and taking a whole import back."""

from handlers.frame.routes import Command, Feature, Files, Press
from handlers.imports import import_reversal, importing
from rules.access import Deed

IMPORTS = Feature(
    commands=(
        Command(
            "import",
            ("导入",),
            importing.import_,
            "用 Excel 表导入扣分",
            Deed.IMPORT,
            private=True,
            takes=Files.DOCUMENTS,
            example="/import 或 /import 三季度（写在文件的说明里）",
            hint="只发 /import 取 Excel 模板；填好的表先核对，有一处不对就一笔也不导入。导错了整份发送 /import 撤回。",
        ),
    ),
    presses=(
        Press("imt", importing.template_pressed, Deed.IMPORT),
        Press("imk", importing.pressed, Deed.IMPORT),
        Press("imr", import_reversal.begin_pressed, Deed.IMPORT),
        Press("imb", import_reversal.pressed, Deed.IMPORT),
    ),
)
