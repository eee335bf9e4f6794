"""What is done by the clock, not by a person. The scheduler only wakes us; what is due is read from the database."""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram.ext import Application

from bot.backups import Keeper
from bot.config import Config
from bot.crew import Crew
from handlers import reminders
from handlers.context import Services
from handlers.daily import plan_heads
from storage import inbox, pushes

log = logging.getLogger(__name__)

JOB = {"misfire_grace_time": None, "coalesce": True}
"""By default a job that starts over a second late is dropped; ours are late rather than never, and once."""


async def by_the_clock(services: Services, now: datetime) -> None:
    """Plan whatever has come due by an aware moment."""
    await reminders.plan(services, now)
    await plan_heads(services, now)


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
    application: "Application[Any, Any, Any, Any, Any, Any]",
    config: Config,
    services: Services,
    crew: Crew,
    *,
    on_backup_failed: Callable[[str], Awaitable[None]],
) -> None:
    """Set what is to be done by the clock, in the process that leads."""
    keeper = Keeper(config, services.clock, on_backup_failed)

    async def forget() -> None:
        before = services.clock() - timedelta(days=config.retention.inbox_days)
        async with services.database.keeping() as session:
            cleared = await inbox.clear_payloads(session, done_before=before)
        if cleared:
            log.info("%d handled updates were cleared", cleared)

    async def forget_sent() -> None:
        before = services.clock() - timedelta(days=config.retention.sent_days)
        async with services.database.keeping() as session:
            cleared = await pushes.clear_texts(session, before=before)
        if cleared:
            log.info("the texts of %d sent messages were cleared", cleared)

    async def plan() -> None:
        await look(services)

    async def back_up() -> None:
        await keeper.look()

    _repeat(application, crew, plan, every=timedelta(minutes=1), first=5)
    _repeat(application, crew, forget, every=timedelta(hours=1), first=60)
    _repeat(application, crew, forget_sent, every=timedelta(hours=1), first=90)
    if config.backup.every:
        _repeat(application, crew, back_up, every=timedelta(minutes=5), first=90)


def _repeat(
    application: "Application[Any, Any, Any, Any, Any, Any]",
    crew: Crew,
    work: Callable[[], Awaitable[None]],
    *,
    every: timedelta,
    first: float,
) -> None:
    """Do this again and again while the process leads, the first time so many seconds after the start."""
    assert application.job_queue is not None

    async def do(_: object) -> None:
        if crew.leads:
            await work()

    name = getattr(work, "__name__", "")
    application.job_queue.run_repeating(do, interval=every, first=first, name=name, job_kwargs=dict(JOB))
