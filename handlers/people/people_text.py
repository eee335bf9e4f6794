"""Words about persons: invitations, who is in, who one is oneself."""

from collections import defaultdict
from datetime import datetime

from handlers.frame import wording
from handlers.frame.reply import esc
from rules.bureau import Bureau, Unit
from rules.officers import Officer
from rules.people import GROUP_ROLES, Person, Post, Role
from storage.people import Join


def post(value: Post, bureau: Bureau) -> str:
    """A post as people call it: 派出所考核小组考核员（来自治安大队）."""
    unit = bureau.find_unit(value.unit or "")
    own = bureau.find_unit(value.own_unit or "")
    held = f"{value.group or (unit.name if unit else value.unit) or ''}{value.role.value}"
    if own is None:
        return esc(held)
    moved = value.role is Role.OFFICER
    return esc(f"{held}（花名册上最后在{own.name}）" if moved else f"{held}（来自{own.name}）")


def unit_name(bureau: Bureau, code: str) -> str:
    """What the trail calls the unit of a code: the code itself where the config has it no more. No HTML."""
    unit = bureau.find_unit(code)
    return unit.name if unit is not None else code


def named(person: Person, bureau: Bureau) -> str:
    """A person with the first post, for a button: no HTML."""
    first = person.posts[0] if person.posts else None
    return f"{person.name} {first.group or ''}{first.role.value}" if first else person.name


def ask_role() -> str:
    """Which post is the invitation for?"""
    return "邀请谁？请选身份："


def ask_group(role: Role, typed: str) -> str:
    """Which group is the member for?"""
    return f"请选{role.value}所在的考核小组："


def ask_own_unit(role: Role, group: str) -> str:
    """Which unit does the member come from? (R8)"""
    return f"{esc(group)}{role.value}本人来自哪个单位？\n考核员不得考核自己所在的单位（回避）。"


def ask_officer(unit: Unit) -> str:
    """Which of the unit's officers is the invitation for?"""
    return f"邀请{esc(unit.name)}的哪位民警？花名册里没有的，请先用 /roster 登记。"


def officer(value: Officer) -> str:
    """An officer on a button: no HTML."""
    return " ".join(part for part in (value.name, value.number) if part)


def invitation(value: Post, link: str, expires: datetime, bureau: Bureau, who: str = "") -> str:
    """The link, for whom it is, and how long it opens; an officer by name."""
    until = wording.moment(expires, bureau.calendar.zone)
    return (
        f"邀请链接已生成：<b>{post(value, bureau)}{esc(who)}</b>\n{link}\n\n"
        f"请把链接单独发给本人。只能用一次，{until} 前有效；点开后按“开始”即可加入。"
    )


def start_in_private() -> str:
    """/start in a group."""
    return "请私聊我并发送 /start；邀请链接也请在私聊里打开。"


def welcome(person: Person, bureau: Bureau) -> str:
    """To somebody known."""
    return (
        f"您好，{esc(person.name)}。这里是{esc(bureau.name)}目标量化考核助手。\n您的身份：{_posts(person, bureau)}。\n\n"
        "发送 /help 看您能做什么。"
    )


def not_joined(outcome: Join, telegram_id: int | None = None) -> str:
    """Why an invitation let nobody in; with the own number for who is not in the list."""
    why = {
        Join.UNKNOWN: "没有加入：这个邀请链接不对，可能没有复制完整。",
        Join.USED: "没有加入：这个邀请链接已经用过，每个链接只能用一次。",
        Join.EXPIRED: "没有加入：这个邀请链接已经过期。",
        Join.OWN: "没有加入：这个邀请链接是您自己生成的，不能自己使用。确需兼任的，请由另一位有权邀请的人员生成链接。",
    }[outcome]
    if telegram_id is None:
        return f"{why}\n您原有的身份不变，发送 /whoami 可查看。"
    return f"{why}\n请向发链接的人再要一个新的。您的编号是 <code>{telegram_id}</code>。"


def joined(person: Person, value: Post, bureau: Bureau) -> str:
    """Welcome, with what the post allows first."""
    first = {
        Role.LIAISON: "发送 /score 可查看本单位成绩和扣分明细。",
        Role.OFFICE: "发送 /rank 看排名，/score 看成绩，/invite 邀请人员。",
        Role.UNIT_HEAD: "发送 /score 可查看本单位成绩和扣分明细；公布的成绩由您或联络员签收。",
        Role.OFFICER: "您可以查看自己每月的考核成绩，别人的看不到。",
        Role.LEADER: "发送 /rank 看排名，/score 看成绩。",
    }.get(value.role, "登记扣分这样写：\n<code>/deduct 单位 项目 分值 原因</code>")
    return (
        f"{esc(person.name)}，您已加入{esc(bureau.name)}目标量化考核，身份是<b>{post(value, bureau)}</b>。\n"
        f"{first}\n全部用法见 /help。"
    )


def somebody_joined(person: Person, value: Post, bureau: Bureau, *, removes: bool) -> str:
    """To who sent the invitation; who may not remove anybody turns to the office."""
    what = "请用 /remove 移除" if removes else "请马上告诉考评办移除"
    return f"{esc(person.name)} 已凭您的邀请加入，身份是{post(value, bureau)}。如不是本人，{what}。"


def everyone(people: list[Person], bureau: Bureau, of: str = "") -> str:
    """Who is in, by post; `of` what was asked for, where something was."""
    if not people:
        return f"“{esc(of[:30])}”现在没有人员。邀请用 /invite。"
    by_role: defaultdict[Role, list[str]] = defaultdict(list)
    for person in people:
        for held in person.posts:
            by_role[held.role].append(f"· {esc(person.name)}　{post(held, bureau)}")
    parts = [
        f"<b>{role.value}</b>（{len(by_role[role])} 人）\n" + "\n".join(by_role[role])
        for role in Role
        if by_role[role]
    ]
    head = f"{f'“{esc(of[:30])}”' if of else ''}现有 {len(people)} 人："
    return "\n\n".join([head, *parts, "邀请用 /invite，移除用 /remove 姓名。"])


def ask_removal(found: list[Person], bureau: Bureau) -> str:
    """Whose access is to end? It is asked once more before anything is done."""
    if len(found) == 1:
        return f"确定移除 <b>{esc(found[0].name)}</b>（{_posts(found[0], bureau)}）？\n移除后立即不能再使用；以前登记的内容保留。"
    return "移除谁？点选后立即生效；以前登记的内容保留。"


def removed(person: Person, *, again: bool) -> str:
    """The access ended."""
    if again:
        return f"{esc(person.name)} 此前已经移除，无需再办。"
    return f"已移除 <b>{esc(person.name)}</b>，从现在起不能再使用。以前登记的内容保留。\n需要恢复时用 /invite 重新邀请。"


def whoami(person: Person, bureau: Bureau) -> str:
    """Who one is, and from which units one stays away."""
    own = [unit.name for code in sorted(person.own_units) if (unit := bureau.find_unit(code))]
    recused = ""
    if own and person.has(GROUP_ROLES | {Role.OFFICE}):
        recused = f"\n回避单位：{esc('、'.join(own))}（它的扣分由别人登记、更正、核准和裁定）"
    return (
        f"姓名：{esc(person.name)}\n编号：<code>{person.telegram_id}</code>\n身份：{_posts(person, bureau)}{recused}\n\n"
        "发送 /help 看您能做什么。"
    )


def _posts(person: Person, bureau: Bureau) -> str:
    return "；".join(post(held, bureau) for held in person.posts)
