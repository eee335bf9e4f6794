"""Words about evidence."""

from documents.kinds import Unfit, UnfitKind
from documents.naming import visible
from handlers.answer import esc
from handlers.words import common
from rules.bureau import Bureau, Unit
from rules.entries import Deduction
from rules.points import shown
from storage.evidence import Evidence
from storage.vault import Trouble

_ADVICE = {
    UnfitKind.EMPTY: "请核对后重新发送。",
    UnfitKind.TOO_BIG: "请压缩，或拆成几个发送。",
    UnfitKind.TOO_MANY_PIXELS: "请用手机原图或截图重新发送。",
    UnfitKind.ARCHIVE_BOMB: "请直接发送里面的照片或文档。",
    UnfitKind.UNKNOWN_KIND: "这种文件不能作证据。可以发送照片、PDF、Word、Excel、文本或 zip。",
    UnfitKind.BROKEN: "请重新导出，或另存一份再发送。",
    UnfitKind.ENCRYPTED: "请去掉密码和限制（例如打印成 PDF）后重新发送。",
    UnfitKind.MACRO: "请另存为不带宏的格式（docx、xlsx、pptx），或导出成 PDF 后重新发送。",
    UnfitKind.SCRIPT: "请重新打印成 PDF，或截图后发送。",
    UnfitKind.PROGRAM: "这样的文件不能作证据。可以发送照片、PDF、Word、Excel、文本或 zip。",
    UnfitKind.EMBEDDED: "请去掉附件和嵌入的对象，单独发送它们。",
    UnfitKind.EXTERNAL: "请在“编辑链接”里断开链接、取消超链接，或导出成 PDF 后重新发送。",
    UnfitKind.ODD_NAME: "请把里面的文件改成普通的名字，重新打包，或直接发送它们。",
    UnfitKind.TOO_SLOW: "请拆成几个，或打印成 PDF 后发送。",
    UnfitKind.NOT_LOOKED_AT: "请过几分钟再发送；一直这样请联系系统管理员。",
}


def unfit(unfit_: Unfit) -> str:
    """Why a file is not kept, and what would do."""
    within = f"（压缩包里的“{esc(visible(unfit_.member)[:60])}”）" if unfit_.member else ""
    if unfit_.kind is UnfitKind.UNKNOWN_KIND and not within:
        return _ADVICE[unfit_.kind]
    return f"{unfit_.kind.value}{within}。{_ADVICE[unfit_.kind]}"


_TROUBLE = {
    Trouble.FULL: "服务器存放文件的磁盘满了",
    Trouble.UNREACHABLE: "服务器存放文件的文件夹现在用不了",
    Trouble.MISSING: "服务器上没有找到这个文件",
    Trouble.DAMAGED: "服务器上的这个文件已经损坏",
}


def trouble(trouble_: Trouble) -> str:
    """What is wrong with the vault, in a clause."""
    return _TROUBLE[trouble_]


def not_kept(trouble_: Trouble) -> str:
    """The vault cannot take a file; what the message says besides is done all the same."""
    return (
        f"⚠ 文件没有收下：{trouble(trouble_)}，已通知系统管理员。\n"
        "这条消息的文字照常办理，只是没有附上文件；要作证据的，请稍后再发一次，回复那一笔的卡片就附上。"
    )


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
    name = f"　{esc(visible(file.name))}" if file.name else ""
    sent = f"{esc(file.sender)} {common.moment(file.at, bureau.calendar.zone)}"
    return f"记录 {number} 的证据 {index}/{count}{name}\n{sent} 提交"


def lost(caption_: str, trouble_: Trouble) -> str:
    """A file that cannot be had now, or any more."""
    then = "请稍后再看" if trouble_ is Trouble.UNREACHABLE else "系统管理员可以从备份恢复"
    return f"{caption_}\n⚠ {trouble(trouble_)}，已通知系统管理员。{then}。"


def withheld(caption_: str, unfit_: Unfit, digest: str) -> str:
    """A file that was kept before its kind was refused."""
    return (
        f"{caption_}\n⚠ 这个文件不转发：{unfit_.kind.value}。\n"
        f"它还在服务器上，校验值 <code>{digest[:16]}</code>；确有需要请找系统管理员。"
    )
