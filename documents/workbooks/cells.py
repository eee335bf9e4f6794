"""How a cell is read, the same in every table: as text, as points, as a day. What is not clear is refused by its address."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from documents.workbooks.values import Cell, Kind
from rules.numbers import LONGEST, read_points
from rules.points import has_two_places, shown
from rules.text import INVISIBLE, plain

LONGEST_TEXT = 400
"""Digits of a number that are enough to show it."""

NOTHING = frozenset({"", "-", "—", "——", "－", "–", "/", "／", "\\", "无", "空"})
"""What people write into a cell in which nothing is to stand."""

_MINUS = re.compile(r"^(?:扣|减)?[-−–—－﹣负](?=.)")
LARGEST = Decimal(10_000)
"""No number of points comes near it."""
_VAGUE = re.compile("[一二两三四五六七八九][一二两三四五六七八九]|[几数多余来约左右]")
"""两三分, 几分: a number that is none."""
_DECIMAL = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_NUMERALS = re.compile("[零〇一二两三四五六七八九十百点半个分]+")


class Wrong(Exception):
    """A cell is not what its column takes."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column, self.message = column, message


def check(cell: Cell, column: str, address: str) -> None:
    """Refuse what holds no value that anybody could read. Wrong."""
    if cell.kind is Kind.UNCOMPUTED:
        raise Wrong(column, f"{address} 是公式，还没有算出数值。请在 Excel 里打开保存一次，或直接填数值")
    if cell.kind is Kind.ERROR:
        raise Wrong(column, f"{address} 是错误值（如 #N/A），没有内容。请改成正确的内容")


def text(cell: Cell, column: str, address: str) -> str:
    """A cell as text: width normalised, a number as Excel shows it. Wrong where Excel made a date of it."""
    if cell.kind is Kind.DATE:
        raise Wrong(column, f"{address} 是日期，不是文字。请把单元格改成文本格式再填")
    if cell.kind is Kind.NUMBER:
        assert isinstance(cell.value, Decimal)
        return cell.shown if _says(cell) else f"{cell.value:f}"[:LONGEST_TEXT]
    return plain(str(cell.value)) if cell.value is not None else ""


def _says(cell: Cell) -> bool:
    """Whether what is shown of a number is all of it."""
    return _DECIMAL.fullmatch(cell.shown.removeprefix("-")) is not None and Decimal(cell.shown) == cell.value


def words(cell: Cell) -> str:
    """A text as it was written, without signs that are none: a reason, a remark."""
    if cell.kind is Kind.DATE:
        return str(cell.value)
    if cell.kind is Kind.NUMBER:
        return cell.shown or str(cell.value)
    if cell.value is None:
        return ""
    return INVISIBLE.sub(
        "", "".join(sign for sign in str(cell.value) if sign == "\n" or sign.isprintable())
    ).strip()


def is_below_zero(word: str) -> bool:
    """Whether points are written with a minus: -1, －0.5, 扣-1, 负一分."""
    return _MINUS.match(word) is not None


def number(cell: Cell, column: str, address: str) -> Decimal | None:
    """Points as people write them, below zero where they are written with a minus; None where nothing stands. Wrong.

    A plus is refused: points are only taken (R2).
    """
    if cell.kind is Kind.NUMBER:
        assert isinstance(cell.value, Decimal)
        if not _says(cell):
            raise Wrong(
                column, f"{address} 里存的是 {cell.value:g}，显示的是 {cell.shown[:20]}，不一致，请核对"
            )
        if abs(cell.value) >= LARGEST:
            raise Wrong(column, f"“{cell.value:g}”太大，不是分值，例如 0.5")
        return cell.value
    word = re.sub(r"\s", "", text(cell, column, address))
    if word in NOTHING:
        return None
    if word.startswith(("+", "加")):
        raise Wrong(column, f"{address} 写的是“{word[:20]}”：只扣不加，加分请不要写在扣分表里")
    minus = _MINUS.match(word)
    bare = _MINUS.sub("", word).removeprefix("扣").removeprefix("减").removesuffix("分")
    if _DECIMAL.fullmatch(bare) and len(bare) <= LONGEST:
        points = Decimal(bare)
    else:
        read = (
            None
            if _VAGUE.search(bare.partition("点")[0]) or not _NUMERALS.fullmatch(bare)
            else read_points(bare)
        )
        if read is None:
            raise Wrong(column, f"“{word[:20]}”不是数字，例如 0.5")
        points = read
    if points >= LARGEST:
        raise Wrong(column, f"“{word[:20]}”太大，不是分值，例如 0.5")
    return -points if minus else points


