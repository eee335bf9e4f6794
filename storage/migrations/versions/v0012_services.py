"""Dates of service leave a trace, and messages that wait or were sent name officers by their ids (R9)."""

import json
import re

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

from storage.migrations.versions.v0001_first_tables import guard, unguard

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "service_proposal",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column("officer_id", BIG_ID, nullable=False),
        sa.Column("unit_code", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("asked_unit", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("made_by", BIG_ID, nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("decided_by", BIG_ID, nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_service_proposal_decided_by_person")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_service_proposal_made_by_person")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_service_proposal_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_proposal")),
        sa.UniqueConstraint("key", name=op.f("uq_service_proposal_key")),
    )  # fmt: skip
    with op.batch_alter_table("service") as batch_op:
        batch_op.add_column(sa.Column("supersedes_id", BIG_ID, nullable=True))
        batch_op.add_column(sa.Column("removed", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(
            sa.Column("act", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("by", BIG_ID, nullable=True))
        batch_op.add_column(sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.create_check_constraint("removed", "NOT removed OR supersedes_id IS NOT NULL")
        batch_op.create_foreign_key(
            batch_op.f("fk_service_supersedes_id_service"), "service", ["supersedes_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_service_by_person"), "person", ["by"], ["id"])
    with op.batch_alter_table("service") as batch_op:
        batch_op.create_index("uq_service_supersedes_id", ["supersedes_id"], unique=True)
    guard("service")
    _name_by_id()


def _name_by_id() -> None:
    """Put marks in the place of the names in the tables that heads were asked to sign: no other message holds any.

    Which officers stand in one, its return says; where a name stands, the lines do. Two of one name share a mark.
    """
    connection = op.get_bind()
    named = connection.execute(sa.text("SELECT id, name FROM officer WHERE name <> ''"))
    officers = {id_: _escaped(name) for id_, name in named}
    sent = connection.execute(sa.text("SELECT id, content FROM month_return"))
    returns = {id_: json.loads(content) for id_, content in sent}
    found = connection.execute(
        sa.text("SELECT id, key, text FROM push WHERE key LIKE 'mrs%' AND text <> ''")
    ).all()
    for push, key, text in found:
        match = re.fullmatch(r"mrs(\d+):\d+", key)
        if match is None or int(match[1]) not in returns:
            continue
        ids: dict[str, list[int]] = {}
        for one in returns[int(match[1])]:
            if one["officer"] in officers:
                ids.setdefault(officers[one["officer"]], []).append(one["officer"])
        lines = [_by_id(line, ids) for line in text.split("\n")]
        connection.execute(
            sa.text("UPDATE push SET text = :text WHERE id = :id"), {"text": "\n".join(lines), "id": push}
        )


def _by_id(line: str, ids: dict[str, list[int]]) -> str:
    """A line of such a table: `1. 张伟　…`, or `不计入：张伟（休假）、李强（借调）`."""
    names = "|".join(re.escape(name) for name in sorted(ids, key=len, reverse=True))
    if not names:
        return line

    def mark(match: re.Match[str]) -> str:
        return f"{match[1]}\ue000{','.join(map(str, sorted(ids[match[2]])))}\ue001"

    if line.startswith("不计入："):
        return re.sub(f"(^不计入：|、)({names})(?=（)", mark, line)
    return re.sub(rf"^(\d+\. )({names})(?=　)", mark, line)


def _escaped(name: str) -> str:
    """A name as HTML has it."""
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def downgrade() -> None:
    unguard("service")
    with op.batch_alter_table("service") as batch_op:
        batch_op.drop_index("uq_service_supersedes_id")
        batch_op.drop_constraint(batch_op.f("fk_service_by_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_service_supersedes_id_service"), type_="foreignkey")
        batch_op.drop_constraint("removed", type_="check")
    # What was superseded would stand again.
    op.execute(
        "DELETE FROM service WHERE removed OR id IN"
        " (SELECT supersedes_id FROM service WHERE supersedes_id IS NOT NULL)"
    )
    with op.batch_alter_table("service") as batch_op:
        for column in ("at", "by", "act", "removed", "supersedes_id"):
            batch_op.drop_column(column)
    op.drop_table("service_proposal")
