"""Every name that a line may hold, laid out so that it is found in a text without gaps."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from rules.bureau import Bureau
from rules.names import (
    Found,
    Match,
    Named,
    Names,
    group_names,
    item_short_forms,
    sequence_short_forms,
    unit_short_forms,
)
from rules.scheme import Criterion, Item

UNIT_ENDINGS = ("所", "队", "科", "室", "处", "委", "局", "中心")
"""What a name ends with that can only be a unit's."""

SURE_ITEM = 4
"""Signs from which an item's other name is sure to mean it wherever it stands: 执法 may be the beginning of another word."""

_CODE = re.compile(r"(?:细则|第)?(?P<code>[A-Za-z0-9]{1,16}(?:[.-][A-Za-z0-9]{1,8}){0,4})条?", re.ASCII)
_PARTS = str.maketrans("", "", "、，,；;·")


class Kind(Enum):
    """What a part of a line is."""

    UNIT = "unit"
    ITEM = "item"
    SEQUENCE = "sequence"
    CODE = "code"
    NUMBER = "number"
    COUNT = "count"
    DAY = "day"
    QUARTER = "quarter"
    MONTH = "month"
    SAME = "same"


class Name(NamedTuple):
    """What a form of a name stands for. A `sure` one means it even at the edge of a longer word."""

    kind: Kind
    value: str
    sure: bool


class Standard(NamedTuple):
    """A criterion with the name of the item that it stands under."""

    item: str
    criterion: Criterion


@dataclass(frozen=True)
class Vocabulary:
    """The names in one assessment year."""

    units: Names[str]
    sequences: Names[str]
    items: Mapping[str, Names[str]]
    """By category; under the empty name the items of all schemes."""
    categories: Mapping[str, str]
    """Unit code → category."""
    criteria: Mapping[str, Mapping[str, Standard]] = field(default_factory=dict)
    """By category, by the code in lower case; under the empty name all."""
    groups: Names[str] = field(default_factory=lambda: Names(()))
    """The groups of assessors."""
    bureau: str = ""
    """The bureau's name, which may stand in front of a unit's: 江城市公安局柳林派出所."""
    persons: bool = False
    """The units are persons: an officer's line is read as a unit's is."""

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
            items={category: item_names(items) for category, items in tables.items()},
            categories={unit.code: unit.category for unit in bureau.units},
            criteria=_criteria(by_category),
            groups=group_names(group.name for group in bureau.groups),
            bureau=bureau.name,
        )

    def category(self, unit: str | None) -> str:
        """The category of a unit; the empty one, which is all of them, where no unit is known."""
        return self.categories.get(unit, "") if unit is not None else ""

    def items_of(self, unit: Found[str] | str | None) -> Names[str]:
        """The items that the unit can lose points on; all, while it is not clear which unit is meant."""
        code = unit.value if isinstance(unit, Match) else unit if isinstance(unit, str) else None
        return self.items.get(self.category(code), self.items[""])

    def standard(self, code: str, unit: str | None) -> Standard | None:
        """The criterion of a code for the unit, any unit's where none is known; None where there is none."""
        return self.criteria.get(self.category(unit), {}).get(code.lower())

    def code(self, text: str, unit: Found[str] | None) -> str | None:
        """The criterion's code that a word is, for the unit where it is clear which; None where it is none."""
        word = _CODE.fullmatch(unicodedata.normalize("NFKC", text).strip())
        code = unit.value if isinstance(unit, Match) else None
        standard = self.standard(word["code"], code) if word is not None else None
        return standard.criterion.code if standard is not None else None

    @cached_property
    def forms(self) -> "Forms":
        """Every way in which the names are written without a gap."""
        return Forms(
            (form, name)
            for kind, names in (
                (Kind.UNIT, self.units),
                (Kind.ITEM, self.items[""]),
                (Kind.SEQUENCE, self.sequences),
            )
            for thing in names.named
            for form, name in self._written(kind, thing)
        )

    def _written(self, kind: Kind, thing: Named[str]) -> Iterable[tuple[str, Name]]:
        for form in dict.fromkeys((thing.name, *thing.aliases, *thing.short)):
            plain = unicodedata.normalize("NFKC", form).strip().lower()
            if kind is Kind.ITEM:
                sure = form == thing.name or (len(plain) >= SURE_ITEM and form not in thing.short)
            elif kind is Kind.UNIT and not self.persons:
                sure = form == thing.name or plain.endswith(UNIT_ENDINGS)
            else:
                sure = not plain.isascii()
            official = self.bureau + plain if kind is Kind.UNIT and form == thing.name else plain
            for written in {official, plain, plain.translate(_PARTS), plain.replace("第", "")}:
                if len(written) >= 2:
                    yield written, Name(kind, thing.value, sure)

    @cached_property
    def counters(self) -> frozenset[str]:
        """The words that the criteria count by: 处, 家, 卷."""
        return frozenset(
            standard.criterion.per for standard in self.criteria.get("", {}).values() if standard.criterion.per
        )


def item_names(items: Iterable[Item]) -> Names[str]:
    """Items with the names that people use for them."""
    return Names(Named(i.name, i.name, i.aliases, item_short_forms(i.name)) for i in items)


def _criteria(by_category: Mapping[str, tuple[Item, ...]]) -> dict[str, dict[str, Standard]]:
    tables = {
        category: {c.code.lower(): Standard(item.name, c) for item in items for c in item.criteria}
        for category, items in by_category.items()
    }
    return tables | {"": {code: standard for table in tables.values() for code, standard in table.items()}}


class Forms:
    """The forms of names by their first sign, the longest first."""

    def __init__(self, forms: Iterable[tuple[str, Name]]) -> None:
        self.names: dict[str, tuple[Name, ...]] = {}
        lengths: dict[str, set[int]] = {}
        for form, name in forms:
            if name not in self.names.get(form, ()):
                self.names[form] = (*self.names.get(form, ()), name)
            lengths.setdefault(form[0], set()).add(len(form))
        self.lengths = {sign: tuple(sorted(found, reverse=True)) for sign, found in lengths.items()}

    def at(self, text: str, place: int) -> str:
        """The longest form that begins there; empty where none does."""
        for length in self.lengths.get(text[place], ()):
            form = text[place : place + length]
            if form in self.names:
                return form
        return ""
