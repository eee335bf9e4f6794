"""Dates of service that reach into another unit's month, or a returned one, wait until that unit or the office agrees (R9)."""

from collections.abc import Sequence

from handlers.frame import names, notices
from handlers.frame.context import Context
from handlers.frame.reply import Button, Say
from handlers.months import returning
from handlers.roster import consent_text
from rules.bureau import Unit
from rules.mentions import mark
from rules.months import months_between
from rules.officers import Service
from rules.people import UNIT_ROLES, Person, Role
from rules.refusals import NobodyAgrees, NotYoursToAgree
from rules.services import Consent, Member, consent, may_agree, stranded
from storage import officer_ledger, people, roster, service_proposals
from storage.database import Session
from storage.pushes import Kind
from storage.service_proposals import ProposalState, ServiceProposal

Wanted = tuple[Member, tuple[Service, ...]]
"""An officer as it is, and the services that it shall have."""


async def needed(session: Session, context: Context, unit: Unit, wanted: Sequence[Wanted]) -> list[Consent]:
    """Whose consent the unit needs for each of these."""
    if not wanted:
        return []
    codes = {service.unit for member, after in wanted for service in (*member.services, *after)}
    assessed = await roster.assessed(session, [member.officer.id for member, _ in wanted])
    returned = await roster.returned(session, codes)
    begins, today = returning.terms(context).begins, context.today
    return [
        consent(
            member.services, after, unit.code, months_between(begins, today), today,
            assessed=assessed.get(member.officer.id, set()), returned=returned,
        )
        for member, after in wanted
    ]  # fmt: skip


async def propose(
    session: Session, context: Context, unit: Unit, wanted: Wanted, needs: Consent
) -> ServiceProposal:
    """Keep the dates until somebody has agreed, and ask who may. NobodyAgrees."""
    member, after = wanted
    proposal = await service_proposals.propose(
        session, key=f"{context.deed()}:{member.officer.id}", officer=member.officer.id, unit=unit.code,
        asked=needs.unit, before=member.services, after=after, made_by=context.person.id, now=context.now,
    )  # fmt: skip
    asked = await _asked(session, proposal)
    if not asked:
        raise NobodyAgrees(needs.unit)
    text = consent_text.please_agree(
        context.bureau, mark(member.officer.id), proposal, needs.months, context.today
    )
    row = (Button("同意", f"ros:{proposal.id}:y"), Button("不同意", f"ros:{proposal.id}:n"))
    for person in asked:
        await notices.tell(
            session, context, person, text, key=f"ros{proposal.id}", buttons=(row,), kind=Kind.STEP,
            about=[member.officer.id],
        )  # fmt: skip
    return proposal


async def _asked(session: Session, proposal: ServiceProposal) -> list[Person]:
    """Who is asked: the other unit's people, or the office, where that has nobody."""
    if proposal.asked is not None:
        found = await people.holding(session, UNIT_ROLES, unit=proposal.asked)
        found = [person for person in found if _may_agree(person, proposal)]
        if found:
            return found
    found = await people.holding(session, {Role.OFFICE})
    return [person for person in found if _may_agree(person, proposal)]


def _may_agree(person: Person, proposal: ServiceProposal) -> bool:
    if person.id == proposal.made_by:
        return False
    return may_agree(person, proposal.officer, proposal.unit, proposal.asked)


async def pressed(context: Context) -> None:
    """[同意] or [不同意]: once, by the other unit or the office, never by the unit that wants it nor by the officer."""
    async with context.database.transaction() as session:
        proposal = await service_proposals.find(session, names.number(context.argument(0)))
        if proposal is None:
            raise names.stale()
        if not _may_agree(context.person, proposal):
            raise NotYoursToAgree
        fresh = proposal.state is ProposalState.WAITING
        state = await service_proposals.settle(
            session, proposal, agreed=context.argument(1) == "y", by=context.person.id, now=context.now
        )
        entries = await officer_ledger.of_officers(session, [proposal.officer])
        outside = stranded(entries, proposal.after) if state is ProposalState.AGREED else []
        who = context.person.name if fresh else ""
        text = consent_text.decided(context.bureau, proposal, state, outside, who, context.today)
        if fresh:
            await _tell(session, context, proposal, state, text)
    await context.rewrite(Say(text))


async def _tell(
    session: Session, context: Context, proposal: ServiceProposal, state: ProposalState, text: str
) -> None:
    """Who wanted it hears what became of it, and so does the other unit, where the office decided in its place."""
    maker = await people.get(session, proposal.made_by)
    told = [maker] if maker is not None and proposal.unit in maker.units else []
    if state is ProposalState.AGREED:
        others = {s.unit for s in (*proposal.before, *proposal.after)} - {proposal.unit}
        for code in sorted(others):
            told += await people.holding(session, {Role.LIAISON}, unit=code)
    for person in {person.id: person for person in told if person.id != context.person.id}.values():
        await notices.tell(session, context, person, text, key=f"rosd{proposal.id}", kind=Kind.STEP)
