"""Reminders: on which day which of them is due, for whom, and what is in it (R6, R7, R9, R10, Messages).

Everything here is decided from values that are handed in; nothing looks at a clock or a database.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import Enum

from rules.access import files_for
from rules.bureau import Bureau, Unit
from rules.calendar import Quarter
from rules.filings import Owed, due_date
from rules.months import Month, due_day
from rules.people import Person, Role
from rules.progress import Progress
from rules.refusals import Lack
from rules.returns import MonthFacts, first_month
from rules.timetable import Timetable

IsWorkday = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Schedule:
    """What the config says of reminders. Times are in the bureau's zone."""

    remind_days: tuple[int, ...] = (14, 7, 3, 1, 0)
    """Days before a deadline."""
    escalate_days: tuple[int, ...] = (1, 5)
    """Days after a deadline on which the leaders hear who is late."""
    monthly_day: int = 5
    """The day of the month by which the officers' results of the month before are due (R9)."""
    remind_at: time = time(9)
    filings_due: tuple[int, int] = (1, 31)
    """(month, day) by which a civil year's documents are to be filed (R10)."""


class Kind(Enum):
    """Why a reminder is due."""

    BEFORE = "before"
    """So many days before a group's deadline."""
    LATE = "late"
    """A workday after it."""
    ESCALATED = "escalated"
    """One of the days after it on which the leaders hear of it."""
    MONTHLY = "monthly"
    """Before the officers' results of last month are due."""
    MONTHLY_OVER = "monthly_over"
    """The first workday after they were due."""
    FILING = "filing"
    """Before a year's documents are due."""
    UNFILED = "unfiled"
    """The first workday after it."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """A reason for reminders on a day: about a group's quarter, about a month, or about a year."""

    kind: Kind
    group: str = ""
    quarter: Quarter | None = None
    month: Month | None = None
    """The month whose results are due."""
    year: int | None = None
    """The civil year whose documents are due."""


def marked_days(
    days: Iterable[date], is_workday: IsWorkday, *, after: date, through: date | None = None
) -> frozenset[date]:
    """The days, and for each rest day among them the last workday before, too; only those later than `after`."""
    found: set[date] = set()
    for day in days:
        workday = day
        while not is_workday(workday):
            workday -= timedelta(days=1)
        found |= {day, workday}
    return frozenset(day for day in found if day > after and (through is None or day <= through))


@dataclass(frozen=True, slots=True)
class Due:
    """What is due for one recipient today, with what was missed and is still useful; and the days that were in vain."""

    occasions: tuple[Occasion, ...]
    stale: tuple[tuple[date, tuple[Occasion, ...]], ...] = ()


