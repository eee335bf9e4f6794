"""Finds the tables of a workbook by the heads of a form, and lays out their rows: one way for every kind of table.

The head stands anywhere in the first rows of a sheet, in one row or in two. Sums, signatures, notes, hidden rows and
sheets are left out, and what was left out is said. Nothing that cannot be read is taken for empty.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from documents.workbooks import cells
from documents.workbooks.cells import NOTHING, Wrong
from documents.workbooks.forms import NOTES, Column, Form
from documents.workbooks.values import EMPTY, Cell, Grid, Kind, Place, RowProblem, Workbook, address
from rules.text import plain

T = TypeVar("T")

HEAD_WITHIN = 30
"""The head row is looked for among the first rows."""

HEAD = "表头"

_BRACKETS = re.compile(r"[(\[【〔<《].*?[)\]】〕>》]")
_POINTS_BEHIND = re.compile(r"(?<=\D)\d+(?:\.\d+)?分?$")
_SUM = re.compile(
    r"(?:本页|本表|本季度?|本月|全[局年]|全部|各项|扣分)?(?:合计|小计|总计|共计|累计|平均|均分|总分).*|.*(?:合计|小计|总计|共计)"
)
_NOTE = re.compile(r"(?:备?注|说明|附注|附件|填表说明|填写说明|注意)(?:[:：\d一二三、.]|$)")
_SIGNED = re.compile(
    r".*(?:签字|签名|盖章|签章).*|(?:单位|部门|科室|分管|主管|主要|考核|填[表报]|制表|审[核批定]|复核|经办|检查|联系|报送|统计|汇总|"
    r"抄报|批准|负责|领导|局领导|所长|大队长|组长|日期|时间)[^:：]{0,12}[:：].*"
)
_DATED = re.compile(r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日")
_NOT_READ = re.compile(
    r"序号?|编号|no|号|行号|职[务级位称]|岗位|警[衔号种]|性别|年龄|出生.*|.*电话.*|手机.*|身份证.*|备注|说明|签[名字章]?|月份|年份|年度|季度|单位.*|"
    r"部门|中队|班组|.*合计.*|小计|总计|.*总扣分.*|总分|总得分|.*得分|扣分|加分|分数|成绩|.*排[名序]|名次|等[次级]|标准分|满分|基[准础]分|"
    r"权重|应得.*|实得.*|系数"
)
"""Heads of columns that no table of ours needs, even where numbers stand below them."""

_NUMBERED = re.compile(
    r"^(?:\([一二三四五六七八九十\d]{1,3}\)|[一二三四五六七八九十]{1,3}[、.]|\d{1,2}(?:[、)]|\.(?!\d)))\s*(?=\S)"
)
_OF_POINTS = re.compile(r"\s*\(\d+(?:\.\d+)?分\)$")
_DITTO = frozenset({"〃", "″", '"', "''", "”", "同上"})
"""What stands for what the row above says."""

_ADDED = re.compile(r".{0,4}(?:加分|奖分|奖励分)(?:值|数|项|情况|合计)?")
"""Heads of columns of points that were given: nothing here takes them."""

_WHOSE = frozenset(
    {
        "单位",
        "单位名称",
        "所在单位",
        "工作单位",
        "现工作单位",
        "所属单位",
        "所在部门",
        "派出所",
        "所队",
        "被考核单位",
    }
)
"""Heads of the column that says whose a row is, in a table that is sent for one unit."""

FULL_MARKS_WORDS = frozenset(
    {"满分", "标准分", "分值", "项目分值", "基准分", "基础分", "权重", "应得分", "标准分值"}
)
"""What stands before the row of the items' full marks."""

_SUMS = re.compile(r"(?:扣分)?(?:合计|总计|共计)(?:扣分)?|总扣分")
"""Heads of what a row loses in all."""

SUM, NOTE, HIDDEN, STRUCK, BLANK, NOTHING_TAKEN = "合计", "说明、签字", "隐藏", "删除线", "没有填写", "没有扣分"


