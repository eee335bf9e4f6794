"""The office's word on the methods of the units: who sent one, [通过], and [退回] with a reason (R9)."""

from handlers.frame import dialogs, names, notices, records
from handlers.frame.context import Context
from handlers.frame.reply import Button, Rows, Say, in_rows
from handlers.frame.text_guards import check_reason
from handlers.method import method_text
from rules.access import Deed, may
from rules.bureau import Unit
from rules.draft import MethodDraft
from rules.methods import (
    Method,
    Verdict,
    check_in_use,
    check_method,
    common_part,
    standing,
    taken_away,
)
from rules.people import Role
from rules.refusals import MethodSuperseded, NotAllowed
from rules.scheme import Item
from storage import drafts, methods, people
from storage.database import Session
from storage.drafts import DraftState, Kept
from storage.pushes import Kind

Draft = Kept[MethodDraft]


async def overview(context: Context, year: int) -> None:
    """Where every unit stands, with a button for each version that waits."""
    async with context.database.reading() as session:
        versions = await methods.of_year(session, year)
    units = context.bureau.units
    found = {u.code: standing([v for v in versions if v.unit == u.code]) for u in units}
    waiting = [u for u in units if found[u.code].word == Verdict.WAITING.value]
    decides = may(context.person, Deed.METHOD_DECIDE)
    row = [Button(f"审定：{unit.name}", f"mt:{unit.code}:{year}") for unit in waiting if decides]
    await context.reply(Say(method_text.overview(year, found, units), in_rows(row, 2)))


def buttons(context: Context, made: Method) -> Rows:
    """[通过] and [退回] under a version that waits, for who decides."""
    if made.verdict is not Verdict.WAITING or not may(context.person, Deed.METHOD_DECIDE):
        return ()
    return _decisions(made)


def _decisions(made: Method) -> Rows:
    return ((Button("通过", f"mtd:{made.id}:y"), Button("退回", f"mtd:{made.id}:n")),)


async def tell_office(session: Session, context: Context, unit: Unit, made: Method) -> None:
    """Everybody of the office hears that a version waits."""
    found = standing(await methods.of_year(session, made.year, [unit.code]))
    common = _common(context, unit, made)
    old = found.in_force.items if found.in_force is not None else ()
    text = method_text.please_decide(made, unit, common, taken_away(common, made.items, old))
    for person in await people.holding(session, {Role.OFFICE}):
        await notices.tell(
            session, context, person, text, key=f"method{made.id}", buttons=_decisions(made), kind=Kind.STEP
        )


def _common(context: Context, unit: Unit, made: Method) -> tuple[Item, ...]:
    return common_part(context.services.policy.common_parts, unit.category, made.year)


async def pressed(context: Context) -> None:
    """[通过] at once; [退回] asks for the reason first."""
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.press_key())
        made = await records.method(session, context, names.number(context.argument(0)))
    unit = context.bureau.unit(made.unit)
    if opened is not None:
        await dialogs.send(context, opened, _ask(opened, unit, made))
    elif made.verdict is not Verdict.WAITING:
        await context.rewrite(Say(method_text.decided(made, unit)))
    elif context.argument(1) == "y":
        made = await _decide(context, unit, made.id, reason=None, key=context.press_key())
        await context.rewrite(Say(method_text.decided(made, unit)))
    else:
        async with context.database.reading() as session:
            await _check_newest(session, made)
        draft = MethodDraft(made.unit, made.year, method=made.id, asks="reason")
        kept = await dialogs.opened(context, draft)
        await dialogs.send(context, kept, _ask(kept, unit, made))


def _ask(kept: Draft, unit: Unit, made: Method) -> Say:
    return Say(method_text.ask_reason(unit, made), ((Button("取消", f"mtq:{kept.id}"),),))


async def _check_newest(session: Session, made: Method) -> None:
    versions = await methods.of_year(session, made.year, [made.unit])
    if versions[-1].id != made.id:
        raise MethodSuperseded(versions[-1].version)


async def _decide(
    context: Context, unit: Unit, id_: int, *, reason: str | None, key: str, kept: Draft | None = None
) -> Method:
    """Write the office's word, once, and tell the unit's liaisons. NotAllowed, MethodSuperseded, MethodSum, ItemsInUse."""
    if not may(context.person, Deed.METHOD_DECIDE):
        raise NotAllowed(Deed.METHOD_DECIDE)
    async with context.database.transaction() as session:
        made = await methods.find(session, id_)
        assert made is not None
        if made.verdict is Verdict.WAITING:
            await _check_newest(session, made)
            if reason is None:
                common = _common(context, unit, made)
                check_method(common, made.items)
                used = await methods.items_needed(session, unit.code, made.year)
                check_in_use((*common, *made.items), used)
            await methods.decide(
                session, made, key=key, accepted=reason is None, reason=reason, by=context.person.id,
                now=context.now,
            )  # fmt: skip
            made = await methods.find(session, id_)
            assert made is not None
            for person in await people.holding(session, {Role.LIAISON}, unit=unit.code):
                text = method_text.told(made, unit)
                await notices.tell(session, context, person, text, key=f"methodv{id_}", kind=Kind.STEP)
        if kept is not None and kept.state is DraftState.OPEN:
            await drafts.advance(session, kept, kept.draft, DraftState.DONE, deed=context.deed())
    return made


async def feed(context: Context, kept: Draft, text: str) -> None:
    """The reason of a return."""
    reason = check_reason(context, text)
    unit = context.bureau.unit(kept.draft.unit)
    made = await _decide(context, unit, kept.draft.method, reason=reason, key=kept.key, kept=kept)
    await context.reply(Say(method_text.decided(made, unit)))
    if kept.message_id is not None:
        await dialogs.replaced(context, Say(method_text.answered()), kept.message_id)


async def shown_again(context: Context, kept: Draft) -> None:
    """Handled again: where it stands now."""
    async with context.database.reading() as session:
        made = await methods.find(session, kept.draft.method)
    assert made is not None
    unit = context.bureau.unit(made.unit)
    if kept.state is DraftState.OPEN:
        await dialogs.show(context, kept, _ask(kept, unit, made))
    else:
        await context.reply(Say(method_text.decided(made, unit)))


async def cancel_pressed(context: Context) -> None:
    """The return is given up before its reason was written."""
    async with context.database.transaction() as session:
        kept = await dialogs.own(session, context, MethodDraft)
        if kept.state is DraftState.OPEN:
            kept = await drafts.advance(session, kept, kept.draft, DraftState.DROPPED, deed=context.deed())
    if kept.state is DraftState.DONE:
        await context.toast(method_text.settled(), alert=True)
        return
    await context.rewrite(Say(method_text.not_returned()))
