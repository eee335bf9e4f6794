"""Putting an entry on an officer right: taken back on its day, or reversed and replaced with a reason (R9, R11)."""

from dataclasses import dataclass
from decimal import Decimal

from handlers.deduct.line import value_refusal
from handlers.frame import dialogs, names, records
from handlers.frame.context import Context
from handlers.frame.reply import Say
from handlers.frame.text_guards import check_is_reason, check_reason
from handlers.officers import officer_entry, officer_line, officers_text, staff
from rules.draft import OfficerNoteDraft
from rules.entries import UNDO_REASON
from rules.numbers import check_points
from rules.officers import OfficerDeduction
from rules.reading import Entry, Standing, Why, read_correction
from rules.recusal import PointMove, check_not_oneself
from rules.refusals import (
    EmptyCommand,
    NothingChanges,
    NotThisDaysEntry,
    OfficerEntryReversed,
    UnknownName,
)
from storage import drafts, officer_ledger
from storage.database import Session
from storage.drafts import DraftState, Kept
from storage.officer_ledger import Place

Note = Kept[OfficerNoteDraft]

UNDO, FIX = "撤销", "更正"
WORDS = frozenset({UNDO, FIX})


@dataclass(frozen=True, slots=True)
class Change:
    """What shall stand in an entry's place, and why; `place` None: nothing does."""

    reason: str
    place: Place | None = None
    item: str = ""
    points: Decimal = Decimal(0)


async def typed(context: Context, word: str, rest: str) -> None:
    """/officer 撤销 12 原因, /officer 更正 12 0.5 原因."""
    async with context.database.reading() as session:
        done = await officer_ledger.target_of(session, f"{context.deed_key()}:r")
    if done is not None:
        await officer_entry.send_card(context, done)
        return
    number, _, text = rest.removeprefix("#").partition(" ")
    if not names.is_number(number):
        raise EmptyCommand(f"/officer {word} 12 {'误记' if word == UNDO else '0.5 核实只有一次'}")
    if not text.strip():
        await _ask(context, int(number))
        return
    async with context.database.transaction() as session:
        entry = await _living(session, context, int(number))
        what = f"{UNDO} {text}" if word == UNDO else text
        shown = await _put_right(session, context, entry, what, key=context.deed_key())
    await officer_entry.send_card(context, shown)


async def undo_pressed(context: Context) -> None:
    """[撤销] on a card: its author, on the same day, once."""
    number = names.number(context.argument(0))
    async with context.database.transaction() as session:
        entry = await records.officer_entry(session, context, number)
        if not (context.again and not entry.lives):
            check_not_oneself(context.person, {entry.officer}, PointMove.UNDO)
            if not officer_entry.may_undo(context, entry):
                raise NotThisDaysEntry(number) if entry.lives else OfficerEntryReversed(number)
            await _reverse(session, context, entry, UNDO_REASON, key=context.press_key())
    await context.toast(officers_text.undone(number))
    await context.rewrite((await officer_entry.card(context, number))[0])


async def fix_pressed(context: Context) -> None:
    """[更正] on a card: asks what is right, and why."""
    await _ask(context, names.number(context.argument(0)))


async def why_pressed(context: Context) -> None:
    """[补充原因] on a card: asks for it."""
    await _ask(context, names.number(context.argument(0)), asks="reason")


async def _ask(context: Context, number: int, *, asks: str = "correction") -> None:
    async with context.database.reading() as session:
        entry = await _living(session, context, number)
    if asks == "reason" and entry.reason is not None:
        raise NothingChanges(number)
    draft = OfficerNoteDraft(number, asks, context.moment + officer_entry.WAIT)
    kept = await dialogs.opened(context, draft)
    text = officers_text.ask_reason(entry) if asks == "reason" else officers_text.ask_correction(entry)
    await dialogs.send(context, kept, Say(text, ask_reply=True))


async def feed(context: Context, kept: Note, text: str) -> None:
    """The words that an entry waited for."""
    async with context.database.transaction() as session:
        entry = await _living(session, context, kept.draft.number)
        if kept.draft.asks == "reason":
            found = await staff.of(session, context, entry.month)
            reason = check_is_reason(context, text, officer_line.setting(context, found))
            await officer_ledger.give_reason(
                session, entry, key=kept.key, author_id=context.person.id, reason=reason, at=context.moment,
                now=context.now,
            )  # fmt: skip
            shown = entry.number
        else:
            shown = await _put_right(session, context, entry, text, key=kept.key)
        await drafts.advance(session, kept, kept.draft, DraftState.DONE, deed=context.deed())
    await officer_entry.send_card(context, shown)


async def shown_again(context: Context, kept: Note) -> None:
    """Handled again: the card as it stands now."""
    async with context.database.reading() as session:
        new = await officer_ledger.written_by(session, f"{kept.key}:n")
    await officer_entry.send_card(context, new or kept.draft.number)


async def _living(session: Session, context: Context, number: int) -> OfficerDeduction:
    entry = await records.officer_entry(session, context, number)
    check_not_oneself(context.person, {entry.officer}, PointMove.CORRECT)
    if not entry.lives:
        raise OfficerEntryReversed(number)
    return entry


async def _put_right(
    session: Session, context: Context, entry: OfficerDeduction, text: str, *, key: str
) -> int:
    """Reverse the entry, and put the right one in its place where there is one; the number that stands now."""
    change = await _read(session, context, entry, text)
    await _reverse(session, context, entry, change.reason, key=f"{key}:r")
    if change.place is None:
        return entry.number
    written = await officer_ledger.deduct(
        session,
        change.place,
        key=f"{key}:n",
        item=change.item,
        points=change.points,
        author_id=context.person.id,
        reason=entry.reason or change.reason,
        found_on=entry.found_on,
        at=context.moment,
        now=context.now,
        replaces=entry.number,
    )
    return written.number


async def _reverse(
    session: Session, context: Context, entry: OfficerDeduction, reason: str, *, key: str
) -> None:
    await officer_ledger.reverse(
        session, entry, key=key, author_id=context.person.id, reason=reason, at=context.moment, now=context.now
    )


async def _read(session: Session, context: Context, entry: OfficerDeduction, text: str) -> Change:
    """What is right and why: 撤销 原因, or the words that differ and then the reason. NothingChanges."""
    word, _, rest = text.strip().partition(" ")
    if word == UNDO:
        return Change(check_reason(context, rest))
    found = await staff.of(session, context, entry.month)
    standing = Standing(str(entry.officer), entry.item, entry.points)
    said = read_correction(text, standing, officer_line.setting(context, found))
    if said.cancel:
        return Change(check_reason(context, said.why or ""))
    for doubt in said.doubts:
        if doubt.why not in (Why.MISSING, Why.LEFT):
            raise value_refusal(context, Entry(), doubt)
    officer = int(said.unit) if said.unit is not None else entry.officer
    check_not_oneself(context.person, {officer}, PointMove.CORRECT)
    item, points = said.item or entry.item, said.points if said.points is not None else entry.points
    if said.doubts or (officer, item, points) == (entry.officer, entry.item, entry.points) or not said.why:
        raise NothingChanges(entry.number)
    pair = found.find(officer)
    if pair is None:
        raise names.stale()
    scheme = found.scheme(pair[1])
    known = scheme.item(item)
    if known is None:
        raise UnknownName("项目", item, tuple(i.name for i in scheme.items))
    check_points(points, known)
    place = Place(officer, pair[1].code, entry.month)
    return Change(check_reason(context, said.why), place, item, points)
