"""Who is scored, and by whom: units in their sequences, groups with their categories, one bureau of them all."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from rules.calendar import Calendar
from rules.scheme import Criterion, Scheme, scheme_of


@dataclass(frozen=True, slots=True)
class Unit:
    """One assessed unit. The code is stable; the name may change (R13)."""

    code: str
    name: str
    category: str
    sequence: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sequence:
    """The units that are ranked against one another, and only these (R5)."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A group of assessors and the categories that it scores (R8)."""

    name: str
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Bureau:
    """The whole organisation as the config states it: valid, in the config's order."""

    name: str
    calendar: Calendar
    groups: tuple[Group, ...] = ()
    schemes: tuple[Scheme, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    units: tuple[Unit, ...] = field(default=())

    @cached_property
    def _units_by_code(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in self.units}

    @cached_property
    def _group_by_category(self) -> dict[str, Group]:
        return {category: group for group in self.groups for category in group.categories}

    def unit(self, code: str) -> Unit:
        """The unit of a code that comes from this bureau; KeyError for any other."""
        return self._units_by_code[code]

    def find_unit(self, code: str) -> Unit | None:
        """The unit of a code, or None: for codes that an old row or a forged button may hold."""
        return self._units_by_code.get(code)

    def units_of(self, sequence: str) -> tuple[Unit, ...]:
        """The units of a sequence in the config's order, which also orders a shared place (R5)."""
        return tuple(unit for unit in self.units if unit.sequence == sequence)

    def group(self, name: str) -> Group | None:
        """The group of exactly this name."""
        return next((group for group in self.groups if group.name == name), None)

    def group_for(self, unit: Unit) -> Group | None:
        """The group that scores a unit, None where no group has its category (R8)."""
        return self._group_by_category.get(unit.category)

    def with_criteria(self, category: str, criteria: Mapping[str, tuple[Criterion, ...]]) -> "Bureau":
        """The same bureau with these criteria, by item, under the category's schemes."""
        schemes = tuple(s.with_criteria(criteria) if s.category == category else s for s in self.schemes)
        return replace(self, schemes=schemes)

    def scheme_for(self, unit: Unit, year: int) -> Scheme | None:
        """The scheme that a unit is scored by in an assessment year; None: it cannot be scored (R1)."""
        return scheme_of(self.schemes, unit.category, year)
