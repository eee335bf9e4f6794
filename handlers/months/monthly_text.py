"""Words of a unit's monthly return: the table, what was sent and when, the head's signature (R9)."""

from collections.abc import Iterable, Mapping, Sequence

from handlers.frame import wording
from handlers.frame.reply import esc
from rules.bureau import Unit
from rules.draft import MonthlyDraft
from rules.months import Month
from rules.officers import ERASED, Officer, OfficerDeduction
from rules.points import shown
from rules.returns import MonthReturns, Return, ReturnedOfficer, Terms, placed

Names = Mapping[int, Officer]
Officers = Sequence[ReturnedOfficer]


def head(unit: Unit, month: Month) -> str:
    """The line above everything that is about a unit's month."""
    return f"<b>{esc(unit.name)}</b>　{wording.month(month)}民警成绩"


def table(officers: Officers, names: Names) -> str:
    """The officers by place with what made their results; below them whose month does not count."""
    rows = placed(officers)
    results = wording.scores([one.result for one, _ in rows])
    lines = [
        f"{standing.place}. {_name(one, names)}　<b>{result}</b> 分{'（并列）' if standing.shared else ''}{_made_of(one)}"
        for (one, standing), result in zip(rows, results, strict=True)
    ]
    absent = [f"{_name(one, names)}（{esc(one.absence)}）" for one in officers if one.absence is not None]
    if absent:
        lines.append(f"不计入：{'、'.join(absent)}")
    return "\n".join(lines)


def _name(one: ReturnedOfficer, names: Names) -> str:
    known = names.get(one.officer)
    return esc(known.name if known is not None else f"{ERASED}{one.officer}")


def _made_of(one: ReturnedOfficer) -> str:
    lost = [
        f"{esc(item.name)} −{shown(min(item.points, item.deducted))}" for item in one.items if item.deducted
    ]
    times = "" if one.coefficient == 1 else f"　{shown(one.total)} × {shown(one.coefficient, 4)}"
    return times + (f"　{'，'.join(lost)}" if lost else "")


def which_unit(known: bool, *, asked: bool) -> str:
    """Which of the units?"""
    if not known:
        return "没有可报送的单位：您联系的单位已不在本局现有单位中。请联系考评办。"
    note = "\n更正原因请和单位一起写，例如 <code>/monthly 城关所 2026-03 更正原因</code>" if asked else ""
    return f"报送哪个单位的民警成绩？{note}"


def preview(
    unit: Unit,
    draft: MonthlyDraft,
    officers: Officers,
    names: Names,
    unexplained: Sequence[OfficerDeduction],
    *,
    headed: bool,
    changed: bool,
) -> str:
    """The table before it is sent, and what follows."""
    lines = [head(unit, draft.month), ""]
    if changed:
        lines[1:1] = ["⚠ 刚才又有改动，表已更新，请重新核对。"]
    lines += [table(officers, names), ""]
    if draft.reason is not None:
        lines.append(f"更正原因：{esc(draft.reason)}")
    if unexplained:
        numbers = "、".join(str(entry.number) for entry in unexplained)
        authors = "、".join(dict.fromkeys(esc(entry.author) for entry in unexplained))
        lines.append(
            f"⚠ {len(unexplained)} 笔没写原因：民警记录 {numbers}（登记人：{authors}）。补齐后才能报送。"
        )
        return "\n".join(lines)
    next_ = "报送后由本单位负责人签字，签字后报到考评办。" if headed else "报送后直接报到考评办。"
    lines.append(f"还没有报送。{next_}报送的成绩原样保存，不再随登记变动。请核对：")
    return "\n".join(lines)


def ask_reason(unit: Unit, month: Month) -> str:
    """Why is it sent again?"""
    return f"{head(unit, month)}已经报送过。\n\n为什么要重新报送？请直接发送一句话，考评办会看到："


def settled() -> str:
    """A press on an old button."""
    return "这一步已经处理过，请看最新的消息。"


def dropped() -> str:
    """Given up before it was sent."""
    return "没有报送，什么也没有改。"


def sent(unit: Unit, one: Return, *, late: int) -> str:
    """To who sent it: whether it is in."""
    if one.is_in:
        return f"已报送：{head(unit, one.month)}{_version(one)}{_late(late)}\n已报到考评办，成绩原样保存。"
    if one.refused_by is not None:
        return f"{head(unit, one.month)}{_version(one)}已被{esc(one.refused_by)}退回，原因：{esc(one.refusal or '')}"
    return f"已送本单位负责人签字：{head(unit, one.month)}{_version(one)}\n签字后报到考评办，届时会通知您。"


