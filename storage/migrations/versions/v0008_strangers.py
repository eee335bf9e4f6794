"""Who is not in the list and waits for an answer, without a word of what was said; what waits is found by its chat."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stranger",
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("query_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("received_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "day", name=op.f("pk_stranger")),
    )
    op.create_index("ix_stranger_chat_id", "stranger", ["chat_id"])
    op.create_index("ix_stranger_waits", "stranger", ["waits", "received_at"])
    op.drop_index("ix_inbox_waiting", table_name="inbox")
    op.create_index("ix_inbox_waiting", "inbox", ["state", "chat_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_inbox_waiting", table_name="inbox")
    op.create_index("ix_inbox_waiting", "inbox", ["state", "id"])
    op.drop_table("stranger")
