"""Words about tables that people fill in and send back."""

from collections.abc import Sequence

from handlers.answer import esc
from sheets.values import RowProblem

SHOWN = 20


def problems(good: int, found: Sequence[RowProblem], what: str) -> str:
    """What is wrong, row by row; nothing was imported. `what` the table should hold."""
    if not found:
        return f"没有导入：表里没有{what}。请填好后重新发送。"
    lines = [f"没有导入：{good} 行没有问题，<b>{len(found)} 处要改</b>。改好后重新发送整张表：", ""]
    lines += [f"第 {p.row} 行　{esc(p.column)}：{esc(p.message)}" for p in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(f"还有 {len(found) - SHOWN} 处，先改上面这些。")
    return "\n".join(lines)
