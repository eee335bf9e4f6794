"""/monthly: a unit's liaison looks its officers' month over and returns it to the office (R9)."""

from dataclasses import replace

from handlers.frame import dialogs, names
from handlers.frame.context import Context
from handlers.frame.reply import Button, Say, in_rows
from handlers.frame.text_guards import check_reason
from handlers.months import monthly_text, returning
from rules.bureau import Unit
from rules.draft import MonthlyDraft
from rules.months import Month, read_month
from rules.names import Match
from rules.people import Role
from rules.refusals import NotAMonth
from rules.returns import MonthReturns, Return, check_explained, check_month, default_month, fingerprint
from storage import drafts, returns
from storage.database import Session
from storage.drafts import DraftState, Kept

Draft = Kept[MonthlyDraft]


async def monthly(context: Context) -> None:
    """/monthly [2026-03] [更正原因]: the month's table, and the question whether to send it."""
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.deed_key())
    if opened is not None:
        await shown_again(context, opened)
        return
    units = returning.units_of(context, Role.LIAISON)
    unit, month, text = _read(context, units)
    reason = check_reason(context, text) if text else None
    if unit is None:
        buttons = [Button(one.name, f"mrb:{one.code}:{month or ''}") for one in units]
        await context.reply(Say(monthly_text.which_unit(bool(units), asked=bool(reason)), in_rows(buttons, 2)))
        return
    await _begin(context, unit, month, reason)


def _read(context: Context, units: list[Unit]) -> tuple[Unit | None, Month | None, str]:
    """The unit, the month and the reason of the words; a month that reads as none is told, not taken for a reason."""
    unit = units[0] if len(units) == 1 else None
    rest = context.words.strip()
    if len(units) > 1:
        word, _, after = rest.partition(" ")
        found = names.vocabulary(context).units.find(word) if word else None
        if isinstance(found, Match) and found.value in {one.code for one in units}:
            unit, rest = context.bureau.unit(found.value), after.strip()
    word, _, after = rest.partition(" ")
    month = read_month(word, context.today)
    if month is not None:
        return unit, month, after.strip()
    if word[:1].isdigit():
        raise NotAMonth(word)
    return unit, None, rest


async def begin_pressed(context: Context) -> None:
    """[核对并报送] of a reminder, [重新报送] of a month that is in, or the unit that was asked for."""
    unit = returning.unit_for(context, context.argument(0), Role.LIAISON)
    month = returning.month_of(context.argument(1)) if context.argument(1) else None
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.press_key())
    if opened is not None:
        await shown_again(context, opened)
    else:
        await _begin(context, unit, month, None, again=context.argument(2) == "r")


async def _begin(
    context: Context, unit: Unit, month: Month | None, reason: str | None, *, again: bool = False
) -> None:
    terms = returning.terms(context)
    async with context.database.reading() as session:
        if month is None:
            headed = unit.code in await returning.headed(session)
            every = {m: MonthReturns(v, headed) for m, v in (await returns.of_unit(session, unit.code)).items()}
            month = default_month(context.today, terms.begins, [m for m, r in every.items() if r.sent])
        check_month(unit, month, today=context.today, begins=terms.begins)
        found = await returning.of_month(session, unit, month)
        table = (
            None if found.sent and reason is None else await returning.drawn_up(session, context, unit, month)
        )
    draft = MonthlyDraft(unit.code, month, reason if found.sent else None)
    if table is not None:
        draft = replace(draft, seen=fingerprint(table.officers))
    elif again:
        draft = replace(draft, asks="reason")
    else:
        await context.reply(await _state(context, unit, month))
        return
    await _send(context, await dialogs.opened(context, draft))


async def _state(context: Context, unit: Unit, month: Month) -> Say:
    """What was sent of a month, by whom and when, what changed since, and how to put it right."""
    async with context.database.reading() as session:
        found = await returning.of_month(session, unit, month)
        sent = found.waiting or found.current
        assert sent is not None
        changed = await returning.changes(session, context, unit, sent)
    text = monthly_text.state(unit, month, found, returning.terms(context), changed=changed)
    versions = [Button(f"看第 {one.version} 版", f"mrv:{one.id}") for one in found.versions]
    again = ((Button("更正后重新报送", f"mrb:{unit.code}:{month}:r"),),)
    return Say(text, (*in_rows(versions, 3), *again))


async def _send(context: Context, kept: Draft) -> None:
    await dialogs.send(context, kept, await _ask(context, kept))


