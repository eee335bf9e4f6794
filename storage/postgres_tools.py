"""PostgreSQL's own tools for a dump: pg_dump and pg_restore, told where the server is by their environment alone."""

import asyncio
import os
import re
import shutil
from pathlib import Path

from sqlalchemy.engine import URL

FULL = ("No space left on device", "Disk quota exceeded")


class CopyFailed(Exception):
    """The database could not be copied; the text is what was said of it."""

    def __init__(self, text: str, *, full: bool = False) -> None:
        super().__init__(text)
        self.full = full


class ToolMissing(Exception):
    """A tool of PostgreSQL is not installed on this machine."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class ToolTooOld(Exception):
    """The tool is of an older PostgreSQL than the server: it would refuse."""

    def __init__(self, name: str, *, tool: int, server: int) -> None:
        super().__init__(name)
        self.name, self.tool, self.server = name, tool, server


def environment(url: URL) -> dict[str, str]:
    """What the tools are started with: a password on a command line could be read by everybody on the machine."""
    query = {name: value if isinstance(value, str) else value[0] for name, value in url.query.items()}
    told = {
        "PGHOST": url.host or query.get("host"),
        "PGPORT": str(url.port) if url.port else query.get("port"),
        "PGUSER": url.username,
        "PGPASSWORD": str(url.password) if url.password is not None else None,
        "PGDATABASE": url.database,
        "PGSSLMODE": query.get("ssl") or query.get("sslmode"),
        "PGCONNECT_TIMEOUT": "20",
        "LC_ALL": "C",
    }
    return {**os.environ, **{name: value for name, value in told.items() if value}}


async def dump(url: URL, path: Path, *, snapshot: str, server: int) -> None:
    """pg_dump in its own compressed form, of an exported snapshot. CopyFailed, ToolMissing, ToolTooOld."""
    await check_version("pg_dump", server)
    await _run(
        "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--no-password", f"--snapshot={snapshot}",
        f"--file={path}", env=environment(url),
    )  # fmt: skip


async def load(url: URL, path: Path) -> None:
    """Put a dump into an empty database, all of it or nothing. CopyFailed, ToolMissing."""
    # An empty name is the one in the environment; without any it would print the statements.
    await _run(
        "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password",
        "--dbname=", str(path), env=environment(url),
    )  # fmt: skip


async def listed(path: Path) -> set[str]:
    """The tables whose rows a dump's directory names. CopyFailed, ToolMissing."""
    said = await _run("pg_restore", "--list", str(path), env={**os.environ, "LC_ALL": "C"})
    return set(re.findall(r"^\d+; \d+ \d+ TABLE DATA \S+ (\S+) ", said, re.MULTILINE))


async def check_version(name: str, server: int) -> None:
    """ToolTooOld where the tool's major version is below the server's."""
    said = await _run(name, "--version", env=dict(os.environ))
    found = re.search(r"(\d+)(?:\.\d+)?", said)
    tool = int(found[1]) if found else 0
    if tool < server:
        raise ToolTooOld(name, tool=tool, server=server)


async def _run(name: str, *arguments: str, env: dict[str, str]) -> str:
    """What the tool printed. CopyFailed with its last line, ToolMissing; cancelled, the tool ends, too."""
    if shutil.which(name, path=env.get("PATH")) is None:
        raise ToolMissing(name)
    process = await asyncio.create_subprocess_exec(
        name, *arguments, env=env, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        said, complaint = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        text = complaint.decode(errors="replace").strip()
        full = any(words in text for words in FULL)
        raise CopyFailed(text.splitlines()[-1] if text else f"{name}: {process.returncode}", full=full)
    return said.decode(errors="replace")
