"""Commands and buttons: how a unit assesses its officers (考核办法)."""

from handlers.frame.routes import Command, Feature, Files, Narrow, Press
from handlers.method import method, method_decision
from rules.access import Deed, may

METHOD = Feature(
    commands=(
        Command(
            "method",
            ("考核办法",),
            method.method,
            "民警考核办法",
            Deed.METHOD_READ,
            private=True,
            takes=Files.DOCUMENTS,
            example="/method 2027",
            hint="取 Excel 模板填好本单位部分，直接发回来，先核对再报送。",
            narrow=Narrow(lambda person: not may(person, Deed.METHOD), "/method 城关所"),
        ),
    ),
    presses=(
        Press("mt", method.pressed, Deed.METHOD_READ),
        Press("mtt", method.template_pressed, Deed.METHOD),
        Press("mts", method.send_pressed, Deed.METHOD),
        Press("mtd", method_decision.pressed, Deed.METHOD_DECIDE),
        Press("mtq", method_decision.cancel_pressed, Deed.METHOD_DECIDE),
    ),
)
