"""Numbers that belong to a person and must not stand in a reason: ID cards, phones, bank cards (Guard).

Check digits and prefixes tell them from case numbers, so that these pass.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import Enum

REGIONS = frozenset(
    map(
        str,
        (
            *range(11, 16),
            *range(21, 24),
            *range(31, 38),
            *range(41, 47),
            *range(50, 55),
            *range(61, 66),
            71,
            81,
            82,
            83,
        ),
    )
)
"""The first two digits of an ID card: provinces and regions (GB/T 2260)."""

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
"""ISO 7064 MOD 11-2 as GB 11643 has it."""

_RUN = re.compile(r"(?<![0-9A-Za-z])\+?[0-9](?:[ -]?[0-9])*[Xx]?(?![0-9A-Za-z])")
_BLOCK = re.compile(r"[+0-9]+[Xx]?")
MOST_BLOCKS = 6
"""In how many pieces people write such a number at most: 6222 0212 3456 7890 128 has five."""
LONGEST = 20
"""Digits after which no more blocks are joined."""
_PHONE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")


class PrivateKind(Enum):
    """What kind of number it is; the value is the word on screen."""

    ID_CARD = "身份证号"
    PHONE = "手机号"
    BANK_CARD = "银行卡号"


@dataclass(frozen=True, slots=True)
class PrivateNumber:
    """A number in a text: from `start` up to `end`, as written."""

    kind: PrivateKind
    start: int
    end: int
    text: str


def find_private(text: str) -> tuple[PrivateNumber, ...]:
    """Every such number in a text, in order; written full-width or in blocks, it is found too."""
    plain = "".join(_narrow(sign) for sign in text)
    found: list[PrivateNumber] = []
    for run in _RUN.finditer(plain):
        found += _in_run(text, [(run.start() + m.start(), m[0]) for m in _BLOCK.finditer(run[0])])
    return tuple(found)


def _in_run(text: str, blocks: list[tuple[int, str]]) -> list[PrivateNumber]:
    """The numbers in blocks of digits that stand one space or hyphen apart: 扣 1 1101… is points and a number."""
    found: list[PrivateNumber] = []
    first = 0
    while first < len(blocks):
        number, last = "", first
        kind, end = None, first
        while last < min(len(blocks), first + MOST_BLOCKS) and len(number) < LONGEST:
            number += blocks[last][1]
            last += 1
            sort = _kind(number)
            kind, end = (sort, last) if sort is not None else (kind, end)
        if kind is None:
            first += 1
            continue
        start, stop = blocks[first][0], blocks[end - 1][0] + len(blocks[end - 1][1])
        found.append(PrivateNumber(kind, start, stop, text[start:stop]))
        first = end
    return found


def _narrow(sign: str) -> str:
    """The same sign in ASCII where it has one; always one sign, so that places stay what they are."""
    if sign in "–—－　":
        return " " if sign == "　" else "-"
    narrow = unicodedata.normalize("NFKC", sign)
    return narrow if len(narrow) == 1 else sign


def _kind(number: str) -> PrivateKind | None:
    if _PHONE.fullmatch(number):
        return PrivateKind.PHONE
    if _is_id_card(number):
        return PrivateKind.ID_CARD
    return PrivateKind.BANK_CARD if _is_bank_card(number) else None


def _is_id_card(number: str) -> bool:
    if not re.fullmatch(r"[0-9]{17}[0-9Xx]", number) or number[:2] not in REGIONS:
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    check = CHECKS[sum(int(d) * w for d, w in zip(number, WEIGHTS, strict=False)) % 11]
    return 1900 <= born.year <= 2100 and number[17].upper() == check


def _is_bank_card(number: str) -> bool:
    if not re.fullmatch(r"[0-9]{16,19}", number) or not _has_issuer(number):
        return False
    digits = [int(d) for d in reversed(number)]
    return sum(d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits)) % 10 == 0


def _has_issuer(number: str) -> bool:
    """Whether it begins as cards do: UnionPay, Visa, Mastercard, JCB, and the older cards of banks here."""
    first = int(number[:4])
    return number.startswith(("62", "4", "35", "9")) or 5100 <= first <= 5599 or 2221 <= first <= 2720


def hinted(number: PrivateNumber) -> str:
    """Enough of it to be found again in one's own text: 430111********1234, 138****5678."""
    signs = [sign for sign in number.text if sign.isalnum()]
    head = 3 if number.kind is PrivateKind.PHONE else 6
    hidden = len(signs) - head - 4
    return "".join(signs[:head]) + "*" * hidden + "".join(signs[-4:])


def masked(text: str) -> str:
    """The text with every such number replaced by its hint."""
    for number in reversed(find_private(text)):
        text = text[: number.start] + hinted(number) + text[number.end :]
    return text
