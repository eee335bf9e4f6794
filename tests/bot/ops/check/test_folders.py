"""What the doctor says of folders, disks, backups and the config's secret; each fault is made."""

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from conversation import EXAMPLE
from made_up import TOKEN

from bot.config.load import load
from bot.ops.backup_folder import FORMAT, Manifest, write_manifest
from bot.ops.check import folders
from bot.ops.check.finding import Level
from storage.backup import Source
from storage.backup_check import NO_RIGHT
from storage.recount import Fault, FaultKind

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


@pytest.fixture
def disk(tmp_path):
    """A disk of some size, such as 1m."""
    mounted = []

    def of(size):
        place = tmp_path / f"disk-{size}"
        place.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)],
            check=False,
            capture_output=True,
        )
        if done.returncode:
            pytest.skip("no file system can be mounted here")
        mounted.append(place)
        return place

    yield of
    for place in mounted:
        subprocess.run(["umount", str(place)], check=True)


def test_a_folder_with_room_is_fine_and_nothing_is_left_in_it(disk):
    place = disk("3g")
    finding = folders.look_at(place)
    assert finding.level is Level.FINE
    assert "还剩 3.0 GB" in finding.text
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    ("size", "level"), [("1900m", Level.WARNING), ("250m", Level.WARNING), ("150m", Level.FAULT)]
)
def test_a_disk_with_little_room_is_told_by_how_little(disk, size, level):
    finding = folders.look_at(disk(size) / "evidence")
    assert finding.level is level
    assert "还剩" in finding.text


def test_a_disk_that_is_nearly_full_is_told_by_its_share_too(disk, monkeypatch):
    monkeypatch.setattr(folders, "LITTLE", 0)
    place = disk("3g")
    monkeypatch.setattr(folders, "LITTLE_SHARE", 2)
    assert folders.look_at(place).level is Level.WARNING


def test_a_full_disk_cannot_be_written_to(disk):
    place = disk("1m")
    with (place / "fill").open("wb") as file, pytest.raises(OSError, match="No space"):
        file.write(bytes(2 * 1024 * 1024))
        file.flush()
    finding = folders.look_at(place)
    assert finding.level is Level.FAULT
    assert "磁盘满了" in finding.text
    assert [path.name for path in place.iterdir()] == ["fill"]


def test_a_disk_that_is_read_only_cannot_be_written_to(disk):
    place = disk("3g")
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
    finding = folders.look_at(place)
    assert finding.level is Level.FAULT
    assert "磁盘是只读的" in finding.text


def test_a_file_in_the_place_of_a_folder_is_told(tmp_path):
    (tmp_path / "data").write_text("")
    for folder in (tmp_path / "data", tmp_path / "data" / "evidence"):
        finding = folders.look_at(folder)
        assert finding.level is Level.FAULT
        assert "不是文件夹" in finding.text


def test_a_folder_that_is_not_there_yet_is_not_made_to_look(tmp_path):
    finding = folders.look_at(tmp_path / "a" / "b")
    assert "启动后建立" in finding.text
    assert list(tmp_path.iterdir()) == []


def test_each_folder_of_the_config_is_looked_at_and_a_server_has_none(case, tmp_path):
    on_file = case(evidence={"folder": f"{tmp_path}/elsewhere"}).config
    assert [check.name for check in folders.checks(on_file)] == [
        "数据文件夹",
        "证据文件夹",
        "备份文件夹",
        "校验码文件夹",
    ]
    on_server = case(database={"url": "postgresql+asyncpg://u:p@127.0.0.1/x"}).config
    assert [check.name for check in folders.checks(on_server)] == ["证据文件夹", "备份文件夹", "校验码文件夹"]


async def seals_found(case):
    return {check.name: await check.look(case) for check in folders.checks(case.config)}["校验码文件夹"]


async def test_a_folder_of_seals_that_cannot_be_written_to_is_named(case, tmp_path):
    (tmp_path / "seals").write_text("")
    finding = await seals_found(case(backup={"seals": f"{tmp_path}/seals"}))
    assert finding.level is Level.FAULT
    assert f"{tmp_path}/seals 写不进去（不是文件夹）" in finding.text
    assert "数据库以外记不下校验码" in finding.text


@pytest.mark.parametrize("name", ["ends.jsonl", "latest.json"])
async def test_a_file_of_seals_that_cannot_be_added_to_is_named(case, tmp_path, name):
    with_seals = case(backup={"seals": f"{tmp_path}/seals"})
    assert (await seals_found(with_seals)).level is not Level.FAULT
    (tmp_path / "seals" / name).mkdir(parents=True)
    finding = await seals_found(with_seals)
    assert finding.level is Level.FAULT
    assert f"{tmp_path}/seals/{name} 读写不了" in finding.text
    assert "数据库以外记不下校验码" in finding.text


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may run as somebody else")
async def test_seals_that_another_user_wrote_are_named(case, tmp_path):
    (tmp_path / "seals").mkdir()
    (tmp_path / "seals" / "ends.jsonl").touch(0o600)
    (tmp_path / "seals").chmod(0o777)
    with_seals = case(backup={"seals": f"{tmp_path}/seals"})
    os.seteuid(65534)
    try:
        finding = folders.look_at_ends(with_seals.config.ends_folder)
    finally:
        os.seteuid(0)
    assert finding.level is Level.FAULT


