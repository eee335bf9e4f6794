"""The sections of a bulletin: how it was done, places, losses, changes, common faults, and what is required next."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from documents.papers.values import Block, Grid, Paragraph, SubHead
from handlers.frame import wording
from rules import digest
from rules.bulletin import Facts, Losses, Part, Work
from rules.bureau import Unit
from rules.calendar import Quarter, Year
from rules.digest import Fault, Line
from rules.entries import Deduction
from rules.points import shown
from rules.policy import Policy

MOST_NAMED = 5
RULE = re.compile(r"(.+)（(?:每.{1,10} [0-9.]+ 分|该项不得分|一票否决)）")
NUMERALS = "零一二三四五六七八九十"


def named(units: Iterable[str], most: int = MOST_NAMED) -> str:
    """甲、乙、丙; of more than so many the first, and how many there are."""
    names = list(units)
    return "、".join(names) if len(names) <= most else f"{'、'.join(names[:most])}等{len(names)}个单位"


def quoted(text: str) -> str:
    """A reason as it is quoted: its own quotation marks become inner ones, a long one is cut short."""
    inner = text.replace("“", "‘").replace("”", "’")
    return f"“{inner if len(inner) <= 60 else inner[:58] + '……'}”"


def plain_criterion(text: str) -> str:
    """A criterion without the rule behind it in brackets, such as （每处 0.5 分）."""
    ruled = RULE.fullmatch(text)
    return ruled[1] if ruled else text


def numbered(heads: Sequence[tuple[str, Sequence[Block]]]) -> tuple[Block, ...]:
    """Second-level heads （一）, （二）, … with what stands under each."""
    blocks: list[Block] = []
    for number, (head, some) in enumerate(heads, start=1):
        blocks += [SubHead(f"（{NUMERALS[number]}）{head}"), *some]
    return tuple(blocks)


# How it was done


def organisation(facts: Facts) -> tuple[Block, ...]:
    """Which groups, when, how many units and entries, and who was not inspected."""
    counted = facts.handled.living
    told = [_period(facts), _inspected(facts)]
    if counted:
        units = len({entry.unit for entry in facts.entries})
        told.append(f"有效扣分记录共{counted}条，涉及{units}个单位。")
    else:
        told.append("没有扣分记录，各单位均为满分。")
    return Paragraph("".join(told)), _works(facts)


def _period(facts: Facts) -> str:
    """From when until when a quarter ran; by group, where one had another deadline."""
    if isinstance(facts.period, Year):
        return ""
    days: dict[str, list[str]] = {}
    for work in facts.works:
        last = wording.day(work.last_day, work.first_day.year)
        days.setdefault(f"{wording.day(work.first_day)}至{last}", []).append(work.group.name)
    if len(days) == 1:
        return f"考核期为{next(iter(days))}。"
    spans = [f"{'、'.join(groups)}为{span}" for span, groups in days.items()]
    return f"考核期{'；'.join(spans)}。"


def _inspected(facts: Facts) -> str:
    year = isinstance(facts.period, Year)
    left = [work for work in facts.works if work.left]
    count, missing = sum(len(work.units) for work in facts.works), sum(len(work.left) for work in left)
    times = "个次" if year else "个"
    if not left:
        return f"应检查单位{count}{times}，全部检查完毕。"
    if missing == count:
        return f"应检查单位{count}{times}，均未标记检查完毕，按已登记的扣分计算成绩。"
    lists = "；".join(f"{wording.short(work.quarter) if year else ''}{unseen(work)}" for work in left)
    return (
        f"应检查单位{count}{times}，检查完毕{count - missing}{times}，未检查{missing}{times}"
        f"（{lists}），未检查的按已登记的扣分计算成绩。"
    )


def unseen(work: Work, most: int = 99) -> str:
    """The units that a group did not inspect by name; where they are all its units, as that."""
    if work.left == work.units:
        return f"{work.group.name}所负责的{len(work.units)}个单位"
    return named((unit.name for unit in work.left), most)


def _all(units: Sequence[Unit]) -> str:
    return "、".join(unit.name for unit in units)


def _works(facts: Facts) -> Grid:
    year = isinstance(facts.period, Year)
    heads = ("考核小组", "单位数", "已检查", "扣分记录", "提交", "审定")
    rows = tuple(
        (*((wording.short(work.quarter),) if year else ()), *_work(work, facts)) for work in facts.works
    )
    widths = (40, 18, 18, 22, 34, 24)
    return Grid(
        "各考核小组工作情况",
        (*(("季度",) if year else ()), *heads),
        rows,
        (*((20,) if year else ()), *widths),
        left=(1,) if year else (0,),
    )


def _work(work: Work, facts: Facts) -> tuple[str, ...]:
    return (
        work.group.name,
        str(len(work.units)),
        str(len(work.units) - len(work.left)),
        str(work.entries),
        _submission(work, facts),
        "—" if work.confirmed is None else _day(facts.bureau.calendar.day(work.confirmed.at)),
    )


def _submission(work: Work, facts: Facts) -> str:
    if work.submitted is None:
        return f"逾期{work.late}天未提交" if work.late else "—"
    day = _day(facts.bureau.calendar.day(work.submitted.at))
    return f"{day}（逾期{work.late}天）" if work.late else day


def _day(value: date) -> str:
    return f"{value.month}月{value.day}日"


# Places


def places(facts: Facts, policy: Policy) -> tuple[Block, ...]:
    """Each sequence with its table."""
    return numbered([(part.sequence.name, _place(part, facts, policy)) for part in facts.parts])


def _place(part: Part, facts: Facts, policy: Policy) -> list[Block]:
    blocks: list[Block] = [Paragraph(_standing(part) + _unscored(part, facts))]
    if part.lines:
        blocks.append(_ranking(part, facts, policy))
    return blocks


def _standing(part: Part) -> str:
    lines = part.lines
    if not lines or part.mean is None:
        return ""
    scores = wording.means([line.score for line in lines])
    if len(lines) == 1:
        return f"本序列只有{lines[0].unit.name}1个单位有成绩，得{scores[0]}分。"
    first = [line.unit.name for line in lines if line.place == 1]
    if len(first) == len(lines):
        return f"共{len(lines)}个单位，均为{scores[0]}分，并列第1名。"
    best = f"{named(first)}并列第1名" if len(first) > 1 else f"第1名为{first[0]}"
    last = [line.unit.name for line in lines if line.place == lines[-1].place]
    worst = f"{named(last)}并列末位" if len(last) > 1 else f"末位为{last[0]}"
    mean = wording.exact(part.mean)
    return f"共{len(lines)}个单位，平均{mean}分。{best}（{scores[0]}分），{worst}（{scores[-1]}分）。"


def _unscored(part: Part, facts: Facts) -> str:
    if not part.unscored:
        return ""
    why = "还没有审定的成绩，未列入" if isinstance(facts.period, Year) else "所属类别没有计分表，未评分"
    return f"{_all(part.unscored)}{why}。"


def _ranking(part: Part, facts: Facts, policy: Policy) -> Grid:
    year = isinstance(facts.period, Year)
    compared = any(line.before is not None for line in part.lines)
    entered = [q for q in _quarters(facts) if any(q in dict(line.quarters) for line in part.lines)]
    heads = ["名次", "单位", *(wording.short(quarter) for quarter in entered), "平均分" if year else "得分"]
    widths = [22, 34, *(14 for _ in entered), 14]
    if compared:
        heads += ["上年度" if year else "上季度", "升降"]
        widths += [14, 12]
    scores = wording.means([line.score for line in part.lines])
    rows = []
    for line, score in zip(part.lines, scores, strict=True):
        place = f"{line.place}（并列）" if line.shared else str(line.place)
        totals = dict(line.quarters)
        row = [place, line.unit.name, *(shown(totals[q]) if q in totals else "—" for q in entered), score]
        row += _before(line) if compared else []
        rows.append((*row, _notes(line, facts, policy)))
    caption = f"{part.sequence.name}{'年度' if year else ''}成绩"
    return Grid(caption, (*heads, "备注"), tuple(rows), (*widths, 24), left=(1,))


def _quarters(facts: Facts) -> tuple[Quarter, ...]:
    return facts.period.quarters if isinstance(facts.period, Year) else ()


def _before(line: Line) -> list[str]:
    if line.before is None or line.change is None:
        return ["—", "—"]
    return [wording.exact(line.before), _signed(line.change)]


def _signed(change: Fraction) -> str:
    if not change:
        return "持平"
    return f"{'+' if change > 0 else '−'}{wording.exact(abs(change))}"


def _notes(line: Line, facts: Facts, policy: Policy) -> str:
    year = isinstance(facts.period, Year)
    notes = [policy.band(line.score) or ""] if year else []
    if line.unseen:
        notes.append(f"{'、'.join(map(wording.short, line.unseen))}未检查" if year else "未检查")
    notes += ["一票否决"] if line.vetoed else []
    return "，".join(note for note in notes if note)


# Losses


def losses(facts: Facts) -> tuple[Block, ...]:
    """What was lost on each item, category by category."""
    return numbered([(found.category, _lost(found, facts)) for found in facts.losses])


def _lost(found: Losses, facts: Facts) -> list[Block]:
    if not found.lost:
        return [Paragraph(f"{found.units}个单位各项均为满分，没有失分。")]
    each = "每个单位每季度" if isinstance(facts.period, Year) else "每个单位"
    told = f"{found.units}个单位共失{shown(found.lost)}分，{each}平均失{wording.exact(Fraction(found.lost) / found.scores)}分。"
    if found.units == 1:
        told = f"1个单位，共失{shown(found.lost)}分。"
    worst = sorted((item for item in found.items if item.lost), key=lambda item: -item.lost)[:3]
    items = "、".join(f"{item.name}（失{shown(item.lost)}分，{item.units}个单位）" for item in worst)
    told += f"失分{'较多' if len(worst) > 1 else ''}的项目是{items}。"
    if found.beyond:
        told += f"另有{shown(found.beyond)}分超出项目满分，按“扣完为止”未计入。"
    blocks: list[Block] = [Paragraph(told)]
    taking = [fault for fault in found.criteria if fault.points][:3]
    if taking:
        listed = "；".join(f"{_criterion(fault)}，{_counted(fault)}" for fault in taking)
        blocks.append(Paragraph(f"按细则统计，扣分{'较多' if len(taking) > 1 else ''}的有：{listed}。"))
    rows = tuple(
        (i.name, shown(i.points), str(i.units), shown(i.lost), wording.exact(i.mean)) for i in found.items
    )
    heads = ("项目", "满分", "失分单位数", "失分合计", "平均失分")
    return [*blocks, Grid(f"{found.category}各项目失分情况", heads, rows, (40, 15, 20, 20, 20), left=(0,))]


def _criterion(fault: Fault) -> str:
    return f"细则{fault.code}{quoted(plain_criterion(fault.text))}"


def _counted(fault: Fault) -> str:
    return f"{len(fault.entries)}条、登记扣分{shown(fault.points)}分"


# Changes


def changes(facts: Facts) -> tuple[Block, ...]:
    """How the means moved, and who rose and fell most; nothing where no earlier period is confirmed."""
    if all(line.before is None for line in facts.lines):
        return ()
    last = "上年度" if isinstance(facts.period, Year) else "上季度"
    means = "；".join(sentence for part in facts.parts if (sentence := _moved(part, last)))
    blocks: list[Block] = [Paragraph(f"{means}。")]
    up, down = digest.risen(facts.lines, 3), digest.fallen(facts.lines, 3)
    told = []
    if up:
        told.append(f"升幅较大的有{_each(up, '升')}")
    if down:
        told.append(f"降幅较大的有{_each(down, '降')}")
    blocks.append(Paragraph(f"{'；'.join(told)}。" if told else f"各单位得分与{last}持平。"))
    return tuple(blocks)


def _moved(part: Part, last: str) -> str:
    both = [line for line in part.lines if line.before is not None]
    if not both:
        return ""
    before = digest.mean([line.before for line in both if line.before is not None])
    now = digest.mean([line.score for line in both])
    assert before is not None and now is not None
    basis = "" if len(both) == len(part.lines) else f"（按两期都有成绩的{len(both)}个单位计算）"
    if before == now:
        return f"{part.sequence.name}平均{wording.exact(now)}分，与{last}持平{basis}"
    way = "上升" if now > before else "下降"
    return (
        f"{part.sequence.name}平均分由{last}的{wording.exact(before)}分到{wording.exact(now)}分，"
        f"{way}{wording.exact(abs(now - before))}分{basis}"
    )


def _each(lines: Sequence[Line], way: str) -> str:
    moved = [(line.unit.name, abs(line.change)) for line in lines if line.change is not None]
    if len(moved) > MOST_NAMED and len({by for _, by in moved}) == 1:
        return f"{named(unit for unit, _ in moved)}，各{way}{wording.exact(moved[0][1])}分"
    listed = [f"{unit}（{way}{wording.exact(by)}分）" for unit, by in moved]
    return named(listed, most=MOST_NAMED)


# Faults


def faults(facts: Facts) -> tuple[Block, ...]:
    """What was found again and again, with examples; else what took most. Nothing where nothing was found."""
    common_ones = digest.faults(facts.entries)[:5]
    if common_ones:
        return tuple(
            Paragraph(f"{number}.{_fault(fault, facts)}") for number, fault in enumerate(common_ones, start=1)
        )
    most = digest.heaviest(facts.entries, 3)
    if not most:
        return ()
    listed = "；".join(f"{_entry(e, facts)}，{e.item}扣{shown(e.points)}分" for e in most)
    return (Paragraph(f"没有重复出现的同类问题。扣分{'较多' if len(most) > 1 else ''}的有：{listed}。"),)


def _fault(fault: Fault, facts: Facts) -> str:
    where = f"细则{fault.code}，{fault.item}" if fault.code else fault.item
    text = plain_criterion(fault.text) if fault.code else fault.text
    told = f"{text}（{where}）。共{len(fault.entries)}条，涉及{fault.units}个单位，登记扣分{shown(fault.points)}分。"
    cited = digest.examples(fault, 2)
    if fault.code:
        return f"{told}如：{'；'.join(_entry(entry, facts) for entry in cited)}。"
    return f"{told}如：{'；'.join(f'{name(entry, facts)}（记录{entry.number}）' for entry in cited)}。"


def _entry(entry: Deduction, facts: Facts) -> str:
    if entry.reason:
        return f"{name(entry, facts)}{quoted(entry.reason)}（记录{entry.number}）"
    return f"{name(entry, facts)}（记录{entry.number}，未写原因）"


def name(entry: Deduction, facts: Facts) -> str:
    """The unit of an entry, as it is called."""
    names = {line.unit.code: line.unit.name for line in facts.lines}
    return names.get(entry.unit, entry.unit)
