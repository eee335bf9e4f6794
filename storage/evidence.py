"""Which files are evidence of what. The bytes lie in the vault; here is who sent them, when, and what they belong to."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.calendar import Quarter
from rules.mentions import resolved
from storage import audit, mentions
from storage.audit import Act
from storage.tables import AppealRow, AttachmentRow, EntryRow, EvidenceRow, PersonRow

LONGEST_NAME, LONGEST_KEPT = 200, 255
"""Of a file's name; kept, it is longer where marks stand for officers' names."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file as it was received. `at` is UTC; `album` names the messages that were sent as one."""

    id: int
    digest: str
    size: int
    media: str
    name: str
    file_id: str
    as_photo: bool
    album: str | None
    sender: str
    at: datetime


async def received(
    session: AsyncSession,
    *,
    key: str,
    digest: str,
    size: int,
    media: str,
    name: str,
    file_id: str,
    as_photo: bool,
    album: str | None,
    person_id: int,
    at: datetime,
) -> int:
    """Keep that a file was received, once for a message; its id."""
    known = (await session.exec(select(EvidenceRow.id).where(EvidenceRow.key == key))).one_or_none()
    if known is not None:
        return known
    kept = await mentions.mark(session, name[:LONGEST_NAME])
    kept = kept if len(kept) <= LONGEST_KEPT else ""
    row = EvidenceRow(
        key=key, digest=digest, size=size, media=media, name=kept, file_id=file_id, as_photo=as_photo,
        album=album, person_id=person_id, at=at,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    assert row.id is not None
    return row.id


async def attach(
    session: AsyncSession,
    ids: Collection[int],
    *,
    at: datetime,
    person_id: int,
    entry: int | None = None,
    draft: int | None = None,
    appeal: int | None = None,
) -> int:
    """Attach files to an entry, a draft or an appeal, each once; how many are new there."""
    where = _target(entry, draft, appeal)
    there = set((await session.exec(select(AttachmentRow.evidence_id).where(where, _holds(where)))).all())
    new = [id_ for id_ in sorted(ids) if id_ not in there]
    for id_ in new:
        session.add(AttachmentRow(evidence_id=id_, entry_id=entry, draft_id=draft, appeal_id=appeal, at=at))
    if new and draft is None:
        await _record(session, Act.EVIDENCE, len(new), at=at, person_id=person_id, entry=entry, appeal=appeal)
    await session.flush()
    return len(new)


async def detach(
    session: AsyncSession, ids: Collection[int], *, at: datetime, person_id: int, but: "Place | None" = None
) -> None:
    """Say of files that they are evidence of nothing any more, `but` of that; what they were attached to stays kept (R11)."""
    rows = [row for row in await _attachments(session, ids) if _place(row) != but]
    session.add_all(
        AttachmentRow(
            evidence_id=row.evidence_id, entry_id=row.entry_id, draft_id=row.draft_id, appeal_id=row.appeal_id,
            at=at, attached=False,
        )
        for row in rows
    )  # fmt: skip
    for number, count in sorted(Counter(row.entry_id for row in rows if row.entry_id is not None).items()):
        await _record(session, Act.EVIDENCE_MOVED, count, at=at, person_id=person_id, entry=number)
    await session.flush()


async def _record(
    session: AsyncSession,
    act: Act,
    count: int,
    *,
    at: datetime,
    person_id: int,
    entry: int | None = None,
    appeal: int | None = None,
) -> None:
    """Have the trail tell of which entry, and of which unit, so many files are evidence; of an appeal its number, too."""
    about: Any
    if appeal is not None:
        about = sa.select(col(AppealRow.entry_id), col(AppealRow.unit_code)).where(col(AppealRow.id) == appeal)
    else:
        about = sa.select(col(EntryRow.id), col(EntryRow.unit_code)).where(col(EntryRow.id) == entry)
    number, unit = (await session.exec(about)).one()
    detail = f"{count} 份" if appeal is None else f"申诉 {appeal}　{count} 份"
    await audit.record(session, act, at=at, person_id=person_id, unit=unit, entry=number, detail=detail)


def _target(entry: int | None, draft: int | None, appeal: int | None) -> sa.ColumnElement[bool]:
    if entry is not None:
        return col(AttachmentRow.entry_id) == entry
    if appeal is not None:
        return col(AttachmentRow.appeal_id) == appeal
    return col(AttachmentRow.draft_id) == draft


_ATTACHMENT: Any = AttachmentRow.__table__  # type: ignore[attr-defined]


def _holds(among: Any) -> Any:
    """Whether an attachment holds: `among` those of the same places it is the newest of its file and place, and attached."""
    newest = (
        sa.select(sa.func.max(_ATTACHMENT.c.id))
        .where(among)
        .group_by(
            _ATTACHMENT.c.evidence_id, _ATTACHMENT.c.entry_id, _ATTACHMENT.c.draft_id, _ATTACHMENT.c.appeal_id
        )
    )
    return sa.and_(_ATTACHMENT.c.attached, _ATTACHMENT.c.id.in_(newest))


async def _attachments(session: AsyncSession, ids: Collection[int]) -> Sequence[AttachmentRow]:
    """What the files are attached to, the latest first."""
    where = col(AttachmentRow.evidence_id).in_(sorted(ids))
    query = select(AttachmentRow).where(where, _holds(where)).order_by(col(AttachmentRow.id).desc())
    return (await session.exec(query)).all()


async def of(
    session: AsyncSession, *, entry: int | None = None, draft: int | None = None, appeal: int | None = None
) -> list[Evidence]:
    """The files of an entry, a draft or an appeal, in the order they came."""
    where = _target(entry, draft, appeal)
    query = (
        select(EvidenceRow, PersonRow.name)
        .join(AttachmentRow, col(AttachmentRow.evidence_id) == EvidenceRow.id)
        .join(PersonRow, col(PersonRow.id) == EvidenceRow.person_id)
        .where(where, _holds(where))
        .order_by(col(EvidenceRow.id))
    )
    rows = (await session.exec(query)).all()
    names = await mentions.names(session, [row.name for row, _ in rows])
    return [_value(row, sender, names) for row, sender in rows]


# Made once, of the table: every card asks it.
_OF_ENTRIES = _ATTACHMENT.c.entry_id.in_(sa.bindparam("entries", expanding=True))
_COUNTS: Any = (
    sa.select(_ATTACHMENT.c.entry_id, sa.func.count())
    .where(_OF_ENTRIES, _holds(_OF_ENTRIES))
    .group_by(_ATTACHMENT.c.entry_id)
)


async def counts(session: AsyncSession, entries: Collection[int]) -> dict[int, int]:
    """How many files each of the entries has."""
    rows = await session.exec(_COUNTS, params={"entries": sorted(entries)})
    return {entry: int(count) for entry, count in rows}


async def numbers(
    session: AsyncSession, units: Collection[str], quarters: Collection[Quarter]
) -> dict[int, tuple[int, ...]]:
    """The numbers of the files of each entry on these units in these quarters; an entry without any is not in it."""
    entries = sa.select(col(EntryRow.id)).where(
        col(EntryRow.unit_code).in_(sorted(units)), col(EntryRow.quarter).in_(sorted(quarters))
    )
    where = col(AttachmentRow.entry_id).in_(entries)
    query: Any = (
        sa.select(col(AttachmentRow.entry_id), col(AttachmentRow.evidence_id))
        .where(where, _holds(where))
        .order_by(col(AttachmentRow.evidence_id))
    )
    found: defaultdict[int, tuple[int, ...]] = defaultdict(tuple)
    for entry, file in await session.exec(query):
        found[entry] += (file,)
    return dict(found)


async def of_album(session: AsyncSession, album: str, person_id: int) -> list[int]:
    """The ids of what the person sent in one album so far."""
    query = select(EvidenceRow.id).where(EvidenceRow.album == album, EvidenceRow.person_id == person_id)
    return [id_ for id_ in (await session.exec(query)).all() if id_ is not None]


@dataclass(frozen=True, slots=True)
class Place:
    """What a file is attached to."""

    entry: int | None
    draft: int | None
    appeal: int | None


async def places(session: AsyncSession, ids: Sequence[int]) -> list[Place]:
    """What any of the files is attached to, the latest first."""
    return [_place(row) for row in await _attachments(session, ids)]


def _place(row: AttachmentRow) -> Place:
    return Place(row.entry_id, row.draft_id, row.appeal_id)


async def sender_of(session: AsyncSession, id_: int) -> int | None:
    """Who sent a file."""
    return (await session.exec(select(EvidenceRow.person_id).where(EvidenceRow.id == id_))).one_or_none()


def _value(row: EvidenceRow, sender: str, names: Mapping[int, str]) -> Evidence:
    assert row.id is not None
    return Evidence(
        row.id, row.digest, row.size, row.media, resolved(row.name, names), row.file_id, row.as_photo, row.album, sender,
        row.at,
    )  # fmt: skip


async def get(session: AsyncSession, id_: int) -> Evidence | None:
    """The file of an id."""
    query = (
        select(EvidenceRow, PersonRow.name)
        .join(PersonRow, col(PersonRow.id) == EvidenceRow.person_id)
        .where(EvidenceRow.id == id_)
    )
    found = (await session.exec(query)).one_or_none()
    return None if found is None else _value(*found, await mentions.names(session, [found[0].name]))


async def album_of(session: AsyncSession, id_: int) -> list[int]:
    """The ids of a file and of all that was sent in one album with it."""
    row = await session.get(EvidenceRow, id_)
    if row is None or row.album is None:
        return [id_]
    return await of_album(session, row.album, row.person_id)
