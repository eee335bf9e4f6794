"""Whether what is written can be written, there is room for it, backups are made, and the config keeps its secret."""

import os
import secrets
import shutil
import stat
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.config.load import Config
from bot.config.toml_sources import read_file
from bot.ops.backup_folder import Manifest, finished
from bot.ops.backup_text import why_not_restored
from bot.ops.check.finding import Case, Check, Finding, fault, fine, in_thread, not_checked, warning
from handlers.frame.wording import BY_COMMAND
from storage.chain_ends import HISTORY, LATEST

MEGABYTE, GIGABYTE = 1024**2, 1024**3
LITTLE, LITTLE_SHARE, NEXT_TO_NOTHING = 2 * GIGABYTE, 0.10, 200 * MEGABYTE

NOT_REMEMBERED = "数据库以外记不下校验码，整个数据库被换掉或改写时就看不出来"

A_WEEK = timedelta(days=7)


def checks(config: Config) -> list[Check]:
    """One check for each folder that is written to, and for the files in it that are only added to."""
    folders = {"证据文件夹": config.evidence_folder, "备份文件夹": config.backup_folder}
    if config.database.url.startswith("sqlite"):
        folders = {"数据文件夹": Path(config.database.url.partition(":///")[2]).parent, **folders}
    looks = [Check(name, partial(_folder, folder)) for name, folder in folders.items()]
    return [*looks, Check("校验码文件夹", _ends)]


async def _folder(folder: Path, case: Case) -> Finding:
    return await in_thread(lambda: look_at(folder))


async def _ends(case: Case) -> Finding:
    return await in_thread(lambda: look_at_ends(case.config.ends_folder))


def look_at(folder: Path, then: str = "写不进去时，登记和备份都会失败") -> Finding:
    """A file can be written to the disk there and taken away, and there is room for more. It blocks.

    `then` is what comes of it where nothing can be written.
    """
    place = existing(folder)
    try:
        _try_to_write(place)
    except OSError as error:
        return fault(f"{folder} 写不进去（{_why(error)}）。{then}。请核对权限和磁盘")
    usage = shutil.disk_usage(place)
    room = f"{folder} 所在磁盘还剩 {_shown(usage.free)}"
    if usage.free < NEXT_TO_NOTHING:
        return fault(f"{room}，随时会写满，写满后不能登记。请立即清理或扩容")
    if usage.free < LITTLE or usage.free < LITTLE_SHARE * usage.total:
        return warning(f"{room}（共 {_shown(usage.total)}）。请在低于 200 MB 以前清理或扩容")
    return fine(f"{folder} 可以写，磁盘还剩 {_shown(usage.free)}{'' if folder.is_dir() else '；启动后建立'}")


def look_at_ends(folder: Path) -> Finding:
    """The ends of the chains can be remembered there, in the files that are there already, too. It blocks."""
    for path in (folder / HISTORY, folder / LATEST):
        try:
            if os.path.lexists(path):
                with path.open("r+b"):
                    pass
        except OSError as error:
            return fault(f"{path} 读写不了（{_why(error)}）。{NOT_REMEMBERED}。请把它改回运行程序的用户所有")
    return look_at(folder, NOT_REMEMBERED)


def existing(folder: Path) -> Path:
    """The folder, or what is there of the way to it: nothing is made only to look."""
    whole = folder.absolute()
    return next(path for path in (whole, *whole.parents) if os.path.lexists(path))


def _try_to_write(folder: Path) -> None:
    path = folder / f".kaoping-check-{secrets.token_hex(4)}"
    try:
        with path.open("xb") as file:
            file.write(bytes(64 * 1024))
            file.flush()
            os.fsync(file.fileno())
    finally:
        if folder.is_dir():
            path.unlink(missing_ok=True)


def _why(error: OSError) -> str:
    if isinstance(error, NotADirectoryError):
        return "不是文件夹"
    if isinstance(error, IsADirectoryError):
        return "不是文件"
    if isinstance(error, PermissionError):
        return "没有权限"
    return {28: "磁盘满了", 30: "磁盘是只读的", 122: "超出配额"}.get(
        error.errno or 0, os.strerror(error.errno or 0)
    )


def _shown(size: int) -> str:
    return f"{size / GIGABYTE:.1f} GB" if size >= GIGABYTE else f"{size // MEGABYTE} MB"


async def backups(case: Case) -> Finding:
    """How old the last backup is."""
    folder, every = case.config.backup_folder, timedelta(hours=case.config.backup.every)
    newest = await in_thread(lambda: last_backup(folder))
    if newest is None:
        if every:
            return warning(f"{folder} 里还没有备份。程序运行后会按时做；运行已久还没有的，请看日志")
        return warning(
            f"没有开自动备份，也没有找到备份。请写 [backup] every = 24，或定时执行 {BY_COMMAND} backup"
        )
    age = case.clock() - newest.made_at
    shown = f"上一次备份是 {_ago(age)}"
    if every and age > 2 * every:
        return fault(
            f"{shown}，应当每 {case.config.backup.every} 小时一次。请看日志里为什么没有做成，先手工备份一次"
        )
    if not every and age > A_WEEK:
        return warning(f"{shown}，也没有开自动备份。请写 [backup] every = 24，或现在备份一次")
    if not newest.whole:
        count = len(newest.faults) + len(newest.lacking)
        return warning(f"{shown}，但里面有 {count} 处要处理。请再备份一次，按它列出的编号和提示处理")
    if newest.not_restored_because:
        return warning(f"{shown}，但没有在临时库里恢复核对：{why_not_restored(newest)}")
    return fine(shown)


def last_backup(folder: Path) -> Manifest | None:
    """The manifest of the newest backup that was finished and is as it was written. It blocks."""
    made = finished(folder)
    return made[-1].manifest if made else None


def _ago(age: timedelta) -> str:
    hours = max(0, int(age.total_seconds() // 3600))
    return f"{hours // 24} 天前" if hours >= 48 else f"{hours} 小时前" if hours else "不到 1 小时前"


async def secrecy(case: Case) -> Finding:
    """A config file with a secret in it is nobody else's to read."""
    return await in_thread(lambda: _secrecy(case.file))


def _secrecy(path: Path) -> Finding:
    if not path.is_file() or os.name != "posix":
        return not_checked("没有配置文件")
    table = read_file(path).table
    telegram, database = table.get("telegram", {}), table.get("database", {})
    secret = telegram.get("token") or telegram.get("webhook_secret") or "@" in str(database.get("url", ""))
    if secret and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return warning(f"{path} 里有令牌或密码，别的用户也能读。请执行 chmod 600 {path}")
    return fine("里面没有令牌和密码" if not secret else "只有主人能读")
