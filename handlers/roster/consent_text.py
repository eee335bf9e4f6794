"""Words of dates of service that wait for consent (R9)."""

from collections.abc import Sequence
from datetime import date

from handlers.frame import wording
from handlers.frame.reply import esc
from handlers.roster.roster_text import no_longer
from rules.bureau import Bureau
from rules.months import Month
from rules.officers import OfficerDeduction, Service, unit_in
from rules.services import Consent, changes
from storage.service_proposals import ProposalState, ServiceProposal


def please_agree(
    bureau: Bureau, who: str, proposal: ServiceProposal, months: Sequence[Month], today: date
) -> str:
    """To who may agree. `who` is what stands for the officer's name."""
    lines = [
        f"<b>请决定</b>：{_unit(bureau, proposal.unit)}要改民警{who}（编号 {proposal.officer}）的在岗日期。",
        *_changes(bureau, proposal, today),
        "",
        *(_month(bureau, proposal, month) for month in months[-12:]),
    ]
    if len(months) > 12:
        lines.append(f"……共 {len(months)} 个月。")
    return "\n".join([*lines, "", "在您同意以前，什么都不变。"])


def _month(bureau: Bureau, proposal: ServiceProposal, month: Month) -> str:
    old, new = unit_in(proposal.before, month), unit_in(proposal.after, month)
    return f"{wording.month(month)}：原由{_unit(bureau, old)}考核，改后由{_unit(bureau, new)}考核"


def _changes(bureau: Bureau, proposal: ServiceProposal, today: date) -> list[str]:
    return [
        f"{_unit(bureau, change.stands.unit)}：{_span(change.old, today)} → {_span(change.new, today, none='撤销')}"
        for change in changes(proposal.before, proposal.after)
    ]


def _span(service: Service | None, today: date, *, none: str = "无") -> str:
    """From when until when."""
    if service is None:
        return none
    until = f"{wording.day(service.until, today.year)}离岗" if service.until else "在岗"
    return f"{wording.day(service.since, today.year)}到岗，{until}"


def _unit(bureau: Bureau, code: str | None) -> str:
    unit = bureau.find_unit(code) if code is not None else None
    return esc(unit.name) if unit is not None else "没有单位"


def waits(bureau: Bureau, needs: Consent) -> str:
    """To who wants it: nothing is changed yet, why, and what comes next."""
    months = "、".join(wording.month(month) for month in needs.months[-6:])
    who = f"{_unit(bureau, needs.unit)}或考评办" if needs.unit is not None else "考评办"
    why = "会改变别的单位的考核" if needs.unit is not None else "涉及已报送的成绩"
    return f"这个日期{why}（{months}），要{who}同意。已送去征求意见，同意以前什么都不变，结果会通知您。"


def decided(  # noqa: PLR0917  what there is to tell
    bureau: Bureau,
    proposal: ServiceProposal,
    state: ProposalState,
    outside: Sequence[OfficerDeduction],
    who: str,
    today: date,
) -> str:
    """What became of it; `outside` are the entries that no longer count."""
    by = f"（{esc(who)}）" if who else ""
    if state is ProposalState.OVERTAKEN:
        return f"没有改动：编号 {proposal.officer} 的民警的在岗日期这期间已经另有变动。需要的请重新办理。"
    if state is ProposalState.DECLINED:
        return f"不同意{by}：编号 {proposal.officer} 的民警的在岗日期不变。"
    return "\n".join(
        [
            f"✔ 已同意{by}，编号 {proposal.officer} 的民警的在岗日期已改：",
            *_changes(bureau, proposal, today),
            *no_longer(outside),
        ]
    )
