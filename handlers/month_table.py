"""A unit's finished month as a workbook: the template, a dry run with what would change, then all or nothing (R9)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from handlers import names, officer_entry, questions, staff, units, workbooks
from handlers.answer import Button, Say
from handlers.context import Context
from handlers.staff import Staff
from handlers.texts import check_reason
from handlers.words import month_table as words
from handlers.words import tables as table_words
from rules.access import Deed
from rules.bureau import Unit
from rules.draft import MonthTableDraft, TableDeduction
from rules.months import Month
from rules.officers import Officer
from rules.recusal import PointMove, check_not_oneself
from rules.refusals import Stale
from rules.scheme import Scheme
from sheets import month as table
from sheets.forms import Parsed
from sheets.month import Line
from sheets.values import RowProblem
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
    content = table.template(unit.name, month, found.scheme(unit).items, _marks(context), rows)
    await context.bot.send_document(
        context.chat_id,
        content,
        filename=f"{unit.name}{month}民警考核表.xlsx",
        caption=words.template(unit, month),
    )


def _month(code: str) -> Month:
    try:
        return Month.parse(code)
    except ValueError:
        raise Stale from None


async def look_over(context: Context, unit: Unit, month: Month) -> None:
    """A filled table: what it would add, or what is wrong in it by row and column."""
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.deed_key())
    if opened is not None:
        await context.reply(_say(context, opened))
        return
    officer_entry.check_month(context, month)
    workbook = await workbooks.sent(context)
    async with context.database.reading() as session:
        found = await staff.of(session, context, month)
        sums = await officer_ledger.sums(session, unit.code, month)
        marks = await officer_ledger.marks(session, unit.code, month)
    scheme, officers = found.scheme(unit), [o for o, its in found.officers if its == unit]
    parsed = table.parse(workbook, scheme.items, _marks(context), officers)
    problems = (*parsed.problems, *_too_little(parsed, sums, officers))
    if problems or not parsed.rows:
        await context.reply(Say(table_words.problems(len(parsed.rows), problems, "民警")))
        return
    draft = _draft(context, unit, month, parsed, sums=sums, marks=marks)
    if not draft.taken and not draft.marks:
        await context.reply(Say(words.nothing(unit, month)))
        return
    await context.reply(_say(context, await questions.opened(context, draft)))


def _too_little(
    parsed: Parsed[Line], sums: Mapping[int, Mapping[str, Decimal]], officers: list[Officer]
) -> tuple[RowProblem, ...]:
    """Where the table takes less than is logged: what is logged is put right in the chat, with a reason (R11)."""
    known = {officer.id: officer.name for officer in officers}
    return tuple(
        RowProblem(line.row, item, words.too_little(known[line.officer], sums[line.officer][item], points))
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
    draft = MonthTableDraft(unit.code, month, context.moment, tuple(taken), tuple(changed))
    _check_not_oneself(context, draft)
    return draft


def _check_not_oneself(context: Context, draft: MonthTableDraft) -> None:
    """Refuse a table that changes the person's own month. Oneself."""
    officers = {line.officer for line in draft.taken} | {officer for officer, _ in draft.marks}
    check_not_oneself(context.person, officers, PointMove.LOG)


def _reason(context: Context, line: Line, month: Month) -> str:
    return check_reason(context, line.reason) if line.reason else words.imported(month)


def _say(context: Context, kept: Draft) -> Say:
    unit = context.bureau.unit(kept.draft.unit)
    if kept.state is not DraftState.OPEN:
        return Say(words.settled(kept.draft, unit, done=kept.state is DraftState.DONE))
    row = (Button("导入", f"mwk:{kept.id}:y"), Button("不导入", f"mwk:{kept.id}:n"))
    return Say(words.preview(kept.draft, unit), (row,))


async def pressed(context: Context) -> None:
    """导入 or 不导入, once: every line or none."""
    wanted = context.argument(1) == "y"
    async with context.database.transaction() as session:
        kept = await questions.own(session, context, MonthTableDraft)
        unit = units.pressed(context, Deed.OFFICER_DEDUCT, kept.draft.unit)
        if kept.state is DraftState.OPEN:
            if wanted:
                await _import(session, context, unit, kept)
            state = DraftState.DONE if wanted else DraftState.DROPPED
            kept = await drafts.advance(session, kept, kept.draft, state, deed=context.deed())
    await context.rewrite(_say(context, kept))


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
