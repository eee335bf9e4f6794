"""Documents that are filed each year (备案, R10): their versions, and what the office said of them. Added only."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.filings import Filed
from rules.methods import Verdict
from storage import audit
from storage.audit import Act
from storage.tables import EvidenceRow, FilingRow, FilingVerdictRow, PersonRow


async def submit(
    session: AsyncSession,
    *,
    key: str,
    kind: str,
    unit: str | None,
    year: int,
    evidence: int,
    by: int,
    now: datetime,
) -> tuple[Filed, bool]:
    """File a kept file as the next version; the one there is, and False, for the same deed or the same bytes.

    The office's own (`unit` None) is accepted with the filing.
    """
    known = await made_by(session, key) or await of_content(
        session, kind=kind, unit=unit, year=year, evidence=evidence
    )
    if known is not None:
        return known, False
    version = len(await versions(session, kind=kind, unit=unit, year=year)) + 1
    row = FilingRow(
        key=key, kind=kind, unit_code=unit, year=year, version=version, evidence_id=evidence, by=by, at=now
    )
    session.add(row)
    await session.flush()
    assert row.id is not None
    await _record(session, Act.FILED, row, at=now, by=by)
    if unit is None:
        session.add(FilingVerdictRow(key=key, filing_id=row.id, accepted=True, by=by, at=now))
        await session.flush()
    made = await find(session, row.id)
    assert made is not None
    return made, True


async def decide(
    session: AsyncSession,
    filing: int,
    *,
    key: str,
    accepted: bool,
    by: int,
    now: datetime,
    reason: str | None = None,
) -> bool:
    """The office's word on a version, once; False where it was said before."""
    known = select(FilingVerdictRow.id).where(FilingVerdictRow.filing_id == filing)
    if (await session.exec(known)).first() is not None:
        return False
    row = (await session.exec(select(FilingRow).where(FilingRow.id == filing))).one()
    session.add(FilingVerdictRow(key=key, filing_id=filing, accepted=accepted, reason=reason, by=by, at=now))
    act = Act.FILING_ACCEPTED if accepted else Act.FILING_RETURNED
    await _record(session, act, row, at=now, by=by)
    return True


async def seen(session: AsyncSession, filed: Filed, *, key: str, by: int, now: datetime) -> None:
    """Keep that somebody opened the file."""
    await audit.record(
        session, Act.FILING_SEEN, at=now, person_id=by, unit=filed.unit, key=key,
        detail=_said(filed.kind, filed.year, filed.version),
    )  # fmt: skip


async def _record(session: AsyncSession, act: Act, row: FilingRow, *, at: datetime, by: int) -> None:
    said = _said(row.kind, row.year, row.version)
    await audit.record(session, act, at=at, person_id=by, unit=row.unit_code, detail=said)


def _said(kind: str, year: int, version: int) -> str:
    return f"{kind} {year} 第 {version} 版"


async def find(session: AsyncSession, id_: int) -> Filed | None:
    """The version of an id."""
    return await _one(session, col(FilingRow.id) == id_)


async def made_by(session: AsyncSession, key: str) -> Filed | None:
    """The version that this deed filed."""
    return await _one(session, col(FilingRow.key) == key)


async def of_content(
    session: AsyncSession, *, kind: str, unit: str | None, year: int, evidence: int
) -> Filed | None:
    """The newest version under the same kind, unit and year that has the same bytes as a kept file."""
    digest = sa.select(col(EvidenceRow.digest)).where(col(EvidenceRow.id) == evidence).scalar_subquery()
    return await _one(session, *_place(kind, unit, year), col(EvidenceRow.digest) == digest)


async def versions(session: AsyncSession, *, kind: str, unit: str | None, year: int) -> list[Filed]:
    """Every version under a kind, unit and year, oldest first."""
    return await _read(session, *_place(kind, unit, year))


async def of_year(session: AsyncSession, year: int) -> list[Filed]:
    """Every version of a year, oldest first."""
    return await _read(session, col(FilingRow.year) == year)


async def filer_of(session: AsyncSession, id_: int) -> int | None:
    """The id of the person who filed a version."""
    return (await session.exec(select(FilingRow.by).where(FilingRow.id == id_))).one_or_none()


def _place(kind: str, unit: str | None, year: int) -> Collection[Any]:
    return (
        col(FilingRow.kind) == kind,
        col(FilingRow.unit_code).is_(None) if unit is None else col(FilingRow.unit_code) == unit,
        col(FilingRow.year) == year,
    )


async def _one(session: AsyncSession, *where: Any) -> Filed | None:
    return next(reversed(await _read(session, *where)), None)


async def _read(session: AsyncSession, *where: Any) -> list[Filed]:
    author, decider = aliased(PersonRow), aliased(PersonRow)
    query: Any = (
        sa.select(FilingRow, col(EvidenceRow.name), col(author.name), FilingVerdictRow, col(decider.name))
        .join(EvidenceRow, col(EvidenceRow.id) == col(FilingRow.evidence_id))
        .join(author, col(author.id) == col(FilingRow.by))
        .outerjoin(FilingVerdictRow, col(FilingVerdictRow.filing_id) == col(FilingRow.id))
        .outerjoin(decider, col(decider.id) == col(FilingVerdictRow.by))
        .where(*where)
        .order_by(col(FilingRow.id))
    )
    return [_value(*row) for row in await session.exec(query)]


def _value(
    row: FilingRow, name: str, author: str, verdict: FilingVerdictRow | None, decider: str | None
) -> Filed:
    assert row.id is not None
    filed = Filed(row.id, row.kind, row.unit_code, row.year, row.version, row.evidence_id, name, author, row.at)
    if verdict is None:
        return filed
    return Filed(
        filed.id, filed.kind, filed.unit, filed.year, filed.version, filed.evidence, filed.name, filed.by, filed.at,
        Verdict.ACCEPTED if verdict.accepted else Verdict.RETURNED, verdict.reason, decider, verdict.at,
    )  # fmt: skip
