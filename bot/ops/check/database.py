"""Whether the database opens, fits the program, keeps what it is given, and has the files that it refers to."""

import re

from bot.ops.backup_text import TOOL_MISSING, TOOL_OLD
from bot.ops.check.finding import Case, Finding, fault, fine, in_thread, not_checked, warning
from bot.ops.database_errors import NEWER, UNOPENED, sentence
from handlers.frame.wording import BY_COMMAND
from storage import inspection, postgres_tools
from storage.database import DatabaseFault, DatabaseUnsafe
from storage.file_store import Vault
from storage.inspection import SQLITE, WAL_RESET_MENDED, Schema

NOT_YET = "还没有数据库，第一次启动时建立"
NOT_OPEN = "数据库打不开，没有核对"
SCHEMAS = {
    Schema.EMPTY: fine("数据库是空的，启动时建立各表"),
    Schema.CURRENT: fine("数据库与程序的版本一致"),
    Schema.OLDER: warning(f"数据库的版本比程序旧，下次启动时自动升级。请先备份：{BY_COMMAND} backup"),
    Schema.NEWER: fault(NEWER),
}


async def opens(case: Case) -> Finding:
    """It can be opened, and its tables are those of the program."""
    async with inspection.opened(case.config.database.url) as database:
        if database is None:
            return fine(NOT_YET)
        try:
            found, _ = await inspection.schema(database)
        except UNOPENED as error:
            return fault(sentence(error))
    return SCHEMAS[found]


async def served(case: Case) -> Finding:
    """Whether the program runs now: no fault either way."""
    async with inspection.opened(case.config.database.url) as database:
        if database is None:
            return fine("程序现在没有运行")
        if database.path is None:
            return not_checked("用的是数据库服务器，可以有几个程序同时运行")
        running = await in_thread(lambda: inspection.is_served(database))
    return fine("程序正在运行" if running else "程序现在没有运行")


async def durable(case: Case) -> Finding:
    """The settings hold without which an acknowledged entry could be lost."""
    async with inspection.opened(case.config.database.url) as database:
        if database is None:
            return not_checked(NOT_YET)
        try:
            settings = await inspection.settings(database)
            version = "" if database.path else await inspection.server_version(database)
        except DatabaseUnsafe as error:
            return fault(sentence(error))
        except (DatabaseFault, OSError):
            return not_checked(NOT_OPEN)
    return judged(settings, version)


def judged(settings: list[inspection.Setting], version: str) -> Finding:
    """What the settings come to; the version is the server's, empty for SQLite."""
    wrong = [setting for setting in settings if not setting.holds]
    listed = "、".join(
        f"{s.name} = {s.value}（应{'大于 0' if s.wanted == '>0' else f'是 {s.wanted}'}）" for s in wrong
    )
    if any(setting.wanted != ">0" for setting in wrong):
        return fault(f"落盘设置不对，断电时会丢登记：{listed}。请改正数据库服务器的设置再启动")
    if wrong:
        return warning(f"没有时限，一个卡住的连接会挡住其他人：{listed}")
    return fine(f"落盘设置都对{f'，PostgreSQL {version}' if version else ''}")


async def tools(case: Case) -> Finding:
    """What a backup of a server's database needs: pg_dump that is new enough, and the right to restore it to look at."""
    if case.config.database.url.startswith("sqlite"):
        return not_checked("用的是 SQLite，不需要别的工具")
    async with inspection.opened(case.config.database.url) as database:
        assert database is not None
        try:
            version = await inspection.server_version(database)
            may_restore = await inspection.may_make_databases(database)
        except UNOPENED:
            return not_checked(NOT_OPEN)
    try:
        await postgres_tools.check_version("pg_dump", int(re.findall(r"\d+", version)[0]))
    except postgres_tools.ToolMissing as error:
        return fault(f"备份做不了：{TOOL_MISSING.format(name=error.name)}")
    except postgres_tools.ToolTooOld as error:
        return fault(f"备份做不了：{TOOL_OLD.format(name=error.name, tool=error.tool, server=error.server)}")
    if not may_restore:
        return warning(
            "数据库账号没有建库权限，备份不能在临时库里恢复核对。请数据库管理员执行 ALTER ROLE 账号名 CREATEDB"
        )
    return fine("pg_dump 可以用，备份会在临时库里恢复核对")


async def library(case: Case) -> Finding:
    """The SQLite library's version."""
    if not case.config.database.url.startswith("sqlite"):
        return not_checked("用的是数据库服务器，与 SQLite 无关")
    shown, mended = ".".join(map(str, SQLITE)), ".".join(map(str, WAL_RESET_MENDED))
    if SQLITE >= WAL_RESET_MENDED:
        return fine(f"SQLite {shown}")
    return warning(
        f"SQLite {shown} 早于 {mended}：两个程序同时写一个文件时有极小可能损坏它。本程序只用一个连接写，"
        f"不受影响；请不要用别的程序写数据库文件，备份用 {BY_COMMAND} backup"
    )


async def evidence(case: Case) -> Finding:
    """Files that the database refers to are there, in their sizes; a sample."""
    async with inspection.opened(case.config.database.url) as database:
        if database is None:
            return not_checked(NOT_YET)
        try:
            found, _ = await inspection.schema(database)
            if found is not Schema.CURRENT:
                return not_checked("数据库还没有升级到这个版本，没有核对")
            sample = await inspection.evidence_sample(database)
        except (DatabaseFault, DatabaseUnsafe, OSError):
            return not_checked(NOT_OPEN)
    folder = case.config.evidence_folder
    vault = Vault(folder)
    missing = await in_thread(lambda: sum(not vault.has(kept.digest, kept.size) for kept in sample))
    if missing:
        return fault(
            f"抽查 {len(sample)} 个证据文件，{missing} 个不在 {folder} 或不完整。"
            "请核对 evidence.folder；位置没错就从备份里取回这个文件夹"
        )
    return fine(f"抽查 {len(sample)} 个证据文件，都在" if sample else "还没有证据文件")
