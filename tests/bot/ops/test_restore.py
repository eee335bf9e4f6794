"""Restoring: whatever changed in a backup is found, and nothing that is there is overwritten."""

from dataclasses import replace

import pytest

from bot.ops import backup_folder
from bot.ops.backups import make
from bot.ops.restore import restore
from storage.database import Database
from tests.backing import elsewhere, flip, lived_in


@pytest.fixture
async def bureau(tmp_path):
    town = await lived_in(tmp_path / "live")
    yield town
    await town.close()


@pytest.fixture
async def made(bureau, tmp_path):
    """A whole backup."""
    path, manifest = await make(bureau.config, tmp_path / "backups", now=bureau.clock())
    assert manifest.whole
    return path


@pytest.fixture
def new(bureau, tmp_path):
    """The config of a machine where nothing is yet."""
    return elsewhere(bureau, tmp_path / "new")


def files(folder):
    """What lies in a folder, but for the lock."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize("at", [0.01, 0.3, 0.6, 0.99])
@pytest.mark.parametrize("name", ["kaoping.db", "evidence/*/*", "manifest.json", "manifest.json.sha256"])
async def test_a_flipped_bit_anywhere_is_found_and_nothing_is_restored(made, new, tmp_path, capsys, name, at):
    file = next(made.glob(name))
    flip(file, at)
    assert await restore(new, made) == 2
    said = capsys.readouterr().err
    assert said.startswith("没有恢复：")
    if "manifest" in name:
        assert "manifest.json 缺失或被改动过" in said
    else:
        assert file.relative_to(made).as_posix() in said
    assert files(tmp_path / "new") == {}


async def test_a_file_that_is_gone_from_a_backup_is_named(made, new, capsys):
    next(made.glob("evidence/*/*")).unlink()
    assert await restore(new, made) == 2
    assert "这份备份与清单不符：evidence/" in capsys.readouterr().err


async def test_a_copied_database_under_a_manifest_that_fits_another_is_found(
    made, new, bureau, tmp_path, capsys
):
    """Every hash is right, and yet it is not what was copied."""
    manifest = backup_folder.read_manifest(made)
    tables = {**manifest.tables, "entry": manifest.tables["entry"] + 1}
    backup_folder.write_manifest(made, replace(manifest, tables=tables))
    assert await restore(new, made) == 2
    assert "恢复出来的数据库与备份清单不一致（entry）" in capsys.readouterr().err
    assert not (tmp_path / "new" / "kaoping.db").exists()


async def test_a_manifest_that_leads_out_of_the_backup_is_refused(made, new, tmp_path, capsys):
    (tmp_path / "secret").write_bytes(b"x")
    manifest = backup_folder.read_manifest(made)
    outside = backup_folder.line_of(tmp_path, tmp_path / "secret")
    for path in ("../../secret", str(tmp_path / "secret")):
        backup_folder.write_manifest(
            made, replace(manifest, files=(*manifest.files, replace(outside, path=path)))
        )
        assert await restore(new, made) == 2
        assert "secret" in capsys.readouterr().err


@pytest.mark.parametrize("end", ["", "-wal", "-shm", "-journal"])
async def test_a_database_or_what_is_left_of_one_is_not_overwritten(made, new, tmp_path, capsys, end):
    (tmp_path / "new").mkdir()
    there = tmp_path / "new" / f"kaoping.db{end}"
    there.write_bytes(b"precious")
    assert await restore(new, made) == 2
    assert f"{there} 已经存在，不会覆盖" in capsys.readouterr().err
    assert files(tmp_path / "new") == {there.name: b"precious"}


async def test_evidence_with_other_content_is_not_overwritten(made, new, tmp_path, capsys):
    line = backup_folder.read_manifest(made).files[1]
    there = tmp_path / "new" / line.path
    there.parent.mkdir(parents=True)
    there.write_bytes(b"precious")
    assert await restore(new, made) == 2
    assert f"{there} 已经存在，不会覆盖" in capsys.readouterr().err
    assert files(tmp_path / "new") == {line.path: b"precious"}


async def test_evidence_that_is_there_already_is_no_hindrance(made, new, tmp_path):
    """As a restoration that was broken off leaves it."""
    line = backup_folder.read_manifest(made).files[1]
    there = tmp_path / "new" / line.path
    there.parent.mkdir(parents=True)
    there.write_bytes((made / line.path).read_bytes())
    (tmp_path / "new" / ".kaoping.db.restoring").write_bytes(b"half")
    assert await restore(new, made) == 0
    assert not (tmp_path / "new" / ".kaoping.db.restoring").exists()


async def test_a_database_that_somebody_holds_is_not_touched(made, new, tmp_path, capsys):
    holder = Database(new.database.url)
    holder.claim()
    assert await restore(new, made) == 2
    assert "正被另一个运行中的程序使用" in capsys.readouterr().err
    await holder.close()
    assert await restore(new, made) == 0


async def test_a_backup_of_a_newer_program_is_refused(made, new, capsys):
    manifest = backup_folder.read_manifest(made)
    backup_folder.write_manifest(made, replace(manifest, revision="9999"))
    assert await restore(new, made) == 2
    assert "（9999）比程序新。请先升级程序" in capsys.readouterr().err
    backup_folder.write_manifest(made, replace(manifest, format=2))
    assert await restore(new, made) == 2
    assert "更新版本的程序做的备份" in capsys.readouterr().err


async def test_what_is_no_backup_is_refused(new, tmp_path, capsys):
    for folder in (tmp_path, tmp_path / "nowhere"):
        assert await restore(new, folder) == 2
        assert "不是一份完整的备份" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


async def test_another_kind_of_database_is_refused(made, bureau, capsys):
    config = bureau.config
    other = config.model_copy(
        update={"database": config.database.model_copy(update={"url": "postgresql+asyncpg://u:p@nowhere/k"})}
    )
    assert await restore(other, made) == 2
    said = capsys.readouterr().err
    assert "这份备份来自 SQLite" in said


async def test_what_was_missing_in_the_backup_is_said_again_when_it_is_restored(bureau, tmp_path, new, capsys):
    for file in (bureau.folder / "evidence").rglob("*"):
        if file.is_file() and file.read_bytes().startswith(b"%PDF"):
            file.unlink()
    path, _ = await make(bureau.config, tmp_path / "backups", now=bureau.clock())
    assert await restore(new, path) == 1
    said = capsys.readouterr().err
    assert said.startswith("！ 已恢复：")
    assert "✗ 证据 2“说明.pdf”" in said
