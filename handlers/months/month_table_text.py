"""Words about a unit's finished month as a workbook (R9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from handlers.frame import wording
from handlers.frame.reply import esc
from rules.bureau import Unit
from rules.draft import MonthTableDraft
from rules.months import Month
from rules.points import shown


def template(unit: Unit, month: Month) -> str:
    """Under the template."""
    return (
        f"{esc(unit.name)}{wording.month(month)}民警考核表。每格写该项当月一共扣几分，没有扣的空着。\n"
        f"填好后把文件发回来，说明里写：/month {month}"
    )


def imported(month: Month) -> str:
    """The reason of an entry where the table gives none."""
    return f"按{wording.month(month)}考核表导入"


def too_little(name: str, logged: Decimal, points: Decimal) -> str:
    """The table takes less than is logged."""
    return f"{name}已登记扣 {shown(logged)} 分，表里只有 {shown(points)} 分。请先用 /officer 更正，或改表"


def months_differ(said: Month | None, named: Sequence[Month], years: Sequence[int]) -> str:
    """Why it is asked of which month a table is."""
    titles = "、".join(map(wording.month, named)) or "、".join(f"{year}年" for year in years)
    if said is not None:
        return f"您写的是{wording.month(said)}，表的标题或工作表名写的是{titles}，不一致。"
    return f"表的标题或工作表名里有{titles}。" if named else "文件说明和表里都没有写月份。"


def nothing(unit: Unit, month: Month, notes: Sequence[str]) -> str:
    """The table holds nothing new."""
    same = f"没有导入：{esc(unit.name)}{wording.month(month)}的考核表和已登记的一致，没有要增加的。"
    return "\n".join([same, *map(esc, notes)])


@dataclass(frozen=True, slots=True)
class Change:
    """What an officer loses by a table in all, item by item, what is left of the hundred, and the mark of the month."""

    name: str
    taken: tuple[tuple[str, Decimal], ...]
    total: Decimal
    mark: str


def preview(draft: MonthTableDraft, unit: Unit, changes: Sequence[Change]) -> str:
    """What would be written."""
    officers = {line.officer for line in draft.taken}
    lines = [f"<b>{esc(unit.name)}</b>　{wording.month(draft.month)}考核表"]
    if draft.taken:
        lines.append(f"要登记 {len(draft.taken)} 笔扣分，涉及 {len(officers)} 人；已登记过的只补差额。")
    if draft.marks:
        lines.append(f"要标记 {len(draft.marks)} 人当月的情形。")
    lines += ["", *(_change(change) for change in changes), "", *map(esc, draft.notes)]
    return "\n".join([*lines, "还没有导入。请核对："])


def _change(change: Change) -> str:
    items = "，".join(f"{esc(item)} −{shown(points)}" for item, points in change.taken)
    parts = [
        items,
        f"得 <b>{shown(change.total)}</b> 分" if items else "",
        f"标记 {esc(change.mark)}" if change.mark else "",
    ]
    return "　".join([esc(change.name), *filter(None, parts)])


def settled(draft: MonthTableDraft, unit: Unit, *, done: bool) -> str:
    """What became of it."""
    if not done:
        return "没有导入，什么也没有改。"
    return (
        f"已导入：<b>{esc(unit.name)}</b>　{wording.month(draft.month)}考核表，"
        f"{len(draft.taken)} 笔扣分、{len(draft.marks)} 个标记。\n"
        f"发送 /month {draft.month} 查看，核对后用 /monthly 报送。"
    )
