"""The service's unit: systemd reads it without a word, calls it well closed, and the program runs with what it forbids."""

import ctypes
import errno
import os
import pickle
import platform
import shutil
import struct
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.config.load import load
from bot.ops.backups import Outcome
from storage.database import Database
from storage.migrate import migrate

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy" / "kaoping.service"
EXPOSURE = 12
"""At most, in tenths: systemd calls 2.0 and below well closed."""

REFUSE_WRITABLE_CODE = 65
"""prctl's PR_SET_MDWE."""


@pytest.fixture
def analyze():
    """Asks systemd-analyze, which fails the test where CI has to have it."""
    tool = shutil.which("systemd-analyze")
    if tool is None:
        if os.environ.get("KAOPING_REQUIRE_SYSTEMD"):
            pytest.fail("systemd-analyze is missing: apt-get install systemd")
        pytest.skip("systemd-analyze is missing (apt-get install systemd)")
    return lambda *words: subprocess.run(
        [tool, *words], check=False, capture_output=True, text=True, timeout=60
    )


@pytest.fixture(params=["kaoping.service", "kaoping@.service"])
def unit(request, tmp_path):
    """The unit under both of its names, with an interpreter that is here."""
    text = UNIT.read_text(encoding="utf-8").replace("/opt/kaoping/.venv/bin/python", sys.executable)
    path = tmp_path / request.param
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_systemd_reads_the_unit_without_a_word(analyze, unit):
    done = analyze("verify", "--man=no", unit)
    said = [line for line in (done.stdout + done.stderr).splitlines() if "kaoping" in line]
    assert said == []
    assert done.returncode == 0, done.stderr


def test_a_misspelt_setting_would_be_told(analyze, unit):
    path = Path(unit)
    path.write_text(path.read_text(encoding="utf-8").replace("ProtectClock", "ProtectClok"), encoding="utf-8")
    assert "ProtectClok" in analyze("verify", "--man=no", unit).stderr


def test_systemd_calls_the_unit_well_closed(analyze, unit):
    done = analyze("security", "--offline=true", f"--threshold={EXPOSURE}", "--no-pager", unit)
    assert done.returncode == 0, done.stdout + done.stderr
    path = Path(unit)
    path.write_text(
        path.read_text(encoding="utf-8").replace("DynamicUser=yes\nUser=kaoping", ""), encoding="utf-8"
    )
    assert analyze("security", "--offline=true", f"--threshold={EXPOSURE}", "--no-pager", unit).returncode != 0


def test_commands_are_handed_what_the_service_is_handed():
    unit, script = UNIT.read_text(encoding="utf-8"), (UNIT.parent / "kaoping").read_text(encoding="utf-8")
    for line in unit.splitlines():
        if line.startswith(("LoadCredential=", "DynamicUser=", "User=", "StateDirectory=", "UMask=")):
            assert f"--property={line}" in script
    assert subprocess.run(["sh", "-n", str(UNIT.parent / "kaoping")], check=False).returncode == 0


def test_charts_and_libraries_work_where_no_memory_is_both_written_and_executed():
    libc = ctypes.CDLL(None, use_errno=True)

    def forbid():
        os._exit(77) if libc.prctl(REFUSE_WRITABLE_CODE, 1, 0, 0, 0) else None

    code = (
        "import mmap\n"
        "try: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)\n"
        "except PermissionError: pass\n"
        "else: raise SystemExit('nothing was forbidden')\n"
        "import asyncpg, aiosqlite, bot.run, sqlite3\n"
        "from charts.png import render\n"
        "from charts.values import Frame, ScoreChart\n"
        "assert render(ScoreChart(Frame('城关派出所', '', '', ''), ()))[:4] == b'\\x89PNG'\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        preexec_fn=forbid,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if done.returncode == 77:
        pytest.skip("this kernel cannot forbid it for a process")
    assert done.returncode == 0, done.stderr


RESOURCES = (141, 142, 144, 160, 203, 237, 238, 251, 256, 279, 314)
"""x86-64's numbers of @resources, which the unit answers with EPERM: setpriority, setrlimit, sched_… and the like."""


def _forbid_resources():
    """As the unit's SystemCallFilter= does it, by a filter of seccomp."""
    load, equal, give = (0x20, 0, 0, 0), (0x15, 0, 1), (0x06, 0, 0)
    refused, allowed = 0x00050000 | errno.EPERM, 0x7FFF0000
    code = [load]
    for number in RESOURCES:
        code += [(*equal, number), (*give, refused)]
    code.append((*give, allowed))
    packed = b"".join(struct.pack("HBBI", *line) for line in code)
    lines = ctypes.create_string_buffer(packed)
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(code), ctypes.addressof(lines)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, program, 0, 0):
        os._exit(77)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the filter knows the numbers of x86-64 alone")
async def test_a_backup_by_the_clock_is_made_under_the_units_filter(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'kaoping.db'}"
    database = Database(url)
    await migrate(database)
    await database.close()
    config = load(ROOT / "config.example.toml")
    config = config.model_copy(
        update={
            "database": config.database.model_copy(update={"url": url}),
            "backup": config.backup.model_copy(update={"folder": str(tmp_path / "backups"), "every": 24}),
        }
    )
    done = subprocess.run(
        [sys.executable, "-m", "bot.ops.backup_child"], cwd=ROOT, capture_output=True, check=False,
        input=pickle.dumps((config, tmp_path, datetime.now(UTC))), preexec_fn=_forbid_resources,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert pickle.loads(done.stdout) == Outcome()
