"""Words of what was sent by itself: to whom, when, and why something did not arrive."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from handlers.frame import wording
from handlers.frame.reply import esc
from storage.pushes import CLAIMED, DROPPED, PLANNED, SENT, STALE, Kind, Sending

KINDS = {
    Kind.NOTICE: "通知",
    Kind.REMINDER: "提醒",
    Kind.STEP: "进展",
    Kind.PUBLICATION: "成绩公布",
    Kind.SEALS: "校验码",
    Kind.ALARM: "告警",
}

STATES = {PLANNED: "待发", CLAIMED: "正在发", SENT: "已发", DROPPED: "⚠ 没有送到"}

CAUSES = (
    ("blocked by the user", "对方停用了机器人，请他在聊天里点“重新启动”"),
    ("initiate conversation", "对方还没有打开过机器人，请他点开并发送 /start"),
    ("deactivated", "对方的账号已注销"),
    ("kicked", "机器人已被移出这个群"),
    ("chat not found", "这个聊天已经不在了"),
    ("removed", "人员已移除，不再发送"),
)


def overview(
    shown: list[Sending],
    named: Mapping[int, str],
    zone: ZoneInfo,
    *,
    failed: int,
    only_failed: bool,
    day: date | None = None,
) -> str:
    """A page of what was sent, newest first; of one day where one is named."""
    head = "<b>没有送到的推送</b>" if only_failed else "<b>推送情况</b>"
    head += f"　{wording.day(day)}" if day else ""
    count = f"没有送到的共 {failed} 条。" if failed else "没有失败的推送。"
    if not shown:
        if day:
            return f"{head}\n{count}\n这一天没有这样的推送。"
        return f"{head}\n{count}" if only_failed else f"{head}\n还没有发过推送。"
    return "\n".join([head, count, "", *(_line(s, named.get(s.chat_id, ""), zone) for s in shown)])


def _line(sending: Sending, name: str, zone: ZoneInfo) -> str:
    at = wording.moment(sending.sent_at or sending.due_at, zone)
    who = esc(name) or f"编号 {sending.chat_id}"
    state = _stale(sending) if sending.error == STALE else STATES[sending.state]
    line = f"{sending.id}. {at}　{who}　{KINDS[sending.kind]}　{state}"
    if sending.state == PLANNED and sending.tries:
        line += f"（第 {sending.tries + 1} 次尝试）"
    if sending.state == DROPPED and sending.error and sending.error != STALE:
        line += f"\n　{cause(sending.error)}"
    return line


def _stale(sending: Sending) -> str:
    of = f"{wording.day(sending.day, sending.day.year)}的" if sending.day is not None else ""
    return f"⚠ {of}已过时，没有发出"


def cause(error: str) -> str:
    """Why it was given up, and what helps."""
    low = error.lower()
    return next((text for sign, text in CAUSES if sign in low), esc(error[:80]))


def resent(*, again: bool, cleared: bool) -> str:
    """Over the pressed button."""
    if cleared:
        return "这一条已过保存期限，文字已经清除，不能重发。需要的话，请直接告诉对方。"
    return "已安排重新发送。" if again else "这一条不用重发：已经发出，或者已经过时。"
