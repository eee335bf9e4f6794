"""Words and chart of what points were lost to."""

from decimal import Decimal
from fractions import Fraction

from charts.values import CauseBar, LossesChart
from handlers.frame import wording
from handlers.frame.periods import Chosen
from handlers.frame.reply import esc
from handlers.reports import surveys_text
from handlers.reports.surveys import Scored
from rules.bureau import Bureau
from rules.losses import Cause, Pareto
from rules.points import shown

SHOWN = 14
"""Causes of their own in a picture; the rest is one bar."""
COUNTS = {2: "两", 3: "三", 4: "四", 5: "五", 6: "六", 7: "七", 8: "八", 9: "九"}


def ask() -> str:
    """Which sequence?"""
    return "看哪个序列失分的原因？也可以写项目，例如 <code>/losses 治安管理</code>。"


def text(name: str, pareto: Pareto, scored: Scored, bureau: Bureau) -> str:
    """What it is about and what the causes are."""
    lines = surveys_text.head(f"{name}　失分原因", scored, bureau, summed=True)
    lines.append("只算真正扣掉的分：扣完为止，超出的不计")
    return "\n".join([*lines, "", _answer(pareto, name)])


def _answer(pareto: Pareto, name: str) -> str:
    if not pareto.causes:
        return "没有失分。"
    entries = sum(cause.entries for cause in pareto.causes)
    return f"{entries} 笔扣分共失 {shown(pareto.total)} 分，{_weightiest(pareto, name)}。"


def _weightiest(pareto: Pareto, name: str) -> str:
    """三条细则占失分的 61%."""
    first = pareto.causes[: pareto.weightiest]
    share = surveys_text.percent(pareto.cumulated[len(first) - 1])
    if len(first) == 1:
        return f"{_short(first[0], name)}占失分的 {share}"
    count = COUNTS.get(len(first), f" {len(first)} ")
    if all(cause.code is not None for cause in first):
        kind = "条细则"
    else:
        kind = "个项目" if all(cause.code is None for cause in first) else "类情形"
    return f"{count}{kind}占失分的 {share}"


def _short(cause: Cause, name: str) -> str:
    if cause.code is not None:
        return f"细则 {cause.code} "
    return "未引细则的扣分" if name.endswith(cause.item) else cause.item


def _name(cause: Cause) -> str:
    return f"{cause.code} {cause.text}" if cause.code is not None else f"{cause.item}（未引细则）"


def lines(pareto: Pareto) -> str:
    """Every cause with its points and the cumulated share."""
    return "\n".join(
        f"{n}. {esc(_name(cause))}　<b>{shown(cause.points)}</b> 分，{cause.entries} 笔、{cause.units} 个单位，"
        f"累计 {surveys_text.percent(share)}"
        for n, (cause, share) in enumerate(zip(pareto.causes, pareto.cumulated, strict=True), start=1)
    )


def details(name: str, pareto: Pareto, chosen: Chosen) -> str:
    """The same as an answer of its own."""
    return f"<b>{esc(name)}</b>　{wording.period(chosen.period)}　失分原因\n\n{lines(pareto)}"


def chart(name: str, pareto: Pareto, scored: Scored, bureau: Bureau) -> LossesChart:
    """The causes as a staircase."""
    title = f"{name}：{_weightiest(pareto, name) if pareto.causes else '没有失分'}"
    shares = pareto.cumulated
    kept = len(shares) if len(shares) <= SHOWN + 1 else SHOWN
    bars = [
        _bar(_name(cause), cause.points, share, f"{cause.entries} 笔", weighty=n < pareto.weightiest)
        for n, (cause, share) in enumerate(zip(pareto.causes[:kept], shares[:kept], strict=True))
    ]
    rest = pareto.causes[kept:]
    if rest:
        points = sum((cause.points for cause in rest), Decimal(0))
        entries = sum(cause.entries for cause in rest)
        bars.append(
            _bar(f"其余 {len(rest)} 类", points, Fraction(1), f"{entries} 笔", weighty=pareto.weightiest > kept)
        )
    return LossesChart(surveys_text.frame(title, scored, bureau), tuple(bars))


def _bar(label: str, points: Decimal, share: Fraction, note: str, *, weighty: bool) -> CauseBar:
    return CauseBar(label, note, points, surveys_text.drawn(share), surveys_text.percent(share), weighty)
