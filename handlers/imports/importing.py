"""/import: deductions from an .xlsx: looked over row by row, shown with what would change, then all or nothing (R11)."""

import asyncio
import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from documents.workbooks import deduction_table
from documents.workbooks.deduction_table import Listed
from documents.workbooks.values import RowProblem
from handlers.deduct import entry
from handlers.deduct.entry import Clear
from handlers.evidence import files
from handlers.frame import dialogs, names, notices, notices_text, table_questions, tables_text, workbooks
from handlers.frame.context import Context
from handlers.frame.periods import Chosen
from handlers.frame.reply import Button, Rows, Say, Show
from handlers.imports import import_quarters, import_reversal, importing_text
from handlers.imports.importing_lines import turns, understood
from handlers.imports.importing_text import Change
from handlers.reports import figures
from rules.calendar import Quarter, Year, read_period
from rules.draft import ImportDraft, ImportLine, TableDraft, row_key
from rules.imports import MOST_ROWS
from rules.names import item_short_forms, unit_short_forms
from rules.points import shown
from rules.recusal import may_score
from rules.refusals import NotAQuarter, TooManyRows, UnknownPeriod
from storage import audit, drafts, ledger, standings
from storage.audit import Act
from storage.database import Session
from storage.drafts import DraftState, Kept

TAKE_BACK = frozenset({"撤回", "整份撤回", "撤销"})

LONG = 500
"""Rows from which on it is said how far it is."""


async def import_(context: Context) -> None:
    """/import explains and gives the template; with an .xlsx, or in reply to one, it looks the table over.

    A quarter may be said with it; 撤回 takes the last import back.
    """
    file = workbooks.document(context)
    said = context.words.strip()
    if file is not None:
        workbooks.check(file)
        await look_over(context, TableDraft("import", file.file_id, "", quarter=_quarter(context, said)))
    elif said in TAKE_BACK:
        await import_reversal.begin(context)
    else:
        _quarter(context, said)
        await context.reply(Say(importing_text.how(), ((Button("取模板", "imt"),),)))


def _quarter(context: Context, said: str) -> Quarter | None:
    """The quarter that was said with a file. UnknownPeriod, NotAQuarter."""
    period = read_period(said, context.running) if said else None
    if said and period is None:
        raise UnknownPeriod(said)
    if isinstance(period, Year):
        raise NotAQuarter(period)
    return period


async def look_over(context: Context, told: TableDraft) -> None:
    """The file of a table by every rule, as far as is known of it; what is not known is asked once. Nothing is written."""
    async with context.database.reading() as session:
        kept = await drafts.opened_by(session, context.deed())
    if kept is not None and isinstance(kept.draft, TableDraft):
        await table_questions.show(context, kept)
        return
    if kept is not None:
        await _show(context, kept)
        return
    content = await files.download(context, told.file)
    workbook = await workbooks.opened(content)
    listed = await asyncio.to_thread(deduction_table.listed, workbook, context.today, *vocabulary(context))
    digest = await asyncio.to_thread(lambda: hashlib.sha256(content).hexdigest())
    await _look_over(context, listed, digest, told)


def vocabulary(context: Context) -> tuple[deduction_table.Named, deduction_table.Named]:
    """How units and items are called at the heads of a table of units by items."""
    bureau, year = context.bureau, context.running.year
    units = {unit.name: (*unit.aliases, *unit_short_forms(unit.name)) for unit in bureau.units}
    schemes = [scheme for scheme in bureau.schemes if scheme.holds_in(year)]
    items: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for item in (item for scheme in schemes for item in scheme.items):
        items[item.name] |= dict.fromkeys((*item.aliases, *item_short_forms(item.name)))
    return units, {name: tuple(also) for name, also in items.items()}


