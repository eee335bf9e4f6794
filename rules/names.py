"""Names as people write them: in full, short, in pinyin, by ear; what stays unclear is never guessed.

Layers in order, and the first that knows the name decides: exact name or alias, generated short form, pinyin initials,
full pinyin, homophone, part of a name. One hit is a match, several are a question, and what only resembles a name is
no more than a suggestion.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import accumulate
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process

from rules.pinyin import initials, sound

T = TypeVar("T")

LONGEST = 40
"""Signs after which a word is no name any more."""

NUMERALS = str.maketrans("0123456789", "〇一二三四五六七八九")


REMEMBERED = 512
"""Words whose reading is remembered: a line asks several times about each of its own, and the same names come all day."""


class Layer(IntEnum):
    """How a name was found; smaller is surer."""

    EXACT = 0
    SHORT = 1
    INITIALS = 2
    PINYIN = 3
    HOMOPHONE = 4
    PART = 5


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """One thing is meant."""

    value: T
    how: Layer
    text: str


@dataclass(frozen=True, slots=True)
class Ambiguous(Generic[T]):
    """Several may be meant; the person decides."""

    candidates: tuple[T, ...]
    how: Layer
    text: str


@dataclass(frozen=True, slots=True)
class Unknown(Generic[T]):
    """Nothing of that name; with what resembles it, best first."""

    suggestions: tuple[T, ...]
    text: str


Found = Match[T] | Ambiguous[T] | Unknown[T]


@dataclass(frozen=True, slots=True)
class Named(Generic[T]):
    """A thing with its names: its own, its aliases, and the short forms that its kind goes by."""

    value: T
    name: str
    aliases: tuple[str, ...] = ()
    short: tuple[str, ...] = ()


@lru_cache(maxsize=REMEMBERED)
def normalised(text: str) -> str:
    """A name without what people leave out or write differently: width, case, spaces, signs, 第, kinds of digits."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(sign for sign in plain if sign.isalnum())
    return kept.translate(NUMERALS).replace("第", "")


def unit_short_forms(name: str) -> tuple[str, ...]:
    """城关派出所 → 城关所, 城关; 刑事侦查大队 → 刑事侦查; a stem of one sign is none."""
    for suffix, endings in (
        ("派出所", ("所", "")),
        ("大队", ("",)),
        ("支队", ("",)),
        ("科", ("",)),
        ("室", ("",)),
        ("处", ("",)),
    ):
        stem = name.removesuffix(suffix)
        if stem != name and len(stem) >= 2:
            return tuple(stem + ending for ending in endings)
    return ()


def sequence_short_forms(name: str) -> tuple[str, ...]:
    """派出所第一序列 → 派出所一, 派一."""
    stem = normalised(name).removesuffix("序列")
    if stem == normalised(name) or len(stem) < 3:
        return ()
    return (stem, stem[0] + stem[-1])


GROUP_ENDINGS = ("考核小组", "考核组", "小组", "组")
"""What the name of a group of assessors ends with, the longest first."""


def group_short_forms(name: str) -> tuple[str, ...]:
    """派出所考核小组 → 派出所组, 派出所; 机关科室及实战所队考核小组 → 机关科室组, 机关组, 机关; 第一考核小组 → 考核一组, 一组."""
    ending = next((ending for ending in GROUP_ENDINGS if name.endswith(ending)), "")
    stem = name.removesuffix(ending)
    if not ending or len(stem) < 2:
        return ()
    order = normalised(stem)
    if len(order) < 2:
        return (f"{order}组", f"{order}小组", f"考核{order}组", f"考核{order}小组")
    parts = item_short_forms(stem)
    stems = dict.fromkeys((stem, *parts, *(part[:2] for part in parts)))
    return tuple(form for one in stems for form in (f"{one}组", f"{one}小组", f"{one}考核组", one))


def group_names(names: Iterable[str]) -> "Names[str]":
    """The groups of assessors by their names and short forms; no part of a unit's name is a group's."""
    return Names(Named(name, name, short=group_short_forms(name)) for name in names)