@dataclass(frozen=True)
class Row:
    """A row of a table: its cells by the heads of the form, merged ones filled; and what is found wrong in it."""

    table: "Table"
    number: int
    """Excel's number."""
    problems: list[RowProblem] = field(default_factory=list)

    def cell(self, column: str) -> Cell:
        """The cell of a column, or the one that it is merged with from above; empty where nothing says it."""
        place = self.table.places.get(column)
        return self.table.filled(self.number, place) if place is not None else self._said(column)

    def _said(self, column: str) -> Cell:
        """What the last line of its own above the row says of a column that the table lacks."""
        said = self.table.said.get(column, {})
        return said[max(above)] if (above := [row for row in said if row < self.number]) else EMPTY

    def address(self, column: str) -> str:
        """Where it stands: C7."""
        return address(self.number, self.table.places[column]) if column in self.table.places else ""

    def text(self, column: str) -> str:
        """The cell as text. Wrong."""
        return cells.text(self.cell(column), column, self.address(column))

    def words(self, column: str) -> str:
        """The cell's text as it was written."""
        return cells.words(self.cell(column))

    def number_in(self, column: str) -> Decimal | None:
        """What the cell takes off, however the minus is written; None where nothing stands. Wrong."""
        value = cells.number(self.cell(column), column, self.address(column))
        if value and value * self.table.odd_sign > 0:
            sign, others = ("正", "负") if value > 0 else ("负", "正")
            where = f"{self.address(column)} 是{sign}数，表里别的扣分写成{others}数"
            raise Wrong(column, f"{where}。只扣不加，请核对是扣分还是加分，写法要一致")
        return abs(value) if value is not None else None

    def points(self, column: str, most: Decimal, *, of: str = "该项目的") -> Decimal | None:
        """Points above zero, up to `most`. Wrong."""
        return cells.points(self.cell(column), column, self.address(column), most, of=of)

    def day(self, column: str, near: Callable[[int, int], date | None], *, month: bool = False) -> date | None:
        """A day. Wrong."""
        return cells.day(self.cell(column), column, self.address(column), near, month=month)

    def wrong(self, column: str, message: str) -> None:
        """Note what is wrong in a column."""
        self.problems.append(RowProblem(self.number, column, message))

    @contextmanager
    def noting(self) -> Iterator[None]:
        """What is Wrong in here is noted, and the other columns are looked at all the same."""
        try:
            yield
        except Wrong as wrong:
            self.wrong(wrong.column, wrong.message)

    def checked(self) -> bool:
        """Whether each column holds something that can be read; what does not is noted."""
        for name in self.table.places:
            with self.noting():
                cells.check(self.cell(name), name, self.address(name))
                self._check_not_struck(name)
                self._check_own(self.table.form.column(name))
        return not self.problems

    def _check_not_struck(self, column: str) -> None:
        """Refuse a cell that is struck through where its row is not: nobody can tell whether it holds."""
        grid = self.table.grid
        place = self.table.origin(self.number, self.table.places[column])
        if place in grid.struck:
            raise Wrong(column, f"{address(*place)} 划了删除线，分不清算不算。不算的请删去，算的请去掉删除线")
        if place in grid.struck_in_part:
            raise Wrong(column, f"{address(*place)} 有一部分划了删除线。请删去划掉的字，只留算数的内容")

    def _check_own(self, column: Column) -> None:
        place = self.table.places[column.name]
        area = self.table.grid.area(self.number, place)
        if (
            column.own
            and area is not None
            and area.top < self.number
            and self.cell(column.name).kind is not Kind.EMPTY
        ):
            name = f"{address(area.top, area.left)}:{address(area.bottom, area.left)}"
            raise Wrong(column.name, f"{name} 是合并单元格，分不清各行是多少。请拆开，每行分别填写")