async def template_pressed(context: Context) -> None:
    """The template, with the units that the person scores and their items to choose from."""
    bureau, year = context.bureau, context.running.year
    units = [unit for unit in bureau.units if may_score(context.person, unit, bureau)]
    schemes = [scheme for unit in units if (scheme := bureau.scheme_for(unit, year)) is not None]
    items = dict.fromkeys(item.name for scheme in schemes for item in scheme.items)
    content = await asyncio.to_thread(
        deduction_table.template, f"{bureau.name}扣分导入表", [unit.name for unit in units], list(items)
    )
    await context.bot.send_document(
        context.chat_id, content, filename="扣分导入模板.xlsx", caption=importing_text.template()
    )


async def _look_over(context: Context, listed: Listed, digest: str, told: TableDraft) -> None:
    """Every row by every rule; nothing is written. TooManyRows."""
    if len(listed.lines) > MOST_ROWS:
        raise TooManyRows(len(listed.lines), MOST_ROWS)
    again, numbers = await _imported(context, listed, digest)
    if numbers:
        await context.reply(Say(importing_text.imported_before(numbers[0], numbers[-1])))
        return
    quarters = import_quarters.of_tables(context, listed, told)
    if isinstance(quarters, TableDraft):
        await table_questions.ask(context, quarters)
        return
    unexplained = sum(not line.reason for line in listed.lines) if listed.by_item else 0
    if unexplained:
        # The reason is asked for when all else is right; until then any will do.
        reason = told.reason or importing_text.BY_ITEM
        lines = tuple(replace(line, reason=line.reason or reason) for line in listed.lines)
        listed = replace(listed, lines=lines)
    good, problems = await _checked(context, listed, quarters)
    if problems or not good:
        bad = {(problem.sheet, problem.row) for problem in problems}
        names_ = listed.sheets or ("",) * len(listed.titles)
        right = sum((names_[line.table], line.row) not in bad for line in listed.lines)
        await context.reply(Say(tables_text.problems(right, problems, "要导入的扣分", listed.notes)))
        return
    if unexplained and told.reason is None:
        about = importing_text.partly_explained(unexplained) if unexplained < len(good) else ""
        asked = replace(told, asks="reason", count=unexplained, about=about)
        await table_questions.ask(context, asked)
        return
    draft = ImportDraft(
        digest, context.moment, tuple(good), listed.left_out, len(good),
        sum((line.points for line in good), Decimal(0)), notes=listed.notes, again=again,
    )  # fmt: skip
    await _show(context, await dialogs.opened(context, draft))


async def _imported(context: Context, listed: Listed, digest: str) -> tuple[int, list[int]]:
    """How often the file was imported and taken back as a whole, and the numbers of what stands of it now."""
    again = 0
    async with context.database.reading() as session:
        while True:
            keys = [row_key(digest, line.row, line.table, line.column, again) for line in listed.lines]
            numbers = sorted((await ledger.numbers_of(session, keys)).values())
            if not numbers or any(entry.lives for entry in await ledger.several(session, numbers)):
                return again, numbers
            again += 1


async def _checked(
    context: Context, listed: Listed, quarters: Mapping[int, Quarter]
) -> tuple[list[ImportLine], list[RowProblem]]:
    """The rows as they were understood, with one message that says how far it is where there are many."""
    count = len(listed.lines)
    message = await context.reply(Say(importing_text.checking(0, count))) if count > LONG else None

    async def tell(percent: int) -> None:
        if message is not None:
            await dialogs.replaced(context, Say(importing_text.checking(percent, count)), message.message_id)

    good, problems = await understood(context, listed, quarters, tell)
    await tell(100)
    return good, sorted([*listed.problems, *problems], key=lambda problem: (problem.sheet, problem.row))


