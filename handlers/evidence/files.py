"""Files: photos, albums and documents are looked over, kept, and shown to those who may see them (R11)."""

import hashlib
import logging

from telegram import Document, Message, PhotoSize
from telegram.constants import ParseMode
from telegram.error import BadRequest, InvalidToken

from documents.inspection import inspect
from documents.kinds import LARGEST, Media, Unfit, UnfitKind
from documents.naming import file_name
from handlers.evidence import files_text
from handlers.frame import names, records
from handlers.frame.context import Context, in_hand
from handlers.frame.reply import Say
from rules.refusals import EmptyCommand, NoEvidence, NoSuchEntry, UnfitFile
from storage import audit, evidence, pictures
from storage.audit import Act
from storage.evidence import Evidence
from storage.file_store import Stored, VaultFault
from storage.pictures import Picture

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
        raise UnfitFile(files_text.unfit(Unfit(UnfitKind.TOO_BIG)))
    content = await download(context, file.file_id)
    try:
        stored = await keep(context, content, await inspect(content, name_of(file)))
    except Unfit as unfit:
        raise UnfitFile(files_text.unfit(unfit)) from None
    except VaultFault as fault:
        await context.reply(Say(files_text.not_kept(fault.trouble)))
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
        raise UnfitFile(files_text.not_given()) from None


async def show(context: Context) -> None:
    """/evidence 128 shows the files to those who may see the entry."""
    number, rest = names.record(context.words)
    names.check_understood(rest)
    if number is None:
        raise EmptyCommand("/evidence 128")
    await _show(context, number)


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
        await send_one(context, file, files_text.caption(number, index, len(found), file, context.bureau))


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
        await context.reply(Say(files_text.lost(caption, fault.trouble)))
        return
    except Unfit as unfit:
        await context.reply(Say(files_text.withheld(caption, unfit, file.digest)))
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
