"""Typed refusals → sentences, in one place: what was not done, why, and what would be right."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from handlers.frame import wording
from handlers.frame.reply import esc
from rules import refusals
from rules.access import ROLES_FOR
from rules.people import Role
from rules.points import shown
from rules.recusal import Oneself, PointMove, Recused
from rules.scheme import FULL_MARKS

EXAMPLE = "<code>/deduct 城关所 治安管理 2 原因</code>"


def sentence(refusal: refusals.Refusal) -> str:
    """The sentence of a refusal (HTML)."""
    return SENTENCES[type(refusal)](refusal)


def plain_sentence(refusal: refusals.Refusal) -> str:
    """The sentence inside a list, where nothing was going to be written yet."""
    text = sentence(refusal).replace("没有登记，也没有查到：", "").replace("没有登记：", "")
    return text.removesuffix("请改好后重新发送。").replace("\n", " ")


INSTEAD = {
    PointMove.LOG: "请由本组其他考核员登记",
    PointMove.INSPECT: "请由本组其他考核员办理",
    PointMove.WAVE: "请由本组其他考核员检查，或者由本组其他组长、副组长提交",
    PointMove.CORRECT: "请联系考评办其他人员更正",
    PointMove.UNDO: "请联系考评办更正",
    PointMove.REASON: "请联系考评办更正，原因由考评办写明",
    PointMove.EVIDENCE: "请把材料交给考评办",
    PointMove.APPROVE: "请由本组其他组长、副组长或考评办其他人员核准",
    PointMove.DECIDE: "请由考评办其他人员裁定",
}
"""Who does it in the place of who is recused."""


def _recused(e: Recused) -> str:
    return f"没有{e.move.value}：{esc(e.unit.name)}是您所在的单位，按规定应当回避，{INSTEAD[e.move]}。"


def _oneself(e: Oneself) -> str:
    if e.move is PointMove.SIGN:
        return (
            "没有签字：报来的成绩里有对您本人的扣分，按规定应当回避。请由本单位另一位负责人签字；"
            "没有的，请考评办再邀请一位单位负责人。"
        )
    if e.move is PointMove.ROSTER:
        return (
            "没有改花名册：这是您本人。由哪个单位考核、扣分记在谁名下要看花名册，按规定应当回避。请由本单位另一位联络员办理；"
            "没有的，请考评办再邀请一位联络员。"
        )
    return f"没有{e.move.value}：这是您本人的考核，按规定应当回避，请由本单位其他联络员或负责人办理。"


def _barred(e: refusals.Barred) -> str:
    name = esc(e.unit.name)
    group = esc(e.group.name) if e.group else "其他考核小组"
    if e.move in {PointMove.CORRECT.value, PointMove.UNDO.value}:
        return f"没有{e.move}：{name}由{group}考核，您现在不在这个小组。请联系考评办更正。"
    if e.bar is refusals.Bar.OTHER_GROUP:
        return f"没有{e.move}：{name}由{group}考核，不归您所在的小组。请转告该组{e.move}。"
    if e.move == PointMove.INSPECT.value:
        return f"没有{e.move}：{name}由{group}的考核员检查，您不在这个小组。"
    return f"没有登记：扣分由{group}的考核员登记，您不在这个小组。"


def _not_understood(e: refusals.NotUnderstood) -> str:
    how = f"请这样写：<code>{esc(e.usage)}</code>" if e.usage else "这个命令后面不用写别的。"
    return f"没有办理：没看懂“{esc(e.words[:60])}”。{how}"


def _incomplete(e: refusals.IncompleteOrder) -> str:
    within = f"“{esc(e.said[:30])}”里" if e.said else ""
    return (
        f"没有办理：{within}还缺{'、'.join(e.what)}。请这样写：\n<code>{esc(e.example)}</code>\n"
        f"考核小组有：{esc('、'.join(e.groups))}。"
    )


def _unknown(e: refusals.UnknownName) -> str:
    text = esc(e.text[:30])
    if not e.suggestions:
        how = "请写姓名或警号，发送 /roster 可核对。" if e.kind == "民警" else f"请写{e.kind}的全称或常用简称。"
        return f"没有登记，也没有查到：没有叫“{text}”的{e.kind}。{how}"
    return f"没有叫“{text}”的{e.kind}。您要找的可能是：{esc('、'.join(e.suggestions))}。请改好后重新发送。"


def _missing(e: refusals.Missing) -> str:
    return f"没有登记：还缺{'、'.join(e.what)}。请这样写：\n{EXAMPLE}"


_HOW_ELSE = "另一笔扣分请另起一行；是原因的话请写在“原因：”后面。"


def _above(e: refusals.AboveMaximum) -> str:
    return (
        f"没有登记：{esc(e.item.name)}一共 {shown(e.item.points)} 分，一笔不能扣 {shown(e.points)} 分。"
        f"请填不超过 {shown(e.item.points)} 的分值。"
    )


def _not_yours(e: refusals.NotYours) -> str:
    number = e.deduction.number
    if e.another_day:
        return (
            f"没有撤销：记录 {number} 不是今天登记的，只有当天的记录能直接撤销。"
            f"以前的请写明理由：<code>/correct {number} 撤销 理由</code>"
        )
    return f"什么也没有改：记录 {number} 由{esc(e.deduction.author)}登记，只有本人能这样处理。"


def _reversed(e: refusals.AlreadyReversed) -> str:
    return f"记录 {e.deduction.number} 此前已经撤销，不再扣分，无需再办。"


def _before(e: refusals.BeforeBeginning) -> str:
    return f"没有{wording.period(e.period)}的数据：本系统从{wording.period(e.begins)}开始使用。"


def _not_begun(e: refusals.NotBegun) -> str:
    return f"没有办理：{wording.period(e.quarter)}还没有开始，现在是{wording.period(e.running)}。"


def _no_scheme(e: refusals.NoScheme) -> str:
    return (
        f"没有办理：{esc(e.unit.name)}属于“{esc(e.unit.category)}”，这一类 {e.year} 年还没有计分表，不能扣分也没有成绩。"
        "请由考评办通知系统管理员补上计分表。"
    )


def _future(e: refusals.FutureInspection) -> str:
    return f"没有登记：检查日期 {wording.day(e.inspected_on)} 还没有到。请写今天或以前的日期。"


def _no_entry(e: refusals.NoSuchEntry) -> str:
    return f"没有找到记录 {e.number}。请核对编号，编号在登记后的卡片上。"


def _unexplained(e: refusals.Unexplained) -> str:
    authors = Counter(entry.author for entry in e.entries)
    who = "、".join(f"{esc(name)} {count} 笔" for name, count in authors.most_common())
    return (
        f"没有提交：{wording.period(e.quarter)}还有 {len(e.entries)} 笔扣分没写原因（{who}）。"
        "请本人发送 /mine 补上后再提交。"
    )


def _appeals_stand(e: refusals.AppealsStand) -> str:
    parts = []
    if e.undecided:
        parts.append(f"记录 {'、'.join(map(str, e.undecided))} 的申诉还没有裁定，请发送 /appeals 裁定")
    if e.windows and e.until is not None:
        parts.append(f"还有 {len(e.windows)} 笔扣分在申诉期内，最迟到 {wording.day(e.until)}为止")
    elif e.windows:
        parts.append(f"还有 {len(e.windows)} 笔扣分的通知正在发出，申诉期还没有开始")
    return f"没有审定：{'；'.join(parts)}。之后再发送 /confirm。"


def _same_name(e: refusals.SameName) -> str:
    numbers = "、".join(number or "没有警号" for number in e.numbers)
    if e.number:
        return (
            f"没有登记：花名册里已有{esc(e.name)}（{esc(numbers)}）。是同一个人改警号，还是另一位同名的，"
            f"请单独发送 /roster {esc(e.name)} {esc(e.number)}，我会问您。"
        )
    return f"没有登记：花名册里有同名的{esc(e.name)}（{esc(numbers)}），请写警号区分；没有警号的请先补上警号。"


def _overlap(e: refusals.ServicesOverlap) -> str:
    until = f"到 {wording.day(e.earlier.until)}" if e.earlier.until else "还没有离岗"
    where = "" if e.earlier.unit == e.later.unit else "在另一个单位"
    return (
        f"没有登记：同一个人同一天不能在两处。前一段{until}，"
        f"后一段{where}从 {wording.day(e.later.since)}开始。请核对日期；已调走的由现在的单位办理。"
    )


def _method_sum(e: refusals.MethodSum) -> str:
    own, off = e.total - e.common, FULL_MARKS - e.total
    gap = f"还差 {shown(off)} 分" if off > 0 else f"多了 {shown(-off)} 分"
    return (
        f"没有办理：共同部分 {shown(e.common)} 分，本单位部分 {shown(own)} 分，合计 {shown(e.total)} 分，{gap}。"
        f"本单位部分要合计 {shown(FULL_MARKS - e.common)} 分，请改好后重新发送。"
    )


def _items_in_use(e: refusals.ItemsInUse) -> str:
    items = "；".join(
        f"{esc(name)}（民警记录 {'、'.join(map(str, numbers[:10]))}{' 等' if len(numbers) > 10 else ''}）"
        for name, numbers in e.items
    )
    return f"没有通过：新办法去掉了还没有报送的月份里正在用的项目：{items}。请退回，让单位保留这些项目，或等那几个月报送以后再改。"


def _not_a_leader(e: refusals.NotALeader) -> str:
    if not e.leaders:
        named = f"领导中没有“{esc(e.text[:30])}”，" if e.text else ""
        return f"没有指定：{named}还没有领导加入。请先发送 <code>/invite 领导</code> 邀请。"
    return f"没有指定：领导中没有“{esc(e.text[:30])}”，或不止一位。现有领导：{esc('、'.join(e.leaders))}。"


def _not_returnable(e: refusals.NotReturnable) -> str:
    name, month = esc(e.unit.name), f"{e.month.year}年{e.month.number}月"
    following = f"{e.month.next.number}月1日"
    why = {
        refusals.Lack.NOT_OVER: f"{month}还没有结束，{following}起才能报送。",
        refusals.Lack.NOT_BEGUN: f"本系统从{e.begins.year}年{e.begins.number}月开始使用，{month}不用在这里报送。",
        refusals.Lack.NO_OFFICERS: f"{name}的花名册里{month}没有民警。请先发送 /roster 导入花名册。",
        refusals.Lack.NO_METHOD: (
            f"{name}{e.month.year}年的考核办法还不完整（合计要 100 分，并经考评办审定）。请先发送 /method 报送。"
        ),
    }
    return f"没有报送：{why[e.lack]}"


def _may_not_invite(e: refusals.MayNotInvite) -> str:
    if e.role in {Role.ADMIN, Role.OFFICE}:
        return f"没有生成邀请：{e.role.value}只能由系统管理员邀请。"
    return f"没有生成邀请：您不能邀请{e.role.value}。请联系考评办邀请。"


def _return_unexplained(e: refusals.ReturnUnexplained) -> str:
    numbers = "、".join(map(str, e.numbers))
    return (
        f"没有报送：{e.month.year}年{e.month.number}月有 {len(e.numbers)} 笔民警扣分没写原因（民警记录 {numbers}）。"
        "请在登记时的卡片上点［补充原因］补上，再报送。"
    )


def _schemes_differ(e: refusals.SchemesDiffer) -> str:
    kinds = "、".join(f"{esc(unit.name)}（{esc(unit.category)}）" for unit in e.units)
    return f"没有对比：{kinds}用的计分表不同，项目和分值都不一样，逐项对比和比总分都没有意义。请选同一类单位。"


SENTENCES: dict[type[Exception], Callable[[Any], str]] = {
    refusals.PointsNotPositive: lambda e: (
        f"没有登记：扣分要大于 0，您写的是 {shown(e.points)}。请写正数，例如 2 或 0.5。"
    ),
    refusals.TooManyDecimals: lambda e: f"没有登记：分值最多两位小数，您写的是 {e.points}。请写成例如 0.25。",
    refusals.AboveMaximum: _above,
    refusals.Barred: _barred,
    refusals.UnknownName: _unknown,
    refusals.NotUnderstood: _not_understood,
    refusals.Missing: _missing,
    refusals.NotANumber: lambda e: f"没有登记：“{esc(e.text[:30])}”不是分值。请写数字，例如 2、0.5 或 半分。",
    refusals.AboutPoints: lambda e: (
        f"没有登记：“{esc(e.text[:30])}”不能确定是几分。请写一个确定的数，例如 2 或 0.5。"
    ),
    refusals.OnlyDeducted: lambda e: (
        f"没有登记：“{esc(e.text[:30])}”是加分，考核只扣不加。要扣分请写例如 2 分。"
    ),
    refusals.NotPlaced: lambda e: (
        f"没有登记：这句话里多出了“{esc(e.text[:30])}”，不清楚是不是{e.what}。{_HOW_ELSE}"
    ),
    refusals.Unasked: lambda e: f"{esc(e.note)}请写清楚后另外发送。",
    refusals.NothingDeducted: lambda e: f"没有登记：“{esc(e.text[:40])}”里又说不扣分。要登记请只写要扣的。",
    refusals.TotalPoints: lambda e: (
        f"没有登记：“{esc(e.text[:30])}”是几个合在一起的分，不清楚各扣几分。请写“各扣 1 分”，或者分开写。"
    ),
    refusals.NoScheme: _no_scheme,
    refusals.NotAQuarter: lambda e: (
        f"没有登记：扣分要计入某个季度，不能计入{wording.period(e.period)}。请写例如“一季度”。"
    ),
    refusals.QuarterOnly: lambda e: (
        f"没有办理：这里要写季度，不能写{wording.period(e.period)}。请写例如“一季度”。"
    ),
    refusals.NotBegun: _not_begun,
    refusals.LeadTooEarly: lambda e: (
        f"没有指定：现在是{wording.period(e.running)}，最远可以指定到下一季度（{wording.period(e.running.next)}）。"
    ),
    refusals.BeforeBeginning: _before,
    refusals.FutureInspection: _future,
    refusals.FutureDay: lambda e: (
        f"没有查询：“截至”的日期 {wording.day(e.day)}还没有到。请写今天或以前的日期。"
    ),
    refusals.NoSuchEntry: _no_entry,
    refusals.NotYours: _not_yours,
    refusals.AlreadyReversed: _reversed,
    refusals.HasReason: lambda e: (
        f"记录 {e.deduction.number} 已经写明原因，不能改写。写错的话请撤销后重新登记。"
    ),
    refusals.NotYoursToSee: lambda e: f"{esc(e.unit.name)}的{e.what}不在您的查看范围内。您能看什么，见 /help。",
    refusals.NoUnitOfYours: lambda e: "没有办理：您所在的单位已不在本局现有单位中。请联系考评办。",
    refusals.PlacesHidden: lambda e: f"{esc(e.sequence.name)}的排名在公布前不在您的查看范围内。",
    refusals.SurveyHidden: lambda e: (
        f"{esc(e.what)}各单位的失分情况由考评办、领导和负责考核的小组查看，不在您的查看范围内。"
        "本单位的可发 /trend 和 /losses 查看。"
    ),
    refusals.SingleItemBarred: lambda e: (
        "没有排名：按省里规定，不得以破案数等单项指标给所队排名，本局不开放单项排名。"
        f"看总成绩的排名请发 <code>/rank {esc(e.sequence.name)}</code>，"
        f"看这一项的失分原因请发 <code>/losses {esc(e.item)}</code>。"
    ),
    refusals.NotComparable: lambda e: (
        f"没有对比：请写 2 到 {e.most} 个不同的单位，例如 <code>/compare 城关所 东门所</code>。"
    ),
    refusals.SchemesDiffer: _schemes_differ,
    refusals.NothingToUndo: lambda e: (
        "没有可撤销的：您今天没有登记过仍在扣分的记录。以前的记录请用 <code>/correct 编号</code> 更正。"
    ),
    refusals.MayNotInvite: _may_not_invite,
    refusals.MayNotRemove: lambda e: (
        f"没有移除：{esc(e.name)}不能由您移除。系统管理员在配置文件里增减，考评办人员由系统管理员移除。"
    ),
    refusals.NoSuchPerson: lambda e: f"名单里没有“{esc(e.text[:30])}”。发送 /people 可看全部人员。",
    refusals.NotAReason: lambda e: (
        f"“{esc(e.text[:30])}”没有记下：看上去不是扣分原因。是原因的话请写“原因：…”；"
        "要登记另一笔扣分，请先回答上面的问题，再发送它。"
    ),
    refusals.EmptyReason: lambda e: f"原因没有记下：请用文字写明，不超过 {e.longest} 字。",
    refusals.PrivateOnly: lambda e: (
        "这个按钮的内容只在私聊里显示，以免别人看到。请私聊我，发送 /help 看怎样查。"
        if e.pressed
        else "这个命令只在私聊里用，以免别人看到。请私聊我再发一次。"
    ),
    refusals.QuestionEnded: lambda e: (
        "这个问题已经结束：提问以后您的职务有变动。什么也没有改。发送 /help 看现在能做什么，需要时重新发送命令。"
    ),
    refusals.NotYourQuestion: lambda e: "这是别人正在办理的内容，只有本人能选。什么也没有改。",
    refusals.Stale: lambda e: wording.dead_button(),
    refusals.NotYourEntry: lambda e: (
        f"没有办理：记录 {e.deduction.number} 由{esc(e.deduction.author)}登记，只有本人或考评办能更正和补充证据。"
    ),
    refusals.QuarterClosed: lambda e: (
        f"没有办理：{wording.period(e.quarter)}成绩{e.stage}，不能再登记和修改。确有错误请联系考评办。"
    ),
    refusals.WrongStage: lambda e: (
        f"没有{e.move}：{esc(e.group)}{wording.period(e.quarter)}的成绩现在是“{e.stage}”。发送 /progress 看进展。"
    ),
    refusals.Unexplained: _unexplained,
    refusals.NotWaved: lambda e: (
        f"没有提交：{esc('、'.join(unit.name for unit in e.units))}还没有检查完毕，也没有放过。请重新发送 /submit 核对。"
    ),
    refusals.AppealsStand: _appeals_stand,
    refusals.CorrectionsWait: lambda e: (
        f"没有审定：记录 {'、'.join(map(str, e.entries))} 的更正还在等待核准。请先让核准人同意或不同意。"
    ),
    refusals.NoLead: lambda e: (
        f"没有审定：{wording.period(e.quarter)}还没有带队局领导，审定要署他的名。请先指定，例如 "
        f"<code>/lead {wording.short(e.quarter)} 姓名</code>"
    ),
    refusals.NotALeader: _not_a_leader,
    refusals.IncompleteOrder: _incomplete,
    refusals.ExtensionTooShort: lambda e: (
        f"没有延长：新的截止日期最早是 {wording.day(e.earliest)}，您写的是 {wording.day(e.day)}。"
    ),
    refusals.ExtensionTooLate: lambda e: (
        f"没有延长：新的截止日期要在下一季度的期限 {wording.day(e.before)} 以前，您写的是 {wording.day(e.day)}。"
    ),
    refusals.NotYourUnit: lambda e: "没有提交：只有被扣分单位自己的联络员能申诉。",
    refusals.AppealTooLate: lambda e: (
        f"没有提交：记录 {e.deduction.number} 的申诉期限到 {wording.day(e.until)}为止，已经过了。有新情况请直接联系考评办。"
    ),
    refusals.AppealedBefore: lambda e: f"没有重复提交：记录 {e.number} 已经申诉过。进展发送 /appeals 查看。",
    refusals.OwnEntry: lambda e: (
        f"没有裁定：记录 {e.deduction.number} 是您本人登记的，应由考评办其他人员裁定。"
    ),
    refusals.OwnAppeal: lambda e: (
        f"没有裁定：对记录 {e.deduction.number} 的申诉是您本人提出的，应由考评办其他人员裁定。"
    ),
    Recused: _recused,
    Oneself: _oneself,
    refusals.OwnUnitHidden: lambda e: (
        f"{esc(e.unit.name)}是您所在的单位，您又参加本组考核：成绩公布以前，它的扣分和成绩不在您的查看范围内（回避）。"
        "公布后可以查询。"
    ),
    refusals.ReplacesAnother: lambda e: (
        f"没有撤销：记录 {e.number} 是更正后的记录，不能直接撤销。请写明理由：<code>/correct {e.number} 撤销 理由</code>"
    ),
    refusals.NotLess: lambda e: (
        f"没有改动：减轻后的分值要大于 0、小于原来的 {shown(e.deduction.points)} 分，您写的是 {shown(e.points)}。"
    ),
    refusals.MayNotApprove: lambda e: (
        f"没有核准：记录 {e.number} 的更正要由本组组长、副组长或考评办核准，登记人、提出人和本单位的人不能核准。"
    ),
    refusals.CorrectionWaits: lambda e: f"没有重复办理：记录 {e.number} 已有一个更正或裁定在等待核准。",
    refusals.NoMethod: lambda e: (
        f"没有办理：{esc(e.unit.name)}还没有可用的{e.year}年度民警考核办法（合计要满 100 分）。请联络员用 /method 报送。"
    ),
    refusals.NoOfficers: lambda e: (
        f"{esc(e.unit.name)}{e.month.year}年{e.month.number}月的花名册上没有民警。请联络员用 /roster 登记。"
    ),
    refusals.NotInService: lambda e: (
        f"没有登记：这位民警{e.month.year}年{e.month.number}月不在本单位花名册上。请用 /roster 核对。"
    ),
    refusals.MonthNotBegun: lambda e: f"没有办理：{e.month.year}年{e.month.number}月还没有开始。",
    refusals.OfficersByMonth: lambda e: (
        "没有登记：民警成绩按月登记。请写月份，例如 <code>/officer 张伟 考勤纪律 1 3月 迟到</code>"
    ),
    refusals.NotAMark: lambda e: (
        f"没有标记：“{esc(e.text[:20])}”不能用。可以写：{esc('、'.join(e.marks))}，例如 <code>/officer 标记 张伟 3月 休假</code>"
    ),
    refusals.NoSuchOfficerEntry: lambda e: f"没有民警记录 {e.number}，或者它不在您的查看范围内。",
    refusals.OfficerEntryReversed: lambda e: f"没有改动：民警记录 {e.number} 已经撤销或更正过。",
    refusals.NotThisDaysEntry: lambda e: (
        f"没有撤销：民警记录 {e.number} 只有登记人当天可以直接撤销。要改请写理由：<code>/officer 撤销 {e.number} 理由</code>"
    ),
    refusals.NothingChanges: lambda e: (
        f"没有改动：没看出民警记录 {e.number} 要改成什么，或者没写理由。例如 <code>/officer 更正 {e.number} 0.5 核实只有一次</code>"
    ),
    refusals.NothingChanged: lambda e: (
        f"没有改动：没看出记录 {e.number} 要改成什么。请写要改的内容和理由，例如 <code>/correct {e.number} 1 多扣了</code>"
    ),
    refusals.PrivateNumberFound: lambda e: (
        f"没有登记：文字里有{'、'.join(f'{esc(kind)} {esc(hint)}' for kind, hint in e.found)}，"
        "按规定不能写进考核记录，系统也没有保存这句话。\n请去掉号码后重新发送，并在聊天里删掉刚才那条消息。"
    ),
    refusals.UnknownCriterion: lambda e: (
        f"没有登记：没有编号为“{esc(e.code)}”的细则。"
        + (f"现有：{esc('、'.join(e.known))}。" if e.known else "本类单位还没有细则，请写项目和分值。")
    ),
    refusals.NotCountable: lambda e: f"没有登记：细则 {esc(e.code)} 不按次数扣分，请不要写次数。",
    refusals.TooManyTimes: lambda e: "没有登记：次数应是 1–999 的整数，例如 x3。",
    refusals.WrongChat: lambda e: (
        f"本群属于{esc(e.bound_to)}，您不在这个小组，请私聊我办理。"
        if e.bound_to
        else "本群没有绑定考核小组，不受理业务。请考评办在群里发送 /bind，或私聊我办理。"
    ),
    refusals.GroupOnly: lambda e: "这个命令要在群里发送：先把我拉进考核小组的群，再在群里发 /bind。",
    refusals.UnknownPeriod: lambda e: (
        f"没看懂“{esc(e.text[:20])}”是哪个时期。请写季度或年度，例如 一季度、2026年第一季度、年度。"
    ),
    refusals.NotADay: lambda e: f"没看懂日期“{esc(e.text[:20])}”。请写成例如 3-10 或 3月10日。",
    refusals.NotAFilingYear: lambda e: (
        f"没有办理：“{esc(e.text[:20])}”不是能备案的年份。请写 {'、'.join(map(str, e.years))}，或不写年份。"
    ),
    refusals.NothingToFile: lambda e: (
        f"没有办理：{e.year} 年没有要由您报送的备案文件。别的单位的由该单位联络员报送。"
    ),
    refusals.UnfitDocument: lambda e: f"没有备案：{esc(e.fault)}",
    refusals.Superseded: lambda e: (
        f"没有办理：第 {e.version} 版之后又报了第 {e.newest} 版，请审第 {e.newest} 版（发送 /filings 可找到）。"
    ),
    refusals.NotATime: lambda e: (
        f"没有改动：没看懂时间“{esc(e.text[:20])}”。请写成例如 <code>/settings 07:45</code>"
    ),
    refusals.NoSeal: lambda e: (
        "没有核对：没有看到完整的校验码。请把每天收到的“台账校验码”那条消息整条粘贴过来，每行要有条数和 64 位校验码。"
    ),
    refusals.EmptyCommand: lambda e: f"没有办理：内容不全。请这样写：<code>{esc(e.example)}</code>",
    refusals.CategoryUnclear: lambda e: (
        "没有导入：看不出这张表是哪一类单位的细则。请把文件再发一次，说明里写上类别，例如 "
        f"<code>/criteria {esc(e.categories[0])}</code>"
    ),
    refusals.UnfitFile: lambda e: f"没有收下，也没有登记：{esc(e.fault)}",
    refusals.FilesOfAppeal: lambda _: "没有改附：这份材料已经随申诉提交，不能再改。有新的材料请另外发送。",
    refusals.NoEvidence: lambda e: f"记录 {e.number} 还没有证据。登记人回复那张卡片发送照片或文件即可附上。",
    refusals.TooManyLines: lambda e: f"没有登记：一条消息里有 {e.count} 行，最多 {e.most} 行。请分几条发送。",
    refusals.TooManyRows: lambda e: (
        f"没有导入：表里有 {e.count} 行，一份文件最多 {e.most} 行。请分成几份，一份一份导入。"
    ),
    refusals.NotAllowed: lambda e: wording.not_allowed(
        e.deed.value, [role.value for role in sorted(ROLES_FOR[e.deed], key=lambda role: role.name)]
    ),
    refusals.NotAnOfficer: lambda e: (
        f"没有登记：“{esc(e.text[:20])}”不能作{e.what}。请这样写：\n<code>/roster 张伟 012345 社区民警 2026-01-01</code>"
    ),
    refusals.NoSuchOfficer: lambda e: (
        f"{esc(e.unit.name)}的花名册里没有“{esc(e.text[:20])}”。发送 /roster 可看全部民警。"
    ),
    refusals.EmptyRoster: lambda e: (
        f"没有生成邀请：{esc(e.unit.name)}的花名册里现在没有民警。请先由该单位联络员用 /roster 登记，再邀请。"
    ),
    refusals.NumberTaken: lambda e: (
        f"没有登记：警号 {esc(e.number)} 已在{esc(e.unit.name)}的花名册里。是调来的，请对方用 /roster 调离 办理，您不用再登记。"
        if e.unit is not None
        else f"没有登记：警号 {esc(e.number)} 已登记在{esc(e.name)}名下，请核对。"
    ),
    refusals.SameName: _same_name,
    refusals.NameTaken: lambda e: (
        f"没有改名：花名册里已有{esc(e.name)}（{f'警号 {esc(e.number)}' if e.number else '没有警号'}）。"
        "真是同名的两位，请先给两位都登记警号再改名；同一个人登记了两次的，用 /roster 删除 去掉登错的那位。"
    ),
    refusals.ListedTwice: lambda e: f"没有登记：{esc(e.text)}写了不止一行，请只留一行。",
    refusals.DayBefore: lambda e: (
        f"没有登记：离岗日期 {wording.day(e.day)}早于到岗日期 {wording.day(e.since)}，请核对。"
    ),
    refusals.ServicesOverlap: _overlap,
    refusals.AlreadyThere: lambda e: f"没有登记：{esc(e.name)}本来就在这个单位。请写调往的单位。",
    refusals.ServesElsewhere: lambda e: f"没有办理：{esc(e.name)}已调到其他单位，由现在的单位办理。",
    refusals.NobodyAgrees: lambda e: (
        "没有改动：这个日期会改变别的单位的考核，或者涉及已报送的成绩，要对方或考评办同意，可是还没有人能同意。请先联系考评办。"
    ),
    refusals.NotYoursToAgree: lambda e: (
        "没有办理：由被征求意见的单位或考评办决定，提出的单位、提出人和民警本人不能同意。"
    ),
    refusals.MethodSum: _method_sum,
    refusals.ItemsInUse: _items_in_use,
    refusals.MethodSuperseded: lambda e: (
        f"没有办理：单位已经报送了第 {e.version} 版，请审定新的一版。发送 /method 查看。"
    ),
    refusals.NotThatYear: lambda e: (
        f"没有报送：{e.year} 年的办法现在不能报送，可以报送 {'、'.join(map(str, e.years))} 年的。"
    ),
    refusals.SeveralMeant: lambda e: f"{e.kind}不清楚，可能是：{esc('、'.join(e.candidates[:6]))}。请写全。",
    refusals.NotReturnable: _not_returnable,
    refusals.ReturnUnexplained: _return_unexplained,
    refusals.NotAMonth: lambda e: f"没看懂月份“{esc(e.text[:20])}”。请写成例如 2026-03 或 3月。",
    refusals.NotAnExport: lambda e: (
        f"没有导出：没看懂“{esc(e.text[:30])}”。可以写 <code>/export</code>、<code>/export 一季度</code>、"
        "<code>/export 年度</code>、<code>/export 台账 csv</code>；“截至”只用于季度。"
    ),
    refusals.NothingToExport: lambda e: "没有导出：这个时期没有您能查看的单位。",
    refusals.ExportFailed: lambda e: (
        "没有导出：文件没有生成，数据不受影响。请稍后再发送一次；还是不行请联系系统管理员。"
    ),
}
