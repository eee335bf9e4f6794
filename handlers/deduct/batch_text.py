"""Words of several deductions in one message."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from handlers.deduct.entry import Clear
from handlers.frame import wording
from handlers.frame.reply import esc
from rules.bureau import Bureau
from rules.calendar import Quarter
from rules.draft import Asks, BatchDraft, BatchLine, DeductionDraft
from rules.entries import Deduction
from rules.points import shown
from rules.refusals import Missing, Refusal, SeveralMeant, Unasked


def preview(
    draft: BatchDraft,
    clear: Mapping[int, Clear],
    records: Mapping[int, Deduction],
    bureau: Bureau,
    today: date,
) -> str:
    """Every line as it was understood, or why it was not; `records` are those that say the same as lines."""
    good, bad = len(draft.understood), len(draft.lines) - len(draft.understood)
    head = f"共 {len(draft.lines)} 条：看懂 {good} 条"
    head += f"，<b>{bad} 条有问题</b>。" if bad else "。"
    lines = [f"{head}还没有登记，请核对：", ""]
    twice = Counter(_what(line) for line in draft.understood)
    lines += [
        _line(line, clear.get(line.number), draft, today, repeated=twice[_what(line)] > 1)
        + _repeats(records.get(line.repeats or 0), bureau, today)
        for line in draft.lines
    ]
    if draft.unlogged:
        lines += ["", f"未记：{esc('；'.join(text[:60] for text in draft.unlogged))}"]
    if good and draft.quarters:
        late = "、".join(wording.period(quarter) for quarter in draft.quarters[:-1] or draft.quarters)
        lines += ["", f"{late}已过期限但尚未提交，请按下面的按钮选定没写季度的各条计入哪个季度。"]
    if bad and good:
        lines += ["", "有问题的几条不会记入，请改好后另外发送。"]
    elif bad:
        lines += ["", "没有可以记入的。请改好后重新发送。"]
    return "\n".join(lines)


def _what(line: BatchLine) -> tuple[object, ...]:
    """What makes two lines the same deduction."""
    said = line.draft
    if said is None:
        return (line.number,)
    return said.units, said.items, said.points, said.criterion, said.times, said.reason, said.inspected_on


def _line(line: BatchLine, clear: Clear | None, draft: BatchDraft, today: date, *, repeated: bool) -> str:
    if line.draft is None or clear is None:
        return f"{line.number}. ✗ {esc(line.text[:60])}\n　　{line.problem}"
    again = "　<b>（与另一条相同，请核对）</b>" if repeated else ""
    return f"{line.number}. ✔ {_said(line.draft, clear, draft, today)}{again}"


def _said(said: DeductionDraft, clear: Clear, draft: BatchDraft, today: date) -> str:
    """Unit, item, points, criterion, day, quarter and reason of a line."""
    parts = [esc(clear.unit.name), f"{esc(clear.item.name)} −{shown(clear.points)}"]
    if clear.basis is not None:
        times = f" ×{clear.basis.times}" if clear.basis.times > 1 else ""
        parts.append(f"细则 {esc(clear.basis.code)}{times}")
    parts.append(f"{wording.day(said.inspected_on or today, today.year)}查")
    if said.quarter is not None or not draft.quarters:
        parts.append(f"计入{wording.period(clear.quarter)}")
    parts.append(esc(said.reason) if said.reason else "" if clear.basis is not None else "未写原因")
    return "　".join(filter(None, parts))


def _repeats(record: Deduction | None, bureau: Bureau, today: date) -> str:
    if record is None:
        return ""
    return f"\n　　<b>⚠ {wording.logged(record, bureau, today)}，可能是同一件</b>"


def into(quarter: Quarter, count: int, *, repeated: bool) -> str:
    """The button that writes the lines into a quarter; `repeated`: with those that a record says already."""
    return f"计入{wording.period(quarter)}（{'连同重复的 ' if repeated else ''}{count} 条）"


def write(count: int, *, whole: bool, only_new: bool, repeated: bool) -> str:
    """The button that writes lines: all, those that were understood, or those that no record says already."""
    if only_new:
        return f"只记入其余 {count} 条"
    if repeated:
        return f"连同重复的记入（{count} 条）"
    return f"全部记入（{count} 条）" if whole else f"只记入 {count} 条"


def logged_meanwhile() -> str:
    """Somebody was quicker with one of the lines."""
    return "没有登记：其中有的刚刚已经登记过。请看下一条消息，重新选定。"


def no_deduction() -> str:
    """A line in which none was seen."""
    return "没有看出扣分，没有记。"


def noted(draft: DeductionDraft) -> Refusal:
    """A line in which something has to be asked first, in the person's words."""
    return Unasked(draft.note)


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
