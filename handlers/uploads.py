"""Workbooks that come without a word, told by their heads; and the answers to what is asked about a table."""

import asyncio
from dataclasses import replace

from documents.workbooks import deduction_table, method_table, month_sheet, roster_table, tables
from documents.workbooks.values import Workbook
from handlers.criteria import criteria
from handlers.evidence import files, unplaced
from handlers.frame import dialogs, names, table_questions, tables_text, units, workbooks
from handlers.frame.context import Context
from handlers.frame.reply import Say
from handlers.frame.routes import Feature, Press
from handlers.frame.text_guards import check_reason
from handlers.imports import importing
from handlers.method import method
from handlers.months import month_table
from handlers.officers import staff
from handlers.roster import roster_lines
from rules.access import Deed, may
from rules.calendar import Quarter
from rules.draft import TableDraft
from rules.months import Month
from rules.refusals import NotAllowed, Refusal, UnfitFile
from storage import drafts
from storage.drafts import DraftState, Kept

Draft = Kept[TableDraft]

SENDERS = (Deed.ROSTER, Deed.METHOD, Deed.OFFICER_DEDUCT, Deed.CRITERIA, Deed.IMPORT)


async def taken(context: Context) -> bool:
    """A workbook without a word: the unit's month, roster or method, else deductions, else the office's criteria."""
    if not any(may(context.person, deed) for deed in SENDERS):
        return False
    if workbooks.is_alone(context, *workbooks.OLD_FORMATS):
        await context.reply(Say(tables_text.old_format()))
        return not may(context.person, Deed.DEDUCT)
    if not workbooks.is_alone(context):
        return False
    try:
        workbook = await workbooks.sent(context)
    except UnfitFile:
        if may(context.person, Deed.CRITERIA):
            raise
        return False
    return await _own(context, workbook) or await _deductions(context, workbook) or await _criteria(context)


async def _own(context: Context, workbook: Workbook) -> bool:
    """A table of the person's own unit."""
    person = context.person
    if may(person, Deed.OFFICER_DEDUCT) and await _is_month(context, workbook):
        await month_table.look_over(context, units.own(context, Deed.OFFICER_DEDUCT), _file(context, "month"))
    elif may(person, Deed.ROSTER) and tables.is_of(workbook, roster_table.FORM):
        await roster_lines.look_over(context, units.own(context, Deed.ROSTER))
    elif may(person, Deed.METHOD) and tables.is_of(workbook, method_table.FORM):
        await method.sent_alone(context)
    else:
        return False
    return True


async def _is_month(context: Context, workbook: Workbook) -> bool:
    """Whether its heads are the items by which the unit assesses its officers."""
    try:
        async with context.database.reading() as session:
            found = await staff.of(session, context, Month.of(context.today))
        scheme = found.scheme(units.own(context, Deed.OFFICER_DEDUCT))
    except Refusal:
        return False
    return month_sheet.is_of(workbook, scheme.items)


async def _deductions(context: Context, workbook: Workbook) -> bool:
    """Deductions are offered to be imported: the file may be evidence all the same."""
    if not may(context.person, Deed.IMPORT):
        return False
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.deed())
    if opened is not None:
        await table_questions.show(context, opened)
        return True
    if await _is_awaited(context):
        return False
    listed = await asyncio.to_thread(
        deduction_table.listed, workbook, context.today, *importing.vocabulary(context)
    )
    if not listed.titles:
        return False
    sent = await files.receive(context)
    draft = replace(_file(context, "import"), asks="table", count=len(listed.lines), evidence=sent[-1])
    await table_questions.ask(context, draft)
    return True


async def _is_awaited(context: Context) -> bool:
    """Whether an open question of the person takes the next file."""
    async with context.database.reading() as session:
        return bool(await unplaced.dialogs_in(session, context))


async def _criteria(context: Context) -> bool:
    if not may(context.person, Deed.CRITERIA):
        return False
    await criteria.criteria(context)
    return True


def _file(context: Context, kind: str) -> TableDraft:
    file = workbooks.document(context)
    assert file is not None
    return TableDraft(kind, file.file_id, "")


async def pressed(context: Context) -> None:
    """An answer: it is looked over, goes as evidence, or is given up."""
    kept = await dialogs.pressed(context, TableDraft, shown_again, tables_text.settled())
    if kept is None:
        return
    choice = context.argument(2)
    if choice == "x":
        await dialogs.moved(context, kept, kept.draft, DraftState.DROPPED)
        await context.rewrite(Say(tables_text.dropped()))
    elif choice == "e" and kept.draft.evidence is not None:
        await dialogs.moved(context, kept, kept.draft, DraftState.DROPPED)
        await unplaced.ask(context, [kept.draft.evidence])
    elif choice == "y" and kept.draft.asks == "table":
        await _answered(context, kept, replace(kept.draft, asks=""))
    elif choice in kept.draft.choices:
        known = (
            {"month": Month.parse(choice)} if kept.draft.kind == "month" else {"quarter": Quarter.parse(choice)}
        )
        await _answered(context, kept, replace(kept.draft, **known, asks="", sure=True))
    else:
        raise names.stale()


async def _answered(context: Context, kept: Draft, draft: TableDraft) -> None:
    await dialogs.moved(context, kept, draft, DraftState.DONE)
    if context.pressed:
        await context.rewrite(Say(tables_text.chosen(draft)))
    await _go_on(context, draft)


async def _go_on(context: Context, draft: TableDraft) -> None:
    """Look the table over with what is known of it now. NotAllowed."""
    if draft.kind == "month":
        unit = units.pressed(context, Deed.OFFICER_DEDUCT, draft.unit)
        await month_table.look_over(context, unit, draft)
        return
    if not may(context.person, Deed.IMPORT):
        raise NotAllowed(Deed.IMPORT)
    await importing.look_over(context, draft)


async def feed(context: Context, kept: Draft, text: str) -> None:
    """The reason for all deductions of a table that gives none."""
    await _answered(context, kept, replace(kept.draft, asks="", reason=check_reason(context, text)))


async def shown_again(context: Context, kept: Draft) -> None:
    """Handled again: the question, or how it went on from the answer."""
    if kept.state is DraftState.OPEN:
        await table_questions.show(context, kept)
    elif kept.state is DraftState.DONE:
        await _go_on(context, kept.draft)
    else:
        await context.reply(Say(tables_text.dropped()))


UPLOADS = Feature(presses=(Press("tb", pressed, Deed.IMPORT, (Deed.OFFICER_DEDUCT,)),))
