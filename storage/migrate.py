"""Bringing a database to the newest migration."""

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"


def newest() -> str:
    """The revision of the newest script, read off the files' names: Alembic is loaded only where something is to do."""
    return max(path.name[1:5] for path in (MIGRATIONS / "versions").glob("v[0-9]*.py"))


def alembic_config() -> "Config":
    """Alembic's settings: the scripts beside this file; the connection comes with each call."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


async def migrate(database: Database, revision: str = "head") -> None:
    """Bring the database up to a revision; nothing happens where it is there already."""

    def upgrade(connection: Connection) -> None:
        current = _revision_of(connection)
        connection.rollback()
        if revision == "head" and current == newest():
            return
        from alembic import command

        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    await database.run_sync(upgrade)


def _revision_of(connection: Connection) -> str | None:
    """What the database is at, None where it is new."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return found