@dataclass
class Table:
    """One table: its sheet, the form that it follows, where its columns are, and its rows."""

    grid: Grid
    form: Form
    head: int
    """The last row of the head."""
    places: dict[str, int]
    above: tuple[str, ...]
    """The texts above the head: titles and notes."""
    unread: tuple[str, ...] = ()
    """Heads of columns that are not read."""
    sum_column: int = 0
    """The column of what each row loses in all; 0: there is none."""
    said: dict[str, dict[int, Cell]] = field(default_factory=dict)
    """Of columns that the table lacks, what lines of their own say for the rows below; the head's row is the sheet's name."""
    rows: list[Row] = field(default_factory=list)
    sums: list[Row] = field(default_factory=list)
    """The rows of sums."""
    skipped: dict[str, list[int]] = field(default_factory=dict)
    """The rows that were left out, by why."""
    problems: list[RowProblem] = field(default_factory=list)
    unit_column: int = 0
    """The column that says whose each row is, where the form has none; 0: there is none."""
    odd_sign: int = 0
    """The sign that few of the points are written with: 1 or -1, where both are; else 0."""

    def filled(self, row: int, column: int) -> Cell:
        """What stands in a cell, or in the one that it is merged with from above; 同上 is what the row above says."""
        cell = self._merged(row, column)
        if not _is_ditto(cell):
            return cell
        above = (self._merged(line.number, column) for line in reversed(self.rows) if line.number < row)
        return next((other for other in above if not _is_ditto(other)), cell)

    def _merged(self, row: int, column: int) -> Cell:
        return self.grid.cell(*self.origin(row, column))

    def origin(self, row: int, column: int) -> Place:
        """The cell itself, or the one above that it is merged with."""
        area = self.grid.area(row, column)
        return (area.top if area is not None and area.left == column else row), column

    def left_out(self, why: str) -> list[str]:
        """The texts that the rows begin with which were left out for this."""
        firsts = (next(iter(self.grid.row(number).values())) for number in self.skipped.get(why, ()))
        return [plain(str(cell.value)) for cell in firsts if cell.kind is Kind.TEXT]

    @property
    def titles(self) -> tuple[str, ...]:
        """What may name the table's period: the sheet's name and the texts above the head."""
        return (self.grid.name, *self.above)


@dataclass(frozen=True)
class Tables:
    """The tables of a workbook that follow a form, and what is wrong where there is none."""

    form: Form
    tables: tuple[Table, ...]
    problems: tuple[RowProblem, ...] = ()
    hidden_sheets: tuple[str, ...] = ()
    other_sheets: tuple[str, ...] = ()
    """Visible sheets that hold something else."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was read and what was left out, in sentences."""
        several = len(self.tables) > 1
        notes = (
            [f"读了 {len(self.tables)} 张工作表：{'、'.join(t.grid.name for t in self.tables)}。"]
            if several
            else []
        )
        if self.other_sheets and self.tables:
            notes.append(f"没有读：{'、'.join(self.other_sheets)}（没有这种表的表头）。")
        if self.hidden_sheets:
            notes.append(f"隐藏的工作表没有用：{'、'.join(self.hidden_sheets)}。")
        for table in self.tables:
            where = f"“{table.grid.name}”" if several else ""
            notes += [f"{where}{note}" for note in _notes(table)]
        return tuple(notes)


def _notes(table: Table) -> list[str]:
    notes = []
    if HIDDEN in table.skipped:
        notes.append(f"{_numbers(table.skipped[HIDDEN])}是隐藏的，没有用；要算的请取消隐藏再发。")
    if STRUCK in table.skipped:
        notes.append(f"{_numbers(table.skipped[STRUCK])}划了删除线，没有用；要算的请去掉删除线再发。")
    left_out = [(why, rows) for why, rows in table.skipped.items() if why not in {HIDDEN, STRUCK}]
    if left_out:
        notes.append("跳过：" + "，".join(f"{_numbers(rows)}（{why}）" for why, rows in left_out) + "。")
    for name, said in table.said.items():
        if table.head in said:
            notes.append(f"工作表名读作各行的{name}。")
        lines = [number for number in said if number != table.head]
        if lines:
            notes.append(f"{_numbers(lines)}单独写的{name}，用于其下各行。")
    hidden = [name for name, place in table.places.items() if place in table.grid.hidden_columns]
    if hidden:
        notes.append(f"隐藏的列“{'、'.join(hidden)}”也读了。")
    return notes


def _numbers(rows: Sequence[int]) -> str:
    """第 8–10、12 行."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and spans[-1][-1] == row - 1:
            spans[-1] = [spans[-1][0], row]
        else:
            spans.append([row, row])
    return f"第 {'、'.join(str(a) if a == b else f'{a}–{b}' for a, b in spans)} 行"


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """What a workbook says: the good rows, what is wrong with the others, and what was read and left out."""

    rows: tuple[T, ...]
    problems: tuple[RowProblem, ...]
    notes: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    owners: tuple["Owner", ...] = ()
    """Whose the rows are, where a column says it."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a row is, as its cell says."""

    row: int
    address: str
    unit: str
    sheet: str


