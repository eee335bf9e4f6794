"""The register: what every row that decides something was, each time it was written, in a chain of its own (R11).

Whoever changes such a row below the program leaves a row that is not what was registered. A row is registered by the
mapper, in the flush that writes it; so these tables are written row by row, and never by statements that change many.
"""

import hashlib
import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import hash_chain
from storage.stored import Stored
from storage.tables import (
    AcknowledgementRow,
    AppealRow,
    AttachmentRow,
    BeginningRow,
    BindingRow,
    CriteriaRow,
    EvidenceRow,
    ExtensionRow,
    FilingRow,
    FilingVerdictRow,
    InspectionRow,
    InvitationRow,
    LeadRow,
    MarkRow,
    MethodRow,
    MethodVerdictRow,
    MonthReturnRow,
    OfficerRow,
    PersonRow,
    PostRow,
    ProposalRow,
    RegisterRow,
    ResultRow,
    ServiceProposalRow,
    ServiceRow,
    SignatureRow,
    StepRow,
)

CHAIN = "register"

Values = dict[str, Any]
"""What is registered of a row, by column."""

REGISTERED: tuple[type[Any], ...] = (
    ResultRow, StepRow, ExtensionRow, LeadRow, AcknowledgementRow, InspectionRow, BeginningRow,
    PersonRow, PostRow, InvitationRow, BindingRow,
    AppealRow, ProposalRow, EvidenceRow, AttachmentRow, CriteriaRow,
    OfficerRow, ServiceRow, ServiceProposalRow, MethodRow, MethodVerdictRow, MarkRow, MonthReturnRow, SignatureRow,
    FilingRow, FilingVerdictRow,
)  # fmt: skip
"""The tables whose rows decide something and stand in no chain of their own."""

HASHED = {"person": {"name"}}
"""Besides all long texts: what people are called is recognised and not kept."""

LEFT_OUT = {"evidence": {"name"}}
"""What may be cleared later and decides nothing."""

MIXED = {"officer": ("salt", "name", "number", "duty")}
"""Personal data: one hash of all of them, with a salt that is cleared when they are."""

MAY_CHANGE = {
    "person": {"name"},
    "post": {"until", "ended_by"},
    "invitation": {"token_hash", "expires_at", "used_by", "used_at"},
    "binding": {"group_name", "bound_by", "at"},
    "appeal": {"state", "points", "decision", "decided_by", "decided_at"},
    "proposal": {"state", "decision", "decided_by", "decided_at"},
    "service_proposal": {"state", "decided_by", "decided_at"},
    "officer": {"mixed", "erased_at"},
}
"""The columns of a row that may be other ones later; of the tables that are not here none may.

So whoever changes a row and registers it once more, at the end of the chain where no seal says otherwise, is found, too.
"""

CLOSED_BY = {
    "post": "until", "invitation": "used_at", "appeal": "decided_at", "proposal": "decided_at",
    "service_proposal": "decided_at", "officer": "erased_at",
}  # fmt: skip
"""The column that ends it: once it is set, nothing of the row changes any more."""

REMOVABLE = {"binding"}
"""The tables whose rows may be taken away, and made anew under the same key."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not as it was registered.

    `columns` differ, and `gone` says that the row is missing; neither: it was never registered.
    """

    table: str
    row: int
    columns: tuple[str, ...] = ()
    gone: bool = False


def content(table: sa.Table, row: Mapping[str, Any]) -> str:
    """What is registered of a row, by its columns' names; it stays so for ever, or old rows would no longer fit."""
    values = {name: _value(table, name, value) for name, value in row.items()}
    for name in LEFT_OUT.get(table.name, ()):
        values.pop(name, None)
    mixed = MIXED.get(table.name)
    if mixed is not None:
        values["mixed"] = _hash("\n".join(str(row[name]) for name in mixed))
        for name in mixed:
            del values[name]
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _value(table: sa.Table, name: str, value: Any) -> Any:
    hashed = isinstance(table.columns[name].type, sa.Text) or name in HASHED.get(table.name, ())
    return _hash(value) if hashed and isinstance(value, str) else hash_chain.plain(value)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@event.listens_for(Session, "after_flush")
def _register(session: Session, _: object) -> None:
    """Register what a flush has written, in the same transaction."""
    rows = [_written(row) for row in session.new if isinstance(row, REGISTERED)]
    rows += [_written(row) for row in session.dirty if isinstance(row, REGISTERED) and session.is_modified(row)]
    rows += [_row_of(row, None) for row in session.deleted if isinstance(row, REGISTERED)]
    if rows:
        hash_chain.add_all_within(session.connection(), rows)


def _written(row: Any) -> RegisterRow:
    table = row.__table__
    return _row_of(row, content(table, {column.name: getattr(row, column.name) for column in table.columns}))


def _row_of(row: Any, text: str | None) -> RegisterRow:
    table = row.__table__
    (key,) = table.primary_key.columns
    return RegisterRow(table_name=table.name, row_id=getattr(row, key.name), content=text, chain=CHAIN)


