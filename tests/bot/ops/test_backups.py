"""Backups of a bureau at work: whole, looked over, of one moment, and never half of one that looks like a whole."""

import asyncio
import errno
import os
import pickle
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from killing import ROOT, Station
from made_up import TOKEN

from bot.ops import backup_folder
from bot.ops.backup_folder import Loss, finished
from bot.ops.backups import Keeper, NotMade, Outcome, back_up, make
from bot.ops.restore import restore
from rules.calendar import Quarter
from sandbox.world import Upload
from storage import ledger, people
from storage.backup_check import Check
from storage.database import Database
from storage.ledger import New
from storage.migrate import migrate
from storage.recount import FaultKind
from tests.backing import FIRST, all_of, dumped, elsewhere, lived_in, made_amid_deductions, town_at
from tests.conversation import STATIONS, Town
from tests.sample_files import pdf


@pytest.fixture
async def bureau(tmp_path):
    town = await lived_in(tmp_path / "live")
    yield town
    await town.close()


@pytest.fixture
def backups(tmp_path):
    return tmp_path / "backups"


def nothing_left(folder: Path) -> bool:
    return [path.name for path in folder.iterdir()] == [".lock"]


def tampered(town: Town, table: str, change: str) -> None:
    """Change rows below the triggers, as somebody with the file would."""
    with closing(sqlite3.connect(town.folder / "kaoping.db")) as db:
        db.execute(f"DROP TRIGGER IF EXISTS {table}_no_update")
        db.execute(change)
        db.commit()


async def many(url: str, count: int) -> None:
    """A ledger of so many entries."""
    database = Database(url)
    await migrate(database)
    async with database.transaction() as session:
        now = datetime(2027, 3, 1, 1, tzinfo=UTC)
        row = await people.meet(session, telegram_id=1, name="王伟", now=now)
        several = [
            New(
                f"many:{n}", "chengguan", "治安管理", Decimal("0.01"), Quarter(2027, 1), now.date(), row.id or 0,
                "原因", now, STATIONS,
            )
            for n in range(count)
        ]  # fmt: skip
        await ledger.deduct_all(session, several, now=now)
    await database.close()


async def test_a_backup_says_what_is_in_it_and_what_it_was_put_to(bureau, backups, capsys):
    assert await back_up(bureau.config, backups, now=bureau.clock()) == 0
    (backup,) = finished(backups)
    manifest = backup.manifest
    assert backup.path.name == f"kaoping-{bureau.clock():%Y%m%dT%H%M%SZ}"
    assert manifest.whole
    assert manifest.tables["entry"] == 6
    assert {(head.table, head.chain) for head in manifest.heads} == {
        ("entry", STATIONS), ("officer_entry", "民警台账"), ("audit", "audit"), ("register", "register")
    }  # fmt: skip
    assert manifest.checks == (
        Check.PAGES,
        Check.COUNTS,
        Check.SEALS,
        Check.REGISTER,
        Check.RESULTS,
        Check.EVIDENCE,
    )
    assert manifest.chains == 4
    assert manifest.results == 22
    assert len(manifest.files) == 3
    assert f"✔ 已备份到 {backup.path}" in capsys.readouterr().out
    assert backup.path.stat().st_mode & 0o077 == 0


async def test_restored_elsewhere_everything_is_as_it_was(bureau, backups, tmp_path, capsys):
    path, _ = await make(bureau.config, backups, now=bureau.clock())
    before = await all_of(bureau.config)
    rows = dumped(bureau.folder / "kaoping.db")
    config = elsewhere(bureau, tmp_path / "new")
    assert await restore(config, path) == 0
    assert await all_of(config) == before
    assert dumped(tmp_path / "new" / "kaoping.db") == rows
    assert len(before["scores"]) == 41
    assert len(before["results"][FIRST]) == 22
    assert len(before["evidence"]) == 2
    assert before["months"][0].everybody
    said = capsys.readouterr().out
    assert "✔ 已恢复：数据库在 " in said
    assert "备份做于 2027年3月6日 09:00:00" in said


