"""Somebody who has the database's file: what can be done to it below the program, the triggers out of the way."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, create_engine, select

from storage import hash_chain, register
from storage.tables import AuditRow, EntryRow

Deed = Callable[[sqlite3.Connection], Any]


@contextmanager
def unguarded(file: Path) -> Iterator[sqlite3.Connection]:
    """The file with its triggers dropped, which are there again afterwards."""
    with closing(sqlite3.connect(file)) as db:
        triggers = db.execute("SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        yield db
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for _, sql, table in triggers:
            if table in tables:
                db.execute(sql)
        db.commit()


def sql(*statements: str) -> Deed:
    """What these statements do, each to at least one row."""

    def do(db: sqlite3.Connection) -> None:
        for statement in statements:
            assert db.execute(statement).rowcount > 0, statement

    return do


def reseal(file: Path, kind: type[Any], name: str) -> None:
    """Number and seal a chain anew, as the program would have: there is no key to it."""
    engine = create_engine(f"sqlite:///{file}")
    before = hash_chain.FIRST
    with Session(engine) as session, session.begin():
        rows = session.exec(select(kind).where(kind.chain == name).order_by(kind.id)).all()
        for number, row in enumerate(rows, start=1):
            row.chain_no = number
            before = row.seal = hash_chain.seal(row, before)
    engine.dispose()


def append_forged(file: Path) -> None:
    """An entry more at the end of the stations' chain, sealed as it has to be."""
    engine = create_engine(f"sqlite:///{file}")
    with Session(engine) as session, session.begin():
        last = session.exec(select(EntryRow).order_by(sa.desc(EntryRow.id))).first()
        assert last is not None
        values = {column.name: getattr(last, column.name) for column in EntryRow.__table__.columns}
        forged = EntryRow(**{**values, "id": (last.id or 0) + 1, "key": "forged", "target_id": None})
        forged.kind, forged.points, forged.replaces_id = type(last.kind).DEDUCTION, abs(last.points), None
        forged.chain_no = last.chain_no + 1
        forged.seal = hash_chain.seal(forged, last.seal)
        session.add(forged)
    engine.dispose()


def slip_in(file: Path, number: int) -> None:
    """A reversal under a number that is none of its chain, counted in the sums."""
    with unguarded(file) as db:
        sql(
            "INSERT INTO entry SELECT (SELECT max(id) + 1 FROM entry), 'slipped in', 'reversal', id, unit_code, item,"
            " -points, quarter, NULL, author_id, '误记', at, recorded_at, NULL, NULL, NULL, 1, 0, chain,"
            f" {number}, '{'0' * 64}' FROM entry WHERE id = 2",
            "UPDATE tally SET points = 0, living = 0 WHERE unit_code = 'dongmen'",
        )(db)


def register_once_more(file: Path, kind: type[Any], id_: int) -> None:
    """What stands of a row now, at the end of the register, sealed as it has to be: no older seal says otherwise."""
    engine = create_engine(f"sqlite:///{file}")
    with Session(engine) as session, session.begin():
        row = session.get(kind, id_)
        hash_chain.add_all_within(session.connection(), [register._written(row)])
    engine.dispose()


def forget_confirmations(file: Path) -> None:
    """Every confirmation goes from the trail, and the trail is sealed anew."""
    with unguarded(file) as db:
        sql("DELETE FROM audit WHERE act = 'confirmed'")(db)
        db.commit()
        reseal(file, AuditRow, "audit")


def rewrite_a_result(file: Path, chain_name: str) -> None:
    """An entry, its chain, the sum and the confirmed result of it, so that each fits the others."""
    with unguarded(file) as db:
        sql(
            "UPDATE entry SET points = 50 WHERE id = 2",
            "UPDATE tally SET points = 50 WHERE unit_code = 'dongmen'",
            "UPDATE result SET total = total + 100, items = replace(items, '\"1.5\"', '\"0.5\"') WHERE unit_code = 'dongmen'",
        )(db)
        db.commit()
        reseal(file, EntryRow, chain_name)
