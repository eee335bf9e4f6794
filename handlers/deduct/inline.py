"""Inline mode: @bot 城关 looks up units and items; what is picked only opens a draft (Inline mode)."""

import logging

from telegram import InlineQueryResultArticle, InputTextMessageContent, Update
from telegram.error import BadRequest

from handlers.deduct import inline_text, steps
from handlers.frame import names
from handlers.frame.context import Context
from rules.access import Deed, may
from rules.bureau import Unit
from rules.names import Ambiguous, Found, Match
from storage import people

log = logging.getLogger(__name__)

MOST = 20
LONGEST = 60


async def look_up(update: Update, context: Context) -> None:
    """Answer what is typed after the bot's name: units that the person scores, then the items of the unit."""
    query = update.inline_query
    if query is None:
        return
    async with context.database.reading() as session:
        person = await people.find(session, query.from_user.id)
    results = []
    if person is not None and may(person, Deed.DEDUCT):
        context.person = person
        results = [
            InlineQueryResultArticle(
                id=str(index),
                title=title,
                description=inline_text.hint(),
                input_message_content=InputTextMessageContent(f"/deduct {text}"),
            )
            for index, (title, text) in enumerate(_found(context, query.query.strip()[:LONGEST]))
        ]
    try:
        # Personal: what one may score is nobody else's answer; not kept, for posts end at once.
        await query.answer(results[:MOST], cache_time=0, is_personal=True)
    except BadRequest as error:
        # Telegram waits some seconds only; who still types asks again.
        log.info("an inline query could not be answered: %s", error.message)


def _found(context: Context, text: str) -> list[tuple[str, str]]:
    """What may be meant: a title to read, and the words of the command."""
    vocabulary = names.vocabulary(context)
    first, _, rest = text.partition(" ")
    units = _units(context, vocabulary.units.find(first)) if first else _all(context)
    if len(units) == 1:
        return _items(context, units[0], rest.strip())
    return [(unit.name, unit.name) for unit in units]


def _all(context: Context) -> list[Unit]:
    return [unit for unit in context.bureau.units if steps.open_to(context, unit.code)]


def _units(context: Context, found: Found[str]) -> list[Unit]:
    units = [context.bureau.unit(code) for code in _values(found)]
    return [unit for unit in units if steps.open_to(context, unit.code)]


def _values(found: Found[str]) -> tuple[str, ...]:
    """What may be meant, however sure it is: nothing is written by picking it."""
    if isinstance(found, Match):
        return (found.value,)
    return found.candidates if isinstance(found, Ambiguous) else found.suggestions


def _items(context: Context, unit: Unit, rest: str) -> list[tuple[str, str]]:
    scheme = context.bureau.scheme_for(unit, context.running.year)
    if scheme is None:
        return []
    items = [item.name for item in scheme.items]
    word, _, more = rest.partition(" ")
    if word:
        table = names.vocabulary(context).items_of(names.vocabulary(context).units.find(unit.name))
        found = table.find(word)
        items = list(_values(found))
    tail = f" {more.strip()}" if more.strip() else ""
    choices = [(f"{unit.name}　{item}{tail}", f"{unit.name} {item}{tail}") for item in items]
    return choices if word else [(unit.name, unit.name), *choices]
