"""Putting an entry right: reversed, or reversed and replaced, always with a reason; from a threshold with a second person."""

from dataclasses import replace

from handlers.correct import approval, correct_text, replacement
from handlers.deduct import card, entry, line
from handlers.evidence import files_text
from handlers.frame import dialogs, names, records
from handlers.frame.context import Context
from handlers.frame.reply import Button, Say, in_rows
from handlers.frame.text_guards import check_reason
from rules.calendar import Quarter
from rules.corrections import (
    NewEntry,
    check_corrector,
    check_new_unit,
    may_correct,
    needs_second,
)
from rules.draft import CorrectionDraft, DeductionDraft
from rules.entries import Deduction, may_undo
from rules.periods import late_quarters
from rules.reading import Correction, Doubt, Slot, Standing, Why, read_correction
from rules.refusals import (
    AboutPoints,
    CorrectionWaits,
    NotADay,
    NotANumber,
    NothingChanged,
    OnlyDeducted,
    UnknownName,
)
from rules.stages import SETTLED, Stage, check_not_settled
from storage import drafts, ledger, proposals
from storage.drafts import DraftState, Kept
from storage.proposals import Proposal, ProposalState

Draft = Kept[CorrectionDraft]

REASONS = ("误记", "重复登记", "核实后情况不属实")


async def correct(context: Context) -> None:
    """/correct 128 …: 撤销 and why, or what is right and why; what is missing is asked."""
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.deed_key())
        done = await proposals.of_deed(session, context.deed_key())
        written = await ledger.target_of(session, f"{context.deed_key()}:r")
    if opened is not None:
        await _send(context, opened)
        return
    if done is not None or written is not None:
        await _tell_done(context, done.entry if done else written.number if written else 0, done)
        return
    number, rest = names.record(context.words)
    if number is None:
        names.check_understood(rest)
        await _offer(context)
        return
    old = await _entry(context, number)
    draft = _read(context, old, rest)
    if draft.replace is not None and draft.reason is not None and not draft.note:
        await _finish(context, old, draft, key=context.deed_key())
    else:
        await _begin(context, draft)


async def _entry(context: Context, number: int) -> Deduction:
    """The entry, if the person may put it right. NoSuchEntry for one that it may not see, too."""
    async with context.database.reading() as session:
        old = await records.entry(session, context, number)
        waits = await proposals.waiting_for(session, number)
    check_corrector(context.person, old, context.bureau, _stage(context, old))
    if waits is not None:
        raise CorrectionWaits(number)
    return old


def _stage(context: Context, old: Deduction) -> Stage:
    return context.course_of(context.bureau.unit(old.unit), old.quarter).stage


def _read(context: Context, old: Deduction, text: str) -> CorrectionDraft:
    """What the words say. What is not allowed is a refusal; what is not clear is asked, and nothing is cancelled by a guess."""
    draft = CorrectionDraft(old.number)
    standing = Standing(
        old.unit, old.item, old.points, *((old.basis.code, old.basis.times) if old.basis is not None else ())
    )
    said = read_correction(text, standing, line.setting(context))
    why = check_reason(context, said.why) if said.why else None
    if said.cancel:
        return replace(draft, replace=False, reason=why)
    for doubt in said.doubts:
        _check_doubt(context, said, doubt)
    unclear = next(iter(said.doubts), None)
    if unclear is not None and unclear.slot is Slot.REASON and unclear.why is Why.LEFT:
        return replace(draft, note=unclear.text)
    if unclear is not None:
        return replace(draft, replace=True, reason=why, note=correct_text.which_part(unclear))
    if not said.changes:
        return replace(draft, reason=why)
    return replace(_with_content(context, old, draft, said), reason=why)


def _check_doubt(context: Context, said: Correction, doubt: Doubt) -> None:
    """Refuse a value that cannot stand there. OnlyDeducted, AboutPoints, NotANumber, NotADay, FutureInspection, UnknownName."""
    match doubt.slot, doubt.why:
        case Slot.POINTS, Why.PLUS:
            raise OnlyDeducted(doubt.text)
        case Slot.POINTS, Why.VAGUE:
            raise AboutPoints(doubt.text)
        case Slot.POINTS, Why.MALFORMED | Why.LEFT:
            raise NotANumber(doubt.text)
        case Slot.DAY, Why.IMPOSSIBLE | Why.FUTURE:
            raise NotADay(doubt.text)
        case Slot.ITEM, Why.UNKNOWN:
            raise UnknownName("项目", doubt.text, doubt.choices)