def bare_name(text: str) -> str:
    """The name of an item without its number in a list and its full marks: （二）治安管理（10分）."""
    return _OF_POINTS.sub("", _NUMBERED.sub("", text))


def _is_ditto(cell: Cell) -> bool:
    return cell.kind is Kind.TEXT and plain(str(cell.value)) in _DITTO


def label(text: str) -> str:
    """A head as it is compared: without gaps, signs, its number in a list, and what stands in brackets."""
    bare = _BRACKETS.sub("", _NUMBERED.sub("", plain(text)))
    bare = "".join(sign for sign in bare if sign.isalnum()).casefold()
    return bare or "".join(sign for sign in plain(text) if sign.isalnum()).casefold()


Says = Mapping[str, Callable[[str], Cell | None]]
"""Of a column that a table may lack, how a line of its own or a sheet's name is read for it; None: it does not say it."""


def is_of(workbook: Workbook, form: Form) -> bool:
    """Whether a visible sheet has the form's head."""
    return bool(find(workbook, form).tables)


def find(workbook: Workbook, form: Form, says: Says | None = None) -> Tables:
    """Every table of the form on the visible sheets; where there is none, which heads are missing.

    `says` reads what a line of its own or the sheet's name tells instead of a column.
    """
    tables: list[Table] = []
    problems: list[RowProblem] = []
    others: list[str] = []
    hidden: list[str] = []
    near: list[tuple[Grid, int, list[str]]] = []
    for grid in workbook.sheets:
        if grid.hidden:
            hidden.append(grid.name)
            continue
        table = _table(grid, form, says or {})
        if table is not None:
            tables.append(table)
            continue
        row, missing = _nearest(grid, form)
        if missing:
            near.append((grid, row, missing))
        if (grid.cells or grid.too_big) and grid.name != NOTES:
            others.append(grid.name)
    # A sheet that lacks one head of a table beside it was meant to be read: it is not passed over.
    wanting = near if not tables else [n for n in near if len(n[2]) == 1]
    sheets = len(tables) + len(wanting) > 1
    for grid, row, missing in wanting:
        problems.append(RowProblem(row, HEAD, _lacks(grid, row, missing, form), grid.name if sheets else ""))
    if not tables and not wanting:
        problems.append(RowProblem(1, HEAD, _no_head(workbook, form)))
    for table in tables:
        problems += named(table.problems, table, tables)
    return Tables(form, tuple(tables), tuple(problems), tuple(hidden), tuple(others))


def _lacks(grid: Grid, row: int, missing: Sequence[str], form: Form) -> str:
    """Which heads a sheet lacks, and why one that is there does not stand for them."""
    within = f"（表头在前 {HEAD_WITHIN} 行之内）"
    heads = _labels(grid, row)
    for column, head in heads.items():
        for name in missing:
            why = dict(form.column(name).unlike).get(head) if name in form.names else None
            if why is not None:
                return f"没有找到表头“{name}”{within}：{address(row, column)} 的“{head}”{why}"
    if missing == [_any_of(form)]:
        return f"没有找到任何一个项目的列：{missing[0]}。每个项目要有一列，写在表头里{within}"
    places, _ = _match(_single(grid, row, form), form)
    read_as = [f"“{heads[place]}”读作“{name}”" for name, place in places.items() if heads[place] != label(name)]
    return f"没有找到表头“{'”“'.join(missing)}”，请加上这一列{within}" + "".join(f"；{w}" for w in read_as)


def _any_of(form: Form) -> str:
    return "、".join(form.some_of)


def _no_head(workbook: Workbook, form: Form) -> str:
    wanted = [*(c.name for c in form.columns if c.needed), *form.some_of]
    message = f"没有找到表头。前 {HEAD_WITHIN} 行里应有一行写着这些列：{'、'.join(wanted)}"
    if any(grid.hidden and _table(grid, form, {}) is not None for grid in workbook.sheets):
        return f"{message}。隐藏的工作表里有这样的表，没有用；要用请取消隐藏再发"
    return message


