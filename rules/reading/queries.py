"""Questions and orders: what they are about, in any order of the words."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from rules.calendar import Period, Quarter, read_period
from rules.names import Found, Match, Names, Unknown
from rules.reading.days import read_coming_day, read_day
from rules.reading.vocabulary import Vocabulary

PARTICULARS = 5
"""Words among which a place and an item are told apart."""

NOT_FOUND = 100
"""What an unknown name costs when two ways of reading a line are weighed."""

_AS_OF = re.compile(r"截[至止]到?\s*(\S*)")


@dataclass(frozen=True, slots=True)
class Query:
    """What was understood of a question; `leftover` is what was not."""

    item: Found[str] | None = None
    as_of: date | None = None
    """截至 3-10: the day at whose end it shall be answered."""
    as_of_text: str | None = None
    """What stood where that day should be."""

    unit: Found[str] | None = None
    sequence: Found[str] | None = None
    period: Period | None = None
    leftover: str = ""


def _unit_and_item(words: list[str], names: Vocabulary) -> tuple[int | None, int | None]:
    """Which of the two names is the unit's and which the item's: the reading that is surer."""
    if not words:
        return None, None
    if len(words) == 1:
        unit, item = names.units.find(words[0]), names.items[""].find(words[0])
        return (0, None) if _cost(unit) <= _cost(item) else (None, 0)

    def cost(unit_at: int, item_at: int) -> int:
        unit = names.units.find(words[unit_at])
        return _cost(unit) + _cost(names.items_of(unit).find(words[item_at]))

    return (0, 1) if cost(0, 1) <= cost(1, 0) else (1, 0)


def _cost(found: Found[str]) -> int:
    return NOT_FOUND if isinstance(found, Unknown) else int(found.how)


@dataclass(frozen=True, slots=True)
class Order:
    """What was understood of an order about a group's quarter; `rest` is what was said beside it, as typed."""

    group: str | None = None
    period: Period | None = None
    day: date | None = None
    rest: str = ""


def read_order(text: str, groups: Names[str], running: Quarter, today: date | None = None) -> Order:
    """The words after /submit, /return or /extend: group, period and, where `today` is given, a day lead; then the rest.

    Only a group's name or short form counts as one, never a resemblance: the rest is somebody's reason.
    """
    group: str | None = None
    period: Period | None = None
    day: date | None = None
    rest = text.strip()
    while rest:
        word = rest.split(maxsplit=1)[0]
        found = groups.find(word) if group is None and groups.known(word) else None
        if isinstance(found, Match):
            group = found.value
        elif period is None and read_period(word, running) is not None:
            period = read_period(word, running)
        elif today is not None and day is None and read_coming_day(word, today) is not None:
            day = read_coming_day(word, today)
        else:
            break
        rest = rest[len(word) :].lstrip()
    return Order(group, period, day, rest)


def read_query(text: str, names: Vocabulary, running: Quarter, today: date) -> Query:
    """The words after /score or /rank, in any order; `today` is the bureau's day."""
    left, period, as_of, as_of_text = _asked(text, running, today)
    name = "".join(left)
    return Query(
        unit=names.units.find(name) if name else None,
        sequence=names.sequences.find(name) if name else None,
        period=period,
        leftover=" ".join(left),
        as_of=as_of,
        as_of_text=as_of_text,
    )


def read_log(text: str, names: Vocabulary, running: Quarter, today: date) -> Query:
    """The words after /log or /why: a unit, perhaps an item and a period, in any order."""
    left, period, as_of, as_of_text = _asked(text, running, today)
    unit_at, item_at = _unit_and_item(left[:2], names)
    unit = names.units.find(left[unit_at]) if unit_at is not None else None
    item = names.items_of(unit).find(left[item_at]) if item_at is not None else None
    return Query(
        unit=unit, item=item, period=period, leftover=" ".join(left), as_of=as_of, as_of_text=as_of_text
    )


def read_survey(text: str, names: Vocabulary, running: Quarter, today: date) -> Query:
    """The words after /rank, /heat or /losses: a sequence, an item, a unit or one of them with an item, in any order."""
    left, period, as_of, as_of_text = _asked(text, running, today)
    sequence, unit, item = _place_and_item(left, names)
    return Query(
        unit=unit, sequence=sequence, item=item, period=period, leftover=" ".join(left), as_of=as_of,
        as_of_text=as_of_text,
    )  # fmt: skip


_Place = tuple[Found[str] | None, Found[str] | None, Found[str] | None]
"""A sequence, a unit and an item."""


def _place_and_item(words: list[str], names: Vocabulary) -> _Place:
    """The surest way to read the words; of ways that are as sure a sequence comes before an item, and this before a unit."""
    if not words:
        return None, None, None
    whole = "".join(words)
    ways: list[_Place] = [(names.sequences.find(whole), None, None)]
    cuts = [("".join(words[:i]), "".join(words[i:])) for i in range(1, min(len(words), PARTICULARS))]
    both = [pair for first, second in cuts for pair in ((first, second), (second, first))]
    ways += [(names.sequences.find(place), None, names.items[""].find(item)) for place, item in both]
    ways.append((None, None, names.items[""].find(whole)))
    ways.append((None, names.units.find(whole), None))
    for place, item in both:
        unit = names.units.find(place)
        ways.append((None, unit, names.items_of(unit).find(item)))
    return min(ways, key=lambda way: sum(_cost(found) for found in way if found is not None))


def read_units(text: str, names: Vocabulary, running: Quarter, today: date) -> tuple[list[Found[str]], Query]:
    """The words after /compare: units, parted by gaps or signs, and the period in the query."""
    left, period, as_of, as_of_text = _asked(re.sub("[、，,；;]", " ", text), running, today)
    units = [names.units.find(word) for word in left if word not in {"和", "与", "跟", "比"}]
    return units, Query(period=period, as_of=as_of, as_of_text=as_of_text, leftover=" ".join(left))


def _asked(
    text: str, running: Quarter, today: date
) -> tuple[list[str], Period | None, date | None, str | None]:
    """What is left of a question when its period and its 截至 are taken out."""
    match = _AS_OF.search(unicodedata.normalize("NFKC", text))
    as_of = read_day(match[1], today) if match else None
    if match:
        text = unicodedata.normalize("NFKC", text)
        text = f"{text[: match.start()]} {text[match.end() :]}"
    period: Period | None = None
    left: list[str] = []
    for word in text.split():
        found = read_period(word, running) if period is None else None
        if found is None:
            left.append(word)
        period = period or found
    return left, period, as_of, match[1] if match else None
