"""A typed line → unit, item, points, period, date and reason; or what of it is unclear."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from rules.bureau import Bureau
from rules.calendar import Period, Quarter, read_period
from rules.names import (
    Found,
    Layer,
    Match,
    Named,
    Names,
    Unknown,
    item_short_forms,
    sequence_short_forms,
    unit_short_forms,
)
from rules.numbers import read_points
from rules.scheme import Item

PARTICULARS = 5
"""Quarter and date are read among so many words; later ones belong to the reason."""

NOT_FOUND = 100
"""What an unknown name costs when two ways of reading a line are weighed."""

_WORD = re.compile(r"[^\s，,；;]+")
_COMMAND = re.compile(r"\s*/(\w{1,32})(?:@(\w+))?(?:\s|$)")
_CODE = re.compile(r"(?:细则|第)?(?P<code>[A-Za-z0-9]{1,16}(?:[.-][A-Za-z0-9]{1,8}){0,4})条?", re.ASCII)
_MARKED_CODE = re.compile(r"(?:细则|第).+|.+条")
_TIMES = re.compile(r"[xX×*✕]\s*(\d{1,4})|(\d{1,4})[次处起件]", re.ASCII)
_DAY = re.compile(r"(?:(\d{4})[-年/.])?(\d{1,2})[-月/.](\d{1,2})[日号]?", re.ASCII)
_AS_OF = re.compile(r"截[至止]到?\s*(\S*)")
_BULLET = re.compile(r"\s*(?:\d{1,3}[.、)）\uff0e]\s*(?=\D)|[(（]\d{1,3}[)）]\s*|[①-⑳]\s*|[-•·*]\s+)")
_EDGES = " \t\r\n　，,；;：:。、"
_NUMBER = re.compile(r"[-−–+扣减]*(?:\d+(?:\.\d*)?|\.\d+)分?半?|[零〇一二两三四五六七八九十半点]+分半?")


@dataclass(frozen=True, slots=True)
class Said:
    """A command: its word, what followed it as typed, and whether another bot was meant."""

    name: str
    args: str
    addressed_to_other: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every name that a line may hold, in one assessment year."""

    units: Names[str]
    sequences: Names[str]
    items: Mapping[str, Names[str]]
    """By category; under the empty name the items of all schemes."""
    categories: Mapping[str, str]
    """Unit code → category."""
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The codes of the criteria by category, folded → as written; under the empty name all."""

    @classmethod
    def of(cls, bureau: Bureau, year: int) -> "Vocabulary":
        """The names of a bureau as they are in an assessment year."""
        schemes = [scheme for unit in bureau.units if (scheme := bureau.scheme_for(unit, year)) is not None]
        by_category = {scheme.category: scheme.items for scheme in schemes}
        everything = {item.name: item for items in by_category.values() for item in items}
        tables = {category: tuple(items) for category, items in by_category.items()}
        tables[""] = tuple(everything.values())
        return cls(
            units=Names(Named(u.code, u.name, u.aliases, unit_short_forms(u.name)) for u in bureau.units),
            sequences=Names(
                Named(s.name, s.name, s.aliases, sequence_short_forms(s.name)) for s in bureau.sequences
            ),
            items={
                category: Names(Named(i.name, i.name, i.aliases, item_short_forms(i.name)) for i in items)
                for category, items in tables.items()
            },
            categories={unit.code: unit.category for unit in bureau.units},
            codes=_codes(by_category),
        )

    def items_of(self, unit: Found[str] | None) -> Names[str]:
        """The items that the unit can lose points on; all, while it is not clear which unit is meant."""
        category = self.categories.get(unit.value, "") if isinstance(unit, Match) else ""
        return self.items.get(category, self.items[""])

    def code(self, text: str, unit: Found[str] | None) -> str | None:
        """The criterion's code that a word is, for the unit where it is clear which; None where it is none."""
        word = _CODE.fullmatch(unicodedata.normalize("NFKC", text))
        category = self.categories.get(unit.value, "") if isinstance(unit, Match) else ""
        return self.codes.get(category, {}).get(word["code"].casefold()) if word else None


