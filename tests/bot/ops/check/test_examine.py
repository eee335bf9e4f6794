"""The examination as a whole: side by side, bounded, in order, and what it comes to."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest
from made_up import TOKEN

from bot.ops.check import examine
from bot.ops.check.finding import Check, Level, fault, fine, in_thread, not_checked, warning

ROOT = Path(__file__).parents[4]


def found(finding, after=None):
    async def look(_):
        if after is not None:
            await after.wait()
        return finding

    return look


def check(*words, **environ):
    return subprocess.run(
        [sys.executable, "-m", "bot", "check", *words],
        check=False, cwd=ROOT, capture_output=True, text=True, timeout=60, env={"PATH": "/usr/bin:/bin", **environ},
    )  # fmt: skip


async def test_what_hangs_is_a_fault_and_holds_nothing_else_up(case):
    checks = [Check("一", found(fine("a"), asyncio.Event()), seconds=0.05), Check("二", found(fine("b")))]
    hung, other = await examine.look(checks, case())
    assert hung.level is Level.FAULT
    assert "内没有结果" in hung.text
    assert other == fine("b")


async def test_all_are_looked_at_side_by_side_and_told_in_order(case):
    second = asyncio.Event()

    async def sets(_):
        second.set()
        return fine("b")

    assert await examine.look([Check("一", found(fine("a"), second)), Check("二", sets)], case()) == [
        fine("a"),
        fine("b"),
    ]


async def test_a_check_that_crashes_is_a_fault_without_a_traceback(case):
    async def crash(_):
        raise RuntimeError(f"secret {TOKEN}")

    (finding,) = await examine.look([Check("一", crash)], case())
    assert finding.level is Level.FAULT
    assert "RuntimeError" in finding.text
    assert "secret" not in finding.text


async def test_what_a_thread_raises_comes_out_of_it():
    with pytest.raises(ZeroDivisionError):
        await in_thread(lambda: 1 / 0)


@pytest.mark.parametrize(
    ("findings", "code", "last"),
    [
        ([fine("a"), not_checked("b")], 0, "一切正常。"),
        ([fine("a"), warning("b")], 0, "没有大问题，1 处请留意（!）。"),
        ([fault("a"), warning("b"), fault("c")], 1, "有 2 处要立即处理（✗），1 处请留意（!）。"),
        ([fault("a")], 1, "有 1 处要立即处理（✗）。"),
    ],
)
async def test_a_fault_makes_the_exit_code(case, monkeypatch, capsys, findings, code, last):
    monkeypatch.setattr(examine, "checks", lambda _: [Check(f.text, found(f)) for f in findings])
    looked = case()
    assert await examine.examine(looked.config, looked.file, offline=False) == code
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[:-1]] == [finding.level.value for finding in findings]
    assert lines[-1] == last


async def test_offline_leaves_out_what_needs_telegram(case, monkeypatch, capsys):
    checks = [Check("网", found(fault("a")), online=True), Check("本机", found(fine("b")))]
    monkeypatch.setattr(examine, "checks", lambda _: checks)
    looked = case()
    assert await examine.examine(looked.config, looked.file, offline=True) == 0
    assert "网：" not in capsys.readouterr().out


def test_what_hangs_and_cannot_be_ended_does_not_hold_the_program():
    code = (
        "import asyncio, threading\n"
        "from pathlib import Path\n"
        "from bot.config.load import load; from bot.ops.check import examine; from bot.ops.check.finding import Check, fine\n"
        "async def hang(_):\n"
        "    while True:\n"
        "        try: await asyncio.Event().wait()\n"
        "        except asyncio.CancelledError: pass\n"
        "examine.checks = lambda _: [Check('盘', hang, seconds=0.1)]\n"
        "file = Path('config.example.toml')\n"
        "raise SystemExit(asyncio.run(examine.examine(load(file, {}), file, offline=False)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 1
    assert "✗ 盘：" in done.stdout


def test_the_command_tells_every_check_in_one_line_each_and_ends_with_the_sum(tmp_path):
    done = check(
        "--config",
        "config.example.toml",
        "--offline",
        KAOPING_DATABASE__URL=f"sqlite+aiosqlite:///{tmp_path}/k.db",
    )
    assert done.returncode == 0, done.stdout
    names = re.findall(r"^  [✔–!✗] (\S+?)：", done.stdout, re.M)
    assert names[1:] == [
        "配置", "配置文件", "对时", "时区", "放假安排", "程序", "数据库", "落盘", "SQLite", "备份工具",
        "数据文件夹", "证据文件夹", "备份文件夹", "校验码文件夹", "证据文件", "备份", "图片字体",
    ]  # fmt: skip
    assert "41 个单位" in done.stdout
    assert done.stderr == ""


def test_a_fault_on_the_disk_ends_the_command_with_1_and_no_secret_shows(tmp_path):
    (tmp_path / "file").write_text("")
    done = check(
        "--config", "config.example.toml",
        KAOPING_DATABASE__URL=f"sqlite+aiosqlite:///{tmp_path}/file/k.db",
        KAOPING_TELEGRAM__TOKEN=TOKEN, KAOPING_TELEGRAM__BASE_URL="http://127.0.0.1:9/bot",
    )  # fmt: skip
    assert done.returncode == 1
    assert re.search("✗ 令牌：连不上 Telegram", done.stdout)
    assert re.search("✗ 数据文件夹：.*不是文件夹", done.stdout)
    assert TOKEN.split(":")[1] not in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
