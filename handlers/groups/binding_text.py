"""Words of group chats that are bound to an assessment group."""

from handlers.frame.reply import esc


def which(bound: str | None) -> str:
    """Which assessment group is this chat's?"""
    now = f"本群现在绑定的是{esc(bound)}。" if bound else ""
    return f"{now}把本群绑定给哪个考核小组？"


def bound(group: str, username: str, *, hears_all: bool) -> str:
    """The chat is bound; with what works in it."""
    head = f"✔ 本群已绑定<b>{esc(group)}</b>。本组人员可以在这里登记扣分；成绩和名次公布前不在群里显示，请私聊查询。"
    if hears_all:
        return f"{head}\n直接写“扣分 单位 项目 分值”，或发送 /deduct 都可以。"
    return (
        f"{head}\n请用 <code>/deduct@{username} 单位 项目 分值</code>，或回复我的消息。\n"
        "想直接写“扣分 …”：在 @BotFather 发 /setprivacy，选本机器人，选 Disable，再把我移出群重新拉进来。"
    )


def unbound(was: str | None) -> str:
    """The chat is nobody's any more."""
    return f"本群已解除与{esc(was)}的绑定，不再受理登记。" if was else "本群没有绑定，无需解除。"
