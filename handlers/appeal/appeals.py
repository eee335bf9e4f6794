"""Appeals (申诉): the liaison asks, the office decides, and ledger, ranking and everyone concerned follow."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from handlers.appeal import appeals_text
from handlers.correct import approval, correct_text, replacement
from handlers.deduct.entry import check_unsettled
from handlers.evidence import files, files_text
from handlers.frame import dialogs, names, notices, records
from handlers.frame import units as unit_names
from handlers.frame.context import Context
from handlers.frame.reply import Button, Rows, Say, in_rows
from handlers.frame.text_guards import check_reason
from rules.access import Deed, may
from rules.appeals import Decision, check_appeal, check_decider, check_reduction, last_day, may_decide
from rules.calendar import Quarter
from rules.corrections import NewEntry, needs_second
from rules.draft import AppealDraft
from rules.entries import Deduction
from rules.mentions import mentioned
from rules.numbers import read_points
from rules.people import Person, Role
from rules.points import has_two_places
from rules.refusals import AppealedBefore, CorrectionWaits, NotANumber, NotYoursToSee, Stale, TooManyDecimals
from rules.stages import SETTLED, check_not_settled
from rules.workdays import is_workday
from storage import appeals, drafts, evidence, ledger, mentions, people, proposals
from storage.appeals import Appeal
from storage.database import Session
from storage.drafts import DraftState, Kept
from storage.proposals import ProposalState

Draft = Kept[AppealDraft]


async def appeal(context: Context) -> None:
    """/appeal 128 理由, with a photo or document where there is one; what is missing is asked."""
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.deed_key())
        made = await appeals.of_deed(session, context.deed_key())
    if made is not None:
        await context.reply(Say(appeals_text.made(made, context.bureau)))
        return
    if opened is not None:
        await _send(context, opened)
        return
    number, text = names.record(context.words)
    if number is None:
        names.check_understood(text)
        await _offer(context)
        return
    await _check(context, number)
    if not text:
        await _begin(context, AppealDraft(number, asks="text"))
        return
    reason = check_reason(context, text)
    sent = await files.receive(context)
    await _make(context, number, reason, sent, key=context.deed_key())


async def _check(context: Context, number: int) -> Deduction:
    """The entry, if the person may appeal against it now. NoSuchEntry for another unit's, too."""
    async with context.database.reading() as session:
        entry = await records.entry(session, context, number)
        check_not_settled(context.course_of(context.bureau.unit(entry.unit), entry.quarter))
        until = await last_day_for(session, context, entry)
        known = await appeals.of_entry(session, number)
    check_appeal(context.person, entry, today=context.today, until=until)
    if known is not None:
        raise AppealedBefore(number)
    return entry


async def last_day_for(session: Session, context: Context, entry: Deduction) -> date | None:
    """The last day for an appeal against the entry; None while its unit was not told (Appeals)."""
    told = await appeals.told_at(session, entry.number)
    if told is None:
        return None
    return last_day_after(context, told)


def last_day_after(context: Context, told: datetime) -> date:
    """The last day for an appeal by a unit that was told at an aware moment."""
    day = context.bureau.calendar.day(told)
    return last_day(day, context.services.policy.appeal_days, is_workday)


async def _offer(context: Context) -> None:
    """Which entry? The unit's own that are still open to an appeal."""
    units = [post.unit for post in context.person.posts if post.role is Role.LIAISON and post.unit]
    offered = []
    async with context.database.reading() as session:
        for unit, quarter in _open_to_appeals(context, units):
            known = {a.entry for a in await appeals.of_units(session, [unit], [quarter])}
            for entry in await ledger.of_unit(session, unit, quarter):
                until = await last_day_for(session, context, entry) if entry.lives else None
                late = until is not None and context.today > until
                if entry.lives and entry.number not in known and not late:
                    offered.append(entry)
    buttons = [
        Button(files_text.target(e, context.bureau.unit(e.unit)), f"ap:{e.number}")
        for e in reversed(offered[-10:])
    ]
    await context.reply(Say(appeals_text.which(bool(offered)), in_rows(buttons, 1)))


def _open_to_appeals(context: Context, units: list[str]) -> list[tuple[str, Quarter]]:
    """Each unit with its running quarter, and before it the last one as long as that is not confirmed."""
    found = []
    for code in units:
        unit = context.bureau.unit(code)
        running = context.quarter_for(unit)
        found += [
            (code, quarter)
            for quarter in (running.previous, running)
            if quarter >= context.services.begins and context.course_of(unit, quarter).stage not in SETTLED
        ]
    return found


