"""What every page of a workbook has: its title, the lines under it, and the lines to sign on."""

from datetime import datetime

from handlers.export.export_text import mark, period
from handlers.export.gathering import Gathered
from handlers.frame import wording
from handlers.reports.score_text import as_of as as_of_words
from rules.calendar import Year


def title(found: Gathered, what: str) -> str:
    """江城市公安局2026年第一季度目标量化考核排名（暂定）"""
    return f"{found.bureau.name}{period(found.chosen)}目标量化考核{what}{mark(final=found.final)}"


def as_of(found: Gathered) -> str:
    """The last change that is in it, of a year what it is the mean of."""
    if isinstance(found.chosen.period, Year):
        missing = {quarter for year in found.years for quarter in year.scores.missing}
        if not missing:
            return "四个季度的平均分"
        named = "、".join(wording.short(quarter) for quarter in sorted(missing))
        return f"已审定季度的平均分；未全部审定：{named}"
    return as_of_words(found.quarters[found.chosen.period].table, found.bureau)


def made(found: Gathered) -> datetime:
    """When it was exported, in the bureau's zone, as Excel takes it."""
    return found.now.astimezone(found.bureau.calendar.zone).replace(tzinfo=None, microsecond=0)


def notes(found: Gathered, *more: str) -> tuple[str, ...]:
    """Under a page's title: as of when, exported when, whose units; then what else there is to say."""
    first = [as_of(found), f"导出时间 {made(found):%Y-%m-%d %H:%M}"]
    first += [f"范围：{found.scope}"] if found.scope else []
    return ("　".join(first), *(line for line in more if line))


def signatures(found: Gathered) -> tuple[str, ...]:
    """The lines on which the quarter lead and the office sign, with the names as far as they are known."""
    gap = "　" * 4
    rest = f"签字：{'_' * 16}{gap}　　年　　月　　日"
    return (
        f"带队局领导：{'、'.join(found.signers.leads) or gap}{gap}{rest}",
        f"考评办：{'、'.join(found.signers.office) or gap}{gap}{rest}",
    )
