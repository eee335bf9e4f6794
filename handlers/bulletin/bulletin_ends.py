"""The later sections of a bulletin: vetoes, what was late, appeals and corrections, and what is required next."""

from collections.abc import Iterable, Sequence

from documents.papers.values import Block, Paragraph
from handlers.bulletin.bulletin_parts import MOST_NAMED, name, named, numbered, plain_criterion, quoted, unseen
from handlers.frame import wording
from rules import digest
from rules.bulletin import Facts, LateMonth, Work
from rules.calendar import Year
from rules.digest import Line
from rules.entries import Deduction
from rules.points import shown


def others(facts: Facts) -> tuple[Block, ...]:
    """Vetoes, who was late, appeals and corrections."""
    return numbered(
        [
            ("一票否决情形", _vetoes(facts)),
            ("按期提交和报送情况", _late(facts)),
            ("申诉和更正情况", [Paragraph(_appeals(facts) + _corrections(facts))]),
        ]
    )


def _vetoes(facts: Facts) -> list[Block]:
    if not facts.vetoes:
        return [Paragraph("没有一票否决情形。")]
    listed = "；".join(_veto(entry, facts) for entry in facts.vetoes)
    return [Paragraph(f"一票否决情形{len(facts.vetoes)}条，已在成绩表备注中标出：{listed}。")]


def _veto(entry: Deduction, facts: Facts) -> str:
    assert entry.basis is not None
    reason = f"，{quoted(entry.reason)}" if entry.reason else ""
    return f"{name(entry, facts)}{plain_criterion(entry.basis.text)}（细则{entry.basis.code}，记录{entry.number}）{reason}"


def _late(facts: Facts) -> list[Block]:
    late = [work for work in facts.works if work.late]
    waiting = [work for work in facts.works if work.submitted is None and not work.late]
    told = _together((work.group.name, _work(work, facts)) for work in (*late, *waiting))
    return [Paragraph(f"{told or '各考核小组均按期提交成绩'}。{_months(facts)}")]


def _together(pairs: Iterable[tuple[str, str]]) -> str:
    """Who has the same said of it stands in one sentence."""
    by_what: dict[str, list[str]] = {}
    for who, what in pairs:
        by_what.setdefault(what, []).append(who)
    return "；".join(f"{'、'.join(who)}{what}" for what, who in by_what.items())


def _work(work: Work, facts: Facts) -> str:
    quarter = wording.short(work.quarter) if isinstance(facts.period, Year) else ""
    if work.submitted is None and not work.late:
        day = wording.day(work.last_day, work.quarter.year)
        return f"尚未提交{quarter}成绩，期限为{day}"
    if work.submitted is None:
        return f"已过期限{work.late}天，尚未提交{quarter}成绩"
    return f"逾期{work.late}天提交{quarter}成绩"


def _months(facts: Facts) -> str:
    if not facts.months:
        return ""
    months = "、".join(f"{month.number}月" for month in facts.months)
    if not facts.late_months:
        return f"{months}份民警考核结果，各单位均按期报送。"
    came = [late for late in facts.late_months if late.late is not None]
    missing = [late for late in facts.late_months if late.late is None]
    told = []
    if came:
        told.append("逾期报送的有" + "、".join(f"{_of(one)}（逾期{one.late}天）" for one in came))
    if missing:
        told.append("未报送的有" + named(map(_of, missing), most=10))
    return f"{months}份民警考核结果，{'；'.join(told)}。"


def _of(late: LateMonth) -> str:
    return f"{late.unit.name}{late.month.number}月份"


def _appeals(facts: Facts) -> str:
    found = facts.appeals
    if not found.made:
        return "没有申诉。"
    counts = (
        ("维持", found.kept),
        ("减轻", found.reduced),
        ("取消扣分", found.cancelled),
        ("待裁定", found.open),
    )
    return f"收到申诉{found.made}件：{'、'.join(f'{word}{count}件' for word, count in counts if count)}。"


