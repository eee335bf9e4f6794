"""Words of corrections and of the second person's approval."""

from handlers.frame import wording
from handlers.frame.reply import esc
from rules.bureau import Bureau
from rules.corrections import NewEntry
from rules.draft import CorrectionDraft
from rules.entries import Deduction
from rules.points import shown
from rules.reading import Doubt, Slot, Why
from storage.proposals import Proposal, ProposalState


def which_part(doubt: Doubt) -> str:
    """What is wrong is said, and not what is right; or a value may be two things."""
    if doubt.why is Why.EITHER:
        return f"“{doubt.text}”是 {doubt.text} 分，还是细则 {doubt.choices[0]}？请写“{doubt.text}分”或“细则{doubt.choices[0]}”。"
    part = {
        Slot.UNIT: "单位", Slot.ITEM: "项目", Slot.POINTS: "应扣几分", Slot.REASON: "原因", Slot.DAY: "检查日期",
        Slot.TIMES: "次数", Slot.QUARTER: "季度",
    }[doubt.slot]  # fmt: skip
    return f"还不清楚{part}要改成什么。"


def not_seen(text: str) -> str:
    """A text in which nothing was seen that shall be different."""
    return f"没看出“{text[:30]}”要改什么。"


def which(any_: bool) -> str:
    """Which entry shall be put right?"""
    if not any_:
        return "您本季度没有可以更正的记录。要更正别的记录，请写编号，例如 <code>/correct 128</code>。"
    return "更正哪一笔？请点选，也可以写编号，例如 <code>/correct 128</code>："


def _old(old: Deduction, bureau: Bureau) -> str:
    why = f"　{esc(old.reason)}" if old.reason else ""
    return f"记录 {old.number}：{esc(bureau.unit(old.unit).name)}　{esc(old.item)} −{shown(old.points)} 分{why}"


def _new(new: NewEntry, bureau: Bureau) -> str:
    basis = f"（细则 {esc(new.basis.code)}）" if new.basis else ""
    day = f"　{wording.day(new.inspected_on, new.inspected_on.year)}查" if new.inspected_on else ""
    why = f"　{esc(new.reason)}" if new.reason else ""
    return f"{esc(bureau.unit(new.unit).name)}　{esc(new.item)} −{shown(new.points)} 分{basis}{day}{why}"


def question(
    draft: CorrectionDraft, old: Deduction, new: NewEntry | None, bureau: Bureau, *, second: bool
) -> str:
    """What is asked now."""
    head = _old(old, bureau)
    if draft.asks == "kind":
        said = f"“{esc(draft.note[:60])}”是新的原因，还是更正的理由？\n" if draft.note else ""
        return f"{head}\n\n{said}怎么更正？还没有改动："
    if draft.asks == "content":
        how = "请发送正确的内容，只写要改的就行，例如 <code>1</code>、<code>执法质量 1</code> 或 <code>东门所</code>："
        return f"{head}\n\n{esc(draft.note)}{how}"
    change = f"改为：<b>{_new(new, bureau)}</b>" if new else "撤销，不再扣分"
    if draft.asks == "reason":
        return f"{head}\n{change}\n\n为什么更正？请点选或直接发送一句话："
    need = "\n这次更正要由本组组长、副组长或考评办的其他人核准后才生效。" if second else ""
    return f"{head}\n{change}\n理由：{esc(draft.reason or '')}\n{need}\n还没有改动，请核对："


def _what(proposal: Proposal) -> str:
    """What was proposed."""
    return "更正" if proposal.appeal is None else "申诉裁定"


def waits(proposal: Proposal, old: Deduction, bureau: Bureau, approvers: list[str]) -> str:
    """The correction needs a second person."""
    what = _what(proposal)
    if not approvers:
        return (
            f"{what}已提请核准，但现在没有可以核准的人。记录 {old.number} 暂时照旧扣分。\n"
            "请联系考评办或系统管理员，邀请本组组长或考评办人员加入。"
        )
    change = f"改为 {_new(proposal.new, bureau)}" if proposal.new else "撤销"
    return (
        f"{what}已提请核准：记录 {old.number} {change}。\n"
        f"核准人：{esc('、'.join(approvers))}，任一人同意即生效。在此之前，原记录照旧扣分。"
    )


def please_approve(proposal: Proposal, old: Deduction, bureau: Bureau) -> str:
    """To those who may approve."""
    change = f"改为：<b>{_new(proposal.new, bureau)}</b>" if proposal.new else "<b>撤销，不再扣分</b>"
    return (
        f"请您核准一笔{_what(proposal)}，由{esc(proposal.maker)}提出：\n{_old(old, bureau)}（登记人 {esc(old.author)}）\n{change}\n"
        f"理由：{esc(proposal.reason)}"
    )


def decided(proposal: Proposal, old: Deduction, state: ProposalState, by: str) -> str:
    """What was decided, for both."""
    who, what = f"（{esc(by)}）" if by else "", _what(proposal)
    again = "" if proposal.appeal is None else "申诉仍待裁定，请发送 /appeals 办理。"
    return {
        ProposalState.APPROVED: f"✔ 记录 {old.number} 的{what}已核准生效{who}。",
        ProposalState.DECLINED: f"记录 {old.number} 的{what}没有获得同意{who}，原记录照旧扣分。{again}",
        ProposalState.OVERTAKEN: f"记录 {old.number} 此前已经撤销，这次{what}不必再办。",
        ProposalState.WAITING: f"记录 {old.number} 的{what}还在等待核准。",
    }[state]


def done(old: Deduction) -> str:
    """The entry was put right."""
    if old.replaced_by is not None:
        return f"✔ 记录 {old.number} 已更正，由记录 {old.replaced_by} 代替。"
    return f"✔ 记录 {old.number} 已撤销，不再扣分。" if not old.lives else f"记录 {old.number} 没有改动。"


def dropped(number: int) -> str:
    """The person decided against it."""
    return f"记录 {number} 没有改动。"


def settled() -> str:
    """A press on an old button."""
    return "这个按钮已经用过或换成了新的问题，什么也没有改。"


def told_author(old: Deduction, bureau: Bureau, new: Deduction | None, by: str, reason: str) -> str:
    """To the entry's author, when somebody else put it right."""
    unit, change = bureau.unit(old.unit), "撤销"
    if new is not None:
        there = "" if new.unit == old.unit else f"{esc(bureau.unit(new.unit).name)}　"
        change = f"改为：{there}{esc(new.item)} −{shown(new.points)} 分（记录 {new.number}）"
    return (
        f"您登记的记录 {old.number}（{esc(unit.name)}　{esc(old.item)} −{shown(old.points)} 分）"
        f"已由{esc(by)}{change}。\n理由：{esc(reason)}"
    )
