"""Evidence: photos, albums and documents, with a command, as a reply to a card, or in the dialog (Evidence)."""

import hashlib
import logging

from telegram import Document, Message, PhotoSize
from telegram.constants import ParseMode
from telegram.error import BadRequest, InvalidToken

from documents.inspection import inspect
from documents.kinds import LARGEST, Media, Unfit, UnfitKind
from documents.naming import file_name
from handlers import card, drafting, names, records
from handlers.answer import Button, Say, in_rows
from handlers.context import Context, in_hand
from handlers.words import files as words
from rules.access import Deed, may
from rules.draft import AppealDraft, BatchDraft, DeductionDraft
from rules.entries import Deduction
from rules.refusals import EmptyCommand, NoEvidence, NoSuchEntry, NotAllowed, NotYourEntry, UnfitFile
from storage import audit, cards, drafts, evidence, ledger, pictures
from storage.audit import Act
from storage.database import Session
from storage.evidence import Evidence
from storage.pictures import Picture
from storage.vault import Stored, VaultFault

log = logging.getLogger(__name__)

SHOWN_AT_MOST = 20


def has_file(message: Message) -> bool:
    """Whether the message brings a photo or a document."""
    return bool(message.photo) or message.document is not None


async def receive(context: Context) -> list[int]:
    """Keep the file of the message, if it has one; the ids of it and of what came before in its album. UnfitFile.

    Where the vault cannot take it the person is told so at once, and all else that the message says is done without it.
    """
    message = context.message
    if context.pressed or not has_file(message):
        return []
    file: PhotoSize | Document = message.photo[-1] if message.photo else message.document  # type: ignore[assignment]
    if file.file_size and file.file_size > LARGEST:
        raise UnfitFile(words.unfit(Unfit(UnfitKind.TOO_BIG)))
    content = await download(context, file.file_id)
    try:
        stored = await keep(context, content, await inspect(content, name_of(file)))
    except Unfit as unfit:
        raise UnfitFile(words.unfit(unfit)) from None
    except VaultFault as fault:
        await context.reply(Say(words.not_kept(fault.trouble)))
        return []
    id_ = await remember(context, file, stored)
    album = message.media_group_id
    if not album:
        return [id_]
    async with context.database.reading() as session:
        return await evidence.of_album(session, album, context.person.id)


def name_of(file: PhotoSize | Document) -> str:
    """What the sender called the file; a photo has no name."""
    return (file.file_name or "") if isinstance(file, Document) else ""


async def keep(context: Context, content: bytes, media: Media) -> Stored:
    """Keep the bytes in the vault. VaultFault, of which the administrators are told."""
    try:
        return await context.services.vault.keep(content, media)
    except VaultFault as fault:
        await context.services.vault_failed(fault)
        raise


async def remember(context: Context, file: PhotoSize | Document, stored: Stored) -> int:
    """Keep who sent a file of the vault, once for a message, under a name made of its kind; its id."""
    said = name_of(file)
    async with context.database.transaction() as session:
        return await evidence.received(
            session,
            key=context.deed_key(),
            digest=stored.digest,
            size=stored.size,
            media=stored.media.name,
            name=file_name(said, stored.media) if said else "",
            file_id=file.file_id,
            as_photo=isinstance(file, PhotoSize),
            album=context.message.media_group_id,
            person_id=context.person.id,
            at=context.moment,
        )


async def download(context: Context, file_id: str) -> bytes:
    """The bytes of a file that Telegram has. UnfitFile where it does not give them: it is too old, or too big."""
    try:
        handle = await context.bot.get_file(file_id)
        return bytes(await handle.download_as_bytearray())
    except (BadRequest, InvalidToken) as error:
        # A file that is gone is 404, which python-telegram-bot takes for a wrong token.
        log.info("a file could not be had: %s", error.message)
        raise UnfitFile(words.not_given()) from None


