"""The command line as a person uses it: the sandbox's script, faults of the config, a clean stop."""

import asyncio
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from storage.database import Database
from storage.migrate import migrate

ROOT = Path(__file__).parents[2]


def bot(*words, stdin="", **options):
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        check=False,
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        **options,
    )


def test_the_tour_is_a_conversation_that_holds(tmp_path):
    done = bot("sandbox", "--terminal", "--data", str(tmp_path), stdin=(ROOT / "docs" / "tour.txt").read_text())
    assert done.returncode == 0, done.stderr
    for wanted in (
        "治安管理 10 → 8",
        "记录 1 的原因已补上",
        "一笔不能扣 12 分",
        "已撤销　记录",
        "〔图片 1080×",
        "总分 98，满分 100",
        "4. 城关派出所　98（并列）",
        "安全防范 5 → 4",
        "细则：2.1",
        "已登记 2 笔",
        "由记录 11 代替",
        "减轻为扣 0.5 分",
        "裁定申诉　记录 7　城关派出所",
        "公布前不在您的查看范围内",
        "不归您所在的小组",
        "小刘，您已加入",
        "您还不在本系统的人员名单中",
        "── 2027年3月8日 周一 ──\n09:00　考评助手→",
        "派出所考核小组　2027年第一季度：还有 7 天，3月15日截止",
        "18:00　考评助手→林主任：\n　台账校验码　2027年3月8日",
        "时钟：2027年3月9日 周二 09:30",
    ):
        assert wanted in done.stdout, wanted
    for picture in re.findall(r"〔图片 \S+ (\S+)〕", done.stdout):
        assert Path(picture).read_bytes()[:4] == b"\x89PNG"


def test_started_again_the_sandbox_goes_on_where_it_was(tmp_path):
    bot("sandbox", "--terminal", "--data", str(tmp_path), stdin="赵考核员> /deduct 城关所 治安管理 2 原因\n")
    done = bot("sandbox", "--terminal", "--data", str(tmp_path), stdin="赵考核员> /score 城关所\n")
    assert "总分 98" in done.stdout


def test_what_is_written_is_for_its_owner_alone(tmp_path):
    old = os.umask(0o022)
    try:
        photo = tmp_path / "photo.png"
        photo.write_bytes((ROOT / "docs/pictures/page.png").read_bytes())
        done = bot(
            "sandbox", "--terminal", "--data", str(tmp_path / "data"),
            stdin=f"王组长> /deduct 城关所 治安管理 2 台账缺失\n!photo {photo} /证据 1\n",
        )  # fmt: skip
    finally:
        os.umask(old)
    assert done.returncode == 0, done.stderr
    written = [tmp_path / "data", *(tmp_path / "data").rglob("*")]
    assert {"kaoping.db", "telegram.db"} <= {path.name for path in written}
    assert [str(path) for path in written if path.stat().st_mode & 0o077] == []