async def test_the_bot_goes_on_from_a_restored_database(bureau, backups, tmp_path):
    path, _ = await make(bureau.config, backups, now=bureau.clock())
    assert await restore(elsewhere(bureau, tmp_path / "new"), path) == 0
    other = await town_at(tmp_path / "new", now=bureau.clock())
    for number in range(9):
        other.world.add_person(f"路人{number}")  # whose numbers are those of the first town's people
    wang = await other.assessor("钱考核", group="机关科室及实战所队考核小组")
    await wang.says("/deduct 治安大队 专业管理 0.5 卷宗不全")
    assert "已登记　记录 7" in wang.sees()
    await other.close()


async def test_a_backup_while_deductions_go_on_is_of_one_moment(bureau, backups, tmp_path):
    made = await made_amid_deductions(bureau, backups, different=3)
    counts = {manifest.tables["entry"] for _, manifest in made}
    assert len(counts) > 2, "no deduction fell between the backups"
    with closing(sqlite3.connect(bureau.folder / "kaoping.db")) as db:
        ledger_ = db.execute("SELECT * FROM entry ORDER BY id").fetchall()
    for number, (path, manifest) in enumerate(made):
        folder = tmp_path / f"new{number}"
        assert manifest.whole
        assert await restore(elsewhere(bureau, folder), path) == 0
        with closing(sqlite3.connect(folder / "kaoping.db")) as db:
            restored = db.execute("SELECT * FROM entry ORDER BY id").fetchall()
        assert restored == ledger_[: manifest.tables["entry"]]