async def _show(context: Context, kept: Kept[ImportDraft]) -> None:
    """What would change, as a picture and in words, with the buttons; or what became of it."""
    if kept.state is not DraftState.OPEN:
        await context.reply(_settled(kept))
        return
    draft = kept.draft
    async with context.database.reading() as session:
        alike, twice = await _doubtful(session, context, draft)
    fresh = draft.count - len(alike)
    if not fresh:
        await context.reply(Say(importing_text.nothing_new(draft.count, alike)))
        return
    changes = await _changes(context, draft)
    if changes:
        first = max(changes, key=lambda change: sum(change.rows.values()))
        caption = importing_text.caption(first, len(changes) - 1)
        await context.show(Show(importing_text.chart(first, context.bureau), caption))
    no = Button("不导入", f"imk:{kept.id}:n")
    rows: Rows = ((Button(f"导入 {draft.count} 笔", f"imk:{kept.id}:y"), no),)
    if alike:
        everything = Button(f"全部导入 {draft.count} 笔（含重复）", f"imk:{kept.id}:y")
        rows = ((Button(f"只导入新的 {fresh} 笔", f"imk:{kept.id}:f"),), (everything, no))
    await context.reply(Say(importing_text.preview(draft, changes, alike, twice), rows))


async def _changes(context: Context, draft: ImportDraft) -> list[Change]:
    """Every sequence of every quarter that the rows touch, now and after, as far as the person sees its places."""
    by_quarter: defaultdict[Quarter, list[ImportLine]] = defaultdict(list)
    for line in draft.lines:
        by_quarter[line.quarter].append(line)
    changes = []
    for quarter, lines in sorted(by_quarter.items()):
        found = await figures.of_quarter(context, Chosen(quarter))
        rows = Counter(line.unit for line in lines)
        touched = {context.bureau.unit(code).sequence for code in rows}
        for sequence in (s for s in context.bureau.sequences if s.name in touched):
            units = [u for u in found.bureau.units_of(sequence.name) if u.code in found.sight.places]
            async with context.database.reading() as session:
                now, after = await standings.with_more(
                    session, found.bureau, units, quarter,
                    more=_sums(lines), vetoed=_vetoed(context, lines), confirmed=found.results,
                )  # fmt: skip
            changes.append(Change(sequence, now, after, dict(rows)))
    return changes


def _sums(lines: Sequence[ImportLine]) -> dict[str, dict[str, Decimal]]:
    sums: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)
    for line in lines:
        sums[line.unit][line.item] = sums[line.unit].get(line.item, Decimal(0)) + line.points
    return sums


def _vetoed(context: Context, lines: Sequence[ImportLine]) -> set[str]:
    """The units that some row vetoes."""
    found = set()
    for line in lines:
        if line.criterion is not None:
            scheme = entry.scheme_in(context, context.bureau.unit(line.unit), line.quarter)
            if entry.criterion_of(scheme, line.criterion, line.item)[1].veto:
                found.add(line.unit)
    return found


async def _doubtful(
    session: Session, context: Context, draft: ImportDraft
) -> tuple[list[tuple[ImportLine, int]], int]:
    """Rows that say what a living entry says, with its number; and how many say what an earlier row says.

    A row without a day says the same on whatever day it was logged.
    """
    known: dict[tuple[object, ...], int] = {}
    for quarter in sorted({line.quarter for line in draft.lines}):
        units = {line.unit for line in draft.lines if line.quarter == quarter}
        for what, number in (await ledger.alike(session, quarter, units)).items():
            unit, item, points, _, reason = what
            known[quarter, *what] = known[quarter, unit, item, points, None, reason] = number
    said = [(line, _said(context, line)) for line in draft.lines]
    alike = [(line, known[what]) for line, what in said if what in known]
    return alike, len(said) - len({what for _, what in said})


def _said(context: Context, line: ImportLine) -> tuple[object, ...]:
    reason = line.reason
    if reason is None and line.criterion is not None:
        reason = entry.clear(context, line.deduction(context.moment), context.moment).reason
    return (line.quarter, line.unit, line.item, line.points, line.inspected_on, reason)


def _settled(kept: Kept[ImportDraft]) -> Say:
    draft, done = kept.draft, kept.state is DraftState.DONE
    written = done and not draft.before and draft.count
    back = ((Button("整份撤回", f"imr:{draft.digest[:32]}"),),) if written else ()
    return Say(importing_text.settled(draft, done=done), back)


