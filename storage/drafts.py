"""Questions that wait for a press or a text. They survive a restart, and another process carries on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.draft import (
    AppealDraft,
    BatchDraft,
    CorrectionDraft,
    CriteriaDraft,
    DeductionDraft,
    FilesDraft,
    FilingDraft,
    GiveBackDraft,
    ImportDraft,
    MethodDraft,
    MonthlyDraft,
    MonthTableDraft,
    NameDraft,
    OfficerBatchDraft,
    OfficerDraft,
    OfficerNoteDraft,
    ReasonDraft,
    RosterDraft,
    StepDraft,
    TableDraft,
    TakeBackDraft,
    is_about,
)
from rules.refusals import QuestionEnded
from rules.services import Member
from storage import mentions
from storage.tables import DraftRow, OfficerRow

Draft = (
    DeductionDraft
    | BatchDraft
    | ReasonDraft
    | FilesDraft
    | CorrectionDraft
    | AppealDraft
    | CriteriaDraft
    | StepDraft
    | OfficerDraft
    | OfficerBatchDraft
    | OfficerNoteDraft
    | MonthlyDraft
    | MonthTableDraft
    | GiveBackDraft
    | FilingDraft
    | RosterDraft
    | MethodDraft
    | ImportDraft
    | TableDraft
    | TakeBackDraft
    | NameDraft
)
D = TypeVar("D", bound=Draft)

KINDS: dict[str, type[Any]] = {
    "deduction": DeductionDraft,
    "batch": BatchDraft,
    "reason": ReasonDraft,
    "files": FilesDraft,
    "correction": CorrectionDraft,
    "appeal": AppealDraft,
    "criteria": CriteriaDraft,
    "step": StepDraft,
    "officer": OfficerDraft,
    "officer_batch": OfficerBatchDraft,
    "officer_note": OfficerNoteDraft,
    "monthly": MonthlyDraft,
    "month_table": MonthTableDraft,
    "give_back": GiveBackDraft,
    "filing": FilingDraft,
    "roster": RosterDraft,
    "method": MethodDraft,
    "import": ImportDraft,
    "table": TableDraft,
    "take_back": TakeBackDraft,
    "name": NameDraft,
}
ABOUT_UNITS = (DeductionDraft, BatchDraft, ImportDraft)
"""Questions about deductions from units."""
_NAMES = {kind: name for name, kind in KINDS.items()}


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    """What reads and writes a kind, made when it is needed first: to make all of them would hold up every start."""
    return TypeAdapter(KINDS[kind])


class DraftState(Enum):
    """Where a question stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"
    ENDED = "ended"
    """The person's posts changed while it was open."""


@dataclass(frozen=True, slots=True)
class Kept(Generic[D]):
    """A draft as it is kept. A press carries id and revision, so that an old button is known as one."""

    id: int
    person_id: int
    chat_id: int
    message_id: int | None
    revision: int
    state: DraftState
    draft: D
    last_deed: str | None
    made_at: datetime
    """When it was asked first, UTC."""

    @property
    def key(self) -> str:
        """The key of the entry that comes of it: pressed thrice, it is written once."""
        return f"d:{self.id}"


_DRAFT: Any = DraftRow.__table__  # type: ignore[attr-defined]
# Made once, of the table: every message is asked for the draft that it opened.
_OPENED_BY: Any = sa.select(_DRAFT).where(_DRAFT.c.key == sa.bindparam("key"))


async def open_(
    session: AsyncSession, draft: D, *, key: str, person_id: int, chat_id: int, now: datetime
) -> Kept[D]:
    """Keep a new question; the same message finds the one it asked before, as far as it has come. QuestionEnded."""
    row = (await session.exec(select(DraftRow).where(DraftRow.key == key))).one_or_none()
    if row is None:
        row = DraftRow(
            key=key,
            person_id=person_id,
            chat_id=chat_id,
            kind=_NAMES[type(draft)],
            content=_json(draft),
            made_at=now,
        )
        session.add(row)
        await session.flush()
    elif not row.content:
        row.kind, row.content, row.state, row.made_at = (
            _NAMES[type(draft)], _json(draft), DraftState.OPEN.value, now,
        )  # fmt: skip
        row.revision, row.last_deed = row.revision + 1, None
        session.add(row)
        await session.flush()
    check_going_on(DraftState(row.state))
    return _value(row)


async def find(session: AsyncSession, draft_id: int) -> Kept[Any] | None:
    """The draft of an id, whoever's it is."""
    row = (await session.exec(select(DraftRow).where(DraftRow.id == draft_id))).one_or_none()
    return _kept(row)


async def of_deed(session: AsyncSession, key: str) -> Kept[Any] | None:
    """The draft that this deed moved last: handled again, it only shows where it stands. QuestionEnded."""
    row = (await session.exec(select(DraftRow).where(DraftRow.last_deed == key))).first()
    return _going_on(row)


async def opened_by(session: AsyncSession, key: str) -> Kept[Any] | None:
    """The draft that this message opened. QuestionEnded."""
    row = (await session.exec(_OPENED_BY, params={"key": key})).one_or_none()
    return _going_on(row)


