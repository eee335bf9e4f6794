"""Several deductions of one message: every line is shown as it was understood, then they are written together."""

from dataclasses import replace

from handlers.deduct import batch_text, entry, steps
from handlers.deduct.entry import Clear
from handlers.deduct.line import understood
from handlers.evidence import files, unplaced
from handlers.frame import dialogs, names
from handlers.frame.context import Context
from handlers.frame.refusal_text import plain_sentence
from handlers.frame.reply import Button, Rows, Say
from rules.calendar import Quarter
from rules.draft import Asks, BatchDraft, BatchLine, DeductionDraft
from rules.private_numbers import masked
from rules.reading import LONGEST_BATCH, Entry, Message
from rules.refusals import Refusal, TooManyLines
from storage import drafts, evidence, ledger
from storage.database import Session
from storage.drafts import DraftState, Kept

ALL, NEW, DROP = "all", "new", "x"


async def preview(context: Context, message: Message) -> None:
    """Show what was understood of each line; nothing is written yet. TooManyLines."""
    count = sum(len(line.entries) or not line.note for line in message.lines)
    if count > LONGEST_BATCH:
        raise TooManyLines(count, LONGEST_BATCH)
    sent = await files.receive(context)
    lines: list[BatchLine] = []
    for line in message.lines:
        for said in line.entries:
            lines.append(_line(context, len(lines) + 1, line.text, said))
        if not line.entries and not line.note:
            lines.append(BatchLine(len(lines) + 1, masked(line.text), problem=batch_text.no_deduction()))
    unlogged = tuple(map(masked, message.denied))
    draft = BatchDraft(context.moment, tuple(lines), _quarters(context, lines), unlogged)
    async with context.database.reading() as session:
        draft = await _compared(session, context, draft)
    await send(context, await dialogs.opened(context, draft, sent))


async def _compared(session: Session, context: Context, draft: BatchDraft) -> BatchDraft:
    """The lines with what of them the ledger says already."""
    clear = {line.number: _clear(context, draft, line) for line in draft.understood}
    earlier = await entry.repeated(session, context, list(clear.values()), draft.at)
    found = {number: e.number for number, e in zip(clear, earlier, strict=True) if e is not None}
    return replace(draft, lines=tuple(replace(line, repeats=found.get(line.number)) for line in draft.lines))


def _line(context: Context, number: int, text: str, said: Entry) -> BatchLine:
    try:
        return BatchLine(number, masked(text), draft=_sure(context, understood(context, said)))
    except Refusal as refusal:
        # The line is kept with the draft: a private number in it is not.
        return BatchLine(number, masked(text), problem=plain_sentence(refusal))


def _quarters(context: Context, lines: list[BatchLine]) -> tuple[Quarter, ...]:
    """The quarters to choose from for the lines that name none while an earlier one is late: asked once for all."""
    asked = [steps.question(context, line.draft) for line in lines if line.draft and line.draft.quarter is None]
    choices = dict.fromkeys(
        choice
        for draft in asked
        if draft is not None and draft.asks is Asks.QUARTER
        for choice in draft.choices
    )
    return tuple(Quarter.parse(choice) for choice in choices)


def _sure(context: Context, draft: DeductionDraft) -> DeductionDraft:
    """A line in which nothing is open: what would have to be asked is a fault of the line. Unsure."""
    if draft.note:
        raise batch_text.noted(draft)
    missing = [
        name
        for name, there in (
            ("单位", bool(draft.units)),
            ("项目", bool(draft.items or draft.criterion)),
            ("分值", draft.points is not None or draft.criterion is not None),
        )
        if not there
    ]
    if missing:
        raise batch_text.missing(missing)
    asked = steps.question(context, draft)
    if asked is not None and asked.asks is Asks.QUARTER:
        return draft
    if asked is not None:
        raise batch_text.unclear(asked, context.bureau)
    return replace(draft, quarter=entry.clear(context, draft, context.moment).quarter)


async def send(context: Context, kept: Kept[BatchDraft]) -> None:
    """The preview, with its buttons under the last part."""
    draft = kept.draft
    clear = {line.number: _clear(context, draft, line) for line in draft.understood}
    repeated = {line.repeats for line in draft.understood if line.repeats is not None}
    async with context.database.reading() as session:
        records = {record.number: record for record in await ledger.several(session, repeated)}
    text = batch_text.preview(draft, clear, records, context.bureau, context.today)
    await context.reply(Say(text, _buttons(kept)))


