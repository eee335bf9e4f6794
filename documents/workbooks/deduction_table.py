"""The table of deductions: the template that is given out, and what one that came says, row by row or unit by item.

The ledger's sheet of an exported workbook is read by the same heads; what was taken back there is left out.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from documents.workbooks import forms, tables
from documents.workbooks.cells import Wrong
from documents.workbooks.forms import Column, Form
from documents.workbooks.tables import BLANK, FULL_MARKS_WORDS, HEAD, NOTHING_TAKEN, Row, Table, Tables
from documents.workbooks.values import Cell, Kind, RowProblem, Workbook
from rules.imports import looks_like_scores, says_counts, says_scores
from rules.points import shown
from rules.reading import read_day
from rules.text import plain

UNIT, ITEM, POINTS, CRITERION, TIMES = "单位", "项目", "分值", "细则", "次数"
REASON, DAY, QUARTER, STATE = "原因", "检查日期", "季度", "状态"

_UNITS = (
    "单位名称", "被考核单位", "被扣分单位", "被检查单位", "被检单位", "受检单位", "被查单位", "受检查单位", "扣分单位", "责任单位",
    "所属单位", "考核对象", "被考核对象", "派出所", "所队", "科室", "部门",
)  # fmt: skip
_REASONS = (
    "扣分原因", "扣分理由", "扣分事由", "扣分依据", "理由", "事由", "存在问题", "存在的问题", "发现问题",
    "发现的问题", "主要问题", "问题描述", "问题情况", "具体问题", "扣分情形", "具体情况", "情况说明", "扣分说明", "问题",
    "扣分详情", "扣分事项", "检查情况", "检查发现", "发现情况", "扣分情况",
)  # fmt: skip

FORM = Form(
    "扣分导入",
    (
        Column(UNIT, 20, "被扣分的单位，写全称或配置里的简称，例如 城关派出所。", needed=True, also=_UNITS),
        Column(
            ITEM, 18, "考核项目，与计分表一致；写了细则的可以空着。", needed=True,
            also=(
                "考核项目", "扣分项目", "项目名称", "考评项目", "检查项目", "对应项目", "所属项目", "涉及项目", "对应考核项目",
                "所属考核项目", "考核指标", "考核内容", "扣分内容", "考核类别", "类别",
            ),
        ),
        Column(
            POINTS, 8, "这一笔一共扣几分，大于 0，最多两位小数；写了细则的可以空着。", needed=True, own=True, taken=True,
            # In a table that has both, 分值 is the item's full mark, and the other head what was taken.
            rather=(
                "扣分", "扣分值", "扣分分值", "扣分数", "扣分情况", "所扣分值", "所扣分数", "实扣分", "实际扣分", "扣分数值",
                "扣减分", "扣减分值", "应扣分",
            ),
            also=("分数",),
            unlike=tuple(
                (head, "是得了几分。导入的表里要写扣了几分，请加上“扣分”一列")
                for head in ("得分", "实得分", "考核得分", "最后得分", "最终得分", "成绩")
            ),
        ),
        Column(
            CRITERION, 12, "细则编号，例如 2.1；没有就空着。", also=("细则编号", "细则号", "对应细则", "条款号"),
        ),
        Column(TIMES, 8, "按细则扣分的，发现几次；空着就是 1 次。", also=("处数", "扣分次数"), own=True),
        Column(
            REASON, 48, "为什么扣分，必须写明；写了细则的可以空着。不能有身份证号、手机号、银行卡号。", needed=True, also=_REASONS,
        ),
        Column(
            DAY, 14, "例如 2026-03-01；空着就是导入当天。",
            also=("检查时间", "扣分日期", "扣分时间", "发现日期", "发现时间", "考核日期", "考核时间", "日期", "时间"),
        ),
        Column(QUARTER, 14, "例如 2026年第一季度；空着就是正在进行的季度。", also=("考核季度", "所属季度", "计入季度")),
        Column(STATE, 8, "", in_template=False),
    ),
    instead=((ITEM, CRITERION), (POINTS, CRITERION), (REASON, CRITERION)),
)  # fmt: skip

_NOTHING_FOUND = re.compile("(?:未|没有|无)(?:发现|存在)?(?:问题|扣分|异常|情况)?[。.]?|正常|合格")
"""A reason that says that there is none."""

_ALONE = replace(FORM, never=("姓名", "民警姓名"))
"""The form of a table whose unit or item stands beside it: with a column of names it is a table of officers."""

_INSPECTED = re.compile(r"\(?(?:检查|抽查|督查|督导|巡查|考核|暗访)(?:情况|问题|发现的?问题|结果)?\)?:?$")
_LISTED = re.compile(r"^\(?[一二三四五六七八九十]{1,3}[).、]\s*|^\d{1,2}、\s*")
_BEGINS_WITH_DAY = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]")

TAKEN_BACK = ("已撤销", "已更正")
LONGEST_LIST = 255
"""Signs that Excel takes for a cell's choices."""