async def test_what_a_killed_bot_had_acknowledged_is_in_a_backup_made_by_the_command(tmp_path):
    station = Station(tmp_path / "live")
    station.folder.mkdir()
    (wang,) = await station.open(assessors=1)
    try:
        await station.start()
        for number in range(20):
            station.world.send(wang, wang, f"/deduct 城关所 打击 0.01 第{number}笔")
        await station.drained()
        words = [
            sys.executable,
            "-m",
            "bot",
            "backup",
            str(tmp_path / "backups"),
            "--config",
            "config.example.toml",
        ]
        process = await asyncio.create_subprocess_exec(
            *words, cwd=ROOT, env=station.environment, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await process.communicate()
        await station.kill()
    finally:
        await station.close()
    assert process.returncode == 0
    (backup,) = finished(tmp_path / "backups")
    assert str(backup.path) in said.decode()
    assert backup.manifest.tables["entry"] == 20


async def test_evidence_that_is_gone_is_named_and_makes_the_backup_amber(bureau, backups, capsys):
    for file in (bureau.folder / "evidence").rglob("*"):
        if file.is_file() and file.read_bytes().startswith(b"%PDF"):
            file.unlink()
    assert await back_up(bureau.config, backups, now=bureau.clock()) == 1
    (backup,) = finished(backups)
    assert [(lost.name, lost.loss) for lost in backup.manifest.lacking] == [("说明.pdf", Loss.GONE)]
    assert "✗ 证据 2“说明.pdf”" in capsys.readouterr().err


async def test_evidence_with_other_content_is_named_too(bureau, backups):
    for file in (bureau.folder / "evidence").rglob("*"):
        if file.is_file() and file.read_bytes().startswith(b"%PDF"):
            file.write_bytes(pdf("y"))
    _, manifest = await make(bureau.config, backups, now=bureau.clock())
    assert [(lost.name, lost.loss) for lost in manifest.lacking] == [("说明.pdf", Loss.CHANGED)]
    assert len(manifest.files) == 2


async def test_evidence_that_the_backup_before_still_has_is_taken_from_it_and_named(bureau, backups, tmp_path):
    await make(bureau.config, backups, now=bureau.clock())
    for file in (bureau.folder / "evidence").rglob("*"):
        if file.is_file():
            file.unlink()
    path, manifest = await make(bureau.config, backups, now=bureau.clock() + timedelta(hours=1))
    assert [lost.loss for lost in manifest.lacking] == [Loss.EARLIER, Loss.EARLIER]
    assert await restore(elsewhere(bureau, tmp_path / "new"), path) == 1
    assert all((await all_of(elsewhere(bureau, tmp_path / "new")))["evidence"])


async def test_a_ledger_that_was_tampered_with_is_backed_up_and_called_out(bureau, backups, capsys):
    tampered(bureau, "entry", "UPDATE entry SET reason = '改过' WHERE id = 2")
    assert await back_up(bureau.config, backups, now=bureau.clock()) == 1
    (backup,) = finished(backups)
    assert [fault.kind for fault in backup.manifest.faults] == [FaultKind.SEALS]
    assert "台账与校验码不符" in capsys.readouterr().err


async def test_a_confirmed_result_that_the_ledger_does_not_bear_out_is_called_out(bureau, backups):
    tampered(bureau, "result", "UPDATE result SET total = total + 100 WHERE unit_code = 'dongmen'")
    _, manifest = await make(bureau.config, backups, now=bureau.clock())
    assert {(fault.kind, fault.where) for fault in manifest.faults} == {
        (FaultKind.CHANGED, "result 2"),
        (FaultKind.CONFIRMED, f"2027Q1 {STATIONS}"),
        (FaultKind.RESULTS, "2027Q1 dongmen"),
    }


async def test_sums_that_the_ledger_does_not_bear_out_are_called_out(bureau, backups, capsys):
    tampered(bureau, "tally", "UPDATE tally SET living = living + 1 WHERE unit_code = 'dongmen'")
    assert await back_up(bureau.config, backups, now=bureau.clock()) == 1
    (backup,) = finished(backups)
    assert {fault.kind for fault in backup.manifest.faults} == {FaultKind.TALLY}
    said = capsys.readouterr().err
    assert "汇总与台账不符：2027年第一季度有 1 处与台账不符" in said and "rebuild-sums --reason" in said
    assert "台账没有问题" not in said


async def test_a_row_that_leads_nowhere_is_called_out(bureau, backups):
    with closing(sqlite3.connect(bureau.folder / "kaoping.db")) as db:
        db.execute("DELETE FROM officer WHERE name = '王五'")
        db.commit()
    _, manifest = await make(bureau.config, backups, now=bureau.clock())
    assert FaultKind.REFERENCES in {fault.kind for fault in manifest.faults}


async def test_of_a_broken_database_nothing_is_left_that_looks_like_a_backup(bureau, backups):
    await bureau.close()
    file = bureau.folder / "kaoping.db"
    content = bytearray(file.read_bytes())
    for page in range(8, len(content) // 4096, 7):
        content[page * 4096 : page * 4096 + 200] = b"\x07" * 200
    file.write_bytes(content)
    with pytest.raises(NotMade, match=r"不一致|打不开|复制不出来"):
        await make(bureau.config, backups, now=bureau.clock())
    assert nothing_left(backups)
    file.unlink()
    await bureau.open()


async def test_an_older_database_is_backed_up_before_the_program_migrates_it(tmp_path, backups, bureau):
    config = elsewhere(bureau, tmp_path / "old")
    database = Database(config.database.url)
    await migrate(database, "0003")
    await database.close()
    path, manifest = await make(config, backups, now=bureau.clock())
    assert (manifest.revision, manifest.whole) == ("0003", True)
    new = elsewhere(bureau, tmp_path / "new")
    assert await restore(new, path) == 0
    assert dumped(tmp_path / "new" / "kaoping.db") == dumped(tmp_path / "old" / "kaoping.db")


async def test_a_newer_programs_database_and_none_at_all_are_refused(bureau, backups, tmp_path):
    with pytest.raises(NotMade, match="找不到数据库"):
        await make(elsewhere(bureau, tmp_path / "none"), backups, now=bureau.clock())
    assert not (tmp_path / "none").exists()
    with closing(sqlite3.connect(bureau.folder / "kaoping.db")) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
        db.commit()
    with pytest.raises(NotMade, match=r"9999.*比程序新"):
        await make(bureau.config, backups, now=bureau.clock())
    assert nothing_left(backups)


async def test_two_backups_at_once_are_one(bureau, backups):
    with backup_folder.held(backups), pytest.raises(NotMade, match="已经有一个备份在进行"):
        await make(bureau.config, backups, now=bureau.clock())
    await make(bureau.config, backups, now=bureau.clock())
    await make(bureau.config, backups, now=bureau.clock())
    assert len(finished(backups)) == 2, "of the same second, and yet two"


async def test_killed_at_any_moment_a_backup_is_whole_or_not_there(tmp_path, backups):
    url = f"sqlite+aiosqlite:///{tmp_path / 'kaoping.db'}"
    await many(url, 3000)
    words = [sys.executable, "-m", "bot", "backup", str(backups), "--config", "config.example.toml"]
    env = {"KAOPING_DATABASE__URL": url, "PATH": "/usr/bin:/bin"}
    killed_inside = 0
    for stage in ("kaoping.db", "kaoping.db", "manifest.json", "kaoping.db-journal"):
        process = await asyncio.create_subprocess_exec(
            *words, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while process.returncode is None and not list(backups.glob(f".kaoping-*/{stage}")):
            await asyncio.sleep(0)
        if process.returncode is None:
            os.kill(process.pid, signal.SIGKILL)
        killed_inside += await process.wait() == -signal.SIGKILL
        for backup in finished(backups):
            assert backup_folder.changed(backup.path, backup.manifest) == []
            assert backup.manifest.tables["entry"] == 3000
        for path in backups.glob("kaoping-*"):
            assert backup_folder.read_manifest(path).whole
    assert killed_inside >= 2
    # Where every kill came a moment before or after, as a kill in the middle leaves it.
    (backups / ".kaoping-20260101T000000Z.part").mkdir(exist_ok=True)
    last = await asyncio.create_subprocess_exec(*words, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    assert await last.wait() == 0
    assert not list(backups.glob(".kaoping-*"))


@pytest.fixture
def small_disk(tmp_path):
    """A function that mounts a disk of so many KiB, and its place."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(size: int) -> Path:
        words = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(place)]
        done = subprocess.run(words, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
        return place

    yield mount
    subprocess.run(["umount", str(place)], check=False, capture_output=True)


@pytest.mark.parametrize("size", [200, 620])
async def test_on_a_full_disk_nothing_half_is_left(bureau, small_disk, size, capsys):
    """Of 200 KiB the database does not fit, of 620 the evidence does not."""
    qian = await bureau.assessor("钱考核", group="机关科室及实战所队考核小组")
    await qian.uploads(
        Upload("卷宗.pdf", pdf(before=b"%" + os.urandom(200_000).hex().encode() + b"\n"), "application/pdf"),
        caption="/deduct 治安大队 专业管理 0.1 卷宗不全",
    )
    disk = small_disk(size)
    assert await back_up(bureau.config, disk, now=bureau.clock()) == 2
    assert "没有备份：磁盘满了" in capsys.readouterr().err
    assert nothing_left(disk)


async def test_on_another_disk_evidence_is_copied_once_and_linked_from_then_on(bureau, small_disk):
    disk = small_disk(8000)
    first, _ = await make(bureau.config, disk, now=bureau.clock())
    second, manifest = await make(bureau.config, disk, now=bureau.clock() + timedelta(days=1))
    assert manifest.whole
    files = [line.path for line in manifest.files if line.path.startswith("evidence")]
    assert len(files) == 2
    for file in files:
        assert (first / file).stat().st_ino == (second / file).stat().st_ino


def by_the_clock(town: Town, folder: Path, **backup: int):
    return town.config.model_copy(
        update={"backup": town.config.backup.model_copy(update={"folder": str(folder), **backup})}
    )


async def test_by_the_clock_a_backup_is_made_when_the_folder_says_that_it_is_due(bureau, backups):
    config = by_the_clock(bureau, backups, every=24, keep=2)
    said: list[Outcome] = []
    start = bureau.clock()
    for hours, count in ((0, 1), (1, 1), (24, 2), (47, 2), (48, 2)):
        bureau.with_now(start + timedelta(hours=hours))
        keeper = Keeper(config, bureau.clock, said.append)  # anew, as after a restart
        await keeper.look()
        await keeper.idle()
        assert len(finished(backups)) == count
    assert finished(backups)[0].manifest.made_at == start + timedelta(hours=24), "the oldest was let go"
    assert said == []


async def test_by_the_clock_nothing_is_made_where_the_config_has_no_hours(bureau, backups):
    keeper = Keeper(by_the_clock(bureau, backups, every=0), bureau.clock)
    await keeper.look()
    await keeper.idle()
    assert not backups.exists()


async def test_a_backup_that_failed_by_the_clock_is_told_once_an_hour(bureau, backups):
    backups.write_text("no folder")
    said: list[Outcome] = []
    keeper = Keeper(by_the_clock(bureau, backups, every=24), bureau.clock, said.append)
    for minutes, count in ((0, 1), (30, 1), (31, 2)):
        bureau.clock.move(minutes=minutes)
        await keeper.look()
        await keeper.idle()
        assert len(said) == count
    assert said[0].why_not.startswith(f"没有备份：文件夹 {backups} 不能读写")


async def test_a_backup_with_something_missing_is_told_too_and_is_not_made_again_at_once(bureau, backups):
    shutil.rmtree(bureau.folder / "evidence")
    tampered(bureau, "entry", "UPDATE entry SET reason = '改过' WHERE id = 2")
    said: list[Outcome] = []
    keeper = Keeper(by_the_clock(bureau, backups, every=24), bureau.clock, said.append)
    for _ in range(2):
        await keeper.look()
        await keeper.idle()
        bureau.clock.move(hours=2)
    assert said == [Outcome("", {FaultKind.SEALS: 1}, 2)]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (OSError(errno.EIO, os.strerror(errno.EIO)), "不能读写（Input/output error）"),
        (RuntimeError("王伟的证据"), "没有备份：程序出错"),
        (TimeoutError(), "做了六个小时还没有做完"),
    ],
)
async def test_whatever_keeps_the_clock_from_a_backup_is_told(bureau, backups, monkeypatch, fault, told):
    def broken(folder: Path) -> None:
        raise fault

    monkeypatch.setattr(backup_folder, "finished", broken)
    said: list[Outcome] = []
    keeper = Keeper(by_the_clock(bureau, backups, every=24), bureau.clock, said.append)
    await keeper.look()
    await keeper.idle()
    (outcome,) = said
    assert told in outcome.why_not and "王伟" not in outcome.why_not


async def test_a_backup_that_hangs_is_ended_and_told(bureau, backups, monkeypatch):
    monkeypatch.setattr("bot.ops.backups.LONGEST", timedelta(seconds=0.5))
    backups.mkdir()
    os.mkfifo(backups / ".lock")
    said: list[Outcome] = []
    keeper = Keeper(by_the_clock(bureau, backups, every=24), bureau.clock, said.append)
    await keeper.look()
    await asyncio.wait_for(keeper.idle(), 30)
    assert [outcome.well for outcome in said] == [False]


async def test_a_fault_of_the_process_that_backs_up_is_logged_without_a_token(bureau):
    failing = (
        "import bot.ops.backup_child as child\n"
        "def make(*_, **__): raise RuntimeError('TOKEN')\n"
        "child.make = make; child.main()"
    ).replace("TOKEN", TOKEN)
    done = subprocess.run(
        [sys.executable, "-c", failing], cwd=ROOT, capture_output=True, check=False,
        input=pickle.dumps((bureau.config, bureau.folder, bureau.clock())),
    )  # fmt: skip
    assert done.returncode != 0 and b"RuntimeError" in done.stderr
    assert TOKEN.encode() not in done.stderr and done.stdout == b""


async def test_who_is_to_be_told_and_fails_does_not_stop_the_clock(bureau, backups):
    backups.write_text("no folder")

    def broken(outcome: Outcome) -> None:
        raise RuntimeError(outcome)

    keeper = Keeper(by_the_clock(bureau, backups, every=24), bureau.clock, broken)
    await keeper.look()
    await keeper.idle()


async def test_the_newest_whole_backup_is_never_let_go(bureau, backups):
    start = bureau.clock()
    good, _ = await make(bureau.config, backups, now=start, keep=2)
    tampered(bureau, "entry", "UPDATE entry SET reason = '改过' WHERE id = 2")
    for day in range(1, 4):
        await make(bureau.config, backups, now=start + timedelta(days=day), keep=2)
    assert finished(backups)[0].path == good
    assert len(finished(backups)) == 3


async def test_what_was_made_by_hand_is_never_let_go(bureau, backups):
    start = bureau.clock()
    by_hand, manifest = await make(bureau.config, backups, now=start)
    assert not manifest.by_clock
    for day in range(1, 4):
        await make(bureau.config, backups, now=start + timedelta(days=day), keep=1)
    assert [backup.path == by_hand for backup in finished(backups)] == [True, False]


async def test_what_is_no_backup_of_ours_is_never_let_go(bureau, backups):
    stranger = backups / "kaoping-20200101T000000Z"
    stranger.mkdir(parents=True)
    (stranger / "notes.txt").write_text("mine")
    for day in range(3):
        await make(bureau.config, backups, now=bureau.clock() + timedelta(days=day), keep=1)
    assert len(finished(backups)) == 1
    assert (stranger / "notes.txt").exists()