async def pressed(context: Context) -> None:
    """导入 N 笔, 只导入新的 N 笔 or 不导入, once: every row that is meant or none."""
    choice = context.argument(1)
    async with context.database.transaction() as session:
        kept = await dialogs.own(session, context, ImportDraft)
        if kept.state is DraftState.OPEN:
            draft = replace(kept.draft, lines=())
            if choice in {"y", "f"}:
                draft = await _import(session, context, kept, fresh=choice == "f")
            state = DraftState.DROPPED if choice == "n" else DraftState.DONE
            kept = await drafts.advance(session, kept, draft, state, deed=context.deed())
    await context.rewrite(_settled(kept))


async def _import(session: Session, context: Context, kept: Kept[ImportDraft], *, fresh: bool) -> ImportDraft:
    """Write the rows in their order, or the ones that are not there yet; where the file was written meanwhile, nothing."""
    draft = kept.draft
    known = sorted((await ledger.numbers_of(session, [draft.key(line) for line in draft.lines])).values())
    if known:
        return replace(draft, lines=(), before=True, first=known[0], last=known[-1])
    if fresh:
        draft = await _without_known(session, context, draft)
        if not draft.lines:
            return draft
    clears = await _cleared(session, context, draft)
    new = [_new(context, draft, line, what) for line, what in zip(draft.lines, clears, strict=True)]
    numbers = await ledger.deduct_all(session, new, now=context.now)
    await _tell(session, context, list(zip(numbers, clears, strict=True)))
    units = len({line.unit for line in draft.lines})
    await audit.record(
        session, Act.IMPORTED, at=context.now, person_id=context.person.id, entry=numbers[0],
        detail=f"{draft.count} 笔 {units} 个单位 {shown(draft.points)} 分 记录 {numbers[0]}–{numbers[-1]} 文件 {draft.digest}",
        key=f"import:{kept.key}",
    )  # fmt: skip
    return replace(draft, lines=(), first=numbers[0], last=numbers[-1])


async def _without_known(session: Session, context: Context, draft: ImportDraft) -> ImportDraft:
    """The draft without the rows that say what a living entry says."""
    alike, _ = await _doubtful(session, context, draft)
    known = [line for line, _ in alike]
    lines = tuple(line for line in draft.lines if line not in known)
    return replace(
        draft, lines=lines, count=len(lines), points=sum((line.points for line in lines), Decimal(0))
    )


async def _cleared(session: Session, context: Context, draft: ImportDraft) -> list[Clear]:
    """Every rule once more: what it says now has to be what was shown. Stale, and what /deduct refuses."""
    clears = []
    async for line in turns(draft.lines):
        what = entry.clear(context, line.deduction(draft.at), context.moment)
        if what.points != line.points or what.item.name != line.item:
            raise names.stale()
        clears.append(what)
    places = {(context.groups_of((what.unit,)), what.quarter): what.unit for what in clears}
    for (_, quarter), unit in places.items():
        await entry.check_still_open(session, unit, quarter, context)
    return clears


def _new(context: Context, draft: ImportDraft, line: ImportLine, what: Clear) -> ledger.New:
    day = line.inspected_on or context.bureau.calendar.day(draft.at)
    group = next(iter(context.groups_of((what.unit,))), "")
    return ledger.New(
        draft.key(line), what.unit.code, what.item.name, what.points, what.quarter, day, context.person.id,
        what.reason, context.moment, group, what.basis,
    )  # fmt: skip


async def _tell(session: Session, context: Context, written: Sequence[tuple[int, Clear]]) -> None:
    """One message a liaison: the unit's total, then each entry."""
    by_unit: defaultdict[str, list[tuple[int, Clear]]] = defaultdict(list)
    for number, what in written:
        by_unit[what.unit.code].append((number, what))
    told = {}
    for code, several in by_unit.items():
        lines = [(n, notices_text.imported_line(n, w.item.name, w.points, w.reason)) for n, w in several]
        points = sum((what.points for _, what in several), Decimal(0))
        head = notices_text.imported(context.bureau.unit(code), len(several), points)
        told[code] = [(lines[0][0], f"{head}\n\n{lines[0][1]}"), *lines[1:]]
    await notices.plan_imported(session, context, told)