async def plain(context: Context) -> None:
    """A file without a command: evidence of the card it replies to, of its album's entry, or of the open dialog."""
    entry = await _replied_to(context)
    sent = await receive(context)
    if not sent:
        return
    async with context.database.reading() as session:
        places = await evidence.places(session, sent)
        opened = await drafts.open_in(
            session,
            person_id=context.person.id,
            chat_id=context.chat_id,
            since=context.now - drafting.OPEN_FOR,
        )
    if entry is not None:
        await _attach(context, entry.number, sent)
        return
    place = places[0] if places else None
    if place is not None and place.entry is not None:
        await _attach(context, place.entry, sent, quiet=True)
        return
    if place is not None and place.appeal is not None and may(context.person, Deed.APPEAL):
        async with context.database.transaction() as session:
            await evidence.attach(
                session, sent, appeal=place.appeal, at=context.now, person_id=context.person.id
            )
        return
    draft_id = place.draft if place is not None else None
    kept = next((k for k in opened if k.id == draft_id or (draft_id is None and takes_files(k))), None)
    if kept is not None:
        async with context.database.transaction() as session:
            await evidence.attach(session, sent, draft=kept.id, at=context.now, person_id=context.person.id)
        if isinstance(kept.draft, DeductionDraft):
            await drafting.show(context, kept)
        else:
            await context.reply(Say(words.with_draft()))
        return
    if draft_id is not None:
        await _follow(context, draft_id, sent)
    elif context.in_private:
        await ask(context, sent)


def takes_files(kept: drafts.Kept[drafts.Draft]) -> bool:
    """Whether a file without a word belongs to this open question."""
    draft = kept.draft
    if isinstance(draft, AppealDraft):
        return not draft.decision
    return isinstance(draft, BatchDraft) or (isinstance(draft, DeductionDraft) and draft.guided)


async def is_awaited(context: Context) -> bool:
    """Whether an open question of the person takes the next file."""
    async with context.database.reading() as session:
        opened = await drafts.open_in(
            session, person_id=context.person.id, chat_id=context.chat_id, since=context.now - drafting.OPEN_FOR
        )
    return any(takes_files(kept) for kept in opened)


async def _follow(context: Context, draft_id: int, sent: list[int]) -> None:
    """The rest of an album whose draft has become an entry meanwhile."""
    async with context.database.reading() as session:
        kept = await drafts.find(session, draft_id)
        number = await ledger.written_by(session, kept.key) if kept is not None else None
    if number is not None:
        await _attach(context, number, sent, quiet=True)


async def _replied_to(context: Context) -> Deduction | None:
    """The entry of the card that the message replies to. NoSuchEntry, NotYourEntry."""
    reply = context.message.reply_to_message
    if reply is None:
        return None
    async with context.database.reading() as session:
        found = await cards.find(session, context.chat_id, reply.message_id)
        return await _own(session, context, found.number) if found is not None else None


async def _own(session: Session, context: Context, number: int) -> Deduction:
    """The entry, if it is the person's to add evidence to. NotAllowed, NoSuchEntry, NotYourEntry."""
    if not may(context.person, Deed.DEDUCT):
        raise NotAllowed(Deed.DEDUCT)
    entry = await records.entry(session, context, number)
    if entry.author_id != context.person.id:
        raise NotYourEntry(entry)
    return entry


async def _attach(context: Context, number: int, sent: list[int], *, quiet: bool = False) -> None:
    async with context.database.transaction() as session:
        await _own(session, context, number)
        fresh = await evidence.attach(session, sent, entry=number, at=context.now, person_id=context.person.id)
        count = len(await evidence.of(session, entry=number))
    await card.refresh(context, number)
    if not quiet and (fresh or context.again):
        await context.reply(Say(words.attached(number, count)))


async def ask(context: Context, sent: list[int]) -> None:
    """Which entry is it evidence of? Asked once an album."""
    if len(sent) > 1:
        return
    if not may(context.person, Deed.DEDUCT):
        await context.reply(Say(words.of_nothing(may(context.person, Deed.APPEAL))))
        return
    async with context.database.reading() as session:
        recent = await ledger.of_author(session, context.person.id, context.running)
    seen = context.sight().units
    living = [entry for entry in recent if entry.lives and entry.unit in seen][-4:]
    buttons = [
        Button(words.target(entry, context.bureau.unit(entry.unit)), f"ev:{sent[-1]}:{entry.number}")
        for entry in reversed(living)
    ]
    await context.reply(Say(words.of_what(bool(living)), in_rows(buttons, 1)))


