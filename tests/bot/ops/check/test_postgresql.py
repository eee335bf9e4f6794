"""What the doctor says of a PostgreSQL server; each fault is made on a real one."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.ops.check import database
from bot.ops.check.finding import Level
from storage import inspection
from storage.database import Database
from storage.inspection import Setting
from storage.migrate import migrate


def _run(tool, *arguments):
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    path = found[-1] / tool if found else shutil.which(tool)
    somebody = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    return subprocess.run(
        [*somebody, str(path), *map(str, arguments)], cwd="/", check=True, capture_output=True
    )


@pytest.fixture(scope="module")
def folder():
    """A cluster that does not run yet."""
    if not (shutil.which("initdb") or sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))):
        if os.environ.get("KAOPING_REQUIRE_POSTGRES"):
            pytest.fail("PostgreSQL is missing: apt-get install postgresql")
        pytest.skip("PostgreSQL is missing (apt-get install postgresql)")
    with tempfile.TemporaryDirectory(prefix="doctor-pg-", ignore_cleanup_errors=True) as made:
        if os.geteuid() == 0:
            os.chown(made, pwd.getpwnam("postgres").pw_uid, -1)
        _run("initdb", "-D", f"{made}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        yield made


@pytest.fixture
def server(folder, case):
    """Starts the server with some settings; the case that uses it."""

    def started(**settings):
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        options += f" -c listen_addresses= -c unix_socket_directories={folder}"
        _run("pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", options, "start")
        return case(database={"url": f"postgresql+asyncpg://postgres:sesame@/postgres?host={folder}"})

    yield started
    _run("pg_ctl", "-D", f"{folder}/data", "-w", "-m", "immediate", "stop")


async def test_a_server_as_it_comes_keeps_what_it_acknowledges_and_tells_its_version(server):
    looked = server()
    assert (await database.opens(looked)).text == "数据库是空的，启动时建立各表"
    assert (await database.served(looked)).level is Level.NOT_CHECKED
    assert (await database.library(looked)).level is Level.NOT_CHECKED
    finding = await database.durable(looked)
    assert finding.level is not Level.FAULT, finding.text
    base = Database(looked.config.database.url)
    version = await inspection.server_version(base)
    await migrate(base)
    await base.close()
    assert version.partition(".")[0].isdigit()
    assert (await database.opens(looked)).level is Level.FINE
    assert (await database.evidence(looked)).text == "还没有证据文件"


@pytest.mark.parametrize("name", ["fsync", "full_page_writes"])
async def test_a_server_that_does_not_wait_for_the_disk_is_a_fault(server, name):
    finding = await database.durable(server(**{name: "off"}))
    assert finding.level is Level.FAULT
    assert f"{name} = off（应是 on）" in finding.text


async def test_a_server_that_is_away_is_a_fault_and_no_password_is_shown(case, tmp_path):
    looked = case(database={"url": f"postgresql+asyncpg://postgres:sesame@/postgres?host={tmp_path}"})
    finding = await database.opens(looked)
    assert finding.level is Level.FAULT
    assert "sesame" not in finding.text
    assert (await database.durable(looked)).level is Level.NOT_CHECKED


async def test_a_database_that_there_is_not_is_named_as_the_cause(server):
    looked = server()
    url = looked.config.database.url.replace("/postgres?", "/nowhere?")
    looked.config.__dict__["database"] = looked.config.database.model_copy(update={"url": url})
    finding = await database.opens(looked)
    assert finding.level is Level.FAULT
    assert "没有这个数据库或用户" in finding.text


@pytest.mark.parametrize(("value", "level"), [("0", Level.WARNING), ("8s", Level.FINE)])
def test_without_a_bound_in_time_the_settings_are_a_warning(value, level):
    settings = [Setting("fsync", "on", "on"), Setting("lock_timeout", value, ">0")]
    assert database.judged(settings, "15.1").level is level


async def test_the_tools_of_a_backup_and_the_right_to_look_it_over(server, monkeypatch, tmp_path):
    looked = server()
    assert (await database.tools(looked)).text == "pg_dump 可以用，备份会在临时库里恢复核对"
    url = looked.config.database.url
    opened = Database(url)
    async with opened.transaction() as session:
        await session.exec(sa.text("DROP ROLE IF EXISTS modest"))
        await session.exec(sa.text("CREATE ROLE modest LOGIN"))
    await opened.close()
    looked.config.__dict__["database"] = looked.config.database.model_copy(
        update={"url": url.replace("postgres:sesame@", "modest:sesame@")}
    )
    finding = await database.tools(looked)
    assert finding.level is Level.WARNING and "ALTER ROLE 账号名 CREATEDB" in finding.text
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "pg_dump 是 9 版" in (await database.tools(looked)).text
    old.unlink()
    finding = await database.tools(looked)
    assert finding.level is Level.FAULT and "没有安装 pg_dump" in finding.text
