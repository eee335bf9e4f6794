"""/filings (备案情况): who has filed what; and the office's word on it: 通过, or 退回 with a reason (R10)."""

from dataclasses import replace
from datetime import date

from handlers.evidence import files
from handlers.filings import filings_text
from handlers.frame import dialogs, names, notices, records
from handlers.frame.context import Context
from handlers.frame.reply import Button, Rows, Say, in_rows
from handlers.frame.text_guards import check_reason
from rules.access import SEES_ALL, Deed, files_for, may, sees_filing
from rules.bureau import Unit
from rules.draft import FilingDraft
from rules.filings import Filed, FilingKind, Owed, check_newest, owed, read_year
from rules.methods import Verdict
from rules.people import Role
from storage import drafts, evidence, filings, people
from storage.database import Session
from storage.drafts import DraftState, Kept
from storage.pushes import Kind

Draft = Kept[FilingDraft]

A_PAGE = 40
"""Units whose files one message has buttons for."""


async def of_year(context: Context, year: int) -> tuple[Owed, ...]:
    """Every document of a year, with its newest version."""
    async with context.database.reading() as session:
        filed = await filings.of_year(session, year)
    return owed(context.services.policy.filings, context.bureau, filed)


def due(context: Context, year: int) -> date:
    """The day by which a year's documents are due."""
    month, day = context.services.policy.schedule.filings_due
    return date(year, month, day)


def described(context: Context, filed: Filed) -> Owed:
    """A version with its kind and unit; under their codes where the config no longer has them."""
    kinds = {kind.code: kind for kind in context.services.policy.filings}
    kind = kinds.get(filed.kind, FilingKind(filed.kind, filed.kind))
    if filed.unit is None:
        return Owed(kind, None, filed)
    unit = context.bureau.find_unit(filed.unit) or Unit(filed.unit, filed.unit, "", "")
    return Owed(kind, unit, filed)


def decisions(filed: Filed) -> Rows:
    """What the office can do with a version."""
    look = (Button("看文件", f"fo:{filed.id}"),)
    if filed.verdict is not Verdict.WAITING:
        return (look,)
    return ((Button("通过", f"fd:{filed.id}:y"), Button("退回", f"fd:{filed.id}:n")), look)


# Reading


async def show(context: Context) -> None:
    """/filings [2027]: every kind and who is missing, for the office and leaders; for a unit its own."""
    year = read_year(context.words, context.today.year)
    every, zone = await of_year(context, year), context.bureau.calendar.zone
    if context.person.has(SEES_ALL):
        say = Say(filings_text.overview(every, year, due(context, year), zone), _leads(context, every, year))
    else:
        mine = [one for one in every if sees_filing(context.person, one.place[1])]
        rows = in_rows([b for one in mine for b in _own_buttons(context, one, year)], 1)
        say = Say(filings_text.own(mine, year, due(context, year), zone), rows)
    await context.reply(say)


def _leads(context: Context, every: tuple[Owed, ...], year: int) -> Rows:
    """To the units of a kind; where only one files it, straight to the file."""
    buttons = []
    for code in dict.fromkeys(one.kind.code for one in every):
        some = [one for one in every if one.kind.code == code]
        if len(some) > 1:
            buttons.append(Button(filings_text.kind_label(some[0].kind, year), f"fs:{year}:{code}:0"))
        else:
            buttons += _own_buttons(context, some[0], year)
    return in_rows(buttons, 1)


def _own_buttons(context: Context, one: Owed, year: int) -> list[Button]:
    look = [_look(context, one, year, whole=True)] if one.newest is not None else []
    mine = not one.settled and files_for(context.person, one.place[1])
    return [*look, *([filings_text.to_file(one, year)] if mine else [])]


def _look(context: Context, one: Owed, year: int, *, whole: bool = False) -> Button:
    """To the file; for the office, while it waits, with the buttons to decide on it."""
    assert one.newest is not None
    decides = one.verdict is Verdict.WAITING and may(context.person, Deed.FILING_DECIDE)
    what = "审" if decides else "看文件"
    label = filings_text.label(what, one, year) if whole else f"{what}：{filings_text.who(one)}"
    return Button(label, f"{'fv' if decides else 'fo'}:{one.newest.id}")


async def kind_pressed(context: Context) -> None:
    """Every unit of a kind, a page at a time."""
    year, code, page = (
        names.number(context.argument(0)), context.argument(1), names.number(context.argument(2))
    )  # fmt: skip
    some = [one for one in await of_year(context, year) if one.kind.code == code]
    shown = some[page * A_PAGE : (page + 1) * A_PAGE]
    if not context.person.has(SEES_ALL) or not shown:
        raise names.stale()
    buttons = [_look(context, one, year) for one in shown if one.newest is not None]
    further = len(some) > (page + 1) * A_PAGE
    more: Rows = ((Button("下一页 ›", f"fs:{year}:{code}:{page + 1}"),),) if further else ()
    text = filings_text.of_kind(some, shown, year, context.bureau.calendar.zone)
    await context.reply(Say(text, (*in_rows(buttons, 2), *more)))


