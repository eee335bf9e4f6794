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
NUMERALS = "零〇一二两三四五六七八九十百点半廿卅壹贰叁肆伍陆柒捌玖拾佰"
"""The signs of a number that is written out."""

_ASCII = re.compile(r"\d+(?:\.\d*)?|\.\d+", re.ASCII)
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰〇两", "一二三四五六七八九十百零二")
_VALUES = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
_DIGIT = "[一二三四五六七八九]"
_WHOLE = re.compile(
    rf"(?:(?P<hundreds>{_DIGIT})百)?(?P<gap>零)?(?:(?P<tens>{_DIGIT})?(?P<ten>十))?(?P<ones>{_DIGIT})?"
)
_MINUS = ("-", "−", "–", "负")


def read_points(text: str) -> Decimal | None:
    """The number that a word says, None where it says none, or only about how many (两三分).

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
            whole = read_number(word.removesuffix(ending))
            return None if whole is None else whole + HALF
    return read_number(word.removesuffix("分"))


def read_number(word: str) -> Decimal | None:
    """The number of figures or numerals alone: 2.5, 二点五, 十二, 一百二; None where they are none, or an estimate (三五)."""
    if _ASCII.fullmatch(word):
        return Decimal(word)
    if word == "半":
        return HALF
    whole, point, places = word.translate(_FORMAL).partition("点")
    number = Decimal(0) if point and not whole else _whole(whole)
    if number is None or not point:
        return number
    if not places or any(sign not in _VALUES for sign in places):
        return None
    return number + Decimal("0." + "".join(str(_VALUES[sign]) for sign in places))


def _whole(word: str) -> Decimal | None:
    match = _WHOLE.fullmatch(word) if word else None
    if word == "零":
        return Decimal(0)
    if match is None or (match["gap"] and not match["hundreds"]):
        return None
    hundreds, ones = _VALUES.get(match["hundreds"] or "", 0), _VALUES.get(match["ones"] or "", 0)
    tens = _VALUES.get(match["tens"] or "", 1) if match["ten"] else 0
    if match["hundreds"] and ones and not match["ten"] and not match["gap"]:
        return Decimal(100 * hundreds + 10 * ones)  # 一百二 is 120, 一百零二 is 102
    return Decimal(100 * hundreds + 10 * tens + ones)


def check_points(points: Decimal, item: Item) -> None:
    """Refuse what no entry may take from the item: PointsNotPositive, TooManyDecimals, AboveMaximum (R2, Maximum)."""
    if points <= 0:
        raise PointsNotPositive(points)
    if points > item.points:
        raise AboveMaximum(points, item)
    if not has_two_places(points):
        raise TooManyDecimals(points)
