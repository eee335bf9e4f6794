"""`rebuild-sums`: make the sums anew from the ledger, a deed with a reason that stands in the trail."""

import asyncio
import sys
from datetime import datetime

from bot.config.load import Config
from bot.ops.database_errors import UNOPENED, sentence
from bot.ops.outside_acts import tell_office_and_leaders
from handlers.audit import seals_text
from handlers.frame import wording
from handlers.frame.fault_text import alike
from handlers.frame.wording import BY_COMMAND
from rules.calendar import Quarter
from storage import audit, running_totals
from storage.audit import Act
from storage.chain_ends import EndsFolder
from storage.database import Database, DatabaseInUse
from storage.recount import FaultKind, is_of_ledger, recount


class NotRebuilt(Exception):
    """Nothing was made anew; the text is a sentence without its end."""


async def rebuild_sums(config: Config, reason: str, *, now: datetime) -> int:
    """Make the sums of every quarter in which they differ anew, and tell office and leaders. `now` is aware.

    The exit code: 0 where they fit afterwards, 2 where nothing was done.
    """
    database = Database(config.database.url)
    try:
        quarters = await _rebuild(config, database, reason.strip(), now)
    except NotRebuilt as error:
        return _not_rebuilt(str(error))
    except DatabaseInUse:
        return _not_rebuilt("程序正在运行。请先停止程序")
    except UNOPENED as error:
        return _not_rebuilt(sentence(error))
    finally:
        await database.close()
    lines = [
        f"✔ {wording.period(quarter)}的汇总有 {places} 处不符，已按台账重算。" for quarter, places in quarters
    ]
    sys.stdout.write("\n".join(lines or ["汇总都与台账一致，不用重算。"]) + "\n")
    return 0


async def _rebuild(config: Config, database: Database, reason: str, now: datetime) -> list[tuple[Quarter, int]]:
    if not reason:
        raise NotRebuilt("请用 --reason 写明原因，它会记入操作留痕")
    if database.path is not None and not database.path.exists():
        raise NotRebuilt(f"找不到数据库 {database.path}。请用 --config 指明配置文件")
    database.claim()
    memory = await asyncio.to_thread(EndsFolder(config.ends_folder).read)
    found = await recount(database.reading, memory)
    if any(is_of_ledger(fault) for fault in found.faults):
        raise NotRebuilt(f"台账自己也对不上，不能作为依据。请先运行 {BY_COMMAND} verify 查明")
    off = alike(fault for fault in found.faults if fault.kind is FaultKind.TALLY)
    quarters = [(Quarter.parse(together[0].where.split()[0]), len(together)) for together in off]
    if quarters:
        async with database.transaction() as session:
            for quarter, _ in quarters:
                await running_totals.make_anew(session, quarter)
            detail = "、".join(f"{quarter} {places} 处" for quarter, places in quarters)
            await audit.record(session, Act.SUMS_REBUILT, at=now, person_id=None, detail=f"{detail}：{reason}")
            key = f"rebuilt:{now.isoformat()}"
            await tell_office_and_leaders(session, seals_text.rebuilt(quarters, reason), key=key, now=now)
    return quarters


def _not_rebuilt(why: str) -> int:
    sys.stderr.write(f"没有重算：{why}。\n")
    return 2
