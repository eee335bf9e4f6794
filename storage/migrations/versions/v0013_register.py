"""The register of what decides, and where each chain ends: made of what stands."""

from secrets import token_hex

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

from storage.migrations.versions.v0001_first_tables import guard, unguard
from storage.register import register_what_stands

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CHAINED = ("entry", "officer_entry", "audit")


def upgrade() -> None:
    op.create_table(
        "chain_end",
        sa.Column("table_name", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("chain", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("seal", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "chain", name=op.f("pk_chain_end")),
    )
    op.create_table(
        "register",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("table_name", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("chain", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("chain_no", sa.BigInteger(), nullable=False),
        sa.Column("seal", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register")),
    )
    with op.batch_alter_table("register", schema=None) as batch_op:
        batch_op.create_index("uq_register_chain_chain_no", ["chain", "chain_no"], unique=True)
        batch_op.create_index("ix_register_row", ["table_name", "row_id", "id"], unique=False)
    op.add_column(
        "officer",
        sa.Column("salt", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False, server_default=""),
    )
    _salt_officers()
    for table in CHAINED:
        op.execute(
            "INSERT INTO chain_end (table_name, chain, count, seal)"
            f" SELECT '{table}', chain, chain_no, seal FROM {table} WHERE (chain, chain_no)"
            f" IN (SELECT chain, max(chain_no) FROM {table} GROUP BY chain)"
        )
    register_what_stands(op.get_bind())
    guard("register")


def _salt_officers() -> None:
    officer = sa.table("officer", sa.column("id"), sa.column("salt"), sa.column("erased_at"))
    ids = op.get_bind().execute(sa.select(officer.c.id).where(officer.c.erased_at.is_(None))).scalars().all()
    for id_ in ids:
        op.execute(sa.update(officer).where(officer.c.id == id_).values(salt=token_hex(16)))


def downgrade() -> None:
    unguard("register")
    op.drop_column("officer", "salt")
    op.drop_table("register")
    op.drop_table("chain_end")
