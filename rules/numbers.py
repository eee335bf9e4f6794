"""Points as people write them: 2, 2分, 0.5, 半分, 两分, 一分半, 二点五; read exactly, checked against the item (R2)."""

import re
import unicodedata
from decimal import Decimal

from rules.points import has_two_places
from rules.refusals import AboveMaximum, PointsNotPositive, TooManyDecimals
from rules.scheme import Item

LONGEST = 24
"""Signs after which a word is no number of points any more."""

HALF = Decimal("0.5")
_ASCII = re.compile(r"\d+(?:\.\d*)?|\.\d+", re.ASCII)
_CHINESE = re.compile(r"([零〇一二两三四五六七八九十百]*)(?:点([零〇一二三四五六七八九]+))?")
_DIGITS = {sign: str(value) for value, sign in enumerate("零一二三四五六七八九")} | {"〇": "0"}
_MINUS = ("-", "−", "–", "负")


def read_points(text: str) -> Decimal | None:
    """The number that a word says, None where it says none.

    A negative one is read as such, so that it can be refused with a sentence of its own.
    """
    word = unicodedata.normalize("NFKC", text).strip()
    if not word or len(word) > LONGEST:
        return None
    word = word.removeprefix("扣").removeprefix("减")
    sign = -1 if word.startswith(_MINUS) else 1
    word = word[1:] if sign < 0 else word.removeprefix("+")
    number = _read(word)
    return None if number is None else sign * number


def _read(word: str) -> Decimal | None:
    if word in ("半", "半分"):
        return HALF
    for ending in ("分半", "个半"):
        if word.endswith(ending):
            whole = _number(word.removesuffix(ending))
            return None if whole is None else whole + HALF
    return _number(word.removesuffix("分"))


def _number(word: str) -> Decimal | None:
    if _ASCII.fullmatch(word):
        return Decimal(word)
    match = _CHINESE.fullmatch(word)
    if match is None or not (match[1] or match[2]):
        return None
    whole = _whole(match[1])
    if whole is None or match[2] is None:
        return whole
    return whole + Decimal("0." + "".join(_DIGITS[sign] for sign in match[2]))


def _whole(word: str) -> Decimal | None:
    if not word:
        return None
    # Loaded by the first numeral that is written out: a start has no use for it.
    import cn2an

    try:
        return Decimal(int(cn2an.cn2an(word.replace("两", "二"), "smart")))
    except ValueError:
        return None


def check_points(points: Decimal, item: Item) -> None:
    """Refuse what no entry may take from the item: PointsNotPositive, TooManyDecimals, AboveMaximum (R2, Maximum)."""
    if points <= 0:
        raise PointsNotPositive(points)
    if points > item.points:
        raise AboveMaximum(points, item)
    if not has_two_places(points):
        raise TooManyDecimals(points)
