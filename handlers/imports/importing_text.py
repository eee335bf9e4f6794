"""Words and chart of the import of deductions from a table."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from charts.values import RankingChart
from handlers.frame import wording
from handlers.frame.periods import Chosen
from handlers.frame.refusal_text import plain_sentence
from handlers.frame.reply import esc
from handlers.reports import ranking_text
from rules import bureau as b
from rules.bureau import Bureau
from rules.calendar import Quarter
from rules.draft import ImportDraft, ImportLine, TakeBackDraft
from rules.imports import MOST_ROWS
from rules.points import shown
from rules.refusals import Refusal
from rules.table import Table

EMPTY = "没有填写"
TIMES_ALONE = "没有写细则的，不用写次数；分值请写这一笔一共扣几分"
ALIKE_SHOWN = 5
BY_ITEM = "按统计表登记"


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
        "2. 填好，另存为 .xlsx；\n3. 把文件发给我，说明里写 /import，也可以带上季度，例如 /import 三季度；"
        "或者回复已发的文件发送 /import。\n"
        f"先逐行核对、给您看导入后的变化，点了［导入］才登记；有一处不对就一笔也不导入。一份文件最多 {MOST_ROWS} 行。\n"
        "导错了整份的，在该季度提交以前发送 /import 撤回。"
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


def partly_explained(count: int) -> str:
    """Some of a table's cells have no reason beside them."""
    return f"有 {count} 笔没有写原因。"


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
    return f"<b>{esc(change.sequence.name)}</b>　{wording.period(change.after.quarter)}：导入后会是这样，现在还没有导入。{others}"


def chart(change: Change, bureau: Bureau) -> RankingChart:
    """The sequence as it would stand."""
    drawn = ranking_text.chart(change.sequence, change.after, bureau, Chosen(change.after.quarter))
    title = f"导入后：{ranking_text.leaders(change.after)}（现在 {ranking_text.leaders(change.now)}）"
    subtitle = f"{change.sequence.name}　{drawn.frame.subtitle}"
    return replace(drawn, frame=replace(drawn.frame, title=title, subtitle=subtitle, mark="未导入"))


def preview(
    draft: ImportDraft, changes: Sequence[Change], alike: Sequence[tuple[ImportLine, int]], twice: int
) -> str:
    """What would be written: totals, every unit now and after, and what looks as if it were there already."""
    units = len({line.unit for line in draft.lines})
    lines = [
        f"<b>核对无误</b>：{draft.count} 行，{units} 个单位，共扣 {shown(draft.points)} 分。还没有导入。",
        *([f"表里已撤销、已更正的 {draft.left_out} 行没有算在内。"] if draft.left_out else []),
        *map(esc, draft.notes),
        *_doubtful(alike, twice),
    ]
    for change in changes:
        lines += [
            "",
            f"<b>{esc(change.sequence.name)}</b>　{wording.period(change.after.quarter)}",
            *_units(change),
        ]
    return "\n".join([*lines, "", "请核对："])


def _doubtful(alike: Sequence[tuple[ImportLine, int]], twice: int) -> list[str]:
    lines = []
    if alike:
        lines.append(f"⚠ 有 {len(alike)} 行与已登记的完全相同（{_same(alike)}），请确认不是重复。")
    if twice:
        lines.append(f"⚠ 表里有 {twice} 行与前面的行完全相同，请确认不是重复。")
    return lines


def _same(alike: Sequence[tuple[ImportLine, int]]) -> str:
    some = "、".join(f"第 {line.row} 行同记录 {number}" for line, number in alike[:ALIKE_SHOWN])
    return some + ("等" if len(alike) > ALIKE_SHOWN else "")


def nothing_new(count: int, alike: Sequence[tuple[ImportLine, int]]) -> str:
    """Every row is there already."""
    return f"没有导入：表里 {count} 行都已登记过（{_same(alike)}），没有新的。\n确实另有其事的，请用 /deduct 逐笔登记。"


