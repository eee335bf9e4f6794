"""Rows written in the place of those that have the same key."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite


def overwriting(table: Any) -> dict[str, Any]:
    """By the name of the dialect, what inserts rows into a table, and overwrites all but the primary key where it is there.

    To be made once for each table: its parameters are the rows.
    """
    keys = [column.name for column in table.primary_key]
    found = {}
    for name, insert in (("sqlite", insert_sqlite), ("postgresql", insert_postgresql)):
        statement = insert(table)
        new = {
            column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys
        }
        found[name] = statement.on_conflict_do_update(index_elements=keys, set_=new)
    return found
