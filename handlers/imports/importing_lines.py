"""A row of a table → a deduction, by the rules of /deduct; or what is wrong with it, column by column."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from documents.workbooks import deduction_table
from documents.workbooks.cells import Wrong
from documents.workbooks.deduction_table import Listed
from documents.workbooks.values import RowProblem
from handlers.deduct import entry
from handlers.frame import names
from handlers.frame.context import Context
from handlers.frame.text_guards import check_reason
from handlers.imports import importing_text
from rules.bureau import Unit
from rules.calendar import Quarter, Year, read_period
from rules.draft import ImportLine
from rules.imports import times_for
from rules.names import Ambiguous, Found, Layer, Match, Unknown
from rules.periods import check_begun
from rules.private_numbers import masked
from rules.refusals import (
    FutureInspection,
    NotAQuarter,
    Refusal,
    SeveralMeant,
    TooManyTimes,
    UnknownName,
)
from rules.scheme import Criterion, Item
from rules.stages import check_open

T = TypeVar("T")

LOOP = 0.005
"""Seconds after which others get their turn."""

STOPS = (25, 50, 75)
"""Per cent of the rows after which it is said how far it is."""


async def turns(lines: Iterable[T]) -> AsyncIterator[T]:
    """The lines one by one, so that nobody else has to wait for all of them."""
    since = time.perf_counter()
    for line in lines:
        yield line
        if time.perf_counter() - since > LOOP:
            await asyncio.sleep(0)
            since = time.perf_counter()


async def understood(
    context: Context, listed: Listed, quarters: Mapping[int, Quarter], tell: Callable[[int], Awaitable[None]]
) -> tuple[list[ImportLine], list[RowProblem]]:
    """What the rows say, and what is wrong with them; `tell` is given the per cent that are done.

    `quarters` holds of each table the quarter of the rows that name none.
    """
    lines = listed.lines
    stops = {len(lines) * stop // 100: stop for stop in STOPS}
    good: list[ImportLine] = []
    problems: list[RowProblem] = []
    done = 0
    async for line in turns(lines):
        reading = _Reading(
            context, line, quarters[line.table], listed.sheets[line.table] if listed.sheets else ""
        )
        found = reading.read()
        if found is not None and not reading.problems:
            good.append(found)
        problems += reading.problems
        done += 1
        if done in stops:
            await tell(stops[done])
    return good, problems


@dataclass
class _Reading:
    """One row on its way: every column is looked at, whatever is wrong with another."""

    context: Context
    line: deduction_table.Line
    quarter: Quarter
    """The quarter, where the row names none."""
    sheet: str
    problems: list[RowProblem] = field(default_factory=list)

    @contextmanager
    def _column(self, name: str) -> Iterator[None]:
        """What is refused in here is wrong in this column; a private number is not repeated."""
        try:
            yield
        except Wrong as wrong:
            self._note(wrong.column, wrong.message)
        except Refusal as refusal:
            self._note(name, importing_text.plainly(refusal))

    def _note(self, column: str, message: str) -> None:
        self.problems.append(RowProblem(self.line.row, column, masked(message), self.sheet))

    def read(self) -> ImportLine | None:
        """The deduction; None, or with problems noted, where it is none."""
        line, wrong = self.line, self.line.wrong
        unit = quarter = what = reason = None
        if deduction_table.UNIT not in wrong:
            with self._column(deduction_table.UNIT):
                unit = self._unit()
        if unit is not None and deduction_table.QUARTER not in wrong:
            with self._column(deduction_table.QUARTER):
                quarter = self._quarter(unit)
        if (
            unit is not None
            and quarter is not None
            and not wrong & {deduction_table.ITEM, deduction_table.CRITERION}
        ):
            with self._column(deduction_table.ITEM):
                what = self._what(unit, quarter)
        with self._column(deduction_table.DAY):
            self._check_day(unit, quarter)
        if deduction_table.REASON not in wrong:
            with self._column(deduction_table.REASON):
                reason = check_reason(self.context, line.reason) if line.reason else None
                if reason is None and not line.criterion:
                    raise Wrong(deduction_table.REASON, importing_text.EMPTY)
        if unit is None or quarter is None or what is None or wrong:
            return None
        item, points, criterion, times = what
        found = ImportLine(
            line.row,
            unit.code,
            item,
            points,
            quarter,
            line.day,
            reason,
            criterion,
            times,
            line.table,
            line.column,
        )
        with self._column(deduction_table.POINTS):
            entry.clear(self.context, found.deduction(self.context.moment), self.context.moment)
        return found

    def _unit(self) -> Unit:
        word = self.line.unit.removeprefix(self.context.bureau.name)
        found = names.vocabulary(self.context).units.find(word)
        unit = self.context.bureau.unit(
            _sure(found, deduction_table.UNIT, lambda code: self.context.bureau.unit(code).name)
        )
        entry.check_scorable(self.context, unit)
        return unit

    def _quarter(self, unit: Unit) -> Quarter:
        """The quarter that the row names, or its table's; begun and open."""
        context, text = self.context, self.line.quarter
        running = context.quarter_for(unit)
        period = (
            read_period(f"{text}季度" if text in ("1", "2", "3", "4") else text, running)
            if text
            else self.quarter
        )
        if period is None:
            raise Wrong(deduction_table.QUARTER, importing_text.no_quarter(text))
        if isinstance(period, Year):
            raise NotAQuarter(period)
        check_begun(period, context.services.begins, running)
        check_open(context.course_of(unit, period))
        entry.scheme_in(context, unit, period)
        return period

    def _what(self, unit: Unit, quarter: Quarter) -> tuple[str, Decimal, str | None, int] | None:
        """Item, points, criterion and times, as far as they fit together; None where a problem was noted."""
        scheme = entry.scheme_in(self.context, unit, quarter)
        vocabulary = self.context.services.vocabulary(quarter.year)
        meant = Match(unit.code, Layer.EXACT, unit.name)
        name = None
        if self.line.item or not self.line.criterion:
            name = _sure(vocabulary.items_of(meant).find(self.line.item), deduction_table.ITEM, str)
        points, times = self.line.points, None
        noted = len(self.problems)
        if deduction_table.TIMES not in self.line.wrong:
            with self._column(deduction_table.TIMES):
                times = self._times()
        if not self.line.criterion:
            if times is not None and times > 1:
                self._note(deduction_table.TIMES, importing_text.TIMES_ALONE)
            if points is None and deduction_table.POINTS not in self.line.wrong:
                self._note(deduction_table.POINTS, importing_text.EMPTY)
            return (name, points, None, 1) if name is not None and points is not None else None
        with self._column(deduction_table.CRITERION):
            word, _, rest = self.line.criterion.partition(" ")
            code = vocabulary.code(self.line.criterion, meant) or vocabulary.code(word, meant) or word
            item, criterion = entry.criterion_of(scheme, code, name)
            if len(self.problems) > noted:
                return None
            told = re.search(r"[×xX*](\d{1,3})", rest)
            if times is None and told is not None:
                times = int(told[1])
            return self._by_criterion(item, criterion, points, times)
        return None

    def _by_criterion(
        self, item: Item, criterion: Criterion, points: Decimal | None, times: int | None
    ) -> tuple[str, Decimal, str, int]:
        """What a criterion takes; points that stand beside it have to be the same."""
        if times is None and points is not None:
            times = times_for(item, criterion, points)
        with self._as(deduction_table.TIMES):
            entry.check_times(criterion, times or 1)
        taken = item.taken_by(criterion, times or 1)
        if points is not None and points != taken:
            raise Wrong(
                deduction_table.POINTS,
                importing_text.not_by_criterion(criterion.code, times or 1, taken, points),
            )
        return item.name, taken, criterion.code, times or 1

    @staticmethod
    @contextmanager
    def _as(column: str) -> Iterator[None]:
        try:
            yield
        except Refusal as refusal:
            raise Wrong(column, importing_text.plainly(refusal)) from None

    def _times(self) -> int | None:
        if not self.line.times:
            return None
        number = re.fullmatch(
            r"[xX×*]?\s*(\d{1,3})\s*[次处起件人家户条卷份本宗项台辆名所个]?", self.line.times, re.ASCII
        )
        if number is None or not int(number[1]):
            raise TooManyTimes(0)
        return int(number[1])

    def _check_day(self, unit: Unit | None, quarter: Quarter | None) -> None:
        if unit is not None and quarter is not None and self.line.day is not None:
            # A finding may be told late, but last year's in this year's table is a slip.
            calendar = self.context.timetable.of(next(iter(self.context.groups_of((unit,))), ""))
            if self.line.day < calendar.first_day(quarter.previous):
                raise Wrong(deduction_table.DAY, importing_text.too_old(self.line.day, quarter))
        if self.line.day is not None and self.line.day > self.context.today:
            raise FutureInspection(self.line.day, self.context.today)


def _sure(found: Found[str], column: str, shown: Callable[[str], str]) -> str:
    """What is named in full, by an alias or by a short form; nothing is guessed in a table. Wrong, UnknownName, SeveralMeant."""
    if not found.text.strip():
        raise Wrong(column, importing_text.EMPTY)
    if isinstance(found, Unknown):
        raise UnknownName(column, found.text, tuple(map(shown, found.suggestions)))
    if isinstance(found, Ambiguous):
        raise SeveralMeant(column, tuple(map(shown, found.candidates)))
    if found.how > Layer.SHORT:
        raise UnknownName(column, found.text, (shown(found.value),))
    return found.value
