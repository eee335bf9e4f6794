"""The reason of an entry that was logged without one: the next text, or a reply to its card (R12, Reason)."""

from handlers.deduct import card, deduct_text, line
from handlers.deduct.entry import check_still_open
from handlers.evidence import files_text
from handlers.frame import dialogs, names, notices, notices_text, records
from handlers.frame.context import Context
from handlers.frame.reply import Button, Say, in_rows
from handlers.frame.text_guards import check_reason
from rules.access import Deed, may
from rules.draft import ReasonDraft
from rules.entries import LONGEST_REASON, REASON_WAIT, Deduction
from rules.reading import may_be_reason, reason_of
from rules.recusal import PointMove, check_recusal
from rules.refusals import AlreadyReversed, EmptyReason, HasReason, NotYours
from storage import cards, ledger
from storage.cards import Card
from storage.database import Session
from storage.drafts import DraftState, Kept


async def ask_pressed(context: Context) -> None:
    """[补充原因]: ask for it with a message that can be replied to."""
    number = names.number(context.argument(0))
    async with context.database.reading() as session:
        entry = await records.entry(session, context, number)
    _check(context, entry)
    message = await context.reply(Say(deduct_text.ask_reason(entry, context.bureau), ask_reply=True))
    asks = Card(message.chat_id, message.message_id, number, asks=True)
    async with context.database.transaction() as session:
        await cards.remember(session, asks, now=context.now)


async def taken(context: Context) -> bool:
    """Whether the text was the reason of an entry: the one it replies to, or the one that waits for it."""
    if not may(context.person, Deed.DEDUCT):
        return False
    text = context.words.strip()
    async with context.database.reading() as session:
        entries = await _meant(session, context)
    if not entries:
        return False
    if not any(sign.isalnum() for sign in text):
        raise EmptyReason(LONGEST_REASON)
    if not may_be_reason(text, line.setting(context, command=False), context.services.bare_words):
        return False
    text = reason_of(text)
    if len(entries) == 1:
        await _keep(context, entries[0], text, key=context.deed_key())
    else:
        await _ask_which(context, entries, text)
    return True


async def waiting_for(context: Context) -> int | None:
    """The number of the one entry that waits for the text as its reason, where it can be one; None where it is not clear."""
    if not may(context.person, Deed.DEDUCT) or not any(sign.isalnum() for sign in context.words):
        return None
    text = context.words.strip()
    if not may_be_reason(text, line.setting(context, command=False), context.services.bare_words):
        return None
    async with context.database.reading() as session:
        entries = await _meant(session, context)
    if len(entries) != 1 or entries[0].unit in context.person.own_units:
        return None
    return entries[0].number


async def _meant(session: Session, context: Context) -> list[Deduction]:
    """The entries that the text may be about, as far as the person sees them; one where it is clear."""
    found = await _written_about(session, context)
    return [entry for entry in found if entry.unit in context.sight().units]


async def _written_about(session: Session, context: Context) -> list[Deduction]:
    done = await ledger.target_of(session, context.deed_key())
    if done is not None:
        return [done]
    reply = context.message.reply_to_message
    if reply is not None:
        found = await cards.find(session, context.chat_id, reply.message_id)
        entry = await ledger.deduction(session, found.number) if found is not None else None
        return [] if entry is None else [entry]
    if not context.in_private:
        return []
    asked = await cards.last_asking(session, context.chat_id, since=context.moment - REASON_WAIT)
    entry = await ledger.deduction(session, asked.number) if asked is not None else None
    if entry is not None and entry.lives and entry.reason is None and entry.author_id == context.person.id:
        return [entry]
    return await ledger.without_reason(session, context.person.id, since=context.moment - REASON_WAIT)


async def _keep(context: Context, entry: Deduction, text: str, *, key: str) -> None:
    checked = check_reason(context, text)
    unit = context.bureau.unit(entry.unit)
    async with context.database.transaction() as session:
        if await ledger.target_of(session, key) is None:
            _check(context, await records.entry(session, context, entry.number))
            await check_still_open(session, unit, entry.quarter, context)
            written = await ledger.give_reason(
                session,
                entry,
                key=key,
                author_id=context.person.id,
                reason=checked,
                at=context.moment,
                now=context.now,
            )
            notice = notices_text.reason_given(entry, unit, checked)
            await notices.plan(
                session, context, unit, notice, key=f"e{written.number}", entry=entry.number, appeal=False
            )
    if not await card.refresh(context, entry.number):
        await card.send(context, entry.number)
        return
    await context.reply(Say(deduct_text.reason_kept(entry.number)))


async def _ask_which(context: Context, entries: list[Deduction], text: str) -> None:
    """Several entries wait for their reason: buttons ask which one this is (Reason)."""
    draft = ReasonDraft(check_reason(context, text), tuple(entry.number for entry in entries))
    await ask_again(context, await dialogs.opened(context, draft))


async def ask_again(context: Context, kept: Kept[ReasonDraft]) -> None:
    """Which entry is the text the reason of?"""
    async with context.database.reading() as session:
        entries = await ledger.several(session, kept.draft.numbers)
    buttons = [
        Button(files_text.target(e, context.bureau.unit(e.unit)), f"r:{kept.id}:{e.number}") for e in entries
    ]
    none = Button("都不是", f"r:{kept.id}:x")
    await context.reply(Say(deduct_text.which_reason(kept.draft.text), (*in_rows(buttons, 1), (none,))))


async def which_pressed(context: Context) -> None:
    """The entry was chosen."""
    async with context.database.reading() as session:
        kept = await dialogs.own(session, context, ReasonDraft)
    if kept.state is not DraftState.OPEN and kept.last_deed != context.deed():
        await context.toast(deduct_text.reason_settled(), alert=True)
        return
    if context.argument(1) == "x":
        await dialogs.moved(context, kept, kept.draft, DraftState.DROPPED)
        await context.rewrite(Say(deduct_text.no_reason()))
        return
    number = names.number(context.argument(1))
    if number not in kept.draft.numbers:
        raise names.stale()
    async with context.database.reading() as session:
        entry = await records.entry(session, context, number)
    await _keep(context, entry, kept.draft.text, key=kept.key)
    await dialogs.moved(context, kept, kept.draft, DraftState.DONE)
    await context.rewrite(Say(deduct_text.reason_kept(number)))


def _check(context: Context, entry: Deduction) -> None:
    if entry.author_id != context.person.id:
        raise NotYours(entry, another_day=False)
    check_recusal(context.person, context.bureau.unit(entry.unit), PointMove.REASON)
    if not entry.lives:
        raise AlreadyReversed(entry)
    if entry.reason is not None:
        raise HasReason(entry)
