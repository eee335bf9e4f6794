"""Dates of service that wait for another unit's or the office's consent (R9)."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from pydantic import TypeAdapter
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.officers import Service
from storage import audit, roster
from storage.audit import Act
from storage.tables import ServiceProposalRow

SERVICES: TypeAdapter[tuple[Service, ...]] = TypeAdapter(tuple[Service, ...])


class ProposalState(Enum):
    """Where a proposal of dates stands."""

    WAITING = "waiting"
    AGREED = "agreed"
    DECLINED = "declined"
    OVERTAKEN = "overtaken"
    """The officer's services are others meanwhile, or its data were erased."""


@dataclass(frozen=True, slots=True)
class ServiceProposal:
    """An officer's services as a unit wants them. `asked`: the unit that may agree; None: the office alone."""

    id: int
    officer: int
    unit: str
    asked: str | None
    before: tuple[Service, ...]
    after: tuple[Service, ...]
    made_by: int
    state: ProposalState


async def propose(
    session: AsyncSession,
    *,
    key: str,
    officer: int,
    unit: str,
    asked: str | None,
    before: tuple[Service, ...],
    after: tuple[Service, ...],
    made_by: int,
    now: datetime,
) -> ServiceProposal:
    """Keep what a unit wants until somebody has agreed; the same deed finds it again."""
    known = await of_deed(session, key)
    if known is not None:
        return known
    row = ServiceProposalRow(
        key=key, officer_id=officer, unit_code=unit, asked_unit=asked, before=SERVICES.dump_json(before).decode(),
        after=SERVICES.dump_json(after).decode(), made_by=made_by, made_at=now,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    changed = roster.told(before, after)
    await audit.record(
        session, Act.ROSTER_PROPOSED, at=now, person_id=made_by, unit=unit,
        detail=f"民警 {officer}：{'；'.join(part for parts in changed.values() for part in parts)}",
    )  # fmt: skip
    return _value(row)


async def of_deed(session: AsyncSession, key: str) -> ServiceProposal | None:
    """The proposal that this deed made."""
    query = select(ServiceProposalRow).where(ServiceProposalRow.key == key)
    row = (await session.exec(query)).one_or_none()
    return None if row is None else _value(row)


async def find(session: AsyncSession, id_: int) -> ServiceProposal | None:
    """A proposal by its id."""
    row = await session.get(ServiceProposalRow, id_)
    return None if row is None else _value(row)


async def settle(
    session: AsyncSession, proposal: ServiceProposal, *, agreed: bool, by: int, now: datetime
) -> ProposalState:
    """Decide a proposal that waits, and write the services where it was agreed to; where it stands then."""
    row = (await session.exec(select(ServiceProposalRow).where(ServiceProposalRow.id == proposal.id))).one()
    if row.state != ProposalState.WAITING.value:
        return ProposalState(row.state)
    state = ProposalState.AGREED if agreed else ProposalState.DECLINED
    member = await roster.member(session, proposal.officer)
    if member is None or member.services != proposal.before:
        state = ProposalState.OVERTAKEN
    row.state, row.decided_by, row.decided_at = state.value, by, now
    session.add(row)
    if state is ProposalState.AGREED:
        await roster.serve(
            session, proposal.officer, proposal.after, act=Act.ROSTER_AGREED, key=f"ros:{proposal.id}", by=by, now=now
        )  # fmt: skip
    else:
        await audit.record(
            session, Act.ROSTER_DECLINED, at=now, person_id=by, unit=proposal.unit,
            detail=f"民警 {proposal.officer} {state.value}",
        )  # fmt: skip
    return state


def _value(row: ServiceProposalRow) -> ServiceProposal:
    assert row.id is not None
    return ServiceProposal(
        row.id, row.officer_id, row.unit_code, row.asked_unit, SERVICES.validate_json(row.before),
        SERVICES.validate_json(row.after), row.made_by, ProposalState(row.state),
    )  # fmt: skip
