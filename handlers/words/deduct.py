"""Words about entries: the card, the questions on the way to it, undoing and reasons."""

from handlers.answer import esc
from handlers.words import common
from rules.bureau import Bureau, Unit
from rules.calendar import Quarter
from rules.draft import Asks, DeductionDraft
from rules.entries import Deduction
from rules.points import shown
from rules.score import UnitScore
from rules.table import Row, Table


def card(entry: Deduction, unit: Unit, before: Table, after: Table, bureau: Bureau, *, places: bool) -> str:
    """What the entry is, and what it (or its reversal) did to item, total and place."""
    zone = bureau.calendar.zone
    lines = [_head(entry), f"{esc(unit.name)}　{esc(entry.item)}　<b>−{shown(entry.points)} 分</b>"]
    if entry.reversal is not None:
        lines[1] = f"<s>{esc(unit.name)}　{esc(entry.item)}　−{shown(entry.points)} 分</s>"
    lines.append(f"原因：{esc(entry.reason)}" if entry.reason else "原因：<b>未填写</b>")
    logged_on = bureau.calendar.day(entry.at)
    if entry.inspected_on != logged_on:
        lines.append(f"检查日期：{common.day(entry.inspected_on, logged_on.year)}")
    lines.append("")
    lines += _changes(entry, before, after, places=places)
    lines.append(f"计入：{common.period(entry.quarter)}")
    lines.append(f"登记：{esc(entry.author)}，{common.moment(entry.at, zone)}")
    if entry.reversal is not None:
        back = entry.reversal
        lines.append(f"撤销：{esc(back.author)}，{common.moment(back.at, zone)}，{esc(back.reason)}")
    elif entry.reason is None:
        lines += ["", "请接着发送扣分原因；没有原因的记录不能提交。"]
    return "\n".join(lines)


def _head(entry: Deduction) -> str:
    if entry.reversal is not None:
        return f"↩ 已撤销　记录 <b>{entry.number}</b>，不再扣分"
    return f"✔ 已登记　记录 <b>{entry.number}</b>"


def _changes(entry: Deduction, before: Table, after: Table, *, places: bool) -> list[str]:
    old, new = before.row(entry.unit), after.row(entry.unit)
    if old is None or new is None:
        return []
    lines = [_item_change(entry, old.score, new.score)]
    was, now = common.scores([old.score.total, new.score.total])
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


def question(draft: DeductionDraft, bureau: Bureau) -> str:
    """What has to be made clear before anything is written."""
    points = f"扣 {shown(draft.points)} 分"
    if draft.asks is Asks.UNIT:
        return f"{points}，记给哪个单位？还没有登记，请点选："
    unit = esc(bureau.unit(draft.units[0]).name)
    if draft.asks is Asks.ITEM:
        return f"{unit} {points}，扣在哪个项目？还没有登记，请点选："
    late = common.period(Quarter.parse(draft.choices[0]))
    return (
        f"{unit} {esc(draft.items[0])} {points}，计入哪个季度？\n"
        f"{late}已过期限但尚未提交，所以要请您定。还没有登记，请点选："
    )


def settled(draft: DeductionDraft, bureau: Bureau) -> str:
    """What stands where the question stood."""
    unit = esc(bureau.unit(draft.units[0]).name)
    return f"已按您的选择登记：{unit}　{esc(draft.items[0])}　扣 {shown(draft.points)} 分，详见下面的卡片。"


def dropped() -> str:
    """The person decided against it."""
    return "没有登记。需要时请重新发送。"


def answered(number: int | None, *, dropped: bool) -> str:
    """A press on a question that has its answer."""
    if number is not None:
        return f"这个问题已经选过，登记为记录 {number}，没有重复登记。"
    if dropped:
        return "这一笔您已选择不记，没有登记。需要时请重新发送命令。"
    return "这个按钮已经换成新的问题，请按最新的按钮。"


def not_your_draft() -> str:
    """A press on somebody else's question."""
    return "这是别人正在登记的内容，只有本人能选。什么也没有改。"


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


def like_command() -> str:
    """Text that reads as a command, sent where a reason is waited for (Reason)."""
    return "这句话像是一条命令或一笔扣分，没有当作原因，也没有登记。\n要登记请以“扣分”或 /deduct 开头；要补充原因请换个写法。"
