"""Officers who are typed or filled in: looked over first, written all or nothing, once (R9)."""

from html import unescape

from handlers import names, questions, units, workbooks
from handlers.answer import Button, Say
from handlers.context import Context
from handlers.words import roster as words
from handlers.words import tables as table_words
from handlers.words.refusals import plain_sentence
from rules.access import Deed
from rules.bureau import Unit
from rules.draft import RosterChange, RosterDraft
from rules.private_numbers import masked
from rules.reading import LONGEST_BATCH
from rules.refusals import NumberTaken, Refusal, SameName, TooManyLines
from rules.roster import NUMBER, Entered, Kind, Plan, plan, read_line
from rules.services import stranded
from sheets import roster as table
from sheets.values import RowProblem
from storage import drafts, officer_ledger
from storage import roster as storage
from storage.database import Session
from storage.drafts import DraftState, Kept

Draft = Kept[RosterDraft]

YES, NO, ANOTHER, SAME = "y", "n", "a", "s"


async def enter(context: Context, unit: Unit, text: str) -> None:
    """One line is written at once, several are seen before. What is wrong in a line refuses them all."""
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.deed_key())
    if opened is not None:
        await _where(context, opened)
        return
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > LONGEST_BATCH:
        raise TooManyLines(len(lines), LONGEST_BATCH)
    if len(lines) == 1:
        await _single(context, unit, read_line(lines[0], context.today))
        return
    read = [_read(context, line) for line in lines]
    entered = [one for one in read if isinstance(one, Entered)]
    plans = iter(await _planned(context, unit, entered))
    found = [one if isinstance(one, Refusal) else next(plans) for one in read]
    wrong = [
        (number, masked(line), plain_sentence(one))
        for number, (line, one) in enumerate(zip(lines, found, strict=True), start=1)
        if isinstance(one, Refusal)
    ]
    if wrong:
        await context.reply(Say(words.lines_wrong(len(lines), wrong)))
        return
    await _preview(context, await questions.opened(context, RosterDraft(unit.code, tuple(entered))))


def _read(context: Context, line: str) -> Entered | Refusal:
    try:
        return read_line(line, context.today)
    except Refusal as refusal:
        return refusal


async def _single(context: Context, unit: Unit, line: Entered) -> None:
    draft = RosterDraft(unit.code, (line,), single=True)
    try:
        async with context.database.transaction() as session:
            kept = await drafts.open_(
                session, draft, key=context.deed(), person_id=context.person.id, chat_id=context.chat_id,
                now=context.now,
            )  # fmt: skip
            kept = await _write(session, context, unit, kept)
    except SameName as refusal:
        if not line.number or len(refusal.numbers) != 1:
            raise
        await _where(context, await questions.opened(context, draft))
        return
    await _where(context, kept)


async def look_over(context: Context, unit: Unit) -> None:
    """A filled table: what is new and what changes, or what is wrong by row and column."""
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.deed_key())
    if opened is not None:
        await _where(context, opened)
        return
    parsed = table.parse(await workbooks.sent(context), context.today)
    lines = tuple(line for _, line in parsed.rows)
    plans = await _planned(context, unit, lines)
    wrong = [
        RowProblem(number, words.fault_column(one), unescape(plain_sentence(one)))
        for (number, _), one in zip(parsed.rows, plans, strict=True)
        if isinstance(one, Refusal)
    ]
    problems = sorted((*parsed.problems, *wrong), key=lambda problem: problem.row)
    if problems or not lines:
        await context.reply(Say(table_words.problems(len(lines) - len(wrong), problems, "民警")))
        return
    await _preview(context, await questions.opened(context, RosterDraft(unit.code, lines)))


async def _planned(
    context: Context, unit: Unit, lines: tuple[Entered, ...] | list[Entered]
) -> list[Plan | Refusal]:
    async with context.database.reading() as session:
        return await _plans(session, context, unit, lines)


async def _plans(
    session: Session, context: Context, unit: Unit, lines: tuple[Entered, ...] | list[Entered]
) -> list[Plan | Refusal]:
    """What each line does; nobody takes the badge number of another unit's officer."""
    members = await storage.members(session, unit.code)
    found = plan(lines, members, unit.code, context.today)
    taken = await storage.elsewhere(session, unit.code, [line.number for line in lines], context.today)
    return [
        NumberTaken(line.number, "", context.bureau.find_unit(taken[line.number]))
        if isinstance(one, Plan) and line.number in taken and (one.kind is Kind.NEW or NUMBER in one.fields)
        else one
        for line, one in zip(lines, found, strict=True)
    ]


