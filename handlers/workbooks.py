"""A workbook that was sent: taken from Telegram, opened with care, and what is wrong in it told row by row."""

from documents.kinds import LARGEST
from handlers import files
from handlers.context import Context
from rules.refusals import UnfitFile
from sheets.reader import read
from sheets.values import Fault, Unreadable, Workbook


def is_alone(context: Context) -> bool:
    """Whether a workbook was sent in private, without a word and as an answer to nothing."""
    document = context.message.document
    alone = context.in_private and context.message.reply_to_message is None and not context.words.strip()
    return alone and document is not None and (document.file_name or "").lower().endswith(".xlsx")


async def sent(context: Context) -> Workbook:
    """What the workbook of the message holds. UnfitFile says why one cannot be read."""
    return await opened(await content(context))


async def content(context: Context) -> bytes:
    """The bytes of the message's file. UnfitFile where it is too big to be taken."""
    document = context.message.document
    assert document is not None
    if document.file_size and document.file_size > LARGEST:
        raise UnfitFile(Fault.TOO_BIG.value)
    return await files.download(context, document.file_id)


async def opened(content: bytes) -> Workbook:
    """What the bytes of a workbook hold. UnfitFile."""
    try:
        return await read(content)
    except Unreadable as unreadable:
        raise UnfitFile(unreadable.fault.value) from None
