"""The dialog of a deduction: what is missing is asked step by step, in one message that is edited in place."""

from dataclasses import replace

from handlers.deduct import card, draft_text, entry, steps
from handlers.deduct.asking import A_PAGE, BACK, CANCEL, CONFIRM, DAY, DONE, NEXT, PREVIOUS, SAME, SKIP, ask
from handlers.deduct.steps import offered, question, read, with_choice
from handlers.evidence import unplaced
from handlers.frame import dialogs, names
from handlers.frame.context import Context
from handlers.frame.reply import Say
from handlers.inspect import inspect
from rules.draft import Asks, DeductionDraft, answered, one_back
from rules.entries import Deduction
from storage import cards, drafts, evidence, ledger
from storage.cards import Card
from storage.drafts import DraftState, Kept

Draft = Kept[DeductionDraft]

AGREED = frozenset({"登记", "是", "是的", "确认", "确认登记"})
GIVEN_UP = frozenset({"取消", "算了", "不记了", "不登记了", "放弃", "不要了", "退出", "/cancel"})
"""What people write instead of pressing."""

WHOLE = frozenset({Asks.QUARTER, Asks.REASON, Asks.CONFIRM})
"""What is asked of a deduction that says all it needs: it is settled first, and the one that is open waits on."""


async def begin(context: Context, draft: DeductionDraft, files: list[int]) -> None:
    """Ask the first question of a new draft; one that is still open is offered first."""
    async with context.database.reading() as session:
        earlier = await drafts.open_in(
            session,
            person_id=context.person.id,
            chat_id=context.chat_id,
            since=context.now - dialogs.OPEN_FOR,
        )
    old = next((k for k in earlier if isinstance(k.draft, DeductionDraft) and k.draft.guided), None)
    asked = question(context, draft)
    assert asked is not None
    in_the_way = old is not None and draft.guided and asked.asks not in WHOLE
    if in_the_way and old is not None and old.draft.asks is not Asks.RESUME:
        asked = replace(draft, asks=Asks.RESUME, choices=(f"resume:{old.id}", f"drop:{old.id}"))
    asked = await offered(context, asked)
    await send(context, await dialogs.opened(context, asked, files))


async def ask_whether_repeated(
    context: Context, draft: DeductionDraft, entry: Deduction, files: list[int]
) -> None:
    """Ask of a new deduction whether it is the same finding as an entry of the ledger; nothing is written yet."""
    await send(context, await dialogs.opened(context, steps.repeating(draft, entry), files))


async def send(context: Context, kept: Draft) -> None:
    """Put the question in a new message."""
    await dialogs.send(context, kept, await ask(context, kept))


async def show(context: Context, kept: Draft) -> None:
    """Put the question in the place of the one before."""
    await dialogs.show(context, kept, await ask(context, kept))


async def pressed(context: Context) -> None:
    """A button under a question of ours: who, which draft, which revision and which choice are all checked anew."""
    async with context.database.reading() as session:
        kept = await dialogs.own(session, context, DeductionDraft)
    if kept.state is not DraftState.OPEN or str(kept.revision) != context.argument(1):
        await _settled_before(context, kept)
        return
    await _take(context, kept, context.argument(2))