@dataclass(frozen=True)
class Rota:
    """When reminders are due: from every group's calendar and stages, the config's schedule, and the rest days."""

    timetable: Timetable
    groups: tuple[str, ...]
    schedule: Schedule
    is_workday: IsWorkday

    def due(self, today: date, missed: Sequence[date] = ()) -> Due:
        """Today's occasions, then those of missed days that are still useful, each once."""
        found = list(self.occasions(today))
        stale = []
        for day in missed:
            then = self.occasions(day)
            useful = [occasion for occasion in then if self.still_useful(occasion, today)]
            found += [occasion for occasion in useful if occasion not in found]
            lost = tuple(occasion for occasion in then if occasion not in useful)
            if lost:
                stale.append((day, lost))
        return Due(tuple(found), tuple(stale))

    def occasions(self, day: date) -> tuple[Occasion, ...]:
        """Why reminders are due on a day of the bureau, as far as the quarters are still open."""
        noon = datetime.combine(day, time(12), tzinfo=self.timetable.calendar.zone)
        found: list[Occasion] = []
        for group in self.groups:
            for quarter in self.timetable.open_late(group, noon):
                found += self._after(day, group, quarter)
            found += self._before(day, group, self.timetable.of(group).quarter_of(noon))
        found += [o for o in self._monthly(day) if o.month is not None and o.month >= self._first_month]
        # Documents that are due early in January are reminded of in December, and the other way round.
        for year in (day.year - 1, day.year, day.year + 1):
            found += self._filings(day, year)
        return tuple(found)

    @property
    def _first_month(self) -> Month:
        return first_month(self.timetable.calendar, self.timetable.begins)

    def _monthly(self, day: date) -> list[Occasion]:
        month = Month.of(day).previous
        return [
            *([Occasion(Kind.MONTHLY, month=month)] if day in self._monthly_days(month) else []),
            *(Occasion(Kind.MONTHLY_OVER, month=over) for over in self._just_over(day)),
        ]

    def _filings(self, day: date, year: int) -> list[Occasion]:
        due = self.filings_due(year)
        days = [due - timedelta(days=before) for before in self.schedule.remind_days]
        if day in marked_days(days, self.is_workday, after=self.filings_due(year - 1), through=due):
            return [Occasion(Kind.FILING, year=year)]
        after = due + timedelta(days=1)
        while not self.is_workday(after):
            after += timedelta(days=1)
        return [Occasion(Kind.UNFILED, year=year)] if day == after else []

    def filings_due(self, year: int) -> date:
        """The day by which the documents of a civil year are due (R10)."""
        return due_date(year, self.schedule.filings_due)

    def _before(self, day: date, group: str, quarter: Quarter) -> list[Occasion]:
        if self.timetable.course(group, quarter).submitted is not None:
            return []
        calendar = self.timetable.of(group)
        last = calendar.last_day(quarter)
        days = [last - timedelta(days=before) for before in self.schedule.remind_days]
        after = calendar.last_day(quarter.previous)
        due = day in marked_days(days, self.is_workday, after=after, through=last)
        return [Occasion(Kind.BEFORE, group, quarter)] if due else []

    def _after(self, day: date, group: str, quarter: Quarter) -> list[Occasion]:
        last = self.timetable.of(group).last_day(quarter)
        found = [Occasion(Kind.LATE, group, quarter)] if self.is_workday(day) else []
        days = [last + timedelta(days=after) for after in self.schedule.escalate_days]
        if day in marked_days(days, self.is_workday, after=last):
            found.append(Occasion(Kind.ESCALATED, group, quarter))
        return found

    def monthly_due(self, month: Month) -> date:
        """The day by which a month's results are due (R9)."""
        return due_day(month, self.schedule.monthly_day)

    def _monthly_days(self, month: Month) -> frozenset[date]:
        """The days on which units are reminded of a month's results: never in the month whose results they are."""
        due = self.monthly_due(month)
        days = [due - timedelta(days=before) for before in self.schedule.remind_days]
        return marked_days(
            (day for day in days if day > month.last), self.is_workday, after=month.last, through=due
        )

    def _just_over(self, day: date) -> list[Month]:
        """The months whose results were due since the last workday, where this day is a workday."""
        if not self.is_workday(day):
            return []
        since = day - timedelta(days=1)
        while not self.is_workday(since):
            since -= timedelta(days=1)
        days = [since + timedelta(days=n) for n in range((day - since).days)]
        return [Month.of(due).previous for due in days if due.day == self.schedule.monthly_day]

    def still_useful(self, occasion: Occasion, today: date) -> bool:
        """Whether a reminder that was missed on an earlier day is worth sending today.

        Before a deadline it is, until the deadline; an escalation is, for the group is still late, and so is what
        tells once which months or documents are missing; a workday's reminder of something late is not, for the next
        workday brings its own.
        """
        if occasion.kind is Kind.BEFORE:
            assert occasion.quarter is not None
            return today <= self.timetable.of(occasion.group).last_day(occasion.quarter)
        if occasion.kind is Kind.MONTHLY:
            assert occasion.month is not None
            return today <= self.monthly_due(occasion.month)
        if occasion.kind is Kind.FILING:
            assert occasion.year is not None
            return today <= self.filings_due(occasion.year)
        return occasion.kind in {Kind.ESCALATED, Kind.MONTHLY_OVER, Kind.UNFILED}


