"""Officers who are typed or filled in: looked over first, written all or nothing, once (R9)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import unescape

from documents.workbooks import roster_table
from documents.workbooks.values import RowProblem
from handlers.frame import dialogs, tables_text, units, workbooks
from handlers.frame.context import Context
from handlers.frame.refusal_text import plain_sentence
from handlers.frame.reply import Button, Say
from handlers.roster import consent, roster_text
from rules.access import Deed
from rules.bureau import Unit
from rules.draft import RosterChange, RosterDraft
from rules.officers import Service
from rules.private_numbers import masked
from rules.reading import LONGEST_BATCH
from rules.recusal import Oneself, PointMove
from rules.refusals import NumberTaken, Refusal, SameName, TooManyLines
from rules.roster import DATES, NUMBER, Entered, Kind, Plan, is_doubtful, plan, read_line, without_dates
from rules.services import stranded
from storage import drafts, officer_ledger, roster
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
        await context.reply(Say(roster_text.lines_wrong(len(lines), wrong)))
        return
    await _preview(context, await dialogs.opened(context, RosterDraft(unit.code, tuple(entered))))


def _read(context: Context, line: str) -> Entered | Refusal:
    try:
        return read_line(line, context.today)
    except Refusal as refusal:
        return refusal


class _Doubtful(Exception):
    """A line whose name hardly looks like one has to be asked about before it is written."""


def _doubtful(context: Context, plans: Iterable[Plan]) -> list[str]:
    """The names of new officers that may as well be other words."""
    bureau, year = context.bureau, context.running.year
    vocabulary = [word for unit in bureau.units for word in (unit.name, *unit.aliases, unit.category)]
    vocabulary += [word for sequence in bureau.sequences for word in (sequence.name, *sequence.aliases)]
    vocabulary += [group.name for group in bureau.groups]
    schemes = [scheme for unit in bureau.units if (scheme := bureau.scheme_for(unit, year)) is not None]
    vocabulary += [word for scheme in schemes for item in scheme.items for word in (item.name, *item.aliases)]
    new = [one.officer.name for one in plans if one.kind is Kind.NEW]
    return [name for name in new if is_doubtful(name, vocabulary)]


async def _single(context: Context, unit: Unit, line: Entered) -> None:
    draft = RosterDraft(unit.code, (line,), single=True)
    try:
        async with context.database.transaction() as session:
            kept = await drafts.open_(
                session, draft, key=context.deed(), person_id=context.person.id, chat_id=context.chat_id,
                now=context.now,
            )  # fmt: skip
            kept = await _write(session, context, unit, kept)
    except _Doubtful:
        await _where(context, await dialogs.opened(context, draft))
        return
    except SameName as refusal:
        if not line.number or len(refusal.numbers) != 1:
            raise
        await _where(context, await dialogs.opened(context, draft))
        return
    await _where(context, kept)


async def look_over(context: Context, unit: Unit) -> None:
    """A filled table: what is new and what changes, or what is wrong by row and column."""
    async with context.database.reading() as session:
        opened = await drafts.opened_by(session, context.deed())
    if opened is not None:
        await _where(context, opened)
        return
    parsed = roster_table.parse(await workbooks.sent(context), context.today)
    lines = tuple(line for _, line in parsed.rows)
    plans = await _planned(context, unit, lines)
    wrong = [
        RowProblem(number, roster_text.fault_column(one), unescape(plain_sentence(one)))
        for (number, _), one in zip(parsed.rows, plans, strict=True)
        if isinstance(one, Refusal)
    ]
    other = workbooks.of_another_unit(context, unit, parsed)
    problems = sorted((*other, *parsed.problems, *wrong), key=lambda problem: (problem.sheet, problem.row))
    if problems or not lines:
        await context.reply(Say(tables_text.problems(len(lines) - len(wrong), problems, "民警", parsed.notes)))
        return
    await _preview(context, await dialogs.opened(context, RosterDraft(unit.code, lines, notes=parsed.notes)))


async def _planned(
    context: Context, unit: Unit, lines: tuple[Entered, ...] | list[Entered]
) -> list[Plan | Refusal]:
    async with context.database.reading() as session:
        return await _plans(session, context, unit, lines)


async def _plans(
    session: Session, context: Context, unit: Unit, lines: tuple[Entered, ...] | list[Entered]
) -> list[Plan | Refusal]:
    """What each line does; nobody takes the badge number of another unit's officer, nor changes dates of its own."""
    members = await roster.members(session, unit.code)
    found = plan(lines, members, unit.code, context.today)
    elsewhere = await roster.elsewhere(session, unit.code, [line.number for line in lines])
    taken = [_taken(context, line, elsewhere.get(line.number, [])) for line in lines]
    found = [Oneself(PointMove.ROSTER) if _is_own(context, one) else one for one in found]
    return [
        NumberTaken(line.number, "", there)
        if isinstance(one, Plan) and there is not None and (one.kind is Kind.NEW or NUMBER in one.fields)
        else one
        for line, one, there in zip(lines, found, taken, strict=True)
    ]


def _is_own(context: Context, one: Plan | Refusal) -> bool:
    """Whether it would change the dates by which the person itself is assessed as an officer (R9, 回避)."""
    return isinstance(one, Plan) and one.officer.id in context.person.officers and bool(DATES & set(one.fields))


def _taken(context: Context, line: Entered, services: Iterable[Service]) -> Unit | None:
    """The other unit in which the number's officer serves still, or did on the day from which the line has it here."""
    day = min(context.today, line.since or context.today)
    service = next((s for s in services if s.until is None or s.until >= day), None)
    return context.bureau.find_unit(service.unit) if service is not None else None


