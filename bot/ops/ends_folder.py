"""Where the ends of chains are remembered of a database on a server: several served from one directory do not mix theirs."""

from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

REMEMBERED = ("ends.jsonl", "latest.json")
OWNER = "database.txt"
"""The name of the database that the files beside it are about, where these lie in the shared folder itself."""


def folder_of(shared: Path, url: str) -> Path:
    """The folder of its own that a database on a server has in the shared one.

    Earlier versions remembered in the shared folder itself: what lies there stays its database's, which is the one that
    claimed it, or else whichever asks.
    """
    name = _name(url)
    return shared if _is_remembered(shared) and _owner(shared) in (name, "") else shared / name


def claim(shared: Path, url: str) -> None:
    """Mark what an earlier version left in the shared folder as this database's, unless another one did so before. OSError."""
    if folder_of(shared, url) == shared and not _owner(shared):
        (shared / OWNER).write_text(_name(url), encoding="utf-8")


def _name(url: str) -> str:
    """The database's name on its server as a folder may be called."""
    address = urlsplit(url)
    name = unquote(address.path.removeprefix("/")) or address.username or "postgres"
    return quote(name, safe="").replace(".", "%2E")


def _is_remembered(folder: Path) -> bool:
    try:
        return any((folder / name).exists() for name in REMEMBERED)
    except OSError:
        return False


def _owner(folder: Path) -> str:
    try:
        return (folder / OWNER).read_text(encoding="utf-8").strip()
    except OSError:
        return ""
