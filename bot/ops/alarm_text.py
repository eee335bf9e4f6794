"""Words of the alarms to administrators: no score, no officer, nothing that a person wrote."""

from collections.abc import Sequence
from datetime import tzinfo

from handlers.frame import fault_text, wording
from handlers.frame.reply import esc
from rules.calendar import Quarter
from storage.file_store import Trouble, VaultFault
from storage.recount import Fault, FaultKind

ONCE = "同样的情况今天不再提醒。"

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
        f"请检查备份文件夹和磁盘空间，然后运行 <code>{wording.BY_COMMAND} backup</code> 补做一次。{ONCE}"
    )


def backup_incomplete(wrong: Sequence[str], lacking: int) -> str:
    """A backup was made of data that is not whole: what is wrong, each with how often, and how many files."""
    found = [*wrong, *([f"证据文件缺失或改变（{lacking} 份）"] if lacking else [])]
    return (
        f"⚠ <b>备份做好了，但数据本身有问题</b>：{esc('、'.join(found))}。\n"
        "这份备份照现在的样子保存，不能当作完好的备份；最近一份完好的备份会一直留着。\n"
        f"请在服务器上运行 <code>{wording.BY_COMMAND} backup</code> 再做一次，按它列出的编号和提示处理；"
        f"台账或审定成绩不符时先停用程序。{ONCE}"
    )


STOP = "请立即停用程序，保留数据库文件不动，用备份和每天收到的校验码核对。"


def chain_off(found: Sequence[Fault], zone: tzinfo) -> str:
    """A chain does not hold, or not what it held once: the database was changed below the program."""
    title = esc(fault_text.chain_name(*fault_text.place_of(found[0])))
    if found[0].kind is FaultKind.SEALS:
        head = f"⚠ <b>{title}的校验码对不上</b>：从编号 {found[0].where.split()[-1]} 起，此前 {found[0].intact} 条没有改动。"
        lines = [head, fault_text.since(found[0], zone)]
    else:
        head = f"⚠ <b>{title}{'少了记录' if found[0].kind is FaultKind.CUT else '的末尾对不上'}</b>"
        lines = [head, *(esc(line) for line in fault_text.lines(found, zone))]
    return "\n".join([*lines, "这些记录可能在程序之外被改动过，成绩暂时不可作为依据。", f"{STOP}{ONCE}"])


def rows_off(found: Sequence[Fault], zone: tzinfo) -> str:
    """Rows that decide something are not as they were registered."""
    lines = fault_text.lines(found, zone)
    return "\n".join(
        [
            "⚠ <b>有登记在程序之外被改动过</b>",
            *map(esc, lines[: fault_text.LISTED]),
            *(
                [f"还有 {len(lines) - fault_text.LISTED} 项，运行 verify 可看全部。"]
                if len(lines) > fault_text.LISTED
                else []
            ),
            f"与之有关的职务、成绩和办理结果暂时不可作为依据；程序没有改动任何内容。{STOP}{ONCE}",
        ]
    )


def results_off(found: Sequence[Fault], zone: tzinfo) -> str:
    """Confirmed results are not those that were confirmed."""
    return "\n".join(
        [
            "⚠ <b>审定成绩对不上</b>",
            *(esc(line) for line in fault_text.lines(found, zone)[: fault_text.LISTED]),
            f"这些成绩可能在程序之外被改动过，暂时不可作为依据；程序没有改动任何内容。{STOP}{ONCE}",
        ]
    )


def sums_off(quarter: Quarter, places: int) -> str:
    """What was kept of a quarter's sums is not what its entries come to."""
    return (
        f"⚠ <b>{wording.period(quarter)}的汇总与台账不符</b>（{places} 处）。\n"
        "成绩和名次是按汇总算的，重算以前看到的可能不对。哪一边被改动过还要查明，程序没有改动任何内容。\n"
        "请对照备份、登记卡片和每天收到的校验码查明原因，再停止程序，运行 "
        f"<code>{wording.BY_COMMAND} rebuild-sums --reason 原因</code> 按台账重算。{ONCE}"
    )


def ends_unkept(reason: str) -> str:
    """The folder where the chains' ends are remembered is of no use."""
    return (
        f"⚠ <b>校验码没有记到数据库以外</b>：{esc(reason)}\n"
        "登记不受影响，但整个数据库被换掉时，程序自己看不出来，只能用聊天里的校验码核对。\n"
        f"请检查备份文件夹里的 seals 文件夹（或配置 <code>backup.seals</code>）的权限和磁盘空间。{ONCE}"
    )


def ends_lost() -> str:
    """The ends that were remembered outside the database are gone."""
    return (
        "⚠ <b>数据库以外记下的校验码不见了</b>：以前记下过，现在一个也没有。\n"
        "可能有人删去了它，或者换了备份文件夹没有带过去。在那以前的改动，程序自己可能看不出来。\n"
        "请查明原因，从备份文件夹里找回 seals；并请考评办把聊天里以前收到的“台账校验码”消息粘贴给我核对。"
        f"{ONCE}"
    )


def vault(fault: VaultFault) -> str:
    """Files could not be kept, or cannot be had."""
    what, then = {
        Trouble.FULL: (
            "<b>证据存不下了</b>：证据文件夹所在的磁盘满了。",
            "请清理磁盘或扩容，不要动证据文件夹里的文件",
        ),
        Trouble.UNREACHABLE: (
            "<b>证据文件夹用不了</b>：读写失败，磁盘可能有故障，或没有挂上、没有权限。",
            f"请运行 <code>{wording.BY_COMMAND} check</code>，并查看程序日志和 dmesg",
        ),
        Trouble.MISSING: (
            f"<b>有证据文件不见了</b>（校验值 <code>{fault.digest[:16]}</code>）。",
            "请从备份的 evidence 文件夹里找回这个文件",
        ),
        Trouble.DAMAGED: (
            f"<b>有证据文件已损坏</b>（校验值 <code>{fault.digest[:16]}</code>）。",
            "请从备份的 evidence 文件夹里恢复这个文件，并检查磁盘",
        ),
    }[fault.trouble]
    lost = fault.trouble in {Trouble.MISSING, Trouble.DAMAGED}
    means = "要看这份证据的人看不到。" if lost else "扣分、申诉照常登记；收不下的照片和文件，发送人已收到提示。"
    return f"⚠ {what}\n{means}\n{then}。{ONCE}"


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