def read(workbook: Workbook, form: Form, row: Callable[[Row], T]) -> Parsed[T]:
    """The rows of all tables as `row` makes them; what is Wrong in one, or was noted by it, becomes a problem."""
    found = find(workbook, form)
    good: list[T] = []
    problems = list(found.problems)
    for table in found.tables:
        for line in table.rows:
            value: T | None = None
            if line.checked():
                with line.noting():
                    value = row(line)
            if line.problems or value is None:
                problems += named(line.problems, table, found.tables)
            else:
                good.append(value)
    titles = tuple(title for table in found.tables for title in table.titles)
    owners = tuple(owner for table in found.tables for owner in _owners(table, found.tables))
    return Parsed(tuple(good), tuple(problems), found.notes, titles, owners)


def _owners(table: Table, tables: Sequence[Table]) -> Iterator[Owner]:
    if not table.unit_column:
        return
    sheet = table.grid.name if len(tables) > 1 else ""
    for line in table.rows:
        unit = plain(cells.words(table.filled(line.number, table.unit_column)))
        if unit:
            yield Owner(line.number, address(line.number, table.unit_column), unit, sheet)


def named(problems: Iterable[RowProblem], table: Table, tables: Sequence[Table]) -> list[RowProblem]:
    """The problems with the sheet's name, where there are several."""
    sheet = table.grid.name if len(tables) > 1 else ""
    return [RowProblem(problem.row, problem.column, problem.message, sheet) for problem in problems]


# Heads


def _labels(grid: Grid, row: int) -> dict[int, str]:
    """The heads in a row by column: texts only, a merged one where it begins."""
    return {
        column: label(str(cell.value))
        for column, cell in grid.row(row).items()
        if cell.kind is Kind.TEXT and label(str(cell.value))
    }


def _two_rows(grid: Grid, row: int, form: Form) -> dict[int, tuple[str, ...]]:
    """The heads of two rows by column: the lower one, or with the upper one before it, or the upper one alone.

    What stands behind a name belongs to the name at its left, merged over it or not.
    """
    upper, lower = _labels(grid, row), _labels(grid, row + 1)
    over: dict[int, str] = {}
    for column, head in upper.items():
        area = grid.area(row, column)
        over |= dict.fromkeys(range(column, (area.right if area is not None else column) + 1), head)
    behind = dict(form.behind)
    for column, head in lower.items():
        if column not in over and head in behind and column - 1 in over and column - 1 in lower:
            over[column] = over[column - 1]
    heads: dict[int, tuple[str, ...]] = {}
    for column in sorted({*over, *lower}):
        above, below = over.get(column, ""), lower.get(column, "")
        heads[column] = _named((below, above + below) if above and below else (below or above,), form)
    return heads


def _named(names: tuple[str, ...], form: Form) -> tuple[str, ...]:
    """The heads of a column with what stands behind its name as the form has it: 治安管理扣分原因 is 治安管理原因."""
    behind = dict(form.behind)
    if len(names) > 1 and names[0] in behind:
        names = names[1:]
    known = [word for word in behind if any(n != word and n.endswith(word) for n in names)]
    if not known:
        return names
    word = max(known, key=len)
    return (*(n.removesuffix(word) + behind[word] for n in names if n != word), *names)


def _match(heads: Mapping[int, tuple[str, ...]], form: Form) -> tuple[dict[str, int], list[str]]:
    """Where each column of the form stands, and which stand twice; nowhere in another form's table."""
    places: dict[str, int] = {}
    twice: list[str] = []
    if any(name in form.never for names in heads.values() for name in names):
        return places, twice
    for column in form.columns:
        for name in map(label, (*column.rather, column.name, *column.also)):
            found = [
                at
                for at, names in heads.items()
                if at not in places.values() and any(_is(n, name) for n in names)
            ]
            if found:
                places[column.name] = found[0]
                twice += [column.name] if len(found) > 1 else []
                break
    return places, twice


def _is(head: str, name: str) -> bool:
    return head == name or _POINTS_BEHIND.sub("", head) == name


def _missing(places: Mapping[str, int], form: Form) -> list[str]:
    """The needed heads that are not there."""
    missing = [
        c.name
        for c in form.columns
        if c.needed and c.name not in places and form.may_lack(c.name) not in places
    ]
    if form.some_of and not any(name in places for name in form.some_of):
        missing.append(_any_of(form))
    return missing


