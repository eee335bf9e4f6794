"""A proposal may decide an appeal: large decisions wait for a second person as corrections do (R8, R11)."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("proposal") as batch_op:
        batch_op.add_column(
            sa.Column("appeal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_foreign_key(batch_op.f("fk_proposal_appeal_id_appeal"), "appeal", ["appeal_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("proposal") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_proposal_appeal_id_appeal"), type_="foreignkey")
        batch_op.drop_column("appeal_id")
