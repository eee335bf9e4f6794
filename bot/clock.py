"""What is done by the clock, not by a person. We are only woken again and again; what is due is read from the database."""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import wraps

from bot.config.load import Config
from bot.crew import Crew
from bot.ops.backups import Keeper, Outcome
from bot.scheduler import Rounds, Work
from handlers.evidence import unplaced
from handlers.frame.context import Services
from handlers.reminders import reminders
from handlers.reminders.daily import count_strangers, plan_heads
from storage import drafts, inbox, pushes

log = logging.getLogger(__name__)


async def by_the_clock(services: Services, now: datetime) -> None:
    """Plan whatever has come due by an aware moment."""
    await reminders.plan(services, now)
    await plan_heads(services, now)
    await count_strangers(services, now)


async def look(services: Services) -> None:
    """Plan whatever has come due by now; one look at a time, so that none writes down an older day than the last."""
    async with services.looking:
        await by_the_clock(services, services.clock())


async def next_mark(services: Services, after: datetime) -> datetime:
    """The next moment (UTC) after an aware one at which anything may come due; at least one in every day."""
    async with services.database.reading() as session:
        times = {*await reminders.times(session, services), services.policy.head_at}
        planned = await pushes.next_due(session, after=after)
    zone = services.bureau.calendar.zone
    today = after.astimezone(zone).date()
    days = [today + timedelta(days=n) for n in range(3)]
    marks = [datetime.combine(day, at, tzinfo=zone).astimezone(UTC) for day in days for at in times]
    coming = [mark for mark in marks if mark > after]
    return min([*coming, planned] if planned is not None else coming)


def wind_up(
    rounds: Rounds,
    config: Config,
    services: Services,
    crew: Crew,
    *,
    on_backup_failed: Callable[[Outcome], Awaitable[None]],
) -> None:
    """Set what is to be done by the clock, in the process that leads."""
    keeper = Keeper(config, services.clock, on_backup_failed)

    async def forget() -> None:
        kept, now = config.retention, services.clock()
        async with services.database.keeping() as session:
            cleared = await inbox.clear_payloads(
                session,
                done_before=now - timedelta(days=kept.inbox_days),
                dead_before=now - timedelta(days=kept.dead_days),
            )
            await unplaced.give_up(session, services, before=now - timedelta(days=kept.draft_days))
            asked = await drafts.clear(session, before=now - timedelta(days=kept.draft_days))
        if cleared or asked:
            log.info("the words of %d updates and of %d questions were cleared", cleared, asked)

    async def forget_sent() -> None:
        before = services.clock() - timedelta(days=config.retention.sent_days)
        async with services.database.keeping() as session:
            cleared = await pushes.clear_texts(session, before=before)
        if cleared:
            log.info("the texts of %d sent messages were cleared", cleared)

    async def plan() -> None:
        await look(services)

    rounds.every(timedelta(minutes=1), while_leading(crew, plan), first=5)
    rounds.every(timedelta(hours=1), while_leading(crew, forget), first=60)
    rounds.every(timedelta(hours=1), while_leading(crew, forget_sent), first=90)
    if config.backup.every:
        rounds.every(timedelta(minutes=5), while_leading(crew, keeper.look), first=90)


def while_leading(crew: Crew, work: Work) -> Work:
    """The same, but nothing where another process leads."""

    @wraps(work)
    async def do() -> None:
        if crew.leads:
            await work()

    return do
