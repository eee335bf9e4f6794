"""A file without a command: what its reply, its words, or what was done last says that it is evidence of (R11)."""

from dataclasses import dataclass
from datetime import datetime

from handlers.correct import reason
from handlers.deduct import card, drafting
from handlers.evidence import files, files_text, unplaced
from handlers.evidence.unplaced import Sending
from handlers.frame import dialogs
from handlers.frame.context import Context
from handlers.frame.reply import Say
from rules.access import Deed, may
from rules.draft import DeductionDraft
from rules.entries import REASON_WAIT, Deduction
from rules.evidence import is_bare, record_named, records_mentioned
from rules.refusals import Refusal
from storage import cards, drafts, evidence, ledger
from storage.database import Session
from storage.drafts import Draft, DraftState, Kept
from storage.evidence import Place


@dataclass(frozen=True, slots=True)
class Meant:
    """What a file is meant for; without a place it is asked. `note` says what else it might have been, or why it is asked."""

    place: Place | None = None
    note: str = ""
    named: bool = False
    """The words that came with it name the record, and say nothing else."""


async def plain(context: Context, asked: Kept[Draft] | None) -> bool:
    """Put the file where it belongs and tell so; whether its words are used up by that.

    `asked` is the question that its words would answer. UnfitFile.
    """
    earlier, places = await _earlier(context)
    if earlier is None and places:
        await _follow(context, places[0])
        return False
    meant = await _meant(context, asked, first=earlier is None)
    if earlier is None and meant.place is None and not context.in_private:
        return asked is None
    sent = await files.receive(context)
    if not sent:
        return False
    if meant.place is None and earlier is None and not may(context.person, Deed.DEDUCT):
        if len(sent) == 1:
            await context.reply(Say(files_text.of_nothing(may(context.person, Deed.APPEAL))))
        return asked is None
    async with context.database.transaction() as session:
        kept = await unplaced.opened(session, context, sent, key=_key(context))
        kept, entries = await _put(session, context, kept, meant, places)
    for number in entries:
        await card.refresh(context, number)
    await _show_dialog(context, meant.place)
    say = await (unplaced.question if kept.state is DraftState.OPEN else unplaced.answer)(
        context, kept, meant.note
    )
    await dialogs.show(context, kept, say)
    return meant.named


def _key(context: Context) -> str:
    """What names the sending: the album, or the one message."""
    album = context.message.media_group_id
    return f"files:{context.chat_id}:{album}" if album else f"{context.deed_key()}:files"


async def _earlier(context: Context) -> tuple[Sending | None, list[Place]]:
    """What was done with the pictures of the same album that came before, and where they are."""
    album = context.message.media_group_id
    async with context.database.reading() as session:
        kept: Sending | None = await drafts.opened_by(session, _key(context))
        ids = await evidence.of_album(session, album, context.person.id) if album else []
        return kept, await evidence.places(session, ids)


async def _put(
    session: Session, context: Context, kept: Sending, meant: Meant, places: list[Place]
) -> tuple[Sending, list[int]]:
    """Attach the files, those of an album to where its first is; also the entries whose evidence changed."""
    if meant.place is not None:
        return await unplaced.move(session, context, kept, meant.place)
    if not places:
        return kept, []
    for place in places:
        await unplaced.put(session, context, place, kept.draft.files)
    return kept, [place.entry for place in places if place.entry is not None]


async def _show_dialog(context: Context, place: Place | None) -> None:
    """The question that the file went with says how many it has."""
    if place is None or place.draft is None:
        return
    async with context.database.reading() as session:
        kept = await drafts.find(session, place.draft)
    if kept is not None and isinstance(kept.draft, DeductionDraft):
        await drafting.show(context, kept)


async def _follow(context: Context, place: Place) -> None:
    """The rest of an album whose first picture came with a deduction or an appeal goes there, too, and is not told again."""
    sent = await files.receive(context)
    if not sent or (place.appeal is not None and not may(context.person, Deed.APPEAL)):
        return
    async with context.database.transaction() as session:
        dialog = await drafts.find(session, place.draft) if place.draft is not None else None
        number = await ledger.written_by(session, dialog.key) if dialog is not None else place.entry
        if number is not None:
            place = Place(number, None, None)
        await unplaced.put(session, context, place, sent)
    if number is not None:
        await card.refresh(context, number)
    elif dialog is not None and dialog.state is DraftState.OPEN:
        await _show_dialog(context, place)