def _codes(by_category: Mapping[str, tuple[Item, ...]]) -> dict[str, dict[str, str]]:
    codes = {
        category: {criterion.code.casefold(): criterion.code for item in items for criterion in item.criteria}
        for category, items in by_category.items()
    }
    return codes | {"": {folded: code for table in codes.values() for folded, code in table.items()}}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a deduction; None is what was not said."""

    unit: Found[str] | None = None
    item: Found[str] | None = None
    points: Decimal | None = None
    points_text: str | None = None
    period: Period | None = None
    inspected_on: date | None = None
    reason: str | None = None
    criterion: str | None = None
    times: int | None = None
    """How often it was found: 2.3 x3."""


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


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int


def split_command(text: str, bot_username: str, bare: Collection[str]) -> Said | None:
    """The command that a text begins with: /deduct, /deduct@bot, ／扣分, or a bare Chinese word; None for other text.

    What follows is given as typed; only the command's own word is normalised.
    """
    head, rest = _head(text)
    word = unicodedata.normalize("NFKC", head)
    match = _COMMAND.fullmatch(word)
    if match is not None:
        other = match[2] is not None and match[2].casefold() != bot_username.casefold()
        return Said(match[1].casefold(), rest, other)
    return Said(word, rest) if word in bare else None


def _head(text: str) -> tuple[str, str]:
    stripped = text.lstrip()
    parts = stripped.split(maxsplit=1)
    if not parts:
        return "", ""
    return parts[0], stripped[len(parts[0]) :].strip()


def read_deduction(text: str, names: Vocabulary, running: Quarter, today: date) -> Reading:
    """The words after /deduct: unit and item in either order, points, perhaps a quarter and a date, then the reason.

    The reason is a part of the text, sign for sign; it never swallows the unit, the item or the points.
    """
    words = list(_words(text, names))
    period, inspected_on, used = _particulars(words, running, today)
    times_at, times = _times(words, used)
    used |= {times_at} if times_at is not None else set()
    code_at = _word_that_is_a_code(words, used, names)
    used |= {code_at} if code_at is not None else set()
    points = None if code_at is not None else _points_word(words, used, names)
    if points is not None:
        used.add(points)
    named = [i for i in range(len(words)) if i not in used][: 1 if code_at is not None else 2]
    unit_at, item_at = _unit_and_item([words[i] for i in named], names)
    if code_at is not None:
        unit_at, item_at = (0 if named else None), None
    unit = names.units.find(words[named[unit_at]].text) if unit_at is not None else None
    item = names.items_of(unit).find(words[named[item_at]].text) if item_at is not None else None
    used |= {named[i] for i in (unit_at, item_at) if i is not None}
    unnamed = item is None or isinstance(item, Unknown)
    if code_at is None and points is not None and (unnamed or times is not None):
        # A number that is a criterion's code means the criterion, unless an item is named and the number taken once.
        code_at = points if names.code(words[points].text, unit) is not None else None
        if code_at is not None and unnamed and item_at is not None:
            used.discard(named[item_at])
    code = names.code(words[code_at].text, unit) or words[code_at].text if code_at is not None else None
    number_at = points if code is None else None
    reading = Reading(
        unit=unit,
        item=None if code is not None else item,
        points=read_points(words[number_at].text) if number_at is not None else None,
        points_text=words[number_at].text if number_at is not None else None,
        period=period,
        inspected_on=inspected_on,
        reason=_reason(text, words, used),
        criterion=code,
        times=times,
    )
    if times_at is not None and points is None and code is None:
        return replace(reading, points_text=words[times_at].text, times=None)
    return reading if points is not None or item is None else _number_expected(reading, words, used)


def read_correction(text: str, names: Vocabulary, unit: str, today: date) -> Reading:
    """What shall be different, word by word until the first that is none of it; the rest is why.

    `unit` is the code of the entry's unit: its items are meant where no other unit is named.
    """
    reading = Reading()
    words = list(_words(text, names))
    for word in words:
        more = _changed(reading, word.text, names, unit, today)
        if more is None:
            return replace(reading, reason=text[word.start :].strip() or None)
        reading = more
    return reading


def _changed(reading: Reading, text: str, names: Vocabulary, of: str, today: date) -> Reading | None:
    """The reading with one word more; None where the word changes nothing that is still open."""
    meant = reading.unit or Match(of, Layer.EXACT, of)
    unit, item = names.units.find(text), names.items_of(meant).find(text)
    times, day = _TIMES.fullmatch(unicodedata.normalize("NFKC", text)), read_inspection_date(text, today)
    points, code = read_points(text), names.code(text, meant)
    if reading.unit is None and isinstance(unit, Match) and unit.how <= Layer.INITIALS:
        return replace(reading, unit=unit)
    if reading.item is None and isinstance(item, Match) and item.how <= Layer.INITIALS:
        return replace(reading, item=item)
    if reading.criterion is None and code is not None and (points is None or reading.points is not None):
        return replace(reading, criterion=code)
    if reading.points is None and points is not None:
        return replace(reading, points=points, points_text=text)
    if reading.times is None and times is not None:
        return replace(reading, times=int(times[1] or times[2]))
    return replace(reading, inspected_on=day) if reading.inspected_on is None and day is not None else None


def _times(words: list[_Word], used: set[int]) -> tuple[int | None, int | None]:
    """Where and how often: x3, ×3, 3次, right after the first words; only the one beside a number or a code counts."""
    for index, word in enumerate(words[:PARTICULARS]):
        match = _TIMES.fullmatch(unicodedata.normalize("NFKC", word.text)) if index not in used else None
        if match is not None and index > 0:
            return index, int(match[1] or match[2])
    return None, None


def _word_that_is_a_code(words: list[_Word], used: set[int], names: Vocabulary) -> int | None:
    """A word that can only be a criterion: one marked as such, or a known code that is no number and no name."""
    for index, word in enumerate(words[:PARTICULARS]):
        text = unicodedata.normalize("NFKC", word.text)
        if index in used or _known(text, names) or names.code(text, None) is None:
            continue
        if _MARKED_CODE.fullmatch(text) or read_points(text) is None:
            return index
    return None


def _number_expected(reading: Reading, words: list[_Word], used: set[int]) -> Reading:
    """Where no word is a number, the one after the names stands in its place and is pointed at."""
    rest = [i for i in range(len(words)) if i not in used]
    if not rest or not any(sign.isdigit() for sign in words[rest[0]].text):
        return reading
    return replace(reading, points_text=words[rest[0]].text, reason=None)


def _words(text: str, names: Vocabulary) -> Iterable[_Word]:
    """The words of a line; one that was written without gaps is parted where known names and numbers part it."""
    for match in _WORD.finditer(text):
        yield from _parted(_Word(match[0], match.start(), match.end()), names)


def _parted(word: _Word, names: Vocabulary) -> list[_Word]:
    text = word.text
    if (
        len(text) > 60
        or names.units.known(text)
        or names.items[""].known(text)
        or read_points(text) is not None
    ):
        return [word]
    for length in range(len(text) - 1, 1, -1):
        if _known(text[:length], names) and _goes_on(text[length:], names):
            return [_cut(word, 0, length), *_parted_rest(_cut(word, length, len(text)), names)]
    return [word]


def _known(text: str, names: Vocabulary) -> bool:
    return names.units.known(text) or names.items[""].known(text)


def _goes_on(text: str, names: Vocabulary) -> bool:
    """Whether what follows a name is another name or a number: only then were two words written as one."""
    rest = text.lstrip(_EDGES)
    if _NUMBER.match(unicodedata.normalize("NFKC", rest)):
        return True
    return any(_known(rest[:length], names) for length in range(len(rest), 1, -1))


def _parted_rest(word: _Word, names: Vocabulary) -> list[_Word]:
    """What follows a name without a gap: another name, a number, or words of a reason."""
    lead = len(word.text) - len(word.text.lstrip(_EDGES))
    word = _cut(word, lead, len(word.text))
    number = _NUMBER.match(unicodedata.normalize("NFKC", word.text))
    if number is not None and len(unicodedata.normalize("NFKC", word.text)) == len(word.text):
        rest = _cut(word, number.end(), len(word.text))
        return [_cut(word, 0, number.end()), *([rest] if rest.text else [])]
    if not word.text:
        return []
    for length in range(len(word.text), 1, -1):
        if _known(word.text[:length], names):
            return [_cut(word, 0, length), *_parted_rest(_cut(word, length, len(word.text)), names)]
    return [word]


def _cut(word: _Word, start: int, end: int) -> _Word:
    return _Word(word.text[start:end], word.start + start, word.start + end)


def _particulars(
    words: list[_Word], running: Quarter, today: date
) -> tuple[Period | None, date | None, set[int]]:
    """The quarter and the inspection date that are named, and which words name them."""
    period: Period | None = None
    inspected_on: date | None = None
    used: set[int] = set()
    for index, word in enumerate(words[:PARTICULARS]):
        if period is None and not word.text.isdecimal():
            period = read_period(word.text, running)
            if period is not None:
                used.add(index)
                continue
        if inspected_on is None:
            inspected_on = read_inspection_date(word.text, today)
            if inspected_on is not None:
                used.add(index)
    return period, inspected_on, used


def read_inspection_date(text: str, today: date) -> date | None:
    """3月10日查, 3-10查, 2026-03-10查, 昨天查: the day of the inspection; without a year the latest such day."""
    word = unicodedata.normalize("NFKC", text)
    stem = word.removesuffix("查").removesuffix("检")
    return read_day(stem, today) if word.endswith("查") and stem else None


def read_day(text: str, today: date) -> date | None:
    """3月10日, 3-10, 2026-03-10, 昨天: a day; without a year the latest such day, None where it is none."""
    word = unicodedata.normalize("NFKC", text).strip()
    near = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2}.get(word)
    if near is not None:
        return today - timedelta(days=near)
    match = _DAY.fullmatch(word)
    if match is None:
        return None
    try:
        if match[1]:
            return date(int(match[1]), int(match[2]), int(match[3]))
        this_year = date(today.year, int(match[2]), int(match[3]))
        # In January "12月28日" was last month; a day still to come this year is refused where it is checked.
        return this_year if this_year <= today + timedelta(days=180) else this_year.replace(year=today.year - 1)
    except ValueError:
        return None


def _points_word(words: list[_Word], used: set[int], names: Vocabulary) -> int | None:
    """The word that says the points: among the first three that are left, or the last one with 扣 or 分 to it."""
    left = [i for i in range(len(words)) if i not in used]
    numbers = [
        i for i in left if read_points(words[i].text) is not None and not names.units.known(words[i].text)
    ]
    early = [i for i in numbers if left.index(i) <= 2]
    marked = [i for i in numbers if words[i].text.endswith("分") or words[i].text.startswith("扣")]
    return next(iter(early), next(iter(marked), None))


def _unit_and_item(words: list[_Word], names: Vocabulary) -> tuple[int | None, int | None]:
    """Which of the two names is the unit's and which the item's: the reading that is surer."""
    if not words:
        return None, None
    if len(words) == 1:
        unit, item = names.units.find(words[0].text), names.items[""].find(words[0].text)
        return (0, None) if _cost(unit) <= _cost(item) else (None, 0)

    def cost(unit_at: int, item_at: int) -> int:
        unit = names.units.find(words[unit_at].text)
        return _cost(unit) + _cost(names.items_of(unit).find(words[item_at].text))

    return (0, 1) if cost(0, 1) <= cost(1, 0) else (1, 0)


def _cost(found: Found[str]) -> int:
    return NOT_FOUND if isinstance(found, Unknown) else int(found.how)


def _reason(text: str, words: list[_Word], used: set[int]) -> str | None:
    """From the first word that is nothing else to the end, as typed."""
    rest = [i for i in range(len(words)) if i not in used]
    if not rest:
        return None
    last_used = max(used, default=-1)
    after = [i for i in rest if i > last_used]
    start = words[after[0] if after and len(after) == len(rest) else rest[0]].start
    end = len(text) if after else words[rest[-1]].end
    return text[start:end].lstrip(_EDGES).rstrip() or None


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


def read_coming_day(text: str, today: date) -> date | None:
    """3-20, 3月20日, 2027-03-20, 今天: a day; without a year the next such day of this year or the next, today included.

    None where it is none: 昨天 does not come again.
    """
    word = unicodedata.normalize("NFKC", text).strip()
    if word in {"今天", "今日"}:
        return today
    match = _DAY.fullmatch(word)
    if match is None:
        return None
    years = [int(match[1])] if match[1] else [today.year, today.year + 1]
    days = (_day(year, int(match[2]), int(match[3])) for year in years)
    return next((day for day in days if day is not None and (match[1] or day >= today)), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


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
    unit_at, item_at = _unit_and_item([_Word(word, 0, 0) for word in left[:2]], names)
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


LONGEST_BATCH = 100
"""Lines of one message that are read as deductions."""


def read_lines(text: str, names: Vocabulary) -> list[str]:
    """The deductions that a text holds, one a line; a line on several units is one for each.

    Bullets and numbers in front of a line are dropped, and so are empty lines.
    """
    lines = [line[match.end() :] if (match := _BULLET.match(line)) else line for line in text.splitlines()]
    return [single for line in lines if line.strip() for single in _for_each_unit(line.strip(), names)]


def _for_each_unit(line: str, names: Vocabulary) -> list[str]:
    """城关所、东门所 治安管理 1 → 城关所 治安管理 1 and 东门所 治安管理 1."""
    words = list(re.finditer(r"[^\s、，,；;和]+", line))
    first = next((i for i, word in enumerate(words[:3]) if names.units.known(word[0])), None)
    if first is None:
        return [line]
    last = first
    while last + 1 < len(words) and _listed(line, words[last], words[last + 1], names):
        last += 1
    if last == first:
        return [line]
    head, tail = line[: words[first].start()], line[words[last].end() :]
    return [f"{head}{word[0]}{tail}" for word in words[first : last + 1]]


def _listed(line: str, word: re.Match[str], after: re.Match[str], names: Vocabulary) -> bool:
    """Whether the next word is one more unit of a list: known as one, or joined to a unit by 、 as no item is."""
    between = line[word.end() : after.start()].strip()
    if between in {"、", "和"}:
        return names.units.known(after[0]) or not names.items[""].known(after[0])
    is_item = isinstance(names.items[""].find(after[0]), Match)
    return between != "" and names.units.known(after[0]) and not is_item


def are_deductions(text: str, names: Vocabulary) -> bool:
    """Whether most lines of a plain text read as deductions: a unit and a number in each."""
    lines = read_lines(text, names)
    like = sum(_is_like_deduction(line, names) for line in lines)
    return like > 0 and like * 2 >= len(lines)


def _is_like_deduction(text: str, names: Vocabulary) -> bool:
    words = [word.text for word in _words(text[:200], names)]
    has_unit = any(names.units.known(word) for word in words)
    return has_unit and any(
        read_points(word) is not None or names.code(word, None) is not None for word in words
    )


def is_like_command(text: str, names: Vocabulary, bare: Collection[str]) -> bool:
    """Whether a text reads as a command or a deduction, and so is nobody's reason (Reason)."""
    head = unicodedata.normalize("NFKC", text.lstrip())
    if head.startswith("/") or any(head.startswith(word) for word in bare):
        return True
    return _is_like_deduction(text, names)
