"""Several deductions of one message: every line is shown as it was understood, then they are written together."""

from dataclasses import replace

from handlers import entry, files, questions, steps
from handlers.answer import Button, Say
from handlers.context import Context
from handlers.line import understood
from handlers.words import batch as words
from handlers.words.refusals import plain_sentence
from rules.draft import BatchDraft, BatchLine, DeductionDraft
from rules.private_numbers import masked
from rules.reading import LONGEST_BATCH, split_command
from rules.refusals import Refusal, TooManyLines
from storage import drafts, evidence, ledger
from storage.database import Session
from storage.drafts import DraftState, Kept

ALL, DROP = "all", "x"


async def preview(context: Context, lines: list[str]) -> None:
    """Show what was understood of each line; nothing is written yet. TooManyLines."""
    if len(lines) > LONGEST_BATCH:
        raise TooManyLines(len(lines), LONGEST_BATCH)
    sent = await files.receive(context)
    draft = BatchDraft(
        context.moment, tuple(_line(context, number, text) for number, text in enumerate(lines, start=1))
    )
    await send(context, await questions.opened(context, draft, sent))


def _line(context: Context, number: int, text: str) -> BatchLine:
    try:
        draft = understood(context, _without_command(context, text))
        return BatchLine(number, text, draft=_sure(context, draft))
    except Refusal as refusal:
        # The line is kept with the draft: a private number in it is not.
        return BatchLine(number, masked(text), problem=plain_sentence(refusal))


def _without_command(context: Context, text: str) -> str:
    """A line that repeats the command is still one deduction."""
    said = split_command(text, context.bot.username, context.services.bare_words)
    return said.args if said is not None else text


def _sure(context: Context, draft: DeductionDraft) -> DeductionDraft:
    """A line in which nothing is open: what would have to be asked is a fault of the line. Unsure."""
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
    if asked is not None:
        raise words.unclear(asked, context.bureau)
    return replace(draft, quarter=entry.clear(context, draft, context.moment).quarter)


async def send(context: Context, kept: Kept[BatchDraft]) -> None:
    """The preview, with its buttons under the last part."""
    draft, data = kept.draft, f"b:{kept.id}"
    good, bad = len(draft.understood), len(draft.lines) - len(draft.understood)
    row = []
    if good:
        row.append(Button(f"只记入 {good} 条" if bad else f"全部记入（{good} 条）", f"{data}:{ALL}"))
    row.append(Button("都不记", f"{data}:{DROP}"))
    await context.reply(Say(words.preview(draft, context.bureau, context.today), (tuple(row),)))


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
    for line in kept.draft.understood:
        assert line.draft is not None
        await entry.write(
            session, context, line.draft, key=f"{kept.key}:{line.number}", moment=context.moment, files=sent
        )


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
