"""Words of the alarms to administrators: no score, no officer, nothing that a person wrote."""

from collections.abc import Sequence

from handlers.answer import esc
from handlers.words import common
from rules.calendar import Quarter
from storage.chain import Head, Verdict

ONCE = "同样的情况今天不再提醒。"

TABLES = {"entry": "台账", "officer_entry": "民警台账", "audit": "操作留痕"}
"""The chained tables as people call them."""

REFUSALS = (
    ("parse entities", "格式不对"),
    ("too long", "超过长度限制"),
    ("text is empty", "内容是空的"),
    ("button", "按钮不对"),
    ("not enough rights", "机器人在群里没有发言权限"),
    ("have no rights", "机器人在群里没有发言权限"),
    ("write_forbidden", "机器人在群里没有发言权限"),
    ("restricted", "机器人在群里没有发言权限"),
    ("photo", "图片不收"),
    ("image", "图片不收"),
    ("file", "文件不收"),
)
"""What Telegram says, and in our words: its own may quote what a person wrote."""


def refusal(error: str) -> str:
    """Why Telegram would not take a message, in a word or two of ours."""
    low = error.lower()
    return next((text for sign, text in REFUSALS if sign in low), "其他原因")


def dead_update(number: int, fault: str) -> str:
    """An update was given up; `fault` is the error's kind, never its text."""
    return (
        f"⚠ <b>有一条消息处理不了，已搁置</b>（收件编号 {number}，{esc(fault)}）。\n"
        "它可能没有登记上，也没有得到答复；其他消息不受影响。\n"
        f"请在程序日志里查找 <code>update {number}</code>，把那一段交给维护人员。{ONCE}"
    )


def push_refused(number: int, cause: str) -> str:
    """Telegram will never take this message."""
    return (
        f"⚠ <b>有一条推送 Telegram 不收，已不再发</b>（推送编号 {number}，{cause}）。\n"
        "收件人没有看到这条消息，其他推送照常。\n"
        f"请考评办发送 /pushes 失败 查看；排除原因后点［重发］。详情在程序日志里。{ONCE}"
    )


def chart_worker() -> str:
    """The process that draws dies again and again."""
    return (
        "⚠ <b>图表画不出来</b>：画图进程重启后仍然没有画成。\n"
        "查询照常答复文字和数字，只是没有图。\n"
        f"请检查服务器内存和程序日志，必要时重启程序。{ONCE}"
    )


def backup_failed(reason: str) -> str:
    """No backup was made."""
    return (
        f"⚠ <b>数据库备份没有成功</b>：{esc(reason)}\n"
        "现有数据不受影响，但没有新的备份，万一磁盘损坏会丢失上次备份以后的登记。\n"
        f"请检查备份文件夹和磁盘空间，然后运行 <code>{common.BY_COMMAND} backup</code> 补做一次。{ONCE}"
    )


def backup_incomplete(faults: Sequence[str], lacking: int) -> str:
    """A backup was made of data that is not whole: what is wrong, each with how often, and how many files."""
    found = [*faults, *([f"证据文件缺失或改变（{lacking} 份）"] if lacking else [])]
    return (
        f"⚠ <b>备份做好了，但数据本身有问题</b>：{esc('、'.join(found))}。\n"
        "这份备份照现在的样子保存，不能当作完好的备份；最近一份完好的备份会一直留着。\n"
        f"请在服务器上运行 <code>{common.BY_COMMAND} backup</code> 再做一次，按它列出的编号和提示处理；"
        f"台账或审定成绩不符时先停用程序。{ONCE}"
    )


def chain_broken(verdict: Verdict) -> str:
    """A row does not fit its seal: the database was changed below the program."""
    return (
        f"⚠ <b>{_chain(verdict.table, verdict.head)}的校验码对不上</b>"
        f"：从编号 {verdict.broken} 起，此前 {verdict.head.count} 条没有改动。\n"
        "这些记录可能在程序之外被改动过，成绩暂时不可作为依据。\n"
        "请立即停用程序，保留数据库文件不动，用备份和每天收到的校验码核对。"
        f"{ONCE}"
    )


def chain_cut(table: str, known: Head) -> str:
    """Rows that were there the night before are no longer there."""
    return (
        f"⚠ <b>{_chain(table, known)}少了记录</b>：上次核对时第 {known.count} 条还在，现在没有了，或换成了别的。\n"
        "末尾的记录可能在程序之外被删改过，成绩暂时不可作为依据。\n"
        "请立即停用程序，保留数据库文件不动，用备份和每天收到的校验码核对。"
        f"{ONCE}"
    )


def sums_off(quarter: Quarter, places: int) -> str:
    """What was kept of a quarter's sums is not what its entries come to."""
    return (
        f"⚠ <b>{common.period(quarter)}的汇总与台账不符</b>（{places} 处）。\n"
        "台账没有问题，已按台账重新汇总；此前查到的该季度成绩和名次可能不对。\n"
        f"请重新查询并核对已发出的图表，把程序日志交给维护人员查明原因。{ONCE}"
    )


def _chain(table: str, head: Head) -> str:
    title = TABLES[table]
    return title if head.chain in {title, table} else f"{title}（{esc(head.chain)}）"


def clock_skew(seconds: int) -> str:
    """Our clock and Telegram's differ."""
    return (
        f"⚠ <b>服务器的时钟不准</b>：比 Telegram {'快' if seconds > 0 else '慢'} {abs(seconds)} 秒左右。\n"
        "期限和提醒按服务器的时钟算，会有偏差。\n"
        f"请校准服务器时间（例如启用 chrony 或 systemd-timesyncd）。{ONCE}"
    )


def unwatched(address: str) -> str:
    """The monitoring address could not be opened."""
    return (
        f"⚠ <b>监控地址 {esc(address)} 没有打开</b>，可能被别的程序占用。\n"
        "机器人照常工作，但监控系统看不到它的状态。\n"
        f"请核对配置 <code>ops.listen</code> 后重启程序。{ONCE}"
    )