def _table(grid: Grid, form: Form, says: Says) -> Table | None:
    for row in range(1, HEAD_WITHIN + 1):
        single = _single(grid, row, form)
        if not single:
            continue
        choices = [(row, single)]
        both = _two_rows(grid, row, form)
        # One cell below is a heading over its rows, and no half of a head.
        halves = len(_labels(grid, row + 1)) > 1
        if halves and len(_match(both, form)[0]) > len(_match(_single(grid, row + 1, form), form)[0]):
            # A head that is merged over several columns or rows, or has 扣分 below, has its other half there.
            merged = any(_is_merged_head(grid, row, column) for column in single) or any(
                head in dict(form.behind) for head in _labels(grid, row + 1).values()
            )
            choices.insert(0 if merged else 1, (row + 1, both))
        for last, heads in choices:
            places, twice = _match(heads, form)
            missing = _missing(places, form)
            if any(name not in says for name in missing):
                continue
            said = {name: _said(grid, last, places.values(), says[name]) for name in says if name not in places}
            if all(said.get(name) for name in missing):
                table = Table(grid, form, last, places, _above(grid, row), _unread(heads, places))
                table.said = {name: cells_ for name, cells_ in said.items() if cells_}
                return _laid_out(table, heads, twice)
    return None


def _said(grid: Grid, head: int, places: Iterable[int], read: Callable[[str], Cell | None]) -> dict[int, Cell]:
    """What the lines of their own above other rows say, by row; from the head on what the sheet's name says."""
    taken = set(places)
    last = max((number for number in grid.filled_rows if len(taken & grid.row(number).keys()) > 1), default=0)
    texts = {number: _alone(grid, number) for number in grid.filled_rows if head < number < last}
    found = {
        number: cell
        for number, text in texts.items()
        if text and number not in grid.hidden_rows and (cell := read(text)) is not None
    }
    named_ = read(grid.name)
    return ({head: named_} if named_ is not None else {}) | found


def _alone(grid: Grid, number: int) -> str:
    """The text of a row that holds nothing else, its number in a list beside it apart."""
    row = grid.row(number)
    texts = [column for column, cell in row.items() if cell.kind is not Kind.NUMBER]
    if len(texts) != 1 or row[texts[0]].kind is not Kind.TEXT:
        return ""
    marks = grid.struck | grid.struck_in_part
    return cells.words(row[texts[0]]) if (number, texts[0]) not in marks else ""


def _single(grid: Grid, row: int, form: Form) -> dict[int, tuple[str, ...]]:
    return {column: _named((head,), form) for column, head in _labels(grid, row).items()}


def _is_merged_head(grid: Grid, row: int, column: int) -> bool:
    area = grid.area(row, column)
    return area is not None and (area.right > area.left or area.bottom > area.top == row)


def _above(grid: Grid, row: int) -> tuple[str, ...]:
    texts = (
        cell.value
        for number in range(1, row)
        for cell in grid.row(number).values()
        if cell.kind in {Kind.TEXT, Kind.DATE}
    )
    return tuple(plain(str(text)) for text in texts)


