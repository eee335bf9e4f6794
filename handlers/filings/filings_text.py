"""Words about the documents that are filed each year (备案, R10)."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from documents.kinds import Unfit, UnfitKind
from documents.naming import visible
from handlers.evidence import files_text
from handlers.frame import wording
from handlers.frame.reply import Button, esc
from rules.filings import FilingKind, Owed, with_verdict
from rules.methods import Verdict
from storage.file_store import Trouble

OFFICE = "考评办"

LONGEST_LIST = 12
"""Units that a line names; of more it says how many, and a button leads to all."""

LONGEST_LABEL = 40

STATES = (Verdict.ACCEPTED, Verdict.WAITING, Verdict.RETURNED, None)


def state(verdict: Verdict | None) -> str:
    """Where a document stands."""
    return verdict.value if verdict is not None else "未报"


def who(one: Owed) -> str:
    """Who files it: no HTML."""
    return one.unit.name if one.unit is not None else OFFICE


def document(one: Owed, year: int) -> str:
    """Whose document it is and which, with 《》 around its title (HTML)."""
    return f"{esc(who(one))}《{esc(one.kind.titled(year))}》"


def label(what: str, one: Owed, year: int) -> str:
    """The same on a button: no HTML, cut where it is long."""
    text = f"{what}：{who(one)}　{one.kind.titled(year)}"
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1]}…"


def to_file(one: Owed, year: int, text: str = "") -> Button:
    """The button after which the document's file is sent."""
    kind, unit = one.place
    return Button(text or label("报送", one, year), f"fl:{year}:{kind}:{unit or ''}")


def kind_label(kind: FilingKind, year: int) -> str:
    """The button that leads to all units of a kind."""
    return f"明细：{kind.titled(year)}"[:LONGEST_LABEL]


# Filing


def how(year: int, found: Sequence[Owed], due: date) -> str:
    """What to do, and what is still to be filed."""
    open_ones = [one for one in found if not one.settled]
    lines = [
        "报送备案文件：把 PDF、Word 或 Excel 文件（不超过 20 MB）发给我，在说明里写 <code>/file 文件名称</code>；"
        "文件已经发过的，回复那条消息发送 /file。"
    ]
    if open_ones:
        lines += [f"{year}年还要报送（{wording.day(due)}前），也可以先点下面的按钮，再发送文件："]
        lines += [f"　{document(one, year)}{_returned(one)}" for one in open_ones]
    else:
        lines.append(f"{year}年要由您报送的都已报送。要换新的一版，照上面的办法再报一次。")
    return "\n".join(lines)


def _returned(one: Owed) -> str:
    newest = one.newest
    if newest is None or newest.verdict is not Verdict.RETURNED:
        return ""
    return f"（已退回：{esc(newest.reason or '')}）"


def ask_which(year: int) -> str:
    """The file is here; which document is it?"""
    return f"文件收到了，还没有报送。它是 {year} 年的哪一份？请点选："


def ask_file(one: Owed, year: int) -> str:
    """The document is chosen; the file is asked for."""
    return f"请发送 {year} 年{document(one, year)}的文件：PDF、Word 或 Excel，不超过 20 MB，一次一份。{_returned(one)}"


def filed(one: Owed, year: int, *, album: bool = False) -> str:
    """It is filed."""
    assert one.newest is not None
    name = f"，文件 {esc(visible(one.newest.name))}" if one.newest.name else ""
    next_ = "已经备案。" if one.unit is None else "等考评办审定，结果会通知您。"
    return f"已报送 {year} 年{document(one, year)}第 {one.newest.version} 版{name}。{next_}{_of_album(album)}"


def same(one: Owed, year: int, *, album: bool = False) -> str:
    """The same bytes were filed before; nothing was added."""
    assert one.newest is not None
    text = (
        f"没有重复报送：内容完全一样的文件已经是 {year} 年{document(one, year)}"
        f"第 {one.newest.version} 版（{state(one.verdict)}）。"
    )
    returned = "请按退回的意见改好后再报。" if one.verdict is Verdict.RETURNED else ""
    return f"{text}{returned}{_of_album(album)}"


def _of_album(album: bool) -> str:
    return "\n几份文件一起发送时，只有这一份算报送，其余的请逐份发送。" if album else ""


def closed(one: Owed, year: int) -> str:
    """In the place of the question that was answered."""
    return f"{year} 年{document(one, year)}：文件已收到。"


def dropped() -> str:
    """The person decided against it."""
    return "没有报送，也没有退回，什么都没有改。"


def settled() -> str:
    """A press on an old button."""
    return "这一步已经处理过，请看最新的消息。"


def unfit(unfit_: Unfit) -> str:
    """Why a file is not kept, and what would do."""
    reason = unfit_.kind.value
    if unfit_.kind in {UnfitKind.UNKNOWN_KIND, UnfitKind.TOO_MANY_PIXELS} or unfit_.member:
        return wrong_kind()
    if unfit_.kind is UnfitKind.PROGRAM:
        return f"{reason}。{wrong_kind()}"
    return {
        UnfitKind.TOO_BIG: f"{reason}。请压缩后重新发送。",
        UnfitKind.ARCHIVE_BOMB: f"{reason}。请另存一份再发送。",
    }.get(unfit_.kind) or files_text.unfit(unfit_)


def not_kept(trouble: Trouble) -> str:
    """The vault cannot take the file."""
    return f"{files_text.trouble(trouble)}，已通知系统管理员。请稍后再发一次。"


