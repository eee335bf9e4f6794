"""What was done to the database from outside while nobody served it: it stands in the trail, and office and leaders hear of it."""

import asyncio
import logging
from datetime import datetime

from handlers.audit import seals_text
from handlers.frame.context import Services
from rules.people import Role
from storage import audit, people, pushes
from storage.audit import Act
from storage.chain_ends import Restoration
from storage.database import Session

log = logging.getLogger(__name__)


async def tell_of_restorations(services: Services, *, now: datetime) -> None:
    """Record and tell once of each backup that was put back, with both ends of the chains. `now` is aware."""
    try:
        memory = await asyncio.to_thread(services.ends.read)
    except OSError as error:
        # The watch raises an alarm over it.
        log.error("what is remembered of the chains could not be read: %s", error.strerror)
        return
    for restored in memory.restored:
        async with services.database.transaction() as session:
            await _tell(session, services, restored, now)


async def _tell(session: Session, services: Services, restored: Restoration, now: datetime) -> None:
    zone, key = services.bureau.calendar.zone, f"restored:{restored.at.isoformat()}"
    await audit.record(
        session,
        Act.RESTORED,
        at=now,
        person_id=None,
        detail=seals_text.restored_in_short(restored, zone),
        key=key,
    )
    await tell_office_and_leaders(session, seals_text.restored(restored, zone), key=key, now=now)


async def tell_office_and_leaders(session: Session, text: str, *, key: str, now: datetime) -> None:
    """Plan a message to everybody who gets the daily seals, once for the key."""
    for person in await people.holding(session, {Role.OFFICE, Role.LEADER}):
        await pushes.plan(
            session,
            key=f"{key}:{person.id}",
            chat_id=person.telegram_id,
            text=text,
            due_at=now,
            kind=pushes.Kind.SEALS,
        )
