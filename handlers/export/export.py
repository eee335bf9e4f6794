"""/export: the workbook of a quarter or a year as a document, or its ledger as CSV; each export stands in the trail."""

import asyncio
import logging
from dataclasses import dataclass

from telegram.constants import ChatAction, ParseMode

from documents.workbooks import writer
from documents.workbooks.book import Unwritten
from documents.workbooks.csv_text import csv_of
from handlers.export import book as pages
from handlers.export import book_ledger, export_text, gathering
from handlers.frame import names, periods, wording
from handlers.frame.context import Context, keyboard
from handlers.frame.periods import Chosen
from handlers.frame.reply import Rows
from rules.calendar import Year
from rules.exports import wants_ledger
from rules.reading import read_query
from rules.refusals import ExportFailed, NotAnExport
from storage import audit
from storage.audit import Act

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file on its way out: its bytes and name, what is said under it, and what the trail says of it."""

    content: bytes
    name: str
    caption: str
    detail: str


async def export(context: Context) -> None:
    """/export [台账 csv] [period]"""
    query = read_query(context.words, names.vocabulary(context), context.running, context.today)
    ledger_alone = wants_ledger(query.leftover)
    chosen = periods.asked(context, query, _about(context))
    if isinstance(chosen.period, Year) and chosen.as_of is not None:
        raise NotAnExport(context.words)
    await (_ledger(context, chosen) if ledger_alone else _workbook(context, chosen))


async def pressed(context: Context) -> None:
    """The other quarter's workbook."""
    await _workbook(context, periods.pressed(context, context.argument(0), about=_about(context)))


def _about(context: Context) -> tuple[str, ...]:
    """The groups whose quarters the person's question is about; none for who sees all."""
    own = [unit for unit in context.bureau.units if unit.code in context.person.units]
    return tuple(dict.fromkeys([*sorted(context.person.groups), *context.groups_of(own)]))


async def _workbook(context: Context, chosen: Chosen) -> None:
    await context.bot.send_chat_action(context.chat_id, ChatAction.UPLOAD_DOCUMENT)
    found = await gathering.gather(context, chosen)
    book = await asyncio.to_thread(pages.book, found)
    try:
        content = await writer.write(book)
    except Unwritten as error:
        log.error("no workbook: %s", error)
        raise ExportFailed from None
    parcel = Parcel(
        content,
        export_text.file_name(context.bureau, chosen, found.scope, final=found.final),
        export_text.caption(found, book),
        export_text.detail("工作簿", chosen, found.scope, final=found.final),
    )
    await _send(context, parcel, periods.offer(chosen, "export"))


async def _ledger(context: Context, chosen: Chosen) -> None:
    found, figures = await gathering.gather_ledger(context, chosen)
    block = await asyncio.to_thread(book_ledger.block, found, figures, context.bureau)
    scope = gathering.scope(context)
    final = gathering.ledger_final(context, chosen, figures)
    parcel = Parcel(
        await asyncio.to_thread(csv_of, block),
        export_text.file_name(context.bureau, chosen, scope, final=final, what="扣分台账", ending="csv"),
        export_text.ledger_caption(chosen, found.entries, scope, final=final),
        export_text.detail("台账CSV", chosen, scope, final=final),
    )
    await _send(context, parcel)


async def _send(context: Context, parcel: Parcel, buttons: Rows = ()) -> None:
    """Into the trail first, then out: nothing leaves without a trace."""
    seen = context.sight().units
    async with context.database.transaction() as session:
        await audit.record(
            session,
            Act.EXPORTED,
            at=context.now,
            person_id=context.person.id,
            unit=next(iter(seen)) if len(seen) == 1 else None,
            detail=parcel.detail,
            key=f"export:{context.deed()}",
        )
    await context.bot.send_document(
        context.chat_id,
        parcel.content,
        filename=parcel.name,
        caption=wording.sent_again(parcel.caption) if context.again else parcel.caption,
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard(buttons),
    )
