"""Backups of a PostgreSQL database: of one moment, restored in a scratch database to be looked at, put back into an empty one."""

import asyncio
import os
import stat
import subprocess
import sys
from dataclasses import replace

import psycopg
import pytest
from killing import ROOT
from postgres import cluster
from sqlalchemy.engine import make_url

from bot.ops import backup_folder
from bot.ops.backup_folder import finished
from bot.ops.backups import NotMade, back_up, make
from bot.ops.restore import restore
from storage import postgres_tools
from storage.backup import Source
from storage.backup_check import MARK, Check
from storage.database import Database
from storage.migrate import migrate
from storage.recount import FaultKind
from tests.backing import FIRST, all_of, config_at, elsewhere, flip, lived_in, made_amid_deductions


def run(name: str, sql: str) -> list[tuple]:
    with psycopg.connect(cluster().dsn(name), autocommit=True) as db:
        found = db.execute(sql)
        return found.fetchall() if found.description else []


def names() -> set[str]:
    return {name for (name,) in run("postgres", "SELECT datname FROM pg_database")}


@pytest.fixture
def name():
    """The bureau's database on the server."""
    made = cluster().new()
    yield made
    cluster().drop(made)


@pytest.fixture
async def bureau(tmp_path, name):
    url = cluster().url(name)
    database = Database(url)
    await migrate(database)
    await database.close()
    town = await lived_in(tmp_path / "live", url)
    yield town
    await town.close()


@pytest.fixture
def backups(tmp_path):
    return tmp_path / "backups"


@pytest.fixture
def new(bureau, tmp_path):
    """The config of another, empty database."""
    made = cluster().new()
    yield config_at(bureau, cluster().url(made), tmp_path / "new" / "evidence")
    cluster().drop(made)


