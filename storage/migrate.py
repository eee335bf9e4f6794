"""Bringing a database to the newest migration."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from storage.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config() -> Config:
    """Alembic's settings: the scripts beside this file; the connection comes with each call."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


async def migrate(database: Database, revision: str = "head") -> None:
    """Bring the database up to a revision; nothing happens where it is there already."""

    def upgrade(connection: Connection) -> None:
        config = alembic_config()
        current = MigrationContext.configure(connection).get_current_revision()
        connection.rollback()
        if revision == "head" and current == ScriptDirectory.from_config(config).get_current_head():
            return
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    await database.run_sync(upgrade)
