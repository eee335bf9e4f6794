"""The town that dialogs take place in."""

import os

import pytest
from conversation import Post, Role, Town, drop_databases
from hypothesis import settings
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite

from storage.database import Database

# No deadlines: a busy machine is no fault.
settings.register_profile("quick", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("KAOPING_HYPOTHESIS", "quick"))

# Every test opens engines of its own, and each would compile the same statements anew: a third of all the tests' time.
# Here one dialect stands for another of its kind, and the engines share what was compiled.
for _kind in (PGDialect_asyncpg, SQLiteDialect_aiosqlite):
    _kind.__eq__ = lambda self, other: type(self) is type(other)
    _kind.__hash__ = lambda self: hash(type(self))
_COMPILED = {}
_engine = Database._engine


def _with_shared_statements(self, **options):
    engine = _engine(self, **options)
    engine.sync_engine.update_execution_options(compiled_cache=_COMPILED)
    return engine


Database._engine = _with_shared_statements


@pytest.fixture
async def town(tmp_path):
    """The bureau of config.example.toml on 2026-11-10, 09:00 in Shanghai: fourth quarter."""
    here = await Town(tmp_path).open()
    yield here
    await here.close()


@pytest.fixture
async def admin(town):
    """An administrator who has opened the bot's chat."""
    person = await town.person("陈管理", Post(Role.ADMIN))
    await person.says("/help")
    return person


@pytest.fixture(autouse=True)
def _server_kept_small():
    """No test leaves its databases on the server."""
    yield
    drop_databases()
