"""Words of a quarter's steps: summaries, questions, and what is told to who is next (R7)."""

from collections.abc import Collection

from handlers.frame import wording
from handlers.frame.reply import esc
from rules.bureau import Bureau
from rules.calendar import Quarter
from rules.draft import StepDraft
from rules.points import shown
from rules.progress import Progress
from rules.results import Result
from rules.stages import Course, Move, Stage, Step
from rules.table import Table

LABELS = {Move.CONFIRM: "审定", Move.RETURN: "退回", Move.PUBLISH: "公布"}

NEXT = {
    Stage.SUBMITTED: "下一步：由考评办审定或退回",
    Stage.CONFIRMED: "下一步：由考评办公布",
    Stage.PUBLISHED: "下一步：各单位签收",
}


OWN_UNIT = "您应回避，不列成绩"
"""In the place of a score that the reader does not see."""


def place(group: str, quarter: Quarter) -> str:
    """派出所考核小组　2027年第一季度, for a button: no HTML."""
    return f"{group}　{wording.period(quarter)}"


def _head(course: Course) -> str:
    return f"<b>{esc(course.group)}</b>　{wording.period(course.quarter)}"


def lateness(step: Step) -> str:
    """（逾期 3 天）; nothing where it was in time."""
    return f"（逾期 {step.late} 天）" if step.late else ""


def stage(course: Course, bureau: Bureau) -> str:
    """One line: where it stands since when, and by whom."""
    zone = bureau.calendar.zone
    if course.stage is Stage.OPEN:
        back = course.returned
        if back is None:
            return "登记中，还没有提交"
        return f"{wording.moment(back.at, zone)} 被{esc(back.by)}退回，原因：{esc(back.reason or '')}"
    submitted = course.submitted
    assert submitted is not None
    line = f"{wording.moment(submitted.at, zone)} 由{esc(submitted.by)}提交{lateness(submitted)}"
    confirmed, published = course.last(Move.CONFIRM), course.last(Move.PUBLISH)
    if course.stage is not Stage.SUBMITTED and confirmed is not None:
        line += f"，{wording.moment(confirmed.at, zone)} 由{esc(confirmed.by)}审定（带队局领导：{esc(confirmed.lead or '')}）"
    if course.stage is Stage.PUBLISHED and published is not None:
        line += f"，{wording.moment(published.at, zone)} 公布"
    return line


def where(course: Course, bureau: Bureau, *, left: int) -> str:
    """Where it stands, and who is next."""
    if course.stage is Stage.OPEN:
        days = f"还有 {left} 天到期" if left > 0 else "今天到期" if left == 0 else f"已逾期 {-left} 天"
        next_ = f"下一步：组长或副组长提交（/submit），{days}"
    else:
        next_ = NEXT[course.stage]
    return f"{_head(course)}\n{stage(course, bureau)}。\n{next_}。"


def nothing_to_do(move: Move, lines: list[str]) -> str:
    """There is nothing that waits for this step."""
    return "\n\n".join([f"现在没有可以{move.value}的季度成绩，什么也没有改。目前的情况：", *lines])


def ask_which(move: Move) -> str:
    """Which group's quarter?"""
    return f"{move.value}哪一个？"


def ask_reason(draft: StepDraft) -> str:
    """Why is it returned?"""
    assert draft.quarter is not None
    return f"退回<b>{esc(draft.group)}</b>{wording.period(draft.quarter)}的成绩。\n\n为什么退回？请直接发送一句话，小组会看到："


def submission(
    found: Progress, table: Table, draft: StepDraft, *, late: int, own: Collection[str] = frozenset()
) -> str:
    """The summary before a submission: every unit, what is missing, what follows.

    `own` are the codes of the reader's own units: it sees no score of these and waves none of them through.
    """
    rows = {row.unit.code: row for row in table.rows}
    done = len(found.units) - len(found.left)
    lines = [
        f"<b>{esc(found.group.name)}</b>　{wording.period(found.quarter)}",
        f"检查完毕 <b>{done} / {len(found.units)}</b> 个单位" + (f"　⚠ 已逾期 {late} 天" if late else ""),
        "",
    ]
    for unit in found.units:
        row = rows.get(unit.unit.code)
        total = f"{shown(row.score.total)} 分" if row is not None else "没有计分表"
        if unit.unit.code in own:
            total = OWN_UNIT
        entries = f"，扣分 {unit.entries} 笔" if unit.entries else ""
        mark = "" if unit.inspected else "　⚠未检查" + ("，放过" if unit.unit.code in draft.waved else "")
        lines.append(f"{esc(unit.unit.name)}　{total}{entries}{mark}")
    lines.append("")
    if found.appeals:
        lines.append(f"{found.appeals} 件申诉待考评办裁定，不影响提交。")
    left = [unit.unit.name for unit in found.left if unit.unit.code not in draft.waved]
    recused = [unit.unit.name for unit in found.left if unit.unit.code in own]
    if recused:
        lines.append(
            f"{esc('、'.join(recused))}是您所在的单位，不能由您放过：请由本组其他考核员检查，"
            "或者由本组其他组长、副组长提交。"
        )
    if left:
        lines.append(
            f"还没有提交：{len(left)} 个单位没有检查完毕。确实不再检查的，请逐个放过（会写明名单）；"
            "要检查的，检查后发送 /done 再提交。"
        )
    else:
        lines.append("还没有提交。提交后本组不能再登记和修改，由考评办审定。请核对：")
    return "\n".join(lines)


