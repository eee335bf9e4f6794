"""Words of /log, /why and /mine."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from handlers.frame import wording
from handlers.frame.reply import esc
from handlers.reports import entries_text
from rules.bureau import Bureau, Unit
from rules.calendar import Quarter
from rules.entries import Deduction
from rules.points import shown
from rules.score import UnitScore


def ask(what: str) -> str:
    """Which unit?"""
    return f"{what}：请先选序列"


def log(
    unit: Unit,
    quarter: Quarter,
    item: str | None,
    lines: list[str],
    *,
    page: int,
    pages: int,
    as_of: date | None,
) -> str:
    """A page of a unit's entries, as they stood at the end of a day where one is named."""
    of = f"　{esc(item)}" if item else ""
    when = f"（截至 {wording.day(as_of)}）" if as_of else ""
    head = f"<b>{esc(unit.name)}</b>　{wording.period(quarter)}{when}{of}　扣分记录"
    if not lines:
        return f"{head}\n没有扣分记录。"
    number = f"　第 {page + 1}/{pages} 页" if pages > 1 else ""
    return "\n".join([f"{head}{number}", "", *lines])


def why(
    unit: Unit,
    quarter: Quarter,
    score: UnitScore,
    entries: list[Deduction],
    bureau: Bureau,
    *,
    beyond: Mapping[int, Decimal],
    files: Mapping[int, int],
    only: str | None,
    as_of: date | None,
) -> str:
    """Every lost point, item by item, with the entry it was lost to."""
    when = f"（截至 {wording.day(as_of)}）" if as_of else ""
    head = f"<b>{esc(unit.name)}</b>　{wording.period(quarter)}{when}　总分 {shown(score.total)}"
    lines = [head, *entries_text.vetoes(entries)]
    shown_any = False
    for item in score.items:
        taken = [e for e in entries if e.lives and e.item == item.item.name]
        if not taken or only not in (None, item.item.name):
            continue
        shown_any = True
        past = f"（已扣完，另有 {shown(item.beyond)} 分未计）" if item.beyond else ""
        lines += ["", f"<b>{esc(item.item.name)}　{shown(item.item.points)} → {shown(item.left)}</b>{past}"]
        lines += [entries_text.full(e, bureau, beyond.get(e.number), files.get(e.number, 0)) for e in taken]
    if not shown_any:
        lines += ["", f"{esc(only)}没有被扣分。" if only else "没有被扣分，各项均为满分。"]
    return "\n".join(lines)


def mine(quarter: Quarter, of: str, missing: list[str], rest: list[str]) -> str:
    """One's own entries, `of` a unit or an item where one is named, those without a reason first."""
    head = f"<b>我登记的扣分</b>{f'　{esc(of)}' if of else ''}　{wording.period(quarter)}　共 {len(missing) + len(rest)} 笔"
    if not missing and not rest:
        return f"{head}\n还没有登记过{'这样的扣分' if of else ''}。登记发送 /deduct。"
    lines = [head]
    if missing:
        lines += ["", f"<b>还没写原因（{len(missing)} 笔）</b>，点下面的按钮补上，否则不能提交：", *missing]
    if rest:
        lines += ["", *rest]
    return "\n".join([*lines, "", "更正发送 <code>/correct 编号</code>。"])
