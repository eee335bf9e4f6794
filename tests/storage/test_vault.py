"""The vault: files kept whole or not at all; what is wrong with the disk, or with a file, is told."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from documents.kinds import Media
from storage.file_store import Trouble, Vault, VaultFault

ROOT = Path(__file__).parents[2]
CONTENT = b"one"


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_file_is_kept_once_under_its_hash_and_comes_back(tmp_path):
    vault = Vault(tmp_path)
    stored = await vault.keep(CONTENT, Media.TEXT)
    assert await vault.keep(CONTENT, Media.TEXT) == stored
    assert (stored.digest, stored.size, stored.media) == (hashlib.sha256(CONTENT).hexdigest(), 3, Media.TEXT)
    assert await vault.read(stored.digest) == CONTENT
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize(
    ("spoil", "trouble"),
    [
        (lambda path: path.write_bytes(b"two"), Trouble.DAMAGED),
        (lambda path: path.unlink(), Trouble.MISSING),
        (lambda path: (path.unlink(), path.mkdir()), Trouble.UNREACHABLE),
    ],
    ids=["changed", "gone", "no file"],
)
async def test_what_cannot_be_had_says_why(tmp_path, spoil, trouble):
    vault = Vault(tmp_path)
    stored = await vault.keep(CONTENT, Media.TEXT)
    spoil(tmp_path / stored.digest[:2] / stored.digest)
    with pytest.raises(VaultFault) as fault:
        await vault.read(stored.digest)
    assert (fault.value.trouble, fault.value.digest) == (trouble, stored.digest)


async def test_a_damaged_file_is_whole_again_once_it_is_sent_again(tmp_path):
    vault = Vault(tmp_path)
    stored = await vault.keep(CONTENT, Media.TEXT)
    (tmp_path / stored.digest[:2] / stored.digest).write_bytes(b"two")
    await vault.keep(CONTENT, Media.TEXT)
    assert await vault.read(stored.digest) == CONTENT


async def test_a_folder_that_is_none_is_out_of_reach(tmp_path):
    (tmp_path / "evidence").write_text("no folder")
    with pytest.raises(VaultFault) as fault:
        await Vault(tmp_path / "evidence").keep(CONTENT, Media.TEXT)
    assert fault.value.trouble is Trouble.UNREACHABLE


KEEPING = """
import asyncio, pathlib, resource, sys
from documents.kinds import Media
from storage.file_store import Vault, VaultFault
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    asyncio.run(Vault(pathlib.Path(sys.argv[1])).keep(b"x" * 5000, Media.TEXT))
except VaultFault as fault:
    print(fault.trouble.name)
"""


def test_where_the_system_takes_no_more_nothing_half_is_left(tmp_path):
    said = subprocess.run(
        [sys.executable, "-c", KEEPING, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout == "FULL\n"
    assert files(tmp_path) == []


async def test_on_a_full_disk_nothing_half_is_left(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "kaoping", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a tmpfs cannot be mounted here")
    try:
        vault = Vault(folder / "evidence")
        with pytest.raises(VaultFault) as fault:
            await vault.keep(b"x" * 50_000, Media.TEXT)
        assert fault.value.trouble is Trouble.FULL
        assert files(folder) == []
        assert (await vault.keep(CONTENT, Media.TEXT)).size == 3
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("digest", ["../../etc/passwd", "", "0" * 63, "G" * 64])
async def test_no_other_path_is_ever_read(tmp_path, digest):
    with pytest.raises(ValueError, match="not a digest"):
        await Vault(tmp_path).read(digest)
