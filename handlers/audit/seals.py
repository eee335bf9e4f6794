"""An old message of seals, pasted or forwarded: whether all that came before it still stands (Trace)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, tzinfo

from handlers.audit import seals_text
from handlers.frame.context import Context
from handlers.frame.fault_text import chain_of
from handlers.frame.reply import Say
from rules.access import Deed, may
from rules.refusals import NoSeal, NotAllowed
from rules.seals import Pasted, read_seals
from storage import audit, hash_chain
from storage.audit import Act
from storage.chain_ends import Memory, Remembered
from storage.database import DatabaseFault
from storage.hash_chain import End
from storage.recount import Reading, Recount, at_once, recount
from storage.stored import UNREADABLE

ROWS, PAUSE = 100, 0.005
"""How many rows are recounted at once, and how many seconds others have after it."""


@dataclass(frozen=True)
class Compared:
    """What came of comparing: each seal that was handed in, whether it stands, and all else that was recounted."""

    seals: tuple[tuple[Remembered, bool], ...]
    recount: Recount


async def compare(context: Context, text: str) -> None:
    """Compare what was handed in with the database as it is, and say what stands. NotAllowed, NoSeal."""
    if not may(context.person, Deed.SEALS):
        raise NotAllowed(Deed.SEALS)
    pasted = read_seals(text)
    if not pasted:
        raise NoSeal
    services = context.services
    memory = await asyncio.to_thread(services.ends.read)
    zone = services.bureau.calendar.zone
    compared = await look_up(
        context.database.reading,
        memory,
        pasted,
        at=services.policy.head_at,
        zone=zone,
        rows=ROWS,
        pause=lambda: asyncio.sleep(PAUSE),
    )
    async with context.database.transaction() as session:
        await audit.record(
            session,
            Act.SEALS_COMPARED,
            at=context.now,
            person_id=context.person.id,
            detail=seals_text.trace(compared.seals, compared.recount),
            key=f"seals:{context.deed()}",
        )
    await context.reply(Say(seals_text.compared(compared.seals, compared.recount, zone)))


async def look_up(
    reading: Reading,
    memory: Memory,
    pasted: Sequence[Pasted],
    *,
    at: time,
    zone: tzinfo,
    rows: int = 1000,
    pause: Callable[[], Awaitable[None]] = at_once,
) -> Compared:
    """Compare seals that somebody kept, and all that can be compared beside them.

    A message without an hour of its own is taken to be of the time `at` of its day, in the zone.
    """
    try:
        async with reading() as session:
            names = await hash_chain.names(session)
    except (*UNREADABLE, DatabaseFault):
        # Of an older migration, or tampered with: then those that are remembered are known, and the recount tells why.
        names = []
    handed_in = [_remembered(one, names, memory, at, zone) for one in pasted]
    found = await recount(reading, memory.with_ends(handed_in), rows=rows, pause=pause)
    return Compared(tuple((one, one not in found.failed) for one in handed_in), found)


def _remembered(
    pasted: Pasted, names: Sequence[tuple[str, str]], memory: Memory, at: time, zone: tzinfo
) -> Remembered:
    name = chain_of(pasted.name)
    known = [*names, *((one.end.table, one.end.chain) for one in memory.ends)]
    table = next((table for table, chain_ in known if chain_ == name), "entry")
    moment = datetime.combine(pasted.day, at, tzinfo=zone) if pasted.day is not None else None
    return Remembered(End(table, name, pasted.count, pasted.seal), moment)
