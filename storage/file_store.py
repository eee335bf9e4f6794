"""Evidence kept by the hash of its content: written so that it is there whole or not at all."""

import asyncio
import errno
import hashlib
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from documents.kinds import Media


class Trouble(Enum):
    """What is wrong with the vault or with a file of it; the value stands in the alarm's key."""

    FULL = "full"
    UNREACHABLE = "unreachable"
    MISSING = "missing"
    DAMAGED = "damaged"


class VaultFault(Exception):
    """A file was not kept, or cannot be had. `digest` is the file's, where one was asked for."""

    def __init__(self, trouble: Trouble, digest: str = "") -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.digest = digest


FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says where there is no room; whatever else it says, the folder is out of reach."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the vault: SHA-256 in hexadecimal, bytes, kind."""

    digest: str
    size: int
    media: Media


class Vault:
    """A folder of files by their hash."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, content: bytes, media: Media) -> Stored:
        """Keep a file that was found to be of this kind; when this returns it is on the disk, whole. VaultFault."""
        try:
            digest = await asyncio.to_thread(self._write, content)
        except OSError as error:
            raise VaultFault(Trouble.FULL if error.errno in FULL else Trouble.UNREACHABLE) from error
        return Stored(digest, len(content), media)

    def _write(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == digest:
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{digest[:16]}.{secrets.token_hex(4)}")
        try:
            with draft.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            # On a disk that fails, taking it away fails, too: what went wrong first is what is told.
            with suppress(OSError):
                draft.unlink(missing_ok=True)
        _sync_folder(path.parent)
        return digest

    async def read(self, digest: str) -> bytes:
        """A file's bytes. VaultFault where there are none, or others than were kept."""
        path = self._path(digest)
        try:
            content = await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError:
            raise VaultFault(Trouble.MISSING, digest) from None
        except OSError as error:
            raise VaultFault(Trouble.UNREACHABLE, digest) from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise VaultFault(Trouble.DAMAGED, digest)
        return content

    def has(self, digest: str, size: int) -> bool:
        """Whether a file is there in its size (bytes); its content is not read. It asks the disk and may block."""
        path = self._path(digest)
        return path.is_file() and path.stat().st_size == size

    def _path(self, digest: str) -> Path:
        if re.fullmatch(r"[0-9a-f]{64}", digest) is None:
            raise ValueError("not a digest")
        return self._folder / digest[:2] / digest


def _sync_folder(folder: Path) -> None:
    """Have the folder's entry of the file on the disk as well."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
