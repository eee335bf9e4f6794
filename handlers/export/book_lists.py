"""The workbook's lists beside scores and ledger: the year's quarters side by side, the groups' progress, the officers."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from documents.workbooks.book import Block, Column, Kind, Lines, Page, Value
from handlers.export.book_frame import notes, title
from handlers.export.gathering import Gathered, Stand
from handlers.frame import wording
from handlers.quarter.course_text import lateness
from rules.bureau import Bureau, Unit
from rules.calendar import Quarter, Year
from rules.officers import OfficerMonth, UnitMonth
from rules.points import places_needed, shown
from rules.stages import Move, Step

FEW = 8
"""Units that can each have a line in the chart; more are shown by their sequences' means."""

A_PAGE = 24
"""Officers that a printed page holds under one head."""

Scores = dict[Quarter, Fraction]


def comparison(found: Gathered) -> Page | None:
    """Every unit's quarters of the year, each with the change against the quarter before."""
    year = Year(found.chosen.period.year)
    before = year.quarters[0].previous
    quarters = (*([before] if before in found.quarters else []), *year.quarters)
    units: dict[str, Unit] = {}
    scores: dict[str, Scores] = {}
    for quarter, one in found.quarters.items():
        for row in one.table.rows:
            units[row.unit.code] = row.unit
            scores.setdefault(row.unit.code, {})[quarter] = Fraction(row.score.total)
    if not units:
        return None
    listed = sorted(units.values(), key=found.order)
    columns = _compared(found, quarters)
    rows = tuple((u.sequence, u.name, *_values(scores[u.code], quarters)) for u in listed)
    blocks = [Block(columns, rows)]
    if len(listed) > FEW:
        blocks.append(_means(listed, scores, quarters, columns))
    first = 2 + len(quarters) - 4
    return Page(
        name="季度对比",
        title=f"{found.bureau.name}{wording.period(year)}目标量化考核季度对比",
        notes=notes(found, "标明“暂定”的季度还没有全部审定；空白处没有成绩。"),
        blocks=tuple(blocks),
        filtered=True,
        lines=Lines(
            "各单位得分" if len(blocks) == 1 else "各序列平均得分",
            len(blocks) - 1,
            len(blocks) % 2,
            first,
            first + 3,
        ),
    )


def _compared(found: Gathered, quarters: tuple[Quarter, ...]) -> tuple[Column, ...]:
    heads = [_head(found, quarter, quarters[-1].year) for quarter in quarters]
    changes = [
        f"{wording.short(after)}比\n{'上年' if before.year < after.year else ''}{wording.short(before)}"
        for before, after in pairwise(quarters)
    ]
    return (
        Column("序列", Kind.CENTRED, 17),
        Column("单位", Kind.CENTRED, 18),
        *(Column(head, Kind.SCORE, 12) for head in heads),
        *(Column(head, Kind.CHANGE, 12) for head in changes),
    )


def _head(found: Gathered, quarter: Quarter, year: int) -> str:
    name = f"{'上年' if quarter.year < year else ''}{wording.short(quarter)}"
    one = found.quarters.get(quarter)
    return name if one is None or one.table.final else f"{name}\n（暂定）"


def _values(scores: Mapping[Quarter, Fraction], quarters: tuple[Quarter, ...]) -> tuple[Value, ...]:
    """The scores, then each one's change against the quarter before it."""
    changes = [
        scores[after] - scores[before] if after in scores and before in scores else None
        for before, after in pairwise(quarters)
    ]
    return (*(scores.get(quarter) for quarter in quarters), *changes)


def _means(
    units: list[Unit],
    scores: Mapping[str, Scores],
    quarters: tuple[Quarter, ...],
    columns: tuple[Column, ...],
) -> Block:
    rows = []
    for sequence in dict.fromkeys(unit.sequence for unit in units):
        means: Scores = {}
        for quarter in quarters:
            there = [
                scores[u.code][quarter] for u in units if u.sequence == sequence and quarter in scores[u.code]
            ]
            if there:
                means[quarter] = sum(there, Fraction(0)) / len(there)
        rows.append((sequence, "平均", *_values(means, quarters)))
    return Block(columns, tuple(rows), "各序列平均（所列单位）")


def progress(found: Gathered) -> Page:
    """How far each group is, and who made its steps; of a single quarter each unit, too."""
    blocks = [Block(GROUPS, tuple(_group(stand, found.bureau) for stand in found.stands))]
    if len(found.asked) == 1:
        rows = tuple(
            (
                stand.progress.group.name,
                unit.unit.name,
                "已检查" if unit.inspected else "未检查",
                unit.entries,
                unit.unexplained,
                unit.appeals,
            )
            for stand in found.stands
            for unit in stand.progress.units
        )
        blocks.append(Block(UNITS, rows, "各单位"))
    return Page(
        name="进度",
        title=title(found, "进度"),
        notes=notes(found),
        blocks=tuple(blocks),
        fits_one=sum(len(block.rows) for block in blocks) <= 60,
    )


