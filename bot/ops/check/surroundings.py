"""What the machine gives: the pictures' font, time zones, workdays, a clock that is kept right."""

import asyncio
import json
import shutil
import sys
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config.checks import problems_to_run
from bot.config.load import Config
from bot.ops.check.finding import Case, Check, Finding, fault, fine, not_checked, warning
from rules.workdays import is_published

ROOT = Path(__file__).parents[3]

TO_LEARN_OF_REST_DAYS = f"sudo {sys.executable} -m pip install --upgrade chinesecalendar"
OCTOBER = 10
"""Next year's rest days are published in autumn."""

NO_FONT = "图片的字体读不了，成绩和排名只有文字没有图。请重新安装程序（charts/fonts 文件夹）"


async def allowed(case: Case) -> Finding:
    """What `run` would refuse; a missing token is the token's own line."""
    problems = [problem for problem in problems_to_run(case.config) if problem.path != "telegram.token"]
    if problems:
        return fault("；".join(map(str, problems)))
    return fine("这份配置可以正式运行")


def font_check(root: Path = ROOT) -> Check:
    """The font of the pictures under a folder of the program."""
    return Check("图片字体", partial(_font, root), seconds=30.0)


async def _font(root: Path, case: Case) -> Finding:
    # A process of its own: matplotlib and what it needs stay out of this one.
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "charts.glyphs", cwd=root,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        output, _ = await process.communicate(json.dumps(names(case.config)).encode())
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode != 0:
        return fault(NO_FONT)
    lacking: list[str] = json.loads(output)
    if lacking:
        return warning(
            f"图片的字体里没有“{'”“'.join(lacking[:10])}”，图上显示为方框，分数不受影响。请在配置里换成常用字"
        )
    return fine("图片的字体齐全，单位、项目、序列的名称都能显示")


def names(config: Config) -> list[str]:
    """Every name that the config puts on a picture."""
    bureau = config.organisation
    return [
        bureau.name,
        *(unit.name for unit in bureau.units),
        *(sequence.name for sequence in bureau.sequences),
        *(group.name for group in bureau.groups),
        *(text for scheme in bureau.schemes for item in scheme.items for text in (scheme.category, item.name)),
        *(band.name for band in config.policy.bands),
        *(item.name for part in config.policy.common_parts for item in part.items),
    ]


async def time_zone(case: Case) -> Finding:
    """The data of the bureau's time zone are there."""
    name = case.config.bureau.timezone
    try:
        zone = ZoneInfo.no_cache(name)
    except (OSError, ValueError, KeyError):
        return fault(f"没有 {name} 的时区数据，日期都会算错。请重新安装程序的依赖（tzdata）")
    return fine(f"{name}，现在是 {case.clock().astimezone(zone):%Y-%m-%d %H:%M}，请与手表核对")


async def rest_days(case: Case) -> Finding:
    """This year's rest days are known, and from October on the next year's."""
    today = case.config.organisation.calendar.day(case.clock())
    if not is_published(today.year):
        return warning(
            f"程序里没有 {today.year} 年的放假安排，提醒和申诉期限暂按周一至周五算。"
            f"请升级：{TO_LEARN_OF_REST_DAYS}，再重新启动"
        )
    if today.month >= OCTOBER and not is_published(today.year + 1):
        return warning(
            f"还没有 {today.year + 1} 年的放假安排，那时的提醒和申诉期限暂按周一至周五算。"
            f"国务院办公厅公布以后请升级：{TO_LEARN_OF_REST_DAYS}，再重新启动"
        )
    return fine(f"有 {today.year} 年的放假安排")


async def kept_right(case: Case) -> Finding:
    """Whether the system keeps its clock right by NTP."""
    tool = shutil.which("timedatectl")
    if tool is None:
        return not_checked("这台机器没有 timedatectl，没有核对")
    process = await asyncio.create_subprocess_exec(
        tool, "show", "--property=NTPSynchronized", "--value",
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    said = output.decode(errors="replace").strip()
    if said == "yes":
        return fine("系统在自动对时")
    if said == "no":
        return warning("系统没有对上时间，时钟会慢慢走偏。请执行 timedatectl set-ntp true")
    return not_checked("系统没有说明是否自动对时，没有核对")
