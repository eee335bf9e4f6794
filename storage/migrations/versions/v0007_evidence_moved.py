"""A file can be moved to where it was meant to go: its attachment stays, and a newer row says that it does not hold (R11)."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.versions.v0001_first_tables import guard, unguard

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ONCE = "uq_attachment_evidence_id_entry_id_draft_id_appeal_id"


def upgrade() -> None:
    unguard("attachment")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("attached", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.drop_constraint(ONCE, type_="unique")
        batch_op.create_index("ix_attachment_evidence_id", ["evidence_id"], unique=False)
    guard("attachment")


def downgrade() -> None:
    unguard("attachment")
    op.execute(
        "DELETE FROM attachment WHERE NOT attached OR id NOT IN "
        "(SELECT max(id) FROM attachment GROUP BY evidence_id, entry_id, draft_id, appeal_id)"
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index("ix_attachment_evidence_id")
        batch_op.create_unique_constraint(ONCE, ["evidence_id", "entry_id", "draft_id", "appeal_id"])
        batch_op.drop_column("attached")
    guard("attachment")
