"""The officers that a person speaks for in a month: by name, with what they are scored by (R9)."""

from dataclasses import dataclass

from handlers.frame.context import Context
from rules.access import Deed, may
from rules.bureau import Unit
from rules.months import Month
from rules.officers import Officer
from rules.reading import Vocabulary
from rules.reading.officers import officer_vocabulary
from rules.refusals import NoMethod, NoOfficers, NotAllowed, NoUnitOfYours
from rules.scheme import Item, Scheme
from storage import months, roster
from storage.database import Session


@dataclass(frozen=True, slots=True)
class Staff:
    """The officers of one's own units in a month, and the schemes of the units by their codes."""

    month: Month
    units: tuple[Unit, ...]
    officers: tuple[tuple[Officer, Unit], ...]
    schemes: dict[str, Scheme]

    def find(self, officer: int) -> tuple[Officer, Unit] | None:
        """An officer with the unit; None where it is nobody's of these units in that month."""
        return next((pair for pair in self.officers if pair[0].id == officer), None)

    def scheme(self, unit: Unit) -> Scheme:
        """What the unit's officers are scored by; NoMethod."""
        if unit.code not in self.schemes:
            raise NoMethod(unit, self.month.year)
        return self.schemes[unit.code]

    def vocabulary(self) -> Vocabulary:
        """The names that a line may hold."""
        items: dict[str, Item] = {}
        for scheme in self.schemes.values():
            items |= {item.name: item for item in scheme.items}
        return officer_vocabulary((officer for officer, _ in self.officers), items.values())


async def of(session: Session, context: Context, month: Month) -> Staff:
    """Whom the person may log entries on in a month. NotAllowed, NoUnitOfYours, NoMethod, NoOfficers."""
    if not may(context.person, Deed.OFFICER_DEDUCT):
        raise NotAllowed(Deed.OFFICER_DEDUCT)
    units = tuple(unit for unit in context.bureau.units if unit.code in context.person.units)
    if not units:
        raise NoUnitOfYours
    found = [(officer, unit) for unit in units for officer in await roster.in_month(session, unit.code, month)]
    schemes = await months.schemes(session, units, month.year, context.services.policy.common_parts)
    if not schemes:
        raise NoMethod(units[0], month.year)
    if not found:
        raise NoOfficers(units[0], month)
    return Staff(month, units, tuple(found), schemes)
