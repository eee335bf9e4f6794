"""Words of the notices to a unit's liaison."""

from decimal import Decimal

from handlers.frame.reply import esc
from rules.bureau import Unit
from rules.entries import Deduction
from rules.points import shown

REASON_SHOWN = 30
"""Signs of a reason where many entries are told of at once."""


def entry(number: int, unit: Unit, item: str, points: Decimal, reason: str | None) -> str:
    """A deduction from the unit was logged."""
    why = f"\n原因：{esc(reason)}" if reason else "\n原因：考核员尚未填写"
    return (
        f"<b>{esc(unit.name)}</b>被扣分：{esc(item)} −{shown(points)} 分（记录 {number}）{why}\n"
        f"明细发送 <code>/why</code>；有异议可在期限内申诉。"
    )


def imported(unit: Unit, count: int, points: Decimal) -> str:
    """Above the entries that a table brought."""
    return (
        f"<b>{esc(unit.name)}</b>被扣分 {count} 笔，共 −{shown(points)} 分（用表格一次登记）。\n"
        "明细发送 <code>/why</code>；有异议可在期限内申诉，例如 <code>/appeal 记录号 理由</code>。"
    )


def import_reversed(unit: Unit, count: int, points: Decimal, reason: str) -> str:
    """Above the entries that were taken back with the table that brought them."""
    return (
        f"<b>{esc(unit.name)}</b>：用表格登记的 {count} 笔扣分（共 {shown(points)} 分）已整份撤回，不再扣分。\n"
        f"理由：{esc(reason)}"
    )


def imported_line(number: int, item: str, points: Decimal, reason: str | None) -> str:
    """One of them, short."""
    why = reason or ""
    return f"记录 {number}　{esc(item)} −{shown(points)} 分　{esc(why[:REASON_SHOWN])}{'…' if len(why) > REASON_SHOWN else ''}"


def reversed_(old: Deduction, unit: Unit, reason: str) -> str:
    """A deduction was taken back."""
    return (
        f"<b>{esc(unit.name)}</b>：记录 {old.number}（{esc(old.item)} −{shown(old.points)} 分）已撤销，不再扣分。\n"
        f"理由：{esc(reason)}"
    )


def replaced(old: Deduction, unit: Unit, new: Deduction, reason: str) -> str:
    """A deduction was put right."""
    return (
        f"<b>{esc(unit.name)}</b>：记录 {old.number}（{esc(old.item)} −{shown(old.points)} 分）已更正为"
        f"记录 {new.number}（{esc(new.item)} −{shown(new.points)} 分）。\n理由：{esc(reason)}"
    )


def moved_away(old: Deduction, unit: Unit, reason: str) -> str:
    """A deduction was put on another unit: which one is not this unit's to know."""
    return (
        f"<b>{esc(unit.name)}</b>：记录 {old.number}（{esc(old.item)} −{shown(old.points)} 分）已撤销，不再扣本单位的分。\n"
        f"理由：{esc(reason)}"
    )


def reason_given(entry: Deduction, unit: Unit, reason: str) -> str:
    """The reason of a deduction was added."""
    return f"<b>{esc(unit.name)}</b>：记录 {entry.number}（{esc(entry.item)} −{shown(entry.points)} 分）补充了原因：{esc(reason)}"


def digest(count: int) -> str:
    """Above what comes together."""
    return f"今天有 {count} 条通知："
