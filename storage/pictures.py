"""Charts that were sent before: by the digest of what they show, Telegram's file_id."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import PictureRow

_PICTURE: Any = PictureRow.__table__  # type: ignore[attr-defined]
_FIND: Any = sa.select(_PICTURE.c.file_id).where(_PICTURE.c.digest == sa.bindparam("digest"))


async def find(session: AsyncSession, digest: str) -> str | None:
    """The file_id of a picture that was sent before."""
    found: str | None = (await session.exec(_FIND, params={"digest": digest})).scalar_one_or_none()
    return found


async def remember(session: AsyncSession, digest: str, file_id: str, *, now: datetime) -> None:
    """Keep the file_id under which Telegram has the picture; of two processes that drew it, the later one's."""
    insert: Any = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    statement = insert(PictureRow).values(digest=digest, file_id=file_id, sent_at=now)
    newest = {"file_id": file_id, "sent_at": now}
    await session.exec(statement.on_conflict_do_update(index_elements=["digest"], set_=newest))


async def forget(session: AsyncSession, digest: str) -> None:
    """Telegram no longer takes this file_id."""
    await session.exec(sa.delete(PictureRow).where(col(PictureRow.digest) == digest))