async def list_pressed(context: Context) -> None:
    """[对某一笔申诉] under /why."""
    await _offer(context)


async def begin_pressed(context: Context) -> None:
    """[申诉] under a notice or a list."""
    number = names.number(context.argument(0))
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.press_key())
    if opened is not None:
        await _send(context, opened)
        return
    await _check(context, number)
    await _begin(context, AppealDraft(number, asks="text"))


async def _begin(context: Context, draft: AppealDraft) -> None:
    await _send(context, await dialogs.opened(context, draft))


async def _send(context: Context, kept: Draft) -> None:
    await dialogs.send(context, kept, await _ask(context, kept))


async def _ask(context: Context, kept: Draft) -> Say:
    async with context.database.reading() as session:
        entry = await records.entry(session, context, kept.draft.number)
    cancel = Button("取消", f"aq:{kept.id}:x")
    return Say(appeals_text.question(kept.draft, entry, context.bureau), ((cancel,),))


async def cancel_pressed(context: Context) -> None:
    """The appeal, or its decision, is given up before it was made."""
    async with context.database.transaction() as session:
        kept = await dialogs.own(session, context, AppealDraft)
        if kept.state is DraftState.OPEN:
            await drafts.advance(session, kept, kept.draft, DraftState.DROPPED, deed=context.deed())
        sent = await evidence.of(session, draft=kept.id)
    if kept.state is DraftState.DONE:
        await context.toast(appeals_text.too_late_to_cancel(), alert=True)
        return
    await context.rewrite(Say(appeals_text.dropped(len(sent))))


async def feed(context: Context, kept: Draft, text: str) -> None:
    """The words of an appeal or of its decision; before these, the points of a reduction."""
    draft = kept.draft
    if not draft.decision:
        reason = check_reason(context, text)
        await _check(context, draft.number)
        async with context.database.reading() as session:
            sent = [file.id for file in await evidence.of(session, draft=kept.id)]
        await _make(context, draft.number, reason, sent, key=context.deed_key(), kept=kept)
    elif draft.asks == "points":
        points = await _reduced_points(context, draft.number, text)
        await _show(context, await dialogs.moved(context, kept, replace(draft, points=points, asks="text")))
    else:
        await _decide(context, kept, check_reason(context, text))


async def _reduced_points(context: Context, number: int, text: str) -> Decimal:
    points = read_points(text)
    if points is None:
        raise NotANumber(text)
    async with context.database.reading() as session:
        entry = await records.entry(session, context, number)
    check_reduction(entry, points)
    if not has_two_places(points):
        raise TooManyDecimals(points)
    return points


async def _show(context: Context, kept: Draft) -> None:
    await dialogs.show(context, kept, await _ask(context, kept))


async def shown_again(context: Context, kept: Draft) -> None:
    """Handled again: where it stands now."""
    if kept.state is DraftState.OPEN:
        await _show(context, kept)
        return
    async with context.database.reading() as session:
        made = await appeals.of_entry(session, kept.draft.number)
        proposal = await proposals.of_deed(session, kept.key)
        entry = await ledger.deduction(session, kept.draft.number)
        asked = await approval.approvers(session, context, entry, proposal) if entry and proposal else []
    if made is None or entry is None:
        return
    if proposal is not None and proposal.state is ProposalState.WAITING:
        text = correct_text.waits(proposal, entry, context.bureau, [person.name for person in asked])
    elif kept.draft.decision:
        text = appeals_text.decided(made)
    else:
        text = appeals_text.made(made, context.bureau)
    await context.reply(Say(text))


async def _make(
    context: Context, number: int, text: str, sent: list[int], *, key: str, kept: Draft | None = None
) -> None:
    async with context.database.transaction() as session:
        entry = await records.entry(session, context, number)
        if await appeals.of_deed(session, key) is None:
            await check_unsettled(session, context.bureau.unit(entry.unit), entry.quarter, context)
        made = await appeals.make(
            session,
            key=key,
            entry=number,
            unit=entry.unit,
            quarter=entry.quarter,
            text=text,
            made_by=context.person.id,
            now=context.now,
        )
        if sent:
            await evidence.attach(session, sent, appeal=made.id, at=context.now, person_id=context.person.id)
        if kept is not None:
            await drafts.advance(session, kept, kept.draft, DraftState.DONE, deed=context.deed())
        await _tell_of_appeal(session, context, made, entry, len(sent))
    await context.reply(Say(appeals_text.made(made, context.bureau)))
    await _close_question(context, kept, appeals_text.sent(number))


