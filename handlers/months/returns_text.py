"""Words and chart of /returns: who returned a month, and the year as a calendar (R9)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from charts.values import CalendarBlock, CalendarCell, CalendarRow, Frame, ReturnsChart
from handlers.frame import wording
from handlers.frame.reply import esc
from handlers.months.monthly_text import listed
from rules.bureau import Bureau, Sequence, Unit
from rules.months import Month, due_day
from rules.returns import MonthReturns, ReturnState, Stand, Terms

HERE = (ReturnState.IN, ReturnState.LATE)


@dataclass(frozen=True)
class Overview:
    """Every unit of the bureau with its months of a year, and the month that is asked about."""

    month: Month
    terms: Terms
    units: tuple[tuple[Unit, Mapping[Month, MonthReturns]], ...]

    def stand(self, unit: Unit, month: Month | None = None) -> Stand:
        """Where a unit's month stands."""
        months = next(months for one, months in self.units if one.code == unit.code)
        return self.terms.stand(month or self.month, months[month or self.month])

    def stands(self) -> list[tuple[Unit, Stand]]:
        """Where every unit stands in the month asked about."""
        return [(unit, self.terms.stand(self.month, months[self.month])) for unit, months in self.units]


def overview(found: Overview) -> str:
    """The counts first."""
    counts = Counter(stand.state for _, stand in found.stands())
    here = sum(counts[state] for state in HERE)
    due = due_day(found.month, found.terms.monthly_day)
    lines = [
        f"<b>{wording.month(found.month)}民警成绩报送情况</b>（{wording.day(due, found.month.year)}前）",
        f"已报送 <b>{here} / {len(found.units)}</b> 个单位",
    ]
    told = [
        (ReturnState.LATE, "其中逾期"),
        (ReturnState.UNSIGNED, "待本单位签字"),
        (ReturnState.MISSING, "未报送"),
        (ReturnState.DUE, "还没有报送，未到期"),
    ]
    parts = [f"{word} {counts[state]}" for state, word in told if counts[state]]
    if parts:
        lines.append("，".join(parts))
    if counts[ReturnState.NOT_ASKED]:
        lines.append("这个月还没有结束，或在本系统开始使用之前，不用报送。")
    return "\n".join(lines)


def details(found: Overview) -> str:
    """Who is missing, who waits, who was late; who was in time is all the rest."""
    stands = found.stands()
    lines = []
    for state, word in (
        (ReturnState.MISSING, "未报送"),
        (ReturnState.UNSIGNED, "待签字"),
        (ReturnState.DUE, "未到期、还没有报送"),
    ):
        units = [unit for unit, stand in stands if stand.state is state]
        if units:
            lines.append(f"{word}：{listed(units)}")
    late = [f"{esc(unit.name)}（{stand.late} 天）" for unit, stand in stands if stand.state is ReturnState.LATE]
    if late:
        lines.append(f"逾期：{'、'.join(late)}")
    in_time = [unit for unit, stand in stands if stand.state is ReturnState.IN]
    if in_time:
        lines.append(f"按时：{listed(in_time)}")
    return "\n".join(lines) or "没有要报送的单位。"


def which_unit(sequence: Sequence, month: Month) -> str:
    """Which unit's table?"""
    return f"{esc(sequence.name)}　{wording.month(month)}：看哪个单位的民警成绩？"


MARKS = {
    ReturnState.IN: "✔",
    ReturnState.LATE: "✔",
    ReturnState.UNSIGNED: "✍",
    ReturnState.MISSING: "✖",
}


def label(found: Overview, unit: Unit) -> str:
    """A unit on a button, with where it stands."""
    return f"{MARKS.get(found.stand(unit).state, '')} {unit.name}".strip()


def nothing_in(unit: Unit, month: Month, stand: Stand) -> str:
    """Over the button: there is no table to show."""
    return f"{unit.name}{wording.month(month)}的民警成绩：{stand.state.value}，还看不到。"


def chart(found: Overview, bureau: Bureau) -> ReturnsChart:
    """The year as a calendar, sequence by sequence."""
    counts = Counter(stand.state for _, stand in found.stands())
    here = sum(counts[state] for state in HERE)
    blocks = []
    for sequence in bureau.sequences:
        rows = tuple(
            CalendarRow(unit.name, tuple(_cell(found.terms.stand(m, r)) for m, r in months.items()))
            for unit, months in found.units
            if unit.sequence == sequence.name
        )
        if rows:
            blocks.append(CalendarBlock(sequence.name, rows))
    moments = [
        moment
        for _, months in found.units
        for returns in months.values()
        for one in returns.versions
        for moment in (one.at, one.signed_at, one.refused_at)
        if moment is not None
    ]
    zone = found.terms.calendar.zone
    return ReturnsChart(
        Frame(
            title=f"{found.month.number}月：{here} / {len(found.units)} 个单位已报送",
            subtitle=f"{found.month.year}年民警月度成绩报送情况",
            as_of=f"截至 {wording.moment(max(moments), zone)}" if moments else "还没有单位报送",
            mark=f"每月 {found.terms.monthly_day} 日前报上月",
        ),
        found.month.number,
        tuple(blocks),
    )


def _cell(stand: Stand) -> CalendarCell:
    return CalendarCell(stand.state, stand.late)
