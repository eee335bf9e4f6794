"""What is done once a day: the seals of the ledger go to the office and the leaders, strangers are counted (Trace)."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime

from handlers.audit import audit_text
from handlers.frame import wording
from handlers.frame.context import Services
from rules.people import Role
from storage import audit, hash_chain, people, pushes, strangers
from storage.audit import Act
from storage.hash_chain import End

log = logging.getLogger(__name__)


async def plan_heads(services: Services, now: datetime) -> int:
    """Plan today's seals once their time has come; late, they come late, and a day that is over is left out.

    How many messages were planned.
    """
    zone = services.bureau.calendar.zone
    local = now.astimezone(zone)
    if local.time() < services.policy.head_at:
        return 0
    async with services.database.reading() as session:
        readers = await people.holding(session, {Role.OFFICE, Role.LEADER})
        planned = await pushes.known(session, [_key(local, person.id) for person in readers])
    missing = [person for person in readers if _key(local, person.id) not in planned]
    if not missing:
        return 0
    async with services.database.transaction() as session:
        ends = await hash_chain.ends(session)
        text = audit_text.heads(await hash_chain.heads(session), wording.day(local.date()))
        for person in missing:
            await pushes.plan(
                session,
                key=_key(local, person.id),
                chat_id=person.telegram_id,
                text=text,
                due_at=now,
                kind=pushes.Kind.SEALS,
            )
    services.wake()
    await remember(services, ends, now)
    return len(missing)


async def remember(services: Services, ends: Sequence[End], now: datetime) -> None:
    """Remember what went out; a folder that cannot be written is told of by whoever looks there every minute."""
    try:
        await asyncio.to_thread(services.ends.remember, ends, now)
    except OSError as error:
        log.error("the ends of the chains could not be remembered: %s", error.strerror)


async def count_strangers(services: Services, now: datetime) -> None:
    """Put one line a day into the trail about everybody who was turned away on the days before, and forget them."""
    today = services.bureau.calendar.day(now)
    async with services.database.reading() as session:
        if not await strangers.any_before(session, today):
            return
    async with services.database.transaction() as session:
        for turned in await strangers.days_before(session, today):
            what = audit_text.strangers(turned)
            await audit.record(
                session, Act.REFUSED, at=now, person_id=None, detail=what, key=f"strangers:{turned.day}"
            )
            log.info("%s: %d accounts that are not in the list were turned away", turned.day, turned.accounts)
        await strangers.forget_before(session, today)


def _key(local: datetime, person_id: int) -> str:
    return f"head:{local:%Y-%m-%d}:{person_id}"
