"""Words and chart of the import of deductions from a table."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from charts.values import RankingChart
from handlers.answer import esc
from handlers.periods import Chosen
from handlers.words import common
from handlers.words import ranking as ranking_words
from handlers.words.refusals import plain_sentence
from rules import bureau as b
from rules.bureau import Bureau
from rules.draft import ImportDraft
from rules.imports import MOST_ROWS
from rules.points import shown
from rules.refusals import Refusal
from rules.table import Table

EMPTY = "没有填写"
TIMES_ALONE = "没有写细则的，不用写次数；分值请写这一笔一共扣几分"
ALIKE_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Change:
    """A sequence's quarter as it stands and as it would stand, and how many rows are on each unit, by code."""

    sequence: b.Sequence
    now: Table
    after: Table
    rows: dict[str, int]


def plainly(refusal: Refusal) -> str:
    """A refusal as plain text, to stand beside a cell."""
    return html.unescape(re.sub(r"<[^>]+>", "", plain_sentence(refusal)))


def how() -> str:
    """How deductions are imported."""
    return (
        "用 Excel 表导入扣分：\n1. 点下面的按钮取模板（自己的表也行，要有 单位、项目、分值、原因 这几列；"
        "本系统导出的扣分台账也行）；\n"
        "2. 填好，另存为 .xlsx；\n3. 把文件发给我，说明里写 /import。\n"
        f"先逐行核对、给您看导入后的变化，点了［导入］才登记；有一处不对就一笔也不导入。一份文件最多 {MOST_ROWS} 行。"
    )


def template() -> str:
    """Under the template."""
    return "扣分导入模板。一行一笔，填好后把文件发回来，说明里写 /import"


def checking(percent: int, count: int) -> str:
    """How far the rows are looked over."""
    if percent >= 100:
        return f"{count} 行已核对完。"
    return f"正在核对 {count} 行，已核对 {percent}%……"


def no_quarter(text: str) -> str:
    """What stands in the quarter's cell names none."""
    return f"“{text[:20]}”不是季度，例如 2026年第一季度"


def not_by_criterion(code: str, times: int, taken: Decimal, points: Decimal) -> str:
    """The points are not what the criterion takes."""
    return (
        f"按细则 {code}，{times} 次应扣 {shown(taken)} 分，表里写的是 {shown(points)} 分。请核对，或把分值空着"
    )


def imported_before(first: int, last: int) -> str:
    """The same file once more."""
    return (
        f"没有重复导入：这份文件已经导入过（{_numbers(first, last)}），没有增加。\n"
        "要补登别的，请另用一份表，只写要补的行。"
    )


def _numbers(first: int, last: int) -> str:
    return f"记录 {first}" if first == last else f"记录 {first}–{last}"


def caption(change: Change, more: int) -> str:
    """Under the picture."""
    others = f"另有 {more} 个序列见下表。" if more else ""
    return f"<b>{esc(change.sequence.name)}</b>　{common.period(change.after.quarter)}：导入后会是这样，现在还没有导入。{others}"


def chart(change: Change, bureau: Bureau) -> RankingChart:
    """The sequence as it would stand."""
    drawn = ranking_words.chart(change.sequence, change.after, bureau, Chosen(change.after.quarter))
    title = f"导入后：{ranking_words.leaders(change.after)}（现在 {ranking_words.leaders(change.now)}）"
    subtitle = f"{change.sequence.name}　{drawn.frame.subtitle}"
    return replace(drawn, frame=replace(drawn.frame, title=title, subtitle=subtitle, mark="未导入"))


def preview(draft: ImportDraft, changes: Sequence[Change], alike: Sequence[tuple[int, int]], twice: int) -> str:
    """What would be written: totals, every unit now and after, and what looks as if it were there already."""
    units = len({line.unit for line in draft.lines})
    lines = [
        f"<b>核对无误</b>：{draft.count} 行，{units} 个单位，共扣 {shown(draft.points)} 分。还没有导入。",
        *([f"表里已撤销、已更正的 {draft.left_out} 行没有算在内。"] if draft.left_out else []),
        *_doubtful(alike, twice),
    ]
    for change in changes:
        lines += [
            "",
            f"<b>{esc(change.sequence.name)}</b>　{common.period(change.after.quarter)}",
            *_units(change),
        ]
    return "\n".join([*lines, "", "请核对："])


def _doubtful(alike: Sequence[tuple[int, int]], twice: int) -> list[str]:
    lines = []
    if alike:
        some = "、".join(f"第 {row} 行同记录 {number}" for row, number in alike[:ALIKE_SHOWN])
        more = "等" if len(alike) > ALIKE_SHOWN else ""
        lines.append(f"⚠ 有 {len(alike)} 行与已登记的完全相同（{some}{more}），请确认不是重复。")
    if twice:
        lines.append(f"⚠ 表里有 {twice} 行与前面的行完全相同，请确认不是重复。")
    return lines


def _units(change: Change) -> list[str]:
    now = {row.unit.code: row for row in change.now.rows}
    lines = []
    for row in change.after.rows:
        count = change.rows.get(row.unit.code)
        if count:
            before = now[row.unit.code]
            lines.append(
                f"{esc(row.unit.name)}　{count} 笔　{shown(before.score.total)} → <b>{shown(row.score.total)}</b>"
                f"　第 {before.standing.place} → {row.standing.place} 名"
            )
    return lines


def settled(draft: ImportDraft, *, done: bool) -> str:
    """What became of it."""
    if not done:
        return "没有导入，一笔也没有登记。"
    if draft.before:
        return imported_before(draft.first, draft.last)
    return (
        f"✔ 已导入 {draft.count} 笔（{_numbers(draft.first, draft.last)}），共扣 {shown(draft.points)} 分；"
        "有关单位的联络员会收到通知。\n"
        "发送 /mine 可看自己登记的全部扣分；有错的逐笔用 /correct 更正。"
    )