async def test_the_evidence_folder_that_is_configured_is_the_one_that_is_tried(case, tmp_path):
    (tmp_path / "elsewhere").write_text("")
    with_file = case(evidence={"folder": f"{tmp_path}/elsewhere"})
    found = {check.name: await check.look(with_file) for check in folders.checks(with_file.config)}
    assert found["证据文件夹"].level is Level.FAULT
    assert found["数据文件夹"].level is not Level.FAULT


# Backups


@pytest.fixture
def backed_up(case, tmp_path):
    """The case with backups every so many hours, and backups so many hours old."""

    def made(*ages, every=24, finished=True, **others):
        shutil.rmtree(tmp_path / "backups", ignore_errors=True)
        for age in ages:
            at = NOW - timedelta(hours=age)
            folder = tmp_path / "backups" / f"kaoping-{at:%Y%m%dT%H%M%SZ}"
            folder.mkdir(parents=True)
            write_manifest(
                folder, Manifest(FORMAT, "1", Source.SQLITE, at, "0001", {}, (), (), (), 0, 0, **others)
            )
            if not finished:
                (folder / "manifest.json").write_text("{}")
        return case(backup={"folder": f"{tmp_path}/backups", "every": every}, now=NOW)

    return made


async def test_the_newest_backup_is_told_with_its_age(backed_up):
    finding = await folders.backups(backed_up(100, 47, 72))
    assert finding.level is Level.FINE
    assert "47 小时前" in finding.text


async def test_a_backup_older_than_twice_the_time_is_a_fault(backed_up):
    finding = await folders.backups(backed_up(49))
    assert finding.level is Level.FAULT
    assert "应当每 24 小时一次" in finding.text


async def test_a_backup_whose_manifest_is_another_is_none(backed_up):
    finding = await folders.backups(backed_up(1, finished=False))
    assert finding.level is Level.WARNING and "还没有备份" in finding.text


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ({"faults": (Fault(FaultKind.SEALS, "台账"),)}, "有 1 处要处理"),
        ({"not_restored_because": NO_RIGHT}, "没有建库权限，校验码和成绩是在原数据库里核对的"),
    ],
)
async def test_a_backup_that_is_not_whole_or_not_looked_over_is_a_warning(backed_up, others, told):
    finding = await folders.backups(backed_up(5, **others))
    assert finding.level is Level.WARNING and told in finding.text


@pytest.mark.parametrize("every", [0, 24])
async def test_no_backup_at_all_is_a_warning(backed_up, every):
    assert (await folders.backups(backed_up(every=every))).level is Level.WARNING


async def test_where_none_are_made_by_the_clock_a_week_is_long(backed_up):
    assert (await folders.backups(backed_up(100, every=0))).level is Level.FINE
    assert (await folders.backups(backed_up(200, every=0))).level is Level.WARNING


async def test_what_else_lies_in_the_folder_is_no_backup(backed_up, tmp_path):
    looked = backed_up(5)
    (tmp_path / "backups" / "kaoping-20991231T000000Z.tmp").mkdir()
    (tmp_path / "backups" / "note.txt").write_text("")
    assert "5 小时前" in (await folders.backups(looked)).text


# The config file


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('token = ""', f'token = "{TOKEN}"'),
        ("sqlite+aiosqlite:///data/kaoping.db", "postgresql+asyncpg://kaoping:sesame@db/kaoping"),
    ],
)
async def test_a_secret_in_a_file_that_others_read_is_a_warning_with_the_remedy(case, tmp_path, old, new):
    path = tmp_path / "config.toml"
    path.write_text(EXAMPLE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    looked = partial(case, config=load(path, {}), file=path)
    for mode, level in ((0o644, Level.WARNING), (0o640, Level.WARNING), (0o600, Level.FINE)):
        path.chmod(mode)
        finding = await folders.secrecy(looked())
        assert finding.level is level
        assert "sesame" not in finding.text
        assert (f"chmod 600 {path}" in finding.text) is (level is Level.WARNING)


async def test_a_file_without_a_secret_may_be_read_by_all(case):
    EXAMPLE.chmod(0o644)
    assert (await folders.secrecy(case())).level is Level.FINE


async def test_a_config_of_the_environment_alone_has_no_file(case, tmp_path):
    assert (await folders.secrecy(case(file=tmp_path / "none.toml"))).level is Level.NOT_CHECKED
