"""Charts that were sent before: by the digest of what they show, Telegram's file_id."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import PictureRow


async def find(session: AsyncSession, digest: str) -> str | None:
    """The file_id of a picture that was sent before."""
    row = await session.get(PictureRow, digest)
    return None if row is None else row.file_id


async def remember(session: AsyncSession, digest: str, file_id: str, *, now: datetime) -> None:
    """Keep the file_id under which Telegram has the picture."""
    await session.merge(PictureRow(digest=digest, file_id=file_id, sent_at=now))


async def forget(session: AsyncSession, digest: str) -> None:
    """Telegram no longer takes this file_id."""
    await session.exec(sa.delete(PictureRow).where(col(PictureRow.digest) == digest))
