"""Words and charts of the officers' months (R9)."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from charts.values import Frame, ItemBar, RankingChart, RankingRow, ScoreChart
from handlers.frame import wording
from handlers.frame.reply import esc
from rules.bureau import Bureau, Unit
from rules.calendar import Quarter, Year
from rules.months import Month
from rules.officers import Officer, OfficerDeduction, OfficerMonth, OfficerPeriod, UnitMonth, UnitPeriod
from rules.points import shown
from rules.score import UnitScore

PROVISIONAL = "暂定"


def ask() -> str:
    """Whose officers?"""
    return "看哪个单位的民警成绩？"


def period(value: Month | Quarter | Year) -> str:
    """2026年3月, 2026年1—3月, 2026年度: an officer's quarter is one of the civil year."""
    if isinstance(value, Month):
        return wording.month(value)
    if isinstance(value, Year):
        return wording.period(value)
    return f"{value.year}年{3 * value.number - 2}—{3 * value.number}月"


def head(found: UnitMonth, bureau: Bureau, unexplained: int) -> str:
    """Which month of which unit, and what is in the way of returning it."""
    lines = [f"<b>{esc(found.unit.name)}</b>　{wording.month(found.month)}民警成绩", as_of(found, bureau)]
    if unexplained:
        lines.append(f"⚠ {unexplained} 笔没写原因，补齐前不能报送")
    return "\n".join(lines)


def as_of(found: UnitMonth, bureau: Bureau) -> str:
    """The last change that is in it."""
    if found.changed is None:
        return "本月还没有扣分记录"
    return f"截至 {wording.moment(found.changed, bureau.calendar.zone)}"


def lines(found: UnitMonth) -> list[str]:
    """Every officer with place and result; then those whose month does not count."""
    results = wording.scores([row.result for row, _ in found.rows])
    lines_ = [
        f"{standing.place}. {esc(row.officer.name)}　<b>{result}</b>{'（并列）' if standing.shared else ''}{_factor(row)}"
        for (row, standing), result in zip(found.rows, results, strict=True)
    ]
    return [*lines_, *(f"—　{esc(row.officer.name)}　{esc(row.absence or '')}，不计" for row in found.absent)]


def _factor(row: OfficerMonth) -> str:
    return f"　{shown(row.score.total)} × {shown(row.coefficient)}" if row.coefficient != 1 else ""


def chart(found: UnitMonth, bureau: Bureau) -> RankingChart:
    """The officers in order, with what each lost stacked by item."""
    items = tuple(item.name for item in found.scheme.items)
    rows = []
    for row, standing in found.rows:
        lost = {item.item.name: item.lost for item in row.score.items}
        rows.append(
            _row(
                row.officer,
                standing.place,
                shared=standing.shared,
                result=row.result,
                lost=[lost[i] for i in items],
            )
        )
    first = [row.officer.name for row, standing in found.rows if standing.place == 1]
    return RankingChart(
        Frame(
            _title(found.unit, first, len(found.rows)),
            f"{wording.month(found.month)}民警成绩",
            as_of(found, bureau),
            PROVISIONAL,
        ),
        items,
        tuple(rows),
        who="民警",
    )


def _title(unit: Unit, first: list[str], count: int) -> str:
    if not first:
        return unit.name
    if len(first) == count > 1:
        return f"{unit.name}：民警同分"
    return f"{unit.name}：{first[0]}第一" if len(first) == 1 else f"{unit.name}：{len(first)} 人并列第一"


def _row(officer: Officer, place: int, *, shared: bool, result: Decimal, lost: list[Decimal]) -> RankingRow:
    return RankingRow(
        place=str(place),
        shared=shared,
        unit=officer.name,
        score=shown(result, 2),
        total=result,
        lost=tuple(lost),
    )


def period_head(found: UnitPeriod, value: Quarter | Year) -> str:
    """What the means are of."""
    named = "、".join(f"{one.number}月" for one in found.months)
    return f"<b>{esc(found.unit.name)}</b>　{period(value)}民警成绩\n各月得分的平均（{named}；不计的月份不算）"


