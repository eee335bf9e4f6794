"""Words of appeals and their decisions."""

from collections.abc import Collection, Mapping
from datetime import date

from handlers.frame import wording
from handlers.frame.reply import esc
from rules.appeals import Decision
from rules.bureau import Bureau, Unit
from rules.draft import AppealDraft
from rules.entries import Deduction
from rules.people import Person
from rules.points import shown
from storage.appeals import Appeal
from storage.evidence import Evidence


def which(any_: bool) -> str:
    """Which entry is the appeal against?"""
    if not any_:
        return "本季度没有可以申诉的记录。发送 /why 可看本单位的全部扣分。"
    return "对哪一笔申诉？请点选，也可以这样写：<code>/appeal 128 理由</code>"


def _entry(entry: Deduction, bureau: Bureau) -> str:
    why = f"　{esc(entry.reason)}" if entry.reason else ""
    return f"记录 {entry.number}：{esc(bureau.unit(entry.unit).name)}　{esc(entry.item)} −{shown(entry.points)} 分{why}"


def question(draft: AppealDraft, entry: Deduction, bureau: Bureau) -> str:
    """What has to be written now."""
    head = _entry(entry, bureau)
    if not draft.decision:
        return f"{head}\n\n请直接发送申诉理由。有材料的，先发送照片或文件，再发送理由。"
    decision = Decision[draft.decision]
    if draft.asks == "points":
        return f"{head}\n\n减轻：改扣几分？请发送一个比 {shown(entry.points)} 小的数。"
    what = f"减轻为扣 {shown(draft.points)} 分" if draft.points is not None else decision.value
    return f"{head}\n\n裁定：<b>{what}</b>。请发送裁定理由，发出即生效。"


def made(appeal: Appeal, bureau: Bureau) -> str:
    """The appeal is in."""
    return f"✔ 对记录 {appeal.entry} 的申诉已提交考评办，裁定后会通知您。在此之前原记录照旧扣分。"


def please_decide(appeal: Appeal, entry: Deduction, bureau: Bureau, files: int) -> str:
    """To who decides."""
    return f"{_appealed(appeal, entry, bureau, files)}\n请裁定；登记人本人、申诉人和该单位的人不能裁定。"


def told_office(
    appeal: Appeal,
    entry: Deduction,
    bureau: Bureau,
    files: int,
    deciders: Collection[Person],
    *,
    decides: bool,
) -> str:
    """To each of the office: please decide, or who does where the reader may not."""
    if decides:
        return please_decide(appeal, entry, bureau, files)
    return f"{_appealed(appeal, entry, bureau, files)}\n您不能裁定这件申诉。{_who(deciders)}"


def _appealed(appeal: Appeal, entry: Deduction, bureau: Bureau, files: int) -> str:
    own = f"\n材料：{files} 份" if files else ""
    when = wording.moment(appeal.made_at, bureau.calendar.zone)
    return (
        f"<b>收到申诉</b>：{_entry(entry, bureau)}（登记人 {esc(entry.author)}）\n"
        f"{esc(appeal.maker)} {when} 提出：{esc(appeal.text)}{own}"
    )


def _who(deciders: Collection[Person]) -> str:
    """Who may be asked to decide; where there is nobody, how somebody is found."""
    if deciders:
        return f"请由考评办的{esc('、'.join(person.name for person in deciders))}裁定。"
    return (
        "考评办现在没有可以裁定的人：登记人、申诉人和该单位的人都要回避。"
        "请系统管理员用 /invite 考评办 再邀请一位考评办人员来裁定。"
    )


def told_author(appeal: Appeal, entry: Deduction, bureau: Bureau) -> str:
    """To the entry's author."""
    return f"您登记的{_entry(entry, bureau)}\n被申诉：{esc(appeal.text)}\n由考评办裁定；有补充的证据请回复那张卡片发送。"