async def _tell_of_appeal(
    session: Session, context: Context, made: Appeal, entry: Deduction, files_: int
) -> None:
    made = replace(made, text=await mentions.mark(session, made.text))
    about = mentioned(made.text)
    of_office = await people.holding(session, {Role.OFFICE})
    deciders = [person for person in of_office if may_decide(person, entry, made.made_by, context.bureau)]
    for person in of_office:
        decides = person in deciders
        buttons = _decisions(made, files_, decides=decides)
        text = appeals_text.told_office(made, entry, context.bureau, files_, deciders, decides=decides)
        await notices.tell(session, context, person, text, key=f"appeal{made.id}", buttons=buttons, about=about)
    author = await people.get(session, entry.author_id)
    if author is not None and may(author, Deed.DEDUCT):
        text = appeals_text.told_author(made, entry, context.bureau)
        await notices.tell(session, context, author, text, key=f"appeala{made.id}", about=about)


def _decisions(made: Appeal, files_: int, *, decides: bool = True) -> Rows:
    row = tuple(Button(decision.value, f"ad:{made.id}:{decision.name}") for decision in Decision)
    seeing = (Button(f"看申诉材料（{files_}）", f"ae:{made.id}"),)
    return (*([row] if decides else []), *([seeing] if files_ else []))


async def evidence_pressed(context: Context) -> None:
    """The files that came with an appeal, for those who see the unit."""
    async with context.database.reading() as session:
        made = await records.appeal(session, context, names.number(context.argument(0)))
        if made.unit not in context.sight(made.quarter).entries:
            raise names.stale()
        found = await evidence.of(session, appeal=made.id)
    for index, file in enumerate(found, start=1):
        caption = appeals_text.file_caption(made, index, len(found), file, context.bureau)
        await files.send_one(context, file, caption)


async def show_appeals(context: Context) -> None:
    """/appeals [unit]: the open ones with their clock, then the decided ones of the quarter."""
    seen, bureau = context.sight().entries, context.bureau
    if context.words.strip():
        unit = unit_names.named(context, context.words)
        if unit.code not in seen:
            raise NotYoursToSee(unit)
        seen = frozenset({unit.code})
    async with context.database.reading() as session:
        found = await appeals.of_units(session, seen, [context.running, context.running.previous])
        entries = {e.number: e for e in await ledger.several(session, [a.entry for a in found])}
        waiting = await proposals.waiting(session, list(entries))
        of_office = await people.holding(session, {Role.OFFICE})
    open_ones = [a for a in found if a.waits]
    deciders = {
        a.entry: [p for p in of_office if may_decide(p, entries[a.entry], a.made_by, bureau)] for a in open_ones
    }
    mine = {entry for entry, persons in deciders.items() if context.person.id in {p.id for p in persons}}
    others = may(context.person, Deed.DECIDE)
    asks = {e: persons for e, persons in deciders.items() if others and e not in mine}
    text = appeals_text.overview(found, entries, bureau, context.today, waiting=waiting, deciders=asks)
    buttons = [
        (Button(f"裁定：记录 {a.entry}", f"ab:{a.id}"),)
        for a in open_ones[:10]
        if a.entry not in waiting and a.entry in mine
    ]
    await context.reply(Say(text, tuple(buttons)))


async def buttons_pressed(context: Context) -> None:
    """An open appeal of the list: what it says, with the buttons to decide it."""
    made = await _appeal(context, context.argument(0))
    async with context.database.reading() as session:
        entry = await records.entry(session, context, made.entry)
        count = len(await evidence.of(session, appeal=made.id))
    check_decider(context.person, entry, made.made_by, context.bureau)
    await context.reply(
        Say(appeals_text.please_decide(made, entry, context.bureau, count), _decisions(made, count))
    )


async def _appeal(context: Context, argument: str) -> Appeal:
    async with context.database.reading() as session:
        return await records.appeal(session, context, names.number(argument))