Named = Mapping[str, Sequence[str]]
"""What units or items are called: the full name, and the other names by which a head may mean it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One deduction as its cells say it; what is empty is an empty text, or None."""

    row: int
    """Excel's number."""
    unit: str
    item: str
    points: Decimal | None
    criterion: str
    times: str
    reason: str
    day: date | None
    quarter: str
    table: int = 0
    """Which of the workbook's tables, from 0."""
    column: int = 0
    """In a table of units by items the column, from 1."""
    wrong: frozenset[str] = frozenset()
    """The columns in which something was found wrong already."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a workbook says: the deductions, how many rows had been taken back where they come from, and what is wrong."""

    lines: tuple[Line, ...]
    left_out: int
    problems: tuple[RowProblem, ...]
    notes: tuple[str, ...] = ()
    titles: tuple[tuple[str, ...], ...] = ()
    """Of each table what may name its quarter."""
    sheets: tuple[str, ...] = ()
    """The names of the tables' sheets, where there are several."""
    by_item: bool = False
    """Units by items: the table says no reasons."""


def template(title: str, units: Sequence[str], items: Sequence[str]) -> bytes:
    """An .xlsx to fill in; units and items are offered in their cells where Excel has room for the list."""
    offered = {UNIT: units, ITEM: items}
    choices = {name: some for name, some in offered.items() if len(",".join(some)) <= LONGEST_LIST}
    return forms.template(FORM, title, (), choices=choices)


def listed(workbook: Workbook, today: date, units: Named, items: Named) -> Listed:
    """The deductions of all tables of the workbook, one a row; without such a table those of units by items."""
    days = {DAY: lambda text: _day_alone(text, today)}
    beside = {UNIT: _naming(units), ITEM: _naming(items), **days}
    found = tables.find(workbook, FORM, days)
    for some in (found, *([] if found.tables else [tables.find(workbook, _ALONE, beside)])):
        if some.tables:
            return _gathered(some, lambda number, table: _rows(number, table, today))
    for form in (_crossed(UNIT, _UNITS, items), _crossed(ITEM, ("考核项目", "扣分项目", "项目名称"), units)):
        crossed = tables.find(workbook, form)
        if crossed.tables:
            return _gathered(crossed, _cells, by_item=True)
    return _gathered(found, lambda *_: ([], 0, []))


def _naming(names: Named) -> Callable[[str], Cell | None]:
    """Reads a text that is one of the names and nothing else."""
    known: dict[str, set[str]] = {}
    for name, also in names.items():
        for word in also:
            known.setdefault(tables.label(word), set()).add(name)
    # A full name is nobody else's, even where another goes by it, too.
    known |= {tables.label(name): {name} for name in names}

    def read(text: str) -> Cell | None:
        meant = known.get(tables.label(text), set())
        return Cell(Kind.TEXT, next(iter(meant))) if len(meant) == 1 else None

    return read


def _day_alone(text: str, today: date) -> Cell | None:
    """The day that a line of its own names, 11月3日检查; a text where it begins with one and is not clear."""
    words = _LISTED.sub("", plain(text))
    day = read_day(_INSPECTED.sub("", words).strip(), today)
    if day is not None:
        return Cell(Kind.DATE, day)
    return Cell(Kind.TEXT, text) if _BEGINS_WITH_DAY.match(words) else None