async def open_pressed(context: Context) -> None:
    """[看文件], for those who see what its unit filed. Stale."""
    filed = await _filed(context, context.argument(0))
    async with context.database.transaction() as session:
        await filings.seen(session, filed, key=f"seen:{context.deed()}", by=context.person.id, now=context.now)
        kept = await evidence.get(session, filed.evidence)
    assert kept is not None
    caption = filings_text.caption(described(context, filed), filed.year, context.bureau.calendar.zone)
    await files.send_one(context, kept, caption)


async def _filed(context: Context, argument: str) -> Filed:
    async with context.database.reading() as session:
        return await records.filing(session, context, names.number(argument))


# Deciding


async def buttons_pressed(context: Context) -> None:
    """A version of the list: who filed it when, with the buttons to decide on it."""
    await context.reply(_please_decide(context, await _filed(context, context.argument(0))))


def _please_decide(context: Context, filed: Filed) -> Say:
    one = described(context, filed)
    return Say(filings_text.please_decide(one, filed.year, context.bureau.calendar.zone), decisions(filed))


async def decision_pressed(context: Context) -> None:
    """通过 decides at once; 退回 asks why, before anything is decided."""
    filed = await _filed(context, context.argument(0))
    if context.argument(1) == "y":
        decided, fresh = await _decide(context, filed, accepted=True, key=context.deed())
        await context.rewrite(_please_decide(context, decided))
        if not fresh and not context.again:
            await context.toast(filings_text.decided_before(described(context, decided)), alert=True)
    elif context.argument(1) == "n":
        await _begin_return(context, filed)
    else:
        raise names.stale()


async def _begin_return(context: Context, filed: Filed) -> None:
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.press_key())
        versions = await filings.versions(session, kind=filed.kind, unit=filed.unit, year=filed.year)
    if opened is None:
        if filed.verdict is not Verdict.WAITING:
            await context.toast(filings_text.decided_before(described(context, filed)), alert=True)
            return
        check_newest(filed, versions)
        opened = await dialogs.opened(context, FilingDraft("reason", filed.year, filing=filed.id))
    cancel = Button("取消", f"fk:{opened.id}:{opened.revision}:x")
    await dialogs.send(context, opened, Say(await ask_reason(context, opened.draft), ((cancel,),)))


async def ask_reason(context: Context, draft: FilingDraft) -> str:
    """The question that a return begins with."""
    filed = await _filed(context, str(draft.filing))
    return filings_text.ask_reason(described(context, filed), filed.year)


async def feed(context: Context, kept: Draft, text: str) -> None:
    """The reason of a return: it is decided now."""
    if not may(context.person, Deed.FILING_DECIDE):
        raise names.stale()
    reason = check_reason(context, text)
    filed = await _filed(context, str(kept.draft.filing))
    await _decide(context, filed, accepted=False, key=kept.key, reason=reason, kept=kept)
    await shown_again(context, kept)


async def shown_again(context: Context, kept: Draft) -> None:
    """What became of a return."""
    filed = await _filed(context, str(kept.draft.filing))
    one = described(context, filed)
    done = filed.verdict is Verdict.RETURNED
    await context.reply(
        Say(filings_text.returned(one, filed.year) if done else filings_text.decided_before(one))
    )
    if kept.message_id is not None:
        await dialogs.replaced(context, _please_decide(context, filed), kept.message_id)


async def _decide(
    context: Context,
    filed: Filed,
    *,
    accepted: bool,
    key: str,
    reason: str | None = None,
    kept: Draft | None = None,
) -> tuple[Filed, bool]:
    """The office's word, once, and the filer is told; the version as it stands now. Superseded."""
    async with context.database.transaction() as session:
        versions = await filings.versions(session, kind=filed.kind, unit=filed.unit, year=filed.year)
        now = next(one for one in versions if one.id == filed.id)
        if now.verdict is Verdict.WAITING:
            check_newest(now, versions)
        fresh = await filings.decide(
            session, filed.id, key=key, accepted=accepted, reason=reason, by=context.person.id, now=context.now
        )
        if kept is not None:
            await drafts.advance(session, kept, kept.draft, DraftState.DONE, deed=context.deed())
        decided = await filings.find(session, filed.id)
        assert decided is not None
        if fresh:
            await _tell_filer(session, context, decided)
    return decided, fresh


async def _tell_filer(session: Session, context: Context, filed: Filed) -> None:
    """Who filed it hears of it; where that one files for the unit no more, the unit's liaisons do."""
    one = described(context, filed)
    filer = await people.get(session, await filings.filer_of(session, filed.id) or 0)
    told = [filer] if filer is not None and files_for(filer, filed.unit) else []
    if not told and filed.unit is not None:
        told = await people.holding(session, {Role.LIAISON}, unit=filed.unit)
    again = filings_text.to_file(replace(one, newest=None), filed.year, "重新报送")
    for person in told:
        await notices.tell(
            session,
            context,
            person,
            filings_text.told(one, filed.year),
            key=f"filing{filed.id}d",
            buttons=((again,),) if filed.verdict is Verdict.RETURNED else (),
            kind=Kind.STEP,
        )
