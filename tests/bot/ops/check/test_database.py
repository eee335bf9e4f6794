"""What the doctor says of the database; each fault is made."""

import shutil
import sqlite3

import pytest
from conversation import Town

from bot.ops.check import database
from bot.ops.check.finding import Level
from sandbox.world import Upload
from storage import inspection
from storage.database import Database
from storage.migrate import migrate

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b8"
    "0000000049454e44ae426082"
)


@pytest.fixture
async def made(case):
    """The case whose database is of some revision, closed again."""

    async def of(revision="head"):
        found = case()
        base = Database(found.config.database.url)
        await migrate(base, revision)
        await base.close()
        return found

    return of


def path_of(case):
    return inspection.make_url(case.config.database.url).database


async def test_before_the_first_start_nothing_is_made_only_to_look(case, tmp_path):
    assert (await database.opens(case())).level is Level.FINE
    assert (await database.served(case())).level is Level.FINE
    assert (await database.durable(case())).level is Level.NOT_CHECKED
    assert (await database.evidence(case())).level is Level.NOT_CHECKED
    assert list(tmp_path.iterdir()) == []


async def test_a_database_of_this_program_is_fine(made):
    looked = await made()
    for check in (database.opens, database.served, database.durable, database.evidence):
        assert (await check(looked)).level is Level.FINE


async def test_an_older_one_will_be_upgraded_and_asks_for_a_backup_first(made):
    looked = await made("0001")
    finding = await database.opens(looked)
    assert finding.level is Level.WARNING
    assert "自动升级。请先备份" in finding.text
    assert (await database.evidence(looked)).level is Level.NOT_CHECKED


async def test_a_newer_one_is_a_fault(made):
    looked = await made()
    with sqlite3.connect(path_of(looked)) as base:
        base.execute("UPDATE alembic_version SET version_num = '9999'")
    finding = await database.opens(looked)
    assert finding.level is Level.FAULT
    assert "比程序新" in finding.text


async def test_a_file_without_tables_is_empty(case, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "kaoping.db").touch()
    assert "是空的" in (await database.opens(case())).text


async def test_a_file_that_is_no_database_is_a_fault(case, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "kaoping.db").write_bytes(
        b"no database at all, and long enough to be seen as none" * 40
    )
    finding = await database.opens(case())
    assert finding.level is Level.FAULT
    assert "不是数据库" in finding.text
    assert (await database.durable(case())).level is Level.NOT_CHECKED
    assert (await database.evidence(case())).level is Level.NOT_CHECKED


async def test_a_folder_in_the_place_of_the_file_is_a_fault(case, tmp_path):
    (tmp_path / "data" / "kaoping.db").mkdir(parents=True)
    finding = await database.opens(case())
    assert finding.level is Level.FAULT
    assert "不是文件" in finding.text


async def test_the_program_that_runs_is_seen_and_left_alone(made):
    looked = await made()
    running = Database(looked.config.database.url)
    running.claim()
    assert "正在运行" in (await database.served(looked)).text
    assert (await database.opens(looked)).level is Level.FINE
    await running.close()
    assert "没有运行" in (await database.served(looked)).text


async def test_a_setting_that_the_disk_does_not_take_is_a_fault(made, monkeypatch):
    looked = await made()
    # A disk that cannot share memory between processes leaves the journal in another mode than was asked for.
    monkeypatch.setitem(inspection.PRAGMAS, "journal_mode", "wal2")
    finding = await database.durable(looked)
    assert finding.level is Level.FAULT
    assert "journal_mode" in finding.text


async def test_a_setting_that_does_not_hold_on_the_connection_is_a_fault(made, monkeypatch):
    looked = await made()
    monkeypatch.setattr(inspection, "PRAGMAS", {**inspection.PRAGMAS, "synchronous": 3})
    finding = await database.durable(looked)
    assert finding.level is Level.FAULT
    assert "synchronous = 2（应是 3）" in finding.text


@pytest.mark.parametrize(
    ("version", "level"), [((3, 40, 1), Level.WARNING), ((3, 51, 2), Level.WARNING), ((3, 51, 3), Level.FINE)]
)
async def test_an_old_sqlite_is_a_warning_that_says_what_not_to_do(case, monkeypatch, version, level):
    monkeypatch.setattr(database, "SQLITE", version)
    finding = await database.library(case())
    assert finding.level is level
    assert ("不要用别的程序写" in finding.text) is (level is Level.WARNING)


async def test_evidence_that_is_not_where_the_database_says_is_a_fault(case, tmp_path):
    town = await Town(tmp_path).open()
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 原因")
    await wang.uploads(Upload("现场.png", PICTURE, "image/png"))
    url, folder = town.config.database.url, town.config.evidence_folder
    await town.close()
    looked = case(database={"url": url}, evidence={"folder": str(folder)})
    finding = await database.evidence(looked)
    assert (finding.level, finding.text) == (Level.FINE, "抽查 1 个证据文件，都在")
    (kept,) = [path for path in folder.rglob("*") if path.is_file()]
    kept.write_bytes(kept.read_bytes()[:-1])
    assert "1 个不在" in (await database.evidence(looked)).text
    shutil.rmtree(folder)
    assert (await database.evidence(looked)).level is Level.FAULT
