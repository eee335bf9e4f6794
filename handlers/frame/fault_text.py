"""What does not hold in the database, in words: what, and since when. Plain text, of which no person wrote anything."""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo

from handlers.frame import wording
from rules.calendar import Quarter
from storage.hash_chain import End
from storage.recount import OF_CHAINS, Fault, FaultKind

CHAINS = {"entry": "台账", "officer_entry": "民警台账", "audit": "操作留痕", "register": "办理登记"}
"""The chained tables as people call them."""

NAMES = {"audit": "操作留痕", "register": "办理登记", "-": "早期台账"}
"""Chains that are not called by their own name."""

TABLES = {
    "result": "审定成绩", "step": "提交、审定和公布", "extension": "延期", "lead": "带队局领导", "acknowledgement": "签收",
    "inspection": "检查完毕标记", "beginning": "启用季度", "person": "人员", "post": "职务", "invitation": "邀请",
    "binding": "群绑定", "appeal": "申诉", "proposal": "更正申请", "evidence": "证据", "attachment": "证据归属",
    "criteria": "细则", "officer": "民警", "service": "民警任职", "service_proposal": "任职变动申请", "method": "民警考核办法",
    "method_verdict": "考核办法结论", "mark": "民警月份标记", "month_return": "民警成绩报送", "signature": "报送签字",
    "filing": "备案文件", "filing_verdict": "备案结论",
}  # fmt: skip
"""The registered tables as people call them."""

COLUMNS = {
    "role": "职务", "group_name": "小组", "unit_code": "单位", "own_unit_code": "所在单位", "unit_name": "单位名称",
    "telegram_id": "账号", "name": "姓名", "sequence": "序列", "category": "类别", "total": "总分", "items": "各项得分",
    "inspected": "是否检查", "vetoed": "一票否决", "late": "逾期天数", "move": "步骤", "by": "经办人", "person_id": "人员",
    "made_by": "提出人", "decided_by": "决定人", "granted_by": "授予人", "ended_by": "终止人", "used_by": "使用人",
    "at": "时间", "made_at": "提出时间", "decided_at": "决定时间", "used_at": "使用时间", "since": "开始", "until": "结束",
    "last_day": "最后一天", "state": "状态", "points": "分值", "decision": "决定内容", "reason": "理由", "text": "内容",
    "content": "内容", "version": "版本", "accepted": "结论", "mixed": "姓名、警号或职务", "lead": "带队局领导",
    "waved": "未检查放过的单位", "quarter": "季度", "month": "月份", "mark": "标记", "digest": "文件校验值", "size": "大小",
}  # fmt: skip

COUNTED = (FaultKind.SEALS, FaultKind.CUT, FaultKind.APPENDED)
"""The faults of a chain that name a number in it, last."""

LISTED = 10
"""How many of the same kind are named one by one."""


def chain_of(name: str) -> str:
    """The chain that people call by this name."""
    return next((chain for chain, called in NAMES.items() if called == name), name)


def chain_name(table: str, chain: str) -> str:
    """A chain as people call it."""
    title = CHAINS.get(table, table)
    name = NAMES.get(chain, chain)
    return title if name == title else f"{title}（{name}）"


def lines(faults: Sequence[Fault], zone: tzinfo) -> list[str]:
    """What does not hold, each kind of each table in one line, and since when."""
    return [f"{what(together)}{since(together[0], zone)}" for together in alike(faults)]


def alike(faults: Iterable[Fault]) -> list[list[Fault]]:
    """Those of one kind in one table or quarter together."""

    found: dict[tuple[FaultKind, str], list[Fault]] = {}
    for fault in faults:
        where = fault.where if fault.kind in OF_CHAINS else fault.where.split()[0]
        found.setdefault((fault.kind, where), []).append(fault)
    return list(found.values())


def what(together: Sequence[Fault]) -> str:
    """What does not hold, in a sentence."""
    kind, first = together[0].kind, together[0].where.split()
    match kind:
        case FaultKind.SEALS | FaultKind.CUT | FaultKind.APPENDED | FaultKind.RESEALED | FaultKind.REMEMBERED:
            return _chain(together[0])
        case FaultKind.CHANGED:
            columns = dict.fromkeys(column for fault in together for column in fault.columns)
            named = "、".join(COLUMNS.get(column, column) for column in columns)
            return f"{_rows(together)}被改动过（{named}），与登记时不同。"
        case FaultKind.REMOVED:
            return f"{_rows(together)}登记过，现在没有了。"
        case FaultKind.UNREGISTERED:
            return f"{_rows(together)}不是程序写进去的。"
        case FaultKind.CONFIRMED:
            groups = "、".join(fault.where.split(maxsplit=1)[1] for fault in together)
            return f"{_quarter(first[0])}{groups}的审定成绩，与审定时记在操作留痕里的校验不符。"
        case FaultKind.RESULTS:
            units = _listed(fault.where.split()[1] for fault in together)
            return f"{_quarter(first[0])}的审定成绩与台账重算的结果不符（{units}）。"
        case FaultKind.UNREADABLE:
            name = {**CHAINS, **TABLES, "chain_end": "各链的末尾", "tally": "汇总"}.get(first[0], first[0])
            return f"{name}里有程序读不出来的内容，或者缺了表，不能核对；这不是程序写的。"
        case FaultKind.TALLY:
            return f"{_quarter(first[0])}有 {len(together)} 处与台账不符。"
    return f"{'、'.join(fault.where for fault in together[:LISTED])}。"


def place_of(fault: Fault) -> tuple[str, str]:
    """Table and name of the chain that a fault is about."""
    table, _, rest = fault.where.partition(" ")
    return table, rest.rpartition(" ")[0] if fault.kind in COUNTED else rest


def _chain(fault: Fault) -> str:
    title, number = chain_name(*place_of(fault)), fault.where.split()[-1]
    match fault.kind:
        case FaultKind.SEALS:
            return f"{title}从编号 {number} 起与校验码不符，此前 {fault.intact} 条没有改动。"
        case FaultKind.CUT:
            return f"{title}少了记录：从第 {number} 条起被删去过，此前 {fault.intact} 条没有改动。"
        case FaultKind.APPENDED:
            return f"{title}多了记录：程序写到第 {fault.intact} 条，现在有 {number} 条。"
        case FaultKind.RESEALED:
            return f"{title}的校验码被重新算过，与程序写下的不同。"
        case _:
            stands = f"前 {fault.intact} 条仍然对得上，其后的" if fault.intact else "其中的"
            return f"{title}与数据库以外记下的校验码不符：{stands}记录被改动或删去过。"


def _rows(together: Sequence[Fault]) -> str:
    table = together[0].where.split()[0]
    return f"{TABLES.get(table, table)}编号 {_listed(fault.where.split()[1] for fault in together)} "


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    more = f" 等 {len(found)} 处" if len(found) > LISTED else ""
    return "、".join(found[:LISTED]) + more


def _quarter(text: str) -> str:
    return wording.period(Quarter.parse(text))


def since(fault: Fault, zone: tzinfo) -> str:
    """Between when and when it was changed."""
    if fault.since is None:
        return "此前没有记下过核对结果，改动的时间不能确定。"
    return f"{moment(fault.since, zone)} 还是对的，改动在那以后。"


def moment(value: datetime, zone: tzinfo) -> str:
    """A moment with its year: it may be long ago."""
    at = value.astimezone(zone)
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


def end(value: End) -> str:
    """An end as it stands in the daily message."""
    return f"{NAMES.get(value.chain, value.chain)}　{value.count} 条　{value.seal}"
