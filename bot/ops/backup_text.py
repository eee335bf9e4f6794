"""What is said of a backup and of a restoration: what happened, what it means, what to do next; a line each."""

from collections.abc import Iterable
from datetime import tzinfo
from pathlib import Path

from bot.ops.backup_folder import DATABASE, Lacking, Loss, Manifest
from handlers.frame import fault_text
from handlers.frame.wording import BY_COMMAND
from storage.backup_check import NO_RIGHT, Check
from storage.recount import Fault, FaultKind

CHECKS = {
    Check.PAGES: "文件完整",
    Check.DIRECTORY: "转储目录",
    Check.RESTORED: "在临时库里恢复过",
    Check.COUNTS: "各表条数",
    Check.SEALS: "校验码",
    Check.REGISTER: "各种登记",
    Check.RESULTS: "审定成绩",
    Check.EVIDENCE: "证据文件",
}

FAULTS = {
    FaultKind.PAGES: "数据库文件有损坏",
    FaultKind.REFERENCES: "有记录指向不存在的记录",
    FaultKind.SEALS: "台账与校验码不符",
    FaultKind.CUT: "校验链末尾少了记录",
    FaultKind.APPENDED: "校验链末尾多了记录",
    FaultKind.RESEALED: "校验码被重新算过",
    FaultKind.REMEMBERED: "与库外记下的校验码不符",
    FaultKind.CHANGED: "有登记被改动过",
    FaultKind.REMOVED: "有登记不见了",
    FaultKind.UNREGISTERED: "有登记不是程序写的",
    FaultKind.CONFIRMED: "审定成绩与审定时的校验不符",
    FaultKind.RESULTS: "审定成绩与台账重算的结果不符",
    FaultKind.TALLY: "汇总与台账不符",
    FaultKind.UNREADABLE: "有内容读不出来",
}

LOSSES = {
    Loss.GONE: "找不到了，备份里没有它。请从较早的备份或原件找回，放回证据文件夹",
    Loss.CHANGED: "内容与登记时不同，备份里没有它。请从较早的备份或原件找回，放回证据文件夹",
    Loss.EARLIER: "在证据文件夹里缺失或已改变，备份里用的是上一份备份的。请从这份备份放回证据文件夹",
}


def lacking(lost: Lacking) -> str:
    """A file of evidence that is not as it should be."""
    name = f"“{lost.name}”" if lost.name else ""
    return f"  ✗ 证据 {lost.number}{name}（{lost.digest[:12]}）{LOSSES[lost.loss]}。"


def _faults(manifest: Manifest, zone: tzinfo) -> list[str]:
    """What does not hold in the database, and since when."""
    return [
        f"  ✗ {FAULTS[together[0].kind]}：{line}{_advice(together[0])}"
        for together, line in zip(
            fault_text.alike(manifest.faults), fault_text.lines(manifest.faults, zone), strict=True
        )
    ]


def _advice(found: Fault) -> str:
    if found.kind is FaultKind.TALLY:
        return f"请查明原因，再停止程序，运行 {BY_COMMAND} rebuild-sums --reason 原因，按台账重算。"
    return "请停用程序，与聊天里的校验码和较早的备份核对。"


def _figures(manifest: Manifest) -> str:
    rows = sum(manifest.tables.values())
    files = len(manifest.files) - 1
    return f"{len(manifest.tables)} 张表 {rows} 行，{files} 份证据"


def checked(manifest: Manifest) -> str:
    """What was looked at."""
    names = "、".join(CHECKS[check] for check in manifest.checks)
    counted = f"（校验链 {manifest.chains} 条，审定成绩 {manifest.results} 个）" if manifest.chains else ""
    held = "核对过" if not manifest.faults else "核对过，有不符"
    text = f"  {held}：{names}{counted}。"
    if manifest.not_restored_because:
        text += f"没有在临时库里恢复核对：{why_not_restored(manifest)}。"
    return text


def why_not_restored(manifest: Manifest) -> str:
    """Why a dump was not restored to be looked at, and what to do about it."""
    why = manifest.not_restored_because
    if why == NO_RIGHT:
        return "数据库账号没有建库权限，校验码和成绩是在原数据库里核对的。请数据库管理员执行 ALTER ROLE 账号名 CREATEDB"
    return f"{why}。请按提示处理后再备份一次"