async def open_in(
    session: AsyncSession,
    *,
    person_id: int,
    chat_id: int,
    since: datetime,
    state: DraftState = DraftState.OPEN,
) -> list[Kept[Any]]:
    """The person's open drafts in a chat, or those in another state, made `since` (aware) or later, newest first."""
    query = (
        select(DraftRow)
        .where(
            DraftRow.person_id == person_id,
            DraftRow.chat_id == chat_id,
            DraftRow.state == state.value,
            DraftRow.made_at >= since,
        )
        .order_by(col(DraftRow.id).desc())
    )
    return [_value(row) for row in await session.exec(query) if row.content]


async def waiting_files(
    session: AsyncSession, *, person_id: int | None = None, before: datetime | None = None
) -> list[Kept[FilesDraft]]:
    """The files that wait for their place, oldest first: a person's, or those sent before an aware moment (R11)."""
    query = select(DraftRow).where(DraftRow.kind == "files", DraftRow.state == DraftState.OPEN.value)
    if person_id is not None:
        query = query.where(DraftRow.person_id == person_id)
    if before is not None:
        query = query.where(DraftRow.made_at < before)
    return [_value(row) for row in await session.exec(query.order_by(col(DraftRow.id))) if row.content]


async def in_message(session: AsyncSession, chat_id: int, message_id: int) -> Kept[Any] | None:
    """The draft that a message of ours shows, while it is open and where it ended with its person's posts."""
    query = select(DraftRow).where(
        DraftRow.chat_id == chat_id,
        DraftRow.message_id == message_id,
        col(DraftRow.state).in_([DraftState.OPEN.value, DraftState.ENDED.value]),
    )
    row = (await session.exec(query)).first()
    return _kept(row)


async def advance(session: AsyncSession, kept: Kept[D], draft: D, state: DraftState, *, deed: str) -> Kept[D]:
    """Put the next question, or the end, in the place of this one. QuestionEnded where the posts changed meanwhile."""
    row = (await session.exec(select(DraftRow).where(DraftRow.id == kept.id))).one()
    check_going_on(DraftState(row.state))
    row.content, row.revision, row.state = _json(draft), kept.revision + 1, state.value
    row.last_deed = deed
    session.add(row)
    await session.flush()
    return _value(row)


async def placed(session: AsyncSession, kept: Kept[D], message_id: int) -> None:
    """Keep which message shows the question."""
    await session.exec(sa.update(DraftRow).where(col(DraftRow.id) == kept.id).values(message_id=message_id))


async def forget(session: AsyncSession, member: Member) -> None:
    """Clear the questions that are about an officer; everybody else's stay as they are.

    An open one about points of the unit stays until it is answered: nobody makes a deduction go away by erasing a name.
    """
    name, id_ = member.officer.name, member.officer.id
    namesakes = select(OfficerRow.number).where(OfficerRow.name == name, OfficerRow.id != id_)
    others = list((await session.exec(namesakes)).all())
    shared = bool(others) or await mentions.is_somebody(session, name)
    query: Any = sa.select(
        col(DraftRow.id), col(DraftRow.kind), col(DraftRow.content), col(DraftRow.state)
    ).where(col(DraftRow.content) != "")
    ids = [
        draft
        for draft, kind, content, state in await session.exec(query)
        if not (state == DraftState.OPEN.value and issubclass(KINDS[kind], ABOUT_UNITS))
        and is_about(_adapter(kind).validate_json(content), member, set(others) - {""}, shared=shared)
    ]
    await _clear(session, col(DraftRow.id).in_(ids))


async def end(session: AsyncSession, person_ids: Collection[int]) -> None:
    """End every open question of these persons, in the transaction in which their posts change."""
    await session.exec(
        sa.update(DraftRow)
        .where(col(DraftRow.person_id).in_(person_ids), col(DraftRow.state) == DraftState.OPEN.value)
        .values(state=DraftState.ENDED.value)
    )


async def clear(session: AsyncSession, *, before: datetime) -> int:
    """Forget what was typed for questions that were asked before an aware moment; how many.

    The rows stay, so that no old button is taken for another question's.
    """
    return await _clear(session, col(DraftRow.made_at) < before)


async def _clear(session: AsyncSession, which: Any) -> int:
    ended = sa.case(
        (col(DraftRow.state) == DraftState.OPEN.value, DraftState.DROPPED.value), else_=col(DraftRow.state)
    )
    result = await session.exec(
        sa.update(DraftRow).where(which, col(DraftRow.content) != "").values(content="", state=ended)
    )
    return int(result.rowcount)


def _json(draft: Draft) -> str:
    return str(_adapter(_NAMES[type(draft)]).dump_json(draft).decode())


def check_going_on(state: DraftState) -> None:
    """Refuse a question that ended when its person's posts changed: QuestionEnded."""
    if state is DraftState.ENDED:
        raise QuestionEnded


def _going_on(row: Any) -> Kept[Any] | None:
    kept = _kept(row)
    if kept is not None:
        check_going_on(kept.state)
    return kept


def _kept(row: Any) -> Kept[Any] | None:
    """The draft of a row; None where there is none, or its content was cleared."""
    return _value(row) if row is not None and row.content else None


def _value(row: Any) -> Kept[Any]:
    assert row.id is not None
    return Kept(
        row.id, row.person_id, row.chat_id, row.message_id, row.revision, DraftState(row.state),
        _adapter(row.kind).validate_json(row.content), row.last_deed, row.made_at,
    )  # fmt: skip
