"""Words about the quarters' leads (带队局领导)."""

from collections.abc import Mapping

from handlers.frame import wording
from handlers.frame.reply import esc
from rules.calendar import Quarter


def which(quarter: Quarter, any_: bool) -> str:
    """Who shall lead the quarter?"""
    if not any_:
        return "还没有领导加入，暂时不能指定带队局领导。请先发送 <code>/invite 领导</code> 邀请，加入后再指定。"
    return f"{wording.period(quarter)}由哪位领导带队？"


def named(quarter: Quarter, name: str) -> str:
    """The lead was named."""
    return f"{wording.period(quarter)}的带队局领导：<b>{esc(name)}</b>。审定时署此名，进度提醒也会发给他。"


def overview(leads: Mapping[Quarter, str | None]) -> str:
    """The leads of the year."""
    lines = [f"{wording.period(quarter)}　{esc(name) if name else '未指定'}" for quarter, name in leads.items()]
    return "\n".join(["<b>带队局领导</b>", *lines, "", "指定或更换这样写：<code>/lead 一季度 姓名</code>"])
