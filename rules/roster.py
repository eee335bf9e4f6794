"""The roster (花名册): what was typed or filled in about officers → who is meant, and what changes (R9)."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from rules.officers import Officer, Service
from rules.person_names import OFFICE_WORDS, is_written_like_one
from rules.private_numbers import find_private, hinted
from rules.reading import read_day
from rules.refusals import (
    EmptyCommand,
    ListedTwice,
    NotADay,
    NotAnOfficer,
    NumberTaken,
    PrivateNumberFound,
    Refusal,
    SameName,
)
from rules.services import Member, check_services, since_of
from rules.text import name_key, person_name, plain

LONGEST_NAME = 32
LONGEST_DUTY = 20
YEARS = range(1970, 2101)
"""The years in which somebody can have come or gone: a slip of the hand is none of them."""

ORDERS = frozenset({"调离", "调入", "删除", "履历", "改名"})
"""Words that begin an order, and are nobody's name."""

_NAME = re.compile(r"[^\W\d_]+(?:[·. ][^\W\d_]+)*")
_HAN = re.compile("[\u3400-\u9fff]+")
_NUMBER = re.compile(r"(?=[0-9A-Za-z-]*[0-9])[0-9A-Za-z-]{2,16}")
_LIKE_A_DAY = re.compile(r"\d{1,4}[-年/.月]\d.*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entered:
    """An officer as somebody typed or filled it in; what was left out is empty. Days include both ends."""

    name: str
    number: str = ""
    duty: str = ""
    since: date | None = None
    until: date | None = None
    another: bool | None = None
    """Who has the name of somebody with another number: another person, or the same; None: not said."""


class Kind(Enum):
    """What a line does; the value is the word on screen."""

    NEW = "新增"
    CHANGED = "变更"
    SAME = "不变"


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of an officer: as it shall be, with every service. The id 0 is a new one's."""

    kind: Kind
    officer: Officer
    services: tuple[Service, ...]
    fields: tuple[str, ...] = ()
    """The heads of what changes."""


NUMBER, DUTY, SINCE, UNTIL, BACK = "警号", "职务", "到岗日期", "离岗日期", "重新到岗"
DATES = frozenset({SINCE, UNTIL, BACK})


def without_dates(plan_: Plan, services: tuple[Service, ...]) -> Plan:
    """The plan while its dates wait for somebody's consent: number and duty change at once."""
    fields = tuple(field for field in plan_.fields if field not in DATES)
    return replace(plan_, kind=Kind.CHANGED if fields else Kind.SAME, services=services, fields=fields)


def read_line(text: str, today: date) -> Entered:
    """张伟 012345 社区民警 2026-01-01: the name leads, the rest in any order. NotAnOfficer, NotADay, PrivateNumberFound."""
    check_private(text)
    first, words = _name_first(plain(text).split())
    name = check_name(first)
    number, since, duty = "", None, []
    for word in words:
        if since is None and (_LIKE_A_DAY.fullmatch(word) or read_day(word, today) is not None):
            since = check_day(word, today)
        elif not number and _NUMBER.fullmatch(word):
            number = word
        else:
            duty.append(word)
    return Entered(name, number, check_duty(" ".join(duty)), since)


def _name_first(words: Sequence[str]) -> tuple[str, list[str]]:
    """The name that leads, and the other words: 张 帆 and 欧阳 敏 are one name each, padded as in a table."""
    name, rest = "".join(words[:1]), list(words[1:])
    while rest and _HAN.fullmatch(name + rest[0]) and (len(name) == 1 or (len(rest[0]) == 1 and len(name) < 4)):
        name += rest.pop(0)
    return name, rest


def read_renaming(text: str) -> tuple[str, str]:
    """张炜 张伟: who is renamed, by name or badge number, and the right name. EmptyCommand."""
    words = plain(text).split()
    if len(words) == 4 and all(len(word) == 1 for word in words):
        words = ["".join(words[:2]), "".join(words[2:])]
    if len(words) != 2:
        raise EmptyCommand("/roster 改名 张炜 张伟")
    return words[0], words[1]


def check_private(text: str) -> None:
    """PrivateNumberFound where an ID card, phone or bank card number stands; a badge number is none of these."""
    found = find_private(text)
    if found:
        raise PrivateNumberFound(tuple((number.kind.value, hinted(number)) for number in found))


def check_name(text: str) -> str:
    """A person's name as it is kept. NotAnOfficer."""
    name = person_name(text)
    if not 2 <= len(name) <= LONGEST_NAME or not _NAME.fullmatch(name) or name in ORDERS:
        raise NotAnOfficer("姓名", text)
    return name


def is_doubtful(name: str, vocabulary: Iterable[str]) -> bool:
    """Whether to ask if this is somebody's name: it is not written like one, or is an office word, or part of one.

    `vocabulary` has the bureau's own words: its units, sequences, categories, groups and items.
    """
    return not is_written_like_one(name) or name in OFFICE_WORDS or any(name in word for word in vocabulary)


def check_number(text: str) -> str:
    """A badge number, or none. NotAnOfficer."""
    if text and not _NUMBER.fullmatch(text):
        raise NotAnOfficer(NUMBER, text)
    return text


def check_duty(text: str) -> str:
    """A duty, or none. NotAnOfficer."""
    if len(text) > LONGEST_DUTY:
        raise NotAnOfficer(DUTY, text)
    return text


def check_day(text: str, today: date) -> date:
    """The day of a word. NotADay."""
    found = read_day(text, today)
    if found is None or found.year not in YEARS:
        raise NotADay(text)
    return found


def find(members: Iterable[Member], text: str) -> list[Member]:
    """Whom a typed name or badge number means; of the same name, several."""
    word = plain(text)
    everyone = list(members)
    return [m for m in everyone if word and word == m.officer.number] or [
        m for m in everyone if name_key(word) == name_key(m.officer.name)
    ]


def means(line: Entered, officer: Officer, others: Collection[str]) -> bool:
    """Whether a line for the officer's unit is about this officer, by number or name; `others` are its namesakes' numbers."""
    return (line.number != "" and line.number == officer.number) or (
        line.name == officer.name and line.number not in others
    )


def plan(lines: Sequence[Entered], members: Sequence[Member], unit: str, today: date) -> list[Plan | Refusal]:
    """What each line does to the unit's roster, or why it cannot; what was left out stays, a new one begins today.

    `members` are all who are or were of the unit. Never guessed: whether the same name with another number is another
    person (SameName).
    """
    numbers = {m.officer.number: m.officer for m in members if m.officer.number}
    met: set[int] = set()
    seen: set[tuple[str, str]] = set()
    by_number = {(name_key(line.name), line.number) for line in lines if line.number}
    found: list[Plan | Refusal] = []
    for line in lines:
        try:
            same = _meant(line, members, numbers, by_number)
            one = _changed(line, same, unit, today) if same is not None else _new(line, unit, today)
            if one.officer.id in met or (not one.officer.id and (name_key(line.name), line.number) in seen):
                raise ListedTwice(line.name)
            if line.number and any(number == line.number for _, number in seen):
                raise ListedTwice(line.number)
            met |= {one.officer.id} - {0}
            seen.add((name_key(line.name), line.number))
            found.append(one)
        except Refusal as refusal:
            found.append(refusal)
    return found


def _meant(
    line: Entered, members: Sequence[Member], numbers: dict[str, Officer], lines: set[tuple[str, str]]
) -> Member | None:
    """Who of the unit is meant; None for somebody new. NumberTaken, SameName."""
    named = [m for m in members if name_key(m.officer.name) == name_key(line.name)]
    holder = numbers.get(line.number) if line.number else None
    if holder is not None and name_key(holder.name) != name_key(line.name):
        raise NumberTaken(line.number, holder.name)
    if holder is not None:
        return next(m for m in named if m.officer.id == holder.id)
    # Who stands in the same table with the own number is not who is meant by another one.
    free = [m for m in named if (name_key(m.officer.name), m.officer.number) not in lines]
    if not free:
        if named and not line.number:
            raise SameName(line.name, tuple(m.officer.number for m in named), line.number)
        return None
    if len(free) == 1 and (not line.number or not free[0].officer.number or line.another is False):
        return free[0]
    if line.another and line.number:
        return None
    raise SameName(line.name, tuple(m.officer.number for m in free), line.number)


def _new(line: Entered, unit: str, today: date) -> Plan:
    since = line.since or min(today, line.until or today)
    service = Service(0, unit, since, line.until)
    check_services([service])
    return Plan(Kind.NEW, Officer(0, line.name, line.number, line.duty), (service,))


def _changed(line: Entered, member: Member, unit: str, today: date) -> Plan:
    old = member.officer
    officer = replace(old, number=line.number or old.number, duty=line.duty or old.duty)
    fields = [NUMBER] if officer.number != old.number else []
    fields += [DUTY] if officer.duty != old.duty else []
    stint = member.stint(unit)
    rest = [s for s in member.services if s != stint]
    since = line.since or (today if stint.until is not None and stint.until < today else stint.since)
    if stint.until is not None and since > stint.until:
        services = [*rest, stint, Service(old.id, unit, since, line.until)]
        fields.append(BACK)
    else:
        now = replace(stint, since=since, until=line.until or stint.until)
        fields += [SINCE] if now.since != stint.since else []
        fields += [UNTIL] if now.until != stint.until else []
        services = [*rest, now]
    check_services(services)
    return Plan(
        Kind.CHANGED if fields else Kind.SAME, officer, tuple(sorted(services, key=since_of)), tuple(fields)
    )