def _gathered(found: Tables, read, *, by_item: bool = False) -> Listed:  # type: ignore[no-untyped-def]
    lines: list[Line] = []
    left_out = 0
    problems = list(found.problems)
    notes: list[str] = []
    for number, table in enumerate(found.tables):
        several, without, wrong = read(number, table)
        lines += several
        left_out += without
        problems += tables.named(wrong, table, found.tables)
        notes += _sums(table, several)
    problems += _copies(found, lines)
    several_tables = len(found.tables) > 1
    sheets = tuple(table.grid.name for table in found.tables) if several_tables else ()
    titles = tuple(table.titles for table in found.tables)
    return Listed(tuple(lines), left_out, tuple(problems), (*found.notes, *notes), titles, sheets, by_item)


def _rows(number: int, table: Table, today: date) -> tuple[list[Line], int, list[RowProblem]]:
    lines: list[Line] = []
    problems: list[RowProblem] = []
    left_out = 0
    for row in table.rows:
        if row.text(STATE).startswith(TAKEN_BACK):
            left_out += 1
        elif tables.is_blank(row, (POINTS, CRITERION, TIMES, REASON, DAY)):
            table.skipped.setdefault(BLANK, []).append(row.number)
        elif _says_nothing_taken(row):
            table.skipped.setdefault(NOTHING_TAKEN, []).append(row.number)
        else:
            lines.append(_line(number, row, today))
            problems += row.problems
    return lines, left_out, problems


def _says_nothing_taken(row: Row) -> bool:
    """Whether a row says that nothing was taken: 0 or 无, and no reason. With a reason the 0 may be a slip."""
    if row.cell(POINTS).kind is Kind.EMPTY or not tables.is_blank(row, (POINTS, CRITERION, TIMES)):
        return False
    return tables.is_blank(row, (REASON,)) or _NOTHING_FOUND.fullmatch(row.words(REASON)) is not None


def _line(table: int, row: Row, today: date) -> Line:
    row.checked()
    texts = dict.fromkeys((UNIT, ITEM, CRITERION, TIMES, QUARTER), "")
    points = day = None
    for name in texts:
        with row.noting():
            texts[name] = tables.bare_name(row.text(name)) if name == ITEM else row.text(name)
    with row.noting():
        points = row.number_in(POINTS)
    with row.noting():
        day = row.day(DAY, lambda month, number: read_day(f"{month}月{number}日", today))
    wrong = frozenset(problem.column for problem in row.problems)
    return Line(
        row.number, texts[UNIT], texts[ITEM], points, texts[CRITERION], texts[TIMES], row.words(REASON), day, texts[QUARTER],
        table, wrong=wrong,
    )  # fmt: skip


def _copies(found: Tables, lines: Sequence[Line]) -> list[RowProblem]:
    """A sheet whose every row stands on another one too: a copy, or a summary, would count everything twice."""
    said = [
        {replace(line, row=0, table=0, column=0, wrong=frozenset()) for line in lines if line.table == number}
        for number in range(len(found.tables))
    ]
    names = [table.grid.name for table in found.tables]
    problems = []
    for number, own in enumerate(said):
        other = next((n for n, its in enumerate(said) if n != number and own and own <= its), None)
        if other is not None and (own != said[other] or other < number):
            message = f"这张表的各行在“{names[other]}”里都有，会重复扣分。请只留一张再发"
            problems.append(RowProblem(found.tables[number].head, HEAD, message, names[number]))
    return problems


def _sums(table: Table, lines: Sequence[Line]) -> list[str]:
    """Where a row of sums says something else than the rows since the last one, or all above it, come to.

    One that stands above all rows is the sum of them all.
    """
    ends = [row.number for row in table.sums]
    notes = []
    for start, row in zip([table.head, *ends], table.sums, strict=False):
        cell = row.cell(POINTS)
        if cell.kind is not Kind.NUMBER or not isinstance(cell.value, Decimal):
            continue
        above = [line for line in lines if line.row < row.number] or lines
        block = [line for line in above if line.row > start]
        if abs(cell.value) not in {_total(above), _total(block)}:
            notes.append(
                f"⚠ {row.address(POINTS)} 的合计是 {shown(abs(cell.value))}，"
                f"读出的各行相加是 {shown(_total(block or above))}，请核对。"
            )
    return notes


def _total(lines: Sequence[Line]) -> Decimal:
    return sum((line.points for line in lines if line.points is not None), Decimal(0))


# Units by items

