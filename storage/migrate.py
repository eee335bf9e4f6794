"""Bringing a database to the newest migration."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"

MIGRATING = 0x6B616F04
"""The key of PostgreSQL's advisory lock that is held by who migrates: several processes may start at once."""


class DatabaseNewer(Exception):
    """The database was brought to a migration, the error's text, that this program does not have."""


def newest() -> str:
    """The revision of the newest script, read off the files' names: Alembic is loaded only where something is to do."""
    return max(path.name[1:5] for path in (MIGRATIONS / "versions").glob("v[0-9]*.py"))


def is_known(revision: str) -> bool:
    """Whether this program has a migration; a newer program's is unknown."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(alembic_config())
    return revision in {script.revision for script in scripts.walk_revisions()}


def alembic_config() -> "Config":
    """Alembic's settings: the scripts beside this file; the connection comes with each call."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


async def migrate(database: Database, revision: str = "head") -> None:
    """Bring the database up to a revision; nothing happens where it is there already. DatabaseNewer, DatabaseFault."""

    def upgrade(connection: Connection) -> None:
        if revision == "head" and _revision_of(connection) == newest():
            return
        from alembic import command

        with _alone(connection):
            # Whoever waited finds it done.
            found = _revision_of(connection)
            if revision == "head" and found == newest():
                return
            if found is not None and not is_known(found):
                raise DatabaseNewer(found)
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)

    await database.run_sync(upgrade)


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """One process migrates at a time, and takes as long as it takes; SQLite has one process anyway."""
    if connection.dialect.name != "postgresql":
        yield
        return
    for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        connection.exec_driver_sql(f"SET {name} = 0")
    connection.exec_driver_sql(f"SELECT pg_advisory_lock({MIGRATING})")
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.exec_driver_sql(f"SELECT pg_advisory_unlock({MIGRATING})")
        connection.exec_driver_sql("RESET ALL")
        connection.commit()


def _revision_of(connection: Connection) -> str | None:
    """What the database is at, None where it is new."""
    found: str | None = None
    if sa.inspect(connection).has_table("alembic_version"):
        found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    connection.rollback()
    return found
