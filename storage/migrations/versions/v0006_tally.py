"""What the ledger comes to by quarter, unit and item, kept beside it: made from the entries that are there."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import storage.types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("quarter", storage.types.QuarterCode(length=6), nullable=False),
        sa.Column("unit_code", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("item", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("points", storage.types.Hundredths(), nullable=False),
        sa.Column("living", sa.BigInteger(), nullable=False),
        sa.Column("vetoes", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("quarter", "unit_code", "item", name=op.f("pk_tally")),
    )
    op.execute(
        "INSERT INTO tally (quarter, unit_code, item, points, living, vetoes, changed_at)"
        " SELECT quarter, unit_code, item, sum(points),"
        " sum(CASE kind WHEN 'deduction' THEN 1 WHEN 'reversal' THEN -1 ELSE 0 END),"
        " sum(CASE WHEN NOT veto THEN 0 WHEN kind = 'deduction' THEN 1 WHEN kind = 'reversal' THEN -1 ELSE 0 END),"
        " max(recorded_at) FROM entry GROUP BY quarter, unit_code, item"
    )


def downgrade() -> None:
    op.drop_table("tally")
