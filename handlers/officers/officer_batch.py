"""Several deductions on officers in one message: seen together, then written together (R9)."""

from dataclasses import replace

from handlers.frame import dialogs, names
from handlers.frame.context import Context
from handlers.frame.refusal_text import plain_sentence
from handlers.frame.reply import Button, Say
from handlers.officers import officer_batch_text, officer_entry, officer_line
from handlers.officers.officer_entry import Clear
from handlers.officers.staff import Staff
from handlers.officers.staff import of as staff_of
from rules.draft import OfficerBatchDraft, OfficerBatchLine, OfficerDraft
from rules.months import Month
from rules.private_numbers import masked
from rules.reading import LONGEST_BATCH, Entry, Message
from rules.recusal import PointMove, check_not_oneself
from rules.refusals import Missing, Refusal, SeveralMeant, TooManyLines
from storage import drafts, officer_ledger
from storage.database import Session
from storage.drafts import DraftState, Kept

ALL, DROP = "all", "x"


async def preview(context: Context, found: Staff, message: Message) -> None:
    """Show what was understood of each line; nothing is written yet. TooManyLines."""
    count = sum(len(line.entries) or not line.note for line in message.lines)
    if count > LONGEST_BATCH:
        raise TooManyLines(count, LONGEST_BATCH)
    lines: list[OfficerBatchLine] = []
    for line in message.lines:
        for said in line.entries:
            lines.append(await _line(context, found, len(lines) + 1, line.text, said))
        if not line.entries and not line.note:
            lines.append(
                OfficerBatchLine(len(lines) + 1, masked(line.text), problem=officer_batch_text.no_deduction())
            )
    draft = OfficerBatchDraft(context.moment, tuple(lines), await _months(context, found, lines))
    await send(context, await dialogs.opened(context, draft))


async def _line(context: Context, found: Staff, number: int, text: str, said: Entry) -> OfficerBatchLine:
    try:
        draft = officer_line.understood(context, found, said)
        _check_whole(draft)
        check_not_oneself(context.person, set(draft.officers), PointMove.LOG)
        officer_entry.clear(context, await _staff(context, found, draft), draft)
    except Refusal as refusal:
        return OfficerBatchLine(number, masked(text), problem=plain_sentence(refusal))
    return OfficerBatchLine(number, masked(text), draft=draft)


def _check_whole(draft: OfficerDraft) -> None:
    """Refuse a line in which something is open: Missing, SeveralMeant."""
    there = (("民警", draft.officers), ("项目", draft.items), ("分值", draft.points is not None))
    missing = tuple(name for name, known in there if not known)
    if missing:
        raise Missing(missing)
    if len(draft.officers) > 1:
        raise SeveralMeant("民警", ())
    if len(draft.items) > 1:
        raise SeveralMeant("项目", draft.items)


async def _staff(context: Context, found: Staff, draft: OfficerDraft) -> Staff:
    if draft.month is None or draft.month == found.month:
        return found
    async with context.database.reading() as session:
        return await staff_of(session, context, draft.month)


async def _months(context: Context, found: Staff, lines: list[OfficerBatchLine]) -> tuple[Month, ...]:
    """The months to choose from where a line names none and the last one may be meant: asked once for all."""
    now = Month.of(context.today)
    async with context.database.reading() as session:
        for line in lines:
            pair = found.find(line.draft.officers[0]) if line.draft and line.draft.month is None else None
            if pair is not None and await officer_entry.may_be_of_last_month(
                session, context, pair[1], pair[0]
            ):
                return (now.previous, now)
    return ()


def _in_month(draft: OfficerDraft, months: tuple[Month, ...]) -> OfficerDraft:
    return replace(draft, month=months[0]) if draft.month is None and months else draft


async def send(context: Context, kept: Kept[OfficerBatchDraft]) -> None:
    """The preview, with its buttons."""
    draft, data = kept.draft, f"ob:{kept.id}"
    good, bad = len(draft.understood), len(draft.lines) - len(draft.understood)
    drop = Button("都不记", f"{data}:{DROP}")
    rows: list[tuple[Button, ...]]
    if good and draft.months:
        rows = [
            (Button(officer_batch_text.into(month, good), f"{data}:{ALL}:{place}"),)
            for place, month in enumerate(draft.months)
        ]
        rows.append((drop,))
    elif good:
        rows = [(Button(f"只记入 {good} 条" if bad else f"全部记入（{good} 条）", f"{data}:{ALL}"), drop)]
    else:
        rows = [(drop,)]
    await context.reply(Say(officer_batch_text.preview(draft, await _clear(context, draft)), tuple(rows)))


async def _clear(context: Context, draft: OfficerBatchDraft) -> dict[int, Clear]:
    """The lines as they would stand in the ledger, by their numbers."""
    staffs: dict[Month, Staff] = {}
    clear: dict[int, Clear] = {}
    async with context.database.reading() as session:
        for line in draft.understood:
            assert line.draft is not None
            said = _in_month(line.draft, draft.months[-1:])
            month = said.month or officer_entry.month_of(context, draft.at)
            if month not in staffs:
                staffs[month] = await staff_of(session, context, month)
            clear[line.number] = officer_entry.clear(context, staffs[month], said)
    return clear


async def pressed(context: Context) -> None:
    """全部记入, 只记入 N 条 or 都不记: once, by the one who sent the lines."""
    async with context.database.transaction() as session:
        kept = await dialogs.own(session, context, OfficerBatchDraft)
        if kept.state is DraftState.OPEN:
            state = DraftState.DONE if context.argument(1) == ALL else DraftState.DROPPED
            if state is DraftState.DONE:
                await _write(session, context, kept)
            kept = await drafts.advance(session, kept, kept.draft, state, deed=context.deed())
    if kept.last_deed != context.deed():
        await context.toast(officer_batch_text.before(done=kept.state is DraftState.DONE), alert=True)
    elif kept.state is DraftState.DROPPED:
        await context.rewrite(Say(officer_batch_text.dropped(len(kept.draft.lines))))
    else:
        await _tell(context, kept)


async def _write(session: Session, context: Context, kept: Kept[OfficerBatchDraft]) -> None:
    """Every line that was understood, in one transaction: all of them, or none."""
    draft = kept.draft
    place = names.number(context.argument(2)) if draft.months else 0
    if draft.months and place >= len(draft.months):
        raise names.stale()
    for line in draft.understood:
        assert line.draft is not None
        said = _in_month(line.draft, draft.months[place:][:1])
        await officer_entry.write(session, context, said, key=f"{kept.key}:{line.number}")


async def _tell(context: Context, kept: Kept[OfficerBatchDraft]) -> None:
    async with context.database.reading() as session:
        numbers = [
            await officer_ledger.written_by(session, f"{kept.key}:{line.number}")
            for line in kept.draft.understood
        ]
    clear = await _clear(context, kept.draft)
    await context.rewrite(
        Say(officer_batch_text.done(kept.draft, [n for n in numbers if n is not None], clear))
    )
