"""A unit's head looks at what the liaison returned: signs it, or gives it back with a reason (R9)."""

from telegram.error import BadRequest

from handlers.frame import dialogs, names, records
from handlers.frame.context import Context
from handlers.frame.reply import Button, Say
from handlers.frame.text_guards import check_reason
from handlers.months import monthly_text, returning
from rules.bureau import Unit
from rules.draft import GiveBackDraft
from rules.people import Role
from rules.recusal import PointMove, check_not_oneself
from rules.returns import Return
from storage import drafts, returns
from storage.database import Session
from storage.drafts import DraftState, Kept

Draft = Kept[GiveBackDraft]


async def see_pressed(context: Context) -> None:
    """[核对并签字] of a reminder: the table, with what can be done about it."""
    async with context.database.reading() as session:
        unit, sent = await _version(session, context, names.number(context.argument(0)))
        waits = await _waits(session, unit, sent)
        table = await returning.returned(session, sent)
    if waits:
        text = monthly_text.please_sign(unit, sent, table.officers, table.names)
        await context.reply(Say(text, returning.signing_buttons(sent, table, context.person)))
    else:
        await context.toast(monthly_text.not_waiting(sent), alert=True)


async def _version(session: Session, context: Context, number: int) -> tuple[Unit, Return]:
    """The version, if it is of a unit that the person heads now; Stale for any other."""
    sent = await records.return_(session, context, number)
    return returning.unit_for(context, sent.unit, Role.UNIT_HEAD), sent


async def _waits(session: Session, unit: Unit, sent: Return) -> bool:
    waiting = (await returning.of_month(session, unit, sent.month)).waiting
    return waiting is not None and waiting.id == sent.id


async def sign_pressed(context: Context) -> None:
    """[签字]: once, and what is signed is with the office."""
    number = names.number(context.argument(0))
    async with context.database.transaction() as session:
        unit, sent = await _version(session, context, number)
        table = await returning.returned(session, sent)
        check_not_oneself(context.person, table.taken_from, PointMove.SIGN)
        fresh = await _waits(session, unit, sent) and await returns.sign(
            session, sent, by=context.person.id, at=context.moment, now=context.now
        )
        after = await returns.find(session, number)
        assert after is not None
        late = await returning.lateness(session, context, after)
        if fresh:
            text = monthly_text.told_signed(unit, after, late=late)
            await returning.tell_liaisons(session, context, unit, text, key=f"mrk{number}")
            await returning.arrived(session, context, unit, after)
    if fresh or (context.again and after.signed_by is not None):
        await _without_buttons(context)
        await context.reply(Say(monthly_text.signed(unit, after, late=late)))
    else:
        await context.toast(monthly_text.not_waiting(after), alert=True)


async def _without_buttons(context: Context) -> None:
    try:
        await context.bot.edit_message_reply_markup(context.chat_id, context.message.message_id)
    except BadRequest as error:
        if "not modified" not in error.message:
            raise


async def give_back_pressed(context: Context) -> None:
    """[退回联络员]: asks why, before anything is given back."""
    async with context.database.reading() as session:
        unit, sent = await _version(session, context, names.number(context.argument(0)))
        opened = await drafts.opened_by(session, context.press_key())
        waits = await _waits(session, unit, sent)
    if opened is not None:
        await shown_again(context, opened)
    elif waits:
        kept = await dialogs.opened(context, GiveBackDraft(sent.id))
        await dialogs.send(context, kept, _ask(kept, unit, sent))
    else:
        await context.toast(monthly_text.not_waiting(sent), alert=True)


def _ask(kept: Draft, unit: Unit, sent: Return) -> Say:
    return Say(monthly_text.ask_why_back(unit, sent), ((Button("取消", f"mrq:{kept.id}"),),))


async def cancel_pressed(context: Context) -> None:
    """It is not given back after all."""
    async with context.database.transaction() as session:
        kept = await dialogs.own(session, context, GiveBackDraft)
        if kept.state is DraftState.OPEN:
            await drafts.advance(session, kept, kept.draft, DraftState.DROPPED, deed=context.deed())
    if kept.state is DraftState.DONE:
        await context.toast(monthly_text.settled(), alert=True)
        return
    await context.rewrite(Say(monthly_text.not_given_back()))


async def feed(context: Context, kept: Draft, text: str) -> None:
    """The reason: the version counts as not sent, and the liaison is told."""
    reason = check_reason(context, text)
    async with context.database.transaction() as session:
        unit, sent = await _version(session, context, kept.draft.number)
        fresh = await _waits(session, unit, sent) and await returns.give_back(
            session, sent, reason=reason, by=context.person.id, at=context.moment, now=context.now
        )
        state = DraftState.DONE if fresh else DraftState.DROPPED
        kept = await drafts.advance(session, kept, kept.draft, state, deed=context.deed())
        after = await returns.find(session, sent.id)
        assert after is not None
        if fresh:
            button = ((Button("核对并报送", f"mrb:{unit.code}:{sent.month}"),),)
            told = monthly_text.told_given_back(unit, after)
            await returning.tell_liaisons(session, context, unit, told, key=f"mrk{sent.id}", buttons=button)
    await dialogs.show(context, kept, Say(_outcome(unit, after, fresh=fresh)))


def _outcome(unit: Unit, sent: Return, *, fresh: bool) -> str:
    return monthly_text.given_back(unit, sent) if fresh else monthly_text.not_waiting(sent)


async def shown_again(context: Context, kept: Draft) -> None:
    """Handled again: where it stands now."""
    async with context.database.reading() as session:
        unit, sent = await _version(session, context, kept.draft.number)
    if kept.state is DraftState.OPEN:
        await dialogs.show(context, kept, _ask(kept, unit, sent))
    elif kept.state is DraftState.DONE:
        await dialogs.show(context, kept, Say(monthly_text.given_back(unit, sent)))
    else:
        await dialogs.show(context, kept, Say(monthly_text.not_given_back()))
