"""The tables. Rows stay inside storage; values of rules/ leave it."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from secrets import token_hex

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from rules.calendar import Quarter
from rules.months import Month
from rules.people import Role
from rules.turning_away import Why
from storage.types import BigId, Hundredths, MonthCode, QuarterCode, enum_column

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """A row of any table. It validates nothing, so that pydantic need not make a validator of each with every start."""

    model_config = {"defer_build": True}


class UpdateState(Enum):
    """Where a kept update is on its way."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class InboxRow(Row, table=True):
    """An update as Telegram gave it, kept before Telegram is told that we have it."""

    __tablename__ = "inbox"
    __table_args__ = (sa.Index("ix_inbox_waiting", "state", "chat_id", "id"),)

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


class StrangerRow(Row, table=True):
    """An account that was turned away on a day, and whether it waits to be told; nothing of what it said.

    `account_id` is the chat where no account stands for it.
    """

    __tablename__ = "stranger"
    __table_args__ = (
        sa.Index("ix_stranger_chat_id", "chat_id"),
        sa.Index("ix_stranger_waits", "waits", "received_at"),
    )

    account_id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    day: date = Field(primary_key=True)
    """The bureau's day."""
    chat_id: int = Field(sa_type=sa.BigInteger)
    """Where it is told."""
    message_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    query_id: str | None = Field(default=None, max_length=64)
    """The press of a button that it is told over."""
    why: Why = Field(sa_type=enum_column(Why))
    received_at: datetime
    waits: bool


class WorkerRow(Row, table=True):
    """A process that works on the database beside others; deleted when it leaves, or when the others bury it."""

    __tablename__ = "worker"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    seen_at: datetime
    """When it was last heard of, by the database's own clock."""


class LeadershipRow(Row, table=True):
    """Which process fetches, plans and pushes; one row."""

    __tablename__ = "leadership"

    id: int = Field(primary_key=True)
    worker_id: int | None = Field(default=None, foreign_key="worker.id", sa_type=BigId, ondelete="SET NULL")
    term: int = Field(default=0, sa_type=sa.BigInteger)
    """Counts the changes of leader: the fencing number."""


class LaneRow(Row, table=True):
    """A chat with updates that wait, and the process that handles them; deleted once none waits."""

    __tablename__ = "lane"
    __table_args__ = (sa.Index("ix_lane_free", "worker_id", "oldest"),)

    chat_id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    oldest: int = Field(sa_type=sa.BigInteger)
    """The update with which it came up: who waits longest is taken first."""
    newest: int = Field(sa_type=sa.BigInteger)
    """The last update that came in."""
    worker_id: int | None = Field(default=None, foreign_key="worker.id", sa_type=BigId, ondelete="SET NULL")


class PersonRow(Row, table=True):
    """Somebody who was let in; a Telegram account is one person for ever."""

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    telegram_id: int = Field(sa_type=sa.BigInteger, unique=True)
    name: str = Field(max_length=128)
    joined_at: datetime


class PostRow(Row, table=True):
    """A post of a person, from when to when."""

    __tablename__ = "post"
    __table_args__ = (sa.Index("ix_post_person_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="person.id", sa_type=BigId)
    role: Role = Field(sa_type=enum_column(Role))
    group_name: str | None = Field(default=None, max_length=64)
    unit_code: str | None = Field(default=None, max_length=32)
    own_unit_code: str | None = Field(default=None, max_length=32)
    officer_id: int | None = Field(default=None, foreign_key="officer.id", sa_type=BigId)
    since: datetime
    granted_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
    until: datetime | None = None
    ended_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)


class InvitationRow(Row, table=True):
    """A one-time way in. The token itself is nowhere, only its hash."""

    __tablename__ = "invitation"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=120, unique=True)
    token_hash: str = Field(max_length=64, unique=True)
    role: Role = Field(sa_type=enum_column(Role))
    group_name: str | None = Field(default=None, max_length=64)
    unit_code: str | None = Field(default=None, max_length=32)
    own_unit_code: str | None = Field(default=None, max_length=32)
    officer_id: int | None = Field(default=None, foreign_key="officer.id", sa_type=BigId)
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


