"""Charts and kept files that were sent before: by the digest of what they are, Telegram's file_id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import PictureRow
from storage.upserts import overwriting


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart or a file that went out: the digest of what it is, Telegram's file_id, and the aware moment."""

    digest: str
    file_id: str
    sent_at: datetime


_PICTURE: Any = PictureRow.__table__  # type: ignore[attr-defined]
_FIND: Any = sa.select(_PICTURE.c.file_id).where(_PICTURE.c.digest == sa.bindparam("digest"))
_REMEMBERING = overwriting(_PICTURE)


async def find(session: AsyncSession, digest: str) -> str | None:
    """The file_id of a picture that was sent before."""
    found: str | None = (await session.exec(_FIND, params={"digest": digest})).scalar_one_or_none()
    return found


async def remember(session: AsyncSession, sent: Sequence[Picture]) -> None:
    """Keep the file_ids under which Telegram has these pictures; of one that was drawn twice, the later one's."""
    if not sent:
        return
    rows = [
        {"digest": picture.digest, "file_id": picture.file_id, "sent_at": picture.sent_at}
        for picture in {picture.digest: picture for picture in sent}.values()
    ]
    await session.exec(_REMEMBERING[session.get_bind().dialect.name], params=rows)
