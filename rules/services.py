"""Who serves in which unit from when until when (R9): comings, goings, moves, and nobody in two places on one day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rules.officers import Officer, OfficerDeduction, Service, unit_in
from rules.refusals import AlreadyThere, DayBefore, ServesElsewhere, ServicesOverlap

LEFT_FOR = timedelta(days=92)
"""How long who has left is still listed."""


@dataclass(frozen=True, slots=True)
class Member:
    """An officer with every service, in this unit or another."""

    officer: Officer
    services: tuple[Service, ...]

    def stint(self, unit: str) -> Service:
        """The latest service in a unit that the officer is or was of."""
        return max((s for s in self.services if s.unit == unit), key=lambda s: s.since)


def ended(member: Member, unit: str, day: date, to: str | None = None) -> tuple[Service, ...]:
    """The services once the latest one in the unit ends on a day (included); with `to`, the next begins there the day after.

    Said again with another day, the end and the beginning that followed it move. DayBefore, AlreadyThere, ServicesOverlap.
    """
    if to == unit:
        raise AlreadyThere(member.officer.name)
    stint = member.stint(unit)
    if day < stint.since:
        raise DayBefore(day, stint.since)
    after = day + timedelta(days=1)
    services = [s for s in member.services if s != stint]
    following = next(
        (s for s in services if stint.until is not None and s.since == stint.until + timedelta(days=1)), None
    )
    if following is not None and following.unit == (to or following.unit):
        services = [replace(s, since=after) if s == following else s for s in services]
    elif to is not None:
        services.append(Service(member.officer.id, to, after))
    services.append(replace(stint, until=day))
    check_services(services)
    return tuple(sorted(services, key=since_of))


def check_own(member: Member, unit: str) -> None:
    """Only the unit that an officer belongs to, or was of last, sees to its data. ServesElsewhere."""
    latest = max(member.services, key=since_of)
    if latest.unit != unit:
        raise ServesElsewhere(member.officer.name, latest.unit)


def check_services(services: Iterable[Service]) -> None:
    """Nobody serves in two places on one day, and nobody goes before it came. DayBefore, ServicesOverlap."""
    last: Service | None = None
    for service in sorted(services, key=since_of):
        if service.until is not None and service.until < service.since:
            raise DayBefore(service.until, service.since)
        if last is not None and (last.until is None or last.until >= service.since):
            raise ServicesOverlap(last, service)
        last = service


def stranded(entries: Iterable[OfficerDeduction], services: Sequence[Service]) -> list[OfficerDeduction]:
    """The living entries that count no more: in their month the officer is assessed by another unit, or by none."""
    return [entry for entry in entries if entry.lives and unit_in(services, entry.month) != entry.unit]


@dataclass(frozen=True, slots=True)
class Roster:
    """A unit's officers on a day: who is there, who comes, who left lately; in the roster's order."""

    here: tuple[tuple[Officer, Service], ...]
    coming: tuple[tuple[Officer, Service], ...]
    left: tuple[tuple[Officer, Service], ...]

    @property
    def current(self) -> tuple[tuple[Officer, Service], ...]:
        """Who is there or comes."""
        return (*self.here, *self.coming)


def roster_on(members: Iterable[Member], unit: str, today: date) -> Roster:
    """The roster of a day of the bureau."""
    here, coming, left = [], [], []
    for member in members:
        own = sorted((s for s in member.services if s.unit == unit), key=since_of)
        now = next((s for s in own if s.covers(today)), None)
        if now is not None:
            here.append((member.officer, now))
        elif own[-1].since > today:
            coming.append((member.officer, own[-1]))
        elif own[-1].until is not None and own[-1].until + LEFT_FOR >= today:
            left.append((member.officer, own[-1]))
    return Roster(tuple(here), tuple(coming), tuple(left))


def since_of(service: Service) -> date:
    """When it began: services stand in that order."""
    return service.since
