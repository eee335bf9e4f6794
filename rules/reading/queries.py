"""Questions and orders: what they are about, in any order of the words."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from rules.calendar import Period, Quarter, read_period
from rules.names import Ambiguous, Found, Match, Names, Unknown
from rules.reading.days import read_coming_day, read_day
from rules.reading.vocabulary import Vocabulary
from rules.refusals import UnknownName

PARTICULARS = 5
"""Words among which a place and an item are told apart."""

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


_UnitAndItem = tuple[Found[str] | None, Found[str] | None]


def _unit_and_item(words: list[str], names: Vocabulary) -> _UnitAndItem:
    """The surest way to read the words as a unit, an item, or both; every word belongs to one of the two."""
    if not words:
        return None, None
    whole = "".join(words)
    ways: list[_UnitAndItem] = []
    for first, second in _cuts(words):
        for place, item in ((first, second), (second, first)):
            unit = names.units.find(place)
            ways.append((unit, names.items_of(unit).find(item)))
    ways += [(names.units.find(whole), None), (None, names.items[""].find(whole))]
    return min(ways, key=_total)


def _cuts(words: list[str]) -> list[tuple[str, str]]:
    """The ways to part the words in two."""
    return [("".join(words[:i]), "".join(words[i:])) for i in range(1, min(len(words), PARTICULARS))]


def _total(way: tuple[Found[str] | None, ...]) -> tuple[int, int, int]:
    """What a way to read the words leaves open: the signs and the parts not found, and how unsure the others are."""
    parts = [found for found in way if found is not None]
    unknown = [len(found.text) for found in parts if isinstance(found, Unknown)]
    return sum(unknown), len(unknown), sum(int(found.how) for found in parts if not isinstance(found, Unknown))


@dataclass(frozen=True, slots=True)
class Order:
    """What was understood of an order about a group's quarter; `rest` is what was said beside it, as typed."""

    groups: tuple[str, ...] = ()
    """The group that was named; several where more than one goes by that name."""
    period: Period | None = None
    day: date | None = None
    rest: str = ""


def read_order(
    text: str, groups: Names[str], running: Quarter, today: date | None = None, *, reasoned: bool = True
) -> Order:
    """The words after /submit, /return or /extend: group, period and, where `today` is given, a day lead; then the rest.

    Only a group's name or short form counts as one, never a resemblance: the rest is somebody's reason. Just a a
    word that ends as a group's name does is one that was written wrong. Where no reason may follow (`reasoned` False)
    whatever a group can be found by counts.

    Raises:
        UnknownName: No group goes by that word.
    """
    named: tuple[str, ...] = ()
    period: Period | None = None
    day: date | None = None
    rest = text.strip()
    while rest:
        word = rest.split(maxsplit=1)[0]
        sure = groups.known(word) or is_group_like(word, groups)
        if not named and (sure or not (reasoned or isinstance(groups.find(word), Unknown))):
            named = group_named(word, groups)
        elif period is None and read_period(word, running) is not None:
            period = read_period(word, running)
        elif today is not None and day is None and read_coming_day(word, today) is not None:
            day = read_coming_day(word, today)
        else:
            break
        rest = rest[len(word) :].lstrip()
    return Order(named, period, day, rest)


def is_group_like(word: str, groups: Names[str]) -> bool:
    """Whether a word ends as the names of groups do, and is much like one: 机管组, 派出锁小组; 检查组 is none."""
    if not word.endswith("组"):
        return False
    found = groups.find(word)
    return not isinstance(found, Unknown) or bool(found.suggestions)


def group_named(word: str, groups: Names[str]) -> tuple[str, ...]:
    """The groups that a word may mean, in order; mostly one.

    Raises:
        UnknownName: No group goes by it; with those that resemble it, all where none does.
    """
    found = groups.find(word)
    if isinstance(found, Match):
        return (found.value,)
    if isinstance(found, Ambiguous):
        return found.candidates
    raise UnknownName("考核小组", word, found.suggestions or tuple(thing.value for thing in groups.named))


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
    unit, item = _unit_and_item(left, names)
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
    both = [pair for first, second in _cuts(words) for pair in ((first, second), (second, first))]
    ways += [(names.sequences.find(place), None, names.items[""].find(item)) for place, item in both]
    ways.append((None, None, names.items[""].find(whole)))
    ways.append((None, names.units.find(whole), None))
    for place, item in both:
        unit = names.units.find(place)
        ways.append((None, unit, names.items_of(unit).find(item)))
    return min(ways, key=_total)


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
