"""Words of several deductions on officers in one message (R9)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from handlers.frame import wording
from handlers.frame.reply import esc
from handlers.officers.officer_entry import Clear
from rules.draft import OfficerBatchDraft
from rules.months import Month
from rules.points import shown


def preview(draft: OfficerBatchDraft, clear: Mapping[int, Clear]) -> str:
    """Every line as it was understood, or why it was not."""
    good, bad = len(draft.understood), len(draft.lines) - len(draft.understood)
    head = f"共 {len(draft.lines)} 条：看懂 {good} 条" + (f"，<b>{bad} 条有问题</b>。" if bad else "。")
    lines = [f"{head}还没有登记，请核对：", ""]
    for line in draft.lines:
        what = clear.get(line.number)
        if what is None or line.draft is None:
            lines.append(f"{line.number}. ✗ {esc(line.text[:60])}\n　　{line.problem}")
        else:
            month = "" if draft.months and line.draft.month is None else f"　计入{wording.month(what.month)}"
            lines.append(f"{line.number}. ✔ {_said(what)}{month}")
    if good and draft.months:
        lines += [
            "",
            f"{wording.month(draft.months[0])}的成绩还没有报送，请按下面的按钮选定没写月份的各条计入哪个月。",
        ]
    elif bad:
        lines += [
            "",
            "有问题的几条不会记入，请改好后另外发送。" if good else "没有可以记入的。请改好后重新发送。",
        ]
    return "\n".join(lines)


def _said(what: Clear) -> str:
    reason = esc(what.reason) if what.reason else "未写原因"
    return f"{esc(what.officer.name)}　{esc(what.item.name)} −{shown(what.points)}　{reason}"


def into(month: Month, count: int) -> str:
    """The button that writes the lines into a month."""
    return f"计入{wording.month(month)}（{count} 条）"


def no_deduction() -> str:
    """A line in which none was seen."""
    return "没有看出扣分，没有记。"


def dropped(count: int) -> str:
    """None was written."""
    return f"这 {count} 笔都没有登记。需要时请重新发送。"


def before(*, done: bool) -> str:
    """A press on lines that were decided."""
    return "这几条已经记入，没有重复登记。" if done else "这几条您已选择不记，没有登记。"


def done(draft: OfficerBatchDraft, numbers: Sequence[int], clear: Mapping[int, Clear]) -> str:
    """What was written, with the record numbers."""
    total = sum((what.points for what in clear.values()), start=Decimal(0))
    lines = [f"✔ 已登记 {len(numbers)} 笔，共扣 {shown(total)} 分：", ""]
    lines += [
        f"民警记录 <b>{number}</b>　{_said(clear[line.number])}"
        for number, line in zip(numbers, draft.understood, strict=True)
    ]
    left = len(draft.lines) - len(numbers)
    if left:
        lines += ["", f"另有 {left} 笔没有记入，请改好后另外发送。"]
    if any(what.reason is None for what in clear.values()):
        lines += ["", "没写原因的，发送 <code>/officer 更正 编号 …</code> 补上；没有原因的记录不能报送。"]
    return "\n".join(lines)
