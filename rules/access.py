"""Who may do what, and who sees what: the one table (R8, Sight)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from rules.bureau import Bureau
from rules.people import GROUP_ROLES, UNIT_ROLES, Person, Post, Role


class Deed(Enum):
    """What a person can ask the bot to do; the value is the word on screen."""

    DEDUCT = "登记扣分"
    INSPECT = "标记检查完毕"
    PROGRESS = "查看进度"
    SCORE = "查询成绩"
    RANK = "查询排名"
    INVITE = "邀请人员"
    PEOPLE = "查看人员"
    REMOVE = "移除人员"
    CORRECT = "更正记录"
    APPROVE = "核准更正"
    LOG = "查看扣分明细"
    APPEAL = "提出申诉"
    APPEALS = "查看申诉"
    DECIDE = "裁定申诉"
    NOTICES = "设置通知和提醒"
    BIND = "绑定考核小组的群"
    CRITERIA = "导入细则"
    AUDIT = "查看操作留痕"
    SEALS = "核对校验码"
    SUBMIT = "提交季度成绩"
    CONFIRM = "审定和退回季度成绩"
    PUBLISH = "公布季度成绩"
    EXTEND = "延长考核期限"
    LEAD = "指定带队局领导"
    ACKNOWLEDGE = "签收季度成绩"
    PUSHES = "查看推送情况"
    ROSTER = "管理民警花名册"
    METHOD = "报送民警考核办法"
    METHOD_DECIDE = "审定民警考核办法"
    OFFICER_DEDUCT = "登记民警扣分"
    MONTH = "查看民警月度成绩"
    MONTHLY = "报送民警月度成绩"
    SIGN = "签字报送民警成绩"
    RETURNS = "查看民警成绩报送情况"
    FILE = "报送备案文件"
    FILINGS = "查看备案情况"
    FILING_DECIDE = "审定备案文件"
    ROSTER_READ = "查看民警花名册"
    ROSTER_AGREE = "同意改民警在岗日期"
    METHOD_READ = "查看民警考核办法"
    EXPORT = "导出工作簿和台账"
    TREND = "查看成绩走势"
    HEAT = "查看失分分布"
    LOSSES = "查看失分原因"
    COMPARE = "对比单位成绩"
    BULLETIN = "起草通报"
    IMPORT = "导入扣分记录"


ROLES_FOR: dict[Deed, frozenset[Role]] = {
    Deed.DEDUCT: GROUP_ROLES,
    Deed.INSPECT: GROUP_ROLES,
    Deed.PROGRESS: GROUP_ROLES | {Role.OFFICE, Role.LEADER},
    Deed.SCORE: GROUP_ROLES | UNIT_ROLES | {Role.OFFICE, Role.LEADER},
    Deed.RANK: GROUP_ROLES | UNIT_ROLES | {Role.OFFICE, Role.LEADER},
    Deed.INVITE: frozenset({Role.ADMIN, Role.OFFICE, Role.LIAISON}),
    Deed.PEOPLE: frozenset({Role.ADMIN, Role.OFFICE}),
    Deed.REMOVE: frozenset({Role.ADMIN, Role.OFFICE}),
    Deed.CORRECT: GROUP_ROLES | {Role.OFFICE},
    Deed.APPROVE: frozenset({Role.HEAD, Role.DEPUTY, Role.OFFICE}),
    Deed.LOG: GROUP_ROLES | UNIT_ROLES | {Role.OFFICE, Role.LEADER},
    Deed.APPEAL: frozenset({Role.LIAISON}),
    Deed.APPEALS: GROUP_ROLES | UNIT_ROLES | {Role.OFFICE, Role.LEADER},
    Deed.DECIDE: frozenset({Role.OFFICE}),
    Deed.NOTICES: GROUP_ROLES | UNIT_ROLES | {Role.OFFICE, Role.LEADER},
    Deed.BIND: frozenset({Role.OFFICE}),
    Deed.CRITERIA: frozenset({Role.OFFICE}),
    Deed.AUDIT: frozenset({Role.OFFICE}),
    Deed.SEALS: frozenset({Role.OFFICE, Role.LEADER}),
    Deed.SUBMIT: frozenset({Role.HEAD, Role.DEPUTY}),
    Deed.CONFIRM: frozenset({Role.OFFICE}),
    Deed.PUBLISH: frozenset({Role.OFFICE}),
    Deed.EXTEND: frozenset({Role.OFFICE}),
    Deed.LEAD: frozenset({Role.OFFICE}),
    Deed.ACKNOWLEDGE: UNIT_ROLES,
    Deed.PUSHES: frozenset({Role.OFFICE}),
    Deed.ROSTER: frozenset({Role.LIAISON}),
    Deed.METHOD: frozenset({Role.LIAISON}),
    Deed.METHOD_DECIDE: frozenset({Role.OFFICE}),
    Deed.OFFICER_DEDUCT: UNIT_ROLES,
    Deed.MONTH: UNIT_ROLES | {Role.OFFICE, Role.LEADER, Role.OFFICER},
    Deed.MONTHLY: frozenset({Role.LIAISON}),
    Deed.SIGN: frozenset({Role.UNIT_HEAD}),
    Deed.RETURNS: frozenset({Role.OFFICE, Role.LEADER}),
    Deed.FILE: frozenset({Role.LIAISON, Role.OFFICE}),
    Deed.FILINGS: UNIT_ROLES | {Role.OFFICE, Role.LEADER},
    Deed.FILING_DECIDE: frozenset({Role.OFFICE}),
    Deed.ROSTER_READ: UNIT_ROLES | {Role.OFFICE, Role.LEADER},
    Deed.ROSTER_AGREE: UNIT_ROLES | {Role.OFFICE},
    Deed.METHOD_READ: UNIT_ROLES | {Role.OFFICE, Role.LEADER},
    Deed.EXPORT: GROUP_ROLES | UNIT_ROLES | {Role.OFFICE, Role.LEADER},
    Deed.TREND: GROUP_ROLES | UNIT_ROLES | {Role.OFFICE, Role.LEADER},
    Deed.HEAT: GROUP_ROLES | {Role.OFFICE, Role.LEADER},
    Deed.LOSSES: GROUP_ROLES | UNIT_ROLES | {Role.OFFICE, Role.LEADER},
    Deed.COMPARE: GROUP_ROLES | UNIT_ROLES | {Role.OFFICE, Role.LEADER},
    Deed.BULLETIN: frozenset({Role.OFFICE, Role.LEADER}),
    Deed.IMPORT: GROUP_ROLES,
}
"""Who may do what at all; on which units is decided below."""

SEES_ALL = frozenset({Role.OFFICE, Role.LEADER})


@dataclass(frozen=True, slots=True)
class Sight:
    """What a person sees of a quarter, by the codes of the units.

    `units` may be asked about at all; `entries`, `scores` and `places` are those of which these are seen. Who adds the
    entries of a unit up has its score, and who sets the score among the others' has its place.
    """

    units: frozenset[str]
    entries: frozenset[str]
    scores: frozenset[str]
    places: frozenset[str]


def may(person: Person, deed: Deed) -> bool:
    """Whether one of the person's posts allows the deed at all."""
    return person.has(ROLES_FOR[deed])


