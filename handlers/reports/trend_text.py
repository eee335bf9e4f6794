"""Words and chart of a unit's quarters."""

from fractions import Fraction

from charts.values import Frame, TrendChart, TrendPoint
from handlers.frame import wording
from handlers.frame.periods import Chosen
from handlers.frame.reply import esc
from handlers.reports import surveys_text
from handlers.reports.losses_text import COUNTS
from rules.bureau import Unit
from rules.calendar import Year
from rules.points import shown
from rules.trend import Headline, Place, Point, Says


def ask() -> str:
    """Which unit?"""
    return "看哪个单位的走势？请先选序列"


def nothing(unit: Unit) -> str:
    """The unit was scored in none of the quarters."""
    return f"<b>{esc(unit.name)}</b>：这几个季度都没有成绩，没有走势可看。"


def text(
    unit: Unit,
    points: tuple[Point, ...],
    headline: Headline,
    chosen: Chosen,
    changed: str,
    *,
    mean: Fraction | None,
) -> str:
    """The answer, and every quarter with its score and place; of a year the mean of the confirmed ones."""
    lines = [f"<b>{esc(_title(unit, points, headline))}</b>", changed, ""]
    lines += [_line(point) for point in points]
    if isinstance(chosen.period, Year) and mean is not None:
        lines += ["", f"已审定季度平均 <b>{wording.exact(mean)}</b> 分"]
    if any(point.place is None for point in points):
        lines += ["", "名次在公布后可见。"]
    return "\n".join(lines)


def _line(point: Point) -> str:
    place = f"　{_place(point.place)}，共 {point.place.of} 个单位" if point.place is not None else ""
    notes = "".join(f"　{note}" for note in _notes(point))
    mark = surveys_text.mark(final=point.final)
    return f"{wording.period(point.quarter)}（{mark}）　<b>{shown(point.score)}</b>{place}{notes}"


def _place(place: Place) -> str:
    return f"第 {place.place} 名{'（并列）' if place.shared else ''}"


def _notes(point: Point) -> list[str]:
    return [word for word, said in (("未检查", not point.inspected), ("⚠一票否决", point.vetoed)) if said]


def changed(at: str | None) -> str:
    """The last change that is in the quarters that are not confirmed."""
    return f"截至 {at}" if at else "还没有扣分记录"


def chart(
    unit: Unit, points: tuple[Point, ...], headline: Headline, chosen: Chosen, changed: str
) -> TrendChart:
    """Scores above, places below."""
    final = all(point.final for point in points)
    return TrendChart(
        frame=Frame(
            _title(unit, points, headline), _span(points, chosen), changed, surveys_text.mark(final=final)
        ),
        points=tuple(_point(point) for point in points),
    )


def _point(point: Point) -> TrendPoint:
    place = point.place
    return TrendPoint(
        label=wording.short(point.quarter),
        year=f"{point.quarter.year}",
        score=point.score,
        shown=shown(point.score),
        final=point.final,
        place=place.place if place is not None else None,
        place_shown=f"第 {place.place} 名{'并列' if place.shared else ''}" if place is not None else "",
        of=place.of if place is not None else 0,
        note="　".join(_notes(point)).replace("⚠", ""),
    )


def _span(points: tuple[Point, ...], chosen: Chosen) -> str:
    """2026年度, or the first and the last quarter."""
    end = f"　{wording.day(chosen.as_of)}结束时" if chosen.as_of else ""
    if isinstance(chosen.period, Year):
        return wording.period(chosen.period) + end
    if len(points) == 1:
        return wording.period(points[0].quarter) + end
    return f"{wording.period(points[0].quarter)}至{wording.period(points[-1].quarter)}{end}"


def _title(unit: Unit, points: tuple[Point, ...], headline: Headline) -> str:
    return f"{unit.name}：{_answer(points, headline)}"


def _answer(points: tuple[Point, ...], headline: Headline) -> str:
    number, last = shown(headline.number), points[-1]
    match headline.says:
        case Says.IN_FRONT:
            quarters = f"{COUNTS.get(len(points), len(points))}个季度"
            times = COUNTS.get(int(headline.number), "一")
            return f"{quarters}{times}次进前三"
        case Says.LEVEL:
            return f"{wording.short(last.quarter)}各单位同分"
        case Says.PLACE_UP:
            return f"比上季度升 {number} 名"
        case Says.PLACE_DOWN:
            return f"比上季度降 {number} 名"
        case Says.PLACE_SAME:
            return "名次与上季度相同"
        case Says.SCORE_UP:
            return f"比上季度高 {number} 分"
        case Says.SCORE_DOWN:
            return f"比上季度低 {number} 分"
        case Says.SCORE_SAME:
            return "成绩与上季度相同"
        case _:
            return f"{wording.short(last.quarter)} {shown(last.score)} 分"


def file_name(unit: Unit, points: tuple[Point, ...], chosen: Chosen) -> str:
    """城关派出所走势-2026年度."""
    return f"{unit.name}走势-{_span(points, chosen)}"
