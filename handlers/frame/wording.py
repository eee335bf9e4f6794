"""Words that every feature shares: times, quarters, points, and what is said when something is in the way."""

import os
from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from handlers.frame.reply import esc
from rules.bureau import Bureau
from rules.calendar import Period, Quarter
from rules.entries import Deduction
from rules.months import Month
from rules.points import places_needed, shown

BY_COMMAND = "sudo /opt/kaoping/deploy/kaoping" if "STATE_DIRECTORY" in os.environ else "python -m bot"
"""How a command is given here: what root itself wrote in the folder of a systemd service, the service could not write."""

NUMERALS = ("", "一", "二", "三", "四")


def period(value: Period) -> str:
    """2026年第一季度 or 2026年度."""
    if isinstance(value, Quarter):
        return f"{value.year}年第{NUMERALS[value.number]}季度"
    return f"{value.year}年度"


def file_name(what: str, value: Period) -> str:
    """派出所第二序列排名-2026年第一季度, the stem of a document's name."""
    return f"{what}-{period(value)}"


def short(quarter: Quarter) -> str:
    """一季度."""
    return f"{NUMERALS[quarter.number]}季度"


def month(value: Month) -> str:
    """2026年3月."""
    return f"{value.year}年{value.number}月"


def day(value: date, this_year: int | None = None) -> str:
    """3月10日, with the year where it is another than this one."""
    short = f"{value.month}月{value.day}日"
    return short if value.year == this_year else f"{value.year}年{short}"


def weekday(value: date) -> str:
    """周一"""
    return "周" + "一二三四五六日"[value.weekday()]


def moment(value: datetime, zone: ZoneInfo) -> str:
    """3月10日 14:05 in the bureau's zone."""
    local = value.astimezone(zone)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def exact(value: Fraction | Decimal, places: int = 2) -> str:
    """A score as shown: rounded half up, no trailing zeros (R4)."""
    if isinstance(value, Decimal):
        return shown(value, places)
    scaled = Decimal(value.numerator * 10 ** (places + 2) // value.denominator)
    # Half up needs the digits behind: what was cut off is below a hundredth of the last place shown.
    rest = value * 10 ** (places + 2) != Fraction(scaled)
    number = scaled.scaleb(-places - 2)
    if rest:
        number += Decimal(1).scaleb(-places - 4)
    return shown(number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP), places)


def scores(values: list[Decimal]) -> list[str]:
    """Scores shown beside one another: with as many decimals as make different ones look different (Ties)."""
    places = places_needed(values)
    return [shown(value, places) for value in values]


def means(values: list[Fraction]) -> list[str]:
    """Means shown beside one another, with as many decimals as make different ones look different (Ties)."""
    for places in range(2, 9):
        shown_ = [exact(value, places) for value in values]
        if len(set(shown_)) == len(set(values)):
            return shown_
    return shown_


def sent_again(text: str) -> str:
    """The mark of an answer that may be going out for the second time."""
    return f"〔重发〕{text}"


def without_chart(text: str, more: str) -> str:
    """An answer whose picture could not be made."""
    return "\n\n".join(
        part for part in (text, more, "图表暂时没有生成，数字以上面的文字为准；可稍后再查一次。") if part
    )


def stranger(telegram_id: int) -> str:
    """To somebody who was never let in: the own number and whom to ask, nothing else."""
    return (
        f"您还不在本系统的人员名单中。\n您的编号是 <code>{telegram_id}</code>。\n"
        "请把这个编号告诉本局考评办或系统管理员，由他们给您发邀请链接。"
    )


def stranger_in_group() -> str:
    """The same in a group, where nobody's number is shown."""
    return "您还不在本系统的人员名单中。请私聊我，按提示联系本局考评办。"


def not_allowed(deed: str, roles: list[str]) -> str:
    """The person's posts do not allow what it asked for."""
    return f"没有办理：{esc(deed)}由{'、'.join(roles)}办理，您没有这项权限。\n发送 /help 可看您能做什么。"


def unknown_command(word: str, near: Sequence[str]) -> str:
    """A command that there is none of; with the person's own ones that are written much like it."""
    meant = f"您要的可能是 {' 或 '.join(f'/{name}' for name in near)}。" if near else ""
    return f"没有“{esc(word[:30])}”这个命令。{meant}发送 /help 看您能做什么。"


def plain_text(*, deducts: bool) -> str:
    """Text that asks for nothing that can be made out; who may log deductions is told how."""
    how = "登记扣分请这样写：\n<code>扣分 城关所 治安管理 2 原因</code>\n发送 /help 看全部用法。"
    return f"这句话我没有看懂，什么也没有记。\n{how if deducts else '发送 /help 看您能做什么。'}"


def edited() -> str:
    """A command that was edited into an old message."""
    return "修改过的消息不作数：没有办理，已登记的内容也没有改。请重新发送一条新消息。"


def forwarded() -> str:
    """A command in a message that somebody else wrote."""
    return "转发的消息不作数，没有办理。请由您本人重新发送一条。"


def via_bot() -> str:
    """A command that another bot wrote."""
    return "通过其他机器人发出的消息不作数，没有办理。请由您本人重新发送一条。"


def anonymous() -> str:
    """A command from behind a chat's name: nobody stands for it."""
    return "以群或频道名义匿名发出的消息不作数，没有办理：每一笔都要有经办人。请用本人身份重新发送。"


def dead_button() -> str:
    """A press on a button that leads nowhere any more."""
    return "这个按钮已经失效，什么也没有改。请重新发送命令。"


def given_up() -> str:
    """To the person whose message could not be handled."""
    return "抱歉，您刚才的一条消息没能处理，已通知系统管理员。请先查看那件事是否已经办成，再决定要不要重发；查看的命令见 /help。"


def logged(entry: Deduction, bureau: Bureau, today: date) -> str:
    """Who logged a record and when; of `today` (the bureau's day) the time alone."""
    zone = bureau.calendar.zone
    when = (
        f"{entry.at.astimezone(zone):%H:%M}"
        if bureau.calendar.day(entry.at) == today
        else moment(entry.at, zone)
    )
    return f"{esc(entry.author)} {when} 已登记记录 {entry.number}"