class Duty(Enum):
    """What a reminder asks of its reader; the value is kept where it is muted."""

    UNITS = "units"
    """An assessor: the units still to inspect, and the own entries without a reason."""
    SUBMISSION = "submission"
    """A head or deputy: what blocks the submission."""
    OVERVIEW = "overview"
    """The office: which groups are not in."""
    SUMMARY = "summary"
    """A leader: how far the groups are, with the board."""
    MONTHLY = "monthly"
    """A liaison: the officers' results of last month."""
    SIGNATURE = "signature"
    """A unit's head: the results of last month that wait for the signature."""
    RETURNS = "returns"
    """The office: how many units did not return last month's results."""
    FILING = "filing"
    """A liaison, for its units, and the office, for its own: the documents of the year that are still to file."""
    UNFILED = "unfiled"
    """The office: who has not filed by the due day."""


MUTABLE = frozenset({Duty.UNITS, Duty.SUMMARY, Duty.MONTHLY, Duty.FILING})
"""What a person may mute; the last days before a deadline, and the lead's own quarter, come all the same."""

NOT_MUTED_FROM = 3
"""From so many days before the deadline on an assessor's reminder cannot be muted, nor one of documents to file."""


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph of a person's reminder. `left`: days to the deadline, negative after it."""

    duty: Duty
    group: str = ""
    quarter: Quarter | None = None
    left: int = 0
    units: tuple[Unit, ...] = ()
    """The units still to inspect, as far as they are this person's to inspect."""
    unexplained: int = 0
    """Entries without a reason: one's own for an assessor, all for a head."""
    done: int = 0
    total: int = 0
    leads: bool = False
    """The reader leads this quarter."""
    unit: Unit | None = None
    month: Month | None = None
    lack: Lack | None = None
    """What the unit has to do before it can return the month at all."""
    number: int = 0
    """The id of the return that waits for the signature."""
    until: date | None = None
    """The deadline's day."""
    year: int | None = None
    owed: tuple[Owed, ...] = ()
    """The documents of the year that are not filed, or were returned."""


@dataclass(frozen=True)
class Facts:
    """What reminders are made of on a day."""

    today: date
    bureau: Bureau
    rota: Rota
    progress: Mapping[tuple[str, Quarter], Progress]
    leads: Mapping[Quarter, int]
    """The person id of each quarter's lead, where it is known to the bot."""
    months: Mapping[Month, MonthFacts] = field(default_factory=dict)
    owed: Mapping[int, tuple[Owed, ...]] = field(default_factory=dict)
    """Every document of a civil year."""


def parts(
    person: Person, found: Iterable[Occasion], facts: Facts, muted: Collection[Duty] = ()
) -> tuple[Part, ...]:
    """What these occasions mean for a person; empty for one who has nothing to do, and is left alone."""
    made: list[Part] = []
    for occasion in found:
        if occasion.month is not None:
            made += _of_month(person, occasion.kind, occasion.month, facts)
        elif occasion.year is not None:
            made += _filings(person, occasion, facts)
        else:
            made += _of_quarter(person, occasion, facts)
    kept = [part for part in made if part.duty not in muted or not _may_be_muted(part)]
    return tuple(dict.fromkeys(kept))


def _may_be_muted(part: Part) -> bool:
    if part.duty in {Duty.UNITS, Duty.FILING}:
        return part.left > NOT_MUTED_FROM
    return part.duty in MUTABLE and not part.leads


