"""Words about entries: the card, the questions on the way to it, undoing and reasons."""

from datetime import timedelta

from handlers.frame import wording
from handlers.frame.reply import esc
from rules.bureau import Bureau, Unit
from rules.entries import REASON_WAIT, Deduction
from rules.points import shown
from rules.score import UnitScore
from rules.table import Row, Table

WITHIN = REASON_WAIT // timedelta(minutes=1)


def card(
    entry: Deduction,
    unit: Unit,
    before: Table,
    after: Table,
    bureau: Bureau,
    *,
    scores: bool,
    places: bool,
    private: bool,
    files: int = 0,
    found_before: int = 0,
) -> str:
    """What the entry is, and what it (or its reversal) did to item, total and place.

    `found_before`: how often the unit lost points by the same criterion in the quarter before.
    """
    zone = bureau.calendar.zone
    lines = [_head(entry), f"{esc(unit.name)}　{esc(entry.item)}　<b>−{shown(entry.points)} 分</b>"]
    if entry.reversal is not None:
        lines[1] = f"<s>{esc(unit.name)}　{esc(entry.item)}　−{shown(entry.points)} 分</s>"
    if entry.basis is not None:
        times = f" ×{entry.basis.times}" if entry.basis.times > 1 else ""
        lines.append(f"细则：{esc(entry.basis.code)} {esc(entry.basis.text)}{times}")
        if found_before:
            lines.append(f"本季度同一细则第 {found_before + 1} 次")
        if entry.basis.veto and entry.lives:
            lines.append("⚠ <b>一票否决</b>，已在成绩旁边标出")
    lines.append(f"原因：{esc(entry.reason)}" if entry.reason else "原因：<b>未填写</b>")
    logged_on = bureau.calendar.day(entry.at)
    if entry.inspected_on != logged_on:
        lines.append(f"检查日期：{wording.day(entry.inspected_on, logged_on.year)}")
    if files:
        lines.append(f"证据：{files} 份")
    if entry.replaces is not None:
        lines.append(f"更正自：记录 {entry.replaces}")
    lines.append("")
    lines += _changes(entry, before, after, places=places) if scores else []
    lines.append(f"计入：{wording.period(entry.quarter)}")
    lines.append(f"登记：{esc(entry.author)}，{wording.moment(entry.at, zone)}")
    if entry.reversal is not None:
        back = entry.reversal
        what = "更正" if entry.replaced_by is not None else "撤销"
        lines.append(f"{what}：{esc(back.author)}，{wording.moment(back.at, zone)}，{esc(back.reason)}")
    elif entry.reason is None:
        # In a group whatever is said next may be meant for anybody: only a reply is the reason.
        how = f"请在 {WITHIN} 分钟内接着发送扣分原因" if private else "请回复本条消息，写明扣分原因"
        lines += ["", f"{how}；没有原因的记录不能提交。"]
    return "\n".join(lines)


def _head(entry: Deduction) -> str:
    if entry.replaced_by is not None:
        return f"↩ 已更正　记录 <b>{entry.number}</b>，由记录 <b>{entry.replaced_by}</b> 代替"
    if entry.reversal is not None:
        return f"↩ 已撤销　记录 <b>{entry.number}</b>，不再扣分"
    return f"✔ 已登记　记录 <b>{entry.number}</b>"


def _changes(entry: Deduction, before: Table, after: Table, *, places: bool) -> list[str]:
    old, new = before.row(entry.unit), after.row(entry.unit)
    if old is None or new is None:
        return []
    lines = [_item_change(entry, old.score, new.score)]
    was, now = wording.scores([old.score.total, new.score.total])
    lines.append(f"总分 {was} → {now}")
    if places:
        lines.append(f"{esc(new.unit.sequence)} {_place(old)} → {_place(new)}（共 {len(after.rows)} 个单位）")
    return lines


def _item_change(entry: Deduction, old: UnitScore, new: UnitScore) -> str:
    before, after = old.item(entry.item), new.item(entry.item)
    line = f"{esc(entry.item)} {shown(before.left)} → {shown(after.left)}"
    if after.beyond and entry.lives:
        return f"{line}\n该项已扣完，另有 {shown(after.beyond)} 分未计"
    return line


def _place(row: Row) -> str:
    return f"第 {row.standing.place} 名" + ("（并列）" if row.standing.shared else "")


def undone(number: int) -> str:
    """Over the pressed button."""
    return f"记录 {number} 已撤销。"


def ask_reason(entry: Deduction, bureau: Bureau) -> str:
    """Asks for the reason, to be replied to."""
    unit = esc(bureau.unit(entry.unit).name)
    return f"请回复本条消息，写明记录 {entry.number}（{unit}　{esc(entry.item)}　扣 {shown(entry.points)} 分）的原因。"


def reason_kept(number: int) -> str:
    """The reason was added."""
    return f"记录 {number} 的原因已补上。"


def which_reason(text: str) -> str:
    """Several entries wait for their reason."""
    return f"“{esc(text[:60])}”是哪一笔的原因？请点选："


def no_reason() -> str:
    """The text was no reason."""
    return "没有当作原因，也没有登记。需要登记请发送 /deduct。"


def reason_settled() -> str:
    """A press on a question that has its answer."""
    return "这个问题已经选过，没有重复写入。"


def like_command_in_dialog() -> str:
    """Text that reads as another deduction while one is being asked for."""
    return (
        "上面这一笔还没有登记完，这句话像是另一笔扣分，没有记下。\n请先完成上面那一笔，或按［取消］后重新发送。"
    )


def like_command(*, deducts: bool) -> str:
    """Text that reads as a command, sent where a reason is waited for (Reason); who may log deductions is told how."""
    if not deducts:
        return "这句话像是一条命令，没有办理。命令以 / 开头，发送 /help 看您能做什么。"
    return "这句话像是一条命令或一笔扣分，没有当作原因，也没有登记。\n要登记请以“扣分”或 /deduct 开头；要补充原因请换个写法。"