def _with_content(
    context: Context, old: Deduction, draft: CorrectionDraft, said: Correction
) -> CorrectionDraft:
    """What shall stand there: as said, and for the rest as it was. NothingChanged, and every refusal of a deduction."""
    unit, item = said.unit or old.unit, said.item or old.item
    points, criterion, times = said.points, said.criterion, said.times or 1
    if points is not None and said.times:
        points *= said.times
    if points is None and criterion is None and item == old.item and old.basis is not None:
        criterion, times = old.basis.code, said.times or old.basis.times
    if points is None and criterion is None:
        points = old.points
    draft = replace(
        draft,
        replace=True,
        unit=unit,
        item=item,
        points=points,
        criterion=criterion,
        times=times,
        inspected_on=said.inspected_on,
        entry_reason=check_reason(context, said.reason) if said.reason else None,
        note="",
    )
    new = _new(context, old, draft)
    if new.inspected_on == old.inspected_on:
        new = replace(new, inspected_on=None)
    if (new.unit, new.item, new.points, new.basis, new.reason, new.inspected_on) == (
        old.unit, old.item, old.points, old.basis, old.reason, None,
    ):  # fmt: skip
        raise NothingChanged(old.number)
    return draft


def _new(context: Context, old: Deduction, draft: CorrectionDraft) -> NewEntry:
    """The new entry, checked by every rule of a deduction; it counts in the original's quarter (Replacement)."""
    assert draft.unit is not None and draft.item is not None
    check_new_unit(context.person, draft.unit, context.bureau)
    wanted = DeductionDraft(
        at=old.at,
        units=(draft.unit,),
        items=(draft.item,),
        points=draft.points,
        criterion=draft.criterion,
        times=draft.times,
        quarter=old.quarter,
    )
    what = entry.resolve(context, wanted, old.at)
    check_not_settled(context.course_of(what.unit, old.quarter))
    reason = draft.entry_reason or old.reason
    return NewEntry(what.unit.code, what.item.name, what.points, reason, what.basis, draft.inspected_on)


async def _offer(context: Context) -> None:
    """Which entry? One's own of the quarter, newest first."""
    async with context.database.reading() as session:
        own = []
        for quarter in _unsettled(context):
            own += await ledger.of_author(session, context.person.id, quarter)
    seen = context.sight().units
    living = [
        e for e in own if e.unit in seen and may_correct(context.person, e, context.bureau, _stage(context, e))
    ][-8:]
    buttons = [
        Button(files_text.target(e, context.bureau.unit(e.unit)), f"fix:{e.number}") for e in reversed(living)
    ]
    await context.reply(Say(correct_text.which(bool(living)), in_rows(buttons, 1)))


def _unsettled(context: Context) -> list[Quarter]:
    """The running quarter, and before it the last late ones of the person's groups that can still change."""
    begun = late_quarters(context.services.begins, context.running)[-3:]
    groups = context.person.groups or {group.name for group in context.bureau.groups}
    late = [q for q in begun if any(context.timetable.stage(group, q) not in SETTLED for group in groups)]
    return [*late, context.running]


async def begin_pressed(context: Context) -> None:
    """[更正] on a card."""
    old = await _entry(context, names.number(context.argument(0)))
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.press_key())
    if opened is None:
        await _begin(context, CorrectionDraft(old.number))
    else:
        await _send(context, opened)


async def _begin(context: Context, draft: CorrectionDraft) -> None:
    await _send(context, await dialogs.opened(context, _next(draft)))


def _next(draft: CorrectionDraft) -> CorrectionDraft:
    if draft.replace is None:
        return replace(draft, asks="kind")
    if draft.replace and draft.unit is None:
        return replace(draft, asks="content")
    return replace(draft, asks="reason" if draft.reason is None else "confirm")


async def _send(context: Context, kept: Draft) -> None:
    await dialogs.send(context, kept, await _ask(context, kept))


async def _show(context: Context, kept: Draft) -> None:
    await dialogs.show(context, kept, await _ask(context, kept))


async def _ask(context: Context, kept: Draft) -> Say:
    draft, data = kept.draft, f"k:{kept.id}:{kept.revision}"
    async with context.database.reading() as session:
        old = await records.entry(session, context, draft.number)
    new = _new(context, old, draft) if draft.replace and draft.unit is not None else None
    second = draft.asks == "confirm" and not _alone(context, old, new, _stage(context, old))
    labels = {
        "kind": (("撤销这一笔", "rev"), ("改成正确的", "rep"), *((("改为原因", "why"),) if draft.note else ())),
        "reason": tuple((reason, f"r{i}") for i, reason in enumerate(REASONS)),
        "confirm": (("✔ 提请核准" if second else "✔ 更正", "ok"),),
    }.get(draft.asks, ())
    buttons = [Button(label, f"{data}:{choice}") for label, choice in labels]
    text = correct_text.question(draft, old, new, context.bureau, second=second)
    return Say(text, (*in_rows(buttons, 2), (Button("不更正了", f"{data}:x"),)))


