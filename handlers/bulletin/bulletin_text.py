"""Words of /bulletin, and the document as a whole: title, opening, sections in their order, charts, signature."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from charts.values import Chart, Frame, ItemBar, ScoreChart
from documents.papers.values import Annex, Block, Grid, Paper, Picture, Section
from handlers.bulletin import bulletin_ends, bulletin_parts
from handlers.frame import wording
from handlers.frame.periods import Chosen
from handlers.frame.reply import esc
from handlers.reports import ranking_text, year_text
from rules.bulletin import Facts
from rules.calendar import Period, Quarter, Year
from rules.policy import Policy
from rules.table import Table

MARK = "暂定"
LOSSES = "失分"
"""The name of the picture of losses among the pictures."""

ADDRESSED = {"派出所": "各派出所", "机关科室": "机关各科室", "实战所队": "实战所队"}


def which() -> str:
    """Of which period?"""
    return "起草哪个时期的通报？"


def nothing_yet(period: Year) -> str:
    """A year before any of its quarters is confirmed."""
    return f"没有生成：{wording.period(period)}还没有审定的季度。可先起草季度通报，例如 <code>/bulletin 一季度</code>。"


def no_units(period: Period) -> str:
    """Nobody has a score."""
    return f"没有生成：{wording.period(period)}没有一个单位有成绩。请核对配置里的计分表。"


def broken_template(name: str, why: str) -> str:
    """The bureau's own template cannot be used."""
    return (
        f"没有生成：模板“{esc(name)}”用不了，{esc(why)}。\n"
        "请系统管理员按 docs/configuration.md 里“通报模板”一节改好；这一次可以先用标准版式。"
    )


def not_made() -> str:
    """No document came of it, whatever the layout."""
    return (
        "没有生成：服务器现在做不了文件。\n数据没有变化，请过几分钟再试；一直这样请联系系统管理员查看程序日志。"
    )


def title(facts: Facts) -> str:
    """关于2026年第一季度目标量化考核情况的通报, with 暂定 behind it where it is not final."""
    mark = "" if facts.final else f"（{MARK}）"
    return f"关于{wording.period(facts.period)}目标量化考核情况的通报{mark}"


def caption(facts: Facts, *, lacking: int, own_template: bool) -> str:
    """Under the document: how final it is, and what to look at before it is signed."""
    count = len(facts.lines)
    lines = [f"<b>{esc(title(facts))}</b>", f"{count} 个单位，有效扣分记录 {facts.handled.living} 条。"]
    if not facts.final:
        lines.append(f"⚠ {MARK}稿：{esc(_not_final(facts))}。")
    if all(line.before is None for line in facts.lines):
        before = "上年度四个季度没有全部审定" if isinstance(facts.period, Year) else "上季度没有审定的成绩"
        lines.append(f"{before}，没有作比较。")
    if lacking:
        lines.append(f"有 {lacking} 张图没有画成，文中没有放；可稍后再生成一次。")
    lines.append(
        "请核对文字后再签发。"
        + ("用的是本局模板。" if own_template else "字体按公文格式指定，没有装的电脑上会换成别的。")
    )
    return "\n".join(lines)


def _not_final(facts: Facts) -> str:
    if facts.missing:
        return f"{'、'.join(map(wording.short, facts.missing))}尚未审定，年度成绩按已审定的季度平均计算"
    groups = dict.fromkeys(work.group.name for work in facts.works if work.confirmed is None)
    return f"{'、'.join(groups)}的成绩尚未审定"


def charts(facts: Facts, policy: Policy) -> dict[str, Chart]:
    """The pictures by name: what was lost most, and each sequence's ranking."""
    found: dict[str, Chart] = {}
    bars = _bars(facts)
    if bars:
        frame = Frame(
            title="失分比例较高的项目",
            subtitle=wording.period(facts.period),
            as_of="横条为平均得分，缺口为平均失分",
            mark=_mark(facts),
        )
        found[LOSSES] = ScoreChart(frame, bars)
    for part in facts.parts:
        if len(part.lines) < 2 or not any(line.lost for line in part.lines):
            continue
        if isinstance(part.table, Table):
            chosen = Chosen(part.table.quarter)
            found[part.sequence.name] = ranking_text.chart(part.sequence, part.table, facts.bureau, chosen)
        else:
            found[part.sequence.name] = year_text.ranking_chart(part.sequence, part.table, policy)
    return found


def _mark(facts: Facts) -> str:
    return "已审定" if facts.final else MARK


def _bars(facts: Facts) -> tuple[ItemBar, ...]:
    several = len(facts.losses) > 1
    lost = [(found.category, item) for found in facts.losses for item in found.items if item.lost]
    lost.sort(key=lambda pair: -pair[1].mean / Fraction(pair[1].points))
    bars = []
    for category, item in lost[:10]:
        mean = item.mean
        drawn = (Decimal(mean.numerator) / mean.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)
        label = f"{item.name}（{category}）" if several else item.name
        bars.append(ItemBar(label, item.points, item.points - drawn))
    return tuple(bars)


