"""The reminders of a day: who gets which, planned once a day and person, from the same plan that can be listed ahead."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from charts.values import packed
from handlers.frame.context import Services
from handlers.frame.reply import Rows
from handlers.months import returning
from handlers.quarter import leads, progress_text
from handlers.quarter.progress import looked
from handlers.reminders import reminders_text
from rules.calendar import Quarter
from rules.filings import Owed, owed
from rules.months import Month
from rules.people import Person
from rules.progress import Progress
from rules.reminders import Duty, Facts, Kind, Occasion, Part, Rota, parts
from rules.returns import MonthFacts
from rules.workdays import is_published, is_workday
from storage import filings, people, pushes, quarter_steps, settings
from storage.database import Session

log = logging.getLogger(__name__)

HOUR, MUTED = "remind_at", "muted"
"""What a person may choose: the time of day, and the duties that are muted."""


@dataclass(frozen=True)
class Recipient:
    """A chat that reminders go to: a person's, or the group chat of an assessment group."""

    chat_id: int
    at: time
    """Its time of day, in the bureau's zone."""
    person: Person | None = None
    group: str = ""
    muted: frozenset[Duty] = frozenset()


@dataclass(frozen=True)
class Message:
    """A reminder as it goes out."""

    recipient: Recipient
    text: str
    about: str
    """One line for who looks ahead: no HTML."""
    buttons: Rows = ()
    chart: str | None = None


@dataclass(frozen=True)
class _Look:
    """What is known when the reminders of a day are made."""

    rota: Rota
    leads: Mapping[Quarter, int]
    progress: dict[tuple[str, Quarter], Progress] = field(default_factory=dict)
    months: dict[Month, MonthFacts] = field(default_factory=dict)
    owed: dict[int, tuple[Owed, ...]] = field(default_factory=dict)


async def recipients(session: Session, services: Services) -> list[Recipient]:
    """Everybody who may get a reminder, each at its own time; then the bound group chats."""
    everyone = [person for person in await people.everyone(session) if person.posts]
    ids = [person.id for person in everyone]
    hours = await settings.chosen(session, HOUR, ids)
    muted = await settings.chosen(session, MUTED, ids)
    usual = services.policy.schedule.remind_at
    found = [
        Recipient(
            person.telegram_id,
            time.fromisoformat(hours[person.id]) if person.id in hours else usual,
            person,
            muted=read_muted(muted.get(person.id, "")),
        )
        for person in everyone
    ]
    chats = await settings.bindings(session)
    return [*found, *(Recipient(chat_id, usual, group=group) for chat_id, group in chats.items())]


async def times(session: Session, services: Services) -> set[time]:
    """Every time of day, in the bureau's zone, at which somebody is reminded."""
    chosen = await settings.values(session, HOUR)
    return {services.policy.schedule.remind_at, *map(time.fromisoformat, chosen)}


def read_muted(text: str) -> frozenset[Duty]:
    """The duties of a kept choice."""
    return frozenset(duty for duty in Duty if duty.value in text.split(","))


async def rota(session: Session, services: Services) -> Rota:
    """When reminders are due, as things stand."""
    table = await quarter_steps.timetable(session, services.bureau.calendar, services.begins)
    groups = tuple(group.name for group in services.bureau.groups)
    return Rota(table, groups, services.policy.schedule, is_workday)


async def plan(services: Services, now: datetime) -> int:
    """Plan what has come due for whom since it was looked last; how many messages (Messages).

    Each chat's day is looked at once. A day that was missed is made up for where that is still of use, else its
    messages are kept as dropped; the clock set back plans nothing twice, for a message's key is its day and chat.
    """
    local = now.astimezone(services.bureau.calendar.zone)
    today = local.date()
    async with services.database.reading() as session:
        everyone = await recipients(session, services)
        watched = await pushes.watched(session)
        waiting = await pushes.unsent(session, before=today)
    coming = [r for r in everyone if r.at <= local.time() and watched.get(r.chat_id) != today]
    if not coming:
        return 0
    missed = {r.chat_id: _missed(watched.get(r.chat_id), today, waiting.get(r.chat_id, ())) for r in coming}
    made: list[Message] = []
    lost: list[tuple[Recipient, date, tuple[Occasion, ...]]] = []
    async with services.database.reading() as session:
        look = await _look(session, services, today)
        for recipient in coming:
            due = look.rota.due(today, missed[recipient.chat_id])
            await _gather(session, services, look, due.occasions)
            message = compose(services, look, recipient, due.occasions, today)
            made += [message] if message is not None else []
            for day, occasions in due.stale:
                await _gather(session, services, look, occasions)
                if compose(services, look, recipient, occasions, today) is not None:
                    lost.append((recipient, day, occasions))
    return await _keep(services, coming, made, lost, today=today, now=now)


def _missed(last: date | None, today: date, waiting: Sequence[date]) -> list[date]:
    """The days since the last look, and those whose message is still not out; none where the clock was set back."""
    days = set(waiting)
    if last is not None:
        days |= {last + timedelta(days=n) for n in range(1, (today - last).days)}
    return sorted(days)


async def _look(session: Session, services: Services, today: date) -> _Look:
    table = await rota(session, services)
    years = range(services.begins.year, today.year + 2)
    quarters = [Quarter(year, number) for year in years for number in (1, 2, 3, 4)]
    found = await leads.of_quarters(session, services.policy, quarters)
    return _Look(table, {q: lead.person.id for q, lead in found.items() if lead.person is not None})


