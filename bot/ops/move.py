"""`move`: carry the bureau from the config's database to another, and compare both."""

import asyncio
import sys

from bot.config.load import Config
from bot.ops.database_errors import UNOPENED, sentence
from handlers.frame.fault_text import lines
from storage.chain_ends import EndsFolder
from storage.database import Database, DatabaseFault, DatabaseInUse, plainly
from storage.migrate import migrate
from storage.moving import Holding, carry, holding, is_empty
from storage.recount import FaultKind, recount


async def move(config: Config, url: str) -> int:
    """Carry everything; the exit code: 0 moved and compared, 1 not the same afterwards, 2 nothing was moved."""
    source = Database(config.database.url)
    try:
        target = Database(url)
    except DatabaseFault:
        return _not_moved("新数据库的地址看不懂。应写成例如 postgresql+asyncpg://用户:密码@主机/库名。")
    try:
        return await _move(config, source, target)
    except DatabaseInUse as error:
        return _not_moved(f"数据库 {error.path} 正被运行中的程序使用。请先停掉程序，再搬。")
    except UNOPENED as error:
        return _not_moved(f"{sentence(error)}，再搬一次。")
    finally:
        await source.close()
        await target.close()


async def _move(config: Config, source: Database, target: Database) -> int:
    if source.path is not None and not source.path.exists():
        return _not_moved(f"找不到数据库 {source.path}。请用 --config 指明配置文件。")
    if target.url == source.url:
        return _not_moved("两边是同一个数据库。--to 要写新数据库的地址。")
    source.claim()
    target.claim()
    await migrate(source)
    await migrate(target)
    if not await is_empty(target):
        return _not_moved("新数据库里已经有内容，不会覆盖。请换一个空的数据库。")
    memory = await asyncio.to_thread(EndsFolder(config.ends_folder).read)
    zone = config.organisation.calendar.zone
    compared = await recount(source.reading, memory)
    wrong = [fault for fault in compared.faults if fault.kind is not FaultKind.TALLY]
    if wrong:
        return _not_moved(f"原数据库核对不上：{lines(wrong, zone)[0]}请先用 verify 核对，从备份恢复。")
    if compared.faults:
        return _not_moved("原数据库的汇总与台账不符。请先查明原因，用 rebuild-sums 按台账重算，再搬。")
    before = await holding(source)
    try:
        await carry(source, target)
    except DatabaseFault as error:
        return _not_moved(f"搬的时候数据库出错（{plainly(error)}），新数据库还是空的。请按提示处理后再搬一次。")
    found = differences(before, await holding(target))
    if not found:
        found = lines((await recount(target.reading, memory)).faults, zone)
    if found:
        sys.stderr.write("搬完了，但两边不一样，请不要使用新数据库：\n")
        sys.stderr.writelines(f"  ✗ {difference}\n" for difference in found)
        return 1
    sys.stdout.write(
        f"✔ 已搬完并核对：{len(before.counts)} 张表共 {before.rows} 行，{len(before.scores)} 个扣分合计，"
        f"{len(before.heads)} 条校验链，两边完全一样。\n"
        f"  下一步：把配置里的 database.url 改成新地址，evidence.folder 写成 “{config.evidence_folder}”"
        "（证据文件没有动），再启动程序。\n"
        "  原来的数据库没有改动，请留作备份，不要再用它启动程序。\n"
    )
    return 0


def differences(before: Holding, after: Holding) -> list[str]:
    """Whatever is not the same on both sides."""
    found = [
        f"表 {name}：{count} 行变成 {after.counts.get(name, 0)} 行"
        for name, count in before.counts.items()
        if after.counts.get(name) != count
    ]
    found += [
        "扣分合计 " + " ".join(map(str, key[1:]))
        for key in sorted({*before.scores, *after.scores}, key=str)
        if before.scores.get(key) != after.scores.get(key)
    ]
    if before.heads != after.heads:
        found.append("校验码")
    return found


def _not_moved(why: str) -> int:
    sys.stderr.write(f"没有搬：{why}\n")
    return 2
