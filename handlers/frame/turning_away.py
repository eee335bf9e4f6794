"""What is said to who is not in the list, or gives a command where none is taken: by and by, and once a minute."""

from typing import Any

from telegram import ReplyParameters
from telegram.constants import ParseMode
from telegram.ext import ExtBot

from handlers.frame import wording
from handlers.frame.context import Context
from handlers.frame.refusal_text import sentence
from handlers.people import people_text
from rules.refusals import WrongChat
from rules.turning_away import Why
from storage import strangers
from storage.database import Session
from storage.people import Join
from storage.strangers import Call

OUTCOMES = {Why.BAD_LINK: Join.UNKNOWN, Why.USED_LINK: Join.USED, Why.OLD_LINK: Join.EXPIRED}


async def turn_away(context: Context, why: Why) -> bool:
    """Have the person told why, by and by; False where the same account or group chat was told within the minute."""
    nobody = why is Why.UNBOUND
    call = Call(
        context.chat_id if nobody else context.person.telegram_id,
        context.chat_id,
        why,
        context.message.message_id,
    )

    async def note(session: Session) -> bool:
        return bool(
            await strangers.note(session, [call], now=context.now, day=context.bureau.calendar.day(context.now))
        )

    noted = await context.database.keep(note)
    if noted:
        context.services.turned_away()
    return noted


async def tell(bot: ExtBot[Any], call: Call) -> None:
    """Tell who is turned away."""
    text = _text(call)
    if call.query_id is not None:
        # What has marks in it does not fit over a button.
        over = not call.chat_id > 0
        await bot.answer_callback_query(call.query_id, text if over else None, show_alert=over)
        if over:
            return
    quoted = None
    if call.chat_id < 0 and call.message_id is not None:
        quoted = ReplyParameters(call.message_id, allow_sending_without_reply=True)
    await bot.send_message(call.chat_id, text, parse_mode=ParseMode.HTML, reply_parameters=quoted)


async def let_go(bot: ExtBot[Any], query_id: str, *, inline: bool) -> None:
    """Answer a press or an inline query without a word, so that nothing spins."""
    if inline:
        await bot.answer_inline_query(query_id, [], cache_time=60, is_personal=True)
    else:
        await bot.answer_callback_query(query_id)


def _text(call: Call) -> str:
    if call.why is Why.ANONYMOUS:
        return wording.anonymous()
    if call.why in (Why.UNBOUND, Why.FOREIGN):
        return sentence(WrongChat(call.group))
    if call.chat_id < 0:
        return wording.stranger_in_group()
    if call.why in OUTCOMES:
        return people_text.not_joined(OUTCOMES[call.why], call.account_id)
    return wording.stranger(call.account_id)
