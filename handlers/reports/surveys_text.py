"""Words that the charts over several units and quarters share: how final they are, and what is not in them."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from charts.values import Frame
from handlers.frame import wording
from handlers.frame.periods import Chosen
from handlers.frame.reply import esc
from handlers.reports.score_text import at_the_end_of, late_note
from handlers.reports.surveys import Scored
from rules.bureau import Bureau
from rules.calendar import Quarter

SHORTEST = Decimal("0.0001")


def mark(*, final: bool) -> str:
    """已审定 or 暂定."""
    return "已审定" if final else "暂定"


def drawn(value: Fraction) -> Decimal:
    """An exact value as a picture takes it: a mean of quarters needs no more decimals to be rounded right."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(SHORTEST, ROUND_HALF_UP)


def percent(share: Fraction) -> str:
    """61%; what is not all is never shown as 100%, and what is not nothing never as 0%."""
    rounded = int(share * 100 + Fraction(1, 2))
    if share < 1 and rounded == 100:
        return "99%"
    return "不到 1%" if share > 0 and rounded == 0 else f"{rounded}%"


def subtitle(chosen: Chosen) -> str:
    """Under the title of a chart: the period, and the day it is as of."""
    period = wording.period(chosen.period)
    return f"{period}　{wording.day(chosen.as_of)}结束时" if chosen.as_of else period


def basis(missing: tuple[Quarter, ...], *, summed: bool = False) -> str:
    """What a year's figures are the mean, or the sum, of."""
    what = "合计" if summed else "平均"
    if not missing:
        return f"四个季度{what}"
    return f"已审定季度{what}；未审定：{'、'.join(wording.short(quarter) for quarter in missing)}"


def as_of(scored: Scored, bureau: Bureau, *, summed: bool = False) -> str:
    """The last change that is in the figures, or which quarters a year is made of."""
    if not isinstance(scored.chosen.period, Quarter):
        return basis(scored.missing, summed=summed)
    if scored.changed is None:
        return "本季度还没有扣分记录"
    return f"截至 {wording.moment(scored.changed, bureau.calendar.zone)}"


def frame(title: str, scored: Scored, bureau: Bureau, *, summed: bool = False) -> Frame:
    """What stands around such a chart."""
    changed = as_of(scored, bureau, summed=summed)
    return Frame(title, subtitle(scored.chosen), changed, mark(final=scored.final))


def head(name: str, scored: Scored, bureau: Bureau, *, summed: bool = False) -> list[str]:
    """The first lines of the answer: what it is about, how final, and what is not in it."""
    lines = [
        f"<b>{esc(name)}</b>　{wording.period(scored.chosen.period)}（{mark(final=scored.final)}）",
        as_of(scored, bureau, summed=summed),
    ]
    if scored.chosen.as_of is not None:
        lines.append(at_the_end_of(scored.chosen))
    if scored.uninspected:
        lines.append(f"{scored.uninspected} 个单位本季度未检查，按已登记的扣分计算")
    if scored.unscored:
        lines.append(f"没有计分表，未列入：{esc('、'.join(unit.name for unit in scored.unscored))}")
    if scored.hidden:
        lines.append(f"不在您的查看范围、未列入：{esc('、'.join(unit.name for unit in scored.hidden))}")
    if scored.chosen.other is not None and isinstance(scored.chosen.period, Quarter):
        lines.append(late_note(scored.chosen.period))
    return lines


def nothing_yet(name: str, chosen: Chosen) -> str:
    """A year before any of its quarters is confirmed has no figures (R4)."""
    return (
        f"<b>{esc(name)}</b>　{wording.period(chosen.period)}：还没有审定的季度，暂无年度数字。\n"
        "可先看季度的，例如在命令后面写“一季度”。"
    )


def no_scheme(name: str, chosen: Chosen) -> str:
    """None of the units has a scheme, or there are none (R1)."""
    return f"<b>{esc(name)}</b>　{wording.period(chosen.period)}：没有可以计分的单位。"


def listed(names: tuple[str, ...]) -> str:
    """甲、乙 or 甲等 5 项."""
    return "、".join(names) if len(names) <= 2 else f"{names[0]}等 {len(names)} 项"
