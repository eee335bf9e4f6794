"""A unit's finished month as a workbook: the template, a dry run with what would change, then all or nothing (R9)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from documents.workbooks import month_sheet
from documents.workbooks.month_sheet import Line
from documents.workbooks.tables import Parsed
from documents.workbooks.values import RowProblem, Workbook
from handlers.evidence import files
from handlers.frame import dialogs, names, table_questions, tables_text, units, workbooks
from handlers.frame.context import Context
from handlers.frame.reply import Button, Say
from handlers.frame.text_guards import check_reason
from handlers.months import month_table_text
from handlers.months.month_table_text import Change
from handlers.officers import officer_entry, staff
from handlers.officers.staff import Staff
from rules.access import Deed
from rules.bureau import Unit
from rules.draft import MonthTableDraft, TableDeduction, TableDraft
from rules.imports import named_days, named_months, named_years
from rules.months import Month
from rules.officers import Officer
from rules.recusal import PointMove, check_not_oneself
from rules.refusals import Stale
from rules.scheme import Scheme
from rules.score import unit_score
from storage import audit, drafts, officer_ledger
from storage.audit import Act
from storage.database import Session
from storage.drafts import DraftState, Kept
from storage.officer_ledger import Place

Draft = Kept[MonthTableDraft]


def _marks(context: Context) -> tuple[str, ...]:
    duties = context.services.policy.duties
    return (*duties.absences, *duties.coefficients)


async def template_pressed(context: Context) -> None:
    """[考核表模板]: the unit's month with what is logged already."""
    unit = units.pressed(context, Deed.OFFICER_DEDUCT, context.argument(0))
    month = _month(context.argument(1))
    async with context.database.reading() as session:
        found = await staff.of(session, context, month)
        sums = await officer_ledger.sums(session, unit.code, month)
        marks = await officer_ledger.marks(session, unit.code, month)
    officers = [officer for officer, its in found.officers if its == unit]
    rows = [(officer, sums.get(officer.id, {}), marks.get(officer.id, "")) for officer in officers]
    content = month_sheet.template(unit.name, month, found.scheme(unit).items, _marks(context), rows)
    await context.bot.send_document(
        context.chat_id,
        content,
        filename=f"{unit.name}{month}民警考核表.xlsx",
        caption=month_table_text.template(unit, month),
    )


def _month(code: str) -> Month:
    try:
        return Month.parse(code)
    except ValueError:
        raise Stale from None


async def look_over(context: Context, unit: Unit, told: TableDraft) -> None:
    """A filled table: what it would add, or what is wrong in it; its month is asked for where it is not clear."""
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.deed())
    if opened is not None and isinstance(opened.draft, TableDraft):
        await table_questions.show(context, opened)
        return
    if opened is not None:
        await context.reply(await _say(context, opened))
        return
    workbook = await workbooks.opened(await files.download(context, told.file))
    # The heads alone say which texts are titles: they are the same in every month.
    parsed, _ = await _parsed(context, unit, workbook, told.month or Month.of(context.today))
    month = _month_of(context, unit, parsed, told)
    if isinstance(month, TableDraft):
        await table_questions.ask(context, month)
        return
    officer_entry.check_month(context, month)
    parsed, found = await _parsed(context, unit, workbook, month)
    async with context.database.reading() as session:
        sums = await officer_ledger.sums(session, unit.code, month)
        marks = await officer_ledger.marks(session, unit.code, month)
    officers = [o for o, its in found.officers if its == unit]
    other = workbooks.of_another_unit(context, unit, parsed)
    problems = (*other, *parsed.problems, *_too_little(parsed, sums, officers))
    if problems or not parsed.rows:
        await context.reply(Say(tables_text.problems(len(parsed.rows), problems, "民警", parsed.notes)))
        return
    draft = _draft(context, unit, month, parsed, sums=sums, marks=marks)
    if not draft.taken and not draft.marks:
        await context.reply(Say(month_table_text.nothing(unit, month, parsed.notes)))
        return
    await context.reply(await _say(context, await dialogs.opened(context, draft)))


async def _parsed(context: Context, unit: Unit, workbook: Workbook, month: Month) -> tuple[Parsed[Line], Staff]:
    """The table as the unit's items and officers of a month make it."""
    async with context.database.reading() as session:
        found = await staff.of(session, context, month)
    officers = [o for o, its in found.officers if its == unit]
    return month_sheet.parse(workbook, found.scheme(unit).items, _marks(context), officers), found


def _month_of(context: Context, unit: Unit, parsed: Parsed[Line], told: TableDraft) -> Month | TableDraft:
    """The month of a table: as it was said, or as its titles say; or the question, where they differ or none says it."""
    named = named_months(parsed.titles, context.today)
    years = named_years(parsed.titles)
    made = named_days(parsed.titles)
    if told.month is not None and not named and made and max(made) < told.month.first:
        # Nobody makes a month's table before the month: the day stands for the month it lies in.
        named = (Month.of(max(made)),)
    agree = named == (told.month,) if named else told.month is None or not years or told.month.year in years
    if told.month is not None and (told.sure or agree):
        return told.month
    if told.month is None and len(named) == 1:
        return named[0]
    this = Month.of(context.today)
    begun = [month for month in (told.month, *named) if month is not None and month <= this]
    choices = dict.fromkeys(map(str, begun or (this.previous, this)))
    about = month_table_text.months_differ(told.month, named, years)
    return replace(told, asks="month", unit=unit.code, choices=tuple(choices), about=about)


