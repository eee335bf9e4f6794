"""Taking an own entry of today back, with a trace: /undo and [撤销] (R11)."""

from datetime import datetime, time

from handlers.deduct import card, deduct_text
from handlers.deduct.entry import check_still_open
from handlers.frame import names, notices, notices_text, records
from handlers.frame.context import Context
from rules.entries import UNDO_REASON, Deduction, may_undo
from rules.recusal import PointMove, check_scorer
from rules.refusals import AlreadyReversed, NothingToUndo, NotYours, ReplacesAnother
from storage import ledger
from storage.database import Session


async def undo(context: Context) -> None:
    """/undo takes back the last own entry of today; /undo 12 or 撤销记录12 takes that one. NothingToUndo, NoSuchEntry."""
    number, rest = names.record(context.words)
    names.check_understood(rest)
    if number is not None:
        await _undo(context, number)
        return
    midnight = datetime.combine(context.today, time(), tzinfo=context.bureau.calendar.zone)
    async with context.database.transaction() as session:
        entry = await ledger.target_of(session, context.deed_key())
        if entry is None:
            entry = await ledger.last_of_author(session, context.person.id, since=midnight)
            if entry is None or entry.unit not in context.sight().units:
                raise NothingToUndo
            _check(context, entry)
            await _reverse(session, context, entry, key=context.deed_key())
    await card.refresh(context, entry.number)
    await card.send(context, entry.number)


async def _undo(context: Context, number: int) -> None:
    async with context.database.transaction() as session:
        if await ledger.target_of(session, context.deed_key()) is None:
            entry = await records.entry(session, context, number)
            _check(context, entry)
            await _reverse(session, context, entry, key=context.deed_key())
    await card.refresh(context, number)
    await card.send(context, number)


async def undo_pressed(context: Context) -> None:
    """[撤销] on a card: its author, on the same day, once."""
    number = names.number(context.argument(0))
    async with context.database.transaction() as session:
        entry = await records.entry(session, context, number)
        if not (context.again and not entry.lives):
            _check(context, entry)
            await _reverse(session, context, entry, key=context.press_key())
    await context.toast(deduct_text.undone(number))
    await context.rewrite(await card.card(context, number))


def _check(context: Context, entry: Deduction) -> None:
    logged_on = context.bureau.calendar.day(entry.at)
    if may_undo(entry, context.person.id, context.today, logged_on):
        check_scorer(context.person, context.bureau.unit(entry.unit), context.bureau, PointMove.UNDO)
        return
    if not entry.lives:
        raise AlreadyReversed(entry)
    if entry.author_id == context.person.id and entry.replaces is not None:
        raise ReplacesAnother(entry.number)
    raise NotYours(entry, another_day=entry.author_id == context.person.id)


async def _reverse(session: Session, context: Context, entry: Deduction, *, key: str) -> None:
    unit = context.bureau.unit(entry.unit)
    await check_still_open(session, unit, entry.quarter, context)
    await ledger.reverse(
        session,
        entry,
        key=key,
        author_id=context.person.id,
        reason=UNDO_REASON,
        at=context.moment,
        now=context.now,
    )
    text = notices_text.reversed_(entry, unit, UNDO_REASON)
    await notices.plan(session, context, unit, text, key=f"c{entry.number}", entry=entry.number, appeal=False)
