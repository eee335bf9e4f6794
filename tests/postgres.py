"""A PostgreSQL cluster of the tests' own, on a socket in a temporary folder; gone when they are done.

Its commits do not wait for the disk: it is never cut off from power, and a process of it that is killed loses nothing.
"""

import atexit
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path

import psycopg
import pytest

REQUIRED = "KAOPING_REQUIRE_POSTGRES"
KEPT_OFF = {"fsync": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0",
            "shared_buffers": "64MB", "max_connections": "120", "autovacuum": "off"}  # fmt: skip
_numbers = itertools.count(1)


class Cluster:
    """The server: its socket's folder, and new databases in it; `data` is where it keeps them, if not there."""

    def __init__(
        self, folder: Path, *, data: Path | None = None, settings: dict[str, str] | None = None
    ) -> None:
        self.folder = folder
        self.data = data or folder / "data"
        self._settings = {
            **KEPT_OFF,
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            **(settings or {}),
        }

    def make(self) -> None:
        """Lay the cluster down."""
        self._run(
            "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N",
            "--wal-segsize=1",
        )  # fmt: skip

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        options = " ".join(f"-c {name}={value!r}" for name, value in self._settings.items())
        self._run(
            "pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.folder / "log", "-o", options, "start"
        )

    def stop(self, mode: str = "immediate") -> None:
        """Stop it; immediate is as a crash leaves it."""
        self._run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop", check=False)

    def running(self) -> bool:
        """Whether it runs, or is starting."""
        return self._run("pg_ctl", "-D", self.data, "status", check=False) == 0

    def dsn(self, name: str = "postgres") -> str:
        """How psycopg and the command-line tools reach a database."""
        return f"host={self.folder} user=postgres dbname={name}"

    def url(self, name: str) -> str:
        """How the program reaches a database."""
        return f"postgresql+asyncpg://postgres@/{name}?host={self.folder}"

    def new(self, template: str = "template0") -> str:
        """A new database with nothing in it, or what the template has; its name."""
        name = f"kaoping_{os.getpid()}_{next(_numbers)}"
        with psycopg.connect(self.dsn(), autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever still has it open."""
        with psycopg.connect(self.dsn(), autocommit=True) as db:
            db.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _run(self, tool: str, *arguments: object, check: bool = True) -> int:
        result = subprocess.run(
            [*_as_somebody(), str(tools() / tool), *map(str, arguments)], cwd="/", capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        if check and result.returncode:
            raise RuntimeError(f"{tool}: {result.stderr or result.stdout}")
        return result.returncode


def tools() -> Path:
    """Where the server's programs are; the test is skipped where there are none, and fails where it must not be."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    why = "no PostgreSQL server here: install Debian's package postgresql"
    if os.environ.get(REQUIRED):
        pytest.fail(f"{why} ({REQUIRED} is set)")
    pytest.skip(why)


def _as_somebody() -> list[str]:
    """The server refuses to run as root: then as the user whom Debian made for it, or as nobody."""
    if os.geteuid():
        return []
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def new_cluster(*, data: Path | None = None, **settings: str) -> Cluster:
    """A cluster of one's own, started; it ends with the tests. `data` is an empty folder that it is kept in."""
    tools()
    folder = Path(tempfile.mkdtemp(prefix="kaoping-pg-", dir="/tmp"))
    for own in (folder, *((data,) if data is not None else ())):
        if not os.geteuid():
            names = {entry.pw_name for entry in pwd.getpwall()}
            shutil.chown(own, "postgres" if "postgres" in names else "nobody")
        own.chmod(0o755 if own is folder else 0o700)
    made = Cluster(folder, data=data, settings=settings)
    made.make()
    made.start()
    atexit.register(_end, made)
    return made


@cache
def cluster() -> Cluster:
    """The cluster of this run of tests, started when it is first asked for."""
    return new_cluster()


def _end(made: Cluster) -> None:
    made.stop()
    for _ in range(50):
        shutil.rmtree(made.folder, ignore_errors=True)
        if not made.folder.exists():
            return
        time.sleep(0.1)
