"""Corrections, and decisions of appeals, that wait for a second person (Replacement)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.corrections import NewEntry
from rules.entries import Basis
from storage import audit
from storage.audit import Act
from storage.tables import AppealRow, PersonRow, ProposalRow


class ProposalState(Enum):
    """Where a proposed correction stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    OVERTAKEN = "overtaken"
    """The entry was reversed in another way meanwhile."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A correction that was proposed: a reversal, with what shall stand in the entry's place, if anything.

    `appeal` is the id of the appeal that it decides, and `appellant` of the person who made that; None for a correction.
    """

    id: int
    entry: int
    reason: str
    new: NewEntry | None
    made_by: int
    maker: str
    made_at: datetime
    state: ProposalState
    decision: str | None
    appeal: int | None = None
    appellant: int | None = None

    @property
    def key(self) -> str:
        """The key of what it writes once it is approved."""
        return f"prop:{self.id}"


async def propose(
    session: AsyncSession,
    *,
    key: str,
    entry: int,
    unit: str,
    reason: str,
    new: NewEntry | None,
    made_by: int,
    now: datetime,
    appeal: int | None = None,
) -> Proposal:
    """Keep a correction, or an appeal's decision, until somebody else has looked at it; the same deed finds it again."""
    known = (await session.exec(select(ProposalRow.id).where(ProposalRow.key == key))).one_or_none()
    if known is None:
        row = ProposalRow(
            key=key, entry_id=entry, appeal_id=appeal, reason=reason, made_by=made_by, made_at=now
        )
        if new is not None:
            row.unit_code, row.item, row.points, row.entry_reason = new.unit, new.item, new.points, new.reason
            row.inspected_on = new.inspected_on
            if new.basis is not None:
                row.criterion, row.criterion_text = new.basis.code, new.basis.text
                row.times, row.veto = new.basis.times, new.basis.veto
        session.add(row)
        await session.flush()
        known = row.id
        await audit.record(
            session, Act.PROPOSED, at=now, person_id=made_by, unit=unit, entry=entry, detail=reason
        )
    found = await find(session, known or 0)
    assert found is not None
    return found


async def find(session: AsyncSession, id_: int) -> Proposal | None:
    """A proposal by its id."""
    return await _first(session, ProposalRow.id == id_)


async def waiting_for(session: AsyncSession, entry: int) -> Proposal | None:
    """What waits to happen to an entry, None where nothing does."""
    return await _first(
        session, ProposalRow.entry_id == entry, ProposalRow.state == ProposalState.WAITING.value
    )


async def _first(session: AsyncSession, *where: object) -> Proposal | None:
    query = (
        select(ProposalRow, PersonRow.name, AppealRow.made_by)
        .join(PersonRow, col(PersonRow.id) == ProposalRow.made_by)
        .outerjoin(AppealRow, col(AppealRow.id) == ProposalRow.appeal_id)
        .where(*where)  # type: ignore[arg-type]
    )
    row = (await session.exec(query)).first()
    return None if row is None else _value(*row)


async def waiting(session: AsyncSession, entries: Collection[int]) -> list[int]:
    """Those of the entries whose correction waits, oldest first."""
    query = (
        select(ProposalRow.entry_id)
        .where(col(ProposalRow.entry_id).in_(sorted(entries)), ProposalRow.state == ProposalState.WAITING.value)
        .order_by(col(ProposalRow.id))
    )
    return list((await session.exec(query)).all())


async def settle(
    session: AsyncSession,
    proposal: Proposal,
    state: ProposalState,
    *,
    by: int,
    unit: str,
    decision: str,
    now: datetime,
) -> bool:
    """Decide a proposal, once; False where it was decided before."""
    row = (await session.exec(select(ProposalRow).where(ProposalRow.id == proposal.id))).one()
    if row.state != ProposalState.WAITING.value:
        return False
    row.state, row.decided_by, row.decided_at, row.decision = state.value, by, now, decision
    session.add(row)
    act = Act.APPROVED if state is ProposalState.APPROVED else Act.DECLINED
    detail = decision or ("此前已经撤销，不必再办" if state is ProposalState.OVERTAKEN else "")
    await audit.record(session, act, at=now, person_id=by, unit=unit, entry=proposal.entry, detail=detail)
    return True


def _value(row: ProposalRow, maker: str, appellant: int | None) -> Proposal:
    assert row.id is not None
    new = None
    if row.unit_code is not None and row.item is not None and row.points is not None:
        basis = Basis(row.criterion, row.criterion_text or "", row.times, row.veto) if row.criterion else None
        new = NewEntry(row.unit_code, row.item, Decimal(row.points), row.entry_reason, basis, row.inspected_on)
    return Proposal(
        row.id,
        row.entry_id,
        row.reason,
        new,
        row.made_by,
        maker,
        row.made_at,
        ProposalState(row.state),
        row.decision,
        row.appeal_id,
        appellant,
    )


async def of_deed(session: AsyncSession, key: str) -> Proposal | None:
    """The proposal that this deed made."""
    id_ = (await session.exec(select(ProposalRow.id).where(ProposalRow.key == key))).one_or_none()
    return None if id_ is None else await find(session, id_)
