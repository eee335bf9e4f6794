"""What a correction does, whoever decided it: a reversal, perhaps an entry in its place, and word to everyone concerned."""

from datetime import datetime

from handlers.correct import correct_text
from handlers.frame import notices, notices_text
from handlers.frame.context import Context
from rules.access import Deed, may
from rules.corrections import NewEntry
from rules.entries import Deduction
from storage import evidence, ledger, people
from storage.database import Session


async def carry_out(
    session: Session,
    context: Context,
    old: Deduction,
    new: NewEntry | None,
    *,
    key: str,
    author_id: int,
    reason: str,
    moment: datetime,
) -> int | None:
    """Reverse the entry and put the new one in its place, in the open transaction; the new number, if any (R11).

    The new one counts in the original's quarter and keeps its files.
    """
    await ledger.reverse(
        session, old, key=f"{key}:r", author_id=author_id, reason=reason, at=moment, now=context.now
    )
    number = None
    if new is not None:
        number = await _replace(session, context, old, new, key=f"{key}:n", author_id=author_id, moment=moment)
    await _tell(session, context, old, number, reason, by=author_id)
    return number


async def _replace(
    session: Session,
    context: Context,
    old: Deduction,
    new: NewEntry,
    *,
    key: str,
    author_id: int,
    moment: datetime,
) -> int:
    group = context.bureau.group_for(context.bureau.unit(new.unit))
    written = await ledger.deduct(
        session,
        key=key,
        unit=new.unit,
        item=new.item,
        points=new.points,
        quarter=old.quarter,
        inspected_on=new.inspected_on or old.inspected_on,
        author_id=author_id,
        reason=new.reason,
        at=moment,
        now=context.now,
        group=group.name if group else "",
        basis=new.basis,
        replaces=old.number,
    )
    files = [file.id for file in await evidence.of(session, entry=old.number)]
    if files:
        await evidence.attach(session, files, entry=written.number, at=context.now, person_id=context.person.id)
    return written.number


async def _tell(
    session: Session, context: Context, old: Deduction, number: int | None, reason: str, *, by: int
) -> None:
    """The units' liaisons hear of it, and the entry's author, unless the change was made `by` it."""
    unit = context.bureau.unit(old.unit)
    new = await ledger.deduction(session, number) if number is not None else None
    if new is None:
        text = notices_text.reversed_(old, unit, reason)
    elif new.unit == old.unit:
        text = notices_text.replaced(old, unit, new, reason)
    else:
        text = notices_text.moved_away(old, unit, reason)
        other = context.bureau.unit(new.unit)
        told = notices_text.entry(new.number, other, new.item, new.points, new.reason)
        await notices.plan(session, context, other, told, key=f"e{new.number}", entry=new.number)
    same = new if new is not None and new.unit == old.unit else None
    await notices.plan(
        session, context, unit, text, key=f"c{old.number}", entry=(same or old).number, appeal=same is not None
    )
    author, maker = await people.get(session, old.author_id), await people.get(session, by)
    if author is not None and maker is not None and author.id != maker.id and may(author, Deed.DEDUCT):
        told = correct_text.told_author(old, context.bureau, new, maker.name, reason)
        await notices.tell(session, context, author, told, key=f"ca{old.number}")
