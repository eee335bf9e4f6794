"""Ends of chains that were seen once, remembered outside the database: whoever changes it does not change these.

A folder beside the backups, for nobody but who runs the bot. `ends.jsonl` is only ever added to; `latest.json` is where
the chains ended last, and is written anew.
"""

import json
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from storage.hash_chain import End

log = logging.getLogger(__name__)

HISTORY, LATEST = "ends.jsonl", "latest.json"


@dataclass(frozen=True, slots=True)
class Remembered:
    """An end of a chain, and when it was one; `at` is aware, None where nobody says."""

    end: End
    at: datetime | None


@dataclass(frozen=True)
class Restoration:
    """A backup was put back at a moment (UTC): where the chains had ended, as far as known, and where they ended then."""

    at: datetime
    made_at: datetime
    """When the backup had been made, UTC."""
    before: tuple[End, ...]
    after: tuple[End, ...]


@dataclass(frozen=True)
class Memory:
    """What is remembered: ends that have to stand, and when all was last found sound (UTC)."""

    ends: tuple[Remembered, ...] = ()
    sound_at: datetime | None = None
    restored: tuple[Restoration, ...] = ()
    unreadable: int = 0
    """Lines that say nothing: cut off, or tampered with."""

    def with_ends(self, ends: Iterable[Remembered]) -> "Memory":
        """The same, and these ends."""
        return Memory((*self.ends, *ends), self.sound_at, self.restored, self.unreadable)


class EndsFolder:
    """Where ends are remembered. It reads and writes files: not on the event loop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self) -> Memory:
        """All that is remembered. OSError."""
        ends, sound_at, restored, unreadable = dict[End, datetime](), None, list[Restoration](), 0
        for line in self._lines():
            try:
                what, at = line["what"], datetime.fromisoformat(line["at"])
                listed = [End(*end) for end in line.get("ends", ())]
                if what == "restored":
                    restored.append(_restoration(line, at, listed))
                    ends = _of_the_backup(ends, listed)
                sound_at = at if what in ("sound", "restored") else sound_at
            except (KeyError, TypeError, ValueError):
                unreadable += 1
                continue
            ends |= dict.fromkeys(listed, at)
        return Memory(
            tuple(Remembered(end, at) for end, at in ends.items()), sound_at, tuple(restored), unreadable
        )

    def _lines(self) -> Iterator[dict[str, Any]]:
        texts: list[str] = []
        for name in (HISTORY, LATEST):
            path = self.folder / name
            if path.exists():
                texts += path.read_text(encoding="utf-8", errors="replace").splitlines()
        for text in filter(None, texts):
            try:
                line = json.loads(text)
            except ValueError:
                line = {}
            yield line if isinstance(line, dict) else {}

    def remember(self, ends: Sequence[End], at: datetime) -> None:
        """Remember where the chains end at an aware moment. OSError."""
        self._add({"what": "ends", "at": _text(at), "ends": [_plain(end) for end in ends]})

    def note_sound(self, ends: Sequence[End], at: datetime) -> None:
        """All was compared at an aware moment and found sound; where the chains ended then. OSError."""
        self._add({"what": "sound", "at": _text(at), "ends": [_plain(end) for end in ends]})

    def note_restored(self, ends: Sequence[End], at: datetime, *, made_at: datetime) -> Restoration:
        """A backup that was made at one moment was put back at another: what came after it need not stand. OSError."""
        before = newest(self.read().ends)
        self._add(
            {
                "what": "restored", "at": _text(at), "made_at": _text(made_at),
                "before": [_plain(end) for end in before], "ends": [_plain(end) for end in ends],
            }
        )  # fmt: skip
        (self.folder / LATEST).unlink(missing_ok=True)
        return Restoration(at, made_at, before, tuple(ends))

    def keep_latest(self, ends: Sequence[End], at: datetime) -> None:
        """Where the chains end at an aware moment, in the place of what was kept so before. OSError."""
        self._make()
        draft = self.folder / f".{LATEST}.part"
        line = {"what": "ends", "at": _text(at), "ends": [_plain(end) for end in ends]}
        _write(draft, os.O_TRUNC, line)
        draft.replace(self.folder / LATEST)

    def _add(self, line: dict[str, Any]) -> None:
        self._make()
        _write(self.folder / HISTORY, os.O_APPEND, line)

    def _make(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def newest(ends: Iterable[Remembered]) -> tuple[End, ...]:
    """The last end that is remembered of each chain."""
    last: dict[tuple[str, str], End] = {}
    for one in ends:
        place = one.end.table, one.end.chain
        if place not in last or one.end.count >= last[place].count:
            last[place] = one.end
    return tuple(end for _, end in sorted(last.items()))


def _of_the_backup(ends: dict[End, datetime], restored: Sequence[End]) -> dict[End, datetime]:
    """Those ends that a restored backup has to have: the others came after it."""
    counts = {(end.table, end.chain): end.count for end in restored}
    return {end: at for end, at in ends.items() if end.count <= counts.get((end.table, end.chain), 0)}


def _restoration(line: dict[str, Any], at: datetime, after: Sequence[End]) -> Restoration:
    before = tuple(End(*end) for end in line["before"])
    return Restoration(at, datetime.fromisoformat(line["made_at"]), before, tuple(after))


def _write(path: Path, how: int, line: dict[str, Any]) -> None:
    """A line in one piece, on the disk before it counts."""
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
    number = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
    try:
        # What a cut power line left half written stays alone on its line.
        os.write(number, (("\n" if how == os.O_APPEND else "") + text).encode())
        os.fsync(number)
    finally:
        os.close(number)


def _plain(end: End) -> list[Any]:
    return [end.table, end.chain, end.count, end.seal]


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