async def pressed(context: Context) -> None:
    """A button of the dialog: who, which draft and which revision are checked anew."""
    kept = await dialogs.pressed(context, CorrectionDraft, shown_again, correct_text.settled())
    if kept is None:
        return
    draft, choice = kept.draft, context.argument(2)
    if choice == "x":
        await dialogs.moved(context, kept, draft, DraftState.DROPPED)
        await context.rewrite(Say(correct_text.dropped(draft.number)))
    elif choice == "ok" and draft.asks == "confirm":
        await _finish(context, await _entry(context, draft.number), draft, key=kept.key, kept=kept)
    elif choice in ("rev", "rep") and draft.asks == "kind":
        why = check_reason(context, draft.note) if draft.note else None
        await _move(context, kept, replace(draft, replace=choice == "rep", reason=why, note=""))
    elif choice == "why" and draft.asks == "kind" and draft.note:
        old = await _entry(context, draft.number)
        await _move(context, kept, _with_content(context, old, draft, Correction(reason=draft.note)))
    elif choice.startswith("r") and names.is_number(choice[1:]) and draft.asks == "reason":
        await _move(context, kept, replace(draft, reason=REASONS[int(choice[1:]) % len(REASONS)]))
    else:
        raise names.stale()


async def _move(context: Context, kept: Draft, draft: CorrectionDraft) -> None:
    await _show(context, await dialogs.moved(context, kept, _next(draft)))


async def feed(context: Context, kept: Draft, text: str) -> None:
    """A text while the dialog is open: what is right, or why."""
    draft = kept.draft
    old = await _entry(context, draft.number)
    if draft.asks == "reason":
        await _move(context, kept, replace(draft, reason=check_reason(context, text)))
        return
    said = _read(context, old, text)
    why = said.reason or draft.reason
    if said.replace is None or (said.replace and said.unit is None):
        await _move(context, kept, replace(draft, note=said.note or correct_text.not_seen(text)))
    else:
        await _move(context, kept, replace(said, reason=why))


async def shown_again(context: Context, kept: Draft) -> None:
    """Handled again: where the correction stands now."""
    if kept.state is DraftState.OPEN:
        await _show(context, kept)
        return
    if kept.state is DraftState.DROPPED:
        await context.rewrite(Say(correct_text.dropped(kept.draft.number)), message_id=kept.message_id)
        return
    async with context.database.reading() as session:
        done = await proposals.of_deed(session, kept.key)
    await _tell_done(context, kept.draft.number, done)


async def _finish(
    context: Context, old: Deduction, draft: CorrectionDraft, *, key: str, kept: Draft | None = None
) -> None:
    """Carry the correction out, or have a second person look at it first."""
    new = _new(context, old, draft) if draft.replace else None
    assert draft.reason is not None
    proposal = None
    async with context.database.transaction() as session:
        current = await records.entry(session, context, old.number)
        unit = context.bureau.unit(current.unit)
        stage = await entry.check_unsettled(session, unit, current.quarter, context)
        if new is not None and new.unit != current.unit:
            await entry.check_unsettled(session, context.bureau.unit(new.unit), current.quarter, context)
        check_corrector(context.person, current, context.bureau, stage)
        if _alone(context, current, new, stage):
            await replacement.carry_out(
                session,
                context,
                current,
                new,
                key=key,
                author_id=context.person.id,
                reason=draft.reason,
                moment=context.moment,
            )
        else:
            proposal = await approval.propose(session, context, current, new, reason=draft.reason, key=key)
        if kept is not None:
            await drafts.advance(session, kept, draft, DraftState.DONE, deed=context.deed())
    await _tell_done(context, old.number, proposal)


def _alone(context: Context, old: Deduction, new: NewEntry | None, stage: Stage) -> bool:
    """Whether nobody else has to agree: small, or the author's own undo of the same day (Replacement)."""
    if not needs_second(old, new, context.services.policy.approve_from, stage):
        return True
    logged_on = context.bureau.calendar.day(old.at)
    return new is None and stage is Stage.OPEN and may_undo(old, context.person.id, context.today, logged_on)


async def _tell_done(context: Context, number: int, proposal: Proposal | None) -> None:
    """What became of it: the card as it is now, and the new one's."""
    async with context.database.reading() as session:
        old = await records.entry(session, context, number)
        approvers = await approval.approvers(session, context, old, proposal) if proposal else []
    if proposal is not None and proposal.state is ProposalState.WAITING:
        say = Say(correct_text.waits(proposal, old, context.bureau, [person.name for person in approvers]))
    else:
        say = Say(correct_text.done(old))
    await (context.rewrite(say) if context.pressed else context.reply(say))
    await card.refresh(context, number)
    if old.replaced_by is not None:
        await card.send(context, old.replaced_by)