def test_every_fault_of_a_config_is_told_without_a_traceback(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text('[bureau]\nnam = "x"\n[telegram]\ntoken = "123456:short-secret"\n', encoding="utf-8")
    for word in ("check", "run"):
        done = bot(word, "--config", str(path))
        assert done.returncode == 2
        assert "bureau.nam" in done.stderr
        assert "telegram.token" in done.stderr
        assert "Traceback" not in done.stderr
        assert "short-secret" not in done.stderr + done.stdout


def test_without_a_token_run_says_so():
    done = bot("run", "--config", "config.example.toml")
    assert done.returncode == 2
    assert "telegram.token" in done.stderr


def test_the_example_holds():
    done = bot("check", "--config", "config.example.toml")
    assert done.returncode == 0
    assert "41 个单位" in done.stdout


def test_ctrl_c_stops_the_sandbox_at_once(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "sandbox", "--data", str(tmp_path), "--port", "0"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    for line in process.stdout:
        if "http://" in line:
            break
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=15)
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert time.monotonic() - began < 10


def test_verify_recounts_the_seals_and_names_the_first_broken_entry(tmp_path):
    said = "赵考核员> /deduct 城关所 治安管理 2 甲\n/deduct 城关所 治安管理 1 乙\n"
    bot("sandbox", "--terminal", "--data", str(tmp_path), stdin=said)
    own = tmp_path / "own.toml"
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    own.write_text(text.replace("///data/kaoping.db", f"///{tmp_path}/kaoping.db"), encoding="utf-8")
    fine = bot("verify", "--config", str(own))
    assert fine.returncode == 0, fine.stderr
    assert "✔ 台账　派出所考核小组　2 条都没有改动" in fine.stdout
    with sqlite3.connect(tmp_path / "kaoping.db") as db:
        db.execute("DROP TRIGGER entry_no_update")
        db.execute("UPDATE entry SET points = 1 WHERE id = 2")
    broken = bot("verify", "--config", str(own))
    assert broken.returncode == 1
    assert "从编号 2 起" in broken.stdout


def test_what_will_be_sent_is_listed_ahead(tmp_path):
    bot("sandbox", "--terminal", "--data", str(tmp_path), stdin="赵考核员> /whoami\n")
    own = tmp_path / "own.toml"
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    own.write_text(text.replace("///data/kaoping.db", f"///{tmp_path}/kaoping.db"), encoding="utf-8")
    done = bot("pushes", "--days", "120", "--config", str(own))
    assert done.returncode == 0, done.stderr
    assert "09:00　赵考核员　检查和补原因提醒　派出所考核小组" in done.stdout
    assert "18:00 把台账校验码发给：林主任、高局长" in done.stdout
    one = bot("pushes", "--person", "周联络", "--full", "--config", str(own))
    assert "赵考核员" not in one.stdout
    assert "月民警成绩" in one.stdout and "<b>" not in one.stdout
    nowhere = tmp_path / "nowhere.toml"
    nowhere.write_text(text.replace("///data/kaoping.db", f"///{tmp_path}/none/kaoping.db"), encoding="utf-8")
    missing = bot("pushes", "--config", str(nowhere))
    assert missing.returncode == 2
    assert "找不到数据库" in missing.stderr and "Traceback" not in missing.stderr


def used(folder):
    """A config with a database that is up to date."""
    own = folder / "config.toml"
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    text = text.replace("data/kaoping.db", f"{folder}/kaoping.db")
    own.write_text(text.replace('token = ""', 'token = "1234567890:TheTokenOfABotThatIsNowhereButHere0"'))
    database = Database(f"sqlite+aiosqlite:///{folder}/kaoping.db")

    async def up_to_date():
        await migrate(database)
        await database.close()

    asyncio.run(up_to_date())
    return own


@pytest.mark.parametrize("words", [("run",), ("move", "--to", "sqlite+aiosqlite:///other.db")])
def test_the_database_of_a_newer_program_is_told_in_a_sentence(tmp_path, words):
    own = used(tmp_path)
    with sqlite3.connect(tmp_path / "kaoping.db") as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    words = [word.replace("other.db", f"{tmp_path}/other.db") for word in words]
    done = bot(*words, "--config", str(own))
    assert done.returncode == 2
    assert "数据库的版本比程序新，这个程序不能用它。请装回新的程序" in done.stderr
    assert "Traceback" not in done.stderr and "CommandError" not in done.stderr


@pytest.mark.parametrize("words", [("verify",), ("run",), ("move", "--to", "sqlite+aiosqlite:///other.db")])
def test_a_damaged_database_is_called_so(tmp_path, words):
    own = used(tmp_path)
    (tmp_path / "kaoping.db").write_bytes(b"\x17" * 65536)
    words = [word.replace("other.db", f"{tmp_path}/other.db") for word in words]
    done = bot(*words, "--config", str(own))
    assert done.returncode == 2
    assert "这个文件不是数据库，可能已损坏，请用备份恢复" in done.stderr and "Traceback" not in done.stderr