def _unread(heads: Mapping[int, tuple[str, ...]], places: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(names[0] for column, names in heads.items() if column not in places.values())


def _nearest(grid: Grid, form: Form) -> tuple[int, list[str]]:
    """The row that is most like the form's head, and the heads that it lacks; none where it has fewer than half of them."""
    needed = [column.name for column in form.columns if column.needed]
    best: tuple[int, list[str]] = (0, [])
    count = 0
    for row in range(1, HEAD_WITHIN + 1):
        for heads in (_single(grid, row, form), _two_rows(grid, row, form)):
            places, _ = _match(heads, form)
            found = sum(name in places for name in needed)
            if found > count and 2 * found >= len(needed) and len(places) > 1:
                best, count = (row, _missing(places, form)), found
    return best


# Rows


def _laid_out(table: Table, heads: Mapping[int, tuple[str, ...]], twice: Sequence[str]) -> Table:
    grid, form = table.grid, table.form
    if len(twice) > 1:
        message = f"“{'”“'.join(twice)}”各有两列，像是左右并排的两张表。请把右边的移到左边的下面再发"
        table.problems.append(RowProblem(table.head, HEAD, message))
        twice = ()
    for name in twice:
        table.problems.append(RowProblem(table.head, name, f"有两列都叫“{name}”，分不清用哪一列，请删去一列"))
    read = set(table.places.values())
    table.sum_column = next(
        (c for c, names in heads.items() if c not in read and any(map(_SUMS.fullmatch, names))), 0
    )
    table.unit_column = next((c for c, names in heads.items() if c not in read and names[0] in _WHOSE), 0)
    for number in grid.filled_rows:
        if number > table.head:
            _sort_row(table, number)
    _check_nothing_added(table, heads)
    _check_headings(table)
    table.odd_sign = _odd_sign(table)
    if form.numbers:
        _check_all_known(table, heads)
    return table


def _check_headings(table: Table) -> None:
    """Where lines of their own say what the table's columns do not, one that is not understood may say it, too."""
    names = [name for name in table.said if table.form.column(name).needed]
    if not names or not table.rows:
        return
    known = {row.number for row in table.sums}.union(table.skipped.get(HEAD, ()), *table.said.values())
    rows = {row.number for row in table.rows}
    for number in table.grid.filled_rows:
        between = table.head < number < table.rows[-1].number and number not in known
        column = _heading(table.grid.row(number), left_out=number not in rows) if between else None
        if column is not None:
            text = cells.words(table.grid.cell(number, column))
            message = (
                f"{address(number, column)} 的“{text[:20]}”看不出是哪个{'、'.join(names)}，其下各行归哪里不清楚"
            )
            table.problems.append(RowProblem(number, names[0], f"{message}。请加上“{names[0]}”一列"))


def _heading(row: Mapping[int, Cell], *, left_out: bool) -> int | None:
    """The column of the one text that a row holds, beside it numbers at most where it was left out; no note."""
    texts = [column for column, cell in row.items() if cell.kind is Kind.TEXT]
    if len(texts) != 1 or (len(row) > 1 and not left_out):
        return None
    bare = re.sub(r"\s", "", cells.words(row[texts[0]]))
    return None if _NOTE.match(bare) or _SIGNED.fullmatch(bare) else texts[0]


def _check_nothing_added(table: Table, heads: Mapping[int, tuple[str, ...]]) -> None:
    """Points that were given, in a table of points that were taken: told, not passed over (R2)."""
    if not any(column.taken for column in table.form.columns):
        return
    for column, names in heads.items():
        if column in table.places.values() or not any(map(_ADDED.fullmatch, names)):
            continue
        for line in table.rows:
            if _sign(table.filled(line.number, column)):
                where = address(line.number, column)
                table.problems.append(
                    RowProblem(line.number, names[0], f"{where} 写了加分。本系统只扣不加，请清空后再发")
                )


def _odd_sign(table: Table) -> int:
    taken = [column.name for column in table.form.columns if column.taken]
    signs = [_sign(line.cell(name)) for line in table.rows for name in taken]
    plus, minus = signs.count(1), signs.count(-1)
    return 0 if not plus or not minus else 1 if plus <= minus else -1


def _sign(cell: Cell) -> int:
    if cell.kind is Kind.NUMBER:
        assert isinstance(cell.value, Decimal)
        return (cell.value > 0) - (cell.value < 0)
    words = re.sub(r"\s", "", plain(str(cell.value))) if cell.kind is Kind.TEXT else ""
    return -1 if cells.is_below_zero(words) else 0 if words.strip("0.分") in NOTHING else 1


def _sort_row(table: Table, number: int) -> None:
    """A row to be read, or one that is left out and why."""
    grid = table.grid
    row = grid.row(number)
    line = Row(table, number)
    placed = [name for name, place in table.places.items() if place in row]
    first = next(iter(row))
    words = plain(str(row[first].value)) if row[first].kind is Kind.TEXT else ""
    key = table.form.key or next(column.name for column in table.form.columns if column.needed)
    if any(number in rows for rows in table.said.values()):
        return
    if _is_sum(words) or _is_sum(cells.words(grid.cell(number, table.places.get(key, 0)))):
        table.sums.append(line)
        _skip(table, SUM, number)
    elif label(cells.words(grid.cell(number, table.places.get(key, 0)))) in table.form.no_records:
        _skip(table, label(cells.words(grid.cell(number, table.places[key]))), number)
    elif _is_note(grid, number, words, placed):
        _skip(table, NOTE, number)
    elif placed and [label(str(row[table.places[name]].value)) for name in placed] == _own_heads(table, placed):
        _skip(table, HEAD, number)
    elif not placed:
        return
    elif number in grid.hidden_rows:
        _skip(table, HIDDEN, number)
    elif _is_struck(table, number, placed):
        _skip(table, STRUCK, number)
    elif _continues(table, number):
        for name in placed:
            line.wrong(
                name, f"{line.address(name)} 在合并的“{key}”下面又写了一行，分不清是谁的。请拆开合并的单元格"
            )
        table.problems += line.problems
    else:
        table.rows.append(line)


def _is_struck(table: Table, number: int, placed: Sequence[str]) -> bool:
    """Whether all that the row says by itself is struck through; what is merged over several rows is not its own."""
    grid = table.grid
    places = [table.places[name] for name in placed]
    own = [place for place in places if (area := grid.area(number, place)) is None or area.top == area.bottom]
    return bool(own) and all((number, place) in grid.struck for place in own)


def _own_heads(table: Table, placed: Sequence[str]) -> list[str]:
    return [label(str(table.filled(table.head, table.places[name]).value)) for name in placed]


def _skip(table: Table, why: str, number: int) -> None:
    table.skipped.setdefault(why, []).append(number)


def _is_sum(words: str) -> bool:
    return _SUM.fullmatch(label(words)) is not None


def _is_note(grid: Grid, number: int, words: str, placed: Sequence[str]) -> bool:
    bare = re.sub(r"\s", "", words)
    if _NOTE.match(bare) or _SIGNED.fullmatch(bare) or _DATED.fullmatch(bare):
        return True
    row = grid.row(number)
    if len(row) > 1 or not words:
        return False
    # A line of its own over several columns, or in a column that is not read, is no row of the table.
    area = grid.area(number, next(iter(row)))
    return not placed or (area is not None and area.right - area.left >= 2)


def _continues(table: Table, number: int) -> bool:
    """Whether the row belongs to the record above: its key is merged with it."""
    if not table.form.key:
        return False
    area = table.grid.area(number, table.places[table.form.key])
    return area is not None and area.top < number and area.top > table.head


def _check_all_known(table: Table, heads: Mapping[int, tuple[str, ...]]) -> None:
    """Numbers under a head that is no column of ours would be lost: told by the head (only in tables of numbers)."""
    for column, names in heads.items():
        if column in table.places.values() or any(_NOT_READ.fullmatch(name) for name in names):
            continue
        numbers = [
            line.number
            for line in table.rows
            if table.filled(line.number, column).kind in {Kind.NUMBER, Kind.UNCOMPUTED}
        ]
        if numbers:
            known = "、".join(name for name in table.form.some_of if name not in table.places)
            message = f"不知道“{names[0]}”这一列（{address(table.head, column)}）是哪一项"
            table.problems.append(
                RowProblem(table.head, HEAD, f"{message}{f'；没有找到的有：{known}' if known else ''}")
            )


def check_sum(line: Row, taken: Decimal) -> None:
    """Refuse a row whose own sum says something else than its cells come to. Wrong."""
    if not line.table.sum_column:
        return
    cell = line.table.filled(line.number, line.table.sum_column)
    if cell.kind is Kind.NUMBER and isinstance(cell.value, Decimal) and abs(cell.value) != taken:
        where = address(line.number, line.table.sum_column)
        raise Wrong("合计", f"{where} 写的是 {abs(cell.value):f}，这一行各项相加是 {taken:f}，请核对")


def is_blank(line: Row, columns: Iterable[str]) -> bool:
    """Whether none of the columns says anything; a zero, a dash and 无 are nothing."""
    return all(_is_nothing(line.cell(column)) for column in columns)


def _is_nothing(cell: Cell) -> bool:
    if cell.kind is Kind.NUMBER:
        return cell.value == 0
    return cell.kind is Kind.EMPTY or (cell.kind is Kind.TEXT and plain(str(cell.value)) in {*NOTHING, "0"})
