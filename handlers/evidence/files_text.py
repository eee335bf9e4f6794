"""Words about evidence."""

from datetime import datetime
from zoneinfo import ZoneInfo

from documents.kinds import Unfit, UnfitKind
from documents.naming import visible
from handlers.frame import wording
from handlers.frame.refusal_text import plain_sentence
from handlers.frame.reply import esc
from rules.bureau import Bureau, Unit
from rules.draft import AppealDraft, BatchDraft, DeductionDraft
from rules.entries import Deduction
from rules.points import shown
from rules.refusals import Refusal
from storage.evidence import Evidence
from storage.file_store import Trouble

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


NO_EVIDENCE = "不作证据"
MOVE = "附错了，改附"
STAY = "不改"


def attached(entry: Deduction, unit: Unit, count: int) -> str:
    """The files are kept with the entry, which has so many now."""
    what = f"{esc(unit.name)} {esc(entry.item)} −{shown(entry.points)}"
    return (
        f"证据已附到记录 {entry.number}（{what}），现在共 {count} 份。"
        f"发送 <code>/evidence {entry.number}</code> 可查看。"
    )


def with_draft(draft: object, count: int, bureau: Bureau) -> str:
    """The files go with what is being written, which has so many now."""
    return f"文件已收到，会随这次提交一起附上：{esc(_dialog(draft, bureau))}，现在共 {count} 份。"


def _dialog(draft: object, bureau: Bureau) -> str:
    if isinstance(draft, AppealDraft):
        return f"正在写的对记录 {draft.number} 的申诉"
    if isinstance(draft, BatchDraft):
        return f"待确认的 {len(draft.lines)} 行扣分"
    if not isinstance(draft, DeductionDraft):
        return "正在办理的事项"
    known = [bureau.unit(draft.units[0]).name] if len(draft.units) == 1 else []
    known += draft.items if len(draft.items) == 1 else ()
    return f"正在登记的扣分（{' '.join(known)}）" if known else "正在登记的扣分"


def dialog_target(draft: object, bureau: Bureau) -> str:
    """What is being written, on a button: no HTML."""
    return _dialog(draft, bureau)[:60]


def no_evidence(count: int) -> str:
    """The files are evidence of nothing."""
    return f"这 {count} 份文件没有附到任何记录，不作证据。"


def move_where(count: int) -> str:
    """The files go elsewhere."""
    return f"这 {count} 份文件改附到哪里？请点选。原来附在哪里会留痕。"


def not_with(number: int) -> str:
    """They went with what is being written."""
    return f"没有附到刚登记的记录 {number}；要附到那一笔，请点下面的按钮。"


def not_with_dialog() -> str:
    """They went with the last record."""
    return "还没办完的那一件没有附；要随它附上，请点下面的按钮。"


def two_named(said: int, replied: int | None) -> str:
    """The words name another record than the one that is replied to."""
    return f"您回复的是记录 {replied}，说明里写的是记录 {said}。"


def refused(refusal: Refusal) -> str:
    """Why they cannot be attached where they were meant for."""
    return f"没有附上：{plain_sentence(refusal).removeprefix('没有附上：')}"


def unread() -> str:
    """The words beside the file were neither a deduction, nor a record, nor a reason."""
    return "图片说明没有记下：它不是完整的扣分，也不是等着补的原因。"


def left(*, deducts: bool) -> str:
    """A file came with a command that has no use for it."""
    return "随命令发来的文件没有收下。" + ("要作证据的，请回复那一笔的卡片发送。" if deducts else "")


def rest_of_album() -> str:
    """A command came under one picture of an album in a group; Telegram may show us no more of it."""
    return "您发的是一组照片，群里没有说明的那几张机器人可能收不到。卡片上证据份数不够的，请回复卡片补发。"


def which_number() -> str:
    """The answer was no record's number."""
    return "没有看懂。请点选，或者只写记录编号，例如“记录 12”。"


def still_waiting(count: int) -> str:
    """Files that were sent earlier have no place yet."""
    return f"还有 {count} 份文件没有归到记录。"


def place(count: int, at: datetime, zone: ZoneInfo) -> str:
    """A button that leads to the question where files go: no HTML."""
    return f"归到记录：{wording.moment(at, zone)} 的 {count} 份文件"


def left_over(count: int) -> str:
    """What they came with was given up."""
    return f"随它发来的 {count} 份文件还在。"


def given_up(count: int, at: datetime, zone: ZoneInfo) -> str:
    """Files were asked about for so long that they are not waited for any more."""
    return (
        f"您 {wording.moment(at, zone)} 发来的 {count} 份文件一直没有归到记录，现在不再等待，没有作为证据。\n"
        "仍要作证据的，请重新发送，并回复那一笔的卡片。"
    )


def target(entry: Deduction, unit: Unit) -> str:
    """An entry on a button: no HTML."""
    return f"记录 {entry.number}　{unit.name}　{entry.item} −{shown(entry.points)}"[:60]


def of_what(count: int, *, any_: bool) -> str:
    """Files that belong to nothing yet."""
    what = f"收到 {count} 份文件" if count > 1 else "收到文件"
    if any_:
        asked = "它们是哪一笔的证据？" if count > 1 else "它是哪一笔的证据？"
        return f"{what}。{asked}请点选，或写记录编号；也可以直接回复那一笔的卡片来发送。"
    return (
        f"{what}，但您本季度还没有登记过扣分，没有附到任何记录。\n"
        "现在登记这一笔，登记后会再问您；也可以把扣分写在图片说明里发送，例如：<code>城关所 治安管理 2 原因</code>"
    )


def of_nothing(appeals: bool) -> str:
    """A file from somebody who logs no deductions."""
    if appeals:
        return "收到文件，但没有附到任何地方。申诉时附材料：先发送 /appeal 选好记录，再发送照片或文件。"
    return "收到文件，但没有附到任何地方。发送 /help 看您能做什么。"


def caption(number: int, index: int, count: int, file: Evidence, bureau: Bureau) -> str:
    """Under a file that is shown."""
    name = f"　{esc(visible(file.name))}" if file.name else ""
    sent = f"{esc(file.sender)} {wording.moment(file.at, bureau.calendar.zone)}"
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
