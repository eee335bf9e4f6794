"""How far a group is with a quarter: what is inspected, and what stands in the way of submitting it (R7, R12)."""

from dataclasses import dataclass
from datetime import datetime

from rules.bureau import Group, Unit
from rules.calendar import Quarter
from rules.entries import Deduction


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """One unit: whether it was inspected, its living entries, those without a reason, its open appeals."""

    unit: Unit
    inspected: bool
    entries: int
    unexplained: int
    appeals: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A group's quarter. `changed` is when its last entry was written, UTC."""

    group: Group
    quarter: Quarter
    units: tuple[UnitProgress, ...]
    unexplained: tuple[Deduction, ...]
    changed: datetime | None

    @property
    def left(self) -> tuple[UnitProgress, ...]:
        """The units that are not inspected yet."""
        return tuple(unit for unit in self.units if not unit.inspected)

    @property
    def appeals(self) -> int:
        """How many appeals are open."""
        return sum(unit.appeals for unit in self.units)