def points(cell: Cell, column: str, address: str, most: Decimal, *, of: str = "该项目的") -> Decimal | None:
    """Points above zero, up to `most`; None for an empty cell. Wrong."""
    value = number(cell, column, address)
    if value is None:
        return None
    if not has_two_places(value) or value <= 0:
        raise Wrong(column, f"“{text(cell, column, address)[:20]}”应大于 0，最多两位小数")
    if value > most:
        raise Wrong(column, f"超过了{of} {shown(most)} 分")
    return value


_MARKS = re.compile(
    r"\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?|\s*(?:上午|下午|中午|晚上|凌晨|夜间)$|"
    r"\s+\d{1,2}:\d{2}(?::\d{2})?(?:\.0+)?$|[T ]00:00:00$"
)
_FULL = re.compile(r"((?:19|20)?\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_SHORT = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_MONTH = re.compile(r"((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*月?")
_NUMERAL_DAY = re.compile(r"[〇零一二三四五六七八九十年月日号]+")
_NUMERAL = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0}
_FIRST_SERIAL, _LAST_SERIAL = 25_569, 73_050
"""Excel's numbers of 1970-01-01 and 2099-12-31."""


def day(
    cell: Cell, column: str, address: str, near: Callable[[int, int], date | None], *, month: bool = False
) -> date | None:
    """A day in any of the ways that offices write one; None where nothing stands. Wrong.

    `near` says which day a month and a day without a year mean; with `month` a month alone is its first day.
    """
    if cell.kind is Kind.DATE:
        assert isinstance(cell.value, date)
        return cell.value
    if cell.kind is Kind.NUMBER:
        assert isinstance(cell.value, Decimal)
        found = _day_of_number(cell.value, near, month=month)
        if found is None:
            raise Wrong(column, f"{address} 是数字 {cell.value:f}，不是日期。请写成 2026-03-01 这样的日期")
        return found
    word = text(cell, column, address)
    if word in NOTHING:
        return None
    found = _day_of_text(_MARKS.sub("", word).strip(), near, month=month)
    if found is None:
        raise Wrong(column, f"“{word[:20]}”不是日期，例如 2026-03-01")
    return found


_TYPED_DAY = re.compile(r"(1[0-2]|[1-9])\.(0[1-9]|1[1-9]|2[1-9]|31|[4-9])")
"""11.9 and 11.12 as a number; 11.1, 11.2 and 11.3 may have been typed for the 10th, the 20th or the 30th."""


def _day_of_number(value: Decimal, near: Callable[[int, int], date | None], *, month: bool) -> date | None:
    if value == value.to_integral():
        compact = _COMPACT.fullmatch(f"{value:f}")
        if compact is not None:
            return _date(*compact.groups())
        whole = int(value)
        return date(1899, 12, 30) + timedelta(days=whole) if _FIRST_SERIAL <= whole <= _LAST_SERIAL else None
    typed = _TYPED_DAY.fullmatch(f"{value:f}")
    if typed is not None:
        return near(int(typed[1]), int(typed[2]))
    # 2024.03 is March; 2024.1 may have been typed for January or for October.
    spelt = re.fullmatch(r"((?:19|20)\d\d)\.(0[1-9]|1[0-2]|[2-9])", f"{value:f}")
    return _date(spelt[1], spelt[2], "1") if month and spelt is not None else None


def _day_of_text(word: str, near: Callable[[int, int], date | None], *, month: bool) -> date | None:
    if _NUMERAL_DAY.fullmatch(word):
        word = _with_digits(word)
    full = _FULL.fullmatch(word) or _COMPACT.fullmatch(word)
    if full is not None:
        year, number_, day_ = full.groups()
        if len(year) == 2:
            # 24.3.1: a year, if no month and no day could be meant by it.
            return _date(f"20{year}", number_, day_) if int(year) > 12 else None
        return _date(year, number_, day_)
    alone = _MONTH.fullmatch(word)
    if alone is not None:
        return _date(alone[1], alone[2], "1") if month else None
    short = _SHORT.fullmatch(word)
    return near(int(short[1]), int(short[2])) if short is not None else None


def _with_digits(word: str) -> str:
    """二〇二六年十一月三日 with digits; a year sign by sign, months and days as numbers."""

    def part(piece: re.Match[str]) -> str:
        signs = piece[0]
        if "十" not in signs:
            return "".join(str(_NUMERAL[sign]) for sign in signs)
        tens, _, ones = signs.partition("十")
        return (
            str((_NUMERAL[tens] if tens else 1) * 10 + (_NUMERAL[ones] if ones else 0))
            if len(tens) < 2
            else signs
        )

    return re.sub("[〇零一二三四五六七八九十]+", part, word)


def _date(year: str, month: str, day_: str) -> date | None:
    try:
        return date(int(year), int(month), int(day_))
    except ValueError:
        return None
