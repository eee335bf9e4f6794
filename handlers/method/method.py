"""/method (考核办法): a unit's own part of how it assesses its officers: the template, and what is sent to the office (R9)."""

import re
from collections.abc import Sequence

from documents.workbooks import method_table
from handlers.frame import dialogs, names, plain_questions, tables_text, units, workbooks
from handlers.frame.context import Context
from handlers.frame.reply import Button, Rows, Say
from handlers.method import method_decision, method_text
from rules.access import SEES_ALL, Deed, may_in
from rules.bureau import Unit
from rules.draft import MethodDraft
from rules.methods import check_method, common_part, standing, taken_away, years_to_send
from rules.refusals import NotThatYear
from rules.scheme import FULL_MARKS, Item
from storage import drafts, methods
from storage.drafts import DraftState, Kept

Draft = Kept[MethodDraft]


async def method(context: Context) -> None:
    """/method [unit] [2027] shows; with a filled table it looks that over."""
    text, year = _year(context)
    if workbooks.document(context) is not None:
        unit, left = units.split(context, text)
        names.check_understood(left)
        await look_over(context, units.own(context, Deed.METHOD, unit), year)
        return
    if text:
        await _show(
            context,
            units.seen(context, names.unit(context, text, then="mt", after=str(year)), "考核办法"),
            year,
        )
    elif context.person.has(SEES_ALL):
        await method_decision.overview(context, year)
    else:
        asked = units.ask(context, "mt")
        await (_show(context, asked, year) if isinstance(asked, Unit) else plain_questions.ask(context, asked))


def _year(context: Context) -> tuple[str, int]:
    """What was typed without the year, and the year; by default the civil one."""
    found = re.search(r"(?<!\d)(20\d\d)(?!\d)年?度?", context.words)
    if found is None:
        return context.words.strip(), context.today.year
    return (context.words[: found.start()] + context.words[found.end() :]).strip(), int(found[1])


async def sent_alone(context: Context) -> None:
    """A filled table without a word: the civil year's."""
    await look_over(context, units.own(context, Deed.METHOD), context.today.year)


async def pressed(context: Context) -> None:
    """The unit was chosen."""
    unit = units.seen(context, names.unit_of(context, context.argument(0)), "考核办法")
    await _show(context, unit, names.number(context.argument(1) or str(context.today.year)))


def common_of(context: Context, unit: Unit, year: int) -> tuple[Item, ...]:
    """The common items of the unit's category in a year."""
    return common_part(context.services.policy.common_parts, unit.category, year)


async def _show(context: Context, unit: Unit, year: int) -> None:
    async with context.database.reading() as session:
        found = standing(await methods.of_year(session, year, [unit.code]))
    sends = may_in(context.person, Deed.METHOD, unit.code)
    text = method_text.method(
        unit, year, common_of(context, unit, year), found, context.bureau.calendar.zone, sends=sends
    )
    buttons: Rows = ((Button("Excel 模板", f"mtt:{unit.code}:{year}"),),) if sends else ()
    if found.pending is not None:
        buttons = (*buttons, *method_decision.buttons(context, found.pending))
    await context.reply(Say(text, buttons))


async def template_pressed(context: Context) -> None:
    """The template with the newest items there are."""
    unit = units.pressed(context, Deed.METHOD, context.argument(0))
    year = names.number(context.argument(1))
    async with context.database.reading() as session:
        found = standing(await methods.of_year(session, year, [unit.code]))
    newest = found.pending or found.in_force
    own = FULL_MARKS - sum(item.points for item in common_of(context, unit, year))
    await context.bot.send_document(
        context.chat_id,
        method_table.template(unit.name, year, own, newest.items if newest is not None else ()),
        filename=f"{unit.name}{year}年民警考核办法.xlsx",
        caption=method_text.template(unit.name, year, own),
    )


async def look_over(context: Context, unit: Unit, year: int) -> None:
    """A filled table: what would be sent, or what is wrong by row. NotThatYear, MethodSum."""
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.deed_key())
    if opened is not None:
        await context.reply(await _say(context, opened))
        return
    if year not in years_to_send(context.today):
        raise NotThatYear(year, years_to_send(context.today))
    common = common_of(context, unit, year)
    parsed = method_table.parse(await workbooks.sent(context), common)
    other = (
        *workbooks.of_another_unit(context, unit, parsed),
        *workbooks.of_another_year(year, parsed.titles),
    )
    problems = (*other, *parsed.problems)
    if problems or not parsed.rows:
        await context.reply(Say(tables_text.problems(len(parsed.rows), problems, "项目", parsed.notes)))
        return
    check_method(common, parsed.rows)
    kept = await dialogs.opened(context, MethodDraft(unit.code, year, parsed.rows, notes=parsed.notes))
    await context.reply(await _say(context, kept))


async def _say(context: Context, kept: Draft) -> Say:
    """The preview, or what became of it."""
    draft, unit = kept.draft, context.bureau.unit(kept.draft.unit)
    async with context.database.reading() as session:
        made = await methods.sent_by(session, kept.key)
        found = standing(await methods.of_year(session, draft.year, [unit.code]))
    if made is not None:
        return Say(method_text.sent(made, unit))
    if kept.state is not DraftState.OPEN:
        return Say(method_text.not_sent())
    common = common_of(context, unit, draft.year)
    old: Sequence[Item] = found.in_force.items if found.in_force is not None else ()
    row = (Button("报送", f"mts:{kept.id}:y"), Button("不报送", f"mts:{kept.id}:n"))
    return Say(method_text.preview(draft, unit, common, taken_away(common, draft.items, old)), (row,))


async def send_pressed(context: Context) -> None:
    """[报送] or [不报送]: a version is made once, and the office is told."""
    wanted = context.argument(1) == "y"
    async with context.database.transaction() as session:
        kept = await dialogs.own(session, context, MethodDraft)
        draft, unit = kept.draft, units.pressed(context, Deed.METHOD, kept.draft.unit)
        fresh = kept.state is DraftState.OPEN
        if fresh and wanted:
            check_method(common_of(context, unit, draft.year), draft.items)
            made = await methods.send(
                session, key=kept.key, unit=unit.code, year=draft.year, items=draft.items,
                by=context.person.id, now=context.now,
            )  # fmt: skip
            await method_decision.tell_office(session, context, unit, made)
        if fresh:
            state = DraftState.DONE if wanted else DraftState.DROPPED
            kept = await drafts.advance(session, kept, draft, state, deed=context.deed())
    if not fresh and kept.last_deed != context.deed():
        await context.toast(method_text.settled(), alert=True)
        return
    await context.rewrite(await _say(context, kept))