async def _ask(context: Context, kept: Draft, *, changed: bool = False) -> Say:
    draft, data = kept.draft, f"mrd:{kept.id}:{kept.revision}"
    unit = returning.unit_for(context, draft.unit, Role.LIAISON)
    cancel = Button("取消", f"{data}:x")
    if draft.asks == "reason":
        return Say(monthly_text.ask_reason(unit, draft.month), ((cancel,),))
    async with context.database.reading() as session:
        found = await returning.of_month(session, unit, draft.month)
        table = await returning.drawn_up(session, context, unit, draft.month)
    text = monthly_text.preview(
        unit, draft, table.officers, table.names, table.unexplained, headed=found.headed, changed=changed
    )
    button = Button("重新核对", f"{data}:again") if table.unexplained else Button("报送", f"{data}:ok")
    return Say(text, ((button, cancel),))


async def pressed(context: Context) -> None:
    """A button of the question: who, which draft and which revision are checked anew."""
    kept = await dialogs.pressed(context, MonthlyDraft, shown_again, monthly_text.settled())
    if kept is None:
        return
    if context.argument(2) == "x":
        await dialogs.moved(context, kept, kept.draft, DraftState.DROPPED)
        await context.rewrite(Say(monthly_text.dropped()))
    elif context.argument(2) == "again" and kept.draft.asks == "confirm":
        await _look_again(context, kept, changed=False)
    elif context.argument(2) == "ok" and kept.draft.asks == "confirm":
        await _do(context, kept)
    else:
        raise names.stale()


async def _look_again(context: Context, kept: Draft, *, changed: bool) -> None:
    """The table is shown as it is now, and asked about anew."""
    unit = returning.unit_for(context, kept.draft.unit, Role.LIAISON)
    async with context.database.reading() as session:
        table = await returning.drawn_up(session, context, unit, kept.draft.month)
    moved = await dialogs.moved(context, kept, replace(kept.draft, seen=fingerprint(table.officers)))
    await dialogs.show(context, moved, await _ask(context, moved, changed=changed))


async def feed(context: Context, kept: Draft, text: str) -> None:
    """A text while the reason for another version is waited for."""
    reason = check_reason(context, text)
    unit = returning.unit_for(context, kept.draft.unit, Role.LIAISON)
    async with context.database.reading() as session:
        table = await returning.drawn_up(session, context, unit, kept.draft.month)
    draft = replace(kept.draft, reason=reason, asks="confirm", seen=fingerprint(table.officers))
    moved = await dialogs.moved(context, kept, draft)
    await dialogs.show(context, moved, await _ask(context, moved))


async def shown_again(context: Context, kept: Draft) -> None:
    """Handled again: where it stands now."""
    if kept.state is DraftState.OPEN:
        await dialogs.show(context, kept, await _ask(context, kept))
    elif kept.state is DraftState.DROPPED:
        await dialogs.show(context, kept, Say(monthly_text.dropped()))
    else:
        async with context.database.reading() as session:
            sent = await returns.made_by(session, kept.key)
        assert sent is not None
        await _tell_sent(context, kept, sent)


async def _do(context: Context, kept: Draft) -> None:
    """Freeze the month and send it, with all that follows, in one transaction. NotReturnable, ReturnUnexplained."""
    draft = kept.draft
    unit = returning.unit_for(context, draft.unit, Role.LIAISON)
    check_month(unit, draft.month, today=context.today, begins=returning.terms(context).begins)
    async with context.database.transaction() as session:
        found = await returning.of_month(session, unit, draft.month)
        table = await returning.drawn_up(session, context, unit, draft.month)
        check_explained(draft.month, table.unexplained)
        before = found.sent and draft.reason is None
        changed = fingerprint(table.officers) != draft.seen
        sent = None if before or changed else await _write(session, context, kept, table, headed=found.headed)
    if before:
        await dialogs.moved(context, kept, draft, DraftState.DROPPED)
        await context.rewrite(await _state(context, unit, draft.month))
    elif sent is None:
        await _look_again(context, kept, changed=True)
    else:
        await _tell_sent(context, kept, sent)


async def _write(
    session: Session, context: Context, kept: Draft, table: returning.Table, *, headed: bool
) -> Return:
    unit = names.unit_of(context, kept.draft.unit)
    sent = await returns.send(
        session,
        key=kept.key,
        unit=unit.code,
        month=kept.draft.month,
        officers=table.officers,
        reason=kept.draft.reason,
        needs_signature=headed,
        by=context.person.id,
        at=context.moment,
        now=context.now,
    )
    await drafts.advance(session, kept, kept.draft, DraftState.DONE, deed=context.deed())
    if sent.needs_signature:
        await returning.ask_heads(session, context, unit, sent)
    else:
        await returning.arrived(session, context, unit, sent)
    return sent


async def _tell_sent(context: Context, kept: Draft, sent: Return) -> None:
    unit = names.unit_of(context, sent.unit)
    async with context.database.reading() as session:
        late = await returning.lateness(session, context, sent)
    text = monthly_text.sent(unit, sent, late=late)
    button = ((Button("看报送的成绩表", f"mrv:{sent.id}"),),)
    await dialogs.show(context, kept, Say(text, button))
