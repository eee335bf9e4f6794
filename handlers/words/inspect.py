"""Words about finished inspections."""

from handlers.answer import esc
from handlers.words import common
from rules.bureau import Unit
from rules.calendar import Quarter


def done(unit: Unit, quarter: Quarter, left: list[Unit], of: int, *, fresh: bool) -> str:
    """The unit is marked, and how many of the group's are not yet."""
    period = common.period(quarter)
    name = f"<b>{esc(unit.name)}</b>"
    head = f"✔ {name} {period}已标记检查完毕。" if fresh else f"{name} {period}此前已标记检查完毕，无需再办。"
    if not left:
        return f"{head}\n本组 {of} 个单位已全部检查完毕。"
    few = "、".join(other.name for other in left[:5])
    return f"{head}\n本组还有 {len(left)} 个单位未检查：{esc(few)}{' 等' if len(left) > 5 else ''}。"