def file_caption(appeal: Appeal, index: int, count: int, file: Evidence, bureau: Bureau) -> str:
    """Under a file of an appeal."""
    sent = f"{esc(file.sender)} {wording.moment(file.at, bureau.calendar.zone)}"
    return f"对记录 {appeal.entry} 的申诉材料 {index}/{count}\n{sent} 提交"


def overview(
    found: list[Appeal],
    entries: Mapping[int, Deduction],
    bureau: Bureau,
    today: date,
    *,
    waiting: Collection[int],
    deciders: Mapping[int, Collection[Person]],
) -> str:
    """The open ones with how long they have been waiting, then the decided ones.

    `waiting` are the entries with a change that a second person looks at; `deciders` who may decide, by entry, for a
    reader of the office.
    """
    open_ones = [a for a in found if a.waits]
    done = [a for a in found if a.decision is not None]
    moot = [a for a in found if a.moot]
    if not found:
        return "没有申诉。"
    lines = [f"<b>待裁定的申诉：{len(open_ones)} 件</b>" if open_ones else "没有待裁定的申诉。"]
    for appeal in open_ones:
        waited = (today - bureau.calendar.day(appeal.made_at)).days
        lines.append(
            f"· {_entry(entries[appeal.entry], bureau)}\n　申诉：{esc(appeal.text)}（已等 {waited} 天）"
        )
        if appeal.entry in waiting:
            lines.append("　正在等待第二人核准。")
        elif appeal.entry in deciders:
            lines.append(f"　{_who(deciders[appeal.entry])}")
    if open_ones:
        lines.append("有申诉未裁定的季度不能审定。")
    if done:
        lines += ["", f"<b>已裁定：{len(done)} 件</b>"]
        lines += [f"· 记录 {a.entry}：{_result(a)}，{esc(a.because or '')}" for a in done]
    if moot:
        lines += ["", f"<b>不必裁定：{len(moot)} 件</b>"]
        lines += [f"· 记录 {a.entry}：裁定以前已经撤销" for a in moot]
    return "\n".join(lines)


def _result(appeal: Appeal) -> str:
    if appeal.points is not None:
        return f"减轻为扣 {shown(appeal.points)} 分"
    return appeal.decision.value if appeal.decision else "待裁定"


def decided(appeal: Appeal) -> str:
    """To who decided."""
    if appeal.decision is None:
        return decided_before(appeal)
    then = "照旧扣分" if appeal.decision is Decision.KEEP else "成绩和排名已随之更新"
    return f"✔ 对记录 {appeal.entry} 的申诉已裁定：{_result(appeal)}，{then}。已通知有关人员。"


def decided_before(appeal: Appeal) -> str:
    """A press on an appeal that is decided."""
    if appeal.decision is None:
        return f"记录 {appeal.entry} 已被撤销，这件申诉不必再裁定。"
    return f"这件申诉已经裁定：{_result(appeal)}。没有重复办理。"


def because(decision: Decision, text: str) -> str:
    """The reason that the reversal carries."""
    return f"申诉裁定{decision.value}：{text}"


def told_kept(entry: Deduction, unit: Unit, because_: str) -> str:
    """To the unit, and to the author: nothing changes."""
    return (
        f"<b>{esc(unit.name)}</b>：对记录 {entry.number}（{esc(entry.item)} −{shown(entry.points)} 分）的申诉，"
        f"裁定<b>维持</b>，照旧扣分。\n理由：{esc(because_)}"
    )


def sent(number: int) -> str:
    """What stands where the question stood."""
    return f"记录 {number}：已收到您的答复，结果见下面。"


def dropped(files: int = 0) -> str:
    """Given up before it was made; the files that came with it were not submitted."""
    told = f"随它发来的 {files} 份材料没有提交，要用请重新发送。" if files else ""
    return f"已取消，什么也没有改。{told}"


def too_late_to_cancel() -> str:
    """A press on 取消 after it was made."""
    return "已经提交，不能再取消。"
