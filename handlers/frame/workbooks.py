"""A workbook that was sent: taken from Telegram, opened with care, and what is wrong in it told row by row."""

import re
from typing import Any

from telegram import Document

from documents.kinds import LARGEST
from documents.workbooks.reader import read
from documents.workbooks.tables import HEAD, Parsed
from documents.workbooks.values import Fault, RowProblem, Unreadable, Workbook
from handlers.evidence import files
from handlers.frame import names
from handlers.frame.context import Context
from rules.bureau import Unit
from rules.imports import named_years
from rules.names import Layer, Match
from rules.refusals import UnfitFile
from rules.text import plain

_OF_UNIT = r"(?:^|局|[:\s]){}(?=$|[\s(\d]|民警|全体|人员|花名册|月度|考核|扣分|得分)"
"""How a title says whose table it is; where a form was printed, as 局办公室印制, says nothing of it."""

OLD_FORMATS = (".xls", ".et", ".ett", ".wps")


def is_alone(context: Context, *formats: str) -> bool:
    """Whether a file of these formats, by default .xlsx, was sent in private, without a word and as an answer to nothing."""
    document = context.message.document
    alone = context.in_private and context.message.reply_to_message is None and not context.words.strip()
    return alone and document is not None and (document.file_name or "").lower().endswith(formats or ".xlsx")


def document(context: Context) -> Document | None:
    """The file of the message, or of the own message that it replies to."""
    message = context.message
    reply = message.reply_to_message
    if message.document is not None or reply is None or reply.from_user is None or message.from_user is None:
        return message.document
    return reply.document if reply.from_user.id == message.from_user.id else None


async def sent(context: Context) -> Workbook:
    """What the workbook of the message holds. UnfitFile says why one cannot be read."""
    file = document(context)
    assert file is not None
    check(file)
    return await opened(await files.download(context, file.file_id))


def check(file: Document) -> None:
    """Refuse a file that is too big to be taken. UnfitFile."""
    if file.file_size and file.file_size > LARGEST:
        raise UnfitFile(Fault.TOO_BIG.value)


async def opened(content: bytes) -> Workbook:
    """What the bytes of a workbook hold. UnfitFile."""
    try:
        return await read(content)
    except Unreadable as unreadable:
        raise UnfitFile(unreadable.fault.value) from None


def of_another_unit(context: Context, unit: Unit, parsed: Parsed[Any]) -> tuple[RowProblem, ...]:
    """What is wrong where a table's titles, or its column of units, name another unit than the one it was sent for."""
    units = names.vocabulary(context).units
    rows = []
    for owner in parsed.owners:
        found = units.find(owner.unit.removeprefix(context.bureau.name))
        if isinstance(found, Match) and found.how <= Layer.SHORT and found.value != unit.code:
            other = context.bureau.unit(found.value).name
            message = f"{owner.address} 写的是{other}，现在办理的是{unit.name}的表。请只留本单位的再发"
            rows.append(RowProblem(owner.row, "单位", message, owner.sheet))
    return (*_titled_otherwise(context, unit, parsed.titles), *rows)


def _titled_otherwise(context: Context, unit: Unit, titles: tuple[str, ...]) -> tuple[RowProblem, ...]:
    said = [plain(title) for title in titles]
    named = [
        u
        for u in context.bureau.units
        if any(re.search(_OF_UNIT.format(re.escape(u.name)), text) for text in said)
    ]
    if not named or unit in named:
        return ()
    return (RowProblem(1, HEAD, f"标题写的是{named[0].name}，现在办理的是{unit.name}的表。请核对是不是发错了"),)


def of_another_year(year: int, titles: tuple[str, ...]) -> tuple[RowProblem, ...]:
    """What is wrong where a table's titles name another year than the one that it was sent for."""
    years = named_years(titles)
    if not years or year in years:
        return ()
    return (RowProblem(1, HEAD, f"标题写的是{years[0]}年，现在办理的是{year}年的。请核对，或改好标题再发"),)
