"""Everything tried side by side, each thing within its time, and told in a fixed order."""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.app import utc_now
from bot.config.load import Config
from bot.ops.check import database, folders, surroundings, telegram
from bot.ops.check.finding import Case, Check, Finding, Level, fault
from bot.redaction import strike_out


def checks(config: Config) -> list[Check]:
    """Every check, in the order in which it is told."""
    return [
        Check("配置", surroundings.allowed),
        Check("配置文件", folders.secrecy),
        Check("令牌", telegram.token, online=True),
        Check("收消息", telegram.webhook, online=True),
        Check("公网地址", telegram.doorway, online=True),
        *([Check("监听", telegram.listening)] if config.telegram.mode == "webhook" else []),
        Check("时钟", telegram.clock, online=True),
        Check("对时", surroundings.kept_right),
        Check("时区", surroundings.time_zone),
        Check("放假安排", surroundings.rest_days),
        Check("程序", database.served),
        Check("数据库", database.opens),
        Check("落盘", database.durable),
        Check("SQLite", database.library),
        Check("备份工具", database.tools),
        *folders.checks(config),
        Check("证据文件", database.evidence),
        Check("备份", folders.backups),
        surroundings.font_check(),
    ]


async def examine(config: Config, file: Path, *, offline: bool) -> int:
    """Try everything, or with `offline` what needs no Telegram, and print it; the exit code: 1 with a fault in it."""
    case = Case(config, file, utc_now)
    wanted = [check for check in checks(config) if not (offline and check.online)]
    findings = await look(wanted, case)
    for check, finding in zip(wanted, findings, strict=True):
        sys.stdout.write(strike_out(f"  {finding.level.value} {check.name}：{finding.text}。\n"))
    levels = [finding.level for finding in findings]
    sys.stdout.write(summary(levels) + "\n")
    code = 1 if Level.FAULT in levels else 0
    await asyncio.sleep(0)
    if len(asyncio.all_tasks()) > 1:
        # What hangs on a dead disk cannot be ended, and would hold the program up.
        sys.stdout.flush()
        os._exit(code)
    return code


async def look(wanted: Sequence[Check], case: Case) -> list[Finding]:
    """What each finds, in their order."""
    return await asyncio.gather(*(_bounded(check, case) for check in wanted))


async def _bounded(check: Check, case: Case) -> Finding:
    task = asyncio.ensure_future(check.look(case))
    # Not wait_for: it would wait for what hangs to let itself be cancelled.
    await asyncio.wait({task}, timeout=check.seconds)
    if not task.done():
        task.cancel()
        return fault(f"{check.seconds:.0f} 秒内没有结果，可能是磁盘、网络盘或服务器没有反应。请核对后再试一次")
    try:
        return task.result()
    except Exception as error:
        return fault(f"没能核对（{type(error).__name__}）。请把这一行连同程序的版本告诉维护人员")


def summary(levels: Sequence[Level]) -> str:
    """How it looks on the whole."""
    faults, warnings = levels.count(Level.FAULT), levels.count(Level.WARNING)
    if faults:
        return f"有 {faults} 处要立即处理（✗）" + (f"，{warnings} 处请留意（!）。" if warnings else "。")
    return f"没有大问题，{warnings} 处请留意（!）。" if warnings else "一切正常。"
