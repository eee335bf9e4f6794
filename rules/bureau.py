"""Who is scored, and by whom: units in their sequences, groups with their categories, one bureau of them all."""

from collections.abc import Collection, Iterable, Mapping
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
    former: tuple[Unit, ...] = field(default=())
    """Units that were taken out: they stay in the quarters they were in (R13)."""

    @cached_property
    def _units_by_code(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in (*self.former, *self.units)}

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

    def with_former(self, units: Iterable[Unit]) -> "Bureau":
        """The same bureau with the units among these that it no longer has."""
        here = {unit.code for unit in self.units}
        return replace(self, former=tuple(unit for unit in units if unit.code not in here))

    def as_it_was(self, units: Iterable[Unit], groups: Collection[str]) -> "Bureau":
        """The bureau of a quarter whose results these groups have confirmed: their units are the ones confirmed (R7, R13).

        A unit goes by the name it has today, and stands in the category and the sequence that it had.
        """
        kept = {unit.code: unit for unit in units}
        running = [unit for unit in self.units if not self._scored_by(unit, groups) and unit.code not in kept]
        now = self._units_by_code
        then = [replace(unit, name=now[code].name) if code in now else unit for code, unit in kept.items()]
        order = {unit.code: index for index, unit in enumerate(self.units)}
        both = sorted((*running, *then), key=lambda unit: order.get(unit.code, len(order)))
        return replace(self, units=tuple(both))

    def _scored_by(self, unit: Unit, groups: Collection[str]) -> bool:
        group = self.group_for(unit)
        return group is not None and group.name in groups

    def with_criteria(self, category: str, criteria: Mapping[str, tuple[Criterion, ...]]) -> "Bureau":
        """The same bureau with these criteria, by item, under the category's schemes."""
        schemes = tuple(s.with_criteria(criteria) if s.category == category else s for s in self.schemes)
        return replace(self, schemes=schemes)

    def scheme_for(self, unit: Unit, year: int) -> Scheme | None:
        """The scheme that a unit is scored by in an assessment year; None: it cannot be scored (R1)."""
        return scheme_of(self.schemes, unit.category, year)
