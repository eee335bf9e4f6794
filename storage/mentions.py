"""Officers whom a kept text names: found in the roster when it is written, named by the roster when it is read (R9)."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.mentions import marked, mentioned
from rules.officers import Officer
from rules.people import Role
from storage.tables import OfficerRow, PersonRow, PostRow, ServiceRow

_OFFICER: Any = OfficerRow.__table__  # type: ignore[attr-defined]
_SERVICE: Any = ServiceRow.__table__  # type: ignore[attr-defined]
_PERSON: Any = PersonRow.__table__  # type: ignore[attr-defined]
_POST: Any = PostRow.__table__  # type: ignore[attr-defined]

# Made once, of the tables: every message is asked for the officers that it names.
_SOMEBODY: Any = (
    sa.select(_PERSON.c.name).join(_POST, _POST.c.person_id == _PERSON.c.id).where(_POST.c.role != Role.OFFICER)
)
_NAMED: Any = sa.select(_OFFICER.c.id, _OFFICER.c.name).where(
    _OFFICER.c.erased_at.is_(None),
    sa.bindparam("text", type_=sa.Text).contains(_OFFICER.c.name),
    _OFFICER.c.name.not_in(_SOMEBODY),
)
_OWN_NAMED: Any = _NAMED.where(
    _OFFICER.c.id.in_(
        sa.select(_SERVICE.c.officer_id)
        .join(_POST, _POST.c.unit_code == _SERVICE.c.unit_code)
        .join(_PERSON, _PERSON.c.id == _POST.c.person_id)
        .where(_PERSON.c.telegram_id == sa.bindparam("reader"), _POST.c.until.is_(None))
    )
)


async def mark(session: AsyncSession, text: str) -> str:
    """A text that somebody typed as it is kept: with marks for the officers whose names stand in it.

    A name that somebody else in the list of people bears is left as it was written: it may well be that one's.
    """
    return marked(text, await _officers(session, _NAMED, text=text))


async def mark_message(
    session: AsyncSession, texts: Sequence[str], *, reader: int, about: Collection[int] = ()
) -> list[str]:
    """Texts of one message as they are kept: with marks for the officers of the reader's own unit whom they name.

    `reader` is the chat. Those whom it is `about` stand in it by their marks already; other units' officers it leaves be.
    """
    found = await _officers(session, _OWN_NAMED, text="\n".join(texts), reader=reader)
    return [marked(text, found, about=about) for text in texts]


async def _officers(session: AsyncSession, query: Any, **values: object) -> list[Officer]:
    return [Officer(id_, name) for id_, name in await session.exec(query, params=values)]


async def is_somebody(session: AsyncSession, name: str) -> bool:
    """Whether somebody in the list of people, other than as an officer, bears a name."""
    query = _SOMEBODY.where(_PERSON.c.name == name).limit(1)
    return (await session.exec(query)).first() is not None


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
