"""Words about evidence."""

from handlers.answer import esc
from handlers.words import common
from rules.bureau import Bureau, Unit
from rules.entries import Deduction
from rules.points import shown
from storage.evidence import Evidence
from storage.vault import UnfitKind


def unfit(kind: UnfitKind) -> str:
    """Why a file is not kept, and what would do."""
    return {
        UnfitKind.EMPTY: "这个文件是空的。请核对后重新发送。",
        UnfitKind.TOO_BIG: "文件超过 20 MB。请压缩，或拆成几个发送。",
        UnfitKind.TOO_MANY_PIXELS: "图片的像素太大，打不开。请用手机原图或截图重新发送。",
        UnfitKind.ARCHIVE_BOMB: "这个文件解开后大得不正常，不能收。请直接发送里面的照片或文档。",
        UnfitKind.UNKNOWN_KIND: "这种文件不能作证据。可以发送照片、PDF、Word、Excel、文本或 zip。",
    }[kind]


def not_given() -> str:
    """Telegram does not give the file that was sent."""
    return "Telegram 没有给出这个文件，可能已经过期，或者太大。请重新发送。"


def attached(number: int, count: int) -> str:
    """The file is kept with the entry."""
    return f"证据已附到记录 {number}，现在共 {count} 份。发送 <code>/evidence {number}</code> 可查看。"


def with_draft() -> str:
    """The file goes with what is being written."""
    return "文件已收到，会随这次提交一起附上。"


def target(entry: Deduction, unit: Unit) -> str:
    """An entry on a button: no HTML."""
    return f"记录 {entry.number}　{unit.name}　{entry.item} −{shown(entry.points)}"[:60]


def of_what(any_: bool) -> str:
    """A file that belongs to nothing yet."""
    if any_:
        return "收到文件。它是哪一笔的证据？请点选；也可以直接回复那一笔的卡片来发送。"
    return (
        "收到文件，但您本季度还没有登记过扣分，没有附到任何记录。\n"
        "登记时把命令写在图片说明里即可，例如：<code>/deduct 城关所 治安管理 2 原因</code>"
    )


def of_nothing(appeals: bool) -> str:
    """A file from somebody who logs no deductions."""
    if appeals:
        return "收到文件，但没有附到任何地方。申诉时附材料：先发送 /appeal 选好记录，再发送照片或文件。"
    return "收到文件，但没有附到任何地方。发送 /help 看您能做什么。"


def caption(number: int, index: int, count: int, file: Evidence, bureau: Bureau) -> str:
    """Under a file that is shown."""
    name = f"　{esc(file.name)}" if file.name else ""
    sent = f"{esc(file.sender)} {common.moment(file.at, bureau.calendar.zone)}"
    return f"记录 {number} 的证据 {index}/{count}{name}\n{sent} 提交"


def lost(caption_: str) -> str:
    """A file whose bytes are gone."""
    return f"{caption_}\n⚠ 文件没有找到，请联系系统管理员从备份恢复。"
