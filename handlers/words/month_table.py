"""Words about a unit's finished month as a workbook (R9)."""

from decimal import Decimal

from handlers.answer import esc
from handlers.words import common
from rules.bureau import Unit
from rules.draft import MonthTableDraft
from rules.months import Month
from rules.points import shown


def template(unit: Unit, month: Month) -> str:
    """Under the template."""
    return (
        f"{esc(unit.name)}{common.month(month)}民警考核表。每格写该项当月一共扣几分，没有扣的空着。\n"
        f"填好后把文件发回来，说明里写：/month {month}"
    )


def imported(month: Month) -> str:
    """The reason of an entry where the table gives none."""
    return f"按{common.month(month)}考核表导入"


def too_little(name: str, logged: Decimal, points: Decimal) -> str:
    """The table takes less than is logged."""
    return f"{name}已登记扣 {shown(logged)} 分，表里只有 {shown(points)} 分。请先用 /officer 更正，或改表"


def nothing(unit: Unit, month: Month) -> str:
    """The table holds nothing new."""
    return f"没有导入：{esc(unit.name)}{common.month(month)}的考核表和已登记的一致，没有要增加的。"


def preview(draft: MonthTableDraft, unit: Unit) -> str:
    """What would be written."""
    officers = {line.officer for line in draft.taken}
    lines = [f"<b>{esc(unit.name)}</b>　{common.month(draft.month)}考核表"]
    if draft.taken:
        lines.append(f"要登记 {len(draft.taken)} 笔扣分，涉及 {len(officers)} 人；已登记过的只补差额。")
    if draft.marks:
        lines.append(f"要标记 {len(draft.marks)} 人当月的情形。")
    return "\n".join([*lines, "还没有导入。请核对："])


def settled(draft: MonthTableDraft, unit: Unit, *, done: bool) -> str:
    """What became of it."""
    if not done:
        return "没有导入，什么也没有改。"
    return (
        f"已导入：<b>{esc(unit.name)}</b>　{common.month(draft.month)}考核表，"
        f"{len(draft.taken)} 笔扣分、{len(draft.marks)} 个标记。\n"
        f"发送 /month {draft.month} 查看，核对后用 /monthly 报送。"
    )
