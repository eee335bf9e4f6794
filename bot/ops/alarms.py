"""What the administrators are told when something is wrong: planned like every push, once a day and cause."""

import logging
from collections.abc import Sequence
from enum import Enum

from bot.ops import alarm_text
from bot.ops.backup_text import FAULTS
from bot.ops.backups import Outcome
from bot.redaction import strike_out
from handlers.frame import wording
from handlers.frame.context import Services
from handlers.frame.fault_text import alike, place_of
from rules.calendar import Quarter
from rules.people import Role
from storage import people, pushes
from storage.database import DatabaseFault, Session, plainly
from storage.file_store import VaultFault
from storage.inbox import Kept
from storage.pushes import Push
from storage.recount import OF_CHAINS, Fault, FaultKind
from storage.stored import UNREADABLE

log = logging.getLogger(__name__)

READERS_OWN = (
    "forbidden",
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "user is deactivated",
    "group chat was deactivated",
    "the group chat was deleted",
)
"""How it begins where the reader is gone or keeps the bot out: no fault, and the office sees it in /pushes."""


class Cause(Enum):
    """What an alarm is about; the value stands in its key."""

    DEAD_UPDATE = "update"
    PUSH_REFUSED = "push"
    CHART_WORKER = "charts"
    BACKUP = "backup"
    BACKUP_NOT_WHOLE = "backup not whole"
    CHAIN = "chain"
    REGISTER = "register"
    RESULTS = "results"
    SUMS = "sums"
    ENDS = "ends"
    ENDS_LOST = "ends lost"
    CLOCK = "clock"
    UNWATCHED = "listen"
    VAULT = "vault"


REGISTERED = {FaultKind.CHANGED, FaultKind.REMOVED, FaultKind.UNREGISTERED, FaultKind.UNREADABLE}


def _by_chain(faults: Sequence[Fault]) -> dict[str, list[Fault]]:
    """What does not hold of each chain, by its table and name."""
    found: dict[str, list[Fault]] = {}
    for fault in faults:
        if fault.kind in OF_CHAINS:
            found.setdefault(":".join(place_of(fault)), []).append(fault)
    return found


class Alarms:
    """Tells the administrators. What it says holds no score, no name and nothing that a person wrote."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def update_given_up(self, session: Session, update: Kept, fault: str) -> None:
        """An update is dead, in the same transaction: its person is told, and the administrators; `fault` is the kind."""
        now = self._services.clock()
        if update.chat_id > 0:
            await pushes.plan(
                session,
                key=f"given-up:{update.id}",
                chat_id=update.chat_id,
                text=wording.given_up(),
                due_at=now,
            )
        await self._plan(session, Cause.DEAD_UPDATE, alarm_text.dead_update(update.id, fault), detail=fault)
        self._services.wake()

    async def push_dropped(self, session: Session, several: Sequence[Push], error: str) -> None:
        """Messages were given up, in the same transaction: no alarm where it lies with the reader."""
        if error.lower().startswith(READERS_OWN):
            return
        cause = alarm_text.refusal(error)
        await self._plan(
            session, Cause.PUSH_REFUSED, alarm_text.push_refused(several[0].id, cause), detail=cause
        )

    async def chart_worker_gone(self) -> None:
        """No worker can be had that draws."""
        await self._raise(Cause.CHART_WORKER, alarm_text.chart_worker())

    async def backup_failed(self, outcome: Outcome) -> None:
        """No backup was made, for a reason that is told as it stands, without tokens; or one that is not whole."""
        if outcome.why_not:
            await self._raise(Cause.BACKUP, alarm_text.backup_failed(strike_out(outcome.why_not)[:300]))
            return
        text = alarm_text.backup_incomplete(
            [f"{FAULTS[kind]}（{count} 处）" for kind, count in outcome.faults.items()], outcome.lacking
        )
        await self._raise(Cause.BACKUP_NOT_WHOLE, text)

    async def unsound(self, faults: Sequence[Fault]) -> None:
        """Something was changed below the program: told to the office, too, whose ledger it is."""
        zone, office = self._services.bureau.calendar.zone, await self._office()
        told = [
            (Cause.CHAIN, place, alarm_text.chain_off(found, zone))
            for place, found in _by_chain(faults).items()
        ]
        registered = [fault for fault in faults if fault.kind in REGISTERED]
        if registered:
            told.append((Cause.REGISTER, "", alarm_text.rows_off(registered, zone)))
        confirmed = [fault for fault in faults if fault.kind in (FaultKind.CONFIRMED, FaultKind.RESULTS)]
        if confirmed:
            told.append((Cause.RESULTS, "", alarm_text.results_off(confirmed, zone)))
        for together in alike([fault for fault in faults if fault.kind is FaultKind.TALLY]):
            quarter = Quarter.parse(together[0].where.split()[0])
            told.append((Cause.SUMS, str(quarter), alarm_text.sums_off(quarter, len(together))))
        for cause, detail, text in told:
            await self._raise(cause, text, detail=detail, also=office)

    async def ends_unkept(self, reason: str) -> None:
        """The folder outside the database, where the chains' ends are remembered, could not be read or written."""
        await self._raise(Cause.ENDS, alarm_text.ends_unkept(strike_out(reason)[:200]))

    async def ends_lost(self) -> None:
        """Ends were remembered outside the database, and none is there any more."""
        await self._raise(Cause.ENDS_LOST, alarm_text.ends_lost(), also=await self._office())

    async def _office(self) -> list[int]:
        """Who holds the office's posts; nobody where these cannot be read: the administrators stand in the config."""
        try:
            async with self._services.database.reading() as session:
                return [person.telegram_id for person in await people.holding(session, {Role.OFFICE})]
        except (*UNREADABLE, DatabaseFault) as error:
            log.error("the office's posts could not be read: %s", type(error).__name__)
            return []

    async def clock_skewed(self, ahead: float) -> None:
        """Our clock is so many seconds ahead of Telegram's, or behind."""
        await self._raise(Cause.CLOCK, alarm_text.clock_skew(round(ahead)))

    async def unwatched(self, address: str) -> None:
        """The monitoring address could not be opened."""
        await self._raise(Cause.UNWATCHED, alarm_text.unwatched(address))

    async def vault_failed(self, fault: VaultFault) -> None:
        """Evidence could not be kept, or cannot be had."""
        log.error("the vault: %s %s", fault, fault.__cause__ or fault.digest)
        await self._raise(Cause.VAULT, alarm_text.vault(fault), detail=fault.trouble.value)

    async def _raise(self, cause: Cause, text: str, *, detail: str = "", also: Sequence[int] = ()) -> None:
        try:
            async with self._services.database.transaction() as session:
                await self._plan(session, cause, text, detail=detail, also=also)
        except DatabaseFault as error:
            # Its key is free still: what goes on being wrong raises it again.
            log.error("the alarm %s could not be planned: %s", cause.value, plainly(error))
            return
        self._services.wake()

    async def _plan(
        self, session: Session, cause: Cause, text: str, *, detail: str = "", also: Sequence[int] = ()
    ) -> None:
        now = self._services.clock()
        day = self._services.bureau.calendar.day(now)
        log.error("alarm: %s %s", cause.value, detail)
        for chat_id in dict.fromkeys((*self._services.admins, *also)):
            await pushes.plan(
                session,
                key=f"alarm:{day}:{cause.value}:{detail}:{chat_id}",
                chat_id=chat_id,
                text=text,
                due_at=now,
                kind=pushes.Kind.ALARM,
            )