def _version(one: Return) -> str:
    return f"（第 {one.version} 版）" if one.version > 1 else ""


def _late(late: int) -> str:
    return f"（逾期 {late} 天）" if late else ""


def state(unit: Unit, month: Month, found: MonthReturns, terms: Terms, *, changed: int | None) -> str:
    """Every version of a month that was sent, what changed since, and how to put it right."""
    stand = terms.stand(month, found)
    late = f" {stand.late} 天" if stand.late else ""
    lines = [
        f"{head(unit, month)}：<b>{stand.state.value}{late}</b>",
        *(_told(v, terms) for v in found.versions),
    ]
    if changed:
        lines.append(f"⚠ 之后有 {changed} 笔改动未报送。")
    elif changed is not None:
        lines.append("⚠ 之后花名册、考核办法或系数有变动，与报送的成绩不同。")
    else:
        lines.append("之后没有改动。")
    lines.append(f"需要更正的，发送 <code>/monthly {month} 更正原因</code>，或点下面的按钮。")
    return "\n".join(lines)


def _told(one: Return, terms: Terms) -> str:
    zone = terms.calendar.zone
    line = f"第 {one.version} 版　{wording.moment(one.at, zone)} {esc(one.by)}报送"
    if one.reason is not None:
        line += f"，更正原因：{esc(one.reason)}"
    if one.signed_by is not None and one.signed_at is not None:
        line += f"；{wording.moment(one.signed_at, zone)} {esc(one.signed_by)}签字"
    elif one.refused_by is not None and one.refused_at is not None:
        line += f"；{wording.moment(one.refused_at, zone)} 被{esc(one.refused_by)}退回，原因：{esc(one.refusal or '')}"
    elif one.waits:
        line += "；没有签字"
    return line


def version(unit: Unit, one: Return, officers: Officers, names: Names, terms: Terms) -> str:
    """A version as it was frozen."""
    return "\n".join([head(unit, one.month), _told(one, terms), "", table(officers, names)])


def please_sign(unit: Unit, one: Return, officers: Officers, names: Names) -> str:
    """To the unit's head: what waits for the signature."""
    lines = [f"<b>请签字</b>：{head(unit, one.month)}{_version(one)}", f"{esc(one.by)}报送，签字后报到考评办。"]
    if one.reason is not None:
        lines.append(f"更正原因：{esc(one.reason)}")
    return "\n".join([*lines, "", table(officers, names)])


def not_waiting(one: Return) -> str:
    """Over the button: it was dealt with before, or replaced."""
    if one.signed_by is not None:
        return f"{one.signed_by}已经签字，无需再办。"
    if one.refused_by is not None:
        return f"{one.refused_by}已经退回联络员，等重新报送。"
    return "联络员已报送了新的一版，这一版不用签字。请看最新的消息。"


def signed(unit: Unit, one: Return, *, late: int) -> str:
    """To the head."""
    return f"已签字，已报到考评办：{head(unit, one.month)}{_version(one)}{_late(late)}"


def told_signed(unit: Unit, one: Return, *, late: int) -> str:
    """To the liaison."""
    return f"{esc(one.signed_by or '')}<b>已签字</b>，已报到考评办：{head(unit, one.month)}{_version(one)}{_late(late)}"


def ask_why_back(unit: Unit, one: Return) -> str:
    """Why is it given back?"""
    return f"退回{head(unit, one.month)}。\n\n为什么退回？请直接发送一句话，联络员会看到："


def not_given_back() -> str:
    """Given up."""
    return "没有退回，什么也没有改。需要签字的话，请用原来消息里的按钮。"


def given_back(unit: Unit, one: Return) -> str:
    """To the head."""
    return f"已退回联络员：{head(unit, one.month)}\n原因：{esc(one.refusal or '')}\n这一版按没有报送处理，改好后会重新请您签字。"


def told_given_back(unit: Unit, one: Return) -> str:
    """To the liaison."""
    return (
        f"{esc(one.refused_by or '')}<b>退回</b>了{head(unit, one.month)}\n原因：{esc(one.refusal or '')}\n"
        "这一版按没有报送处理，请改好后重新报送。"
    )


def told_office(unit: Unit, one: Return, *, late: int) -> str:
    """To the office: what came late, or in another version."""
    if late:
        return f"{head(unit, one.month)}<b>逾期 {late} 天</b>报送。"
    return f"{head(unit, one.month)}<b>重新报送</b>（第 {one.version} 版）。\n更正原因：{esc(one.reason or '')}"


def listed(units: Iterable[Unit]) -> str:
    """Names side by side."""
    return esc("、".join(unit.name for unit in units))
