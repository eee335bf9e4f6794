"""Words of the dialog that makes a deduction clear, step by step."""

from datetime import date

from handlers.deduct.entry import Clear
from handlers.frame import wording
from handlers.frame.reply import esc
from rules.bureau import Bureau
from rules.calendar import Quarter
from rules.draft import Asks, DeductionDraft
from rules.entries import Deduction
from rules.points import shown
from rules.scheme import Criterion


def question(
    draft: DeductionDraft,
    bureau: Bureau,
    *,
    what: Clear | None,
    files: int,
    today: date,
    in_group: bool,
    repeated: Deduction | None = None,
) -> str:
    """What is known so far, and what is asked now; `repeated` is the entry that says the same, where that is asked."""
    if draft.asks is Asks.REPEATED and repeated is not None:
        return _whether_repeated(repeated, bureau, today)
    if draft.asks is Asks.RESUME:
        return "您还有一笔没有登记完。接着登记那一笔，还是放弃它、登记新的？"
    if draft.asks is Asks.CONFIRM and what is not None:
        return _preview(draft, what, files, today)
    known = _known(draft, bureau)
    told = "\n".join(filter(None, (known, esc(draft.note))))
    head = f"{told}\n\n" if told else ""
    hint = "\n（在群里请回复本条消息）" if in_group and draft.guided and draft.asks in _TYPED else ""
    return f"{head}{_ask(draft, bureau)}{_files(files)}{hint}"


def _whether_repeated(entry: Deduction, bureau: Bureau, today: date) -> str:
    what = f"{esc(bureau.unit(entry.unit).name)}　{esc(entry.item)}　−{shown(entry.points)} 分"
    reason = f"　{esc(entry.reason)}" if entry.reason else ""
    return (
        f"{wording.logged(entry, bureau, today)}：{what}{reason}\n\n您这一笔是同一件事吗？还没有登记，请点选："
    )


def same_finding(number: int, files: int) -> str:
    """It was no other finding: nothing was written."""
    kept = f"随这一笔发来的 {files} 份证据已附到记录 {number}。" if files else ""
    return f"没有重复登记，以记录 {number} 为准。{kept}"


_TYPED = {Asks.POINTS, Asks.TIMES, Asks.REASON, Asks.DAY}


def _no_unit(draft: DeductionDraft) -> str:
    """Words that name no unit are told as what they are taken for: somebody may have meant a unit by them."""
    if not draft.reason or draft.units:
        return ""
    return f"没有看出单位，“{esc(draft.reason)}”先当作原因，登记前会再给您核对。\n"


def _ask(draft: DeductionDraft, bureau: Bureau) -> str:
    match draft.asks:
        case Asks.SEQUENCE:
            return f"登记扣分。{_no_unit(draft)}先选序列，也可以直接发送单位名称："
        case Asks.UNIT:
            return f"{_no_unit(draft)}记给哪个单位？还没有登记，请点选，也可以直接发送名称（✔ 表示本季度已检查完毕）："
        case Asks.ITEM:
            return "扣在哪个项目？还没有登记，请点选："
        case Asks.POINTS:
            return (
                "扣几分？请点选细则或分值，也可以直接发送数字：" if not draft.note else "还没有登记，请点选："
            )
        case Asks.TIMES:
            return "一共几次？请点选，也可以直接发送数字："
        case Asks.QUARTER:
            late = wording.period(Quarter.parse(draft.choices[0]))
            return f"计入哪个季度？\n{late}已过期限但尚未提交，所以要请您定。还没有登记，请点选："
        case Asks.REASON:
            return "扣分原因是什么？请直接发送一句话；现场照片也可以现在发送。"
        case Asks.DAY:
            return "哪天检查的？请点选，也可以直接发送日期，例如 3-10："
    return "请点选："


def _known(draft: DeductionDraft, bureau: Bureau) -> str:
    parts = []
    if len(draft.units) == 1:
        parts.append(esc(bureau.unit(draft.units[0]).name))
    elif draft.sequence and not draft.units:
        parts.append(esc(draft.sequence))
    if draft.criterion:
        parts.append(f"细则 {esc(draft.criterion)}")
    elif len(draft.items) == 1:
        parts.append(esc(draft.items[0]))
    if draft.points is not None:
        parts.append(f"扣 {shown(draft.points)} 分")
    return "　".join(f"<b>{part}</b>" for part in parts)


def _files(count: int) -> str:
    return f"\n已收到证据 {count} 份。" if count else ""


def _preview(draft: DeductionDraft, what: Clear, files: int, today: date) -> str:
    day = draft.inspected_on or today
    lines = [
        "请核对，按［登记］后才算数：",
        "",
        f"单位：<b>{esc(what.unit.name)}</b>",
        f"项目：<b>{esc(what.item.name)}</b>",
        f"扣分：<b>{shown(what.points)} 分</b>",
    ]
    if what.basis is not None:
        times = f" ×{what.basis.times}" if what.basis.times > 1 else ""
        lines.append(f"细则：{esc(what.basis.code)} {esc(what.basis.text)}{times}")
        if what.capped:
            lines.append(f"这一条一笔最多扣 {shown(what.points)} 分，超出的不计。")
        if what.basis.veto:
            lines.append("这一条是<b>一票否决</b>，会在成绩旁边标出。")
    lines.append(f"原因：{esc(what.reason)}" if what.reason else "原因：<b>未填写</b>（可以登记后再补）")
    lines.append(f"检查日期：{wording.day(day, today.year)}")
    lines.append(f"计入：{wording.period(what.quarter)}")
    lines.append(f"证据：{files} 份" if files else "证据：没有；现在发送照片或文件即可附上")
    return "\n".join(lines)


def label(asks: Asks | None, choice: str, today: date) -> str:
    """What stands on a button."""
    if asks is Asks.QUARTER:
        return wording.period(Quarter.parse(choice))
    if asks is Asks.TIMES:
        return f"{choice} 次"
    if asks is Asks.DAY:
        day = date.fromisoformat(choice)
        near = {0: "今天", 1: "昨天", 2: "前天"}.get((today - day).days)
        return f"{near or '更早'} {day.month}月{day.day}日"
    return choice if len(choice) <= 20 else choice[:19] + "…"


def criterion_label(criterion: Criterion) -> str:
    """A criterion on a button."""
    if criterion.whole:
        rule = "该项不得分"
    elif criterion.points is None:
        rule = "一票否决"
    else:
        rule = f"−{shown(criterion.points)}/{criterion.per or '次'}"
    text = criterion.text if len(criterion.text) <= 16 else criterion.text[:15] + "…"
    return f"{criterion.code} {text} {rule}"


def resume_label(choice: str) -> str:
    """The two ways on from an unfinished draft."""
    return "接着登记那一笔" if choice.startswith("resume") else "放弃它，登记新的"


def dropped() -> str:
    """The person decided against it."""
    return "没有登记。需要时请重新发送。"


def answered(number: int | None, *, dropped: bool) -> str:
    """A press on a question that has its answer."""
    if number is not None:
        return f"这个问题已经选过，登记为记录 {number}，没有重复登记。"
    if dropped:
        return "这一笔您已选择不记，没有登记。需要时请重新发送命令。"
    return "这个按钮已经换成新的问题，请按最新的按钮。"


def confirm_first(*, back: bool) -> str:
    """A text while the preview waits for its button; `back` says whether it has one to go back."""
    change = "要改请按［‹ 返回］，不记请按［取消］" if back else "要改请按［取消］后重新发送"
    return f"上面这一笔还没有登记。核对无误请按［✔ 登记］，{change}。"
