"""What a start needs to know of migrations, it knows without Alembic."""

import asyncio
import subprocess
import sys
from pathlib import Path

from alembic.script import ScriptDirectory
from postgres import cluster

from storage.database import SERVER_SETTINGS, Database
from storage.migrate import alembic_config, migrate, newest

ROOT = Path(__file__).parents[2]
LATE = ("alembic", "docx", "matplotlib", "aiogram")
"""What no start needs: it is loaded where it is used, or in a process of its own."""


def test_the_newest_file_is_the_newest_revision() -> None:
    assert newest() == ScriptDirectory.from_config(alembic_config()).get_current_head()


def test_a_start_loads_nothing_that_it_does_not_need() -> None:
    code = f"import sys, bot.run; print([name for name in {LATE} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


async def test_processes_that_start_at_once_migrate_one_after_the_other() -> None:
    name = cluster().new()
    several = [Database(cluster().url(name)) for _ in range(3)]
    try:
        await asyncio.gather(*(migrate(database) for database in several))
        for database in several:
            async with database.transaction() as session:
                connection = await session.connection()
                told = await connection.exec_driver_sql("SELECT version_num FROM alembic_version")
                assert told.scalar() == newest()
                # The connection that migrated, which may take its time, is bound again.
                bound = await connection.exec_driver_sql("SHOW lock_timeout")
                assert bound.scalar() == SERVER_SETTINGS["lock_timeout"]
    finally:
        for database in several:
            await database.close()
        cluster().drop(name)
