"""What goes out once a day: the seals of the ledger to the office and the leaders (Trace)."""

from datetime import datetime

from handlers.context import Services
from handlers.words import audit as words
from handlers.words import common
from rules.people import Role
from storage import chain, people, pushes


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
        text = words.heads(await chain.heads(session), common.day(local.date()))
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
    return len(missing)


def _key(local: datetime, person_id: int) -> str:
    return f"head:{local:%Y-%m-%d}:{person_id}"