async def target_pressed(context: Context) -> None:
    """The entry was chosen: the file, with all of its album, is its evidence."""
    id_, number = names.number(context.argument(0)), names.number(context.argument(1))
    async with context.database.transaction() as session:
        if await evidence.sender_of(session, id_) != context.person.id:
            raise names.stale()
        await _own(session, context, number)
        sent = await evidence.album_of(session, id_)
        await evidence.attach(session, sent, entry=number, at=context.now, person_id=context.person.id)
        count = len(await evidence.of(session, entry=number))
    await card.refresh(context, number)
    await context.rewrite(Say(words.attached(number, count)))


async def show(context: Context) -> None:
    """/evidence 128 shows the files to those who may see the entry."""
    word = context.words.strip().removeprefix("#")
    if not names.is_number(word):
        raise EmptyCommand("/evidence 128")
    await _show(context, int(word))


async def show_pressed(context: Context) -> None:
    """[证据] on a card or a line."""
    await _show(context, names.number(context.argument(0)))


async def _show(context: Context, number: int) -> None:
    async with context.database.reading() as session:
        entry = await records.entry(session, context, number)
        found = await evidence.of(session, entry=number)
    if entry.unit not in context.sight(entry.quarter).entries:
        raise NoSuchEntry(number)
    if not found:
        raise NoEvidence(number)
    async with context.database.transaction() as session:
        await audit.record(
            session,
            Act.EVIDENCE_SEEN,
            at=context.now,
            person_id=context.person.id,
            unit=entry.unit,
            entry=number,
            key=f"seen:{context.deed()}",
        )
    for index, file in enumerate(found[:SHOWN_AT_MOST], start=1):
        await send_one(context, file, words.caption(number, index, len(found), file, context.bureau))


async def send_one(context: Context, file: Evidence, caption: str) -> None:
    """Send a kept file: a photo as Telegram has it, a document as it lies in the vault, under a name of its kind."""
    if file.as_photo:
        try:
            await context.bot.send_photo(
                context.chat_id, file.file_id, caption=caption, parse_mode=ParseMode.HTML
            )
            return
        except BadRequest as error:
            log.info("a photo's file_id is no longer taken: %s", error.message)
    elif await _sent_again(context, file, caption):
        return
    try:
        content = await context.services.vault.read(file.digest)
        media = await inspect(content, file.name)
    except VaultFault as fault:
        await context.services.vault_failed(fault)
        await context.reply(Say(words.lost(caption, fault.trouble)))
        return
    except Unfit as unfit:
        await context.reply(Say(words.withheld(caption, unfit, file.digest)))
        return
    if file.as_photo:
        await context.bot.send_photo(context.chat_id, content, caption=caption, parse_mode=ParseMode.HTML)
        return
    message = await context.bot.send_document(
        context.chat_id,
        content,
        filename=file_name(file.name, media),
        caption=caption,
        parse_mode=ParseMode.HTML,
        disable_content_type_detection=True,
    )
    if message.document is not None:
        in_hand.get().pictures.append(Picture(_sending(file), message.document.file_id, context.now))


async def _sent_again(context: Context, file: Evidence, caption: str) -> bool:
    """Whether the document went out by the file_id of our own upload; the sender's bears the sender's name for it."""
    file_id = await context.database.read(lambda session: pictures.find(session, _sending(file)))
    if file_id is None:
        return False
    try:
        await context.bot.send_document(context.chat_id, file_id, caption=caption, parse_mode=ParseMode.HTML)
    except BadRequest as error:
        log.info("a file's file_id is no longer taken: %s", error.message)
        return False
    return True


def _sending(file: Evidence) -> str:
    """What names for ever this file under this name among what was sent."""
    return hashlib.sha256(f"file:{file.digest}:{file.name}".encode(errors="replace")).hexdigest()
