"""Several deductions of one message: every line is shown as it was understood, then they are written together."""

from dataclasses import replace

from handlers import entry, files, names, questions, steps
from handlers.answer import Button, Say
from handlers.context import Context
from handlers.entry import Clear
from handlers.line import understood
from handlers.words import batch as words
from handlers.words.refusals import plain_sentence
from rules.calendar import Quarter
from rules.draft import Asks, BatchDraft, BatchLine, DeductionDraft
from rules.private_numbers import masked
from rules.reading import LONGEST_BATCH, Entry, Message
from rules.refusals import Refusal, TooManyLines
from storage import drafts, evidence, ledger
from storage.database import Session
from storage.drafts import DraftState, Kept

ALL, DROP = "all", "x"


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
            lines.append(BatchLine(len(lines) + 1, masked(line.text), problem=words.no_deduction()))
    draft = BatchDraft(context.moment, tuple(lines), _quarters(context, lines))
    await send(context, await questions.opened(context, draft, sent))


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
        raise words.noted(draft)
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
        raise words.missing(missing)
    asked = steps.question(context, draft)
    if asked is not None and asked.asks is Asks.QUARTER:
        return draft
    if asked is not None:
        raise words.unclear(asked, context.bureau)
    return replace(draft, quarter=entry.clear(context, draft, context.moment).quarter)


async def send(context: Context, kept: Kept[BatchDraft]) -> None:
    """The preview, with its buttons under the last part."""
    draft, data = kept.draft, f"b:{kept.id}"
    good, bad = len(draft.understood), len(draft.lines) - len(draft.understood)
    rows: list[tuple[Button, ...]] = []
    if good and draft.quarters:
        rows = [
            (Button(words.into(quarter, good), f"{data}:{ALL}:{place}"),)
            for place, quarter in enumerate(draft.quarters)
        ]
        rows.append((Button("都不记", f"{data}:{DROP}"),))
    else:
        all_ = Button(f"只记入 {good} 条" if bad else f"全部记入（{good} 条）", f"{data}:{ALL}")
        rows = [((all_,) if good else ()) + (Button("都不记", f"{data}:{DROP}"),)]
    clear = {line.number: _clear(context, draft, line) for line in draft.understood}
    await context.reply(Say(words.preview(draft, clear, context.bureau, context.today), tuple(rows)))


def _clear(context: Context, draft: BatchDraft, line: BatchLine) -> Clear:
    """The line as it would stand in the ledger."""
    assert line.draft is not None
    return entry.resolve(context, _in_quarter(line.draft, draft.quarters[:1]), draft.at)


def _in_quarter(draft: DeductionDraft, quarters: tuple[Quarter, ...]) -> DeductionDraft:
    """The deduction in the quarter that was chosen for those that name none."""
    return replace(draft, quarter=quarters[0]) if draft.quarter is None and quarters else draft


async def pressed(context: Context) -> None:
    """全部记入, 只记入 N 条 or 都不记: once, by the one who sent the lines."""
    async with context.database.transaction() as session:
        kept = await questions.own(session, context, BatchDraft)
        if kept.state is DraftState.OPEN:
            state = DraftState.DONE if context.argument(1) == ALL else DraftState.DROPPED
            if state is DraftState.DONE:
                await _write(session, context, kept)
            kept = await drafts.advance(session, kept, kept.draft, state, deed=context.deed())
    if kept.last_deed != context.deed():
        await context.toast(words.before(done=kept.state is DraftState.DONE), alert=True)
    else:
        await _tell(context, kept)


async def _write(session: Session, context: Context, kept: Kept[BatchDraft]) -> None:
    """Every line that was understood, in one transaction: all of them, or none."""
    sent = [file.id for file in await evidence.of(session, draft=kept.id)]
    draft = kept.draft
    chosen = draft.quarters[_place(context, draft) :][:1]
    for line in draft.understood:
        assert line.draft is not None
        one = _in_quarter(line.draft, chosen)
        await entry.write(
            session, context, one, key=f"{kept.key}:{line.number}", moment=context.moment, files=sent
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
        await context.rewrite(Say(words.dropped(len(kept.draft.lines))))
        return
    async with context.database.reading() as session:
        numbers = await ledger.numbers_of(
            session, [f"{kept.key}:{line.number}" for line in kept.draft.understood]
        )
        written = await ledger.several(session, list(numbers.values()))
    await context.rewrite(Say(words.short_done(len(written))))
    await context.reply(Say(words.done(kept.draft, written, context.bureau)))
