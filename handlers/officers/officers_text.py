"""Words about entries on officers: the card, the questions on the way to it, corrections and marks (R9)."""

from decimal import Decimal
from typing import TYPE_CHECKING

from handlers.frame import wording
from handlers.frame.reply import esc
from rules.bureau import Bureau, Unit
from rules.draft import Asks, OfficerDraft
from rules.months import Month
from rules.officers import Officer, OfficerDeduction
from rules.points import shown
from rules.returns import Return
from rules.score import UnitScore

if TYPE_CHECKING:
    from handlers.officers.officer_entry import Clear
    from handlers.officers.staff import Staff


def named(officer: Officer) -> str:
    """An officer on a button: with the badge number, where there is one; no HTML."""
    return f"{officer.name}　{officer.number}" if officer.number else officer.name


def card(
    entry: OfficerDeduction,
    officer: Officer,
    unit: Unit,
    bureau: Bureau,
    *,
    was: UnitScore | None,
    now: UnitScore | None,
    sent: Return | None,
) -> str:
    """What the entry is, and what it (or its reversal) did to the item and the month."""
    zone = bureau.calendar.zone
    what = f"{esc(officer.name)}（{esc(unit.name)}）　{esc(entry.item)}　"
    points = f"−{shown(entry.points)} 分"
    lines = [_head(entry), f"{what}<b>{points}</b>" if entry.lives else f"<s>{what}{points}</s>"]
    lines.append(f"原因：{esc(entry.reason)}" if entry.reason else "原因：<b>未填写</b>")
    if entry.found_on is not None:
        lines.append(f"日期：{wording.day(entry.found_on, entry.month.year)}")
    if entry.replaces is not None:
        lines.append(f"更正自：民警记录 {entry.replaces}")
    lines.append("")
    lines += _changes(entry, was, now)
    lines.append(f"计入：{wording.month(entry.month)}")
    lines.append(f"登记：{esc(entry.author)}，{wording.moment(entry.at, zone)}")
    if entry.reversal is not None:
        back = entry.reversal
        done = "更正" if entry.replaced_by is not None else "撤销"
        lines.append(f"{done}：{esc(back.author)}，{wording.moment(back.at, zone)}，{esc(back.reason)}")
    if sent is not None:
        lines += [
            "",
            f"⚠ 该月已报送第 {sent.version} 版，不含这笔改动；改完请重新报送：/monthly {entry.month} 更正原因",
        ]
    if entry.lives and entry.reason is None:
        lines += ["", "请接着发送扣分原因；没有原因的记录不能报送。"]
    return "\n".join(lines)


def _head(entry: OfficerDeduction) -> str:
    if entry.replaced_by is not None:
        return f"↩ 已更正　民警记录 <b>{entry.number}</b>，由民警记录 <b>{entry.replaced_by}</b> 代替"
    if entry.reversal is not None:
        return f"↩ 已撤销　民警记录 <b>{entry.number}</b>，不再扣分"
    return f"✔ 已登记　民警记录 <b>{entry.number}</b>"


def _changes(entry: OfficerDeduction, was: UnitScore | None, now: UnitScore | None) -> list[str]:
    if was is None or now is None or not any(item.item.name == entry.item for item in now.items):
        return []
    before, after = was.item(entry.item), now.item(entry.item)
    lines = [f"{esc(entry.item)} {shown(before.left)} → {shown(after.left)}"]
    if after.beyond and entry.lives:
        lines.append(f"该项已扣完，另有 {shown(after.beyond)} 分未计")
    return [*lines, f"当月得分 {shown(was.total)} → {shown(now.total)}"]


def question(draft: OfficerDraft, found: "Staff", what: "Clear | None") -> str:
    """What is known so far, and what is asked now."""
    if what is not None:
        reason = esc(what.reason) if what.reason else "未填写"
        return (
            f"{esc(what.officer.name)}（{esc(what.unit.name)}）　{esc(what.item.name)}　<b>−{shown(what.points)} 分</b>\n"
            f"原因：{reason}\n计入：{wording.month(what.month)}\n\n还没有登记。请核对："
        )
    known = []
    pair = found.find(draft.officers[0]) if len(draft.officers) == 1 else None
    if pair is not None:
        known.append(esc(pair[0].name))
    if len(draft.items) == 1:
        known.append(esc(draft.items[0]))
    if draft.points is not None:
        known.append(f"−{shown(draft.points)} 分")
    head = f"<b>{'　'.join(known)}</b>\n\n" if known else ""
    return f"{head}{_ASKS[draft.asks or Asks.UNIT]}"


_ASKS = {
    Asks.UNIT: "登记民警扣分。记给谁？请点选，也可以直接发送姓名：",
    Asks.ITEM: "扣在哪个项目？还没有登记，请点选：",
    Asks.POINTS: "扣几分？请点选，也可以直接发送数字：",
    Asks.QUARTER: "计入哪个月？上月成绩还没有报送，所以要请您定。还没有登记，请点选：",
    Asks.REASON: "扣分原因是什么？请直接发送一句话。",
}


def written(number: int) -> str:
    """In the place of the question that was answered."""
    return f"已登记，见下面的民警记录 {number}。"


def dropped() -> str:
    """Given up before it was written."""
    return "已取消，什么也没有登记。"


def settled() -> str:
    """A press on an old button."""
    return "这一步已经处理过，请看最新的消息。"


def undone(number: int) -> str:
    """Over the pressed button."""
    return f"民警记录 {number} 已撤销。"


def ask_reason(entry: OfficerDeduction) -> str:
    """Asks for the reason."""
    return f"请写明民警记录 {entry.number}（{esc(entry.item)}　扣 {shown(entry.points)} 分）的原因："


def ask_correction(entry: OfficerDeduction) -> str:
    """Asks what is right, and why."""
    return (
        f"民警记录 {entry.number}：{esc(entry.item)}　扣 {shown(entry.points)} 分。\n"
        "请写改成什么和理由，例如 <code>0.5 核实只有一次</code>；换人、换项目就写姓名、项目；整笔撤销写 <code>撤销 理由</code>："
    )


def marked(officer: Officer, value: Month, mark: str | None, *, absent: bool, factor: Decimal) -> str:
    """The mark of a month was set or taken back."""
    if mark is None:
        return f"已取消标记：{esc(officer.name)}　{wording.month(value)}，照常计入。"
    if absent:
        return f"已标记：{esc(officer.name)}　{wording.month(value)}　{esc(mark)}，当月不计入成绩和名次。"
    return f"已标记：{esc(officer.name)}　{wording.month(value)}　{esc(mark)}，当月得分乘以 {shown(factor)}。"
