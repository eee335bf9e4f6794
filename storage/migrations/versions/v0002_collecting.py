"""Corrections, evidence, appeals, notices, the audit trail, and the seals of the ledger (Trace)."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from alembic.operations import BatchOperations

import storage.types
from storage.hash_chain import FIRST, digest
from storage.migrations.versions.v0001_first_tables import guard, unguard

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GUARDED = ("audit", "evidence", "attachment", "criteria")
"""Tables whose rows are added and never changed."""

EARLIER = "-"
"""The chain of what was written before there were chains."""

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

KINDS_BEFORE = (
    "(kind = 'deduction' AND points > 0 AND target_id IS NULL)"
    " OR (kind = 'reversal' AND points < 0 AND target_id IS NOT NULL)"
    " OR (kind = 'reason' AND points = 0 AND target_id IS NOT NULL)"
)
KINDS = (
    "(kind = 'deduction' AND (points > 0 OR (veto AND points = 0)) AND target_id IS NULL)"
    " OR (kind = 'reversal' AND (points < 0 OR (veto AND points = 0)) AND target_id IS NOT NULL)"
    " OR (kind = 'reason' AND points = 0 AND target_id IS NOT NULL)"
)

UTC = sqlmodel.sql.sqltypes.UTCDateTime()
ENTRY = sa.table(
    "entry",
    sa.column("id"), sa.column("key"), sa.column("kind"), sa.column("target_id"), sa.column("unit_code"), sa.column("item"),
    sa.column("points"), sa.column("quarter"), sa.column("inspected_on", sa.Date()), sa.column("author_id"),
    sa.column("reason"), sa.column("at", UTC), sa.column("recorded_at", UTC),
)  # fmt: skip
ENTRY_SEALS = sa.table("entry", sa.column("id"), sa.column("chain_no"), sa.column("seal"))
"""The ledger as it was when this migration was written, its points in hundredths."""


def upgrade() -> None:
    op.create_table(
        "binding",
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("group_name", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("bound_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["bound_by"], ["person.id"], name=op.f("fk_binding_bound_by_person")),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_binding")),
    )
    op.create_table(
        "criteria",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("category", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_criteria_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criteria")),
        sa.UniqueConstraint("key", name=op.f("uq_criteria_key")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column("file_id", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column("as_photo", sa.Boolean(), nullable=False),
        sa.Column("album", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_evidence_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("key", name=op.f("uq_evidence_key")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_album", ["album", "person_id"], unique=False)

    op.create_table(
        "setting",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_setting_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "name", name=op.f("pk_setting")),
    )
    op.create_table(
        "appeal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_code", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("quarter", storage.types.QuarterCode(length=6), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("points", storage.types.Hundredths(), nullable=True),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_appeal_decided_by_person")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_appeal_entry_id_entry")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_appeal_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_appeal_entry_id")),
        sa.UniqueConstraint("key", name=op.f("uq_appeal_key")),
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index("ix_appeal_state", ["state", "quarter"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=True),
        sa.Column("act", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("telegram_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_code", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("chain", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("chain_no", sa.BigInteger(), nullable=False),
        sa.Column("seal", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_audit_entry_id_entry")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_audit_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("key", name=op.f("uq_audit_key")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_at", ["at"], unique=False)
        batch_op.create_index("uq_audit_chain_chain_no", ["chain", "chain_no"], unique=True)

    op.create_table(
        "proposal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("unit_code", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True),
        sa.Column("item", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("points", storage.types.Hundredths(), nullable=True),
        sa.Column("entry_reason", sa.Text(), nullable=True),
        sa.Column("criterion", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True),
        sa.Column("criterion_text", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("veto", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_proposal_decided_by_person")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_proposal_entry_id_entry")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_proposal_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("key", name=op.f("uq_proposal_key")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_entry_id", ["entry_id", "state"], unique=False)

    op.create_table(
        "push",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("buttons", sa.Text(), nullable=False),
        sa.Column("together", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("sent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_push_entry_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push")),
        sa.UniqueConstraint("key", name=op.f("uq_push_key")),
    )
    with op.batch_alter_table("push", schema=None) as batch_op:
        batch_op.create_index("ix_push_due", ["state", "due_at"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("evidence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("draft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("appeal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_attachment_appeal_id_appeal")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_attachment_draft_id_draft")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_attachment_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_attachment_evidence_id_evidence")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint(
            "evidence_id",
            "entry_id",
            "draft_id",
            "appeal_id",
            name=op.f("uq_attachment_evidence_id_entry_id_draft_id_appeal_id"),
        ),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index("ix_attachment_appeal_id", ["appeal_id"], unique=False)
        batch_op.create_index("ix_attachment_draft_id", ["draft_id"], unique=False)
        batch_op.create_index("ix_attachment_entry_id", ["entry_id"], unique=False)

    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.add_column(sa.Column("message_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("last_deed", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=True))
        batch_op.create_index("ix_draft_person_id", ["person_id", "chat_id", "state"], unique=False)

    _extend_entries()
    for table in GUARDED:
        guard(table)


def _extend_entries() -> None:
    """The ledger's new columns; what stands in it already becomes the beginning of a chain of its own."""
    unguard("entry")
    with op.batch_alter_table("entry") as batch_op:
        batch_op.add_column(sa.Column("replaces_id", BIG_ID, nullable=True))
        batch_op.add_column(sa.Column("criterion", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True))
        batch_op.add_column(
            sa.Column("criterion_text", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=True)
        )
        batch_op.add_column(sa.Column("times", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("veto", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(
            sa.Column(
                "chain", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False, server_default=EARLIER
            )
        )
        batch_op.add_column(sa.Column("chain_no", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(
            sa.Column("seal", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False, server_default="")
        )
        _drop_check(batch_op)
        batch_op.create_check_constraint("kind", KINDS)
        batch_op.create_foreign_key(batch_op.f("fk_entry_replaces_id_entry"), "entry", ["replaces_id"], ["id"])
    _seal_earlier()
    with op.batch_alter_table("entry") as batch_op:
        batch_op.create_index("uq_entry_replaces_id", ["replaces_id"], unique=True)
        batch_op.create_index("uq_entry_chain_chain_no", ["chain", "chain_no"], unique=True)
    guard("entry")


def _drop_check(batch_op: BatchOperations) -> None:
    """Take the old check away; rebuilding a table for SQLite leaves it behind by itself."""
    if op.get_bind().dialect.name != "sqlite":
        batch_op.drop_constraint("kind", type_="check")


def _seal_earlier() -> None:
    """Seal the rows that were written before there were seals, in the order of their numbers."""
    connection, before = op.get_bind(), FIRST
    for number, row in enumerate(connection.execute(sa.select(ENTRY).order_by(ENTRY.c.id)).all(), start=1):
        values = [*row, None, None, None, 1, False, EARLIER, number]
        before = digest(before, values)
        connection.execute(
            sa.update(ENTRY_SEALS).where(ENTRY_SEALS.c.id == row.id).values(chain_no=number, seal=before)
        )


def downgrade() -> None:
    for table in (*GUARDED, "entry"):
        unguard(table)
    with op.batch_alter_table("entry") as batch_op:
        batch_op.drop_index("uq_entry_replaces_id")
        batch_op.drop_index("uq_entry_chain_chain_no")
        _drop_check(batch_op)
        batch_op.create_check_constraint("kind", KINDS_BEFORE)
        batch_op.drop_constraint(batch_op.f("fk_entry_replaces_id_entry"), type_="foreignkey")
        for column in (
            "seal",
            "chain_no",
            "chain",
            "veto",
            "times",
            "criterion_text",
            "criterion",
            "replaces_id",
        ):
            batch_op.drop_column(column)
    guard("entry")

    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index("ix_draft_person_id")
        batch_op.drop_column("last_deed")
        batch_op.drop_column("message_id")

    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index("ix_attachment_entry_id")
        batch_op.drop_index("ix_attachment_draft_id")
        batch_op.drop_index("ix_attachment_appeal_id")

    op.drop_table("attachment")
    with op.batch_alter_table("push", schema=None) as batch_op:
        batch_op.drop_index("ix_push_due")

    op.drop_table("push")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index("ix_proposal_entry_id")

    op.drop_table("proposal")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("uq_audit_chain_chain_no")
        batch_op.drop_index("ix_audit_at")

    op.drop_table("audit")
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.drop_index("ix_appeal_state")

    op.drop_table("appeal")
    op.drop_table("setting")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_album")

    op.drop_table("evidence")
    op.drop_table("criteria")
    op.drop_table("binding")
