"""An inspection can be taken back: its mark stays, and a newer row says that it does not hold (R7, R11)."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.versions.v0001_first_tables import guard, unguard

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.add_column(sa.Column("inspected", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.drop_constraint("uq_inspection_quarter_unit_code", type_="unique")
        batch_op.create_index("ix_inspection_quarter", ["quarter", "unit_code"], unique=False)
    guard("inspection")


def downgrade() -> None:
    unguard("inspection")
    op.execute("DELETE FROM inspection WHERE NOT inspected")
    op.execute(
        "DELETE FROM inspection WHERE id NOT IN (SELECT max(id) FROM inspection GROUP BY quarter, unit_code)"
    )
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.drop_index("ix_inspection_quarter")
        batch_op.create_unique_constraint("uq_inspection_quarter_unit_code", ["quarter", "unit_code"])
        batch_op.drop_column("inspected")
