"""Words and charts of a year: the means of its confirmed quarters, and which are missing (R4)."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from charts.values import Frame, ItemBar, RankingChart, RankingRow, ScoreChart
from handlers.frame import wording
from handlers.frame.reply import esc
from rules.bureau import Sequence, Unit
from rules.calendar import Quarter, Year
from rules.points import shown
from rules.policy import Policy
from rules.scheme import FULL_MARKS
from rules.score import YearScore
from rules.table import YearRow, YearTable

PROVISIONAL = "暂定"
FINAL = "已审定"


def _short_list(quarters: tuple[Quarter, ...]) -> str:
    return "、".join(wording.short(quarter) for quarter in quarters)


def nothing_yet(sequence: Sequence, year: Year) -> str:
    """A year before any of its quarters is confirmed has no ranking (R4)."""
    return (
        f"<b>{esc(sequence.name)}</b>　{year.year}年度：还没有审定的季度，暂无年度排名。\n"
        f"可先看季度排名，例如 <code>/rank {esc(sequence.name)} 一季度</code>。"
    )


def no_score_yet(unit: Unit, year: Year) -> str:
    """A year before any of its quarters is confirmed has no score (R4)."""
    return (
        f"<b>{esc(unit.name)}</b>　{year.year}年度：还没有审定的季度，暂无年度成绩。\n"
        f"可先查季度成绩，例如 <code>/score {esc(unit.name)} 一季度</code>。"
    )


def head(sequence: Sequence, table: YearTable) -> str:
    """What the ranking is the mean of, and how final."""
    mark = PROVISIONAL if table.missing else FINAL
    lines = [f"<b>{esc(sequence.name)}</b>　{wording.period(table.year)}（{mark}）", _basis(table.missing)]
    if table.unscored:
        lines.append(f"还没有审定成绩、未排名：{esc('、'.join(unit.name for unit in table.unscored))}")
    return "\n".join(lines)


def _basis(missing: tuple[Quarter, ...]) -> str:
    if not missing:
        return "四个季度的平均分"
    return f"已审定季度的平均分；未审定：{_short_list(missing)}"


def places(table: YearTable, policy: Policy) -> str:
    """Every unit with its place, mean and band."""
    means = wording.means([row.standing.score for row in table.rows])
    return "\n".join(_line(row, mean, table, policy) for row, mean in zip(table.rows, means, strict=True))


def _line(row: YearRow, mean: str, table: YearTable, policy: Policy) -> str:
    shared = "（并列）" if row.standing.shared else ""
    band = policy.band(row.standing.score)
    grade = f"　{esc(band)}" if band else ""
    fewer = set(row.score.missing) - set(table.missing) or (
        set(row.score.missing) if any(r.score.missing != row.score.missing for r in table.rows) else set()
    )
    lacks = f"　缺{_short_list(tuple(sorted(fewer)))}" if fewer else ""
    lacks += f"　{_short_list(row.score.without)}未参加" if row.score.without else ""
    return f"{row.standing.place}. {esc(row.unit.name)}　<b>{mean}</b>{shared}{grade}{lacks}"


def all_places(sequence: Sequence, table: YearTable, policy: Policy) -> str:
    """The places as an answer of their own."""
    return f"{head(sequence, table)}\n\n{places(table, policy)}"


def ranking_chart(sequence: Sequence, table: YearTable, policy: Policy) -> RankingChart:
    """The means as bars, with what each quarter cost of them."""
    entered = tuple(q for q in table.year.quarters if any(q in dict(row.score.quarters) for row in table.rows))
    means = wording.means([row.standing.score for row in table.rows])
    first = [row.unit.name for row in table.rows if row.standing.place == 1]
    title = f"{sequence.name}：{'、'.join(first)}第一" if len(first) == 1 else sequence.name
    return RankingChart(
        frame=_frame(title, table.year, table.missing),
        items=tuple(wording.short(quarter) for quarter in entered),
        rows=tuple(_bar(row, mean, entered, policy) for row, mean in zip(table.rows, means, strict=True)),
    )


def _bar(row: YearRow, mean: str, entered: tuple[Quarter, ...], policy: Policy) -> RankingRow:
    totals = dict(row.score.quarters)
    band = policy.band(row.standing.score)
    return RankingRow(
        place=str(row.standing.place),
        shared=row.standing.shared,
        unit=f"{row.unit.name}（{band}）" if band else row.unit.name,
        score=mean,
        total=_drawn(row.standing.score),
        lost=tuple(
            _drawn(Fraction(FULL_MARKS - totals[quarter]) / len(totals)) if quarter in totals else Decimal(0)
            for quarter in entered
        ),
    )


def _drawn(value: Fraction) -> Decimal:
    """A mean as exactly as a picture can show it."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def _frame(title: str, year: Year, missing: tuple[Quarter, ...]) -> Frame:
    return Frame(
        title=title,
        subtitle=wording.period(year),
        as_of=_basis(missing),
        mark=PROVISIONAL if missing else FINAL,
    )


def score(unit: Unit, year: YearScore, table: YearTable, policy: Policy, *, places: bool) -> str:
    """The mean, the place, the band, and the quarters it is the mean of."""
    assert year.mean is not None
    mark = PROVISIONAL if year.missing else FINAL
    lines = [
        f"<b>{esc(unit.name)}</b>　{wording.period(year.year)}（{mark}）",
        f"年度成绩 <b>{wording.exact(year.mean)}</b>，{_basis(year.missing)}",
    ]
    band = policy.band(year.mean)
    if band:
        lines.append(f"等级：{esc(band)}{'（暂定）' if year.missing else ''}")
    row = table.row(unit.code)
    if places and row is not None:
        shared = "（并列）" if row.standing.shared else ""
        lines.append(f"{esc(unit.sequence)}第 {row.standing.place} 名{shared}，共 {len(table.rows)} 个单位")
    lines += ["", *(f"{wording.short(quarter)}　{shown(total)}" for quarter, total in year.quarters)]
    lines += [f"{_short_list(year.without)}没有参加考核，不计入平均。"] if year.without else []
    return "\n".join(lines)


def score_chart(unit: Unit, year: YearScore) -> ScoreChart:
    """The confirmed quarters as bars."""
    assert year.mean is not None
    return ScoreChart(
        frame=_frame(f"{unit.name}　{wording.exact(year.mean)} 分", year.year, year.missing),
        items=tuple(ItemBar(wording.short(quarter), FULL_MARKS, total) for quarter, total in year.quarters),
    )