def wrong_kind() -> str:
    """What is no document: a photo, a text, an archive."""
    return "只收 PDF、Word 和 Excel 文件，照片、文本和压缩包不行。请换成这样的文件，以“文件”方式发送。"


# Deciding


def please_decide(one: Owed, year: int, zone: ZoneInfo) -> str:
    """To the office, over the buttons; later with what was decided."""
    assert one.newest is not None
    name = f"\n文件：{esc(visible(one.newest.name))}" if one.newest.name else ""
    sent = f"{esc(one.newest.by)} {wording.moment(one.newest.at, zone)}报送"
    text = f"<b>备案</b>　{year}年　{document(one, year)}\n第 {one.newest.version} 版，{sent}{name}"
    return f"{text}\n{decided(one, zone)}" if one.newest.decided_by else f"{text}\n请看过文件后决定。"


def decided(one: Owed, zone: ZoneInfo) -> str:
    """The office's word on it."""
    newest = one.newest
    assert newest is not None and newest.decided_by is not None and newest.decided_at is not None
    reason = f"：{esc(newest.reason)}" if newest.reason else ""
    return f"{_by(newest.decided_by, newest.decided_at, zone)}{newest.verdict.value.removeprefix('已')}{reason}"


def _by(name: str, at: datetime, zone: ZoneInfo) -> str:
    return f"{esc(name)} {wording.moment(at, zone)}"


def decided_before(one: Owed) -> str:
    """Over the button: it was decided before."""
    assert one.newest is not None
    return f"此前已由{one.newest.decided_by}{one.newest.verdict.value.removeprefix('已')}，无需再办。"


def ask_reason(one: Owed, year: int) -> str:
    """A return says why."""
    assert one.newest is not None
    return f"退回 {year} 年{document(one, year)}第 {one.newest.version} 版：请发送退回的原因。"


def told(one: Owed, year: int) -> str:
    """To who filed it."""
    newest = one.newest
    assert newest is not None
    what = f"{year} 年{document(one, year)}第 {newest.version} 版"
    if newest.verdict is Verdict.ACCEPTED:
        return f"备案已通过：{what}。无需再办。"
    return f"备案被退回：{what}。\n原因：{esc(newest.reason or '')}\n请改好后重新报送。"


def returned(one: Owed, year: int) -> str:
    """To the office, after its words."""
    assert one.newest is not None
    return f"已退回 {year} 年{document(one, year)}第 {one.newest.version} 版，已通知报送人。"


def caption(one: Owed, year: int, zone: ZoneInfo) -> str:
    """Under the file."""
    assert one.newest is not None
    sent = _by(one.newest.by, one.newest.at, zone)
    return f"{year}年　{document(one, year)}\n第 {one.newest.version} 版，{sent}报送，{state(one.verdict)}"


# Reading


def counts(found: Sequence[Owed]) -> str:
    """已通过 3、待审 1、未报 18: how many stand where."""
    numbers = [(state(verdict), len(with_verdict(found, verdict))) for verdict in STATES]
    return "、".join(f"{name} {number}" for name, number in numbers if number)


def overview(found: Sequence[Owed], year: int, due: date, zone: ZoneInfo) -> str:
    """Every kind with who has filed and who has not."""
    head = f"<b>备案情况</b>　{year}年　{wording.day(due, year)}截止"
    if not found:
        return f"{head}\n没有要备案的文件。"
    parts = [f"{head}\n应报 {len(found)} 份：{counts(found)}"]
    for code in dict.fromkeys(one.kind.code for one in found):
        some = [one for one in found if one.kind.code == code]
        parts.append(_of_kind(some, year, zone))
    return "\n\n".join(parts)


def _of_kind(some: Sequence[Owed], year: int, zone: ZoneInfo) -> str:
    title = f"《{esc(some[0].kind.titled(year))}》"
    if len(some) == 1:
        return f"{title}\n　{_line(some[0], zone)}"
    lines = [f"{title}\n　{len(some)} 份：{counts(some)}"]
    for verdict in STATES:
        names = [who(one) for one in with_verdict(some, verdict)]
        if names:
            more = f"等 {len(names)} 个" if len(names) > LONGEST_LIST else ""
            lines.append(f"　{state(verdict)}：{esc('、'.join(names[:LONGEST_LIST]))}{more}")
    return "\n".join(lines)


def _line(one: Owed, zone: ZoneInfo) -> str:
    """Whose it is, where it stands, and who did what when."""
    newest = one.newest
    if newest is None:
        return f"{esc(who(one))}　未报"
    parts = [esc(who(one)), state(one.verdict), f"第 {newest.version} 版"]
    parts.append(f"{_by(newest.by, newest.at, zone)}报送")
    if one.unit is not None and newest.decided_by is not None:
        parts.append(decided(one, zone))
    return "　".join(parts)


def of_kind(some: Sequence[Owed], shown: Sequence[Owed], year: int, zone: ZoneInfo) -> str:
    """How many units of a kind stand where, and those that are shown, a line each."""
    head = f"<b>备案明细</b>　{year}年　《{esc(some[0].kind.titled(year))}》\n{len(some)} 份：{counts(some)}"
    return "\n".join([head, "", *(_line(one, zone) for one in shown)])


def own(found: Sequence[Owed], year: int, due: date, zone: ZoneInfo) -> str:
    """What a unit has filed and has not."""
    head = f"<b>备案情况</b>　{year}年　{wording.day(due, year)}截止"
    if not found:
        return f"{head}\n您的单位没有要备案的文件。"
    lines = [f"{_line(one, zone)}\n　《{esc(one.kind.titled(year))}》" for one in found]
    return "\n".join([head, *lines])
