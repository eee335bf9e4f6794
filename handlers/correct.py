"""Putting an entry right: reversed, or reversed and replaced, always with a reason; from a threshold with a second person."""

from dataclasses import replace

from handlers import approval, card, entry, names, putting_right, questions, records
from handlers.answer import Button, Say, in_rows
from handlers.context import Context
from handlers.texts import check_reason
from handlers.words import correct as words
from handlers.words import files as file_words
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
from rules.names import Match
from rules.periods import late_quarters
from rules.reading import Reading, read_correction
from rules.refusals import CorrectionWaits, NothingChanged
from rules.stages import SETTLED, Stage, check_not_settled
from storage import drafts, ledger, proposals
from storage.drafts import DraftState, Kept
from storage.proposals import Proposal, ProposalState

Draft = Kept[CorrectionDraft]

REVERSE_WORDS = frozenset({"撤销", "取消", "删除", "作废"})
"""What people write for a reversal without a replacement."""

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
    word, _, rest = context.words.strip().removeprefix("#").partition(" ")
    if not names.is_number(word):
        await _offer(context)
        return
    old = await _entry(context, int(word))
    draft = _read(context, old, rest.strip())
    if draft.replace is not None and draft.reason is not None:
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
    draft = CorrectionDraft(old.number)
    word, _, rest = text.partition(" ")
    if word in REVERSE_WORDS:
        why = check_reason(context, rest) if rest.strip() else None
        return replace(draft, replace=False, reason=why)
    if not text:
        return draft
    reading = read_correction(text, names.vocabulary(context), old.unit, context.today)
    if not _says_anything(reading):
        return replace(draft, replace=False, reason=check_reason(context, text))
    why = check_reason(context, reading.reason) if reading.reason else None
    return replace(_with_content(context, old, draft, reading), reason=why)


def _says_anything(reading: Reading) -> bool:
    return any((reading.unit, reading.item, reading.points is not None, reading.criterion, reading.times))


def _with_content(
    context: Context, old: Deduction, draft: CorrectionDraft, reading: Reading
) -> CorrectionDraft:
    """What shall stand there: as typed, and for the rest as it was. NothingChanged, and every refusal of a deduction."""
    unit = reading.unit.value if isinstance(reading.unit, Match) else old.unit
    item = reading.item.value if isinstance(reading.item, Match) else old.item
    points, criterion, times = reading.points, reading.criterion, reading.times or 1
    if points is not None and reading.times:
        points *= reading.times
    if points is None and criterion is None and item == old.item and old.basis is not None:
        criterion, times = old.basis.code, reading.times or old.basis.times
    if points is None and criterion is None:
        points = old.points
    draft = replace(draft, replace=True, unit=unit, item=item, points=points, criterion=criterion, times=times)
    new = _new(context, old, draft)
    if (new.unit, new.item, new.points, new.basis) == (old.unit, old.item, old.points, old.basis):
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
    return NewEntry(what.unit.code, what.item.name, what.points, old.reason, what.basis)


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
        Button(file_words.target(e, context.bureau.unit(e.unit)), f"fix:{e.number}") for e in reversed(living)
    ]
    await context.reply(Say(words.which(bool(living)), in_rows(buttons, 1)))


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
    await _send(context, await questions.opened(context, _next(draft)))


def _next(draft: CorrectionDraft) -> CorrectionDraft:
    if draft.replace is None:
        return replace(draft, asks="kind")
    if draft.replace and draft.unit is None:
        return replace(draft, asks="content")
    return replace(draft, asks="reason" if draft.reason is None else "confirm")


async def _send(context: Context, kept: Draft) -> None:
    await questions.send(context, kept, await _ask(context, kept))


async def _show(context: Context, kept: Draft) -> None:
    await questions.show(context, kept, await _ask(context, kept))


async def _ask(context: Context, kept: Draft) -> Say:
    draft, data = kept.draft, f"k:{kept.id}:{kept.revision}"
    async with context.database.reading() as session:
        old = await records.entry(session, context, draft.number)
    new = _new(context, old, draft) if draft.replace and draft.unit is not None else None
    second = draft.asks == "confirm" and not _alone(context, old, new, _stage(context, old))
    labels = {
        "kind": (("撤销这一笔", "rev"), ("改成正确的", "rep")),
        "reason": tuple((reason, f"r{i}") for i, reason in enumerate(REASONS)),
        "confirm": (("✔ 提请核准" if second else "✔ 更正", "ok"),),
    }.get(draft.asks, ())
    buttons = [Button(label, f"{data}:{choice}") for label, choice in labels]
    text = words.question(draft, old, new, context.bureau, second=second)
    return Say(text, (*in_rows(buttons, 2), (Button("不更正了", f"{data}:x"),)))


async def pressed(context: Context) -> None:
    """A button of the dialog: who, which draft and which revision are checked anew."""
    kept = await questions.pressed(context, CorrectionDraft, shown_again, words.settled())
    if kept is None:
        return
    draft, choice = kept.draft, context.argument(2)
    if choice == "x":
        await questions.moved(context, kept, draft, DraftState.DROPPED)
        await context.rewrite(Say(words.dropped(draft.number)))
    elif choice == "ok" and draft.asks == "confirm":
        await _finish(context, await _entry(context, draft.number), draft, key=kept.key, kept=kept)
    elif choice in ("rev", "rep") and draft.asks == "kind":
        await _move(context, kept, replace(draft, replace=choice == "rep"))
    elif choice.startswith("r") and names.is_number(choice[1:]) and draft.asks == "reason":
        await _move(context, kept, replace(draft, reason=REASONS[int(choice[1:]) % len(REASONS)]))
    else:
        raise names.stale()


async def _move(context: Context, kept: Draft, draft: CorrectionDraft) -> None:
    await _show(context, await questions.moved(context, kept, _next(draft)))


async def feed(context: Context, kept: Draft, text: str) -> None:
    """A text while the dialog is open: what is right, or why."""
    draft = kept.draft
    old = await _entry(context, draft.number)
    if draft.asks == "reason":
        await _move(context, kept, replace(draft, reason=check_reason(context, text)))
        return
    reading = read_correction(text, names.vocabulary(context), old.unit, context.today)
    if not _says_anything(reading):
        raise NothingChanged(old.number)
    draft = _with_content(context, old, draft, reading)
    why = check_reason(context, reading.reason) if reading.reason else draft.reason
    await _move(context, kept, replace(draft, reason=why))


async def shown_again(context: Context, kept: Draft) -> None:
    """Handled again: where the correction stands now."""
    if kept.state is DraftState.OPEN:
        await _show(context, kept)
        return
    if kept.state is DraftState.DROPPED:
        await context.rewrite(Say(words.dropped(kept.draft.number)), message_id=kept.message_id)
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
            await putting_right.carry_out(
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
        say = Say(words.waits(proposal, old, context.bureau, [person.name for person in approvers]))
    else:
        say = Say(words.done(old))
    await (context.rewrite(say) if context.pressed else context.reply(say))
    await card.refresh(context, number)
    if old.replaced_by is not None:
        await card.send(context, old.replaced_by)
