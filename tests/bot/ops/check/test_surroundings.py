"""What the doctor says of the machine: fonts, time zones, rest days, the clock; each fault is made."""

import shutil
import subprocess
import sys
import zoneinfo
from datetime import UTC, datetime

import pytest

from bot.config.load import Problem
from bot.ops.check import surroundings
from bot.ops.check.finding import Level


def named(case, name):
    """The case with its first unit renamed."""
    found = case()
    first, *rest = found.config.unit
    unit = first.model_copy(update={"name": name})
    config = found.config.model_copy(update={"unit": (unit, *rest)})
    config.__dict__.pop("organisation", None)
    return case(config=config)


async def test_the_font_has_every_name_of_the_example(case):
    assert (await surroundings.font_check().look(case())).level is Level.FINE


async def test_a_sign_that_the_font_lacks_is_named(case):
    finding = await surroundings.font_check().look(named(case, "𠮷龘派出所"))
    assert finding.level is Level.WARNING
    assert "“𠮷”“龘”" in finding.text


async def test_a_font_that_is_broken_is_a_fault(case, tmp_path):
    shutil.copytree(surroundings.ROOT / "charts", tmp_path / "charts")
    font = tmp_path / "charts" / "fonts" / "NotoSansSC-Bold.otf"
    font.write_bytes(font.read_bytes()[:1000])
    finding = await surroundings.font_check(tmp_path).look(case())
    assert finding.level is Level.FAULT
    font.unlink()
    assert (await surroundings.font_check(tmp_path).look(case())).level is Level.FAULT


def test_matplotlib_stays_out_of_the_process_that_looks():
    code = "import sys, bot.ops.check.examine; raise SystemExit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=surroundings.ROOT, check=False).returncode == 0


async def test_the_zones_time_is_told(case):
    finding = await surroundings.time_zone(case(now=datetime(2026, 11, 24, 17, 30, tzinfo=UTC)))
    assert finding.level is Level.FINE
    assert "2026-11-25 01:30" in finding.text


async def test_a_machine_without_time_zones_is_a_fault(case, monkeypatch):
    looked = case()
    for name in [name for name in sys.modules if name.partition(".")[0] == "tzdata"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tzdata", None)
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=())
    try:
        finding = await surroundings.time_zone(looked)
    finally:
        zoneinfo.reset_tzpath(to=before)
    assert finding.level is Level.FAULT
    assert "Asia/Shanghai" in finding.text


@pytest.mark.parametrize(
    ("today", "level", "said"),
    [
        (datetime(2026, 9, 30, 3, tzinfo=UTC), Level.FINE, "有 2026 年"),
        (datetime(2026, 9, 30, 17, tzinfo=UTC), Level.WARNING, "还没有 2027 年"),
        (datetime(2025, 12, 31, 3, tzinfo=UTC), Level.FINE, "有 2025 年"),
        (datetime(2027, 1, 1, 3, tzinfo=UTC), Level.WARNING, "没有 2027 年"),
    ],
)
async def test_rest_days_are_asked_for_from_october_on(case, monkeypatch, today, level, said):
    # The package will know 2027 one day; what it knows today is laid down here.
    monkeypatch.setattr(surroundings, "is_published", lambda year: year <= 2026)
    finding = await surroundings.rest_days(case(now=today))
    assert finding.level is level
    assert said in finding.text
    assert ("pip install --upgrade chinesecalendar" in finding.text) is (level is Level.WARNING)


@pytest.mark.parametrize(
    ("answer", "level"),
    [("echo yes", Level.FINE), ("echo no", Level.WARNING), ("exit 1", Level.NOT_CHECKED)],
)
async def test_the_system_says_whether_it_keeps_its_clock_right(case, tmp_path, monkeypatch, answer, level):
    tool = tmp_path / "timedatectl"
    tool.write_text(f"#!/bin/sh\n{answer}\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (await surroundings.kept_right(case())).level is level
    tool.unlink()
    assert (await surroundings.kept_right(case())).level is Level.NOT_CHECKED


async def test_what_run_would_refuse_is_a_fault(case, monkeypatch):
    assert (await surroundings.allowed(case(telegram={"token": ""}))).level is Level.FINE
    monkeypatch.setattr(surroundings, "problems_to_run", lambda config: [Problem("telegram.mode", "不行")])
    finding = await surroundings.allowed(case())
    assert finding.level is Level.FAULT
    assert "telegram.mode：不行" in finding.text