def _of_quarter(person: Person, occasion: Occasion, facts: Facts) -> list[Part]:
    assert occasion.quarter is not None
    progress = facts.progress[occasion.group, occasion.quarter]
    until = facts.rota.timetable.of(occasion.group).last_day(occasion.quarter)
    part = Part(
        Duty.OVERVIEW,
        occasion.group,
        occasion.quarter,
        left=(until - facts.today).days,
        units=tuple(unit.unit for unit in progress.left),
        unexplained=len(progress.unexplained),
        done=len(progress.units) - len(progress.left),
        total=len(progress.units),
        until=until,
    )
    return [
        *_of_member(person, occasion, part, progress),
        *([part] if occasion.kind is not Kind.ESCALATED and person.has({Role.OFFICE}) else []),
        *_of_leader(person, occasion, part, facts),
    ]


def _of_member(person: Person, occasion: Occasion, part: Part, progress: Progress) -> list[Part]:
    roles = {post.role for post in person.posts if post.group == occasion.group}
    if roles & {Role.HEAD, Role.DEPUTY} and occasion.kind is not Kind.ESCALATED:
        return [_as(part, Duty.SUBMISSION)]
    if Role.ASSESSOR not in roles or occasion.kind is not Kind.BEFORE:
        return []
    units = tuple(unit for unit in part.units if unit.code not in person.own_units)
    own = sum(
        entry.author_id == person.id and entry.unit not in person.own_units for entry in progress.unexplained
    )
    return [_as(part, Duty.UNITS, units=units, unexplained=own)] if units or own else []


def _of_leader(person: Person, occasion: Occasion, part: Part, facts: Facts) -> list[Part]:
    if occasion.kind is Kind.LATE or not person.has({Role.LEADER}):
        return []
    assert occasion.quarter is not None
    return [_as(part, Duty.SUMMARY, leads=facts.leads.get(occasion.quarter) == person.id)]


def _as(part: Part, duty: Duty, **known: object) -> Part:
    return replace(part, duty=duty, **known)  # type: ignore[arg-type]


def _of_month(person: Person, kind: Kind, month: Month, facts: Facts) -> list[Part]:
    until = facts.rota.monthly_due(month)
    known = facts.months[month]
    part = Part(Duty.MONTHLY, month=month, left=(until - facts.today).days, until=until)
    if kind is Kind.MONTHLY_OVER:
        return _missing(part, known, facts.bureau) if person.has({Role.OFFICE}) else []
    units = {unit.code: unit for unit in facts.bureau.units}
    found = []
    for post in person.posts:
        unit = units.get(post.unit or "")
        if unit is None:
            continue
        returns = known.of(unit.code)
        if post.role is Role.LIAISON and not returns.sent:
            found.append(_as(part, Duty.MONTHLY, unit=unit, lack=known.lack(unit.code)))
        elif post.role is Role.UNIT_HEAD and returns.waiting is not None:
            found.append(_as(part, Duty.SIGNATURE, unit=unit, number=returns.waiting.id))
    return found


def _missing(part: Part, known: MonthFacts, bureau: Bureau) -> list[Part]:
    """To the office: how many units' results are not in, and how many of these wait for a signature."""
    missing = [unit for unit in bureau.units if known.of(unit.code).came is None]
    unsigned = sum(known.of(unit.code).waiting is not None for unit in missing)
    if not missing:
        return []
    return [_as(part, Duty.RETURNS, total=len(missing), done=unsigned)]


def _filings(person: Person, occasion: Occasion, facts: Facts) -> list[Part]:
    """What is left to file: for each its own; after the due day, for the office, everybody's."""
    assert occasion.year is not None
    every = facts.owed[occasion.year]
    open_ones = [one for one in every if not one.settled]
    duty = Duty.FILING if occasion.kind is Kind.FILING else Duty.UNFILED
    if duty is Duty.FILING:
        open_ones = [one for one in open_ones if files_for(person, one.place[1])]
    elif not person.has({Role.OFFICE}):
        return []
    until = facts.rota.filings_due(occasion.year)
    left = (until - facts.today).days
    part = Part(duty, left=left, total=len(every), until=until, year=occasion.year, owed=tuple(open_ones))
    return [part] if open_ones else []
