"""Words of several deductions in one message."""

from collections import Counter
from datetime import date
from decimal import Decimal

from handlers.answer import esc
from handlers.words import common
from rules.bureau import Bureau
from rules.draft import Asks, BatchDraft, BatchLine, DeductionDraft
from rules.entries import Deduction
from rules.points import shown
from rules.refusals import Missing, Refusal, SeveralMeant


def preview(draft: BatchDraft, bureau: Bureau, today: date) -> str:
    """Every line as it was understood, or why it was not."""
    good, bad = len(draft.understood), len(draft.lines) - len(draft.understood)
    head = f"共 {len(draft.lines)} 条：看懂 {good} 条"
    head += f"，<b>{bad} 条有问题</b>。" if bad else "。"
    lines = [f"{head}还没有登记，请核对：", ""]
    twice = Counter(line.text for line in draft.understood)
    lines += [_line(line, bureau, today, repeated=twice[line.text] > 1) for line in draft.lines]
    if bad and good:
        lines += ["", "有问题的几条不会记入，请改好后另外发送。"]
    elif bad:
        lines += ["", "没有可以记入的。请改好后重新发送。"]
    return "\n".join(lines)


def _line(line: BatchLine, bureau: Bureau, today: date, *, repeated: bool) -> str:
    if line.draft is None:
        return f"{line.number}. ✗ {esc(line.text[:60])}\n　　{line.problem}"
    again = "　<b>（与另一条相同，请核对）</b>" if repeated else ""
    return f"{line.number}. ✔ {_said(line.draft, bureau, today)}{again}"


def _said(draft: DeductionDraft, bureau: Bureau, today: date) -> str:
    unit = esc(bureau.unit(draft.units[0]).name)
    if draft.criterion is not None:
        times = f" ×{draft.times}" if draft.times > 1 else ""
        what = f"细则 {esc(draft.criterion)}{times}"
    else:
        what = f"{esc(draft.items[0])} −{shown(draft.points or Decimal(0))}"
    day = f"　{common.day(draft.inspected_on, today.year)}查" if draft.inspected_on else ""
    return (
        f"{unit}　{what}{day}　{esc(draft.reason) if draft.reason else '' if draft.criterion else '未写原因'}"
    )


def missing(what: list[str]) -> Refusal:
    """A line lacks words."""
    return Missing(tuple(what))


def unclear(draft: DeductionDraft, bureau: Bureau) -> Refusal:
    """A line could mean several things: in a batch it has to be written out."""
    if draft.asks is Asks.UNIT:
        return SeveralMeant("单位", tuple(bureau.unit(code).name for code in draft.choices))
    if draft.asks is Asks.QUARTER:
        return SeveralMeant("季度", draft.choices)
    return SeveralMeant("项目", draft.choices)


def dropped(count: int) -> str:
    """None was written."""
    return f"这 {count} 笔都没有登记。需要时请重新发送。"


def short_done(count: int) -> str:
    """What stands where the buttons were."""
    return f"已登记 {count} 笔，详见下一条消息。"


def done(draft: BatchDraft, written: list[Deduction], bureau: Bureau) -> str:
    """What was written, with the record numbers."""
    total = sum((entry.points for entry in written), start=Decimal(0))
    lines = [f"✔ 已登记 {len(written)} 笔，共扣 {shown(total)} 分：", ""]
    for entry in written:
        why = esc(entry.reason) if entry.reason else "<b>未写原因</b>"
        lines.append(
            f"记录 <b>{entry.number}</b>　{esc(bureau.unit(entry.unit).name)}　{esc(entry.item)} −{shown(entry.points)}　{why}"
        )
    left = len(draft.lines) - len(written)
    if left:
        lines += ["", f"另有 {left} 笔没有记入，请改好后另外发送。"]
    if any(entry.reason is None for entry in written):
        lines += ["", "没写原因的，发送 /mine 逐笔补上；没有原因的记录不能提交。"]
    lines += ["", "记错了？发送 <code>/correct 编号</code> 更正。"]
    return "\n".join(lines)


def before(*, done: bool) -> str:
    """A press on lines that were decided."""
    return "这几条已经记入，没有重复登记。" if done else "这几条您已选择不记，没有登记。"