_CORNERS = tuple(
    first + second
    for one in (UNIT, "单位名称", "被考核单位")
    for other in (ITEM, "考核项目", "扣分项目")
    for first, second in ((one, other), (other, one))
)
"""Heads of the corner that a slanted line divides."""


_POINTS_BEHIND = ("扣分", "扣分值", "扣分数", "扣分情况", "分值", "分数")
"""What may stand below or behind the name of an item or a unit over its points, where reasons have a column of their own."""


def _reasons_of(name: str) -> str:
    """The head of the reasons that stand beside the points of an item or a unit."""
    return f"{name}{REASON}"


def _crossed(key: str, also: Sequence[str], others: Named) -> Form:
    """A table whose other heads are names: units down and items across, or the other way about.

    Beside the points of each name, or once at the end for the whole row, there may be a column of reasons.
    """
    return Form(
        "统计表",
        (
            Column(key, 20, "", needed=True, also=(*also, *_CORNERS)),
            *(Column(name, 10, "", own=True, taken=True, also=tuple(names)) for name, names in others.items()),
            *(
                Column(_reasons_of(name), 30, "", own=True, also=tuple(map(_reasons_of, names)))
                for name, names in others.items()
            ),
            Column(REASON, 30, "", also=_REASONS),
        ),
        some_of=tuple(others),
        key=key,
        no_records=FULL_MARKS_WORDS,
        behind=(*((word, "") for word in _POINTS_BEHIND), *((word, REASON) for word in (REASON, *_REASONS))),
        numbers=True,
    )


def _cells(number: int, table: Table) -> tuple[list[Line], int, list[RowProblem]]:
    """Each cell that takes something off."""
    lines: list[Line] = []
    problems: list[RowProblem] = []
    if says_scores(table.titles):
        problems.append(RowProblem(table.head, HEAD, "标题说这是得分表。导入的表里要写扣了几分，不是得了几分"))
    if says_counts(table.titles):
        message = (
            "标题说这是数量表。导入的表里要写扣了几分，不是有几个问题；按细则扣分的，请用扣分表写细则和次数"
        )
        problems.append(RowProblem(table.head, HEAD, message))
    key = next(iter(table.places))
    names = [name for name in table.places if name in table.form.some_of]
    for row in table.rows:
        taken: dict[str, Decimal] = {}
        if row.checked():
            for name in names:
                with row.noting():
                    points = row.number_in(name)
                    if points:
                        taken[name] = points
            with row.noting():
                _check_row(row, taken, len(names))
            _check_explained(row, taken)
        for name, points in taken.items():
            pair = {
                key: row.text(key) if key == UNIT else tables.bare_name(row.text(key)),
                ({UNIT, ITEM} - {key}).pop(): name,
            }
            lines.append(
                Line(
                    row.number, pair[UNIT], pair[ITEM], points, "", "", _reason(row, name), None, "", number,
                    table.places[name],
                )
            )  # fmt: skip
        problems += row.problems
    return lines, 0, problems


def _reason(row: Row, name: str) -> str:
    """What stands beside the points, else the reason of the whole row; empty where there is none."""
    said = (row.words(column) for column in (_reasons_of(name), REASON) if not _explains_nothing(row, column))
    return next(said, "")


def _check_explained(row: Row, taken: Mapping[str, Decimal]) -> None:
    """Note a reason beside which no points stand: they may have been forgotten."""
    for name in row.table.form.some_of:
        column = _reasons_of(name)
        if name not in taken and not _explains_nothing(row, column):
            row.wrong(column, f"{row.address(column)} 写了原因，旁边没有写扣几分。请补上分值，或清空原因")
    if not taken and not _explains_nothing(row, REASON):
        row.wrong(REASON, f"{row.address(REASON)} 写了原因，这一行没有写扣几分。请补上分值，或清空原因")


def _explains_nothing(row: Row, column: str) -> bool:
    return tables.is_blank(row, (column,)) or _NOTHING_FOUND.fullmatch(row.words(column)) is not None


def _check_row(row: Row, taken: Mapping[str, Decimal], count: int) -> None:
    total = sum(taken.values(), Decimal(0))
    if looks_like_scores(total, len(taken), count):
        raise Wrong("合计", f"这一行各项相加是 {shown(total)}，像是得分，不是扣分。表里要写扣了几分")
    tables.check_sum(row, total)
