"""Words of the settings that people choose for themselves."""

from collections.abc import Collection
from datetime import time

from handlers.reminders.reminders_text import DUTIES
from rules.reminders import NOT_MUTED_FROM, Duty


def settings(
    *, daily: bool | None, digest_at: time, hour: str, muted: Collection[Duty], duties: Collection[Duty]
) -> str:
    """What is chosen now, and what cannot be muted."""
    lines = []
    if daily is not None:
        now = f"每天 {digest_at:%H:%M} 汇总成一条" if daily else "有一笔通知一笔"
        lines.append(f"本单位的扣分、更正和申诉结果，现在的通知方式：<b>{now}</b>。")
    lines.append(
        f"考核提醒每天最多一条，现在的时间：<b>{hour}</b>（也可发送例如 <code>/settings 07:45</code>）。"
    )
    off = [DUTIES[duty] for duty in duties if duty in muted]
    if off:
        lines.append(f"已关闭：{'、'.join(off)}。")
    if Duty.UNITS in duties:
        lines.append(f"到期前 {NOT_MUTED_FROM} 天内的检查提醒不能关闭。")
    if Duty.FILING in duties:
        lines.append(f"到期前 {NOT_MUTED_FROM} 天内的备案提醒不能关闭。")
    if Duty.SUMMARY in duties:
        lines.append("自己带队的季度，进度提醒不能关闭。")
    lines.append("点下面的按钮可以改，从下一次起生效。")
    return "\n".join(lines)


def mute(duty: Duty, *, muted: bool) -> str:
    """The label of the switch."""
    return f"{'🔕 已关闭' if muted else '🔔 已开启'}：{DUTIES[duty]}"