def caption_differs(said: Quarter, named: Sequence[Quarter]) -> str:
    """What was said with the file, and what its title says."""
    return f"您写的是{wording.period(said)}，表的标题或工作表名写的是{_periods(named)}，不一致。"


def several_named(named: Sequence[Quarter]) -> str:
    """A title that names several quarters."""
    return f"表的标题或工作表名里有{_periods(named)}，不清楚是哪一个。"


def named_is_closed(named: Quarter, running: Quarter) -> str:
    """A title that names a quarter which takes no entries."""
    return (
        f"表的标题或工作表名写的是{wording.period(named)}，现在是{wording.period(running)}；{wording.period(named)}不能再登记。"
        "请核对是不是发错了表。"
    )


def another_year(years: Sequence[int], running: Quarter) -> str:
    """A title that names another year, and no quarter."""
    named = "、".join(f"{year}年" for year in years)
    return f"表的标题或工作表名写的是{named}，现在是{wording.period(running)}。请核对是不是发错了表。"


def made_before(made: date, running: Quarter) -> str:
    """The day on which the table says it was made lies before the quarter."""
    day = wording.day(made, running.year)
    return f"表上面写的日期是{day}，在{wording.period(running)}开始以前。请核对是不是发错了表。"


def too_old(day: date, quarter: Quarter) -> str:
    """The day of an inspection lies before even the quarter before."""
    return f"{wording.day(day, quarter.year)}比{wording.period(quarter)}早了一个季度以上，请核对年份和日期"


def late(quarters: Sequence[Quarter]) -> str:
    """A quarter is past its deadline and not submitted."""
    return f"{_periods(quarters)}过了期限还没有提交，表里没有写明季度。"


def days_elsewhere(first: date, last: date, running: Quarter) -> str:
    """Most of the days lie in another quarter."""
    days = wording.day(first, running.year) + ("" if first == last else f"至{wording.day(last, running.year)}")
    return f"表里多数检查日期（{days}）不在{wording.period(running)}之内。"


def _periods(quarters: Sequence[Quarter]) -> str:
    return "、".join(map(wording.period, quarters))


def ask_take_back(count: int, points: Decimal, second: Sequence[int]) -> str:
    """Why is the whole import taken back?"""
    lines = [
        f"整份撤回这次导入：<b>{count} 笔</b>，共 {shown(points)} 分。每一笔都撤销，记录和理由保留；已经单独更正、撤销的不动。"
    ]
    if second:
        some = "、".join(map(str, second[:20])) + ("等" if len(second) > 20 else "")
        lines.append(f"其中记录 {some} 须经核准，会提请组长或考评办同意，同意之前仍然有效。")
    return "\n".join([*lines, "为什么撤回？请点选，或写一句理由："])


def taken_back(draft: TakeBackDraft, *, done: bool) -> str:
    """What became of it."""
    if not done:
        return "没有撤回，导入的记录不变。"
    lines = [
        f"✔ 已整份撤回：{draft.reversed} 笔，共 {shown(draft.points)} 分，不再扣分。理由：{esc(draft.reason)}"
    ]
    if draft.waiting:
        some = "、".join(map(str, draft.waiting[:20])) + ("等" if len(draft.waiting) > 20 else "")
        lines.append(f"另有 {len(draft.waiting)} 笔（记录 {some}）已提请核准，同意之前仍然有效。")
    return "\n".join([*lines, "要重新登记的，改好表再发一次就行。"])


def take_back_settled() -> str:
    """Over a button that was pressed before."""
    return "这次撤回已经办过了，没有再改。"


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
    if not draft.count:
        return "没有导入：表里的都已登记过，没有新的。"
    return (
        f"✔ 已导入 {draft.count} 笔（{_numbers(draft.first, draft.last)}），共扣 {shown(draft.points)} 分；"
        "有关单位的联络员会收到通知。\n"
        "发送 /mine 可看自己登记的全部扣分；个别有错的用 /correct 更正，整份导错的点下面的按钮。"
    )