class EntryRow(Row, table=True):
    """The ledger: rows are added and never changed; triggers refuse UPDATE and DELETE (R11).

    A reversal repeats its deduction's unit, item and quarter with the points negated, so that a sum is a score;
    a reason added later is a row of zero points.
    """

    __tablename__ = "entry"
    __table_args__ = (
        sa.Index("ix_entry_score", "quarter", "unit_code", "item", "points"),
        sa.Index("ix_entry_author_id", "author_id", "id"),
        sa.Index("uq_entry_target_kind", "target_id", "kind", unique=True),
        sa.Index("uq_entry_replaces_id", "replaces_id", unique=True),
        sa.Index("uq_entry_chain_chain_no", "chain", "chain_no", unique=True),
        sa.CheckConstraint(
            "(kind = 'deduction' AND (points > 0 OR (veto AND points = 0)) AND target_id IS NULL)"
            " OR (kind = 'reversal' AND (points < 0 OR (veto AND points = 0)) AND target_id IS NOT NULL)"
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
    replaces_id: int | None = Field(default=None, foreign_key="entry.id", sa_type=BigId)
    criterion: str | None = Field(default=None, max_length=16)
    criterion_text: str | None = Field(default=None, max_length=255)
    """As it read that day: the config may change, the entry does not."""
    times: int = Field(default=1)
    veto: bool = Field(default=False)
    chain: str = Field(max_length=64)
    """The group: each has a chain of its own, so that what two groups write needs no common order."""
    chain_no: int = Field(default=0, sa_type=sa.BigInteger)
    seal: str = Field(default="", max_length=64)
    """The hash of the row and of the seal before it."""


class TallyRow(Row, table=True):
    """What the entries on an item of a unit in a quarter come to: kept in the transaction that adds an entry.

    The ledger is right: this can be made from it anew at any time (`storage/running_totals.py`).
    """

    __tablename__ = "tally"

    quarter: Quarter = Field(primary_key=True, sa_type=QuarterCode)
    unit_code: str = Field(primary_key=True, max_length=32)
    item: str = Field(primary_key=True, max_length=64)
    points: Decimal = Field(sa_type=Hundredths)
    living: int = Field(sa_type=sa.BigInteger)
    """Deductions that were not taken back."""
    vetoes: int = Field(sa_type=sa.BigInteger)
    """Those of them that are vetoes."""
    changed_at: datetime
    """When the last entry was written, UTC."""


class InspectionRow(Row, table=True):
    """检查完毕: that a unit was inspected in a quarter, or that this was taken back; the newest counts (R7). Added only."""

    __tablename__ = "inspection"
    __table_args__ = (sa.Index("ix_inspection_quarter", "quarter", "unit_code"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    quarter: Quarter = Field(sa_type=QuarterCode)
    unit_code: str = Field(max_length=32)
    person_id: int = Field(foreign_key="person.id", sa_type=BigId)
    at: datetime
    inspected: bool = Field(default=True)


class DraftRow(Row, table=True):
    """A question that waits for a press: what was understood so far. It survives a restart."""

    __tablename__ = "draft"
    __table_args__ = (sa.Index("ix_draft_person_id", "person_id", "chat_id", "state"),)

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
    message_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    """The message of ours that shows the question and is edited in place."""
    last_deed: str | None = Field(default=None, max_length=120)
    """The press or text that brought it to this revision: handled again, it moves nothing."""


class CardRow(Row, table=True):
    """A message of ours that is about an entry."""

    __tablename__ = "card"
    __table_args__ = (sa.Index("ix_card_entry_id", "entry_id"),)

    chat_id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    message_id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    entry_id: int = Field(foreign_key="entry.id", sa_type=BigId)
    asks: bool = Field(default=False)
    sent_at: datetime


class PictureRow(Row, table=True):
    """A chart or a kept file that was sent: the same one goes out again by Telegram's file_id."""

    __tablename__ = "picture"

    digest: str = Field(primary_key=True, max_length=64)
    file_id: str = Field(max_length=255)
    sent_at: datetime


class BeginningRow(Row, table=True):
    """When this bureau began: the quarter in which its database was made (Beginning). One row."""

    __tablename__ = "beginning"

    id: int | None = Field(default=1, primary_key=True)
    quarter: Quarter = Field(sa_type=QuarterCode)
    at: datetime


class AuditRow(Row, table=True):
    """What was done beside the ledger: joins, removals, refusals, decisions. Added only, and chained like the ledger."""

    __tablename__ = "audit"
    __table_args__ = (
        sa.Index("uq_audit_chain_chain_no", "chain", "chain_no", unique=True),
        sa.Index("ix_audit_at", "at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str | None = Field(default=None, max_length=160, unique=True)
    act: str = Field(max_length=24)
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
    telegram_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    unit_code: str | None = Field(default=None, max_length=32)
    entry_id: int | None = Field(default=None, foreign_key="entry.id", sa_type=BigId)
    detail: str = Field(default="", sa_type=sa.Text)
    at: datetime
    chain: str = Field(max_length=64)
    chain_no: int = Field(default=0, sa_type=sa.BigInteger)
    seal: str = Field(default="", max_length=64)


class RegisterRow(Row, table=True):
    """What each row of a table that decides something was when it was written: added with it, and chained.

    Its newest row says how the row has to stand (`storage/register.py`).
    """

    __tablename__ = "register"
    __table_args__ = (
        sa.Index("uq_register_chain_chain_no", "chain", "chain_no", unique=True),
        sa.Index("ix_register_row", "table_name", "row_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    table_name: str = Field(max_length=32)
    row_id: int = Field(sa_type=sa.BigInteger)
    content: str | None = Field(default=None, sa_type=sa.Text)
    """The row's values by column, as JSON, what people wrote as its hash; None where the row was taken away."""
    chain: str = Field(max_length=64)
    chain_no: int = Field(default=0, sa_type=sa.BigInteger)
    seal: str = Field(default="", max_length=64)


class ChainEndRow(Row, table=True):
    """Where a chain ends, kept with each row that is added to it: rows taken off the end are missed."""

    __tablename__ = "chain_end"

    table_name: str = Field(primary_key=True, max_length=32)
    chain: str = Field(primary_key=True, max_length=64)
    count: int = Field(sa_type=sa.BigInteger)
    seal: str = Field(max_length=64)


class EvidenceRow(Row, table=True):
    """A file that somebody sent: its bytes lie in the vault by their hash. Added only."""

    __tablename__ = "evidence"
    __table_args__ = (sa.Index("ix_evidence_album", "album", "person_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=120, unique=True)
    digest: str = Field(max_length=64)
    size: int = Field(sa_type=sa.BigInteger)
    media: str = Field(max_length=16)
    name: str = Field(default="", max_length=255)
    file_id: str = Field(max_length=255)
    as_photo: bool = Field(default=False)
    album: str | None = Field(default=None, max_length=64)
    person_id: int = Field(foreign_key="person.id", sa_type=BigId)
    at: datetime


class AttachmentRow(Row, table=True):
    """What a file is evidence of: an entry, an appeal, or a draft that becomes one; the newest row of both counts. Added only."""

    __tablename__ = "attachment"
    __table_args__ = (
        sa.Index("ix_attachment_evidence_id", "evidence_id"),
        sa.Index("ix_attachment_entry_id", "entry_id"),
        sa.Index("ix_attachment_draft_id", "draft_id"),
        sa.Index("ix_attachment_appeal_id", "appeal_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    evidence_id: int = Field(foreign_key="evidence.id", sa_type=BigId)
    entry_id: int | None = Field(default=None, foreign_key="entry.id", sa_type=BigId)
    draft_id: int | None = Field(default=None, foreign_key="draft.id", sa_type=BigId)
    appeal_id: int | None = Field(default=None, foreign_key="appeal.id", sa_type=BigId)
    at: datetime
    attached: bool = Field(default=True)
    """False: it was moved elsewhere, or is no evidence."""


class ProposalRow(Row, table=True):
    """A correction, or an appeal's decision, that waits for a second person; until then the old entry counts (Replacement)."""

    __tablename__ = "proposal"
    __table_args__ = (sa.Index("ix_proposal_entry_id", "entry_id", "state"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=120, unique=True)
    entry_id: int = Field(foreign_key="entry.id", sa_type=BigId)
    appeal_id: int | None = Field(default=None, foreign_key="appeal.id", sa_type=BigId)
    """The appeal that it decides, where it is no correction."""
    reason: str = Field(sa_type=sa.Text)
    unit_code: str | None = Field(default=None, max_length=32)
    item: str | None = Field(default=None, max_length=64)
    points: Decimal | None = Field(default=None, sa_type=Hundredths)
    entry_reason: str | None = Field(default=None, sa_type=sa.Text)
    criterion: str | None = Field(default=None, max_length=16)
    criterion_text: str | None = Field(default=None, max_length=255)
    times: int = Field(default=1)
    veto: bool = Field(default=False)
    inspected_on: date | None = None
    made_by: int = Field(foreign_key="person.id", sa_type=BigId)
    made_at: datetime
    state: str = Field(default="waiting", max_length=16)
    decided_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
    decided_at: datetime | None = None
    decision: str | None = Field(default=None, sa_type=sa.Text)


class AppealRow(Row, table=True):
    """An appeal (申诉) against an entry, and what became of it."""

    __tablename__ = "appeal"
    __table_args__ = (sa.Index("ix_appeal_state", "state", "quarter"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=120, unique=True)
    entry_id: int = Field(foreign_key="entry.id", sa_type=BigId, unique=True)
    unit_code: str = Field(max_length=32)
    quarter: Quarter = Field(sa_type=QuarterCode)
    text: str = Field(sa_type=sa.Text)
    made_by: int = Field(foreign_key="person.id", sa_type=BigId)
    made_at: datetime
    state: str = Field(default="open", max_length=16)
    points: Decimal | None = Field(default=None, sa_type=Hundredths)
    decided_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
    decided_at: datetime | None = None
    decision: str | None = Field(default=None, sa_type=sa.Text)


class PushRow(Row, table=True):
    """A message that the bot sends of itself: planned once, claimed before it is sent, marked after."""

    __tablename__ = "push"
    __table_args__ = (
        sa.Index("ix_push_due", "state", "due_at"),
        sa.Index("ix_push_kind", "kind", "state", "day"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=160, unique=True)
    """What, for whom, which day."""
    chat_id: int = Field(sa_type=sa.BigInteger)
    text: str = Field(sa_type=sa.Text)
    """HTML."""
    buttons: str = Field(default="[]", sa_type=sa.Text)
    """Rows of [label, data], as JSON."""
    together: bool = Field(default=False)
    """Due with others for the same chat, it goes out in one message with them."""
    entry_id: int | None = Field(default=None, foreign_key="entry.id", sa_type=BigId)
    """Once it is out, the chat's person was told of this entry."""
    kind: str = Field(default="notice", max_length=16)
    """What it is to its reader: a notice, a reminder, a step of a quarter, a publication, the seals."""
    day: date | None = None
    """The bureau's day that a reminder is of: on a later day it is stale."""
    chart: str | None = Field(default=None, sa_type=sa.Text)
    """The picture above the text, as plain values in JSON."""
    state: str = Field(default="planned", max_length=16)
    due_at: datetime
    tries: int = Field(default=0)
    claimed_at: datetime | None = None
    worker_id: int | None = Field(default=None, sa_type=BigId)
    """The process that has it in hand, or had it last, among several."""
    sent_at: datetime | None = None
    error: str | None = Field(default=None, sa_type=sa.Text)


class SettingRow(Row, table=True):
    """What a person chose for itself."""

    __tablename__ = "setting"

    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=BigId)
    name: str = Field(primary_key=True, max_length=32)
    value: str = Field(max_length=64)


class BindingRow(Row, table=True):
    """A group chat that is an assessment group's own."""

    __tablename__ = "binding"

    chat_id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    group_name: str = Field(max_length=64)
    bound_by: int = Field(foreign_key="person.id", sa_type=BigId)
    at: datetime


class CriteriaRow(Row, table=True):
    """The criteria of a category as they were imported; the newest counts. Added only."""

    __tablename__ = "criteria"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=120, unique=True)
    category: str = Field(max_length=64)
    content: str = Field(sa_type=sa.Text)
    """By item, as JSON."""
    person_id: int = Field(foreign_key="person.id", sa_type=BigId)
    at: datetime


class StepRow(Row, table=True):
    """A step of a group's quarter: submitted, returned, confirmed, published (R7). Added only."""

    __tablename__ = "step"
    __table_args__ = (sa.Index("ix_step_quarter", "quarter", "group_name"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=120, unique=True)
    group_name: str = Field(max_length=64)
    quarter: Quarter = Field(sa_type=QuarterCode)
    move: str = Field(max_length=16)
    by: int = Field(foreign_key="person.id", sa_type=BigId)
    at: datetime
    reason: str | None = Field(default=None, sa_type=sa.Text)
    waved: str = Field(default="[]", sa_type=sa.Text)
    """The codes of the units that went in uninspected, as JSON."""
    lead: str | None = Field(default=None, max_length=128)
    """The name of the quarter's lead that the confirmation bears."""
    late: int = Field(default=0)
    """Whole days after the deadline."""


class ExtensionRow(Row, table=True):
    """Another last day of a group's quarter; the newest counts (Extension). Added only."""

    __tablename__ = "extension"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=120, unique=True)
    group_name: str = Field(max_length=64)
    quarter: Quarter = Field(sa_type=QuarterCode)
    last_day: date
    reason: str = Field(sa_type=sa.Text)
    by: int = Field(foreign_key="person.id", sa_type=BigId)
    at: datetime


class LeadRow(Row, table=True):
    """The leader of a quarter (带队局领导) where it is another than the config's; the newest counts. Added only."""

    __tablename__ = "lead"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=120, unique=True)
    quarter: Quarter = Field(sa_type=QuarterCode)
    person_id: int = Field(foreign_key="person.id", sa_type=BigId)
    by: int = Field(foreign_key="person.id", sa_type=BigId)
    at: datetime


class ResultRow(Row, table=True):
    """A unit's confirmed score of a quarter, with all that it was made of (R7). Added only."""

    __tablename__ = "result"
    __table_args__ = (sa.UniqueConstraint("quarter", "unit_code"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    quarter: Quarter = Field(sa_type=QuarterCode)
    unit_code: str = Field(max_length=32)
    unit_name: str = Field(max_length=64)
    category: str = Field(max_length=64)
    sequence: str = Field(max_length=64)
    group_name: str = Field(max_length=64)
    items: str = Field(sa_type=sa.Text)
    """[name, points, deducted] of each item in order, the numbers as text, as JSON."""
    total: Decimal = Field(sa_type=Hundredths)
    inspected: bool
    vetoed: bool
    at: datetime


class AcknowledgementRow(Row, table=True):
    """签收: a unit has seen its published result. Added only."""

    __tablename__ = "acknowledgement"
    __table_args__ = (sa.UniqueConstraint("quarter", "unit_code"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    quarter: Quarter = Field(sa_type=QuarterCode)
    unit_code: str = Field(max_length=32)
    person_id: int = Field(foreign_key="person.id", sa_type=BigId)
    at: datetime


class WatchRow(Row, table=True):
    """The last day of the bureau for which a chat's reminders were looked at: each day is looked at once."""

    __tablename__ = "watch"

    chat_id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    day: date


class OfficerRow(Row, table=True):
    """An officer (民警). All personal data stand here and nowhere else: entries, marks and returns hold the id only."""

    __tablename__ = "officer"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str = Field(max_length=64)
    number: str = Field(default="", max_length=32)
    """The badge number (警号), empty where the unit gave none."""
    duty: str = Field(default="", max_length=32)
    """The post as the unit calls it."""
    salt: str = Field(default_factory=lambda: token_hex(16), max_length=32)
    """What the register mixes into the hash of these three; it goes with them, so that nobody can guess at them."""
    erased_at: datetime | None = None


class ServiceRow(Row, table=True):
    """From when until when, both days included, an officer belongs to a unit (R9).

    Added only: other dates are a row that supersedes the former one, and a service that was none is a row that supersedes
    it and is `removed`. What nothing supersedes and is not removed stands.
    """

    __tablename__ = "service"
    __table_args__ = (
        sa.Index("ix_service_officer_id", "officer_id"),
        sa.Index("ix_service_unit_code", "unit_code"),
        sa.Index("uq_service_supersedes_id", "supersedes_id", unique=True),
        sa.CheckConstraint("NOT removed OR supersedes_id IS NOT NULL", name="removed"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    officer_id: int = Field(foreign_key="officer.id", sa_type=BigId)
    unit_code: str = Field(max_length=32)
    since: date
    until: date | None = None
    supersedes_id: int | None = Field(default=None, foreign_key="service.id", sa_type=BigId)
    removed: bool = Field(default=False)
    act: str = Field(default="", max_length=24)
    """What it was written by, as the audit trail calls it; empty where that was not kept yet."""
    by: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
    at: datetime | None = None
    """When it was written, UTC; None: before that was kept."""


class ServiceProposalRow(Row, table=True):
    """Dates of service that reach into another unit's month, or into a returned one: they wait for its consent (R9)."""

    __tablename__ = "service_proposal"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=160, unique=True)
    officer_id: int = Field(foreign_key="officer.id", sa_type=BigId)
    unit_code: str = Field(max_length=32)
    """The unit that proposes it."""
    asked_unit: str | None = Field(default=None, max_length=32)
    """The unit that is asked; None: the office alone."""
    before: str = Field(sa_type=sa.Text)
    """The officer's services when it was proposed, as JSON: should they be others by then, nothing is changed."""
    after: str = Field(sa_type=sa.Text)
    made_by: int = Field(foreign_key="person.id", sa_type=BigId)
    made_at: datetime
    state: str = Field(default="waiting", max_length=16)
    decided_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
    decided_at: datetime | None = None


class MethodRow(Row, table=True):
    """A version of a unit's own part of the method by which it assesses its officers (R9). Added only."""

    __tablename__ = "method"
    __table_args__ = (sa.UniqueConstraint("unit_code", "year", "version"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=120, unique=True)
    unit_code: str = Field(max_length=32)
    year: int
    version: int
    items: str = Field(sa_type=sa.Text)
    """The items with their points and aliases, as JSON."""
    by: int = Field(foreign_key="person.id", sa_type=BigId)
    at: datetime


class MethodVerdictRow(Row, table=True):
    """The office's word on a version of a method. Added only."""

    __tablename__ = "method_verdict"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=120, unique=True)
    method_id: int = Field(foreign_key="method.id", sa_type=BigId, unique=True)
    accepted: bool
    reason: str | None = Field(default=None, sa_type=sa.Text)
    by: int = Field(foreign_key="person.id", sa_type=BigId)
    at: datetime


class OfficerEntryRow(Row, table=True):
    """The ledger of the officers' months, kept like the units' own: added only, chained, one chain a unit (R9, R11)."""

    __tablename__ = "officer_entry"
    __table_args__ = (
        sa.Index("ix_officer_entry_score", "unit_code", "month", "officer_id", "item", "points"),
        sa.Index("ix_officer_entry_author_id", "author_id", "at"),
        sa.Index("uq_officer_entry_target_kind", "target_id", "kind", unique=True),
        sa.Index("uq_officer_entry_chain_chain_no", "chain", "chain_no", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=160, unique=True)
    kind: EntryKind = Field(sa_type=enum_column(EntryKind))
    target_id: int | None = Field(default=None, foreign_key="officer_entry.id", sa_type=BigId)
    officer_id: int = Field(foreign_key="officer.id", sa_type=BigId)
    unit_code: str = Field(max_length=32)
    month: Month = Field(sa_type=MonthCode)
    item: str = Field(max_length=64)
    points: Decimal = Field(sa_type=Hundredths)
    found_on: date | None = None
    """The day that it is about, where it is another than the message's."""
    author_id: int = Field(foreign_key="person.id", sa_type=BigId)
    reason: str | None = Field(default=None, sa_type=sa.Text)
    at: datetime
    """The message's date, or when the press was taken in, UTC."""
    recorded_at: datetime
    """When the row was written, UTC."""
    replaces_id: int | None = Field(default=None, foreign_key="officer_entry.id", sa_type=BigId)
    chain: str = Field(max_length=64)
    chain_no: int = Field(default=0, sa_type=sa.BigInteger)
    seal: str = Field(default="", max_length=64)


class MarkRow(Row, table=True):
    """A mark of an officer's month: a month without service, or another coefficient; empty takes it back. Added only."""

    __tablename__ = "mark"
    __table_args__ = (sa.Index("ix_mark_month", "unit_code", "month"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=160, unique=True)
    officer_id: int = Field(foreign_key="officer.id", sa_type=BigId)
    unit_code: str = Field(max_length=32)
    month: Month = Field(sa_type=MonthCode)
    mark: str = Field(max_length=32)
    by: int = Field(foreign_key="person.id", sa_type=BigId)
    at: datetime


class MonthReturnRow(Row, table=True):
    """A version of a unit's month as it was returned to the office (R9). Added only."""

    __tablename__ = "month_return"
    __table_args__ = (sa.UniqueConstraint("unit_code", "month", "version"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=120, unique=True)
    unit_code: str = Field(max_length=32)
    month: Month = Field(sa_type=MonthCode)
    version: int
    content: str = Field(sa_type=sa.Text)
    """The officers by id with their items and results, as JSON."""
    reason: str | None = Field(default=None, sa_type=sa.Text)
    needs_signature: bool
    by: int = Field(foreign_key="person.id", sa_type=BigId)
    at: datetime


class SignatureRow(Row, table=True):
    """The unit's head signed a return, or gave it back with a reason: once. Added only."""

    __tablename__ = "signature"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    return_id: int = Field(foreign_key="month_return.id", sa_type=BigId, unique=True)
    accepted: bool
    reason: str | None = Field(default=None, sa_type=sa.Text)
    by: int = Field(foreign_key="person.id", sa_type=BigId)
    at: datetime


class FilingRow(Row, table=True):
    """A version of a document that was filed (备案, R10); its bytes lie in the vault. Added only."""

    __tablename__ = "filing"
    __table_args__ = (sa.Index("ix_filing_year", "year", "kind", "unit_code"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=120, unique=True)
    kind: str = Field(max_length=32)
    unit_code: str | None = Field(default=None, max_length=32)
    year: int
    version: int
    evidence_id: int = Field(foreign_key="evidence.id", sa_type=BigId)
    by: int = Field(foreign_key="person.id", sa_type=BigId)
    at: datetime


class FilingVerdictRow(Row, table=True):
    """The office's word on a filed document. Added only."""

    __tablename__ = "filing_verdict"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(max_length=120, unique=True)
    filing_id: int = Field(foreign_key="filing.id", sa_type=BigId, unique=True)
    accepted: bool
    reason: str | None = Field(default=None, sa_type=sa.Text)
    by: int = Field(foreign_key="person.id", sa_type=BigId)
    at: datetime
