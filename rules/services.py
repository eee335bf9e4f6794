"""Who serves in which unit from when until when (R9): comings, goings, moves, and nobody in two places on one day."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from rules.months import Month
from rules.officers import Officer, OfficerDeduction, Service, unit_in
from rules.people import Person, Role
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
class Change:
    """Another service, or none, in the place of a former one, or of none; one of both is there."""

    old: Service | None
    new: Service | None

    @property
    def stands(self) -> Service:
        """The service whose unit and days the change is told by: the new one, or else the one that was none."""
        service = self.new or self.old
        assert service is not None
        return service


def changes(before: Sequence[Service], after: Sequence[Service]) -> list[Change]:
    """What makes other services of these: a service in the same unit takes the former one's place, in their order."""
    former = [service for service in before if service not in after]
    found: list[Change] = []
    for service in after:
        if service in before:
            continue
        old = next((one for one in former if one.unit == service.unit), None)
        if old is not None:
            former.remove(old)
        found.append(Change(old, service))
    return [*found, *(Change(old, None) for old in former)]


def spelled(change: Change) -> str:
    """A change of dates as the trail tells it."""
    return f"{_span(change.old) if change.old else '无'} → {_span(change.new) if change.new else '撤销'}"


def _span(service: Service) -> str:
    return f"{service.since} 至 {service.until}" if service.until else f"{service.since} 起"


@dataclass(frozen=True, slots=True)
class Version:
    """A service as it was written; it takes the place of `supersedes`. `removed`: that one was none."""

    id: int
    service: Service
    supersedes: int | None
    removed: bool
    who: str
    at: datetime | None
    """UTC; None: before that was kept."""


@dataclass(frozen=True, slots=True)
class Consent:
    """Who has to agree to other dates of service, and for which months; nobody where `months` is empty (R9)."""

    months: tuple[Month, ...] = ()
    unit: str | None = None
    """The unit that may agree; None: the office alone."""


def consent(
    before: Sequence[Service],
    after: Sequence[Service],
    unit: str,
    months: Iterable[Month],
    today: date,
    *,
    assessed: Collection[tuple[str, Month]],
    returned: Collection[tuple[str, Month]],
) -> Consent:
    """Whose consent a unit needs to change these services, by the months that pass from one unit to another by it.

    Another unit agrees to what changes a month of its own that is over, or in which it assessed the officer already.
    The office alone agrees where a returned month loses the officer, where another unit's returned month gains it, and
    where several units would be asked. `assessed` and `returned` hold units with months.
    """
    running = Month.of(today)
    bound: list[Month] = []
    asked: set[str] = set()
    office = False
    for month in months:
        old, new = unit_in(before, month), unit_in(after, month)
        if old == new:
            continue
        others = {code for code in (old, new) if code is not None and code != unit}
        fixed = (old, month) in returned or any((code, month) in returned for code in others)
        settled = month < running or any((code, month) in assessed for code in others)
        if fixed or (others and settled):
            bound.append(month)
            asked |= others
            office |= fixed
    return Consent(tuple(bound), next(iter(asked)) if len(asked) == 1 and not office else None)


def may_agree(person: Person, officer: int, unit: str, asked: str | None) -> bool:
    """Whether somebody may agree to the dates that a unit wants for an officer: the unit that is asked, or the office.

    Never who comes from the unit that wants them, nor the officer.
    """
    if unit in person.own_units or officer in person.officers:
        return False
    return asked in person.units or person.has({Role.OFFICE})


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
