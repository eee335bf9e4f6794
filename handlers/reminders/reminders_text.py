"""Words of the reminders: what is due, what is missing, and what to press (R6, R9, R10, Messages)."""

from collections.abc import Sequence
from datetime import date

from handlers.filings import filings_text
from handlers.frame import wording
from handlers.frame.names import short as short_name
from handlers.frame.reply import Button, Rows, esc, in_rows
from handlers.quarter.progress_text import until
from rules.calendar import Quarter
from rules.progress import Progress
from rules.refusals import Lack
from rules.reminders import Duty, Part
from rules.stages import Move

LONGEST_LIST = 12
"""Units that a line names; of more it says how many."""

MOST_UNIT_BUTTONS = 40

DUTIES = {
    Duty.UNITS: "检查和补原因提醒",
    Duty.SUBMISSION: "提交提醒",
    Duty.OVERVIEW: "各组提交情况",
    Duty.SUMMARY: "各组进度",
    Duty.MONTHLY: "民警成绩报送提醒",
    Duty.SIGNATURE: "民警成绩签字提醒",
    Duty.RETURNS: "民警成绩报送情况",
    Duty.FILING: "备案提醒",
    Duty.UNFILED: "备案逾期情况",
}
"""What each reminder is called in the settings."""


def reminder(parts: Sequence[Part], note: str = "") -> str:
    """One message of all that is due for a person today."""
    texts = [_WORDS[part.duty](part) for part in parts if part.duty not in {Duty.OVERVIEW, Duty.SUMMARY}]
    for duty in (Duty.SUMMARY, Duty.OVERVIEW):
        some = [part for part in parts if part.duty is duty]
        if some and not (duty is Duty.OVERVIEW and any(p.duty is Duty.SUMMARY for p in parts)):
            texts.append(_overview(some))
    return "\n\n".join(["<b>⏰ 考核提醒</b>", *texts, *([note] if note else [])])


def _head(part: Part) -> str:
    assert part.quarter is not None
    return f"<b>{esc(part.group)}</b>　{wording.period(part.quarter)}"


def _until(part: Part) -> str:
    assert part.until is not None
    return until(part.left, part.until)


def _listed(part: Part) -> str:
    names = [unit.name for unit in part.units[:LONGEST_LIST]]
    more = f"等 {len(part.units)} 个" if len(part.units) > LONGEST_LIST else ""
    return esc("、".join(names)) + more


def _units(part: Part) -> str:
    lines = [f"{_head(part)}：{_until(part)}。"]
    if part.units:
        lines.append(f"还有 {len(part.units)} 个单位没有检查完毕，点单位可以登记扣分或标记检查完毕：")
    if part.unexplained:
        lines.append(f"您有 {part.unexplained} 笔扣分没写原因，发送 /mine 补上。")
    return "\n".join(lines)


def _submission(part: Part) -> str:
    lines = [f"{_head(part)}：{_until(part)}，还没有提交。"]
    if part.units:
        lines.append(f"未检查 {len(part.units)} 个：{_listed(part)}")
    if part.unexplained:
        lines.append(f"⚠ {part.unexplained} 笔没写原因，补齐前不能提交")
    if not part.units and not part.unexplained:
        lines.append("全部单位已检查完毕，原因也齐了，可以提交。")
    return "\n".join(lines)


def _overview(parts: Sequence[Part]) -> str:
    lines = []
    for part in parts:
        late = "　⚠" if part.left < 0 else ""
        lines.append(f"{_head(part)}：还没有提交，{_until(part)}{late}")
        missing = f"，{part.unexplained} 笔没写原因" if part.unexplained else ""
        lines.append(f"　检查完毕 {part.done} / {part.total}{missing}")
        if part.leads:
            lines.append("　您是这个季度的带队局领导。")
    if parts[0].duty is Duty.OVERVIEW:
        lines.append("详细情况发送 /progress，确有特殊情况可用 /extend 延期。")
    return "\n".join(lines)


def _monthly(part: Part) -> str:
    assert part.unit is not None
    if part.lack is Lack.NO_OFFICERS:
        then = "本单位还没有花名册，请先发送 /roster 导入。"
    elif part.lack is Lack.NO_METHOD:
        then = "本单位的考核办法还不完整，请先发送 /method 报送。"
    else:
        then = "点下面的按钮核对后报送。"
    return f"<b>{esc(part.unit.name)}</b>：{_results(part)}。{then}"


def _results(part: Part) -> str:
    assert part.month is not None and part.until is not None
    day = wording.day(part.until, part.until.year)
    when = f"今天（{day}）" if part.left == 0 else f"还有 {part.left} 天，{day}前"
    return f"{wording.month(part.month)}民警成绩，{when}要报考评办"


def _signature(part: Part) -> str:
    assert part.unit is not None
    return f"<b>{esc(part.unit.name)}</b>：{_results(part)}，联络员已报送，等您签字。"


def _returns(part: Part) -> str:
    assert part.month is not None
    unsigned = f"（其中 {part.done} 个待本单位签字）" if part.done else ""
    return (
        f"{wording.month(part.month)}民警成绩：还有 {part.total} 个单位没有报来{unsigned}，发送 /returns 查看。"
    )