def paper(facts: Facts, policy: Policy, pictures: Mapping[str, bytes], day: date) -> Paper:
    """The document of a day of the bureau, with the pictures that were drawn."""
    last = "上年度" if isinstance(facts.period, Year) else "上季度"
    heads = (
        ("考核组织情况", bulletin_parts.organisation(facts)),
        ("考核成绩和名次", bulletin_parts.places(facts, policy)),
        ("失分情况", bulletin_parts.losses(facts)),
        (f"与{last}比较", bulletin_parts.changes(facts)),
        ("普遍性问题", bulletin_parts.faults(facts)),
        ("其他情况", bulletin_ends.others(facts)),
        ("下步工作要求", bulletin_ends.demands(facts)),
    )
    told = [(head, blocks) for head, blocks in heads if blocks]
    drawn = [Picture(pictures[name], caption) for name, caption in _captions(facts).items() if name in pictures]
    figures = tuple(replace(one, caption=f"图{n}　{one.caption}") for n, one in enumerate(drawn, start=1))
    return Paper(
        title=_lines(facts),
        period=wording.period(facts.period),
        mark="" if facts.final else MARK,
        notice="" if facts.final else f"{MARK}稿，以审定后的通报为准",
        addressee=_addressee(facts),
        opening=_opening(facts),
        sections=tuple(
            Section(f"{bulletin_parts.NUMERALS[number]}、{head}", blocks)
            for number, (head, blocks) in enumerate(_with_numbers(told), start=1)
        ),
        closing="特此通报。",
        annex=Annex("考核成绩图", figures) if figures else None,
        signature=f"{facts.bureau.name}考评办",
        day=day,
    )


def _lines(facts: Facts) -> tuple[str, ...]:
    """The title in two lines, the shorter one first, and no word broken."""
    whole = title(facts)
    first = f"关于{wording.period(facts.period)}"
    return first, whole.removeprefix(first)


def _captions(facts: Facts) -> dict[str, str]:
    """The pictures' captions by name, in their order."""
    rankings = {part.sequence.name: f"{part.sequence.name}得分情况" for part in facts.parts}
    return {**rankings, LOSSES: "失分比例较高的项目"}


def _with_numbers(told: Sequence[tuple[str, tuple[Block, ...]]]) -> list[tuple[str, tuple[Block, ...]]]:
    """The same with the tables numbered through."""
    count = itertools.count(1)
    return [
        (
            head,
            tuple(
                replace(b, caption=f"表{next(count)}　{b.caption}") if isinstance(b, Grid) else b
                for b in blocks
            ),
        )
        for head, blocks in told
    ]


def _addressee(facts: Facts) -> str:
    there = {unit.category for unit in facts.bureau.units}
    ordered = [category for group in facts.bureau.groups for category in group.categories]
    categories = [category for category in dict.fromkeys((*ordered, *sorted(there))) if category in there]
    return f"{'、'.join(ADDRESSED.get(category, f'各{category}') for category in categories)}："


def _opening(facts: Facts) -> tuple[str, ...]:
    period = wording.period(facts.period)
    examined = "进行了考核" if facts.final else "进行考核"
    ending = "现将有关情况通报如下。" if facts.final else "现将截至目前的情况通报如下。"
    groups = "、".join(dict.fromkeys(work.group.name for work in facts.works))
    units = len(facts.lines)
    if isinstance(facts.period, Quarter):
        lead = facts.leads.get(facts.period)
        led = f"在带队局领导{lead}带领下，" if lead else ""
        first = f"按照目标量化考核实施方案，{led}{groups}对{units}个单位{period}的工作{examined}。{ending}"
    else:
        entered = [q for q in facts.period.quarters if any(q in dict(line.quarters) for line in facts.lines)]
        by_lead: dict[str, list[str]] = {}
        for quarter in entered:
            by_lead.setdefault(facts.leads.get(quarter, ""), []).append(wording.short(quarter))
        led = "，".join(f"{'、'.join(some)}由{lead}带队" for lead, some in by_lead.items() if lead)
        basis = f"已审定的{'、'.join(map(wording.short, entered))}" if facts.missing else "四个季度"
        first = (
            f"按照目标量化考核实施方案，{groups}对{units}个单位{period}的工作{examined}。"
            f"{f'{led}。' if led else ''}年度成绩为{basis}考核成绩的平均分。{ending}"
        )
    if facts.final:
        return (first,)
    return (first, f"本通报为{MARK}稿：{_not_final(facts)}。{_as_of(facts)}审定后以正式通报为准。")


def _as_of(facts: Facts) -> str:
    if isinstance(facts.period, Year):
        return ""
    if facts.changed is None:
        return "截至目前没有扣分记录，"
    at = wording.moment(facts.changed, facts.bureau.calendar.zone).replace(" ", "")
    return f"以下数字以{at}以前的登记为准，"