def _buttons(kept: Kept[BatchDraft]) -> Rows:
    """What may be written, quarter by quarter where that is asked, and nothing at all."""
    draft, data = kept.draft, f"b:{kept.id}"
    good, new = len(draft.understood), len(draft.new)
    choices = [(NEW, new)] if 0 < new < good else []
    choices += [(ALL, good)] if good else []
    whole = good == len(draft.lines)
    rows: list[tuple[Button, ...]] = []
    for choice, count in choices:
        if draft.quarters:
            rows += [
                (
                    Button(
                        batch_text.into(quarter, count, repeated=choice is ALL and new < good),
                        f"{data}:{choice}:{place}",
                    ),
                )
                for place, quarter in enumerate(draft.quarters)
            ]
        else:
            label = batch_text.write(
                count,
                whole=whole and choice is ALL,
                only_new=choice is NEW,
                repeated=choice is ALL and new < good,
            )
            rows.append((Button(label, f"{data}:{choice}"),))
    drop = Button("都不记", f"{data}:{DROP}")
    return (*rows[:-1], (*rows[-1], drop)) if rows and not draft.quarters else (*rows, (drop,))


def _clear(context: Context, draft: BatchDraft, line: BatchLine) -> Clear:
    """The line as it would stand in the ledger."""
    assert line.draft is not None
    return entry.resolve(context, _in_quarter(line.draft, draft.quarters[:1]), draft.at)


def _in_quarter(draft: DeductionDraft, quarters: tuple[Quarter, ...]) -> DeductionDraft:
    """The deduction in the quarter that was chosen for those that name none."""
    return replace(draft, quarter=quarters[0]) if draft.quarter is None and quarters else draft


async def pressed(context: Context) -> None:
    """全部记入, 只记入 N 条 or 都不记: once, by the one who sent the lines."""
    try:
        async with context.database.transaction() as session:
            kept = await dialogs.own(session, context, BatchDraft)
            if kept.state is DraftState.OPEN:
                state = DraftState.DROPPED if context.argument(1) == DROP else DraftState.DONE
                if state is DraftState.DONE:
                    await _write(session, context, kept)
                kept = await drafts.advance(session, kept, kept.draft, state, deed=context.deed())
    except entry.LikelyRepeated:
        await _show_what_was_logged_meanwhile(context)
        return
    if kept.last_deed != context.deed():
        await context.toast(batch_text.before(done=kept.state is DraftState.DONE), alert=True)
    else:
        await _tell(context, kept)


async def _show_what_was_logged_meanwhile(context: Context) -> None:
    """Nothing was written: somebody has logged one of the lines since they were shown. They are shown anew."""
    async with context.database.transaction() as session:
        kept = await dialogs.own(session, context, BatchDraft)
        draft = await _compared(session, context, kept.draft)
        kept = await drafts.advance(session, kept, draft, DraftState.OPEN, deed=context.deed())
    await context.rewrite(Say(batch_text.logged_meanwhile()))
    await send(context, kept)


def _wanted(context: Context, draft: BatchDraft) -> tuple[BatchLine, ...]:
    """The lines that were chosen by the press."""
    return draft.new if context.argument(1) == NEW else draft.understood


async def _write(session: Session, context: Context, kept: Kept[BatchDraft]) -> None:
    """The lines that were chosen, in one transaction: all of them, or none. LikelyRepeated."""
    sent = [file.id for file in await evidence.of(session, draft=kept.id)]
    draft = kept.draft
    chosen = draft.quarters[_place(context, draft) :][:1]
    written: list[int] = []
    for line in _wanted(context, draft):
        assert line.draft is not None
        # What the person saw, and lines of the same message, are no repetition any more.
        known = (*written, line.repeats) if line.repeats is not None else tuple(written)
        one = replace(_in_quarter(line.draft, chosen), others=known)
        written.append(
            await entry.write(
                session, context, one, key=f"{kept.key}:{line.number}", moment=context.moment, files=sent
            )
        )


def _place(context: Context, draft: BatchDraft) -> int:
    """Which of the quarters was pressed."""
    if not draft.quarters:
        return 0
    place = names.number(context.argument(2))
    if place >= len(draft.quarters):
        raise names.stale()
    return place


async def _tell(context: Context, kept: Kept[BatchDraft]) -> None:
    if kept.state is DraftState.DROPPED:
        await context.rewrite(Say(batch_text.dropped(len(kept.draft.lines))))
        await unplaced.left_over(context, kept.id)
        return
    async with context.database.reading() as session:
        numbers = await ledger.numbers_of(
            session, [f"{kept.key}:{line.number}" for line in kept.draft.understood]
        )
        written = await ledger.several(session, list(numbers.values()))
    await context.rewrite(Say(batch_text.short_done(len(written))))
    await context.reply(Say(batch_text.done(kept.draft, written, context.bureau)))
    await unplaced.remind(context)
