"""The reason of an entry that was logged without one: the next text, or a reply to its card (R12, Reason)."""

from handlers import card, names
from handlers.answer import Say
from handlers.context import Context
from handlers.words import common
from handlers.words import deduct as words
from rules.entries import LONGEST_REASON, REASON_WAIT, Deduction
from rules.reading import is_like_command
from rules.refusals import AlreadyReversed, EmptyReason, HasReason, NoSuchEntry, NotYours
from storage import cards, ledger
from storage.cards import Card


async def ask_pressed(context: Context) -> None:
    """[补充原因]: ask for it with a message that can be replied to."""
    number = names.number(context.argument(0))
    async with context.database.reading() as session:
        entry = await ledger.deduction(session, number)
    _check(context, entry, number)
    assert entry is not None
    message = await context.reply(Say(words.ask_reason(entry, context.bureau), ask_reply=True))
    asks = Card(message.chat_id, message.message_id, number, asks=True)
    async with context.database.transaction() as session:
        await cards.remember(session, asks, now=context.now)


async def plain(context: Context) -> None:
    """Text that is no command: the reason of the entry it replies to, or of the one that waits for it."""
    text = context.words.strip()
    entry = await _meant(context)
    if entry is None:
        if context.in_private:
            await context.reply(Say(common.plain_text()))
        return
    if is_like_command(text, names.vocabulary(context), context.services.bare_words):
        await context.reply(Say(words.like_command()))
        return
    checked = check_reason(text)
    async with context.database.transaction() as session:
        again = await ledger.target_of(session, context.deed_key())
        if again is None:
            current = await ledger.deduction(session, entry.number)
            _check(context, current, entry.number)
            await ledger.give_reason(
                session,
                entry,
                key=context.deed_key(),
                author_id=context.person.id,
                reason=checked,
                at=context.moment,
                now=context.now,
            )
    if not await card.refresh(context, entry.number):
        await card.send(context, entry.number)
        return
    await context.reply(Say(words.reason_kept(entry.number)))


async def _meant(context: Context) -> Deduction | None:
    """The entry that the text is about."""
    reply = context.message.reply_to_message
    async with context.database.reading() as session:
        done = await ledger.target_of(session, context.deed_key())
        if done is not None:
            return done
        if reply is not None:
            found = await cards.find(session, context.chat_id, reply.message_id)
            return None if found is None else await ledger.deduction(session, found.number)
        if not context.in_private:
            return None
        waiting = await ledger.without_reason(session, context.person.id, since=context.moment - REASON_WAIT)
    return waiting[0] if len(waiting) == 1 else None


def _check(context: Context, entry: Deduction | None, number: int) -> None:
    if entry is None:
        raise NoSuchEntry(number)
    if entry.author_id != context.person.id:
        raise NotYours(entry, another_day=False)
    if not entry.lives:
        raise AlreadyReversed(entry)
    if entry.reason is not None:
        raise HasReason(entry)


def check_reason(text: str) -> str:
    """The reason as it is kept; EmptyReason for one without words or too long (R12)."""
    reason = text.strip()
    if not any(sign.isalnum() for sign in reason) or len(reason) > LONGEST_REASON:
        raise EmptyReason(LONGEST_REASON)
    return reason
