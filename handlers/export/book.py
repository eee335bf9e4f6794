"""The pages of a workbook: what was gathered → blocks of rows under Chinese heads."""

from collections.abc import Iterable
from decimal import Decimal

from documents.workbooks.book import Bars, Block, Book, Column, Kind, Page, Value
from handlers.export import book_ledger, book_lists
from handlers.export.book_frame import as_of, made, notes, signatures, title
from handlers.export.gathering import Gathered, Ranked, Yearly
from handlers.frame import wording
from handlers.reports import year_text
from handlers.reports.score_text import standing
from rules.calendar import Quarter, Year
from rules.points import places_needed, shown
from rules.scheme import FULL_MARKS, Item
from rules.score import ItemScore
from rules.table import Row

ONE_PAGE = 60
"""Rows that are still readable when they are printed on a single page."""


def book(found: Gathered) -> Book:
    """The whole workbook."""
    pages: list[Page | None]
    if isinstance(found.chosen.period, Year):
        pages = [_year_ranking(found), _year_scores(found)]
    else:
        pages = [_ranking(found, found.chosen.period), _scores(found, found.chosen.period)]
    pages += [
        book_ledger.page(found),
        book_lists.comparison(found) if found.chosen.as_of is None else None,
        book_lists.progress(found) if found.stands else None,
        book_lists.officers(found) if found.officers else None,
    ]
    return Book(
        title=title(found, ""),
        author=found.bureau.name,
        as_of=as_of(found),
        made=made(found),
        pages=tuple(page for page in pages if page is not None),
    )


def _ranking(found: Gathered, quarter: Quarter) -> Page | None:
    ranked = found.quarters[quarter].ranked
    if not ranked:
        return None
    rows = [row for one in ranked for row in one.table.rows]
    unseen = sum(not row.inspected for row in rows)
    left_out = _named(unit.name for one in ranked for unit in one.left_out)
    unscored = _named(unit.name for one in ranked for unit in one.table.unscored)
    return Page(
        name="排名",
        title=title(found, "排名"),
        notes=notes(
            found,
            "各单位只在本序列内排名；同分并列。",
            f"{unseen} 个单位本季度未检查，按已登记的扣分列入。" if unseen else "",
            f"没有计分表，未排名：{unscored}" if unscored else "",
            f"未列入（应回避或尚未公布）：{left_out}" if left_out else "",
        ),
        blocks=tuple(_sequence(one) for one in ranked if one.table.rows) or (_sequence(ranked[0]),),
        fits_one=len(rows) <= ONE_PAGE,
        signatures=signatures(found),
    )


def _named(names: Iterable[str]) -> str:
    return "、".join(names)


PLACES = (
    Column("名次", Kind.COUNT, 7),
    Column("单位", Kind.CENTRED, 20),
    Column("得分", Kind.SCORE, 10),
    Column("检查情况", Kind.CENTRED, 11),
    Column("备注", Kind.CENTRED, 18),
)


def _sequence(one: Ranked) -> Block:
    rows = tuple(
        (
            row.standing.place,
            row.unit.name,
            row.score.total,
            "已检查" if row.inspected else "未检查",
            "、".join(_remarks(row, shared=row.standing.shared)),
        )
        for row in one.table.rows
    )
    totals = [row.score.total for row in one.table.rows]
    return Block(
        PLACES, rows, f"{one.sequence.name}（{standing(one.table)}）", "没有可排名的单位", _bars(totals)
    )


def _remarks(row: Row, *, shared: bool = False, unseen: bool = False) -> list[str]:
    marks = ((shared, "并列"), (unseen and not row.inspected, "未检查"), (row.vetoed, "一票否决"))
    return [word for holds, word in marks if holds]


