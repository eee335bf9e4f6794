"""Questions that wait for a press. They survive a restart, and another process carries on."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.draft import DeductionDraft
from storage.tables import DraftRow

_DEDUCTION = TypeAdapter(DeductionDraft)


class DraftState(Enum):
    """Where a question stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft as it is kept. A press carries id and revision, so that an old button is known as one."""

    id: int
    person_id: int
    revision: int
    state: DraftState
    draft: DeductionDraft

    @property
    def key(self) -> str:
        """The key of the entry that comes of it: pressed thrice, it is written once."""
        return f"d:{self.id}"


async def open_(
    session: AsyncSession, draft: DeductionDraft, *, key: str, person_id: int, chat_id: int, now: datetime
) -> Kept:
    """Keep a new question; the same message finds the one it asked before."""
    row = (await session.exec(select(DraftRow).where(DraftRow.key == key))).one_or_none()
    if row is None:
        row = DraftRow(key=key, person_id=person_id, chat_id=chat_id, kind="deduction", content="", made_at=now)
    if row.state == DraftState.OPEN.value and row.revision == 0:
        row.content = _DEDUCTION.dump_json(draft).decode()
    session.add(row)
    await session.flush()
    return _value(row)


async def find(session: AsyncSession, draft_id: int) -> Kept | None:
    """The draft of an id, whoever's it is."""
    row = (await session.exec(select(DraftRow).where(DraftRow.id == draft_id).with_for_update())).one_or_none()
    return None if row is None else _value(row)


async def advance(session: AsyncSession, kept: Kept, draft: DeductionDraft, state: DraftState) -> Kept:
    """Put the next question, or the end, in the place of this one."""
    await session.exec(
        sa.update(DraftRow)
        .where(col(DraftRow.id) == kept.id)
        .values(content=_DEDUCTION.dump_json(draft).decode(), revision=kept.revision + 1, state=state.value)
    )
    return Kept(kept.id, kept.person_id, kept.revision + 1, state, draft)


def _value(row: DraftRow) -> Kept:
    assert row.id is not None
    draft = _DEDUCTION.validate_json(row.content)
    return Kept(row.id, row.person_id, row.revision, DraftState(row.state), draft)
