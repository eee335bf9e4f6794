"""/deduct: a line becomes an entry of the ledger, answered with one card; what is missing is asked for."""

from dataclasses import replace
from typing import Any

from handlers.deduct import batch, card, drafting, entry, steps
from handlers.deduct.line import read, understood
from handlers.evidence import files, unplaced
from handlers.frame import names
from handlers.frame.context import Context, in_hand
from rules.calendar import Quarter
from rules.draft import DeductionDraft
from rules.reading import Entry, Message, Outcome
from rules.stages import check_open
from storage import drafts, ledger
from storage.database import Session
from storage.drafts import Kept


async def deduct(context: Context) -> None:
    """/deduct 城关所 治安管理 2 [原因…], in any order of unit and item; several lines, or several units, are a batch."""
    # A new message, which is nearly every one, is asked only where it would open a question: the ledger asks for itself.
    if in_hand.get().again and await _answered_before(context):
        return
    await take(context, read(context, context.words))


async def take(context: Context, message: Message, *, confirm: bool = False) -> None:
    """One deduction of a message, or all of them together; `confirm` shows a single one before it is written, too."""
    open_lines = [line for line in message.lines if not line.note]
    entries = message.entries
    beside = len(open_lines) > 1 or (message.denied and all(said.clear for said in entries))
    if len(entries) > 1 or (entries and beside):
        if not await _answered_before(context):
            await batch.preview(context, message)
        return
    said = entries[0] if entries else Entry()
    await single(context, said, confirm=confirm or message.outcome is Outcome.CONFIRM)


async def single(context: Context, said: Entry, *, confirm: bool = False) -> None:
    """One deduction: written at once where all is said, else asked for step by step; `confirm` shows it first."""
    draft = understood(context, said)
    sent = await files.receive(context)
    missing = not draft.units or not (draft.criterion or (draft.items and draft.points is not None))
    if missing or draft.suggested or confirm or context.by_inline:
        draft = replace(draft, guided=True)
    if steps.question(context, draft) is not None:
        if not await _answered_before(context):
            await drafting.begin(context, draft, sent)
        return

    async def write(session: Session) -> int:
        # Handled again, it finds what it wrote.
        return await entry.write(
            session, context, draft, key=context.deed_key(), moment=context.moment, files=sent
        )

    try:
        written = await context.database.write_and_look(write, card.looking(context))
    except entry.LikelyRepeated as repeated:
        await drafting.ask_whether_repeated(context, draft, repeated.entry, sent)
        return
    await card.send_seen(context, *written)
    await unplaced.remind(context)


async def _answered_before(context: Context) -> bool:
    """Handled again, a message shows what came of it."""
    key = context.deed_key()

    async def look(session: Session) -> tuple[int | None, Kept[Any] | None]:
        return await ledger.written_by(session, key), await drafts.opened_by(session, key)

    number, kept = await context.database.read(look)
    if number is not None:
        await card.send(context, number)
    elif kept is not None and isinstance(kept.draft, DeductionDraft):
        await drafting.send(context, kept)
    elif kept is not None:
        await batch.send(context, kept)
    return number is not None or kept is not None


async def unit_pressed(context: Context) -> None:
    """A unit of a reminder: the dialog begins with it, in the quarter that the reminder was about."""
    unit = names.unit_of(context, context.argument(0))
    try:
        quarter = Quarter.parse(context.argument(1))
    except ValueError:
        raise names.stale() from None
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.press_key())
    if opened is not None:
        await drafting.send(context, opened)
        return
    entry.check_scorable(context, unit)
    check_open(context.course_of(unit, quarter))
    draft = DeductionDraft(at=context.moment, units=(unit.code,), quarter=quarter, guided=True)
    await drafting.begin(context, draft, [])
