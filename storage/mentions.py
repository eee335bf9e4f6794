"""Officers whom a kept text names: found in the roster when it is written, named by the roster when it is read (R9)."""

from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.mentions import marked, mentioned
from rules.officers import Officer
from rules.people import Role
from storage.tables import OfficerRow, PersonRow, PostRow, ServiceRow

_SOMEBODY = (
    select(PersonRow.name)
    .join(PostRow, col(PostRow.person_id) == PersonRow.id)
    .where(PostRow.role != Role.OFFICER)
)


async def mark(session: AsyncSession, text: str) -> str:
    """A text that somebody typed as it is kept: with marks for the officers whose names stand in it."""
    return marked(text, await _named_in(session, text))


async def mark_message(
    session: AsyncSession, texts: Sequence[str], *, reader: int, about: Collection[int] = ()
) -> list[str]:
    """Texts of one message as they are kept: with marks for the officers of the reader's own unit whom they name.

    `reader` is the chat. Those whom it is `about` stand in it by their marks already; other units' officers it leaves be.
    """
    own = (
        sa.select(col(ServiceRow.officer_id))
        .join(PostRow, col(PostRow.unit_code) == ServiceRow.unit_code)
        .join(PersonRow, col(PersonRow.id) == PostRow.person_id)
        .where(col(PersonRow.telegram_id) == reader, col(PostRow.until).is_(None))
    )
    found = await _named_in(session, "\n".join(texts), col(OfficerRow.id).in_(own))
    return [marked(text, found, about=about) for text in texts]


async def _named_in(session: AsyncSession, text: str, *where: sa.ColumnElement[bool]) -> list[Officer]:
    """Officers whose names stand in a text.

    A name that somebody else in the list of people bears is none of theirs: it may well be that one's.
    """
    query = select(OfficerRow.id, OfficerRow.name).where(
        col(OfficerRow.erased_at).is_(None),
        sa.literal(text, sa.Text).contains(col(OfficerRow.name)),
        col(OfficerRow.name).not_in(_SOMEBODY),
        *where,
    )
    return [Officer(id_ or 0, name) for id_, name in await session.exec(query)]


async def is_somebody(session: AsyncSession, name: str) -> bool:
    """Whether somebody in the list of people, other than as an officer, bears a name."""
    return (await session.exec(_SOMEBODY.where(PersonRow.name == name).limit(1))).first() is not None


async def names(session: AsyncSession, texts: Iterable[str | None]) -> dict[int, str]:
    """The names, as they are known today, of the officers whom these kept texts name; no query where they name none."""
    ids: set[int] = set()
    for text in texts:
        ids |= mentioned(text or "")
    if not ids:
        return {}
    query = select(OfficerRow.id, OfficerRow.name).where(
        col(OfficerRow.id).in_(sorted(ids)), col(OfficerRow.erased_at).is_(None)
    )
    return {id_ or 0: name for id_, name in await session.exec(query)}