def item_short_forms(name: str) -> tuple[str, ...]:
    """打击、破案及追逃 → 打击, 破案, 追逃."""
    parts = [name]
    for sign in "、及和与":
        parts = [piece for part in parts for piece in part.split(sign)]
    return tuple(part for part in parts if len(part) >= 2) if len(parts) > 1 else ()


class Names(Generic[T]):
    """The names of one kind of thing, laid out once for finding."""

    def __init__(self, named: Iterable[Named[T]]) -> None:
        self.named = tuple(named)
        """The things with their names, in the order given."""
        self._order: dict[T, int] = {}
        self._exact: dict[str, list[T]] = {}
        self._short: dict[str, list[T]] = {}
        self._initials: dict[str, list[T]] = {}
        self._sounds: dict[str, list[T]] = {}
        for thing in self.named:
            self._lay_out(thing)
        self._parts = _Haystack([*self._exact.items(), *self._initials.items()])
        self._choices = [*self._exact, *self._short]
        self._found = lru_cache(maxsize=REMEMBERED)(self._find)

    def _lay_out(self, thing: Named[T]) -> None:
        self._order.setdefault(thing.value, len(self._order))
        own = [normalised(name) for name in (thing.name, *thing.aliases)]
        short = [normalised(name) for name in thing.short]
        for table, keys in ((self._exact, own), (self._short, short)):
            for key in filter(None, keys):
                _add(table, key, thing.value)
        for key in filter(None, (*own, *short)):
            _add(self._initials, initials(key), thing.value)
            _add(self._sounds, _sound(key), thing.value)

    def find(self, text: str) -> Found[T]:
        """The thing that is meant, the ones that may be, or what resembles the word."""
        return self._found(text)

    def _find(self, text: str) -> Found[T]:
        key = normalised(text)
        if not key or len(key) > LONGEST:
            return Unknown((), text)
        for layer, values in self._layers(key):
            if len(values) == 1:
                return Match(values[0], layer, text)
            if values:
                return Ambiguous(tuple(sorted(values, key=self._order.__getitem__)), layer, text)
        return Unknown(self._resembling(key), text)

    def known(self, text: str) -> bool:
        """Whether the word is a name, an alias or a short form as it stands: for words written without a gap."""
        key = normalised(text)
        return key in self._exact or key in self._short

    def _layers(self, key: str) -> Iterable[tuple[Layer, list[T]]]:
        yield Layer.EXACT, self._exact.get(key, [])
        yield Layer.SHORT, self._short.get(key, [])
        if key.isascii():
            yield Layer.INITIALS, self._initials.get(key, [])
            yield Layer.PINYIN, self._sounds.get(key, [])
        else:
            yield Layer.HOMOPHONE, self._sounds.get(_sound(key), [])
        if len(key) >= 2:
            yield Layer.PART, self._parts.holding(key)

    def _resembling(self, key: str) -> tuple[T, ...]:
        hits = process.extract(key, self._choices, scorer=fuzz.ratio, score_cutoff=60, limit=5)
        values = [self._exact.get(name) or self._short[name] for name, _, _ in hits]
        return tuple(dict.fromkeys(value for several in values for value in several))[:5]


class _Haystack(Generic[T]):
    """Every key in one string, so that looking for a part of any of them is one scan in C."""

    def __init__(self, entries: list[tuple[str, list[T]]]) -> None:
        self._values = [values for _, values in entries]
        self._starts = list(accumulate((len(key) + 1 for key, _ in entries), initial=0))
        self._text = "\n".join(key for key, _ in entries)

    def holding(self, part: str) -> list[T]:
        found: dict[T, None] = {}
        at = self._text.find(part)
        while at >= 0:
            index = bisect_right(self._starts, at) - 1
            found.update(dict.fromkeys(self._values[index]))
            at = self._text.find(part, self._starts[index + 1] - 1)
        return list(found)


def _add(table: dict[str, list[T]], key: str, value: T) -> None:
    values = table.setdefault(key, [])
    if value not in values:
        values.append(value)


_sound = lru_cache(maxsize=REMEMBERED)(sound)