def rows(name: str) -> dict[str, list[tuple]]:
    """Every row of every table, but for the heartbeats of processes at work."""
    found = run(name, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    tables = [table for (table,) in found if table != "worker"]
    return {table: sorted(run(name, f"SELECT t::text FROM {table} t")) for table in tables}


async def test_restored_into_an_empty_database_everything_is_as_it_was(bureau, backups, new, name, capsys):
    assert await back_up(bureau.config, backups, now=bureau.clock()) == 0
    (backup,) = finished(backups)
    assert backup.manifest.source is Source.POSTGRESQL
    assert backup.manifest.checks == (
        Check.DIRECTORY, Check.RESTORED, Check.COUNTS, Check.SEALS, Check.REGISTER, Check.RESULTS, Check.EVIDENCE
    )  # fmt: skip
    assert (backup.manifest.chains, backup.manifest.results) == (4, 22)
    assert "在临时库里恢复过" in capsys.readouterr().out
    assert not {found for found in names() if found.endswith("_backup_check")}
    before = await all_of(bureau.config)
    assert await restore(new, backup.path) == 0
    assert await all_of(new) == before
    assert rows(new.database.url.split("/")[3].split("?")[0]) == rows(name)
    assert len(before["results"][FIRST]) == 22
    assert len(before["evidence"]) == 2
    assert "✔ 已恢复：数据库在 kaoping_" in capsys.readouterr().out


async def test_a_restored_database_goes_on_numbering_and_guards_its_ledger(bureau, backups, new):
    path, _ = await make(bureau.config, backups, now=bureau.clock())
    assert await restore(new, path) == 0
    name = new.database.url.split("/")[3].split("?")[0]
    assert run(name, "SELECT nextval(pg_get_serial_sequence('person', 'id')) > max(id) FROM person") == [
        (True,)
    ]
    with pytest.raises(psycopg.Error):
        run(name, "UPDATE entry SET points = 1")


async def test_a_backup_while_deductions_go_on_is_of_one_moment(bureau, backups):
    made = await made_amid_deductions(bureau, backups, different=2)
    counts = [manifest.tables["entry"] for _, manifest in made]
    assert len(set(counts)) >= 2, "no deduction fell between the backups"
    for _, manifest in made:
        logged_meanwhile = manifest.tables["entry"] - 6
        ends = [head.count for head in manifest.heads if head.chain == "机关科室及实战所队考核小组"]
        assert manifest.whole
        assert ends == [logged_meanwhile] * bool(logged_meanwhile)


async def test_a_database_with_something_in_it_is_not_overwritten(bureau, backups, new, capsys):
    path, _ = await make(bureau.config, backups, now=bureau.clock())
    name = new.database.url.split("/")[3].split("?")[0]
    run(name, "CREATE TABLE precious (id int)")
    assert await restore(new, path) == 2
    assert f"PostgreSQL 数据库 {name} 里已经有内容，不会覆盖" in capsys.readouterr().err
    assert list(rows(name)) == ["precious"]


async def test_a_flipped_bit_in_the_dump_is_found(bureau, backups, new, capsys):
    path, _ = await make(bureau.config, backups, now=bureau.clock())
    flip(path / "kaoping.dump")
    assert await restore(new, path) == 2
    assert "这份备份与清单不符：kaoping.dump" in capsys.readouterr().err


async def test_a_dump_that_cannot_be_put_back_leaves_an_empty_database(bureau, backups, new, capsys):
    """Its hash is right, and yet it is broken."""
    path, manifest = await make(bureau.config, backups, now=bureau.clock())
    dump = path / "kaoping.dump"
    dump.write_bytes(dump.read_bytes()[:-3000])
    line = backup_folder.line_of(path, dump)
    backup_folder.write_manifest(path, replace(manifest, files=(line, *manifest.files[1:])))
    assert await restore(new, path) == 2
    assert "没有恢复：" in capsys.readouterr().err
    assert rows(new.database.url.split("/")[3].split("?")[0]) == {}


async def test_a_sqlite_backup_does_not_go_onto_a_server(bureau, backups, tmp_path, capsys):
    path, _ = await make(bureau.config, backups, now=bureau.clock())
    assert await restore(elsewhere(bureau, tmp_path / "file"), path) == 2
    assert "这份备份来自 PostgreSQL" in capsys.readouterr().err


async def test_a_tampered_ledger_is_called_out(bureau, backups, name):
    run(name, "ALTER TABLE entry DISABLE TRIGGER USER; UPDATE entry SET reason = '改过' WHERE id = 2")
    _, manifest = await make(bureau.config, backups, now=bureau.clock())
    assert [fault.kind for fault in manifest.faults] == [FaultKind.SEALS]


async def test_without_the_right_to_make_databases_the_backup_says_what_it_was_not_put_to(
    bureau, backups, name, capsys
):
    run("postgres", "CREATE ROLE modest LOGIN")
    try:
        run(name, "GRANT pg_read_all_data TO modest")
        url = bureau.config.database.url.replace("postgres@", "modest@")
        config = config_at(bureau, url, bureau.config.evidence_folder)
        assert await back_up(config, backups, now=bureau.clock()) == 0
        (backup,) = finished(backups)
        assert backup.manifest.checks == (
            Check.DIRECTORY,
            Check.SEALS,
            Check.REGISTER,
            Check.RESULTS,
            Check.EVIDENCE,
        )
        assert (backup.manifest.chains, backup.manifest.results) == (4, 22)
        said = capsys.readouterr().out
        assert "没有在临时库里恢复核对：数据库账号没有建库权限" in said and "ALTER ROLE 账号名 CREATEDB" in said
        run(name, "ALTER TABLE entry DISABLE TRIGGER USER; UPDATE entry SET reason = '改过' WHERE id = 2")
        assert await back_up(config, backups, now=bureau.clock()) == 1
        assert "台账与校验码不符" in capsys.readouterr().err
    finally:
        run(name, "DROP OWNED BY modest; DROP ROLE modest")


async def test_what_a_killed_backup_left_on_the_server_is_dropped_and_nobody_elses(bureau, backups, name):
    scratch = f"{name}_backup_check"
    run("postgres", f"CREATE DATABASE {scratch}")
    try:
        _, manifest = await make(bureau.config, backups, now=bureau.clock())
        assert manifest.not_restored_because == f"{scratch} already exists"
        run("postgres", f"ALTER DATABASE {scratch} CONNECTION LIMIT {MARK}")
        _, manifest = await make(bureau.config, backups, now=bureau.clock())
        assert Check.RESTORED in manifest.checks
        assert scratch not in names()
    finally:
        run("postgres", f"DROP DATABASE IF EXISTS {scratch}")


async def test_a_tool_that_is_missing_or_older_than_the_server_is_named(bureau, backups, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(NotMade, match="没有安装 pg_dump"):
        await make(bureau.config, backups, now=bureau.clock())
    (tmp_path / "bin").mkdir()
    old = tmp_path / "bin" / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    old.chmod(old.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(NotMade, match=r"pg_dump 是 9 版，比数据库服务器的 1. 版旧"):
        await make(bureau.config, backups, now=bureau.clock())
    assert [path.name for path in backups.iterdir()] == [".lock"]


async def test_a_server_that_is_away_is_said_so(bureau, backups, tmp_path, capsys):
    away = config_at(bureau, f"postgresql+asyncpg://u:secret@/k?host={tmp_path}", tmp_path)
    assert await back_up(away, backups, now=bureau.clock()) == 2
    said = capsys.readouterr().err
    assert "没有备份：数据库打不开" in said
    assert "secret" not in said


def test_a_password_is_nowhere_but_in_the_environment():
    told = postgres_tools.environment(
        make_url("postgresql+asyncpg://u:s%40fe@db.local:5433/kaoping?ssl=require")
    )
    expected = {
        "PGHOST": "db.local", "PGPORT": "5433", "PGUSER": "u", "PGPASSWORD": "s@fe", "PGDATABASE": "kaoping",
        "PGSSLMODE": "require",
    }  # fmt: skip
    assert {key: told[key] for key in expected} == expected


async def test_the_tools_command_lines_hold_no_password(bureau, backups, tmp_path, monkeypatch):
    """Whoever lists the machine's processes sees these lines."""
    bin_, seen = tmp_path / "bin", tmp_path / "seen"
    bin_.mkdir()
    for tool in ("pg_dump", "pg_restore"):
        real = subprocess.run(["which", tool], check=True, capture_output=True, text=True).stdout.strip()
        (bin_ / tool).write_text(f'#!/bin/sh\necho "$0 $*" >> {seen}\nexec {real} "$@"\n')
        (bin_ / tool).chmod(0o755)
    monkeypatch.setenv("PATH", f"{bin_}:{os.environ['PATH']}")
    url = bureau.config.database.url.replace("postgres@", "postgres:s3cret@")
    await make(config_at(bureau, url, bureau.config.evidence_folder), backups, now=bureau.clock())
    lines = seen.read_text().splitlines()
    assert len(lines) >= 4
    assert not any("s3cret" in line for line in lines)


async def test_killed_in_the_middle_a_backup_is_not_there(bureau, backups, name):
    words = [sys.executable, "-m", "bot", "backup", str(backups), "--config", "config.example.toml"]
    env = {
        "KAOPING_DATABASE__URL": bureau.config.database.url,
        "KAOPING_EVIDENCE__FOLDER": str(bureau.config.evidence_folder),
        "PATH": os.environ["PATH"],
    }
    process = await asyncio.create_subprocess_exec(*words, cwd=ROOT, env=env)
    while process.returncode is None and f"{name}_backup_check" not in await asyncio.to_thread(names):
        await asyncio.sleep(0)
    process.kill()
    await process.wait()
    assert finished(backups) == []
    assert list(backups.glob(".kaoping-*.part"))
    again = await asyncio.create_subprocess_exec(*words, cwd=ROOT, env=env)
    assert await again.wait() == 0
    assert len(finished(backups)) == 1
    assert not list(backups.glob(".kaoping-*.part"))
    assert f"{name}_backup_check" not in names()
