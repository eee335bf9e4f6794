"""Words about finished inspections."""

from collections.abc import Sequence

from handlers.frame import wording
from handlers.frame.reply import esc
from rules.bureau import Unit
from rules.calendar import Quarter


def done(units: Sequence[Unit], quarter: Quarter, left: Sequence[Unit], of: int, *, fresh: bool) -> str:
    """The units are marked, and how many of the group's are not yet."""
    period = wording.period(quarter)
    head = (
        f"✔ {_names(units)} {period}已标记检查完毕。"
        if fresh
        else f"{_names(units)} {period}此前已标记检查完毕，无需再办。"
    )
    return f"{head}\n{_left(left, of)}"


def undone(units: Sequence[Unit], quarter: Quarter, left: Sequence[Unit], of: int, *, fresh: bool) -> str:
    """The marks are taken back, and how many of the group's units are not inspected."""
    period = wording.period(quarter)
    head = (
        f"↩ {_names(units)} {period}的检查完毕已撤回，按未检查计。"
        if fresh
        else f"{_names(units)} {period}没有标记检查完毕，什么也没有改。"
    )
    return f"{head}\n{_left(left, of)}"


def _names(units: Sequence[Unit]) -> str:
    return "、".join(f"<b>{esc(unit.name)}</b>" for unit in units)


def _left(left: Sequence[Unit], of: int) -> str:
    if not left:
        return f"本组 {of} 个单位已全部检查完毕。"
    few = "、".join(other.name for other in left[:5])
    return f"本组还有 {len(left)} 个单位未检查：{esc(few)}{' 等' if len(left) > 5 else ''}。"


def offered(quarter: Quarter, count: int, of: int, *, take_back: bool) -> str:
    """Which of the units that are offered?"""
    period = wording.period(quarter)
    if take_back:
        return (
            f"{period}　撤回哪个单位的检查完毕？请点选：" if count else f"{period}　没有标记过检查完毕的单位。"
        )
    if not count:
        return f"{period}　{of} 个单位已全部检查完毕。"
    return f"{period}　哪些单位已检查完毕？请点选，可以连续点；也可以发送 <code>/done 城关所 东门所</code>："
