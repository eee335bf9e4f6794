"""Several processes on one database: who they are, who leads, who has which chat in hand; PostgreSQL tells them of news."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NEWS = ("inbox", "push", "criteria")
"""Tables of whose new rows the other processes are told at once."""


def upgrade() -> None:
    op.create_table(
        "worker",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
    )
    op.create_table(
        "leadership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("term", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["worker.id"], name=op.f("fk_leadership_worker_id_worker"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leadership")),
    )
    op.execute("INSERT INTO leadership (id, term) VALUES (1, 0)")
    op.create_table(
        "lane",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("oldest", sa.BigInteger(), nullable=False),
        sa.Column("newest", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["worker.id"], name=op.f("fk_lane_worker_id_worker"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_lane")),
    )
    with op.batch_alter_table("lane", schema=None) as batch_op:
        batch_op.create_index("ix_lane_free", ["worker_id", "oldest"], unique=False)
    op.add_column(
        "push", sa.Column("worker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    if op.get_bind().dialect.name == "postgresql":
        _tell()


def _tell() -> None:
    op.execute(
        "CREATE FUNCTION tell_of_news() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_notify('kaoping', TG_TABLE_NAME); RETURN NULL; END $$"
    )
    for table in NEWS:
        op.execute(
            f"CREATE TRIGGER {table}_news AFTER INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION tell_of_news()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION tell_of_news() CASCADE")
    with op.batch_alter_table("push", schema=None) as batch_op:
        batch_op.drop_column("worker_id")
    op.drop_table("lane")
    op.drop_table("leadership")
    op.drop_table("worker")