def period_lines(found: UnitPeriod) -> list[str]:
    """Every officer with place and mean, and the months that did not count."""
    means = wording.means([standing.score for _, standing in found.rows])
    lines_ = [
        f"{standing.place}. {esc(one.officer.name)}　<b>{mean}</b>{'（并列）' if standing.shared else ''}{_absences(one)}"
        for (one, standing), mean in zip(found.rows, means, strict=True)
    ]
    return [*lines_, *(f"—　{esc(one.officer.name)}　没有计入的月份{_absences(one)}" for one in found.absent)]


def _absences(one: OfficerPeriod) -> str:
    named = "、".join(f"{row.month.number}月{row.absence}" for row in one.absent)
    return f"　{esc(named)}不计" if named else ""


def period_chart(found: UnitPeriod, value: Quarter | Year) -> RankingChart:
    """The means in order, with what each month cost of them."""
    rows = []
    means = wording.means([standing.score for _, standing in found.rows])
    for (one, standing), mean in zip(found.rows, means, strict=True):
        by_month = {row.month: row for row in one.counted}
        lost = [
            _drawn(Fraction(sum((i.lost for i in by_month[m].score.items), Decimal(0))) / len(by_month))
            if m in by_month
            else Decimal(0)
            for m in found.months
        ]
        row = _row(
            one.officer, standing.place, shared=standing.shared, result=_drawn(standing.score), lost=lost
        )
        rows.append(RankingRow(row.place, row.shared, row.unit, mean, row.total, row.lost))
    first = [one.officer.name for one, standing in found.rows if standing.place == 1]
    return RankingChart(
        Frame(_title(found.unit, first, len(rows)), f"{period(value)}民警成绩", "各月得分的平均", PROVISIONAL),
        tuple(f"{m.number}月" for m in found.months),
        tuple(rows),
        who="民警",
    )


def _drawn(value: Fraction) -> Decimal:
    """A mean as exactly as a picture can show it."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def own(
    officer: Officer,
    value: Month | Quarter | Year,
    months: list[tuple[Unit, OfficerMonth, list[OfficerDeduction]]],
) -> str:
    """To the officer: the own months, and each point that was lost."""
    lines_ = [f"<b>{esc(officer.name)}</b>　{period(value)}"]
    if not months:
        return "\n".join([*lines_, "这段时间没有您的成绩。有疑问请联系本单位联络员。"])
    counted = OfficerPeriod(
        officer,
        tuple(row for _, row, _ in months if row.counts),
        tuple(row for _, row, _ in months if not row.counts),
    )
    if len(months) > 1 and counted.mean is not None:
        lines_.append(f"平均 <b>{wording.exact(counted.mean)}</b>（暂定）")
    for unit, row, entries in months:
        if row.absence:
            lines_ += ["", f"{wording.month(row.month)}　{esc(unit.name)}　{esc(row.absence)}，不计"]
            continue
        lines_ += [
            "",
            f"{wording.month(row.month)}　{esc(unit.name)}　<b>{shown(row.result, 2)}</b>（暂定）{_factor(row)}",
        ]
        lines_ += [f"　{esc(e.item)} −{shown(e.points)}　{esc(e.reason or '未写原因')}" for e in entries]
    return "\n".join(lines_)


def own_chart(row: OfficerMonth, unit: Unit) -> ScoreChart:
    """An officer's items as bars."""
    return ScoreChart(
        Frame(
            f"{row.officer.name}　{shown(row.result, 2)} 分",
            f"{wording.month(row.month)}　{unit.name}",
            "",
            PROVISIONAL,
        ),
        _bars(row.score),
    )


def _bars(score: UnitScore) -> tuple[ItemBar, ...]:
    return tuple(ItemBar(i.item.name, i.item.points, i.left, i.beyond) for i in score.items)
