"""Words of the audit trail and of the daily seals."""

from handlers.frame import fault_text, wording
from handlers.frame.reply import esc
from rules.bureau import Bureau
from storage.audit import Act, Trace
from storage.hash_chain import Head
from storage.strangers import Turned

ACTS = {
    Act.DEDUCTION: "登记扣分",
    Act.REVERSAL: "撤销记录",
    Act.REASON: "补充原因",
    Act.REFUSED: "越权被拒",
    Act.INVITED: "生成邀请",
    Act.JOINED: "加入",
    Act.REMOVED: "移除人员",
    Act.INSPECTED: "标记检查完毕",
    Act.UNINSPECTED: "撤回检查完毕",
    Act.EVIDENCE: "提交证据",
    Act.EVIDENCE_MOVED: "改附证据",
    Act.EVIDENCE_SEEN: "查看证据",
    Act.PROPOSED: "提请更正",
    Act.APPROVED: "核准更正",
    Act.DECLINED: "不同意更正",
    Act.APPEALED: "提出申诉",
    Act.DECIDED: "裁定申诉",
    Act.BOUND: "绑定群",
    Act.UNBOUND: "解除群绑定",
    Act.CRITERIA: "导入细则",
    Act.SETTING: "改通知和提醒",
    Act.EXPORTED: "导出",
    Act.SUBMITTED: "提交季度成绩",
    Act.RETURNED: "退回季度成绩",
    Act.CONFIRMED: "审定季度成绩",
    Act.PUBLISHED: "公布季度成绩",
    Act.EXTENDED: "延长考核期限",
    Act.LED: "指定带队局领导",
    Act.ACKNOWLEDGED: "签收季度成绩",
    Act.REPORTED: "报送民警成绩",
    Act.RESENT: "重发推送",
    Act.MARKED: "标记民警月份",
    Act.MONTH_IMPORTED: "导入民警考核表",
    Act.SIGNED: "签字报送民警成绩",
    Act.GIVEN_BACK: "退回民警成绩",
    Act.FILED: "报送备案文件",
    Act.FILING_ACCEPTED: "通过备案文件",
    Act.FILING_RETURNED: "退回备案文件",
    Act.FILING_SEEN: "查看备案文件",
    Act.ROSTER: "登记民警花名册",
    Act.ROSTER_LEFT: "登记民警离岗",
    Act.ROSTER_ERASED: "删除民警个人信息",
    Act.ROSTER_PROPOSED: "提请改民警在岗日期",
    Act.ROSTER_AGREED: "同意改民警在岗日期",
    Act.ROSTER_DECLINED: "没有同意改民警在岗日期",
    Act.METHOD_SENT: "报送民警考核办法",
    Act.METHOD_ACCEPTED: "通过民警考核办法",
    Act.METHOD_RETURNED: "退回民警考核办法",
    Act.BULLETIN: "起草通报",
    Act.IMPORTED: "导入扣分记录",
    Act.IMPORT_REVERSED: "整份撤回导入",
    Act.SEALS_COMPARED: "核对校验码",
    Act.RESTORED: "恢复备份",
    Act.SUMS_REBUILT: "重算汇总",
    Act.ENDS_KEPT: "校验码开始记在数据库以外",
}


def trail(found: list[Trace], bureau: Bureau, page: int) -> str:
    """A page of the trail, newest first."""
    if not found:
        return "没有相应的操作记录。"
    number = f"　第 {page + 1} 页" if page else ""
    return "\n".join([f"<b>操作留痕</b>{number}", "", *(_line(trace, bureau) for trace in found)])


def _line(trace: Trace, bureau: Bureau) -> str:
    who = esc(trace.who) or (f"编号 {trace.telegram_id}" if trace.telegram_id else "系统")
    unit = bureau.find_unit(trace.unit or "")
    parts = [wording.moment(trace.at, bureau.calendar.zone), who, ACTS[trace.act]]
    if trace.entry is not None:
        parts.append(f"记录 {trace.entry}")
    if unit is not None:
        parts.append(esc(unit.name))
    if trace.detail:
        parts.append(esc(trace.detail[:80]))
    return "　".join(parts)


def heads(found: list[Head], day: str) -> str:
    """The day's seals: whoever has this message can tell later whether the database was tampered with."""
    if not found:
        return f"<b>台账校验码</b>　{day}\n还没有登记内容。"
    lines = [
        f"<b>台账校验码</b>　{day}",
        "请保留这条消息。以后任何时候把它整条粘贴或转发给我，就能知道此前的记录有没有被改动过。",
        "",
    ]
    for head in found:
        name = fault_text.NAMES.get(head.chain, head.chain)
        lines.append(f"{esc(name)}　{head.count} 条\n<code>{head.seal}</code>")
    return "\n".join(lines)


def strangers(turned: Turned) -> str:
    """What stands in the trail of everybody who is not in the list, in one line a day."""
    where = f"，{turned.groups} 个群" if turned.groups else ""
    return f"{wording.day(turned.day)}：{turned.accounts} 个账号{where}不在名单，没有办理"