def _too_little(
    parsed: Parsed[Line], sums: Mapping[int, Mapping[str, Decimal]], officers: list[Officer]
) -> tuple[RowProblem, ...]:
    """Where the table takes less than is logged: what is logged is put right in the chat, with a reason (R11)."""
    known = {officer.id: officer.name for officer in officers}
    return tuple(
        RowProblem(
            line.row, item, month_table_text.too_little(known[line.officer], sums[line.officer][item], points)
        )
        for line in parsed.rows
        for item, points in line.taken
        if points < sums.get(line.officer, {}).get(item, Decimal(0))
    )


def _draft(
    context: Context,
    unit: Unit,
    month: Month,
    parsed: Parsed[Line],
    *,
    sums: Mapping[int, Mapping[str, Decimal]],
    marks: Mapping[int, str],
) -> MonthTableDraft:
    taken = [
        TableDeduction(line.officer, item, points, _reason(context, line, month))
        for line in parsed.rows
        for item, points in line.taken
        if points > sums.get(line.officer, {}).get(item, Decimal(0))
    ]
    changed = [
        (line.officer, line.mark) for line in parsed.rows if line.mark and line.mark != marks.get(line.officer)
    ]
    draft = MonthTableDraft(unit.code, month, context.moment, tuple(taken), tuple(changed), parsed.notes)
    _check_not_oneself(context, draft)
    return draft


def _check_not_oneself(context: Context, draft: MonthTableDraft) -> None:
    """Refuse a table that changes the person's own month. Oneself."""
    officers = {line.officer for line in draft.taken} | {officer for officer, _ in draft.marks}
    check_not_oneself(context.person, officers, PointMove.LOG)


def _reason(context: Context, line: Line, month: Month) -> str:
    return check_reason(context, line.reason) if line.reason else month_table_text.imported(month)


async def _say(context: Context, kept: Draft) -> Say:
    draft, unit = kept.draft, context.bureau.unit(kept.draft.unit)
    if kept.state is not DraftState.OPEN:
        return Say(month_table_text.settled(draft, unit, done=kept.state is DraftState.DONE))
    async with context.database.reading() as session:
        found = await staff.of(session, context, draft.month)
        sums = await officer_ledger.sums(session, unit.code, draft.month)
    row = (Button("导入", f"mwk:{kept.id}:y"), Button("不导入", f"mwk:{kept.id}:n"))
    return Say(month_table_text.preview(draft, unit, _changes(draft, unit, found, sums)), (row,))


def _changes(
    draft: MonthTableDraft, unit: Unit, found: Staff, sums: Mapping[int, Mapping[str, Decimal]]
) -> list[Change]:
    """What each officer of the table loses in all, and what is left of the hundred."""
    marks, scheme = dict(draft.marks), found.scheme(unit)
    changes = []
    for officer, its in found.officers:
        lines = {line.item: line.points for line in draft.taken if line.officer == officer.id}
        if its == unit and (lines or officer.id in marks):
            score = unit_score(officer.code, scheme, {**sums.get(officer.id, {}), **lines})
            changes.append(Change(officer.name, tuple(lines.items()), score.total, marks.get(officer.id, "")))
    return changes


async def pressed(context: Context) -> None:
    """导入 or 不导入, once: every line or none."""
    wanted = context.argument(1) == "y"
    async with context.database.transaction() as session:
        kept = await dialogs.own(session, context, MonthTableDraft)
        unit = units.pressed(context, Deed.OFFICER_DEDUCT, kept.draft.unit)
        if kept.state is DraftState.OPEN:
            if wanted:
                await _import(session, context, unit, kept)
            state = DraftState.DONE if wanted else DraftState.DROPPED
            kept = await drafts.advance(session, kept, kept.draft, state, deed=context.deed())
    await context.rewrite(await _say(context, kept))


async def _import(session: Session, context: Context, unit: Unit, kept: Draft) -> None:
    """Add what the table takes beyond what is logged now. Stale where the month has changed since it was looked over."""
    draft = kept.draft
    _check_not_oneself(context, draft)
    found = await staff.of(session, context, draft.month)
    sums = await officer_ledger.sums(session, unit.code, draft.month)
    for index, line in enumerate(draft.taken):
        more = line.points - sums.get(line.officer, {}).get(line.item, Decimal(0))
        if more <= 0:
            continue
        await _deduct(session, context, found, draft, replace(line, points=more), key=f"{kept.key}:{index}")
    for officer, mark in draft.marks:
        await officer_ledger.mark(
            session, Place(officer, unit.code, draft.month), key=f"{kept.key}:m{officer}", mark=mark,
            by=context.person.id, now=context.now,
        )  # fmt: skip
    await audit.record(
        session, Act.MONTH_IMPORTED, at=context.now, person_id=context.person.id, unit=unit.code,
        detail=f"{draft.month} {len(draft.taken)} 笔 {len(draft.marks)} 个标记", key=f"month:{kept.key}",
    )  # fmt: skip


async def _deduct(
    session: Session,
    context: Context,
    found: Staff,
    draft: MonthTableDraft,
    line: TableDeduction,
    *,
    key: str,
) -> None:
    pair = found.find(line.officer)
    if pair is None or pair[1].code != draft.unit or not _takes(found.scheme(pair[1]), line):
        raise names.stale()
    await officer_ledger.deduct(
        session,
        Place(line.officer, draft.unit, draft.month),
        key=key,
        item=line.item,
        points=line.points,
        author_id=context.person.id,
        reason=line.reason,
        at=draft.at,
        now=context.now,
    )


def _takes(scheme: Scheme, line: TableDeduction) -> bool:
    item = scheme.item(line.item)
    return item is not None and line.points <= item.points