def may_in(person: Person, deed: Deed, unit: str) -> bool:
    """Whether one of the posts that the person holds in a unit allows the deed there."""
    return any(post.role in ROLES_FOR[deed] and post.unit == unit for post in person.posts)


def sight(person: Person, bureau: Bureau, published: Collection[str] = ()) -> Sight:
    """What the person sees of a quarter whose results these groups have published (Sight).

    Before publication a member of a group sees neither the place nor the score of the unit it comes from, whatever
    other posts it holds, and its entries only where it needs them: for the office's work, or to speak for the unit.
    Published places are everybody's who may ask for a ranking.
    """
    of_groups, own_ones = surveyed(person, bureau), person.units
    units = of_groups | {unit.code for unit in bureau.units if unit.code in own_ones}
    if not may(person, Deed.RANK):
        return Sight(units, units, units, frozenset())
    open_to_all = frozenset(
        unit.code
        for unit in bureau.units
        if (group := bureau.group_for(unit)) is not None and group.name in published
    )
    own = (person.own_units & of_groups) - open_to_all if person.groups else frozenset()
    needed = own if person.has(SEES_ALL) else own_ones
    return Sight(units, units - (own - needed), units - own, (of_groups - own) | open_to_all)


def surveyed(person: Person, bureau: Bureau) -> frozenset[str]:
    """The codes of the units over which the person looks as a whole: its group's, or all; never as a unit's own (Sight).

    What several units lost together is shown to nobody else, before publication and after it.
    """
    if person.has(SEES_ALL):
        return frozenset(unit.code for unit in bureau.units)
    groups = person.groups
    return frozenset(
        unit.code
        for unit in bureau.units
        if (group := bureau.group_for(unit)) is not None and group.name in groups
    )


def may_invite(person: Person, post: Post) -> bool:
    """Whether the person may invite somebody to the post: only an administrator names the office's people.

    An officer is chosen from the roster, so by who sees it: the office, and a liaison for its own unit.
    """
    if post.role is Role.OFFICER:
        liaison = may(person, Deed.ROSTER) if post.unit is None else may_in(person, Deed.ROSTER, post.unit)
        return liaison or person.has({Role.OFFICE})
    if person.has({Role.ADMIN}):
        return post.role is not Role.ADMIN
    return person.has({Role.OFFICE}) and post.role not in {Role.ADMIN, Role.OFFICE}


def sees_officers(person: Person, unit: str) -> bool:
    """Whether the person sees the results of a unit's officers: those who speak for the unit, the office, leaders (R9)."""
    return person.has(SEES_ALL) or unit in person.units


def files_for(person: Person, unit: str | None) -> bool:
    """Whether the person files a unit's documents: its liaison; for the office's own (None) whoever is of the office (R10)."""
    if unit is None:
        return person.has({Role.OFFICE})
    return any(post.role is Role.LIAISON and post.unit == unit for post in person.posts)


def sees_filing(person: Person, unit: str | None) -> bool:
    """Whether the person sees what a unit, or the office (None), filed: those who speak for the unit, the office, leaders (R10)."""
    return person.has(SEES_ALL) or unit in person.units


def may_remove(person: Person, other: Person) -> bool:
    """Whether the person may take the other's access away; administrators are named by the config alone."""
    if not may(person, Deed.REMOVE) or other.id == person.id or other.has({Role.ADMIN}):
        return False
    return person.has({Role.ADMIN}) or not other.has({Role.OFFICE})
