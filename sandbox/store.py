"""Where the local Telegram keeps its state between two starts: one SQLite file, or memory alone."""

import json
import sqlite3
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS kept (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, key));
CREATE TABLE IF NOT EXISTS message (chat INTEGER NOT NULL, id INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (chat, id));
CREATE TABLE IF NOT EXISTS pending (id INTEGER PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS file (id TEXT PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, content BLOB NOT NULL);
"""


class Store:
    """Plain reads and writes; what an update says is committed before the bot can see it."""

    def __init__(self, path: Path | None) -> None:
        self._db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)

    def put(self, kind: str, key: object, value: Any) -> None:
        """Keep a value under a kind and a key."""
        self._db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", (kind, str(key), json.dumps(value)))

    def drop(self, kind: str, key: object) -> None:
        """Forget a value."""
        self._db.execute("DELETE FROM kept WHERE kind = ? AND key = ?", (kind, str(key)))

    def all(self, kind: str) -> dict[str, Any]:
        """Every value of a kind, in the order they were kept."""
        rows = self._db.execute("SELECT key, value FROM kept WHERE kind = ? ORDER BY rowid", (kind,))
        return {key: json.loads(value) for key, value in rows}

    def put_message(self, message: dict[str, Any]) -> None:
        """Keep a message as it stands now."""
        row = (message["chat"]["id"], message["message_id"], json.dumps(message))
        self._db.execute("INSERT OR REPLACE INTO message VALUES (?, ?, ?)", row)

    def message(self, chat_id: int, message_id: int) -> dict[str, Any] | None:
        """A message as it stands now."""
        row = self._db.execute(
            "SELECT value FROM message WHERE chat = ? AND id = ?", (chat_id, message_id)
        ).fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def messages(
        self, chat_id: int, *, after: int = 0, before: int | None = None, limit: int = 60
    ) -> list[dict[str, Any]]:
        """The newest messages of a chat between two, oldest first."""
        rows = self._db.execute(
            "SELECT value FROM message WHERE chat = ? AND id > ? AND id < ? ORDER BY id DESC LIMIT ?",
            (chat_id, after, before if before is not None else 2**62, limit),
        )
        return [json.loads(value) for (value,) in rows][::-1]

    def last_message_id(self, chat_id: int) -> int:
        """The number of a chat's newest message, also of one that was deleted since."""
        (top,) = self._db.execute(
            "SELECT COALESCE(MAX(id), 0) FROM message WHERE chat = ?", (chat_id,)
        ).fetchone()
        return int(top)

    def delete_message(self, chat_id: int, message_id: int) -> None:
        """Forget a message."""
        self._db.execute("DELETE FROM message WHERE chat = ? AND id = ?", (chat_id, message_id))

    def put_update(self, update: dict[str, Any]) -> None:
        """Keep an update until the bot has confirmed it."""
        self._db.execute("INSERT INTO pending VALUES (?, ?)", (update["update_id"], json.dumps(update)))

    def updates(self) -> list[dict[str, Any]]:
        """The updates that wait, in order."""
        return [json.loads(value) for (value,) in self._db.execute("SELECT value FROM pending ORDER BY id")]

    def confirm(self, below: int) -> None:
        """Forget the updates before this number."""
        self._db.execute("DELETE FROM pending WHERE id < ?", (below,))

    def drop_update(self, update_id: int) -> None:
        """Forget one update."""
        self._db.execute("DELETE FROM pending WHERE id = ?", (update_id,))

    def put_file(self, file_id: str, name: str, kind: str, content: bytes) -> None:
        """Keep a file."""
        self._db.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?)", (file_id, name, kind, content))

    def file(self, file_id: str) -> tuple[str, str, bytes] | None:
        """A file's name, media type and content."""
        row = self._db.execute("SELECT name, type, content FROM file WHERE id = ?", (file_id,)).fetchone()
        return None if row is None else (str(row[0]), str(row[1]), bytes(row[2]))

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
