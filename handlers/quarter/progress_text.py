"""Words and chart of a group's progress."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from charts.values import Board, Frame, ProgressChart, Tile, TileState
from handlers.frame import wording
from handlers.frame.reply import esc
from handlers.quarter.course_text import stage
from rules.bureau import Bureau
from rules.progress import Progress, UnitProgress
from rules.stages import Course


def which() -> str:
    """Which group?"""
    return "看哪个考核小组的进度？"


def progress(found: Progress, clock: str) -> str:
    """How far it is, how long there is or where it stands, and what is in the way."""
    done = len(found.units) - len(found.left)
    lines = [
        f"<b>{esc(found.group.name)}</b>　{wording.period(found.quarter)}",
        f"检查完毕 <b>{done} / {len(found.units)}</b> 个单位",
        clock,
    ]
    if found.unexplained:
        lines.append(f"⚠ {len(found.unexplained)} 笔没写原因，补齐前不能提交")
    if found.appeals:
        lines.append(f"⚠ {found.appeals} 件申诉待裁定，裁定前不能审定")
    return "\n".join(lines)


def clock(left: int, last_day: date, course: Course, bureau: Bureau) -> str:
    """How long there is until the deadline; once it is submitted, where it stands."""
    if course.submitted is not None:
        return f"{course.stage.value}：{stage(course, bureau)}"
    back = f"\n{stage(course, bureau)}" if course.returned is not None else ""
    return until(left, last_day) + back


def until(left: int, last_day: date) -> str:
    """How long there is until the deadline."""
    day = wording.day(last_day, last_day.year)
    if left > 0:
        return f"还有 {left} 天，{day}截止"
    return f"今天（{day}）截止" if left == 0 else f"已过期限 {-left} 天（{day}截止）"


def details(found: Progress) -> str:
    """Who is not inspected, and whose entries lack a reason."""
    lines = []
    if found.left:
        lines.append(f"未检查：{esc('、'.join(unit.unit.name for unit in found.left))}")
    else:
        lines.append("全部单位已检查完毕。")
    if found.unexplained:
        authors = Counter(entry.author for entry in found.unexplained)
        who = "、".join(f"{esc(name)} {count} 笔" for name, count in authors.most_common())
        lines.append(f"没写原因：{who}。请本人发送 /mine 补上。")
    return "\n".join(lines)


def chart(found: Progress, bureau: Bureau) -> ProgressChart:
    """Every unit of the group as a tile, by sequence."""
    return board([found], bureau)


def board(found: Sequence[Progress], bureau: Bureau) -> ProgressChart:
    """Every unit of these groups as a tile, by sequence."""
    units = [unit for progress in found for unit in progress.units]
    boards = []
    for sequence in bureau.sequences:
        tiles = tuple(_tile(unit) for unit in units if unit.unit.sequence == sequence.name)
        if tiles:
            boards.append(Board(sequence.name, tiles))
    changed = max((progress.changed for progress in found if progress.changed is not None), default=None)
    name = found[0].group.name if len(found) == 1 else "各考核小组"
    return ProgressChart(
        Frame(
            title=f"{name}：完成 {sum(unit.inspected for unit in units)} / {len(units)}",
            subtitle="、".join(dict.fromkeys(wording.period(progress.quarter) for progress in found)),
            as_of=f"截至 {wording.moment(changed, bureau.calendar.zone)}"
            if changed
            else "本季度还没有扣分记录",
            mark="进度",
        ),
        tuple(boards),
    )


def _tile(unit: UnitProgress) -> Tile:
    state = TileState.DONE if unit.inspected else TileState.BEGUN if unit.entries else TileState.NOTHING
    alarms = [
        f"{word} {count}" for word, count in (("缺原因", unit.unexplained), ("申诉", unit.appeals)) if count
    ]
    note = f"扣分 {unit.entries} 笔" if unit.entries else "无扣分"
    return Tile(unit.unit.name, state, note, "　".join(alarms))