async def _gather(session: Session, services: Services, look: _Look, occasions: Iterable[Occasion]) -> None:
    """Look up what these occasions are about, each group's quarter, each month and each year once."""
    for occasion in occasions:
        if occasion.quarter is not None and (occasion.group, occasion.quarter) not in look.progress:
            group = services.bureau.group(occasion.group)
            assert group is not None
            found = await looked(session, services.bureau, group, occasion.quarter)
            look.progress[occasion.group, occasion.quarter] = found
        if occasion.month is not None and occasion.month not in look.months:
            look.months[occasion.month] = await returning.facts(session, services, occasion.month)
        if occasion.year is not None and occasion.year not in look.owed:
            filed = await filings.of_year(session, occasion.year)
            look.owed[occasion.year] = owed(services.policy.filings, services.bureau, filed)


def compose(
    services: Services, look: _Look, recipient: Recipient, occasions: Sequence[Occasion], today: date
) -> Message | None:
    """The one message of a recipient for these occasions; None for who has nothing to do."""
    if recipient.person is None:
        return _for_chat(services, look, recipient, occasions, today)
    facts = Facts(today, services.bureau, look.rota, look.progress, look.leads, look.months, look.owed)
    found = parts(recipient.person, occasions, facts, recipient.muted)
    if not found:
        return None
    summary = [part for part in found if part.duty is Duty.SUMMARY]
    chart = _board(services, look, [(part.group, part.quarter) for part in summary]) if summary else None
    note = _note(look, found)
    text = reminders_text.reminder(found, note)
    return Message(recipient, text, reminders_text.about(found), reminders_text.buttons(found), chart)


def _note(look: _Look, found: Sequence[Part]) -> str:
    """To the office: which years' rest days are not published yet, where that decides the days."""
    if not any(part.duty is Duty.OVERVIEW for part in found):
        return ""
    years = {part.until.year for part in found if part.until is not None and not is_published(part.until.year)}
    return reminders_text.unpublished(sorted(years)) if years else ""


def _for_chat(
    services: Services, look: _Look, recipient: Recipient, occasions: Sequence[Occasion], today: date
) -> Message | None:
    """A group chat gets one picture, before the deadline."""
    places = [(o.group, o.quarter) for o in occasions if o.kind is Kind.BEFORE and o.group == recipient.group]
    if not places:
        return None
    group, quarter = places[0]
    assert quarter is not None
    until = look.rota.timetable.of(group).last_day(quarter)
    text = reminders_text.for_chat(look.progress[group, quarter], (until - today).days, until)
    return Message(
        recipient, text, reminders_text.about_chat(group, quarter), chart=_board(services, look, places)
    )


def _board(services: Services, look: _Look, places: Sequence[tuple[str, Quarter | None]]) -> str:
    found = [look.progress[group, quarter] for group, quarter in places if quarter is not None]
    return packed(progress_text.board(found, services.bureau))


async def _keep(
    services: Services,
    looked_at: Sequence[Recipient],
    made: Sequence[Message],
    lost: Sequence[tuple[Recipient, date, tuple[Occasion, ...]]],
    *,
    today: date,
    now: datetime,
) -> int:
    """Keep what was planned, what was in vain, and that the day was looked at, in one transaction."""
    planned = 0
    async with services.database.transaction() as session:
        chats = [recipient.chat_id for recipient in looked_at]
        dropped = await pushes.drop_stale(session, chats, before=today)
        for recipient, day, _ in lost:
            await pushes.note_stale(session, key=f"stale:{day}:{recipient.chat_id}", chat_id=recipient.chat_id,
                                    day=day, text=reminders_text.stale(day), now=now)  # fmt: skip
        for message in made:
            rows = tuple(tuple((b.label, b.data) for b in row) for row in message.buttons)
            planned += await pushes.plan(
                session,
                key=f"day:{today}:{message.recipient.chat_id}",
                chat_id=message.recipient.chat_id,
                text=message.text,
                due_at=now,
                buttons=rows,
                kind=pushes.Kind.REMINDER,
                day=today,
                chart=message.chart,
            )
        await pushes.watch(session, chats, today)
    if lost or dropped:
        log.warning("%d reminders of days that are over were dropped as stale", len(lost) + dropped)
    if planned:
        services.wake()
    return planned


@dataclass(frozen=True)
class Planned:
    """A reminder that will come, as far as things stay as they are."""

    day: date
    message: Message


async def ahead(services: Services, now: datetime, days: int) -> list[Planned]:
    """The reminders of the coming days, by the same plan, as if nothing were done meanwhile; those of today that are
    planned or sent already are left out. `now` is aware.
    """
    today = services.bureau.calendar.day(now)
    found = []
    async with services.database.reading() as session:
        everyone = sorted(await recipients(session, services), key=lambda recipient: recipient.at)
        watched = await pushes.watched(session)
        look = await _look(session, services, today)
        for day in (today + timedelta(days=n) for n in range(days)):
            due = look.rota.due(day)
            await _gather(session, services, look, due.occasions)
            for recipient in everyone:
                if watched.get(recipient.chat_id) == day:
                    continue
                message = compose(services, look, recipient, due.occasions, day)
                if message is not None:
                    found.append(Planned(day, message))
    return found