async def _take(context: Context, kept: Draft, choice: str) -> None:
    draft = kept.draft
    if choice == CANCEL:
        await close(context, kept)
        await context.rewrite(Say(draft_text.dropped()))
        await unplaced.left_over(context, kept.id)
    elif choice == CONFIRM and draft.asks is Asks.CONFIRM:
        await write(context, kept, draft)
    elif choice == DONE and draft.asks is Asks.ITEM:
        unit = context.bureau.unit(draft.units[0])
        quarter = draft.quarter or context.quarter_for(unit)
        say = await inspect.mark(context, [unit], quarter)
        await close(context, kept)
        await context.rewrite(say)
    elif choice == DAY and draft.asks is Asks.CONFIRM:
        await move(context, kept, await offered(context, replace(draft, asks=Asks.DAY)))
    elif choice in (NEXT, PREVIOUS):
        step = 1 if choice == NEXT else -1
        last = max(0, (len(draft.choices) - 1) // A_PAGE)
        await move(context, kept, replace(draft, page=min(max(0, draft.page + step), last)))
    elif choice == BACK:
        back = replace(draft, asks=None) if draft.asks is Asks.DAY else one_back(draft)
        await go_on(context, kept, back)
    elif choice == SKIP and draft.asks is Asks.REASON:
        await go_on(context, kept, answered(draft, Asks.REASON, reason_asked=True))
    elif draft.asks is Asks.REPEATED and draft.repeats is not None:
        await _tell_apart(context, kept, draft.repeats, same=choice == SAME)
    elif draft.asks is Asks.RESUME:
        await _resume(context, kept, names.number(choice))
    else:
        await go_on(context, kept, _chosen(draft, names.number(choice)))


async def _tell_apart(context: Context, kept: Draft, number: int, *, same: bool) -> None:
    """The person says whether it is the finding of record `number`, which then gets the files, or another one."""
    if not same:
        await write(context, kept, replace(kept.draft, others=(*kept.draft.others, number)))
        return
    async with context.database.transaction() as session:
        files = [file.id for file in await evidence.of(session, draft=kept.id)]
        await evidence.attach(session, files, entry=number, at=context.now, person_id=context.person.id)
        await drafts.advance(session, kept, kept.draft, DraftState.DROPPED, deed=context.deed())
    say = Say(draft_text.same_finding(number, len(files)))
    await (context.rewrite(say) if context.pressed else context.reply(say))


def _chosen(draft: DeductionDraft, index: int) -> DeductionDraft:
    if index >= len(draft.choices) or draft.asks is None:
        raise names.stale()
    choice = draft.choices[index]
    return with_choice(draft, draft.asks, choice)


async def _resume(context: Context, kept: Draft, index: int) -> None:
    """The earlier draft goes on in this message, or is dropped for the new one."""
    if index >= len(kept.draft.choices):
        raise names.stale()
    kind, _, number = kept.draft.choices[index].partition(":")
    async with context.database.reading() as session:
        old = await drafts.find(session, int(number))
    if kind == "resume" and old is not None and old.state is DraftState.OPEN:
        async with context.database.transaction() as session:
            await drafts.advance(session, kept, kept.draft, DraftState.DROPPED, deed=context.deed())
            old = await drafts.advance(session, old, old.draft, DraftState.OPEN, deed=f"{context.deed()}:old")
            await drafts.placed(session, old, context.message.message_id)
        await context.rewrite(await ask(context, old))
        return
    if old is not None and old.state is DraftState.OPEN:
        await close(context, old, deed=f"{context.deed()}:old")
        if old.message_id is not None:
            await dialogs.replaced(context, Say(draft_text.dropped()), old.message_id)
        await unplaced.left_over(context, old.id)
    await go_on(context, kept, replace(kept.draft, asks=None, choices=()))


async def go_on(context: Context, kept: Draft, draft: DeductionDraft) -> None:
    """The next question in the same message, or the entry."""
    asked = question(context, draft)
    if asked is None:
        await write(context, kept, draft)
        return
    await move(context, kept, await offered(context, asked))


async def move(context: Context, kept: Draft, draft: DeductionDraft) -> None:
    """Keep where the draft stands now, and show it."""
    await show(context, await dialogs.moved(context, kept, draft))


async def write(context: Context, kept: Draft, draft: DeductionDraft) -> None:
    """The draft becomes an entry; its message becomes the card, or asks whether the ledger has it already."""
    try:
        async with context.database.transaction() as session:
            files = [file.id for file in await evidence.of(session, draft=kept.id)]
            number = await entry.write(
                session, context, draft, key=kept.key, moment=context.moment, files=files
            )
            kept = await drafts.advance(session, kept, draft, DraftState.DONE, deed=context.deed())
    except entry.LikelyRepeated as repeated:
        await move(context, kept, steps.repeating(draft, repeated.entry))
        return
    await _become_card(context, kept, number)
    await unplaced.remind(context)


async def _become_card(context: Context, kept: Draft, number: int) -> None:
    place = context.message.message_id if context.pressed else kept.message_id
    if place is None or not await context.replaced(await card.card(context, number), place):
        await card.send(context, number)
        return
    async with context.database.transaction() as session:
        await cards.remember(session, Card(context.chat_id, place, number, asks=False), now=context.now)


async def close(context: Context, kept: Draft, *, deed: str | None = None) -> None:
    """Give the draft up; nothing of it is written."""
    async with context.database.transaction() as session:
        await drafts.advance(session, kept, kept.draft, DraftState.DROPPED, deed=deed or context.deed())


async def _settled_before(context: Context, kept: Draft) -> None:
    """A press on an old button: what became of it; a press handled again shows where it led."""
    async with context.database.reading() as session:
        number = await ledger.written_by(session, kept.key)
    if kept.last_deed == context.deed():
        if number is not None:
            await _become_card(context, kept, number)
        elif kept.state is DraftState.OPEN:
            await show(context, kept)
        else:
            async with context.database.reading() as session:
                resumed = await drafts.of_deed(session, f"{context.deed()}:old")
            again = resumed if resumed is not None and resumed.state is DraftState.OPEN else None
            await context.rewrite(Say(draft_text.dropped()) if again is None else await ask(context, again))
        return
    await context.toast(draft_text.answered(number, dropped=kept.state is DraftState.DROPPED), alert=True)


async def shown_again(context: Context, kept: Draft) -> None:
    """A text handled again: where its draft stands now."""
    async with context.database.reading() as session:
        number = await ledger.written_by(session, kept.key)
    if number is not None:
        await _become_card(context, kept, number)
    elif kept.state is DraftState.OPEN:
        await show(context, kept)


SAME_WORDS = frozenset({"是", "是的", "对", "同一件", "是同一件", "是同一件，不记", "不记"})
OTHER_WORDS = frozenset({"不是", "另一件", "另外一件", "另一件，登记", "登记"})


def takes(draft: DeductionDraft, text: str) -> bool:
    """Whether a text answers the question that the draft asks; what is asked by buttons alone takes its few words."""
    word = _word(text)
    if draft.asks is Asks.RESUME:
        return word in GIVEN_UP
    if draft.asks is Asks.REPEATED:
        return word in GIVEN_UP | SAME_WORDS | OTHER_WORDS
    return draft.wants_text


def _word(text: str) -> str:
    return text.strip(" 。.!！~")


async def feed(context: Context, kept: Draft, text: str) -> None:
    """A text while a question is open: its answer, read as such."""
    draft, word = kept.draft, _word(text)
    if word in GIVEN_UP:
        await close(context, kept)
        await context.reply(Say(draft_text.dropped()))
        await unplaced.left_over(context, kept.id)
    elif draft.asks is Asks.REPEATED and draft.repeats is not None:
        await _tell_apart(context, kept, draft.repeats, same=word in SAME_WORDS)
    elif draft.asks is Asks.CONFIRM and word.lower() in AGREED:
        await write(context, kept, draft)
    elif draft.asks is Asks.CONFIRM:
        await context.reply(Say(draft_text.confirm_first(back=bool(draft.answered))))
    else:
        await go_on(context, kept, read(context, draft, text.strip()))