async def decision_pressed(context: Context) -> None:
    """维持, 减轻 or 取消扣分: asks why, before anything is decided."""
    made = await _appeal(context, context.argument(0))
    decision = Decision.__members__.get(context.argument(1))
    async with context.database.reading() as session:
        entry = await records.entry(session, context, made.entry)
        opened = await drafts.opened_by(session, context.press_key())
        waits = await proposals.waiting_for(session, made.entry)
    if decision is None:
        raise Stale
    check_decider(context.person, entry, made.made_by, context.bureau)
    if opened is not None:
        await _send(context, opened)
    elif made.decision is not None or not entry.lives:
        await context.toast(appeals_text.decided_before(made), alert=True)
    elif waits is not None:
        raise CorrectionWaits(made.entry)
    else:
        asks = "points" if decision is Decision.REDUCE else "text"
        await _begin(context, AppealDraft(made.entry, decision=decision.name, asks=asks))


async def _decide(context: Context, kept: Draft, because: str) -> None:
    """The decision, with all that follows from it, in one transaction; a large one first waits for a second person."""
    draft, decision = kept.draft, Decision[kept.draft.decision]
    proposal, approvers = None, list[Person]()
    async with context.database.transaction() as session:
        made = await appeals.of_entry(session, draft.number)
        entry = await records.entry(session, context, draft.number)
        assert made is not None
        check_decider(context.person, entry, made.made_by, context.bureau)
        fresh = made.decision is None and entry.lives
        if fresh and await proposals.waiting_for(session, entry.number) is not None:
            raise CorrectionWaits(entry.number)
        await drafts.advance(session, kept, draft, DraftState.DONE, deed=context.deed())
        if fresh and _needs_second(context, entry, draft):
            proposal = await approval.propose(
                session, context, entry, _new(entry, draft), reason=because, key=kept.key, appeal=made
            )
            approvers = await approval.approvers(session, context, entry, proposal)
        elif fresh:
            await appeals.decide(
                session,
                made,
                decision,
                points=draft.points,
                because=because,
                by=context.person.id,
                now=context.now,
            )
            await _follow(session, context, made, entry, draft, because=because)
        made = await appeals.of_entry(session, draft.number)
    assert made is not None
    if proposal is not None:
        names_ = [person.name for person in approvers]
        await context.reply(Say(correct_text.waits(proposal, entry, context.bureau, names_)))
    else:
        await context.reply(Say(appeals_text.decided(made)))
    await _close_question(context, kept, appeals_text.sent(draft.number))


def _new(entry: Deduction, draft: AppealDraft) -> NewEntry | None:
    """What stands in the entry's place after a reduction; None where it is cancelled."""
    return NewEntry(entry.unit, entry.item, draft.points, entry.reason) if draft.points is not None else None


def _needs_second(context: Context, entry: Deduction, draft: AppealDraft) -> bool:
    """Whether a second person has to agree: as with a correction, from the threshold of points on (Replacement)."""
    if draft.decision == Decision.KEEP.name:
        return False
    return needs_second(entry, _new(entry, draft), context.services.policy.approve_from)


async def _close_question(context: Context, kept: Draft | None, text: str) -> None:
    """The question has its answer: its button goes."""
    if kept is not None and kept.message_id is not None:
        await dialogs.replaced(context, Say(text), kept.message_id)


async def _follow(
    session: Session,
    context: Context,
    made: Appeal,
    entry: Deduction,
    draft: AppealDraft,
    *,
    because: str,
) -> None:
    """The ledger follows the decision; the unit, who appealed and the author hear of it."""
    decision = Decision[draft.decision]
    if decision is Decision.KEEP:
        unit = context.bureau.unit(entry.unit)
        text = appeals_text.told_kept(entry, unit, because)
        await notices.plan(session, context, unit, text, key=f"ad{made.id}", entry=entry.number, appeal=False)
        author = await people.get(session, entry.author_id)
        if author is not None and may(author, Deed.DEDUCT):
            because = await mentions.mark(session, because)
            text = appeals_text.told_kept(entry, unit, because)
            await notices.tell(session, context, author, text, key=f"ada{made.id}", about=mentioned(because))
        return
    await replacement.carry_out(
        session,
        context,
        entry,
        _new(entry, draft),
        key=made.key,
        author_id=context.person.id,
        reason=appeals_text.because(decision, because),
        moment=context.moment,
    )