async def _meant(context: Context, asked: Kept[Draft] | None, *, first: bool) -> Meant:
    """What the file is for. Where the record that is named is not the person's, that is said and it is asked."""
    async with context.database.reading() as session:
        replied = await _replied_to(session, context)
        named = _named(context, asked)
        number = replied.entry if replied is not None else None
        if named is not None and number not in (None, named):
            return Meant(note=files_text.two_named(named, number), named=True)
        number = number if number is not None else named
        if number is not None:
            try:
                await unplaced.own_entry(session, context, number)
            except Refusal as refusal:
                if not context.in_private or not may(context.person, Deed.DEDUCT):
                    raise
                return Meant(note=files_text.refused(refusal), named=named is not None)
            return Meant(Place(number, None, None), named=named is not None)
    if replied is not None or not first or _is_talk(context):
        return Meant(replied)
    if asked is not None and unplaced.takes_files(asked) and context.words.strip():
        return Meant(Place(None, asked.id, None))
    explained = await reason.waiting_for(context) if asked is None and context.words.strip() else None
    return Meant(Place(explained, None, None)) if explained is not None else await _latest(context)


def _is_talk(context: Context) -> bool:
    """Whether the file was sent in a group and answers nothing that we said: it may be talk among persons."""
    reply = context.message.reply_to_message
    by = reply.from_user if reply is not None else None
    return not context.in_private and (by is None or by.id != context.bot.id)


def _named(context: Context, asked: Kept[Draft] | None) -> int | None:
    """The record that the words name; a number alone answers the open question first."""
    return None if asked is not None and is_bare(context.words) else record_named(context.words)


async def _replied_to(session: Session, context: Context) -> Place | None:
    """What the message is about that the file replies to: a record, the line that logged it, or an open question."""
    reply = context.message.reply_to_message
    if reply is None:
        return None
    shown = await cards.find(session, context.chat_id, reply.message_id)
    number = shown.number if shown is not None else None
    if number is None:
        number = await ledger.written_by(session, f"m:{context.chat_id}:{reply.message_id}:0")
    if number is not None:
        return Place(number, None, None)
    kept = await drafts.in_message(session, context.chat_id, reply.message_id)
    if kept is not None and kept.person_id == context.person.id and unplaced.takes_files(kept):
        drafts.check_going_on(kept.state)
        return Place(None, kept.id, None)
    by = reply.from_user.id if reply.from_user is not None else None
    mentioned = records_mentioned(reply.text or reply.caption or "")
    if by in (context.bot.id, context.person.telegram_id) and len(mentioned) == 1:
        return Place(mentioned[0], None, None)
    return None


async def _latest(context: Context) -> Meant:
    """The open question if it is newer than the last record, else the one record of the last minutes, else the question."""
    async with context.database.reading() as session:
        since = context.moment - REASON_WAIT
        logged = await ledger.of_author_since(session, context.person.id, since)
        fresh = await unplaced.of_chat(session, context, logged)
        dialog = next(iter(await unplaced.dialogs_in(session, context)), None)
        shown = await cards.shown_in(session, context.chat_id, [entry.number for entry in fresh])
    if not may(context.person, Deed.DEDUCT):
        fresh = []
    last = fresh[-1] if fresh else None
    if dialog is not None and (last is None or _asked_at(dialog) >= _logged_at(last, shown)):
        note = files_text.not_with(last.number) if last is not None else ""
        return Meant(Place(None, dialog.id, None), note)
    if len(fresh) == 1:
        return Meant(
            Place(fresh[0].number, None, None), files_text.not_with_dialog() if dialog is not None else ""
        )
    return Meant()


def _asked_at(dialog: Kept[Draft]) -> tuple[datetime, int]:
    return dialog.made_at.replace(microsecond=0), dialog.message_id or 0


def _logged_at(entry: Deduction, shown: dict[int, int]) -> tuple[datetime, int]:
    """When it was logged; within a second the place of its card in the chat tells which came first."""
    return entry.at.replace(microsecond=0), shown.get(entry.number, 0)
