"""/import: deductions from an .xlsx: looked over row by row, shown with what would change, then all or nothing (R11)."""

import asyncio
import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from handlers import entry, figures, names, notices, questions, workbooks
from handlers.answer import Button, Say, Show
from handlers.context import Context
from handlers.entry import Clear
from handlers.importing_lines import turns, understood
from handlers.periods import Chosen
from handlers.words import importing as words
from handlers.words import notices as notice_words
from handlers.words import tables as table_words
from handlers.words.importing import Change
from rules.calendar import Quarter
from rules.draft import ImportDraft, ImportLine, row_key
from rules.imports import MOST_ROWS
from rules.points import shown
from rules.recusal import may_score
from rules.refusals import TooManyRows
from sheets import deductions as table
from sheets.deductions import Listed
from sheets.values import RowProblem
from storage import audit, drafts, ledger, standings
from storage.audit import Act
from storage.database import Session
from storage.drafts import DraftState, Kept

LONG = 500
"""Rows from which on it is said how far it is."""


async def import_(context: Context) -> None:
    """/import explains and gives the template; as the caption of an .xlsx it looks the table over."""
    if context.message.document is None:
        await context.reply(Say(words.how(), ((Button("取模板", "imt"),),)))
        return
    async with context.database.reading() as session:
        kept = await drafts.opened_by(session, context.deed_key())
    if kept is not None:
        await _show(context, kept)
        return
    content = await workbooks.content(context)
    workbook = await workbooks.opened(content)
    listed = await asyncio.to_thread(table.listed, workbook)
    digest = await asyncio.to_thread(lambda: hashlib.sha256(content).hexdigest())
    await _look_over(context, listed, digest)


async def template_pressed(context: Context) -> None:
    """The template, with the units that the person scores and their items to choose from."""
    bureau, year = context.bureau, context.running.year
    units = [unit for unit in bureau.units if may_score(context.person, unit, bureau)]
    schemes = [scheme for unit in units if (scheme := bureau.scheme_for(unit, year)) is not None]
    items = dict.fromkeys(item.name for scheme in schemes for item in scheme.items)
    content = await asyncio.to_thread(
        table.template, f"{bureau.name}扣分导入表", [unit.name for unit in units], list(items)
    )
    await context.bot.send_document(
        context.chat_id, content, filename="扣分导入模板.xlsx", caption=words.template()
    )


async def _look_over(context: Context, listed: Listed, digest: str) -> None:
    """Every row by every rule; nothing is written. TooManyRows."""
    if len(listed.lines) > MOST_ROWS:
        raise TooManyRows(len(listed.lines), MOST_ROWS)
    keys = [row_key(digest, line.row) for line in listed.lines]
    async with context.database.reading() as session:
        numbers = sorted((await ledger.numbers_of(session, keys)).values())
    if numbers:
        await context.reply(Say(words.imported_before(numbers[0], numbers[-1])))
        return
    good, problems = await _checked(context, listed)
    if problems or not good:
        bad = {problem.row for problem in problems}
        right = sum(1 for line in listed.lines if line.row not in bad)
        await context.reply(Say(table_words.problems(right, problems, "要导入的扣分")))
        return
    draft = ImportDraft(
        digest, context.moment, tuple(good), listed.left_out, len(good), sum((line.points for line in good), Decimal(0))
    )  # fmt: skip
    await _show(context, await questions.opened(context, draft))


async def _checked(context: Context, listed: Listed) -> tuple[list[ImportLine], list[RowProblem]]:
    """The rows as they were understood, with one message that says how far it is where there are many."""
    count = len(listed.lines)
    message = await context.reply(Say(words.checking(0, count))) if count > LONG else None

    async def tell(percent: int) -> None:
        if message is not None:
            await questions.replaced(context, Say(words.checking(percent, count)), message.message_id)

    good, problems = await understood(context, listed.lines, tell)
    await tell(100)
    return good, [*listed.problems, *problems]


async def _show(context: Context, kept: Kept[ImportDraft]) -> None:
    """What would change, as a picture and in words, with the buttons; or what became of it."""
    if kept.state is not DraftState.OPEN:
        await context.reply(_settled(kept))
        return
    draft = kept.draft
    changes = await _changes(context, draft)
    if changes:
        first = max(changes, key=lambda change: sum(change.rows.values()))
        caption = words.caption(first, len(changes) - 1)
        await context.show(Show(words.chart(first, context.bureau), caption))
    alike, twice = await _doubtful(context, draft)
    row = (Button(f"导入 {draft.count} 笔", f"imk:{kept.id}:y"), Button("不导入", f"imk:{kept.id}:n"))
    await context.reply(Say(words.preview(draft, changes, alike, twice), (row,)))


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


async def _doubtful(context: Context, draft: ImportDraft) -> tuple[list[tuple[int, int]], int]:
    """Rows that say what a living entry says, with its number; and how many say what an earlier row says."""
    known: dict[tuple[object, ...], int] = {}
    async with context.database.reading() as session:
        for quarter in {line.quarter for line in draft.lines}:
            units = {line.unit for line in draft.lines if line.quarter == quarter}
            known |= {(quarter, *what): n for what, n in (await ledger.alike(session, quarter, units)).items()}
    said = [(line.row, _said(context, line)) for line in draft.lines]
    alike = [(row, known[what]) for row, what in said if what in known]
    return alike, len(said) - len({what for _, what in said})


def _said(context: Context, line: ImportLine) -> tuple[object, ...]:
    day = line.inspected_on or context.today
    return (line.quarter, line.unit, line.item, line.points, day, line.reason)


def _settled(kept: Kept[ImportDraft]) -> Say:
    return Say(words.settled(kept.draft, done=kept.state is DraftState.DONE))


async def pressed(context: Context) -> None:
    """导入 N 笔 or 不导入, once: every row or none."""
    async with context.database.transaction() as session:
        kept = await questions.own(session, context, ImportDraft)
        if kept.state is DraftState.OPEN:
            wanted = context.argument(1) == "y"
            draft = await _import(session, context, kept) if wanted else replace(kept.draft, lines=())
            state = DraftState.DONE if wanted else DraftState.DROPPED
            kept = await drafts.advance(session, kept, draft, state, deed=context.deed())
    await context.rewrite(_settled(kept))


async def _import(session: Session, context: Context, kept: Kept[ImportDraft]) -> ImportDraft:
    """Write the rows in their order; where the same file was written meanwhile, nothing."""
    draft = kept.draft
    known = sorted((await ledger.numbers_of(session, [draft.key(line.row) for line in draft.lines])).values())
    if known:
        return replace(draft, lines=(), before=True, first=known[0], last=known[-1])
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
        draft.key(line.row), what.unit.code, what.item.name, what.points, what.quarter, day, context.person.id,
        what.reason, context.moment, group, what.basis,
    )  # fmt: skip


async def _tell(session: Session, context: Context, written: Sequence[tuple[int, Clear]]) -> None:
    """One message a liaison: the unit's total, then each entry."""
    by_unit: defaultdict[str, list[tuple[int, Clear]]] = defaultdict(list)
    for number, what in written:
        by_unit[what.unit.code].append((number, what))
    told = {}
    for code, several in by_unit.items():
        lines = [(n, notice_words.imported_line(n, w.item.name, w.points, w.reason)) for n, w in several]
        points = sum((what.points for _, what in several), Decimal(0))
        head = notice_words.imported(context.bureau.unit(code), len(several), points)
        told[code] = [(lines[0][0], f"{head}\n\n{lines[0][1]}"), *lines[1:]]
    await notices.plan_imported(session, context, told)
