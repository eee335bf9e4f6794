"""Commands and buttons: the roster (花名册) and its consents."""

from handlers.frame.routes import Command, Feature, Files, Narrow, Press
from handlers.roster import consent, leaving, roster, roster_lines
from rules.access import Deed, may

ROSTER = Feature(
    commands=(
        Command(
            "roster",
            ("花名册",),
            roster.roster,
            "民警花名册",
            Deed.ROSTER_READ,
            private=True,
            takes=Files.DOCUMENTS,
            example="/roster 张伟 012345 社区民警 2026-01-01",
            hint="离岗写 /roster 调离 张伟 2026-03-15；名字写错写 /roster 改名 张炜 张伟；看在岗日期的改动写 /roster 履历 张伟；"
            "人多用 Excel 模板，填好直接发回来。",
            narrow=Narrow(lambda person: not may(person, Deed.ROSTER), "/roster 城关所"),
        ),
    ),
    presses=(
        Press("ro", roster.pressed, Deed.ROSTER_READ),
        Press("roq", roster.sequence_pressed, Deed.ROSTER_READ),
        Press("rot", roster.template_pressed, Deed.ROSTER),
        Press("rok", roster_lines.pressed, Deed.ROSTER),
        Press("roe", leaving.erase_pressed, Deed.ROSTER),
        Press("ros", consent.pressed, Deed.ROSTER_AGREE),
    ),
)
