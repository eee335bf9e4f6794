"""Words around what is exported: file names, captions, and how final it is."""

from datetime import date

from documents.workbooks.book import Book
from handlers.export.gathering import Gathered
from handlers.frame import wording
from handlers.frame.periods import Chosen
from handlers.frame.reply import esc
from handlers.reports.score_text import late_note
from rules.bureau import Bureau
from rules.calendar import Quarter
from rules.entries import Deduction

PROVISIONAL = "（暂定）"

_NOT_IN_NAMES = str.maketrans(dict.fromkeys('\\/:*?"<>|\n\r\t', "-"))


def mark(*, final: bool) -> str:
    """（暂定） until every score is confirmed (R7)."""
    return "" if final else PROVISIONAL


def period(chosen: Chosen) -> str:
    """2026年第一季度, with the day that it is as of."""
    named = wording.period(chosen.period)
    return f"{named}截至{wording.day(chosen.as_of)}" if chosen.as_of else named


def file_name(
    bureau: Bureau, chosen: Chosen, scope: str, *, final: bool, what: str = "目标量化考核", ending: str = "xlsx"
) -> str:
    """江城市公安局-2026年第一季度-目标量化考核（暂定）.xlsx"""
    parts = [bureau.name, period(chosen), what, *([scope] if scope else [])]
    stem = "-".join(parts).translate(_NOT_IN_NAMES)[:100]
    return f"{stem}{mark(final=final)}.{ending}"


def caption(found: Gathered, book: Book) -> str:
    """What is in the workbook and how final it is."""
    head = f"<b>{period(found.chosen)}目标量化考核</b>{mark(final=found.final)}"
    lines = [head, *([f"范围：{esc(found.scope)}"] if found.scope else []), esc(book.as_of)]
    pages = [f"{page.name}{_amount(page.name, found)}" for page in book.pages]
    lines.append(f"内容：{'、'.join(pages)}")
    lines.append(_finality(final=found.final))
    if found.chosen.other is not None and isinstance(found.chosen.period, Quarter):
        lines.append(late_note(found.chosen.period))
    if any(page.name == "民警月度" for page in book.pages):
        lines.append("民警月度含个人成绩，请妥善保管。")
    return "\n".join(lines)


def _amount(name: str, found: Gathered) -> str:
    if name == "扣分台账":
        return f"（{len(found.ledger.entries)} 笔）"
    return ""


def _finality(*, final: bool) -> str:
    if final:
        return "成绩已审定，与系统保存的结果一致。"
    return "成绩还没有全部审定，以后可能变动，请不要作为最终结果使用。"


def ledger_caption(chosen: Chosen, entries: tuple[Deduction, ...], scope: str, *, final: bool) -> str:
    """What is in the CSV and how final it is."""
    lines = [
        f"<b>{period(chosen)}扣分台账</b>{mark(final=final)}　{len(entries)} 笔，CSV（UTF-8，可用 Excel 打开）"
    ]
    lines += [f"范围：{esc(scope)}"] if scope else []
    return "\n".join([*lines, _finality(final=final)])


def detail(what: str, chosen: Chosen, scope: str, *, final: bool) -> str:
    """For the trail: which file, of which period, how final."""
    as_of: date | None = chosen.as_of
    parts = [what, str(chosen.period), f"截至 {as_of}" if as_of else "", scope, "已审定" if final else "暂定"]
    return " ".join(part for part in parts if part)