def _filing(part: Part) -> str:
    assert part.year is not None
    lines = [f"<b>备案文件</b>　{part.year}年：{_until(part)}。还没有报送："]
    for one in part.owed[:LONGEST_LIST]:
        returned = "（已退回，请改好后重报）" if one.newest is not None else ""
        lines.append(f"　{filings_text.document(one, part.year)}{returned}")
    if len(part.owed) > LONGEST_LIST:
        lines.append(f"　等 {len(part.owed)} 份")
    lines.append("点下面的按钮，再发送文件。")
    return "\n".join(lines)


def _unfiled(part: Part) -> str:
    """One line: how many are missing, and whose."""
    assert part.year is not None
    names = list(dict.fromkeys(filings_text.who(one) for one in part.owed))
    more = f"等 {len(names)} 个" if len(names) > LONGEST_LIST else ""
    returned = sum(one.newest is not None for one in part.owed)
    again = f"（其中已退回 {returned} 份）" if returned else ""
    return (
        f"<b>备案文件</b>　{part.year}年：{_until(part)}，应报 {part.total} 份，还缺 {len(part.owed)} 份{again}："
        f"{esc('、'.join(names[:LONGEST_LIST]))}{more}。详细情况发送 /filings {part.year}。"
    )


_WORDS = {
    Duty.UNITS: _units,
    Duty.SUBMISSION: _submission,
    Duty.MONTHLY: _monthly,
    Duty.SIGNATURE: _signature,
    Duty.RETURNS: _returns,
    Duty.FILING: _filing,
    Duty.UNFILED: _unfiled,
}


def buttons(parts: Sequence[Part]) -> Rows:
    """What can be done about it at once."""
    rows: list[tuple[Button, ...]] = []
    quarters = {part.quarter for part in parts if part.quarter is not None}
    for part in parts:
        stand_in = short_name(part.group)
        which = f" {wording.period(part.quarter)}" if part.quarter is not None and len(quarters) > 1 else ""
        if part.duty is Duty.UNITS:
            units = [
                Button(unit.name, f"go:{unit.code}:{part.quarter}") for unit in part.units[:MOST_UNIT_BUTTONS]
            ]
            rows += in_rows(units, 2)
        elif part.duty is Duty.SUBMISSION:
            submit = Button(f"提交{which}", f"stb:{Move.SUBMIT.name}:{stand_in}:{part.quarter}")
            rows.append((submit, Button(f"看进度{which}", f"prog:{stand_in}:{part.quarter}")))
        elif part.duty is Duty.OVERVIEW:
            rows.append((Button(f"看进度：{part.group}{which}", f"prog:{stand_in}:{part.quarter}"),))
        elif part.duty is Duty.MONTHLY and part.unit is not None and part.month is not None:
            label = f"核对并报送：{part.unit.name} {part.month.number}月"
            rows.append((Button(label, f"mrb:{part.unit.code}:{part.month}"),))
        elif part.duty is Duty.SIGNATURE and part.unit is not None and part.month is not None:
            label = f"核对并签字：{part.unit.name} {part.month.number}月"
            rows.append((Button(label, f"mrh:{part.number}"),))
        elif part.duty is Duty.FILING and part.year is not None:
            rows += [(filings_text.to_file(one, part.year),) for one in part.owed[:LONGEST_LIST]]
    return tuple(dict.fromkeys(rows))


def about(parts: Sequence[Part]) -> str:
    """What a reminder is about, in one line without HTML."""
    return "；".join(_about(part) for part in parts)


def _about(part: Part) -> str:
    if part.year is not None:
        what = f"{part.year}年 {len(part.owed)} 份"
    elif part.month is not None:
        what = (
            f"{part.unit.name} {wording.month(part.month)}"
            if part.unit is not None
            else wording.month(part.month)
        )
    else:
        assert part.quarter is not None
        what = f"{part.group} {wording.period(part.quarter)}"
    assert part.until is not None
    when = f"还有 {part.left} 天" if part.left > 0 else "当天" if part.left == 0 else f"逾期 {-part.left} 天"
    return f"{DUTIES[part.duty]}　{what}（{when}）"


def about_chat(group: str, quarter: Quarter) -> str:
    """The same of a group chat's picture."""
    return f"进度图　{group} {wording.period(quarter)}"


def for_chat(found: Progress, left: int, day: date) -> str:
    """Under the picture in a group chat: no scores and no places (Sight)."""
    done = len(found.units) - len(found.left)
    return (
        f"<b>⏰ {esc(found.group.name)}</b>　{wording.period(found.quarter)}\n"
        f"检查完毕 {done} / {len(found.units)} 个单位，{until(left, day)}。"
    )


def unpublished(years: Sequence[int]) -> str:
    """The rest days of a year are not known yet."""
    named = "、".join(f"{year}年" for year in years)
    return f"注：{named}的放假安排还没有公布，暂按周一至周五是工作日提醒。"


def stale(day: date) -> str:
    """What stands for a reminder that was missed and is of no use any more."""
    return f"{wording.day(day)}的考核提醒（系统当时没有运行，已经过时，没有发出）"