def _corrections(facts: Facts) -> str:
    found = facts.handled
    if not found.logged:
        return "没有扣分记录。"
    if found.logged == found.living:
        return f"登记的{found.logged}条扣分记录没有更正、撤销。"
    counts = (("当日撤销", found.undone), ("更正后由新记录代替", found.replaced), ("撤销", found.cancelled))
    listed = "、".join(f"{word}{count}条" for word, count in counts if count)
    return f"共登记扣分记录{found.logged}条，其中{listed}，有效{found.living}条。"


def demands(facts: Facts) -> tuple[Block, ...]:
    """What is required, each demand with its cause in the data; nothing where there is no cause."""
    found = [
        demand
        for demand in (
            _weakest(facts), _self_check(facts), *_unseen(facts), _late_groups(facts), _late_units(facts), _reasons(facts),
        )
        if demand
    ]  # fmt: skip
    if len(found) == 1:
        return (Paragraph(found[0]),)
    return tuple(Paragraph(f"{number}.{demand}") for number, demand in enumerate(found, start=1))


def _weakest(facts: Facts) -> str:
    listed = []
    for part in facts.parts:
        lines = digest.weakest(part.lines)
        if lines:
            alone = "" if len(part.lines) == 1 else "末位"
            units = "、".join(_lost(line) for line in lines[:MOST_NAMED])
            more = f"等{len(lines)}个单位" if len(lines) > MOST_NAMED else ""
            listed.append(f"{part.sequence.name}{alone}的{units}{more}")
    if not listed:
        return ""
    return f"{'；'.join(listed)}，要对照失分项目逐条查找原因，落实整改。"


def _lost(line: Line) -> str:
    total = sum((points for _, points in line.lost), 0 * line.lost[0][1])
    main = "、".join(f"{item}失{shown(points)}分" for item, points in line.lost[:2])
    if len(line.lost) == 1:
        return f"{line.unit.name}（{main}）"
    return f"{line.unit.name}（共失{shown(total)}分，{'主要是' if len(line.lost) > 2 else ''}{main}）"


def _self_check(facts: Facts) -> str:
    spread = [fault for fault in digest.faults(facts.entries) if fault.units > 1][:3]
    if not spread:
        return ""
    named = (quoted(plain_criterion(fault.text) if fault.code else fault.text) for fault in spread)
    # The same words may stand under several items: they are said once.
    listed = "、".join(dict.fromkeys(named))
    return f"{listed}在多个单位重复出现，各单位要对照开展自查，发现问题及时纠正。"


def _unseen(facts: Facts) -> Sequence[str]:
    """The groups that left units uninspected: in this quarter while it is open, else in the next one."""
    demands_ = []
    for work in facts.works:
        if not work.left:
            continue
        units = unseen(work, most=10).removeprefix(work.group.name)
        quarter = wording.short(work.quarter) if isinstance(facts.period, Year) else "本季度"
        if work.submitted is None:
            demands_.append(f"{work.group.name}要抓紧完成对{units}的{quarter}检查。")
        elif isinstance(facts.period, Year):
            demands_.append(f"{work.group.name}{quarter}没有检查{units}，今后要按季度完成检查。")
        else:
            demands_.append(f"{work.group.name}{quarter}没有检查{units}，下一季度应当安排检查。")
    return demands_


def _late_groups(facts: Facts) -> str:
    groups = dict.fromkeys(work.group.name for work in facts.works if work.late)
    return f"{'、'.join(groups)}要严格按照考核期限完成考核、提交成绩。" if groups else ""


def _late_units(facts: Facts) -> str:
    units = dict.fromkeys(late.unit.name for late in facts.late_months)
    return f"{named(units, most=10)}要按时报送民警月度考核结果。" if units else ""


def _reasons(facts: Facts) -> str:
    numbers = [str(entry.number) for entry in facts.unexplained]
    if not numbers:
        return ""
    listed = "、".join(numbers[:10]) + ("等" if len(numbers) > 10 else "")
    return f"有{len(numbers)}条扣分记录没有写明原因（记录{listed}），登记人要尽快补齐。"
