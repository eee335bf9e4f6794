"""Words about tables that people fill in and send back."""

from collections.abc import Sequence

from documents.workbooks.values import Fault, RowProblem
from handlers.frame import wording
from handlers.frame.reply import esc
from rules.calendar import Quarter
from rules.draft import TableDraft
from rules.months import Month

SHOWN = 20


def problems(good: int, found: Sequence[RowProblem], what: str, notes: Sequence[str] = ()) -> str:
    """What is wrong, row by row; nothing was imported. `what` the table should hold."""
    if not found:
        return "\n".join([f"没有导入：表里没有{what}。请填好后重新发送。", *map(esc, notes)])
    lines = [f"没有导入：{good} 行没有问题，<b>{len(found)} 处要改</b>。改好后重新发送整张表：", ""]
    lines += [f"{_where(p)}　{esc(p.column)}：{esc(p.message)}" for p in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(f"还有 {len(found) - SHOWN} 处，先改上面这些。")
    return "\n".join([*lines, *(["", *map(esc, notes)] if notes else [])])


def _where(problem: RowProblem) -> str:
    return f"{esc(problem.sheet)}　第 {problem.row} 行" if problem.sheet else f"第 {problem.row} 行"


def is_it_a_table(draft: TableDraft) -> str:
    """A workbook without a word that looks like deductions."""
    return f"这像是一份扣分表（{draft.count} 行）。要核对后导入，还是作为某一笔的证据？现在还没有登记。"


def question(draft: TableDraft) -> str:
    """What has to be known of a table before it is looked over."""
    if draft.asks == "reason":
        what = f"请写一句话，作 {draft.count} 笔扣分共同的原因，例如：一季度日常检查扣分（见统计表）"
        return f"{draft.about or '这张表没有写原因。'}{what}。写好后再给您核对。"
    if draft.asks == "month":
        return f"{esc(draft.about)}这张考核表是哪个月的？现在还没有导入。"
    if not draft.choices:
        return f"没有导入：{esc(draft.about)}"
    return f"{esc(draft.about)}\n这张表的 {draft.count} 笔计入哪个季度？现在还没有导入。"


def choice(draft: TableDraft, code: str) -> str:
    """A quarter or a month on a button."""
    if draft.asks == "month":
        return wording.month(Month.parse(code))
    return f"计入{wording.period(Quarter.parse(code))}"


def chosen(draft: TableDraft) -> str:
    """What was answered, in the place of the question."""
    if draft.month is not None:
        return f"按{wording.month(draft.month)}的考核表核对。"
    if draft.quarter is not None:
        return f"按{wording.period(draft.quarter)}核对。"
    return "按扣分表核对。"


def dropped() -> str:
    """The table was given up."""
    return "没有导入，什么也没有登记。"


def settled() -> str:
    """Over a button that was pressed before."""
    return "这张表已经办过了，没有再改。"


def old_format() -> str:
    """A file of an old kind of table."""
    return Fault.OLD_FORMAT.value + "。"
