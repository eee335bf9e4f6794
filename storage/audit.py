"""The audit trail: who did what beside the ledger, and who was refused. Added only, chained (Trace)."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.mentions import resolved
from storage import hash_chain, mentions
from storage.tables import AuditRow, EntryKind, EntryRow, PersonRow

CHAIN = "audit"


class Act(Enum):
    """What was done; the value is kept."""

    DEDUCTION = "deduction"
    REVERSAL = "reversal"
    REASON = "reason"
    REFUSED = "refused"
    INVITED = "invited"
    JOINED = "joined"
    REMOVED = "removed"
    INSPECTED = "inspected"
    UNINSPECTED = "uninspected"
    EVIDENCE = "evidence"
    EVIDENCE_MOVED = "evidence_moved"
    EVIDENCE_SEEN = "evidence_seen"
    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    APPEALED = "appealed"
    DECIDED = "decided"
    BOUND = "bound"
    UNBOUND = "unbound"
    CRITERIA = "criteria"
    SETTING = "setting"
    EXPORTED = "exported"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CONFIRMED = "confirmed"
    PUBLISHED = "published"
    EXTENDED = "extended"
    LED = "led"
    ACKNOWLEDGED = "acknowledged"
    REPORTED = "reported"
    RESENT = "resent"
    MARKED = "marked"
    MONTH_IMPORTED = "month_imported"
    SIGNED = "signed"
    GIVEN_BACK = "given_back"
    FILED = "filed"
    FILING_ACCEPTED = "filing_accepted"
    FILING_RETURNED = "filing_returned"
    FILING_SEEN = "filing_seen"
    ROSTER = "roster"
    ROSTER_LEFT = "roster_left"
    ROSTER_ERASED = "roster_erased"
    ROSTER_PROPOSED = "roster_proposed"
    ROSTER_AGREED = "roster_agreed"
    ROSTER_DECLINED = "roster_declined"
    METHOD_SENT = "method_sent"
    METHOD_ACCEPTED = "method_accepted"
    METHOD_RETURNED = "method_returned"
    BULLETIN = "bulletin"
    IMPORTED = "imported"
    IMPORT_REVERSED = "import_reversed"
    SEALS_COMPARED = "seals_compared"
    RESTORED = "restored"
    SUMS_REBUILT = "sums_rebuilt"
    ENDS_KEPT = "ends_kept"


WORDS = frozenset({
    Act.PROPOSED, Act.APPROVED, Act.DECLINED, Act.APPEALED, Act.DECIDED, Act.SUBMITTED, Act.RETURNED, Act.CONFIRMED,
    Act.EXTENDED, Act.GIVEN_BACK, Act.METHOD_RETURNED, Act.FILING_RETURNED,
})  # fmt: skip
"""Acts whose detail has words that somebody wrote: officers whom they name stand in it by their marks."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One line of the trail. `at` is UTC; `who` is the person's name, empty for a stranger."""

    act: Act
    at: datetime
    who: str
    telegram_id: int | None
    unit: str | None
    entry: int | None
    detail: str


async def is_recorded(session: AsyncSession, key: str) -> bool:
    """Whether the trail has a line of this key."""
    return (await session.exec(select(AuditRow.id).where(AuditRow.key == key))).first() is not None


async def record(
    session: AsyncSession,
    act: Act,
    *,
    at: datetime,
    person_id: int | None,
    telegram_id: int | None = None,
    unit: str | None = None,
    entry: int | None = None,
    detail: str = "",
    key: str | None = None,
) -> None:
    """Add to the trail, in the transaction of what it tells of; with a key, once."""
    if key is not None:
        known = (await session.exec(select(AuditRow.id).where(AuditRow.key == key))).first()
        if known is not None:
            return
    detail = detail[:500]
    if act in WORDS:
        detail = await mentions.mark(session, detail)
    await hash_chain.add(
        session,
        AuditRow(
            key=key,
            act=act.value,
            person_id=person_id or None,
            telegram_id=telegram_id,
            unit_code=unit,
            entry_id=entry,
            detail=detail,
            at=at,
            chain=CHAIN,
        ),
    )


async def trail(
    session: AsyncSession,
    *,
    person_id: int | None = None,
    unit: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[Trace]:
    """The trail with the ledger's own rows in it, newest first: of a person, of a unit, between two moments."""
    entries: Any = sa.select(
        sa.cast(col(EntryRow.kind), sa.String).label("act"),
        col(EntryRow.recorded_at).label("at"),
        col(EntryRow.author_id).label("person_id"),
        sa.null().label("telegram_id"),
        col(EntryRow.unit_code).label("unit_code"),
        sa.func.coalesce(col(EntryRow.target_id), col(EntryRow.id)).label("entry_id"),
        sa.func.coalesce(col(EntryRow.reason), "").label("detail"),
        col(EntryRow.id).label("id"),
        sa.literal(0).label("source"),
    )
    acts: Any = sa.select(
        col(AuditRow.act), col(AuditRow.at), col(AuditRow.person_id), col(AuditRow.telegram_id),
        col(AuditRow.unit_code), col(AuditRow.entry_id), col(AuditRow.detail), col(AuditRow.id),
        sa.literal(1).label("source"),
    )  # fmt: skip
    both = sa.union_all(entries, acts).subquery()
    query = sa.select(both, col(PersonRow.name)).outerjoin(PersonRow, col(PersonRow.id) == both.c.person_id)
    if person_id is not None:
        query = query.where(both.c.person_id == person_id)
    if unit is not None:
        query = query.where(both.c.unit_code == unit)
    if since is not None:
        query = query.where(both.c.at >= since)
    if until is not None:
        query = query.where(both.c.at < until)
    # The two tables number their rows apart: without their order, a row of one moment could stand on two pages or on none.
    order = both.c.at.desc(), both.c.id.desc(), both.c.source.desc()
    query = query.order_by(*order).limit(limit).offset(offset)
    rows = (await session.exec(query)).all()  # type: ignore[call-overload]
    names = await mentions.names(session, [r.detail for r in rows])
    return [
        Trace(
            _act(r.act), r.at, r.name or "", r.telegram_id, r.unit_code, r.entry_id, resolved(r.detail, names)
        )
        for r in rows
    ]


def _act(value: str | EntryKind) -> Act:
    return Act(value.value if isinstance(value, EntryKind) else value)