async def _write(session: Session, context: Context, unit: Unit, kept: Draft) -> Draft:
    """Write all lines, or refuse them by the first that is wrong by now."""
    plans = []
    for one in await _plans(session, context, unit, kept.draft.lines):
        if isinstance(one, Refusal):
            raise one
        plans.append(one)
    changed = [one for one in plans if one.kind is not Kind.SAME]
    ids: list[int] = []
    if changed:
        ids = await storage.write(
            session, changed, key=kept.key, unit=unit.code, by=context.person.id, now=context.now
        )
    written = tuple(
        RosterChange(id_, one.kind is Kind.NEW, one.fields) for id_, one in zip(ids, changed, strict=True)
    )
    draft = RosterDraft(unit.code, (), kept.draft.single, written, len(plans) - len(changed))
    return await drafts.advance(session, kept, draft, DraftState.DONE, deed=context.deed())


async def pressed(context: Context) -> None:
    """[登记 N 人], [不登记], or who of the same name is meant: once, by who sent the lines, if it still may."""
    choice = context.argument(1)
    async with context.database.transaction() as session:
        kept = await drafts.find(session, names.number(context.argument(0)))
        if kept is None or kept.person_id != context.person.id or not isinstance(kept.draft, RosterDraft):
            raise names.stale()
        unit = units.pressed(context, Deed.ROSTER, kept.draft.unit)
        fresh = kept.state is DraftState.OPEN
        if fresh and choice == NO:
            emptied = RosterDraft(unit.code, single=kept.draft.single)
            kept = await drafts.advance(session, kept, emptied, DraftState.DROPPED, deed=context.deed())
        elif fresh:
            kept = await _write(session, context, unit, _answered(kept, choice))
    if not fresh and kept.last_deed != context.deed():
        await context.toast(words.settled(), alert=True)
        return
    await context.rewrite(await _settled(context, kept))


def _answered(kept: Draft, choice: str) -> Draft:
    if choice not in {ANOTHER, SAME}:
        return kept
    (line,) = kept.draft.lines
    line = Entered(line.name, line.number, line.duty, line.since, another=choice == ANOTHER)
    draft = RosterDraft(kept.draft.unit, (line,), single=True)
    return Kept(
        kept.id, kept.person_id, kept.chat_id, kept.message_id, kept.revision, kept.state, draft, kept.last_deed
    )


async def _where(context: Context, kept: Draft) -> None:
    """The question, or what became of it."""
    if kept.state is DraftState.OPEN:
        await (_ask_who(context, kept) if kept.draft.single else _preview(context, kept))
    else:
        await context.reply(await _settled(context, kept))


async def _ask_who(context: Context, kept: Draft) -> None:
    (line,) = kept.draft.lines
    unit, data = context.bureau.unit(kept.draft.unit), f"rok:{kept.id}"
    async with context.database.reading() as session:
        members = await storage.members(session, unit.code)
    number = next((m.officer.number for m in members if m.officer.name == line.name), "")
    rows = (
        (Button("同一个人，改警号", f"{data}:{SAME}"),),
        (Button("另一位同名的民警", f"{data}:{ANOTHER}"), Button("不登记", f"{data}:{NO}")),
    )
    await context.reply(Say(words.which(line, number), rows))


async def _preview(context: Context, kept: Draft) -> None:
    unit, data = context.bureau.unit(kept.draft.unit), f"rok:{kept.id}"
    async with context.database.reading() as session:
        members = await storage.members(session, unit.code)
        found = await _plans(session, context, unit, kept.draft.lines)
    plans = [one for one in found if isinstance(one, Plan)]
    text = words.preview(unit, plans, {m.officer.id: m.officer for m in members}, context.today)
    count = sum(one.kind is not Kind.SAME for one in plans)
    row = (Button(f"登记 {count} 人", f"{data}:{YES}"), Button("不登记", f"{data}:{NO}"))
    await context.reply(Say(text, (row,) if count else ()))


async def _settled(context: Context, kept: Draft) -> Say:
    if kept.state is DraftState.DROPPED:
        return Say(words.dropped())
    unit = context.bureau.unit(kept.draft.unit)
    ids = [change.officer for change in kept.draft.written]
    async with context.database.reading() as session:
        members = [m for m in await storage.members(session, unit.code) if m.officer.id in ids]
        entries = await officer_ledger.of_officers(session, ids)
    outside = [
        entry
        for m in members
        for entry in stranded([e for e in entries if e.officer == m.officer.id], m.services)
    ]
    people = {m.officer.id: (m.officer, m.stint(unit.code)) for m in members}
    return Say(words.done(unit, kept.draft, people, outside, context.today))
