"""`verify`: compare all that can be compared, and say what does not hold and since when. It changes nothing."""

import asyncio
import sys
from collections.abc import Iterable

from bot.config.load import Config
from bot.ops.database_errors import UNOPENED, sentence
from handlers.audit.seals import look_up
from handlers.audit.seals_text import seal_lines
from handlers.frame import fault_text
from handlers.frame.wording import BY_COMMAND
from rules.seals import Pasted, read_seals
from storage import register
from storage.chain_ends import EndsFolder, Memory, Restoration
from storage.database import Database
from storage.hash_chain import Verdict
from storage.recount import OF_CHAINS, Fault, FaultKind, Recount

STOP = "请停用程序，数据库文件原样保留，报告领导，用备份和聊天里每天收到的校验码核对。"


async def verify_seals(config: Config, pasted_text: str = "") -> int:
    """Print of each chain and each kind of records whether it holds, and of old seals whether they stand.

    The exit code: 0 where all holds, 1 where something does not, 2 where nothing was compared.
    """
    pasted = read_seals(pasted_text)
    if pasted_text and not pasted:
        return _not_compared("--seal 里没有看到校验码。请把“台账校验码”那条消息整条放在引号里")
    database = Database(config.database.url)
    try:
        if database.path is not None and not database.path.exists():
            return _not_compared(f"找不到数据库 {database.path}。请用 --config 指明配置文件")
        memory = await asyncio.to_thread(EndsFolder(config.ends_folder).read)
        return await _compare(config, database, memory, pasted)
    except UNOPENED as error:
        return _not_compared(sentence(error))
    finally:
        await database.close()


async def _compare(config: Config, database: Database, memory: Memory, pasted: list[Pasted]) -> int:
    zone = config.organisation.calendar.zone
    async with database.reading() as session:
        current = await register.is_there(session)
    compared = await look_up(database.reading, memory, pasted, at=config.policy.head_at, zone=zone)
    found = compared.recount
    lines = [*_sound(found), *_remembered(memory, found, config)]
    if not current:
        lines.append("！ 数据库的版本比程序旧：各种登记在启动升级以后才能核对。")
    lines += [_restored(one, config) for one in memory.restored]
    lines += [f"✗ {_title(fault[0].kind)}　{line}" for fault, line in _wrong(found, config)]
    lines += seal_lines(compared.seals, found, zone)
    lines += _advice(found)
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if found.faults else 0


def _not_compared(why: str) -> int:
    sys.stderr.write(f"没有核对：{why}。\n")
    return 2


def _sound(found: Recount) -> list[str]:
    """The chains, results and sums that hold."""
    wrong = {fault_text.place_of(fault) for fault in found.faults if fault.kind in OF_CHAINS}
    lines = [_line(verdict) for verdict in found.verdicts if (verdict.table, verdict.head.chain) not in wrong]
    kinds = {fault.kind for fault in found.faults}
    if found.results and not kinds & {FaultKind.CONFIRMED, FaultKind.RESULTS}:
        lines.append(f"✔ 审定成绩　{found.results} 个都与台账、与审定时的校验一致")
    if found.quarters and FaultKind.TALLY not in kinds:
        lines.append(f"✔ 汇总　{found.quarters} 个季度都与台账一致")
    return lines if found.verdicts else ["还没有登记内容。"]


def _line(verdict: Verdict) -> str:
    head = verdict.head
    return f"✔ {fault_text.CHAINS[verdict.table]}　{head.chain}　{head.count} 条都没有改动　{head.seal}"


def _remembered(memory: Memory, found: Recount, config: Config) -> list[str]:
    if memory.unreadable:
        return [f"！ 库外记下的校验码有 {memory.unreadable} 行读不出来，可能被改动过（{config.ends_folder}）。"]
    if not memory.ends:
        return [
            f"！ 数据库以外还没有记下过校验码（{config.ends_folder}）。请同时用聊天里的校验码核对：verify --seal。"
        ]
    if any(one in found.failed for one in memory.ends):
        return []
    return [f"✔ 库外记下的校验码　{len(memory.ends)} 个都对得上"]


def _restored(one: Restoration, config: Config) -> str:
    zone = config.organisation.calendar.zone
    return f"　 {fault_text.moment(one.at, zone)}恢复过 {fault_text.moment(one.made_at, zone)}的备份。"


def _wrong(found: Recount, config: Config) -> Iterable[tuple[list[Fault], str]]:
    zone = config.organisation.calendar.zone
    return zip(fault_text.alike(found.faults), fault_text.lines(found.faults, zone), strict=True)


def _title(kind: FaultKind) -> str:
    if kind is FaultKind.TALLY:
        return "汇总"
    if kind in OF_CHAINS:
        return "校验链"
    return "审定成绩" if kind in (FaultKind.CONFIRMED, FaultKind.RESULTS) else "登记"


def _advice(found: Recount) -> list[str]:
    if not found.faults:
        return []
    if any(fault.kind is not FaultKind.TALLY for fault in found.faults):
        return [STOP]
    return [
        "查到的成绩和名次是按汇总算的，可能不对；核对没有改动任何内容。请先查明原因（对照备份和聊天里的登记卡片），"
        f'再停止程序，运行 {BY_COMMAND} rebuild-sums --reason "原因"，按台账重算。'
    ]
