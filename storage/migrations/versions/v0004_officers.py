"""Officers, their methods, months and returns, and filed documents (R9, R10)."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import storage.types
from storage.migrations.versions.v0001_first_tables import guard, unguard

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

GUARDED = (
    "method", "method_verdict", "officer_entry", "mark", "month_return", "signature", "filing", "filing_verdict",
)  # fmt: skip
"""Tables whose rows are added and never changed."""


def upgrade() -> None:
    # A mark that a month was returned says nothing of what was: it is not carried over.
    op.drop_table("report")
    op.create_table(
        "officer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("duty", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("erased_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
    )
    op.create_table(
        "mark",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column("officer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_code", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("month", storage.types.MonthCode(length=7), nullable=False),
        sa.Column("mark", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_mark_by_person")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_mark_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark")),
        sa.UniqueConstraint("key", name=op.f("uq_mark_key")),
    )
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.create_index("ix_mark_month", ["unit_code", "month"], unique=False)

    op.create_table(
        "method",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("unit_code", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_method_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_method")),
        sa.UniqueConstraint("key", name=op.f("uq_method_key")),
        sa.UniqueConstraint("unit_code", "year", "version", name=op.f("uq_method_unit_code_year_version")),
    )
    op.create_table(
        "month_return",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("unit_code", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("month", storage.types.MonthCode(length=7), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("needs_signature", sa.Boolean(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_month_return_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_return")),
        sa.UniqueConstraint("key", name=op.f("uq_month_return_key")),
        sa.UniqueConstraint(
            "unit_code", "month", "version", name=op.f("uq_month_return_unit_code_month_version")
        ),
    )
    op.create_table(
        "officer_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("deduction", "reversal", "reason", name="entrykind", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("officer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_code", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("month", storage.types.MonthCode(length=7), nullable=False),
        sa.Column("item", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("points", storage.types.Hundredths(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=True),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("replaces_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("chain", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("chain_no", sa.BigInteger(), nullable=False),
        sa.Column("seal", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_officer_entry_author_id_person")),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_officer_entry_officer_id_officer")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["officer_entry.id"], name=op.f("fk_officer_entry_replaces_id_officer_entry")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["officer_entry.id"], name=op.f("fk_officer_entry_target_id_officer_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_officer_entry_key")),
    )
    with op.batch_alter_table("officer_entry", schema=None) as batch_op:
        batch_op.create_index("ix_officer_entry_author_id", ["author_id", "at"], unique=False)
        batch_op.create_index(
            "ix_officer_entry_score", ["unit_code", "month", "officer_id", "item", "points"], unique=False
        )
        batch_op.create_index("uq_officer_entry_chain_chain_no", ["chain", "chain_no"], unique=True)
        batch_op.create_index("uq_officer_entry_target_kind", ["target_id", "kind"], unique=True)

    op.create_table(
        "service",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("officer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_code", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_service_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
    )
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.create_index("ix_service_officer_id", ["officer_id"], unique=False)
        batch_op.create_index("ix_service_unit_code", ["unit_code"], unique=False)

    op.create_table(
        "filing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("unit_code", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_filing_by_person")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_filing_evidence_id_evidence")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing")),
        sa.UniqueConstraint("key", name=op.f("uq_filing_key")),
    )
    with op.batch_alter_table("filing", schema=None) as batch_op:
        batch_op.create_index("ix_filing_year", ["year", "kind", "unit_code"], unique=False)

    op.create_table(
        "method_verdict",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("method_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_method_verdict_by_person")),
        sa.ForeignKeyConstraint(["method_id"], ["method.id"], name=op.f("fk_method_verdict_method_id_method")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_method_verdict")),
        sa.UniqueConstraint("key", name=op.f("uq_method_verdict_key")),
        sa.UniqueConstraint("method_id", name=op.f("uq_method_verdict_method_id")),
    )
    op.create_table(
        "signature",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("return_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_signature_by_person")),
        sa.ForeignKeyConstraint(
            ["return_id"], ["month_return.id"], name=op.f("fk_signature_return_id_month_return")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint("return_id", name=op.f("uq_signature_return_id")),
    )
    op.create_table(
        "filing_verdict",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("filing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_filing_verdict_by_person")),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name=op.f("fk_filing_verdict_filing_id_filing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_verdict")),
        sa.UniqueConstraint("filing_id", name=op.f("uq_filing_verdict_filing_id")),
        sa.UniqueConstraint("key", name=op.f("uq_filing_verdict_key")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("officer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_invitation_officer_id_officer"), "officer", ["officer_id"], ["id"]
        )

    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("officer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_foreign_key(batch_op.f("fk_post_officer_id_officer"), "officer", ["officer_id"], ["id"])

    for table in GUARDED:
        guard(table)


def downgrade() -> None:
    for table in GUARDED:
        unguard(table)
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_post_officer_id_officer"), type_="foreignkey")
        batch_op.drop_column("officer_id")

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_invitation_officer_id_officer"), type_="foreignkey")
        batch_op.drop_column("officer_id")

    op.drop_table("filing_verdict")
    op.drop_table("signature")
    op.drop_table("method_verdict")
    with op.batch_alter_table("filing", schema=None) as batch_op:
        batch_op.drop_index("ix_filing_year")

    op.drop_table("filing")
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_index("ix_service_unit_code")
        batch_op.drop_index("ix_service_officer_id")

    op.drop_table("service")
    with op.batch_alter_table("officer_entry", schema=None) as batch_op:
        batch_op.drop_index("uq_officer_entry_target_kind")
        batch_op.drop_index("uq_officer_entry_chain_chain_no")
        batch_op.drop_index("ix_officer_entry_score")
        batch_op.drop_index("ix_officer_entry_author_id")

    op.drop_table("officer_entry")
    op.drop_table("month_return")
    op.drop_table("method")
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.drop_index("ix_mark_month")

    op.drop_table("mark")
    op.drop_table("officer")
    op.create_table(
        "report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("unit_code", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("month", "unit_code", name=op.f("uq_report_month_unit_code")),
    )
