"""`verify`: recount every seal of the ledger and of the audit trail."""

import sys

from bot.config import Config
from handlers.words.alarms import TABLES
from storage import chain
from storage.chain import Verdict
from storage.database import Database, DatabaseFault


async def verify_seals(config: Config) -> int:
    """Print where each chain ends, or where it is broken first; the exit code: 0 where all fit, 1 where one does not."""
    database = Database(config.database.url)
    try:
        if database.path is not None and not database.path.exists():
            sys.stderr.write(f"没有核对：找不到数据库 {database.path}。请用 --config 指明配置文件。\n")
            return 2
        async with database.reading() as session:
            verdicts = await chain.verify(session)
    except DatabaseFault:
        sys.stderr.write("没有核对：数据库打不开，或还没有升级到这个版本。请先启动一次程序。\n")
        return 2
    finally:
        await database.close()
    for verdict in verdicts:
        sys.stdout.write(_line(verdict) + "\n")
    if not verdicts:
        sys.stdout.write("还没有登记内容。\n")
    return 1 if any(verdict.broken is not None for verdict in verdicts) else 0


def _line(verdict: Verdict) -> str:
    head, name = verdict.head, f"{TABLES[verdict.table]}　{verdict.head.chain}"
    if verdict.broken is None:
        return f"✔ {name}　{head.count} 条都没有改动　{head.seal}"
    return f"✗ {name}　从编号 {verdict.broken} 起与校验码不符（之前的 {head.count} 条没有改动）。请停用程序，从备份核对。"