def made(path: Path, manifest: Manifest, zone: tzinfo) -> list[str]:
    """A backup was made."""
    if manifest.whole:
        first = f"✔ 已备份到 {path}：{_figures(manifest)}。"
    else:
        count = len(manifest.faults) + len(manifest.lacking)
        first = f"！ 已备份到 {path}：{_figures(manifest)}，但有 {count} 处要处理。"
    return [first, checked(manifest), *_wrong(manifest, zone)]


def _wrong(manifest: Manifest, zone: tzinfo) -> list[str]:
    return [*_faults(manifest, zone), *map(lacking, manifest.lacking)]


def restored(
    manifest: Manifest, *, database: str, evidence: Path, zone: tzinfo, wrong: Iterable[str] = ()
) -> list[str]:
    """A backup was put back."""
    lines = [f"  ✗ {path} 恢复后内容不符。请换一块硬盘重新恢复。" for path in wrong]
    known = _wrong(manifest, zone)
    sign = "！" if lines or known else "✔"
    at = manifest.made_at.astimezone(zone)
    return [
        f"{sign} 已恢复：数据库在 {database}，证据在 {evidence}：{_figures(manifest)}。",
        f"  备份做于 {at.year}年{at.month}月{at.day}日 {at:%H:%M:%S}，之后登记的内容不在里面，请对照聊天记录补登。",
        checked(manifest),
        *lines,
        *known,
    ]


FULL = "磁盘满了。请腾出空间，或换一块硬盘，再做一次"
BUSY = "已经有一个备份在进行。请等它做完"
NO_DATABASE = "找不到数据库 {path}。请用 --config 指明配置文件"
NOT_OURS = "这个数据库还没有用过。请先启动一次程序"
NEWER_DATABASE = "数据库的结构（{revision}）比程序新。请用更新版本的程序来备份"
UNREADABLE = "数据库打不开。请核对 database.url、文件夹权限，数据库服务是否在运行"
DIFFERS = "做出的副本与数据库不一致（{what}），已经删除。请检查硬盘；程序先停用，从最近一份好的备份核对"
COPY_FAILED = "数据库复制不出来：{what}。请按提示处理后再做一次"
TOOL_MISSING = "这台机器没有安装 {name}。请安装 PostgreSQL 客户端（Debian：postgresql-client）"
TOOL_OLD = "{name} 是 {tool} 版，比数据库服务器的 {server} 版旧。请安装 {server} 版或更新的 PostgreSQL 客户端"
FOLDER = "文件夹 {path} 不能读写（{what}）。请核对权限和磁盘"
HANGS = "做了六个小时还没有做完，已经停掉。备份文件夹可能在连不上的网络盘上，请核对"
OUR_FAULT = "程序出错，详情在程序的日志里。请把日志交给维护的人"

RESTORATION_UNKEPT = "  ✗ 恢复这件事没有记到 {path}，启动后会当作数据库被换掉而告警。请核对权限和磁盘，把恢复的文件移开后重新恢复。"
NOT_A_BACKUP = "{path} 不是一份完整的备份：清单 manifest.json 缺失或被改动过。请换一份备份"
NEWER_FORMAT = "{path} 是更新版本的程序做的备份。请先升级程序"
NEWER_SCHEMA = "这份备份的数据库结构（{revision}）比程序新。请先升级程序"
CHANGED = "这份备份与清单不符：{files}。它已经损坏，请换一份备份"
OTHER_KIND = "这份备份来自 {source}，配置里的数据库不是。请修改 database.url"
IN_USE = "数据库 {path} 正被另一个运行中的程序使用。请先停掉那一个"
THERE = "{path} 已经存在，不会覆盖。请把它移走，或在配置里换一个位置"
NOT_EMPTY = "PostgreSQL 数据库 {name} 里已经有内容，不会覆盖。请新建一个空的数据库"
UNFIT = "恢复出来的数据库与备份清单不一致（{what}）。它不能用，请不要启动程序；删除它、重新建一个空的，再用另一份备份恢复"


def kind(manifest: Manifest) -> str:
    """The kind of database that a backup is of, as people call it."""
    return "SQLite" if DATABASE[manifest.source].endswith(".db") else "PostgreSQL"


def not_made(why: str) -> str:
    """No backup was made."""
    return f"没有备份：{why}。"


def not_restored(why: str) -> str:
    """Nothing was put back."""
    return f"没有恢复：{why}。"
