"""`verify`: recount every seal of the ledger and of the audit trail, and what is kept beside the ledger of its sums."""

import sys

from bot.config import Config
from bot.unopened import UNOPENED, sentence
from bot.watch import recounted_sums
from handlers.words import common
from handlers.words.alarms import TABLES
from storage import chain
from storage.chain import Verdict
from storage.database import Database, DatabaseInUse


async def verify_seals(config: Config) -> int:
    """Print where each chain ends, or where it is broken first, and whether the sums fit the ledger.

    The exit code: 0 where all fit, 1 where something does not. Sums that do not are made anew from a ledger that does,
    but not in a SQLite file that the bot serves meanwhile: a file has one writer.
    """
    database = Database(config.database.url)
    try:
        if database.path is not None and not database.path.exists():
            sys.stderr.write(f"没有核对：找不到数据库 {database.path}。请用 --config 指明配置文件。\n")
            return 2
        async with database.reading() as session:
            verdicts = await chain.verify(session)
        broken = any(verdict.broken is not None for verdict in verdicts)
        sums = [] if broken else await _verify_sums(database, served=_is_served(database))
    except UNOPENED as error:
        sys.stderr.write(f"没有核对：{sentence(error)}。\n")
        return 2
    finally:
        await database.close()
    for verdict in verdicts:
        sys.stdout.write(_line(verdict) + "\n")
    if not verdicts:
        sys.stdout.write("还没有登记内容。\n")
    for line in sums:
        sys.stdout.write(line + "\n")
    return 1 if broken or any(line.startswith("✗") for line in sums) else 0


def _is_served(database: Database) -> bool:
    """Whether another process serves this file; if none does, none can from now on."""
    try:
        database.claim()
    except DatabaseInUse:
        return True
    return False


async def _verify_sums(database: Database, *, served: bool) -> list[str]:
    """A line for each quarter whose sums differed from the ledger and were made anew, or one for all that fit."""
    found = [one async for one in recounted_sums(database, mend=not served)]
    if found and not any(wrong for _, wrong in found):
        return [f"✔ 汇总　{len(found)} 个季度都与台账一致"]
    done = (
        "程序正在运行，今夜核对时会按台账重新汇总；要立即汇总，请停止程序后再执行一次"
        if served
        else "已按台账重新汇总。请重新查询该季度的成绩"
    )
    return [
        f"✗ 汇总　{common.period(quarter)}有 {wrong} 处与台账不符，{done}。"
        for quarter, wrong in found
        if wrong
    ]


def _line(verdict: Verdict) -> str:
    head, name = verdict.head, f"{TABLES[verdict.table]}　{verdict.head.chain}"
    if verdict.broken is None:
        return f"✔ {name}　{head.count} 条都没有改动　{head.seal}"
    return f"✗ {name}　从编号 {verdict.broken} 起与校验码不符（之前的 {head.count} 条没有改动）。请停用程序，从备份核对。"
