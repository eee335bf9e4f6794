"""Whether a deduction says what another one says already: the same finding logged twice, or by two people."""

import re
from decimal import Decimal

from rapidfuzz import fuzz

from rules.entries import Deduction
from rules.names import normalised

LIKE = 60.0
"""How alike two reasons are, of 100, from which on they may tell of the same thing."""

_NUMBERS = re.compile("[〇零一二三四五六七八九十百千两]+")
"""Digits are Chinese ones in a normalised text."""


def are_like_reasons(reason: str | None, other: str | None) -> bool:
    """Whether two reasons may tell of the same finding; one that is not there yet may tell of anything.

    Other numbers in them (another case, another house) make it another finding.
    """
    if not reason or not other:
        return True
    first, second = normalised(reason), normalised(other)
    return _NUMBERS.findall(first) == _NUMBERS.findall(second) and fuzz.ratio(first, second) >= LIKE


def may_repeat(
    earlier: Deduction, *, unit: str, item: str, points: Decimal, criterion: str | None, reason: str | None
) -> bool:
    """Whether a new deduction may say what a living one of the same quarter says already.

    Where both are made by a criterion, it is the same one.
    """
    alike = (earlier.unit, earlier.item, earlier.points) == (unit, item, points)
    same_criterion = None in (criterion, earlier.criterion) or earlier.criterion == criterion
    return earlier.lives and alike and same_criterion and are_like_reasons(reason, earlier.reason)
