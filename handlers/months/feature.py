"""Commands and buttons: the officers' months: results, the monthly return and its signature."""

from handlers.frame.routes import Command, Feature, Files, Press
from handlers.months import month_table, monthly, months, returns, signing
from rules.access import Deed

MONTHS = Feature(
    commands=(
        Command(
            "month",
            ("民警成绩",),
            months.month,
            "看民警月度成绩",
            Deed.MONTH,
            private=True,
            takes=Files.DOCUMENTS,
            example="/month 2026-03",
            hint="写月份、季度或年度，例如 /month 3月、/month 一季度、/month 年度。",
        ),
        Command(
            "monthly",
            ("月报", "报送"),
            monthly.monthly,
            "报送民警月度成绩",
            Deed.MONTHLY,
            private=True,
            example="/monthly 或 /monthly 2026-03 更正原因",
            hint="先看成绩表，核对后才报送；报送后原样保存，再有改动要写明原因重新报送。",
        ),
        Command(
            "returns",
            ("报送情况",),
            returns.show,
            "看各单位报送民警成绩的情况",
            Deed.RETURNS,
            private=True,
            example="/returns 2026-03",
        ),
    ),
    presses=(
        Press("mwt", month_table.template_pressed, Deed.OFFICER_DEDUCT),
        Press("mwk", month_table.pressed, Deed.OFFICER_DEDUCT),
        Press("mo", months.pressed, Deed.MONTH),
        Press("moq", months.sequence_pressed, Deed.MONTH),
        Press("mod", months.details_pressed, Deed.MONTH),
        Press("mrb", monthly.begin_pressed, Deed.MONTHLY),
        Press("mrd", monthly.pressed, Deed.MONTHLY),
        Press("mrh", signing.see_pressed, Deed.SIGN),
        Press("mrs", signing.sign_pressed, Deed.SIGN),
        Press("mrf", signing.give_back_pressed, Deed.SIGN),
        Press("mrq", signing.cancel_pressed, Deed.SIGN),
        Press("mrv", returns.version_pressed, Deed.MONTH),
        Press("mrt", returns.month_pressed, Deed.RETURNS),
        Press("mrtd", returns.details_pressed, Deed.RETURNS),
        Press("mrtq", returns.sequence_pressed, Deed.RETURNS),
        Press("mrtu", returns.unit_pressed, Deed.RETURNS),
    ),
)
