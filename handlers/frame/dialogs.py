"""A question that is kept: opened once for a deed, shown in one message, edited in place."""

from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta
from typing import TypeVar

from telegram.error import BadRequest

from handlers.frame import names
from handlers.frame.context import Context
from handlers.frame.reply import Say
from rules.refusals import NotYourQuestion
from storage import drafts, evidence
from storage.database import Session
from storage.drafts import Draft, DraftState, Kept

D = TypeVar("D", bound=Draft)

OPEN_FOR = timedelta(hours=24)
"""After so long an unfinished draft is not offered again, and takes no text."""


async def opened(context: Context, draft: D, files: Collection[int] = ()) -> Kept[D]:
    """Keep a new question with the files that came with it; the same deed finds the one it asked before."""
    async with context.database.transaction() as session:
        kept = await drafts.open_(
            session,
            draft,
            key=context.deed(),
            person_id=context.person.id,
            chat_id=context.chat_id,
            now=context.now,
        )
        if files:
            await evidence.attach(session, files, draft=kept.id, at=context.now, person_id=context.person.id)
    return kept


async def moved(context: Context, kept: Kept[D], draft: D, state: DraftState = DraftState.OPEN) -> Kept[D]:
    """Keep where the question stands after what was done just now."""
    async with context.database.transaction() as session:
        return await drafts.advance(session, kept, draft, state, deed=context.deed())


async def send(context: Context, kept: Kept[D], say: Say) -> None:
    """Put the question in a new message, and keep which one."""
    message = await context.reply(say)
    async with context.database.transaction() as session:
        await drafts.placed(session, kept, message.message_id)


async def show(context: Context, kept: Kept[D], say: Say) -> None:
    """Put the question in the place of the one before; in a new message where that one is gone."""
    place = context.message.message_id if context.pressed else kept.message_id
    if place is None or not await replaced(context, say, place):
        await send(context, kept, say)


async def replaced(context: Context, say: Say, message_id: int) -> bool:
    """Put this in the place of a message of ours; False where that one is gone."""
    try:
        return await context.replaced(say, message_id)
    except BadRequest:
        return False


async def own(session: Session, context: Context, kind: type[D]) -> Kept[D]:
    """The person's question of this kind whose button was pressed. Stale, NotYourQuestion, QuestionEnded.

    Another's question is as unknown as one that does not exist, except in the group in which everybody sees it.
    """
    kept = await drafts.find(session, names.number(context.argument(0)))
    if kept is None or not isinstance(kept.draft, kind):
        raise names.stale()
    if kept.person_id != context.person.id:
        seen_by_all = not context.in_private and kept.chat_id == context.chat_id
        raise NotYourQuestion if seen_by_all else names.stale()
    drafts.check_going_on(kept.state)
    return kept


async def pressed(
    context: Context, kind: type[D], shown_again: Callable[[Context, Kept[D]], Awaitable[None]], settled: str
) -> Kept[D] | None:
    """The open question of this kind whose button was pressed: who, which and which revision are checked anew.

    None where nothing is left to do: the press was handled before and is shown again, or the button is old.
    Stale, NotYourQuestion, QuestionEnded.
    """
    async with context.database.reading() as session:
        kept = await own(session, context, kind)
    if kept.last_deed == context.deed():
        await shown_again(context, kept)
        return None
    if kept.state is not DraftState.OPEN or str(kept.revision) != context.argument(1):
        await context.toast(settled, alert=True)
        return None
    return kept
