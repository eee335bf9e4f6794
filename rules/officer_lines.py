"""A typed line about an officer → whom, item, points, month and reason: read as a deduction on a unit is (R9)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rules.calendar import Quarter
from rules.months import Month, read_month
from rules.names import Named, Names, item_short_forms
from rules.officers import Officer
from rules.reading import PARTICULARS, Reading, Vocabulary, read_correction, read_deduction
from rules.scheme import Item

_WORD = re.compile(r"[^\s，,；;]+")


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """What was understood; the officer stands where a unit does in a reading, by its code."""

    reading: Reading
    month: Month | None = None


def officer_vocabulary(officers: Iterable[Officer], items: Iterable[Item]) -> Vocabulary:
    """The officers by name and badge number, and the items that they can lose points on."""
    return Vocabulary(
        units=Names(Named(o.code, o.name, (o.number,) if o.number else ()) for o in officers),
        sequences=Names(()),
        items={"": Names(Named(i.name, i.name, i.aliases, item_short_forms(i.name)) for i in items)},
        categories={},
    )


def read_officer_line(text: str, names: Vocabulary, today: date) -> OfficerLine:
    """张伟 考勤纪律 1 [3月] 迟到, in any order as /deduct takes it; a month among the first words is the entry's."""
    month, rest = _month(text, today)
    return OfficerLine(read_deduction(rest, names, _QUARTER, today), month)


def read_officer_correction(text: str, names: Vocabulary, officer: str, today: date) -> Reading:
    """What shall be different of an officer's entry, then why."""
    return read_correction(text, names, officer, today)


_QUARTER = Quarter(2000, 1)
"""Any quarter does: whoever names one is told that officers are assessed by the month."""


def _month(text: str, today: date) -> tuple[Month | None, str]:
    for index, word in enumerate(_WORD.finditer(text)):
        if index >= PARTICULARS:
            break
        month = read_month(word[0], today)
        if month is not None:
            return month, f"{text[: word.start()]} {text[word.end() :]}".strip()
    return None, text
