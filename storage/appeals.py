"""Appeals (申诉) against entries, and what the office decided."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.appeals import Decision
from rules.calendar import Quarter
from rules.mentions import resolved
from storage import audit, mentions
from storage.audit import Act
from storage.tables import AppealRow, EntryKind, EntryRow, PersonRow, PushRow


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal. `decision` None: the office has not decided yet. Moments are UTC."""

    id: int
    entry: int
    unit: str
    quarter: Quarter
    text: str
    made_by: int
    maker: str
    made_at: datetime
    decision: Decision | None
    points: Decimal | None
    """What the entry was reduced to."""
    because: str | None
    decided_at: datetime | None
    moot: bool = False
    """The entry was taken back otherwise before anybody decided."""

    @property
    def waits(self) -> bool:
        """Whether it still has to be decided."""
        return self.decision is None and not self.moot

    @property
    def key(self) -> str:
        """The key of what its decision writes."""
        return f"app:{self.id}"


async def make(
    session: AsyncSession,
    *,
    key: str,
    entry: int,
    unit: str,
    quarter: Quarter,
    text: str,
    made_by: int,
    now: datetime,
) -> Appeal:
    """Keep an appeal, one an entry; the same deed finds it again."""
    known = (await session.exec(select(AppealRow.id).where(AppealRow.entry_id == entry))).one_or_none()
    if known is None:
        row = AppealRow(
            key=key, entry_id=entry, unit_code=unit, quarter=quarter, text=await mentions.mark(session, text),
            made_by=made_by, made_at=now,
        )  # fmt: skip
        session.add(row)
        await session.flush()
        known = row.id
        await audit.record(
            session, Act.APPEALED, at=now, person_id=made_by, unit=unit, entry=entry, detail=text
        )
    found = await find(session, known or 0)
    assert found is not None
    return found


async def find(session: AsyncSession, id_: int) -> Appeal | None:
    """An appeal by its id."""
    found = await _appeals(session, AppealRow.id == id_)
    return found[0] if found else None


async def of_entry(session: AsyncSession, entry: int) -> Appeal | None:
    """The appeal against an entry."""
    found = await _appeals(session, AppealRow.entry_id == entry)
    return found[0] if found else None


async def of_units(
    session: AsyncSession, units: Collection[str], quarters: Collection[Quarter]
) -> list[Appeal]:
    """The appeals of these units in these quarters, oldest first."""
    return await _appeals(
        session, col(AppealRow.unit_code).in_(sorted(units)), col(AppealRow.quarter).in_(list(quarters))
    )


async def decide(
    session: AsyncSession,
    appeal: Appeal,
    decision: Decision,
    *,
    points: Decimal | None,
    because: str,
    by: int,
    now: datetime,
) -> bool:
    """Decide an appeal, once; False where it was decided before."""
    row = (await session.exec(select(AppealRow).where(AppealRow.id == appeal.id))).one()
    if row.state != "open":
        return False
    row.state, row.points, row.decision = decision.name.lower(), points, await mentions.mark(session, because)
    row.decided_by, row.decided_at = by, now
    session.add(row)
    await audit.record(
        session, Act.DECIDED, at=now, person_id=by, unit=appeal.unit, entry=appeal.entry,
        detail=f"{decision.value}：{because}",
    )  # fmt: skip
    return True


async def told_at(session: AsyncSession, entry: int) -> datetime | None:
    """When the first liaison was told of an entry, UTC; None while none was."""
    query = (
        select(PushRow.sent_at)
        .where(PushRow.entry_id == entry, col(PushRow.sent_at).is_not(None))
        .order_by(col(PushRow.sent_at))
        .limit(1)
    )
    return (await session.exec(query)).first()


async def told(session: AsyncSession, entries: Collection[int]) -> dict[int, datetime | None]:
    """When the first liaison was told of each of the entries, UTC; None where the notice is still on its way.

    An entry that nobody was, or will be, told of is not in it: its unit has no liaison, or none that can be reached.
    """
    query = select(PushRow.entry_id, PushRow.sent_at, PushRow.state).where(
        col(PushRow.entry_id).in_(sorted(entries))
    )
    found: dict[int, datetime | None] = {}
    for entry, sent_at, state in await session.exec(query):
        known = found.get(entry or 0)
        if sent_at is not None:
            found[entry or 0] = min(known, sent_at) if known is not None else sent_at
        elif state in {"planned", "claimed"}:
            found.setdefault(entry or 0, None)
    return found


async def _appeals(session: AsyncSession, *where: object) -> list[Appeal]:
    query = (
        select(AppealRow, PersonRow.name, EntryRow.id)
        .join(PersonRow, col(PersonRow.id) == AppealRow.made_by)
        .outerjoin(
            EntryRow,
            (col(EntryRow.target_id) == AppealRow.entry_id) & (col(EntryRow.kind) == EntryKind.REVERSAL),
        )
        .where(*where)  # type: ignore[arg-type]
        .order_by(col(AppealRow.id))
    )
    rows = (await session.exec(query)).all()
    names = await mentions.names(session, [text for row, *_ in rows for text in (row.text, row.decision)])
    return [_value(row, maker, names, reversed_=reversal is not None) for row, maker, reversal in rows]


def _value(row: AppealRow, maker: str, names: Mapping[int, str], *, reversed_: bool) -> Appeal:
    assert row.id is not None
    decision = None if row.state == "open" else Decision[row.state.upper()]
    return Appeal(
        row.id, row.entry_id, row.unit_code, row.quarter, resolved(row.text, names), row.made_by, maker, row.made_at,
        decision, row.points, resolved(row.decision, names) if row.decision else row.decision, row.decided_at,
        moot=reversed_ and decision is None,
    )  # fmt: skip


async def of_deed(session: AsyncSession, key: str) -> Appeal | None:
    """The appeal that this deed made."""
    found = await _appeals(session, AppealRow.key == key)
    return found[0] if found else None