async def _write(session: Session, context: Context, unit: Unit, kept: Draft) -> Draft:
    """Write all lines, or refuse them by the first that is wrong by now."""
    plans = []
    for one in await _plans(session, context, unit, kept.draft.lines):
        if isinstance(one, Refusal):
            raise one
        plans.append(one)
    if kept.draft.single and not kept.draft.sure and _doubtful(context, plans):
        raise _Doubtful
    plans, waiting = await _ask_consent(session, context, unit, plans)
    changed = [one for one in plans if one.kind is not Kind.SAME]
    ids: list[int] = []
    if changed:
        ids = await roster.write(
            session, changed, key=kept.key, unit=unit.code, by=context.person.id, now=context.now
        )
    written = tuple(
        RosterChange(id_, one.kind is Kind.NEW, one.fields) for id_, one in zip(ids, changed, strict=True)
    )
    same = sum(one.kind is Kind.SAME and one.officer.id not in waiting for one in plans)
    draft = RosterDraft(unit.code, (), kept.draft.single, written, same, tuple(waiting))
    return await drafts.advance(session, kept, draft, DraftState.DONE, deed=context.deed())


async def _ask_consent(
    session: Session, context: Context, unit: Unit, plans: Sequence[Plan]
) -> tuple[list[Plan], list[int]]:
    """What is written at once, and the officers whose new dates have to wait until somebody agreed."""
    before = {m.officer.id: m for m in await roster.members(session, unit.code)}
    dated = [one for one in plans if one.officer.id in before and DATES & set(one.fields)]
    wanted = [(before[one.officer.id], one.services) for one in dated]
    needs = await consent.needed(session, context, unit, wanted)
    waits = {want[0].officer.id: (want, need) for want, need in zip(wanted, needs, strict=True) if need.months}
    for want, need in waits.values():
        await consent.propose(session, context, unit, want, need)
    return [
        without_dates(one, before[one.officer.id].services) if one.officer.id in waits else one for one in plans
    ], sorted(waits)


async def pressed(context: Context) -> None:
    """[登记 N 人], [不登记], or who of the same name is meant: once, by who sent the lines, if it still may."""
    choice = context.argument(1)
    async with context.database.transaction() as session:
        kept = await dialogs.own(session, context, RosterDraft)
        unit = units.pressed(context, Deed.ROSTER, kept.draft.unit)
        fresh = kept.state is DraftState.OPEN
        if fresh and choice == NO:
            emptied = RosterDraft(unit.code, single=kept.draft.single)
            kept = await drafts.advance(session, kept, emptied, DraftState.DROPPED, deed=context.deed())
        elif fresh:
            kept = await _write(session, context, unit, _answered(kept, choice))
    if not fresh and kept.last_deed != context.deed():
        await context.toast(roster_text.settled(), alert=True)
        return
    await context.rewrite(await _settled(context, kept))


def _answered(kept: Draft, choice: str) -> Draft:
    if not kept.draft.single:
        return kept
    (line,) = kept.draft.lines
    if choice in {ANOTHER, SAME}:
        line = replace(line, another=choice == ANOTHER)
    draft = replace(kept.draft, lines=(line,), sure=True)
    return replace(kept, draft=draft)


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
        members = await roster.members(session, unit.code)
    known = [m.officer for m in members if m.officer.name == line.name]
    if not known:
        row = (Button("是姓名，登记", f"{data}:{YES}"), Button("不登记", f"{data}:{NO}"))
        await context.reply(Say(roster_text.hardly_a_name(line), (row,)))
        return
    rows = (
        (Button("同一个人，改警号", f"{data}:{SAME}"),),
        (Button("另一位同名的民警", f"{data}:{ANOTHER}"), Button("不登记", f"{data}:{NO}")),
    )
    await context.reply(Say(roster_text.which(line, known[0].number), rows))


async def _preview(context: Context, kept: Draft) -> None:
    unit, data = context.bureau.unit(kept.draft.unit), f"rok:{kept.id}"
    async with context.database.reading() as session:
        members = await roster.members(session, unit.code)
        found = await _plans(session, context, unit, kept.draft.lines)
    plans = [one for one in found if isinstance(one, Plan)]
    people = {m.officer.id: m.officer for m in members}
    text = roster_text.preview(
        unit, plans, people, context.today, kept.draft.notes, doubtful=_doubtful(context, plans)
    )
    count = sum(one.kind is not Kind.SAME for one in plans)
    row = (Button(f"登记 {count} 人", f"{data}:{YES}"), Button("不登记", f"{data}:{NO}"))
    await context.reply(Say(text, (row,) if count else ()))


async def _settled(context: Context, kept: Draft) -> Say:
    if kept.state is DraftState.DROPPED:
        return Say(roster_text.dropped())
    unit = context.bureau.unit(kept.draft.unit)
    ids = [change.officer for change in kept.draft.written]
    ids += [officer for officer in kept.draft.waiting if officer not in ids]
    async with context.database.reading() as session:
        members = [m for m in await roster.members(session, unit.code) if m.officer.id in ids]
        entries = await officer_ledger.of_officers(session, ids)
    outside = [
        entry
        for m in members
        for entry in stranded([e for e in entries if e.officer == m.officer.id], m.services)
    ]
    people = {m.officer.id: (m.officer, m.stint(unit.code)) for m in members}
    return Say(roster_text.done(unit, kept.draft, people, outside, context.today))
