"""The second person's part in a correction, or in an appeal's decision: asked, told, and settled once (Replacement)."""

from handlers.appeal import appeals_text
from handlers.correct import correct_text, replacement
from handlers.deduct import entry
from handlers.frame import names, notices, records
from handlers.frame.context import Context
from handlers.frame.reply import Button, Say
from rules.appeals import Decision
from rules.corrections import NewEntry, Proposed, check_approver, may_approve
from rules.entries import Deduction
from rules.people import Person, Role
from storage import appeals, people, proposals
from storage.appeals import Appeal
from storage.database import Session
from storage.proposals import Proposal, ProposalState


async def propose(
    session: Session,
    context: Context,
    old: Deduction,
    new: NewEntry | None,
    *,
    reason: str,
    key: str,
    appeal: Appeal | None = None,
) -> Proposal:
    """Keep the correction, or what shall decide an appeal, and ask everyone who may approve it."""
    proposal = await proposals.propose(
        session,
        key=key,
        entry=old.number,
        unit=old.unit,
        reason=reason,
        new=new,
        made_by=context.person.id,
        now=context.now,
        appeal=appeal.id if appeal is not None else None,
    )
    buttons = ((Button("同意", f"pa:{proposal.id}:y"), Button("不同意", f"pa:{proposal.id}:n")),)
    for person in await approvers(session, context, old, proposal):
        text = correct_text.please_approve(proposal, old, context.bureau)
        await notices.tell(session, context, person, text, key=f"prop{proposal.id}", buttons=buttons)
    return proposal


async def approvers(session: Session, context: Context, old: Deduction, proposal: Proposal) -> list[Person]:
    """Who may approve the correction."""
    everyone = await people.holding(session, {Role.HEAD, Role.DEPUTY, Role.OFFICE})
    return [person for person in everyone if may_approve(person, _proposed(proposal, old), context.bureau)]


def _proposed(proposal: Proposal, old: Deduction) -> Proposed:
    return Proposed(old, proposal.new, proposal.made_by, proposal.appellant)


async def decision_pressed(context: Context) -> None:
    """同意 or 不同意, by somebody else than the author and the proposer; decided once."""
    async with context.database.transaction() as session:
        proposal, old = await records.proposal(session, context, names.number(context.argument(0)))
        check_approver(context.person, _proposed(proposal, old), context.bureau)
        state = await _decide(session, context, proposal, old, agreed=context.argument(1) == "y")
        maker = await people.get(session, proposal.made_by)
        fresh = proposal.state is ProposalState.WAITING
        if fresh and maker is not None:
            text = correct_text.decided(proposal, old, state, context.person.name)
            await notices.tell(session, context, maker, text, key=f"propd{proposal.id}")
    await context.rewrite(Say(correct_text.decided(proposal, old, state, context.person.name if fresh else "")))


async def _decide(
    session: Session, context: Context, proposal: Proposal, old: Deduction, *, agreed: bool
) -> ProposalState:
    if proposal.state is not ProposalState.WAITING:
        return proposal.state
    state = ProposalState.APPROVED if agreed else ProposalState.DECLINED
    if not old.lives:
        state = ProposalState.OVERTAKEN
    if state is ProposalState.APPROVED:
        for code in {old.unit, proposal.new.unit if proposal.new is not None else old.unit}:
            await entry.check_unsettled(session, context.bureau.unit(code), old.quarter, context)
    await proposals.settle(
        session, proposal, state, by=context.person.id, unit=old.unit, decision="", now=context.now
    )
    if state is ProposalState.APPROVED:
        await replacement.carry_out(
            session,
            context,
            old,
            proposal.new,
            key=proposal.key,
            author_id=proposal.made_by,
            reason=await _reason(session, context, proposal),
            moment=context.moment,
        )
    return state


async def _reason(session: Session, context: Context, proposal: Proposal) -> str:
    """What the reversal says; the appeal that the proposal decides, if any, is decided with it."""
    appeal = await appeals.find(session, proposal.appeal) if proposal.appeal is not None else None
    if appeal is None:
        return proposal.reason
    decision = Decision.CANCEL if proposal.new is None else Decision.REDUCE
    await appeals.decide(
        session,
        appeal,
        decision,
        points=proposal.new.points if proposal.new is not None else None,
        because=proposal.reason,
        by=proposal.made_by,
        now=context.now,
    )
    return appeals_text.because(decision, proposal.reason)