def _bars(totals: list[Decimal]) -> Bars:
    """The axis begins below the lowest score, and says so: a bar from 0 on would show no difference."""
    least = max(0, int((min(totals, default=FULL_MARKS) - 1) // 5) * 5)
    return Bars(f"得分（横轴自 {least} 分起）" if least else "得分", names=1, values=2, least=least)


def _scores(found: Gathered, quarter: Quarter) -> Page | None:
    """Every unit by items: a block for each table of items, since categories have their own."""
    rows = sorted(found.quarters[quarter].table.rows, key=lambda row: found.order(row.unit))
    if not rows:
        return None
    blocks: dict[tuple[str, tuple[Item, ...]], list[Row]] = {}
    for row in rows:
        items = tuple(Item(score.item.name, score.item.points) for score in row.score.items)
        blocks.setdefault((row.unit.category, items), []).append(row)
    unscored = _named(unit.name for unit in found.quarters[quarter].table.unscored)
    return Page(
        name="成绩",
        title=title(found, "成绩"),
        notes=notes(
            found,
            "每个项目扣完为止，不出现负分；项目名称下面是满分。",
            f"没有计分表，没有成绩：{unscored}" if unscored else "",
        ),
        blocks=tuple(_category(name, items, some) for (name, items), some in blocks.items()),
        landscape=len(rows) > ONE_PAGE,
        filtered=len(blocks) == 1,
        fits_one=len(rows) <= ONE_PAGE,
        signatures=signatures(found),
    )


def _category(name: str, items: tuple[Item, ...], rows: list[Row]) -> Block:
    columns = (
        Column("序列", Kind.CENTRED, 15),
        Column("单位", Kind.CENTRED, 14),
        *(Column(f"{item.name}\n{shown(item.points)}", Kind.SCORE, 9) for item in items),
        Column("扣分合计", Kind.SCORE, 9),
        Column("得分", Kind.SCORE, 9),
        Column("备注", Kind.TEXT, 18),
    )
    values: list[tuple[Value, ...]] = []
    for row in rows:
        left = [score.left for score in row.score.items]
        lost = sum((score.lost for score in row.score.items), Decimal(0))
        remarks = "；".join([*_remarks(row, unseen=True), *_beyond(row.score.items)])
        values.append((row.unit.sequence, row.unit.name, *left, lost, row.score.total, remarks))
    return Block(columns, tuple(values), name, stretched=True)


def _beyond(items: Iterable[ItemScore]) -> list[str]:
    return [f"{i.item.name}已扣完，另有 {shown(i.beyond)} 分未计" for i in items if i.beyond]


def _year_ranking(found: Gathered) -> Page | None:
    placed = [year for year in found.years if year.places.rows]
    if not placed:
        return None
    return Page(
        name="排名",
        title=title(found, "排名"),
        notes=notes(found, "各单位只在本序列内排名，按已审定季度的平均分；同分并列。"),
        blocks=tuple(_year_sequence(found, year) for year in placed),
        fits_one=sum(len(year.places.rows) for year in placed) <= ONE_PAGE,
        signatures=signatures(found),
    )


def _year_sequence(found: Gathered, year: Yearly) -> Block:
    means = [row.standing.score for row in year.places.rows]
    places = _places(wording.means(means))
    columns = (PLACES[0], PLACES[1], Column("年度平均", Kind.SCORE, 10, places), *PLACES[3:])
    columns = (*columns[:3], Column("未审定季度", Kind.CENTRED, 17), Column("备注", Kind.CENTRED, 16))
    rows = []
    for row in year.places.rows:
        band = found.policy.band(row.standing.score)
        remarks = [*(["并列"] if row.standing.shared else []), *([band] if band else [])]
        missing = "、".join(wording.short(quarter) for quarter in row.score.missing)
        rows.append((row.standing.place, row.unit.name, row.standing.score, missing, "、".join(remarks)))
    bars = _bars([Decimal(mean.numerator) / Decimal(mean.denominator) for mean in means])
    mark_ = year_text.PROVISIONAL if year.places.missing else year_text.FINAL
    return Block(columns, tuple(rows), f"{year.sequence.name}（{mark_}）", bars=bars)


def _places(shown_: list[str]) -> int:
    return max([2, *(len(text.partition(".")[2]) for text in shown_)])


def _year_scores(found: Gathered) -> Page | None:
    scored = [year for year in found.years if year.scores.rows]
    if not scored:
        return None
    unscored = _named(unit.name for year in found.years for unit in year.scores.unscored)
    return Page(
        name="成绩",
        title=title(found, "成绩"),
        notes=notes(found, f"还没有审定成绩：{unscored}" if unscored else ""),
        blocks=tuple(_year_block(found, year) for year in scored),
        fits_one=sum(len(year.scores.rows) for year in scored) <= ONE_PAGE,
        signatures=signatures(found),
    )


def _year_block(found: Gathered, year: Yearly) -> Block:
    quarters = year.scores.year.quarters
    rows = sorted(year.scores.rows, key=lambda row: found.order(row.unit))
    totals = [total for row in rows for _, total in row.score.quarters]
    columns = (
        Column("单位", Kind.CENTRED, 20),
        *(Column(wording.short(quarter), Kind.SCORE, 12, places_needed(totals)) for quarter in quarters),
        Column("年度平均", Kind.SCORE, 12, _places(wording.means([row.standing.score for row in rows]))),
        Column("未审定季度", Kind.CENTRED, 20),
    )
    values: list[tuple[Value, ...]] = []
    for row in rows:
        by_quarter = dict(row.score.quarters)
        missing = "、".join(wording.short(quarter) for quarter in row.score.missing)
        values.append(
            (row.unit.name, *(by_quarter.get(quarter) for quarter in quarters), row.standing.score, missing)
        )
    return Block(columns, tuple(values), year.sequence.name)
