"""Words about an extended deadline."""

from datetime import date

from handlers.frame import wording
from handlers.frame.reply import esc
from rules.calendar import Quarter


def extended(group: str, quarter: Quarter, day: date, reason: str) -> str:
    """To the office."""
    return (
        f"已延长：<b>{esc(group)}</b>{wording.period(quarter)}的期限改为 <b>{wording.day(day)}</b>，当天仍算在内。\n"
        f"原因：{esc(reason)}\n该组下一季度从次日起算，已登记的记录不变。已通知该组和领导。"
    )


def told(group: str, quarter: Quarter, day: date, reason: str) -> str:
    """To the group and the leaders."""
    return (
        f"考评办把<b>{esc(group)}</b>{wording.period(quarter)}的期限延长到 <b>{wording.day(day)}</b>，当天仍算在内。\n"
        f"原因：{esc(reason)}\n该组下一季度从次日起算。"
    )
