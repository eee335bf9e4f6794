"""What can be said of a database without changing it: its schema, what holds on a connection, what it refers to."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import backup_check
from storage.database import PRAGMAS, Database, DatabaseInUse
from storage.migrate import is_known, newest
from storage.tables import EvidenceRow

SQLITE = tuple(int(part) for part in sqlite3.sqlite_version.split("."))
"""The version of the SQLite library that this Python has."""

WAL_RESET_MENDED = (3, 51, 3)
"""Before it, two writers at once could damage the file at one moment of a checkpoint."""

ON = ("fsync", "full_page_writes", "synchronous_commit")
TIMEOUTS = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
SAMPLE = 200
"""About so many files are looked for."""


class Schema(Enum):
    """How the database's tables stand to the program."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that durability depends on, as it is and as it has to be."""

    name: str
    value: str
    wanted: str

    @property
    def holds(self) -> bool:
        """Whether it is so. `>0` wants any bound."""
        if self.wanted == ">0":
            return self.value not in {"0", ""}
        return self.value.lower() == self.wanted


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that the database refers to: SHA-256 in hexadecimal, bytes."""

    digest: str
    size: int


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database | None]:
    """The database as the program opens it, let go of afterwards; None where its file is not there yet."""
    if _file_is_missing(url):
        yield None
        return
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


def _file_is_missing(url: str) -> bool:
    parts = make_url(url)
    return parts.get_backend_name() == "sqlite" and not Path(str(parts.database)).exists()


async def schema(database: Database) -> tuple[Schema, str]:
    """How its tables stand to the program, and the revision that it has. DatabaseFault."""
    async with database.reading() as session:
        connection = await session.connection()
        tables = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
        if "alembic_version" not in tables:
            return Schema.EMPTY, ""
        revision = (await session.exec(sa.text("SELECT version_num FROM alembic_version"))).scalar()  # type: ignore[call-overload]
    if revision is None:
        return Schema.EMPTY, ""
    if revision == newest():
        return Schema.CURRENT, revision
    return (Schema.OLDER if is_known(revision) else Schema.NEWER), revision


async def settings(database: Database) -> list[Setting]:
    """What durability depends on, as it holds on one of the program's own connections. DatabaseFault."""
    async with database.reading() as session:
        if database.url.get_backend_name() == "sqlite":
            return [
                Setting(name, str(await _scalar(session, f"PRAGMA {name}")).lower(), str(value))
                for name, value in PRAGMAS.items()
            ]
        wanted = {**dict.fromkeys(ON, "on"), **dict.fromkeys(TIMEOUTS, ">0")}
        return [
            Setting(name, str(await _scalar(session, f"SHOW {name}")), value) for name, value in wanted.items()
        ]


async def server_version(database: Database) -> str:
    """PostgreSQL's version, such as 15.12. DatabaseFault."""
    async with database.reading() as session:
        return str(await _scalar(session, "SHOW server_version")).split(" ", maxsplit=1)[0]


async def may_make_databases(database: Database) -> bool:
    """Whether the account could make a scratch database. DatabaseFault."""
    async with database.reading() as session:
        return await backup_check.may_make_databases(session)


async def evidence_sample(database: Database) -> list[Kept]:
    """Files that the database refers to, spread evenly, the newest among them. DatabaseFault."""
    async with database.reading() as session:
        last = (await session.exec(sa.select(sa.func.max(col(EvidenceRow.id))))).scalar() or 0  # type: ignore[call-overload]
        count = (await session.exec(sa.select(sa.func.count()).select_from(EvidenceRow))).scalar() or 0  # type: ignore[call-overload]
        step = max(1, count // SAMPLE)
        query = (
            sa.select(col(EvidenceRow.digest), col(EvidenceRow.size))
            .where((last - col(EvidenceRow.id)) % step == 0)
            .limit(2 * SAMPLE)
        )
        return [Kept(digest, size) for digest, size in await session.exec(query)]  # type: ignore[call-overload]


def is_served(database: Database) -> bool:
    """Whether a process of this machine has the SQLite file in hand; nothing is created for the question."""
    path = database.path
    if path is None or not path.with_name(path.name + ".lock").exists():
        return False
    try:
        database.claim()
    except DatabaseInUse:
        return True
    return False


async def _scalar(session: AsyncSession, statement: str) -> object:
    return (await session.exec(sa.text(statement))).scalar()  # type: ignore[call-overload]