def register_what_stands(connection: sa.Connection, kinds: Iterable[type[Any]] = REGISTERED) -> None:
    """Register the rows that are there before the register is, with the columns that the database has by now."""
    inspector = sa.inspect(connection)
    for kind in kinds:
        table = kind.__table__
        there = {column["name"] for column in inspector.get_columns(table.name)}
        columns = [column for column in table.columns if column.name in there]
        (key,) = table.primary_key.columns
        last = None
        while True:
            query = sa.select(*columns).order_by(key).limit(500)
            found = connection.execute(query if last is None else query.where(key > last)).mappings().all()
            if not found:
                break
            last = found[-1][key.name]
            hash_chain.add_all_within(
                connection,
                [
                    RegisterRow(
                        table_name=table.name,
                        row_id=row[key.name],
                        content=content(table, dict(row)),
                        chain=CHAIN,
                    )
                    for row in found
                ],
            )


async def is_there(session: AsyncSession) -> bool:
    """Whether the database is of a migration that has a register."""
    connection = await session.connection()
    return await connection.run_sync(lambda sync: sa.inspect(sync).has_table(RegisterRow.__tablename__))


async def differences(
    session: AsyncSession, kind: type[Any], *, after: int | None, limit: int
) -> tuple[list[Difference], int | None]:
    """What differs among the next rows of a table, whose ids follow `after`; the last id, None where none follows.

    Rows that were registered and are missing are looked at in their turn, too.
    """
    table: Any = kind.__table__
    (key,) = table.primary_key.columns
    register: Any = RegisterRow.__table__  # type: ignore[attr-defined]
    ids = await _next_ids(session, key, register, after, limit)
    if not ids:
        return [], None
    connection = await session.connection()
    stored = Stored(table.c, connection.dialect)
    query = sa.select(*stored.columns).where(key.in_(ids))
    rows = {row._mapping[key.name]: stored.read(row) for row in await connection.execute(query)}
    of_rows = (
        sa.select(register.c.row_id, register.c.content)
        .where(register.c.chain == CHAIN, register.c.table_name == table.name, register.c.row_id.in_(ids))
        .order_by(register.c.chain_no)
    )
    registered: dict[int, list[Values | None]] = {}
    for id_, text in await connection.execute(of_rows):
        registered.setdefault(id_, []).append(None if text is None else _read(text))
    found = [_compared(table, id_, rows.get(id_), registered.get(id_, [])) for id_ in ids]
    return [difference for difference in found if difference is not None], ids[-1]


async def _next_ids(
    session: AsyncSession, key: Any, register: Any, after: int | None, limit: int
) -> Sequence[int]:
    of_rows = sa.select(key.label("id"))
    of_register = sa.select(register.c.row_id.label("id")).where(register.c.table_name == key.table.name)
    if after is not None:
        of_rows, of_register = of_rows.where(key > after), of_register.where(register.c.row_id > after)
    both = sa.union(
        sa.select(of_rows.order_by(key).limit(limit).subquery()),
        sa.select(of_register.distinct().order_by(register.c.row_id).limit(limit).subquery()),
    ).subquery()
    query = sa.select(both.c.id).order_by(both.c.id).limit(limit)
    return (await (await session.connection()).execute(query)).scalars().all()


def _read(text: str) -> Values:
    """What was registered; nothing, where a row of the register was changed, which its chain shows."""
    try:
        values = json.loads(text)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def _compared(
    table: sa.Table,
    id_: int,
    row: tuple[list[Any], tuple[str, ...]] | None,
    registered: Sequence[Values | None],
) -> Difference | None:
    newest = registered[-1] if registered else None
    taken_away = None in registered and table.name not in REMOVABLE
    if row is None or taken_away:
        return Difference(table.name, id_, gone=True) if newest is not None or taken_away else None
    if newest is None:
        return Difference(table.name, id_)
    values, strange = row
    if strange:
        return Difference(table.name, id_, strange)
    names = (column.name for column in table.columns)
    stands: Values = json.loads(content(table, dict(zip(names, values, strict=True))))
    columns = _changed(newest, stands)
    for before, after in itertools.pairwise(registered):
        columns |= _not_meant_to_change(table.name, before, after)
    return Difference(table.name, id_, tuple(columns)) if columns else None


def _changed(registered: Values, stands: Values) -> dict[str, None]:
    """The columns that differ, in order. A column that was added since is in none of the older rows."""
    return dict.fromkeys(name for name, value in registered.items() if stands.get(name, value) != value)


def _not_meant_to_change(table: str, before: Values | None, after: Values | None) -> dict[str, None]:
    """The columns that differ between two registrations of a row, although the program never changes them."""
    if before is None or after is None:
        return {}
    changed = _changed(before, after)
    if before.get(CLOSED_BY.get(table, "")) is not None:
        return changed
    return dict.fromkeys(name for name in changed if name not in MAY_CHANGE.get(table, ()))
