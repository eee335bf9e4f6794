"""Commands and buttons: documents to file each year (备案)."""

from handlers.filings import filing_review, filings
from handlers.frame.routes import Command, Feature, Files, Press
from rules.access import Deed

FILINGS = Feature(
    commands=(
        Command(
            "file",
            ("备案",),
            filings.file,
            "报送备案文件",
            Deed.FILE,
            private=True,
            takes=Files.ALL,
            example="/file 民警业务考核细则（写在文件的说明里）",
            hint="文件是 PDF、Word 或 Excel，不超过 20 MB，没有宏、脚本和密码；也可以先发文件，再回复那条消息发送 /file。",
        ),
        Command(
            "filings",
            ("备案情况",),
            filing_review.show,
            "看备案情况",
            Deed.FILINGS,
            private=True,
            example="/filings 或 /filings 2027",
        ),
    ),
    presses=(
        Press("fl", filings.begin_pressed, Deed.FILE),
        Press("fk", filings.pressed, Deed.FILE),
        Press("fd", filing_review.decision_pressed, Deed.FILING_DECIDE),
        Press("fv", filing_review.buttons_pressed, Deed.FILING_DECIDE),
        Press("fo", filing_review.open_pressed, Deed.FILINGS),
        Press("fs", filing_review.kind_pressed, Deed.FILINGS),
    ),
)