GROUPS = (
    Column("考核小组", Kind.CENTRED, 28),
    Column("季度", Kind.CENTRED, 14),
    Column("单位数", Kind.COUNT, 9),
    Column("已检查", Kind.COUNT, 9),
    Column("有效扣分\n（笔）", Kind.COUNT, 10),
    Column("未写原因\n（笔）", Kind.COUNT, 10),
    Column("待裁定\n申诉", Kind.COUNT, 9),
    Column("阶段", Kind.CENTRED, 9),
    Column("提交", Kind.CENTRED, 18),
    Column("审定", Kind.CENTRED, 20),
    Column("公布", Kind.CENTRED, 15),
)
UNITS = (
    Column("考核小组", Kind.CENTRED, 28),
    Column("单位", Kind.CENTRED, 14),
    Column("检查情况", Kind.CENTRED, 10),
    Column("有效扣分\n（笔）", Kind.COUNT, 9),
    Column("未写原因\n（笔）", Kind.COUNT, 10),
    Column("待裁定\n申诉", Kind.COUNT, 10),
)


def _group(stand: Stand, bureau: Bureau) -> tuple[Value, ...]:
    found, course = stand.progress, stand.course
    confirmed = course.last(Move.CONFIRM)
    lead = f"\n带队局领导：{confirmed.lead}" if confirmed is not None and confirmed.lead else ""
    return (
        found.group.name,
        f"{found.quarter.year}年{wording.short(found.quarter)}",
        len(found.units),
        len(found.units) - len(found.left),
        sum(unit.entries for unit in found.units),
        len(found.unexplained),
        found.appeals,
        course.stage.value,
        _step(course.submitted, bureau),
        _step(confirmed, bureau) + lead,
        _step(course.last(Move.PUBLISH), bureau),
    )


def _step(step: Step | None, bureau: Bureau) -> str:
    if step is None:
        return ""
    return f"{step.by}\n{wording.moment(step.at, bureau.calendar.zone)}{lateness(step)}"


def officers(found: Gathered) -> Page:
    """Every officer's months: a block for each unit, since units have their own methods (R9)."""
    units: dict[str, list[UnitMonth]] = {}
    for month in found.officers:
        units.setdefault(month.unit.code, []).append(month)
    blocks = [block for some in units.values() for block in _unit(some, alone=len(units) == 1)]
    return Page(
        name="民警月度",
        title=f"{found.bureau.name}{wording.period(found.chosen.period)}民警月度考核成绩（暂定）",
        notes=notes(found, "结果是得分乘以系数；注明“不计”的月份不算平均、不排名。"),
        blocks=tuple(blocks),
        landscape=True,
        filtered=len(blocks) == 1,
    )


def _unit(found: list[UnitMonth], *, alone: bool) -> list[Block]:
    """One block, whose head a printed page repeats when it is alone; else pieces that a page holds."""
    if alone or sum(len(month.everybody) for month in found) <= A_PAGE:
        return [_method(found, found[0].unit.name)]
    return [_method([month], f"{month.unit.name}　{wording.month(month.month)}") for month in found]


def _method(months: list[UnitMonth], title_: str) -> Block:
    items = months[0].scheme.items
    results = [row.result for month in months for row, _ in month.rows]
    columns = (
        Column("单位", Kind.CENTRED, 16),
        Column("民警", Kind.CENTRED, 12),
        Column("职务", Kind.CENTRED, 10),
        Column("月份", Kind.CENTRED, 12),
        *(Column(f"{item.name}\n{shown(item.points)}", Kind.SCORE, 11) for item in items),
        Column("得分", Kind.SCORE, 9),
        Column("系数", Kind.SCORE, 7),
        Column("结果", Kind.SCORE, 9, places_needed(results)),
        Column("名次", Kind.COUNT, 7),
        Column("备注", Kind.CENTRED, 12),
    )
    rows: list[tuple[Value, ...]] = []
    for month in months:
        for row, standing in month.rows:
            rows.append(_officer(month, row, standing.place, "并列" if standing.shared else ""))
        rows += [_absent(month, row, len(items)) for row in month.absent]
    return Block(columns, tuple(rows), title_, stretched=True)


def _officer(month: UnitMonth, row: OfficerMonth, place: int, remark: str) -> tuple[Value, ...]:
    left: list[Decimal] = [score.left for score in row.score.items]
    who = (month.unit.name, row.officer.name, row.officer.duty, wording.month(month.month))
    return (*who, *left, row.score.total, row.coefficient, row.result, place, remark)


def _absent(month: UnitMonth, row: OfficerMonth, items: int) -> tuple[Value, ...]:
    who = (month.unit.name, row.officer.name, row.officer.duty, wording.month(month.month))
    return (*who, *(None,) * (items + 1), row.coefficient, None, None, f"{row.absence}，不计")