def _score(result: Result) -> str:
    return f"{shown(result.score.total)} 分{'　⚠一票否决' if result.vetoed else ''}"


def confirmation(
    course: Course,
    found: list[Result],
    bureau: Bureau,
    *,
    lead: str,
    untold: list[str],
    own: Collection[str] = frozenset(),
) -> str:
    """The summary before a confirmation; the units whose codes are the reader's `own` ones stand in it without a score."""
    step = course.submitted
    lines = [_head(course), f"{stage(course, bureau)}。", f"带队局领导：<b>{esc(lead)}</b>", ""]
    lines += [
        f"{esc(r.unit.name)}　{OWN_UNIT if r.unit.code in own else _score(r)}{'' if r.inspected else '　⚠未检查'}"
        for r in found
    ]
    lines.append("")
    if step is not None and step.waved:
        lines.append(f"未检查、由组长放过：{_units(step.waved, bureau)}。")
    if untold:
        lines.append(f"没有联络员或通知不到、扣分未能告知：{esc('、'.join(untold))}。")
    lines.append("还没有审定。审定后成绩原样保存，不能再更正和申诉。请核对：")
    return "\n".join(lines)


def _units(codes: tuple[str, ...], bureau: Bureau) -> str:
    units = [bureau.find_unit(code) for code in codes]
    return esc("、".join(unit.name for unit in units if unit is not None))


def settled() -> str:
    """A press on an old button."""
    return "这一步已经处理过，请看最新的消息。"


def dropped(move: Move) -> str:
    """Given up before it was done."""
    return f"没有{move.value}，什么也没有改。"


def done(move: Move, course: Course, bureau: Bureau) -> str:
    """To who made the step."""
    step = course.last(move)
    assert step is not None
    head = f"已{move.value}：{_head(course)}{lateness(step)}"
    if move is Move.RETURN:
        return f"{head}\n原因：{esc(step.reason or '')}\n已通知本组。改好后由组长或副组长重新提交。"
    waved = f"\n未检查、放过的单位：{_units(step.waved, bureau)}。" if step.waved else ""
    lead = f"\n带队局领导：{esc(step.lead)}。成绩已原样保存，不再变动。" if step.lead else ""
    if move is Move.PUBLISH:
        return f"{head}\n排名正在发给各单位、领导和考核小组。谁还没有签收，发送 /publish 查看。"
    return f"{head}{waved}{lead}\n{AFTER[move]}"


AFTER = {
    Move.SUBMIT: f"{NEXT[Stage.SUBMITTED]}，已通知考评办。",
    Move.CONFIRM: "下一步：公布，请点下面的按钮或发送 /publish。",
}


def told(course: Course, bureau: Bureau) -> str:
    """To who is next, and to who waited for the step."""
    step = course.steps[-1]
    if step.move is Move.RETURN:
        return (
            f"考评办<b>退回</b>了{_head(course)}的成绩。\n原因：{esc(step.reason or '')}\n"
            "现在可以继续登记和修改，改好后由组长或副组长发送 /submit 重新提交。"
        )
    waved = f"\n未检查、由组长放过：{_units(step.waved, bureau)}。" if step.waved else ""
    if step.move is Move.SUBMIT:
        return f"{esc(step.by)}<b>提交</b>了{_head(course)}的成绩{lateness(step)}。{waved}\n{NEXT[Stage.SUBMITTED]}。"
    return f"考评办<b>审定</b>了{_head(course)}的成绩，带队局领导：{esc(step.lead or '')}。\n{NEXT[Stage.CONFIRMED]}。"
