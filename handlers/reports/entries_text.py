"""Entries as lines of a list: one line for what happened once, however it was put right."""

from collections.abc import Mapping
from decimal import Decimal

from handlers.frame import wording
from handlers.frame.reply import esc
from rules.bureau import Bureau
from rules.entries import Deduction
from rules.entries import vetoes as living_vetoes
from rules.points import shown


def lines(
    entries: list[Deduction],
    bureau: Bureau,
    *,
    beyond: Mapping[int, Decimal],
    files: Mapping[int, int],
    with_unit: bool = False,
) -> list[str]:
    """A line for each entry; one that was replaced stands struck through before its successor, in one line."""
    by_number = {entry.number: entry for entry in entries}
    followed = {e.replaces for e in entries if e.replaces is not None}
    found = []
    for entry in entries:
        if entry.number in followed and entry.replaced_by in by_number:
            continue
        text = _line(entry, bureau, beyond.get(entry.number), files.get(entry.number, 0), with_unit=with_unit)
        found.append("".join(_struck(old) for old in _before(entry, by_number)) + text)
    return found


def _before(entry: Deduction, by_number: Mapping[int, Deduction]) -> list[Deduction]:
    """What the entry stands for, oldest first."""
    chain: list[Deduction] = []
    current = by_number.get(entry.replaces) if entry.replaces is not None else None
    while current is not None:
        chain.insert(0, current)
        current = by_number.get(current.replaces) if current.replaces is not None else None
    return chain


def _struck(old: Deduction) -> str:
    return f"<s>{old.number} {esc(old.item)} −{shown(old.points)}</s> → "


def _line(entry: Deduction, bureau: Bureau, beyond: Decimal | None, files: int, *, with_unit: bool) -> str:
    day = bureau.calendar.day(entry.at)
    unit = f"{esc(bureau.unit(entry.unit).name)}　" if with_unit else ""
    text = f"{entry.number}　{day:%m-%d}　{unit}{esc(entry.item)} −{shown(entry.points)}"
    if entry.reversal is not None:
        moved = f"，改为记录 {entry.replaced_by}" if entry.replaced_by is not None else ""
        return f"<s>{text}</s>　已撤销（{esc(entry.reversal.reason)}）{moved}"
    past = f"（其中 {shown(beyond)} 分已扣完未计）" if beyond else ""
    basis = f"　细则 {esc(entry.basis.code)}{_times(entry)}" if entry.basis else ""
    mark = f"　证据 {files} 份" if files else ""
    return (
        f"{text}{past}{basis}　{esc(entry.reason) if entry.reason else '未写原因'}　{esc(entry.author)}{mark}"
    )


def _times(entry: Deduction) -> str:
    return f" ×{entry.basis.times}" if entry.basis and entry.basis.times > 1 else ""


def vetoes(entries: list[Deduction]) -> list[str]:
    """What stands beside a score: the living vetoes."""
    return [
        f"⚠ <b>一票否决</b>：记录 {e.number}，细则 {esc(e.basis.code)} {esc(e.basis.text)}"
        for e in living_vetoes(entries)
        if e.basis is not None
    ]


def full(entry: Deduction, bureau: Bureau, beyond: Decimal | None, files: int) -> str:
    """An entry with all that is known of it: for /why."""
    zone = bureau.calendar.zone
    parts = [f"<b>−{shown(entry.points)}</b>　记录 {entry.number}"]
    if entry.replaces is not None:
        parts[0] += f"（更正自记录 {entry.replaces}）"
    if beyond:
        parts.append(f"其中 {shown(beyond)} 分已扣完未计")
    if entry.basis is not None:
        parts.append(f"细则 {esc(entry.basis.code)} {esc(entry.basis.text)}{_times(entry)}")
    parts.append(f"原因：{esc(entry.reason)}" if entry.reason else "原因：未填写")
    logged_on = bureau.calendar.day(entry.at)
    inspected = (
        f"，{wording.day(entry.inspected_on, logged_on.year)}检查" if entry.inspected_on != logged_on else ""
    )
    mark = f"，证据 {files} 份（/evidence {entry.number}）" if files else ""
    parts.append(f"{esc(entry.author)} {wording.moment(entry.at, zone)} 登记{inspected}{mark}")
    return "\n　".join(parts)
