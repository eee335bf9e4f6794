"""The tables. Rows stay inside storage; values of rules/ leave it."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from rules.calendar import Quarter
from rules.people import Role
from storage.types import BigId, Hundredths, QuarterCode, enum_column

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UpdateState(Enum):
    """Where a kept update is on its way."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class InboxRow(SQLModel, table=True):
    """An update as Telegram gave it, kept before Telegram is told that we have it."""

    __tablename__ = "inbox"
    __table_args__ = (sa.Index("ix_inbox_waiting", "state", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=120, unique=True)
    """What was said or pressed. Update ids restart at random after a quiet week, so they name nothing for ever."""
    chat_id: int = Field(sa_type=sa.BigInteger)
    """What is handled in order: the chat, or the person where there is none."""
    payload: str | None = Field(default=None, sa_type=sa.Text)
    state: UpdateState = Field(default=UpdateState.WAITING, sa_type=enum_column(UpdateState))
    tries: int = Field(default=0)
    error: str | None = Field(default=None, sa_type=sa.Text)
    received_at: datetime
    done_at: datetime | None = None


class PersonRow(SQLModel, table=True):
    """Somebody who was let in; a Telegram account is one person for ever."""

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    telegram_id: int = Field(sa_type=sa.BigInteger, unique=True)
    name: str = Field(max_length=128)
    joined_at: datetime


class PostRow(SQLModel, table=True):
    """A post of a person, from when to when."""

    __tablename__ = "post"
    __table_args__ = (sa.Index("ix_post_person_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="person.id", sa_type=BigId)
    role: Role = Field(sa_type=enum_column(Role))
    group_name: str | None = Field(default=None, max_length=64)
    unit_code: str | None = Field(default=None, max_length=32)
    own_unit_code: str | None = Field(default=None, max_length=32)
    since: datetime
    granted_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
    until: datetime | None = None
    ended_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)


class InvitationRow(SQLModel, table=True):
    """A one-time way in. The token itself is nowhere, only its hash."""

    __tablename__ = "invitation"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=120, unique=True)
    token_hash: str = Field(max_length=64, unique=True)
    role: Role = Field(sa_type=enum_column(Role))
    group_name: str | None = Field(default=None, max_length=64)
    unit_code: str | None = Field(default=None, max_length=32)
    own_unit_code: str | None = Field(default=None, max_length=32)
    made_by: int = Field(foreign_key="person.id", sa_type=BigId)
    made_at: datetime
    expires_at: datetime
    used_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
    used_at: datetime | None = None


class EntryKind(Enum):
    """What an entry of the ledger does."""

    DEDUCTION = "deduction"
    REVERSAL = "reversal"
    REASON = "reason"


class EntryRow(SQLModel, table=True):
    """The ledger: rows are added and never changed; triggers refuse UPDATE and DELETE (R11).

    A reversal repeats its deduction's unit, item and quarter with the points negated, so that a sum is a score;
    a reason added later is a row of zero points.
    """

    __tablename__ = "entry"
    __table_args__ = (
        sa.Index("ix_entry_score", "quarter", "unit_code", "item", "points"),
        sa.Index("ix_entry_author_id", "author_id", "id"),
        sa.Index("uq_entry_target_kind", "target_id", "kind", unique=True),
        sa.CheckConstraint(
            "(kind = 'deduction' AND points > 0 AND target_id IS NULL)"
            " OR (kind = 'reversal' AND points < 0 AND target_id IS NOT NULL)"
            " OR (kind = 'reason' AND points = 0 AND target_id IS NOT NULL)",
            name="kind",
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=120, unique=True)
    """What the person did: the message and its line, or the draft. Handled twice, it is counted once."""
    kind: EntryKind = Field(sa_type=enum_column(EntryKind))
    target_id: int | None = Field(default=None, foreign_key="entry.id", sa_type=BigId)
    unit_code: str = Field(max_length=32)
    item: str = Field(max_length=64)
    points: Decimal = Field(sa_type=Hundredths)
    quarter: Quarter = Field(sa_type=QuarterCode)
    inspected_on: date | None = None
    author_id: int = Field(foreign_key="person.id", sa_type=BigId)
    reason: str | None = Field(default=None, sa_type=sa.Text)
    at: datetime
    """The message's date, or when the press was taken in, UTC."""
    recorded_at: datetime
    """When the row was written, UTC."""


class InspectionRow(SQLModel, table=True):
    """检查完毕: a mark per unit and quarter (R7)."""

    __tablename__ = "inspection"
    __table_args__ = (sa.UniqueConstraint("quarter", "unit_code"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    quarter: Quarter = Field(sa_type=QuarterCode)
    unit_code: str = Field(max_length=32)
    person_id: int = Field(foreign_key="person.id", sa_type=BigId)
    at: datetime


class DraftRow(SQLModel, table=True):
    """A question that waits for a press: what was understood so far. It survives a restart."""

    __tablename__ = "draft"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=120, unique=True)
    person_id: int = Field(foreign_key="person.id", sa_type=BigId)
    chat_id: int = Field(sa_type=sa.BigInteger)
    kind: str = Field(max_length=16)
    content: str = Field(sa_type=sa.Text)
    """The words as typed and the choices made, as JSON."""
    revision: int = Field(default=0)
    state: str = Field(default="open", max_length=16)
    made_at: datetime


class CardRow(SQLModel, table=True):
    """A message of ours that is about an entry."""

    __tablename__ = "card"
    __table_args__ = (sa.Index("ix_card_entry_id", "entry_id"),)

    chat_id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    message_id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    entry_id: int = Field(foreign_key="entry.id", sa_type=BigId)
    asks: bool = Field(default=False)
    sent_at: datetime


class PictureRow(SQLModel, table=True):
    """A chart that was sent: the same one goes out again by Telegram's file_id, undrawn."""

    __tablename__ = "picture"

    digest: str = Field(primary_key=True, max_length=64)
    file_id: str = Field(max_length=255)
    sent_at: datetime


class BeginningRow(SQLModel, table=True):
    """When this bureau began: the quarter in which its database was made (Beginning). One row."""

    __tablename__ = "beginning"

    id: int | None = Field(default=1, primary_key=True)
    quarter: Quarter = Field(sa_type=QuarterCode)
    at: datetime
